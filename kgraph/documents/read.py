"""The way in: a file or its bytes to a `Document`."""

import hashlib
import os
from collections.abc import Callable
from pathlib import Path, PurePath

from kgraph.documents.characters import one_line
from kgraph.documents.encoding import decode
from kgraph.documents.identity import identity_of
from kgraph.documents.language import detect_language
from kgraph.documents.passages import cut_passages, with_pages
from kgraph.documents.reading import Reading
from kgraph.errors import SourceError
from kgraph.iris import Minter
from kgraph.records import Document

#: Media type by the end of a file's name.
SUFFIXES: dict[str, str] = {
    ".htm": "text/html",
    ".html": "text/html",
    ".markdown": "text/markdown",
    ".md": "text/markdown",
    ".pdf": "application/pdf",
    ".text": "text/plain",
    ".txt": "text/plain",
    ".xht": "application/xhtml+xml",
    ".xhtml": "application/xhtml+xml",
}

#: The media types that can be read.
MEDIA_TYPES: tuple[str, ...] = tuple(sorted(set(SUFFIXES.values())))

#: Largest file that is read.
MAX_BYTES = 50_000_000

#: The minter where nobody publishes elsewhere.
_MINTER = Minter()


def read_document(
    source: Path | str, *, identity: str | None = None, encoding: str | None = None, minter: Minter = _MINTER
) -> Document:
    """Read a file of plain text, Markdown, HTML or PDF.

    :param source: its path; the end of its name tells the format.
    :param identity: what the document is known by, if not what it says itself.
    :param encoding: of its characters, if not what it says itself or UTF-8.
    :raises SourceError: if it cannot be read, is empty, too large, or no text; says which and what to do.
    """
    name = str(source)
    if isinstance(source, str) and source.lower().startswith(("http://", "https://")):
        raise SourceError(name, "is an address; kgraph reads files, so save the page and add the file")
    return read_bytes(_bytes_of(name), name=name, identity=identity, encoding=encoding, minter=minter)


def read_bytes(
    data: bytes,
    *,
    name: str,
    identity: str | None = None,
    encoding: str | None = None,
    media_type: str | None = None,
    minter: Minter = _MINTER,
) -> Document:
    """Read a document whose bytes are at hand.

    :param data: as they were published: their SHA-256 is the document's version.
    :param name: of the file; it shows in errors, tells the format, and is the title where there is no other.
    :param media_type: format of the bytes, if not what the name tells; may carry a `charset`.
    :raises SourceError: as `read_document`.
    """
    if len(data) > MAX_BYTES:
        raise SourceError(name, f"has more than {MAX_BYTES // 1_000_000} MB; cut it into parts")
    kind, charset = _media_type(data, name, media_type)
    if kind == "application/pdf":
        reading = _read_pdf(data, name)
    else:
        html = kind in {"text/html", "application/xhtml+xml"}
        decoded = decode(data, name, encoding or charset, html=html)
        if not decoded.strip("\ufeff \t\r\n\x0b\x0c\u200b\u3000\xa0"):
            raise SourceError(name, "is empty; there is nothing to read")
        reading = _reader(kind)(decoded, name)
    if not reading.text.strip():
        raise SourceError(name, "has no text that a reader would see")
    return _document(data, name, identity, kind, reading, minter)


def _document(
    data: bytes, name: str, identity: str | None, kind: str, reading: Reading, minter: Minter
) -> Document:
    sha256 = hashlib.sha256(data).hexdigest()
    told = reading.metadata
    known_by = identity_of(name, identity, told, sha256)
    language = told.language or detect_language(reading.text)
    return Document(
        iri=minter.document(known_by),
        identity=known_by,
        sha256=sha256,
        text=reading.text,
        passages=with_pages(cut_passages(reading.text, reading.blocks, language), reading.pages),
        title=told.title or one_line(PurePath(name).stem) or "untitled",
        language=language,
        publisher=told.publisher,
        creators=told.creators,
        issued=told.issued,
        source=told.source,
        licence=told.licence,
        media_type=kind,
    )


def _bytes_of(name: str) -> bytes:
    """The bytes of a file, or one sentence on why not."""
    try:
        path = Path(name)
        if path.is_dir():
            raise SourceError(name, "is a directory; name the files in it")
        with path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            if size > MAX_BYTES:
                raise SourceError(
                    name, f"has {size / 1e6:.0f} MB, more than {MAX_BYTES // 1_000_000}; cut it into parts"
                )
            return file.read(MAX_BYTES + 1)
    except FileNotFoundError as exc:
        raise SourceError(name, "there is no such file") from exc
    except PermissionError as exc:
        raise SourceError(name, "may not be read; check its permissions") from exc
    except (OSError, ValueError) as exc:
        reason = exc.strerror if isinstance(exc, OSError) and exc.strerror else str(exc)
        raise SourceError(name, f"cannot be opened: {reason}") from exc


def _media_type(data: bytes, name: str, given: str | None) -> tuple[str, str | None]:
    """Media type and charset: as given, else by the name, else by how the bytes start."""
    if given is not None:
        kind, *parameters = (part.strip() for part in given.split(";"))
        charset = next((p[8:].strip("\"'") for p in parameters if p.lower().startswith("charset=")), None)
        if kind.lower() not in MEDIA_TYPES:
            raise SourceError(name, f"is {kind}; kgraph reads {', '.join(MEDIA_TYPES)}")
        return kind.lower(), charset
    if data.startswith(b"%PDF-"):
        return "application/pdf", None  # whatever its name: no text starts so
    by_name = SUFFIXES.get(PurePath(name).suffix.lower())
    if by_name:
        return by_name, None
    head = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    page = head.startswith((b"<!doctype html", b"<html")) or (head.startswith(b"<?xml") and b"<html" in head)
    return ("text/html" if page else "text/plain"), None


def _read_pdf(data: bytes, name: str) -> Reading:
    if not data:
        raise SourceError(name, "is empty; there is nothing to read")
    from kgraph.documents.pdf import read_pdf

    return read_pdf(data, name)


def _reader(kind: str) -> Callable[[str, str], Reading]:
    """The reader of a format; its libraries are loaded now and not before."""
    if kind == "text/plain":
        from kgraph.documents.plain_text import read_plain_text

        return lambda decoded, name: read_plain_text(decoded)
    if kind == "text/markdown":
        from kgraph.documents.markdown import read_markdown

        return read_markdown
    from kgraph.documents.html import read_html

    return read_html
