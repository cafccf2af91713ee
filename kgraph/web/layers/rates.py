"""How much one client may ask for in a row.

Each client has a bucket of requests, which fills up again at a steady rate; who finds it empty is sent away
with 429 and told when to come again. A client is a network, as `network_of` tells it.

Source: RFC 6585, section 4 (429 Too Many Requests).
"""

import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from typing import Any

from kgraph.web.layers.bodies import Application
from kgraph.web.layers.clients import client_address, network_of
from kgraph.web.layers.problems import refuse

#: How many seconds' worth of requests may come at once.
_BURST_S = 10
#: Clients remembered; the one that was away longest is forgotten first, which only lets it begin anew.
_MOST_CLIENTS = 50_000
#: Whoever looks whether the server lives may share an address with clients.
_FREE = frozenset({"/health", "/ready"})


class RateLimit:
    """A WSGI application before another; threads share it.

    :param per_s: requests a second that one client may go on making.
    :param proxies: how many proxies of ours stand before this server.
    :param clock: gives seconds that only grow.
    """

    def __init__(
        self,
        application: Application,
        per_s: float,
        proxies: int = 0,
        clock: Callable[[], float] = time.monotonic,
    ):
        self._application = application
        self._per_s = per_s
        self._most = max(1.0, per_s * _BURST_S)
        self._proxies = proxies
        self._clock = clock
        self._lock = threading.Lock()
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """As any WSGI application."""
        if environ["PATH_INFO"] in _FREE:
            return self._application(environ, start_response)
        wait_s = self._take(self._client(environ))
        if not wait_s:
            return self._application(environ, start_response)
        words = f"too many requests; at most {self._per_s:g} a second, and {self._most:g} at once"
        return refuse(start_response, 429, words, ("Retry-After", str(math.ceil(wait_s))))

    def is_open(self, environ: dict[str, Any]) -> bool:
        """Whether a request that comes now would be let through."""
        with self._lock:
            return self._left(self._client(environ), self._clock()) >= 1

    def _take(self, client: str) -> float:
        """Take a request from a client's bucket; how long it takes until there is one if there is none."""
        with self._lock:
            now = self._clock()
            left = self._left(client, now)
            wait_s = 0.0 if left >= 1 else (1 - left) / self._per_s
            self._buckets[client] = (left if wait_s else left - 1, now)
            self._buckets.move_to_end(client)
            if len(self._buckets) > _MOST_CLIENTS:
                self._buckets.popitem(last=False)
            return wait_s

    def _left(self, client: str, now: float) -> float:
        """What is in a client's bucket; under the lock."""
        left, then = self._buckets.get(client, (self._most, now))
        return min(self._most, left + (now - then) * self._per_s)

    def _client(self, environ: dict[str, Any]) -> str:
        return network_of(client_address(environ, self._proxies))
