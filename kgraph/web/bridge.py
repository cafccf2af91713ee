"""From Granian to the application, whose answers are given in one thread where nobody is waited for.

Threads that take turns at Python cost more than what they do where that is little. So Granian has one thread
for all requests: it answers what takes but a moment, and gives all else to threads of ours, which wait for
workers, for the gate, and for clients.

Sources: ASGI, HTTP message format, version 2.3; PEP 3333 (WSGI).
"""

import asyncio
import io
import logging
import sys
import tempfile
import threading
import time
from collections.abc import Awaitable, Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from functools import lru_cache, partial
from itertools import chain
from types import CoroutineType
from typing import Any, TypeVar
from urllib.parse import unquote_to_bytes

from kgraph.web.layers.bodies import Application
from kgraph.web.layers.clients import IS_THERE
from kgraph.web.layers.problems import refuse
from kgraph.web.layers.request_bodies import BodyFile

T = TypeVar("T")
Message = dict[str, Any]
Send = Callable[[Message], Awaitable[None]]
Receive = Callable[[], Awaitable[Message]]

#: An answer that is no longer is sent whole.
_SHORT_BYTES = 16_000
#: What HTTP/1.0 cannot be told the end of is held until it is there: so much in memory, so much at all.
_HELD_BYTES, _MOST_HELD_BYTES = 1_000_000, 20_000_000
_TOO_LARGE = "an answer of this size cannot be sent by HTTP/1.0; use HTTP/1.1 (nginx: proxy_http_version 1.1)"
#: Requests that wait for a thread.
_MOST_WAITING = 500

#: Granian calls 1.0 1.
_OLD, _PROTOCOLS = "HTTP/1.0", {"1.1": "HTTP/1.1", "2": "HTTP/2"}
_HEALTH = ("GET", "/health")

_log = logging.getLogger("kgraph.web")
_asking = threading.Lock()

_ENVIRON = {
    "SCRIPT_NAME": "",
    "wsgi.version": (1, 0),
    "wsgi.errors": sys.stderr,
    "wsgi.input_terminated": True,
    "wsgi.multithread": True,
    "wsgi.multiprocess": False,
    "wsgi.run_once": False,
}


class Bridge:
    """An ASGI application that a WSGI application answers for.

    :param is_at_once: whether that answers a request, by its environment, without waiting for anybody.
    :param threads: that wait for somebody, at most.
    """

    def __init__(self, application: Application, is_at_once: Callable[[dict[str, Any]], bool], threads: int):
        self._application = application
        self._is_at_once = is_at_once
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="kgraph-request")
        self._room = threading.BoundedSemaphore(threads + _MOST_WAITING)

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """As any ASGI application, by a thread of ours."""
        loop = asyncio.get_running_loop()
        exchange = _Exchange(receive, send, loop)
        environ = exchange.environ(scope)
        await loop.run_in_executor(self._threads, exchange.run, self._application, environ)

    def take_short_cut(self) -> None:
        """Have Granian's thread call us, where it would wake the thread of the event loop to do so.

        It is no part of Granian's interface. Where that is not there any more, all goes the long way.
        """
        from granian import _futures

        if hasattr(_futures, "_cbsched_aioschedule"):
            _futures._cbsched_aioschedule = lambda loop, context, callback: partial(self._answer, loop)

    def _answer(self, loop: asyncio.AbstractEventLoop, watcher: Any) -> None:
        """Answer a request, or see to it that another thread does.

        :param watcher: what Granian has for it: scope, how to read and to write, and whom to tell of the end.
        """
        try:
            proto = watcher.proto
            exchange = _Exchange(proto.receive, proto.send, loop)
            environ = exchange.environ(watcher.scope)
            if _looks_whether_it_lives(environ) or self._is_at_once(environ):
                self._run(exchange, environ, watcher)
            elif self._room.acquire(blocking=False):
                self._threads.submit(self._run_in_turn, exchange, environ, watcher)
            else:
                exchange.run(_overrun, environ)
                watcher.done()
        except BaseException as exc:  # noqa: BLE001  # whatever it is, Granian tells it
            watcher.err(exc)

    def _run_in_turn(self, exchange: "_Exchange", environ: Message, watcher: Any) -> None:
        try:
            self._run(exchange, environ, watcher)
        finally:
            self._room.release()

    def _run(self, exchange: "_Exchange", environ: Message, watcher: Any) -> None:
        try:
            exchange.run(self._application, environ)
        except BaseException as exc:  # noqa: BLE001  # whatever it is, Granian tells it
            watcher.err(exc)
        else:
            watcher.done()


def _looks_whether_it_lives(environ: Message) -> bool:
    """Whoever does need not wait for others."""
    return (environ["REQUEST_METHOD"], environ["PATH_INFO"]) == _HEALTH


def _overrun(environ: Message, start_response: Callable[..., Any]) -> Iterable[bytes]:
    return refuse(
        start_response, 503, "too many requests at once; try again in a moment", ("Retry-After", "2")
    )


class _Exchange:
    """A request and its answer.

    It does not know its own environment, which knows it: what refers to itself is kept for longer, and room
    that has just been used is the fastest to use again.
    """

    __slots__ = ("_body", "_headers", "_is_old", "_leaving", "_loop", "_receive", "_send", "_status")

    def __init__(self, receive: Receive, send: Send, loop: asyncio.AbstractEventLoop):
        self._receive = receive
        self._send = send
        self._loop = loop
        self._status = 500
        self._is_old = False
        self._headers: list[tuple[str, str]] = []
        self._leaving: Future[None] | None = None
        self._body: _Body | None = None

    def environ(self, scope: Message) -> dict[str, Any]:
        """The request, as PEP 3333 has it."""
        environ = _environ(scope)
        environ[IS_THERE] = self.is_there
        self._is_old = environ["SERVER_PROTOCOL"] == _OLD
        length = environ.get("CONTENT_LENGTH", "0")
        in_chunks = "HTTP_TRANSFER_ENCODING" in environ
        if not in_chunks and (length == "0" or not length.isdecimal()):
            environ["wsgi.input"] = io.BytesIO()
        else:
            environ["wsgi.input"] = self._body = _Body(self, None if in_chunks else int(length))
        return environ

    def run(self, application: Application, environ: dict[str, Any]) -> None:
        """Have it answered.

        :raises Exception: whatever the application raises before anything was sent.
        """
        body = application(environ, self._begin)
        if isinstance(body, (list, tuple)):
            self._write_all(body)
            return
        try:
            self._write_pieces(iter(body))
        finally:
            _close(body)

    def is_there(self) -> bool:
        """Whether the client is still there, as far as can be known: what it sends is not read for that."""
        if self._leaving is None:
            if self._body is not None and not self._body.has_come:
                return True
            # Who writes asks, and who watches over workers. Of two who wait for the client Granian tells one
            # that it has left.
            with _asking:
                if self._leaving is None:
                    self._leaving = asyncio.run_coroutine_threadsafe(self._left(), self._loop)
        return not self._leaving.done()

    def begin_to_receive(self) -> "Future[Message]":
        """What the client sends next."""
        return asyncio.run_coroutine_threadsafe(_awaited(self._receive()), self._loop)

    def _begin(self, status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> None:
        self._status, self._headers = int(status[:3]), headers

    def _write_all(self, pieces: Iterable[bytes]) -> None:
        self._write_head()
        self._write({"type": "http.response.body", "body": b"".join(pieces)})

    def _write_pieces(self, pieces: Iterator[bytes]) -> None:
        first, size_bytes = [], 0
        for piece in pieces:
            first.append(piece)
            size_bytes += len(piece)
            if size_bytes >= _SHORT_BYTES:
                break
        else:
            self._write_all(first)
            return
        if self._is_old:
            self._write_held(chain(first, pieces))
            return
        self._write_head()
        try:
            for piece in chain(first, pieces):
                if not self.is_there():
                    return
                self._write({"type": "http.response.body", "body": piece, "more_body": True})
        except Exception as exc:  # noqa: BLE001  # whatever it is, the answer cannot be finished
            # Granian ends the connection in the middle where the end of a body does not come.
            _log.warning("an answer was broken off: %s", exc)
        else:
            self._write({"type": "http.response.body", "body": b""})

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
                        return
                    if held.tell() > _MOST_HELD_BYTES:
                        self._write_all(refuse(self._begin, 413, _TOO_LARGE))
                        return
            except Exception as exc:  # noqa: BLE001  # whatever it is, the answer cannot be finished
                _log.warning("an answer was broken off: %s", exc)
                self._write_all(refuse(self._begin, 503, "the answer could not be finished"))
                return
            self._headers = [*self._headers, ("Content-Length", str(held.tell()))]
            held.seek(0)
            self._write_head()
            while piece := held.read(_HELD_BYTES):
                self._write({"type": "http.response.body", "body": piece, "more_body": True})
        self._write({"type": "http.response.body", "body": b""})

    async def _left(self) -> None:
        """Comes back when the client has left, or has all of the answer."""
        while (await self._receive())["type"] != "http.disconnect":
            pass

    def _write_head(self) -> None:
        headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in self._headers]
        self._write({"type": "http.response.start", "status": self._status, "headers": headers})

    def _write(self, message: Message) -> None:
        """Send it; returns when there is room for more."""
        sending = self._send(message)
        if type(sending) is not CoroutineType:  # Granian's, which mostly is over before it begins
            for _ in sending.__await__():
                break
            else:
                return
        asyncio.run_coroutine_threadsafe(_awaited(sending), self._loop).result()


class _Body(BodyFile):
    """The body of a request, as a file, which need not be waited for without end.

    :param length_bytes: that the client has announced; None if it sends chunks.
    :ivar has_come: whether all has come that will come.
    """

    def __init__(self, exchange: _Exchange, length_bytes: int | None):
        super().__init__()
        self._exchange = exchange
        self._left_bytes = length_bytes
        self._buffer = bytearray()
        self._coming: Future[Message] | None = None
        self.has_come = length_bytes == 0

    def read(self, size: int | None = -1) -> bytes:
        """As much as is asked for, or is there; all, if nothing is said.

        :raises ConnectionError: if the client leaves before the end.
        """
        return self._read(sys.maxsize if size is None or size < 0 else size, None)

    def read_until(self, size: int, until_s: float) -> bytes:
        """As `read`; what had come is not lost.

        :param until_s: by the clock of `time.monotonic`.
        :raises TimeoutError: if it has not come by then.
        :raises ConnectionError: if the client leaves before the end.
        """
        return self._read(size, until_s)

    def _read(self, size: int, until_s: float | None) -> bytes:
        while len(self._buffer) < size and not self.has_come:
            self._coming = self._coming or self._exchange.begin_to_receive()
            message = self._coming.result(None if until_s is None else max(0.0, until_s - time.monotonic()))
            self._coming = None
            if message["type"] == "http.disconnect":
                self.has_come = True
                raise ConnectionError("the client has left")
            data = message.get("body", b"")
            self._buffer += data
            if self._left_bytes is not None:
                self._left_bytes -= len(data)
            self.has_come = not message.get("more_body", False) or self._left_bytes == 0
        data = bytes(self._buffer[:size])
        del self._buffer[:size]
        return data


async def _awaited(awaitable: Awaitable[T]) -> T:
    return await awaitable


def _environ(scope: Message) -> dict[str, Any]:
    client, server = scope["client"], scope["server"]
    environ: dict[str, Any] = _ENVIRON | {
        "REQUEST_METHOD": scope["method"],
        "PATH_INFO": _path(scope["raw_path"]),
        "REQUEST_URI": scope["raw_path"].decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_PROTOCOL": _PROTOCOLS.get(scope["http_version"], _OLD),
        "SERVER_NAME": server[0],
        "SERVER_PORT": str(server[1]),
        "REMOTE_ADDR": client[0],
        "wsgi.url_scheme": scope["scheme"],
    }
    for name, value in scope["headers"]:
        key, text = _key(name), value.decode("latin-1")
        environ[key] = f"{environ[key]},{text}" if key in environ else text
    return environ


def _path(raw: bytes) -> str:
    return (unquote_to_bytes(raw) if b"%" in raw else raw).decode("latin-1")


@lru_cache(500)
def _key(name: bytes) -> str:
    key = name.decode("latin-1").upper().replace("-", "_")
    return key if key in {"CONTENT_TYPE", "CONTENT_LENGTH"} else f"HTTP_{key}"


def _close(body: Iterable[bytes]) -> None:
    close = getattr(body, "close", None)
    if close is not None:
        close()
