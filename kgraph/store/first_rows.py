"""The first rows of a result, carried from one process to another."""

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import pyoxigraph as ox

from kgraph.store.terms import rdflib_reader


def pack_rows(rows: Iterable[Sequence[Any]]) -> bytes:
    """Rows of the engine's terms as bytes for `FirstRows`."""
    return json.dumps([[_packed(term) for term in row] for row in rows]).encode()


class FirstRows:
    """The first solutions or triples of a result, or its truth value; read as often as need be.

    :ivar kind: as `QueryResult.kind`.
    :ivar variables: as `QueryResult.variables`.
    """

    def __init__(self, kind: str, variables: tuple[str, ...], packed: bytes):
        self.kind = kind
        self.variables = variables
        self._rows: list[list[Any]] = json.loads(packed)

    def __bool__(self) -> bool:
        """The truth value, or whether there is any row."""
        return bool(self._rows)

    def __iter__(self) -> Iterator[Any]:
        """Rows of a SELECT, triples of a graph, in rdflib's terms."""
        from kgraph.store.result import Row

        read = rdflib_reader()
        for packed in self._rows:
            terms = [None if each is None else read(_unpacked(each)) for each in packed]
            if self.kind == "graph":
                yield tuple(term for term in terms if term is not None)
            else:
                pairs = zip(self.variables, terms, strict=True)
                yield Row({variable: term for variable, term in pairs if term is not None})


def _packed(term: Any) -> list[str] | None:
    if term is None:
        return None
    if isinstance(term, ox.NamedNode):
        return ["iri", term.value]
    if isinstance(term, ox.BlankNode):
        return ["blank", term.value]
    if isinstance(term, ox.Literal):
        return ["literal", term.value, term.datatype.value, term.language or ""]
    return ["literal", str(term), "http://www.w3.org/2001/XMLSchema#string", ""]


def _unpacked(packed: list[str]) -> ox.NamedNode | ox.BlankNode | ox.Literal:
    kind, value, *more = packed
    if kind == "iri":
        return ox.NamedNode(value)
    if kind == "blank":
        return ox.BlankNode(value)
    datatype, language = more
    if language:
        return ox.Literal(value, language=language)
    return ox.Literal(value, datatype=ox.NamedNode(datatype))
