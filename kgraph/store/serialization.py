"""Bytes by the engine: which formats it writes, and prefixes in an order that stays."""

import re
from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO, Literal, cast

import pyoxigraph as ox

from kgraph.errors import QueryError, UnfitFormat
from kgraph.formats import BY_NAME, formats_for
from kgraph.namespaces import PREFIXES
from kgraph.store.terms import Triples
from kgraph.store.xml import XmlFile, writable

#: Our prefixes as the engine takes them.
ENGINE_PREFIXES = {prefix: str(namespace) for prefix, namespace in PREFIXES.items()}

_RESULTS_FORMATS = {
    "json": ox.QueryResultsFormat.JSON,
    "xml": ox.QueryResultsFormat.XML,
    "csv": ox.QueryResultsFormat.CSV,
    "tsv": ox.QueryResultsFormat.TSV,
}
#: Formats of graphs and datasets, read and written, by the names that `kgraph.formats` has for them.
RDF_FORMATS = {
    "turtle": ox.RdfFormat.TURTLE,
    "ntriples": ox.RdfFormat.N_TRIPLES,
    "rdfxml": ox.RdfFormat.RDF_XML,
    "jsonld": ox.RdfFormat.JSON_LD,
    "nquads": ox.RdfFormat.N_QUADS,
    "trig": ox.RdfFormat.TRIG,
}


def prefixes_in(text: str) -> dict[str, str]:
    """Those of our prefixes that a query may use: the engine takes a while for each."""
    if "\\" in text:  # a name may be written in escapes
        return ENGINE_PREFIXES
    return {prefix: name for prefix, name in ENGINE_PREFIXES.items() if f"{prefix}:" in text}


def check_format(name: str, kind: Literal["solutions", "graph", "dataset"]) -> None:
    """Refuse a format that is unknown or cannot hold it.

    :raises QueryError: names those that can.
    """
    able = formats_for(kind)
    if BY_NAME.get(name) not in able:
        what = {"solutions": "a table or truth value", "graph": "a graph", "dataset": "a whole dataset"}[kind]
        raise QueryError(f"{name!r} cannot hold {what}; use one of {', '.join(each.name for each in able)}")


def write_answer(answer: ox.QuerySolutions | ox.QueryBoolean, file: BinaryIO, format_: str) -> None:
    """Write solutions or a truth value.

    :raises UnfitFormat: if the format cannot hold them.
    """
    answer.serialize(XmlFile(file).file if format_ == "xml" else file, _RESULTS_FORMATS[format_])


def write_statements(
    statements: "Iterable[ox.Triple] | Iterable[ox.Quad]", file: BinaryIO, format_: str
) -> None:
    """Write triples in a format for graphs, or quads in one for datasets.

    :raises UnfitFormat: if the format cannot hold them.
    """
    if format_ == "ntriples" and isinstance(statements, ox.QueryTriples):
        statements.serialize(file, RDF_FORMATS[format_])  # no term of Python's is made
        return
    if format_ == "rdfxml":
        file, statements = XmlFile(file).file, writable(statements)
    elif format_ == "jsonld":
        statements = _without_triple_terms(statements)
    output = cast(BinaryIO, _SortedPrefixes(file)) if format_ in _PREFIXED else file
    ox.serialize(statements, output, RDF_FORMATS[format_], prefixes=ENGINE_PREFIXES)


def ntriples_of(triples: Triples) -> bytes:
    """Triples in N-Triples."""
    return ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES) or b""


def write_graph(
    engine: ox.Store, file: BinaryIO, format_: str, graph: "ox.NamedNode | ox.DefaultGraph"
) -> None:
    """Write the triples of one graph.

    :raises UnfitFormat: if the format cannot hold them.
    """
    if format_ in _LIMITED:
        triples = (quad.triple for quad in engine.quads_for_pattern(None, None, None, graph))
        write_statements(triples, file, format_)
        return
    output = cast(BinaryIO, _SortedPrefixes(file)) if format_ in _PREFIXED else file
    engine.dump(output, RDF_FORMATS[format_], from_graph=graph, prefixes=ENGINE_PREFIXES)


def _without_triple_terms(statements: Iterable[Any]) -> Iterator[Any]:
    for each in statements:
        if type(each.object) is ox.Triple:
            raise UnfitFormat(
                "JSON-LD has no triple terms, and one stands in the answer; ask for another format"
            )
        yield each


#: What not all that a store can hold can be written in.
_LIMITED = {"rdfxml", "jsonld"}
_PREFIXED = {"turtle", "trig", "rdfxml"}
_DECLARATIONS = re.compile(rb"(?:@prefix [^\n]*\n)+|(?: xmlns:[\w-]+=\"[^\"]*\")+")


class _SortedPrefixes:
    """Passes on what is written, the prefix declarations sorted.

    The engine writes them in an order that differs from run to run. They all come in its first
    piece, which is a few times longer.
    """

    def __init__(self, file: BinaryIO):
        self._file = file
        self._begun = False

    def write(self, data: bytes) -> int:
        piece = bytes(data)
        if not self._begun:
            self._begun = True
            piece = _DECLARATIONS.sub(_sorted, piece, count=1)
        self._file.write(piece)
        return len(data)

    def flush(self) -> None:
        self._file.flush()


def _sorted(match: re.Match[bytes]) -> bytes:
    declarations = match[0]
    if declarations.startswith(b"@"):
        return b"".join(sorted(declarations.splitlines(keepends=True)))
    return b" " + b" ".join(sorted(declarations.split()))
