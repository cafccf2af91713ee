"""An example of every class conforms; of every shape there is something that it refuses.

Counter-examples are made by rule from the shapes themselves: for a domain a node of another
class, for a range a value of another class, for "once" a second value, for "at least one" a
node without it, for a literal one of no datatype. What no rule makes is written out below.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache

import pytest
from rdflib import RDF, RDFS, SH, XSD, BNode, Graph, Literal, URIRef
from rdflib.collection import Collection
from rdflib.term import Node
from shape_graphs import found_in, shape_graph

from kgraph.gate import Scope
from kgraph.graphs import build_graph
from kgraph.namespaces import KG, KGC, OA, OWL
from kgraph.ontology import is_a, ontology_graph, superclasses
from kgraph.records import Assertion, Extraction
from kgraph.records import Literal as Value
from kgraph.records import Node as Named

EX = "https://w3id.org/kgraph/id/example/"


def _classes() -> list[str]:
    """Local names of the classes of the content layer."""
    graph = ontology_graph()
    content = graph.subjects(URIRef(KG.layer), URIRef(KGC.content))
    return sorted(
        str(c).removeprefix(str(KG)) for c in content if (c, RDF.type, URIRef(str(OWL) + "Class")) in graph
    )


@pytest.mark.parametrize("scope", list(Scope))
def test_an_example_of_every_class_conforms(scope: Scope, strike: Extraction) -> None:
    passage = strike.document.passages[0]
    nodes = tuple(Named(f"{EX}{name}", f"an example of {name}", mentions=(passage,)) for name in _classes())
    said = [
        Assertion(f"{EX}{name}", predicate, value, (passage,), 0.9)
        for name in _classes()
        for predicate, value in (
            (str(RDF.type), KG[name]),
            *((KG[p], _value(strike, v)) for p, v in _owed(name)),
        )
    ]
    everything = replace(
        strike, nodes=(*strike.nodes, *nodes), assertions=(*strike.assertions, *_country(strike), *said)
    )
    graph = build_graph(everything)
    assert {f"{EX}{name}" for name in _classes()} <= {str(s) for s in graph.subjects(RDF.type)}
    assert found_in(graph, scope) == []


def _owed(name: str) -> "list[tuple[str, str | Value]]":
    return [(p, v) for parent, owed in _NEEDS.items() if is_a(KG[name], parent) for p, v in owed]


_NEEDS: dict[str, list[tuple[str, str | Value]]] = {
    "Regime": [("regimeOf", "country")],
    "Claim": [("about", "event"), ("stance", KGC.asserts), ("claimedProperty", KG.deathToll)],
    "Assessment": [("assessed", "country")],
    "Tenure": [("holder", "person")],
    "Account": [("onPlatform", "platform")],
    "Count": [("value", Value("7", str(XSD.integer)))],
    "Measurement": [("measured", "platform"), ("verdict", KGC.anomaly)],
}


def _country(strike: Extraction) -> list[Assertion]:
    passage = strike.document.passages[0]
    return [
        Assertion(f"{EX}{kind.lower()}", str(RDF.type), KG[kind], (passage,), 0.9)
        for kind in ("Country", "Person", "Platform")
    ]


def _value(strike: Extraction, value: "str | Value") -> "str | Value":
    """A literal or address as it is; the address of the event, or of another example, by its name."""
    if isinstance(value, Value) or "/" in value:
        return value
    return strike.assertions[0].subject if value == "event" else f"{EX}{value}"


# Counter-examples by rule


def _shapes_with_path(shapes: Graph) -> Iterator[tuple[URIRef, URIRef]]:
    for shape, path in shapes.subject_objects(SH.path):
        if isinstance(shape, URIRef) and isinstance(path, URIRef):
            yield shape, path


def _allowed(shapes: Graph, shape: Node) -> set[str]:
    """The classes of which a shape wants one."""
    found = {str(c) for c in shapes.objects(shape, SH["class"])}
    for alternatives in shapes.objects(shape, SH["or"]):
        for option in Collection(shapes, alternatives):
            found |= {str(c) for c in shapes.objects(option, SH["class"])}
    return found


def _another_class(allowed: set[str]) -> URIRef:
    for name in ("Assessment", "Website", "Person", "Law"):
        if superclasses(KG[name]).isdisjoint(allowed):
            return URIRef(KG[name])
    raise AssertionError(f"no class is outside {allowed}")


def _owner(shapes: Graph, shape: Node) -> Node:
    """The node shape that a property shape belongs to."""
    return next(shapes.subjects(SH.property, shape))


def _fit_subject(graph: Graph, shapes: Graph, shape: Node, subject: URIRef) -> None:
    """Give a subject what makes it a focus node of the shape."""
    owner = _owner(shapes, shape)
    for class_ in shapes.objects(owner, SH.targetClass):
        graph.add((subject, RDF.type, class_))
    for path in set(shapes.objects(owner, SH.targetSubjectsOf)) - {shapes.value(shape, SH.path)}:
        graph.add((subject, path, Literal(1)))


Spoil = Callable[[Graph, Graph, URIRef, URIRef, URIRef], bool]


def _wrong_class_of_subject(graph: Graph, shapes: Graph, shape: URIRef, subject: URIRef, _: URIRef) -> bool:
    path = shapes.value(shape, SH.targetSubjectsOf)
    allowed = _allowed(shapes, shape)
    if path is None or not allowed:
        return False
    graph.add((subject, RDF.type, _another_class(allowed)))
    graph.add((subject, path, URIRef(f"{subject}/value")))
    return True


def _value_of_no_kind(graph: Graph, shapes: Graph, shape: URIRef, subject: URIRef, path: URIRef) -> bool:
    constraints = (SH["class"], SH["or"], SH.node, SH.datatype, SH.pattern, SH["in"], SH.nodeKind)
    if not any(shapes.value(shape, c) is not None for c in constraints):
        return False
    _fit_subject(graph, shapes, shape, subject)
    if _takes_any_literal(shapes, shape):
        graph.add((subject, path, URIRef("urn:nobody-describes-it")))
        return True
    graph.add((subject, path, Literal("?", datatype=URIRef("urn:none"))))
    return True


def _takes_any_literal(shapes: Graph, shape: URIRef) -> bool:
    options = [o for listed in shapes.objects(shape, SH["or"]) for o in Collection(shapes, listed)]
    return any((option, SH.nodeKind, SH.Literal) in shapes for option in options)


def _value_of_another_class(
    graph: Graph, shapes: Graph, shape: URIRef, subject: URIRef, path: URIRef
) -> bool:
    allowed = _allowed(shapes, shape)
    if not allowed:
        return False
    _fit_subject(graph, shapes, shape, subject)
    graph.add((subject, path, URIRef(f"{subject}/value")))
    graph.add((URIRef(f"{subject}/value"), RDF.type, _another_class(allowed)))
    return True


def _two_values(graph: Graph, shapes: Graph, shape: URIRef, subject: URIRef, path: URIRef) -> bool:
    if shapes.value(shape, SH.maxCount) is None:
        return False
    _fit_subject(graph, shapes, shape, subject)
    graph.add((subject, path, URIRef(f"{subject}/one")))
    graph.add((subject, path, URIRef(f"{subject}/two")))
    return True


def _no_value(graph: Graph, shapes: Graph, shape: URIRef, subject: URIRef, path: URIRef) -> bool:
    if shapes.value(shape, SH.minCount) is None or not list(
        shapes.objects(_owner(shapes, shape), SH.targetClass)
    ):
        return False
    _fit_subject(graph, shapes, shape, subject)
    return True


RULES: dict[str, Spoil] = {
    "another class of subject": _wrong_class_of_subject,
    "value of no kind": _value_of_no_kind,
    "value of another class": _value_of_another_class,
    "two values": _two_values,
    "no value": _no_value,
}


@cache
def _refusals(scope: Scope) -> tuple[frozenset[tuple[URIRef, str]], frozenset[tuple[URIRef, str]]]:
    """What the rules made (shape and rule), and what of it was refused by that very shape."""
    shapes = shape_graph(scope)
    data, made = Graph(), {}
    for number, (rule, spoil) in enumerate(RULES.items()):
        todo = dict(_shapes_with_path(shapes))
        if rule == "another class of subject":
            todo = {s: s for s in shapes.subjects(SH.targetSubjectsOf) if isinstance(s, URIRef)}
        for shape in sorted(todo):
            subject = URIRef(f"{EX}{shape.rpartition('#')[2]}/{number}")
            if spoil(data, shapes, shape, subject, todo[shape]):
                made[subject] = (shape, rule)
    refused = {
        made[focus]
        for result in found_in(data, scope)
        if (focus := URIRef(str(result.focus_node).strip("<>"))) in made
        and str(result.source_shape) == f"<{made[focus][0]}>"
    }
    return frozenset(made.values()), frozenset(refused)


@pytest.mark.parametrize("scope", [Scope.DOCUMENT, Scope.REFERENCE])
def test_what_breaks_a_shape_is_refused_by_that_shape(scope: Scope) -> None:
    made, refused = _refusals(scope)
    assert len(made) > 50
    assert sorted(made - refused) == []


# Counter-examples written out: a shape and what it refuses

PREFIXES = """
@prefix kg: <https://w3id.org/kgraph/ontology#> . @prefix kgc: <https://w3id.org/kgraph/concept/> .
@prefix ex: <https://w3id.org/kgraph/id/example/> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> . @prefix oa: <http://www.w3.org/ns/oa#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix dcterms: <http://purl.org/dc/terms/> .
"""
WRITTEN = [
    ("endDate-order", "SPARQL", 'ex:a kg:date "2012-03"^^xsd:gYearMonth ; kg:endDate "2011"^^xsd:gYear .'),
    (
        "earliest-beforeLatest",
        "LessThanOrEquals",
        'ex:a kg:earliest "2012-01-01"^^xsd:date ; kg:latest "2011-01-01"^^xsd:date .',
    ),
    ("label-once", "UniqueLang", 'ex:a rdfs:label "one"@en, "two"@en .'),
    ("position-start", "LessThan", "ex:a oa:start 9 ; oa:end 4 ."),
    ("date-value", "Node", 'ex:a kg:date "2011-13"^^xsd:gYearMonth .'),
    ("date-value", "Node", 'ex:a kg:date "2011-02-30"^^xsd:date .'),
    ("passage-quote", "MinCount", "ex:a a kg:Passage ."),
    ("passage-position", "MinCount", "ex:a a kg:Passage ."),
    (
        "passage-page",
        "Pattern",
        'ex:a a kg:Passage ; oa:hasSelector ex:b . ex:b a oa:FragmentSelector ; rdf:value "page=0" .',
    ),
    (
        "passage-page",
        "MaxCount",
        'ex:a a kg:Passage ; oa:hasSelector ex:b, ex:c . ex:b rdf:value "page=1" . ex:c rdf:value "page=2" .',
    ),
    (
        "passage-fragment",
        "In",
        "ex:a a kg:Passage ; oa:hasSelector ex:b . ex:b dcterms:conformsTo <urn:ietf:rfc:7111> .",
    ),
    ("assertion-confidence", "MaxInclusive", "ex:a a kg:Assertion ; kg:confidence 1.2 ."),
    ("assertion-confidence", "MinInclusive", "ex:a a kg:Assertion ; kg:confidence -0.1 ."),
    ("document", "SPARQL", "ex:d a kg:Document . ex:e a kg:Protest ."),
    ("document", "SPARQL", "ex:d a kg:Document . ex:e kg:deathToll 4 ."),
    (
        "document",
        "SPARQL",
        "ex:d a kg:Document . ex:a rdf:subject ex:e ; rdf:predicate kg:rank ; rdf:object 4 .",
    ),
    (
        "document",
        "SPARQL",
        """ex:d a kg:Document ; kg:textLength 5 . ex:p oa:hasSelector ex:q, ex:r .
           ex:q oa:start 3 ; oa:end 9 . ex:r oa:exact "abcdef" .""",
    ),
    (
        "document",
        "SPARQL",
        """ex:d a kg:Document ; kg:textLength 50 . ex:p oa:hasSelector ex:q, ex:r .
           ex:q oa:start 3 ; oa:end 9 . ex:r oa:exact "ab" .""",
    ),
]
ACROSS = [
    ("one-code-a-country-count", "MaxCount", 'ex:a kg:iso3166 "KZ", "UZ" .'),
    ("one-country-a-code-count", "MaxCount", 'ex:a kg:iso3166 "KZ" . ex:b kg:iso3166 "KZ" .'),
    ("Actor-alone", "Not", "ex:a a kg:Person, kg:Law ."),
    ("Platform-alone", "Not", "ex:a a kg:Platform, kg:Website ."),
    ("Place-alone", "Not", "ex:a a kg:Country, kg:Protest ."),
]


@pytest.mark.parametrize(
    ("scope", "shape", "component", "turtle"),
    [(Scope.DOCUMENT, *row) for row in WRITTEN] + [(Scope.ALL, *row) for row in ACROSS],
)
def test_a_written_counter_example_is_refused_for_the_right_reason(
    scope: Scope, shape: str, component: str, turtle: str
) -> None:
    data = Graph().parse(data=PREFIXES + turtle, format="turtle")
    reasons = [(_local(r.source_shape), _local(r.component)) for r in found_in(data, scope)]
    assert any(s == shape and component in c for s, c in reasons), reasons


def _local(node: object) -> str:
    return str(node).strip("<>").rpartition("#")[2]


def test_a_person_may_be_told_with_two_classes_of_actor_by_two_documents() -> None:
    data = Graph().parse(
        data=PREFIXES + "ex:a a kg:Person, kg:Organization . ex:b a kg:Country .", format="turtle"
    )
    assert found_in(data, Scope.ALL) == []


def test_every_shape_with_a_path_has_a_counter_example() -> None:
    written = {name for name, *_ in [*WRITTEN, *ACROSS]}
    for scope in Scope:
        _, refused = _refusals(scope)
        hit = {str(shape).rpartition("#")[2] for shape, _ in refused} | written
        shapes = shape_graph(scope)
        named = {str(s).rpartition("#")[2] for s in shapes.subjects(SH.path) if not isinstance(s, BNode)}
        assert named - hit == set()


def test_labels_of_the_ontology_do_not_disturb_a_document() -> None:
    data = Graph().add((URIRef(f"{EX}a"), RDFS.label, Literal("a name", lang="en")))
    data.add((URIRef(f"{EX}a"), URIRef(OA.start), Literal(1, datatype=XSD.integer)))
    assert {str(r.focus_node) for r in found_in(data, Scope.DOCUMENT)} == {f"<{EX}a>"}
