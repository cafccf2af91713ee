"""What comes of a query in a worker."""

from collections.abc import Iterator
from contextlib import suppress
from typing import Self

from kgraph.errors import KGraphError, QueryTooLarge
from kgraph.query.workers.lease import Lease
from kgraph.query.workers.messages import CHUNK_BYTES, DATA, WHOLE, parted
from kgraph.store import FirstRows

#: Rows that are to be shown are held in memory, all of them.
_MOST_ROWS_BYTES = 10_000_000


class Answer:
    """The answer to a query, not yet read; it can be read once.

    :ivar kind: `solutions` (SELECT), `boolean` (ASK) or `graph` (CONSTRUCT, DESCRIBE).
    :ivar variables: names of the variables of the solutions, without question mark.
    """

    def __init__(self, lease: Lease, most_bytes: int):
        self._lease = lease
        self._most_bytes = most_bytes
        message = lease.receive()
        self._whole: bytes | None = None
        if message.letter == WHOLE:
            told, self._whole = parted(message.body)
        else:
            told = message.values
        self.kind: str = told["kind"]
        self.variables: tuple[str, ...] = tuple(told["variables"])
        self._format: str | None = told["format"]
        self._is_begun = self._format is not None

    def stream(self, format: str) -> "Pieces":  # noqa: A002  # as `QueryResult` calls it
        """The answer as bytes; there is a first piece, or there was no error, when this returns.

        :raises QueryLimitError: if it is past a limit before that.
        :raises QueryError: if the format is unknown or cannot hold this kind of answer, or evaluating fails.
        """
        if self._format is None:
            self._is_begun = True
            self._lease.write(format)
        elif self._format != format:
            raise ValueError(f"the answer is being written as {self._format}")
        pieces = Pieces(self._lease, self._most_bytes, self._whole)
        # From here on it is read or closed, which tells more than any guess whether it is wanted.
        self._lease.is_wanted = None
        return pieces

    def first_rows(self, most: int) -> FirstRows:
        """The first solutions or triples, or the truth value.

        :raises QueryError: as `stream`.
        """
        self._is_begun = True
        self._lease.write_rows(most)
        pieces = Pieces(self._lease, min(self._most_bytes, _MOST_ROWS_BYTES))
        return FirstRows(self.kind, self.variables, b"".join(pieces))

    def close(self) -> None:
        """Stop evaluating, unless the answer was read to its end."""
        if not self._is_begun:
            self._is_begun = True
            with suppress(KGraphError):
                self._lease.drop()
        self._lease.close()


class Pieces(Iterator[bytes]):
    """The bytes of an answer.

    After the first piece too it raises the errors that the query is stopped with: what was read then
    is not the answer.
    """

    def __init__(self, lease: Lease, most_bytes: int, whole: bytes | None = None):
        self._lease = lease
        self._most_bytes = most_bytes
        self._read_bytes = 0
        self._is_read = whole is not None
        self._second: bytes | None = None
        self._first = self._take() if whole is None else self._measured(whole)
        if whole is None and self._first is not None and len(self._first) < CHUNK_BYTES:
            # There is no more, and a worker that is done can be told so.
            self._second = self._take()

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> bytes:
        piece, self._first, self._second = self._first, self._second, None
        if piece is None:
            piece = self._take()
        if piece is None:
            raise StopIteration
        return piece

    @property
    def is_whole(self) -> bool:
        """Whether all of it has been received; then no error follows."""
        return self._is_read

    def close(self) -> None:
        """Stop evaluating; what is unread is lost."""
        self._is_read = True
        self._lease.close()

    def __del__(self) -> None:
        self._lease.close()

    def _take(self) -> bytes | None:
        if self._is_read:
            return None
        message = self._lease.receive()
        if message.letter != DATA:
            self._is_read = True
            return None
        return self._measured(message.body)

    def _measured(self, piece: bytes) -> bytes:
        self._read_bytes += len(piece)
        if self._read_bytes > self._most_bytes:
            self.close()
            raise QueryTooLarge(self._most_bytes)
        return piece
