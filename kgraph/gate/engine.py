"""The SHACL engine behind the gate: pySHACL, behind one function.

It validates on rdflib's memory store; over an Oxigraph-backed graph it gives false
violations (plain strings compare unequal to the values of `sh:in`).
"""

from typing import TYPE_CHECKING

from kgraph.errors import GateError

if TYPE_CHECKING:
    from rdflib import Graph


def validate(data: "Graph", shapes: "Graph") -> "Graph":
    """The validation report of a data graph, as RDF.

    :param data: all that the shapes shall see. What pySHACL takes as an ontology graph beside it, it
        reads the class tree of, and nothing else that our shapes need.
    :returns: a graph with one sh:ValidationReport and its results.
    :raises GateError: if the engine could not judge.

    Source: SHACL, section 3.6.
    """
    from pyshacl import validate as run
    from pyshacl.errors import ShapeLoadError, ValidationFailure
    from rdflib import Graph

    try:
        _, report, text = run(data, shacl_graph=shapes, inference="none", advanced=False)
    except (ShapeLoadError, ValidationFailure) as exc:
        raise GateError(f"the shapes could not be applied: {exc}") from exc
    if not isinstance(report, Graph):
        raise GateError(f"the shapes could not be applied: {text}")
    return report
