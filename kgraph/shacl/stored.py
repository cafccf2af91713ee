"""A data graph in an Oxigraph store."""

from collections.abc import Collection, Iterator
from functools import cached_property
from itertools import chain, islice

import pyoxigraph as ox

from kgraph.shacl.data import Data, Engine, Pair, canonical, plain_node
from kgraph.shacl.vocabulary import RDF, Node

#: From so many quads on, single classes are asked for.
_MANY_TYPES = 50


class StoreData(Data):
    """The union of the graphs of an Oxigraph store, read only.

    :param store: not to be written to while this is in use.
    :param graphs: names of the graphs to see; all, the default graph included, unless given.
    """

    def __init__(self, store: ox.Store, graphs: Collection[ox.NamedNode | ox.DefaultGraph] | None = None):
        self._store = store
        self._graphs = None if graphs is None else tuple(graphs)

    def _quads(
        self, subject: Node | None, predicate: ox.NamedNode | None, object_: Node | None
    ) -> Iterator[ox.Quad]:
        if isinstance(subject, ox.Literal):
            return
        for graph in (None,) if self._graphs is None else self._graphs:
            yield from self._store.quads_for_pattern(subject, predicate, object_, graph)

    def engine(self, predicates: frozenset[ox.NamedNode] | None) -> Engine:  # noqa: D102
        if self._graphs == (ox.DefaultGraph(),):
            return self._store, {}  # a graph holds each triple once, as several together do not
        return super().engine(predicates)

    @property
    def is_small(self) -> bool:  # noqa: D102
        return False

    def objects(self, subject: Node, predicate: ox.NamedNode) -> Collection[Node]:  # noqa: D102
        return dict.fromkeys(plain_node(quad.object) for quad in self._quads(subject, predicate, None))

    def subjects(self, predicate: ox.NamedNode, object_: Node) -> Collection[Node]:  # noqa: D102
        return dict.fromkeys(plain_node(quad.subject) for quad in self._quads(None, predicate, object_))

    def pairs(self, predicate: ox.NamedNode) -> Collection[Pair]:  # noqa: D102
        quads = self._quads(None, predicate, None)
        return dict.fromkeys((plain_node(quad.subject), plain_node(quad.object)) for quad in quads)

    def about(self, subject: Node) -> Collection[Pair]:  # noqa: D102
        quads = self._quads(subject, None, None)
        return dict.fromkeys((quad.predicate, plain_node(quad.object)) for quad in quads)

    def triples(self, predicates: Collection[ox.NamedNode] | None = None) -> Iterator[ox.Quad]:  # noqa: D102
        asked = (None,) if predicates is None else predicates
        graphs = (None,) if self._graphs is None else self._graphs
        return chain.from_iterable(
            self._store.quads_for_pattern(None, predicate, None, graph)
            for graph in graphs
            for predicate in asked
        )

    def untyped(self, nodes: Collection[Node], classes: frozenset[Node]) -> Collection[Node]:  # noqa: D102
        return [node for node in nodes if not self._is_typed(node, classes)]

    def _is_typed(self, node: Node, classes: frozenset[Node]) -> bool:
        """Whether a node has one of some classes; as fast for nodes that very many graphs type."""
        if node not in self._types:
            quads = list(islice(self._quads(node, RDF.type, None), _MANY_TYPES))
            self._types[node] = (
                None if len(quads) == _MANY_TYPES else {plain_node(quad.object) for quad in quads}
            )
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
