"""Queries that are answered triple by triple have the engine's answers, or none."""

import json
import tracemalloc
from collections import Counter
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from waiting import eventually

from kgraph.store import NotWanted, UnionCopy, open_store
from kgraph.store.simple import LONGEST_ANSWER, LONGEST_LIST, SimpleQueries, read_simple

EX = "http://example.org/"
A, B, P, Q = (ox.NamedNode(EX + name) for name in "abpq")
TYPE = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
PREFIX = f"PREFIX ex: <{EX}> "

Rows = tuple[list[str], Counter[str]]


def filled(*triples: tuple[Any, Any, Any]) -> ox.Store:
    engine = ox.Store()
    engine.extend(ox.Quad(*triple) for triple in triples)
    return engine


def rows(answer: bytes) -> Rows | bool:
    told = json.loads(answer)
    if "boolean" in told:
        return bool(told["boolean"])
    return told["head"]["vars"], Counter(
        json.dumps(row, sort_keys=True) for row in told["results"]["bindings"]
    )


def answered(simple: SimpleQueries, text: str) -> bytes | None:
    query = read_simple(text)
    return None if query is None else simple.answer(query)


def by_engine(engine: ox.Store, query: str) -> Rows | bool:
    return rows(engine.query(query).serialize(format=ox.QueryResultsFormat.JSON))  # type: ignore[arg-type]


# Against the engine

iris = st.sampled_from([A, B, P, Q])
literals = st.sampled_from(
    [
        ox.Literal("a"),
        ox.Literal("a", language="en"),
        ox.Literal('A"\\\n\u2028\x01', language="en-GB"),
        ox.Literal("1", datatype=ox.NamedNode("http://www.w3.org/2001/XMLSchema#integer")),
        ox.Literal("x", datatype=A),
    ]
)
nodes = st.sampled_from([A, B, ox.BlankNode("n")])
graphs = st.lists(
    st.tuples(nodes, st.sampled_from([P, Q, TYPE]), st.one_of(nodes, iris, literals)), max_size=14
)

variables = st.sampled_from(["?x", "$x", "?y", "?z"])
names = st.sampled_from(["ex:a", "ex:b", f"<{EX}a>", f"<{EX}p>", "ex:nothing"])
subjects = st.one_of(variables, names)
predicates = st.one_of(variables, st.sampled_from(["ex:p", "a", f"<{EX}q>"]))
objects = st.one_of(variables, names, st.sampled_from(['"a"', '"a"@en', '"a"@EN', '"x"^^ex:a', "1"]))


@st.composite
def triples(draw: st.DrawFn) -> str:
    text = draw(subjects)
    ends = st.lists(st.tuples(predicates, st.lists(objects, min_size=1, max_size=2)), min_size=1, max_size=2)
    text += " " + " ; ".join(f"{verb} {' , '.join(values)}" for verb, values in draw(ends))
    return text + draw(st.sampled_from(["", " ;"]))


blocks = st.lists(triples(), min_size=1, max_size=2).map(" . ".join)
groups = st.lists(
    st.tuples(blocks, st.booleans()).map(lambda each: f"OPTIONAL {{ {each[0]} }}" if each[1] else each[0]),
    min_size=1,
    max_size=3,
).map(" . ".join)
heads = st.sampled_from(["SELECT *", "select ?x", "SELECT DISTINCT ?y ?x", "SELECT ?x ?none WHERE", "ASK"])
queries = st.builds(lambda head, group: f"{PREFIX}{head} {{ {group} }}", heads, groups)


@given(graph=graphs, query=queries)
@example(graph=[(A, P, B)], query=PREFIX + "SELECT * { OPTIONAL { ?x ex:q ?y } . OPTIONAL { ex:a ?z ?y } }")
def test_an_answer_is_that_of_the_engine(graph: list[tuple[Any, Any, Any]], query: str) -> None:
    engine = filled(*graph)
    answer = answered(SimpleQueries(engine), query)
    if answer is not None:
        assert rows(answer) == by_engine(engine, query)


@given(
    graph=graphs, subject=st.sampled_from(["ex:a", "ex:b"]), offset=st.integers(0, 4), limit=st.integers(0, 4)
)
def test_limit_and_offset_cut_what_there_is(
    graph: list[tuple[Any, Any, Any]], subject: str, offset: int, limit: int
) -> None:
    query = f"{PREFIX}SELECT ?p ?o {{ {subject} ?p ?o }}"
    simple = SimpleQueries(filled(*graph))
    whole, cut = (
        rows(answered(simple, text) or b"") for text in (query, f"{query} OFFSET {offset} LIMIT {limit}")
    )
    assert isinstance(whole, tuple)
    assert isinstance(cut, tuple)
    assert cut[1] <= whole[1]
    assert cut[1].total() == max(0, min(limit, whole[1].total() - offset))


WORDS = [
    *(
        "PREFIX",
        "ex:",
        f"<{EX}>",
        "BASE",
        "SELECT",
        "ASK",
        "DISTINCT",
        "REDUCED",
        "*",
        "WHERE",
        "{",
        "}",
        "{",
        "}",
    ),
    *(
        "?x",
        "?y",
        "$z",
        "ex:a",
        "ex:p",
        f"<{EX}a>",
        f"<{EX}p>",
        "<a>",
        "a",
        ".",
        ".",
        ";",
        ",",
        "OPTIONAL",
        "UNION",
    ),
    *(
        "MINUS",
        "FILTER",
        "(",
        ")",
        "BOUND(?x)",
        "?x = ?y",
        "GRAPH",
        "VALUES",
        "UNDEF",
        "LIMIT",
        "1",
        "OFFSET",
        "[]",
    ),
    *(
        "[",
        "]",
        "_:b",
        '"a"',
        "'a'",
        '"""a"""',
        "@en",
        "^^",
        "^",
        "/",
        "|",
        "#",
        "\n",
        "-1",
        "true",
        "ORDER BY",
    ),
    *(
        "FROM",
        f"<{EX}./a>",
        f"<{EX}b/../a>",
        "ex:a.",
        "?x?y",
        "<<",
        ">>",
        "NOT EXISTS",
        "\\u0061",
        "BIND",
        "AS",
    ),
]


@given(
    graph=graphs,
    start=st.sampled_from(["", f"{PREFIX}SELECT * {{ ", "SELECT ?x {", f"{PREFIX}ASK {{ ex:a ex:p ?x . "]),
    words=st.lists(st.sampled_from(WORDS), max_size=14),
    end=st.sampled_from(["", " }", " } LIMIT 2"]),
)
def test_what_is_no_query_for_the_engine_is_none_here(
    graph: list[tuple[Any, Any, Any]], start: str, words: list[str], end: str
) -> None:
    engine, query = filled(*graph), start + " ".join(words) + end
    answer = answered(SimpleQueries(engine), query)
    if answer is not None and "LIMIT" not in query and "OFFSET" not in query:
        assert rows(answer) == by_engine(engine, query)
    elif answer is not None:
        engine.query(query)


LOOK_UP = f"SELECT ?p ?o {{ <{EX}a> ?p ?o }}"


@pytest.mark.parametrize(
    "query",
    [
        LOOK_UP,
        f"SELECT ?type ?name {{ <{EX}a> a ?type ; rdfs:label ?name OPTIONAL {{ <{EX}a> <{EX}q> ?q }} }}",
        f'{PREFIX}SELECT ?s WHERE {{ ?s ex:p "a"@en . }} LIMIT 10',
        f"{PREFIX}ASK {{ ex:a a ex:b }}",
        f"{PREFIX}SELECT ?label {{ ex:a ex:p ?b . ?b ex:q ?label }}",
    ],
)
def test_what_programs_ask_most_is_answered(query: str) -> None:
    assert answered(SimpleQueries(filled((A, P, B), (B, Q, ox.Literal("b")))), query) is not None


@pytest.mark.parametrize(
    "query",
    [
        f"SELECT ?p {{ <{EX}a> ?p ?o }} ORDER BY ?p",
        f"SELECT (COUNT(?o) AS ?n) {{ <{EX}a> ?p ?o }}",
        f"SELECT ?o {{ <{EX}a> ?p ?o FILTER(?o > 1) }}",
        f"SELECT ?o {{ <{EX}a> <{EX}p>* ?o }}",
        f"SELECT ?o FROM <{EX}g> {{ <{EX}a> <{EX}p> ?o }}",
        f"SELECT ?o {{ GRAPH <{EX}g> {{ <{EX}a> <{EX}p> ?o }} }}",
        f"SELECT ?o {{ SERVICE <{EX}s> {{ <{EX}a> <{EX}p> ?o }} }}",
        f"CONSTRUCT WHERE {{ <{EX}a> <{EX}p> ?o }}",
        f"DESCRIBE <{EX}a>",
        "SELECT ?o { <a> ?p ?o }",
        f"SELECT ?o {{ <{EX}b/../a> ?p ?o }}",
        "SELECT ?o { no:thing ?p ?o }",
        f"INSERT DATA {{ <{EX}a> <{EX}p> 1 }}",
    ],
)
def test_all_else_is_left_to_others(query: str) -> None:
    assert answered(SimpleQueries(filled((A, P, B))), query) is None


# What takes long


def test_a_long_list_is_not_gone_through() -> None:
    things = [ox.NamedNode(f"{EX}{n}") for n in range(LONGEST_LIST + 1)]
    simple = SimpleQueries(filled(*((A, P, each) for each in things), *((each, Q, B) for each in things)))
    for _ in range(2):  # it is remembered
        assert answered(simple, LOOK_UP) is None
        assert answered(simple, f"SELECT ?s {{ ?s <{EX}q> <{EX}b> }}") is None
    # From its other end each triple can be reached.
    assert rows(answered(simple, f"ASK {{ <{EX}7> <{EX}q> <{EX}b> }}") or b"") is True
    assert answered(simple, "SELECT * { ?s ?p ?o }") is None


def test_loops_within_loops_are_given_up() -> None:
    many = [ox.NamedNode(f"{EX}{n}") for n in range(40)]
    simple = SimpleQueries(filled(*((A, P, each) for each in many)))
    one = f"<{EX}a> <{EX}p>"
    assert answered(simple, f"SELECT * {{ {one} ?x }}") is not None
    assert answered(simple, f"SELECT * {{ {one} ?a . {one} ?b . {one} ?c . {one} ?d }}") is None


@pytest.mark.parametrize(("hub", "each"), [(150, 3), (600, 9), (1_500, 0)])
def test_what_takes_too_long_to_read_at_once_is_answered_once_it_is_kept(hub: int, each: int) -> None:
    many = [ox.NamedNode(f"{EX}{n}") for n in range(hub)]
    engine = filled(
        *((one, P if n % 2 else Q, A) for n, one in enumerate(many)),
        *((one, P, other) for one in many for other in many[:each]),
    )
    simple = SimpleQueries(engine)
    ends = f"?x <{EX}p> <{EX}2>" if each else f"<{EX}1> <{EX}p> ?x"
    for verb in (f"<{EX}q>", f"<{EX}p>", "?verb") if each else (f"<{EX}q>",):
        query = f"SELECT * {{ ?x {verb} <{EX}a> . {ends} }}"
        assert eventually(lambda query=query: answered(simple, query) is not None)  # type: ignore[misc]
        assert rows(answered(simple, query) or b"") == by_engine(engine, query)


@pytest.mark.parametrize("others", [0, LONGEST_LIST])
def test_which_of_many_are_of_a_class_is_told_however_many_others_are(others: int) -> None:
    many = [ox.NamedNode(f"{EX}{n}") for n in range(400)]
    engine = filled(
        *((one, P, A) for one in many),
        *((one, TYPE, B if n % 3 else Q) for n, one in enumerate(many)),
        *((one, Q, B) for one in many[::5]),
        *((ox.NamedNode(f"{EX}other/{n}"), TYPE, B) for n in range(others)),
    )
    simple = SimpleQueries(engine)
    query = f"SELECT ?x {{ ?x <{EX}p> <{EX}a> ; a <{EX}b> }}"
    assert eventually(lambda: answered(simple, query) is not None)
    assert rows(answered(simple, query) or b"") == by_engine(engine, query)


def test_a_long_answer_is_given_up() -> None:
    simple = SimpleQueries(filled((A, P, ox.Literal("x" * (LONGEST_ANSWER + 1)))))
    assert answered(simple, LOOK_UP) is None


def test_nothing_is_kept_without_bound() -> None:
    """Neither of what is in the graph, nor of what strangers ask for that is not."""
    text = "\U0001f5fa" * 3_000  # four bytes each
    subjects = [ox.NamedNode(f"{EX}{n}") for n in range(8_000)]
    simple = SimpleQueries(filled(*((each, P, ox.Literal(f"{n}{text}")) for n, each in enumerate(subjects))))
    tracemalloc.start()
    try:
        for n, each in enumerate(subjects):
            told = rows(answered(simple, f"SELECT ?o {{ {each} <{EX}p> ?o }}") or b"")
            assert isinstance(told, tuple)
            assert told[1].total() == 1
            assert rows(answered(simple, f"ASK {{ <{EX}{n}/{text}> <{EX}p> ?o }}") or b"") is False
        kept_bytes, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert kept_bytes < 120_000_000, "of 200 MB that were met"


def test_nothing_is_kept_of_what_strangers_ask_of_a_hub_and_it_has_not() -> None:
    text = "\U0001f5fa" * 3_000
    simple = SimpleQueries(filled(*((ox.NamedNode(f"{EX}{n}"), P, A) for n in range(200))))
    tracemalloc.start()
    try:
        for n in range(2_000):
            none = f"<{EX}{n}/{text}>"
            for pattern in (f"?x {none} <{EX}a>", f"?x <{EX}p> <{EX}a> ; {none} <{EX}a>"):
                assert rows(answered(simple, f"ASK {{ {pattern} }}") or b"") is False
        kept_bytes, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert kept_bytes < 5_000_000, "of 24 MB that were met"


# The copy


def test_the_copy_holds_the_union_each_triple_once(tmp_path: Path) -> None:
    store = open_store(tmp_path / "store", create=True, plain=True)
    with store.plain_writer() as writer:
        writer.update(
            f"""INSERT DATA {{ <{EX}a> <{EX}p> 1 . GRAPH <{EX}g> {{ <{EX}a> <{EX}p> 1, 2 }}
            GRAPH <{EX}h> {{ <{EX}a> <{EX}p> 2 ; <{EX}q> _:b . _:b <{EX}q> "end" }} }}"""
        )
    with store.view() as view:
        copy = UnionCopy(view, lambda: True)
    told = rows(answered(copy.queries, LOOK_UP) or b"")
    assert isinstance(told, tuple)
    assert told[1].total() == 3
    assert b"end" in (answered(copy.queries, f"SELECT ?o {{ <{EX}a> <{EX}q> ?b . ?b <{EX}q> ?o }}") or b"")


@pytest.mark.parametrize("length", [10_000, 5_000_000])
@pytest.mark.parametrize("written", ['"{}"', '"{}"@en--ltr', f'<<( <{EX}a> <{EX}p> "{{}}" )>>'])
def test_what_holds_a_very_long_text_is_left_to_others(tmp_path: Path, length: int, written: str) -> None:
    store = open_store(tmp_path / "store", create=True, plain=True)
    with store.plain_writer() as writer:
        text = written.format("x" * length)
        writer.update(f'INSERT DATA {{ <{EX}a> <{EX}p> {text} . <{EX}b> <{EX}p> "short" }}')
    with store.view() as view:
        copy = UnionCopy(view, lambda: True)
    assert answered(copy.queries, LOOK_UP) is None
    assert answered(copy.queries, f"SELECT ?o {{ <{EX}b> <{EX}p> ?o }}") is not None


def test_a_copy_that_nobody_wants_is_not_made() -> None:
    store = open_store(None)
    with store.view() as view, pytest.raises(NotWanted):
        UnionCopy(view, lambda: False)
