"""What is known of a thing, what it is called, and what is in the graph."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sample_graph import KZ, MINTER, TWITTER, first_note

from kgraph.errors import NotFound
from kgraph.namespaces import KG
from kgraph.query import (
    describe,
    is_iri,
    name_of,
    overview,
    resolve,
    sayings,
    service_description,
    short,
    things_of,
    triples_about,
    vocabulary,
)
from kgraph.query.terms import spell_duration
from kgraph.store import View


def test_a_thing_is_told_with_who_says_so_and_in_which_sentence(view: View) -> None:
    (strike,) = describe(view, "Zhanaozen strike")
    assert strike.class_labels == ("Strike",)
    (location,) = (s for s in strike.statements if s.predicate == KG.location)
    assert (location.predicate_label, location.value_label, location.confidence) == (
        "location",
        "Zhanaozen",
        0.9,
    )
    (source,) = location.sources
    assert source.sentence.startswith("Officials counted 16 dead")
    assert source.citation == "A note on the steppe, The Example Post, 2016-06-01"


def test_one_statement_of_two_documents_is_one_line_with_two_sources(view: View) -> None:
    (strike,) = describe(view, "Zhanaozen strike")
    (country,) = (s for s in strike.statements if s.predicate == KG.country)
    assert [source.title for source in country.sources] == ["A note on the steppe", "From the wire"]


def test_both_directions_are_told_and_the_machinery_is_not(view: View) -> None:
    (twitter,) = describe(view, TWITTER)
    backward = {s.predicate for s in twitter.statements if not s.forward}
    assert backward == {KG.target, KG.usedPlatform, KG.onPlatform}


def test_derived_and_reference_triples_have_no_source(view: View) -> None:
    (strike,) = describe(view, "Zhanaozen strike")
    (earliest,) = (s for s in strike.statements if s.predicate == KG.earliest)
    assert earliest.sources == ()
    assert earliest.confidence is None


@pytest.mark.parametrize(
    "name", ["Kazakhstan", "kazakhstan", " KAZAKHSTAN ", "Qazaqstan", "KZ", KZ, f"<{KZ}>", "id/country/KZ"]
)
def test_names_are_found_whatever_their_case_and_form(view: View, name: str) -> None:
    assert resolve(view, name) == (KZ,)


def test_an_unknown_name_is_refused_with_a_near_one(view: View) -> None:
    with pytest.raises(NotFound, match="did you mean Zhanaozen"):
        describe(view, "Zhanaozin")


def test_documents_are_found_by_title(view: View) -> None:
    assert resolve(view, "from the wire")[0].startswith(MINTER.resources + "d/")


def test_nameless_things_get_a_name_out_of_what_is_known(view: View) -> None:
    note = first_note()
    assert name_of(view, note.node("event", 30)) == "Blocking, Kazakhstan, 2016-05-21"
    assert name_of(view, note.node("claim", 80)) == "Claim, death toll, at most 73, Zhanaozen strike"
    assert name_of(view, note.node("account", 90)) == "Account, massimov_k, Twitter, Karim Massimov"
    assert name_of(view, "https://example.org/unknown") == "https://example.org/unknown"


def test_the_reference_label_goes_before_the_documents(view: View) -> None:
    assert name_of(view, KZ) == "Kazakhstan"


def test_the_overview_counts_things_by_class_and_lists_documents(view: View) -> None:
    found = overview(view)
    assert [d.title for d in found.documents] == ["A note on the steppe", "From the wire"]
    counts = {c.label: c.count for c in found.classes}
    assert (counts["Claim"], counts["Country"], counts["Document"]) == (3, 2, 2)
    assert found.version == view.version


def test_a_document_tells_its_statements_sentence_after_sentence(view: View) -> None:
    said = sayings(view, first_note().iri)
    places = [saying.place for saying in said]
    assert places == sorted(places)
    assert any(
        s.subject_label == "Karim Massimov" and s.statement.value_label == "prime minister" for s in said
    )


def test_the_triples_of_a_thing_come_with_their_evidence(view: View) -> None:
    graph = triples_about(view, MINTER.named("event", "Zhanaozen strike")).graph()
    assert "Officials counted 16 dead" in graph.serialize(format="turtle")


def test_things_of_a_class_are_listed_by_name(view: View) -> None:
    assert [name for _, name in things_of(view, KG.Platform)] == ["Skype", "Twitter"]


def test_the_vocabulary_has_words_for_its_terms(view: View) -> None:
    terms = {term.iri: term for term in vocabulary(view)}
    assert terms[KG.Blocking].kind == "class"
    assert terms[KG.target].kind == "property"
    assert terms[KG.Blocking].definition


def test_the_service_describes_itself(view: View) -> None:
    text = service_description(view, "https://example.org/sparql").serialize(format="nt")
    assert "SPARQL11Query" in text
    assert MINTER.graph("reference") in text


def test_durations_are_spelt_out() -> None:
    assert spell_duration("P9M") == "9 months"
    assert spell_duration("PT0S") == "0 seconds"
    assert spell_duration("P") == "P"


@given(st.text(max_size=60))
def test_any_text_is_safely_no_thing_or_an_iri_that_a_query_can_hold(view: View, text: str) -> None:
    if is_iri(text):
        view.evaluate(f"ASK {{ <{text}> ?p ?o }}")
    else:
        with pytest.raises(NotFound):
            resolve(view, text + " no such thing")


@given(st.text(max_size=40))
def test_any_literal_has_a_short_form(text: str) -> None:
    from rdflib import Literal

    assert short(Literal(text)) == text
