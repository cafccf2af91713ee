"""A program of its own: PDF bytes on standard input to words on standard output.

PDFium is native code and reads what strangers wrote. Here a crash, an endless loop or a
decompression bomb ends this process alone, and `process.py` says so in one sentence. Each line
written is a JSON array whose first item tells what the others are; `emit` names them all.
"""

import contextlib
import ctypes
import json
import math
import re
import resource
import sys
from collections import Counter
from collections.abc import Iterator
from typing import Any

#: Limits. A report has hundreds of pages and some million characters.
MAX_PAGES = 10_000
MAX_CHARACTERS = 20_000_000
MAX_PAGE_CHARACTERS = 500_000
MAX_MEMORY_BYTES = 2_000_000_000
MAX_CPU_S = 600

#: What fonts of bold letters are called; the weight that a font tells of itself is often wrong.
_BOLD = re.compile(r"bold|black|heavy|semibold|demi(?!r)|cmbx|sfbx|cmssbx|,b\b", re.IGNORECASE)

#: A character, as (unicode, left, right, baseline, size, is bold, direction); in the page's upright system.
_Char = tuple[int, float, float, float, float, bool, int]
_Style = tuple[float, bool, int | None, bool]

_SPACES = frozenset({*b" \t\n\r", 0xA0, *range(0x2000, 0x200C), 0x202F, 0x205F, 0x3000})


def main() -> None:
    """Read standard input and write what was found."""
    for limit, value in ((resource.RLIMIT_AS, MAX_MEMORY_BYTES), (resource.RLIMIT_CPU, MAX_CPU_S)):
        # macOS knows no limit of address space.
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(limit, (value, resource.getrlimit(limit)[1]))
    for message in emit(sys.stdin.buffer.read()):
        sys.stdout.write(json.dumps(message, ensure_ascii=True) + "\n")


def emit(data: bytes) -> Iterator[list[Any]]:
    """What a PDF holds.

    :returns: `["error", KIND]` and nothing more; or `["document", PAGES, TITLE, AUTHOR, CREATED, LANGUAGE]`
        and for each page `["page", BOTTOM, TOP, UNREADABLE, IS_PICTURE, WORDS]`, the words
        `[TEXT, LEFT, RIGHT, BASELINE, SIZE, BOLD, GLUED]` in the order of the file, in points;
        GLUED where no space stands before it.
    """
    import pypdfium2  # type: ignore[import-untyped]  # has no stubs
    from pypdfium2 import raw

    try:
        pdf = pypdfium2.PdfDocument(data)
        pages = len(pdf)
    except pypdfium2.PdfiumError as exc:
        password = exc.err_code in {raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY}
        yield ["error", "password" if password else "broken"]
        return
    if not 0 < pages <= MAX_PAGES:
        yield ["error", "pages" if pages else "broken"]
        return
    told = pdf.get_metadata_dict()
    yield ["document", pages, told["Title"], told["Author"], told["CreationDate"], _language(pdf)]
    characters = 0
    for number in range(pages):
        page = raw.FPDF_LoadPage(pdf, number)
        if not page:
            yield ["page", 0, 0, 0, False, []]
            continue
        message, count = _read_page(page)
        raw.FPDF_ClosePage(page)
        characters += count
        if characters > MAX_CHARACTERS or count > MAX_PAGE_CHARACTERS:
            yield ["error", "characters"]
            return
        yield message


def _language(pdf: Any) -> str:
    from pypdfium2 import raw

    length = raw.FPDFCatalog_GetLanguage(pdf, None, 0)
    if not 2 < length < 200:
        return ""
    buffer = ctypes.create_string_buffer(length)
    raw.FPDFCatalog_GetLanguage(pdf, ctypes.cast(buffer, ctypes.POINTER(raw.FPDF_WCHAR)), length)
    return buffer.raw[: length - 2].decode("utf-16-le", "replace")


def _read_page(page: Any) -> tuple[list[Any], int]:
    """One page's message, and how many characters it has."""
    from pypdfium2 import raw

    box = raw.FS_RECTF()
    raw.FPDF_GetPageBoundingBox(page, box)
    text = raw.FPDFText_LoadPage(page)
    if not text:
        return ["page", 0, 0, 0, _is_illustrated(page), []], 0
    count = raw.FPDFText_CountChars(text)
    chars = list(_characters(text, box)) if count <= MAX_PAGE_CHARACTERS else []
    raw.FPDFText_ClosePage(text)
    seen = [char for char in chars if char is not None]
    # Text that stands across the others is a stamp or a watermark.
    directions = Counter(char[6] for char in seen)
    main = max(directions, key=lambda d: (directions[d], -d), default=0)
    unreadable = sum(_is_unreadable(char[0]) for char in seen)
    words = list(_words(chars, main))
    sides = sorted(
        round(_turned(x, y, main)[1], 1) for x, y in ((box.left, box.bottom), (box.right, box.top))
    )
    return ["page", *sides, unreadable, not seen and _is_illustrated(page), words], count


def _is_illustrated(page: Any) -> bool:
    """Whether the page shows a picture: a page without text that does may be a scan."""
    from pypdfium2 import raw

    count = min(raw.FPDFPage_CountObjects(page), 1000)
    kinds = {raw.FPDFPageObj_GetType(raw.FPDFPage_GetObject(page, i)) for i in range(count)}
    return bool(kinds & {raw.FPDF_PAGEOBJ_IMAGE, raw.FPDF_PAGEOBJ_FORM})


def _is_unreadable(unicode: int) -> bool:
    return unicode == 0xFFFD or 0xE000 <= unicode <= 0xF8FF or unicode >= 0xF0000


def _characters(text: Any, box: Any) -> Iterator[_Char | None]:
    """The characters within the page's box in the order of the file; None for each space between words."""
    from pypdfium2 import raw

    unicode_at, run_at = raw.FPDFText_GetUnicode, raw.FPDFText_GetTextObject
    origin_at, box_at = raw.FPDFText_GetCharOrigin, raw.FPDFText_GetLooseCharBox
    x, y, rect = ctypes.c_double(), ctypes.c_double(), raw.FS_RECTF()
    x_there, y_there, rect_there = ctypes.byref(x), ctypes.byref(y), ctypes.byref(rect)
    styles: dict[int, _Style] = {}
    for index in range(raw.FPDFText_CountChars(text)):
        unicode = unicode_at(text, index)
        if unicode in _SPACES:
            yield None
            continue
        origin_at(text, index, x_there, y_there)
        if not (box.left <= x.value <= box.right and box.bottom <= y.value <= box.top):
            continue
        run = run_at(text, index)
        key = ctypes.addressof(run.contents) if run else 0
        style = styles.get(key)
        if style is None:
            style = styles[key] = _style(text, index, run)
        size, bold, direction, is_mapped = style
        if direction is None:
            continue
        box_at(text, index, rect_there)
        if unicode == 2:  # PDFium's sign for a hyphen at a line's end
            unicode = 0x2D
        elif unicode < 0x20 or not is_mapped:
            unicode = 0xFFFD
        if direction == 0:
            yield unicode, rect.left, rect.right, y.value, size, bold, 0
            continue
        one, other = _turned(rect.left, rect.bottom, direction), _turned(rect.right, rect.top, direction)
        left, right = sorted((one[0], other[0]))
        yield unicode, left, right, _turned(x.value, y.value, direction)[1], size, bold, direction


def _style(text: Any, index: int, run: Any) -> _Style:
    """Size in points, whether bold, quarter turns (None: aslant), and whether its font tells its letters."""
    from pypdfium2 import raw

    matrix = raw.FS_MATRIX()
    raw.FPDFText_GetMatrix(text, index, matrix)
    size = raw.FPDFText_GetFontSize(text, index) * (math.hypot(matrix.c, matrix.d) or 1.0)
    turns = math.atan2(matrix.b, matrix.a) / (math.pi / 2)
    direction = round(turns) % 4 if abs(turns - round(turns)) < 0.03 else None
    is_mapped = raw.FPDFText_HasUnicodeMapError(text, index) != 1
    if not run:
        return size, False, direction, is_mapped
    font = raw.FPDFTextObj_GetFont(run)
    length = raw.FPDFFont_GetBaseFontName(font, None, 0) if font else 0
    buffer = ctypes.create_string_buffer(max(1, min(length, 500)))
    if font:
        raw.FPDFFont_GetBaseFontName(font, buffer, len(buffer))
    thick = raw.FPDFTextObj_GetTextRenderMode(run) == raw.FPDF_TEXTRENDERMODE_FILL_STROKE
    bold = thick or _BOLD.search(buffer.value.decode("latin-1")) is not None
    return size, bold, direction, is_mapped


def _turned(x: float, y: float, direction: int) -> tuple[float, float]:
    """A point in the system in which text of that direction runs from left to right."""
    return ((x, y), (y, -x), (-x, -y), (-y, x))[direction]


def _words(chars: list[_Char | None], direction: int) -> Iterator[list[Any]]:
    """Runs of characters with no space, jump or change of style within."""
    run: list[_Char] = []
    glued = False
    before: _Char | None = None
    for char in chars:
        if char is None:
            if run:
                yield _word(run, glued)
            run, before, glued = [], None, False
        elif char[6] == direction:
            if before and not _goes_on(before, char):
                yield _word(run, glued)
                run, glued = [], _gap(before, char) < 0.25 * max(before[4], char[4])
            run.append(char)
            before = char
    if run:
        yield _word(run, glued)


def _gap(one: _Char, other: _Char) -> float:
    """How far two characters stand apart, whichever is to the left: Arabic runs to the left."""
    if abs(one[3] - other[3]) > max(one[4], other[4]):
        return math.inf
    return max(other[1] - one[2], one[1] - other[2])


def _goes_on(one: _Char, other: _Char) -> bool:
    size = max(one[4], other[4])
    same_style = one[5] == other[5] and abs(one[4] - other[4]) <= 0.1 * size
    return same_style and abs(one[3] - other[3]) <= 0.08 * size and _gap(one, other) < 0.6 * size


def _word(run: list[_Char], glued: bool) -> list[Any]:
    units = b"".join(
        (u.to_bytes(2, "little") if u < 0x10000 else chr(min(u, 0x10FFFF)).encode("utf-16-le"))
        for u, *_ in run
    )
    text = units.decode("utf-16-le", "replace")
    left, right = min(char[1] for char in run), max(char[2] for char in run)
    first = run[0]
    return [text, round(left, 1), round(right, 1), round(first[3], 1), round(first[4], 2), first[5], glued]


if __name__ == "__main__":
    main()
