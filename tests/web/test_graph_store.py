"""What clients may expect of the Graph Store Protocol and of HTTP, on a plain store."""

import json
from collections.abc import Iterator
from urllib.parse import quote, urlencode

import pyoxigraph as ox
import pytest
from live_server import Answer, Wire, serving

G = "http://graphs.example/g"
TURTLE, NQUADS, JSONLD = "text/turtle", "application/n-quads", "application/ld+json"


@pytest.fixture(scope="module")
def wire(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wire]:
    with serving(tmp_path_factory.mktemp("graphs") / "store", "--plain", "--open") as served:
        client = Wire(served.authority)
        yield client
        client.close()


@pytest.fixture(autouse=True)
def _empty(wire: Wire) -> None:
    assert send(wire, "PUT", "/store", b"", NQUADS).status == 204


def send(
    wire: Wire, method: str, path: str, body: bytes | None = None, kind: str = TURTLE, **headers: str
) -> Answer:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return wire.ask(method, path, named | ({"Content-Type": kind} if body is not None else {}), body)


def of(graph: str) -> str:
    return f"/store?graph={quote(graph, safe='')}"


def dataset(wire: Wire) -> ox.Dataset:
    return ox.Dataset(ox.parse(send(wire, "GET", "/store", Accept=NQUADS).body, ox.RdfFormat.N_QUADS))


def is_same(one: ox.Dataset, other: ox.Dataset) -> bool:
    for each in (one, other):
        each.canonicalize(ox.CanonicalizationAlgorithm.UNSTABLE)
    return one == other


SHARED = b"""_:b <http://e/p> "default" .
_:b <http://e/p> "one" <http://e/1> .
_:b <http://e/q> "two" <http://e/2> .
_:c <http://e/q> _:b <http://e/2> ."""


@pytest.mark.parametrize("method", ["PUT", "POST"])
@pytest.mark.parametrize("kind", [NQUADS, "application/trig", JSONLD])
def test_a_dataset_can_be_sent_back_as_it_was_got(wire: Wire, method: str, kind: str) -> None:
    assert send(wire, "PUT", "/store", SHARED, NQUADS).status == 204
    before = dataset(wire)
    got = send(wire, "GET", "/store", Accept=kind)
    assert send(wire, "PUT", "/store", b"", NQUADS).status == 204
    assert send(wire, method, "/store", got.body, kind).status == 204
    assert is_same(dataset(wire), before)


def test_json_ld_without_graphs_is_one_graph(wire: Wire) -> None:
    made = send(wire, "POST", "/store", b'{"@id": "http://e/s", "http://e/p": 1}', JSONLD)
    assert made.status == 201
    assert send(wire, "GET", of(made.headers["Location"]), Accept=TURTLE).status == 200


def test_who_takes_anything_gets_all_graphs_whatever_they_hold(wire: Wire) -> None:
    send(
        wire,
        "PUT",
        "/store",
        b"<http://e/s> <http://e/1> <<( <http://e/a> <http://e/b> 1 )>> .",
        "application/trig",
    )
    assert send(wire, "GET", "/store").status == 200
    assert send(wire, "GET", "/store", Accept="*/*").mimetype == NQUADS
    for path in (
        "/store",
        "/store?default",
        f"/sparql?{urlencode({'query': 'CONSTRUCT WHERE { ?s ?p ?o }'})}",
    ):
        answer = send(wire, "GET", path, Accept=JSONLD)
        assert (answer.status, answer.mimetype) == (406, "application/problem+json")
    assert "triple term" in answer.text
    numbered = send(wire, "GET", "/store?default", Accept="application/rdf+xml")
    assert (numbered.status, "http://e/1" in numbered.text) == (406, True)


def test_nothing_is_written_over_what_a_client_has_not_seen(wire: Wire) -> None:
    def put(number: int, **condition: str) -> int:
        return send(wire, "PUT", of(G), b"<http://e/s> <http://e/p> %d ." % number, **condition).status

    assert put(1, If_Match="*") == 412, "it is not there"
    assert put(1, If_None_Match="*") == 201
    assert put(2, If_None_Match="*") == 412, "it is there"
    tag = send(wire, "GET", of(G), Accept=TURTLE).headers["ETag"]
    assert send(wire, "GET", of(G), Accept=TURTLE, If_None_Match=tag).status == 304
    assert send(wire, "HEAD", of(G), Accept=TURTLE).headers["ETag"] == tag
    assert put(2, If_Match='"other"') == 412
    assert put(2, If_None_Match=tag) == 412
    assert put(2, If_Match=f'"other", {tag}') == 204
    assert put(3, If_Match=tag) == 412, "it has changed since"
    assert send(wire, "DELETE", of(G), If_Match=tag).status == 412
    assert send(wire, "PUT", "/store", b"", NQUADS, If_Match=tag).status == 412
    tag = send(wire, "GET", of(G), Accept=NQUADS.replace("quads", "triples")).headers["ETag"]
    assert b" 2 " in send(wire, "GET", of(G), Accept=TURTLE).body
    assert send(wire, "DELETE", of(G), If_Match=tag).status == 204


def test_any_answer_that_is_there_will_do_but_no_error(wire: Wire) -> None:
    def asked(query: str, accept: str = "*/*") -> int:
        path = f"/sparql?{urlencode({'query': query})}"
        return send(wire, "GET", path, Accept=accept, If_None_Match="*").status

    assert [
        asked("ASK {}"),
        asked("SELECT * { <http://e/s> ?p ?o }"),
        asked("SELECT * { ?s ?p ?o FILTER(1) }"),
    ] == [304] * 3
    assert [asked("ASK {"), asked("SELECT * { ?describe ?p ?o }", TURTLE)] == [400, 406]


@pytest.mark.parametrize(
    "path", ["/store", "/store/x", of(G), "/sparql", "/query", "/update", "/.well-known/void", "/queries"]
)
def test_a_browser_is_told_what_pages_elsewhere_may_send(wire: Wire, path: str) -> None:
    asked = {"Access-Control-Request-Method": "GET", "Access-Control-Request-Headers": "authorization"}
    answer = send(wire, "OPTIONS", path, Origin="https://example.org", **asked)
    allowed = set(answer.headers["Access-Control-Allow-Methods"].split(", "))
    expected = {"POST"} if path == "/update" else {"GET", "HEAD"}
    expected |= {"PUT", "POST", "DELETE"} if path.startswith("/store") else set()
    assert expected <= allowed
    assert allowed == set(answer.headers["Allow"].split(", "))
    assert {"Authorization", "Content-Type", "If-Match"} <= set(
        answer.headers["Access-Control-Allow-Headers"].split(", ")
    )
    assert (answer.status, answer.body) == (204, b"")


@pytest.mark.parametrize("kind", ["application/sparql-update", "application/x-www-form-urlencoded"])
def test_an_address_for_queries_takes_no_update(wire: Wire, kind: str) -> None:
    text = "INSERT DATA { <http://e/s> <http://e/p> 1 }"
    body = text if kind.endswith("update") else urlencode({"update": text})
    assert send(wire, "POST", "/query", body.encode(), kind).status == 400
    assert not len(dataset(wire))
    assert send(wire, "POST", "/sparql", body.encode(), kind).status == 204


def test_a_graph_is_that_of_the_very_address(wire: Wire) -> None:
    for number, path in enumerate(["a/b", "a%2Fb", "a%2fc", "%7Ed"]):
        assert send(wire, "PUT", f"/store/{path}", b"<http://e/s> <http://e/p> %d ." % number).status == 201
    ends = sorted(str(quad.graph_name.value).partition("/store/")[2] for quad in dataset(wire))
    assert ends == ["a%2Fb", "a%2Fc", "a/b", "~d"]
    assert send(wire, "GET", "/store/a%2Fb", Accept=TURTLE).text.strip().endswith("1 .")


def test_a_plus_in_the_name_of_a_graph_is_one(wire: Wire) -> None:
    assert send(wire, "PUT", "/store?graph=http://e/a+b", b"<http://e/s> <http://e/p> 1 .").status == 201
    assert [quad.graph_name.value for quad in dataset(wire)] == ["http://e/a+b"]


def test_what_would_be_read_wrongly_is_refused(wire: Wire) -> None:
    turtle = "<http://e/s> <http://e/p> 'é' .".encode("latin-1")
    assert send(wire, "PUT", of(G), turtle, "text/turtle; charset=iso-8859-1").status == 415
    query = "application/sparql-query; charset=utf-16"
    assert send(wire, "POST", "/sparql", "ASK {}".encode("utf-16"), query).status == 415
    assert send(wire, "POST", "/sparql", b"ASK {}", 'application/sparql-query; charset="UTF-8"').status == 200
    assert send(wire, "PUT", of(G), b"", Content_Range="bytes 0-9/100").status == 400
    listed = send(wire, "PUT", of(G), b"", "text/plain")
    assert (listed.status, "there are" in listed.text, listed.text.count("text/plain")) == (415, True, 1)


def test_more_triples_than_are_taken_at_once_are_refused(wire: Wire) -> None:
    answer = send(wire, "PUT", of(G), b"<http://e/s> <http://e/p> " + b"[]," * 200_000 + b"[] .")
    assert (answer.status, answer.mimetype) == (413, "application/problem+json")


def test_malformed_rdf_is_told_with_its_place(wire: Wire) -> None:
    answer = send(wire, "PUT", of(G), b"<http://e/s> <http://e/p>\n  nonsense .")
    problem = json.loads(answer.body)
    assert (answer.status, problem["status"], problem["line"]) == (400, 400, 2)
    context = b'{"@context": "https://example.org/context", "@id": "http://e/s"}'
    assert "is not fetched" in send(wire, "PUT", of(G), context, JSONLD).text


def test_it_tells_of_itself_no_more_than_it_knows(wire: Wire) -> None:
    told = send(wire, "GET", "/.well-known/void", Accept=TURTLE).text
    assert "states" not in told
    assert "uriSpace" not in told
    assert "ns1" not in told
