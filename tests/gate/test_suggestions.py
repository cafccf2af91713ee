"""Suggestions are made where one thing can be meant, and nowhere else."""

import pyoxigraph as ox
import pytest

from kgraph.gate import explain
from kgraph.records import Report
from kgraph.shacl import Layered, MemoryData, Shapes, validate

PREFIXES = """
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix ex: <http://example.org/> .
"""

DATE = "sh:or ( [ sh:datatype xsd:date ] [ sh:datatype xsd:gYearMonth ] [ sh:datatype xsd:gYear ] )"
DOMAIN = 'sh:pattern "^[^\\\\sA-Z/:@.]+([.][^\\\\sA-Z/:@.]+)+$"'
HANDLE = 'sh:pattern "^[^@\\\\s]+$"'
CODE = 'sh:pattern "^[A-Z]{2}$"'
KINDS = 'sh:in ( "protest" "strike" "strife" ex:Protest "de"@de )'


def _report(shape: str, data: str) -> Report:
    shapes = f"{PREFIXES} ex:S sh:targetNode ex:a ; sh:property [ {shape} ] ."
    graph = MemoryData(ox.parse((PREFIXES + data).encode(), format=ox.RdfFormat.TURTLE))
    loaded = Shapes.load(ox.parse(shapes.encode(), format=ox.RdfFormat.TURTLE))
    return explain(validate(loaded, graph), Layered(graph, loaded.graph))


def _suggestion(asked: str, value: str, more: str = "") -> str:
    report = _report(f"sh:path ex:p ; {asked}", f"ex:a ex:p {value} . {more}")
    assert report.results, "the value is refused"
    (told,) = {result.suggestion for result in report.results}
    return told


@pytest.mark.parametrize(
    ("asked", "value", "told"),
    [
        (
            DATE,
            '"2011-13"^^xsd:gYearMonth',
            "2011-13 is no month; did the text say 2011–13, a range of years?",
        ),
        (DATE, '"2011-13"', "2011-13 is no month; did the text say 2011–13, a range of years?"),
        (DATE, '"2014-02-30"^^xsd:date', "February 2014 has 28 days; give the month, 2014-02, if the day"),
        ("sh:datatype xsd:date", '"2011-04-31"^^xsd:date', "April 2011 has 30 days"),
        ("sh:datatype xsd:decimal", '"1,5"', "write it as 1.5"),
        ("sh:datatype xsd:integer", '"12,000"', "write it as 12000"),
        ("sh:datatype xsd:integer", '"1 234 567"^^xsd:integer', "write it as 1234567"),
        ("sh:datatype xsd:decimal", '"1,234,567.5"', "write it as 1234567.5"),
        (HANDLE, '"@navalny"', "leave out the @: “navalny”"),
        (DOMAIN, '"https://Example.org/a?b"', "give the host alone, in lower case: “example.org”"),
        (DOMAIN, '"Example.org"', "give the host alone, in lower case: “example.org”"),
        (CODE, '"kz"', "write it in capitals: “KZ”"),
        (DATE, '"2011"^^xsd:date', "“2011” is an xsd:gYear: give it that datatype"),
        ("sh:datatype xsd:integer", '"5"', "“5” is an xsd:integer: give it that datatype"),
        (KINDS, '"protset"', "did you mean “protest”?"),
        (KINDS, '"Strike"', "did you mean “strike”?"),
        (KINDS, "ex:protest", "did you mean <http://example.org/Protest>?"),
        (KINDS, '"de"', "did you mean “de”@de?"),
    ],
)
def test_what_is_certain_is_suggested(asked: str, value: str, told: str) -> None:
    assert _suggestion(asked, value).startswith(told)


@pytest.mark.parametrize(
    ("asked", "value"),
    [
        (DATE, '"1999-13"^^xsd:gYearMonth'),  # 1999 to 1913 is no range
        (DATE, '"2011-00"^^xsd:gYearMonth'),
        (DATE, '"2014-02-32"^^xsd:date'),
        (DATE, '"2014-13-30"^^xsd:date'),
        (DATE, '"0000-02-30"^^xsd:date'),
        (DATE, '"soon"'),
        ("sh:class ex:C", '"2011-13"'),
        ("sh:class ex:C", '"2014-02-30"'),
        ("sh:datatype xsd:decimal", '"1,500"'),  # one and a half, or fifteen hundred
        ("sh:datatype xsd:integer", '"1,5"'),
        ("sh:datatype xsd:integer", '"12.000"'),
        ("sh:datatype xsd:integer", '"1,23,456"'),
        ("sh:datatype xsd:integer ; sh:maxInclusive 10", '"12,000"'),
        ("sh:class ex:C", '"12,000"'),
        ("sh:or ( [ sh:datatype xsd:integer ] [ sh:datatype xsd:decimal ] )", '"5"'),
        (HANDLE, '"@a b"'),
        (HANDLE, '"@@x"'),
        (DOMAIN, '"https://user@example.org/"'),
        (DOMAIN, '"nowhere"'),
        (CODE, '"kaz"'),
        (CODE, '"k1"'),
        ("sh:datatype xsd:string", "5"),
        ("sh:datatype xsd:date", '"soon"'),
        (KINDS, '"strixe"'),  # strike or strife
        (KINDS, '"march"'),
        ('sh:in ( "US" "UK" )', '"UA"'),
        ("sh:in ( ex:Protest )", "<http://other.example/Protest>"),
        ("sh:in ( ex:Protest )", '"Protest"'),
        ("sh:in ( ex:Protest )", "[]"),
        ("sh:hasValue 1", "2"),
    ],
)
def test_where_two_things_could_be_meant_nothing_is(asked: str, value: str) -> None:
    assert _suggestion(asked, value) == ""


ENGLISH = 'ex:d dcterms:language "en" .'


def test_a_language_tag_is_suggested_where_the_documents_have_one_language() -> None:
    told = "tag it with the document's language: “dockers”@en"
    assert _suggestion("sh:datatype rdf:langString", '"dockers"', ENGLISH) == told
    assert _suggestion('sh:languageIn ( "en" "ru" )', '"dockers"', ENGLISH) == told
    assert _suggestion('sh:languageIn ( "ru" )', '"dockers"', ENGLISH) == ""
    assert _suggestion("sh:datatype rdf:langString", '"dockers"') == ""
    assert _suggestion("sh:datatype rdf:langString", "5", ENGLISH) == ""
    both = ENGLISH + 'ex:f dcterms:language "ru" .'
    assert _suggestion("sh:datatype rdf:langString", '"dockers"', both) == ""


@pytest.mark.parametrize("constraint", ["sh:lessThan", "sh:lessThanOrEquals"])
def test_dates_that_are_swapped_are_told(constraint: str) -> None:
    def told(begin: str, end: str) -> str:
        return _suggestion(f"{constraint} ex:end", begin, f"ex:a ex:end {end} .")

    may, june = '"2014-05-01"^^xsd:date', '"2014-06-01"^^xsd:date'
    assert told(june, may) == "it would end (2014-05-01) before it begins (2014-06-01): swap them"
    assert told(june, f'{may}, "2014-04-01"^^xsd:date') == ""
    assert told("5", "3") == ""
    assert told(june, '"2013"^^xsd:gYear') == ""
    assert told('"-0004-05-01"^^xsd:date', '"-0005-06-01"^^xsd:date') == ""


def test_a_label_too_many_becomes_another_name() -> None:
    def told(path: str, limit: str = "sh:maxCount 1") -> str:
        data = f'ex:a {path} "one"@en, "two"@en .'
        (result,) = _report(f"sh:path {path} ; {limit}", data).results
        return result.suggestion

    assert told("rdfs:label") == "keep the fullest name as rdfs:label, and make the others skos:altLabel"
    assert "skos:altLabel" in told("skos:prefLabel", "sh:uniqueLang true")
    assert told("ex:p") == ""


def test_a_namesake_of_the_right_class_is_named_if_there_is_one() -> None:
    names = 'ex:city rdfs:label "Georgia"@en . ex:country a ex:Country ; rdfs:label "Georgia"@en .'
    told = _suggestion("sh:class ex:Country", "ex:city", names)
    assert told.startswith("<http://example.org/country> has the same name, “Georgia”")
    another = 'ex:state a ex:Country ; rdfs:label "Georgia"@en .'
    assert _suggestion("sh:class ex:Country", "ex:city", names + another) == ""
    assert _suggestion("sh:class ex:Country", "ex:city", 'ex:city rdfs:label "Georgia"@en .') == ""
    assert _suggestion("sh:class ex:Country", '"Georgia"@en', names) == ""


def test_nobody_guesses_which_value_a_query_would_like() -> None:
    query = 'sh:sparql [ sh:select "SELECT $this ?value WHERE { $this <http://example.org/p> ?value }" ]'
    assert _suggestion(query, '"2011-13"') == ""
