"""PDF: the text layer in reading order, without what repeats on each page.

`process` gets the words out of the file, page by page; `lines` puts them on lines; `running`
takes heads, feet and page numbers out; `columns` finds the order; `blocks` and `tables` make
paragraphs, headings, items and rows; `stitching` joins what a page break parted; `hyphens` joins
words; `about` reads title, people and date.
"""

from collections.abc import Iterable, Iterator, Sequence

from kgraph.documents.characters import readable
from kgraph.documents.passages import has_finite_verb
from kgraph.documents.pdf.about import head_of, metadata_of
from kgraph.documents.pdf.blocks import Block, Role, body_style, read_blocks
from kgraph.documents.pdf.columns import Region, in_reading_order
from kgraph.documents.pdf.hyphens import Vocabulary, join_lines
from kgraph.documents.pdf.lines import Line, read_lines
from kgraph.documents.pdf.process import Header, Page, read_words
from kgraph.documents.pdf.running import RunningHeads
from kgraph.documents.pdf.stitching import stitch
from kgraph.documents.plain_text import BULLET
from kgraph.documents.reading import Reading, lay_out
from kgraph.errors import SourceError
from kgraph.records import PassageKind

#: A text with a larger share of characters that no font tells the letters of is no text.
_MOST_UNREADABLE = 0.3

_KINDS: dict[Role, PassageKind | None] = {
    Role.BODY: "body",
    Role.HEADING: "heading",
    Role.LIST: "list",
    Role.CAPTION: "caption",
    Role.TABLE: "table",
    Role.NOTE: "body",
    Role.CONTENTS: None,
}
#: What footnotes that only point elsewhere start with.
_POINTS_ELSEWHERE = ("see ", "ibid", "id.", "available at", "interview with", "cf.", "op. cit", "accessed")

#: Words of a block, its kind, and on which page they are from which offset on.
_Part = tuple[str, PassageKind | None, list[tuple[int, int]]]


def read_pdf(data: bytes, name: str) -> Reading:
    """The text of a PDF, its blocks, pages and metadata.

    :param name: of the file, for error messages.
    :raises SourceError: if it has no text layer, is encrypted, broken or beyond the limits.
    """
    # Readers find the mark within the first 1,024 bytes (ISO 32000-1, annex H.3.4.1).
    if b"%PDF-" not in data[:1024]:
        raise SourceError(name, "is no PDF, whatever its name says; it may be a web page with an error")
    header, regions = _read_regions(data, name)
    vocabulary = Vocabulary()
    for region in regions:
        for line in region.lines:
            vocabulary.learn(line.text)
    style = body_style(regions)
    blocks = list(stitch(read_blocks(region, style) for region in regions))
    parts = [part for block in blocks if (part := _part(block, vocabulary))[0]]
    return _reading(header, parts, _largest(blocks, vocabulary))


def _read_regions(data: bytes, name: str) -> tuple[Header, list[Region]]:
    header: Header | None = None
    pages: list[tuple[list[Line], float, float]] = []
    running = RunningHeads()
    characters = unreadable = 0
    for message in read_words(data, name):
        if isinstance(message, Page):
            lines = read_lines(message)
            running.learn(lines, message.bottom, message.top)
            pages.append((lines, message.bottom, message.top))
            characters += sum(len(word.text) for word in message.words)
            unreadable += message.unreadable
        else:
            header = message
    if header is None:
        raise SourceError(name, "is no PDF that can be read")
    if unreadable > _MOST_UNREADABLE * characters:
        raise SourceError(
            name,
            "has a text layer that cannot be read: its fonts do not tell which letters they show; "
            "make a new one by OCR, e.g. ocrmypdf --force-ocr",
        )
    regions = list(_regions(pages, running))
    if not any(c.isalnum() for region in regions for line in region.lines for c in line.text):
        raise SourceError(name, "has no text layer (a scan?); run OCR first, e.g. ocrmypdf")
    return header, regions


def _regions(pages: Iterable[tuple[list[Line], float, float]], running: RunningHeads) -> Iterator[Region]:
    for lines, bottom, top in pages:
        left_out = running.found_in(lines, bottom, top)
        yield from in_reading_order([line for line in lines if id(line) not in left_out])


def _part(block: Block, vocabulary: Vocabulary) -> _Part:
    """The words of a block; those that do not read as a passage have no kind."""
    pieces = join_lines([line.text for line in block.lines], vocabulary)
    if bullet := BULLET.match(pieces[0]) if block.role is Role.LIST else None:
        pieces[0] = pieces[0][bullet.end() :]
    words = readable("".join(pieces)).strip()
    kind = _KINDS[block.role]
    if block.role is Role.NOTE and not _is_prose(words):
        kind = None
    pages: list[tuple[int, int]] = []
    at = 0
    for piece, line in zip(pieces, block.lines, strict=True):
        if not pages or line.page != pages[-1][1]:
            pages.append((at, line.page))
        at += len(readable(piece))
    return words, kind, pages


def _is_prose(words: str) -> bool:
    """Whether a footnote says something itself, and does not only point to a source."""
    return (
        len(words.split()) >= 5
        and has_finite_verb(words)
        and not words.casefold().startswith(_POINTS_ELSEWHERE)
    )


def _largest(blocks: Sequence[Block], vocabulary: Vocabulary) -> str | None:
    """The words of the first page that are set in the largest letters, if they stand out."""
    headings = [b for b in blocks if b.role is Role.HEADING and b.lines[0].page == 1]
    if not headings:
        return None
    title = max(headings, key=lambda block: block.lines[0].size)
    return readable("".join(join_lines([line.text for line in title.lines], vocabulary))).strip()


def _reading(header: Header, parts: Sequence[_Part], largest: str | None) -> Reading:
    first_page = [words for words, _, pages in parts if pages[0][1] == 1][:30]
    metadata = metadata_of(header, largest, first_page, " ".join(words for words, _, _ in parts[:200]))
    passed = head_of(first_page, metadata.title).passed if first_page else frozenset()
    text, blocks = lay_out(
        (words, None if index in passed and kind != "heading" else kind)
        for index, (words, kind, _) in enumerate(parts)
    )
    pages = tuple(
        (block.start + offset, page)
        for block, (_, _, turns) in zip(blocks, parts, strict=True)
        for offset, page in turns
    )
    return Reading(text, blocks, metadata, pages)
