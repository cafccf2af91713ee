"""Answers that were given before, given again while the store has not changed.

It stands before the application: a request that asks the same of the same state gets the same status,
headers and bytes, without being looked at; but for answers that say `no-store`. Whatever the state, an
answer is that of a state which was current when it was asked for, or of a newer one.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Container, Iterable, Iterator
from typing import Any, NamedTuple

from kgraph.errors import StoreError
from kgraph.store import Store
from kgraph.web.layers.bodies import Application

Headers = list[tuple[str, str]]
Key = tuple[str, ...]

#: Answers larger than this share of the whole are not kept.
_LARGEST_SHARE = 64

#: What an answer can depend on, beside the state of the store. Not on who asks: who may read may read all.
_DEPENDS_ON = (
    "PATH_INFO",
    "QUERY_STRING",
    "HTTP_ACCEPT",
    "HTTP_ACCEPT_ENCODING",
    "HTTP_HOST",
    "HTTP_IF_NONE_MATCH",
    "HTTP_ORIGIN",
    "wsgi.url_scheme",
)
#: Under which name a request has what was found for it.
_FOUND = "kgraph.found"


class Statistics(NamedTuple):
    """How often an answer was given again and how often not, and how much is kept."""

    hits: int
    misses: int
    size_bytes: int


class _Kept(NamedTuple):
    status: str
    headers: Headers
    body: bytes


class _Found(NamedTuple):
    """What there is for a request in a state of the store."""

    state: str
    key: Key
    kept: _Kept | None


class AnswerCache:
    """A WSGI application before another, which keeps what that answers to GET under some paths.

    Threads share it.

    :param most_bytes: of all that is kept.
    """

    def __init__(self, application: Application, store: Store, paths: Container[str], most_bytes: int):
        self._application = application
        self._store = store
        self._paths = paths
        self._most_bytes = most_bytes
        self._lock = threading.Lock()
        self._state = ""
        self._kept: OrderedDict[Key, _Kept] = OrderedDict()
        self._size_bytes = 0
        self._hits = self._misses = 0

    def statistics(self) -> Statistics:
        """How well it has done so far."""
        with self._lock:
            return Statistics(self._hits, self._misses, self._size_bytes)

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """As any WSGI application."""
        found = environ.get(_FOUND) or self._find(environ)
        if found is None:
            return self._application(environ, start_response)
        if found.kept is None:
            return self._answer(environ, start_response, found.state, found.key)
        with self._lock:
            self._hits += 1
        status, headers, body = found.kept
        start_response(status, list(headers))
        return [body]

    def is_ready(self, environ: dict[str, Any]) -> bool:
        """Whether the answer to a request is kept; then it is what the request gets."""
        environ[_FOUND] = found = self._find(environ)
        return found is not None and found.kept is not None

    def _find(self, environ: dict[str, Any]) -> "_Found | None":
        """What there is for a request; None where nothing is kept."""
        if environ["REQUEST_METHOD"] != "GET" or environ["PATH_INFO"] not in self._paths:
            return None
        try:
            state = self._store.state()
        except StoreError:
            return None  # who answers says what is wrong
        key = _key(environ)
        with self._lock:
            if state != self._state:
                self._kept.clear()
                self._state, self._size_bytes = state, 0
            kept = self._kept.get(key)
            if kept is not None:
                self._kept.move_to_end(key)
        return _Found(state, key, kept)

    def _answer(
        self, environ: dict[str, Any], start_response: Callable[..., Any], state: str, key: Key
    ) -> Iterable[bytes]:
        told: list[tuple[str, Headers]] = []
        with self._lock:
            self._misses += 1

        def note(status: str, headers: Headers, exc_info: Any = None) -> Any:
            told.append((status, list(headers)))
            return start_response(status, headers, exc_info) if exc_info else start_response(status, headers)

        body = self._application(environ, note)
        if not told or not told[-1][0].startswith("200 ") or ("Cache-Control", "no-store") in told[-1][1]:
            return body
        most = self._most_bytes // _LARGEST_SHARE
        if isinstance(body, list):  # all of it is there
            if sum(map(len, body)) <= most:
                self._keep(state, key, *told[-1], b"".join(body))
            return body
        return _Noted(body, most, lambda data: self._keep(state, key, *told[-1], data))

    def _keep(self, state: str, key: Key, status: str, headers: Headers, body: bytes) -> None:
        with self._lock:
            if state != self._state or key in self._kept:
                return
            self._kept[key] = _Kept(status, headers, body)
            self._size_bytes += _size(key, body)
            while self._size_bytes > self._most_bytes:
                old, kept = self._kept.popitem(last=False)
                self._size_bytes -= _size(old, kept.body)


def _key(environ: dict[str, Any]) -> Key:
    return tuple([environ.get(name, "") for name in _DEPENDS_ON])


def _size(key: Key, body: bytes) -> int:
    return len(body) + sum(map(len, key)) + 1000  # headers, and what holds it all


class _Noted:
    """The body of an answer, which tells what it was once it has been read to its end."""

    def __init__(self, body: Iterable[bytes], most_bytes: int, tell: Callable[[bytes], None]):
        self._body = body
        self._pieces: list[bytes] | None = []
        self._left_bytes = most_bytes
        self._tell = tell

    def __iter__(self) -> Iterator[bytes]:
        for piece in self._body:
            self._left_bytes -= len(piece)
            if self._pieces is not None:
                if self._left_bytes < 0:
                    self._pieces = None
                else:
                    self._pieces.append(piece)
            yield piece
        if self._pieces is not None:
            self._tell(b"".join(self._pieces))

    def close(self) -> None:
        """Let go of the body, read or not."""
        close = getattr(self._body, "close", None)
        if close is not None:
            close()
