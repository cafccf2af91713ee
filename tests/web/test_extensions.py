"""Addresses that say the format by their end, as people write them."""

from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient
from rdflib import Dataset, Graph, URIRef
from sample_graph import KZ, MINTER, TWITTER, Draft, first_note, load, sample_store, second_note

from kgraph.namespaces import KG
from kgraph.store import open_store
from kgraph.web import create_app

PARSERS = {"ttl": "turtle", "nt": "nt", "rdf": "xml", "jsonld": "json-ld", "json": "json-ld"}


def _path(iri: str) -> str:
    return iri.removeprefix(MINTER.base[:-1])


THING, DOCUMENT_GRAPH = _path(TWITTER), _path(MINTER.document_graph(first_note().iri))


@pytest.fixture(scope="module")
def client() -> Iterator[FlaskClient]:
    with sample_store() as store:
        yield create_app(store).test_client()


@pytest.mark.parametrize("extension", PARSERS)
@pytest.mark.parametrize("address", [THING, DOCUMENT_GRAPH, "/concept/socialNetwork", "/ontology"])
def test_rdf_comes_in_the_format_that_the_address_ends_in(
    client: FlaskClient, address: str, extension: str
) -> None:
    said = client.get(f"{address}.{extension}", headers={"Accept": "text/html"})
    assert said.status_code == 200
    graph = Graph().parse(data=said.text, format=PARSERS[extension])
    named = client.get(address, headers={"Accept": "application/n-triples"})
    assert len(graph) == len(Graph().parse(data=named.text, format="nt")) > 0


@pytest.mark.parametrize(
    ("extension", "media_type"), [("nq", "application/n-quads"), ("trig", "application/trig")]
)
def test_a_named_graph_comes_as_quads_with_its_name(
    client: FlaskClient, extension: str, media_type: str
) -> None:
    by_end = client.get(f"{DOCUMENT_GRAPH}.{extension}")
    by_header = client.get(DOCUMENT_GRAPH, headers={"Accept": media_type})
    for answer in (by_end, by_header):
        assert answer.mimetype == media_type
        dataset = Dataset()
        dataset.parse(data=answer.text, format="trig" if extension == "trig" else "nquads")
        names = {str(graph.identifier) for graph in dataset.graphs() if len(graph)}
        assert names == {MINTER.document_graph(first_note().iri)}


@pytest.mark.parametrize("extension", ["csv", "tsv", "json", "srj", "xml", "srx"])
def test_an_answer_comes_in_the_format_that_the_address_ends_in(client: FlaskClient, extension: str) -> None:
    answer = client.get(f"/questions/blocked-platforms.{extension}?country=KZ")
    named = {"srj": "json", "srx": "xml"}.get(extension, extension)
    assert answer.text == client.get(f"/questions/blocked-platforms?country=KZ&format={named}").text
    assert "Twitter" in answer.text


def test_html_is_a_format_as_others_are(client: FlaskClient) -> None:
    answer = client.get(f"{THING}.html", headers={"Accept": "text/turtle"})
    assert answer.mimetype == "text/html"
    assert f'href="{THING}?format=turtle"' in answer.text


@pytest.mark.parametrize(
    "address",
    [f"{THING}.exe", f"{THING}.nq", f"{THING}.csv", f"{THING}.ttl.ttl", "/id/none.ttl", "/graph/none.nq",
     "/ontology.csv", "/questions/blocked-platforms.ttl", "/questions/none.csv", "/concept/none.jsonld"],
)  # fmt: skip
def test_what_cannot_be_had_so_is_404(client: FlaskClient, address: str) -> None:
    assert client.get(address).status_code == 404


def test_an_iri_that_ends_as_a_file_does_is_still_itself() -> None:
    note = Draft("https://example.org/sites", "On sites", "The Example Post")
    passage = note.sentence("In Kazakhstan the site example.nt was blocked, as was the site named example.")
    dotted, plain = MINTER.known("site", "example.nt"), MINTER.known("site", "example")
    note.says(passage, KZ, "Country", "Kazakhstan")
    note.says(passage, dotted, "Website", "example.nt")
    note.says(passage, plain, "Website", "Example")
    with load(open_store(None), note) as store:
        client = create_app(store).test_client()
        page = client.get(_path(dotted), headers={"Accept": "text/html"})
        assert page.mimetype == "text/html"
        turtle = Graph().parse(data=client.get(f"{_path(dotted)}.ttl").text, format="turtle")
        assert (URIRef(dotted), None, URIRef(KG.Website)) in turtle
        assert (URIRef(plain), None, URIRef(KG.Website)) not in turtle
        other = Graph().parse(data=client.get(f"{_path(plain)}.rdf").text, format="xml")
        assert (URIRef(plain), None, URIRef(KG.Website)) in other


@pytest.mark.parametrize(
    ("address", "media_type"),
    [(f"{THING}.ttl", "text/turtle"), (f"{DOCUMENT_GRAPH}.nq", "application/n-quads"),
     ("/questions/blocked-platforms.csv", "text/csv"), (THING, "text/html")],
)  # fmt: skip
def test_head_gives_the_headers_alone_whatever_the_format(
    client: FlaskClient, address: str, media_type: str
) -> None:
    answer = client.head(address)
    assert (answer.status_code, answer.mimetype, answer.data) == (200, media_type, b"")


@pytest.mark.parametrize("address", [THING, DOCUMENT_GRAPH, "/ontology", "/questions/blocked-platforms"])
def test_what_nobody_writes_is_406_with_what_there_is(client: FlaskClient, address: str) -> None:
    answer = client.get(address, headers={"Accept": "image/png"})
    assert answer.status_code == 406
    assert "text/html" in answer.text
    if address == DOCUMENT_GRAPH:
        assert "application/n-quads" in answer.text


def test_the_whole_of_a_second_note_is_there(client: FlaskClient) -> None:
    graph = _path(MINTER.document_graph(second_note().iri))
    assert len(Graph().parse(data=client.get(f"{graph}.nt").text, format="nt")) > 20
