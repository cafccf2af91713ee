"""What a query gives: solutions, a truth value or a graph; in rdflib's terms, or in bytes by the engine.

The engine's results must stay in the thread that made them (anything else ends the process),
so none is ever kept: a result holds the query and the snapshot, and whoever reads it
evaluates the query then and there. The snapshot does not change, so it can be read again.
"""

import errno
import io
import threading
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import TYPE_CHECKING, Any, BinaryIO, Literal, NoReturn

import pyoxigraph as ox

from kgraph.errors import ConfigError, KGraphError, QueryError, StoreError
from kgraph.records import Term
from kgraph.store.construct import TripleRows, read_template
from kgraph.store.federation import failed_call
from kgraph.store.first_rows import pack_rows
from kgraph.store.serialization import ENGINE_PREFIXES, check_format, write_answer, write_statements
from kgraph.store.snapshots import Snapshot
from kgraph.store.streaming import Chunks
from kgraph.store.syntax_errors import malformed
from kgraph.store.terms import python_value, rdflib_reader, to_record

if TYPE_CHECKING:
    import pandas as pd  # type: ignore[import-untyped]  # ships no types
    from rdflib import Graph
    from rdflib.term import Node

Kind = Literal["solutions", "boolean", "graph"]
EngineResult = ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples


class Row(Mapping[str, "Node"]):
    """One solution: rdflib terms by the names of the variables; unbound ones are not in it.

    `row["place"]`, or `row.place` where no method has that name.
    """

    __slots__ = ("_terms",)

    def __init__(self, terms: dict[str, "Node"]):
        self._terms = terms

    def __getitem__(self, variable: str) -> "Node":
        return self._terms[variable]

    def __getattr__(self, variable: str) -> "Node":
        if variable.startswith("_"):
            raise AttributeError(variable)
        try:
            return self._terms[variable]
        except KeyError:
            raise AttributeError(f"?{variable} is not bound in this solution") from None

    def __iter__(self) -> Iterator[str]:
        return iter(self._terms)

    def __len__(self) -> int:
        return len(self._terms)

    def __hash__(self) -> int:
        return hash(frozenset(self._terms.items()))

    def __repr__(self) -> str:
        return f"Row({self._terms!r})"


class QueryResult:
    """The result of a query, not yet read; every reading evaluates the query on the same snapshot.

    :ivar kind: `solutions` (SELECT), `boolean` (ASK) or `graph` (CONSTRUCT, DESCRIBE).
    :ivar variables: names of the variables of the solutions, without question mark.
    """

    kind: Kind
    variables: tuple[str, ...]

    def __init__(
        self,
        snapshot: Snapshot,
        text: str,
        options: Mapping[str, Any],
        *,
        at_once: bool = False,
        calls: Mapping[str, str] | None = None,
        engine: ox.Store | None = None,
    ):
        self._snapshot = snapshot
        self._engine = engine or snapshot.engine  # another, where its graphs had to be merged
        self._calls = calls or {}  # addresses that the query may name, with those that are called instead
        self._text = text
        self._options = options  # keyword arguments of the engine's `query`
        self._begun: EngineResult | None = None
        # An engine without data tells what kind of query it is, and whether it is one.
        if at_once:
            probe = self._begun = self._evaluate(self._engine)
        else:
            probe = self._evaluate(ox.Store())
        self.variables = ()
        if isinstance(probe, ox.QuerySolutions):
            self.kind = "solutions"
            self.variables = tuple(variable.value for variable in probe.variables)
        else:
            self.kind = "boolean" if isinstance(probe, ox.QueryBoolean) else "graph"

    @property
    def asks_others(self) -> bool:
        """Whether other endpoints are called."""
        return bool(self._calls)

    def __bool__(self) -> bool:
        """The answer of an ASK query; of others, whether there is any solution or triple."""
        with _faults(self._snapshot, self._calls):
            result = self._evaluate(self._engine)
            if isinstance(result, ox.QueryBoolean):
                return bool(result)
            return next(iter(result), None) is not None

    def __iter__(self) -> "Iterator[Any]":
        """Rows of a SELECT, triples of a CONSTRUCT or DESCRIBE, in rdflib's terms.

        :raises QueryError: for an ASK, which has none, and if evaluating fails.
        """
        if self.kind == "solutions":
            return self._rows()
        if self.kind == "graph":
            return self._triples()
        raise QueryError("the answer to an ASK query is true or false: use bool(result)")

    def serialize(self, format: str) -> bytes:  # noqa: A002  # as rdflib calls it
        """The whole result in one of `kgraph.formats`.

        :raises QueryError: if the format is unknown or cannot hold this kind of result.
        """
        file = io.BytesIO()
        self.write(file, format)
        return file.getvalue()

    def write(self, file: BinaryIO, format: str) -> None:  # noqa: A002
        """Write the whole result into a binary file; the engine writes, row by row.

        :raises QueryError: if the format is unknown or cannot hold this kind of result.
        """
        self._check_format(format)
        with _faults(self._snapshot, self._calls):
            result = self._fresh()
            if isinstance(result, ox.QueryTriples):
                write_statements(result, file, format)
            else:
                write_answer(result, file, format)

    def write_tsv(self, pipe: str) -> None:
        """Write solutions as TSV into a pipe, while other threads are free to run.

        :param pipe: a path by which it is written to.
        :raises QueryError: if evaluating fails, or there are none.
        """
        with _faults(self._snapshot, self._calls):
            answer = self._fresh()
            if isinstance(answer, ox.QueryTriples):
                raise QueryError("TSV holds tables")
            try:
                answer.serialize(pipe, ox.QueryResultsFormat.TSV)
            except OSError as exc:
                # Having written all, the engine wants it to be on the disk, which a pipe refuses.
                if self.asks_others or not str(exc).endswith(f"(os error {errno.EINVAL})"):
                    raise

    def parted(self) -> "tuple[QueryResult, TripleRows] | None":
        """Of a CONSTRUCT, its solutions, to be written at once by this thread, and what makes its triples.

        None where its template cannot be told.
        """
        template = read_template(self._text, {name: self._options[name] for name in ("prefixes", "base_iri")})
        if template is None:
            return None
        solutions = QueryResult(
            self._snapshot,
            template.select,
            self._options,
            at_once=True,
            calls=self._calls,
            engine=self._engine,
        )
        return solutions, TripleRows(template)

    def write_first(self, file: BinaryIO, most: int) -> None:
        """Write the first rows, or the truth value, for `FirstRows`."""
        if self.kind == "boolean":
            file.write(pack_rows([()] if self else []))
        else:
            file.write(pack_rows(islice(self._each(), most)))

    def stream(self, format: str) -> Chunks:  # noqa: A002
        """The result in chunks, with flat memory; close the iterator to stop early.

        :raises QueryError: if the format is unknown or cannot hold this kind of result, or evaluating fails
            before the first chunk.
        """
        self._check_format(format)
        return Chunks(lambda file: self.write(file, format))

    def graph(self) -> "Graph":
        """The graph of a CONSTRUCT or DESCRIBE, in memory.

        :raises QueryError: for other queries.
        """
        if self.kind != "graph":
            raise QueryError("only CONSTRUCT and DESCRIBE queries give a graph")
        graph = new_graph()
        for triple in self._triples():
            graph.add(triple)
        return graph

    def records(self) -> "Iterator[tuple[Term | None, ...]]":
        """The solutions as our own terms, in the order of `variables`; None where unbound.

        :raises QueryError: as iterating.
        """
        for solution in self._each():
            yield tuple(None if term is None else to_record(term) for term in solution)

    def to_pandas(self) -> "pd.DataFrame":
        """The solutions as a data frame of Python values, a column a variable; None where unbound.

        :raises ConfigError: if pandas is not installed.
        :raises QueryError: if the query is no SELECT.
        """
        if self.kind != "solutions":
            raise QueryError("only SELECT queries give a table")
        try:
            import pandas as pd
        except ImportError as exc:
            raise ConfigError("pandas is not installed: pip install 'kgraph[pandas]'") from exc
        rows = [
            [None if term is None else python_value(term) for term in solution] for solution in self._each()
        ]
        return pd.DataFrame(rows, columns=list(self.variables))

    def _rows(self) -> Iterator[Row]:
        read = rdflib_reader()
        for solution in self._each():
            yield Row(
                {
                    variable: read(term)
                    for variable, term in zip(self.variables, solution, strict=True)
                    if term is not None
                }
            )

    def _triples(self) -> "Iterator[tuple[Node, Node, Node]]":
        read = rdflib_reader()
        for triple in self._each():
            yield read(triple.subject), read(triple.predicate), read(triple.object)

    def _each(self) -> Iterator[Any]:
        """The engine's solutions or triples; a generator, so that they stay within one frame."""
        thread = threading.get_ident()
        with _faults(self._snapshot, self._calls):
            result: Any = self._evaluate(self._engine)
        while True:
            if threading.get_ident() != thread:
                raise QueryError("a result is read in one thread; begin again in this one")
            with _faults(self._snapshot, self._calls):
                item = next(result, None)
            if item is None:
                return
            yield item

    def _evaluate(self, engine: ox.Store) -> EngineResult:
        with _faults(self._snapshot, self._calls):
            return _query(engine, self._text, self._options)

    def _fresh(self) -> EngineResult:
        """A result that nobody has read."""
        result, self._begun = self._begun, None
        return self._evaluate(self._engine) if result is None else result

    def _check_format(self, name: str) -> None:
        check_format(name, "graph" if self.kind == "graph" else "solutions")


class _faults:  # noqa: N801  # reads as a phrase: with _faults(snapshot)
    """Turns what the engine raises while it evaluates into our errors; cheap enough for every row."""

    __slots__ = ("_calls", "_snapshot")

    def __init__(self, snapshot: Snapshot, calls: Mapping[str, str]):
        self._snapshot = snapshot
        self._calls = calls

    def __enter__(self) -> None:
        pass

    def __exit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, traceback: object
    ) -> None:
        if exc is None or isinstance(exc, KGraphError):
            return
        if type(exc) is OSError and exc.errno is None:  # the engine's; those of a file have a number
            if self._calls:  # nothing else that a query with calls does is likely to fail
                raise failed_call(exc, self._calls) from exc
            self._lost(exc)
        if isinstance(exc, RuntimeError):
            if str(exc).startswith("Corruption: "):
                self._lost(exc)
            raise QueryError(" ".join(str(exc).split())) from exc

    def _lost(self, exc: Exception) -> NoReturn:
        raise StoreError(
            self._snapshot.name, f"version {self._snapshot.version} cannot be read any more: {exc}"
        ) from exc


def check_query(text: str, options: Mapping[str, Any]) -> None:
    """Refuse a query that is malformed.

    :raises QueryError: says where.
    """
    _query(ox.Store(), text, options)


def _query(engine: ox.Store, text: str, options: Mapping[str, Any]) -> EngineResult:
    try:
        return engine.query(text, **options)
    except SyntaxError as exc:
        raise malformed(text, str(exc), options.get("base_iri")) from exc
    except (RuntimeError, ValueError) as exc:
        raise QueryError(" ".join(str(exc).split())) from exc


def new_graph() -> "Graph":
    """An empty graph of rdflib's with our prefixes."""
    from rdflib import Graph, Namespace

    graph = Graph(bind_namespaces="none")
    for prefix, namespace in ENGINE_PREFIXES.items():
        graph.bind(prefix, Namespace(namespace))
    return graph
