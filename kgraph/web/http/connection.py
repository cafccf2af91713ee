"""One connection: requests are read from it, and answered in their order.

All of it runs in the thread of the event loop, but for what an exchange writes.
"""

import asyncio
import threading
from collections import deque
from typing import Any, Protocol

from httptools import HttpParserError, HttpParserUpgrade, HttpRequestParser

from kgraph.web.http.exchange import Exchange, Site
from kgraph.web.http.requests import (
    LONGEST_REMEMBERED,
    IncomingBody,
    Remembered,
    environ_of,
    environ_of_connection,
)

#: Of the head of a request: bytes and headers.
_MOST_HEAD_BYTES, _MOST_HEADERS = 128 * 1024, 100
_HEAD_TOO_LARGE = f"the head of a request may have {_MOST_HEAD_BYTES} bytes"
#: That may come at once; and from who does not wait for answers.
_MOST_READ_BYTES = 256 * 1024
#: Requests that were sent before the one before was answered.
_MOST_AHEAD = 100
#: A body that is no longer has come before anybody is asked to answer: if slowly, it holds up no thread.
_SHORT_BODY_BYTES = 64 * 1024
#: What is still taken, and not looked at, from who sends more than was waited for; and for how long.
_MOST_IGNORED_BYTES, _LONGEST_LEAVE_S = 20_000_000, 5.0

#: Of the path of a request, in bytes, and of the length of a body, in digits.
_MOST_PATH_BYTES, _MOST_DIGITS = 8 * 1024, 18
#: After so long who waits to write looks whether there is still a connection.
_LONGEST_PAUSE_S = 1.0

_Fault = tuple[int, str]

_VERSIONS = {"1.0", "1.1"}
_TIMEOUT = (408, "the request did not come in time; nothing was done")


class Host(Site, Protocol):
    """What a connection needs of its server.

    :ivar thread: in which the loop runs.
    :ivar known: requests that have come before.
    """

    thread: int
    known: Remembered

    @property
    def loop(self) -> asyncio.AbstractEventLoop:
        """That all connections have."""

    def admit(self, connection: "Connection") -> bool:
        """Take note of a new one; whether it may stay."""

    def forget(self, connection: "Connection") -> None:
        """It has ended."""

    def answer(self, exchange: Exchange) -> None:
        """See to it that a request is answered, now or soon."""


class Connection(asyncio.Protocol):
    """A client, and what it has sent.

    :ivar address: of the client.
    :ivar since_s: when we began to wait for the client, by the clock of the loop.
    """

    def __init__(self, host: Host):
        self._host = host
        self._loop = host.loop
        self._parser = HttpRequestParser(self)
        self.transport: Any = None
        self.address = ""
        self.since_s = self._loop.time()
        self._room = threading.Event()
        self._room.set()
        self.has_left = self.is_lost = False
        self._same: dict[str, Any] = {}
        # What is read.
        self._whole = self._target = b""
        self._headers: list[tuple[bytes, bytes]] = []
        self._is_in_head = False
        self._unheard_bytes = self._fed_bytes = self._ahead_bytes = 0
        self._is_resuming = False
        self._incoming: IncomingBody | None = None
        self._pieces: list[bytes] = []
        self._framing = b""
        self._is_paused = False
        self._ignored_bytes = 0
        #: Whether no more requests are taken from it; and why, if it is to be told.
        self._has_last = False
        self._fault: _Fault | None = None
        self._has_given_up = False
        # What is answered.
        self._waiting: deque[Exchange] = deque()
        self._answering: Exchange | None = None
        self._is_advancing = False
        self._is_full = False
        self._is_leaving = False

    # Of the transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """A client has come."""
        self.transport = transport
        client, own = transport.get_extra_info("peername"), transport.get_extra_info("sockname")
        self.address = str(client[0]) if client else ""
        self._same = environ_of_connection(own or ("", 0), client or ("", 0))
        if not self._host.admit(self):
            self._has_last = True
            self.transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        """The client, or we, have ended it."""
        self.has_left = self.is_lost = True
        self._is_full = False
        if self._incoming is not None:
            self._incoming.end(is_whole=False)
        self._waiting.clear()
        self._room.set()
        self._host.forget(self)

    def eof_received(self) -> bool:
        """The client sends no more; whether it is still to be sent something."""
        self.has_left = self._has_last = True
        if self._incoming is not None:
            self._incoming.end(is_whole=False)
            self._incoming = None
        self._advance()
        return bool(self._answering or self._waiting or self._fault)

    def pause_writing(self) -> None:
        """The client reads more slowly than we write."""
        self._is_full = True
        self._room.clear()

    def resume_writing(self) -> None:
        """It has read most of it."""
        self._is_full = False
        self._room.set()
        self._advance()
        self._pause_or_go_on()

    def data_received(self, data: bytes) -> None:
        """The client has sent something."""
        if self._has_last and self._incoming is None:
            self._ignored_bytes += len(data)
            if self._ignored_bytes > _MOST_IGNORED_BYTES:
                self.transport.abort()
            return
        if self._is_at_rest():
            known = self._host.known.get(data)
            if known is not None:
                self.since_s, self._unheard_bytes = self._loop.time(), 0
                self._waiting.append(Exchange(self, {**self._same, **known}, True))
                self._advance()
                return
            # Of one request, if its head ends where the data do.
            self._whole = data if len(data) <= LONGEST_REMEMBERED else b""
        else:
            self._whole = b""
        self._fed_bytes = len(data)
        self._unheard_bytes += len(data)
        if self._answering is not None or self._is_full:
            self._ahead_bytes += len(data)
        try:
            self._parse(data)
        except HttpParserError as exc:
            self._give_up(400, f"this is no request of HTTP/1.1: {exc}")
        self._hand_on()
        if self._unheard_bytes > _MOST_HEAD_BYTES + _MOST_READ_BYTES:
            self._give_up(431, _HEAD_TOO_LARGE)
        self._advance()
        self._pause_or_go_on()

    def _is_at_rest(self) -> bool:
        """Whether what comes now begins a request, and nothing else is to be done."""
        busy = self._answering or self._waiting or self._incoming or self._is_in_head or self._has_last
        return not busy

    def _parse(self, data: bytes) -> None:
        """Have it parsed. Another protocol that is offered is not taken up: what follows is HTTP as before.

        The parser takes a request with such an offer for the last one, and its body for none of its own. So
        another goes on, which is told no more of the head than how the body is framed.
        """
        while data and not (self._has_last and self._incoming is None):
            try:
                self._parser.feed_data(data)
            except HttpParserUpgrade as exc:
                data = data[exc.args[0] :]
                self._parser = HttpRequestParser(self)
                if self._incoming is not None:
                    self._is_resuming = True
                    self._parser.feed_data(b"POST / HTTP/1.1\r\n%b\r\n\r\n" % self._framing)
            else:
                return

    # Of the parser

    def on_message_begin(self) -> None:
        """A request begins."""
        if self._is_resuming:
            return
        if self._has_last:
            raise ValueError("a request after the last")
        self._target, self._headers, self._is_in_head = b"", [], True
        self._unheard_bytes = self._fed_bytes  # or less
        if self._answering is None and not self._waiting:
            self.since_s = self._loop.time()

    def on_url(self, target: bytes) -> None:
        """A part of its target."""
        if not self._is_resuming:
            self._target += target

    def on_header(self, name: bytes, value: bytes) -> None:
        """One of its headers, or what comes after its body."""
        if self._is_in_head:
            self._headers.append((name, value))
            if len(self._headers) > _MOST_HEADERS:
                self._give_up(431, f"a request may have {_MOST_HEADERS} headers")
                raise ValueError("too many headers")

    def on_headers_complete(self) -> None:
        """Its head is there."""
        if self._is_resuming:
            self._is_resuming = False
            return
        self._is_in_head = False
        if not self._has_last:
            self._take(self._parser, self._headers)
        self._unheard_bytes = 0

    def _take(self, parser: HttpRequestParser, headers: list[tuple[bytes, bytes]]) -> None:
        version, method = parser.get_http_version(), parser.get_method().decode("ascii")
        fault = self._fault_of(version, method)
        if fault is None:
            environ = environ_of(method, self._target, version, headers)
            fault = _fault_of_headers(environ, version)
        if fault is not None:
            self._give_up(*fault)
            return
        self._incoming = body = self._body_of(environ)
        # Where HTTP/1.0 has chunks the end of the body is in doubt. Source: RFC 9112, section 6.1.
        is_in_doubt = version == "1.0" and "HTTP_TRANSFER_ENCODING" in environ
        is_one_too_many = len(self._waiting) >= _MOST_AHEAD - 1
        keeps_alive = parser.should_keep_alive() and not is_in_doubt and not is_one_too_many
        if keeps_alive and body is None and self._whole.find(b"\r\n\r\n") == len(self._whole) - 4:
            self._host.known.put(self._whole, environ)
        self._waiting.append(Exchange(self, self._same | environ, keeps_alive, body))
        self._has_last = not keeps_alive

    def _fault_of(self, version: str, method: str) -> _Fault | None:
        """What is wrong with a request that was not looked at yet."""
        if version not in _VERSIONS:
            return 505, "only HTTP/1.1 and HTTP/1.0 are spoken here"
        if method == "CONNECT":
            return 501, "this is no proxy"
        if len(self._target) > _MOST_PATH_BYTES and len(self._target.partition(b"?")[0]) > _MOST_PATH_BYTES:
            return 414, f"an address may have {_MOST_PATH_BYTES} bytes before the question mark"
        if self._unheard_bytes > _MOST_HEAD_BYTES:
            size = len(self._target) + sum(len(name) + len(value) for name, value in self._headers)
            if size > _MOST_HEAD_BYTES:
                return 431, _HEAD_TOO_LARGE
        return None

    def _body_of(self, environ: dict[str, Any]) -> IncomingBody | None:
        """What the body will be read from, if there is one."""
        length, coding = environ.get("CONTENT_LENGTH", "0"), environ.get("HTTP_TRANSFER_ENCODING")
        if coding is None and length == "0":
            return None
        self._framing = b"Transfer-Encoding: chunked" if coding else f"Content-Length: {length}".encode()
        return IncomingBody(self._go_ahead if _is_to_be_told(environ) else _nothing, self._take_more)

    def on_body(self, data: bytes) -> None:
        """A part of its body."""
        self._unheard_bytes = 0
        if self._incoming is not None:
            self._pieces.append(data)

    def on_message_complete(self) -> None:
        """Its end, unless it only seems so (see `_parse`)."""
        if self._incoming is not None:
            if self._parser.should_upgrade():
                return
            self._hand_on()
            self._incoming.end(is_whole=True)
        self._incoming = None
        if not self._parser.should_keep_alive():  # as what came after the body may have said
            self._has_last = True

    def _hand_on(self) -> None:
        """Give what has come of a body to who reads it, all at once: of very small chunks there are many."""
        if self._incoming is not None and self._pieces:
            self._incoming.put(b"".join(self._pieces))
        self._pieces.clear()

    def _give_up(self, status: int, words: str) -> None:
        """Take nothing more; say why, once all before is answered."""
        if not self._has_last:
            self._fault = status, words
        self._has_last = True
        self._is_in_head = False
        if self._incoming is not None:
            self._incoming.end(is_whole=False)
            self._fault = None  # it is told by whoever reads the body
        self._incoming = None

    # Of exchanges; in any thread

    def write(self, data: bytes) -> None:
        """Send a part of an answer."""
        if threading.get_ident() == self._host.thread:
            self.transport.write(data)
            return
        self._room.clear()
        self._loop.call_soon_threadsafe(self._write, data)

    def wait(self) -> None:
        """Come back when more may be written; at once in the loop, which would wait for itself."""
        if threading.get_ident() != self._host.thread:
            while not self._room.wait(_LONGEST_PAUSE_S) and not self.is_lost:
                pass

    def finish(self, data: bytes) -> None:
        """Send the last part."""
        if threading.get_ident() == self._host.thread:
            self._finish(data)
        else:
            self._loop.call_soon_threadsafe(self._finish, data)

    def break_off(self) -> None:
        """End the connection without the end of the answer."""
        self._loop.call_soon_threadsafe(self._break_off)

    @property
    def host(self) -> Host:
        """Whose connection it is."""
        return self._host

    def _go_ahead(self) -> None:
        if self._answering is None or not self._answering.is_begun:
            self._loop.call_soon_threadsafe(self._write, b"HTTP/1.1 100 Continue\r\n\r\n")

    def _take_more(self) -> None:
        self._loop.call_soon_threadsafe(self._pause_or_go_on)

    # In the loop

    def hurry(self, now_s: float, time_s: float) -> None:
        """End it, if its client has kept us waiting for too long."""
        if self._is_leaving:
            time_s = min(time_s, _LONGEST_LEAVE_S)
        if self._answering is not None or now_s - self.since_s < time_s:
            return
        if self._is_leaving:
            self.transport.abort()
        elif self._is_in_head or self._waiting:
            self._waiting.clear()
            self._incoming = None
            self._has_last, self._is_in_head, self._fault = True, False, _TIMEOUT
            self._advance()
        else:
            self.transport.close()

    def end_if_idle(self) -> None:
        """End it, if nothing is under way."""
        if self._answering is None and not self._waiting:
            self.transport.close()

    def _advance(self) -> None:
        """Have the next request answered, if there is one and none is being answered."""
        if self._is_advancing:
            return
        self._is_advancing = True
        try:
            self._answer_in_turn()
        finally:
            self._is_advancing = False

    def _answer_in_turn(self) -> None:
        # Who does not read gets no more.
        while not (self._answering or self._is_full or self._is_leaving or self.transport.is_closing()):
            if self._waiting:
                exchange = self._waiting[0]
                if self._is_worth_waiting(exchange):
                    break
                self._answering = self._waiting.popleft()
                self._host.answer(exchange)
            elif self._fault is not None:
                (status, words), self._fault = self._fault, None
                self._has_given_up = True
                self._answering = Exchange(self, {}, False)
                self._answering.refuse(status, words)
            elif self._has_last and self._is_paused:
                self._leave()
            elif self._has_last:
                self.transport.close()
            else:
                break

    def _is_worth_waiting(self, exchange: Exchange) -> bool:
        """Whether what still comes of a body will soon be there, all of it."""
        environ, body = exchange.environ, exchange.body
        if body is None or body is not self._incoming or _is_to_be_told(environ):
            return False
        length = environ.get("CONTENT_LENGTH", "")
        return (int(length) if length.isdecimal() else body.size_bytes) <= _SHORT_BODY_BYTES

    def _write(self, data: bytes) -> None:
        if not self.transport.is_closing():
            self.transport.write(data)
        if not self._is_full or self.transport.is_closing():
            self._room.set()

    def _finish(self, data: bytes) -> None:
        exchange, self._answering = self._answering, None
        self.since_s = self._loop.time()
        if self.transport.is_closing():
            return
        if data:
            self.transport.write(data)
        if exchange is not None and (not exchange.keeps_alive or self._host.is_stopping):
            self._has_last = True
            self._waiting.clear()
            if self._has_given_up or (exchange.body is not None and exchange.body is self._incoming):
                self._leave()
        self._advance()
        if self._is_paused:
            self._pause_or_go_on()

    def _leave(self) -> None:
        """End it when the client has: it still sends what nobody will read.

        Were it ended at once, the system would tell the client that what it sends goes nowhere, and it might
        never see its answer. Source: RFC 9112, section 9.6.
        """
        self._has_last = self._is_leaving = True
        self._incoming = None
        self.transport.write_eof()
        self._pause_or_go_on()

    def _break_off(self) -> None:
        self._answering = None
        self._has_last = True
        self._waiting.clear()
        self.transport.close()

    def _pause_or_go_on(self) -> None:
        """Read nothing while there is enough to do with what was read.

        Not before: who leaves is seen by reading.
        """
        is_full = self._incoming is not None and self._incoming.is_full
        is_busy = self._answering or self._is_full or self._is_advancing
        if not self._waiting or not is_busy:  # what waits for nothing but its body needs it read
            self._ahead_bytes = 0
        is_paused = is_full or self._ahead_bytes > _MOST_READ_BYTES
        if is_paused != self._is_paused and not self.transport.is_closing():
            self._is_paused = is_paused
            (self.transport.pause_reading if is_paused else self.transport.resume_reading)()


def _fault_of_headers(environ: dict[str, Any], version: str) -> _Fault | None:
    """What is wrong with a request by its headers, that the parser lets pass."""
    if "," in environ.get("HTTP_HOST", "" if version == "1.0" else ","):
        return 400, "a request names one host"  # Source: RFC 9112, section 3.2
    length = environ.get("CONTENT_LENGTH", "0")
    if not length.isdecimal() or len(length) > _MOST_DIGITS:
        return 400, "a length is a number"
    if environ.get("HTTP_TRANSFER_ENCODING", "chunked").lower() != "chunked":
        return 501, "a body may come in chunks, and in no other coding"
    return None


def _is_to_be_told(environ: dict[str, Any]) -> bool:
    """Whether a client waits to be told that its body is wanted. Source: RFC 9110, section 10.1.1."""
    expected = str(environ.get("HTTP_EXPECT", "")).lower()
    return expected == "100-continue" and environ["SERVER_PROTOCOL"] == "HTTP/1.1"


def _nothing() -> None:
    pass
