"""Bodies of requests: as they were sent, whole, and not waited for without end.

A server hands on what has come of a body when its client breaks off, as if that were all. So what comes is
counted; and timed, where the server can be told how long to wait. Nothing is unpacked: a body that is
compressed is refused, whatever it would grow to.

Sources: RFC 9110, sections 8.6 (Content-Length), 15.5.9 (408) and 15.5.16 (415); RFC 9112, section 8
(messages cut short).
"""

import io
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any, Protocol, runtime_checkable

from werkzeug.exceptions import (
    BadRequest,
    HTTPException,
    RequestEntityTooLarge,
    RequestTimeout,
    ServiceUnavailable,
)

from kgraph.web.layers.bodies import Application
from kgraph.web.layers.problems import refuse

#: A body may take this much longer for each byte of it.
_LEAST_BYTES_A_S = 10_000
_PIECE_BYTES = 64 * 1024
_RETRY_S = 5
#: A body that takes no longer is not slow: so long it has a thread that others may need.
_AT_ONCE_S = 0.25
#: Slow ones that are waited for, each by a thread.
MOST_WAITED_FOR = 24


class BodyFile(io.RawIOBase):
    """The body of a request as a file; `read` is all that it needs."""

    def readable(self) -> bool:
        """Yes."""
        return True

    def readall(self) -> bytes:
        """All of it."""
        return self.read()

    def readinto(self, buffer: Any) -> int:
        """As any file."""
        data = self.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)


class Source(Protocol):
    """A body as a server gives it."""

    def read(self, size: int, /) -> bytes:
        """As much as is asked for; less at its end, and mostly when the client breaks off, too."""


@runtime_checkable
class TimedSource(Source, Protocol):
    """A body that is not waited for without end, and that does not end where the client breaks off."""

    def read_until(self, size: int, until_s: float) -> bytes:
        """As `read`; what had come is not lost.

        :param until_s: by the clock of `time.monotonic`.
        :raises TimeoutError: if it has not come by then.
        :raises ConnectionError: if the client breaks off.
        """


class RequestBodies:
    """A WSGI application before another, which sees to the bodies of requests.

    :param time_s: how long a body may take, beyond what its size allows for.
    :param most_bytes: that may come in chunks: those whose size is told are for others to judge.
    """

    def __init__(self, application: Application, time_s: float, most_bytes: int):
        self._application = application
        self.time_s = time_s
        self.most_bytes = most_bytes
        self._waiting = threading.BoundedSemaphore(MOST_WAITED_FOR)

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """As any WSGI application."""
        coding = str(environ.get("HTTP_CONTENT_ENCODING", ""))
        if coding and coding.strip().lower() != "identity":
            words = f"a body in {coding.strip()[:40]!r} is not unpacked here; send it as it is"
            return refuse(start_response, 415, words, ("Accept-Encoding", "identity"))
        length, in_chunks = str(environ.get("CONTENT_LENGTH", "")), "HTTP_TRANSFER_ENCODING" in environ
        if not length.isdecimal() and not in_chunks:
            return self._application(environ, start_response)
        announced = None if in_chunks or not length.isdecimal() else int(length)
        environ["wsgi.input"] = Body(environ["wsgi.input"], announced, self)
        try:
            return self._application(environ, start_response)
        except HTTPException as exc:  # what reads before Flask does not turn it into an answer
            return refuse(start_response, exc.code or 500, exc.description or "")

    def read(self, source: Source, size: int, until_s: float) -> bytes:
        """Read, until a time.

        :param until_s: by the clock of `time.monotonic`.
        :raises RequestTimeout: (408) if it is not there by then.
        :raises ServiceUnavailable: (503) if it is not there at once, and as many are waited for as may be.
        :raises ConnectionError: if the client breaks off, and the server tells.
        """
        if not isinstance(source, TimedSource):
            return source.read(size)
        with suppress(TimeoutError):
            return source.read_until(size, min(until_s, time.monotonic() + _AT_ONCE_S))
        if not self._waiting.acquire(blocking=False):
            raise ServiceUnavailable("too many requests are slow to come", retry_after=_RETRY_S)
        try:
            return source.read_until(size, until_s)
        except TimeoutError as exc:
            raise RequestTimeout("the request did not come in time; nothing was done") from exc
        finally:
            self._waiting.release()


class Body(BodyFile):
    """The body of one request.

    :param length_bytes: that the client has announced; None if it sends chunks.
    :ivar most_bytes: that may come in chunks.
    """

    def __init__(self, source: Source, length_bytes: int | None, bodies: RequestBodies):
        super().__init__()
        self._source = source
        self._length_bytes = length_bytes
        self._bodies = bodies
        self.most_bytes = bodies.most_bytes
        self._read_bytes = 0
        self._until_s: float | None = None
        self._chunks: io.BytesIO | None = None

    @property
    def tells_its_end(self) -> bool:
        """Whether a body that breaks off is not taken for a whole one."""
        return self._length_bytes is not None or isinstance(self._source, TimedSource)

    def read(self, size: int | None = -1) -> bytes:
        """As much as is asked for, or is there; all of it, if nothing is said.

        :raises RequestTimeout: (408) if it comes too slowly.
        :raises BadRequest: (400) if the client broke off.
        :raises RequestEntityTooLarge: (413) if more comes in chunks than may be.
        """
        if self._length_bytes is not None:
            left = self._length_bytes - self._read_bytes
            return self._take(left if size is None or size < 0 else min(size, left))
        if self._chunks is None:
            # Whoever reads may read no more than may be, and take that for all there is.
            self._chunks = io.BytesIO(self._take(self.most_bytes + 1))
            if self._read_bytes > self.most_bytes:
                raise RequestEntityTooLarge
        return self._chunks.read(size)

    def _take(self, size: int) -> bytes:
        pieces: list[bytes] = []
        if self._until_s is None:
            self._until_s = time.monotonic() + self._bodies.time_s
        while size:
            until_s = self._until_s + self._read_bytes / _LEAST_BYTES_A_S
            asked = min(size, _PIECE_BYTES)
            try:
                piece = self._bodies.read(self._source, asked, until_s)
            except ConnectionError as exc:
                raise BadRequest("the request breaks off; nothing was done") from exc
            self._read_bytes += len(piece)
            size -= len(piece)
            pieces.append(piece)
            if len(piece) < asked:
                if self._length_bytes is not None:
                    raise BadRequest(
                        f"the request ends after {self._read_bytes} of {self._length_bytes} bytes; "
                        "nothing was done"
                    )
                break
        return b"".join(pieces)
