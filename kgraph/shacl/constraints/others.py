"""Which properties there are, and which values.

Source: SHACL 1.0, section 4.8.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pyoxigraph as ox

from kgraph.shacl.paths import Predicate
from kgraph.shacl.shapes import Constraint, Found, Shape, ValueConstraint, Values
from kgraph.shacl.vocabulary import SH, Node, show

if TYPE_CHECKING:
    from kgraph.shacl.changes import Delta
    from kgraph.shacl.validation import Run


@dataclass(frozen=True, slots=True)
class Closed(Constraint):
    """Source: SHACL 1.0, section 4.8.1."""

    component = SH.ClosedConstraintComponent
    allowed: frozenset[Node]

    def check(self, run: "Run", shape: Shape, values: Values) -> Iterator[Found]:  # noqa: D102
        for focus, own in values.of.items():
            for value in own:
                for predicate, object_ in run.data.about(value):
                    if predicate not in self.allowed and isinstance(predicate, ox.NamedNode):
                        result = self.result(shape, focus, object_)
                        yield focus, replace(result, path=Predicate(predicate))

    @property
    def predicates(self) -> frozenset[ox.NamedNode] | None:  # noqa: D102
        return None

    def values_touched_by(self, delta: "Delta") -> Collection[Node]:  # noqa: D102
        return delta.subjects

    def expectation(self) -> str:  # noqa: D102
        return "This shape is closed: the node may have no other properties than those it names."


@dataclass(frozen=True, slots=True)
class HasValue(Constraint):
    """Source: SHACL 1.0, section 4.8.2."""

    component = SH.HasValueConstraintComponent
    value: Node

    def check(self, run: "Run", shape: Shape, values: Values) -> Iterator[Found]:  # noqa: D102
        wanted = run.data.canonical(self.value)
        for focus, own in values.of.items():
            if wanted not in own:
                yield focus, self.result(shape, focus)

    def expectation(self) -> str:  # noqa: D102
        return f"One of the values has to be {show(self.value)}."


@dataclass(frozen=True, slots=True)
class In(ValueConstraint):
    """Source: SHACL 1.0, section 4.8.3."""

    component = SH.InConstraintComponent
    members: tuple[Node, ...]

    def failing(self, run: "Run", values: Collection[Node]) -> Iterable[Node]:  # noqa: D102
        members = frozenset(map(run.data.canonical, self.members))
        return [v for v in values if v not in members]

    def expectation(self) -> str:  # noqa: D102
        return f"The value has to be one of {', '.join(map(show, self.members))}."
