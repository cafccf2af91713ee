"""What shapes see of a data graph.

Core constraints read terms as they were written; only SPARQL constraints are asked of the engine, which
keeps values, not spellings (`01` is `1` to it, an `xsd:byte` an `xsd:integer`).
"""

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cached_property, lru_cache
from itertools import islice
from typing import Any, TypeVar

import pyoxigraph as ox

from kgraph.shacl.vocabulary import RDF, RDFS, Node

Pair = tuple[Node, Node]
_T = TypeVar("_T")

#: A store and the options with which queries see the graph as their default graph.
Engine = tuple[ox.Store, Mapping[str, Any]]

_THIS = ox.NamedNode("urn:x-kgraph:any")


class Data(ABC):
    """A graph to be validated. It does not change; what it gives holds no duplicates."""

    @abstractmethod
    def objects(self, subject: Node, predicate: ox.NamedNode) -> Collection[Node]:
        """The objects of a subject by a predicate."""

    @abstractmethod
    def subjects(self, predicate: ox.NamedNode, object_: Node) -> Collection[Node]:
        """The subjects that have an object by a predicate."""

    def objects_of(self, nodes: Collection[Node], predicate: ox.NamedNode) -> Mapping[Node, Collection[Node]]:
        """The objects of many subjects by a predicate."""
        return {node: self.objects(node, predicate) for node in nodes}

    @abstractmethod
    def pairs(self, predicate: ox.NamedNode) -> Collection[Pair]:
        """Subject and object of every triple with a predicate."""

    @abstractmethod
    def about(self, subject: Node) -> Collection[Pair]:
        """Predicate and object of every triple with a subject."""

    @property
    @abstractmethod
    def is_small(self) -> bool:
        """Whether looking through all triples of a predicate costs less than many single questions."""

    @abstractmethod
    def triples(self, predicates: Collection[ox.NamedNode] | None = None) -> Iterator[ox.Triple]:
        """All triples, or those with some predicates; may hold duplicates."""

    def engine(self, predicates: frozenset[ox.NamedNode] | None) -> Engine:
        """A store that holds this graph, as far as a query with some predicates can see.

        :param predicates: all that a query names; None if it may look at any.
        """
        store = self._copies.get(predicates)
        if store is None:
            store = ox.Store()
            self.copy_to(store, predicates)
            self._copies[predicates] = store  # whole, before another thread can see it
        return store, {}

    def copy_to(self, store: ox.Store, predicates: Collection[ox.NamedNode] | None = None) -> None:
        """Add all triples, or those with some predicates, to a store's default graph."""
        quads = (ox.Quad(t.subject, t.predicate, t.object) for t in self.triples(predicates))
        while chunk := list(islice(quads, _CHUNK)):
            store.extend(chunk)

    @cached_property
    def _copies(self) -> dict[frozenset[ox.NamedNode] | None, ox.Store]:
        return {}

    def canonical(self, node: Node) -> Node:
        """How a node of the shapes would stand in this graph."""
        return node

    @cached_property
    def _subclasses(self) -> dict[Node, frozenset[Node]]:
        return {}

    def subclasses(self, class_: Node) -> frozenset[Node]:
        """A class and all below it.

        Source: SHACL 1.0, section 1.1 (SHACL subclass).
        """
        known = self._subclasses.get(class_)
        if known is None:
            found, open_ = {class_}, [class_]
            while open_:
                below = set(self.subjects(RDFS.subClassOf, open_.pop())) - found
                found |= below
                open_ += below
            known = self._subclasses[class_] = frozenset(found)
        return known

    def is_instance(self, node: Node, class_: Node) -> bool:
        """Whether a node is a SHACL instance of a class.

        Source: SHACL 1.0, section 1.1 (SHACL instance).
        """
        return not self.untyped((node,), self.subclasses(class_))

    def untyped(self, nodes: Collection[Node], classes: frozenset[Node]) -> Collection[Node]:
        """Those of some nodes that no triple gives one of some classes."""
        found = self.objects_of(nodes, RDF.type)
        return [node for node in nodes if classes.isdisjoint(found[node])]

    def instances(self, class_: Node) -> set[Node]:
        """The SHACL instances of a class."""
        return {node for each in self.subclasses(class_) for node in self.subjects(RDF.type, each)}


#: Subject → objects: a tuple while they are few, which the garbage collector does not look into.
_Index = dict[Node, "tuple[Node, ...] | dict[Node, None]"]

#: Up to so many are looked through faster than they are hashed.
_FEW = 8

#: How many quads are given to a store at once.
_CHUNK = 10_000


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
            subject, predicate, object_ = _node(triple.subject), triple.predicate, _node(triple.object)
            index = forward.get(predicate)
            if index is None:
                index = forward[predicate] = {}
            _put(index, one(subject, subject), one(object_, object_))

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
        return [ox.Quad(t.subject, t.predicate, t.object) for t in self.triples()]


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


class StoreData(Data):
    """The union of the graphs of an Oxigraph store, read only.

    :param store: not to be written to while this is in use.
    :param graphs: names of the graphs to see; all, the default graph included, unless given.
    """

    def __init__(self, store: ox.Store, graphs: Collection[ox.NamedNode] | None = None):
        self._store = store
        self._graphs = None if graphs is None else tuple(graphs)

    def _quads(
        self, subject: Node | None, predicate: ox.NamedNode | None, object_: Node | None
    ) -> Iterator[ox.Quad]:
        if isinstance(subject, ox.Literal):
            return
        for graph in (None,) if self._graphs is None else self._graphs:
            yield from self._store.quads_for_pattern(subject, predicate, object_, graph)

    @property
    def is_small(self) -> bool:  # noqa: D102
        return False

    def objects(self, subject: Node, predicate: ox.NamedNode) -> Collection[Node]:  # noqa: D102
        return dict.fromkeys(_node(quad.object) for quad in self._quads(subject, predicate, None))

    def subjects(self, predicate: ox.NamedNode, object_: Node) -> Collection[Node]:  # noqa: D102
        return dict.fromkeys(_node(quad.subject) for quad in self._quads(None, predicate, object_))

    def pairs(self, predicate: ox.NamedNode) -> Collection[Pair]:  # noqa: D102
        quads = self._quads(None, predicate, None)
        return dict.fromkeys((_node(quad.subject), _node(quad.object)) for quad in quads)

    def about(self, subject: Node) -> Collection[Pair]:  # noqa: D102
        quads = self._quads(subject, None, None)
        return dict.fromkeys((quad.predicate, _node(quad.object)) for quad in quads)

    def triples(self, predicates: Collection[ox.NamedNode] | None = None) -> Iterator[ox.Triple]:  # noqa: D102
        for predicate in (None,) if predicates is None else predicates:
            for quad in self._quads(None, predicate, None):
                yield quad.triple

    def untyped(self, nodes: Collection[Node], classes: frozenset[Node]) -> Collection[Node]:  # noqa: D102
        return [node for node in nodes if not self._is_typed(node, classes)]

    def _is_typed(self, node: Node, classes: frozenset[Node]) -> bool:
        """Whether a node has one of some classes; as fast for nodes that very many graphs type."""
        if node not in self._types:
            quads = list(islice(self._quads(node, RDF.type, None), _MANY_TYPES))
            self._types[node] = None if len(quads) == _MANY_TYPES else {_node(quad.object) for quad in quads}
        types = self._types[node]
        if types is not None:
            return not classes.isdisjoint(types)
        return any(self._is_of(node, class_) for class_ in classes)

    def _is_of(self, node: Node, class_: Node) -> bool:
        known = self._of.get((node, class_))
        if known is None:
            first = next(self._quads(node, RDF.type, class_), None)
            known = self._of[node, class_] = first is not None
        return known

    @cached_property
    def _types(self) -> dict[Node, set[Node] | None]:
        """The classes of nodes; None for those that too many triples tell to read them all."""
        return {}

    @cached_property
    def _of(self) -> dict[Pair, bool]:
        return {}

    def canonical(self, node: Node) -> Node:  # noqa: D102
        return canonical(node)


#: From so many quads on, single classes are asked for.
_MANY_TYPES = 50


class Layered(Data):
    """The union of several graphs, each read where it lies."""

    def __init__(self, *layers: Data):
        self._layers = layers

    @property
    def is_small(self) -> bool:  # noqa: D102
        return all(layer.is_small for layer in self._layers)

    def objects(self, subject: Node, predicate: ox.NamedNode) -> Collection[Node]:  # noqa: D102
        found: Collection[Node] = ()
        for layer in self._layers:  # asked most of all: no list made of the answers
            part = layer.objects(subject, predicate)
            if part:
                found = _merge([found, part]) if found else part
        return found

    def objects_of(self, nodes: Collection[Node], predicate: ox.NamedNode) -> Mapping[Node, Collection[Node]]:  # noqa: D102
        first, *others = (layer.objects_of(nodes, predicate) for layer in self._layers)
        found = dict(first)
        for part in others:
            for node, objects in part.items():
                if objects:
                    found[node] = _merge([found[node], objects])
        return found

    def untyped(self, nodes: Collection[Node], classes: frozenset[Node]) -> Collection[Node]:  # noqa: D102
        for layer in sorted(self._layers, key=lambda layer: not layer.is_small):
            nodes = layer.untyped(nodes, classes) if nodes else nodes
        return nodes

    def subjects(self, predicate: ox.NamedNode, object_: Node) -> Collection[Node]:  # noqa: D102
        return _merge([layer.subjects(predicate, object_) for layer in self._layers])

    def pairs(self, predicate: ox.NamedNode) -> Collection[Pair]:  # noqa: D102
        return _merge([layer.pairs(predicate) for layer in self._layers])

    def about(self, subject: Node) -> Collection[Pair]:  # noqa: D102
        return _merge([layer.about(subject) for layer in self._layers])

    def triples(self, predicates: Collection[ox.NamedNode] | None = None) -> Iterator[ox.Triple]:  # noqa: D102
        for layer in self._layers:
            yield from layer.triples(predicates)

    def copy_to(self, store: ox.Store, predicates: Collection[ox.NamedNode] | None = None) -> None:  # noqa: D102
        for layer in self._layers:
            layer.copy_to(store, predicates)

    def canonical(self, node: Node) -> Node:  # noqa: D102
        for layer in self._layers:
            node = layer.canonical(node)
        return node


class Changed(Data):
    """A graph as it will be: some triples gone, others there.

    :param base: the graph as it is.
    :param removed: triples to leave out.
    :param added: triples that are there all the same.
    """

    def __init__(self, base: Data, *, removed: "MemoryData", added: "MemoryData"):
        self._base = base
        self._added = added
        self._gone = removed

    @property
    def is_small(self) -> bool:  # noqa: D102
        return self._base.is_small

    def objects(self, subject: Node, predicate: ox.NamedNode) -> Collection[Node]:  # noqa: D102
        return _changed(
            self._base.objects(subject, predicate),
            self._gone.objects(subject, predicate),
            self._added.objects(subject, predicate),
        )

    def untyped(self, nodes: Collection[Node], classes: frozenset[Node]) -> Collection[Node]:  # noqa: D102
        left = self._added.untyped(nodes, classes)
        retyped = [node for node in left if self._gone.objects(node, RDF.type)]
        others = [node for node in left if not self._gone.objects(node, RDF.type)]
        return [*super().untyped(retyped, classes), *self._base.untyped(others, classes)]

    def subjects(self, predicate: ox.NamedNode, object_: Node) -> Collection[Node]:  # noqa: D102
        return _changed(
            self._base.subjects(predicate, object_),
            self._gone.subjects(predicate, object_),
            self._added.subjects(predicate, object_),
        )

    def pairs(self, predicate: ox.NamedNode) -> Collection[Pair]:  # noqa: D102
        return _changed(
            self._base.pairs(predicate), self._gone.pairs(predicate), self._added.pairs(predicate)
        )

    def about(self, subject: Node) -> Collection[Pair]:  # noqa: D102
        return _changed(self._base.about(subject), self._gone.about(subject), self._added.about(subject))

    def triples(self, predicates: Collection[ox.NamedNode] | None = None) -> Iterator[ox.Triple]:  # noqa: D102
        gone = set(self._gone.triples())
        yield from (triple for triple in self._base.triples(predicates) if triple not in gone)
        yield from self._added.triples(predicates)

    def canonical(self, node: Node) -> Node:  # noqa: D102
        return self._base.canonical(node)


def _merge(parts: list[Collection[_T]]) -> Collection[_T]:
    filled = [part for part in parts if part]
    if len(filled) < 2:
        return filled[0] if filled else ()
    return dict.fromkeys(each for part in filled for each in part)


def _changed(base: Collection[_T], gone: Collection[_T], added: Collection[_T]) -> Collection[_T]:
    if gone:
        left_out = set(gone)
        base = [each for each in base if each not in left_out]
    return _merge([base, added])


def _node(term: object) -> Node:
    """A term of the engine that is no triple term: SHACL 1.0 does not know these."""
    return term  # type: ignore[return-value]


@lru_cache(maxsize=4096)
def canonical(node: Node) -> Node:
    """What a store makes of a node: the same value in the engine's own spelling."""
    if not isinstance(node, ox.Literal):
        return node
    store = ox.Store()
    store.add(ox.Quad(_THIS, _THIS, node))
    return _node(next(store.quads_for_pattern(None, None, None)).object)
