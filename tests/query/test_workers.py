"""Queries in worker processes: the same answers, and limits that hold against whoever tries."""

import os
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest
from hostile import HOSTILE
from sample_graph import ENDLESS, first_note, load, second_note, store_with_notes
from waiting import PATIENCE_S, eventually

from kgraph.errors import (
    QueryBusy,
    QueryCrash,
    QueryError,
    QueryLimitError,
    QueryOutOfMemory,
    QueryTimeout,
    QueryTooLarge,
    StoreError,
)
from kgraph.formats import formats_for
from kgraph.query import Answer, Limits, Workers
from kgraph.store import View, open_store

NAMES = "SELECT ?name ?none WHERE { ?c a kg:Country ; rdfs:label ?name } ORDER BY ?name"
LARGE = "SELECT * { ?a ?b ?c . ?d ?e ?f }"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return store_with_notes(tmp_path_factory.mktemp("workers") / "store")


@pytest.fixture(scope="module")
def view(store: Path) -> Iterator[View]:
    with open_store(store) as opened, opened.view() as view:
        yield view


#: All limits hold, whether workers read from disk or share a copy in memory.
FROM = [pytest.param(0, id="disk", marks=pytest.mark.slow), pytest.param(500_000_000, id="memory")]


@pytest.fixture(scope="module", params=FROM)
def workers(store: Path, request: pytest.FixtureRequest) -> Iterator[Workers]:
    limits = Limits(
        time_s=1, memory_bytes=512_000_000, workers=2, wait_s=PATIENCE_S, replica_bytes=request.param
    )
    workers = Workers(store, limits)
    if request.param:
        load_copy(workers)
    yield workers
    workers.close()


@pytest.fixture(scope="module")
def readers(store: Path) -> Iterator[Workers]:
    """Workers that read from disk, as this process does: what is in no order comes in the same one."""
    workers = Workers(store, Limits(workers=2, wait_s=PATIENCE_S))
    yield workers
    workers.close()


def load_copy(workers: Workers) -> None:
    assert eventually(lambda: bool(read(workers.evaluate(NAMES))) and workers.in_memory)


@pytest.fixture
def patient(store: Path) -> Iterator[Workers]:
    """Workers that have time, and may all be used up."""
    workers = Workers(store, Limits(time_s=PATIENCE_S, workers=2, queue=1, wait_s=0.2))
    yield workers
    workers.close()


def read(answer: Answer, format_: str = "csv") -> bytes:
    return b"".join(answer.stream(format_))


def is_gone(pid: int) -> bool:
    return not Path(f"/proc/{pid}").exists()


def is_at_rest(pid: int) -> bool:
    """Whether a process has used no processor time for a while."""

    def used() -> int:
        times = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return int(times[11]) + int(times[12])

    before = used()
    time.sleep(0.3)
    return used() - before <= os.sysconf("SC_CLK_TCK") // 50


@pytest.mark.parametrize("format_", [each.name for each in formats_for("solutions")])
@pytest.mark.parametrize("query", [NAMES, "ASK { ?c a kg:Country }"])
def test_a_worker_answers_as_this_process_would(
    workers: Workers, view: View, query: str, format_: str
) -> None:
    if query == NAMES or format_ in {"json", "xml"}:
        assert read(workers.evaluate(query), format_) == view.evaluate(query).serialize(format_)


@pytest.mark.parametrize("format_", [each.name for each in formats_for("graph")])
@pytest.mark.parametrize(
    "query",
    [
        "CONSTRUCT WHERE { ?c a kg:Country ; rdfs:label ?name }",
        "CONSTRUCT { ?c rdfs:label ?name ; a ?t } WHERE { ?c a ?t ; rdfs:label ?name } ORDER BY ?name",
        "CONSTRUCT { ?s ?p ?o . ?o rdfs:seeAlso 1 } WHERE { ?s ?p ?o }",
    ],
)
def test_a_worker_writes_graphs_as_this_process_would(
    readers: Workers, view: View, query: str, format_: str
) -> None:
    expected = view.evaluate(query).serialize(format_)
    assert read(readers.evaluate(query), format_) == expected
    assert read(readers.evaluate(query, likely={"graph": format_}), format_) == expected


def test_a_large_graph_comes_in_pieces_and_each_triple_once(readers: Workers) -> None:
    digits = " ".join(f"VALUES ?{name} {{ 0 1 2 3 4 5 6 7 8 9 }}" for name in "abcd")
    template = "kg:a kg:n ?n ; kg:same 'always' . ?n kg:is kg:none . ?nowhere kg:is kg:none"
    query = f"CONSTRUCT {{ {template} }} WHERE {{ {digits} BIND(?a * 1000 + ?b * 100 + ?c * 10 + ?d AS ?n) }}"
    pieces = list(readers.evaluate(query, likely={"graph": "ntriples"}).stream("ntriples"))
    assert len(pieces) > 1
    lines = b"".join(pieces).splitlines()
    assert len(lines) == len(set(lines)) == 10_001


def test_a_large_answer_comes_in_pieces_and_whole(readers: Workers, view: View) -> None:
    digits = " ".join(f"VALUES ?{name} {{ 0 1 2 3 4 5 6 7 8 9 }}" for name in "abcd")
    query = f"SELECT ?a ?b ?c ?d {{ {digits} }} ORDER BY ?a ?b ?c ?d"
    pieces = list(readers.evaluate(query).stream("json"))
    assert len(pieces) > 1
    assert b"".join(pieces) == view.evaluate(query).serialize("json")


def test_cells_larger_than_a_piece_come_whole(workers: Workers, view: View) -> None:
    text = "é\\t" * 10  # doubled fourteen times: some 500,000 bytes
    doubled = " ".join(f"BIND(CONCAT(?x{n}, ?x{n}) AS ?x{n + 1})" for n in range(14))
    query = f"SELECT ?n ?x14 ?none {{ VALUES ?n {{ 1 2 3 }} BIND('{text}' AS ?x0) {doubled} }}"
    assert len(read(workers.evaluate(query), "json")) > 1_000_000
    assert read(workers.evaluate(query), "json") == view.evaluate(query).serialize("json")


def test_the_graphs_can_be_chosen(workers: Workers, view: View) -> None:
    query = "SELECT ?s ?o { ?s a ?o } ORDER BY ?s ?o"
    graph = view.graph_names()[0]
    asked = workers.evaluate(query, default_graphs=[graph], named_graphs=[])
    wanted = view.evaluate(query, default_graphs=[graph], named_graphs=[])
    assert read(asked) == wanted.serialize("csv")


@pytest.mark.parametrize(
    "query",
    [NAMES, "SELECT * { ?a ?b ?c }", "CONSTRUCT WHERE { ?c a kg:Country }", "SELECT ('a\t\\n' AS ?x) {}"],
)
def test_the_first_rows_are_those_of_the_result(readers: Workers, view: View, query: str) -> None:
    rows = readers.evaluate(query).first_rows(3)
    result = view.evaluate(query)
    assert list(rows) == list(result)[:3]
    assert (rows.kind, rows.variables) == (result.kind, result.variables)


def test_the_first_row_of_an_ask_is_its_truth_value(workers: Workers) -> None:
    assert workers.evaluate("ASK {}").first_rows(1)
    assert not workers.evaluate("ASK { FILTER(false) }").first_rows(1)


def test_a_malformed_query_is_told_as_in_this_process(workers: Workers, view: View) -> None:
    with pytest.raises(QueryError) as here:
        view.evaluate("SELECT ?x WHERE { ?x a }")
    with pytest.raises(QueryError) as there:
        workers.evaluate("SELECT ?x WHERE { ?x a }")
    assert str(there.value) == str(here.value)
    assert not isinstance(there.value, QueryLimitError)


def test_a_format_that_cannot_hold_the_answer_is_told(workers: Workers) -> None:
    with pytest.raises(QueryError, match="turtle"):
        workers.evaluate("ASK {}").stream("turtle")


def test_a_store_that_is_not_there_is_told(tmp_path: Path) -> None:
    workers = Workers(tmp_path / "none", Limits(workers=1))
    for _ in range(3):
        with pytest.raises(StoreError):
            workers.evaluate("ASK {}")
    workers.close()


def test_the_next_query_sees_what_was_added(tmp_path: Path) -> None:
    path = tmp_path / "store"
    with open_store(path, create=True) as opened:
        load(opened, first_note())
    workers = Workers(path, Limits(workers=1))
    count = "SELECT (COUNT(*) AS ?n) { ?d a kg:Document }"
    assert read(workers.evaluate(count)).split() == [b"n", b"1"]
    with open_store(path) as opened:
        load(opened, second_note())
    assert read(workers.evaluate(count)).split() == [b"n", b"2"]
    workers.close()


# --- Limits ---


@pytest.fixture(scope="module")
def outcomes(workers: Workers) -> Iterator[dict[str, "Future[float]"]]:
    """All hostile queries, two at a time: how long each takes, or how it ends."""

    def run(query: str) -> float:
        begin = time.monotonic()
        try:
            for _ in workers.evaluate(query).stream(
                "ntriples" if query.startswith(("CON", "DESC")) else "json"
            ):
                pass
        except QueryError as exc:
            exc.add_note(f"{time.monotonic() - begin:.2f} s")
            raise
        return time.monotonic() - begin

    with ThreadPoolExecutor(2) as threads:
        yield {name: threads.submit(run, query) for name, query in HOSTILE.items()}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_query_ends_in_an_answer_or_an_error(
    outcomes: dict[str, "Future[float]"], name: str
) -> None:
    fault = outcomes[name].exception(timeout=60)
    assert fault is None or isinstance(fault, QueryLimitError)


def test_after_hostile_queries_all_is_at_rest_and_works(
    workers: Workers, outcomes: dict[str, "Future[float]"]
) -> None:
    for outcome in outcomes.values():
        outcome.exception(timeout=60)
    assert workers.busy == 0
    assert eventually(lambda: len(workers.pids) == 3 and all(is_at_rest(pid) for pid in workers.pids))
    assert b"Kazakhstan" in read(workers.evaluate(NAMES))


def test_a_query_is_stopped_when_its_time_is_over(workers: Workers) -> None:
    before = set(workers.pids)
    with pytest.raises(QueryTimeout):
        read(workers.evaluate(ENDLESS))
    gone = before - set(workers.pids)
    assert all(is_gone(pid) for pid in gone)
    assert workers.busy == 0
    assert b"Kazakhstan" in read(workers.evaluate(NAMES))


def test_a_query_may_ask_for_less_time_but_not_for_more(patient: Workers, workers: Workers) -> None:
    with pytest.raises(QueryTimeout) as less:
        read(patient.evaluate(ENDLESS, time_s=0.5))
    with pytest.raises(QueryTimeout) as more:
        read(workers.evaluate(ENDLESS, time_s=3600))
    assert (less.value.limit_s, more.value.limit_s) == (0.5, 1)


def test_a_reader_that_dawdles_does_not_hold_a_worker(workers: Workers) -> None:
    pieces = workers.evaluate(LARGE).stream("json")
    assert eventually(lambda: workers.busy == 0)
    with pytest.raises(QueryTimeout):
        list(pieces)


@pytest.mark.parametrize("copy_bytes", [0, 500_000_000])
def test_memory_is_limited(store: Path, copy_bytes: int) -> None:
    workers = Workers(store, Limits(memory_bytes=100_000_000, workers=1, replica_bytes=copy_bytes))
    if copy_bytes:
        load_copy(workers)
    for query in (HOSTILE["doubled string"], HOSTILE["sorted cross product"]):
        with pytest.raises(QueryOutOfMemory):
            read(workers.evaluate(query))
        assert b"Kazakhstan" in read(workers.evaluate(NAMES))
    workers.close()


def test_what_breaks_the_engine_breaks_no_more_than_a_worker(workers: Workers) -> None:
    with pytest.raises(QueryCrash):
        workers.evaluate("SELECT (" + "STR(" * 100_000 + "1" + ")" * 100_000 + " AS ?x) {}")
    assert b"Kazakhstan" in read(workers.evaluate(NAMES))


def test_a_huge_literal_comes_in_pieces_too(workers: Workers) -> None:
    doubled = " ".join(f"BIND(CONCAT(?s{n}, ?s{n}) AS ?s{n + 1})" for n in range(12))
    query = f'SELECT ?s12 {{ VALUES ?s0 {{ "{"x" * 1000}" }} {doubled} }}'
    pieces = list(workers.evaluate(query).stream("csv"))
    assert max(map(len, pieces)) <= 100_000
    assert sum(map(len, pieces)) > 4_000_000
    with pytest.raises(QueryTooLarge):
        workers.evaluate(query.replace("x" * 1000, "x" * 3000)).first_rows(1)


def test_answers_never_get_into_the_wrong_hands(store: Path) -> None:
    workers = Workers(store, Limits(workers=2, queue=50, wait_s=PATIENCE_S))

    def ask(number: int) -> bool:
        match number % 7:
            case 0:
                workers.evaluate(f"SELECT ({number} AS ?x) {{}}").close()
            case 1:
                workers.evaluate(LARGE).stream("csv").close()
            case 2:
                with pytest.raises(QueryError):
                    read(workers.evaluate(f"SELECT ({number} AS ?x"))
            case 3 if number % 10 == 3:
                with pytest.raises(QueryTimeout):
                    read(workers.evaluate(ENDLESS, time_s=0.05))
        answer = workers.evaluate(f"SELECT ({number} AS ?x) {{}}", likely={"solutions": "csv"})
        return read(answer).split() == [b"x", str(number).encode()]

    with ThreadPoolExecutor(8) as threads:
        assert all(threads.map(ask, range(300)))
    assert workers.busy == 0
    workers.close()


def test_the_size_of_an_answer_is_limited(store: Path) -> None:
    workers = Workers(store, Limits(answer_bytes=300_000, workers=1))
    pieces = workers.evaluate(LARGE).stream("csv")
    with pytest.raises(QueryTooLarge):
        list(pieces)
    assert workers.busy == 0
    assert b"Kazakhstan" in read(workers.evaluate(NAMES))
    workers.close()


def test_who_finds_no_turn_is_told_so(patient: Workers) -> None:
    with ThreadPoolExecutor(8) as threads:
        endless = [threads.submit(patient.evaluate, ENDLESS, time_s=3) for _ in range(2)]
        answers = [future.result() for future in endless]
        more = [threads.submit(patient.evaluate, NAMES) for _ in range(6)]
        assert all(isinstance(future.exception(), QueryBusy) for future in more)
        for answer in answers:
            answer.close()
    assert b"Kazakhstan" in read(patient.evaluate(NAMES))


def test_one_client_leaves_turns_and_places_to_others(store: Path) -> None:
    workers = Workers(store, Limits(time_s=PATIENCE_S, workers=2, queue=4, wait_s=0.5))
    with ThreadPoolExecutor(8) as threads:
        first = workers.evaluate(ENDLESS, client="192.0.2.1")
        waiting = [threads.submit(workers.evaluate, NAMES, client="192.0.2.1") for _ in range(6)]
        for client in ("192.0.2.2", "192.0.2.2", ""):
            assert b"Kazakhstan" in read(workers.evaluate(NAMES, client=client))
        assert all(isinstance(future.exception(), QueryBusy) for future in waiting)
        first.close()
    assert b"Kazakhstan" in read(workers.evaluate(NAMES, client="192.0.2.1"))
    workers.close()


def test_who_waits_gets_a_turn_when_there_is_one(store: Path) -> None:
    workers = Workers(store, Limits(workers=1, wait_s=PATIENCE_S, queue=20))
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda _: read(workers.evaluate(NAMES)), range(40)))
    assert len(set(answers)) == 1
    workers.close()


def test_an_answer_that_is_let_go_of_stops(patient: Workers) -> None:
    for query in (ENDLESS, LARGE):
        answer = patient.evaluate(query)
        if query == LARGE:
            next(answer.stream("csv"))
        answer.close()
        assert patient.busy == 0
    assert eventually(lambda: all(is_at_rest(pid) for pid in patient.pids))


def test_an_answer_that_is_no_longer_wanted_stops(patient: Workers) -> None:
    begin = time.monotonic()
    with pytest.raises(QueryTimeout):
        read(patient.evaluate(ENDLESS, is_wanted=lambda: False))
    assert time.monotonic() - begin < PATIENCE_S / 2
    assert patient.busy == 0


def test_an_answer_that_is_being_read_is_wanted(patient: Workers) -> None:
    # Whether it is wanted is guessed from what was sent to the client, and now something is sent.
    sent: list[bytes] = []
    pieces = patient.evaluate(LARGE, is_wanted=lambda: not sent).stream("csv")
    end = time.monotonic() + 1.2
    while time.monotonic() < end:
        sent = [next(pieces)]
    pieces.close()


def test_small_answers_that_are_not_read_cost_no_process(patient: Workers) -> None:
    read(patient.evaluate(NAMES))
    assert eventually(lambda: len(patient.pids) == 3)
    pids = set(patient.pids)
    for _ in range(5):
        patient.evaluate(NAMES).stream("csv").close()
        patient.evaluate(NAMES).close()
    assert set(patient.pids) == pids


def test_closing_ends_every_process(store: Path) -> None:
    workers = Workers(store, Limits(workers=2))
    answer = workers.evaluate(ENDLESS)
    pids = workers.pids
    workers.close()
    assert all(is_gone(pid) for pid in pids)
    with pytest.raises(QueryError):
        read(answer)
    with pytest.raises(QueryError):
        workers.evaluate(NAMES)
