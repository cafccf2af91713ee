"""How the values of one property stand to those of another.

Source: SHACL 1.0, section 4.5.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import pyoxigraph as ox

from kgraph.shacl.expressions import failing_pairs
from kgraph.shacl.shapes import Constraint, Found, Shape, Values
from kgraph.shacl.vocabulary import SH, Node, show

if TYPE_CHECKING:
    from kgraph.shacl.changes import Delta
    from kgraph.shacl.validation import Run


@dataclass(frozen=True, slots=True)
class _Pair(Constraint):
    """A constraint that names a second property of the focus node."""

    words: ClassVar[str]
    predicate: ox.NamedNode

    @property
    def predicates(self) -> frozenset[ox.NamedNode] | None:
        return frozenset({self.predicate})

    def focus_touched_by(self, delta: "Delta", shape: Shape) -> Collection[Node]:
        return {subject for subject, _ in delta.pairs(self.predicate)}

    def expectation(self) -> str:
        return f"{self.words} {show(self.predicate)}."


class Equals(_Pair):
    """Source: SHACL 1.0, section 4.5.1."""

    component = SH.EqualsConstraintComponent
    words = "The values have to be the same as those of"

    def check(self, run: "Run", shape: Shape, values: Values) -> Iterator[Found]:  # noqa: D102
        for focus, own in values.of.items():
            others = run.data.objects(focus, self.predicate)
            for value in set(own).symmetric_difference(others):
                yield focus, self.result(shape, focus, value)


class Disjoint(_Pair):
    """Source: SHACL 1.0, section 4.5.2."""

    component = SH.DisjointConstraintComponent
    words = "No value may be one of"

    def check(self, run: "Run", shape: Shape, values: Values) -> Iterator[Found]:  # noqa: D102
        for focus, own in values.of.items():
            for value in set(own).intersection(run.data.objects(focus, self.predicate)):
                yield focus, self.result(shape, focus, value)


class LessThan(_Pair):
    """Source: SHACL 1.0, section 4.5.3."""

    component = SH.LessThanConstraintComponent
    words = "Each value has to be less than each of"
    operator: ClassVar[str] = "<"

    def check(self, run: "Run", shape: Shape, values: Values) -> Iterator[Found]:  # noqa: D102
        others = {focus: run.data.objects(focus, self.predicate) for focus in values.of}
        pairs = {(v, other) for focus, own in values.of.items() for v in own for other in others[focus]}
        failing = set(failing_pairs(f"?a {self.operator} ?b", pairs))
        for focus, own in values.of.items() if failing else ():
            for value in own:
                for other in others[focus]:
                    if (value, other) in failing:
                        yield focus, self.result(shape, focus, value)


class LessThanOrEquals(LessThan):
    """Source: SHACL 1.0, section 4.5.4."""

    component = SH.LessThanOrEqualsConstraintComponent
    words = "No value may be more than any of"
    operator = "<="
