"""Bodies of answers: whole where they are small, else in pieces; broken off where they cannot be finished.

Half an answer must not look like a whole one: the client has to see its connection end in the middle.
Most servers see to that when the application raises. Granian does not, so here the connection is
found, by the bytes that were written to it, and hung up.
"""

import logging
import secrets
import time
from collections.abc import Iterator, Mapping
from typing import Any, Self

from kgraph.query import Pieces
from kgraph.store import Chunks
from kgraph.web.connections import hang_up, written_to

_BROKEN_OFF = b"\n\n*** The answer is broken off here: it could not be finished. ***"
#: How much more is written, by chance, so that no other connection has as much written to it.
_MOST_MARK_BYTES = 50_000
#: How long the lines before a body can be: status and headers.
_HEADERS_BYTES = range(40, 8_000)
_FINDING_S = 3.0
_PAUSE_S = 0.01

_log = logging.getLogger("kgraph.web")


def body_of(pieces: "Pieces | Chunks", environ: Mapping[str, Any]) -> "bytes | Iterator[bytes]":
    """What to give to the WSGI server for an answer in pieces."""
    if isinstance(pieces, Pieces) and pieces.is_whole:
        return b"".join(pieces)
    if environ["REQUEST_METHOD"] == "HEAD":
        pieces.close()
        return iter(())
    return Body(pieces, environ)


class BrokenOff(Exception):
    """An answer could not be finished, and its client has seen that; nothing is left to be done."""


class Body(Iterator[bytes]):
    """Pieces, and what to do if there is an error among them."""

    def __init__(self, pieces: "Pieces | Chunks", environ: Mapping[str, Any]):
        self._pieces = pieces
        self._hangs_up = environ.get("SERVER_SOFTWARE") == "Granian"
        self._address = str(environ.get("REMOTE_ADDR", ""))
        self._before = written_to(self._address) if self._hangs_up else {}
        self._written_bytes = 0
        self._fault: Exception | None = None

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> bytes:
        if self._fault is not None:
            return self._break_off(self._fault)
        try:
            return self._counted(next(self._pieces))
        except StopIteration:
            raise
        except Exception as exc:
            _log.warning("an answer was broken off: %s", exc)
            if not self._hangs_up:
                raise
            self._fault = exc
            return self._counted(_BROKEN_OFF + b" " * secrets.randbelow(_MOST_MARK_BYTES))

    def close(self) -> None:
        """Stop whatever makes the pieces."""
        self._pieces.close()

    def _counted(self, piece: bytes) -> bytes:
        # As a chunk it has its length before it, and two line ends.
        self._written_bytes += len(piece) + len(f"{len(piece):x}") + 4
        return piece

    def _break_off(self, fault: Exception) -> bytes:
        end = time.monotonic() + _FINDING_S
        while time.monotonic() < end:
            found = [
                inode for inode, grown in self._growth() if grown - self._written_bytes in _HEADERS_BYTES
            ]
            if len(found) == 1 and hang_up(self._address, found[0]):
                raise BrokenOff from fault
            time.sleep(_PAUSE_S)
        raise fault

    def _growth(self) -> Iterator[tuple[int, int]]:
        for inode, written in written_to(self._address).items():
            if inode in self._before:
                yield inode, written - self._before[inode]
