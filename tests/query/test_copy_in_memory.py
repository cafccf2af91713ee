"""Workers that share a copy of the graph in memory answer as those that read it from disk."""

import json
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sample_graph import first_note, load, second_note
from waiting import eventually

from kgraph.errors import QueryTimeout
from kgraph.query import Answer, Limits, Workers
from kgraph.store import open_store, read_simple

#: For what is sure to happen, but not when: far more than it ever takes.
PATIENCE_S = 60.0
COPY_BYTES = 500_000_000

COUNT = "SELECT (COUNT(*) AS ?n) { ?d a kg:Document }"
QUERIES = [
    "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g ORDER BY ?g",
    "SELECT ?s ?p ?o { ?s ?p ?o } ORDER BY ?s ?p ?o",
    "SELECT ?s ?o FROM <https://w3id.org/kgraph/graph/reference> { ?s rdfs:label ?o } ORDER BY ?s ?o",
    "ASK { ?c a kg:Country }",
]
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n ?o }"


@pytest.fixture
def store(tmp_path: Path) -> Path:
    path = tmp_path / "store"
    with open_store(path, create=True) as opened:
        load(opened, first_note())
    return path


@pytest.fixture
def workers(store: Path) -> Iterator[Workers]:
    workers = Workers(store, Limits(time_s=60, workers=2, wait_s=PATIENCE_S, replica_bytes=COPY_BYTES))
    assert load_copy(workers)
    yield workers
    workers.close()


def read(answer: Answer) -> bytes:
    return b"".join(answer.stream("csv"))


def load_copy(workers: Workers) -> bool:
    """Have the newest version copied: that is done while queries come."""
    return eventually(
        lambda: bool(read(workers.evaluate("ASK {}", likely={"boolean": "csv"}))) and workers.in_memory
    )


def processes(store: Path) -> set[int]:
    """All that work on a store, those that hold a copy too."""
    found = set()
    for each in Path("/proc").iterdir():
        try:
            words = (each / "cmdline").read_bytes().split(b"\0") if each.name.isdecimal() else []
        except OSError:
            continue
        if b"kgraph.query.workers.program" in words and str(store).encode() in words:
            found.add(int(each.name))
    return found


@pytest.mark.parametrize("query", QUERIES)
def test_the_copy_gives_the_same_answers(workers: Workers, store: Path, query: str) -> None:
    with open_store(store) as opened, opened.view() as view:
        assert read(workers.evaluate(query)) == view.evaluate(query).serialize("csv")


def test_a_plain_store_keeps_its_empty_graphs_its_default_graph_and_its_union(tmp_path: Path) -> None:
    path = tmp_path / "plain"
    with open_store(path, create=True, plain=True) as opened, opened.plain_writer() as writer:
        writer.update(
            "CREATE GRAPH <urn:empty>;"
            "INSERT DATA { <urn:s> <urn:p> _:b . GRAPH <urn:g> { _:b <urn:q> 1 } ."
            " GRAPH <urn:h> { _:b <urn:q> 1 } }"
        )
    workers = Workers(path, Limits(workers=1, wait_s=PATIENCE_S, replica_bytes=COPY_BYTES))
    assert load_copy(workers)
    graphs = "SELECT ?g { GRAPH ?g {} } ORDER BY ?g"
    assert read(workers.evaluate(graphs)).split() == [b"g", b"urn:empty", b"urn:g", b"urn:h"]
    joined = "SELECT ?o { <urn:s> <urn:p> ?b . GRAPH <urn:g> { ?b <urn:q> ?o } }"
    assert read(workers.evaluate(joined)).split() == [b"o", b"1"]
    count = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
    assert read(workers.evaluate(count)).split() == [b"n", b"2"], "what two graphs say counts once"
    workers.update("INSERT DATA { <urn:s> <urn:p> 2 }")
    assert read(workers.evaluate("ASK { <urn:s> <urn:p> 2 }")) == b"true"
    assert read(workers.evaluate(count)).split() == [b"n", b"3"]
    assert read(workers.evaluate(count, union=False)).split() == [b"n", b"2"]
    workers.close()


def test_what_is_added_is_seen_at_once_and_copied_in_time(workers: Workers, store: Path) -> None:
    assert read(workers.evaluate(COUNT)).split() == [b"n", b"1"]
    with open_store(store) as opened:
        load(opened, second_note())
    assert not workers.in_memory
    assert read(workers.evaluate(COUNT)).split() == [b"n", b"2"]
    assert load_copy(workers)
    assert read(workers.evaluate(COUNT)).split() == [b"n", b"2"]
    assert eventually(lambda: len(processes(store)) == 4), "the old copy stays, or its workers"


SIMPLE = "SELECT ?d { ?d a kg:Document }"


def at_hand(workers: Workers, store: Path) -> int | None:
    """How many documents the copy in this process tells of; None while there is none of this version."""
    simple = read_simple(SIMPLE)
    assert simple is not None
    with open_store(store) as opened:
        answer = workers.simple_answer(simple, opened.state())
    return None if answer is None else len(json.loads(answer)["results"]["bindings"])


def test_what_is_simple_is_answered_without_a_worker_and_never_late(workers: Workers, store: Path) -> None:
    assert eventually(lambda: at_hand(workers, store) == 1)
    with open_store(store) as opened:
        load(opened, second_note())
    assert at_hand(workers, store) is None
    assert load_copy(workers)
    assert eventually(lambda: at_hand(workers, store) == 2)
    assert workers.answered_at_hand >= 2
    workers.close()
    assert at_hand(workers, store) is None


def test_an_answer_that_is_being_read_outlives_its_copy(workers: Workers, store: Path) -> None:
    pieces = workers.evaluate(
        "SELECT * { ?a ?b ?c . ?d ?e ?f } LIMIT 50000", likely={"solutions": "csv"}
    ).stream("csv")
    read_bytes = len(next(pieces))
    with open_store(store) as opened:
        load(opened, second_note())
    assert load_copy(workers)
    lines = sum(piece.count(b"\n") for piece in pieces)
    assert read_bytes
    assert 49_000 < lines <= 50_001


def test_a_worker_that_is_killed_is_forked_anew(workers: Workers, store: Path) -> None:
    for _ in range(3):
        with pytest.raises(QueryTimeout):
            read(workers.evaluate(ENDLESS, time_s=0.2))
        assert read(workers.evaluate(COUNT)).split() == [b"n", b"1"]
    assert workers.in_memory
    assert eventually(lambda: len(workers.pids) == 3)


def test_without_the_process_that_holds_the_copy_queries_go_on(workers: Workers, store: Path) -> None:
    assert eventually(lambda: len(processes(store) - set(workers.pids)) == 1)
    [holder] = processes(store) - set(workers.pids)
    os.kill(holder, signal.SIGKILL)
    assert eventually(lambda: not workers.in_memory)
    assert read(workers.evaluate(COUNT)).split() == [b"n", b"1"]
    assert load_copy(workers)


def test_a_copy_that_is_too_large_is_none(store: Path) -> None:
    workers = Workers(store, Limits(workers=1, wait_s=PATIENCE_S, replica_bytes=2_000_000))
    for _ in range(30):
        assert read(workers.evaluate(COUNT)).split() == [b"n", b"1"]
        time.sleep(0.05)
    assert not workers.in_memory
    assert eventually(lambda: processes(store) == set(workers.pids))
    workers.close()


def test_closing_ends_the_process_that_holds_the_copy(workers: Workers, store: Path) -> None:
    assert eventually(lambda: len(processes(store)) == 4)
    workers.close()
    assert eventually(lambda: not processes(store))
