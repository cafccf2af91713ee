"""Bytes to text, or one clear sentence on why not."""

import codecs
import re

from kgraph.errors import SourceError

#: Longest marks first: the one of UTF-32-LE starts with the one of UTF-16-LE.
_BYTE_ORDER_MARKS: tuple[tuple[bytes, str], ...] = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

#: How files start that people take for documents.
_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "a PDF, whatever its media type says"),
    (b"PK\x03\x04", "a ZIP archive (Word, OpenDocument and EPUB files are such)"),
    (b"\xd0\xcf\x11\xe0", "an old Microsoft Office file"),
    (b"{\\rtf", "an RTF file"),
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"\x1f\x8b", "a gzip file"),
    (b"BZh", "a bzip2 file"),
    (b"\xfd7zXZ", "an xz file"),
    (b"7z\xbc\xaf", "a 7-Zip archive"),
    (b"\x7fELF", "a program"),
    (b"SQLite format 3", "an SQLite database"),
    (b"%!PS", "a PostScript file"),
)

_META_CHARSET = re.compile(rb"<meta\b[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
_XML_ENCODING = re.compile(rb"<\?xml\b[^>]{0,100}?encoding\s*=\s*[\"']([\w.:-]+)[\"']")

#: What a page that declares the left means, as browsers read it.
_AS_BROWSERS_DO = {"iso-8859-1": "windows-1252", "latin-1": "windows-1252", "latin1": "windows-1252"} | {
    "ascii": "windows-1252",
    "us-ascii": "windows-1252",
}


def decode(data: bytes, name: str, encoding: str | None = None, *, html: bool = False) -> str:
    """The text that the bytes encode: byte-order mark, `encoding`, a page's own word, else UTF-8.

    :param name: of the file, for error messages.
    :param encoding: as the user gave it.
    :param html: look for the encoding that the page declares.
    :raises SourceError: if the bytes are no text, or not in that encoding; names line and byte.

    Source: Encoding Standard, sections 4.2 (labels) and 6 (byte-order mark); HTML, section 13.2.3.2.
    """
    for mark, codec in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return _strictly(data[len(mark) :], codec, name, skipped_bytes=len(mark))
    _refuse_binary(data, name, told=encoding)
    if encoding is not None:
        text = _strictly(data, _known(encoding, name), name)
        if "\0" in text:
            raise SourceError(
                name, f"holds NUL characters when read as {encoding}; it is no text in that encoding"
            )
        return text
    declared = _declared(data) if html else None
    return _strictly(data, declared or "utf-8", name)


def _refuse_binary(data: bytes, name: str, told: str | None) -> None:
    for magic, kind in _MAGIC:
        if data.startswith(magic):
            raise SourceError(name, f"is {kind}; kgraph reads plain text, Markdown, HTML and PDF")
    at = data.find(b"\0")
    if at >= 0 and told is None:
        raise SourceError(
            name,
            f"is a binary file (NUL at byte {at}); kgraph reads plain text, Markdown, HTML and PDF "
            "(for UTF-16 without a byte-order mark say --encoding utf-16-le)",
        )


def _known(encoding: str, name: str) -> str:
    try:
        info = codecs.lookup(encoding)
    except (LookupError, ValueError) as exc:
        raise SourceError(name, f"unknown encoding {encoding!r}; try utf-8 or windows-1252") from exc
    # hex, rot13, zip … are codecs too, but not from bytes to text; the mark is CPython's own.
    if not getattr(info, "_is_text_encoding", True):
        raise SourceError(name, f"{encoding!r} is no text encoding; try utf-8 or windows-1252")
    return info.name


def _declared(data: bytes) -> str | None:
    head = data[:4096]
    found = _XML_ENCODING.match(head) or _META_CHARSET.search(head)
    if not found:
        return None
    label = found[1].decode("ascii", "replace").lower()
    # The meta was readable byte by byte, so it can't be UTF-16, whatever it says.
    if label.startswith(("utf-16", "utf16", "utf-32", "utf-7", "utf7")):
        return "utf-8"
    try:
        info = codecs.lookup(_AS_BROWSERS_DO.get(label, label))
    except LookupError:
        return None
    return info.name if getattr(info, "_is_text_encoding", True) else None


def _strictly(data: bytes, codec: str, name: str, skipped_bytes: int = 0) -> str:
    try:
        return data.decode(codec)
    except UnicodeDecodeError as exc:
        line = data.count(b"\n", 0, exc.start) + 1
        wrong = f"byte {exc.start + skipped_bytes} (line {line}) is not {codec.upper()}: {exc.reason}"
        raise SourceError(
            name, f"{wrong}; say which encoding it is, e.g. --encoding {_likely(data)}"
        ) from exc
    except (UnicodeError, ValueError) as exc:
        raise SourceError(name, f"cannot be read as {codec}: {exc}") from exc


def _likely(data: bytes) -> str:
    """The encoding that a statistical look at the bytes suggests."""
    from charset_normalizer import from_bytes

    best = from_bytes(data[:20_000]).best()
    guess = best.encoding.replace("_", "-") if best else ""
    # Short Western texts fit many code pages; the common one of the family is the better word.
    cyrillic = ("cp1251", "koi8-r", "mac-cyrillic", "cp866", "iso8859-5", "cp855")
    asian = ("gb", "big5", "euc", "shift", "cp932", "cp949", "iso2022", "cp1256", "cp1254", "hz")
    if guess.startswith(asian):
        return guess
    return "windows-1251" if guess in cyrillic else "windows-1252"
