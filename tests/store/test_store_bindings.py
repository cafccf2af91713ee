"""Bindings: a term stands wherever its variable stood, and nothing else changes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rdflib import BNode
from rdflib import Literal as RdflibLiteral

from kgraph.errors import QueryError
from kgraph.records import Literal
from kgraph.store import Store, View, open_store

INTEGER = "http://www.w3.org/2001/XMLSchema#integer"
A, B = "https://example.org/a", "https://example.org/b"


def made() -> Store:
    store = open_store(None)
    with store.writer() as writer:
        data = f"<{A}> <urn:p> 1, 2, 3 . <{B}> <urn:p> 1 ; <urn:q> <{A}> ."
        writer.replace_graph("https://example.org/graph", data.encode())
        writer.commit()
    return store


STORE = made()


@pytest.fixture
def view() -> View:
    return STORE.view()


def two() -> Literal:
    return Literal("2", INTEGER)


@pytest.mark.parametrize(
    ("query", "bindings", "count"),
    [
        ("SELECT ?o { ?x <urn:p> ?o }", {"x": A}, 3),
        ("SELECT ?x ?o { ?x <urn:p> ?o }", {"x": A}, 3),
        ("SELECT ?s { ?s <urn:p> ?o FILTER(?o > ?x) }", {"x": two()}, 1),
        ("SELECT ?s { ?s <urn:p> ?o FILTER(!BOUND(?x) || ?s = ?x) }", {"x": B}, 1),
        ("SELECT ?s { ?s <urn:p> ?o FILTER(!bound( ?x ) || ?s = ?x) }", {}, 4),
        ("SELECT ?s { ?s <urn:p> ?o FILTER(?o<?x&&?o<3) }", {"x": two()}, 2),
        ("SELECT ?s { { SELECT ?s { ?s <urn:p> ?x } } }", {"x": two()}, 1),
        ("SELECT ?s { { SELECT ?x ?s { ?s <urn:p> ?x } } }", {"x": two()}, 1),
        ("SELECT ?s { { ?s <urn:p> ?o FILTER(?o = ?x) } UNION { ?s <urn:q> ?x } }", {"x": two()}, 1),
        ("SELECT ?s { ?s <urn:p> ?o FILTER EXISTS { ?s <urn:p> ?x } }", {"x": two()}, 3),
        ("SELECT (COUNT(*) AS ?n) { ?x <urn:p> ?o } GROUP BY ?x", {"x": A}, 1),
        ("SELECT ?o { ?x <urn:p> ?o } ORDER BY ?x DESC(?o)", {"x": A}, 3),
        ("SELECT ?o { GRAPH ?x { ?s <urn:p> ?o } }", {"x": "https://example.org/graph"}, 4),
        ("SELECT ?o { ?s ?x ?o }", {"$x": "urn:q"}, 1),
        ("SELECT ?o { $x <urn:p> ?o }", {"?x": A}, 3),
        ("CONSTRUCT { ?x a kg:Event } WHERE { ?x <urn:p> ?o }", {"x": A}, 1),
        (
            "SELECT ?s { ?s <urn:p> ?o FILTER(STR(?o) IN (?x, ?y)) }",
            {"x": Literal("1"), "y": Literal("3")},
            3,
        ),
        ('SELECT ?s { ?s <urn:p> ?o FILTER("?x" != ?x) } # ?x', {"x": Literal("?x")}, 0),
    ],
)
def test_a_bound_variable_is_its_term_everywhere(
    view: View, query: str, bindings: dict[str, str | Literal], count: int
) -> None:
    assert len(list(view.evaluate(query, bindings=bindings))) == count


def test_a_projected_variable_shows_its_value(view: View) -> None:
    rows = list(view.evaluate("SELECT ?x ?o { ?x <urn:q> ?o }", bindings={"x": B}))
    assert [str(row["x"]) for row in rows] == [B]


def test_ask_takes_bindings_that_only_a_filter_uses(view: View) -> None:
    query = "ASK { ?s <urn:q> ?o FILTER(?s != ?x) }"
    assert view.evaluate(query, bindings={"x": A})
    assert not view.evaluate(query, bindings={"x": B})


@pytest.mark.parametrize(
    ("query", "term", "said"),
    [
        ("SELECT ?s { ?s ?p ?o }", A, "no variable [?]x"),
        ("SELECT (1 AS ?x) {}", A, "gives it a value itself"),
        ("SELECT ?x { VALUES ?x { 1 } }", A, "gives it a value itself"),
        ("SELECT ?x { VALUES (?y ?x) { (1 2) } }", A, "gives it a value itself"),
        ("SELECT ?x { ?x ?p ?o }", "not an iri", "cannot be 'not an iri'"),
        ("SELECT ?x { ?x ?p ?o }", BNode(), "blank node"),
        ("SELECT ?x {\n ?x ?p", A, "line 2, column 7"),
    ],
)
def test_what_cannot_be_bound_is_refused(view: View, query: str, term: object, said: str) -> None:
    with pytest.raises(QueryError, match=said):
        view.evaluate(query, bindings={"x": term})  # type: ignore[dict-item]


@given(st.text(st.characters(codec="utf-8")))
def test_no_text_gets_out_of_its_literal(text: str) -> None:
    query = "SELECT ?x ?same { ?s <urn:q> ?o BIND(STR(?x) AS ?same) }"
    with STORE.view() as view:
        for term in (Literal(text), RdflibLiteral(text)):
            (row,) = view.evaluate(query, bindings={"x": term})
            assert str(row["same"]) == str(row["x"]) == text
