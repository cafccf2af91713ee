"""Our shapes as an rdflib graph, to look into, and what they find in some data."""

from functools import cache

from rdflib import Graph, URIRef

from kgraph.gate import Scope, load_shapes, ontology_data
from kgraph.namespaces import KG
from kgraph.ontology import read_turtle
from kgraph.resources import resource
from kgraph.shacl import Layered, MemoryData, ValidationResult, validate
from kgraph.store import engine_triples


@cache
def shape_graph(scope: Scope) -> Graph:
    """The files of shapes that have a scope."""
    graphs = [read_turtle(path) for path in sorted(resource("ontology", "shapes").glob("*.ttl"))]
    return sum((g for g in graphs if (None, URIRef(KG.scope), URIRef(scope)) in g), Graph())


def found_in(data: Graph, scope: Scope) -> list[ValidationResult]:
    """The results of a scope's shapes on the nodes of some data, seen with the ontology."""
    own = MemoryData(engine_triples(data))
    return list(validate(load_shapes(scope), Layered(own, ontology_data()), focus=own.nodes()).results)
