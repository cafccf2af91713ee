"""For whoever runs the server, over real HTTP: the log, the metrics, what runs, and how it is stopped."""

import hashlib
import json
import re
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from urllib.parse import urlencode

import pytest
from live_server import Answer, Served, Wire, serving
from sample_graph import ENDLESS, first_note, load, second_note, store_with_notes
from waiting import PATIENCE_S, eventually

from kgraph.access import tokens_of
from kgraph.settings import Settings
from kgraph.store import open_store
from kgraph.web import create_app
from kgraph.web.served import GRAPH

FORM = "application/x-www-form-urlencoded"
NAMES = "SELECT ?name { ?c a kg:Country ; rdfs:label ?name }"
SECRET_ADDRESS = "/id/country/KZ?token=hidden"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return store_with_notes(tmp_path_factory.mktemp("operation") / "store")


@pytest.fixture(scope="module")
def admin(store: Path) -> dict[str, str]:
    return _bearer(store, "boss", "admin")


@pytest.fixture(scope="module")
def reader(store: Path) -> dict[str, str]:
    return _bearer(store, "guest", "read")


def _bearer(store: Path, name: str, scope: str) -> dict[str, str]:
    with open_store(store) as opened:
        tokens = tokens_of(opened)
    assert tokens is not None
    return {"Authorization": f"Bearer {tokens.make(name, [scope])}"}  # type: ignore[list-item]


def _ask(
    served: Served,
    method: str,
    path: str,
    headers: dict[str, str],
    body: bytes | None = None,
) -> Answer:
    wire = Wire(served.authority)
    try:
        return wire.ask(method, path, headers, body)
    finally:
        wire.close()


def _address(query: str, **more: object) -> str:
    return f"/sparql?{urlencode({'query': query, **more})}"


@pytest.fixture(scope="module")
def logged(store: Path, reader: dict[str, str]) -> tuple[dict[str, Answer], str]:
    """The answers to some requests, by a name for each; and all that the server said."""
    requests: dict[str, tuple[str, str, dict[str, str], bytes | None]] = {
        "get": ("GET", _address(NAMES), {}, None),
        "again": ("GET", _address(NAMES), {}, None),
        "form": ("POST", "/sparql", {"Content-Type": FORM}, urlencode({"query": NAMES}).encode()),
        "token": ("GET", _address("ASK {}"), reader, None),
        "wrong": ("GET", "/", {"Authorization": "Bearer kg_neverthere"}, None),
        "nowhere": ("GET", "/a%0A2026-01-01T00:00:00Z%201.2.3.4%20%7F%22%E2%82%AC", {}, None),
        "id": ("GET", "/health", {"X-Request-Id": "chosen-by-me.1"}, None),
        "bad id": ("GET", "/health", {"X-Request-Id": "two words"}, None),
        "long id": ("GET", "/health", {"X-Request-Id": "x" * 65}, None),
        "parameter": ("GET", SECRET_ADDRESS, {}, None),
        "head": ("HEAD", _address(NAMES), {}, None),
    }
    with serving(store, "--access-log", "json") as served:
        answers = {
            name: _ask(served, method, path, headers, body)
            for name, (method, path, headers, body) in requests.items()
        }
    return answers, served.said[0]


@pytest.fixture(scope="module")
def lines(logged: tuple[dict[str, Answer], str]) -> dict[str, dict[str, object]]:
    """The lines of the log, by the name of the request."""
    answers, said = logged
    entries = [json.loads(line) for line in said.splitlines() if line.startswith("{")]
    assert len(entries) == len(answers)
    by_id = {entry["id"]: entry for entry in entries}
    return {name: by_id[answer.headers["X-Request-Id"]] for name, answer in answers.items()}


def test_a_line_tells_what_was_asked_and_answered(
    logged: tuple[dict[str, Answer], str], lines: dict[str, dict[str, object]]
) -> None:
    for name, answer in logged[0].items():
        line = lines[name]
        assert (line["status"], line["bytes"], line["client"]) == (
            answer.status,
            len(answer.body),
            "127.0.0.1",
        )
        assert isinstance(line["ms"], float)
        assert datetime.fromisoformat(str(line["time"])).tzinfo is not None
    assert (lines["get"]["method"], lines["get"]["path"]) == ("GET", "/sparql")
    assert "token" not in lines["get"]
    assert lines["token"]["token"] == "guest"


def test_a_query_is_told_by_the_same_hash_however_it_comes(lines: dict[str, dict[str, object]]) -> None:
    digest = hashlib.sha256(NAMES.encode()).hexdigest()[:16]
    assert [lines[name]["query"] for name in ("get", "again", "form", "head")] == [digest] * 4
    assert "query" not in lines["id"]


def test_an_id_is_taken_if_it_is_well_formed(lines: dict[str, dict[str, object]]) -> None:
    assert lines["id"]["id"] == "chosen-by-me.1"
    for name in ("bad id", "long id", "get"):
        assert re.fullmatch("[0-9a-f]{16}-[0-9]+", str(lines[name]["id"]))
    assert len({line["id"] for line in lines.values()}) == len(lines)


def test_no_secret_no_query_and_no_control_character_is_logged(
    logged: tuple[dict[str, Answer], str], reader: dict[str, str], lines: dict[str, dict[str, object]]
) -> None:
    said = logged[1]
    for secret in (reader["Authorization"].split()[1], "neverthere", "hidden", "Country ;"):
        assert secret not in said
    assert all(" " <= character <= "~" for line in said.splitlines() for character in line)
    assert lines["nowhere"]["path"] == "/a%0A2026-01-01T00:00:00Z%201.2.3.4%20%7F%22%E2%82%AC"


def test_lines_of_text_have_queries_where_they_are_asked_for(store: Path) -> None:
    forging = 'ASK { ?s ?p "a\nb" }'
    with serving(store, "--access-log", "text", "--log-queries", KGRAPH_PROXIES="1") as served:
        answer = _ask(served, "GET", _address(NAMES), {"X-Forwarded-For": "192.0.2.7"})
        _ask(served, "GET", _address(forging), {"X-Forwarded-For": 'x" 1.2.3.4'})
    lines = [line for line in served.said[0].splitlines() if "/sparql" in line and "query=" in line]
    assert len(lines) == 2
    assert re.fullmatch(
        rf"\S+Z 192\.0\.2\.7 GET /sparql 200 id={answer.headers['X-Request-Id']} bytes={len(answer.body)} "
        rf"ms=[\d.]+ query={re.escape(json.dumps(NAMES))}",
        lines[0],
    )
    assert lines[1].split()[1] == "-"
    assert lines[1].endswith(f"query={json.dumps(forging)}")


@pytest.fixture(scope="module")
def watched(store: Path) -> Iterator[Served]:
    with serving(store, "--workers", "2", "--queue", "0", KGRAPH_QUERY_WAIT_S="0.5") as served:
        yield served


def _metrics(served: Served, admin: dict[str, str]) -> dict[str, float]:
    answer = _ask(served, "GET", "/metrics", admin)
    assert answer.status == 200
    assert answer.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    found, types = {}, {}
    for line in answer.text.splitlines():
        if line.startswith("# TYPE "):
            _, _, name, type_ = line.split()
            types[name] = type_
        elif not line.startswith("# HELP "):
            sample, value = re.fullmatch(
                r'([a-z_]+(?:\{(?:[a-z]+="[^"\\]*",?)*\})?) ([\d.e+-]+|\+Inf)', line
            ).groups()  # type: ignore[union-attr]
            assert sample not in found
            found[sample] = float(value)
            assert re.sub(r"(_bucket|_sum|_count)?(\{.*)?$", "", sample) in types
    return found


def test_metrics_count_requests_and_what_became_of_them(watched: Served, admin: dict[str, str]) -> None:
    before = _metrics(watched, admin)
    assert _ask(watched, "GET", _address(NAMES), {}).status == 200
    assert _ask(watched, "GET", _address(NAMES), {}).status == 200
    assert _ask(watched, "GET", _address("SELECT"), {}).status == 400
    assert _ask(watched, "GET", _address(ENDLESS, timeout=0.2), {}).status == 503
    assert _ask(watched, "PROPFIND", "/", {}).status == 405
    after = _metrics(watched, admin)

    def grown(sample: str) -> float:
        return after[sample] - before.get(sample, 0)

    name = "kgraph_requests_total"
    assert grown(f'{name}{{method="GET",endpoint="query",status="2xx"}}') == 2
    assert grown(f'{name}{{method="GET",endpoint="query",status="4xx"}}') == 1
    assert grown(f'{name}{{method="GET",endpoint="query",status="5xx"}}') == 1
    assert grown(f'{name}{{method="other",endpoint="page",status="4xx"}}') == 1
    assert grown("kgraph_cache_hits_total") == 1
    assert grown('kgraph_queries_stopped_total{cause="time"}') == 1
    assert after["kgraph_store_version"] == 1
    assert after["kgraph_cache_bytes"] > 0
    assert after["process_resident_memory_bytes"] > after["kgraph_cache_bytes"]


def test_durations_are_classed_so_that_all_of_them_are_counted(
    watched: Served, admin: dict[str, str]
) -> None:
    assert _ask(watched, "GET", _address(NAMES), {}).status == 200
    found = _metrics(watched, admin)
    name = "kgraph_request_duration_seconds"
    classes = [
        value for sample, value in found.items() if sample.startswith(f'{name}_bucket{{endpoint="query"')
    ]
    assert classes == sorted(classes)
    assert classes[-1] == found[f'{name}_count{{endpoint="query"}}']
    assert found[f'{name}_bucket{{endpoint="query",le="+Inf"}}'] == classes[-1]
    assert found[f'{name}_sum{{endpoint="query"}}'] > 0


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/metrics"), ("GET", "/queries"), ("DELETE", "/queries/1")]
)
def test_what_is_for_an_admin_is_for_nobody_else(
    watched: Served, reader: dict[str, str], method: str, path: str
) -> None:
    assert _ask(watched, method, path, {}).status == 401
    assert _ask(watched, method, path, reader).status == 403


def test_metrics_may_be_for_anybody(store: Path) -> None:
    with open_store(store) as opened:
        client = create_app(opened, Settings(metrics="public")).test_client()
        assert client.get("/metrics").status_code == 200
        assert client.get("/queries").status_code == 401


def _running(served: Served, admin: dict[str, str]) -> list[dict[str, object]]:
    """The queries that run."""
    found: list[dict[str, object]] = json.loads(_ask(served, "GET", "/queries", admin).text)["queries"]
    return found


def test_a_query_is_listed_and_stopped(
    watched: Served, admin: dict[str, str], reader: dict[str, str]
) -> None:
    with ThreadPoolExecutor(1) as threads:
        headers = {"X-Request-Id": "the-endless-one", **reader}
        asked = threads.submit(_ask, watched, "GET", _address(ENDLESS), headers)
        assert eventually(lambda: len(_running(watched, admin)) == 1)
        listed = _running(watched, admin)[0]
        assert (listed["client"], listed["token"], listed["request"]) == (
            "127.0.0.1",
            "guest",
            "the-endless-one",
        )
        assert listed["query"] == ENDLESS
        assert isinstance(listed["running_s"], float)
        datetime.fromisoformat(str(listed["since"]))
        assert _metrics(watched, admin)["kgraph_queries_running"] == 1
        assert _ask(watched, "DELETE", f"/queries/{listed['id']}", admin).status == 204
        answer = asked.result(PATIENCE_S)
    assert answer.status == 503
    assert answer.mimetype == "application/problem+json"
    assert "administrator" in json.loads(answer.body)["detail"]
    assert _running(watched, admin) == []
    assert _ask(watched, "DELETE", f"/queries/{listed['id']}", admin).status == 404
    assert _ask(watched, "GET", _address(NAMES), {}).status == 200


def test_it_is_ready_while_queries_are_evaluated_and_not_where_no_turn_comes(
    watched: Served, admin: dict[str, str]
) -> None:
    answer = _ask(watched, "GET", "/ready", {})
    assert (answer.status, json.loads(answer.body)) == (200, {"status": "ok", "version": 1})
    with ThreadPoolExecutor(2) as threads:
        endless = [threads.submit(_ask, watched, "GET", _address(ENDLESS), {}) for _ in range(2)]
        assert eventually(lambda: len(_running(watched, admin)) == 2)
        assert _ask(watched, "GET", "/ready", {}).status == 503
        assert _ask(watched, "GET", "/health", {}).status == 200
        for listed in _running(watched, admin):
            assert _ask(watched, "DELETE", f"/queries/{listed['id']}", admin).status == 204
        assert [each.result(PATIENCE_S).status for each in endless] == [503, 503]
    assert _ask(watched, "GET", "/ready", {}).status == 200


def test_a_store_that_is_gone_is_not_ready(tmp_path: Path) -> None:
    with open_store(tmp_path / "store", create=True) as store:
        client = create_app(store).test_client()
        store.close()
        (tmp_path / "store").rename(tmp_path / "elsewhere")
        assert client.get("/ready").status_code == 503
        assert client.get("/health").status_code == 200


def test_pages_have_turns_and_what_is_let_go_of_gives_its_own_back(store: Path) -> None:
    with open_store(store) as opened:
        app = create_app(opened, Settings(pages=1))
        client = app.test_client()
        unread = client.get("/graph/catalog", headers={"Accept": "text/turtle"}, buffered=False)
        with ThreadPoolExecutor(3) as threads:
            answers = list(threads.map(lambda _: app.test_client().get("/", buffered=True), range(3)))
        assert {answer.status_code for answer in answers} == {503}
        assert all(int(answer.headers["Retry-After"]) > 0 for answer in answers)
        assert client.get("/health").status_code == 200
        assert client.get(_address(NAMES)).status_code == 200
        unread.close()
        for path, status in (("/", 200), ("/nowhere", 404), ("/", 200)):
            assert client.get(path, buffered=True).status_code == status
        app.extensions[GRAPH].workers.close()


def _stop(served: Served, *signals: int) -> None:
    for each in signals:
        served.process.send_signal(each)
        time.sleep(0.2)  # two at once would be one


@pytest.mark.parametrize("signal_number", [2, 15])
def test_what_is_under_way_is_finished_when_it_is_told_to_stop(
    store: Path, admin: dict[str, str], signal_number: int
) -> None:
    with serving(store) as served, ThreadPoolExecutor(1) as threads:
        assert _ask(served, "GET", _address("ASK {}"), {}).status == 200  # its workers are up
        asked = threads.submit(_ask, served, "GET", _address(ENDLESS, timeout=5), {})
        assert eventually(lambda: len(_running(served, admin)) == 1)
        _stop(served, signal_number)
        assert eventually(lambda: not _takes_requests(served))
        answer = asked.result(PATIENCE_S)
        assert answer.status == 503
        assert "after 5 s" in json.loads(answer.body)["detail"]
        assert served.process.wait(PATIENCE_S) == 0
        served.is_to_end = True


def test_what_takes_too_long_hears_that_it_is_shut_down(store: Path, admin: dict[str, str]) -> None:
    with serving(store, KGRAPH_SHUTDOWN_S="1") as served, ThreadPoolExecutor(1) as threads:
        asked = threads.submit(_ask, served, "GET", _address(ENDLESS), {})
        assert eventually(lambda: len(_running(served, admin)) == 1)
        _stop(served, 15)
        answer = asked.result(PATIENCE_S)
        assert answer.status == 503
        assert "shut down" in json.loads(answer.body)["detail"]
        assert served.process.wait(PATIENCE_S) == 0
        served.is_to_end = True


def test_a_second_signal_ends_it_at_once(tmp_path: Path) -> None:
    store = tmp_path / "store"
    with open_store(store, create=True) as opened:
        load(opened, first_note(), second_note())
    admin = _bearer(store, "boss", "admin")
    with serving(store, KGRAPH_SHUTDOWN_S="600") as served, ThreadPoolExecutor(1) as threads:
        asked = threads.submit(_ask, served, "GET", _address(ENDLESS), {})
        assert eventually(lambda: len(_running(served, admin)) == 1)
        _stop(served, 15, 15)
        assert isinstance(asked.exception(PATIENCE_S), ConnectionError)
        assert served.process.wait(PATIENCE_S) == 0
        served.is_to_end = True
    assert eventually(lambda: not _has_workers(store))


def _takes_requests(served: Served) -> bool:
    host, port = served.authority.split(":")
    try:
        socket.create_connection((host, int(port)), timeout=1).close()
    except OSError:
        return False
    return True


def _has_workers(store: Path) -> bool:
    for process in Path("/proc").iterdir():
        if process.name.isdecimal():
            try:
                words = (process / "cmdline").read_bytes()
            except OSError:
                continue
            if b"kgraph.query.workers" in words and str(store).encode() in words:
                return True
    return False
