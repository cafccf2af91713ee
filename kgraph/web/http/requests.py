"""A request as a WSGI application wants it: its environment, and its body as a file."""

import re
import sys
import threading
import time
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any
from urllib.parse import unquote_to_bytes

from kgraph.web.layers.request_bodies import BodyFile

#: More of a body than this is not taken before someone reads it.
_MOST_HELD_BYTES = 256 * 1024
#: Names of headers that are no longer are remembered, so many of them.
_LONGEST_KNOWN, _KNOWN = 64, 500

#: Requests of so many bytes are remembered as they were read, so many of them, but not with these.
LONGEST_REMEMBERED, _REMEMBERED = 2000, 2000
_IN_CONFIDENCE = frozenset({"HTTP_AUTHORIZATION", "HTTP_PROXY_AUTHORIZATION", "HTTP_COOKIE"})

_AUTHORITY = re.compile(rb"[^/?#]*")
_ENVIRON = {
    "SCRIPT_NAME": "",
    "wsgi.version": (1, 0),
    "wsgi.url_scheme": "http",
    "wsgi.errors": sys.stderr,
    "wsgi.input_terminated": True,
    "wsgi.multithread": True,
    "wsgi.multiprocess": False,
    "wsgi.run_once": False,
}


def environ_of_connection(server: Sequence[Any], client: Sequence[Any]) -> dict[str, Any]:
    """What is the same for all requests of a connection.

    :param server: address and port of this side.
    :param client: of the other.
    """
    return _ENVIRON | {
        "SERVER_NAME": str(server[0]),
        "SERVER_PORT": str(server[1]),
        "REMOTE_ADDR": str(client[0]),
    }


def environ_of(
    method: str, target: bytes, version: str, headers: list[tuple[bytes, bytes]]
) -> dict[str, Any]:
    """The environment of a request, without its body and what it shares with others of its connection.

    A header that has an underscore in its name is left out: it would be taken for one with a hyphen, which a
    proxy may vouch for.

    :param target: as it stands in the request. Source: RFC 9112, section 3.2.
    :param headers: as they came.
    """
    environ = {"REQUEST_METHOD": method, "SERVER_PROTOCOL": f"HTTP/{version}"}
    for name, value in headers:
        key = _key(name) if len(name) <= _LONGEST_KNOWN else _made_key(name)
        if key:
            text = value.strip(b" \t").decode("latin-1")
            environ[key] = f"{environ[key]},{text}" if key in environ else text
    if not target.startswith(b"/"):
        authority, target = _in_parts(target)
        if authority and "," not in environ.get("HTTP_HOST", ""):
            environ["HTTP_HOST"] = authority.decode("latin-1")
    path, _, query = target.partition(b"#")[0].partition(b"?")
    environ["REQUEST_URI"] = path.decode("latin-1")
    environ["PATH_INFO"] = (unquote_to_bytes(path) if b"%" in path else path).decode("latin-1")
    environ["QUERY_STRING"] = query.decode("latin-1")
    return environ


def _in_parts(target: bytes) -> tuple[bytes, bytes]:
    """Host, if one is told, and the rest of a target that does not begin with a slash."""
    _, has_scheme, rest = target.partition(b"://")
    if not has_scheme:
        return b"", target if target == b"*" else b"/"
    host = _AUTHORITY.match(rest)[0]  # type: ignore[index]  # it matches nothing, too
    path = rest[len(host) :]
    return host, path if path.startswith(b"/") else b"/" + path


def _made_key(name: bytes) -> str:
    if b"_" in name:
        return ""
    key = name.decode("latin-1").upper().replace("-", "_")
    return key if key in {"CONTENT_TYPE", "CONTENT_LENGTH"} else f"HTTP_{key}"


_key = lru_cache(_KNOWN)(_made_key)


class Remembered:
    """Requests that have come before, as they were read: programs ask the same again and again.

    What has a token or a cookie in its head is not.
    """

    def __init__(self) -> None:
        self._known: dict[bytes, dict[str, Any]] = {}

    def get(self, head: bytes) -> dict[str, Any] | None:
        """What `environ_of` made of the very same bytes."""
        return self._known.get(head)

    def put(self, head: bytes, environ: dict[str, Any]) -> None:
        """Remember a request.

        :param head: all of it.
        """
        if len(head) > LONGEST_REMEMBERED or not _IN_CONFIDENCE.isdisjoint(environ):
            return
        if len(self._known) >= _REMEMBERED:
            self._known.clear()
        self._known[head] = environ


class IncomingBody(BodyFile):
    """The body of a request, as a file, which need not be waited for without end.

    What the connection has read of it is put in by one thread, and read by another.

    :param on_wanted: is told when someone begins to read, before all is there.
    :param on_room: is told when there is room again for more.
    :ivar is_whole: whether all has come.
    """

    def __init__(self, on_wanted: Callable[[], None], on_room: Callable[[], None]):
        super().__init__()
        self._on_wanted = on_wanted
        self._is_wanted = False
        self._on_room = on_room
        self._held = bytearray()
        self._changed = threading.Condition()
        self._is_broken = False
        self.is_whole = False

    @property
    def size_bytes(self) -> int:
        """Of what has come, and was not read."""
        return len(self._held)

    @property
    def is_full(self) -> bool:
        """Whether no more is to be put in until some was read."""
        return len(self._held) >= _MOST_HELD_BYTES

    def put(self, data: bytes) -> None:
        """What has come."""
        with self._changed:
            self._held += data
            self._changed.notify()

    def end(self, *, is_whole: bool) -> None:
        """Nothing more will come."""
        with self._changed:
            self.is_whole, self._is_broken = is_whole, not is_whole
            self._changed.notify()

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
        pieces, left = [], size
        with self._changed:
            while True:
                if not self.is_whole and not self._is_wanted:
                    self._is_wanted = True
                    self._on_wanted()
                was_full = self.is_full
                if self.is_whole or len(self._held) >= left or was_full:
                    piece = bytes(self._held[:left])
                    del self._held[: len(piece)]
                    pieces.append(piece)
                    left -= len(piece)
                    if was_full:
                        self._on_room()
                if not left or self.is_whole:
                    return b"".join(pieces)
                if self._is_broken:
                    raise ConnectionError("the client has left")
                wait_s = None if until_s is None else until_s - time.monotonic()
                if wait_s is not None and wait_s <= 0:
                    self._held[:0] = b"".join(pieces)
                    raise TimeoutError
                self._changed.wait(wait_s)
