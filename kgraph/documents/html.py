"""HTML: the main text of a page, as trafilatura finds it, with its captions and metadata.

Nothing is fetched: neither the page's parts nor its document type.
"""

import logging
import re
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import lxml.html  # type: ignore[import-untyped]  # has no stubs
import trafilatura
from lxml import etree
from trafilatura.settings import DEFAULT_CONFIG

from kgraph.documents.characters import one_line
from kgraph.documents.dates import read_date
from kgraph.documents.header import read_head
from kgraph.documents.identity import address
from kgraph.documents.language import language_tag
from kgraph.documents.reading import Block, Metadata, Reading, lay_out
from kgraph.errors import SourceError
from kgraph.records import PassageKind

_Part = tuple[str, PassageKind | None]

#: Two characters for private use, which no page needs: the first marks what was a caption, the
#: second ends short words ("Twitter") that trafilatura would take for share buttons.
_CAPTION, _KEEP = "\ue000", "\ue001"
_PRIVATE = re.compile("[\ue000\ue001]")

#: Pictures inside addresses, and tags with attributes beyond reason (parsing those is quadratic).
_DATA_ADDRESS = re.compile(r"(data:[\w/+.;=-]{0,80};base64,)[A-Za-z0-9+/=\s]{200,}")
_ENDLESS_TAG = re.compile(r"<([A-Za-z][\w:-]{0,40})[^<>]{16384,}>")

#: More elements than this are read in plain document order: trafilatura would take minutes.
_MOST_ELEMENTS = 200_000

_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_HIDDEN = (
    "script",
    "style",
    "noscript",
    "template",
    "svg",
    "iframe",
    "object",
    "head",
    "nav",
    "footer",
    "form",
    "button",
)

#: Take short pages as they are, instead of falling back on one long paragraph.
_CONFIG = deepcopy(DEFAULT_CONFIG)
_CONFIG["DEFAULT"]["MIN_EXTRACTED_SIZE"] = "1"
_DATES = {"extensive_search": False, "original_date": True}

logging.getLogger("trafilatura").addHandler(logging.NullHandler())


def read_html(decoded: str, name: str) -> Reading:
    """The main text of a page, its blocks and metadata.

    :param name: of the file, for error messages.
    :raises SourceError: if nothing can be made of the page.
    """
    tree = _parse(decoded, name)
    metadata = _metadata(tree)
    parts = list(_main_text(tree)) or list(_all_text(tree))
    if (
        metadata.title
        and parts
        and not any(one_line(w).casefold() == metadata.title.casefold() for w, _ in parts[:3])
    ):
        parts.insert(0, (metadata.title, "heading"))
    text, blocks = lay_out(parts)
    return _with_head(text, blocks, metadata)


def _parse(decoded: str, name: str) -> lxml.html.HtmlElement:
    source = _ENDLESS_TAG.sub(r"<\1>", _DATA_ADDRESS.sub(r"\1", _PRIVATE.sub("", decoded).replace("\0", "")))
    # Bytes, because lxml takes no text with an XML declaration; the encoding is ours, not the page's.
    data = source.encode("utf-8", "replace")
    parser = lxml.html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True)
    try:
        tree = lxml.html.document_fromstring(data, parser=parser)
    except (etree.LxmlError, ValueError) as exc:
        raise SourceError(name, f"is no HTML: {one_line(str(exc))[:200]}") from exc
    for entry in parser.error_log:
        if entry.type == etree.ErrorTypes.ERR_RESOURCE_LIMIT:
            raise SourceError(
                name, f"cannot be read as HTML: {one_line(entry.message)[:80]} (line {entry.line})"
            )
    return tree


def _metadata(tree: lxml.html.HtmlElement) -> Metadata:
    told: Any = trafilatura.extract_metadata(deepcopy(tree), date_config=dict(_DATES))
    found = Metadata(language=_language(tree), source=_canonical(tree))
    if told is None:
        return found
    return found.or_else(
        Metadata(
            title=_clean(told.title),
            creators=tuple(dict.fromkeys(filter(None, map(_clean, (told.author or "").split(";"))))),
            publisher=_clean(told.sitename),
            issued=read_date(told.date) if told.date else None,
            licence=_clean(told.license),
        )
    )


def _clean(words: str | None) -> str | None:
    return one_line(words or "") or None


def _language(tree: lxml.html.HtmlElement) -> str | None:
    xpaths = (
        "/html/@lang",
        "//meta[@http-equiv='content-language']/@content",
        "//meta[@property='og:locale']/@content",
    )
    return next(
        (tag for x in xpaths for value in tree.xpath(x)[:1] if (tag := language_tag(str(value)))), None
    )


def _canonical(tree: lxml.html.HtmlElement) -> str | None:
    xpaths = ("//link[@rel='canonical']/@href", "//meta[@property='og:url']/@content")
    return next(
        (place for x in xpaths for value in tree.xpath(x)[:1] if (place := address(str(value)))), None
    )


def _main_text(tree: lxml.html.HtmlElement) -> Iterator[_Part]:
    """The blocks that trafilatura takes for the page's main text; none if it finds none."""
    if sum(1 for _ in tree.iter()) > _MOST_ELEMENTS:
        return
    marked = deepcopy(tree)
    _mark(marked)
    try:
        found: Any = trafilatura.bare_extraction(marked, config=_CONFIG, fast=True, include_comments=False)
    except (RecursionError, ValueError, etree.LxmlError):
        return
    if found is not None and found.body is not None:
        yield from _parts(found.body)


def _mark(tree: lxml.html.HtmlElement) -> None:
    """Turn captions into marked paragraphs, and keep short words from being dropped."""
    for figure in list(tree.iter("figure")):
        captions = [one_line(c.text_content()) for c in figure.iter("figcaption")]
        if figure.getparent() is None or figure.find(".//table") is not None or not any(captions):
            continue
        tail = figure.tail
        figure.clear()
        figure.tag, figure.tail, figure.text = "p", tail, _CAPTION + " ".join(captions)
    for caption in tree.xpath("//*[contains(@class, 'wp-caption-text')]"):
        words = one_line(caption.text_content())
        tail = caption.tail
        caption.clear()
        caption.tag, caption.tail, caption.text = "p", tail, _CAPTION + words
    for element in tree.iter("td", "th", "li", *_HEADINGS):
        if len(element) == 0 and element.text and element.text.strip():
            element.text = element.text.rstrip() + _KEEP


def _parts(body: etree._Element) -> Iterator[_Part]:
    """The blocks of trafilatura's tree of the main text."""
    for element in body:
        tag = element.tag
        if tag == "list":
            yield from ((_text(item), "list") for item in element.iter("item"))
        elif tag == "table":
            for row in element.iter("row"):
                cells = filter(None, (one_line(_text(cell)) for cell in row.iter("cell")))
                yield " | ".join(cells), "table"
        elif tag in {"quote", "div"} and any(
            child.tag in {"p", "list", "head", "quote"} for child in element
        ):
            yield element.text or "", "body"
            yield from _parts(element)
        elif tag == "code":
            yield _text(element), None
        else:
            yield from _lines(element, "heading" if tag == "head" else "body")
        if element.tail and element.tail.strip():
            yield _PRIVATE.sub("", element.tail), "body"


def _lines(element: etree._Element, kind: PassageKind) -> Iterator[_Part]:
    words = "".join(str(t) for t in element.itertext())
    for line in re.split(r"\n+", words):
        yield one_line(_PRIVATE.sub("", line)), "caption" if _CAPTION in line else kind


def _text(element: etree._Element) -> str:
    return one_line(_PRIVATE.sub("", " ".join(str(t) for t in element.itertext())))


def _all_text(tree: lxml.html.HtmlElement) -> Iterator[_Part]:
    """The blocks of the whole page in document order, for pages that are too small or too large."""
    tree = deepcopy(tree)
    etree.strip_elements(tree, *_HIDDEN, with_tail=False)
    words: list[str] = []
    kind: PassageKind = "body"
    inline = {
        "a",
        "b",
        "i",
        "em",
        "strong",
        "span",
        "u",
        "s",
        "sub",
        "sup",
        "small",
        "abbr",
        "q",
        "cite",
        "code",
        "mark",
        "font",
    }
    for event, element in etree.iterwalk(tree, events=("start", "end")):
        piece = element.text if event == "start" else element.tail
        if element.tag not in inline:
            yield one_line("".join(words)), kind
            words = []
            kind = _kind_of(str(element.tag)) if event == "start" else "body"
        words.append(piece or "")
    yield one_line("".join(words)), kind


def _kind_of(tag: str) -> PassageKind:
    if tag in _HEADINGS:
        return "heading"
    return {"li": "list", "figcaption": "caption", "tr": "table", "td": "table"}.get(tag, "body")  # type: ignore[return-value]


def _with_head(text: str, blocks: tuple[Block, ...], metadata: Metadata) -> Reading:
    """The reading, with by-line and date in its first blocks passed over."""
    head = read_head([text[b.start : b.end] for b in blocks[:8]])
    changed = list(blocks)
    for index in head.passed:
        if blocks[index].kind == "body":
            changed[index] = Block(blocks[index].start, blocks[index].end, None)
    told = (
        Metadata(creators=head.metadata.creators, issued=head.metadata.issued) if head.passed else Metadata()
    )
    return Reading(text, tuple(changed), metadata.or_else(told))
