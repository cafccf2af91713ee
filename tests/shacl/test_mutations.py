"""No constraint of our own shapes could be lost or changed without a test that notices.

For each shape that chooses focus nodes, data are made from the shape itself (specimens.py); each mutant of it
(mutants.py) has to give other results on these data than the shape does. What a SPARQL constraint refuses
cannot be made from it, and is written out here.
"""

from collections.abc import Callable, Iterator
from functools import cache

import pyoxigraph as ox
import pytest
from mutants import Triples, mutants
from reports import Index, Node, sh
from specimens import Specimens

from kgraph.namespaces import PREFIXES, SH
from kgraph.ontology import ontology_files
from kgraph.resources import resource
from kgraph.shacl import Data, Layered, MemoryData, Shapes, validate

_NAMESPACES = {**PREFIXES, "ex": "http://example.org/"}
_HEADER = "".join(f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in _NAMESPACES.items())

#: Changes that change nothing, and why.
EQUIVALENT = {
    "officeOf-range or [] without [class Country]": "a country is a place, which is named too",
    "[] class Country → [] class urn:other": "the same",
}

#: Data for the SPARQL constraints of a shape: what they refuse, and near it what they do not.
EXAMPLES = {
    "endDate-order": [
        'ex:a kg:date "2012-03"^^xsd:gYearMonth ; kg:endDate "2011"^^xsd:gYear .',
        'ex:a kg:date "2012"^^xsd:gYear ; kg:endDate "2012-01"^^xsd:gYearMonth .',
        'ex:a kg:date "2012-03"^^xsd:gYearMonth ; kg:endDate "2012"^^xsd:gYear .',
        'ex:a kg:date "2012-03"^^xsd:gYearMonth ; kg:endDate "2012-02"^^xsd:gYearMonth .',
        *(
            f'ex:a kg:date "2012-03-{one}"^^xsd:dateTime ; kg:endDate "2012-03-01T09:00:00Z"^^xsd:dateTime .'
            for one in ("01T10:00:00Z", "01T10:00:00+05:00", "01T09:00:00Z")
        ),
        'ex:a kg:date "2012-03-01"^^xsd:date ; kg:endDate "2012-03-01T09:00:00Z"^^xsd:dateTime .',
        'ex:a kg:date "2012-03-02T10:00:00Z"^^xsd:dateTime ; kg:endDate "2012-03-01"^^xsd:date .',
    ],
    "names-language": [
        f"ex:d a kg:Document ; dcterms:language {languages} . {mentions} ex:n {names} ."
        for languages, mentions, names in (
            ('"en"', "ex:p kg:mentions ex:n .", 'rdfs:label "x"@de'),
            ('"en"', "ex:p kg:mentions ex:n .", 'skos:altLabel "x\\\\y"@de'),
            ('"en"', "ex:p kg:mentions ex:n .", 'rdfs:label "x"@en-gb, "x"'),
            ('"en-GB"', "ex:p kg:mentions ex:n .", 'rdfs:label "x"@en'),
            ('"en", "de"', "ex:p kg:mentions ex:n .", 'rdfs:label "x"@de'),
            ('"en"', "", 'rdfs:label "x"@de'),
        )
    ],
    "document": [
        "ex:d a kg:Document . ex:e kg:deathToll 4 .",
        "ex:d a kg:Document . ex:e a kg:Protest .",
        """ex:d a kg:Document . ex:e a kg:Protest .
           ex:s rdf:subject ex:e ; rdf:predicate rdf:type ; rdf:object kg:Protest .""",
        "ex:d a kg:Document . ex:s rdf:subject ex:e ; rdf:predicate kg:rank ; rdf:object 4 .",
        """ex:d a kg:Document . ex:e kg:rank 4 .
           ex:s rdf:subject ex:e ; rdf:predicate kg:rank ; rdf:object 4 .""",
        "ex:d a kg:Document . ex:e a kg:Protset .",
        "ex:d a kg:Document . ex:e kg:deathTol 4 .",
        "ex:d a kg:Document . ex:e a kg:Protest ; ex:own 4 .",
        *(
            f"""ex:d a kg:Document ; kg:textLength {length} . ex:p oa:hasSelector ex:q, ex:r .
                ex:q oa:start 3 ; oa:end 9 . ex:r oa:exact "{quote}" ."""
            for length in (5, 50)
            for quote in ("ab", "abcdef")
        ),
    ],
}


@cache
def _all() -> Index:
    return Index(
        quad for path in resource("ontology", "shapes").glob("*.ttl") for quad in ox.parse(path=path)
    )


@cache
def _ontology() -> MemoryData:
    return MemoryData(quad for path in ontology_files() for quad in ox.parse(path=path))


def _targeted() -> dict[str, Node]:
    names = ("targetClass", "targetNode", "targetSubjectsOf", "targetObjectsOf")
    return {
        _name(s): s
        for s in sorted(_all().subjects(), key=str)
        if any(_all().objects(s, sh(n)) for n in names)
    }


def _name(shape: Node) -> str:
    return shape.value.rpartition("#")[2]


def _alone(shape: Node, leave_out: Callable[[ox.NamedNode], bool] = lambda _: False) -> Triples:
    """A shape with all that it refers to, but by some predicates."""
    found: set[ox.Triple] = set()
    open_, seen = [shape], {shape}
    while open_:
        node = open_.pop()
        for predicate, value in _all().about(node):
            if leave_out(predicate):
                continue
            found.add(ox.Triple(node, predicate, value))
            if value not in seen and not value.value.startswith(str(SH)):
                seen.add(value)
                open_.append(value)
    return frozenset(found)


def _parts(name: str) -> Iterator[tuple[Triples, list[Data]]]:
    """The shape without its SPARQL constraints, and these alone, each with the data for it."""
    shape = _targeted()[name]
    if name not in EXAMPLES or _all().objects(shape, sh("property")):
        specimens = MemoryData(Specimens(_all(), shape).triples)
        yield _alone(shape, lambda predicate: predicate == sh("sparql")), [Layered(specimens, _ontology())]
    if name in EXAMPLES:
        written = [
            MemoryData(ox.parse(_HEADER + text, format=ox.RdfFormat.TURTLE)) for text in EXAMPLES[name]
        ]
        graphs: list[Data] = [Layered(data, _ontology()) for data in written]
        yield _alone(shape, lambda predicate: predicate == sh("property")), graphs


def _verdicts(triples: Triples, data: list[Data]) -> Iterator[list[str]]:
    shapes = Shapes.load(triples)
    for graph in data:
        results = validate(shapes, graph).results
        yield sorted(f"{r.focus_node} {r.path} {r.value} {r.component} {r.source_shape}" for r in results)


@pytest.mark.parametrize("name", _targeted())
def test_a_change_of_a_shape_is_noticed(name: str) -> None:
    unnoticed = []
    for triples, data in _parts(name):
        verdicts = list(_verdicts(triples, data))
        for mutant in mutants(triples):
            pairs = zip(_verdicts(mutant.triples, data), verdicts, strict=True)
            if all(one == other for one, other in pairs) and mutant.change not in EQUIVALENT:
                unnoticed.append(mutant.change)
    assert not unnoticed, "\n".join(unnoticed)


def test_every_constraint_belongs_to_a_shape_that_is_changed_here() -> None:
    reached = {triple.subject for shape in _targeted().values() for triple in _alone(shape)}
    shacl = [s for s in _all().subjects() if any(p.value.startswith(str(SH)) for p, _ in _all().about(s))]
    assert [str(s) for s in shacl if s not in reached and not _all().objects(s, sh("declare"))] == []


def test_every_sparql_constraint_has_data_that_it_refuses() -> None:
    asking = {name for name, shape in _targeted().items() if _all().objects(shape, sh("sparql"))}
    assert asking == set(EXAMPLES)
