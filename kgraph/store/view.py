"""A view: one version of the graph, to read."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, BinaryIO, Self

import pyoxigraph as ox

from kgraph.errors import MalformedQuery, QueryError, StoreError
from kgraph.formats import BY_NAME
from kgraph.records import Term
from kgraph.store.federation import route_services
from kgraph.store.merging import Named, merged, named_in
from kgraph.store.result import QueryResult, check_query, new_graph
from kgraph.store.serialization import check_format, prefixes_in, write_graph, write_statements
from kgraph.store.snapshots import Snapshot
from kgraph.store.streaming import Chunks
from kgraph.store.substitution import substitute
from kgraph.store.syntax_errors import malformed
from kgraph.store.terms import Triples, rdflib_reader, to_engine
from kgraph.store.tokens import names_dataset

if TYPE_CHECKING:
    from rdflib import Dataset, Graph
    from rdflib.term import Node


class View:
    """One version of the graph. It never changes; take a new view to see what was written since.

    What it gives (results, streams, datasets) stays readable after the view is closed.
    """

    def __init__(self, snapshot: Snapshot):
        self._snapshot: Snapshot | None = snapshot
        self._name = snapshot.name

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the snapshot, so that its files can be cleaned."""
        self._snapshot = None

    @property
    def version(self) -> int:
        """The number of the commit that made what is seen here; 0 is the empty store."""
        return self._held().version

    @property
    def state(self) -> str:
        """What `Store.state` says of this version."""
        return self._held().state

    @property
    def name(self) -> str:
        """That of the store, for errors."""
        return self._name

    @property
    def union_graphs(self) -> "list[ox.NamedNode | ox.DefaultGraph] | None":
        """The graphs of the engine's store that make up the union; None for all."""
        return [ox.DefaultGraph()] if self._held().has_union else None

    @property
    def engine(self) -> ox.Store:
        """The engine's store, for `kgraph.shacl`, which reads it; nobody writes to it."""
        return self._held().engine

    def evaluate(
        self,
        text: str,
        *,
        bindings: "Mapping[str, Term | Node] | None" = None,
        default_graphs: Sequence[str] | None = None,
        named_graphs: Sequence[str] | None = None,
        base: str | None = None,
        union: bool = True,
        at_once: bool = False,
        services: Mapping[str, str] | None = None,
    ) -> QueryResult:
        """Evaluate a SPARQL query.

        It asks the union of all graphs, unless it names graphs itself (FROM, FROM NAMED) or graphs
        are given here, which go first. Where several make up the default graph, it gets each triple once, if
        they have `merging.MOST_TRIPLES` at most. Prefixes of `kgraph.namespaces` need no declaration.

        :param bindings: terms that stand for variables wherever these stand, by the variables' names.
        :param default_graphs: IRIs of the graphs that make up the default graph.
        :param named_graphs: IRIs of the graphs that GRAPH can name.
        :param union: whether the default graph is the union of all graphs, where neither the query nor
            `default_graphs` says what it is; else it is empty, or that of a plain store.
        :param base: what relative IRIs are resolved against.
        :param at_once: begin to evaluate it, where it will be written once, by this thread.
        :param services: the addresses that SERVICE may name, with those that are called instead.
        :raises QueryError: if the query is malformed, calls another endpoint, or a binding or graph is
            no term or IRI.

        Source: SPARQL 1.1 Protocol, section 2.1.4 (which dataset is asked).
        """
        given, text = text, route_services(text, services or {})
        options: dict[str, Any] = {"prefixes": prefixes_in(text), "base_iri": base}
        graphs = engine = None
        if default_graphs is not None or named_graphs is not None:
            graphs = Named(_names(default_graphs or ()), _names(named_graphs or ()))
        elif names_dataset(text):
            graphs = named_in(text, options)
        else:
            engine = self._held().merged() if union else None
            options |= self._unnamed(union) if engine is None else {}
        if bindings:
            check_query(text, options)  # so that an error tells the place in the text that was given
            terms = {name.lstrip("?$"): _bound(name, term) for name, term in bindings.items()}
            text = substitute(text, terms)
        calls = services if text != given else None
        if graphs is not None:
            engine = merged(self._held().engine, graphs)
            options["default_graph"] = graphs.default if engine is None else ox.DefaultGraph()
            options["named_graphs"] = graphs.named
        try:
            return QueryResult(self._held(), text, options, at_once=at_once, calls=calls, engine=engine)
        except MalformedQuery as exc:
            if text == given or bindings:
                raise
            raise malformed(given, str(exc.__cause__), base) from exc.__cause__

    def _unnamed(self, union: bool) -> dict[str, Any]:
        """What the engine is told where nobody names graphs."""
        snapshot = self._held()
        if union:
            return {} if snapshot.has_union else {"use_default_graph_as_union": True}
        return {} if snapshot.is_plain else {"default_graph": []}

    def graph_names(self) -> list[str]:
        """IRIs of the graphs, sorted."""
        return sorted(name.value for name in self._held().engine.named_graphs())

    def has_graph(self, iri: str) -> bool:
        """Whether there is a graph of that name."""
        return self._held().engine.contains_named_graph(_name(iri))

    def triples_about(self, subjects: Iterable[str], graph: str) -> Triples:
        """What one graph says of some subjects."""
        engine, name = self._held().engine, _name(graph)
        return [
            quad.triple
            for subject in subjects
            for quad in engine.quads_for_pattern(_name(subject), None, None, name)
        ]

    def graph(self, iri: str) -> "Graph":
        """A copy in memory of one graph; empty if there is none of that name."""
        return self.graphs([iri])

    def graphs(self, iris: Iterable[str]) -> "Graph":
        """A copy in memory of several graphs, merged."""
        engine = self._held().engine
        read = rdflib_reader()
        graph = new_graph()
        for iri in iris:
            for quad in engine.quads_for_pattern(None, None, None, _name(iri)):
                graph.add((read(quad.subject), read(quad.predicate), read(quad.object)))
        return graph

    def dataset(self) -> "Dataset":
        """All graphs as an rdflib dataset that reads from the store; its default graph is their union.

        Plain strings come as `xsd:string`, which rdflib holds unequal to a literal without
        datatype; `graph` gives them as rdflib's parsers do. Use `get_context(iri)` for one graph:
        `graph(iri)` would make it, and nothing can be written here.
        """
        from kgraph.store.rdflib_view import read_only_dataset

        return read_only_dataset(self._held())

    def dump(self, file: BinaryIO, format: str, *, graph: str | None = None) -> None:  # noqa: A002
        """Write all graphs, or one, into a binary file.

        :param format: of `kgraph.formats`: one that holds datasets, or any for a single graph.
        :param graph: IRI of the one, "" for the default graph: the union, or that of a plain store.
        :raises QueryError: if the format is unknown or cannot hold it.
        """
        snapshot = self._held()
        _check_dump(format, graph)
        if graph is None:
            write_statements(_quads(snapshot), file, format)
        elif "graph" in BY_NAME[format].kinds:
            write_graph(snapshot.engine, file, format, _name(graph) if graph else ox.DefaultGraph())
        else:
            quads = snapshot.engine.quads_for_pattern(None, None, None, _name(graph))
            write_statements(quads, file, format)

    def stream(self, format: str, *, graph: str | None = None) -> Chunks:  # noqa: A002
        """What `dump` writes, in chunks with flat memory; close the iterator to stop early.

        :raises QueryError: as `dump`.
        """
        _check_dump(format, graph)
        view = View(self._held())
        return Chunks(lambda file: view.dump(file, format, graph=graph))

    def text(self, sha256: str) -> str | None:
        """The text of a document, by the hash of its bytes; None if none is kept."""
        return self._held().read_text(sha256)

    def _held(self) -> Snapshot:
        if self._snapshot is None:
            raise StoreError(self._name, "this view is closed; take a new one")
        return self._snapshot


def _quads(snapshot: Snapshot) -> "Iterator[ox.Quad]":
    """What others wrote: the default graph holds nothing else, but in a plain store."""
    if snapshot.is_plain:
        yield from snapshot.engine.quads_for_pattern(None, None, None, ox.DefaultGraph())
    for name in sorted(snapshot.engine.named_graphs(), key=str):
        yield from snapshot.engine.quads_for_pattern(None, None, None, name)


def _check_dump(format_: str, graph: str | None) -> None:
    if graph is None or "dataset" not in getattr(BY_NAME.get(format_), "kinds", ()):
        check_format(format_, "dataset" if graph is None else "graph")


def _name(iri: str) -> ox.NamedNode:
    try:
        return ox.NamedNode(iri)
    except ValueError as exc:
        raise QueryError(f"{iri!r} is no IRI of a graph: {exc}") from exc


def _names(iris: Sequence[str]) -> list[ox.NamedNode]:
    return [_name(iri) for iri in dict.fromkeys(iris)]  # the engine would ask one twice


def _bound(name: str, term: "Term | Node") -> ox.NamedNode | ox.Literal:
    try:
        bound = to_engine(term)
    except ValueError as exc:
        raise QueryError(f"?{name.lstrip('?$')} cannot be {term!r}: {exc}") from exc
    if isinstance(bound, ox.BlankNode):
        raise QueryError(f"?{name.lstrip('?$')} cannot be a blank node: a query cannot name one")
    return bound
