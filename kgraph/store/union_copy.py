"""A copy in memory of the union of all graphs, for a process that answers simple queries itself."""

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

import pyoxigraph as ox

from kgraph.errors import StoreError
from kgraph.store.lines import Lines, load_lines
from kgraph.store.simple import SimpleQueries
from kgraph.store.view import View

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
        lines = Lines(partial(self._load, engine, is_wanted))
        graphs: Iterable[Any] = view.union_graphs or [ox.DefaultGraph(), *view.engine.named_graphs()]
        try:
            for graph in graphs:
                view.engine.dump(lines.file, ox.RdfFormat.N_TRIPLES, from_graph=graph)
            lines.finish()
        except (OSError, ValueError, SyntaxError) as exc:
            raise StoreError(view.name, f"version {view.version} cannot be copied: {exc}") from exc

    def _load(self, engine: ox.Store, is_wanted: Callable[[], bool], lines: bytes) -> None:
        if not is_wanted():
            raise NotWanted
        load_lines(engine, lines)
        for line in lines.splitlines():
            if len(line) > _LONG_LINE_BYTES:
                for quad in ox.parse(line, ox.RdfFormat.N_TRIPLES):
                    self.queries.avoid(quad)
