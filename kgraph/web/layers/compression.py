"""Answers made smaller by what the client takes: gzip always, br and zstd where they are installed.

Chunk by chunk, each handed on at once, so that nothing is held back.

Source: RFC 9110, sections 8.4 and 12.5.3.
"""

import zlib
from collections.abc import Callable, Iterable, Iterator
from functools import cache, lru_cache
from importlib import import_module
from typing import Protocol, cast

from flask import Flask, Response, request
from werkzeug.datastructures import Accept
from werkzeug.http import parse_accept_header
from werkzeug.wsgi import ClosingIterator

#: Less than this is sent as it is: it fits in a packet anyway.
LEAST_BYTES = 1000
#: Of a header; what stands behind is not read.
_LONGEST_HEADER = 1000
# Two thirds of the best in a fifth of the time, on results in JSON.
_GZIP_LEVEL, _BROTLI_QUALITY, _ZSTD_LEVEL = 4, 4, 3
_GZIP_WINDOW = 31  # with gzip's own head and foot

#: What shrinks; pictures are small already.
_TEXTS = ("text/", "application/json", "application/n-", "application/trig", "image/svg+xml")


class Compressor(Protocol):
    """Makes a stream of bytes smaller."""

    def add(self, chunk: bytes) -> bytes:
        """All that a client needs to read the chunk."""

    def finish(self) -> bytes:
        """The end of the stream."""


class _Gzip:
    def __init__(self) -> None:
        self._stream = zlib.compressobj(_GZIP_LEVEL, wbits=_GZIP_WINDOW)

    def add(self, chunk: bytes) -> bytes:
        return self._stream.compress(chunk) + self._stream.flush(zlib.Z_SYNC_FLUSH)

    def finish(self) -> bytes:
        return self._stream.flush()


class _Brotli:
    def __init__(self) -> None:
        self._stream = import_module("brotli").Compressor(quality=_BROTLI_QUALITY)

    def add(self, chunk: bytes) -> bytes:
        return cast(bytes, self._stream.process(chunk) + self._stream.flush())

    def finish(self) -> bytes:
        return cast(bytes, self._stream.finish())


class _Zstd:
    def __init__(self) -> None:
        library = import_module("zstandard")
        self._stream = library.ZstdCompressor(level=_ZSTD_LEVEL).compressobj()
        self._block = library.COMPRESSOBJ_FLUSH_BLOCK

    def add(self, chunk: bytes) -> bytes:
        return cast(bytes, self._stream.compress(chunk) + self._stream.flush(self._block))

    def finish(self) -> bytes:
        return cast(bytes, self._stream.flush())


@cache
def codings() -> dict[str, Callable[[], Compressor]]:
    """The content codings there are, the preferred one first."""
    known: tuple[tuple[str, str, Callable[[], Compressor]], ...] = (
        ("zstd", "zstandard", _Zstd),
        ("br", "brotli", _Brotli),
        ("gzip", "zlib", _Gzip),
    )
    return {name: make for name, library, make in known if _is_installed(library)}


def _is_installed(library: str) -> bool:
    try:
        import_module(library)
    except ImportError:
        return False
    return True


def compress_answers(app: Flask) -> None:
    """Compress what is worth it, once."""

    @app.after_request
    def _compress(response: Response) -> Response:
        if not is_text(response.mimetype or ""):
            return response
        response.vary.add("Accept-Encoding")
        coding = chosen_coding(request.headers.get("Accept-Encoding", ""))
        if coding is None or not _is_worth_it(response):
            return response
        response.response = ClosingIterator(
            Compressed(response.iter_encoded(), coding), getattr(response.response, "close", None)
        )
        response.headers["Content-Encoding"] = coding
        response.headers.pop("Content-Length", None)
        return response


def is_text(mimetype: str) -> bool:
    """Whether what is of a media type shrinks."""
    return mimetype.startswith(_TEXTS) or mimetype.endswith(("+json", "+xml"))


def _is_worth_it(response: Response) -> bool:
    if request.method == "HEAD" or response.status_code in {204, 206, 304}:
        return False
    if "Content-Encoding" in response.headers or response.direct_passthrough:
        return False
    if not response.is_sequence:  # to ask a stream for its length would read it to its end
        return True
    return (response.calculate_content_length() or 0) >= LEAST_BYTES


def chosen_coding(accept_encoding: str) -> str | None:
    """The coding that the client likes best, ours first among equals; None: as it is.

    :param accept_encoding: the header.
    """
    return _chosen(accept_encoding[:_LONGEST_HEADER])


@lru_cache(256)
def _chosen(accept_encoding: str) -> str | None:
    wishes = parse_accept_header(accept_encoding, Accept)
    if not wishes:
        return None
    best = max(codings(), key=wishes.quality)
    as_it_is = wishes.quality("identity") if "identity" in wishes.values() else 0
    return best if wishes.quality(best) > 0 and wishes.quality(best) >= as_it_is else None


class Compressed(Iterator[bytes]):
    """A body made smaller, which can be read chunk by chunk.

    :param body: is let go of with this.
    :param coding: of `codings`.
    """

    def __init__(self, body: bytes | Iterable[bytes], coding: str):
        self._body = body
        self._chunks = iter((body,) if isinstance(body, bytes) else body)
        self._compressor: Compressor | None = codings()[coding]()

    def __next__(self) -> bytes:
        if self._compressor is None:
            raise StopIteration
        for chunk in self._chunks:
            return self._compressor.add(chunk)
        compressor, self._compressor = self._compressor, None
        return compressor.finish()

    def close(self) -> None:
        """Stop whatever makes the body."""
        close = getattr(self._body, "close", None)
        if close is not None:
            close()
