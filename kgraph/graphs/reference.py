"""The reference graph: what the gazetteer says of the nodes that documents mention.

It is a function of what the documents use and of the gazetteer: facts enter with the
first document that mentions a node and leave with the last.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from kgraph.gazetteer import Gazetteer
from kgraph.iris import Minter
from kgraph.store import View, Writer

if TYPE_CHECKING:
    from rdflib import Graph


def known_nodes(graph: "Graph", gazetteer: Gazetteer) -> set[str]:
    """The nodes in a document's graph that the gazetteer knows."""
    terms = {str(s) for s in graph.subjects()} | {str(o) for o in graph.objects()}
    return {term for term in terms if term in gazetteer.entries}


def elsewhere(view: View, graph: "Graph", minter: Minter) -> "Graph":
    """What other documents' graphs say of a document's shared nodes.

    Nodes below the document's own address are its own; nobody else speaks of them.
    """
    from rdflib import Graph, URIRef

    own = minter.resources + "d/"
    shared = {s for s in graph.subjects() if isinstance(s, URIRef) and s.startswith(minter.resources)}
    found = Graph()
    for node in sorted(node for node in shared if not node.startswith(own)):
        found += view.evaluate(
            "CONSTRUCT { ?node ?p ?o } WHERE { ?node ?p ?o }", bindings={"node": node}
        ).graph()
    return found


def left_over(view: View, graph_iri: str, gazetteer: Gazetteer, keep: Iterable[str]) -> set[str]:
    """Known nodes that nobody will mention once a document's graph is gone or replaced.

    :param keep: nodes that the new version of the document uses, with what their facts refer to.
    """
    if not view.has_graph(graph_iri):
        return set()
    used = known_nodes(view.graph(graph_iri), gazetteer)
    candidates = _described(gazetteer, used) - set(keep)
    alive = {node for node in candidates if _is_needed(view, node, graph_iri, candidates)}
    return candidates - _described(gazetteer, alive)


def update(writer: Writer, view: View, facts: "Graph", leaving: Iterable[str], minter: Minter) -> None:
    """Let facts in, in place of what the graph held of their subjects, and others out."""
    reference = minter.graph("reference")
    subjects = {str(s) for s in facts.subjects()}
    old = _standing(view, reference, subjects | set(leaving))
    writer.delete(reference, old - facts)
    writer.insert(reference, facts - old)


def _described(gazetteer: Gazetteer, nodes: set[str]) -> set[str]:
    """The nodes and all that their facts refer to in turn: a town's country."""
    return {str(s) for s in gazetteer.facts(sorted(nodes)).subjects()} if nodes else set()


def _is_needed(view: View, node: str, graph_iri: str, candidates: set[str]) -> bool:
    """Whether another graph than one document's speaks of a node, or the facts of one that stays."""
    from rdflib import URIRef

    rows = view.evaluate(
        "SELECT DISTINCT ?graph ?s WHERE { GRAPH ?graph { ?s ?p ?node } }", bindings={"node": URIRef(node)}
    )
    return any(str(row["graph"]) != graph_iri and str(row["s"]) not in candidates for row in rows)


def _standing(view: View, reference: str, subjects: set[str]) -> "Graph":
    """What the reference graph holds of some subjects."""
    from rdflib import Graph

    found = Graph()
    for subject in sorted(subjects):
        found += view.evaluate(
            "CONSTRUCT { ?subject ?p ?o } WHERE { GRAPH ?reference { ?subject ?p ?o } }",
            bindings={"subject": subject, "reference": reference},
        ).graph()
    return found
