"""Saved questions have the limits of queries: they are asked of graphs of any size."""

import json
from collections.abc import Callable, Iterator
from contextlib import closing

import pytest
from live_server import Answer, Served, Wire, serving
from sample_graph import first_note, load, second_note
from waiting import eventually

from kgraph.store import open_store


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server that gives a query no time at all."""
    path = tmp_path_factory.mktemp("questions") / "store"
    with open_store(path, create=True) as store:
        load(store, first_note(), second_note())
    with serving(path, KGRAPH_QUERY_TIME_S="0.0001") as running:
        yield running


@pytest.mark.parametrize("name", ["single-source", "controls-near-protests"])
def test_a_question_that_takes_too_long_is_stopped(served: Served, name: str) -> None:
    with closing(Wire(served.authority)) as client:
        told = _stopped(lambda: client.ask("GET", f"/questions/{name}.srj", {"Accept": "application/json"}))
        assert (told.status, told.headers["Retry-After"]) == (503, "60")
        assert "the query was stopped" in json.loads(told.text)["detail"]
        page = _stopped(lambda: client.ask("GET", f"/questions/{name}", {"Accept": "text/html"}))
    assert page.status == 503
    assert "the query was stopped" in page.text
    assert "</form>" in page.text  # to ask for less
    assert client.ask("GET", "/", {"Accept": "text/html"}).status == 200
    client.close()


def _stopped(ask: Callable[[], Answer]) -> Answer:
    """What comes of a question that is stopped; a small graph may answer before anybody looks at the time."""
    found: list[Answer] = []
    eventually(lambda: found.append(ask()) or found[-1].status == 503)
    return found[-1]
