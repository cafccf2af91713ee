"""Writing over real HTTP into a store of documents: each graph is a document for the gate."""

import json
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from urllib.parse import quote, urlencode

import pyoxigraph as ox
import pytest
from live_server import Answer, Wire, serving

from kgraph.access import tokens_of
from kgraph.checking import check
from kgraph.settings import Settings
from kgraph.store import open_store
from kgraph.web.app import create_app

GRAPH = "http://graphs.example/protests"
PREFIXES = """
PREFIX kg: <https://w3id.org/kgraph/ontology#>
PREFIX country: <https://w3id.org/kgraph/id/country/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
PREFIX : <http://things.example/>
"""
TANZANIA = 'country:TZ a kg:Country ; rdfs:label "Tanzania"@en .'
MARCH = f'{TANZANIA} :march a kg:Protest ; kg:country country:TZ ; kg:date "2021-10-03"^^xsd:date .'
TOLL = ":march kg:deathToll 4 ."
#: What no gate lets in: a number that is none.
WRONG = ':riot a kg:Protest ; kg:deathToll "many" .'


class Client:
    """Someone with a token."""

    def __init__(self, wire: Wire, secret: str | None):
        self._wire = wire
        self._headers = {"Authorization": f"Bearer {secret}"} if secret else {}

    def send(
        self,
        method: str,
        path: str,
        body: str | bytes | Iterator[bytes] | None = None,
        kind: str = "text/turtle",
        accept: str = "*/*",
        **conditions: str,
    ) -> Answer:
        data = body.encode() if isinstance(body, str) else body
        headers = self._headers | {"Accept": accept} | ({"Content-Type": kind} if data is not None else {})
        headers |= {name.replace("_", "-"): value for name, value in conditions.items()}
        return self._wire.ask(method, path, headers, data)

    def put(self, turtle: str, graph: str = GRAPH, accept: str = "*/*", **conditions: str) -> Answer:
        return self.send("PUT", of(graph), PREFIXES + turtle, accept=accept, **conditions)

    def post(self, turtle: str, graph: str = GRAPH) -> Answer:
        return self.send("POST", of(graph), PREFIXES + turtle)

    def delete(self, graph: str = GRAPH) -> Answer:
        return self.send("DELETE", of(graph))

    def update(self, text: str) -> Answer:
        return self.send("POST", "/update", PREFIXES + text, "application/sparql-update")

    def ask(self, pattern: str) -> bool:
        path = "/sparql?" + urlencode({"query": PREFIXES + f"ASK {{ {pattern} }}"})
        return bool(json.loads(self.send("GET", path).body)["boolean"])

    def version(self) -> int:
        return int(json.loads(self.send("GET", "/ready").body)["version"])


def of(graph: str) -> str:
    return f"/store?graph={quote(graph, safe='')}"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("writes") / "store"
    open_store(path, create=True).close()
    return path


@pytest.fixture(scope="module")
def secrets(store: Path) -> dict[str, str]:
    with open_store(store) as opened:
        tokens = tokens_of(opened)
    assert tokens is not None
    day = timedelta(days=1)
    return {
        "amina": tokens.make("amina", ["write"], day),
        "juma": tokens.make("juma", ["write"], day),
        "reader": tokens.make("reader", ["read"], day),
    }


@pytest.fixture(scope="module")
def wire(store: Path) -> Iterator[Wire]:
    with serving(store, "--writes") as served:
        client = Wire(served.authority)
        yield client
        client.close()


@pytest.fixture
def amina(wire: Wire, secrets: dict[str, str]) -> Iterator[Client]:
    """Who can write; the graph is not there before, nor after."""
    client = Client(wire, secrets["amina"])
    yield client
    client.delete()


@pytest.fixture
def juma(wire: Wire, secrets: dict[str, str]) -> Client:
    return Client(wire, secrets["juma"])


@pytest.fixture
def conforming(store: Path) -> Iterator[None]:
    """What is stored at the end is right, whatever was sent."""
    yield
    with open_store(store) as opened, opened.view() as view:
        assert [each.title for each in check(view, opened.minter) if not each.report.conforms] == []


@pytest.mark.parametrize("who", ["nobody", "reader"])
@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE"])
def test_without_the_right_nothing_is_written(
    wire: Wire, secrets: dict[str, str], who: str, method: str
) -> None:
    client = Client(wire, secrets.get(who))
    before = client.version()
    body = None if method == "DELETE" else PREFIXES + MARCH
    assert client.send(method, of(GRAPH), body).status == (403 if who == "reader" else 401)
    assert client.update(f"INSERT DATA {{ GRAPH <{GRAPH}> {{ {MARCH} }} }}").status in {401, 403}
    assert client.version() == before


@pytest.mark.usefixtures("conforming")
def test_a_graph_that_is_put_can_be_asked_and_got_and_has_its_evidence(amina: Client) -> None:
    assert amina.put(MARCH).status == 201
    assert amina.ask(f"GRAPH <{GRAPH}> {{ :march kg:country country:TZ }}")
    assert amina.ask(
        f"""GRAPH <{GRAPH}> {{
              ?assertion rdf:subject :march ; rdf:predicate kg:date ; kg:evidence ?record .
              ?record a kg:Record ; dcterms:isPartOf ?document ; prov:generatedAtTime ?when ;
                      prov:wasAttributedTo/foaf:name "amina" .
              ?document a kg:Document
              FILTER(NOW() - ?when < "PT1H"^^xsd:dayTimeDuration) }}"""
    )
    assert amina.ask(':march kg:earliest "2021-10-03"^^xsd:date')
    got = amina.send("GET", of(GRAPH), accept="application/n-triples")
    triples = {str(quad.triple) for quad in ox.parse(got.body, format=ox.RdfFormat.N_TRIPLES)}
    sent = ox.parse((PREFIXES + MARCH).encode(), format=ox.RdfFormat.TURTLE)
    assert triples >= {str(quad.triple) for quad in sent}


def test_a_page_says_who_wrote_it(amina: Client) -> None:
    assert amina.put(MARCH).status == 201
    page = amina.send("GET", "/id/country/TZ", accept="text/html")
    assert f"{GRAPH}</a></cite>, amina, <time>20" in page.text


@pytest.mark.usefixtures("conforming")
def test_what_does_not_conform_stays_out_with_a_report(amina: Client) -> None:
    assert amina.put(MARCH).status == 201
    before = amina.version()
    for answer in (amina.put(WRONG), amina.post(WRONG)):
        assert answer.status == 422
        problem = json.loads(answer.body)
        assert problem["status"] == 422
        (report,) = problem["reports"]
        assert {(r["focusNode"], r["path"]) for r in report["results"]} == {
            ("http://things.example/riot", "kg:deathToll")
        }
    turtle = amina.put(WRONG, accept="text/turtle")
    assert (turtle.status, turtle.mimetype) == (422, "text/turtle")
    assert "sh:ValidationReport" in turtle.text
    page = amina.put(WRONG, accept="text/html")
    assert (page.status, page.mimetype) == (422, "text/html")
    assert "whole number" in page.text
    assert amina.version() == before
    assert amina.ask(f"GRAPH <{GRAPH}> {{ :march ?p ?o FILTER NOT EXISTS {{ :riot ?q ?r }} }}")


@pytest.mark.usefixtures("conforming")
def test_what_is_added_has_its_own_author_and_the_rest_keeps_theirs(amina: Client, juma: Client) -> None:
    assert amina.put(MARCH).status == 201
    assert juma.post(TANZANIA + TOLL).status == 204
    for predicate, name in (("kg:deathToll", "juma"), ("kg:date", "amina")):
        assert amina.ask(
            f"""?a rdf:subject :march ; rdf:predicate {predicate} ;
                   kg:evidence/prov:wasAttributedTo/foaf:name "{name}" """
        )
    # The country was said already.
    assert not amina.ask("""?a rdf:subject country:TZ ; kg:evidence/prov:wasAttributedTo/foaf:name "juma" """)


@pytest.mark.usefixtures("conforming")
def test_what_is_put_takes_the_place_of_what_stood_there(amina: Client) -> None:
    assert amina.put(MARCH + TOLL).status == 201
    assert amina.put(MARCH).status == 204
    assert not amina.ask(":march kg:deathToll ?toll")
    assert amina.ask("?a rdf:subject :march ; rdf:predicate kg:date")
    assert not amina.ask("?a rdf:subject :march ; rdf:predicate kg:deathToll")


@pytest.mark.usefixtures("conforming")
def test_what_was_got_can_be_put_again(amina: Client, juma: Client) -> None:
    assert amina.put(f"[] a kg:Protest ; kg:country country:TZ . {MARCH}").status == 201
    got = amina.send("GET", of(GRAPH), accept="text/turtle").text
    before = amina.version()
    assert juma.send("PUT", of(GRAPH), got).status == 204
    assert amina.version() == before


@pytest.mark.usefixtures("conforming")
def test_a_blank_node_becomes_a_thing_with_an_address(amina: Client) -> None:
    assert amina.put(f"{TANZANIA} [] a kg:Protest ; kg:country country:TZ .").status == 201
    assert amina.ask("?protest a kg:Protest ; kg:country country:TZ FILTER(isIRI(?protest))")


def test_a_graph_that_is_deleted_is_gone_and_the_catalog_remembers(amina: Client) -> None:
    assert amina.put(MARCH).status == 201
    assert amina.delete().status == 204
    assert amina.send("GET", of(GRAPH)).status == 404
    assert amina.delete().status == 404
    assert not amina.ask(":march ?p ?o")
    assert amina.ask(f'?version dcterms:title "{GRAPH}"@zxx ; prov:wasInvalidatedBy ?activity')


@pytest.mark.usefixtures("conforming")
def test_an_update_inserts_and_deletes_data(amina: Client, juma: Client) -> None:
    assert amina.update(f"INSERT DATA {{ GRAPH <{GRAPH}> {{ {MARCH} {TOLL} }} . }}").status == 201
    assert amina.ask(f"GRAPH <{GRAPH}> {{ :march kg:deathToll 4 }}")
    answer = juma.update(
        f"""DELETE DATA {{ GRAPH <{GRAPH}> {{ {TOLL} }} }} ;
            INSERT DATA {{ GRAPH <{GRAPH}> {{ :march kg:injuredCount 11 }} }}"""
    )
    assert answer.status == 204
    assert not amina.ask(":march kg:deathToll ?toll")
    assert amina.ask(
        """:march kg:injuredCount 11 .
           ?a rdf:predicate kg:injuredCount ; kg:evidence/prov:wasAttributedTo/foaf:name "juma" """
    )


def test_an_update_of_several_graphs_holds_wholly_or_not_at_all(amina: Client) -> None:
    before = amina.version()
    other = "http://graphs.example/other"
    answer = amina.update(f"INSERT DATA {{ GRAPH <{GRAPH}> {{ {MARCH} }} GRAPH <{other}> {{ {WRONG} }} }}")
    assert answer.status == 422
    assert [report["title"] for report in json.loads(answer.body)["reports"]] == [other]
    assert amina.version() == before


@pytest.mark.parametrize(
    "text",
    [
        "DELETE WHERE { ?s ?p ?o }",
        "INSERT { GRAPH <http://graphs.example/x> { ?s ?p ?o } } WHERE { ?s ?p ?o }",
        "CLEAR ALL",
        "DROP GRAPH <http://graphs.example/protests>",
        "LOAD <http://127.0.0.1/x>",
        "INSERT DATA { GRAPH <http://graphs.example/x> { } } ; LOAD <http://127.0.0.1/x>",
        "INSERT DATA { :march a :Thing }",
        "INSERT DATA { GRAPH <https://w3id.org/kgraph/graph/ontology> { :march a :Thing } }",
        "DELETE DATA { GRAPH <https://w3id.org/kgraph/graph/catalog> { :march a :Thing } }",
        "INSERT DATA { GRAPH <https://w3id.org/kgraph/graph/d/1> { :march a :Thing } }",
    ],
)
def test_no_other_update_is_taken(amina: Client, text: str) -> None:
    before = amina.version()
    assert amina.update(text).status == 403
    assert amina.version() == before


@pytest.mark.parametrize(
    ("method", "path", "kind", "body", "status"),
    [
        ("PUT", "/store?default", "text/turtle", "", 403),
        ("DELETE", "/store?default", "text/turtle", None, 403),
        ("DELETE", "/store", "text/turtle", None, 400),
        ("PUT", "/store", "text/turtle", "", 400),
        ("PUT", "/store", "application/trig", "", 400),
        ("PUT", of("relative"), "text/turtle", "", 400),
        ("PUT", of(GRAPH) + "&default", "text/turtle", "", 400),
        ("PUT", of(GRAPH), "text/turtle", "not turtle", 400),
        ("PUT", of(GRAPH), "text/csv", "a,b", 415),
        ("PUT", of(GRAPH), "text/turtle", "<http://x> <http://y> << <http://a> <http://b> 1 >> .", 400),
        ("PUT", of(GRAPH), "text/turtle", "<http://x> a <https://w3id.org/kgraph/ontology#Passage> .", 400),
        ("PATCH", of(GRAPH), "text/turtle", "", 405),
        ("POST", "/update", "text/plain", "INSERT DATA {}", 415),
        ("POST", "/update", "application/sparql-update", "INSERT DATA { GRAPH <http://g> { a b c } }", 400),
        ("GET", "/sparql?update=CLEAR%20ALL", "text/turtle", None, 400),
        ("GET", "/update", "text/turtle", None, 405),
    ],
)
def test_what_is_malformed_is_refused_and_changes_nothing(
    amina: Client, method: str, path: str, kind: str, body: str | None, status: int
) -> None:
    before = amina.version()
    answer = amina.send(method, path, body, kind)
    assert (answer.status, answer.mimetype) == (status, "application/problem+json"), answer.text
    assert amina.version() == before


def test_parts_of_a_form_go_into_one_graph(amina: Client) -> None:
    parts = [("text/turtle", PREFIXES + MARCH), ("application/n-triples", "<http://a> <http://b> _:c .")]
    body = "".join(
        f'--cut\r\nContent-Disposition: form-data; name="f"\r\nContent-Type: {kind}\r\n\r\n{text}\r\n'
        for kind, text in parts
    )
    answer = amina.send("POST", of(GRAPH), body + "--cut--\r\n", "multipart/form-data; boundary=cut")
    assert answer.status == 201, answer.text
    assert amina.ask(f"GRAPH <{GRAPH}> {{ :march a kg:Protest . <http://a> <http://b> ?c }}")


def test_a_graph_without_a_name_gets_one(amina: Client, wire: Wire) -> None:
    answer = amina.send("POST", "/store", PREFIXES + MARCH)
    assert answer.status == 201
    made = answer.headers["Location"]
    assert amina.ask(f"GRAPH <{made}> {{ :march a kg:Protest }}")
    path = made.partition(":")[2].removeprefix("//").partition("/")[2]
    assert amina.send("GET", f"/{path}").status == 200
    assert amina.send("DELETE", f"/{path}").status == 204


def test_a_body_above_the_limit_is_refused(store: Path, secrets: dict[str, str]) -> None:
    with serving(store, "--writes", KGRAPH_MAX_WRITE_BYTES="2000") as served:
        wire = Wire(served.authority)
        client = Client(wire, secrets["amina"])
        assert client.put("#" * 3000).status == 413
        assert client.update("#" * 3000).status == 413
        assert client.put(MARCH).status == 201
        assert client.delete().status == 204
        wire.close()


def test_who_may_not_write_is_told_so_when_all_is_sent(wire: Wire, secrets: dict[str, str]) -> None:
    client = Client(wire, secrets["reader"])
    assert client.send("POST", "/sparql", "#" * 900_000, "application/sparql-update").status == 403


def test_a_server_that_takes_no_writes_takes_none(store: Path, secrets: dict[str, str]) -> None:
    with serving(store) as served:
        wire = Wire(served.authority)
        client = Client(wire, secrets["amina"])
        assert client.put(MARCH).status == 403
        assert client.update(f"INSERT DATA {{ GRAPH <{GRAPH}> {{ {MARCH} }} }}").status == 403
        wire.close()


@pytest.mark.usefixtures("conforming")
def test_what_comes_in_chunks_is_taken_once_all_has_come(amina: Client) -> None:
    # More than a query may have: who may write may send more.
    turtle = f"{PREFIXES}{MARCH}\n# {'x' * 1_500_000}\n{TOLL}".encode()
    assert amina.send("PUT", of(GRAPH), in_chunks(turtle)).status == 201
    assert amina.ask(f"GRAPH <{GRAPH}> {{ :march kg:deathToll 4 }}")
    update = f"{PREFIXES} DELETE DATA {{ GRAPH <{GRAPH}> {{ {TOLL} }} }}".encode()
    assert amina.send("POST", "/update", in_chunks(update), "application/sparql-update").status == 204
    assert not amina.ask(f"GRAPH <{GRAPH}> {{ :march kg:deathToll 4 }}")


def test_chunks_end_where_a_body_may_be_no_larger(wire: Wire, amina: Client) -> None:
    with suppress(ConnectionError):  # the server does not read on
        assert amina.send("PUT", of(GRAPH), in_chunks(b"#" * 21_000_000)).status == 413
    wire.close()  # and ends the connection some time after that
    assert not amina.ask(f"GRAPH <{GRAPH}> {{ ?s ?p ?o }}")


def in_chunks(body: bytes) -> Iterator[bytes]:
    for start in range(0, len(body), 50_000):
        yield body[start : start + 50_000]


def test_where_the_server_cannot_tell_whether_all_has_come_chunks_are_not_taken(tmp_path: Path) -> None:
    client = create_app(open_store(tmp_path / "store", create=True), Settings(writes="open")).test_client()
    body = BytesIO(f"{PREFIXES}{MARCH}".encode())
    answer = client.put(
        of(GRAPH), input_stream=body, content_type="text/turtle", headers={"Transfer-Encoding": "chunked"},
        environ_overrides={"wsgi.input_terminated": True},
    )  # fmt: skip
    assert answer.status_code == 411


@pytest.mark.usefixtures("conforming")
def test_nothing_is_written_over_what_a_client_has_not_seen(amina: Client, juma: Client) -> None:
    assert amina.put(MARCH, If_Match="*").status == 412
    assert amina.put(MARCH, If_None_Match="*").status == 201
    seen = amina.send("GET", of(GRAPH), accept="text/turtle").headers["ETag"]
    assert juma.put(MARCH + TOLL, If_None_Match="*").status == 412
    assert juma.put(MARCH + TOLL, If_Match=seen).status == 204
    assert amina.put(MARCH, If_Match=seen).status == 412
    assert amina.send("DELETE", of(GRAPH), If_Match=seen).status == 412
    assert amina.ask(":march kg:deathToll 4")
    seen = amina.send("GET", of(GRAPH), accept="application/n-triples").headers["ETag"]
    assert amina.send("DELETE", of(GRAPH), If_Match=seen).status == 204


def test_what_is_not_there_is_not_made_by_deleting_from_it(amina: Client) -> None:
    before = amina.version()
    assert amina.update(f"DELETE DATA {{ GRAPH <{GRAPH}> {{ {TOLL} }} }}").status == 204
    assert (amina.version(), amina.send("GET", of(GRAPH)).status) == (before, 404)
