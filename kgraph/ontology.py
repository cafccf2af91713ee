"""The ontology as data: its files, its class tree.

What the classes and properties are is said in `ontology/*.ttl`, never in code; this
module only reads it there.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from kgraph.errors import OntologyError
from kgraph.namespaces import KG, RDFS
from kgraph.resources import resource

if TYPE_CHECKING:
    from rdflib import Graph
    from rdflib.term import Node

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


def ontology_files() -> list[Path]:
    """The files that make up the ontology graph."""
    return [resource("ontology", name) for name in _FILES]


@cache
def ontology_graph() -> "Graph":
    """Classes, properties, schemes and alignments; shared, not to be changed."""
    return read_turtle(*ontology_files())


def edition() -> str:
    """A hash that tells one edition of the ontology's files from another."""
    return hashlib.sha256(b"\0".join(path.read_bytes() for path in ontology_files())).hexdigest()


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


@dataclass(frozen=True, slots=True)
class PropertyRule:
    """What the shapes ask of one property, as far as whoever states it can heed it.

    :param domain: classes of which a subject has to be one; empty if any will do.
    :param range: classes of which a node that is its value has to be one; empty if any will do.
    :param is_single: whether a subject has at most one value in one document.
    """

    domain: frozenset[str] = frozenset()
    range: frozenset[str] = frozenset()
    is_single: bool = False

    def allows_subject(self, class_iri: str) -> bool:
        """Whether a node of a class can have the property."""
        return not self.domain or not superclasses(class_iri).isdisjoint(self.domain)

    def allows_value(self, class_iri: str) -> bool:
        """Whether a node of a class can be its value."""
        return not self.range or not superclasses(class_iri).isdisjoint(self.range)


@cache
def property_rules() -> Mapping[str, PropertyRule]:
    """Domains, ranges and cardinalities of the properties, read from the shapes that check them."""
    from rdflib import SH, URIRef

    shapes = read_turtle(*sorted(resource("ontology", "shapes").glob("*.ttl")))
    rules: dict[str, PropertyRule] = {}
    for shape, path in shapes.subject_objects(SH.targetSubjectsOf):
        if str(path).startswith(str(KG)) and (domain := _classes_of(shapes, shape)):
            rules[str(path)] = PropertyRule(domain)
    for shape, path in shapes.subject_objects(SH.path):
        if not isinstance(path, URIRef) or not str(path).startswith(str(KG)):
            continue
        rule = rules.get(str(path), PropertyRule())
        rules[str(path)] = PropertyRule(
            rule.domain,
            rule.range | _classes_of(shapes, shape),
            rule.is_single or str(shapes.value(shape, SH.maxCount)) == "1",
        )
    return rules


def _classes_of(shapes: "Graph", shape: "Node") -> frozenset[str]:
    """The classes that a shape asks for, one of them or all the same."""
    from rdflib import SH
    from rdflib.collection import Collection

    options = [option for listed in shapes.objects(shape, SH["or"]) for option in Collection(shapes, listed)]
    found = [str(c) for each in (shape, *options) for c in shapes.objects(each, SH["class"])]
    # An option that is no class (a literal, a concept) leaves the choice open.
    return frozenset(found) if len(found) >= len(options) else frozenset()
