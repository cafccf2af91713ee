"""Writing to a plain store: RDF as it comes, by SPARQL Update or graph by graph.

Nothing of ours stands in such a store, so the number of a version stands in the pointer alone. A note is
made before the database changes and removed once that is published: whoever finds it publishes first.
"""

from collections.abc import Callable, Mapping
from pathlib import Path

import pyoxigraph as ox

from kgraph.errors import QueryError, WriteError
from kgraph.store.changes import lines_of
from kgraph.store.federation import failed_call, route_calls
from kgraph.store.layout import Layout, check_free_space, describe_fault, replace_file
from kgraph.store.reading import Graphs
from kgraph.store.serialization import ENGINE_PREFIXES, RDF_FORMATS
from kgraph.store.snapshots import clean, publish
from kgraph.store.syntax_errors import malformed
from kgraph.store.using import with_dataset

#: A change takes this many times its size for a while: log, tables, and what merges them.
SPACE_FACTOR = 4


class PlainWriter:
    """The one who writes to a plain store, under its lock. Each call is a commit, whole or not at all.

    A graph is called by its IRI; the default graph, which is one like the others, by None.
    """

    def __init__(self, layout: Layout, engine: ox.Store, min_free_bytes: int):
        self._layout = layout
        self._engine = engine
        self._min_free_bytes = min_free_bytes
        self._version = layout.read_pointer() or 0

    def close(self) -> None:
        """Let go of the database before the lock is given back."""
        del self._engine

    def settle(self) -> None:
        """Publish what was not published: at first the empty store, later what a killed writer left.

        :raises OSError: if the disk is full or the like.
        """
        layout = self._layout
        if layout.unpublished.exists():
            self._publish()
        elif layout.read_pointer() is None or not layout.snapshot(self._version).exists():
            publish(layout, self._engine, self._version)
        clean(layout)

    def update(
        self,
        text: str,
        *,
        base: str | None = None,
        default_graphs: tuple[str, ...] = (),
        named_graphs: tuple[str, ...] = (),
        services: Mapping[str, str] | None = None,
    ) -> None:
        """Run a SPARQL update.

        :param base: what relative IRIs are resolved against.
        :param default_graphs: the graphs that WHERE asks; with `named_graphs` as USING says it.
        :param named_graphs: those that GRAPH can name in WHERE.
        :param services: the addresses that SERVICE and LOAD may name, with those that are called instead.
        :raises QueryError: if it is malformed, calls what it may not, or names graphs where some are given.
        :raises ServiceFailed: if a call fails; nothing is changed.
        """
        self._check_space(len(text))
        text = with_dataset(text, default_graphs, named_graphs)
        routes = services or {}
        routed = route_calls(text, routes)
        self._commit(lambda: self._run(routed, text, base, routes))

    def has(self, graph: str | None) -> bool:
        """Whether there is such a graph; the default graph always is."""
        return graph is None or self._engine.contains_named_graph(ox.NamedNode(graph))

    def insert(self, graphs: Graphs, *, replace: bool = False, replace_all: bool = False) -> None:
        """Add triples to graphs, which are made where they are missing; they may share blank nodes.

        :param replace: let them take the place of what stood there.
        :param replace_all: let them take the place of all that is in the store.
        """
        operations, blocks = ["DROP ALL"] if replace_all else [], list[str]()
        for name, triples in graphs.items():
            if name is not None:
                operations += [f"DROP SILENT GRAPH {ox.NamedNode(name)}"] if replace else []
                operations.append(f"CREATE SILENT GRAPH {ox.NamedNode(name)}")
            elif replace:
                operations.append("CLEAR DEFAULT")
            if triples:
                lines = lines_of(triples)
                blocks.append(lines if name is None else f"GRAPH {ox.NamedNode(name)} {{\n{lines}\n}}")
        inside = "\n".join(blocks)
        if inside:  # by one operation, in which a label is one node
            operations.append(f"INSERT DATA {{\n{inside}\n}}")
        text = " ;\n".join(operations)
        self._check_space(len(text))
        self._commit(lambda: self._engine.update(text))

    def drop(self, graph: str | None) -> None:
        """Remove a graph; the default graph is emptied."""
        text = f"DROP GRAPH <{graph}>" if graph is not None else "CLEAR DEFAULT"
        self._commit(lambda: self._run(text, text, None, {}))

    def load(self, file: Path, format_: str) -> None:
        """Add a file of whatever size, one that holds a dataset graph by graph.

        :raises WriteError: if it is malformed or cannot be read.
        """
        try:
            self._check_space(file.stat().st_size)
            base = file.absolute().as_uri()
            self._commit(
                lambda: self._engine.load(path=str(file), format=RDF_FORMATS[format_], base_iri=base)
            )
        except (SyntaxError, OSError) as exc:
            raise WriteError(f"{file}: {' '.join(str(exc).split())}") from exc

    def _run(self, text: str, given: str, base: str | None, routes: Mapping[str, str]) -> None:
        """:param given: the text before its calls were routed, to tell what is wrong in it."""
        try:
            self._engine.update(text, base_iri=base, prefixes=ENGINE_PREFIXES)
        except SyntaxError as exc:
            raise malformed(given, str(exc), base, "update") from exc
        except OSError as exc:
            if exc.errno is None and text != given:  # the engine's; those of a file have a number
                raise failed_call(exc, routes) from exc
            raise
        except (RuntimeError, ValueError) as exc:
            raise QueryError(" ".join(str(exc).split())) from exc

    def _commit(self, change: Callable[[], None]) -> None:
        replace_file(self._layout.unpublished, b"")
        try:
            change()
        except BaseException:
            self._layout.unpublished.unlink()  # it was refused whole
            raise
        try:
            self._engine.flush()
            self._publish()
            clean(self._layout)
        except OSError as exc:
            raise describe_fault(self._layout, exc) from exc

    def _publish(self) -> None:
        self._version += 1
        publish(self._layout, self._engine, self._version)
        self._layout.unpublished.unlink()

    def _check_space(self, size_bytes: int) -> None:
        check_free_space(self._layout, self._min_free_bytes + SPACE_FACTOR * size_bytes)
