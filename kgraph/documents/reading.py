"""What a reader of one format gives: text, blocks and metadata."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date

from kgraph.documents.characters import readable
from kgraph.records import PassageKind


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, heading, caption, list item or table row, by its place in the text.

    :param start: offset of its first code point.
    :param end: offset behind its last.
    :param kind: None for what is in the text but is no passage (by-line, code).
    """

    start: int
    end: int
    kind: PassageKind | None = "body"


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a document tells of itself; the fields are those of `records.Document`.

    :param id: an identifier that the document gives itself, other than its address.
    """

    title: str | None = None
    creators: tuple[str, ...] = ()
    publisher: str | None = None
    issued: date | None = None
    language: str | None = None
    source: str | None = None
    licence: str | None = None
    id: str | None = None

    def or_else(self, other: "Metadata") -> "Metadata":
        """These metadata, with those of `other` where these say nothing."""
        missing = {name: getattr(other, name) for name in self.__slots__ if not getattr(self, name)}
        return replace(self, **missing)


@dataclass(frozen=True, slots=True)
class Reading:
    """One document as its format's reader read it.

    :param pages: from which offset on the text stands on which page, sorted by offset; for what has pages.
    """

    text: str
    blocks: tuple[Block, ...]
    metadata: Metadata = field(default_factory=Metadata)
    pages: tuple[tuple[int, int], ...] = ()


def lay_out(parts: Iterable[tuple[str, PassageKind | None]]) -> tuple[str, tuple[Block, ...]]:
    """One text from the words of its blocks, with an empty line between them, and where each stands.

    List items and table rows stand on lines of their own without an empty line between.

    >>> lay_out([("Title", "heading"), ("Words.", "body")])
    ('Title\\n\\nWords.', (Block(start=0, end=5, kind='heading'), Block(start=7, end=13, kind='body')))
    """
    pieces: list[str] = []
    blocks: list[Block] = []
    at = 0
    before: PassageKind | None = None
    for words, kind in parts:
        words = readable(words).strip()
        if not words:
            continue
        if pieces:
            gap = "\n" if kind == before and kind in {"list", "table"} else "\n\n"
            pieces.append(gap)
            at += len(gap)
        pieces.append(words)
        blocks.append(Block(at, at + len(words), kind))
        at += len(words)
        before = kind
    return "".join(pieces), tuple(blocks)
