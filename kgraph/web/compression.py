"""Answers made smaller by what the client takes: gzip always, br and zstd where they are installed.

Chunk by chunk, each handed on at once, so that nothing is held back.

Source: RFC 9110, sections 8.4 and 12.5.3.
"""

import zlib
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from importlib import import_module
from typing import Protocol, cast

from flask import Flask, Response, request
from werkzeug.wsgi import ClosingIterator

#: Less than this is sent as it is: it fits in a packet anyway.
_LEAST_BYTES = 1000
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
        if not _is_text(response):
            return response
        response.vary.add("Accept-Encoding")
        coding = _chosen()
        if coding is None or not _is_worth_it(response):
            return response
        source, chunks = response.response, response.iter_encoded()
        response.response = ClosingIterator(
            _compressed(chunks, codings()[coding]()), getattr(source, "close", None)
        )
        response.headers["Content-Encoding"] = coding
        response.headers.pop("Content-Length", None)
        return response


def _is_text(response: Response) -> bool:
    mimetype = response.mimetype or ""
    return mimetype.startswith(_TEXTS) or mimetype.endswith(("+json", "+xml"))


def _is_worth_it(response: Response) -> bool:
    if request.method == "HEAD" or response.status_code in {204, 206, 304}:
        return False
    if "Content-Encoding" in response.headers or response.direct_passthrough:
        return False
    if not response.is_sequence:  # to ask a stream for its length would read it to its end
        return True
    return (response.calculate_content_length() or 0) >= _LEAST_BYTES


def _chosen() -> str | None:
    """The coding that the client likes best, ours first among equals; None: as it is."""
    wishes = request.accept_encodings
    if not wishes:
        return None
    best = max(codings(), key=wishes.quality)
    as_it_is = wishes.quality("identity") if "identity" in wishes.values() else 0
    return best if wishes.quality(best) > 0 and wishes.quality(best) >= as_it_is else None


def _compressed(chunks: Iterable[bytes], compressor: Compressor) -> Iterator[bytes]:
    for chunk in chunks:
        yield compressor.add(chunk)
    yield compressor.finish()
