"""Words to lines: what stands on one baseline without a wide gap, footnote marks cut out.

A line of two columns or of a table comes as one line a column; `columns.py` and `blocks.py`
put together what belongs together.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, zip_longest

from kgraph.documents.pdf.process import Page, Word
from kgraph.documents.plain_text import BULLET

#: A gap this wide parts columns and cells, as a share of the size of the letters.
WIDE_GAP = 0.9

#: What a footnote mark is made of.
_MARK = re.compile(r"(?=.*[\d*†‡§¶])[\d*†‡§¶,;–\-\[\]() ]{1,9}")
#: A raised number that changes what stands before it: m², 10⁶. (10 with a footnote is left to the reader.)
_POWER = re.compile(r"\d*[kcm]?m [23]|10 \d{1,2}")
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")

#: Symbol fonts keep their signs among the characters for private use; one that starts a line is a bullet.
_SYMBOL_BULLET = re.compile("^[\uf020-\uf0ff](?=\\s)")

#: Letters in the forms that they take within a word: ligatures, Hebrew and Arabic presentation forms.
_FORMS = re.compile("[\ufb00-\ufdff\ufe70-\ufefc]+")


@dataclass(frozen=True, slots=True)
class Line:
    """Words on one baseline.

    :param x0: where it starts, in points from the left.
    :param y: its baseline, in points from the bottom.
    :param size: of most of its letters.
    :param bold: whether most of its letters are.
    :param marked: whether a footnote mark stood before its first word.
    :param cells: where the parts of a line with wide gaps stand, and their words; else nothing.
    """

    text: str
    x0: float
    x1: float
    y: float
    size: float
    bold: bool
    page: int
    marked: bool = False
    cells: tuple[tuple[float, float, str], ...] = ()


def read_lines(page: Page) -> list[Line]:
    """The lines of a page from top to bottom, those on one baseline from left to right."""
    words, marked = _without_marks(page.words)
    lines: list[Line] = []
    for row in _rows(words):
        for piece in _pieces(row, words):
            if line := _line(piece, words, page.number, marked):
                lines.append(line)
    return lines


def join_cells(lines: Sequence[Line]) -> Line:
    """Lines on one baseline as one line, whose cells they are."""
    if len(lines) == 1:
        return lines[0]
    widest = max(lines, key=lambda line: len(line.text))
    return replace(
        widest,
        text=" ".join(line.text for line in lines),
        x0=lines[0].x0,
        x1=max(line.x1 for line in lines),
        bold=all(line.bold for line in lines),
        marked=lines[0].marked,
        cells=tuple((line.x0, line.x1, line.text) for line in lines),
    )


def _without_marks(words: Sequence[Word]) -> tuple[list[Word], set[int]]:
    """The words without footnote marks; what else is raised or lowered stands on its line's baseline.

    :returns: also the indexes, among the words returned, of those that a mark stood before.
    """
    kept: list[Word] = []
    marked: set[int] = set()
    after_mark = after_drop_cap = False
    for word, after in zip_longest(words, words[1:]):
        before = kept[-1] if kept else None
        if after_drop_cap:
            word, after_drop_cap = word._replace(glued=True), False
        if before and _is_shifted(word, before, word.x0 - before.x1):
            if word.y > before.y and _MARK.fullmatch(word.text):
                if _POWER.fullmatch(f"{before.text} {word.text}"):
                    kept[-1] = before._replace(text=before.text + word.text.translate(_RAISED), x1=word.x1)
                continue
            word = word._replace(y=before.y, size=before.size)
        elif after and _is_shifted(word, after, after.x0 - word.x1):
            if word.y > after.y and _MARK.fullmatch(word.text):
                after_mark = True
                continue
            word = word._replace(y=after.y, size=after.size)
        elif after and _is_drop_cap(word, after):
            word, after_drop_cap = word._replace(y=after.y, size=after.size), True
        if after_mark:
            marked.add(len(kept))
            after_mark = False
        kept.append(word)
    return kept, marked


def _is_shifted(word: Word, neighbour: Word, gap: float) -> bool:
    """Whether a word is smaller than the one beside it and stands higher or lower."""
    size = neighbour.size
    smaller = word.size < 0.85 * size
    return (
        smaller and 0.08 * size < abs(word.y - neighbour.y) < 0.75 * size and -0.3 * size < gap < 0.9 * size
    )


def _is_drop_cap(word: Word, after: Word) -> bool:
    """Whether a word is the large first letter of a paragraph, beside its first lines."""
    # "A" is a word of its own too often.
    large = len(word.text) == 1 and word.text.isupper() and word.text != "A" and word.size > 1.7 * after.size
    beside = word.y < after.y < word.y + word.size and 0 <= after.x0 - word.x1 + 1 < after.size
    return large and beside and after.text[:1].islower()


def _rows(words: Sequence[Word]) -> Iterator[list[int]]:
    """Indexes of the words on each baseline, from top to bottom."""
    row: list[int] = []
    top = 0.0
    for index in sorted(range(len(words)), key=lambda i: -words[i].y):
        word = words[index]
        if row and top - word.y > 0.3 * min(word.size, words[row[0]].size):
            yield row
            row = []
        if not row:
            top = word.y
        row.append(index)
    if row:
        yield row


def _pieces(row: Iterable[int], words: Sequence[Word]) -> Iterator[list[int]]:
    """The words of a row from left to right, apart where a wide gap is."""
    piece: list[int] = []
    end = 0.0
    lead = ""
    for index in sorted(row, key=lambda i: words[i].x0):
        word = words[index]
        wide = word.x0 - end > (4 if _is_bullet(lead) else WIDE_GAP) * word.size
        if piece and wide:
            yield piece
            piece, lead = [], ""
        piece.append(index)
        lead += word.text
        end = max(end, word.x1) if len(piece) > 1 else word.x1
    if piece:
        yield piece


def _is_bullet(words: str) -> bool:
    found = BULLET.match(f"{words} x")
    return found is not None and found.end() == len(words) + 1


def _line(piece: list[int], words: Sequence[Word], page: int, marked: set[int]) -> Line | None:
    text = readable_words(_joined(piece, words))
    if not text:
        return None
    styles: Counter[tuple[float, float]] = Counter()
    for index in piece:
        styles[words[index].size, words[index].y] += len(words[index].text)
    (size, y), _ = styles.most_common(1)[0]
    bold = sum(len(words[i].text) for i in piece if words[i].bold)
    return Line(
        text=text,
        x0=words[piece[0]].x0,
        x1=max(words[i].x1 for i in piece),
        y=y,
        size=size,
        bold=bold > 0.8 * styles.total(),
        page=page,
        marked=piece[0] in marked,
    )


def _joined(piece: list[int], words: Sequence[Word]) -> str:
    """The words of a line in the order in which they are read."""
    order = piece
    if _runs_left("".join(words[i].text for i in piece)):
        # Arabic and Hebrew; numbers and Latin words among them run to the right.
        runs = groupby(reversed(piece), key=lambda i: _runs_left(words[i].text))
        order = [i for left, run in runs for i in (run if left else reversed(list(run)))]
    text = ""
    before = -2
    for index in order:
        glued = not text or (words[index].glued and index == before + 1)
        text += words[index].text if glued else " " + words[index].text
        before = index
    return text


def _runs_left(text: str) -> bool:
    sides = [unicodedata.bidirectional(c) for c in text]
    return sum(side in {"R", "AL"} for side in sides) > sum(side in {"L", "EN"} for side in sides)


def readable_words(text: str) -> str:
    """The words with ligatures as letters and each kind of space as a space.

    >>> readable_words("The ﬁrst oﬃcer")
    'The first officer'
    """
    spread = _FORMS.sub(lambda found: unicodedata.normalize("NFKC", found[0]), text)
    return " ".join(_SYMBOL_BULLET.sub("•", spread).split())
