"""The reference graph: what the gazetteer says of the nodes that documents mention.

It is a function of what the documents use and of the gazetteer: facts enter with the
first document that mentions a node and leave with the last.
"""

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING

from kgraph.gazetteer import Gazetteer
from kgraph.iris import Minter
from kgraph.store import Triples, View, subjects_of

if TYPE_CHECKING:
    from rdflib import Graph


def known_nodes(graph: "Graph", gazetteer: Gazetteer) -> set[str]:
    """The nodes in a document's graph that the gazetteer knows."""
    terms = {str(s) for s in graph.subjects()} | {str(o) for o in graph.objects()}
    return {term for term in terms if term in gazetteer.entries}


def named_in(view: View, graphs: Iterable[str], minter: Minter) -> set[str]:
    """The nodes that the reference graph describes and some graphs name."""
    named: set[str] = set()
    for graph in filter(view.has_graph, graphs):
        rows = view.evaluate(
            """SELECT DISTINCT ?node WHERE {
                 GRAPH ?reference { ?node ?is ?what }
                 FILTER (EXISTS { GRAPH ?graph { ?node ?p ?o } } || EXISTS { GRAPH ?graph { ?s ?q ?node } })
               }""",
            bindings={"reference": minter.graph("reference"), "graph": graph},
        )
        named |= {str(row["node"]) for row in rows}
    return named


def left_over(
    view: View,
    named: Iterable[str],
    gazetteer: Gazetteer,
    *,
    graphs: Collection[str] = (),
    keep: Iterable[str] = (),
) -> set[str]:
    """Those of some nodes that nobody will mention once some documents' graphs are gone or replaced.

    :param named: nodes that these graphs name, with which go those that their facts refer to.
    :param graphs: names of the graphs, where `view` holds them still.
    :param keep: nodes that what enters uses, with what their facts refer to.
    """
    known = {node for node in named if node in gazetteer.entries}
    candidates = _described(gazetteer, known) - set(keep)
    alive = {node for node in candidates if _is_needed(view, node, graphs, candidates)}
    return candidates - _described(gazetteer, alive)


def changes(view: View, facts: Triples, leaving: Iterable[str], minter: Minter) -> tuple[Triples, Triples]:
    """What goes and what comes for facts to stand in place of what the graph holds of their subjects.

    :param leaving: nodes of which nothing shall stand any more.
    """
    old = view.triples_about(sorted(subjects_of(facts) | set(leaving)), minter.graph("reference"))
    standing, coming = set(old), set(facts)
    return [fact for fact in old if fact not in coming], [fact for fact in coming if fact not in standing]


def _described(gazetteer: Gazetteer, nodes: set[str]) -> set[str]:
    """The nodes and all that their facts refer to in turn: a town's country."""
    return {str(s) for s in gazetteer.facts(sorted(nodes)).subjects()} if nodes else set()


def _is_needed(view: View, node: str, graphs: Collection[str], candidates: set[str]) -> bool:
    """Whether another graph than some documents' speaks of a node, or the facts of one that stays."""
    from rdflib import URIRef

    rows = view.evaluate(
        "SELECT DISTINCT ?graph ?s WHERE { GRAPH ?graph { ?s ?p ?node } }", bindings={"node": URIRef(node)}
    )
    return any(str(row["graph"]) not in graphs and str(row["s"]) not in candidates for row in rows)
