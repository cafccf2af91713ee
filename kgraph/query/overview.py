"""What is in the graph: documents, things by class, named graphs; and what a document says."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kgraph.namespaces import KG
from kgraph.query.describe import Statement
from kgraph.query.evidence import EVIDENCE, EVIDENCE_VARIABLES, in_order, source_of
from kgraph.query.naming import class_words, names
from kgraph.query.resolve import minter_of
from kgraph.query.terms import is_iri, short, words_of

if TYPE_CHECKING:
    from rdflib.term import Node

    from kgraph.store import QueryResult, View


@dataclass(frozen=True, slots=True)
class Listed:
    """A document in a list."""

    iri: str
    title: str
    publisher: str = ""
    issued: str = ""


@dataclass(frozen=True, slots=True)
class ClassCount:
    """How many things of a class there are."""

    iri: str
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class Overview:
    """What is in one version of the graph."""

    version: int
    documents: tuple[Listed, ...]
    classes: tuple[ClassCount, ...]
    graphs: tuple[str, ...]


#: To sort so many takes no time to speak of; to sort a million, of which few are shown, takes ten seconds.
_MOST_SORTED = 20_000

#: Classes of the evidence layer, which say more of the machinery than of the world.
_EVIDENCE = (KG.Document, KG.Passage, KG.Assertion, KG.Record)


def overview(view: "View") -> Overview:
    """Documents, counts of things by class (those of the evidence last), names of the graphs.

    It counts all types once: keep it for as long as the version stays the same.
    """
    return Overview(view.version, documents(view), _classes(view), tuple(view.graph_names()))


def documents(view: "View") -> tuple[Listed, ...]:
    """All documents, by title."""
    rows = view.evaluate(
        """SELECT DISTINCT ?document ?title ?publisher ?issued WHERE { GRAPH ?g {
             ?document a kg:Document ; dcterms:title ?title .
             OPTIONAL { ?document dcterms:publisher/foaf:name ?publisher }
             OPTIONAL { ?document dcterms:issued ?issued }
           } } ORDER BY LCASE(STR(?title)) ?document"""
    )
    listed = {
        str(row["document"]): Listed(
            str(row["document"]),
            str(row["title"]),
            str(row.get("publisher") or ""),
            str(row.get("issued") or ""),
        )
        for row in rows
    }
    return tuple(listed.values())


def _classes(view: "View") -> tuple[ClassCount, ...]:
    rows = view.evaluate(
        """SELECT ?class (COUNT(DISTINCT ?node) AS ?count) WHERE { ?node a ?class }
           GROUP BY ?class ORDER BY DESC(?count) ?class"""
    )
    counts = [
        ClassCount(str(row["class"]), class_words(str(row["class"])), int(str(row["count"])))
        for row in rows
        if str(row["class"]).startswith(str(KG))
    ]
    return tuple(sorted(counts, key=lambda c: (c.iri in _EVIDENCE, -c.count, c.label)))


@dataclass(frozen=True, slots=True)
class Saying:
    """One triple that a document says.

    :param subject: IRI of what it is about; `subject_label` what that is called.
    """

    subject: str
    subject_label: str
    statement: Statement

    @property
    def place(self) -> int:
        """Where the sentence starts in the document's text, in code points."""
        return self.statement.sources[0].start


def sayings(view: "View", document_iri: str, most: int = 1000) -> tuple[Saying, ...]:
    """What a document says, sentence after sentence; types are left out.

    :param most: about so many statements at most; of a longer document not the first ones, but any.
    """
    rows = list(
        view.evaluate(
            f"""SELECT ?subject ?property ?value {EVIDENCE_VARIABLES} WHERE {{ GRAPH ?g {{
                  {{ SELECT ?g ?passage ?assertion ?subject ?property ?value WHERE {{
                       ?passage dcterms:isPartOf ?document .
                       ?assertion kg:evidence ?passage ; rdf:subject ?subject ; rdf:predicate ?property ;
                                  rdf:object ?value .
                       FILTER(?property != rdf:type)
                     }} LIMIT {most:d} }}
                  {EVIDENCE} }} }}""",
            bindings={"document": document_iri},
        )
    )
    sources = defaultdict(list)
    for row in rows:
        sources[str(row["subject"]), str(row["property"]), row["value"]].append(source_of(row))
    labels = names(view, _nodes(term for subject, _, value in sources for term in (subject, value)))
    found = [
        Saying(
            s, labels[s], Statement(p, words_of(p), v, labels.get(str(v)) or short(v), True, in_order(each))
        )
        for (s, p, v), each in sources.items()
    ]
    return tuple(sorted(found, key=_place))


def _place(saying: Saying) -> tuple[int, str, str, str]:
    statement = saying.statement
    return saying.place, saying.subject_label, statement.predicate_label, statement.value_label


def _nodes(terms: "Iterable[Node | str]") -> set[str]:
    """The IRIs among terms; plain strings are such."""
    from rdflib import Literal

    return {str(term) for term in terms if not isinstance(term, Literal) and is_iri(str(term))}


def things_of(view: "View", class_iri: str, most: int = 500) -> tuple[tuple[str, str], ...]:
    """IRI and name of the things of a class itself, by name; the first `most` by IRI, of very many any."""
    rows = view.evaluate(
        f"SELECT DISTINCT ?node WHERE {{ ?node a ?class }} LIMIT {max(most, _MOST_SORTED):d}",
        bindings={"class": class_iri},
    )
    labels = names(view, sorted(str(row["node"]) for row in rows)[:most])
    return tuple(sorted(labels.items(), key=lambda item: (item[1].casefold(), item[0])))


@dataclass(frozen=True, slots=True)
class VocabularyTerm:
    """A class, property or concept of the ontology."""

    iri: str
    kind: str
    label: str
    definition: str


def vocabulary(view: "View") -> tuple[VocabularyTerm, ...]:
    """The terms of the ontology graph, by kind and label."""
    rows = view.evaluate(
        """SELECT ?term ?type (MIN(STR(?name)) AS ?label) (MIN(STR(?text)) AS ?definition) WHERE {
             VALUES (?class ?type) { (owl:Class "class") (owl:ObjectProperty "property")
                                     (owl:DatatypeProperty "property") (rdf:Property "property")
                                     (skos:Concept "concept") }
             GRAPH ?ontology { ?term a ?class . ?term rdfs:label|skos:prefLabel ?name .
                               OPTIONAL { ?term skos:definition ?text } }
           } GROUP BY ?term ?type ORDER BY ?type ?label ?term""",
        bindings={"ontology": minter_of(view).graph("ontology")},
    )
    terms = {}
    for row in rows:
        terms[str(row["term"])] = VocabularyTerm(
            str(row["term"]), str(row["type"]), str(row["label"]), str(row.get("definition") or "")
        )
    return tuple(terms.values())


def graph_of(view: "View", iri: str) -> "QueryResult":
    """One named graph, as a graph to be serialised."""
    return view.evaluate(
        "CONSTRUCT { ?s ?p ?o } WHERE { GRAPH ?graph { ?s ?p ?o } }", bindings={"graph": iri}
    )


def graph_size(view: "View", iri: str) -> int:
    """How many triples a named graph holds; it counts them."""
    rows = view.evaluate(
        "SELECT (COUNT(*) AS ?count) WHERE { GRAPH ?graph { ?s ?p ?o } }", bindings={"graph": iri}
    )
    return next(int(str(row["count"])) for row in rows)
