"""The ontology as data: its files, its class tree.

What the classes and properties are is said in `ontology/*.ttl`, never in code; this
module only reads it there.
"""

import hashlib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from kgraph.errors import OntologyError
from kgraph.namespaces import KG, RDFS
from kgraph.resources import resource

if TYPE_CHECKING:
    from rdflib import Graph

#: The files that make up the ontology graph, by path below `ontology/`.
_FILES = ("kgraph.ttl", "schemes.ttl", "alignments.ttl")


def read_turtle(*paths: Path) -> "Graph":
    """One graph of several Turtle files.

    :raises OntologyError: if a file is not Turtle; names the file and the line.
    """
    from rdflib import Graph
    from rdflib.plugins.parsers.notation3 import BadSyntax

    graph = Graph()
    for path in paths:
        try:
            graph.parse(path, format="turtle")
        except (BadSyntax, OSError, ValueError) as exc:
            reason = str(exc).strip().splitlines()[0] if str(exc).strip() else type(exc).__name__
            raise OntologyError(path.name, reason) from exc
    return graph


@cache
def ontology_graph() -> "Graph":
    """Classes, properties, schemes and alignments; shared, not to be changed."""
    return read_turtle(*(resource("ontology", name) for name in _FILES))


def edition() -> str:
    """A hash that tells one edition of the ontology's files from another."""
    return hashlib.sha256(b"\0".join(resource("ontology", name).read_bytes() for name in _FILES)).hexdigest()


@cache
def superclasses(class_iri: str) -> frozenset[str]:
    """A kg: class and all classes above it."""
    from rdflib import URIRef

    found = ontology_graph().transitive_objects(URIRef(class_iri), URIRef(RDFS.subClassOf))
    return frozenset(str(node) for node in found if isinstance(node, URIRef))


def is_a(class_iri: str, *parents: str) -> bool:
    """Whether a class is one of some classes of our ontology or lies below one.

    :param parents: local names, such as "Event".
    """
    return not superclasses(class_iri).isdisjoint(KG[name] for name in parents)
