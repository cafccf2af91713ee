"""Shapes joined by not, and, or, exactly one.

Source: SHACL 1.0, section 4.6.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kgraph.shacl.shapes import Shape, ValueConstraint, in_words
from kgraph.shacl.vocabulary import SH, Node

if TYPE_CHECKING:
    from kgraph.shacl.validation import Run


@dataclass(frozen=True, slots=True)
class Not(ValueConstraint):
    """Source: SHACL 1.0, section 4.6.1."""

    component = SH.NotConstraintComponent
    shape: Shape

    @property
    def shapes(self) -> tuple[Shape, ...]:  # noqa: D102
        return (self.shape,)

    def failing(self, run: "Run", values: Collection[Node]) -> Iterable[Node]:  # noqa: D102
        others = run.failing(self.shape, values)
        return [v for v in values if v not in others]

    def expectation(self) -> str:  # noqa: D102
        return f"The value must not conform to the shape {in_words(self.shape)}."


@dataclass(frozen=True, slots=True)
class _Several(ValueConstraint):
    members: tuple[Shape, ...]

    @property
    def shapes(self) -> tuple[Shape, ...]:
        return self.members

    def expectation(self) -> str:
        names = ", ".join(in_words(shape) for shape in self.members)
        return f"The value has to conform to {self.words} of the shapes {names}."

    words = ""


class And(_Several):
    """Source: SHACL 1.0, section 4.6.2."""

    component = SH.AndConstraintComponent
    words = "each"

    def failing(self, run: "Run", values: Collection[Node]) -> Iterable[Node]:  # noqa: D102
        return {v for shape in self.members for v in run.failing(shape, values)}


class Or(_Several):
    """Source: SHACL 1.0, section 4.6.3."""

    component = SH.OrConstraintComponent
    words = "at least one"

    def failing(self, run: "Run", values: Collection[Node]) -> Iterable[Node]:  # noqa: D102
        left: Collection[Node] = values
        for shape in self.members:
            left = run.failing(shape, left)
            if not left:
                break
        return left


class Xone(_Several):
    """Source: SHACL 1.0, section 4.6.4."""

    component = SH.XoneConstraintComponent
    words = "exactly one"

    def failing(self, run: "Run", values: Collection[Node]) -> Iterable[Node]:  # noqa: D102
        failures = [run.failing(shape, values) for shape in self.members]
        return [v for v in values if sum(v not in bad for bad in failures) != 1]
