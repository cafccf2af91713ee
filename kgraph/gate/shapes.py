"""The shapes, by what each of them may see."""

from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING

from kgraph.errors import OntologyError
from kgraph.namespaces import KG, KGC
from kgraph.ontology import read_turtle
from kgraph.resources import resource

if TYPE_CHECKING:
    from rdflib import Graph


class Scope(StrEnum):
    """What a shape sees beside the ontology; the concept that its `kg:scope` names."""

    DOCUMENT = KGC.documentGraph
    REFERENCE = KGC.withReference
    ALL = KGC.allGraphs


@cache
def load_shapes(scope: Scope) -> "Graph":
    """The files of shapes that have a scope; shared, not to be changed.

    A file's shapes are all of one scope: a shape's parts lie in its file.

    :raises OntologyError: if a file is no Turtle, or mixes scopes, or has none.
    """
    from rdflib import Graph, URIRef

    chosen = Graph()
    for path in sorted(resource("ontology", "shapes").glob("*.ttl")):
        graph = read_turtle(path)
        scopes = {str(scope) for scope in graph.objects(None, URIRef(KG.scope))}
        if len(scopes) != 1:
            raise OntologyError(path.name, f"its shapes need one kg:scope in common, not {len(scopes)}")
        if scopes == {str(scope)}:
            chosen += graph
    return chosen
