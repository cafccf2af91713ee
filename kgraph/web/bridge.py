"""From Granian to the application, whose answers are given in one thread where nobody is waited for.

Threads that take turns at Python cost more than what they do where that is little. So Granian has one thread
for all requests: it answers what takes but a moment, and gives all else to threads of ours, which wait for
workers, for the gate, and for clients.

Sources: ASGI, HTTP message format, version 2.3; PEP 3333 (WSGI).
"""

import asyncio
import io
import sys
from collections.abc import Awaitable, Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache, partial
from typing import Any
from urllib.parse import unquote_to_bytes

from kgraph.web.layers.bodies import Application

Message = dict[str, Any]
Send = Callable[[Message], Awaitable[None]]
Receive = Callable[[], Awaitable[Message]]

_ENVIRON = {
    "SCRIPT_NAME": "",
    "SERVER_SOFTWARE": "Granian",
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

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """As any ASGI application, by a thread of ours."""
        loop = asyncio.get_running_loop()
        exchange = _Exchange(scope, receive, send, loop)
        await loop.run_in_executor(self._threads, exchange.run, self._application)

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
            exchange = _Exchange(watcher.scope, watcher.proto.receive, watcher.proto.send, loop)
            if self._is_at_once(exchange.environ):
                self._run(exchange, watcher)
            else:
                self._threads.submit(self._run, exchange, watcher)
        except BaseException as exc:  # noqa: BLE001  # whatever it is, Granian tells it
            watcher.err(exc)

    def _run(self, exchange: "_Exchange", watcher: Any) -> None:
        try:
            exchange.run(self._application)
        except BaseException as exc:  # noqa: BLE001  # whatever it is, Granian tells it
            watcher.err(exc)
        else:
            watcher.done()


class _Exchange:
    """A request and its answer.

    :ivar environ: the request, as PEP 3333 has it.
    """

    def __init__(self, scope: Message, receive: Receive, send: Send, loop: asyncio.AbstractEventLoop):
        self._receive = receive
        self._send = send
        self._loop = loop
        self._status = 500
        self._headers: list[tuple[str, str]] = []
        self.environ = _environ(scope)
        self.environ["wsgi.input"] = _Body(self)

    def run(self, application: Application) -> None:
        """Have it answered."""
        body = application(self.environ, self._begin)
        headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in self._headers]
        self._write({"type": "http.response.start", "status": self._status, "headers": headers})
        if isinstance(body, list | tuple):
            self._write({"type": "http.response.body", "body": b"".join(body)})
            return
        has_left = asyncio.run_coroutine_threadsafe(self._left(), self._loop)
        try:
            for piece in body:
                if has_left.done():
                    return
                if piece:
                    self._write({"type": "http.response.body", "body": piece, "more_body": True})
        finally:
            _close(body)
        self._write({"type": "http.response.body", "body": b""})

    async def _left(self) -> None:
        """Comes back when the client has left, or has all of the answer."""
        while (await self._receive())["type"] != "http.disconnect":
            pass

    def receive(self) -> Message:
        """What the client sends next."""
        message: Message = self._wait(self._receive())
        return message

    def _begin(self, status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> None:
        self._status, self._headers = int(status[:3]), headers

    def _write(self, message: Message) -> None:
        """Send it; returns when there is room for more."""
        sending = self._send(message)
        for _ in sending.__await__():  # mostly there is, and it is over before it begins
            self._wait(sending)
            break

    def _wait(self, awaitable: Awaitable[Any]) -> Any:
        async def waited() -> Any:
            return await awaitable

        return asyncio.run_coroutine_threadsafe(waited(), self._loop).result()


class _Body(io.RawIOBase):
    """The body of a request, as a file."""

    def __init__(self, exchange: _Exchange):
        super().__init__()
        self._exchange = exchange
        self._buffer = bytearray()
        self._is_read = False

    def readable(self) -> bool:
        """Yes."""
        return True

    def read(self, size: int | None = -1) -> bytes:
        """As much as is asked for, or has come when the client ends it or leaves; all, if nothing is said."""
        most = sys.maxsize if size is None or size < 0 else size
        while len(self._buffer) < most and not self._is_read:
            message = self._exchange.receive()
            self._buffer += message.get("body", b"")
            self._is_read = not message.get("more_body", False)
        data = bytes(self._buffer[:most])
        del self._buffer[:most]
        return data

    def readall(self) -> bytes:
        """All of it."""
        return self.read()

    def readinto(self, buffer: Any) -> int:
        """As any file."""
        data = self.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)


def _environ(scope: Message) -> dict[str, Any]:
    client, server = scope["client"], scope["server"]
    environ: dict[str, Any] = _ENVIRON | {
        "REQUEST_METHOD": scope["method"],
        "PATH_INFO": unquote_to_bytes(scope["raw_path"]).decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "SERVER_NAME": server[0],
        "SERVER_PORT": str(server[1]),
        "REMOTE_ADDR": client[0],
        "wsgi.url_scheme": scope["scheme"],
    }
    for name, value in scope["headers"]:
        key, text = _key(name), value.decode("latin-1")
        environ[key] = f"{environ[key]},{text}" if key in environ else text
    return environ


@lru_cache(500)
def _key(name: bytes) -> str:
    key = name.decode("latin-1").upper().replace("-", "_")
    return key if key in {"CONTENT_TYPE", "CONTENT_LENGTH"} else f"HTTP_{key}"


def _close(body: Iterable[bytes]) -> None:
    close = getattr(body, "close", None)
    if close is not None:
        close()
