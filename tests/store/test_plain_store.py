"""Plain stores: whatever RDF is written, a default graph of their own, and whole whatever happens."""

import json
import signal
import subprocess
import sys
import time
from io import BytesIO
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kgraph.errors import QueryError, StoreError
from kgraph.store import Store, View, open_store, read_graphs
from kgraph.store.using import with_dataset

G, H = "http://graphs.example/g", "http://graphs.example/h"


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return open_store(tmp_path / "store", create=True, plain=True)


def _update(store: Store, text: str, **options: tuple[str, ...]) -> None:
    with store.plain_writer() as writer:
        writer.update(text, base="http://base.example/", **options)


def _count(view: View, query: str, *, union: bool = True) -> int:
    rows = view.evaluate(f"SELECT (COUNT(*) AS ?n) WHERE {{ {query} }}", union=union)
    return int(str(next(iter(rows))["n"]))


def _dump(view: View, **options: str) -> str:
    file = BytesIO()
    view.dump(file, "nquads" if not options else "ntriples", **options)
    return file.getvalue().decode()


def test_an_update_is_seen_by_the_next_view_and_not_by_one_that_is_open(store: Store) -> None:
    before = store.view()
    _update(store, "INSERT DATA { <a> <b> 1 }")
    assert (_count(before, "?s ?p ?o"), _count(store.view(), "?s ?p ?o")) == (0, 1)
    assert store.view().version == before.version + 1


def test_the_default_graph_is_one_of_its_own_and_the_union_is_asked(store: Store) -> None:
    _update(store, f"INSERT DATA {{ <a> <b> 1 . GRAPH <{G}> {{ <a> <b> 2 }} }}")
    view = store.view()
    assert (_count(view, "?s ?p ?o"), _count(view, "?s ?p ?o", union=False)) == (2, 1)
    assert _count(view, "GRAPH ?g { ?s ?p ?o }") == 1
    assert _dump(view, graph="").count("\n") == 1
    assert _dump(view).count("\n") == 2


def test_nothing_of_ours_stands_in_it(store: Store) -> None:
    _update(store, "INSERT DATA { <a> <b> 1 } ; DROP ALL")
    assert _dump(store.view()) == ""
    assert store.view().graph_names() == []


def test_a_graph_is_replaced_added_to_and_dropped(store: Store) -> None:
    one, two = (read_graphs(f"<http://a> <http://b> {n} .".encode(), "turtle") for n in (1, 2))
    with store.plain_writer() as writer:
        writer.insert({G: one[None]})
        writer.insert({G: two[None]})
    assert _count(store.view(), f"GRAPH <{G}> {{ ?s ?p ?o }}") == 2
    with store.plain_writer() as writer:
        writer.insert({G: one[None], H: []}, replace=True)
        assert writer.has(H)
    assert _count(store.view(), f"GRAPH <{G}> {{ ?s ?p 1 }}") == 1
    assert store.view().graph_names() == [G, H]
    with store.plain_writer() as writer:
        writer.drop(G)
    assert store.view().graph_names() == [H]


def test_a_malformed_update_changes_nothing(store: Store) -> None:
    _update(store, "INSERT DATA { <a> <b> 1 }")
    version = store.view().version
    for text in ("INSERT DATA { <a> <b> }", "INSERT DATA { <a> <b> 2 } ; DROP GRAPH <http://nowhere>"):
        with pytest.raises(QueryError):
            _update(store, text)
    assert store.view().version == version
    assert _count(store.view(), "?s ?p ?o") == 1


@pytest.mark.parametrize(
    "text",
    [
        "LOAD <http://127.0.0.1:9/>",
        "load silent <file:///etc/passwd> into graph <http://g>",
        "INSERT DATA { <a> <b> 1 } ; PREFIX p: <http://127.0.0.1:9/> LOAD p:x",
        "INSERT { <a> <b> ?c } WHERE { SERVICE <http://127.0.0.1:9/> { ?a ?b ?c } }",
        "INSERT DATA { <a> <b> '''#''' } ; LOAD <http://127.0.0.1:9/>",
    ],
)
def test_no_update_calls_another_server(store: Store, text: str) -> None:
    with pytest.raises(QueryError, match="is not allowed"):
        _update(store, text)


def test_a_word_is_no_call(store: Store) -> None:
    _update(store, "INSERT DATA { <load> <service> 'LOAD <http://127.0.0.1:9/>' } # LOAD <http://x>")
    assert _count(store.view(), "?s ?p ?o") == 1


def test_documents_do_not_enter_it(store: Store) -> None:
    with pytest.raises(StoreError, match="plain"), store.writer():
        pass


def test_a_store_of_documents_is_not_plain(tmp_path: Path) -> None:
    documents = open_store(tmp_path / "documents", create=True)
    with pytest.raises(StoreError, match="gate"), documents.plain_writer():
        pass
    with pytest.raises(StoreError, match="cannot be plain"):
        open_store(tmp_path / "documents", plain=True)


def test_it_stays_plain(store: Store) -> None:
    assert store.path is not None
    assert open_store(store.path).is_plain


WHERE = st.sampled_from(["WHERE", "where", "WHERE #{\n"])
PATTERN = st.sampled_from(
    ["?s ?p ?o", "?s ?p ?o . FILTER(?o<3)", "GRAPH ?g { ?s ?p ?o }", "?s ?p '}WHERE{', ?o"]
)


@given(PATTERN, WHERE, st.sets(st.sampled_from([G, H])), st.sets(st.sampled_from([G, H])))
def test_a_dataset_that_is_given_does_what_using_does(
    pattern: str, where: str, default: set[str], named: set[str]
) -> None:
    graphs = " ".join(f"GRAPH <{graph}> {{ <http://a> <http://b> {n} }}" for n, graph in ((2, G), (3, H)))
    data = f"INSERT DATA {{ <http://a> <http://b> 1 {graphs} }}"
    using = " ".join(
        [*(f"USING <{iri}>" for iri in sorted(default)), *(f"USING NAMED <{iri}>" for iri in sorted(named))]
    )
    head = "INSERT { GRAPH <http://out> { ?s ?p ?o } }"
    stores = []
    for text in (
        f"{head} {using} WHERE {{ {pattern} }}",
        with_dataset(f"{head} {where} {{ {pattern} }}", sorted(default), sorted(named)),
    ):
        engine = ox.Store()
        engine.update(data)
        engine.update(text)
        stores.append(set(engine))
    assert stores[0] == stores[1]


def test_a_dataset_goes_for_delete_where_too() -> None:
    engine = ox.Store()
    engine.update(f"INSERT DATA {{ <http://a> <http://b> 1 . GRAPH <{G}> {{ <http://a> <http://b> 1, 2 }} }}")
    engine.update(with_dataset("DELETE WHERE { ?s ?p ?o } ; DELETE WHERE { ?s ?p 7 }", [G], []))
    # The triples to delete are found in G, and deleted from the default graph.
    assert {quad.graph_name.value for quad in engine} == {G}


def test_a_dataset_is_not_given_twice() -> None:
    for text in ("WITH <http://g> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }",
                 "INSERT { ?s ?p ?o } USING <http://g> WHERE { ?s ?p ?o }"):  # fmt: skip
        with pytest.raises(QueryError, match="no other"):
            with_dataset(text, [G], [])


_WRITER = """
import sys
from pathlib import Path
from kgraph.store import open_store
store = open_store(Path(sys.argv[1]))
for number in range(int(sys.argv[2]), 100_000):
    said = f"<http://a> <http://n> {number}"
    with store.plain_writer() as writer:
        writer.update(f"INSERT DATA {{ {said} GRAPH <http://g> {{ {said} }} }}")
    print(number, flush=True)
"""


@pytest.mark.parametrize("kills", [6, pytest.param(60, marks=pytest.mark.slow)])
def test_a_writer_that_is_killed_leaves_whole_updates(store: Store, kills: int) -> None:
    assert store.path is not None
    begin = 0
    for turn in range(kills):
        process = subprocess.Popen(
            [sys.executable, "-c", _WRITER, str(store.path), str(begin)], stdout=subprocess.PIPE, text=True
        )
        assert process.stdout is not None
        process.stdout.readline()  # it is at work
        time.sleep(0.003 * (turn % 20))
        process.send_signal(signal.SIGKILL)
        told = [int(line) for line in process.stdout.read().split() if line.isdigit()]
        process.stdout.close()
        process.wait()
        with open_store(store.path).plain_writer():
            pass  # whoever writes next finishes what was begun
        view = store.view()
        inside = {int(str(row["n"])) for row in view.evaluate("SELECT ?n { ?s <http://n> ?n }", union=False)}
        named = {
            int(str(row["n"])) for row in view.evaluate("SELECT ?n { GRAPH <http://g> { ?s <http://n> ?n } }")
        }
        assert inside == named == set(range(len(inside)))
        assert max(told, default=begin) < len(inside)
        assert json.loads((store.path / "format.json").read_text())["plain"] is True
        begin = len(inside)
