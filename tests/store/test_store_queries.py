"""Queries: which graphs they ask, what they give, how they fail."""

import io
import json
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from rdflib import XSD, Graph, Literal, URIRef
from rdflib.compare import isomorphic

from kgraph.errors import ConfigError, QueryError, StoreError
from kgraph.formats import FORMATS, formats_for
from kgraph.namespaces import PREFIXES
from kgraph.records import Literal as Record
from kgraph.store import Row, Store, View, open_store

G1, G2 = "https://example.org/graph/1", "https://example.org/graph/2"
#: rdflib's Dataset warns about its own use of what it has deprecated.
rdflibs_own = pytest.mark.filterwarnings(r"ignore:Dataset\.\w+ is deprecated:DeprecationWarning")
DATA = """
@prefix ex: <https://example.org/> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
ex:a ex:number 1, 2.5 ; ex:name "Zhanaozen"@en, "plain" ; ex:open true ; ex:day "2011-12-16"^^xsd:date ;
  ex:year "2011"^^xsd:gYear ; ex:moment "2011-12-16T12:30:00Z"^^xsd:dateTime ; ex:long "P9M"^^xsd:duration .
"""


@pytest.fixture(scope="module")
def filled() -> Store:
    store = open_store(None)
    with store.writer() as writer:
        writer.replace_graph(G1, DATA.encode())
        writer.replace_graph(G2, b'<https://example.org/b> <https://example.org/name> "other" .')
        writer.commit()
    return store


@pytest.fixture
def view(filled: Store) -> Iterator[View]:
    with filled.view() as opened:
        yield opened


NAMES = "PREFIX ex: <https://example.org/> SELECT ?name { ?s ex:name ?name } ORDER BY STR(?name)"


def names(view: View, query: str = NAMES, **options: object) -> list[str]:
    return [str(row["name"]) for row in view.evaluate(query, **options)]  # type: ignore[arg-type]


def test_a_query_asks_the_union_of_all_graphs(view: View) -> None:
    assert names(view) == ["Zhanaozen", "other", "plain"]


def test_from_in_the_query_says_which_graphs_are_asked(view: View) -> None:
    assert names(view, NAMES.replace("{ ?s", f"FROM <{G2}> {{ ?s")) == ["other"]
    assert names(view, NAMES.replace("{ ?s", "FROM <http://127.0.0.1:9/> { ?s")) == []
    assert names(view, NAMES.replace("{ ?s", f"FROM NAMED <{G1}> {{ ?s")) == []


def test_the_word_from_elsewhere_changes_nothing(view: View) -> None:
    assert names(view, NAMES + " # FROM <x>") == ["Zhanaozen", "other", "plain"]
    assert names(view, NAMES.replace("}", 'BIND("FROM" AS ?from) }')) == ["Zhanaozen", "other", "plain"]


def test_graphs_given_beside_the_query_go_before_its_own(view: View) -> None:
    assert names(view, default_graphs=[G2]) == ["other"]
    assert names(view, NAMES.replace("{ ?s", f"FROM <{G1}> {{ ?s"), default_graphs=[G2]) == ["other"]
    assert names(view, named_graphs=[G2]) == []
    inside = NAMES.replace("?s ex:name ?name", "GRAPH ?g { ?s ex:name ?name }")
    assert names(view, inside, named_graphs=[G2]) == ["other"]
    assert names(view, inside, default_graphs=[G1]) == []


def test_known_prefixes_need_no_declaration_and_ones_own_win(view: View) -> None:
    assert [str(row.x) for row in view.evaluate("SELECT (kg:Protest AS ?x) {}")] == [
        PREFIXES["kg"] + "Protest"
    ]
    own = "PREFIX kg: <https://example.org/own#> SELECT (kg:x AS ?x) {}"
    assert [str(row.x) for row in view.evaluate(own)] == ["https://example.org/own#x"]


def test_relative_iris_are_resolved_against_the_base(view: View) -> None:
    rows = list(view.evaluate("SELECT (<x> AS ?x) {}", base="https://example.org/"))
    assert rows[0]["x"] == URIRef("https://example.org/x")


def test_rows_hold_what_is_bound_as_rdflib_terms(view: View) -> None:
    result = view.evaluate(
        "SELECT ?s ?none ?name { ?s <https://example.org/name> ?name } ORDER BY STR(?name) LIMIT 1"
    )
    assert (result.kind, result.variables) == ("solutions", ("s", "none", "name"))
    (row,) = result
    assert row == {"s": URIRef("https://example.org/a"), "name": Literal("Zhanaozen", lang="en")}
    assert row.name == row["name"]
    assert isinstance(row, Row)
    assert "none" not in row
    with pytest.raises(AttributeError, match="not bound"):
        _ = row.none


def test_terms_keep_their_spelling_and_plain_strings_have_no_datatype(view: View) -> None:
    terms = {row["o"] for row in view.evaluate("SELECT ?o { <https://example.org/a> ?p ?o }")}
    assert Literal("plain") in terms
    spelled = {(str(term), str(term.datatype)) for term in terms}
    assert ("P9M", str(XSD.duration)) in spelled
    assert ("2.5", str(XSD.decimal)) in spelled


def test_a_result_can_be_read_again(view: View) -> None:
    result = view.evaluate(NAMES)
    assert list(result) == list(result)
    assert result.serialize("json") == result.serialize("json")


def test_ask_is_a_truth_value(view: View) -> None:
    yes, no = view.evaluate("ASK {}"), view.evaluate("ASK { ?s ?p <urn:none> }")
    assert yes.kind == "boolean"
    assert (bool(yes), bool(no)) == (True, False)
    assert json.loads(yes.serialize("json"))["boolean"] is True
    assert yes.serialize("csv") == b"true"
    with pytest.raises(QueryError, match="bool"):
        iter(yes)


def test_construct_and_describe_give_graphs(view: View) -> None:
    for query in ("CONSTRUCT WHERE { <https://example.org/a> ?p ?o }", "DESCRIBE <https://example.org/a>"):
        result = view.evaluate(query)
        assert result.kind == "graph"
        assert len(result.graph()) == len(list(result)) == 9
        assert bool(result)


@pytest.mark.parametrize("format_", [each.name for each in formats_for("graph")])
def test_a_graph_survives_every_format(view: View, format_: str) -> None:
    result = view.evaluate("CONSTRUCT WHERE { ?s ?p ?o }", default_graphs=[G1])
    names = {"jsonld": "json-ld", "ntriples": "nt", "rdfxml": "xml"}
    read = Graph().parse(data=result.serialize(format_), format=names.get(format_, format_))
    assert isomorphic(read, Graph().parse(data=DATA, format="turtle"))


@pytest.mark.parametrize("format_", [each.name for each in formats_for("solutions")])
def test_solutions_are_written_in_every_format(view: View, format_: str) -> None:
    written = view.evaluate(NAMES).serialize(format_)
    assert b"Zhanaozen" in written
    assert b"plain" in written


def test_a_format_that_cannot_hold_the_result_names_those_that_can(view: View) -> None:
    with pytest.raises(QueryError, match="use one of json, xml, csv, tsv"):
        view.evaluate(NAMES).serialize("turtle")
    with pytest.raises(QueryError, match="use one of turtle, ntriples, rdfxml, jsonld"):
        view.evaluate("CONSTRUCT WHERE { ?s ?p ?o }").stream("csv")
    with pytest.raises(QueryError, match="use one of"):
        view.evaluate("ASK {}").serialize("yaml")


def test_turtle_uses_prefixes_in_a_steady_order(view: View) -> None:
    lines = view.evaluate("CONSTRUCT WHERE { ?s ?p ?o }").serialize("turtle").decode().splitlines()
    prefixes = [line for line in lines if line.startswith("@prefix")]
    assert len(prefixes) == len(PREFIXES)
    assert prefixes == sorted(prefixes)


def test_pandas_gets_python_values(view: View) -> None:
    pytest.importorskip("pandas")
    frame = view.evaluate(
        "SELECT ?p ?o ?none { <https://example.org/a> ?p ?o FILTER(!isIRI(?o)) }"
    ).to_pandas()
    assert list(frame.columns) == ["p", "o", "none"]
    values = {str(p).rpartition("/")[2]: o for p, o in zip(frame["p"], frame["o"], strict=True)}
    assert values["day"] == date(2011, 12, 16)
    assert values["moment"] == datetime(2011, 12, 16, 12, 30, tzinfo=UTC)
    assert values["open"] is True
    assert values["year"] == "2011"
    assert values["long"] == "P9M"
    assert {1, 2.5} <= set(frame["o"])
    assert frame["none"].isna().all()


def test_pandas_types_a_column_of_numbers(view: View) -> None:
    pytest.importorskip("pandas")
    frame = view.evaluate("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", default_graphs=[G1]).to_pandas()
    assert str(frame["n"].dtype) == "int64"


def test_without_pandas_the_error_says_what_to_install(view: View, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(ConfigError, match=r"kgraph\[pandas\]"):
        view.evaluate(NAMES).to_pandas()


def test_only_a_table_becomes_a_data_frame(view: View) -> None:
    with pytest.raises(QueryError, match="SELECT"):
        view.evaluate("ASK {}").to_pandas()
    with pytest.raises(QueryError, match="CONSTRUCT"):
        view.evaluate(NAMES).graph()


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("SELECT * {\n ?s ?p ", "line 2, column 7: the query ends too early; expected"),
        ("SELECT * { ?s ?p ?o }\nLIMIT x", "line 2, column 7: 'x' cannot stand here; expected a number"),
        ("SELECT * { ?s nope:p 1 }", "the prefix nope: is not declared"),
        ("INSERT DATA { <a:a> <a:b> 1 }", "line 1"),
        ("SELECT * { ?s ?p ?o } GROUP BY ?s", "GROUP BY"),
        ("", "line 1, column 1: the query is empty; expected"),
    ],
)
def test_a_malformed_query_is_told_where(view: View, query: str, said: str) -> None:
    with pytest.raises(QueryError, match=said) as caught:
        view.evaluate(query)
    assert len(str(caught.value)) < 200
    assert "\n" not in str(caught.value)


def test_an_unknown_function_is_an_error_of_the_query(view: View) -> None:
    with pytest.raises(QueryError, match="not supported"):
        list(view.evaluate("SELECT * { ?s ?p ?o FILTER(<urn:f>(?s)) }"))


def test_a_graph_name_that_is_no_iri_is_an_error_of_the_query(view: View) -> None:
    with pytest.raises(QueryError, match="no IRI"):
        view.evaluate(NAMES, default_graphs=["not an iri"])


def test_a_result_goes_from_thread_to_thread(view: View) -> None:
    result = view.evaluate(NAMES)
    begun = iter(result)
    next(begun)
    seen: list[object] = []

    def read() -> None:
        seen.append(len(list(result)))
        try:
            next(begun)
        except QueryError as exc:
            seen.append(exc)

    thread = threading.Thread(target=read)
    thread.start()
    thread.join()
    assert seen[0] == 3
    error = seen.pop()
    assert isinstance(error, QueryError)
    assert "one thread" in str(error)
    error.with_traceback(None)  # its frames hold the result, which has to be dropped by this thread


@rdflibs_own
@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")
@pytest.mark.parametrize("format_", ["nquads", "trig", "jsonld"])
def test_a_dump_holds_all_graphs(view: View, format_: str) -> None:
    from rdflib import Dataset

    file = io.BytesIO()
    view.dump(file, format_)
    read = Dataset()
    read.parse(data=file.getvalue(), format={"jsonld": "json-ld"}.get(format_, format_))
    assert {str(name) for _, _, _, name in read.quads()} >= {G1, G2}
    assert b"".join(view.stream(format_)) == file.getvalue()


@pytest.mark.parametrize("format_", [each.name for each in FORMATS if each.kinds != ("solutions",)])
def test_a_dump_of_one_graph_holds_that_graph(view: View, format_: str) -> None:
    file = io.BytesIO()
    view.dump(file, format_, graph=G2)
    assert b"other" in file.getvalue()
    assert b"Zhanaozen" not in file.getvalue()


def test_a_dump_of_all_graphs_needs_a_format_for_datasets(view: View) -> None:
    with pytest.raises(QueryError, match="use one of nquads, trig, jsonld"):
        view.dump(io.BytesIO(), "turtle")


def test_graphs_are_copied_as_they_are(view: View) -> None:
    stored = io.BytesIO()
    view.dump(stored, "ntriples", graph=G1)
    copied = view.graph(G1).serialize(format="nt")
    assert sorted(copied.split("\n")) == sorted(stored.getvalue().decode().split("\n"))
    assert len(view.graphs([G1, G2])) == len(view.graph(G1)) + 1
    assert len(view.graph("https://example.org/graph/none")) == 0


@rdflibs_own
def test_the_dataset_answers_rdflibs_queries(view: View) -> None:
    dataset = view.dataset()
    rows = list(dataset.query(NAMES))
    assert [str(row[0]) for row in rows] == ["Zhanaozen", "other", "plain"]
    assert len(dataset.get_context(URIRef(G2))) == 1
    everywhere = (URIRef("https://example.org/b"), URIRef("https://example.org/name"), None)
    assert len(list(dataset.triples(everywhere))) == 1


@rdflibs_own
def test_the_dataset_cannot_be_written(view: View) -> None:
    dataset = view.dataset()
    triple = (URIRef("urn:s"), URIRef("urn:p"), Literal("o"))
    with pytest.raises(StoreError, match="view to read"):
        dataset.get_context(URIRef(G1)).add(triple)
    with pytest.raises(StoreError, match="view to read"):
        dataset.update("INSERT DATA { <urn:s> <urn:p> 1 }")


def test_records_and_rdflib_terms_bind_variables(view: View) -> None:
    query = "SELECT ?s { ?s ?p ?value }"
    for term in (Record("Zhanaozen", language="en"), Literal("Zhanaozen", lang="en")):
        assert len(list(view.evaluate(query, bindings={"value": term}))) == 1
    assert len(list(view.evaluate("SELECT ?o { ?s ?p ?o }", bindings={"s": "https://example.org/b"}))) == 1
