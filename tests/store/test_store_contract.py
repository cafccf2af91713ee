"""What holds for every store, in memory or on disk."""

import threading
from collections.abc import Callable

import pytest
from rdflib import RDF, BNode, Graph, Literal, URIRef

from kgraph.errors import StoreError, StoreLocked
from kgraph.namespaces import KG
from kgraph.store import Store, View

G1, G2 = "https://example.org/graph/1", "https://example.org/graph/2"
SHA = "ab" * 32
S, P = URIRef("https://example.org/s"), URIRef("https://example.org/p")
Put = Callable[..., int]
#: rdflib's Dataset warns about its own use of what it has deprecated.
rdflibs_own = pytest.mark.filterwarnings(r"ignore:Dataset\.\w+ is deprecated:DeprecationWarning")


def objects(view: View, iri: str = G1) -> set[str]:
    return {str(each) for each in view.graph(iri).objects()}


def graph(*values: str) -> Graph:
    made = Graph()
    for value in values:
        made.add((S, P, Literal(value)))
    return made


def test_a_new_store_is_empty_and_has_version_0(store: Store) -> None:
    with store.view() as view:
        assert view.version == 0
        assert view.graph_names() == []
        assert not view.evaluate("ASK { ?s ?p ?o }")
        assert view.text(SHA) is None


def test_a_commit_raises_the_version_by_one(store: Store, put: Put) -> None:
    assert [put(store, G1, "a"), put(store, G1, "b")] == [1, 2]
    assert store.view().version == 2


def test_a_commit_without_changes_writes_nothing(store: Store, put: Put) -> None:
    put(store, G1, "a")
    with store.writer() as writer:
        assert writer.commit() == 1
    assert store.view().version == 1


def test_what_is_not_committed_is_forgotten(store: Store) -> None:
    with store.writer() as writer:
        writer.replace_graph(G1, graph("a"))
        writer.put_text(SHA, "text")
    with store.view() as view:
        assert view.version == 0
        assert not view.has_graph(G1)
        assert view.text(SHA) is None


def test_an_exception_discards_and_gives_the_lock_back(store: Store, put: Put) -> None:
    with pytest.raises(ZeroDivisionError), store.writer() as writer:  # noqa: PT012
        writer.replace_graph(G1, graph("a"))
        raise ZeroDivisionError
    assert put(store, G1, "b") == 1
    assert objects(store.view()) == {"b"}


def test_a_writer_commits_several_times(store: Store) -> None:
    with store.writer() as writer:
        writer.replace_graph(G1, graph("a"))
        assert writer.commit() == 1
        assert objects(writer.view()) == {"a"}
        writer.insert(G1, graph("b"))
        assert objects(writer.view()) == {"a"}
        assert writer.commit() == 2
        assert objects(writer.view()) == {"a", "b"}


@rdflibs_own
def test_a_view_keeps_its_version_while_others_write(store: Store, put: Put) -> None:
    put(store, G1, "old")
    before = store.view()
    result = before.evaluate("SELECT ?o { ?s <https://example.org/p> ?o }")
    dataset = before.dataset()
    put(store, G1, "new")
    put(store, G2, "other")
    assert (before.version, store.view().version) == (1, 3)
    assert objects(before) == {"old"}
    assert [str(row["o"]) for row in result] == ["old"]
    assert {str(each) for each in dataset.objects(S)} == {"old"}
    assert not before.has_graph(G2)
    assert objects(store.view()) == {"new"}


@rdflibs_own
def test_what_a_view_gave_outlives_it(store: Store, put: Put) -> None:
    put(store, G1, "old")
    with store.view() as view:
        result = view.evaluate("SELECT ?o { ?s <https://example.org/p> ?o }")
        chunks = view.stream("nquads")
        dataset = view.dataset()
    put(store, G1, "new")
    assert [str(row["o"]) for row in result] == ["old"]
    assert b'"old"' in b"".join(chunks)
    assert str(dataset.value(S, P)) == "old"


def test_a_closed_view_says_so(store: Store) -> None:
    with store.view() as view:
        pass
    with pytest.raises(StoreError, match="closed"):
        view.graph_names()


def test_a_writer_is_used_within_its_block(store: Store) -> None:
    with store.writer() as writer:
        pass
    with pytest.raises(StoreError, match="with"):
        writer.commit()


def test_graphs_are_replaced_added_to_cut_and_dropped(store: Store) -> None:
    with store.writer() as writer:
        writer.replace_graph(G1, graph("a", "b"))
        writer.replace_graph(G2, graph("x"))
        writer.commit()
        writer.replace_graph(G1, graph("c", "d"))
        writer.insert(G1, graph("e"))
        writer.delete(G1, graph("d", "never there"))
        writer.drop_graph(G2)
        writer.drop_graph("https://example.org/graph/unknown")
        writer.commit()
    with store.view() as view:
        assert objects(view) == {"c", "e"}
        assert not view.has_graph(G2)


def test_changes_hold_in_the_order_they_were_made(store: Store) -> None:
    with store.writer() as writer:
        writer.insert(G1, graph("a"))
        writer.drop_graph(G1)
        writer.insert(G1, graph("b"))
        writer.delete(G1, graph("b"))
        writer.insert(G1, graph("c"))
        writer.commit()
    assert objects(store.view()) == {"c"}


def test_the_default_graph_stays_empty(store: Store, put: Put) -> None:
    put(store, G1, "a")
    with store.view() as view:
        assert not view.evaluate("ASK { ?s ?p ?o }", default_graphs=[])


def test_blank_nodes_stay_joined_within_a_graph_and_apart_between_graphs(store: Store) -> None:
    node = BNode("b")
    made = Graph()
    made.add((S, P, node))
    made.add((node, RDF.type, URIRef(KG.Event)))
    with store.writer() as writer:
        writer.replace_graph(G1, made)
        writer.replace_graph(G2, made)
        writer.commit()
    with store.view() as view:
        assert view.evaluate(f"ASK {{ GRAPH <{G1}> {{ <{S}> <{P}> ?b . ?b a kg:Event }} }}")
        assert not view.evaluate(f"ASK {{ GRAPH <{G1}> {{ ?s ?p ?b }} GRAPH <{G2}> {{ ?b a ?c }} }}")


def test_a_blank_node_cannot_be_deleted_by_its_label(store: Store) -> None:
    made = Graph().add((S, P, BNode("b")))
    with store.writer() as writer, pytest.raises(ValueError, match="blank node"):
        writer.delete(G1, made)


@pytest.mark.parametrize(
    "bad",
    [
        b"<https://example.org/s> nonsense",
        Graph().add((S, P, URIRef("not an iri> . } ; DROP ALL ; {"))),
        Graph().add((S, P, Literal("\ud800"))),
        Graph().add((Literal("s"), P, S)),
    ],
    ids=["bytes", "iri", "surrogate", "literal subject"],
)
def test_what_cannot_be_stored_is_refused_before_anything_is_written(
    store: Store, put: Put, bad: bytes | Graph
) -> None:
    put(store, G1, "a")
    with store.writer() as writer:
        with pytest.raises((ValueError, TypeError)):
            writer.replace_graph(G1, bad)
        writer.commit()
    assert objects(store.view()) == {"a"}


def test_texts_are_kept_with_every_character_and_dropped(store: Store) -> None:
    text = "Zhanaozen — Жаңаөзен\r\nline\x00two\u2028three"
    with store.writer() as writer:
        writer.put_text(SHA, text)
        writer.commit()
    assert store.view().text(SHA) == text
    with store.writer() as writer:
        writer.drop_text(SHA)
        writer.commit()
    assert store.view().text(SHA) is None


@pytest.mark.parametrize("name", ["", "../format", "AB" * 32, "é" * 64])
def test_only_a_hash_names_a_text(store: Store, name: str) -> None:
    assert store.view().text(name) is None
    with store.writer() as writer, pytest.raises(ValueError, match="SHA-256"):
        writer.put_text(name, "text")


def test_replacing_or_dropping_the_catalog_keeps_version_and_texts(store: Store) -> None:
    catalog = store.minter.graph("catalog")
    with store.writer() as writer:
        writer.put_text(SHA, "text")
        writer.insert(catalog, graph("a"))
        writer.commit()
        copy = writer.view().graph(catalog)
        writer.replace_graph(catalog, copy + graph("b"))
        writer.commit()
        assert objects(writer.view(), catalog) >= {"a", "b"}
        writer.drop_graph(catalog)
        assert writer.commit() == 3
    with store.view() as view:
        assert (view.version, view.text(SHA)) == (3, "text")
        assert "a" not in objects(view, catalog)


def test_a_second_writer_waits_and_then_hears_why(store: Store) -> None:
    with store.writer(), pytest.raises(StoreLocked, match="another process is writing"):
        store.writer().__enter__()


def test_a_second_writer_goes_on_when_the_first_is_done(store: Store, put: Put) -> None:
    entered = threading.Event()

    def write() -> None:
        with store.writer() as writer:
            writer.insert(G1, graph("first"))
            entered.set()
            writer.commit()

    first = threading.Thread(target=write)
    first.start()
    entered.wait()
    with store.writer() as writer:
        writer.insert(G1, graph("second"))
        writer.commit()
    first.join()
    assert objects(store.view()) == {"first", "second"}


def test_threads_read_while_one_writes(store: Store, put: Put) -> None:
    faults: list[Exception] = []
    done = threading.Event()

    def read() -> None:
        try:
            while not done.is_set():
                with store.view() as view:
                    found = objects(view)
                    assert len(found) in (0, 3)
                    assert len({value.partition(" ")[0] for value in found}) <= 1
        except Exception as exc:  # noqa: BLE001  # whatever it is fails the test
            faults.append(exc)

    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    for number in range(8):
        put(store, G1, f"{number} a", f"{number} b", f"{number} c")
    done.set()
    for reader in readers:
        reader.join()
    assert not faults
