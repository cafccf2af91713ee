"""Columns: in which order the lines of a page are read."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from kgraph.documents.pdf.lines import Line, join_cells

#: Lines whose left edges are this near, in points, start at one edge.
_EDGE = 4.0
#: A column has this many lines at least, and this share of the page's width.
_LEAST_LINES = 5
_LEAST_WIDTH = 0.18
#: Running text fills its column: half of its lines reach this share of its width …
_FILLED = 0.55
#: … hold this many letters, and leave no more than this share of the lines' places empty.
_LEAST_LETTERS = 14
_LEAST_DENSITY = 0.55


@dataclass(frozen=True, slots=True)
class Region:
    """Part of a page that is read from top to bottom: a column, or what goes across all columns.

    :param lines: one a baseline, from top to bottom.
    :param x0: its left edge, in points.
    :param x1: its right edge.
    """

    lines: tuple[Line, ...]
    x0: float
    x1: float


def in_reading_order(lines: Sequence[Line]) -> list[Region]:
    """The regions of a page in the order in which they are read.

    What goes across the columns parts what stands above it from what stands below.

    :param lines: from top to bottom.
    """
    if not lines:
        return []
    edges = _column_edges(lines)
    columns: list[list[Line]] = [[] for _ in edges]
    regions: list[Region] = []

    def flush() -> None:
        regions.extend(_region(column) for column in columns if column)
        columns[:] = [[] for _ in edges]

    across: list[Line] = []
    for line in lines:
        if any(line.x0 < edge - _EDGE and line.x1 > edge + _EDGE for edge in edges[1:]):
            flush()
            across.append(line)
            continue
        if across:
            regions.append(_region(across))
            across = []
        columns[max((i for i, edge in enumerate(edges) if line.x0 >= edge - _EDGE), default=0)].append(line)
    flush()
    if across:
        regions.append(_region(across))
    return regions


def _region(lines: Sequence[Line]) -> Region:
    return Region(tuple(_rows(lines)), min(line.x0 for line in lines), max(line.x1 for line in lines))


def _rows(lines: Sequence[Line]) -> list[Line]:
    """The lines of a column, those on one baseline as the cells of one."""
    rows: list[list[Line]] = []
    for line in sorted(lines, key=lambda line: -line.y):
        if rows and rows[-1][0].y - line.y <= 0.3 * min(line.size, rows[-1][0].size):
            rows[-1].append(line)
        else:
            rows.append([line])
    return [join_cells(sorted(row, key=lambda line: line.x0)) for row in rows]


def _column_edges(lines: Sequence[Line]) -> list[float]:
    """Left edges of the columns; one where the page has no columns, or what looks so is a table."""
    left, right = min(line.x0 for line in lines), max(line.x1 for line in lines)
    least = _LEAST_WIDTH * (right - left)
    support = {
        edge: count
        for edge, count in _left_edges(lines).items()
        if count >= _LEAST_LINES and edge - left > least and right - edge > least
    }
    edges = [left]
    for edge in sorted(support):
        # Indented lines of a column start near its edge.
        if edge - edges[-1] > least:
            edges.append(edge)
    while len(edges) > 1:
        bounds = [*edges, right + 2 * _EDGE]
        weak = [
            edge
            for before, edge, after in zip(bounds, bounds[1:], bounds[2:], strict=False)
            if not _parts_columns(lines, before, edge, after)
        ]
        if not weak:
            break
        edges.remove(min(weak, key=lambda edge: support[edge]))
    return edges


def _left_edges(lines: Sequence[Line]) -> dict[float, int]:
    """How many lines start at each left edge."""
    counts: dict[float, int] = {}
    starts = sorted(line.x0 for line in lines)
    group: list[float] = []
    for x in starts:
        if group and x - group[0] > _EDGE:
            counts[group[0]] = len(group)
            group = []
        group.append(x)
    counts[group[0]] = len(group)
    return counts


def _parts_columns(lines: Sequence[Line], before: float, edge: float, after: float) -> bool:
    """Whether running text stands on both sides of a left edge."""
    right = _rows([line for line in lines if edge - _EDGE <= line.x0 and line.x1 < after])
    if len(right) < _LEAST_LINES:
        return False
    top, bottom = right[0].y + right[0].size, right[-1].y - right[-1].size
    left = _rows(
        [line for line in lines if before - _EDGE <= line.x0 and line.x1 < edge and bottom <= line.y <= top]
    )
    return _is_running_text(left, edge - before) and _is_running_text(right, after - edge)


def _is_running_text(rows: Sequence[Line], width: float) -> bool:
    steps = [one.y - other.y for one, other in pairwise(rows)]
    if len(rows) < _LEAST_LINES:
        return False
    filled = median(row.x1 - row.x0 for row in rows) / width
    letters = median(sum(c.isalpha() for c in row.text) for row in rows)
    dense = len(rows) * median(steps) / (rows[0].y - rows[-1].y + median(steps))
    return filled >= _FILLED and letters >= _LEAST_LETTERS and dense >= _LEAST_DENSITY
