"""The read half of the SPARQL 1.1 Protocol and of HTTP, on `kgraph serve` over real HTTP, byte for byte."""

import gzip
import json
import re
import zlib
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest
from live_server import Answer, Wire, serving
from rdflib import Graph, URIRef
from sample_graph import MINTER, first_note, load, second_note

from kgraph.formats import formats_for
from kgraph.namespaces import DCAT, DCTERMS, SD, VOID
from kgraph.store import open_store

ASK = "ASK { ?s ?p ?o }"
COUNTRIES = "SELECT ?c WHERE { ?c a kg:Country }"
GRAPH = "CONSTRUCT { ?c a kg:Country } WHERE { ?c a kg:Country }"
JSON = "application/sparql-results+json"
PROBLEM = "application/problem+json"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
FORM = "application/x-www-form-urlencoded"
QUERY = "application/sparql-query"
REFERENCE = MINTER.graph("reference")
MANY = "SELECT * { ?a a ?b . ?c a ?d } LIMIT 20000"
#: The same rows each time: the copy in memory has another order than the disk, so a limit cuts off others.
ALL = "SELECT * {{ VALUES ?a {{ {0} }} VALUES ?b {{ {0} }} }}".format(" ".join(map(str, range(140))))


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("wire") / "store"
    with open_store(path, create=True) as opened:
        load(opened, first_note())
    return path


@pytest.fixture(scope="module")
def wire(store: Path) -> Iterator[Wire]:
    with serving(store) as served:
        client = Wire(served.authority)
        yield client
        client.close()


def _get(wire: Wire, fields: list[tuple[str, str]], **headers: str) -> Answer:
    return wire.ask("GET", f"/sparql?{urlencode(fields)}", _headers(headers))


def _post(wire: Wire, body: str | bytes, content_type: str, path: str = "/sparql", **headers: str) -> Answer:
    data = body if isinstance(body, bytes) else body.encode()
    return wire.ask("POST", path, {"Content-Type": content_type, **_headers(headers)}, data)


def _headers(given: dict[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in given.items()}


def _ask_every_way(wire: Wire, query: str, fields: list[tuple[str, str]]) -> list[Answer]:
    """By GET, by form with everything in the body, by form with the dataset in the address, by itself."""
    whole, rest = urlencode([("query", query), *fields]), urlencode(fields)
    return [
        wire.ask("GET", f"/sparql?{whole}"),
        _post(wire, whole, FORM),
        _post(wire, urlencode({"query": query}), f"{FORM}; charset=UTF-8", f"/sparql?{rest}"),
        _post(wire, query, QUERY, f"/sparql?{rest}"),
    ]


def _truths(answers: list[Answer]) -> set[bool]:
    return {json.loads(answer.body)["boolean"] for answer in answers}


@pytest.mark.parametrize(
    ("query", "fields", "truth"),
    [
        ("ASK { ?c a kg:Country }", [], True),
        ("ASK { ?c a kg:Country }", [("default-graph-uri", REFERENCE)], True),
        ("ASK { ?c a kg:Country }", [("default-graph-uri", "urn:none")], False),
        (
            "ASK { ?c a kg:Country }",
            [("default-graph-uri", "urn:none"), ("default-graph-uri", REFERENCE)],
            True,
        ),
        ("ASK { ?c a kg:Country }", [("named-graph-uri", REFERENCE)], False),
        ("ASK { GRAPH ?g { ?c a kg:Country } }", [("named-graph-uri", REFERENCE)], True),
        ("ASK { GRAPH ?g { ?c a kg:Country } }", [("default-graph-uri", REFERENCE)], False),
        ("ASK { ?c a kg:Country }", [("union-default-graph", "false")], False),
        ("ASK { ?c a kg:Country }", [("union-default-graph", "true")], True),
        ("ASK { GRAPH ?g { ?c a kg:Country } }", [("union-default-graph", "false")], True),
        (f"ASK FROM <{REFERENCE}> {{ ?c a kg:Country }}", [("union-default-graph", "false")], True),
        (f"ASK FROM <{REFERENCE}> {{ ?c a kg:Country }}", [("default-graph-uri", "urn:none")], False),
        (
            "ASK { ?c a kg:Country }",
            [("union-default-graph", "false"), ("default-graph-uri", REFERENCE)],
            True,
        ),
    ],
)
def test_the_dataset_is_the_one_asked_for(
    wire: Wire, query: str, fields: list[tuple[str, str]], truth: bool
) -> None:
    assert _truths(_ask_every_way(wire, query, fields)) == {truth}


def test_what_is_not_clear_is_400(wire: Wire) -> None:
    twice = urlencode([("query", ASK), ("query", ASK)])
    answers = [
        wire.ask("GET", f"/sparql?{twice}"),
        _post(wire, twice, FORM),
        _post(wire, urlencode({"query": ASK}), FORM, f"/sparql?{urlencode({'query': ASK})}"),
        _post(wire, ASK, QUERY, f"/sparql?{urlencode({'query': ASK})}"),
        _post(wire, "format=json", FORM),
        _post(wire, b"query=ASK%20%7B%FF%7D", FORM),
        _post(wire, ASK.encode("utf-16"), QUERY),
        _get(wire, [("query", ASK), ("default-graph-uri", "no iri")]),
        _get(wire, [("query", ASK), ("union-default-graph", "perhaps")]),
        _get(wire, [("query", ASK), ("union-default-graph", "true"), ("union-default-graph", "false")]),
        _get(wire, [("query", ASK), ("format", "docx")]),
        _get(wire, [("query", "")]),
    ]
    assert [answer.status for answer in answers] == [400] * len(answers)
    assert {answer.mimetype for answer in answers} == {PROBLEM}


def test_a_refused_request_leaves_the_connection_whole(wire: Wire) -> None:
    body = "x" * 200_000
    for content_type, status in (("application/sparql-update", 403), ("text/plain", 415)):
        assert _post(wire, body, content_type).status == status
        assert _get(wire, [("query", ASK)]).status == 200


def test_relative_iris_are_below_the_base_of_the_graph(wire: Wire) -> None:
    answers = _ask_every_way(wire, "ASK { <id/country/KZ> a kg:Country }", [])
    assert _truths(answers) == {True}


@pytest.mark.parametrize(
    ("accept", "mimetype"),
    [
        ("*/*", JSON),
        ("application/*", JSON),
        ("text/*", "text/csv"),
        ("text/csv;q=0.5, application/sparql-results+xml;q=0.9", "application/sparql-results+xml"),
        ("text/tab-separated-values, */*;q=0.1", "text/tab-separated-values"),
        (f"{JSON};q=0, */*", "application/sparql-results+xml"),
        ("application/json", "application/json"),
        ("text/xml", "text/xml"),
        ("Text/CSV; charset=utf-8", "text/csv"),
        (BROWSER, "text/html"),
    ],
)
def test_solutions_come_as_the_accept_header_wishes(wire: Wire, accept: str, mimetype: str) -> None:
    answer = _get(wire, [("query", COUNTRIES)], Accept=accept)
    assert answer.status == 200
    assert answer.mimetype == mimetype
    assert "Accept" in _vary(answer)


def _vary(answer: Answer) -> set[str]:
    return {name.strip() for name in answer.headers.get("Vary", "").split(",")}


@pytest.mark.parametrize(
    ("query", "format_"),
    [(COUNTRIES, each) for each in formats_for("solutions")]
    + [(GRAPH, each) for each in formats_for("graph")],
    ids=lambda value: getattr(value, "name", "of"),
)
def test_people_say_what_they_want_by_name_or_media_type(wire: Wire, query: str, format_: object) -> None:
    for asked in (format_.name, format_.media_type, format_.name.upper()):
        answer = _get(wire, [("query", query), ("format", asked)], Accept=BROWSER)
        assert answer.mimetype == format_.media_type


@pytest.mark.parametrize("query", [COUNTRIES, ASK, GRAPH])
def test_what_there_is_not_is_406_with_what_there_is(wire: Wire, query: str) -> None:
    offered = formats_for("graph" if query == GRAPH else "solutions")
    for accept in ("image/png", "text/html;q=0, image/png"):
        answer = _get(wire, [("query", query)], Accept=accept)
        assert (answer.status, answer.mimetype) == (406, PROBLEM)
        assert all(each.media_type in json.loads(answer.body)["detail"] for each in offered)


@pytest.mark.parametrize(
    ("accept", "mimetype"),
    [
        (None, PROBLEM),
        ("*/*", PROBLEM),
        (JSON, PROBLEM),
        ("application/json", PROBLEM),
        (PROBLEM, PROBLEM),
        ("application/sparql-results+xml", PROBLEM),
        (BROWSER, "text/html"),
        ("text/plain", "text/plain"),
        ("text/csv", "text/plain"),
    ],
)
def test_errors_come_as_the_client_reads_them(wire: Wire, accept: str | None, mimetype: str) -> None:
    headers = {"Accept": accept} if accept else {}
    answer = _get(wire, [("query", "SELECT ?x { ?x a }")], **headers)
    assert (answer.status, answer.mimetype) == (400, mimetype)
    assert "line 1" in answer.text
    if mimetype == PROBLEM:
        problem = json.loads(answer.body)
        assert problem.keys() >= {"type", "title", "status", "detail"}
        assert problem["status"] == 400


@pytest.mark.parametrize("query", [COUNTRIES, GRAPH, ASK])
def test_head_has_the_headers_of_get(wire: Wire, query: str) -> None:
    path = f"/sparql?{urlencode({'query': query})}"
    head, get = wire.ask("HEAD", path), wire.ask("GET", path)
    assert (head.status, head.body) == (200, b"")
    for name in ("Content-Type", "ETag", "Vary", "Cache-Control"):
        assert head.headers[name] == get.headers[name]
    assert wire.ask("HEAD", f"/sparql?{urlencode({'query': 'SELECT'})}").status == 400


def test_head_evaluates_nothing(wire: Wire) -> None:
    query = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n1 ?o }"
    assert wire.ask("HEAD", f"/sparql?{urlencode({'query': query})}").status == 200


def test_pages_elsewhere_may_read(wire: Wire) -> None:
    origin = {"Origin": "https://elsewhere.example"}
    asked = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type"}
    preflight = wire.ask("OPTIONS", "/sparql", origin | asked)
    assert preflight.status == 204
    assert {"GET", "HEAD", "POST"} <= set(preflight.headers["Access-Control-Allow-Methods"].split(", "))
    assert "Content-Type" in preflight.headers["Access-Control-Allow-Headers"]
    for answer in (
        _get(wire, [("query", ASK)], **origin),
        _get(wire, [("query", "no query")], **origin),
    ):
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert "ETag" in answer.headers["Access-Control-Expose-Headers"]


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_other_methods_are_405_with_those_there_are(wire: Wire, method: str) -> None:
    answer = wire.ask(method, "/sparql", body=b"")
    assert (answer.status, answer.mimetype) == (405, PROBLEM)
    assert {"GET", "HEAD", "POST", "OPTIONS"} <= set(answer.headers["Allow"].split(", "))


def _decoded(answer: Answer) -> bytes:
    coding = answer.headers["Content-Encoding"]
    if coding == "gzip":
        return gzip.decompress(answer.body)
    if coding == "br":
        return pytest.importorskip("brotli").decompress(answer.body)
    if coding == "zstd":
        return pytest.importorskip("zstandard").ZstdDecompressor().decompressobj().decompress(answer.body)
    return answer.body


@pytest.mark.parametrize("coding", ["gzip", "br", "zstd"])
@pytest.mark.parametrize("query", [ALL, GRAPH + " #" + "x" * 10], ids=["large", "small"])
def test_an_answer_is_compressed_as_the_client_takes_it(wire: Wire, coding: str, query: str) -> None:
    if coding != "gzip":
        pytest.importorskip({"br": "brotli", "zstd": "zstandard"}[coding])
    fields = [("query", query)]
    plain = _get(wire, fields, Accept_Encoding="identity")
    small = _get(wire, fields, Accept_Encoding=coding)
    assert "Content-Encoding" not in plain.headers
    assert small.headers["Content-Encoding"] == coding
    # In whatever order: that of triples is not told.
    is_same = sorted(re.split(rb"[{}\n]", _decoded(small))) == sorted(re.split(rb"[{}\n]", plain.body))
    assert is_same
    assert {"Accept", "Accept-Encoding"} <= _vary(plain) & _vary(small)
    if query == ALL:
        assert len(small.body) < len(plain.body) / 4


@pytest.mark.parametrize("wish", ["gzip;q=0", "identity", "identity, gzip;q=0.5", "compress", ""])
def test_nobody_gets_what_they_do_not_take(wire: Wire, wish: str) -> None:
    answer = _get(wire, [("query", MANY)], Accept_Encoding=wish)
    assert "Content-Encoding" not in answer.headers
    json.loads(answer.body)


def test_a_compressed_answer_can_be_read_as_it_comes(wire: Wire) -> None:
    """The first bytes on the wire are whole chunks, not what a compressor holds back."""
    answer = _get(wire, [("query", MANY)], Accept_Encoding="gzip")
    stream = zlib.decompressobj(31)
    begun = stream.decompress(answer.body[: len(answer.body) // 4])
    assert begun.startswith(b'{"head"')
    assert len(begun) > 10_000


def test_pages_and_errors_are_compressed_once(wire: Wire) -> None:
    page = wire.ask("GET", "/", {"Accept-Encoding": "gzip", "Accept": BROWSER})
    assert page.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(page.body).lstrip().lower().startswith(b"<!doctype html>")


def test_what_a_client_has_already_is_304(wire: Wire) -> None:
    fields = [("query", COUNTRIES)]
    first = _get(wire, fields)
    tag = first.headers["ETag"]
    assert first.headers["Cache-Control"] == "no-cache"
    for wish in (tag, tag.removeprefix("W/"), f'"other", {tag}', "*"):
        again = _get(wire, fields, If_None_Match=wish)
        assert (again.status, again.body) == (304, b"")
        assert again.headers["ETag"] == tag
        assert {"Accept", "Accept-Encoding"} <= _vary(again)
    assert _get(wire, fields, If_None_Match='"other"').status == 200


def test_another_answer_has_another_tag(wire: Wire) -> None:
    answers = [
        _get(wire, [("query", COUNTRIES)]),
        _get(wire, [("query", COUNTRIES + " ")]),
        _get(wire, [("query", COUNTRIES)], Accept="text/csv"),
        _get(wire, [("query", COUNTRIES), ("default-graph-uri", REFERENCE)]),
        _get(wire, [("query", COUNTRIES), ("named-graph-uri", REFERENCE)]),
        _get(wire, [("query", COUNTRIES), ("union-default-graph", "false")]),
    ]
    assert len({answer.headers["ETag"] for answer in answers}) == len(answers)


@pytest.mark.parametrize("call", ["NOW()", "RAND()", "UUID()", "STRUUID()", "now()"])
def test_what_differs_each_time_has_no_tag(wire: Wire, call: str) -> None:
    fields = [("query", f"SELECT ({call} AS ?x) {{}}")]
    answer = _get(wire, fields)
    assert "ETag" not in answer.headers
    assert answer.headers["Cache-Control"] == "no-store"
    assert _get(wire, fields, If_None_Match="*").body != answer.body
    for page in (_get(wire, fields, Accept=BROWSER), _get(wire, fields, Accept=BROWSER)):
        assert page.headers["Cache-Control"] == "no-store"


def test_a_new_version_of_the_graph_is_a_new_answer(wire: Wire, store: Path) -> None:
    fields = [("query", "SELECT ?d { ?d a kg:Document }")]
    tag = _get(wire, fields).headers["ETag"]
    with open_store(store) as opened:
        load(opened, first_note(), second_note())
    answer = _get(wire, fields, If_None_Match=tag)
    assert answer.status == 200
    assert answer.headers["ETag"] != tag


@pytest.mark.parametrize("accept", ["*/*", "text/turtle", "application/rdf+xml", "application/ld+json"])
def test_the_service_describes_itself(wire: Wire, accept: str) -> None:
    answer = wire.ask("GET", "/sparql", {"Accept": accept})
    graph = Graph().parse(data=answer.text, format=answer.mimetype)
    (service,) = graph.subjects(URIRef(SD.endpoint))
    features = set(graph.objects(service, URIRef(SD.feature)))
    assert URIRef(SD.UnionDefaultGraph) in features
    assert URIRef(SD.BasicFederatedQuery) not in features
    assert set(graph.objects(service, URIRef(SD.supportedLanguage))) == {URIRef(SD.SPARQL11Query)}
    names = {str(each).rpartition("/")[2] for each in graph.objects(service, URIRef(SD.resultFormat))}
    assert {"SPARQL_Results_JSON", "SPARQL_Results_CSV", "Turtle", "JSON-LD"} <= names


def test_browsers_get_the_form(wire: Wire) -> None:
    assert wire.ask("GET", "/sparql", {"Accept": BROWSER}).mimetype == "text/html"


@pytest.mark.parametrize(
    "accept", ["*/*", "text/turtle", "application/rdf+xml", "application/ld+json", BROWSER]
)
def test_the_dataset_is_described_at_its_well_known_address(wire: Wire, accept: str) -> None:
    answer = wire.ask("GET", "/.well-known/void", {"Accept": accept})
    assert answer.status == 200
    graph = Graph().parse(data=answer.text, format=answer.mimetype)
    (dataset,) = graph.subjects(URIRef(VOID.sparqlEndpoint))
    (endpoint,) = graph.objects(dataset, URIRef(VOID.sparqlEndpoint))
    assert str(endpoint).endswith("/sparql")
    documents, triples = (
        int(str(graph.value(dataset, URIRef(term)))) for term in (VOID.documents, VOID.triples)
    )
    counted = json.loads(_get(wire, [("query", "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")]).body)
    assert documents in {1, 2}
    assert triples == int(counted["results"]["bindings"][0]["n"]["value"])
    vocabularies = set(graph.objects(dataset, URIRef(VOID.vocabulary)))
    assert {URIRef("http://purl.org/dc/terms/"), URIRef("http://www.w3.org/ns/prov#")} & vocabularies
    assert (None, URIRef(DCAT.endpointURL), endpoint) in graph
    assert (dataset, URIRef(DCTERMS.title), None) in graph


@pytest.mark.parametrize(
    "path", ["/graph/reference", "/id/country/KZ", "/questions/blocked-platforms?country=KZ"]
)
def test_head_of_a_thing_has_the_headers_of_get(wire: Wire, path: str) -> None:
    accept = {"Accept": "text/csv" if "?" in path else "text/turtle"}
    head, get = wire.ask("HEAD", path, accept), wire.ask("GET", path, accept)
    assert (head.status, head.body, get.status) == (200, b"", 200)
    assert head.headers["Content-Type"] == get.headers["Content-Type"] != "text/html"


@pytest.mark.parametrize("place", ["body", "address"])
def test_the_format_of_a_form_stands_in_its_body_or_the_address(wire: Wire, place: str) -> None:
    query, format_ = urlencode({"query": COUNTRIES}), urlencode({"format": "csv"})
    if place == "body":
        answer = _post(wire, f"{query}&{format_}", FORM)
    else:
        answer = _post(wire, query, FORM, f"/sparql?{format_}")
    assert answer.mimetype == "text/csv"
