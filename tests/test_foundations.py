"""IRIs, dates, names and settings: what everything else is built on."""

import pickle
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rdflib import Graph, URIRef
from rdflib import Literal as RdflibLiteral

from kgraph import iris
from kgraph.dates import first_day, is_date, last_day
from kgraph.errors import (
    ConfigError,
    KGraphError,
    MalformedQuery,
    NotFound,
    QueryOutOfMemory,
    SourceError,
    StoreLocked,
    WriteStopped,
)
from kgraph.iris import Minter
from kgraph.namespaces import KG, PREFIXES, XSD, local_name, shorten
from kgraph.records import Literal
from kgraph.resources import resource
from kgraph.settings import Settings, misspelt

texts = st.text(st.characters(exclude_categories=["Cs"]))


@given(texts)
def test_a_literal_in_ntriples_reads_back_as_it_was(text: str) -> None:
    line = f"<urn:s> <urn:p> {iris.ntriples(Literal(text))} ."
    read = Graph().parse(data=line, format="nt")
    assert list(read.objects()) == [RdflibLiteral(text)]


def test_a_tagged_literal_keeps_its_tag() -> None:
    assert iris.ntriples(Literal("la grève", language="fr")) == '"la grève"@fr'


@given(st.text(min_size=1))
def test_names_that_differ_in_case_or_accents_alone_share_an_address(name: str) -> None:
    assert iris.slug(name) == iris.slug(iris.slug(name))


def test_names_in_any_script_have_an_address() -> None:
    minter = Minter()
    assert minter.named("actor", "Нурсултан Назарбаев") != minter.named("actor", "Карим Масимов")
    with pytest.raises(ValueError, match="no letter"):
        minter.named("actor", "…")


def test_addresses_of_one_document_come_from_its_identity_alone() -> None:
    minter = Minter("https://example.org/kg/")
    document = minter.document("https://example.org/article")
    assert minter.document("https://example.org/article") == document
    assert minter.document("https://example.org/other") != document
    assert iris.minter_of(document) == minter
    assert minter.document_graph(document).startswith("https://example.org/kg/graph/d/")


def test_a_claim_and_an_event_at_one_word_stay_apart() -> None:
    document = Minter().document("x")
    assert iris.unnamed(document, 7, "claim") != iris.unnamed(document, 7, "event")


@given(st.dates())
def test_a_day_is_its_own_first_and_last(day: date) -> None:
    assert first_day(day.isoformat()) == last_day(day.isoformat()) == day


@given(st.dates())
def test_a_day_lies_in_its_month_and_its_year(day: date) -> None:
    for partial in (day.isoformat()[:7], day.isoformat()[:4]):
        assert first_day(partial) <= day <= last_day(partial)


@pytest.mark.parametrize("wrong", ["2011-13", "2011-02-30", "May 2011", "", "2011-1", "0000"])
def test_what_is_no_date_is_told(wrong: str) -> None:
    assert not is_date(wrong)


def test_known_terms_are_shortened_and_others_left() -> None:
    assert shorten(KG.Protest) == "kg:Protest"
    assert shorten("https://example.org/x") == "https://example.org/x"
    assert local_name(KG.Protest) == "Protest"
    assert len(set(PREFIXES.values())) == len(PREFIXES)


def test_settings_come_from_the_environment_and_what_is_given_goes_first(tmp_path: Path) -> None:
    environ = {"KGRAPH_STORE": str(tmp_path), "KGRAPH_PORT": "9001"}
    assert Settings.from_environment(environ).port == 9001
    assert Settings.from_environment(environ, port=9002).port == 9002
    assert Settings.from_environment(environ, port=None).store == tmp_path


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "many"), ("PORT", "70000"), ("MIN_CONFIDENCE", "2"), ("BASE", "https://example.org"),
        ("QUERY_TIME_S", "inf"), ("QUERY_TIME_S", "nan"), ("QUERY_TIME_S", "soon"),
        ("QUERY_MEMORY_BYTES", "10"),
        ("MAX_REQUEST_BYTES", "0"), ("CLIENT_RATE", "-1"), ("PROXIES", "x"),
    ],
)  # fmt: skip
def test_a_wrong_setting_is_named(name: str, value: str) -> None:
    with pytest.raises(ConfigError, match=f"(?i){name}.*(must|is a|nothing is done)"):
        Settings.from_environment({f"KGRAPH_{name}": value})


def test_a_setting_that_is_misspelt_is_told() -> None:
    environ = {"KGRAPH_QUERY_TIME": "5", "KGRAPH_TOKEN": "mine", "KGRAPH_PORT": "1", "HOME": "/"}
    assert misspelt(environ) == [("KGRAPH_QUERY_TIME", "KGRAPH_QUERY_TIME_S")]


def test_shipped_files_are_found_and_a_missing_one_is_named() -> None:
    assert resource("ontology").is_dir()
    with pytest.raises(ConfigError, match="no-such-file"):
        resource("data", "no-such-file")


def test_datatypes_are_written_out() -> None:
    assert iris.ntriples(Literal("2011", XSD.gYear)).endswith(f"^^<{XSD.gYear}>")
    assert iris.ntriples(str(URIRef("urn:x"))) == "<urn:x>"


@pytest.mark.parametrize(
    "error",
    [
        SourceError("a.pdf", "it is empty"),
        StoreLocked("store", 3.5),
        MalformedQuery("what is this", line=1, column=3, expected=["a variable"], suggestion="put ?x"),
        QueryOutOfMemory(),
        WriteStopped("it takes long"),
        NotFound("nothing is called so"),
    ],
)
def test_an_error_is_the_same_in_another_process(error: KGraphError) -> None:
    again = pickle.loads(pickle.dumps(error))
    assert (type(again), str(again), vars(again)) == (type(error), str(error), vars(error))
