"""A parsed passage, and how tokens map to offsets."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kgraph.records import Passage

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token


@dataclass(frozen=True, slots=True, eq=False)
class Sentence:
    """One passage with its parse.

    :param number: its place among the document's sentences.
    :param doc: the parse: one tree, as the passage is one sentence.
    """

    number: int
    passage: Passage
    doc: "Doc"

    def offset(self, token: "Token") -> int:
        """Where a token starts in the document's text."""
        return self.passage.start + int(token.idx)

    def words(self, start: int, end: int) -> str:
        """The text of tokens `start` to `end`, white space within it made single."""
        return " ".join(self.doc[start:end].text.split())
