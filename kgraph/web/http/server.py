"""A server: it listens, has requests answered by the one thread or by others, and stops when it is told."""

import asyncio
import logging
import os
import resource
import signal
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import suppress
from dataclasses import dataclass
from email.utils import formatdate
from types import FrameType
from typing import Any

import uvloop

from kgraph.errors import ConfigError
from kgraph.settings import is_loopback
from kgraph.web.http.connection import Connection
from kgraph.web.http.exchange import Exchange
from kgraph.web.http.requests import Remembered
from kgraph.web.http.watch import Watch
from kgraph.web.layers.bodies import Application

#: Clients that have come and were not looked at yet.
_BACKLOG = 1024
#: Requests that wait for a thread.
_MOST_WAITING = 500
#: Of the files that a process may have open, those that are no connections.
_OTHER_FILES = 200
_LOOKS, _LONGEST_PAUSE_S = 4, 1.0
#: How long the answers take that tell of stopped queries.
_SPARE_S = 3.0

_HEALTH = ("GET", "/health")

_log = logging.getLogger("kgraph.web")


@dataclass(frozen=True, slots=True)
class Manners:
    """What a server puts up with.

    :param threads: that answer what has to wait for somebody.
    :param client_time_s: how long a client may keep it waiting.
    :param client_connections: that one client may have, but on this machine; 0: any number.
    :param shutdown_s: how long what is under way may go on when it is told to stop.
    """

    threads: int
    client_time_s: float
    client_connections: int = 0
    shutdown_s: float = 10.0


class HttpServer:
    """Serves a WSGI application.

    :param is_at_once: whether that answers a request, by its environment, without waiting for anybody.
    :param end_work: stops what the application does for those who wait.
    """

    def __init__(
        self,
        application: Application,
        is_at_once: Callable[[dict[str, Any]], bool],
        manners: Manners,
        end_work: Callable[[], None] = lambda: None,
    ):
        self._application = application
        self._is_at_once = is_at_once
        self._manners = manners
        self._end_work = end_work
        self.loop: asyncio.AbstractEventLoop = uvloop.new_event_loop()
        self.thread = 0
        self.is_stopping = self._has_ended = False
        self.date = b""
        self.known = Remembered()
        self._connections: set[Connection] = set()
        self._most = _allow_files() - _OTHER_FILES
        self._by_address: Counter[str] = Counter()
        self._turned_away: Counter[str] = Counter()
        self._watch = Watch(manners.client_time_s)
        self._listener: asyncio.AbstractServer | None = None
        self._threads = ThreadPoolExecutor(manners.threads, thread_name_prefix="kgraph-request")
        self._room = threading.BoundedSemaphore(manners.threads + _MOST_WAITING)
        self._under_way: set[Future[None]] = set()

    def run(self, listening: socket.socket, on_ready: Callable[[], None] = lambda: None) -> bool:
        """Serve until it is stopped, by `stop` or, in the main thread, by a signal.

        :param listening: a socket that does.
        :returns: whether all has ended; else threads still do something that nobody waits for.
        """
        self.thread = threading.get_ident()
        is_main = threading.current_thread() is threading.main_thread()
        signals = (signal.SIGINT, signal.SIGTERM) if is_main else ()
        asyncio.set_event_loop(self.loop)
        try:
            self._listener = self.loop.run_until_complete(
                self.loop.create_server(lambda: Connection(self), sock=listening, backlog=_BACKLOG)
            )
            for each in signals:
                self.loop.add_signal_handler(each, self._stop)
            self._tell_time()
            self._look()
            self.loop.call_soon(on_ready)
            self.loop.run_forever()
            for each in signals:
                self.loop.remove_signal_handler(each)
                signal.signal(each, _end)
            self._hang_up()
        finally:
            self._threads.shutdown(wait=False, cancel_futures=True)
            asyncio.set_event_loop(None)
            self.loop.close()
        self._end_work()
        return not wait(list(self._under_way), _SPARE_S).not_done

    def stop(self) -> None:
        """Have it stop; to be called in any thread. A second time, have it end at once."""
        if not self._has_ended:
            self.loop.call_soon_threadsafe(self._stop)

    # For connections

    def admit(self, connection: Connection) -> bool:
        """Take note of a new one; whether it may stay."""
        self._connections.add(connection)
        address = connection.address
        self._by_address[address] += 1
        most = self._manners.client_connections
        is_one_too_many = most and self._by_address[address] > most and not is_loopback(address)
        if is_one_too_many or len(self._connections) > self._most or self.is_stopping:
            self._turned_away[address] += 1
            return False
        return True

    def forget(self, connection: Connection) -> None:
        """It has ended."""
        self._connections.discard(connection)
        self._by_address[connection.address] -= 1
        if not self._by_address[connection.address]:
            del self._by_address[connection.address]
        if self.is_stopping and not self._connections and not self._has_ended:
            self.loop.stop()

    def answer(self, exchange: Exchange) -> None:
        """See to it that a request is answered: here, if that takes but a moment."""
        environ = exchange.environ
        if (environ["REQUEST_METHOD"], environ["PATH_INFO"]) == _HEALTH or self._is_ready(environ):
            exchange.run(self._application)
        elif self._room.acquire(blocking=False):
            done = self._threads.submit(self._run, exchange)
            self._under_way.add(done)
            done.add_done_callback(self._under_way.discard)
        else:
            exchange.refuse(503, "too many requests at once; try again in a moment", ("Retry-After", "2"))

    # Within

    def _is_ready(self, environ: dict[str, Any]) -> bool:
        try:
            return self._is_at_once(environ)
        except Exception:  # noqa: BLE001  # whoever answers finds it again
            _log.exception("it could not be told whether a request is answered at once")
            return False

    def _run(self, exchange: Exchange) -> None:
        try:
            exchange.run(self._application)
        finally:
            self._room.release()

    def _hang_up(self) -> None:
        """End all connections, so that no thread waits for any of them."""
        self._has_ended = True
        for connection in list(self._connections):
            connection.transport.abort()
        self.loop.run_until_complete(asyncio.sleep(0))

    def _tell_time(self) -> None:
        now_s = time.time()
        self.date = formatdate(now_s, usegmt=True).encode()
        self.loop.call_later(1 - now_s % 1, self._tell_time)

    def _look(self) -> None:
        """Hang up on who keeps us waiting, and tell of whom there were too many."""
        self._watch.look(list(self._connections), self.loop.time())
        self._tell_of_crowds()
        self.loop.call_later(min(self._manners.client_time_s / _LOOKS, _LONGEST_PAUSE_S), self._look)

    def _tell_of_crowds(self) -> None:
        for address, count in self._turned_away.items():
            _log.warning("hung up %d connections of %s: there were too many", count, address)
        self._turned_away.clear()

    def _stop(self) -> None:
        if self.is_stopping:
            self.loop.stop()
            return
        self.is_stopping = True
        self._tell_of_crowds()
        if self._listener is not None:
            self._listener.close()
        for connection in list(self._connections):
            connection.end_if_idle()
        # It may wait for processes to end, and what they say is still to be passed on.
        shutdown_s = self._manners.shutdown_s
        self.loop.call_later(shutdown_s, threading.Thread(target=self._end_work, daemon=True).start)
        self.loop.call_later(shutdown_s + _SPARE_S, self.loop.stop)
        if not self._connections:
            self.loop.stop()


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens; at port 0 on any that is free.

    :raises ConfigError: if the port is taken, or the address is not this machine's.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except (socket.gaierror, UnicodeError) as exc:
        raise ConfigError(f"host {host!r} is no address to serve at") from exc
    family, _, _, _, address = found[0]
    listening = socket.socket(family, socket.SOCK_STREAM)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
        listening.listen(_BACKLOG)
    except OSError as exc:
        listening.close()
        raise ConfigError(
            f"cannot serve at {host}, port {port}: {(exc.strerror or str(exc)).lower()}; "
            "choose another with --port or KGRAPH_PORT, or 0 for any free one"
        ) from exc
    return listening


def _allow_files() -> int:
    """Have this process open as many files as the system lets it; how many that are."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
        soft = hard
    return soft if soft != resource.RLIM_INFINITY else 1_000_000


def _end(number: int, frame: FrameType | None) -> None:
    """End this process, whatever its threads still do."""
    os._exit(0)
