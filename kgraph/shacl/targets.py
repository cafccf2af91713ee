"""What chooses the focus nodes of a shape.

Source: SHACL 1.0, section 2.1.3.
"""

from abc import ABC, abstractmethod
from collections.abc import Collection
from dataclasses import dataclass

import pyoxigraph as ox

from kgraph.shacl.data import Data
from kgraph.shacl.vocabulary import RDF, Node


class Target(ABC):
    """One target of a shape."""

    @abstractmethod
    def nodes(self, data: Data) -> Collection[Node]:
        """The focus nodes in a graph; may hold duplicates."""

    @abstractmethod
    def holds(self, data: Data, node: Node) -> bool:
        """Whether a node is one of them."""

    @property
    @abstractmethod
    def predicate(self) -> ox.NamedNode | None:
        """What a triple has to say for its nodes to come or go as focus nodes."""

    def among(self, data: Data, nodes: Collection[Node]) -> set[Node]:
        """Those of some nodes that are focus nodes."""
        if self.predicate is None or data.is_small:
            return set(nodes).intersection(self.nodes(data))
        return {node for node in nodes if self.holds(data, node)}


@dataclass(frozen=True, slots=True)
class TargetNode(Target):
    """One node, whether or not the data speak of it."""

    node: Node

    def nodes(self, data: Data) -> Collection[Node]:  # noqa: D102
        return (data.canonical(self.node),)

    def holds(self, data: Data, node: Node) -> bool:  # noqa: D102
        return data.canonical(self.node) == node

    @property
    def predicate(self) -> ox.NamedNode | None:  # noqa: D102
        return None


@dataclass(frozen=True, slots=True)
class TargetClass(Target):
    """The instances of a class."""

    class_: Node

    def nodes(self, data: Data) -> Collection[Node]:  # noqa: D102
        return data.instances(self.class_)

    def holds(self, data: Data, node: Node) -> bool:  # noqa: D102
        return data.is_instance(node, self.class_)

    @property
    def predicate(self) -> ox.NamedNode | None:  # noqa: D102
        return RDF.type


@dataclass(frozen=True, slots=True)
class TargetSubjectsOf(Target):
    """Whatever has a predicate."""

    predicate: ox.NamedNode

    def nodes(self, data: Data) -> Collection[Node]:  # noqa: D102
        return {subject for subject, _ in data.pairs(self.predicate)}

    def holds(self, data: Data, node: Node) -> bool:  # noqa: D102
        return bool(data.objects(node, self.predicate))


@dataclass(frozen=True, slots=True)
class TargetObjectsOf(Target):
    """Whatever is the value of a predicate."""

    predicate: ox.NamedNode

    def nodes(self, data: Data) -> Collection[Node]:  # noqa: D102
        return {object_ for _, object_ in data.pairs(self.predicate)}

    def holds(self, data: Data, node: Node) -> bool:  # noqa: D102
        return bool(data.subjects(self.predicate, node))
