"""Answers that were given before, given again while the store has not changed.

It stands before the application: a request that asks the same of the same state gets the same status,
headers and bytes, without being looked at; but for answers that say `no-store`. Whatever the state, an
answer is that of a state which was current when it was asked for, or of a newer one.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Container, Iterable, Iterator
from contextlib import suppress
from typing import Any, NamedTuple

from kgraph.errors import StoreError
from kgraph.store import Store

Headers = list[tuple[str, str]]
Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
Key = tuple[str, ...]

#: Answers larger than this share of the whole are not kept.
_LARGEST_SHARE = 64

#: What an answer can depend on, beside the state of the store.
_DEPENDS_ON = (
    "PATH_INFO",
    "QUERY_STRING",
    "HTTP_ACCEPT",
    "HTTP_ACCEPT_ENCODING",
    "HTTP_AUTHORIZATION",
    "HTTP_HOST",
    "HTTP_IF_NONE_MATCH",
    "HTTP_ORIGIN",
    "wsgi.url_scheme",
)
#: Under which name a request has the answer that was found for it.
_KEPT = "kgraph.kept"


class Statistics(NamedTuple):
    """How often an answer was given again and how often not, and how much is kept."""

    hits: int
    misses: int
    size_bytes: int


class AnswerCache:
    """A WSGI application before another, which keeps what that answers to GET under some paths.

    Threads share it.

    :param most_bytes: of all that is kept; 0 keeps nothing.
    """

    def __init__(self, application: Application, store: Store, paths: Container[str], most_bytes: int):
        self._application = application
        self._store = store
        self._paths = paths
        self._most_bytes = most_bytes
        self._lock = threading.Lock()
        self._state = ""
        self._kept: OrderedDict[Key, tuple[str, Headers, bytes]] = OrderedDict()
        self._size_bytes = 0
        self._hits = self._misses = 0

    def statistics(self) -> Statistics:
        """How well it has done so far."""
        with self._lock:
            return Statistics(self._hits, self._misses, self._size_bytes)

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """As any WSGI application."""
        known = environ.get(_KEPT)
        if known is None:
            if not self._is_for_us(environ):
                return self._application(environ, start_response)
            try:
                state = self._store.state()
            except StoreError:
                return self._application(environ, start_response)  # which says what is wrong
            key = _key(environ)
            known = self._find(state, key)
            if known is None:
                return self._answer(environ, start_response, state, key)
        with self._lock:
            self._hits += 1
        status, headers, body = known
        start_response(status, list(headers))
        return [body]

    def is_ready(self, environ: dict[str, Any]) -> bool:
        """Whether the answer to a request is kept; then it is what the request gets."""
        if not self._is_for_us(environ):
            return False
        with suppress(StoreError):
            environ[_KEPT] = known = self._find(self._store.state(), _key(environ), is_asked=False)
            return known is not None
        return False

    def _is_for_us(self, environ: dict[str, Any]) -> bool:
        return (
            environ["REQUEST_METHOD"] == "GET"
            and environ["PATH_INFO"] in self._paths
            and bool(self._most_bytes)
        )

    def _find(self, state: str, key: Key, *, is_asked: bool = True) -> tuple[str, Headers, bytes] | None:
        with self._lock:
            if state != self._state:
                self._kept.clear()
                self._state, self._size_bytes = state, 0
            known = self._kept.get(key)
            if known is not None:
                self._kept.move_to_end(key)
            elif is_asked:
                self._misses += 1
            return known

    def _answer(
        self, environ: dict[str, Any], start_response: Callable[..., Any], state: str, key: Key
    ) -> Iterable[bytes]:
        told: list[tuple[str, Headers]] = []

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
            self._kept[key] = (status, headers, body)
            self._size_bytes += _size(key, body)
            while self._size_bytes > self._most_bytes:
                old, (_, _, data) = self._kept.popitem(last=False)
                self._size_bytes -= _size(old, data)


def _key(environ: dict[str, Any]) -> Key:
    return tuple([str(environ.get(name, "")) for name in _DEPENDS_ON])


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
