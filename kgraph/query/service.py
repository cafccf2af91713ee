"""What the endpoint says of itself.

Source: SPARQL 1.1 Service Description; only what holds is told.
"""

from typing import TYPE_CHECKING

from kgraph.formats import FORMATS
from kgraph.namespaces import RDF, SD, VOID

if TYPE_CHECKING:
    from rdflib import BNode, Graph, URIRef

    from kgraph.store import View

#: W3C's names of formats, where it has one.
_FORMATS = {
    "json": "SPARQL_Results_JSON",
    "xml": "SPARQL_Results_XML",
    "csv": "SPARQL_Results_CSV",
    "tsv": "SPARQL_Results_TSV",
    "turtle": "Turtle",
    "ntriples": "N-Triples",
    "rdfxml": "RDF_XML",
    "jsonld": "JSON-LD",
}


def service_description(
    view: "View", endpoint: str, *, takes_updates: bool = False, calls_others: bool = False
) -> "Graph":
    """The service description of a SPARQL endpoint.

    :param endpoint: its address.
    :param takes_updates: whether it takes any form of update, not data alone.
    :param calls_others: whether SERVICE may name any endpoint.
    """
    from rdflib import BNode, Graph, URIRef

    graph = Graph()
    for prefix, namespace in (("sd", SD), ("void", VOID)):
        graph.bind(prefix, str(namespace))
    service, dataset, default = URIRef(endpoint), BNode(), BNode()

    def add(subject: "URIRef | BNode", predicate: str, object_: "BNode | str") -> None:
        graph.add((subject, URIRef(predicate), object_ if isinstance(object_, BNode) else URIRef(object_)))

    add(service, RDF.type, SD.Service)
    add(service, SD.endpoint, service)
    add(service, SD.supportedLanguage, SD.SPARQL11Query)
    if takes_updates:
        add(service, SD.supportedLanguage, SD.SPARQL11Update)
    add(service, SD.feature, SD.UnionDefaultGraph)
    if calls_others:
        add(service, SD.feature, SD.BasicFederatedQuery)
    for each in FORMATS:
        if each.name in _FORMATS:
            add(service, SD.resultFormat, f"http://www.w3.org/ns/formats/{_FORMATS[each.name]}")
    add(service, SD.defaultDataset, dataset)
    add(dataset, RDF.type, SD.Dataset)
    add(dataset, SD.defaultGraph, default)
    add(default, RDF.type, SD.Graph)
    for iri in view.graph_names():
        add(dataset, SD.namedGraph, _named(graph, iri))
    return graph


def _named(graph: "Graph", iri: str) -> "BNode":
    from rdflib import BNode, URIRef

    node = BNode()
    graph.add((node, URIRef(RDF.type), URIRef(SD.NamedGraph)))
    graph.add((node, URIRef(SD.name), URIRef(iri)))
    return node
