"""Several graphs as the default graph of a query: each triple once, in whatever way they are named."""

from collections import Counter
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kgraph.store import Store, View, open_store, read_copy, write_copy
from kgraph.store.merging import MOST_TRIPLES

EX = "http://example.org/"
A, B, C = (f"{EX}{name}" for name in "abc")
COUNT = "SELECT (COUNT(*) AS ?n) {} WHERE {{ ?s ?p ?o }}"
S, P = ox.NamedNode(f"{EX}s"), ox.NamedNode(f"{EX}p")


def triples(*numbers: int) -> list[ox.Triple]:
    return [ox.Triple(S, P, ox.Literal(number)) for number in numbers]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with open_store(tmp_path_factory.mktemp("merging") / "store", create=True, plain=True) as opened:
        yield opened


def filled(store: Store, **graphs: list[ox.Triple]) -> View:
    with store.plain_writer() as writer:
        writer.insert({f"{EX}{name}": each for name, each in graphs.items()}, replace_all=True)
    return store.view()


def count(view: View, text: str, **options: Any) -> int:
    return int(next(iter(view.evaluate(text, **options).records()))[0].lexical)  # type: ignore[union-attr]


def test_a_triple_of_two_graphs_is_counted_once(store: Store) -> None:
    view = filled(store, a=triples(1, 2), b=triples(2, 3), c=triples(3, 4))
    assert count(view, COUNT.format(f"FROM <{A}> FROM <{B}>")) == 3
    assert count(view, COUNT.format(""), default_graphs=[A, B, C]) == 4
    assert count(view, COUNT.format(f"FROM <{A}>"), default_graphs=[A, B]) == 3
    assert count(view, COUNT.format(f"FROM <{A}> FROM <{A}>")) == 2
    assert count(view, COUNT.format(f"FROM <{A}> FROM <{EX}none>")) == 2


@pytest.mark.parametrize(
    "text",
    [
        f"PREFIX from: <{EX}> SELECT (COUNT(*) AS ?n) FROM from:a from <{B}> {{ ?s ?p ?o }}",
        f"BASE <{EX}> SELECT (COUNT(*) AS ?n) FROM <a> # FROM <c>\n FROM <b> {{ ?s ?p ?o }}",
        f"PREFIX select: <{EX}> SELECT (COUNT(*) AS ?n)FROM<{A}>FROM NAMED<{C}>FROM select:b{{ ?s ?p ?o }}",
    ],
)
def test_graphs_are_found_however_they_are_written(store: Store, text: str) -> None:
    assert count(filled(store, a=triples(1, 2), b=triples(2, 3), c=triples(3)), text) == 3


def test_graphs_that_can_be_named_are_still_there(store: Store) -> None:
    view = filled(store, a=triples(1), b=triples(1, 2), c=triples(1, 7))
    query = "SELECT (COUNT(*) AS ?n) {} {{ GRAPH ?g {{ ?s ?p ?o }} FILTER EXISTS {{ ?s ?p ?o }} }}"
    assert count(view, query.format(f"FROM <{A}> FROM <{B}> FROM NAMED <{C}>")) == 1
    assert count(view, query.format(f"FROM <{A}> FROM <{B}>")) == 0
    assert count(view, query.format(""), default_graphs=[A, B], named_graphs=[B, C]) == 3


def test_what_is_constructed_and_described_is_merged_too(store: Store) -> None:
    view = filled(store, a=triples(1, 2), b=triples(2))
    result = view.evaluate(f"DESCRIBE ?s FROM <{A}> FROM <{B}> {{ ?s ?p ?o }}")
    assert len(list(result)) == 2
    assert view.evaluate(f"ASK FROM <{A}> FROM <{B}> {{ ?s ?p 2 }}")


numbers = st.lists(st.integers(0, 5), max_size=5, unique=True)
names = st.lists(st.sampled_from([A, B, C]), max_size=4)


@given(a=numbers, b=numbers, c=numbers, default=names, named=names)
def test_a_query_gets_what_the_graphs_hold_together(
    store: Store, a: list[int], b: list[int], c: list[int], default: list[str], named: list[str]
) -> None:
    view = filled(store, a=triples(*a), b=triples(*b), c=triples(*c))
    clauses = [f"FROM <{each}>" for each in default] + [f"FROM NAMED <{each}>" for each in named]
    held = {A: a, B: b, C: c}
    expected = Counter({number for each in default for number in held[each]})
    expected.update(number for each in dict.fromkeys(named) for number in held[each])
    query = "SELECT ?o {} {{ {{ ?s ?p ?o }} UNION {{ GRAPH ?g {{ ?s ?p ?o }} }} }}"
    if not clauses:
        return
    for result in (
        view.evaluate(query.format(" ".join(clauses))),
        view.evaluate(query.format(""), default_graphs=default, named_graphs=named),
    ):
        assert Counter(int(row[0].lexical) for row in result.records()) == expected  # type: ignore[union-attr]


UNION = "SELECT ?o { ?s ?p ?o }"
OWN = "SELECT ?o { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }"


def numbers_of(view: View, query: str, **options: Any) -> Counter[int]:
    rows = view.evaluate(query, **options).records()
    return Counter(int(row[0].lexical) for row in rows)  # type: ignore[union-attr]


def fill_all(store: Store, own: list[int], a: list[int], b: list[int]) -> None:
    with store.plain_writer() as writer:
        graphs = {None: triples(*own), A: triples(*a), B: triples(*b)}
        writer.insert(graphs, replace_all=True)


@given(own=numbers, a=numbers, b=numbers)
def test_the_union_of_a_plain_store_holds_each_triple_once(
    store: Store, own: list[int], a: list[int], b: list[int]
) -> None:
    fill_all(store, own, a, b)
    view = store.view()
    assert numbers_of(view, UNION) == Counter({*own, *a, *b})
    assert numbers_of(view, OWN) == Counter({*own, *a, *b}) + Counter(a) + Counter(b)
    assert numbers_of(view, OWN, union=False) == Counter(own) + Counter(a) + Counter(b)
    assert len(view.dataset()) == len({*own, *a, *b})
    assert len(list(view.dataset().triples((None, None, None)))) == len({*own, *a, *b})


def test_a_copy_in_memory_has_the_union_of_a_plain_store_however_large(store: Store) -> None:
    fill_all(store, [1], [*range(MOST_TRIPLES)], [0, 1])
    assert store.path is not None
    file = BytesIO()
    write_copy(store.path, file)
    file.seek(0)
    view = read_copy(store.path, file).view()
    assert count(view, COUNT.format("")) == MOST_TRIPLES
    assert numbers_of(view, UNION + " LIMIT 3", union=False) == Counter([1])


def test_a_blank_node_is_one_node_in_its_graph_and_in_the_union(store: Store) -> None:
    node = ox.Triple(ox.BlankNode("x"), P, ox.Literal(1))
    with store.plain_writer() as writer:
        writer.insert({A: [node, *triples(1)], B: triples(1)}, replace_all=True)
    query = f"SELECT (COUNT(*) AS ?n) {{ ?s ?p 1 . GRAPH <{A}> {{ ?s ?p 1 }} FILTER(isBlank(?s)) }}"
    assert count(store.view(), query) == 1


def test_graphs_that_are_large_are_asked_as_they_are(store: Store) -> None:
    view = filled(store, a=triples(*range(MOST_TRIPLES)), b=triples(1))
    assert count(view, COUNT.format(f"FROM <{A}> FROM <{B}>")) == MOST_TRIPLES + 1
