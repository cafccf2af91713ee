"""A parsed passage, and how tokens map to offsets."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kgraph.records import Passage

if TYPE_CHECKING:
    from kgraph.extraction.tokens import Doc, Token

#: Longest label of a paragraph, in tokens, and the words that stand in one without a capital.
_LONGEST_LABEL = 14
_SMALL = {
    "of",
    "and",
    "or",
    "the",
    "for",
    "on",
    "in",
    "to",
    "a",
    "an",
    "with",
    "by",
    "from",
    "at",
    "including",
}


@dataclass(frozen=True, slots=True, eq=False)
class Sentence:
    """One passage with its parse.

    :param number: its place among the document's sentences.
    :param doc: the parse: one tree, as the passage is one sentence.
    """

    number: int
    passage: Passage
    doc: "Doc"

    @property
    def label_end(self) -> int:
        """Behind the colon of a label that opens a paragraph ("Freedom of Expression:"); 0 without one.

        A label says what the paragraph is about, not that anything happened.
        """
        for position, token in enumerate(self.doc[:_LONGEST_LABEL]):
            if token.text == ":":
                words = [t.text for t in self.doc[:position] if t.is_alpha and t.lower_ not in _SMALL]
                return position + 1 if words and all(w[0].isupper() for w in words) else 0
        return 0

    def offset(self, token: "Token") -> int:
        """Where a token starts in the document's text."""
        return self.passage.start + int(token.idx)

    def words(self, start: int, end: int) -> str:
        """The text of tokens `start` to `end`, white space within it made single."""
        return " ".join(self.doc[start:end].text.split())
