"""What the text of a value looks like.

Source: SHACL 1.0, section 4.4.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyoxigraph as ox

from kgraph.shacl.expressions import failing_texts
from kgraph.shacl.shapes import Constraint, Found, Shape, ValueConstraint, Values
from kgraph.shacl.vocabulary import SH, Node

if TYPE_CHECKING:
    from kgraph.shacl.validation import Run


def text_of(node: Node) -> str | None:
    """What SPARQL's STR gives: the IRI or the lexical form; None for blank nodes."""
    return None if isinstance(node, ox.BlankNode) else node.value


@dataclass(frozen=True, slots=True)
class MinLength(ValueConstraint):
    """Source: SHACL 1.0, section 4.4.1."""

    component = SH.MinLengthConstraintComponent
    least: int

    def failing(self, run: "Run", values: Collection[Node]) -> Iterable[Node]:  # noqa: D102
        return [v for v in values if (text := text_of(v)) is None or len(text) < self.least]

    def expectation(self) -> str:  # noqa: D102
        return f"The value has to have at least {self.least} characters."


@dataclass(frozen=True, slots=True)
class MaxLength(ValueConstraint):
    """Source: SHACL 1.0, section 4.4.2."""

    component = SH.MaxLengthConstraintComponent
    most: int

    def failing(self, run: "Run", values: Collection[Node]) -> Iterable[Node]:  # noqa: D102
        return [v for v in values if (text := text_of(v)) is None or len(text) > self.most]

    def expectation(self) -> str:  # noqa: D102
        return f"The value may have at most {self.most} characters."


@dataclass(frozen=True, slots=True)
class Pattern(ValueConstraint):
    """Source: SHACL 1.0, section 4.4.3."""

    component = SH.PatternConstraintComponent
    pattern: str
    flags: str = ""

    def failing(self, run: "Run", values: Collection[Node]) -> Iterable[Node]:  # noqa: D102
        texts = {v: text_of(v) for v in values}
        wrong = failing_texts(self.pattern, self.flags, {t for t in texts.values() if t is not None})
        return [v for v, text in texts.items() if text is None or text in wrong]

    def expectation(self) -> str:  # noqa: D102
        return f"The value has to match the pattern “{self.pattern}”."


@dataclass(frozen=True, slots=True)
class LanguageIn(ValueConstraint):
    """Source: SHACL 1.0, section 4.4.4."""

    component = SH.LanguageInConstraintComponent
    ranges: tuple[str, ...]

    def failing(self, run: "Run", values: Collection[Node]) -> Iterable[Node]:  # noqa: D102
        return [v for v in values if not self._accepts(v)]

    def _accepts(self, value: Node) -> bool:
        """Source: RFC 4647, section 3.3.1 (basic filtering)."""
        tag = ((isinstance(value, ox.Literal) and value.language) or "").lower()
        return bool(tag) and any(
            range_ == "*" or tag == range_ or tag.startswith(f"{range_}-")
            for range_ in map(str.lower, self.ranges)
        )

    def expectation(self) -> str:  # noqa: D102
        return f"The value has to be a text with one of the language tags {', '.join(self.ranges)}."


@dataclass(frozen=True, slots=True)
class UniqueLang(Constraint):
    """Source: SHACL 1.0, section 4.4.5."""

    component = SH.UniqueLangConstraintComponent

    def check(self, run: "Run", shape: Shape, values: Values) -> Iterator[Found]:  # noqa: D102
        for focus, own in values.of.items():
            if len(own) < 2:
                continue
            tags = Counter(v.language.lower() for v in own if isinstance(v, ox.Literal) and v.language)
            for count in tags.values():
                if count > 1:
                    yield focus, self.result(shape, focus)

    def expectation(self) -> str:  # noqa: D102
        return "There may be at most one value of each language."
