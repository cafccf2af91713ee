"""Markdown: the text as a reader sees it, front matter read."""

import re
from collections.abc import Iterator, Sequence
from html.parser import HTMLParser

from markdown_it import MarkdownIt
from markdown_it.token import Token

from kgraph.documents.characters import one_line, readable
from kgraph.documents.front_matter import split_front_matter
from kgraph.documents.header import read_head
from kgraph.documents.reading import Block, Metadata, Reading, lay_out
from kgraph.records import PassageKind

_Part = tuple[str, PassageKind | None]

_FOOTNOTE = re.compile(r"\[\^[^\]\s]{1,40}\]:?")


def read_markdown(decoded: str, name: str) -> Reading:
    """The text of a Markdown file, its blocks and metadata.

    :param name: of the file, for error messages.
    :raises SourceError: if its front matter is broken.

    Source: CommonMark 0.31; tables as in GitHub Flavored Markdown, section 4.10.
    """
    metadata, body = split_front_matter(readable(decoded), name)
    tokens = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(body)
    parts = list(_parts(tokens))
    if metadata.title and not _starts_with(parts, metadata.title):
        parts.insert(0, (metadata.title, "heading"))
    text, blocks = lay_out(parts)
    return _with_head(text, blocks, metadata)


def _with_head(text: str, blocks: tuple[Block, ...], metadata: Metadata) -> Reading:
    """The reading with title, by-line and date of its first blocks, where front matter is silent."""
    first = blocks[:10]
    head = read_head([text[b.start : b.end] for b in first])
    is_title = head.title is not None and first[head.title].kind == "heading"
    changed = list(blocks)
    for index in head.passed:
        if first[index].kind != "heading":
            changed[index] = Block(first[index].start, first[index].end, None)
    told = metadata.or_else(head.metadata if is_title else Metadata())
    if not told.title:
        heading = next((b for b in blocks if b.kind == "heading"), None)
        told = told.or_else(Metadata(title=one_line(text[heading.start : heading.end]) if heading else None))
    return Reading(text, tuple(changed if is_title else blocks), told)


def _starts_with(parts: Sequence[_Part], title: str) -> bool:
    return any(one_line(words).casefold() == title.casefold() for words, _ in parts[:3])


def _parts(tokens: Sequence[Token]) -> Iterator[_Part]:
    """The words of each block, with its kind."""
    kind: PassageKind = "body"
    depth = 0
    cells: list[str] = []
    in_row = after_image = False
    for token in tokens:
        if token.type in {"list_item_open", "list_item_close"}:
            depth += token.nesting
        elif token.type == "heading_open":
            kind = "heading"
        elif token.type == "heading_close":
            kind = "body"
        elif token.type == "tr_open":
            cells, in_row = [], True
        elif token.type == "tr_close":
            in_row = False
            yield " | ".join(cell for cell in cells if cell), "table"
        elif token.type in {"fence", "code_block"}:
            yield token.content, None
        elif token.type == "html_block":
            yield from _seen(token.content)
        elif token.type == "inline" and in_row:
            cells.append(one_line(_words(token.children or ())))
        elif token.type == "inline":
            children = token.children or []
            yield from _paragraph(
                children, "list" if depth and kind == "body" else kind, after_image=after_image
            )
            after_image = any(c.type == "image" for c in children) and not _words(children).strip()


def _paragraph(children: Sequence[Token], kind: PassageKind, *, after_image: bool) -> Iterator[_Part]:
    """The words of a paragraph; what is set in italics as a whole below a picture is its caption."""
    seen = [c for c in children if c.type != "image" and (c.type != "text" or c.content.strip())]
    italic = bool(seen) and seen[0].type == "em_open" and seen[-1].type == "em_close"
    pictured = any(c.type == "image" for c in children)
    if kind == "body" and italic and (after_image or pictured):
        kind = "caption"
    for line in _words(children).split("\n"):
        yield line, kind


def _words(children: Sequence[Token]) -> str:
    """What a reader sees of inline Markdown: no marks, no addresses, no pictures; hard breaks stay."""
    pieces: list[str] = []
    for child in children:
        if child.type in {"text", "code_inline"}:
            pieces.append(child.content)
        elif child.type == "softbreak":
            pieces.append(" ")
        elif child.type == "hardbreak" or (
            child.type == "html_inline" and child.content.lower().startswith("<br")
        ):
            pieces.append("\n")
    return _FOOTNOTE.sub("", "".join(pieces))


class _Seen(HTMLParser):
    """Collects the words of HTML inside Markdown, block by block."""

    _HIDDEN = frozenset({"script", "style", "template", "noscript", "svg", "iframe"})
    _BLOCKS = frozenset(
        {
            "p",
            "div",
            "li",
            "tr",
            "h1",
            "h2",
            "h3",
            "h4",
            "h5",
            "h6",
            "figure",
            "figcaption",
            "blockquote",
            "br",
            "td",
            "th",
        }
    )

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[_Part] = []
        self._words = ""
        self._kind: PassageKind = "body"
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in self._HIDDEN:
            self._hidden += 1
        if tag in self._BLOCKS:
            self.flush()
            self._kind = "caption" if tag == "figcaption" else "list" if tag == "li" else "body"
            if tag[0] == "h" and tag[1:].isdigit():
                self._kind = "heading"

    def handle_endtag(self, tag: str) -> None:
        if tag in self._HIDDEN and self._hidden:
            self._hidden -= 1
        if tag in self._BLOCKS:
            self.flush()

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self._words += data

    def flush(self) -> None:
        """End the block."""
        self.parts.append((" ".join(self._words.split()), self._kind))
        self._words, self._kind = "", "body"


def _seen(source: str) -> list[_Part]:
    parser = _Seen()
    parser.feed(source)
    parser.close()
    parser.flush()
    return parser.parts
