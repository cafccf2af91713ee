"""Queries, prefixes and components that SHACL-SPARQL does not allow are refused when they are loaded.

Source: SHACL 1.0, sections 5 and 6 and appendix A (pre-binding).
"""

import pytest
from engines import named, parse

from kgraph.shacl import Shapes, ShapesError

#: What is accepted so far and should not be.
OPEN = {
    "PATH as object": "$PATH is replaced wherever it stands",
    "PATH in filter": "?PATH is taken for another variable than $PATH",
    "wrong parameter": "the conditions on parameters are not looked at",
}


def _asks(query: str, more: str = "sh:targetNode ex:a") -> str:
    quoted = query.replace("\\", "\\\\").replace('"', '\\"')
    return f'ex:S {more} ; sh:sparql [ sh:select "{quoted}" ] .'


SPARQL = {
    "no query": "ex:S sh:targetNode ex:a ; sh:sparql [] .",
    "literal": "ex:S sh:targetNode ex:a ; sh:sparql 'SELECT $this {}' .",
    "two queries": "ex:S sh:targetNode ex:a ; sh:sparql [ sh:select 'SELECT $this {}', 'SELECT ?this {}' ] .",
    "tagged query": "ex:S sh:targetNode ex:a ; sh:sparql [ sh:select 'SELECT $this {}'@en ] .",
    "message": "ex:S sh:targetNode ex:a ; sh:sparql [ sh:select 'SELECT $this {}' ; sh:message 5 ] .",
    "deactivated twice": "ex:S sh:targetNode ex:a ; sh:sparql [ sh:select 'SELECT $this {}' ;"
    " sh:deactivated true, false ] .",
    "deactivated": "ex:S sh:targetNode ex:a ; sh:sparql [ sh:select 'SELECT $this {}' ; sh:deactivated 0 ] .",
    "ask": "ex:S sh:targetNode ex:a ; sh:sparql [ sh:ask 'ASK {}' ] .",
    "syntax": _asks("SELECT $this WHERE {"),
    "ASK in select": _asks("ASK { $this ?p ?o }"),
    "CONSTRUCT": _asks("CONSTRUCT { $this ?p ?o } WHERE { $this ?p ?o }"),
    "update": _asks("DELETE WHERE { $this ?p ?o }"),
    "no this": _asks("SELECT ?value WHERE { ?this ?p ?value }"),
    "no this but a count": _asks("SELECT (COUNT(*) AS ?n) WHERE { $this ?p ?value }"),
    "unknown prefix": _asks("SELECT $this WHERE { $this unknown:p ?o }"),
    "MINUS": _asks("SELECT $this WHERE { $this ?p ?o MINUS { $this ?p 1 } }"),
    "VALUES": _asks("SELECT $this WHERE { VALUES ?o { 1 } $this ?p ?o }"),
    "VALUES at the end": _asks("SELECT $this WHERE { $this ?p ?o } VALUES ?o { 1 }"),
    "VALUES within": _asks("SELECT $this WHERE { $this ?p ?o FILTER EXISTS { VALUES ?o { 1 } } }"),
    "SERVICE": _asks("SELECT $this WHERE { SERVICE <http://example.org/sparql> { $this ?p ?o } }"),
    "BIND AS this": _asks("SELECT $this WHERE { BIND (1 AS $this) }"),
    "projected AS this": _asks("SELECT (?x AS ?this) WHERE { ?x ?p ?o }"),
    "subquery without this": _asks("SELECT $this WHERE { { SELECT ?o WHERE { ?s ?p ?o } } $this ?p ?o }"),
    "subquery of all": _asks("SELECT $this WHERE { { SELECT * WHERE { $this ?p ?o } } }"),
    "PATH without path": _asks("SELECT $this ?value WHERE { $this $PATH ?value }"),
    "PATH as object": _asks("SELECT $this WHERE { $this ?p $PATH }", "sh:targetNode ex:a ; sh:path ex:p"),
    "PATH in filter": _asks(
        "SELECT $this WHERE { $this ?p ?o FILTER (?PATH = 1) }", "sh:targetNode ex:a ; sh:path ex:p"
    ),
}


@pytest.mark.parametrize("shapes", named(SPARQL, OPEN))
def test_sparql_that_shacl_does_not_allow_is_refused(shapes: str) -> None:
    """5.1, appendix A: what a query must be, and what it must not contain."""
    with pytest.raises(ShapesError):
        Shapes.load(parse(shapes))


@pytest.mark.parametrize(
    "text",
    ["MINUS", "VALUES ?x { 1 }", "SERVICE <http://example.org/>", "AS ?this", "SELECT *", "$PATH"],
)
def test_words_in_strings_comments_and_names_are_no_query(text: str) -> None:
    """Appendix A forbids clauses, not letters: refusing these would refuse good shapes."""
    query = f"""SELECT $this WHERE {{ # {text}
        $this <http://example.org/VALUES> "{text}" . ?MINUS <http://example.org/SERVICE> ?values }}"""
    escaped = query.replace('"', '\\"')
    Shapes.load(parse(f'ex:S sh:targetNode ex:a ; sh:sparql [ sh:select """{escaped}""" ] .'))


DECLARED = 'ex:o sh:declare [ sh:prefix "k" ; sh:namespace "http://k.example/"^^xsd:anyURI ] .'


@pytest.mark.parametrize(
    "declared",
    [
        'ex:o sh:declare [ sh:prefix "k" ] .',
        'ex:o sh:declare [ sh:namespace "http://k.example/"^^xsd:anyURI ] .',
        'ex:o sh:declare [ sh:prefix "k", "l" ; sh:namespace "http://k.example/"^^xsd:anyURI ] .',
        'ex:o sh:declare [ sh:prefix 5 ; sh:namespace "http://k.example/"^^xsd:anyURI ] .',
        'ex:o sh:declare "k" .',
        DECLARED + 'ex:o sh:declare [ sh:prefix "k" ; sh:namespace "http://l.example/"^^xsd:anyURI ] .',
    ],
)
def test_prefix_declarations_are_whole_and_say_one_thing(declared: str) -> None:
    """5.2.1: one prefix, one namespace; several namespaces for a prefix are ill-formed."""
    constraint = '[ sh:prefixes ex:o ; sh:select "SELECT $this WHERE { $this k:p 1 }" ]'
    Shapes.load(parse(f"{DECLARED} ex:S sh:targetNode ex:a ; sh:sparql {constraint} ."))
    with pytest.raises(ShapesError):
        Shapes.load(parse(f"{declared} ex:S sh:targetNode ex:a ; sh:sparql {constraint} ."))


COMPONENT = """
    ex:C a sh:ConstraintComponent ; sh:parameter {parameters} ; {validator} .
    ex:S sh:targetNode ex:a ; ex:word "x" ; ex:this 1 ; ex:value 1 ; ex:my-word 1 .
    ex:S <http://other.example/word> 1 .
"""
PARAMETER = "[ sh:path ex:word ]"
ASK = '[ a sh:SPARQLAskValidator ; sh:ask "ASK { FILTER (STR($value) != $word) }" ]'


COMPONENTS = {
    "two paths": ("[ sh:path ex:word, ex:other ]", f"sh:validator {ASK}"),
    "no path": ("[ sh:name 'word' ]", f"sh:validator {ASK}"),
    "path of two": ("[ sh:path ( ex:word ex:other ) ]", f"sh:validator {ASK}"),
    "named this": ("[ sh:path ex:this ], [ sh:path ex:word ]", f"sh:validator {ASK}"),
    "named value": ("[ sh:path ex:value ], [ sh:path ex:word ]", f"sh:validator {ASK}"),
    "named alike": ("[ sh:path ex:word ], [ sh:path <http://other.example/word> ]", f"sh:validator {ASK}"),
    "named as no variable": ("[ sh:path ex:my-word ], [ sh:path ex:word ]", f"sh:validator {ASK}"),
    "all optional": ("[ sh:path ex:word ; sh:optional true ]", f"sh:validator {ASK}"),
    "optional no": ("[ sh:path ex:word ; sh:optional 'no' ]", f"sh:validator {ASK}"),
    "wrong parameter": ("[ sh:path ex:word ; sh:datatype xsd:integer ]", f"sh:validator {ASK}"),
    "syntax": (PARAMETER, 'sh:validator [ a sh:SPARQLAskValidator ; sh:ask "ASK {" ]'),
    "two queries": (PARAMETER, 'sh:validator [ a sh:SPARQLAskValidator ; sh:ask "ASK {}", "ASK { }" ]'),
    "no query": (PARAMETER, "sh:validator [ a sh:SPARQLAskValidator ]"),
    "SELECT in ask": (PARAMETER, 'sh:validator [ a sh:SPARQLAskValidator ; sh:ask "SELECT $this {}" ]'),
    "MINUS": (PARAMETER, 'sh:validator [ sh:ask "ASK { ?x ?y ?z MINUS { $value ?p ?o } }" ]'),
    "AS value": (PARAMETER, 'sh:validator [ a sh:SPARQLAskValidator ; sh:ask "ASK { BIND (1 AS $value) }" ]'),
    "AS parameter": (
        PARAMETER,
        'sh:validator [ a sh:SPARQLAskValidator ; sh:ask "ASK { BIND (1 AS ?word) }" ]',
    ),
    "no this": (PARAMETER, 'sh:nodeValidator [ sh:select "SELECT ?x WHERE { $this ?x $word }" ]'),
    "no select": (PARAMETER, "sh:nodeValidator [ a sh:SPARQLSelectValidator ]"),
    "JavaScript": (PARAMETER, 'sh:validator [ a sh:JSValidator ; sh:jsFunctionName "f" ]'),
}


@pytest.mark.parametrize(("parameters", "validator"), named(COMPONENTS, OPEN))
def test_ill_formed_constraint_components_are_refused(parameters: str, validator: str) -> None:
    """6.2: parameters and validators."""
    Shapes.load(parse(COMPONENT.format(parameters=PARAMETER, validator=f"sh:validator {ASK}")))
    with pytest.raises(ShapesError):
        Shapes.load(parse(COMPONENT.format(parameters=parameters, validator=validator)))
