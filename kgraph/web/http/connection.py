"""One connection: requests are read from it, and answered in their order.

All of it runs in the thread of the event loop, but for what an exchange writes.
"""

import asyncio
import threading
from collections import deque
from typing import Any, Protocol

from httptools import HttpParserError, HttpParserUpgrade, HttpRequestParser

from kgraph.web.http.exchange import Exchange, Site
from kgraph.web.http.requests import IncomingBody, environ_of, environ_of_connection

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

_VERSIONS = {"1.0", "1.1"}
_TIMEOUT = (408, "the request did not come in time; nothing was done")


class Host(Site, Protocol):
    """What a connection needs of its server.

    :ivar thread: in which the loop runs.
    """

    thread: int

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
        self.has_left = False
        self._same: dict[str, Any] = {}
        # What is read.
        self._target = b""
        self._headers: list[tuple[bytes, bytes]] = []
        self._is_in_head = False
        self._head_bytes = self._fed_bytes = self._ahead_bytes = 0
        self._incoming: IncomingBody | None = None
        self._is_paused = False
        self._ignored_bytes = 0
        #: Whether no more requests are taken from it; and why, if it is to be told.
        self._has_last = False
        self._fault: tuple[int, str] | None = None
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
        self.has_left = True
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
        return self._answering is not None

    def pause_writing(self) -> None:
        """The client reads more slowly than we write."""
        self._is_full = True
        self._room.clear()

    def resume_writing(self) -> None:
        """It has read most of it."""
        self._is_full = False
        self._room.set()

    def data_received(self, data: bytes) -> None:
        """The client has sent something."""
        if self._has_last and self._incoming is None:
            self._ignored_bytes += len(data)
            if self._ignored_bytes > _MOST_IGNORED_BYTES:
                self.transport.abort()
            return
        self._fed_bytes = len(data)
        if self._answering is not None:
            self._ahead_bytes += len(data)
        try:
            self._parser.feed_data(data)
        except HttpParserUpgrade:
            self._has_last = True  # another protocol was offered, and is not taken up: what follows may be it
            if self._waiting:
                self._waiting[-1].keeps_alive = False
        except HttpParserError as exc:
            self._give_up(400, f"this is no request of HTTP/1.1: {exc}")
        if self._is_in_head:
            self._head_bytes += len(data)  # or less, where it has just begun
            if self._head_bytes > _MOST_HEAD_BYTES + _MOST_READ_BYTES:
                self._give_up(431, _HEAD_TOO_LARGE)
        self._advance()
        self._pause_or_go_on()

    # Of the parser

    def on_message_begin(self) -> None:
        """A request begins."""
        self._target, self._headers, self._is_in_head, self._head_bytes = b"", [], True, 0
        if self._answering is None and not self._waiting:
            self.since_s = self._loop.time()

    def on_url(self, target: bytes) -> None:
        """A part of its target."""
        self._target += target

    def on_header(self, name: bytes, value: bytes) -> None:
        """One of its headers."""
        self._headers.append((name, value))

    def on_headers_complete(self) -> None:
        """Its head is there."""
        self._is_in_head = False
        if not self._has_last:
            self._take(self._parser, self._headers)

    def _take(self, parser: HttpRequestParser, headers: list[tuple[bytes, bytes]]) -> None:
        version = parser.get_http_version()
        if version not in _VERSIONS:
            self._give_up(505, "only HTTP/1.1 and HTTP/1.0 are spoken here")
            return
        if len(headers) > _MOST_HEADERS:
            self._give_up(431, f"a request may have {_MOST_HEADERS} headers")
            return
        if self._head_bytes + self._fed_bytes > _MOST_HEAD_BYTES:
            size = len(self._target) + sum(len(name) + len(value) for name, value in headers)
            if size > _MOST_HEAD_BYTES:
                self._give_up(431, _HEAD_TOO_LARGE)
                return
        keeps_alive = version == "1.1" and parser.should_keep_alive()
        environ = environ_of(self._same, parser.get_method().decode("ascii"), self._target, version, headers)
        host = environ.get("HTTP_HOST", "" if version == "1.0" else ",")
        if "," in host:
            self._give_up(400, "a request names one host")  # Source: RFC 9112, section 3.2
            return
        body = None
        if environ.get("CONTENT_LENGTH", "0") != "0" or "HTTP_TRANSFER_ENCODING" in environ:
            expects = environ.get("HTTP_EXPECT", "").lower() == "100-continue"
            body = IncomingBody(self._go_ahead if expects else _nothing, self._take_more)
        self._incoming = body
        exchange = Exchange(self, environ, keeps_alive, body)
        self._waiting.append(exchange)
        if len(self._waiting) >= _MOST_AHEAD:
            exchange.keeps_alive = False
        self._has_last = not exchange.keeps_alive

    def on_body(self, data: bytes) -> None:
        """A part of its body."""
        if self._incoming is not None:
            self._incoming.put(data)

    def on_message_complete(self) -> None:
        """Its end."""
        if self._incoming is not None:
            self._incoming.end(is_whole=True)
        self._incoming = None

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
            self._room.wait()

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
        while self._answering is None and not self.transport.is_closing() and not self._is_leaving:
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
            elif self._has_last:
                self.transport.close()
            else:
                break
        self._is_advancing = False

    def _is_worth_waiting(self, exchange: Exchange) -> bool:
        """Whether what still comes of a body will soon be there, all of it."""
        environ, body = exchange.environ, exchange.body
        if body is None or body is not self._incoming or "HTTP_EXPECT" in environ:
            return False
        length = environ.get("CONTENT_LENGTH", "")
        return (int(length) if length.isdecimal() else body.size_bytes) <= _SHORT_BODY_BYTES

    def _write(self, data: bytes) -> None:
        if not self.transport.is_closing():
            self.transport.write(data)
        if not self._is_full:
            self._room.set()

    def _finish(self, data: bytes) -> None:
        exchange, self._answering = self._answering, None
        self.since_s = self._loop.time()
        if self.transport.is_closing():
            return
        if data:
            self.transport.write(data)
        if exchange is not None and not exchange.keeps_alive:
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
        if not self._waiting:
            self._ahead_bytes = 0
        is_paused = is_full or self._ahead_bytes > _MOST_READ_BYTES
        if is_paused != self._is_paused and not self.transport.is_closing():
            self._is_paused = is_paused
            (self.transport.pause_reading if is_paused else self.transport.resume_reading)()


def _nothing() -> None:
    pass
