"""HTTP/1.1 down to the bytes, with small WSGI applications behind a real server."""

import json
import logging
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPResponse
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from select import select
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from live_server import Wire, serving
from sample_graph import first_note, load
from waiting import PATIENCE_S, eventually

from kgraph.store import open_store
from kgraph.web.http.server import HttpServer, Manners, listen
from kgraph.web.layers.clients import IS_THERE

Environ = dict[str, Any]
Start = Callable[..., Any]
Application = Callable[[Environ, Start], Iterable[bytes]]
LARGE = b"x" * 20_000
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n ?o }"
LOOK_UP = "SELECT ?p ?o { <https://w3id.org/kgraph/id/country/KZ> ?p ?o }"
JSON = {"Accept": "application/sparql-results+json"}


def never(environ: Environ) -> bool:
    return False


@dataclass
class Site:
    """A server for a test; `port` is where it answers."""

    server: HttpServer
    port: int
    has_ended: list[bool] = field(default_factory=list)

    def connect(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE_S)

    def ask(self, sent: bytes) -> bytes:
        """All that comes back until the server ends the connection."""
        with self.connect() as connection:
            connection.sendall(sent)
            return until_end(connection)


@contextmanager
def site(
    application: Application,
    is_at_once: Callable[[Environ], bool] = never,
    *,
    threads: int = 4,
    client_time_s: float = PATIENCE_S,
    shutdown_s: float = 5.0,
) -> Iterator[Site]:
    server = HttpServer(application, is_at_once, Manners(threads, client_time_s, shutdown_s=shutdown_s))
    with listen("127.0.0.1", 0) as listening:
        found = Site(server, listening.getsockname()[1])
        thread = threading.Thread(target=lambda: found.has_ended.append(server.run(listening)))
        thread.start()
        try:
            yield found
        finally:
            server.stop()
            thread.join(2 * PATIENCE_S)
            assert found.has_ended == [True]


def until_end(connection: socket.socket) -> bytes:
    received = b""
    while piece := connection.recv(65536):
        received += piece
    return received


def answers(received: bytes, count: int, method: str = "GET") -> list[tuple[int, dict[str, str], bytes]]:
    """Status, headers and body of some answers, one after the other; nothing is left."""

    class Source:
        def __init__(self) -> None:
            self.file = BytesIO(received)

        def makefile(self, mode: str) -> BytesIO:
            return self.file

    source, found = Source(), []
    source.file.close = lambda: None  # type: ignore[method-assign]  # the next answer is in it, too
    for _ in range(count):
        response = HTTPResponse(source, method=method)  # type: ignore[arg-type]
        response.begin()
        headers = {name.lower(): value for name, value in response.getheaders()}
        found.append((response.status, headers, response.read()))
    assert source.file.read() == b""
    return found


def get(path: str = "/", *lines: str, method: str = "GET", version: str = "1.1") -> bytes:
    return "\r\n".join([f"{method} {path} HTTP/{version}", "Host: a", *lines, "", ""]).encode("latin-1")


CLOSE = "Connection: close"


def said(body: bytes = b"ok", status: str = "200 OK", *headers: tuple[str, str]) -> Application:
    def application(environ: Environ, start: Start) -> list[bytes]:
        start(status, list(headers))
        return [body]

    return application


def echo(environ: Environ, start: Start) -> list[bytes]:
    body = environ["wsgi.input"].read()
    start("200 OK", [("X-Path", environ["PATH_INFO"])])
    return [body]


# Requests


def test_the_environment_is_that_of_the_request() -> None:
    def told(environ: Environ, start: Start) -> list[bytes]:
        start("404 NOT FOUND", [("X-Told", "é")])
        return [json.dumps({k: v for k, v in environ.items() if isinstance(v, str)}).encode(), b" "]

    with site(told) as served:
        received = served.ask(
            get("/caf%C3%A9%2Fx?query=1%20&a#b", "accept: text/csv", "ACCEPT: text/plain \t", CLOSE,
                "Content-Type: a/b", "X_Forwarded_For: 192.0.2.1", "X-Forwarded-For: 192.0.2.2", "Empty:")
        )  # fmt: skip
        ((status, headers, body),) = answers(received, 1)
        assert (status, headers["x-told"]) == (404, "é")
        expected = {
            "REQUEST_METHOD": "GET", "PATH_INFO": "/caf\xc3\xa9/x", "REQUEST_URI": "/caf%C3%A9%2Fx",
            "QUERY_STRING": "query=1%20&a", "SERVER_PROTOCOL": "HTTP/1.1", "REMOTE_ADDR": "127.0.0.1",
            "SERVER_PORT": str(served.port), "CONTENT_TYPE": "a/b", "HTTP_HOST": "a", "HTTP_EMPTY": "",
            "HTTP_ACCEPT": "text/csv,text/plain", "HTTP_X_FORWARDED_FOR": "192.0.2.2", "SCRIPT_NAME": "",
        }  # fmt: skip
        assert expected.items() <= json.loads(body).items()


@pytest.mark.parametrize(
    ("target", "path", "query", "host"),
    [
        ("http://example.org/a?b", "/a", "b", "example.org"),
        ("http://example.org?b", "/", "b", "example.org"),
        ("http://example.org:80", "/", "", "example.org:80"),
        ("*", "*", "", "a"),
        ("//a/b", "//a/b", "", "a"),
        ("/?", "/", "", "a"),
        ("/a?b?c", "/a", "b?c", "a"),
    ],
)
def test_a_target_is_taken_apart_in_each_of_its_forms(target: str, path: str, query: str, host: str) -> None:
    def told(environ: Environ, start: Start) -> list[bytes]:
        start("200 OK", [])
        return [json.dumps([environ[k] for k in ("PATH_INFO", "QUERY_STRING", "HTTP_HOST")]).encode()]

    with site(told) as served:
        ((_, _, body),) = answers(served.ask(get(target, CLOSE, method="OPTIONS")), 1)
        assert json.loads(body) == [path, query, host]


@st.composite
def requests(draw: st.DrawFn) -> list[tuple[bytes, bytes]]:
    """Requests with the bodies that they have, in lengths or in chunks."""
    found = []
    for number in range(draw(st.integers(1, 6))):
        body = draw(st.binary(max_size=60)) * draw(st.sampled_from([0, 1, 1, 3000]))
        method = "POST" if body else draw(st.sampled_from(["GET", "POST"]))
        offer = draw(st.sampled_from([[], [], ["Connection: Upgrade", "Upgrade: h2c"]]))
        if body and draw(st.booleans()):
            cuts = sorted({0, len(body), *draw(st.lists(st.integers(1, len(body)), max_size=4))})
            pieces = [body[a:b] for a, b in pairwise(cuts)]
            framed = b"".join(b"%X\r\n%b\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"
            found.append(
                (get(f"/{number}", "Transfer-Encoding: chunked", *offer, method=method) + framed, body)
            )
        else:
            lines = [f"Content-Length: {len(body)}"] if method == "POST" else []
            found.append((get(f"/{number}", *lines, *offer, method=method) + body, body))
    return found


def has_no_body(environ: Environ) -> bool:
    return "HTTP_TRANSFER_ENCODING" not in environ and environ.get("CONTENT_LENGTH", "0") == "0"


@pytest.fixture(scope="module", params=[never, has_no_body])
def echoing(request: pytest.FixtureRequest) -> Iterator[Site]:
    with site(echo, request.param) as served:
        yield served


@given(st.data())
def test_whatever_way_requests_are_cut_each_gets_its_answer_in_turn(
    echoing: Site, data: st.DataObject
) -> None:
    sent = data.draw(requests())
    whole = b"".join(each for each, _ in sent)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(whole)), max_size=5)))
    with echoing.connect() as connection:
        for a, b in zip([0, *cuts], [*cuts, len(whole)], strict=True):
            connection.sendall(whole[a:b])
            if data.draw(st.booleans()):
                time.sleep(0.001)
        connection.sendall(get("/end", CLOSE))
        found = answers(until_end(connection), len(sent) + 1)
    assert [headers["x-path"] for _, headers, _ in found] == [*(f"/{n}" for n in range(len(sent))), "/end"]
    assert [body for _, _, body in found] == [*(body for _, body in sent), b""]


def test_a_body_is_read_as_it_comes() -> None:
    read: list[bytes] = []

    def application(environ: Environ, start: Start) -> list[bytes]:
        source = environ["wsgi.input"]
        read.extend((source.read(4), source.read(2), source.read(), source.read()))
        start("200 OK", [])
        return []

    with site(application) as served:
        served.ask(get("/", "Content-Length: 9", CLOSE, method="POST") + b"onetwosix")
        chunks = b"3\r\none\r\n3;a=b\r\ntwo\r\n3\r\nsix\r\n0\r\nTrailer: x\r\n\r\n"
        served.ask(get("/", "Transfer-Encoding: chunked", CLOSE, method="POST") + chunks)
    assert read == [b"onet", b"wo", b"six", b""] * 2


def test_of_a_body_no_more_is_taken_than_someone_reads() -> None:
    may_read = threading.Event()

    def application(environ: Environ, start: Start) -> list[bytes]:
        may_read.wait(PATIENCE_S)
        return echo(environ, start)

    body = b"0123456789abcdef" * 1_000_000
    with site(application) as served, served.connect() as connection:
        connection.sendall(get("/", f"Content-Length: {len(body)}", CLOSE, method="POST"))
        connection.settimeout(1)
        with pytest.raises(TimeoutError):
            connection.sendall(body)  # more than what the system holds for us
        may_read.set()
    with site(application) as served:
        ((_, _, received),) = answers(
            served.ask(get("/", f"Content-Length: {len(body)}", CLOSE, method="POST") + body), 1
        )
        assert received == body


@pytest.mark.parametrize("is_read", [True, False])
def test_who_asks_whether_to_send_a_body_is_told_when_it_is_wanted(is_read: bool) -> None:
    def application(environ: Environ, start: Start) -> list[bytes]:
        return echo(environ, start) if is_read else [*said(b"no", "403 FORBIDDEN")(environ, start)]

    with site(application) as served, served.connect() as connection:
        connection.sendall(get("/", "Content-Length: 3", "Expect: 100-continue", method="POST"))
        first = connection.recv(100)
        if is_read:
            assert first == b"HTTP/1.1 100 Continue\r\n\r\n"
            connection.sendall(b"abc")
            assert connection.recv(1000).endswith(b"abc")
        else:
            assert first.startswith(b"HTTP/1.1 403 ")
            assert b"connection: close" in first.lower()


def test_who_sends_little_and_slowly_holds_up_no_thread() -> None:
    with site(echo, threads=1) as served, ExitStack() as held:
        slow = [held.enter_context(served.connect()) for _ in range(20)]
        for connection in slow:
            connection.sendall(get("/slow", "Content-Length: 4", CLOSE, method="POST") + b"ab")
        for _ in range(5):
            assert served.ask(get("/", CLOSE)).startswith(b"HTTP/1.1 200 ")
        for connection in slow:
            connection.sendall(b"cd")
        assert all(until_end(connection).endswith(b"abcd") for connection in slow)


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"nonsense\r\n\r\n", 400),
        (get("/", "a b: c"), 400),
        (get("/", "Content-Length: 3", "Content-Length: 4", method="POST") + b"abcd", 400),
        (get("/", "Content-Length: 3", "Transfer-Encoding: chunked", method="POST") + b"abc", 400),
        (get("/", "X: a\0b"), 400),
        (get("/", version="2.0"), 505),
        (get("/" + "y" * 20_000), 414),
        (get("/", f"Content-Length: {'0' * 5000}6", method="POST") + b"abc", 400),
        (get("/", "Transfer-Encoding: gzip, chunked", method="POST") + b"0\r\n\r\n", 501),
        (b"GET / HTTP/1.1\r\n\r\n", 400),
        (get("/", "Host: b"), 400),
        (get("/", *(f"X-{n}: y" for n in range(200))), 431),
        (get("/", f"X: {'y' * 200_000}"), 431),
        (b"GET /" + b"y" * 600_000, 431),
        (b"BREW / HTTP/1.1\r\n\r\n", 400),
    ],
)
def test_what_is_no_request_is_told_so(sent: bytes, status: int) -> None:
    with site(echo) as served, served.connect() as connection:
        connection.sendall(get("/first") + sent)
        first, second = answers(until_end(connection), 2)
        assert (first[0], second[0], second[1]["connection"]) == (200, status, "close")
        assert json.loads(second[2])["status"] == status


@pytest.mark.parametrize(
    "framing", ["Content-Length: 100000", "Transfer-Encoding: chunked", "Content-Length: 9"]
)
def test_half_a_body_is_no_body(framing: str) -> None:
    faults: list[BaseException] = []

    def application(environ: Environ, start: Start) -> list[bytes]:
        try:
            environ["wsgi.input"].read()
        except ConnectionError as exc:
            faults.append(exc)
        return [*said()(environ, start)]

    with site(application) as served, served.connect() as connection:
        connection.sendall(get("/", framing, method="POST") + b"3\r\nabc\r\n")
        connection.shutdown(socket.SHUT_WR)
        until_end(connection)
        assert eventually(lambda: len(faults) == 1)


def test_what_follows_a_broken_chunk_is_no_request() -> None:
    paths: list[str] = []

    def application(environ: Environ, start: Start) -> list[bytes]:
        paths.append(environ["PATH_INFO"])
        return echo(environ, start)

    with site(application) as served:
        broken = get("/one", "Transfer-Encoding: chunked", method="POST") + b"zz\r\nabc\r\n0\r\n\r\n"
        received = served.ask(broken + get("/two"))
        assert b"HTTP/1.1 200" not in received
        assert "/two" not in paths


def test_another_protocol_is_not_taken_up() -> None:
    with site(echo) as served:
        offered = get("/", "Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AAMAAABk")
        assert [status for status, *_ in answers(served.ask(offered + get("/", CLOSE)), 2)] == [200, 200]
        ((status, _, _),) = answers(served.ask(get("a:80", method="CONNECT")), 1)
        assert status == 501


def test_no_client_has_more_than_a_few_unread_answers() -> None:
    answered = []

    def application(environ: Environ, start: Start) -> list[bytes]:
        answered.append(1)
        return [*said(b"x" * 1_000_000)(environ, start)]

    for is_at_once in (never, lambda environ: True):
        answered.clear()
        with site(application, is_at_once) as served, served.connect() as connection:
            for _ in range(50):
                connection.sendall(get())
                time.sleep(0.002)
            time.sleep(0.2)
            assert len(answered) < 20  # what the system holds, and one more
            connection.sendall(get("/", CLOSE))
            assert len(answers(until_end(connection), 51)) == 51


def test_no_thread_waits_for_who_left_with_an_answer_unread() -> None:
    begun, may_go_on = threading.Event(), threading.Event()

    def application(environ: Environ, start: Start) -> Iterable[bytes]:
        start("200 OK", [])
        if environ["PATH_INFO"] != "/stream":
            return [LARGE]
        begun.set()
        may_go_on.wait(PATIENCE_S)
        return iter([LARGE] * 500)

    with site(application, threads=2) as served:
        for _ in range(4):
            begun.clear()
            may_go_on.clear()
            connection = served.connect()
            connection.sendall(get() + get("/stream"))
            assert begun.wait(PATIENCE_S)
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            connection.close()
            may_go_on.set()
        assert answers(served.ask(get("/", CLOSE)), 1)[0][0] == 200


@pytest.mark.parametrize("trailers", [b"ab:cd\r\n" * 200_000, b"a: " + b"x" * 1_000_000])
def test_what_comes_after_a_body_is_bounded(trailers: bytes) -> None:
    with site(echo) as served:
        received = served.ask(get("/", "Transfer-Encoding: chunked", method="POST") + b"0\r\n" + trailers)
        assert b" 200 OK" not in received


def test_of_very_many_requests_at_once_some_are_answered() -> None:
    with site(echo) as served:
        found = answers(served.ask(get("/") * 1000), 100)
        assert {status for status, _, _ in found} == {200}


def test_an_old_client_is_not_told_to_go_on() -> None:
    with site(echo) as served, served.connect() as connection:
        connection.sendall(
            get("/", "Content-Length: 3", "Expect: 100-continue", method="POST", version="1.0")
        )
        connection.sendall(b"abc")
        assert answers(until_end(connection), 1)[0][2] == b"abc"


# Answers


def test_a_large_answer_comes_in_chunks_and_a_short_one_whole() -> None:
    def application(environ: Environ, start: Start) -> Iterator[bytes]:
        start("200 OK", [])
        yield from (LARGE, b"", LARGE, b"end") if environ["PATH_INFO"] == "/large" else (b"a", b"b")

    with site(application) as served:
        ((_, headers, body),) = answers(served.ask(get("/large", CLOSE)), 1)
        assert (headers["transfer-encoding"], body) == ("chunked", LARGE + LARGE + b"end")
        ((_, headers, body),) = answers(served.ask(get("/short", CLOSE)), 1)
        assert (headers["content-length"], body) == ("2", b"ab")
        for path in ("/large", "/short"):
            head = served.ask(get(path, CLOSE, method="HEAD"))
            assert head.endswith(b"\r\n\r\n")
            assert head.startswith(b"HTTP/1.1 200 OK\r\n")


def test_an_old_client_gets_the_length_and_the_end() -> None:
    def application(environ: Environ, start: Start) -> Iterator[bytes]:
        start("200 OK", [("Content-Length", "7")] if environ["PATH_INFO"] == "/lied" else [])
        yield from [LARGE] * 200
        if environ["PATH_INFO"] == "/broken":
            raise ValueError("it cannot go on")

    with site(application) as served:
        asked = get("/", "Connection: keep-alive", version="1.0") + get("/", version="1.0")
        found = answers(served.ask(asked), 2)
        assert [(headers["content-length"], len(body)) for _, headers, body in found] == [
            ("4000000", 4_000_000)
        ] * 2
        assert [headers["connection"] for _, headers, _ in found] == ["keep-alive", "close"]
        for path, expected in (("/broken", 503), ("/lied", 500)):
            ((status, _, _),) = answers(served.ask(get(path, version="1.0")), 1)
            assert status == expected


@pytest.mark.parametrize("status", ["204 NO CONTENT", "304 NOT MODIFIED"])
@pytest.mark.parametrize("body", [b"", b"xx"])
def test_what_has_no_body_has_none(status: str, body: bytes) -> None:
    with site(said(body, status)) as served:
        received = served.ask(get() + get("/", CLOSE))
        assert received.count(b"HTTP/1.1 ") == 2
        assert b"content-length" not in received.lower()
        assert b"chunked" not in received
        assert received.endswith(b"\r\n\r\n")


def test_an_answer_that_breaks_off_has_no_end() -> None:
    def application(environ: Environ, start: Start) -> Iterator[bytes]:
        start("200 OK", [("Content-Length", "50000")] if environ["PATH_INFO"] == "/told" else [])
        yield LARGE
        yield LARGE
        if environ["PATH_INFO"] == "/":
            raise ValueError("it cannot go on")

    with site(application) as served:
        received = served.ask(get())
        assert received.count(b"x") > 30_000
        assert not received.endswith(b"0\r\n\r\n")
        assert served.ask(get("/told")).count(b"x") == 40_000


@pytest.mark.parametrize(
    "application",
    [
        said(b"ok", "200 OK", ("X", "a\r\nSet-Cookie: b")),
        said(b"ok", "200 OK", ("X", "a\nb")),
        said(b"ok", "200 OK", ("Content-Length", "3")),
        lambda environ, start: 1 / 0,
    ],
)
def test_what_fails_before_anything_is_sent_is_a_fault(
    application: Application, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR), site(application) as served:
        found = answers(served.ask(get() + get("/", CLOSE)), 2)
    for status, headers, body in found:
        assert (status, headers["content-type"]) == (500, "application/problem+json")
        assert b"ok" not in body
        assert "set-cookie" not in headers
    assert "an answer could not be made" in caplog.text


def test_who_has_left_is_sent_nothing_more_and_the_body_is_closed() -> None:
    made, closed = [], threading.Event()

    def application(environ: Environ, start: Start) -> Iterator[bytes]:
        start("200 OK", [])
        try:
            for number in range(10_000):
                made.append(number)
                yield LARGE
                if number > 3:
                    assert eventually(lambda: not environ[IS_THERE]())
        finally:
            closed.set()

    with site(application) as served:
        with served.connect() as connection:
            connection.sendall(get())
            connection.recv(1000)
        assert closed.wait(PATIENCE_S)
    assert len(made) < 10


def test_an_answer_is_made_no_faster_than_it_is_read() -> None:
    made = []

    def application(environ: Environ, start: Start) -> Iterator[bytes]:
        start("200 OK", [])
        for number in range(2_000):
            made.append(number)
            yield LARGE

    with site(application) as served, served.connect() as connection:
        connection.sendall(get("/", CLOSE))
        time.sleep(0.5)
        assert len(made) < 1_000
        ((_, _, body),) = answers(until_end(connection), 1)
        assert len(body) == 40_000_000


def test_who_still_sends_gets_the_answer_that_did_not_wait_for_it() -> None:
    body = b"x" * 5_000_000
    with (
        site(said(b"too large", "413 CONTENT TOO LARGE")) as served,
        closing(HTTPConnection("127.0.0.1", served.port, timeout=PATIENCE_S)) as client,
    ):
        client.request("POST", "/", body)
        answer = client.getresponse()
        assert (answer.status, answer.read()) == (413, b"too large")


def test_who_is_answered_at_once_and_reads_slowly_holds_up_nobody() -> None:
    def application(environ: Environ, start: Start) -> Iterator[bytes]:
        start("200 OK", [])
        yield from [LARGE] * (1000 if environ["PATH_INFO"] == "/large" else 1)

    with site(application, lambda environ: True) as served, served.connect() as slow:
        slow.sendall(get("/large", CLOSE))
        for _ in range(3):
            assert len(answers(served.ask(get("/", CLOSE)), 1)[0][2]) == len(LARGE)
        assert len(answers(until_end(slow), 1)[0][2]) == 1000 * len(LARGE)


def test_who_leaves_is_missed_though_they_have_asked_for_more() -> None:
    has_left = threading.Event()

    def application(environ: Environ, start: Start) -> list[bytes]:
        if eventually(lambda: not environ[IS_THERE]()):
            has_left.set()
        return [*said()(environ, start)]

    with site(application) as served:
        with served.connect() as connection:
            connection.sendall(get() + get() + get("/", "Content-Length: 5", method="POST"))
        assert has_left.wait(PATIENCE_S)


def test_what_was_sent_ahead_is_answered_however_much_it_is() -> None:
    def application(environ: Environ, start: Start) -> list[bytes]:
        size = len(environ["wsgi.input"].read())
        if environ["PATH_INFO"] == "/slow":
            time.sleep(0.5)
        return [*said(str(size).encode())(environ, start)]

    one = get("/b", "Content-Length: 50000", method="POST") + b"x" * 50_000
    with site(application, client_time_s=5) as served:
        found = answers(served.ask(get("/slow") + one * 30 + get("/", CLOSE)), 32)
    assert [body for _, _, body in found] == [b"0", *[b"50000"] * 30, b"0"]


@pytest.mark.parametrize("is_at_once", [never, lambda environ: True])
def test_who_sends_no_more_still_gets_all_answers(is_at_once: Callable[[Environ], bool]) -> None:
    with site(said(b"z" * 3_000_000), is_at_once) as served, served.connect() as connection:
        connection.sendall(get() * 3)
        time.sleep(0.3)
        connection.shutdown(socket.SHUT_WR)
        time.sleep(0.3)
        assert len(answers(until_end(connection), 3)) == 3


def test_what_fails_after_an_answer_is_not_the_next_ones_fault() -> None:
    class Body:
        def __iter__(self) -> Iterator[bytes]:
            return iter([b"hello"])

        def close(self) -> None:
            time.sleep(0.05)
            raise RuntimeError("it cannot be closed")

    def application(environ: Environ, start: Start) -> Iterable[bytes]:
        start("200 OK", [])
        if environ["PATH_INFO"] == "/bad":
            return Body()
        time.sleep(0.3)
        return [b"fine"]

    with site(application) as served:
        found = answers(served.ask(get("/bad") + get("/next", CLOSE)), 2)
        assert [body for _, _, body in found] == [b"hello", b"fine"]


def test_nobody_is_told_to_go_on_within_an_answer() -> None:
    def application(environ: Environ, start: Start) -> Iterator[bytes]:
        start("200 OK", [])
        yield LARGE
        yield environ["wsgi.input"].read()

    with site(application) as served, served.connect() as connection:
        connection.sendall(get("/", "Content-Length: 3", "Expect: 100-continue", CLOSE, method="POST"))
        time.sleep(0.2)
        connection.sendall(b"abc")
        assert answers(until_end(connection), 1)[0][2] == LARGE + b"abc"


# Time


def test_who_keeps_the_server_waiting_is_hung_up_on() -> None:
    with site(echo, client_time_s=0.5) as served, ExitStack() as held:
        silent, half, little, done = (held.enter_context(served.connect()) for _ in range(4))
        half.sendall(b"GET / HTTP/1.1\r\nHost:")
        little.sendall(get("/", "Content-Length: 10", method="POST") + b"abc")
        done.sendall(get())
        assert until_end(silent) == b""
        assert answers(until_end(half), 1)[0][0] == 408
        assert answers(until_end(little), 1)[0][0] == 408
        assert answers(until_end(done), 1)[0][0] == 200


def test_a_head_that_comes_byte_by_byte_comes_too_late() -> None:
    with site(echo, client_time_s=0.5) as served, served.connect() as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nX: ")
        for _ in range(1000):
            connection.sendall(b"y")
            if select([connection], [], [], 0.02)[0]:
                break
        assert connection.recv(100).startswith(b"HTTP/1.1 408 ")


def test_who_waits_for_a_slow_answer_is_not_hung_up_on() -> None:
    def slow(environ: Environ, start: Start) -> list[bytes]:
        time.sleep(2)
        return [*said()(environ, start)]

    with site(slow, client_time_s=0.5) as served:
        assert answers(served.ask(get("/", CLOSE)), 1)[0][0] == 200


# Stopping


def test_what_is_under_way_is_finished_and_nothing_new_begun() -> None:
    begun, may_end = threading.Event(), threading.Event()

    def application(environ: Environ, start: Start) -> list[bytes]:
        begun.set()
        may_end.wait(PATIENCE_S)
        return [*said()(environ, start)]

    with site(application) as served, served.connect() as idle, served.connect() as connection:
        connection.sendall(get() + get("/another"))
        assert begun.wait(PATIENCE_S)
        served.server.stop()
        assert until_end(idle) == b""
        with pytest.raises(ConnectionError):
            until_end(served.connect())
        may_end.set()
        ((status, headers, _),) = answers(until_end(connection), 1)
        assert (status, headers["connection"]) == (200, "close")


def test_who_is_being_answered_when_it_stops_is_not_waited_for_any_longer() -> None:
    def application(environ: Environ, start: Start) -> Iterator[bytes]:
        start("200 OK", [])
        for _ in range(10):
            time.sleep(0.05)
            yield LARGE

    with site(application, shutdown_s=PATIENCE_S) as served, served.connect() as connection:
        connection.sendall(get())
        connection.recv(100)
        begun = time.monotonic()
        served.server.stop()
        until_end(connection)
        assert time.monotonic() - begun < PATIENCE_S / 2


def test_what_takes_too_long_is_broken_off() -> None:
    def application(environ: Environ, start: Start) -> Iterator[bytes]:
        start("200 OK", [])
        while True:
            yield LARGE
            time.sleep(0.01)

    with site(application, shutdown_s=0.1) as served, served.connect() as connection:
        connection.sendall(get())
        connection.recv(1000)
        served.server.stop()
        assert eventually(lambda: served.has_ended == [True])


# With the application


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
        asked = JSON | {"Content-Type": "application/sparql-query"}
        for _ in range(25):
            assert client.ask("GET", _address(LOOK_UP), JSON).status == 200
            assert client.ask("POST", "/sparql", asked, LOOK_UP.encode()).status == 200
        assert metric("kgraph_queries_running") == 2
        assert metric("kgraph_queries_at_hand_total") == before + 50


def _address(query: str) -> str:
    return f"/sparql?{urlencode({'query': query})}"
