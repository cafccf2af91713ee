"""Validation reports as what two engines can be compared by, whoever wrote them."""

from collections import Counter
from collections.abc import Iterable, Iterator

import pyoxigraph as ox
from rdflib import BNode, Graph, URIRef
from rdflib import Literal as RdflibLiteral
from rdflib.term import Node as RdflibNode

from kgraph.namespaces import RDF, SH

Node = ox.NamedNode | ox.BlankNode | ox.Literal

#: focus node, path, value, constraint component, source shape, severity; "" where there is none.
Key = tuple[str, str, str, str, str, str]

_STEPS = {
    "inversePath": "^({})",
    "zeroOrMorePath": "({})*",
    "oneOrMorePath": "({})+",
    "zeroOrOnePath": "({})?",
}


def sh(name: str) -> ox.NamedNode:
    return ox.NamedNode(SH[name])


class Index:
    """Triples by subject and predicate."""

    def __init__(self, triples: Iterable[ox.Triple | ox.Quad]):
        self._objects: dict[tuple[Node, ox.NamedNode], list[Node]] = {}
        self._about: dict[Node, list[tuple[ox.NamedNode, Node]]] = {}
        for triple in set(_plain(triples)):
            subject, predicate, object_ = triple.subject, triple.predicate, triple.object
            self._objects.setdefault((subject, predicate), []).append(object_)
            self._about.setdefault(subject, []).append((predicate, object_))

    def objects(self, subject: Node, predicate: ox.NamedNode) -> list[Node]:
        return self._objects.get((subject, predicate), [])

    def about(self, subject: Node) -> list[tuple[ox.NamedNode, Node]]:
        return self._about.get(subject, [])

    def subjects(self) -> list[Node]:
        return list(self._about)

    def one(self, subject: Node, predicate: ox.NamedNode) -> Node | None:
        found = self.objects(subject, predicate)
        assert len(found) < 2, f"{subject} has {len(found)} values of {predicate}"
        return found[0] if found else None

    def members(self, list_: Node) -> Iterator[Node]:
        while list_ != ox.NamedNode(RDF.nil):
            yield self.objects(list_, ox.NamedNode(RDF.first))[0]
            list_ = self.objects(list_, ox.NamedNode(RDF.rest))[0]

    def subject_of_type(self, class_: ox.NamedNode) -> Node:
        (found,) = [s for s, rows in self._about.items() if (ox.NamedNode(RDF.type), class_) in rows]
        return found


def _plain(triples: Iterable[ox.Triple | ox.Quad]) -> Iterator[ox.Triple]:
    for triple in triples:
        yield ox.Triple(triple.subject, triple.predicate, triple.object)


def path_text(index: Index, path: Node) -> str:
    """A SHACL property path in SPARQL's words, with all its brackets."""
    if isinstance(path, ox.NamedNode):
        return str(path)
    if index.objects(path, ox.NamedNode(RDF.first)):
        return "(" + "/".join(path_text(index, step) for step in index.members(path)) + ")"
    alternatives = index.one(path, sh("alternativePath"))
    if alternatives is not None:
        return "(" + "|".join(path_text(index, step) for step in index.members(alternatives)) + ")"
    for name, form in _STEPS.items():
        inner = index.one(path, sh(name))
        if inner is not None:
            return form.format(path_text(index, inner))
    raise AssertionError(f"no path: {path}")


def results_of(triples: Iterable[ox.Triple | ox.Quad]) -> Counter[Key]:
    """The results of a report; not the details below them."""
    index = Index(triples)
    found: Counter[Key] = Counter()
    for result in index.objects(index.subject_of_type(sh("ValidationReport")), sh("result")):
        path = index.one(result, sh("resultPath"))
        found[
            (
                str(index.one(result, sh("focusNode"))),
                "" if path is None else path_text(index, path),
                str(index.one(result, sh("value")) or ""),
                _local(index.one(result, sh("sourceConstraintComponent"))),
                str(index.one(result, sh("sourceShape"))),
                _local(index.one(result, sh("resultSeverity"))),
            )
        ] += 1
    return found


def _local(node: Node | None) -> str:
    return str(node).strip("<>").rpartition("#")[2]


def to_rdflib(triples: Iterable[ox.Triple | ox.Quad]) -> Graph:
    """The same graph in rdflib's memory: labels of blank nodes and spellings of literals are kept."""
    graph = Graph(bind_namespaces="none")
    for triple in triples:
        graph.add(tuple(term_to_rdflib(t) for t in (triple.subject, triple.predicate, triple.object)))
    return graph


def term_to_rdflib(term: object) -> RdflibNode:
    if isinstance(term, ox.NamedNode):
        return URIRef(term.value)
    if isinstance(term, ox.BlankNode):
        return BNode(term.value)
    assert isinstance(term, ox.Literal)
    if term.language:
        return RdflibLiteral(term.value, lang=term.language)
    # rdflib takes "a"^^xsd:string for another term than "a".
    datatype = None if term.datatype.value.endswith("XMLSchema#string") else URIRef(term.datatype.value)
    return RdflibLiteral(term.value, datatype=datatype, normalize=False)


def from_rdflib(graph: Graph) -> Iterator[ox.Triple]:
    for triple in graph:
        yield ox.Triple(*map(term_from_rdflib, triple))


def term_from_rdflib(term: RdflibNode) -> Node:
    if isinstance(term, URIRef):
        return ox.NamedNode(str(term))
    if isinstance(term, BNode):
        return ox.BlankNode(str(term))
    assert isinstance(term, RdflibLiteral)
    if term.language:
        return ox.Literal(str(term), language=term.language)
    return ox.Literal(str(term), datatype=ox.NamedNode(str(term.datatype)) if term.datatype else None)
