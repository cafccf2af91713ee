"""What a report calls things: by the names that the data have, whosever they are."""

import pyoxigraph as ox
import pytest

from kgraph.gate import explain
from kgraph.records import Result
from kgraph.shacl import Layered, MemoryData, Shapes, validate

PREFIXES = """
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix schema: <https://schema.org/> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix kg: <https://w3id.org/kgraph/ontology#> .
@prefix ex: <http://example.org/> .
"""


def _result(shape: str, data: str) -> Result:
    loaded = Shapes.load(ox.parse((PREFIXES + shape).encode(), format=ox.RdfFormat.TURTLE))
    graph = MemoryData(ox.parse((PREFIXES + data).encode(), format=ox.RdfFormat.TURTLE))
    (result,) = explain(validate(loaded, graph), Layered(graph, loaded.graph)).results
    return result


@pytest.mark.parametrize(
    "predicate", ["rdfs:label", "skos:prefLabel", "foaf:name", "schema:name", "dcterms:title"]
)
def test_nodes_are_called_by_whatever_names_them(predicate: str) -> None:
    shape = "ex:S sh:targetNode ex:a ; sh:property ex:P . ex:P sh:path ex:p ; sh:nodeKind sh:Literal ."
    result = _result(
        shape, f'ex:a a ex:C ; {predicate} "Ein A"@de, "An A"@en ; ex:p ex:b . ex:b {predicate} "B" .'
    )
    assert (result.label, result.value, result.focus) == ("An A", "B", "http://example.org/a")
    assert result.classes == ("http://example.org/C",)
    assert result.shape == "http://example.org/P"


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("kg:endDate", "ends on (kg:endDate)"),
        ("ex:p", "http://example.org/p"),
        ("[ sh:inversePath kg:endDate ]", "inverse of ends on (^kg:endDate)"),
        ("( kg:country rdfs:label )", "country / rdfs:label (kg:country/rdfs:label)"),
        ("( [ sh:alternativePath ( kg:country kg:endDate ) ] rdfs:label )",
         "(country or ends on) / rdfs:label ((kg:country|kg:endDate)/rdfs:label)"),
        ("( [ sh:zeroOrMorePath kg:country ] rdfs:label )",
         "(any number of country) / rdfs:label ((kg:country*)/rdfs:label)"),
        ("( [ sh:oneOrMorePath kg:country ] rdfs:label )",
         "(one or more of country) / rdfs:label ((kg:country+)/rdfs:label)"),
        ("( [ sh:zeroOrOnePath kg:country ] rdfs:label )",
         "(if there is one country) / rdfs:label ((kg:country?)/rdfs:label)"),
    ],
)  # fmt: skip
def test_paths_are_put_in_words(path: str, words: str) -> None:
    names = 'kg:endDate rdfs:label "ends on"@en, "endet"@de . kg:country rdfs:label "country"@en .'
    result = _result(f"ex:S sh:targetNode ex:a ; sh:property [ sh:path {path} ; sh:minCount 9 ] .", names)
    assert result.path_words == words


def test_a_property_shape_can_name_what_it_is_about() -> None:
    shape = 'ex:S sh:targetNode ex:a ; sh:property [ sh:path ex:p ; sh:name "the day"@en ; sh:minCount 1 ] .'
    result = _result(shape, "")
    assert result.path_words == "the day (http://example.org/p)"
    assert result.shape.endswith(" in http://example.org/S")


def test_what_is_expected_is_told_beside_the_words_of_the_shape() -> None:
    shape = 'ex:S sh:targetNode ex:a ; sh:class ex:C ; sh:message "No C."@en .'
    result = _result(shape, "")
    assert result.message == "No C."
    assert result.expected == "The value has to be of class <http://example.org/C>."


def test_what_nameless_shapes_ask_is_told_in_words() -> None:
    result = _result("ex:S sh:targetNode ex:a ; sh:or ( [ sh:class ex:C ] [ sh:class ex:D ] ) .", "")
    assert "of class <http://example.org/C>" in result.expected
    assert "_:" not in result.expected
