"""Malformed queries: where, what was expected, what to write instead; and that what is suggested helps."""

from pathlib import Path

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from kgraph.errors import MalformedQuery, QueryError
from kgraph.namespaces import WELL_KNOWN
from kgraph.query import questions
from kgraph.store import View, open_store, tokens

ASKED = "SELECT ?x WHERE { ?x a kg:Blocking }"


@pytest.fixture(scope="module")
def view() -> View:
    with open_store(None) as store:
        return store.view()


def _refusal(view: View, text: str) -> MalformedQuery:
    with pytest.raises(MalformedQuery) as caught:
        view.evaluate(text)
    return caught.value


def _malformed(view: View, text: str) -> MalformedQuery | None:
    try:
        view.evaluate(text)
    except MalformedQuery as exc:
        return exc
    except QueryError:
        pass  # it names another endpoint
    return None


def _error(view: View, text: str) -> str:
    try:
        view.evaluate(text)
    except QueryError as exc:
        return str(exc)
    return ""


@pytest.mark.parametrize(
    ("wrong", "meant"),
    [
        ("SELCT ?x { ?x a kg:Blocking }", "SELECT ?x { ?x a kg:Blocking }"),
        ("PREFX a: <urn:a:> ASK { ?x a a:b }", "PREFIX a: <urn:a:> ASK { ?x a a:b }"),
        ("PREFIX a <urn:a:> ASK { ?x a a:b }", "PREFIX a: <urn:a:> ASK { ?x a a:b }"),
        ("SELECT ?x WHRE { ?x a kg:Law }", "SELECT ?x WHERE { ?x a kg:Law }"),
        ("SELECT ?x WHERE { ?x a kg:Law", "SELECT ?x WHERE { ?x a kg:Law }"),
        ("SELECT ?x WHERE ?x a kg:Law }", "SELECT ?x WHERE { ?x a kg:Law }"),
        ("SELECT ?x { ?x a kg:Law } }", "SELECT ?x { ?x a kg:Law } "),
        ("ASK { { ?a ?b ?c } OPTIONAL { ?d ?e 1", "ASK { { ?a ?b ?c } OPTIONAL { ?d ?e 1 } }"),
        ("SELECT ?x { ?x a kg:Law ?x kg:date ?d }", "SELECT ?x { ?x a kg:Law . ?x kg:date ?d }"),
        ("SELECT ?x { ?x a kg:Law kg:date ?d . }", "SELECT ?x { ?x a kg:Law ; kg:date ?d . }"),
        ("ASK { ?x a [ kg:date ?d }", "ASK { ?x a [ kg:date ?d ] }"),
        ("SELECT ?x, ?y { ?x a ?y }", "SELECT ?x ?y { ?x a ?y }"),
        ("SELECT x { ?x a kg:Law }", "SELECT ?x { ?x a kg:Law }"),
        ("ASK { ?x ?p ?o FILTER(?o == 3) }", "ASK { ?x ?p ?o FILTER(?o = 3) }"),
        ("ASK { ?x ?p ?o FILTER(?o <> 3) }", "ASK { ?x ?p ?o FILTER(?o != 3) }"),
        ("ASK { ?x ?p ?o FILTER(?o > 1 and ?o < 3) }", "ASK { ?x ?p ?o FILTER(?o > 1 && ?o < 3) }"),
        ("ASK { ?x ?p ?o FILTER ?o > 3 }", "ASK { ?x ?p ?o FILTER (?o > 3) }"),
        ("ASK { ?x ?p ?o FILTER(?o > 3 }", "ASK { ?x ?p ?o FILTER(?o > 3 ) }"),
        ("ASK { ?x ?p ?o FILTER regx(?o, 'a') }", "ASK { ?x ?p ?o FILTER REGEX(?o, 'a') }"),
        ("ASK { ?x ?p ?o FILTER NOT EXIST { ?o ?p 1 } }", "ASK { ?x ?p ?o FILTER NOT EXISTS { ?o ?p 1 } }"),
        ("SELECT (COUNT(?x) ?n) { ?x ?p ?o }", "SELECT (COUNT(?x) AS ?n) { ?x ?p ?o }"),
        ("SELECT ?x { ?x ?p ?o } ORDER ?x", "SELECT ?x { ?x ?p ?o } ORDER BY ?x"),
        ("SELECT ?x { ?x ?p ?o } LIMIT 3 OFSET 4", "SELECT ?x { ?x ?p ?o } LIMIT 3 OFFSET 4"),
        ('ASK { ?x rdfs:label "abc }', 'ASK { ?x rdfs:label "abc" }'),
        ("ASK { ?x rdfs:label 'it's' }", 'ASK { ?x rdfs:label "it\'s" }'),
        (
            "ASK { ?x kg:source <https://example.org/a b> }",
            "ASK { ?x kg:source <https://example.org/a%20b> }",
        ),
        ("ASK { ?x kgg:date ?o . ?o kgg:country ?y }", "ASK { ?x kg:date ?o . ?o kg:country ?y }"),
        ("ASK { ?x rdsf:label ?o }", "ASK { ?x rdfs:label ?o }"),
        ("ASK { ?x wdt:P31 ?o }", f"PREFIX wdt: <{WELL_KNOWN['wdt']}>\nASK {{ ?x wdt:P31 ?o }}"),
        (
            "SELECT ?x (COUNT(?o) AS ?n) { ?x ?p ?o } ORDER BY ?n",
            "SELECT ?x (COUNT(?o) AS ?n) { ?x ?p ?o } GROUP BY ?x ORDER BY ?n",
        ),
        (
            "SELECT ?x ?p (COUNT(?o) AS ?n) { ?x ?p ?o } GROUP BY ?x",
            "SELECT ?x ?p (COUNT(?o) AS ?n) { ?x ?p ?o } GROUP BY ?p ?x",
        ),
        ("ASK { BIND(1 AS ?x) BIND(2 AS ?x) }", "ASK { BIND(1 AS ?x) BIND(2 AS ?x2) }"),
    ],
)
def test_a_slip_is_told_with_what_was_meant(view: View, wrong: str, meant: str) -> None:
    error = _refusal(view, wrong)
    assert error.corrected == meant
    assert error.suggestion
    view.evaluate(meant)


@pytest.mark.parametrize(
    ("text", "line", "column", "length"),
    [
        ("SELECT *\nWHERE {\n  ?x a kg:Law ;\n     kg:date ?d\n     kg:country ?c .\n}", 5, 6, 10),
        ("SELECT * {\n  ?x a kg:Law .\n  ?x nope:date ?d\n}", 3, 6, 5),
        ('ASK { ?x ?p "é😀" ?y }', 1, 18, 2),
        ("ASK {\r\n  ?x a }\r\n", 2, 8, 1),
        ("ASK { ?x ?p ?o \n\n# nothing more\n", 1, 15, 0),
        ("", 1, 1, 0),
    ],
)
def test_the_place_is_that_of_what_is_wrong(
    view: View, text: str, line: int, column: int, length: int
) -> None:
    error = _refusal(view, text)
    assert (error.line, error.column, error.length) == (line, column, length)
    assert error.source == text.splitlines()[line - 1] if text else not error.source
    assert str(error).startswith(f"line {line}, column {column}: ")
    assert "\n" not in str(error)


@pytest.mark.parametrize(
    ("text", "expected", "not_expected"),
    [
        ("SELECT ?x { ?x a }", {"a variable", "an IRI", "a literal"}, {"'}'", "FILTER"}),
        ("SELECT ?x { ?x a ?y } LIMIT ten", {"a number"}, {"a literal", "a variable"}),
        ("SELECT ?x { ?x a ?y } foo:bar", {"LIMIT", "the end of the query"}, {"a variable"}),
        ("ASK { ?x a ?y FILTER(?x foo) }", {"'='", "'&&'", "')'", "IN"}, {"'}'", "a variable"}),
    ],
)
def test_what_was_expected_is_told_in_words(
    view: View, text: str, expected: set[str], not_expected: set[str]
) -> None:
    told = set(_refusal(view, text.replace("foo:bar", "'foo'")).expected)
    assert expected <= told
    assert not told & not_expected


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("ASK { ?x nope:date ?d }", "PREFIX nope: <…>"),
        ("INSERT DATA { <urn:a> <urn:b> 1 }", "this is an update"),
        ("ASK { ?x a <rel> }", "<rel> is relative"),
        ("SELECT * { ?s ?p ?o } GROUP BY ?s", "GROUP BY"),
        ("ASK { ?x a Blocking }", "kg:Blocking"),
    ],
)
def test_what_only_its_author_can_mend_is_said(view: View, text: str, said: str) -> None:
    assert said in str(_refusal(view, text))


def test_no_suggestion_leads_to_another_server(view: View) -> None:
    for text in (
        "ASK { SERVICE <http://127.0.0.1:9/> { ?s ?p } }",
        "ASK { SERVCE <http://127.0.0.1:9/> { ?s ?p 1 } }",
    ):
        with pytest.raises(QueryError) as caught:
            view.evaluate(text)
        corrected = getattr(caught.value, "corrected", None)
        assert corrected is None or "SERVICE is not allowed" in _error(view, corrected)


def test_a_long_text_is_not_repeated(view: View) -> None:
    error = _refusal(view, "ASK { ?x ?p '" + "x" * 100_000 + "' ' }")
    assert len(str(error)) < 300
    assert len(error.source) < 300


def test_nesting_does_not_matter(view: View) -> None:
    error = _refusal(view, "ASK { " + "{ " * 300 + "?s ?p ]" + " }" * 301)
    assert error.column == 613


@pytest.mark.parametrize("nested", ["(" * 40_000, "{" * 40_000, "!" * 40_000, "[" * 40_000, "-" * 40_000])
def test_nothing_that_is_nested_deep_is_tried(view: View, nested: str) -> None:
    # The engine refuses it before it comes to what would break it; a suggestion must not bring it there.
    error = _refusal(view, f"ASK {{ ] FILTER({nested}")
    assert error.line == 1


def test_a_very_long_text_is_told_the_place_that_the_engine_tells(view: View) -> None:
    error = _refusal(view, "ASK {\n" + "?s ?p 1 .\n" * 50_000 + "?s ?p ]")
    assert error.line == 50_002
    assert error.corrected is None


def test_an_update_is_told_what_was_meant(tmp_path: Path) -> None:
    with (
        open_store(tmp_path / "store", create=True, plain=True) as store,
        store.plain_writer() as writer,
        pytest.raises(MalformedQuery) as caught,
    ):
        writer.update("INSERT DAT { <urn:a> <urn:b> 1 }")
    assert caught.value.corrected == "INSERT DATA { <urn:a> <urn:b> 1 }"


def test_no_suggestion_for_an_update_loads_anything(tmp_path: Path) -> None:
    data = tmp_path / "data.ttl"
    data.write_text("<urn:a> <urn:b> 1 .")
    update = f"LOAD <{data.as_uri()}> INT GRAPH <urn:g>"
    with (
        open_store(tmp_path / "store", create=True, plain=True) as store,
        store.plain_writer() as writer,
        pytest.raises(QueryError, match="LOAD is not allowed"),
    ):
        writer.update(update)


VALID = [saved.text for saved in questions()] + [
    ASKED,
    "SELECT ?x (COUNT(?y) AS ?n) { ?x kg:date ?y . FILTER(?y > 3 && REGEX(?x, 'a')) } GROUP BY ?x LIMIT 3",
    "PREFIX ex: <urn:x:> CONSTRUCT { ?s a ex:b ; ex:c [ ex:d 'e'@en, 1.5 ] } WHERE { ?s ex:p/ex:q* ?o }",
    'DESCRIBE ?x { VALUES (?x ?y) { (kg:a 1) (UNDEF true) } OPTIONAL { ?x ?p """a\nb"""^^xsd:string } }',
]


@st.composite
def _damaged(draw: st.DrawFn) -> str:
    """A valid query in which tokens or characters are missing, doubled, changed or exchanged."""
    text = draw(st.sampled_from(VALID))
    for _ in range(draw(st.integers(1, 2))):
        found = list(tokens(text))
        one, other = draw(st.sampled_from(found)), draw(st.sampled_from(found))
        way = draw(st.sampled_from(["drop", "double", "exchange", "cut", "letter", "swap", "odd"]))
        word = one.text
        if way == "drop":
            word = ""
        elif way == "double":
            word = f"{word} {word}"
        elif way == "exchange":
            word = other.text
        elif way == "cut":
            text = text[: one.end]
        elif way == "odd":
            word = draw(
                st.sampled_from(["'", '"', "<", "{", ")", "%", "==", "é", "foo:", "?", "\\", "\ud7ff", "#"])
            )
        elif len(word) > 1:
            at = draw(st.integers(0, len(word) - 2))
            word = word[:at] + word[at + 1] + (word[at] if way == "swap" else "") + word[at + 2 :]
        text = text[: one.start] + word + text[one.end :]
        assume(text.strip())
    return text


@settings(max_examples=300, deadline=None)
@given(text=_damaged() | st.text(max_size=80))
@example(text="SELECT ?x # { ?x a kg:Blocking }")
def test_whatever_is_wrong_the_place_is_in_the_text_and_the_suggestion_helps(view: View, text: str) -> None:
    error = _malformed(view, text)
    if error is None:
        return
    lines = text.split("\n")
    if error.line is not None:
        assert 1 <= error.line <= len(lines)
        assert error.column is not None
        line = lines[error.line - 1]
        assert 1 <= error.column <= len(line) + 1
        assert error.column + error.length <= len(line) + 1
    if error.corrected is not None:
        assert error.corrected != text
        assert error.suggestion
        assert _error(view, error.corrected) != str(error)


def test_queries_that_hold_are_not_damaged(view: View) -> None:
    for text in VALID:
        view.evaluate(text)
