"""Clients that people use, each as it is used, on `kgraph serve` over real HTTP."""

import gzip
import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlencode

import pytest
from live_server import Served, Wire, serving
from rdflib import RDF, Graph, Literal, URIRef
from rdflib.plugins.stores.sparqlstore import SPARQLStore, SPARQLUpdateStore
from sample_graph import KZ, MINTER, TWITTER, first_note, load, second_note

from kgraph.access import tokens_of
from kgraph.namespaces import KG, RDFS
from kgraph.store import open_store

DOCS = Path(__file__).parents[2] / "docs" / "http.md"
JAVASCRIPT = Path(__file__).parent / "javascript"

PREFIXES = f"PREFIX kg: <{KG}> PREFIX rdfs: <{RDFS}>"
NAMES = f"{PREFIXES} SELECT DISTINCT ?c ?name WHERE {{ ?c a kg:Country ; rdfs:label ?name }} ORDER BY ?name"
COUNTRIES = f"{PREFIXES} CONSTRUCT {{ ?c a kg:Country }} WHERE {{ ?c a kg:Country }}"
IS_ONE = f"{PREFIXES} ASK {{ <{KZ}> a kg:Country }}"
ITS_TYPE = (URIRef(KZ), RDF.type, URIRef(KG.Country))


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    store = tmp_path_factory.mktemp("clients") / "store"
    with open_store(store, create=True) as opened:
        load(opened, first_note(), second_note())
    with serving(store) as running:
        yield running


@pytest.fixture
def endpoint(served: Served) -> str:
    return f"{served.address}/sparql"


@pytest.fixture(scope="module")
def writable(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Any RDF, which anybody on this machine may change."""
    with serving(tmp_path_factory.mktemp("plain") / "store", "--plain", "--open") as running:
        yield running


class TestSPARQLWrapper:
    @pytest.fixture(params=["GET", "POST"])
    def wrapper(self, endpoint: str, request: pytest.FixtureRequest) -> object:
        library = pytest.importorskip("SPARQLWrapper", reason="SPARQLWrapper is not installed")
        wrapper = library.SPARQLWrapper(endpoint)
        wrapper.setMethod(request.param)
        return wrapper

    @pytest.mark.parametrize("name", ["json", "xml", "csv", "tsv"])
    def test_solutions(self, wrapper: object, name: str) -> None:
        wrapper.setQuery(NAMES)
        wrapper.setReturnFormat(name)
        read = wrapper.queryAndConvert()
        if name == "json":
            found = {row["name"]["value"] for row in read["results"]["bindings"]}
        elif name == "xml":
            found = {each.firstChild.data for each in read.getElementsByTagName("literal")}
        else:
            lines = read.decode().splitlines()[1:]
            found = {re.split(r"[,\t]", line)[1].partition("@")[0].strip('"') for line in lines}
        assert found == {"Kazakhstan", "Uzbekistan"}

    # SPARQLWrapper's own use of rdflib
    @pytest.mark.filterwarnings("ignore:ConjunctiveGraph:DeprecationWarning")
    @pytest.mark.parametrize("name", ["turtle", "n3", "rdf+xml", "xml", "json-ld"])
    def test_graphs(self, wrapper: object, name: str) -> None:
        wrapper.setQuery(COUNTRIES)
        wrapper.setReturnFormat(name)
        read = wrapper.queryAndConvert()
        if isinstance(read, bytes):
            read = Graph().parse(data=read, format="turtle")
        assert ITS_TYPE in read

    @pytest.mark.parametrize("name", ["json", "xml"])
    def test_a_truth_value(self, wrapper: object, name: str) -> None:
        wrapper.setQuery(IS_ONE)
        wrapper.setReturnFormat(name)
        read = wrapper.queryAndConvert()
        assert read["boolean"] if name == "json" else read.getElementsByTagName("boolean")[0].firstChild.data

    def test_a_malformed_query_is_its_own_error_and_says_where(self, wrapper: object) -> None:
        from SPARQLWrapper.SPARQLExceptions import QueryBadFormed

        wrapper.setQuery("SELECT ?s WHERE { ?s a kg:Law")
        with pytest.raises(QueryBadFormed, match="line 1, column 30"):
            wrapper.query()

    def test_an_update(self, writable: Served) -> None:
        library = pytest.importorskip("SPARQLWrapper", reason="SPARQLWrapper is not installed")
        wrapper = library.SPARQLWrapper(f"{writable.address}/sparql", f"{writable.address}/update")
        wrapper.setMethod("POST")
        wrapper.setQuery("INSERT DATA { GRAPH <urn:g:wrapper> { <urn:a> <urn:b> 1 } }")
        wrapper.query()
        wrapper.setReturnFormat("json")
        wrapper.setQuery("ASK { GRAPH <urn:g:wrapper> { <urn:a> <urn:b> 1 } }")
        assert wrapper.queryAndConvert()["boolean"] is True


class TestRdflib:
    @pytest.mark.parametrize("method", ["GET", "POST", "POST_FORM"])
    def test_a_store_answers_queries(self, endpoint: str, method: str) -> None:
        graph = Graph(SPARQLStore(endpoint, method=method))
        assert {str(row["name"]) for row in graph.query(NAMES)} == {"Kazakhstan", "Uzbekistan"}
        assert bool(graph.query(IS_ONE)) is True
        assert ITS_TYPE in graph.query(COUNTRIES).graph

    def test_a_variable_is_bound_beforehand(self, endpoint: str) -> None:
        graph = Graph(SPARQLStore(endpoint))
        rows = graph.query("SELECT ?c ?class { ?c a ?class }", initBindings={"c": URIRef(KZ)})
        assert {str(row["class"]) for row in rows} == {KG.Country}

    def test_triples_are_found_by_pattern(self, endpoint: str) -> None:
        graph = Graph(SPARQLStore(endpoint))
        assert ITS_TYPE in graph
        assert {str(s) for s in graph.subjects(RDF.type, URIRef(KG.Platform))} >= {TWITTER}
        assert Literal("Kazakhstan", lang="en") in set(graph.objects(URIRef(KZ), URIRef(RDFS.label)))
        assert len(list(graph.triples((None, RDF.type, URIRef(KG.Country))))) == 2

    def test_a_named_graph_is_asked_alone(self, endpoint: str) -> None:
        reference = Graph(SPARQLStore(endpoint), URIRef(MINTER.graph("reference")))
        assert ITS_TYPE in reference
        assert not list(reference.triples((None, RDF.type, URIRef(KG.Blocking))))
        blocking = Graph(SPARQLStore(endpoint), URIRef(MINTER.document_graph(first_note().iri)))
        assert list(blocking.triples((None, RDF.type, URIRef(KG.Blocking))))

    def test_an_update_store_adds_removes_and_updates(self, writable: Served) -> None:
        store = SPARQLUpdateStore(
            f"{writable.address}/sparql", f"{writable.address}/update", autocommit=False
        )
        graph = Graph(store, URIRef("urn:g:rdflib"))
        one, two = (
            (URIRef("urn:a"), URIRef("urn:p"), Literal(1)),
            (URIRef("urn:a"), URIRef("urn:p"), Literal('é\n"')),
        )
        graph.add(one)
        graph.addN([(*two, graph)])
        store.commit()
        assert set(graph) == {one, two}
        graph.remove(one)
        store.commit()
        assert set(graph) == {two}
        graph.update("INSERT { ?s <urn:q> ?o } WHERE { ?s <urn:p> ?o }")
        store.commit()
        assert (two[0], URIRef("urn:q"), two[2]) in graph
        graph.remove((None, None, None))
        store.commit()
        assert len(graph) == 0


def test_pandas_reads_an_address_that_ends_in_csv(served: Served) -> None:
    pandas = pytest.importorskip("pandas", reason="pandas is not installed")
    frame = pandas.read_csv(
        f"{served.address}/questions/blocked-platforms.csv?country=KZ", parse_dates=["earliest"]
    )
    assert set(frame["targetLabel"]) == {"Twitter", "Skype"}
    assert frame["earliest"].dt.year.between(1990, 2030).all()


def test_pandas_reads_a_query(endpoint: str) -> None:
    pandas = pytest.importorskip("pandas", reason="pandas is not installed")
    frame = pandas.read_csv(f"{endpoint}?{urlencode({'query': NAMES, 'format': 'csv'})}")
    assert list(frame["name"]) == ["Kazakhstan", "Uzbekistan"]
    typed = pandas.read_json(f"{endpoint}?{urlencode({'query': NAMES})}", typ="series")
    assert typed["results"]["bindings"][0]["c"]["type"] == "uri"


class TestComunica:
    """Needs node and `make javascript`."""

    def _ask(self, endpoint: str, query: str) -> object:
        node = shutil.which("node")
        if node is None:
            pytest.skip("needs node")
        if not (JAVASCRIPT / "node_modules" / "@comunica").is_dir():
            pytest.skip("needs Comunica: make javascript")
        command = [node, "ask.js", endpoint, query]
        done = subprocess.run(command, cwd=JAVASCRIPT, capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    def test_it_gets_solutions_triples_and_truth(self, endpoint: str) -> None:
        rows = self._ask(endpoint, NAMES + " LIMIT 10")
        assert rows == [
            {"c": KZ, "name": "Kazakhstan"},
            {"c": MINTER.known("country", "UZ"), "name": "Uzbekistan"},
        ]
        assert [KZ, str(RDF.type), KG.Country] in self._ask(endpoint, COUNTRIES)
        assert self._ask(endpoint, IS_ONE) is True

    def test_it_updates(self, writable: Served) -> None:
        endpoint = f"{writable.address}/sparql"
        self._ask(endpoint, "INSERT DATA { GRAPH <urn:g:comunica> { <urn:a> <urn:b> 'é' } }")
        assert self._ask(endpoint, "SELECT ?o { GRAPH <urn:g:comunica> { ?s ?p ?o } }") == [{"o": "é"}]


#: What clients that run elsewhere say they take, and what they have to get.
OWLAPI = "application/rdf+xml, application/xml; q=0.7, text/xml; q=0.6, text/plain; q=0.1, */*; q=0.09"
JENA_SELECT = (
    "application/sparql-results+json, application/sparql-results+xml;q=0.9, text/tab-separated-values;q=0.7, "
    "text/csv;q=0.5, application/json;q=0.2, application/xml;q=0.2, */*;q=0.1"
)
JENA_GRAPH = (
    "text/turtle, application/n-triples;q=0.9, application/ld+json;q=0.8, "
    "application/rdf+xml;q=0.7, */*;q=0.3"
)
RDF4J_SELECT = (
    "application/x-binary-rdf-results-table;q=0.8, application/sparql-results+xml;q=0.8, "
    "application/xml;q=0.8, application/sparql-results+json;q=0.8, application/json;q=0.8, text/csv;q=0.8"
)


class TestRequestsOfOthers:
    @pytest.fixture
    def wire(self, served: Served) -> Iterator[Wire]:
        client = Wire(served.authority)
        yield client
        client.close()

    @pytest.mark.parametrize(
        "address", ["/ontology", MINTER.graph("reference").removeprefix(MINTER.base[:-1])]
    )
    def test_protege_opens_the_ontology_and_graphs(self, wire: Wire, address: str) -> None:
        answer = wire.ask("GET", address, {"Accept": OWLAPI, "Accept-Encoding": "xz,gzip,deflate"})
        assert answer.mimetype == "application/rdf+xml"
        assert answer.headers["Content-Encoding"] == "gzip"
        graph = Graph().parse(data=gzip.decompress(answer.body), format="xml")
        assert len(graph) > 5

    @pytest.mark.parametrize(
        ("accept", "query", "media_types"),
        [
            (JENA_SELECT, NAMES, {"application/sparql-results+json"}),
            (JENA_GRAPH, COUNTRIES, {"text/turtle"}),
            (JENA_GRAPH, f"DESCRIBE <{KZ}>", {"text/turtle"}),
            (RDF4J_SELECT, NAMES, {"application/sparql-results+json", "application/sparql-results+xml"}),
            (RDF4J_SELECT, IS_ONE, {"application/sparql-results+json", "application/sparql-results+xml"}),
        ],
    )
    def test_java_libraries_get_what_they_like(
        self, wire: Wire, accept: str, query: str, media_types: set[str]
    ) -> None:
        body = urlencode({"query": query}).encode()
        headers = {"Accept": accept, "Content-Type": "application/x-www-form-urlencoded"}
        answer = wire.ask("POST", "/sparql", headers, body)
        assert answer.status == 200
        assert answer.mimetype in media_types

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            # A cell of a column is looked up by its words, then the candidates by their types.
            (f"""{PREFIXES} SELECT DISTINCT ?entity ?label WHERE {{ ?entity rdfs:label ?label .
                 FILTER (REGEX(STR(?label), "^kazakhstan$", "i")) FILTER (isIRI(?entity)) }} LIMIT 6""", KZ),
            (f"SELECT DISTINCT ?entity ?type WHERE {{ ?entity a ?type . FILTER (?entity IN (<{KZ}>)) }}",
             KG.Country),
            (f"""{PREFIXES} SELECT ?type (COUNT(*) AS ?n) WHERE {{ ?s a ?type ; rdfs:label ?l
                 FILTER (STRSTARTS(LCASE(STR(?l)), "kaz")) }} GROUP BY ?type ORDER BY DESC(?n) LIMIT 10""",
             KG.Country),
        ],
    )  # fmt: skip
    def test_openrefine_finds_candidates_and_their_types(self, wire: Wire, query: str, found: str) -> None:
        answer = wire.ask("GET", f"/sparql?{urlencode({'query': query})}", {"Accept": JENA_SELECT})
        rows = json.loads(answer.text)["results"]["bindings"]
        assert found in {value["value"] for row in rows for value in row.values()}


def _recipes() -> list[str]:
    """The curl commands of docs/http.md."""
    commands = re.sub(r"\\\n\s+", "", DOCS.read_text(encoding="utf-8"))
    return re.findall(r"^ {4}(curl .*)$", commands, re.MULTILINE)


def test_there_are_recipes() -> None:
    assert len(_recipes()) > 4


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Served, str]]:
    """A graph that who has a token may write to, and a token."""
    store = tmp_path_factory.mktemp("guarded") / "store"
    with open_store(store, create=True) as opened:
        tokens = tokens_of(opened)
    assert tokens is not None
    secret = tokens.make("desk", ["write"], timedelta(days=1))
    with serving(store, "--writes") as running:
        yield running, secret


@pytest.mark.parametrize("recipe", _recipes())
def test_a_recipe_of_the_docs_works(
    served: Served, guarded: tuple[Served, str], recipe: str, tmp_path: Path
) -> None:
    if shutil.which("curl") is None:
        pytest.skip("needs curl")
    needs_token = "$TOKEN" in recipe
    address = (guarded[0] if needs_token else served).address
    (tmp_path / "march.ttl").write_text(f"<urn:march> a <{KG.Protest}> .")
    command = recipe.replace("http://127.0.0.1:8000", address).replace(
        "curl ", "curl -sS --fail-with-body ", 1
    )
    environ = os.environ | {"TOKEN": guarded[1]}
    done = subprocess.run(
        ["bash", "-c", command], cwd=tmp_path, env=environ, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout or needs_token


def _programs() -> list[str]:
    """The Python examples of docs/http.md."""
    return re.findall(r"^```python\n(.*?)^```$", DOCS.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("program", _programs())
def test_a_program_of_the_docs_works(served: Served, program: str) -> None:
    for library in ("SPARQLWrapper", "pandas"):
        pytest.importorskip(library, reason=f"{library} is not installed")
    names: dict[str, object] = {}
    exec(program.replace("http://127.0.0.1:8000", served.address), names)
    assert len(list(names["rows"])) > 0
