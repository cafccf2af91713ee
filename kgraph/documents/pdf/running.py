"""Running heads and feet: what stands at one place of many pages, but for its digits."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import islice

from kgraph.documents.pdf.lines import Line

#: They lie within this share of a page's height, at its top and at its foot.
_MARGIN = 0.14
#: No more rows than this make one.
_MOST_ROWS = 4
#: How far, in points, it may move from page to page.
_DRIFT = 6.0
#: On how many pages a running head stands at least; on fewer where there are no more.
_LEAST_PAGES = 3

_ROMAN = r"(?=[ivxlc])x{0,3}(?:ix|iv|v?i{0,3})"
_PAGE_NUMBER = re.compile(
    rf"[\W_]*(?:(?:page|p\.|pag\.|página|seite|стр\.?|с\.)\s*)?(?:#|{_ROMAN})(?:\s*(?:of|/|von|de|из)\s*#)?[\W_]*",
    re.IGNORECASE,
)
#: Where so many rows of one size run that stand outermost at one height, the others there do too.
_MOSTLY = 0.6

_DIGITS = re.compile(r"\d+")

#: Lines on one baseline, from the edge of the page inwards.
Row = list[Line]
#: Baseline and size of a row's letters.
_Place = tuple[float, float]


class RunningHeads:
    """Learns from all pages what runs; then tells of each page's lines which do.

    Between the two the outermost rows of all pages are held, nothing else of them.
    """

    def __init__(self) -> None:
        self._places: dict[tuple[bool, str], list[_Place]] = defaultdict(list)
        self._outermost: dict[tuple[bool, _Place], list[str]] = defaultdict(list)
        self._mostly_running: dict[tuple[bool, _Place], bool] = {}
        self._pages = 0

    def learn(self, lines: Sequence[Line], bottom: float, top: float) -> None:
        """Take note of a page.

        :param lines: its lines from top to bottom.
        :param bottom: where the page ends, in points; so `top`.
        """
        self._pages += 1
        for at_top in (True, False):
            for index, row in enumerate(_margin(lines, bottom, top, at_top=at_top)):
                self._places[at_top, _key(row)].append((row[0].y, row[0].size))
                if index == 0:
                    self._outermost[at_top, _place(row)].append(_key(row))

    def found_in(self, lines: Sequence[Line], bottom: float, top: float) -> set[int]:
        """`id` of each line that belongs to a running head or foot, or is a page number."""
        found: set[int] = set()
        for at_top in (True, False):
            for index, row in enumerate(_margin(lines, bottom, top, at_top=at_top)):
                runs = self._runs(at_top, _key(row), (row[0].y, row[0].size))
                if not runs and not (index == 0 and self._stands_among_running(at_top, row)):
                    break
                found.update(map(id, row))
        return found

    def _runs(self, at_top: bool, key: str, place: _Place) -> bool:
        """Whether the words stand at that place on several pages, or number a page."""
        is_number = _PAGE_NUMBER.fullmatch(key) is not None
        if is_number and self._pages <= _LEAST_PAGES:
            return True
        if not is_number and not any(c.isalpha() for c in key):
            return False
        y, size = place
        alike = (
            other
            for other in self._places[at_top, key]
            if abs(other[0] - y) <= _DRIFT and abs(other[1] - size) < 0.1 * size
        )
        least = max(2, min(_LEAST_PAGES, self._pages))
        return len(list(islice(alike, least))) == least

    def _stands_among_running(self, at_top: bool, row: Row) -> bool:
        """Whether what stands outermost at that height runs mostly: the head of a short chapter does too."""
        at = at_top, _place(row)
        if at not in self._mostly_running:
            there = self._outermost[at]
            running = sum(self._runs(at_top, key, at[1]) for key in there)
            self._mostly_running[at] = len(there) > _LEAST_PAGES and running >= _MOSTLY * len(there)
        return self._mostly_running[at]


def _place(row: Row) -> _Place:
    return round(row[0].y), round(row[0].size)


def _key(row: Row) -> str:
    """The words of a row with a sign for each number."""
    return _DIGITS.sub("#", " ".join(line.text for line in row)).casefold()


def _margin(lines: Iterable[Line], bottom: float, top: float, *, at_top: bool) -> list[Row]:
    """The rows in the margin, from the edge of the page inwards."""
    edge, inwards = (top, -1) if at_top else (bottom, 1)
    near = [line for line in lines if abs(line.y - edge) <= _MARGIN * (top - bottom)]
    rows: list[Row] = []
    for line in sorted(near, key=lambda line: (inwards * line.y, line.x0)):
        if rows and abs(rows[-1][0].y - line.y) <= 2:
            rows[-1].append(line)
        else:
            rows.append([line])
    return [sorted(row, key=lambda line: line.x0) for row in rows[:_MOST_ROWS]]
