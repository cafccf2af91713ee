"""Blocks to passages: sentences, headings, captions, list items and table rows."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import replace

from kgraph.documents.credits import credit_start
from kgraph.documents.dateline import dateline_end
from kgraph.documents.furniture import is_furniture, share_buttons
from kgraph.documents.reading import Block
from kgraph.documents.sentences import sentence_spans
from kgraph.records import Passage, PassageKind

#: A paragraph longer than this is no caption, whatever it ends with, in code points.
_LONGEST_CAPTION = 700

_CAPTION_LABEL = re.compile(
    r"(?:(?:file(?:\s+photo)?|photo|image|picture|pictured|figure|fig\.|caption|screenshot|screengrab|illustration|map|chart"
    r"|graphic|video|above|below|left|right)(?:\s+\d{1,3})?\s*(?:\([^)]*\)\s*)?(?::|\s[-–—]\s)|screenshot\s+(?:of|from|showing)\b)",
    re.IGNORECASE,
)
_SCREENSHOT = re.compile(
    r"\((?:[^()]{0,30}\s)?(?:screen\s?shot|screen\s?grab|file photo|file|pictured)\)", re.IGNORECASE
)
#: "Students holding signs in a square": a subject, then a participle, and no finite verb.
_PARTICIPLE = re.compile(r"(?:[^\W\d_a-z][\w’'-]*|\d[\d,]*)(?:\s+[\w’'-]+){0,3}?\s+[a-z]{2,}ing\b")
_FINITE = re.compile(
    r"\b(?:is|are|was|were|be|been|am|has|have|had|do|does|did|will|would|can|could|may|might|must|shall|should|says?|said"
    r"|told|tells?|began|begins?|came|comes?|went|goes|made|makes?|took|takes?|gave|gives?|led|leads?|left|saw|sees?|means?"
    r"|meant|became|becomes?|ran|kept|held|met|put|cut|let|shut|won|lost|fell|rose|grew|remains?|continues?|includes?"
    r"|faces?|plans?|needs?|helps?|shows?|\w{3,}ed|isn[’']t|aren[’']t|wasn[’']t|weren[’']t|don[’']t|didn[’']t)\b",
    re.IGNORECASE,
)


def cut_passages(text: str, blocks: Sequence[Block], language: str = "en") -> tuple[Passage, ...]:
    """The passages of the blocks, in reading order, each wording once.

    :param text: what the blocks' offsets point into.
    :param language: BCP 47 tag of the text.
    """
    buttons = _button_blocks(text, blocks)
    passages: list[Passage] = []
    seen: set[str] = set()
    for index, block in enumerate(blocks):
        if block.kind is None or index in buttons:
            continue
        for start, end, kind in _pieces(text, block, language):
            words = text[start:end]
            key = " ".join(words.split()).casefold()
            if key not in seen and any(c.isalnum() for c in words):
                seen.add(key)
                passages.append(Passage(start, end, words, kind))
    return tuple(passages)


def with_pages(passages: Iterable[Passage], pages: Sequence[tuple[int, int]]) -> tuple[Passage, ...]:
    """The passages with the page on which each starts.

    :param pages: as `Reading.pages`; empty for what has none.
    """
    if not pages:
        return tuple(passages)
    starts = [offset for offset, _ in pages]
    return tuple(replace(p, page=pages[max(0, bisect_right(starts, p.start) - 1)][1]) for p in passages)


def _pieces(text: str, block: Block, language: str) -> list[tuple[int, int, PassageKind]]:
    """Where the passages of one block stand, credits and by-lines cut off."""
    kind = block.kind or "body"
    words = text[block.start : block.end]
    if kind == "table":
        return [(block.start, block.end, kind)]
    if is_furniture(words):
        return []
    if kind == "heading":
        return [(block.start, block.end, kind)]
    start, end = block.start, block.end
    credit = credit_start(words) if kind in {"body", "caption"} else None
    while credit is not None:
        end = start + credit
        credited, credit = True, credit_start(text[start:end])
        if kind == "body" and len(words) <= _LONGEST_CAPTION and credited:
            kind = "caption"
    if kind == "body":
        start = dateline_end(text, start, end)
        kind = "caption" if _is_caption(text[start:end]) else "body"
    return [
        (a, b, kind) for a, b in sentence_spans(text, start, end, language) if not is_furniture(text[a:b])
    ]


def has_finite_verb(words: str) -> bool:
    """Whether English words hold a verb that makes them a sentence.

    >>> has_finite_verb("Police blocked the road."), has_finite_verb("Protesters holding signs")
    (True, False)
    """
    return _FINITE.search(words) is not None


def _is_caption(words: str) -> bool:
    """Whether a paragraph without a credit tells what a picture shows."""
    if len(words) > _LONGEST_CAPTION:
        return False
    if _CAPTION_LABEL.match(words) or _SCREENSHOT.search(words[-60:]):
        return True
    return len(words) <= 200 and _PARTICIPLE.match(words) is not None and not has_finite_verb(words)


def _button_blocks(text: str, blocks: Sequence[Block]) -> set[int]:
    """Blocks that are share buttons; a list of services in the text is none."""
    return share_buttons(["" if b.kind in {"list", "table"} else text[b.start : b.end][:20] for b in blocks])
