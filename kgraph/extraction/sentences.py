"""A parsed passage, and how tokens map to offsets."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from kgraph.extraction.lexicon import noun_classes, stem, telling_words
from kgraph.extraction.tokens import Doc, Token
from kgraph.records import Passage

if TYPE_CHECKING:
    from kgraph.gazetteer import Entry

#: Longest label of a paragraph, in tokens, and the words that stand in one without a capital.
_LONGEST_LABEL = 20
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

    :param number: its place among the sentences of its stretch; the title's is 0.
    :param doc: the parse: one tree, as the passage is one sentence.
    :param label_end: behind the colon of a label that opens a paragraph ("Freedom of Expression:"); 0 without
        one. A label says what the paragraph is about, not that anything happened.
    :param known: names of the gazetteer by the token that they start at, as far as they were looked up.
    """

    number: int
    passage: Passage
    doc: Doc
    label_end: int = field(init=False)
    known: "dict[int, tuple[tuple[int, tuple[Entry, ...]], ...]]" = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "label_end", _label_end(self.doc))

    def offset(self, token: Token) -> int:
        """Where a token starts in the document's text."""
        return self.passage.start + int(token.idx)

    def words(self, start: int, end: int) -> str:
        """The text of tokens `start` to `end`, white space within it made single."""
        return " ".join(self.doc[start:end].text.split())


def telling(sentences: Iterable[Sentence]) -> list[Sentence]:
    """The sentences that can say something, numbered anew; the title and what is no body text stay.

    Rules count how many sentences lie between two: "It rained." between them must not matter.
    """
    kept = [s for s in sentences if s.number == 0 or s.passage.kind != "body" or _tells(s.doc)]
    return [s if s.number == number else replace(s, number=number) for number, s in enumerate(kept)]


#: Parts of speech that name or count something.
_NAMING = {"PROPN", "NUM", "SYM"}


def _tells(doc: Doc) -> bool:
    """Whether a sentence has a name, a number, or a word that the lists know."""
    return any(
        t.pos_ in _NAMING
        or t.ent_type_ not in ("", "TIME")  # "a long evening" is no date
        or t.like_num
        or "@" in t.text
        or t.lemma_.lower() in telling_words()
        or stem(t.lemma_) in noun_classes()
        for t in doc
    )


def _label_end(doc: Doc) -> int:
    for position, token in enumerate(doc[:_LONGEST_LABEL]):
        if token.text == ":":
            words = [t.text for t in doc[:position] if t.is_alpha and t.lower_ not in _SMALL]
            return position + 1 if words and all(w[0].isupper() for w in words) else 0
    return 0


def earlier(passage: Passage | None) -> Sentence:
    """What stands in the title's place where a later stretch of a document starts: nothing to read.

    :param passage: what an earlier stretch told that this one may have to cite.
    """
    return Sentence(0, passage or Passage(0, 0, ""), Doc(""))
