"""How many pages are made at once: they are made in this process, where nothing can stop them.

What workers evaluate has turns of its own, and what costs nothing, such as whether the process lives, needs
none.
"""

import threading
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

    :param at_once: how many are answered at once; as many more may wait.
    """

    def __init__(self, application: Application, at_once: int):
        self._application = application
        self._turns = threading.BoundedSemaphore(at_once)
        self._places = threading.BoundedSemaphore(2 * at_once)

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """As any WSGI application."""
        if environ["PATH_INFO"][1:].partition("/")[0] in _FREE:
            return self._application(environ, start_response)
        if not self._places.acquire(blocking=False):
            return _sent_away(start_response)
        if not self._turns.acquire(timeout=_WAIT_S):
            self._places.release()
            return _sent_away(start_response)
        try:
            body = self._application(environ, start_response)
        except BaseException:
            self._release()
            raise
        if isinstance(body, (list, tuple)):
            self._release()
            return body
        return Watched(body, lambda size_bytes, is_whole: self._release())

    def _release(self) -> None:
        self._turns.release()
        self._places.release()


def _sent_away(start_response: Callable[..., Any]) -> Iterable[bytes]:
    words = "too many pages are being made; try again in a moment"
    return refuse(start_response, 503, words, ("Retry-After", str(round(_WAIT_S))))
