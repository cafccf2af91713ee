"""How large a value is.

Source: SHACL 1.0, section 4.3.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from kgraph.shacl.expressions import failing_pairs
from kgraph.shacl.shapes import ValueConstraint
from kgraph.shacl.vocabulary import SH, Node, show

if TYPE_CHECKING:
    from kgraph.shacl.validation import Run


@dataclass(frozen=True, slots=True)
class _Bound(ValueConstraint):
    """A bound of values, compared as SPARQL compares; what cannot be compared fails."""

    operator: ClassVar[str]
    words: ClassVar[str]
    bound: Node

    def failing(self, run: "Run", values: Collection[Node]) -> Iterable[Node]:
        failing = failing_pairs(f"?a {self.operator} ?b", ((value, self.bound) for value in values))
        return [value for value, _ in failing]

    def expectation(self) -> str:
        return f"The value has to be {self.words} {show(self.bound)}."


class MinExclusive(_Bound):
    """Source: SHACL 1.0, section 4.3.1."""

    component = SH.MinExclusiveConstraintComponent
    operator = ">"
    words = "more than"


class MinInclusive(_Bound):
    """Source: SHACL 1.0, section 4.3.2."""

    component = SH.MinInclusiveConstraintComponent
    operator = ">="
    words = "at least"


class MaxExclusive(_Bound):
    """Source: SHACL 1.0, section 4.3.3."""

    component = SH.MaxExclusiveConstraintComponent
    operator = "<"
    words = "less than"


class MaxInclusive(_Bound):
    """Source: SHACL 1.0, section 4.3.4."""

    component = SH.MaxInclusiveConstraintComponent
    operator = "<="
    words = "at most"
