"""Limits over real HTTP: clean errors before the first byte, a broken connection after it, nothing left."""

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from email.message import Message
from pathlib import Path

import pytest
from sample_graph import first_note, load, second_note
from waiting import PATIENCE_S, eventually

from kgraph.settings import Settings
from kgraph.store import open_store
from kgraph.web import create_app
from kgraph.web.served import GRAPH

QUERY_TIME_S = 60

NAMES = "SELECT ?name { ?c a kg:Country ; rdfs:label ?name }"
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n ?o }"
LARGE = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"


def _lower(headers: Message) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}


@dataclass
class Served:
    host: str
    port: int
    store: Path

    def ask(self, query: str, accept: str = "*/*", **parameters: object) -> tuple[int, dict[str, str], str]:
        """The status, the headers and the body of an answer."""
        request = urllib.request.Request(self.address(query, **parameters), headers={"Accept": accept})
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE_S) as answer:
                return answer.status, _lower(answer.headers), answer.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, _lower(error.headers), error.read().decode()

    def address(self, query: str, **parameters: object) -> str:
        """Where a query is answered."""
        fields = urllib.parse.urlencode({"query": query, **parameters})
        return f"http://{self.host}:{self.port}/sparql?{fields}"

    def begin(self, query: str) -> socket.socket:
        """A connection on which a query was sent."""
        connection = socket.create_connection((self.host, self.port))
        path = self.address(query).partition(f":{self.port}")[2]
        connection.sendall(f"GET {path} HTTP/1.1\r\nHost: {self.host}\r\n\r\n".encode())
        return connection

    def workers(self) -> dict[int, int]:
        """The workers on this store by process id, with the processor time that each has used, in ticks."""
        found = {}
        for process in Path("/proc").iterdir():
            if not process.name.isdecimal():
                continue
            try:
                words = (process / "cmdline").read_bytes().split(b"\0")
                times = (process / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if b"kgraph.query.workers.program" in words and str(self.store).encode() in words:
                found[int(process.name)] = int(times[11]) + int(times[12])
        return found

    def is_at_rest(self) -> bool:
        """Whether no worker uses the processor."""
        before = self.workers()
        time.sleep(0.4)
        after = self.workers()
        return before.keys() == after.keys() and all(after[pid] - before[pid] < 5 for pid in after)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    store = tmp_path_factory.mktemp("limits") / "store"
    with open_store(store, create=True) as opened:
        load(opened, first_note(), second_note())
    environ = os.environ | {
        "KGRAPH_QUERY_TIME_S": str(QUERY_TIME_S),
        "KGRAPH_QUERY_MEMORY_BYTES": "300000000",
        "KGRAPH_MAX_ANSWER_BYTES": "5000000",
        "KGRAPH_QUERY_WORKERS": "2",
        "KGRAPH_QUERY_QUEUE": "1",
        "KGRAPH_QUERY_WAIT_S": "0.5",
    }
    command = [sys.executable, "-m", "kgraph.cli", "--store", str(store), "serve", "--port", "0"]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environ)
    assert process.stderr is not None
    for line in process.stderr:
        found = re.search(r"http://([\d.]+):(\d+)", line)
        if found:
            served = Served(found[1], int(found[2]), store)
            yield served
            break
    assert served.ask(NAMES)[0] == 200
    assert served.workers()
    process.send_signal(signal.SIGINT)
    rest = process.stderr.read()
    process.stderr.close()
    assert process.wait(timeout=30) == 0
    assert "Traceback" not in rest
    assert "?a ?b ?c" not in rest, "queries are not logged"
    assert eventually(lambda: not served.workers()), "a worker outlives its server"


def test_a_query_past_its_time_is_503_with_a_problem(served: Served) -> None:
    status, headers, body = served.ask(ENDLESS, timeout=0.5)
    assert status == 503
    assert headers["content-type"] == "application/problem+json"
    assert int(headers["retry-after"]) > 0
    problem = json.loads(body)
    assert problem["status"] == 503
    assert "0.5 s" in problem["detail"]
    assert eventually(served.is_at_rest)


def test_a_query_past_its_time_is_told_to_people_on_a_page(served: Served) -> None:
    status, _, body = served.ask(ENDLESS, accept="text/html", timeout=0.5)
    assert status == 503
    assert "0.5 s" in body
    assert "<textarea" in body


@pytest.mark.parametrize("timeout", ["soon", "-1", "0", "nan", "inf"])
def test_a_time_that_is_none_is_400(served: Served, timeout: str) -> None:
    assert served.ask(NAMES, timeout=timeout)[0] == 400


def test_a_query_that_needs_too_much_memory_is_503(served: Served) -> None:
    status, _, body = served.ask(f"{LARGE} ORDER BY ?a ?f ?i")
    assert status == 503
    assert "memory" in json.loads(body)["detail"]


def test_a_query_that_breaks_the_engine_is_500(served: Served) -> None:
    query = "SELECT (" + "STR(" * 100_000 + "1" + ")" * 100_000 + " AS ?x) {}"
    data = urllib.parse.urlencode({"query": query}).encode()
    with pytest.raises(urllib.error.HTTPError) as error:
        urllib.request.urlopen(served.address("").partition("?")[0], data=data, timeout=PATIENCE_S)
    with error.value:
        assert error.value.code == 500
    assert served.ask(NAMES)[0] == 200


def test_a_malformed_query_says_where(served: Served) -> None:
    status, headers, body = served.ask("SELECT ?x WHERE { ?x a }")
    assert (status, headers["content-type"]) == (400, "application/problem+json")
    assert "line 1" in json.loads(body)["detail"]


def test_people_see_the_first_rows_of_a_large_answer(served: Served) -> None:
    status, _, body = served.ask(LARGE, accept="text/html")
    assert status == 200
    assert "<table" in body


@pytest.mark.parametrize("accept", ["text/csv", "application/sparql-results+json"])
def test_an_answer_that_is_too_large_ends_its_connection_in_the_middle(served: Served, accept: str) -> None:
    with pytest.raises((http.client.IncompleteRead, ConnectionError)):
        served.ask(LARGE, accept=accept)
    assert eventually(served.is_at_rest)
    assert served.ask(NAMES)[0] == 200


@pytest.mark.parametrize("coding", ["gzip", "br", "zstd"])
def test_a_compressed_answer_ends_its_connection_too(served: Served, coding: str) -> None:
    connection = http.client.HTTPConnection(served.host, served.port, timeout=PATIENCE_S)
    path = served.address(LARGE).partition(f":{served.port}")[2]
    connection.request("GET", path, headers={"Accept-Encoding": coding, "Accept": "text/csv"})
    answer = connection.getresponse()
    assert answer.status == 200
    with pytest.raises((http.client.IncompleteRead, ConnectionError)):
        answer.read()
    connection.close()


def test_an_answer_that_was_broken_off_is_not_given_again(served: Served) -> None:
    begins = "{ SELECT * { ?a ?b ?c . ?d ?e ?f } LIMIT 1000 }"
    query = f"SELECT * {{ {begins} UNION {{ ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l FILTER(?a = ?b) }} }}"
    for _ in range(2):
        with pytest.raises((http.client.IncompleteRead, ConnectionError)):
            served.ask(query, timeout=1)


def test_others_keep_their_connections_when_one_is_ended(served: Served) -> None:
    other = http.client.HTTPConnection(served.host, served.port, timeout=PATIENCE_S)
    path = served.address(NAMES).partition(f":{served.port}")[2]
    other.request("GET", path)
    assert other.getresponse().read()
    with ThreadPoolExecutor(2) as threads:
        broken = [threads.submit(served.ask, LARGE) for _ in range(2)]
        assert all(
            isinstance(each.exception(), http.client.IncompleteRead | ConnectionError) for each in broken
        )
    before = other.sock
    other.request("GET", path)
    assert other.getresponse().read()
    assert other.sock is before
    other.close()


def test_whoever_leaves_while_an_answer_comes_frees_the_worker(served: Served) -> None:
    assert eventually(served.is_at_rest)
    connection = served.begin(LARGE)
    assert connection.recv(1000)
    connection.close()
    assert eventually(served.is_at_rest)


def test_whoever_leaves_before_the_answer_frees_the_worker(served: Served) -> None:
    assert eventually(served.is_at_rest)
    connection = served.begin(ENDLESS)
    assert eventually(lambda: not served.is_at_rest())
    connection.close()
    assert eventually(served.is_at_rest)


def test_more_requests_than_there_is_room_for_are_503(served: Served) -> None:
    assert eventually(served.is_at_rest)
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda _: served.ask(ENDLESS, timeout=3), range(8)))
    busy = [headers for status, headers, body in answers if status == 503 and "too many" in body]
    assert len(busy) >= 4
    assert all(int(headers["retry-after"]) >= 1 for headers in busy)
    assert served.ask(NAMES)[0] == 200


def test_a_store_on_disk_is_asked_in_workers_by_every_application(served: Served) -> None:
    with open_store(served.store) as store:
        app = create_app(store, Settings(query_time_s=0.5))
        client = app.test_client()
        answer = client.get("/sparql", query_string={"query": ENDLESS})
        assert answer.status_code == 503
        assert client.get("/sparql", query_string={"query": NAMES}).status_code == 200
        assert client.head("/sparql", query_string={"query": LARGE}).status_code == 200
        app.extensions[GRAPH].workers.close()
