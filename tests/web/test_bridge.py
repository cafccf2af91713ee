"""From an ASGI server to the application: bodies both ways, clients that leave, answers that break off."""

import asyncio
import socket
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from live_server import Wire, serving
from sample_graph import first_note, load
from waiting import eventually

from kgraph.store import open_store
from kgraph.web.bridge import Bridge
from kgraph.web.layers.clients import IS_THERE

Message = dict[str, Any]
Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
LARGE = b"x" * 20_000
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n ?o }"
LOOK_UP = "SELECT ?p ?o { <https://w3id.org/kgraph/id/country/KZ> ?p ?o }"
JSON = {"Accept": "application/sparql-results+json"}


def never(environ: dict[str, Any]) -> bool:
    return False


class Client:
    """Sends what it is given, and then stays, or leaves."""

    def __init__(self, *pieces: bytes, leaves_after: int | None = None):
        self.sent: list[Message] = []
        self._pieces = list(pieces)
        self._leaves_after = leaves_after
        self._gone = asyncio.Event()
        self._waiting = 0
        self.most_waiting = 0

    async def receive(self) -> Message:
        self._waiting += 1
        self.most_waiting = max(self.most_waiting, self._waiting)
        try:
            return await self._receive()
        finally:
            self._waiting -= 1

    async def _receive(self) -> Message:
        if self._pieces:
            piece = self._pieces.pop(0)
            return {"type": "http.request", "body": piece, "more_body": bool(self._pieces)}
        await self._gone.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Message) -> None:
        self.sent.append(message)
        bodies = len(self.sent) - 1
        if bodies == self._leaves_after or not message.get("more_body", bodies == 0):
            self._gone.set()

    @property
    def body(self) -> bytes:
        return b"".join(message.get("body", b"") for message in self.sent)

    @property
    def has_whole(self) -> bool:
        return bool(self.sent) and not self.sent[-1].get("more_body", False)


def ask(application: Application, *pieces: bytes, leaves_after: int | None = None, **headers: str) -> Client:
    scope = {
        "type": "http", "http_version": "1.1", "method": "POST" if pieces else "GET", "scheme": "http",
        "raw_path": b"/caf%C3%A9", "query_string": b"query=1", "client": ("192.0.2.9", "5000"),
        "server": ("192.0.2.1", "80"),
        "headers": [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()],
    }  # fmt: skip

    async def asked() -> Client:
        client = Client(*(pieces or (b"",)), leaves_after=leaves_after)
        await asyncio.wait_for(Bridge(application, never, 2)(scope, client.receive, client.send), 20)
        return client

    return asyncio.run(asked())


def test_the_environment_is_that_of_the_request() -> None:
    seen: dict[str, Any] = {}

    def application(environ: dict[str, Any], start: Callable[..., Any]) -> list[bytes]:
        seen.update(environ)
        start("404 NOT FOUND", [("X-Told", "é")])
        return [b"a", b"b"]

    client = ask(application, accept="text/csv", content_type="text/plain")
    assert client.sent[0] == {
        "type": "http.response.start", "status": 404, "headers": [(b"X-Told", b"\xe9")],
    }  # fmt: skip
    assert client.body == b"ab"
    told = {
        "PATH_INFO": "/caf\xc3\xa9",
        "QUERY_STRING": "query=1",
        "REMOTE_ADDR": "192.0.2.9",
        "SERVER_PORT": "80",
    }
    told |= {"HTTP_ACCEPT": "text/csv", "CONTENT_TYPE": "text/plain", "REQUEST_METHOD": "GET"}
    assert told.items() <= seen.items()


@pytest.mark.parametrize("headers", [{"content_length": "9"}, {"transfer_encoding": "chunked"}])
def test_a_body_is_read_as_it_comes(headers: dict[str, str]) -> None:
    read: list[bytes] = []

    def application(environ: dict[str, Any], start: Callable[..., Any]) -> list[bytes]:
        source = environ["wsgi.input"]
        read.extend((source.read(4), source.read(2), source.read(), source.read()))
        start("200 OK", [])
        return []

    ask(application, b"one", b"two", b"six", **headers)
    assert read == [b"onet", b"wo", b"six", b""]


def test_a_large_answer_comes_in_pieces_and_a_short_one_whole() -> None:
    def application(environ: dict[str, Any], start: Callable[..., Any]) -> Iterator[bytes]:
        start("200 OK", [])
        yield from (LARGE, LARGE, b"end") if environ["REQUEST_METHOD"] == "GET" else (b"a", b"b")

    large, short = ask(application), ask(application, b"", content_length="0")
    assert large.body == LARGE + LARGE + b"end"
    assert len(large.sent) == 5
    assert short.body == b"ab"
    assert len(short.sent) == 2


def test_however_many_ask_whether_a_client_is_there_one_waits_for_it() -> None:
    def application(environ: dict[str, Any], start: Callable[..., Any]) -> list[bytes]:
        together = threading.Barrier(8)

        def look() -> bool:
            together.wait()
            return bool(environ[IS_THERE]())

        with ThreadPoolExecutor(8) as threads:
            found = [threads.submit(look) for _ in range(8)]
        start("200 OK" if all(each.result() for each in found) else "410 GONE", [])
        return [b"x"]

    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        clients = [ask(application) for _ in range(30)]
    finally:
        sys.setswitchinterval(before)
    assert [client.most_waiting for client in clients] == [1] * 30
    assert all(client.sent[0]["status"] == 200 for client in clients)


def test_who_has_left_is_sent_nothing_more_and_the_body_is_closed() -> None:
    made, closed = [], threading.Event()

    def application(environ: dict[str, Any], start: Callable[..., Any]) -> Iterator[bytes]:
        start("200 OK", [])
        try:
            for number in range(10_000):
                made.append(number)
                yield LARGE
                if number > 3:
                    assert eventually(lambda: not environ[IS_THERE]())
        finally:
            closed.set()

    client = ask(application, leaves_after=3)
    assert not client.has_whole
    assert len(made) < 10
    assert closed.is_set()


def test_an_answer_that_breaks_off_has_no_end() -> None:
    def application(environ: dict[str, Any], start: Callable[..., Any]) -> Iterator[bytes]:
        start("200 OK", [])
        yield LARGE
        raise ValueError("it cannot go on")

    client = ask(application)
    assert client.body == LARGE
    assert not client.has_whole


def test_what_fails_before_anything_is_sent_is_told_to_the_server() -> None:
    def application(environ: dict[str, Any], start: Callable[..., Any]) -> Iterator[bytes]:
        start("200 OK", [])
        yield b"little"
        raise ValueError("it cannot go on")

    with pytest.raises(ValueError, match="it cannot go on"):
        ask(application)


def test_granian_still_has_what_the_short_cut_takes() -> None:
    """Where it has not, all is answered as it should be, but look-ups take twice as long."""
    from granian import _futures

    assert hasattr(_futures, "_cbsched_aioschedule")


def test_what_takes_a_moment_is_answered_while_all_else_waits(tmp_path: Path) -> None:
    path = tmp_path / "store"
    with open_store(path, create=True) as store:
        load(store, first_note())
    limits = {"KGRAPH_QUERY_WORKERS": "2", "KGRAPH_METRICS": "public", "KGRAPH_CACHE_BYTES": "0"}
    with serving(path, **limits) as served, closing(Wire(served.authority)) as client, ExitStack() as held:

        def metric(name: str) -> float:
            lines = client.ask("GET", "/metrics").body.decode().splitlines()
            return next(float(line.split()[1]) for line in lines if line.startswith(f"{name} "))

        def is_at_hand() -> bool:
            before = metric("kgraph_queries_at_hand_total")
            assert client.ask("GET", _address(LOOK_UP), JSON).status == 200
            return metric("kgraph_queries_at_hand_total") > before

        assert eventually(is_at_hand)
        host, port = served.authority.split(":")
        for _ in range(40):
            connection = held.enter_context(socket.create_connection((host, int(port))))
            connection.sendall(f"GET {_address(ENDLESS)} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        assert eventually(lambda: metric("kgraph_queries_waiting") > 20)
        before = metric("kgraph_queries_at_hand_total")
        for _ in range(50):
            assert client.ask("GET", _address(LOOK_UP), JSON).status == 200
        assert metric("kgraph_queries_running") == 2
        assert metric("kgraph_queries_at_hand_total") == before + 50


def _address(query: str) -> str:
    return f"/sparql?{urlencode({'query': query})}"
