"""The curated Turtle files: platforms, operators, outlets, bodies, organisations, territories.

Addresses in them are relative (`<platform/twitter>`): the publisher's base stands before them.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from kgraph.errors import OntologyError
from kgraph.gazetteer.entries import Entry, Fact, Known, is_ordinary, unique
from kgraph.iris import Minter
from kgraph.namespaces import KG, RDF, RDFS, SKOS, local_name
from kgraph.records import Literal, Term
from kgraph.resources import resource

if TYPE_CHECKING:
    from rdflib.term import Node

#: What someone wrote down by hand goes before cities of its name.
PROMINENCE = 10**11


def read_curated(minter: Minter) -> Iterator[Known]:
    """Every entry of the curated files, in the order of their addresses.

    :raises OntologyError: if a file is not Turtle, or an entry lacks its class or its label.
    """
    described: dict[str, set[Fact]] = {}
    for path in sorted(resource("data", "gazetteer").glob("*.ttl")):
        for subject, fact in _read(str(path), minter):
            described.setdefault(subject, set()).add(fact)
    for iri in sorted(described):
        if iri.startswith(minter.resources):
            yield _known(iri, described[iri])


def _read(path: str, minter: Minter) -> Iterator[tuple[str, Fact]]:
    from rdflib import Graph
    from rdflib.plugins.parsers.notation3 import BadSyntax

    graph: Graph = Graph(bind_namespaces="none")
    try:
        graph.parse(path, format="turtle", publicID=minter.resources)
    except BadSyntax as exc:
        raise OntologyError(path, f"not Turtle: {exc.message} in line {exc.lines + 1}") from exc
    for subject, predicate, object_ in graph:
        yield str(subject), (str(predicate), _term(object_))


def _term(node: "Node") -> Term:
    from rdflib import Literal as RdfLiteral

    if not isinstance(node, RdfLiteral):
        return str(node)
    if node.language:
        return Literal(str(node), language=node.language)
    return Literal(str(node), str(node.datatype)) if node.datatype else Literal(str(node))


def _known(iri: str, described: set[Fact]) -> Known:
    classes = [local_name(str(value)) for key, value in described if key == RDF.type]
    labels = [value.lexical for key, value in described if key == RDFS.label and isinstance(value, Literal)]
    if len(classes) != 1 or len(labels) != 1:
        raise OntologyError("data/gazetteer", f"{iri} must have one class and one label")
    others = [
        value.lexical for key, value in described if key == SKOS.altLabel and isinstance(value, Literal)
    ]
    countries = [str(value) for key, value in described if key == KG.country]
    entry = Entry(
        iri=iri,
        kind=classes[0],
        label=labels[0],
        names=unique([labels[0], *sorted(others)]),
        country=countries[0] if len(countries) == 1 else None,
        ambiguous=is_ordinary(labels[0]),
    )
    facts = tuple(sorted((f for f in described if f[0] not in _IN_ENTRY), key=repr))
    return Known(entry, facts, PROMINENCE)


_IN_ENTRY = {RDF.type, RDFS.label, SKOS.altLabel, KG.country}
