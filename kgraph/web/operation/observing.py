"""Every request seen once: it gets an id, a line in the access log, and its place in the metrics.

The id is the client's, from `X-Request-Id`, if that is fit for a header and a log; the answer tells it.
"""

import re
import secrets
import time
from collections.abc import Callable, Iterable, Mapping
from itertools import count
from typing import Any

from kgraph.settings import is_loopback
from kgraph.web.layers.access import caller_of
from kgraph.web.layers.bodies import Application
from kgraph.web.layers.clients import client_address, network_of
from kgraph.web.layers.watched import Watched
from kgraph.web.operation.access_log import AccessLog, Entry, query_of
from kgraph.web.operation.metrics import Metrics

#: Under which names a request has its id, and the address of its client.
REQUEST_ID, CLIENT = "kgraph.request_id", "kgraph.client"

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}", re.ASCII)
_ID_BYTES = 8
_FAULT = 500


class Observing:
    """A WSGI application before all others.

    :param proxies: how many proxies of ours stand before this server.
    """

    def __init__(self, application: Application, metrics: Metrics, log: AccessLog, proxies: int = 0):
        self._application = application
        self._metrics = metrics
        self._log = log
        self._proxies = proxies
        # Unlike those of any other process. No chance is asked for each: the system takes its time.
        self._start, self._numbers = secrets.token_hex(_ID_BYTES), count(1)

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """As any WSGI application."""
        given = str(environ.get("HTTP_X_REQUEST_ID", ""))
        id_ = given if given and _ID.fullmatch(given) else f"{self._start}-{next(self._numbers)}"
        environ[REQUEST_ID] = id_
        environ[CLIENT] = client_address(environ, self._proxies)
        seen = _Seen(id_, environ, start_response, self._tell)
        try:
            body = self._application(environ, seen.begin)
        except BaseException:
            seen.status = _FAULT
            seen.end(0, False)
            raise
        if isinstance(body, (list, tuple)):
            seen.end(sum(map(len, body)), True)
            return body
        return Watched(body, seen.end)

    def _tell(self, seen: "_Seen") -> None:
        duration_s = time.perf_counter() - seen.began_s
        environ = seen.environ
        self._metrics.observe(environ["REQUEST_METHOD"], environ["PATH_INFO"], seen.status, duration_s)
        if not self._log:
            return
        entry = Entry(
            seen.time_s,
            seen.id,
            environ[CLIENT],
            environ["REQUEST_METHOD"],
            environ["PATH_INFO"],
            seen.status,
            seen.size_bytes,
            duration_s,
            caller_of(environ).name,
            query_of(environ),
            seen.is_whole,
        )
        self._log.write(entry)


def asker(environ: Mapping[str, Any]) -> dict[str, str]:
    """Who asks, for whoever looks at what the server does."""
    told = {
        "client": environ.get(CLIENT, ""),
        "token": caller_of(environ).name,
        "request": environ.get(REQUEST_ID, ""),
    }
    return {name: text for name, text in told.items() if text}


def sharer(environ: Mapping[str, Any]) -> str:
    """The network of a client who has to share with others; "" for one on this machine, such as a proxy."""
    address = str(environ.get(CLIENT, ""))
    return "" if is_loopback(address) else network_of(address)


class _Seen:
    """One request, as far as it has come."""

    __slots__ = (
        "_start_response", "_tell", "began_s", "environ", "id", "is_whole", "size_bytes", "status", "time_s",
    )  # fmt: skip

    def __init__(
        self,
        id_: str,
        environ: dict[str, Any],
        start_response: Callable[..., Any],
        tell: "Callable[[_Seen], None]",
    ):
        self.began_s = time.perf_counter()
        self.time_s = time.time()
        self.id = id_
        self.environ = environ
        self.status = _FAULT
        self.size_bytes = 0
        self.is_whole = True
        self._start_response = start_response
        self._tell = tell

    def begin(self, status: str, headers: list[tuple[str, str]], *exc_info: Any) -> Any:
        """As `start_response`."""
        self.status = int(status[:3])
        return self._start_response(status, [*headers, ("X-Request-Id", self.id)], *exc_info)

    def end(self, size_bytes: int, is_whole: bool) -> None:
        """Tell of it."""
        self.size_bytes, self.is_whole = size_bytes, is_whole
        self._tell(self)
