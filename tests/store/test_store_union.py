"""The default graph is the union of the named graphs, each triple once, whatever was done to these."""

import shutil
from pathlib import Path

import pyoxigraph as ox
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib import Graph

from kgraph.store import Store, open_store

_GRAPHS = [f"https://example.org/g{n}" for n in range(3)]
_TRIPLES = [
    f"<urn:{s}> <urn:p> {o} ."
    for s in "ab"
    for o in ("<urn:x>", "1", "01", '"t"@en', '"t"@EN', "1.50", "true")
]

_some = st.lists(st.sampled_from(_TRIPLES), max_size=6)
_steps = st.lists(
    st.tuples(
        st.sampled_from(["replace", "insert", "delete", "drop", "commit"]), st.sampled_from(_GRAPHS), _some
    ),
    max_size=12,
)


def _do(store: Store, steps: list[tuple[str, str, list[str]]]) -> None:
    writer = store.writer()
    with writer:
        for what, graph, triples in steps:
            data = "\n".join(triples).encode()
            if what == "replace":
                writer.replace_graph(graph, data)
            elif what == "insert":
                writer.insert(graph, data)
            elif what == "delete":
                writer.delete(graph, data)
            elif what == "drop":
                writer.drop_graph(graph)
            else:
                writer.commit()
        writer.commit()


def _check(store: Store) -> None:
    with store.view() as view:
        union = [tuple(map(str, row.values())) for row in view.evaluate("SELECT ?s ?p ?o { ?s ?p ?o }")]
        named = view.evaluate("SELECT DISTINCT ?s ?p ?o { GRAPH ?g { ?s ?p ?o } }")
        assert sorted(union) == sorted(tuple(map(str, row.values())) for row in named)
        assert len(view.dataset()) == len(union)
        assert not view.evaluate("ASK { ?s ?p ?o }", union=False)


@settings(max_examples=60, deadline=None)
@given(_steps)
def test_after_any_changes_the_union_holds_each_triple_once(steps: list[tuple[str, str, list[str]]]) -> None:
    with open_store(None) as store:
        _do(store, steps)
        _check(store)


def test_a_blank_node_is_one_node_in_its_graph_and_in_the_union() -> None:
    with open_store(None) as store:
        _do(store, [("replace", _GRAPHS[0], ["_:x <urn:p> 1 . _:x <urn:q> 2 ."])])
        _check(store)
        ask = f"ASK {{ ?x <urn:p> 1 . GRAPH <{_GRAPHS[0]}> {{ ?x <urn:q> 2 }} }}"
        with store.view() as view:
            assert view.evaluate(ask)


def test_the_union_is_nobodys_graph(tmp_path: Path) -> None:
    with open_store(tmp_path / "store", create=True) as store:
        _do(store, [("insert", graph, _TRIPLES[:3]) for graph in _GRAPHS])
        with store.view() as view, (tmp_path / "all.nq").open("w+b") as file:
            view.dump(file, "nquads")
            file.seek(0)
            quads = list(ox.parse(file, format=ox.RdfFormat.N_QUADS))
            dataset = view.dataset()
        assert all(quad.graph_name != ox.DefaultGraph() for quad in quads)
        found = [quad for quad in dataset.quads() if "example.org" in str(quad[3])]
        assert len(found) == 3 * 2  # 1 and 01 are one to the store
        assert len(list(dataset.triples((None, None, None)))) == len(dataset)
        assert {str(graph.identifier) for graph in dataset.store.contexts()} >= set(_GRAPHS)


def test_a_store_that_was_made_without_a_union_gets_one(tmp_path: Path) -> None:
    folder = tmp_path / "store"
    with open_store(folder, create=True) as store:
        _do(store, [("insert", graph, _TRIPLES[:3]) for graph in _GRAPHS])
    engine = ox.Store(str(folder / "db"))  # as an older version would have left it
    engine.update("CLEAR DEFAULT")
    engine.flush()
    (snapshot,) = (folder / "snapshots").iterdir()
    shutil.rmtree(snapshot)
    engine.backup(str(snapshot))
    del engine
    with open_store(folder) as store:
        with store.view() as view:
            assert view.evaluate("ASK { <urn:a> <urn:p> 1 }")
            assert not view.evaluate("ASK { <urn:a> <urn:p> 1 }", union=False)
            assert Graph().parse(data=view.evaluate("DESCRIBE <urn:a>").serialize("turtle"))
        with store.writer():
            pass
        _check(store)
