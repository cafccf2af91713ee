"""A data graph in memory."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cached_property

import pyoxigraph as ox

from kgraph.shacl.data import Data, Pair, canonical
from kgraph.shacl.vocabulary import Node

#: Subject → objects: a tuple while they are few, which the garbage collector does not look into.
_Index = dict[Node, "tuple[Node, ...] | dict[Node, None]"]

#: Up to so many are looked through faster than they are hashed.
_FEW = 8


class MemoryData(Data):
    """A graph in memory, its terms spelt as they were given.

    :param triples: the graph; names of graphs are not looked at.
    :param stored: whether they come from a store, which keeps values of literals, not spellings.
    """

    def __init__(self, triples: Iterable[ox.Triple | ox.Quad] = (), *, stored: bool = False):
        self._stored = stored
        self._forward: dict[ox.NamedNode, _Index] = {}
        self._backward: dict[ox.NamedNode, _Index] = {}
        made: dict[Node, Node] = {}
        one = made.setdefault  # a term stands in many triples; one object for all is small, and found fast
        forward = self._forward
        for triple in triples:
            subject: Node = triple.subject  # type: ignore[assignment]  # see `plain_node`
            object_: Node = triple.object  # type: ignore[assignment]
            predicate = triple.predicate
            index = forward.get(predicate)
            if index is None:
                index = forward[predicate] = {}
            subject = one(subject, subject)
            if subject in index:
                _put(index, subject, one(object_, object_))
            else:
                index[subject] = (one(object_, object_),)

    @property
    def is_small(self) -> bool:  # noqa: D102
        return True

    def pairs(self, predicate: ox.NamedNode) -> Collection[Pair]:  # noqa: D102
        return _Pairs(self._forward.get(predicate, {}))

    def objects(self, subject: Node, predicate: ox.NamedNode) -> Collection[Node]:  # noqa: D102
        index = self._forward.get(predicate)
        return () if index is None else index.get(subject, ())

    def objects_of(self, nodes: Collection[Node], predicate: ox.NamedNode) -> Mapping[Node, Collection[Node]]:  # noqa: D102
        get = self._forward.get(predicate, {}).get
        return {node: get(node, ()) for node in nodes}

    def subjects(self, predicate: ox.NamedNode, object_: Node) -> Collection[Node]:  # noqa: D102
        index = self._backward.get(predicate)
        if index is None:
            index = {}
            for s, o in self.pairs(predicate):
                _put(index, o, s)
            self._backward[predicate] = index
        return index.get(object_, ())

    def about(self, subject: Node) -> Collection[Pair]:  # noqa: D102
        return [(p, o) for p, index in self._forward.items() for o in index.get(subject, ())]

    def subject_nodes(self) -> Collection[Node]:
        """Every node that is the subject of a triple."""
        return {subject for index in self._forward.values() for subject in index}

    def nodes(self) -> Collection[Node]:
        """Every node that is the subject or the object of a triple."""
        found = set(self.subject_nodes())
        for index in self._forward.values():
            for objects in index.values():
                found.update(objects)
        return found

    def triples(self, predicates: Collection[ox.NamedNode] | None = None) -> Iterator[ox.Triple]:  # noqa: D102
        for predicate in list(self._forward) if predicates is None else predicates:
            for s, o in self.pairs(predicate):
                yield ox.Triple(s, predicate, o)  # type: ignore[arg-type]

    def quads(self, predicates: Collection[ox.NamedNode] | None = None) -> Iterator[ox.Quad]:  # noqa: D102
        for predicate in list(self._forward) if predicates is None else predicates:
            for s, o in self.pairs(predicate):
                yield ox.Quad(s, predicate, o)  # type: ignore[arg-type]

    def canonical(self, node: Node) -> Node:  # noqa: D102
        return canonical(node) if self._stored else node


class Lasting(MemoryData):
    """A graph in memory that many others are layered upon: what a store is given of it is made once."""

    def copy_to(self, store: ox.Store, predicates: Collection[ox.NamedNode] | None = None) -> None:  # noqa: D102
        if predicates is None:
            store.extend(self._quads)
        else:
            super().copy_to(store, predicates)

    @cached_property
    def _quads(self) -> list[ox.Quad]:
        return list(self.quads())


class _Pairs(Collection[Pair]):
    """Subject and object of each triple in an index."""

    def __init__(self, index: _Index):
        self._index = index

    def __iter__(self) -> Iterator[Pair]:
        return ((s, o) for s, objects in self._index.items() for o in objects)

    def __len__(self) -> int:
        return sum(map(len, self._index.values()))

    def __bool__(self) -> bool:
        return bool(self._index)

    def __contains__(self, pair: object) -> bool:
        return isinstance(pair, tuple) and pair[1] in self._index.get(pair[0], ())


def _put(index: _Index, key: Node, value: Node) -> None:
    have = index.get(key)
    if have is None:
        index[key] = (value,)
    elif isinstance(have, dict):
        have[value] = None
    elif value not in have:
        index[key] = (*have, value) if len(have) < _FEW else dict.fromkeys((*have, value))
