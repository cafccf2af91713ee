"""Pages for people: whole without scripts, safe with hostile words, an address for every thing."""

from collections.abc import Iterator
from itertools import pairwise

import pytest
from flask.testing import FlaskClient
from lxml import html
from rdflib import RDF, Graph, URIRef
from sample_graph import KZ, MINTER, TWITTER, Draft, first_note, load, sample_store, second_note

from kgraph.namespaces import KG
from kgraph.query import questions
from kgraph.store import open_store
from kgraph.web import create_app


@pytest.fixture(scope="module")
def client() -> Iterator[FlaskClient]:
    with sample_store() as store:
        yield create_app(store).test_client()


def _page(client: FlaskClient, address: str) -> html.HtmlElement:
    answer = client.get(address, headers={"Accept": "text/html"})
    assert answer.status_code == 200, answer.text[:300]
    assert answer.mimetype == "text/html"
    return html.fromstring(answer.text)


PAGES = ["/", "/sparql", "/disputes", "/questions/blocked-platforms", "/id/country/KZ", "/ontology"]


@pytest.mark.parametrize("address", PAGES)
def test_a_page_can_be_used_with_keyboard_and_screen_reader(client: FlaskClient, address: str) -> None:
    page = _page(client, address)
    assert page.get("lang") == "en"
    assert len(page.xpath("//h1")) == 1
    assert all(page.xpath(path) for path in ("//main", "//header", "//title/text()"))
    assert page.xpath("//a[@href='#main']"), "a link that skips to the content"
    for field in page.xpath("//input[not(@type='hidden')] | //textarea | //select"):
        assert page.xpath(f"//label[@for='{field.get('id')}']"), html.tostring(field)
    levels = [int(heading.tag[1]) for heading in page.xpath("//h1|//h2|//h3|//h4")]
    assert all(after - before <= 1 for before, after in pairwise(levels))


@pytest.mark.parametrize("address", PAGES)
def test_a_page_holds_nothing_inline_and_asks_nothing_elsewhere(client: FlaskClient, address: str) -> None:
    page = _page(client, address)
    assert not page.xpath("//style | //*[@style] | //script[not(@src)] | //*[@onclick]")
    for loaded in page.xpath("//link[@rel='stylesheet']/@href | //script/@src | //img/@src"):
        assert loaded.startswith("/")
        with client.get(loaded) as answer:
            assert answer.status_code == 200
    policy = client.get(address).headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


def test_the_home_page_tells_what_is_in_the_graph(client: FlaskClient) -> None:
    text = _page(client, "/").text_content()
    assert "A note on the steppe" in text
    assert all(question.title in text for question in questions())


@pytest.mark.parametrize("question", questions(), ids=lambda question: question.name)
def test_every_saved_question_has_a_page(client: FlaskClient, question: object) -> None:
    given = "&".join(f"{p.name}={p.example}" for p in question.parameters if p.required)
    assert question.title in _page(client, f"/questions/{question.name}?{given}").text_content()


def test_an_answer_shows_the_sentence_that_says_it(client: FlaskClient) -> None:
    page = _page(client, "/questions/blocked-platforms?country=KZ")
    assert "Twitter and Skype could not be reached" in page.text_content()
    csv = client.get("/questions/blocked-platforms?country=KZ&format=csv")
    assert csv.mimetype == "text/csv"


def test_a_quotation_from_a_document_with_pages_tells_its_page() -> None:
    note = Draft("https://example.org/report", "A report", "The Example Post")
    passage = note.sentence("Twitter was blocked in Kazakhstan.", page=12)
    note.says(passage, KZ, "Country", "Kazakhstan")
    note.says(passage, TWITTER, "Platform", "Twitter")
    note.says(passage, note.node("event", 5), "Blocking", None, country=KZ, target=TWITTER)
    with load(open_store(None), note) as store:
        client = create_app(store).test_client()
        thing, document = (iri.removeprefix(MINTER.base[:-1]) for iri in (TWITTER, note.iri))
        for address in (thing, document, "/questions/blocked-platforms"):
            assert "p. 12" in _page(client, address).text_content(), address
        about = Graph().parse(data=client.get(f"{thing}?format=jsonld").text, format="json-ld")
        assert "page=12" in {str(value) for value in about.objects(None, RDF.value)}
        rows = client.get("/questions/blocked-platforms?format=json").get_json()["results"]["bindings"]
        assert [row["page"]["value"] for row in rows] == ["12"]
    with load(open_store(None), second_note()) as store:
        assert "p. " not in _page(create_app(store).test_client(), "/id/country/KZ").text_content()


def test_a_wrong_parameter_is_told_on_the_page(client: FlaskClient) -> None:
    answer = client.get("/questions/controls-near-protests?days=soon", headers={"Accept": "text/html"})
    assert answer.status_code == 400
    assert "integer" in answer.text
    assert client.get("/questions/no-such").status_code == 404


def test_disputes_show_every_side(client: FlaskClient) -> None:
    text = _page(client, "/disputes").text_content()
    assert "16" in text
    assert "73" in text


@pytest.mark.parametrize("media_type", ["text/turtle", "application/ld+json", "application/n-triples"])
def test_a_thing_dereferences_for_machines(client: FlaskClient, media_type: str) -> None:
    answer = client.get(TWITTER.removeprefix(MINTER.base[:-1]), headers={"Accept": media_type})
    assert answer.mimetype == media_type
    assert "Accept" in answer.headers["Vary"]
    format_ = {"application/ld+json": "json-ld", "application/n-triples": "nt"}.get(media_type, "turtle")
    graph = Graph().parse(data=answer.text, format=format_)
    assert (URIRef(TWITTER), None, URIRef(KG.Platform)) in graph


def test_a_document_and_its_graph_dereference(client: FlaskClient) -> None:
    document = first_note().iri
    assert "A note on the steppe" in _page(client, document.removeprefix(MINTER.base[:-1])).text_content()
    graph = client.get(
        MINTER.document_graph(document).removeprefix(MINTER.base[:-1]), headers={"Accept": "text/turtle"}
    )
    assert len(Graph().parse(data=graph.text, format="turtle")) > 50


@pytest.mark.parametrize(
    "address",
    ["/id/country/QQ", "/id/../../etc/passwd", "/id/%2e%2e/%2e%2e/etc/passwd", "/graph/none", "/concept/none",
     "/nothing", "/id/a%0d%0aSet-Cookie:x=y", "/static/../app.py", "/id/<script>"],
)  # fmt: skip
def test_what_is_not_there_is_404_and_reveals_nothing(client: FlaskClient, address: str) -> None:
    answer = client.get(address, headers={"Accept": "text/html"})
    assert answer.status_code in {400, 404}
    assert "root:" not in answer.text
    assert "Set-Cookie" not in answer.headers
    assert "<script>" not in answer.text


def test_hostile_words_in_a_document_are_only_words() -> None:
    evil = "<script>alert(1)</script> \"'><img src=x onerror=alert(1)>"
    note = Draft("https://example.org/evil", evil, evil)
    passage = note.sentence(f"In Kazakhstan {evil} was blocked.")
    note.says(passage, KZ, "Country", evil)
    with load(open_store(None), note) as store:
        client = create_app(store).test_client()
        addresses = (
            "/",
            "/id/country/KZ",
            note.iri.removeprefix(MINTER.base[:-1]),
            "/find?name=%3Cscript%3E",
        )
        for address in addresses:
            answer = client.get(address, headers={"Accept": "text/html"})
            page = html.fromstring(answer.text)
            assert not page.xpath("//script[not(@src)] | //img[@onerror]"), address


def test_whether_it_is_ready_is_told_with_the_version(client: FlaskClient) -> None:
    assert client.get("/ready").get_json() == {"status": "ok", "version": 1}
    assert client.get("/health").get_json() == {"status": "ok"}
