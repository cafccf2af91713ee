"""Data graphs made of others: several as one, or one as it will be after a change."""

from collections.abc import Collection, Iterator, Mapping
from itertools import chain
from typing import TypeVar

import pyoxigraph as ox

from kgraph.shacl.data import Data, Pair
from kgraph.shacl.memory import MemoryData
from kgraph.shacl.vocabulary import RDF, Node

_T = TypeVar("_T")


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

    def triples(  # noqa: D102
        self, predicates: Collection[ox.NamedNode] | None = None
    ) -> Iterator[ox.Triple | ox.Quad]:
        return chain.from_iterable(layer.triples(predicates) for layer in self._layers)

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
        losing = {node for node in left if self._gone.objects(node, RDF.type)}
        others = [node for node in left if node not in losing]
        return [*super().untyped(losing, classes), *self._base.untyped(others, classes)]

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

    def triples(  # noqa: D102
        self, predicates: Collection[ox.NamedNode] | None = None
    ) -> Iterator[ox.Triple | ox.Quad]:
        gone = {(t.subject, t.predicate, t.object) for t in self._gone.triples()}
        for each in self._base.triples(predicates):
            if (each.subject, each.predicate, each.object) not in gone:
                yield each
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
