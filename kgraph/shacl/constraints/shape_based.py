"""Shapes inside shapes.

Source: SHACL 1.0, section 4.7.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kgraph.shacl.shapes import Constraint, Found, Shape, ValueConstraint, Values, in_words
from kgraph.shacl.vocabulary import SH, Node

if TYPE_CHECKING:
    from kgraph.shacl.validation import Run


@dataclass(frozen=True, slots=True)
class NodeShape(ValueConstraint):
    """Source: SHACL 1.0, section 4.7.1."""

    component = SH.NodeConstraintComponent
    shape: Shape

    @property
    def shapes(self) -> tuple[Shape, ...]:  # noqa: D102
        return (self.shape,)

    def failing(self, run: "Run", values: Collection[Node]) -> Iterable[Node]:  # noqa: D102
        return run.failing(self.shape, values)

    def expectation(self) -> str:  # noqa: D102
        return f"The value has to conform to the shape {in_words(self.shape)}."


@dataclass(frozen=True, slots=True)
class PropertyShape(Constraint):
    """What it finds are the results of the property shape, on the value nodes.

    Source: SHACL 1.0, section 4.7.2.
    """

    component = SH.PropertyConstraintComponent
    shape: Shape

    @property
    def shapes(self) -> tuple[Shape, ...]:  # noqa: D102
        return (self.shape,)

    def check(self, run: "Run", shape: Shape, values: Values) -> Iterator[Found]:  # noqa: D102
        found = run.found(self.shape, values.distinct)
        if shape.path is None:
            yield from found  # a focus node is its own and only value node
            return
        owners: dict[Node, list[Node]] = {}
        for focus, own in values.of.items():
            for value in own:
                owners.setdefault(value, []).append(focus)
        for value, result in found:
            for focus in owners[value]:
                yield focus, result

    def failing_focus(self, run: "Run", shape: Shape, values: Values) -> set[Node]:  # noqa: D102
        return values.owners(run.failing(self.shape, values.distinct))

    def expectation(self) -> str:  # noqa: D102
        return f"The value has to conform to the property shape {in_words(self.shape)}."


@dataclass(frozen=True, slots=True)
class QualifiedValueShape(Constraint):
    """How many values conform to a shape, those left out that conform to one beside it.

    Source: SHACL 1.0, section 4.7.3.
    """

    shape: Shape
    siblings: tuple[Shape, ...]
    count: int

    @property
    def shapes(self) -> tuple[Shape, ...]:  # noqa: D102
        return (self.shape, *self.siblings)

    def _counts(self, run: "Run", values: Values) -> Iterator[tuple[Node, int]]:
        out = run.failing(self.shape, values.distinct)
        for sibling in self.siblings:
            out = out | (set(values.distinct) - run.failing(sibling, values.distinct))
        for focus, own in values.of.items():
            yield focus, sum(value not in out for value in own)


class QualifiedMinCount(QualifiedValueShape):
    """At least so many."""

    component = SH.QualifiedMinCountConstraintComponent

    def check(self, run: "Run", shape: Shape, values: Values) -> Iterator[Found]:  # noqa: D102
        for focus, number in self._counts(run, values):
            if number < self.count:
                yield focus, self.result(shape, focus)

    def expectation(self) -> str:  # noqa: D102
        return f"At least {self.count} of the values have to conform to the shape {in_words(self.shape)}."


class QualifiedMaxCount(QualifiedValueShape):
    """At most so many."""

    component = SH.QualifiedMaxCountConstraintComponent

    def check(self, run: "Run", shape: Shape, values: Values) -> Iterator[Found]:  # noqa: D102
        for focus, number in self._counts(run, values):
            if number > self.count:
                yield focus, self.result(shape, focus)

    def expectation(self) -> str:  # noqa: D102
        return f"At most {self.count} of the values may conform to the shape {in_words(self.shape)}."
