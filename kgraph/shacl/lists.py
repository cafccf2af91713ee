"""RDF lists, read and written."""

from collections.abc import Iterable

import pyoxigraph as ox

from kgraph.shacl.data import Data
from kgraph.shacl.errors import ShapesError
from kgraph.shacl.vocabulary import RDF, Node, show


def read_list(graph: Data, node: Node, owner: Node) -> list[Node]:
    """The members of a list.

    :param owner: the shape that holds it, for errors.
    :raises ShapesError: if it is no well-formed SHACL list.

    Source: SHACL 1.0, section 1.1 (SHACL list).
    """
    members: list[Node] = []
    seen: set[Node] = set()
    while node != RDF.nil:
        first, rest = graph.objects(node, RDF.first), graph.objects(node, RDF.rest)
        if node in seen or len(first) != 1 or len(rest) != 1:
            raise ShapesError(owner, f"{show(node)} is no well-formed list")
        seen.add(node)
        members += first
        (node,) = rest
    return members


def list_triples(members: Iterable[Node], triples: list[ox.Triple]) -> ox.NamedNode | ox.BlankNode:
    """The node of a new list, whose triples are appended."""
    head: ox.NamedNode | ox.BlankNode = RDF.nil
    for member in reversed(list(members)):
        node = ox.BlankNode()
        triples += (ox.Triple(node, RDF.first, member), ox.Triple(node, RDF.rest, head))
        head = node
    return head
