"""RDF that clients send: parsed, and as statements of plain terms."""

import math
from collections.abc import Callable

import pyoxigraph as ox

from kgraph.errors import MalformedRDF, TooManyTriples, WriteError
from kgraph.records import Term
from kgraph.store.bounds import check_bounds
from kgraph.store.serialization import RDF_FORMATS, ntriples_of
from kgraph.store.terms import Triples, to_record

#: Of one request: a triple can be written in three bytes, and takes some thousand in memory.
MOST_SENT = 200_000

#: Triples by the name of their graph; None is the default graph.
Graphs = dict[str | None, Triples]

#: What the engine says of a JSON-LD context that would have to be fetched.
_CONTEXT_ELSEWHERE = "LoadDocumentCallback"


def read_graphs(data: bytes, format_: str, *, base: str | None = None, most: float = math.inf) -> Graphs:
    """Parse a serialisation; blank nodes get labels that occur nowhere else.

    :param format_: of `kgraph.formats`: one that holds graphs or datasets.
    :param base: what relative IRIs are resolved against.
    :param most: triples.
    :raises MalformedRDF: if it is none; tells where.
    :raises TooManyTriples: if there are more.
    """
    check_bounds(data, format_)
    graphs: Graphs = {}
    try:
        quads = ox.parse(data, RDF_FORMATS[format_], base_iri=base, rename_blank_nodes=True)
        for number, quad in enumerate(quads):
            if number == most:
                raise TooManyTriples(f"more than {most:,} triples are not taken at once; send them in parts")
            graphs.setdefault(_name(quad.graph_name), []).append(quad.triple)
    except (SyntaxError, ValueError, OSError) as exc:
        words = " ".join(str(exc).split())
        if _CONTEXT_ELSEWHERE in words:
            words = "a context at another address is not fetched; write what it says into the document"
        line, column = getattr(exc, "lineno", None), getattr(exc, "offset", None)
        raise MalformedRDF(f"the {format_} cannot be read: {words}", line, column) from exc
    return graphs


def ntriples_from(data: bytes, format_: str, *, base: str) -> bytes:
    """A graph as N-Triples.

    :param format_: of `kgraph.formats`: one that holds graphs.
    :param base: what relative IRIs are resolved against.
    :raises WriteError: if it is malformed, or names graphs.
    """
    graphs = read_graphs(data, format_, base=base)
    if graphs.keys() - {None}:
        raise WriteError(f"the {format_} cannot be read: it names graphs itself")
    return ntriples_of(graphs.get(None, []))


def _name(graph: "ox.NamedNode | ox.BlankNode | ox.DefaultGraph") -> str | None:
    if isinstance(graph, ox.DefaultGraph):
        return None
    if isinstance(graph, ox.BlankNode):
        raise ValueError("a graph is named by a blank node; name it by an IRI")
    return graph.value


def statements(triples: Triples, name: Callable[[int], str]) -> list[tuple[str, str, Term]]:
    """Triples as the store will give them back, each once, in the order of their N-Triples.

    :param name: gives the IRI that stands for a blank node, by its number: they are numbered as they come.
    :raises WriteError: if there is a triple term, or a string that has a direction.
    """
    numbers: dict[ox.BlankNode, int] = {}

    def named(term: "ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple") -> ox.NamedNode | ox.Literal:
        if isinstance(term, ox.BlankNode):
            return ox.NamedNode(name(numbers.setdefault(term, len(numbers))))
        if isinstance(term, ox.Triple):
            raise WriteError(
                f"there is a triple inside a triple ({term}), for which no evidence can be noted"
            )
        if isinstance(term, ox.Literal) and term.direction is not None:
            raise WriteError(f"{term} has a direction; write the text with its language alone")
        return term

    engine = ox.Store()  # it has its own spelling of some literals
    for triple in triples:
        subject = named(triple.subject)
        if isinstance(subject, ox.NamedNode):
            engine.add(ox.Quad(subject, triple.predicate, named(triple.object)))
    found = sorted(engine, key=str)
    return [(_iri(quad.subject), quad.predicate.value, to_record(quad.object)) for quad in found]


def _iri(term: "ox.NamedNode | ox.BlankNode | ox.Triple") -> str:
    return str(to_record(term))
