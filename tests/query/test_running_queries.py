"""What is being evaluated: listed, stopped by whoever runs the server, and counted when it ends early."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sample_graph import ENDLESS, store_with_notes
from waiting import PATIENCE_S, eventually

from kgraph.errors import QueryBusy, QueryCancelled, QueryError, QueryOutOfMemory, QueryTimeout, QueryTooLarge
from kgraph.query import Limits, Workers

NAMES = "SELECT ?name { ?c a kg:Country ; rdfs:label ?name }"
LARGE = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return store_with_notes(tmp_path_factory.mktemp("running") / "store")


@pytest.fixture
def workers(store: Path) -> Iterator[Workers]:
    limits = Limits(
        time_s=PATIENCE_S, memory_bytes=300_000_000, answer_bytes=1_000_000, workers=2, queue=1, wait_s=0.2
    )
    opened = Workers(store, limits)
    yield opened
    opened.close()


def _read(workers: Workers, query: str, **options: object) -> bytes:
    return b"".join(workers.evaluate(query, **options).stream("csv"))  # type: ignore[arg-type]


def test_what_runs_is_listed_while_it_runs(workers: Workers) -> None:
    with ThreadPoolExecutor(2) as threads:
        futures = [
            threads.submit(_read, workers, ENDLESS, about={"client": name}) for name in ("first", "second")
        ]
        assert eventually(lambda: len(workers.running()) == 2)
        found = workers.running()
        assert {query.about["client"] for query in found} == {"first", "second"}
        assert {query.text for query in found} == {ENDLESS}
        assert all(0 <= query.running_s < PATIENCE_S for query in found)
        assert len({query.id for query in found}) == 2
        for query in found:
            assert workers.cancel(query.id)
        for future in futures:
            with pytest.raises(QueryCancelled, match="administrator"):
                future.result(PATIENCE_S)
    assert workers.running() == []
    assert workers.killed == {"QueryCancelled": 2}
    assert _read(workers, NAMES)


def test_what_does_not_run_cannot_be_stopped(workers: Workers) -> None:
    assert _read(workers, NAMES)
    assert not workers.cancel(1)
    assert not workers.cancel(99)
    assert workers.killed == {}


def test_a_turn_that_was_taken_away_goes_to_who_waits(workers: Workers) -> None:
    with ThreadPoolExecutor(3) as threads:
        endless = [threads.submit(_read, workers, ENDLESS) for _ in range(2)]
        assert eventually(lambda: len(workers.running()) == 2)
        with pytest.raises(QueryBusy):
            _read(workers, NAMES)
        assert workers.cancel(workers.running()[0].id)
        assert eventually(lambda: len(workers.running()) == 1)
        assert _read(workers, NAMES)
        assert workers.cancel(workers.running()[0].id)
        assert all(isinstance(each.exception(PATIENCE_S), QueryCancelled) for each in endless)


@pytest.mark.parametrize(
    ("query", "options", "error", "cause"),
    [
        (ENDLESS, {"time_s": 0.2}, QueryTimeout, "QueryTimeout"),
        (f"{LARGE} ORDER BY ?a ?f ?i", {}, QueryOutOfMemory, "QueryOutOfMemory"),
        (LARGE, {}, QueryTooLarge, "ClientLeft"),
        (ENDLESS, {"is_wanted": lambda: False}, QueryError, "ClientLeft"),
    ],
)
def test_why_a_query_ended_early_is_counted(
    workers: Workers, query: str, options: dict[str, object], error: type[Exception], cause: str
) -> None:
    with pytest.raises(error):
        _read(workers, query, **options)
    assert eventually(lambda: workers.killed == {cause: 1})


def test_what_ends_well_is_not_counted(workers: Workers) -> None:
    for _ in range(3):
        assert _read(workers, NAMES)
    with pytest.raises(QueryError):
        _read(workers, "SELECT")
    assert workers.killed == {}


def test_what_runs_when_all_is_closed_is_told_so(workers: Workers) -> None:
    with ThreadPoolExecutor(1) as threads:
        future = threads.submit(_read, workers, ENDLESS)
        assert eventually(lambda: len(workers.running()) == 1)
        workers.close()
        with pytest.raises(QueryCancelled, match="shut down"):
            future.result(PATIENCE_S)
    with pytest.raises(QueryCancelled, match="shut down"):
        _read(workers, NAMES)
