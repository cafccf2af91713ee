"""Lines to blocks: paragraphs, headings, list items, captions, table rows and footnotes."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from itertools import pairwise
from statistics import median

from kgraph.documents.pdf.columns import Region
from kgraph.documents.pdf.lines import Line
from kgraph.documents.pdf.tables import is_contents, row_words, table_end, table_rows
from kgraph.documents.plain_text import BULLET

#: Letters this much larger than those of the running text make a heading; this much smaller, a footnote.
_LARGER = 1.12
_SMALLER = 0.93
_LONGEST_HEADING = 250
_LONGEST_BOLD_HEADING = 160

#: Lines further apart than usual by this factor are of two paragraphs.
_APART = 1.35
#: A line that starts this much further right, as a share of the size of its letters, starts a paragraph.
_INDENT = 0.8

_SIGN = re.compile(r"[•‣▪◦●∙·○■□➢➤–—*-]")
_CAPTION = re.compile(
    r"(?:figure|fig\.|table|map|chart|graph|box|photo|image|plate|abbildung|tabelle|tableau|рис\.|таблица)"
    r"\s*(?:\d{1,3}(?:\.\d{1,2})?|[IVX]{1,5})?\s*[.:–—-]",
    re.IGNORECASE,
)
_NOTE = re.compile(r"(?:\d{1,3}\s+|[*†‡§]+\s*)(?=[^\W\d_]|[“\"‘'(])")
_SENTENCE_END = re.compile(r"[.!?…。！？][\"”’»)\]]*$")
_ENDED = re.compile(r"[.!?…:;。！？][\"”’»)\]]*$")
#: So few lines do not show how wide their column is.
_FEW = 6
#: How many lines above are looked at to see how far apart lines stand.
_NEAR = 8


class Role(Enum):
    """What a block is on its page."""

    BODY = auto()
    HEADING = auto()
    LIST = auto()
    CAPTION = auto()
    TABLE = auto()
    NOTE = auto()
    CONTENTS = auto()


@dataclass(frozen=True, slots=True)
class Block:
    """Lines that belong together.

    :param lines: from top to bottom; of a table's row, the cells joined as one line.
    :param full: whether its last line has no room for one more word.
    """

    lines: tuple[Line, ...]
    role: Role
    full: bool = False

    @property
    def is_ended(self) -> bool:
        """Whether its last line ends a sentence."""
        return _SENTENCE_END.search(self.lines[-1].text) is not None


@dataclass(frozen=True, slots=True)
class Style:
    """What the running text of a document looks like.

    :param size: of its letters, in points.
    :param bold: whether they are bold.
    :param leading: from baseline to baseline, as a share of the size.
    :param width: of a full line, in points.
    """

    size: float
    bold: bool
    leading: float
    width: float


def body_style(regions: Iterable[Region]) -> Style:
    """The style that most letters are set in."""
    letters: Counter[tuple[float, bool]] = Counter()
    steps: Counter[tuple[float, float]] = Counter()
    widths: Counter[tuple[float, int]] = Counter()
    for region in regions:
        for above, line in zip([None, *region.lines], region.lines, strict=False):
            size = round(line.size * 2) / 2
            letters[size, line.bold] += len(line.text)
            widths[size, round(line.x1 - line.x0)] += len(line.text)
            if above is not None and abs(above.size - line.size) < 0.5:
                steps[size, round((above.y - line.y) / line.size, 1)] += 1
    if not letters:
        return Style(10.0, False, 1.2, 400.0)
    (size, bold), _ = letters.most_common(1)[0]
    leading = Counter({step: n for (at, step), n in steps.items() if at == size and 0.8 < step < 2.6})
    width = Counter({width: n for (at, width), n in widths.items() if at == size})
    return Style(size, bold, leading.most_common(1)[0][0] if leading else 1.2, width.most_common(1)[0][0])


def read_blocks(region: Region, style: Style) -> list[Block]:
    """The blocks of a region, in order."""
    blocks: list[Block] = []
    right = _right_edge(region, style)
    start = 0
    while start < len(region.lines):
        end = table_end(region.lines, start)
        if end > start:
            blocks.extend(_table(region.lines[start:end]))
        else:
            end = _paragraph_end(region.lines, start, right, style)
            lines = region.lines[start:end]
            blocks.append(
                Block(lines, _role(lines, style), full=not _has_room(lines[-1], "something", right))
            )
        start = end
    return list(_with_notes(blocks, style))


def _right_edge(region: Region, style: Style) -> float:
    """Where full lines of running text end."""
    ends = sorted(line.x1 for line in region.lines if line.size < _LARGER * style.size)
    found = ends[int(0.9 * (len(ends) - 1))] if ends else region.x1
    # A few lines may all be short.
    return found if len(ends) > _FEW else max(found, region.x0 + style.width)


def _table(lines: Sequence[Line]) -> Iterator[Block]:
    for row in table_rows(lines):
        first = row[0]
        yield Block(
            (Line(row_words(row), first.x0, first.x1, first.y, first.size, first.bold, first.page),),
            Role.TABLE,
        )


def _paragraph_end(lines: Sequence[Line], start: int, right: float, style: Style) -> int:
    end = start + 1
    while end < len(lines) and table_end(lines, end) == end:
        if _starts_anew(lines[max(start, end - _NEAR) : end], lines[end], right, style):
            break
        end += 1
    return end


def _starts_anew(block: Sequence[Line], line: Line, right: float, style: Style) -> bool:
    """Whether a line starts a block of its own below the last lines of one."""
    above = block[-1]
    if is_contents(above) or is_contents(line):
        return True
    steps = [one.y - other.y for one, other in pairwise(block)]
    usual = median(steps) if steps else style.leading * max(above.size, line.size)
    apart = above.y - line.y > _APART * usual or above.y - line.y > 2.6 * line.size
    if apart or abs(above.size - line.size) > 0.08 * above.size or line.marked:
        return True
    if above.text.endswith("-"):
        return False
    ends_short = _has_room(above, line.text, right) and not _runs_on(above, line, right)
    ended = ends_short or _ENDED.search(above.text) is not None
    if above.bold != line.bold:
        return ended
    if bullet := BULLET.match(line.text):
        return ended or _SIGN.match(bullet[0]) is not None
    if line.size < _SMALLER * style.size and _NOTE.match(line.text):
        return ended
    if line.size > _LARGER * style.size:
        return False
    return not _is_centred(above, line) and (ends_short or _is_indented(block, line))


def _runs_on(above: Line, line: Line, right: float) -> bool:
    """Whether a sentence goes on to the next line though there was room: the right edge is ragged."""
    if _ENDED.search(above.text):
        return False
    ragged = right - above.x1 < 0.25 * (right - above.x0)
    return line.text[:1].islower() or ragged


def _is_indented(block: Sequence[Line], line: Line) -> bool:
    """Whether a line starts further right or left than the text of the block."""
    above = block[-1]
    shift = (line.x0 - above.x0) / line.size
    if len(block) == 1:
        # A list's item hangs below its bullet; a paragraph's first line may stand further right.
        return shift > _INDENT and not BULLET.match(above.text) and not _NOTE.match(above.text)
    return abs(shift) > _INDENT


def _is_centred(above: Line, line: Line) -> bool:
    return abs(above.x0 - line.x0) > 2 and abs(above.x0 + above.x1 - line.x0 - line.x1) < 4


def _has_room(line: Line, after: str, right: float) -> bool:
    """Whether the first of the words that follow would have fitted on the line."""
    word = after.split(maxsplit=1)[0]
    width = (line.x1 - line.x0) / max(1, len(line.text))
    return right - line.x1 > (len(word) + 1) * width + line.size


def _role(lines: Sequence[Line], style: Style) -> Role:
    first = lines[0]
    length = sum(len(line.text) + 1 for line in lines)
    if is_contents(lines[-1]):
        return Role.CONTENTS
    if _CAPTION.match(first.text) and first.size < _LARGER * style.size:
        return Role.CAPTION
    if BULLET.match(first.text) and not _is_numbered_heading(first, length, style):
        return Role.LIST
    if not any(c.isalpha() for line in lines for c in line.text):
        return Role.BODY
    if first.size > _LARGER * style.size and length <= _LONGEST_HEADING:
        return Role.HEADING
    bold = first.bold and not style.bold and first.size >= _SMALLER * style.size
    capitals = length > 4 and all(line.text.isupper() for line in lines)
    ended = lines[-1].text.endswith((".", ",", ";"))
    if (bold or capitals) and length <= _LONGEST_BOLD_HEADING and not ended:
        return Role.HEADING
    return Role.BODY


def _is_numbered_heading(line: Line, length: int, style: Style) -> bool:
    stands_out = line.size > _LARGER * style.size or (line.bold and not style.bold) or line.text.isupper()
    return stands_out and length <= _LONGEST_BOLD_HEADING and not _SIGN.match(line.text)


def _with_notes(blocks: Sequence[Block], style: Style) -> Iterator[Block]:
    """The blocks, those in small letters at the region's foot as footnotes."""
    foot = len(blocks)
    while foot and _is_small(blocks[foot - 1], style):
        foot -= 1
    for index, block in enumerate(blocks):
        first = block.lines[0]
        note = first.marked or _NOTE.match(first.text) is not None
        if _is_small(block, style) and (index >= foot > 0 or note):
            yield Block(block.lines, Role.NOTE, block.full)
        else:
            yield block


def _is_small(block: Block, style: Style) -> bool:
    return block.role in {Role.BODY, Role.LIST} and block.lines[0].size < _SMALLER * style.size
