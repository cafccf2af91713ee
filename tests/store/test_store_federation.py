"""SERVICE never reaches the engine, whatever it hides behind; and innocent queries pass.

The engine refuses to call port 9, with an error of its own: an oracle for whether it would have called.
"""

from contextlib import suppress

import pyoxigraph as ox
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from kgraph.errors import QueryError
from kgraph.store import open_store
from kgraph.store.federation import route_services

CALL = "SERVICE <http://127.0.0.1:9/> { ?s ?p ?o }"


@pytest.mark.parametrize(
    "query",
    [
        f"SELECT * {{ {CALL} }}",
        f"ASK {{ {CALL.lower()} }}",
        "SELECT * { SERVICE SILENT <http://127.0.0.1:9/> {} }",
        "SELECT * { BIND(<http://127.0.0.1:9/> AS ?x) SERVICE ?x {} }",
        "PREFIX a: <http://127.0.0.1:9/> SELECT * { SERVICE a: {} }",
        "PREFIX a: <http://127.0.0.1:9/> SELECT * { SERVICE a:b.-c\\'d {} }",
        "PREFIX : <http://127.0.0.1:9/> SELECT * { SERVICE:x {} }",
        "PREFIX : <http://127.0.0.1:9/> SELECT * { SERVICESILENT:x {} }",
        "PREFIX : <http://127.0.0.1:9/> SELECT * { FILTER(true)SERVICE:x{} }",
        "SELECT * { SERVICE # <a>\n <http://127.0.0.1:9/> # {\r{} }",
        f"SELECT * {{ FILTER EXISTS {{ {CALL} }} }}",
        # What looks like an IRI is a comparison, and what looks like a string begins in a comment.
        f"SELECT * {{ FILTER(1<?b#>'''\n) {CALL} }}#'''",
        f"SELECT * {{ FILTER(1<'>'''') {CALL} }}#'''",
        f'SELECT * {{ VALUES ?x {{ """ "}} {CALL} }} #"""',
        "PREFIX a: <urn:a> PREFIX SERVICE: <http://127.0.0.1:9/> "
        "PREFIX : <http://127.0.0.1:9/> SELECT * { ?s ?p a:a.graph SERVICE:x {} }",
    ],
)
def test_a_service_clause_is_refused(query: str) -> None:
    with open_store(None).view() as view, pytest.raises(QueryError, match="SERVICE is not allowed"):
        view.evaluate(query)


def test_the_refusal_says_where() -> None:
    with open_store(None).view() as view, pytest.raises(QueryError, match="line 2, column 3"):
        view.evaluate(f"SELECT * {{\n  {CALL} }}")


@pytest.mark.parametrize(
    "query",
    [
        f'SELECT * {{ ?s ?p "{CALL}" }}',
        f"SELECT * {{ ?s ?p '''\n{CALL}\n''' }}",
        f'SELECT * {{ ?s ?p """a "quoted" {CALL}""" }}',
        f"SELECT * {{ ?s ?p ?o }} # {CALL}",
        "SELECT * { ?s ?p <http://example.org/SERVICE#service> }",
        "SELECT ?service ?x { ?service ?p ?x }",
        "SELECT * { ?s kg:service ?x { ?s ?p ?x } }",
        "PREFIX service: <urn:s> SELECT * { ?s service:service ?x . GRAPH service:g { ?s ?p ?o } }",
        'SELECT * { ?s ?p "x"@service }',
        "SELECT * { _:service ?p ?o }",
        "SELECT * { ?s ?p ?o FILTER(?o<3&&?o>1) FILTER(STR(?s) = 'service') }",
    ],
)
def test_the_word_alone_harms_nobody(query: str) -> None:
    with open_store(None).view() as view:
        list(view.evaluate(query))


ENGINE = ox.Store()
ENGINE.update("INSERT DATA { <urn:s> <urn:p> 1 }")
PIECES = st.sampled_from(
    [
        "SERVICE",
        "service ",
        " SERVICE ",
        "SILENT",
        "<http://127.0.0.1:9/>",
        ":x",
        "a:x",
        "SERVICE:x",
        "?s ",
        "$b",
        "{}",
        "{",
        "}",
        " . ",
        ";",
        "(",
        ")",
        "FILTER(",
        "FILTER(1<?b",
        "<",
        ">",
        "#",
        "\n",
        " ",
        "'",
        '"',
        "'''",
        '"""',
        "\\",
        "?s ?p ?o ",
        "?s ?p ",
        "1",
        "true",
        "a",
        "GRAPH ",
        "@en",
        "_:b",
        ".",
        "-",
        "OPTIONAL",
        "UNION",
        "VALUES ?x {",
        "a:a.graph ",
        "\\'",
        "<urn:x>",
        "BIND(",
        "EXISTS",
        "é",
        "<?b#>",
        ",",
        "!",
        "&&",
    ]
)


@settings(max_examples=1500, deadline=None)
@given(st.lists(PIECES, min_size=1, max_size=14), st.lists(PIECES, max_size=4))
@example(["FILTER(1<?b", "#", ">", "'''", "\n", ")", "SERVICE", "<http://127.0.0.1:9/>", "{}"], ["#", "'''"])
def test_whatever_makes_the_engine_call_is_refused(pieces: list[str], tail: list[str]) -> None:
    query = (
        "PREFIX : <http://127.0.0.1:9/> PREFIX a: <http://127.0.0.1:9/> "
        "PREFIX SERVICE: <http://127.0.0.1:9/> "
        f"SELECT * {{ {''.join(pieces)} }}{''.join(tail)}"
    )
    try:
        query = route_services(query, {})
    except QueryError:
        return
    try:
        list(ENGINE.query(query))  # type: ignore[arg-type]
    except OSError as exc:
        pytest.fail(f"the engine tried to call: {exc}")
    except (SyntaxError, RuntimeError):
        pass


LISTED = "http://listed.example/"
ROUTES = {LISTED: "http://127.0.0.1:7/"}


@settings(max_examples=1500, deadline=None)
@given(
    st.lists(PIECES | st.just(f"SERVICE <{LISTED}> {{}} "), min_size=1, max_size=14),
    st.lists(PIECES, max_size=4),
)
@example(
    [f"FILTER(1<?b#SERVICE <{LISTED}> {{}} >'''", "\n", ")", "SERVICE", "<http://127.0.0.1:9/>", "{}"],
    ["#", "'''"],
)
def test_whatever_is_listed_nothing_else_is_called(pieces: list[str], tail: list[str]) -> None:
    query = (
        "PREFIX : <http://127.0.0.1:9/> PREFIX a: <http://127.0.0.1:9/> "
        "PREFIX SERVICE: <http://127.0.0.1:9/> "
        f"SELECT * {{ {''.join(pieces)} }}{''.join(tail)}"
    )
    called = ""
    try:
        list(ENGINE.query(route_services(query, ROUTES)))  # type: ignore[arg-type]
    except OSError as exc:
        called = str(exc)
    except (QueryError, SyntaxError, RuntimeError):
        pass
    assert not called or "port 7 " in called


def test_a_listed_address_is_replaced_where_it_is_called_and_only_there() -> None:
    query = (
        f"SELECT * {{ SERVICE <{LISTED}> {{ ?s <{LISTED}> ?o }} FILTER(?s != 'SERVICE <{LISTED}> {{}}') }}"
    )
    routed = route_services(query, ROUTES)
    assert routed == query.replace(f"SERVICE <{LISTED}> {{ ", f"SERVICE <{ROUTES[LISTED]}> {{ ")
    assert route_services("ASK { ?s ?p ?o }", ROUTES) == "ASK { ?s ?p ?o }"


@pytest.mark.parametrize("target", ["<http://127.0.0.1:7/>", "<http://listed.example>", "?x", "a:", "<>"])
def test_what_is_not_listed_as_it_is_written_is_refused(target: str) -> None:
    with pytest.raises(
        QueryError, match="line 1, column 47: SERVICE is allowed here for these addresses alone"
    ):
        route_services(f"PREFIX a: <{LISTED}> SELECT * {{ SERVICE {target} {{}} }}", ROUTES)


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="SERVICEservice<>?:#'\"\\{} \na", max_size=40))
def test_any_text_can_be_looked_through(text: str) -> None:
    with suppress(QueryError):
        route_services(text, {})
