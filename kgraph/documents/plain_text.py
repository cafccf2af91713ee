"""Plain text: the text stays as it is; lines and paragraphs become blocks."""

import re
from itertools import pairwise

from kgraph.documents.characters import readable
from kgraph.documents.credits import are_names, credit_start
from kgraph.documents.dateline import dateline_date
from kgraph.documents.furniture import is_furniture
from kgraph.documents.header import read_head
from kgraph.documents.reading import Block, Metadata, Reading
from kgraph.records import PassageKind

BULLET = re.compile(
    r"(?:[•‣▪◦●∙·○■□➢➤*+–—-]|\(?\d{1,3}[.)](?=\s)|\(?[a-zA-Z][.)](?=\s)|\(?[ivx]{1,5}[.)](?=\s))\s+(?=\S)"
)
_LINE = re.compile(r"[^\n]+")
_MARKDOWN_HEADING = re.compile(r"#{1,6}\s+(?=\S)")
_SENTENCE_END = re.compile(r"[^\W\d]{2}[.!?…]?[)”\"’]?[.!?…]\s")

#: Texts wrapped by hand have no longer lines than this, in code points.
_WIDEST_WRAP = 120
_LONGEST_HEADING = 120
_MOST_HEADING_WORDS = 14


def read_plain_text(decoded: str) -> Reading:
    """The text of a file, its blocks, and what its first lines tell."""
    text = readable(decoded)
    spans = _paragraphs(text)
    head = read_head([text[a:b] for a, b in spans[:12]])
    blocks: list[Block] = []
    for index, (start, end) in enumerate(spans):
        if index == head.title and index not in head.passed:
            blocks.append(Block(start, end, "heading"))
        elif index in head.passed:
            blocks.append(Block(start, end, None))
        else:
            blocks.append(_block(text, start, end, last=index + 1 == len(spans)))
    first = next((text[b.start : b.end] for b in blocks if b.kind == "body"), "")
    return Reading(text, tuple(blocks), head.metadata.or_else(Metadata(issued=dateline_date(first))))


def _block(text: str, start: int, end: int, *, last: bool) -> Block:
    words = text[start:end]
    kind: PassageKind = "body"
    if marked := _MARKDOWN_HEADING.match(words):
        start, kind = start + marked.end(), "heading"
    elif bullet := BULLET.match(words):
        # "b. Freedom of Assembly" is a heading with its number, "b. the army left;" an item.
        if words[0].isalnum() and _is_heading(words[bullet.end() :]) and are_names(words[bullet.end() :]):
            kind = "heading"
        else:
            start, kind = start + bullet.end(), "list"
    elif not last and _is_heading(words):
        kind = "heading"
    return Block(start, end, kind)


def _is_heading(words: str) -> bool:
    """Whether a line is a heading: short, no sentence's end, a capital or a digit at its start."""
    if len(words) > _LONGEST_HEADING or len(words.split()) > _MOST_HEADING_WORDS or "\n" in words:
        return False
    if _SENTENCE_END.search(words) or credit_start(words) is not None:
        return False
    if words.isupper():
        return True
    first = words.lstrip("“\"‘'(#¿¡")[:1]
    ends = words.rstrip().endswith((".", ":", ";", ",", "…", "!", "”", '"', ")"))
    return (first.isupper() or first.isdigit()) and not ends and ":" not in words


def _paragraphs(text: str) -> list[tuple[int, int]]:
    """Where the paragraphs stand: lines, or runs of lines where the text is wrapped by hand."""
    lines = [_trimmed(text, found.start(), found.end()) for found in _LINE.finditer(text)]
    lines = [(a, b) for a, b in lines if a < b]
    width = _wrap_width(text, lines)
    paragraphs: list[tuple[int, int]] = []
    for start, end in lines:
        if paragraphs and width and _continues(text, paragraphs[-1], (start, end), width):
            paragraphs[-1] = (paragraphs[-1][0], end)
        else:
            paragraphs.append((start, end))
    return paragraphs


def _wrap_width(text: str, lines: list[tuple[int, int]]) -> int:
    """The width that a text was wrapped to by hand; 0 where each line is a paragraph."""
    width = max((b - a for a, b in lines), default=0)
    if not 40 <= width <= _WIDEST_WRAP:
        return 0
    broken = sum(
        _adjacent(text, one, two) and text[one[1] - 1].isalnum() and text[two[0]].islower()
        for one, two in pairwise(lines)
    )
    return width if broken else 0


def _continues(text: str, paragraph: tuple[int, int], line: tuple[int, int], width: int) -> bool:
    """Whether the line goes on with the paragraph: its first word had no room on the line above."""
    if not _adjacent(text, paragraph, line) or BULLET.match(text, line[0]):
        return False
    above = text[max(paragraph[0], text.rfind("\n", 0, paragraph[1]) + 1) : paragraph[1]].strip()
    if is_furniture(above) or is_furniture(text[slice(*line)]):
        return False
    word = text[line[0] : line[1]].split(maxsplit=1)[0]
    if text[line[0]].islower() and above[-1] not in ".!?:":
        return True
    return len(above) + 1 + len(word) > width - 8


def _adjacent(text: str, one: tuple[int, int], two: tuple[int, int]) -> bool:
    return text.count("\n", one[1], two[0]) == 1


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end
