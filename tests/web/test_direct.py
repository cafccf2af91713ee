"""A query that is answered before Flask is asked has the answer that Flask gives."""

import itertools
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sample_graph import first_note, load, second_note
from waiting import eventually
from werkzeug.test import EnvironBuilder, run_wsgi_app

from kgraph.settings import Settings
from kgraph.store import open_store
from kgraph.web import create_app
from kgraph.web.served import GRAPH

SELECT = "SELECT ?c ?name { ?c a kg:Country ; rdfs:label ?name } ORDER BY ?name"
LARGE = "SELECT ?a ?b ?c ?d { ?a ?b ?c . ?d a kg:Country } ORDER BY ?a ?b ?c ?d LIMIT 500"
CONSTRUCT = "CONSTRUCT { ?c a kg:Country } WHERE { ?c a kg:Country } ORDER BY ?c"
ASK = "ASK { ?c a kg:Country }"
#: Looks like one that gives a graph.
MISLEADING = 'SELECT ("DESCRIBE" AS ?word) { }'

Seen = tuple[str, list[tuple[str, str]], bytes]


class Served:
    """An application, and which requests have come to Flask."""

    def __init__(self, app: Flask):
        self.app = app
        self.in_flask = 0
        app.before_request(self._count)

    def _count(self) -> None:
        self.in_flask += 1

    def ask(self, **request: object) -> Seen:
        """What the application answers."""
        return _seen(self.app, **request)

    def ask_flask(self, **request: object) -> Seen:
        """What Flask alone answers."""
        return _seen(lambda environ, start: Flask.wsgi_app(self.app, environ, start), **request)


def _seen(application: object, **request: object) -> Seen:
    environ = EnvironBuilder(path="/sparql", **request).get_environ()
    body, status, headers = run_wsgi_app(application, environ, buffered=True)
    # Each request has an id of its own, but where Flask is asked alone.
    told = [header for header in headers if header[0] != "X-Request-Id"]
    return status, sorted(told), b"".join(body)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    path: Path = tmp_path_factory.mktemp("direct") / "store"
    with open_store(path, create=True) as store:
        load(store, first_note(), second_note())
        yield Served(create_app(store, Settings(cache_bytes=0, query_time_s=20)))


def _get(query: str, headers: dict[str, str] | None = None, **fields: object) -> dict[str, object]:
    return {"query_string": {"query": query, **fields}, "headers": headers or {}}


PLAIN = [
    *(
        _get(query, {"Accept": accept, "Accept-Encoding": coding})
        for query, accept, coding in itertools.product(
            (SELECT, LARGE, CONSTRUCT, ASK),
            ("*/*", "text/csv;q=0.5, application/sparql-results+xml, text/turtle", "application/xml"),
            ("", "gzip", "br;q=0.5, gzip;q=0.2", "identity, gzip;q=0.5"),
        )
    ),
    _get(SELECT),
    _get(SELECT, format="tsv", timeout="5"),
    _get(CONSTRUCT, format="ntriples"),
    _get("SELECT (NOW() AS ?now) (STR(1) AS ?one) { FILTER(false) }"),
    _get("SELECT ?s { ?s ?p ?o } ORDER BY ?s", **{"union-default-graph": "false"}),
    _get("SELECT ?s { ?s ?p ?o } ORDER BY ?s", **{"default-graph-uri": ["urn:a", "urn:b"]}),
    _get("SELECT ?ä { BIND('žluťoučký' AS ?ä) }", {"Accept": "text/csv"}),
    {"method": "POST", "data": {"query": SELECT, "format": "csv"}},
    {"method": "POST", "data": {"query": SELECT}, "query_string": {"format": "xml"}},
    {"method": "POST", "data": SELECT, "content_type": "application/sparql-query; charset=utf-8"},
]
ODD = [
    _get(SELECT, {"Accept": "text/html,*/*;q=0.8"}),
    _get(SELECT, format="html"),
    _get(SELECT, {"Accept": "image/png"}),
    _get(SELECT, format="nothing"),
    _get(CONSTRUCT, format="csv"),
    _get(SELECT, timeout="soon"),
    _get("SELECT ?s {"),
    _get("SELECT ?s {", {"Accept": "text/html"}),
    _get("SELECT ?s { SERVICE <urn:x> { ?s ?p ?o } }"),
    _get(MISLEADING, format="csv"),
    _get(SELECT, update="CLEAR ALL"),
    {"query_string": {"query": [SELECT, ASK]}},
    {"query_string": "query=%FF"},
    {"method": "POST", "data": {"query": "SELECT"}},
    {"method": "POST", "data": b"\xff", "content_type": "application/sparql-query"},
    {"method": "POST", "data": SELECT, "content_type": "text/plain"},
    {"method": "POST", "data": {"query": "x" * 2_000_000}},
    {"method": "HEAD", **_get(SELECT)},
    {"method": "OPTIONS"},
    {"method": "DELETE"},
]


@pytest.mark.parametrize("request_", PLAIN, ids=lambda request: str(request)[:60])
def test_what_is_plain_does_not_come_to_flask(served: Served, request_: dict[str, object]) -> None:
    before = served.in_flask
    answer = served.ask(**request_)
    assert answer[0] == "200 OK"
    assert served.in_flask == before
    assert answer == served.ask_flask(**request_)


def test_what_is_answered_without_a_worker_looks_alike(served: Served) -> None:
    workers = served.app.extensions[GRAPH].workers
    request = _get("SELECT ?c { ?c a kg:Country }", {"Accept": "application/json"})

    def is_at_hand() -> bool:
        before = workers.answered_at_hand
        served.ask(**request)
        return workers.answered_at_hand > before

    assert eventually(is_at_hand)
    status, headers, body = served.ask(**request)
    by_flask = served.ask_flask(**request)
    assert (status, headers) == by_flask[:2]
    assert _rows(body) == _rows(by_flask[2])
    before = workers.answered_at_hand
    for more in (
        {"timeout": "9"},
        {"union-default-graph": "false"},
        {"default-graph-uri": "urn:a"},
        {"format": "xml"},
    ):
        query = {**request["query_string"], **more}
        served.ask(query_string=query, headers=request["headers"])
    assert workers.answered_at_hand == before


def _rows(body: bytes) -> list[str]:
    return sorted(json.dumps(row, sort_keys=True) for row in json.loads(body)["results"]["bindings"])


@pytest.mark.parametrize("request_", ODD, ids=lambda request: str(request)[:60])
def test_what_is_odd_is_told_by_flask(served: Served, request_: dict[str, object]) -> None:
    assert served.ask(**request_) == served.ask_flask(**request_)


@pytest.mark.parametrize("query", [SELECT, CONSTRUCT, ASK])
def test_what_a_client_has_already_is_told_alike(served: Served, query: str) -> None:
    tag = dict(served.ask(**_get(query))[1])["ETag"]
    for wanted in (tag, f'"other", {tag}', "*", 'W/"other"'):
        request = _get(query, {"If-None-Match": wanted})
        answer = served.ask(**request)
        assert answer == served.ask_flask(**request)
        assert answer[0] == ("200 OK" if "other" in wanted and tag not in wanted else "304 NOT MODIFIED")


def test_what_goes_wrong_is_told_without_being_tried_again(served: Served) -> None:
    endless = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n ?o }"
    workers = served.app.extensions[GRAPH].workers
    before = set(workers.pids)
    status, headers, body = served.ask(**_get(endless, timeout="0.3"))
    assert status == "503 SERVICE UNAVAILABLE"
    assert "Retry-After" in dict(headers)
    assert b"stopped after 0.3 s" in body
    assert len(before - set(workers.pids)) == 1, "each try costs a process"
