"""Bodies of answers: whole where they are small, else in pieces; broken off where they cannot be finished.

Half an answer must not look like a whole one: the client has to see its connection end in the middle.
Most servers see to that when the application raises. Granian does not, so here the connection is
found, by the bytes that were written to it, and hung up.
"""

import logging
import secrets
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NoReturn

from kgraph.query import Pieces
from kgraph.store import Chunks
from kgraph.web.layers.connections import Client, client_of, hang_up, written_to

_BROKEN_OFF = b"\n\n*** The answer is broken off here: it could not be finished. ***"
#: How much more is written, by chance, so that no other connection has as much written to it.
_MOST_MARK_BYTES = 50_000
#: How long the lines before a body can be: status and headers.
_HEADERS_BYTES = range(40, 8_000)
_FINDING_S = 3.0
_PAUSE_S = 0.01

#: A body that is no longer is sent whole.
_SHORT_BYTES = 16_000

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

_log = logging.getLogger("kgraph.web")


def body_of(pieces: "Pieces | Chunks") -> "bytes | Iterator[bytes]":
    """What an answer is sent from: its bytes if they are all there, so that its length can be told."""
    if isinstance(pieces, Pieces) and pieces.is_whole:
        return b"".join(pieces)
    return pieces


class BrokenOff(Exception):
    """An answer could not be finished, and its client has seen that; nothing is left to be done."""


class BreakingOff:
    """A WSGI application before all others, which ends the connection where a body raises."""

    def __init__(self, application: Application):
        self._application = application

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """As any WSGI application."""
        body = self._application(environ, start_response)
        client = None if isinstance(body, list | tuple) else client_of(environ)
        if client is None:
            return body
        answer = _Body(body, client)
        return answer.whole or answer


class _Body(Iterator[bytes]):
    """The body of an answer.

    :ivar whole: all of it, if it is short; else None.
    """

    def __init__(self, body: Iterable[bytes], client: Client):
        self._body = body
        self._pieces = iter(body)
        self._client = client
        self._fault: Exception | None = None
        self._first: deque[bytes] = deque()
        self._written_bytes = 0
        self._is_marked = False
        self.whole: list[bytes] | None = None
        if self._begin():
            self.close()
            self.whole = [b"".join(self._first)]
        else:
            self._before = written_to(client)

    def _begin(self) -> bool:
        """Take the first pieces; whether these are all."""
        size_bytes = 0
        try:
            for piece in self._pieces:
                self._first.append(piece)
                size_bytes += len(piece)
                if size_bytes >= _SHORT_BYTES:
                    return False
        except Exception as exc:  # noqa: BLE001  # the headers are gone: it is too late for another status
            self._fault = exc
            return False
        return True

    def __next__(self) -> bytes:
        if self._first:
            return self._counted(self._first.popleft())
        if self._fault is None:
            try:
                return self._counted(next(self._pieces))
            except StopIteration:
                raise
            except Exception as exc:  # noqa: BLE001  # whatever it is, the answer cannot be finished
                self._fault = exc
        if self._is_marked:
            self._break_off(self._fault)
        self._is_marked = True
        _log.warning("an answer was broken off: %s", self._fault)
        return self._counted(_BROKEN_OFF + b" " * secrets.randbelow(_MOST_MARK_BYTES))

    def close(self) -> None:
        """Stop whatever makes the body."""
        close = getattr(self._body, "close", None)
        if close is not None:
            close()

    def _counted(self, piece: bytes) -> bytes:
        # As a chunk it has its length before it, and two line ends.
        self._written_bytes += len(piece) + len(f"{len(piece):x}") + 4 if piece else 0
        return piece

    def _break_off(self, fault: Exception) -> NoReturn:
        end = time.monotonic() + _FINDING_S
        while time.monotonic() < end:
            found = [
                inode for inode, grown in self._growth() if grown - self._written_bytes in _HEADERS_BYTES
            ]
            if len(found) == 1 and hang_up(self._client, found[0]):
                raise BrokenOff from fault
            time.sleep(_PAUSE_S)
        raise fault

    def _growth(self) -> Iterator[tuple[int, int]]:
        for inode, written in written_to(self._client).items():
            if inode in self._before:
                yield inode, written - self._before[inode]
