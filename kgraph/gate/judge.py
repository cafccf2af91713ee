"""The verdict on one document, from the engine's results on it."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from kgraph.gate.engine import validate
from kgraph.gate.report import make_report
from kgraph.gate.shapes import Scope, load_shapes
from kgraph.ontology import ontology_graph
from kgraph.records import Report

if TYPE_CHECKING:
    from rdflib import Graph


def judge(graph: "Graph", *, reference: "Graph", elsewhere: "Graph") -> Report:
    """Whether a document's named graph may enter.

    The evidence and all that is local is checked first, on the document's own graph; what
    needs other graphs only if that holds, or its results would say the same thing again.

    :param graph: the document's named graph.
    :param reference: what the reference graph says of the nodes that it uses.
    :param elsewhere: what other graphs say of them.
    :raises GateError: if the shapes cannot be applied; never for data that do not conform.
    """
    own = check_together([graph], Scope.DOCUMENT, own=graph)
    if not own.conforms:
        return own
    wider = check_together([graph, reference], Scope.REFERENCE, own=graph)
    if not wider.conforms:
        return wider
    return check_together([graph, reference, elsewhere], Scope.ALL, own=graph)


def check_together(graphs: Iterable["Graph"], scope: Scope, *, own: "Graph") -> Report:
    """The shapes of one scope on the union of some graphs and the ontology.

    :param own: only results on focus nodes that this graph describes are kept: a neighbourhood
        cut out of the store is itself incomplete, and would be blamed for it.
    """
    from rdflib import Graph

    union = Graph()
    for graph in (*graphs, ontology_graph()):
        union += graph
    found = validate(union, load_shapes(scope))
    return make_report(found, union, own)
