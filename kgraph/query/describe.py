"""All that is known of a thing, each statement with the sentences that say it.

What is judged to be one with it is told with it; which address each statement is of stays with the statement.
"""

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kgraph.namespaces import DCTERMS, KG, OA, PROV, RDF, RDFS, SKOS
from kgraph.query.evidence import (
    EVIDENCE,
    EVIDENCE_VARIABLES,
    PASSAGE,
    PASSAGE_VARIABLES,
    Source,
    in_order,
    source_of,
)
from kgraph.query.groups import members
from kgraph.query.naming import class_words, names
from kgraph.query.resolve import resolve
from kgraph.query.terms import short, words_of

if TYPE_CHECKING:
    from rdflib.term import Node

    from kgraph.store import QueryResult, View

#: How many statements in each direction a description holds at most.
MOST = 1000
MOST_MENTIONS = 200

#: What binds the evidence to the content; shown as evidence, not as statements.
_MACHINERY = (RDF.subject, RDF.object, KG.canonical, KG.mentions, KG.evidence, KG.extractedBy, OA.hasSelector,
              DCTERMS.isPartOf, PROV.used, PROV.specializationOf)  # fmt: skip
_NAMES = (RDFS.label, SKOS.altLabel, SKOS.prefLabel)


@dataclass(frozen=True, slots=True)
class Statement:
    """One triple about a thing, whoever says it.

    :param predicate: IRI of its property; `predicate_label` the property in words.
    :param value: the term at the other end: the object, or the subject where `forward` is False.
    :param value_label: what people call that term.
    :param forward: whether the thing is the subject.
    :param sources: the sentences that say it; none for derived, reference and bibliographic triples.
    :param of: the addresses that it is said of, sorted: several where things are judged to be one.
    """

    predicate: str
    predicate_label: str
    value: "Node"
    value_label: str
    forward: bool
    sources: tuple[Source, ...] = ()
    of: tuple[str, ...] = ()

    @property
    def confidence(self) -> float | None:
        """How sure its best source is; None where it has none."""
        return max((s.confidence for s in self.sources if s.confidence is not None), default=None)


@dataclass(frozen=True, slots=True)
class Twin:
    """Another address of a thing, by judgement.

    :param name: what it is called there.
    :param judgements: IRIs of the judgements that count and hold it against another address, sorted.
    """

    iri: str
    name: str
    judgements: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Description:
    """All that is known of one thing, under all its addresses.

    :param iri: the address that was asked for.
    :param name: what it is called.
    :param names: all names that reference data and documents give it, sorted.
    :param classes: IRIs of its classes, sorted; `class_labels` in words, same order.
    :param statements: those about it first, then those that it is the value of.
    :param mentions: sentences that mention it, the first `MOST_MENTIONS`.
    :param is_whole: whether nothing was left out for being more than `MOST`.
    :param twins: its other addresses, the canonical one first; none if nobody judged it the same as another.
    """

    iri: str
    name: str
    names: tuple[str, ...]
    classes: tuple[str, ...]
    class_labels: tuple[str, ...]
    statements: tuple[Statement, ...]
    mentions: tuple[Source, ...]
    is_whole: bool = True
    twins: tuple[Twin, ...] = ()


def describe(view: "View", name_or_iri: str) -> tuple[Description, ...]:
    """What is known of a thing by name or IRI; of each, where several things go by one name.

    :raises NotFound: if nothing goes by that name; tells names that are near.
    """
    told: set[str] = set()
    found = []
    for iri in resolve(view, name_or_iri):
        if iri not in told:
            found.append(describe_iri(view, iri))
            told |= {iri, *(twin.iri for twin in found[-1].twins)}
    return tuple(found)


def describe_iri(view: "View", iri: str) -> Description:
    """What is known of the thing at an IRI; nothing, if nothing is."""
    group = members(view, iri)
    sides = {is_forward: _side(view, group, is_forward) for is_forward in (True, False)}
    values = {str(value) for side in sides.values() for _, value in side.said if _is_iri(value)}
    labels = names(view, {*group, *values})
    statements: list[Statement] = []
    for is_forward, side in sides.items():
        found = (
            _statement(triple, is_forward, labels, side)
            for triple in side.said
            if triple[0] not in _NAMES and not (triple[0] == SKOS.exactMatch and str(triple[1]) in group)
        )
        statements += sorted(found, key=_reading_order)
    forward = sides[True].said
    classes = sorted({str(v) for p, v in forward if p == RDF.type})
    return Description(
        iri=iri,
        name=labels[iri],
        names=tuple(sorted({str(v) for p, v in forward if p in _NAMES})),
        classes=tuple(classes),
        class_labels=tuple(map(class_words, classes)),
        statements=tuple(statements),
        mentions=in_order([source for each in group for source in _mentions(view, each)])[:MOST_MENTIONS],
        is_whole=all(side.is_whole for side in sides.values()),
        twins=_twins(view, [each for each in group if each != iri], labels) if len(group) > 1 else (),
    )


@dataclass
class _Side:
    """The triples of a group of addresses in one direction: of which they are, and who says each."""

    said: "dict[tuple[str, Node], set[str]]"
    sources: "dict[tuple[str, Node], list[Source]]"
    is_whole: bool = True


def _side(view: "View", group: tuple[str, ...], is_forward: bool) -> _Side:
    side = _Side(defaultdict(set), defaultdict(list))
    for iri in group:
        triples = _triples(view, iri, forward=is_forward)
        side.is_whole &= len(triples) <= MOST
        for triple in triples[:MOST]:
            side.said[triple].add(iri)
        for triple, sources in (_sources(view, iri, is_forward) if triples else {}).items():
            side.sources[triple] += sources
    return side


def _twins(view: "View", others: list[str], labels: dict[str, str]) -> tuple[Twin, ...]:
    rows = view.evaluate(
        f"""SELECT ?node ?judgement WHERE {{
              VALUES ?node {{ {" ".join(f"<{iri}>" for iri in others)} }}
              ?node kg:canonical ?chosen . ?other kg:canonical ?chosen .
              ?judgement kg:judged ?node, ?other ; kg:judgedAs kgc:same .
              FILTER(?other != ?node)
              FILTER NOT EXISTS {{ ?judgement prov:invalidatedAtTime ?when }}
            }}"""
    )
    judged: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        judged[str(row["node"])].add(str(row["judgement"]))
    return tuple(Twin(iri, labels[iri], tuple(sorted(judged[iri]))) for iri in others)


def _statement(triple: "tuple[str, Node]", forward: bool, labels: dict[str, str], side: _Side) -> Statement:
    predicate, value = triple
    return Statement(
        predicate=predicate,
        predicate_label=_property_words(predicate),
        value=value,
        value_label=labels.get(str(value), short(value)) if _is_iri(value) else short(value),
        forward=forward,
        sources=in_order(side.sources.get(triple, [])),
        of=tuple(sorted(side.said[triple])),
    )


def triples_about(view: "View", iri: str) -> "QueryResult":
    """The triples of a thing, in both directions, with the evidence of what is said of it, as a graph.

    Bounded: of a thing that everything refers to (a country) it gives the first ten thousand.
    """
    return view.evaluate(_TRIPLES_ABOUT, bindings={"node": iri})


_TRIPLES_ABOUT = f"""
CONSTRUCT {{ ?s ?p ?o }} WHERE {{
  {{ ?s ?p ?o FILTER(?s = ?node) }}
  UNION {{ ?s ?p ?o FILTER(?o = ?node && ?p NOT IN ({", ".join(f"<{p}>" for p in _MACHINERY)})) }}
  UNION {{ ?s rdf:subject ?node ; ?p ?o }}
  UNION {{ ?assertion rdf:subject ?node ; kg:evidence ?s . ?s ?p ?o FILTER(?p != kg:mentions) }}
  UNION {{ ?assertion rdf:subject ?node ; kg:evidence/oa:hasSelector ?s . ?s ?p ?o }}
  UNION {{ ?assertion rdf:subject ?node ; kg:evidence/dcterms:isPartOf ?s . ?s ?p ?o
          FILTER(?p IN (rdf:type, dcterms:title, dcterms:publisher, dcterms:issued, dcterms:source)) }}
}} LIMIT 10000
"""


def _triples(view: "View", iri: str, *, forward: bool) -> "list[tuple[str, Node]]":
    """Property and other end of the triples of a thing, one more than `MOST` where there are more."""
    pattern = "?node ?property ?value" if forward else "?value ?property ?node"
    left_out = ", ".join(f"<{p}>" for p in _MACHINERY)
    rows = view.evaluate(
        f"""SELECT DISTINCT ?property ?value WHERE {{ {pattern} FILTER(?property NOT IN ({left_out})) }}
            ORDER BY ?property ?value LIMIT {MOST + 1}""",
        bindings={"node": iri},
    )
    return [(str(row["property"]), row["value"]) for row in rows]


def _sources(view: "View", iri: str, forward: bool) -> "dict[tuple[str, Node], list[Source]]":
    other, own = ("object", "subject") if forward else ("subject", "object")
    rows = view.evaluate(
        f"""SELECT DISTINCT ?property ?value {EVIDENCE_VARIABLES} WHERE {{ GRAPH ?g {{
              ?assertion rdf:{own} ?node ; rdf:predicate ?property ; rdf:{other} ?value . {EVIDENCE} }} }}""",
        bindings={"node": iri},
    )
    sources: dict[tuple[str, Node], list[Source]] = defaultdict(list)
    for row in rows:
        sources[str(row["property"]), row["value"]].append(source_of(row))
    return sources


def _mentions(view: "View", iri: str) -> tuple[Source, ...]:
    rows = view.evaluate(
        f"""SELECT DISTINCT {PASSAGE_VARIABLES} WHERE {{
              GRAPH ?g {{ ?passage kg:mentions ?node . {PASSAGE} }}
            }} ORDER BY ?passage LIMIT {MOST_MENTIONS}""",
        bindings={"node": iri},
    )
    return in_order([source_of(row) for row in rows])


#: What a reader looks for first; what follows is sorted by name.
_FIRST = (RDF.type, KG.date, KG.endDate, KG.country, KG.location, KG.conductedBy, KG.target)


def _reading_order(statement: Statement) -> tuple[int, str, str]:
    place = _FIRST.index(statement.predicate) if statement.predicate in _FIRST else len(_FIRST)
    return place, statement.predicate_label, statement.value_label


def _property_words(iri: str) -> str:
    return "is a" if iri == RDF.type else words_of(iri)


def _is_iri(term: "Node") -> bool:
    from rdflib import URIRef

    return isinstance(term, URIRef)
