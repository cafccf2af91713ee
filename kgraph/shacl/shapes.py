"""Shapes as they are validated: read once from a shapes graph, then only looked at.

Source: SHACL 1.0, section 2.
"""

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, ClassVar

import pyoxigraph as ox

from kgraph.shacl.data import Data
from kgraph.shacl.paths import Path
from kgraph.shacl.results import ValidationResult
from kgraph.shacl.targets import Target
from kgraph.shacl.vocabulary import SH, Node, show

if TYPE_CHECKING:
    from kgraph.shacl.changes import Delta
    from kgraph.shacl.validation import Run


class Values:
    """Focus nodes with their value nodes, each once.

    :ivar of: focus node → value nodes.
    """

    def __init__(self, of: Mapping[Node, Collection[Node]]):
        self.of = of

    @cached_property
    def distinct(self) -> Collection[Node]:
        """Every value node of every focus node."""
        return dict.fromkeys(value for values in self.of.values() for value in values)

    def owners(self, nodes: set[Node]) -> set[Node]:
        """The focus nodes that have one of some nodes among their value nodes."""
        return {focus for focus, own in self.of.items() if not nodes.isdisjoint(own)} if nodes else nodes


#: The focus node of the shape that was checked, and a result on it or on what hangs on it.
Found = tuple[Node, ValidationResult]


class Constraint(ABC):
    """What one constraint component asks, with its parameters from a shape."""

    component: ClassVar[ox.NamedNode]

    @abstractmethod
    def check(self, run: "Run", shape: "Shape", values: Values) -> Iterator[Found]:
        """The results on the focus nodes of `values`, each with the focus node that it counts for."""

    @abstractmethod
    def expectation(self) -> str:
        """What is expected, as a sentence; for shapes that bring no message of their own."""

    def failing_focus(self, run: "Run", shape: "Shape", values: Values) -> set[Node]:
        """The focus nodes that do not satisfy it; results are not made where nobody sees them."""
        return {focus for focus, _ in self.check(run, shape, values)}

    @property
    def shapes(self) -> tuple["Shape", ...]:
        """The shapes that value nodes are checked against."""
        return ()

    @property
    def predicates(self) -> frozenset[ox.NamedNode] | None:
        """What it looks at beside the values along the shape's path; None if that can be anything."""
        return frozenset()

    def values_touched_by(self, delta: "Delta") -> Collection[Node]:
        """Value nodes that may be judged otherwise after a change, those apart that its shapes tell."""
        return ()

    def focus_touched_by(self, delta: "Delta", shape: "Shape") -> Collection[Node] | None:
        """Focus nodes that may be judged otherwise, whatever their value nodes; None for all."""
        return ()

    def result(self, shape: "Shape", focus: Node, value: Node | None = None) -> ValidationResult:
        """A result of this constraint, with the shape's message or what is expected."""
        messages = shape.messages or (ox.Literal(self.expectation()),)
        return ValidationResult(
            focus,
            shape.path,
            value,
            shape.node,
            self.component,
            shape.severity,
            messages,
            shape=shape,
            constraint=self,
        )


@lru_cache(maxsize=1024)
def in_words(shape: "Shape") -> str:
    """A shape as an expectation speaks of it: its name, or what it asks where it has none."""
    if not isinstance(shape.node, ox.BlankNode):
        return show(shape.node)
    asked = " ".join(sorted(constraint.expectation() for constraint in shape.constraints))
    asked = f"{shape.path}: {asked}" if shape.path is not None else asked
    return f"[{asked if len(asked) <= _MOST_ASKED else asked[:_MOST_ASKED] + '…'}]"


#: How much of what a nameless shape asks is told, in characters.
_MOST_ASKED = 300


class ValueConstraint(Constraint):
    """A constraint that looks at each value node for itself."""

    def check(self, run: "Run", shape: "Shape", values: Values) -> Iterator[Found]:  # noqa: D102
        failing = set(self.failing(run, values.distinct))
        if not failing:
            return
        for focus, own in values.of.items():
            for value in own:
                if value in failing:
                    yield focus, self.result(shape, focus, value)

    def failing_focus(self, run: "Run", shape: "Shape", values: Values) -> set[Node]:  # noqa: D102
        return values.owners(set(self.failing(run, values.distinct)))

    @abstractmethod
    def failing(self, run: "Run", values: Collection[Node]) -> Iterable[Node]:
        """Those of some nodes that do not satisfy it."""


@dataclass(eq=False, slots=True)
class Shape:
    """A node shape, or a property shape if it has a path.

    :param constraints: filled once all shapes are read, since they speak of each other.
    """

    node: Node
    path: Path | None = None
    targets: tuple[Target, ...] = ()
    severity: ox.NamedNode = SH.Violation
    messages: tuple[ox.Literal, ...] = ()
    deactivated: bool = False
    constraints: tuple[Constraint, ...] = field(default=(), repr=False)

    def focus_nodes(self, data: Data, among: Collection[Node] | None = None) -> set[Node]:
        """The nodes that its targets choose.

        :param among: only of these.
        """
        if among is None:
            return {node for target in self.targets for node in target.nodes(data)}
        return {node for target in self.targets for node in target.among(data, among)}

    def value_nodes(self, data: Data, focus: Collection[Node]) -> Values:
        """What its constraints look at: the focus nodes, or what the path leads to from them.

        Source: SHACL 1.0, section 2.1 (value nodes).
        """
        if self.path is None:
            return Values({node: (node,) for node in focus})
        return Values(self.path.reach(data, focus))
