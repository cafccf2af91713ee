"""SERVICE and LOAD of what is on the list, through all that watches over it; nothing else is ever called."""

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
#: What can be loaded, by the last part of the path, and how its type is told where that is not Turtle.
DATA = {
    "a.ttl": b"<it> <urn:p> <../up>, 'caf\xc3\xa9' .",
    "b.nt": b"<urn:s> <urn:p> _:x .\n_:x <urn:p> <urn:o> .\n",
    "c.rdf": b"""<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:u="urn:">
                 <rdf:Description rdf:about=""><u:p rdf:resource="x"/></rdf:Description></rdf:RDF>""",
    "d": b'{"@id": "x", "urn:p": "y"}',
    "named": b'{"@id": "x", "@graph": [{"@id": "x", "urn:p": "y"}]}',
    "page": b"<p>no RDF</p>",
}
TYPES = {
    "b.nt": "text/plain; charset=utf-8", "c.rdf": "application/rdf+xml", "d": "application/ld+json",
    "named": "application/ld+json", "page": "text/html",
}  # fmt: skip


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
        elif path.startswith("/data/"):
            body = DATA.get(path.rpartition("/")[2], b"<urn:s> nonsense")
            self._send(body, len(body), TYPES.get(path.rpartition("/")[2], "text/turtle"))
        else:
            self._send(FOUND, len(FOUND))

    do_GET = do_POST  # noqa: N815  # the library calls it so

    def _send(self, body: bytes, length: int, media_type: str = JSON) -> None:
        self.send_response(200)
        self.send_header("Content-Type", media_type)
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
            serving(
                stores[0],
                KGRAPH_SERVICES=" ".join(allowed),
                KGRAPH_QUERY_TIME_S="2",
                KGRAPH_SERVICE_CALLS="3",
            )
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


def test_one_query_calls_others_so_many_times_and_the_next_as_many_again(
    wire: Wire, endpoint: Endpoint
) -> None:
    clause = f"{{ SERVICE <{endpoint.address('/sparql')}> {{ ?s ?p ?o }} }}"
    for _ in range(2):
        endpoint.asked.clear()
        assert _values(_ask(wire, f"SELECT ?s {{ {' UNION '.join([clause] * 3)} }}")) == {"urn:found"}
        assert len(endpoint.asked) == 3
        endpoint.asked.clear()
        refused = _ask(wire, f"SELECT ?s {{ {' UNION '.join([clause] * 20)} }}")
        assert refused.status == 502
        assert "3 times" in refused.text
        assert len(endpoint.asked) == 3


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
    assert f"<{endpoint.address(path)}>" in problem["detail"]
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


# LOAD, and SERVICE in updates: in a plain store

LOADED = [f"/data/{name}" for name in (*DATA, "wrong")] + [
    "/to/302/data/a.ttl", "/to/302/data/hidden", "/sparql", "/error", "/broken", "/slow", "/large",
]  # fmt: skip


@pytest.fixture(scope="module")
def plain(endpoint: Endpoint, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    store = tmp_path_factory.mktemp("loads") / "store"
    listed = " ".join(endpoint.address(path) for path in LOADED)
    limits = {"KGRAPH_SERVICES": listed, "KGRAPH_QUERY_TIME_S": "2"}
    with serving(store, "--plain", "--open", **limits) as served:
        yield served


@pytest.fixture
def writes(plain: Served) -> Iterator[Wire]:
    client = Wire(plain.authority)
    _update(client, "DROP ALL")
    yield client
    client.close()


def _update(wire: Wire, text: str) -> Answer:
    headers = {"Content-Type": "application/sparql-update", "Accept": "application/json"}
    return wire.ask("POST", "/update", headers, text.encode())


def _graph(wire: Wire, name: str = "urn:g") -> set[tuple[str, str]]:
    """Subjects and objects; blank nodes without their labels."""
    found = _ask(wire, f"SELECT ?s ?o {{ GRAPH <{name}> {{ ?s <urn:p> ?o }} }}")
    rows = json.loads(found.text)["results"]["bindings"]
    return {
        (*("_" if row[each]["type"] == "bnode" else row[each]["value"] for each in ("s", "o")),)
        for row in rows
    }  # type: ignore[return-value]


@pytest.mark.parametrize(
    ("path", "triples"),
    [
        ("/data/a.ttl", {("{at}/data/it", "{at}/up"), ("{at}/data/it", "café")}),
        ("/to/302/data/a.ttl", {("{at}/data/it", "{at}/up"), ("{at}/data/it", "café")}),
        ("/data/b.nt", {("urn:s", "_"), ("_", "urn:o")}),
        ("/data/c.rdf", {("{at}/data/c.rdf", "{at}/data/x")}),
        ("/data/d", {("{at}/data/x", "y")}),
    ],
)
def test_what_is_listed_can_be_loaded(
    writes: Wire, endpoint: Endpoint, path: str, triples: set[tuple[str, str]]
) -> None:
    endpoint.asked.clear()
    answer = _update(writes, f"LOAD <{endpoint.address(path)}> INTO GRAPH <urn:g>")
    assert answer.status == 204, answer.text
    at = endpoint.address("")
    assert _graph(writes) == {(s.format(at=at), o.format(at=at)) for s, o in triples}
    assert all(asked.startswith("GET /") for asked in endpoint.asked)


def test_a_listed_endpoint_is_asked_in_an_update(writes: Wire, endpoint: Endpoint) -> None:
    call = f"SERVICE <{endpoint.address('/sparql')}> {{ ?s ?p ?o }}"
    assert _update(writes, f"INSERT {{ GRAPH <urn:g> {{ ?s <urn:p> 1 }} }} WHERE {{ {call} }}").status == 204
    assert _graph(writes) == {("urn:found", "1")}


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/data/wrong", "cannot be read"),
        ("/data/named", "names graphs"),
        ("/data/page", "text/html"),
        ("/to/302/data/hidden", "not on the list"),
        ("/error", "answers 500"),
        ("/broken", "breaks off"),
        ("/large", "larger than"),
    ],
)
def test_a_load_that_fails_changes_nothing(writes: Wire, endpoint: Endpoint, path: str, said: str) -> None:
    endpoint.asked.clear()
    first = "INSERT DATA { GRAPH <urn:g> { <urn:s> <urn:p> 1 } }"
    address = endpoint.address(path)
    answer = _update(writes, f"{first} ; LOAD <{address}> INTO GRAPH <urn:g>")
    assert answer.status == 502, answer.text
    detail = json.loads(answer.text)["detail"]
    assert said in detail
    assert f"<{address}>" in detail
    assert _graph(writes) == set()
    assert not [each for each in endpoint.asked if "hidden" in each and "/to/" not in each]
    assert _update(writes, f"{first} ; LOAD SILENT <{address}> INTO GRAPH <urn:g>").status == 204
    assert _graph(writes) == {("urn:s", "1")}


def test_a_load_that_drips_is_ended(writes: Wire, endpoint: Endpoint) -> None:
    answer = _update(writes, f"LOAD <{endpoint.address('/slow')}>")
    assert answer.status in {502, 503}
    assert _update(writes, "INSERT DATA { <urn:after> <urn:p> 1 }").status == 204


@pytest.mark.parametrize(
    "update",
    [
        "LOAD <{other}>",
        "LOAD SILENT <{other}> INTO GRAPH <urn:g>",
        "LOAD <{listed}?x>",
        "LOAD <file:///etc/passwd>",
        "PREFIX e: <{other}> LOAD e:",
        "BASE <{other}> LOAD <>",
        "LOAD <{listed}> ; LOAD <{other}>",
        "INSERT {{ ?s ?p ?o }} WHERE {{ SERVICE <{other}> {{ ?s ?p ?o }} }}",
        "INSERT {{ ?s ?p ?o }} WHERE {{ ?s <urn:at> ?at SERVICE ?at {{ ?s ?p ?o }} }}",
    ],
)
def test_what_is_not_listed_is_not_loaded(writes: Wire, endpoint: Endpoint, update: str) -> None:
    endpoint.asked.clear()
    listed, other = endpoint.address("/data/a.ttl"), endpoint.address("/data/b")
    answer = _update(writes, update.format(listed=listed, other=other))
    assert answer.status == 400
    assert "is allowed here for these addresses alone" in answer.text
    assert endpoint.asked == []


def test_a_slip_in_an_update_that_calls_is_told_in_its_own_words(writes: Wire, endpoint: Endpoint) -> None:
    text = f"LOAD <{endpoint.address('/data/a.ttl')}> INT GRAPH <urn:g>"
    told = json.loads(_update(writes, text).text)
    assert (told["status"], told["line"], told["column"]) == (400, 1, text.index("INT") + 1)
    ports = {str(endpoint.server_address[1])}
    assert {each.partition("/")[0] for each in str(told).split("127.0.0.1:")[1:]} <= ports
