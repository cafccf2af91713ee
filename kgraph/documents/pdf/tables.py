"""Tables: three rows or more whose cells the same gaps keep apart."""

import re
from collections.abc import Sequence

from kgraph.documents.pdf.lines import WIDE_GAP, Line

_LEAST_ROWS = 3
#: A gap that rows share is this wide at least, as a share of the size of the letters.
_SHARED_GAP = 0.7
#: This many rows of one cell may stand between two rows of several.
_MOST_SINGLE = 2

#: Dots that lead to a page's number, as tables of contents and indexes have them.
_LEADER = re.compile(r"(?:\.\s?){5,}\s*(?:\d{1,4}|[ivxlc]{1,6})?$")
_LEADER_END = 40
#: A line of more cells is no row.
_MOST_CELLS = 60

_Gap = tuple[float, float]


def is_contents(line: Line) -> bool:
    """Whether a line is one of a table of contents or an index."""
    return any(
        _LEADER.search(words[-_LEADER_END:]) for words in (line.text, *(words for _, _, words in line.cells))
    )


def table_end(lines: Sequence[Line], start: int) -> int:
    """Where the table ends that starts with a line: the index behind its last row; `start` without one.

    :param lines: of one region, one a baseline, from top to bottom.
    """
    gaps = _gaps(lines[start])
    if not gaps or is_contents(lines[start]):
        return start
    rows, end, single = 1, start + 1, 0
    for index in range(start + 1, len(lines)):
        above, line = lines[index - 1], lines[index]
        if above.y - line.y > 3.5 * line.size or is_contents(line):
            break
        shared = _shared(gaps, _gaps(line), _SHARED_GAP * line.size)
        if shared:
            gaps, rows, end, single = shared, rows + 1, index + 1, 0
        elif line.cells or single == _MOST_SINGLE or not _fits(line, gaps):
            break
        else:
            single += 1
    return end if rows >= _LEAST_ROWS else start


def table_rows(lines: Sequence[Line]) -> list[list[Line]]:
    """The rows of a table: its lines, with what was too long for a cell below the row that it belongs to."""
    first_cell = min(line.x0 for line in lines)
    rows: list[list[Line]] = []
    for line in lines:
        if rows and not line.cells and line.x0 > first_cell + 2 * line.size:
            rows[-1].append(line)
        else:
            rows.append([line])
    return rows


def row_words(row: Sequence[Line]) -> str:
    """The cells of a row, a bar between them."""
    first, *below = row
    cells = [(x0, x1, words) for x0, x1, words in first.cells or ((first.x0, first.x1, first.text),)]
    for line in below:
        nearest = min(range(len(cells)), key=lambda i: abs(cells[i][0] - line.x0))
        x0, x1, words = cells[nearest]
        cells[nearest] = (x0, x1, f"{words} {line.text}")
    return " | ".join(words for _, _, words in cells)


def _gaps(line: Line) -> list[_Gap]:
    """The gaps between the cells of a line."""
    if len(line.cells) > _MOST_CELLS:
        return []
    between = zip(line.cells, line.cells[1:], strict=False)
    return [(one[1], other[0]) for one, other in between if other[0] - one[1] >= WIDE_GAP * line.size]


def _shared(gaps: Sequence[_Gap], others: Sequence[_Gap], least: float) -> list[_Gap]:
    """What two rows leave free in common, where it is wide enough to be meant."""
    common = [(max(a, c), min(b, d)) for a, b in gaps for c, d in others]
    return [(a, b) for a, b in common if b - a >= least]


def _fits(line: Line, gaps: Sequence[_Gap]) -> bool:
    """Whether a line of one cell lies within a column of the table."""
    return not any(line.x0 < b and line.x1 > a for a, b in gaps)
