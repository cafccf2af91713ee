"""A copy in memory of the union of all graphs, for a process that answers simple queries itself."""

from collections.abc import Callable, Iterable
from typing import Any, BinaryIO, cast

import pyoxigraph as ox

from kgraph.errors import StoreError
from kgraph.store.replica import load_lines
from kgraph.store.simple import SimpleQueries
from kgraph.store.view import View

_PIECE_BYTES = 2_000_000
#: A triple that takes more is not met by simple queries, which hold some in memory.
_LONG_LINE_BYTES = 4_000


class NotWanted(Exception):
    """A copy is not made, since nobody wants it any more."""


class UnionCopy:
    """The union of all graphs of one version, each triple once.

    It takes some 400 bytes and 15 microseconds a triple; other threads can go on meanwhile.

    :param is_wanted: asked now and then while it is being made.
    :raises NotWanted: if that says no.
    :raises StoreError: if the version cannot be read, or holds what cannot be copied.
    :ivar state: of the store, as `Store.state` tells it.
    :ivar queries: what answers simple queries on it.
    """

    def __init__(self, view: View, is_wanted: Callable[[], bool]):
        self.state = view.state
        engine = ox.Store()
        self.queries = SimpleQueries(engine)
        lines = _Lines(engine, self.queries, is_wanted)
        graphs: Iterable[Any] = view.union_graphs or [ox.DefaultGraph(), *view.engine.named_graphs()]
        try:
            for graph in graphs:
                view.engine.dump(cast(BinaryIO, lines), ox.RdfFormat.N_TRIPLES, from_graph=graph)
            lines.finish()
        except (OSError, ValueError, SyntaxError) as exc:
            raise StoreError(view.name, f"version {view.version} cannot be copied: {exc}") from exc


class _Lines:
    """A file that has an engine load what is written, N-Triples."""

    def __init__(self, engine: ox.Store, queries: SimpleQueries, is_wanted: Callable[[], bool]):
        self._engine = engine
        self._queries = queries
        self._is_wanted = is_wanted
        self._buffer = bytearray()

    def write(self, data: bytes) -> int:
        """Take it, and load what is there now and then."""
        self._buffer += data
        end = self._buffer.rfind(b"\n") + 1 if len(self._buffer) >= _PIECE_BYTES else 0
        if end:
            self.finish(end)
        return len(data)

    def finish(self, end: int | None = None) -> None:
        """Load what is left, or what stands before a place."""
        if not self._is_wanted():
            raise NotWanted
        lines = bytes(self._buffer[:end])
        load_lines(self._engine, lines)
        for line in lines.splitlines():
            if len(line) > _LONG_LINE_BYTES:
                for quad in ox.parse(line, ox.RdfFormat.N_TRIPLES):
                    self._queries.avoid(quad)
        del self._buffer[:end]

    def flush(self) -> None:
        """Nothing: half a piece is not worth loading."""
