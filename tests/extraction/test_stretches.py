"""Long documents: read in stretches, as if they were read at once."""

import random
from collections import Counter
from dataclasses import replace
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kgraph.documents import read_bytes
from kgraph.extraction import RULES, RuleExtractor, keep, language_model
from kgraph.extraction.stretches import stretches
from kgraph.gate import judge
from kgraph.gazetteer import load_gazetteer
from kgraph.graphs import build_graph
from kgraph.graphs.reference import known_nodes
from kgraph.namespaces import RDF
from kgraph.records import Document, Extraction, Passage

PEOPLE = [f"{first} {last}" for first in ("Aida", "Boris", "Dana") for last in ("Akhmov", "Castova", "Erkin")]
TEMPLATES = (
    "On {day} May {year}, the Bureau of Press Affairs (BPA) blocked {platform} in Kazakhstan.",
    "{person}, a journalist, was detained for {day} days in {year}.",
    "At least {day} people were killed during the {year} protests, {person} said.",
    "The BPA denied that it had ordered operators to cut access to {platform} for {day} days.",
    "The government fined {person} {day}{year} dollars.",
    "{person} opened an account on {platform} on {day} May {year}.",
    "Under the media law of {year}, the BPA may block {platform} without a court order, {person} warned.",
)


def _long(sentences: int) -> Document:
    chance = random.Random(7)
    pieces = ["The press in Kazakhstan\n\n"]
    for number in range(sentences):
        pieces.append(
            chance.choice(TEMPLATES).format(
                day=chance.randint(2, 28),
                year=chance.randint(2001, 2024),
                platform=chance.choice(["Telegram", "Twitter", "YouTube", "Signal"]),
                person=chance.choice(PEOPLE),
            )
        )
        pieces.append("\n\n" if number % 5 == 4 else " ")
        if number % 50 == 49:
            pieces.append(f"## Part {number // 50 + 1}\n\n")
    document = read_bytes("".join(pieces).encode(), name="long.md", identity="long")
    return replace(document, language="en")


def _named(extraction: Extraction) -> set[str]:
    return {node.iri for node in extraction.nodes if "/d/" not in node.iri}


def _check(extraction: Extraction) -> None:
    types = Counter(a.subject for a in extraction.assertions if a.predicate == RDF.type)
    assert set(types.values()) == {1}
    assert set(types) == {node.iri for node in extraction.nodes}
    labels = Counter(node.label for node in extraction.nodes if node.label)
    assert not [label for label, count in labels.items() if count > 1]
    mentions = {node.iri: set(node.mentions) for node in extraction.nodes}
    for assertion in extraction.assertions:
        assert set(assertion.evidence) & mentions[assertion.subject]
        for passage in assertion.evidence:
            assert extraction.document.text[passage.start : passage.end] == passage.text
    graph = build_graph(keep(extraction, 0.5))
    facts = load_gazetteer().facts(known_nodes(graph, load_gazetteer()))
    report = judge(graph, reference=facts)
    assert report.conforms, str(report)


@pytest.mark.parametrize("stretch", [25, 80])
def test_a_long_text_names_the_same_things_in_however_many_stretches(stretch: int) -> None:
    document = _long(200)
    whole = RULES.extract(document, load_gazetteer())
    parts = RuleExtractor(stretch=stretch).extract(document, load_gazetteer())
    assert len(list(stretches(document, stretch))) > 2
    assert _named(parts) == _named(whole)
    labels = {node.iri: node.label for node in whole.nodes}
    assert all(node.label == labels[node.iri] for node in parts.nodes if node.iri in _named(whole))
    _check(parts)


@pytest.mark.slow
def test_a_text_of_three_thousand_sentences_names_each_thing_once() -> None:
    document = _long(3_000)
    _check(RuleExtractor(stretch=200).extract(document, load_gazetteer()))


def test_a_short_form_is_known_before_and_behind_a_cut() -> None:
    text = (
        "The GTA fined Telegram in Chad in 2019. "
        "The Gazette Transport Agency (GTA) blocked Twitter in Chad in 2020. "
        "The GTA blocked Facebook in Chad in 2021."
    )
    document = replace(read_bytes(text.encode(), name="n.txt", identity="n"), language="en")
    parts = RuleExtractor(stretch=1).extract(document, load_gazetteer())
    (agency,) = (node for node in parts.nodes if "GTA" in (node.label, *node.alt_labels))
    assert agency.label == "Gazette Transport Agency"
    _check(parts)


def test_the_country_is_that_of_the_stretch_before_with_its_evidence() -> None:
    text = "Authorities blocked Telegram in Chad in 2019. In 2020, the government blocked Twitter."
    document = replace(read_bytes(text.encode(), name="n.txt", identity="n"), language="en")
    parts = RuleExtractor(stretch=1).extract(document, load_gazetteer())
    told = [a for a in parts.assertions if a.object == "https://w3id.org/kgraph/id/country/TD"]
    assert len({a.subject for a in told if a.subject.endswith("-event")}) == 2
    _check(parts)


def test_a_document_is_cut_at_headings_then_at_paragraphs() -> None:
    document = _long(300)
    cut = list(stretches(document, 60))
    assert [passage for part in cut for passage in part] == list(document.passages)
    assert all(len(part) <= 60 for part in cut)
    assert all(part[0].kind == "heading" for part in cut[1:])
    plain = replace(document, passages=tuple(p for p in document.passages if p.kind != "heading"))
    for part in list(stretches(plain, 60))[1:]:
        assert "\n\n" in document.text[part[0].start - 3 : part[0].start]


@given(st.lists(st.integers(0, 400_000), max_size=30), st.integers(1, 10))
def test_stretches_lose_nothing_and_none_is_empty(lengths: list[int], longest: int) -> None:
    passages = tuple(Passage(n, n + 1, "x" * length) for n, length in enumerate(lengths))
    document = replace(_long(1), passages=passages)
    cut = list(stretches(document, longest))
    assert tuple(passage for part in cut for passage in part) == passages
    assert all(0 < len(part) <= longest for part in cut)


@settings(max_examples=12, deadline=None)
@given(
    st.lists(st.sampled_from(_long(12).passages), min_size=1, max_size=12, unique=True),
    st.sampled_from([1, 2, 5]),
    st.sampled_from([0, 1_000_000]),
)
def test_batches_and_a_forgetful_vocabulary_change_nothing(
    passages: list[Passage], batch: int, vocabulary: int
) -> None:
    document = replace(_long(12), passages=tuple(sorted(passages, key=lambda p: p.start)))
    alone = RULES.extract(document, load_gazetteer())
    with patch.object(language_model, "BATCH", batch), patch.object(language_model, "VOCABULARY", vocabulary):
        assert RULES.extract(document, load_gazetteer()) == alone
