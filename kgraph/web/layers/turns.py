"""How many pages are made at once: they are made in this process, where nothing can stop them.

What workers evaluate has turns of its own, and what costs nothing, such as whether the process lives, needs
none.
"""

import threading
import time
from collections.abc import Callable, Iterable
from typing import Any

from kgraph.web.layers.bodies import Application
from kgraph.web.layers.problems import refuse
from kgraph.web.layers.watched import Watched

#: First parts of paths that need no turn.
_FREE = frozenset({"sparql", "query", "update", "static", "health", "ready", "metrics", "queries"})
_WAIT_S = 2.0


class Turns:
    """A WSGI application before another, which lets so many requests through at once; others wait a while.

    One client has half of the turns and places at most: whoever reads slowly has one for long.

    :param at_once: how many are answered at once; as many more may wait.
    :param client_of: who sends a request, by its environment; "" for whom that does not hold.
    """

    def __init__(self, application: Application, at_once: int, client_of: Callable[[dict[str, Any]], str]):
        self._application = application
        self._client_of = client_of
        self._at_once = at_once
        self._turns = threading.BoundedSemaphore(at_once)
        self._places = threading.BoundedSemaphore(2 * at_once)
        self._coming = threading.Lock()
        self._clients: dict[str, _Client] = {}

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """As any WSGI application."""
        if environ["PATH_INFO"][1:].partition("/")[0] in _FREE:
            return self._application(environ, start_response)
        name = self._client_of(environ)
        client = self._come(name)
        if client is None:
            return _sent_away(start_response)
        if not self._takes_turn(client):
            self._leave(name)
            return _sent_away(start_response)

        def release() -> None:
            self._turns.release()
            client.turns.release()
            self._leave(name)

        try:
            body = self._application(environ, start_response)
        except BaseException:
            release()
            raise
        if isinstance(body, (list, tuple)):
            release()
            return body
        return Watched(body, lambda size_bytes, is_whole: release())

    def _come(self, name: str) -> "_Client | None":
        """Give a client a place; None if there is none for it."""
        with self._coming:
            share = max(1, self._at_once // 2) if name else self._at_once
            client = self._clients.get(name) or _Client(share)
            if client.requests >= 2 * share or not self._places.acquire(blocking=False):
                return None
            self._clients[name] = client
            client.requests += 1
            return client

    def _takes_turn(self, client: "_Client") -> bool:
        until_s = time.monotonic() + _WAIT_S
        if not client.turns.acquire(timeout=_WAIT_S):
            return False
        if self._turns.acquire(timeout=max(0.0, until_s - time.monotonic())):
            return True
        client.turns.release()
        return False

    def _leave(self, name: str) -> None:
        self._places.release()
        with self._coming:
            client = self._clients[name]
            client.requests -= 1
            if not client.requests:
                del self._clients[name]


class _Client:
    """:param share: of the turns."""

    def __init__(self, share: int):
        self.turns = threading.BoundedSemaphore(share)
        self.requests = 0


def _sent_away(start_response: Callable[..., Any]) -> Iterable[bytes]:
    words = "too many pages are being made; try again in a moment"
    return refuse(start_response, 503, words, ("Retry-After", str(round(_WAIT_S))))
