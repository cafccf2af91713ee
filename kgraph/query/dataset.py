"""The graph as a dataset among others.

Source: Describing Linked Datasets with the VoID Vocabulary; DCAT 3, sections 6.6 and 6.9.
"""

from typing import TYPE_CHECKING

from kgraph.formats import formats_for
from kgraph.namespaces import DCAT, DCTERMS, KG, PREFIXES, RDF, VOID
from kgraph.query.resolve import minter_of

if TYPE_CHECKING:
    from rdflib import Graph

    from kgraph.query.overview import Overview
    from kgraph.store import View


def dataset_description(
    view: "View", overview: "Overview", *, address: str, endpoint: str, is_plain: bool = False
) -> "Graph":
    """What the dataset holds and where it is asked, in VoID and DCAT; only what holds is told.

    :param overview: of the same version.
    :param address: where the description lies.
    :param endpoint: address of the SPARQL endpoint.
    :param is_plain: whether the store holds what others wrote, of which only so much is known.
    """
    from rdflib import Graph, Literal, URIRef

    graph = Graph(bind_namespaces="none")
    for prefix in ("dcat", "dcterms", "foaf", "kg", "void", "xsd"):
        graph.bind(prefix, PREFIXES[prefix])
    dataset, service = URIRef(f"{address}#dataset"), URIRef(f"{address}#service")

    def add(subject: "URIRef", predicate: str, object_: "str | Literal") -> None:
        graph.add((subject, URIRef(predicate), object_ if isinstance(object_, Literal) else URIRef(object_)))

    add(URIRef(address), RDF.type, VOID.DatasetDescription)
    add(URIRef(address), "http://xmlns.com/foaf/0.1/primaryTopic", dataset)
    add(dataset, RDF.type, VOID.Dataset)
    add(dataset, RDF.type, DCAT.Dataset)
    add(dataset, VOID.sparqlEndpoint, endpoint)
    if is_plain:
        add(dataset, DCTERMS.title, Literal(f"The graphs at {endpoint}", lang="en"))
    else:
        add(dataset, DCTERMS.title, Literal("How states rule information: a knowledge graph", lang="en"))
        add(dataset, VOID.uriSpace, Literal(minter_of(view).resources))
        add(dataset, VOID.documents, Literal(len(overview.documents)))
    add(dataset, VOID.triples, Literal(_count(view)))
    for licence in _licences(view):
        add(dataset, DCTERMS.license, licence)
    for vocabulary in _vocabularies(view):
        add(dataset, VOID.vocabulary, vocabulary)
    for each in overview.classes:
        part = URIRef(f"{address}#{each.iri.removeprefix(str(KG))}")
        add(dataset, VOID.classPartition, part)
        add(part, VOID["class"], each.iri)
        add(part, VOID.entities, Literal(each.count))
    for format_ in formats_for("graph"):
        add(dataset, VOID.feature, f"http://www.w3.org/ns/formats/{_FORMATS[format_.name]}")
    add(service, RDF.type, DCAT.DataService)
    add(service, DCAT.endpointURL, endpoint)
    add(service, DCAT.servesDataset, dataset)
    add(service, DCTERMS.conformsTo, "http://www.w3.org/TR/sparql11-protocol/")
    return graph


_FORMATS = {"turtle": "Turtle", "ntriples": "N-Triples", "rdfxml": "RDF_XML", "jsonld": "JSON-LD"}


def _count(view: "View") -> int:
    return next(int(str(row["n"])) for row in view.evaluate("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"))


def _licences(view: "View") -> list[str]:
    """Those that documents have: each holds for what is quoted of its documents."""
    rows = view.evaluate(
        """SELECT DISTINCT ?licence { ?document a kg:Document ; dcterms:license ?licence
             FILTER(isIRI(?licence)) } ORDER BY ?licence"""
    )
    return [str(row["licence"]) for row in rows]


def _vocabularies(view: "View") -> list[str]:
    """The namespaces that we know of the properties and classes that are used."""
    rows = view.evaluate("SELECT DISTINCT ?term { { ?s ?term ?o } UNION { ?s a ?term } }")
    used = {str(row["term"]) for row in rows}
    return sorted(name for name in PREFIXES.values() if any(term.startswith(name) for term in used))
