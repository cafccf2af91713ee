"""Bodies of requests: as they were sent, whole, and not waited for without end.

A server hands on what has come of a body when its client breaks off, as if that were all, and waits for the
rest of one as long as the client likes. So what comes is counted and timed here. And nothing is unpacked: a
body that is compressed is refused, whatever it would grow to.

Sources: RFC 9110, sections 8.6 (Content-Length), 15.5.9 (408) and 15.5.16 (415); RFC 9112, section 8
(messages cut short).
"""

import io
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Protocol

from werkzeug.exceptions import BadRequest, HTTPException, RequestTimeout

from kgraph.web.bodies import Application
from kgraph.web.problems import refuse
from kgraph.web.stalled import MOST_HELD_UP

#: A body may take this much longer for each byte of it.
_LEAST_BYTES_A_S = 10_000
_PIECE_BYTES = 64 * 1024
#: Bodies that are read by threads other than those that want them.
_READERS = 64


class _Source(Protocol):
    def read(self, size: int, /) -> bytes: ...


class RequestBodies:
    """A WSGI application before another, which sees to the bodies of requests.

    :param time_s: how long a body may take, beyond what its size allows for.
    """

    def __init__(self, application: Application, time_s: float):
        self._application = application
        self._time_s = time_s
        self._untimed = threading.BoundedSemaphore(MOST_HELD_UP)
        self._readers = ThreadPoolExecutor(_READERS, thread_name_prefix="kgraph-bodies")

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """As any WSGI application."""
        coding = str(environ.get("HTTP_CONTENT_ENCODING", "")).strip().lower()
        if coding not in {"", "identity"}:
            words = f"a body in {coding[:40]!r} is not unpacked here; send it as it is"
            return refuse(start_response, 415, words, ("Accept-Encoding", "identity"))
        length = str(environ.get("CONTENT_LENGTH", ""))
        if not length.isdecimal() and "HTTP_TRANSFER_ENCODING" not in environ:
            return self._application(environ, start_response)
        body = _Body(environ["wsgi.input"], int(length) if length.isdecimal() else None, self)
        environ["wsgi.input"] = body

        def begin(status: str, headers: list[tuple[str, str]], *exc_info: Any) -> Any:
            if body.is_late:
                headers = [each for each in headers if each[0].lower() != "content-length"]
            return start_response(status, headers, *exc_info)

        try:
            answer = self._application(environ, begin)
        except HTTPException as exc:  # what reads before Flask does not turn it into an answer
            answer = refuse(begin, exc.code or 500, exc.description or "")
        return _then_end(answer) if body.is_late else answer

    def read(self, source: _Source, size: int, until_s: float) -> bytes:
        """Read, until a time.

        :param until_s: by the clock of `time.monotonic`.
        :raises TimeoutError: if it is not there by then.
        """
        # A few are read by the thread that wants them, which is fastest, and which a client can hold up.
        # Beyond these, another thread reads, and nobody waits for it longer than may be.
        if self._untimed.acquire(blocking=False):
            try:
                return source.read(size)
            finally:
                self._untimed.release()
        return self._readers.submit(source.read, size).result(max(0.0, until_s - time.monotonic()))

    @property
    def time_s(self) -> float:
        """How long a body may take, beyond what its size allows for."""
        return self._time_s


class _Body(io.RawIOBase):
    """The body of one request.

    :param length_bytes: that the client has announced; None if it sends chunks.
    :ivar is_late: whether it did not come in time. Someone may still be reading it.
    """

    def __init__(self, source: _Source, length_bytes: int | None, bodies: RequestBodies):
        super().__init__()
        self._source = source
        self._length_bytes = length_bytes
        self._bodies = bodies
        self._read_bytes = 0
        self._until_s: float | None = None
        self.is_late = False

    def readable(self) -> bool:
        """Yes."""
        return True

    def read(self, size: int | None = -1) -> bytes:
        """As much as is asked for, or is there; all of it, if nothing is said.

        :raises RequestTimeout: (408) if it comes too slowly.
        :raises BadRequest: (400) if the client broke off.
        """
        pieces: list[bytes] = []
        left = -1 if size is None else size
        while left:
            piece = self._piece(_PIECE_BYTES if left < 0 else min(left, _PIECE_BYTES))
            if not piece:
                break
            pieces.append(piece)
            left -= len(piece) if left > 0 else 0
        return b"".join(pieces)

    def readall(self) -> bytes:
        """All of it."""
        return self.read()

    def readinto(self, buffer: Any) -> int:
        """As any file."""
        data = self.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def _piece(self, size: int) -> bytes:
        if self._length_bytes is not None:
            size = min(size, self._length_bytes - self._read_bytes)
            if not size:
                return b""
        now = time.monotonic()
        if self._until_s is None:
            self._until_s = now + self._bodies.time_s
        until_s = self._until_s + self._read_bytes / _LEAST_BYTES_A_S
        try:
            piece = self._bodies.read(self._source, size, until_s)
        except TimeoutError as exc:
            self.is_late = True
            raise RequestTimeout("the request did not come in time; nothing was done") from exc
        self._read_bytes += len(piece)
        if len(piece) < size and self._length_bytes is not None:
            raise BadRequest(
                f"the request ends after {self._read_bytes} of {self._length_bytes} bytes; nothing was done"
            )
        return piece


def _then_end(answer: Iterable[bytes]) -> Iterator[bytes]:
    """An answer after which the connection is ended: else the rest of the request would be waited for."""
    yield from answer
    raise ConnectionError("the request did not come in time")
