"""Lines that the engine writes, taken whole; and N-Triples and N-Quads that it reads."""

from collections.abc import Callable
from typing import BinaryIO, cast

import pyoxigraph as ox

_PIECE_BYTES = 2_000_000


class Lines:
    """A file that gives on what is written to it, in pieces of whole lines.

    :param take: what a piece is given to.
    """

    def __init__(self, take: Callable[[bytes], None]):
        self._take = take
        self._buffer = bytearray()

    @property
    def file(self) -> BinaryIO:
        """This, which has all that the engine asks of a file."""
        return cast(BinaryIO, self)

    def write(self, data: bytes) -> int:
        """Take it, and give on what is there now and then."""
        self._buffer += data
        end = self._buffer.rfind(b"\n") + 1 if len(self._buffer) >= _PIECE_BYTES else 0
        if end:
            self._give(end)
        return len(data)

    def finish(self) -> None:
        """Give on what is left."""
        self._give(len(self._buffer))

    def flush(self) -> None:
        """Nothing: half a piece is not worth it."""

    def _give(self, end: int) -> None:
        piece = bytes(self._buffer[:end])
        del self._buffer[:end]
        self._take(piece)


def load_lines(engine: ox.Store, lines: bytes) -> None:
    """Add N-Quads or N-Triples, whole lines of them, blank nodes by their labels."""
    if b"_:" in lines:
        # Loading gives blank nodes other labels, and parsing takes three times as long.
        split = lines.splitlines(keepends=True)
        lines = b"".join(line for line in split if b"_:" not in line)
        rest = b"".join(line for line in split if b"_:" in line)
        engine.extend(ox.parse(rest, ox.RdfFormat.N_QUADS))
    engine.bulk_load(lines, ox.RdfFormat.N_QUADS)
