"""What a malformed query gives: the place and a suggestion, for people and for programs."""

from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient
from lxml import html
from sample_graph import first_note, load, sample_store

from kgraph.store import open_store
from kgraph.web import create_app

WRONG = "SELECT ?event ?date\nWHERE {\n  ?event a kg:Blocking\n         kg:date ?date .\n}"
RIGHT = WRONG.replace("kg:Blocking", "kg:Blocking ;")
PAGE = {"Accept": "text/html"}


@pytest.fixture(scope="module")
def client() -> Iterator[FlaskClient]:
    with sample_store() as store:
        yield create_app(store).test_client()


@pytest.fixture(scope="module")
def worker_client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    with load(open_store(tmp_path_factory.mktemp("store") / "store", create=True), first_note()) as store:
        yield create_app(store).test_client()


@pytest.mark.parametrize("where", ["client", "worker_client"])
def test_programs_get_the_place_and_what_to_write(where: str, request: pytest.FixtureRequest) -> None:
    client: FlaskClient = request.getfixturevalue(where)
    answer = client.post("/sparql", data={"query": WRONG}, headers={"Accept": "application/json"})
    problem = answer.get_json()
    assert answer.status_code == 400
    assert answer.mimetype == "application/problem+json"
    assert (problem["line"], problem["column"]) == (4, 10)
    assert "';'" in problem["expected"]
    assert problem["suggestion"] == "put ';' behind kg:Blocking"
    assert problem["corrected"] == RIGHT
    assert problem["detail"].startswith("line 4, column 10: ")
    assert client.post("/sparql", data={"query": problem["corrected"]}).status_code == 200


def test_a_line_of_text_comes_with_a_caret_below_the_place(client: FlaskClient) -> None:
    answer = client.get("/sparql", query_string={"query": WRONG}, headers={"Accept": "text/csv"})
    assert answer.mimetype == "text/plain"
    said, line, caret = answer.text.splitlines()
    assert said.startswith("line 4, column 10: ")
    assert line == "         kg:date ?date ."
    assert caret == "         ^^^^^^^"


def test_people_get_the_place_marked_and_a_button_that_asks_the_change(client: FlaskClient) -> None:
    answer = client.get("/sparql", query_string={"query": WRONG}, headers=PAGE)
    assert answer.status_code == 400
    page = html.fromstring(answer.text)
    (alert,) = page.xpath("//*[@role='alert']")
    assert "line 4, column 10" in alert.text_content()
    assert alert.xpath(".//mark/text()") == ["kg:date"]
    (area,) = page.xpath("//textarea")
    assert area.get("aria-invalid") == "true"
    assert area.get("aria-describedby") == alert.get("id")
    assert area.text.lstrip("\n") == WRONG
    (form,) = alert.xpath(".//form")
    corrected = dict(form.form_values())
    assert client.get(form.get("action"), query_string=corrected, headers=PAGE).status_code == 200


def test_hostile_words_in_a_query_are_only_words(client: FlaskClient) -> None:
    query = "ASK { ?x <script>alert(1)</script> '\"><img src=x onerror=alert(1)>' ]"
    page = html.fromstring(client.get("/sparql", query_string={"query": query}, headers=PAGE).text)
    assert not page.xpath("//script[not(@src)] | //img")


def test_an_error_without_a_place_is_told_too(client: FlaskClient) -> None:
    query = "ASK { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }"
    page = html.fromstring(client.get("/sparql", query_string={"query": query}, headers=PAGE).text)
    assert "SERVICE is not allowed" in page.xpath("//*[@role='alert']")[0].text_content()


@pytest.mark.parametrize(
    ("query", "unknown", "near"),
    [
        ("SELECT * { ?x a kg:Blockng }", "kg:Blockng", "kg:Blocking"),
        ("SELECT * { ?x a ?c OPTIONAL { ?x kg:contry ?y } }", "kg:contry", "kg:country"),
        ("PREFIX o: <https://w3id.org/kgraph/ontology#> ASK { ?x a o:Protst }", "kg:Protst", "kg:Protest"),
        ("ASK { ?x a kg:blocking }", "kg:blocking", "kg:Blocking"),
        ("ASK { ?x kg:platformKind <https://w3id.org/kgraph/concept/socialNetwrk> }", "kgc:socialNetwrk",
         "kgc:socialNetwork"),
    ],
)  # fmt: skip
def test_a_term_that_the_ontology_does_not_have_is_told(
    client: FlaskClient, query: str, unknown: str, near: str
) -> None:
    page = html.fromstring(client.get("/sparql", query_string={"query": query}, headers=PAGE).text)
    note = next(each for each in page.xpath("//*[@class='note']/p") if "ontology" in each.text_content())
    assert note.xpath("code/text()")[0] == unknown
    assert near in note.xpath("code/text()")[1:]


@pytest.mark.parametrize(
    "query",
    ["SELECT * { ?x a kg:Blocking ; kg:country ?c }", "PREFIX kg: <urn:other:> ASK { ?x a kg:Blockng }",
     "ASK { ?x ?p 'kg:Blockng' } # kg:Blockng"],
)  # fmt: skip
def test_nothing_is_told_of_terms_that_are_known_or_not_ours(client: FlaskClient, query: str) -> None:
    text = client.get("/sparql", query_string={"query": query}, headers=PAGE).text
    assert "is not in the" not in text


def test_a_store_without_an_ontology_tells_nothing_of_terms() -> None:
    with open_store(None) as store:
        answer = create_app(store).test_client().get("/sparql?query=ASK{?x a kg:Blockng}", headers=PAGE)
        assert answer.status_code == 200
        assert "is not in the" not in answer.text
