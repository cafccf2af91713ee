"""How many values there are.

Source: SHACL 1.0, section 4.2.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kgraph.shacl.shapes import Constraint, Found, Shape, Values
from kgraph.shacl.vocabulary import SH

if TYPE_CHECKING:
    from kgraph.shacl.validation import Run


@dataclass(frozen=True, slots=True)
class MinCount(Constraint):
    """Source: SHACL 1.0, section 4.2.1."""

    component = SH.MinCountConstraintComponent
    least: int

    def check(self, run: "Run", shape: Shape, values: Values) -> Iterator[Found]:  # noqa: D102
        for focus, own in values.of.items():
            if len(own) < self.least:
                yield focus, self.result(shape, focus)

    def expectation(self) -> str:  # noqa: D102
        return f"There has to be at least {_count(self.least)}."


@dataclass(frozen=True, slots=True)
class MaxCount(Constraint):
    """Source: SHACL 1.0, section 4.2.2."""

    component = SH.MaxCountConstraintComponent
    most: int

    def check(self, run: "Run", shape: Shape, values: Values) -> Iterator[Found]:  # noqa: D102
        for focus, own in values.of.items():
            if len(own) > self.most:
                yield focus, self.result(shape, focus)

    def expectation(self) -> str:  # noqa: D102
        return f"There may be at most {_count(self.most)}."


def _count(number: int) -> str:
    return f"{number} value" + "s" * (number != 1)
