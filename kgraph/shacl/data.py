"""What shapes see of a data graph.

Core constraints read terms as they were written; only SPARQL constraints are asked of the engine, which
keeps values, not spellings (`01` is `1` to it, an `xsd:byte` an `xsd:integer`).
"""

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterator, Mapping
from functools import cached_property, lru_cache
from itertools import islice
from typing import Any

import pyoxigraph as ox

from kgraph.shacl.vocabulary import RDF, RDFS, Node

Pair = tuple[Node, Node]
#: How many quads are given to a store at once.
_CHUNK = 10_000

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
    def triples(self, predicates: Collection[ox.NamedNode] | None = None) -> Iterator[ox.Triple | ox.Quad]:
        """All triples, or those with some predicates, or quads of them where that costs less.

        May hold duplicates; what graph a quad names means nothing.
        """

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

    def quads(self, predicates: Collection[ox.NamedNode] | None = None) -> Iterator[ox.Quad]:
        """As `triples`, in the default graph."""
        return (ox.Quad(t.subject, t.predicate, t.object) for t in self.triples(predicates))

    def copy_to(self, store: ox.Store, predicates: Collection[ox.NamedNode] | None = None) -> None:
        """Add all triples, or those with some predicates, to a store's default graph."""
        quads = self.quads(predicates)
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


def plain_node(term: object) -> Node:
    """A term of the engine that is no triple term: SHACL 1.0 does not know these."""
    return term  # type: ignore[return-value]


@lru_cache(maxsize=4096)
def canonical(node: Node) -> Node:
    """What a store makes of a node: the same value in the engine's own spelling."""
    if not isinstance(node, ox.Literal):
        return node
    store = ox.Store()
    store.add(ox.Quad(_THIS, _THIS, node))
    return plain_node(next(store.quads_for_pattern(None, None, None)).object)
