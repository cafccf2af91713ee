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
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, Protocol

from werkzeug.exceptions import (
    BadRequest,
    HTTPException,
    RequestEntityTooLarge,
    RequestTimeout,
    ServiceUnavailable,
)

from kgraph.web.layers.bodies import Application, BrokenOff
from kgraph.web.layers.problems import refuse
from kgraph.web.layers.stalled import MOST_HELD_UP, MOST_WAITED_FOR

#: A body may take this much longer for each byte of it.
_LEAST_BYTES_A_S = 10_000
_PIECE_BYTES = 64 * 1024
#: For how long an answer that ends its connection waits for others like it, and how long others wait for it.
_ENDING_S = 5.0
_RETRY_S = 5
#: A body that takes no longer is not slow.
_AT_ONCE_S = 1.0


class _Source(Protocol):
    def read(self, size: int, /) -> bytes: ...


class RequestBodies:
    """A WSGI application before another, which sees to the bodies of requests.

    :param time_s: how long a body may take, beyond what its size allows for.
    :param most_bytes: that may come in chunks: those whose size is told are for others to judge.
    """

    def __init__(self, application: Application, time_s: float, most_bytes: int):
        self._application = application
        self.time_s = time_s
        self.most_bytes = most_bytes
        self._untimed = threading.BoundedSemaphore(MOST_HELD_UP)
        self._waiting = threading.BoundedSemaphore(MOST_WAITED_FOR)
        self._readers = ThreadPoolExecutor(4 * MOST_WAITED_FOR, thread_name_prefix="kgraph-bodies")
        self._ending = threading.Lock()

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
        return _Last(answer, body, self._ending) if body.is_late else answer

    def read(
        self, source: _Source, size: int, until_s: float, note: "Callable[[Future[bytes]], None]"
    ) -> bytes:
        """Read, until a time.

        :param note: is told of what may go on reading when this ends.
        :param until_s: by the clock of `time.monotonic`.
        :raises RequestTimeout: (408) if it is not there by then.
        :raises ServiceUnavailable: (503) if it is not there at once, and as many are waited for as may be.
        """
        # A few are read by the thread that wants them, which is fastest, and which a client can hold up.
        # Beyond these, another thread reads, and nobody waits for it longer than may be.
        if self._untimed.acquire(blocking=False):
            try:
                return source.read(size)
            finally:
                self._untimed.release()
        reading = self._readers.submit(source.read, size)
        try:
            return reading.result(_AT_ONCE_S)
        except TimeoutError:
            note(reading)
        if not self._waiting.acquire(blocking=False):
            raise ServiceUnavailable("too many requests are slow to come", retry_after=_RETRY_S)
        try:
            return reading.result(max(0.0, until_s - time.monotonic()))
        except TimeoutError as exc:
            raise RequestTimeout("the request did not come in time; nothing was done") from exc
        finally:
            self._waiting.release()


class _Body(io.RawIOBase):
    """The body of one request.

    :param length_bytes: that the client has announced; None if it sends chunks.
    :ivar is_late: whether it did not come in time; someone may still be reading it.
    """

    def __init__(self, source: _Source, length_bytes: int | None, bodies: RequestBodies):
        super().__init__()
        self._source = source
        self._length_bytes = length_bytes
        self._bodies = bodies
        self._read_bytes = 0
        self._until_s: float | None = None
        self._chunks: io.BytesIO | None = None
        self.is_late = False
        self._reading: Future[bytes] | None = None

    def readable(self) -> bool:
        """Yes."""
        return True

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
            self._chunks = io.BytesIO(self._take(self._bodies.most_bytes + 1))
            if self._read_bytes > self._bodies.most_bytes:
                raise RequestEntityTooLarge
        return self._chunks.read(size)

    def readall(self) -> bytes:
        """All of it."""
        return self.read()

    def readinto(self, buffer: Any) -> int:
        """As any file."""
        data = self.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)

    @property
    def is_read(self) -> bool:
        """Whether someone is reading it now, as long as the client sends nothing and stays."""
        return self._reading is not None and not self._reading.done()

    def _note(self, reading: "Future[bytes]") -> None:
        self._reading = reading

    def _take(self, size: int) -> bytes:
        pieces: list[bytes] = []
        if self._until_s is None:
            self._until_s = time.monotonic() + self._bodies.time_s
        while size:
            until_s = self._until_s + self._read_bytes / _LEAST_BYTES_A_S
            asked = min(size, _PIECE_BYTES)
            try:
                piece = self._bodies.read(self._source, asked, until_s, self._note)
            except HTTPException:
                self.is_late = True
                raise
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


class _Last(Iterator[bytes]):
    """An answer after which the connection is ended: else the rest of the request would be waited for.

    `BreakingOff` does that where a body raises, and tells the connection by how much is written to it. So
    only one of these is sent at a time.
    """

    def __init__(self, answer: Iterable[bytes], body: _Body, turn: threading.Lock):
        self._body = body
        self._pieces = iter(answer)
        self._turn = turn
        self._has_turn = body.is_read and turn.acquire(timeout=_ENDING_S)

    def __next__(self) -> bytes:
        for piece in self._pieces:
            return piece
        if not self._body.is_read:
            raise StopIteration  # the client has gone
        raise BrokenOff("the request did not come in time")

    def close(self) -> None:
        """Let the next one be sent."""
        if self._has_turn:
            self._has_turn = False
            self._turn.release()

    def __del__(self) -> None:
        self.close()
