"""A request and its answer: the application is asked, and what it says is put into the form of HTTP.

Half an answer must not look like a whole one: where an answer breaks off, the connection ends before the end
of the body is told.

Sources: PEP 3333 (WSGI); RFC 9112, sections 6 (length of a body) and 7.1 (chunks).
"""

import io
import logging
import re
import tempfile
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any, Protocol

from kgraph.web.http.requests import IncomingBody
from kgraph.web.layers.bodies import Application
from kgraph.web.layers.clients import IS_THERE
from kgraph.web.layers.problems import refuse

#: An answer that is no longer is sent whole.
_SHORT_BYTES = 16_000
#: What HTTP/1.0 cannot be told the end of is held until it is there: so much in memory, so much at all.
_HELD_BYTES, _MOST_HELD_BYTES = 1_000_000, 20_000_000
_TOO_LARGE = "an answer of this size cannot be sent by HTTP/1.0; use HTTP/1.1 (nginx: proxy_http_version 1.1)"
_OLD = "HTTP/1.0"
_LENGTH = re.compile(r"\r\n[Cc]ontent-[Ll]ength: *([0-9]+)\r\n")
_FAULT = "the server made a mistake; it is in its log"

_log = logging.getLogger("kgraph.web")

Headers = list[tuple[str, str]]


class Site(Protocol):
    """What an exchange needs of the server.

    :ivar is_stopping: whether no connection is to go on.
    :ivar date: the time, as headers have it.
    """

    is_stopping: bool
    date: bytes


class Line(Protocol):
    """The connection to a client, as an exchange needs it; to be called in any thread."""

    @property
    def has_left(self) -> bool:
        """Whether the client sends no more, and so will hardly read what is written."""

    @property
    def is_lost(self) -> bool:
        """Whether there is no connection any more."""

    def write(self, data: bytes) -> None:
        """Send a part of the answer."""

    def wait(self) -> None:
        """Come back when more may be written."""

    def finish(self, data: bytes) -> None:
        """Send the last part of it."""

    def break_off(self) -> None:
        """End the connection where the answer is."""

    @property
    def host(self) -> Site:
        """Whose connection it is."""


class Exchange:
    """One request and its answer.

    :param environ: of the request, without its body.
    :ivar keeps_alive: whether the connection may go on after it.
    :ivar is_begun: whether some of the answer was sent.
    :param body: of the request, if it has any.
    """

    __slots__ = (
        "_headers", "_is_finished", "_is_head", "_is_old", "_line", "_status", "body", "environ", "is_begun",
        "keeps_alive",
    )  # fmt: skip

    def __init__(
        self, line: Line, environ: dict[str, Any], keeps_alive: bool, body: IncomingBody | None = None
    ):
        environ["wsgi.input"] = body or io.BytesIO()
        environ[IS_THERE] = self.is_there
        self._line = line
        self._status = ""
        self._headers: Headers = []
        self.is_begun = self._is_finished = False
        self._is_old = environ.get("SERVER_PROTOCOL") == _OLD
        self._is_head = environ.get("REQUEST_METHOD") == "HEAD"
        self.environ = environ
        self.keeps_alive = keeps_alive
        self.body = body

    def is_there(self) -> bool:
        """Whether the client is still there, as far as can be known."""
        return not self._line.has_left

    def run(self, application: Application) -> None:
        """Have it answered; what goes wrong is logged."""
        environ, self.environ = self.environ, {}  # it knows us: what refers to itself is kept for longer
        if self._line.is_lost:
            return
        try:
            body = application(environ, self._begin)
            if isinstance(body, (list, tuple)):
                self._write_whole(body)
                return
            try:
                self._write_pieces(iter(body))
            finally:
                close = getattr(body, "close", None)
                if close is not None:
                    close()
        except Exception as exc:  # noqa: BLE001  # whatever it is, the client is told that there is no answer
            self._fail(exc)

    def refuse(self, status: int, words: str, *headers: tuple[str, str]) -> None:
        """Answer without the application."""
        self.keeps_alive = False
        self._write_whole(refuse(self._begin, status, words, *headers))

    def _begin(self, status: str, headers: Headers, exc_info: Any = None) -> None:
        self._status, self._headers = status, headers

    def _fail(self, exc: Exception) -> None:
        if self._is_finished:
            _log.warning("after an answer was sent: %s", exc)
            return
        if self.is_begun:
            _log.warning("an answer was broken off: %s", exc)
            self._line.break_off()
            return
        _log.error("an answer could not be made", exc_info=exc)
        self._write_whole(refuse(self._begin, 500, _FAULT))

    def _write_whole(self, pieces: Iterable[bytes]) -> None:
        data = b"".join(pieces)
        has_body = self._has_body()
        head, told = self._head(len(data))
        if has_body and told != len(data):
            raise ValueError(f"the answer has {len(data)} bytes, and says that it has {told}")
        self.is_begun = self._is_finished = True
        self._line.finish(head + data if has_body else head)

    def _write_pieces(self, pieces: Iterator[bytes]) -> None:
        first, size_bytes = [], 0
        for piece in pieces:
            first.append(piece)
            size_bytes += len(piece)
            if size_bytes >= _SHORT_BYTES:
                break
        else:
            self._write_whole(first)
            return
        if not self._has_body():
            self._write_whole(())
        elif self._is_old:
            self._write_held(chain(first, pieces))
        else:
            self._write_streamed(chain(first, pieces))

    def _write_streamed(self, pieces: Iterable[bytes]) -> None:
        head, left = self._head(None)
        self.is_begun = True
        self._line.write(head)
        for piece in pieces:
            self._line.wait()
            if not self.is_there():
                self._line.break_off()
                return
            if left is None:
                if piece:
                    self._line.write(b"%x\r\n%b\r\n" % (len(piece), piece))
            else:
                left -= len(piece)
                if left < 0:
                    break
                self._line.write(piece)
        if left:
            raise ValueError(f"the answer has {-left} bytes more than it says")
        self._is_finished = True
        self._line.finish(b"0\r\n\r\n" if left is None else b"")

    def _write_held(self, pieces: Iterable[bytes]) -> None:
        """Send an answer when all of it is there, so that its length can be told.

        HTTP/1.0 has no chunks: an answer without a length ends where the connection does, whether it is whole
        or was broken off. Source: RFC 9112, section 6.3.
        """
        with tempfile.SpooledTemporaryFile(_HELD_BYTES) as held:
            try:
                for piece in pieces:
                    held.write(piece)
                    if not self.is_there():
                        self._line.break_off()
                        return
                    if held.tell() > _MOST_HELD_BYTES:
                        self._write_whole(refuse(self._begin, 413, _TOO_LARGE))
                        return
            except Exception as exc:  # noqa: BLE001  # whatever it is, the answer cannot be finished
                _log.warning("an answer was broken off: %s", exc)
                self._write_whole(refuse(self._begin, 503, "the answer could not be finished"))
                return
            told = next((value for name, value in self._headers if name.lower() == "content-length"), None)
            if told is None:
                self._headers = [*self._headers, ("Content-Length", str(held.tell()))]
            elif int(told) != held.tell():
                raise ValueError(f"the answer has {held.tell()} bytes, and says that it has {told}")
            held.seek(0)
            self._write_streamed(iter(lambda: held.read(_HELD_BYTES), b""))

    def _has_body(self) -> bool:
        """Whether an answer of this status does not end with its head. Source: RFC 9112, section 6.3."""
        return not self._is_head and not self._status.startswith(("204", "304"))

    def _head(self, size_bytes: int | None) -> tuple[bytes, int | None]:
        """The first lines of the answer; and the length of its body that they tell.

        :param size_bytes: of the body; None: it is not known.
        :raises ValueError: if a header has a line break in it.
        """
        head = f"HTTP/1.1 {self._status}\r\n" + "".join(
            [f"{name}: {value}\r\n" for name, value in self._headers]
        )
        if not head.count("\n") == head.count("\r") == len(self._headers) + 1 or "\0" in head:
            raise ValueError("a header of the answer is more than one line")
        found = _LENGTH.search(head)
        told = int(found[1]) if found else None
        if told is None and self._has_body():
            told = size_bytes
            head += "Transfer-Encoding: chunked\r\n" if told is None else f"Content-Length: {told}\r\n"
        host = self._line.host
        if host.is_stopping or (self.body is not None and not self.body.is_whole):
            self.keeps_alive = False
        if not self.keeps_alive:
            head += "Connection: close\r\n"
        elif self._is_old:
            head += "Connection: keep-alive\r\n"
        return b"%bDate: %b\r\n\r\n" % (head.encode("latin-1"), host.date), told
