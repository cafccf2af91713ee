"""`/sparql` by the SPARQL 1.1 Protocol: every way in, every format out, one clear answer to the rest."""

import io
import json
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rdflib import Graph
from sample_graph import MINTER, sample_store

from kgraph.formats import formats_for
from kgraph.settings import Settings
from kgraph.web import create_app

NAMES = "SELECT ?name WHERE { ?c a kg:Country ; rdfs:label ?name } ORDER BY ?name"
GRAPH = "CONSTRUCT { ?c a kg:Country } WHERE { ?c a kg:Country }"
JSON = "application/sparql-results+json"


@pytest.fixture(scope="module")
def client() -> Iterator[FlaskClient]:
    with sample_store() as store:
        yield create_app(store, Settings(max_request_bytes=50_000)).test_client()


def _names(body: str) -> set[str]:
    return {row["name"]["value"] for row in json.loads(body)["results"]["bindings"]}


def test_a_query_comes_by_get_by_form_and_by_itself(client: FlaskClient) -> None:
    ways = [
        client.get("/sparql", query_string={"query": NAMES}),
        client.post("/sparql", data={"query": NAMES}),
        client.post("/sparql", data=NAMES, content_type="application/sparql-query"),
    ]
    for answer in ways:
        assert answer.status_code == 200
        assert answer.mimetype == JSON
        assert _names(answer.text) == {"Kazakhstan", "Uzbekistan"}


@pytest.mark.parametrize("format_", formats_for("solutions"), ids=lambda f: f.name)
@pytest.mark.parametrize("by", ["accept", "parameter"])
def test_solutions_come_in_the_format_asked_for(client: FlaskClient, format_: object, by: str) -> None:
    headers = {"Accept": format_.media_type} if by == "accept" else {}
    given_ = {"query": NAMES} | ({} if by == "accept" else {"format": format_.name})
    answer = client.get("/sparql", query_string=given_, headers=headers)
    assert answer.mimetype == format_.media_type
    assert "Kazakhstan" in answer.text


@pytest.mark.parametrize("format_", formats_for("graph"), ids=lambda f: f.name)
def test_graphs_come_in_the_format_asked_for(client: FlaskClient, format_: object) -> None:
    answer = client.get("/sparql", query_string={"query": GRAPH}, headers={"Accept": format_.media_type})
    assert answer.mimetype == format_.media_type
    names = {"ntriples": "nt", "rdfxml": "xml", "jsonld": "json-ld"}
    assert len(Graph().parse(data=answer.text, format=names.get(format_.name, format_.name))) == 2


def test_the_best_of_several_wishes_wins(client: FlaskClient) -> None:
    accept = "text/csv;q=0.5, application/sparql-results+xml;q=0.9, image/png"
    answer = client.get("/sparql", query_string={"query": NAMES}, headers={"Accept": accept})
    assert answer.mimetype == "application/sparql-results+xml"


def test_what_nobody_writes_is_406_with_what_there_is(client: FlaskClient) -> None:
    answer = client.get("/sparql", query_string={"query": NAMES}, headers={"Accept": "image/png"})
    assert answer.status_code == 406
    assert JSON in answer.text


def test_a_malformed_query_is_400_and_says_where(client: FlaskClient) -> None:
    answer = client.get("/sparql", query_string={"query": "SELECT ?x WHERE { ?x a }"})
    assert answer.status_code == 400
    assert "line 1" in answer.text
    assert "Traceback" not in answer.text


@pytest.mark.parametrize(
    ("send", "status"),
    [
        ({"data": {"update": "DROP ALL"}}, 403),
        ({"data": "DROP ALL", "content_type": "application/sparql-update"}, 403),
        ({"data": {"query": "PREFIX a: <b> INSERT DATA { <a> <b> <c> }"}}, 400),
        ({"data": "x", "content_type": "text/plain"}, 415),
        ({"data": {"x": "y"}}, 400),
        ({"data": b"\xff\xfe", "content_type": "application/sparql-query"}, 400),
        ({"data": {"query": "ASK {} #" + "x" * 60_000}}, 413),
        ({"data": {"query": "ASK { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }"}}, 400),
    ],
)
def test_what_is_not_allowed_has_its_own_status(client: FlaskClient, send: dict, status: int) -> None:
    assert client.post("/sparql", **send).status_code == status
    assert client.get("/sparql", query_string={"query": "ASK { ?s ?p ?o }"}).status_code == 200


def test_other_methods_are_405_with_those_there_are(client: FlaskClient) -> None:
    answer = client.delete("/sparql")
    assert answer.status_code == 405
    assert "GET" in answer.headers["Allow"]


def test_head_gives_the_headers_alone(client: FlaskClient) -> None:
    answer = client.head("/sparql", query_string={"query": NAMES})
    assert answer.status_code == 200
    assert answer.mimetype == JSON
    assert answer.data == b""


def test_the_dataset_can_be_chosen(client: FlaskClient) -> None:
    query = {"query": "SELECT (COUNT(*) AS ?n) { ?s a kg:Country }"}
    reference = MINTER.graph("reference")
    only = client.get("/sparql", query_string=query | {"default-graph-uri": reference})
    assert json.loads(only.text)["results"]["bindings"][0]["n"]["value"] == "2"
    none = client.get("/sparql", query_string=query | {"default-graph-uri": "https://example.org/none"})
    assert json.loads(none.text)["results"]["bindings"][0]["n"]["value"] == "0"


def test_pages_elsewhere_may_read(client: FlaskClient) -> None:
    assert client.get("/sparql", query_string={"query": NAMES}).headers["Access-Control-Allow-Origin"] == "*"
    preflight = client.options("/sparql")
    assert preflight.status_code == 204
    assert "Content-Type" in preflight.headers["Access-Control-Allow-Headers"]


def test_without_a_query_programs_get_a_description_of_the_service(client: FlaskClient) -> None:
    answer = client.get("/sparql", headers={"Accept": "text/turtle"})
    assert len(Graph().parse(data=answer.text, format="turtle")) > 3


def test_a_large_result_is_written_in_pieces(client: FlaskClient) -> None:
    query = "SELECT * { ?a a ?b . ?c a ?d } LIMIT 20000"
    answer = client.get("/sparql", query_string={"query": query}, headers={"Accept": "text/csv"})
    pieces = list(answer.iter_encoded())
    assert len(pieces) > 1
    assert len(io.BytesIO(b"".join(pieces)).readlines()) > 5000


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=60))
def test_any_accept_header_gets_an_answer(client: FlaskClient, accept: str) -> None:
    answer = client.get("/sparql", query_string={"query": NAMES}, headers={"Accept": accept})
    assert answer.status_code in {200, 406}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=60))
def test_any_text_as_a_query_gets_an_answer(client: FlaskClient, text: str) -> None:
    encoded = text.encode("utf-8", "surrogatepass")
    answer = client.post("/sparql", data=encoded, content_type="application/sparql-query")
    assert answer.status_code in {200, 400, 403}
