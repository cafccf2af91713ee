"""SERVICE to endpoints on the list, through all that watches over it; and nothing else is ever called."""

import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from urllib.parse import urlencode, urlsplit

import pytest
from live_server import Answer, Served, Wire, serving
from sample_graph import KZ, first_note, load, second_note

from kgraph.errors import ConfigError
from kgraph.settings import Settings
from kgraph.store import open_store
from kgraph.web.sparql.services import is_public

FOUND = b'{"head":{"vars":["s"]},"results":{"bindings":[{"s":{"type":"uri","value":"urn:found"}}]}}'
JSON = "application/sparql-results+json"


class Endpoint(ThreadingHTTPServer):
    """An endpoint elsewhere, as far as this machine goes: it does what its paths say, and notes who asks."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Behaviour)
        self.asked: list[str] = []
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def address(self, path: str, host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.server_address[1]}{path}"


class _Behaviour(BaseHTTPRequestHandler):
    server: Endpoint

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.asked.append(f"{self.command} {self.path}")
        path = urlsplit(self.path).path
        if path.startswith("/to/"):
            code, _, target = path.removeprefix("/to/").partition("/")
            self.send_response(int(code))
            self.send_header("Location", f"/{target}")
            self.end_headers()
        elif path == "/broken":
            self._send(FOUND[:40], len(FOUND))
        elif path == "/slow":
            self._send(b"", len(FOUND))
            for _ in range(200):
                self.wfile.write(b" ")
                time.sleep(0.1)
        elif path == "/large":
            self._send(b" " * 30_000_000, 30_000_000)
        elif path == "/error":
            self.send_error(500)
        else:
            self._send(FOUND, len(FOUND))

    do_GET = do_POST  # noqa: N815  # the library calls it so

    def _send(self, body: bytes, length: int) -> None:
        self.send_response(200)
        self.send_header("Content-Type", JSON)
        self.send_header("Content-Length", str(length))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture(scope="module")
def endpoint() -> Iterator[Endpoint]:
    with Endpoint() as server:
        yield server
        server.shutdown()


#: Paths of the endpoint that are on the list.
LISTED = ["/sparql", "/to/307/sparql", "/to/303/sparql", "/to/302/secret", "/to/307/to/307/sparql", "/broken",
          "/slow", "/large", "/error"]  # fmt: skip


@pytest.fixture(scope="module")
def servers(endpoint: Endpoint, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Served, Served]]:
    """A graph that may ask another, and the other."""
    with ExitStack() as stack:
        stores = [tmp_path_factory.mktemp("services") / "store" for _ in range(2)]
        for path, note in zip(stores, (first_note(), second_note()), strict=True):
            with open_store(path, create=True) as opened:
                load(opened, note)
        remote = stack.enter_context(serving(stores[1]))
        allowed = [f"{remote.address}/sparql", *(endpoint.address(path) for path in LISTED)]
        allowed.append(endpoint.address("/sparql", socket.gethostname()))
        served = stack.enter_context(
            serving(stores[0], KGRAPH_SERVICES=" ".join(allowed), KGRAPH_QUERY_TIME_S="2")
        )
        yield served, remote


@pytest.fixture
def wire(servers: tuple[Served, Served]) -> Iterator[Wire]:
    client = Wire(servers[0].authority)
    yield client
    client.close()


def _ask(wire: Wire, query: str, accept: str = JSON) -> Answer:
    return wire.ask("GET", f"/sparql?{urlencode({'query': query})}", {"Accept": accept})


def _values(answer: Answer) -> set[str]:
    assert answer.status == 200, answer.text
    rows = json.loads(answer.text)["results"]["bindings"]
    return {value["value"] for row in rows for value in row.values()}


def test_another_graph_is_asked_and_joined_with_this_one(wire: Wire, servers: tuple[Served, Served]) -> None:
    remote = f"{servers[1].address}/sparql"
    names = _ask(wire, f"SELECT ?n {{ SERVICE <{remote}> {{ <{KZ}> rdfs:label ?n }} }}")
    assert _values(names) == {"Kazakhstan"}
    joined = f"SELECT ?n {{ ?e kg:country ?c SERVICE <{remote}> {{ ?c rdfs:label ?n }} }}"
    assert "Kazakhstan" in _values(_ask(wire, joined))
    assert (
        json.loads(_ask(wire, f"ASK {{ SERVICE <{remote}> {{ ?s a kg:Country }} }}").text)["boolean"] is True
    )
    graph = _ask(
        wire, f"CONSTRUCT {{ ?s a kg:X }} {{ SERVICE <{remote}> {{ ?s a kg:Country }} }}", "text/turtle"
    )
    assert "country/KZ" in graph.text
    page = _ask(wire, f"SELECT ?n {{ SERVICE <{remote}> {{ <{KZ}> rdfs:label ?n }} }}", "text/html")
    assert "Kazakhstan" in page.text


def test_the_description_of_the_service_tells_that_it_asks_others(servers: tuple[Served, Served]) -> None:
    for server, is_told in zip(servers, (True, False), strict=True):
        client = Wire(server.authority)
        turtle = client.ask("GET", "/sparql", {"Accept": "text/turtle"}).text
        client.close()
        assert ("BasicFederatedQuery" in turtle) is is_told


def test_what_was_asked_elsewhere_is_not_kept(wire: Wire, endpoint: Endpoint) -> None:
    query = f"SELECT ?s {{ SERVICE <{endpoint.address('/sparql')}> {{ ?s ?p ?o }} }}"
    endpoint.asked.clear()
    for _ in range(2):
        answer = _ask(wire, query)
        assert _values(answer) == {"urn:found"}
        assert answer.headers["Cache-Control"] == "no-store"
        assert "ETag" not in answer.headers
    assert endpoint.asked == ["POST /sparql"] * 2


@pytest.mark.parametrize("path", ["/to/307/sparql", "/to/303/sparql", "/to/307/to/307/sparql"])
def test_a_redirect_is_followed_to_what_is_listed(wire: Wire, endpoint: Endpoint, path: str) -> None:
    endpoint.asked.clear()
    found = _ask(wire, f"SELECT ?s {{ SERVICE <{endpoint.address(path)}> {{ ?s ?p ?o }} }}")
    assert _values(found) == {"urn:found"}
    assert endpoint.asked[-1].startswith("GET /sparql?query=" if "303" in path else "POST /sparql")


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/to/302/secret", "not on the list"),
        ("/error", "answers 500"),
        ("/broken", "breaks off"),
        ("/large", "larger than"),
    ],
)
def test_what_goes_wrong_is_told_and_silent_is_silent(
    wire: Wire, endpoint: Endpoint, path: str, said: str
) -> None:
    endpoint.asked.clear()
    call = f"SERVICE <{endpoint.address(path)}> {{ ?s ?p ?o }}"
    answer = _ask(wire, f"SELECT ?s {{ {call} }}")
    assert answer.status == 502
    problem = json.loads(answer.text)
    assert said in problem["detail"]
    assert f"SERVICE <{endpoint.address(path)}>" in problem["detail"]
    assert not [each for each in endpoint.asked if " /secret" in each]
    silent = _ask(wire, f"SELECT ?s {{ {call.replace('SERVICE', 'SERVICE SILENT')} }}")
    assert silent.status == 200


def test_an_endpoint_that_drips_holds_nobody_up(wire: Wire, endpoint: Endpoint) -> None:
    answer = _ask(wire, f"SELECT ?s {{ SERVICE <{endpoint.address('/slow')}> {{ ?s ?p ?o }} }}")
    assert answer.status in {502, 503}
    assert _values(_ask(wire, "SELECT ?x { BIND(<urn:x> AS ?x) }")) == {"urn:x"}


def test_a_name_that_is_at_home_is_refused(wire: Wire, endpoint: Endpoint) -> None:
    name = socket.gethostname()
    try:
        at = {each[4][0] for each in socket.getaddrinfo(name, 80)}
    except OSError:
        pytest.skip("this machine does not know its own name")
    if all(is_public(ip_address(each)) for each in at):
        pytest.skip("this machine has a public address")
    endpoint.asked.clear()
    answer = _ask(wire, f"SELECT ?s {{ SERVICE <{endpoint.address('/sparql', name)}> {{ ?s ?p ?o }} }}")
    assert answer.status == 502
    assert "no public address" in answer.text
    assert endpoint.asked == []


@pytest.mark.parametrize(
    "clause",
    [
        "SERVICE <{other}> {{ ?s ?p ?o }}",
        "SERVICE <{listed}/> {{ ?s ?p ?o }}",
        "SERVICE <{listed}?x> {{ ?s ?p ?o }}",
        "SERVICE ?s {{ ?s ?p ?o }}",
        "BIND(<{other}> AS ?at) SERVICE ?at {{ ?s ?p ?o }}",
        "SERVICE e: {{ ?s ?p ?o }}",
        "SERVICE <{listed}> {{ SERVICE <{other}> {{ ?s ?p ?o }} }}",
        "SERVICE <{listed}> {{ ?s ?p ?o }} SERVICE SILENT <{other}> {{ ?s ?p ?o }}",
        "FILTER(1<?b#>'''\n) SERVICE <{other}> {{ ?s ?p ?o }} }}#'''",
    ],
)
def test_what_is_not_listed_is_not_called(wire: Wire, endpoint: Endpoint, clause: str) -> None:
    endpoint.asked.clear()
    listed, other = endpoint.address("/sparql"), endpoint.address("/other")
    answer = _ask(wire, f"PREFIX e: <{listed}> SELECT * {{ {clause.format(listed=listed, other=other)} }}")
    assert answer.status == 400
    assert "SERVICE" in answer.text
    assert endpoint.asked == []


def test_no_answer_tells_what_stands_between(wire: Wire, endpoint: Endpoint) -> None:
    call = f"SERVICE <{endpoint.address('/error')}> {{ ?s ?p ?o }}"
    malformed = json.loads(_ask(wire, f"SELECT ?s {{ {call} LIMIT 3").text)
    assert (malformed["line"], malformed["status"]) == (1, 400)
    assert malformed["corrected"] == f"SELECT ?s {{ {call} }} LIMIT 3"
    ports = {str(endpoint.server_address[1])}
    for query in (f"SELECT ?s {{ {call} }}", f"SELECT ?s {{ {call} LIMIT 3", f"SELECT * {{ {call} ?x }}"):
        told = _ask(wire, query).text
        assert {each.partition("/")[0] for each in told.split("127.0.0.1:")[1:]} <= ports


def test_nothing_is_called_unless_there_is_a_list(servers: tuple[Served, Served], endpoint: Endpoint) -> None:
    endpoint.asked.clear()
    client = Wire(servers[1].authority)
    answer = _ask(client, f"ASK {{ SERVICE <{endpoint.address('/sparql')}> {{ ?s ?p ?o }} }}")
    client.close()
    assert answer.status == 400
    assert "SERVICE is not allowed here" in answer.text
    assert endpoint.asked == []


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("8.8.8.8", True), ("2001:4860:4860::8888", True), ("127.0.0.1", False), ("10.1.2.3", False),
        ("172.16.0.1", False), ("192.168.1.1", False), ("169.254.169.254", False), ("100.64.0.1", False),
        ("0.0.0.0", False), ("224.0.0.1", False), ("255.255.255.255", False), ("::1", False), ("::", False),
        ("fe80::1", False), ("fd00::1", False), ("ff02::1", False), ("::ffff:10.0.0.1", False),
        ("::ffff:8.8.8.8", True), ("64:ff9b::7f00:1", False), ("64:ff9b::808:808", True),
        ("2002:7f00:1::", False),
    ],
)  # fmt: skip
def test_public_is_what_is_of_the_public_network(address: str, public: bool) -> None:
    assert is_public(ip_address(address)) is public


@pytest.mark.parametrize(
    "listed", ["ftp://example.org/", "example.org/sparql", "http://a b/", "file:///etc/passwd"]
)
def test_a_list_of_what_is_no_endpoint_is_refused(listed: str) -> None:
    with pytest.raises(ConfigError, match="services"):
        Settings(services=(listed,))
