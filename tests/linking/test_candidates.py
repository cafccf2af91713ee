"""What may be one thing is found with its reasons; what is not, is not proposed."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from drafts import Enter
from sample_graph import KZ, MINTER, TWITTER, UZ, Draft, day, year

from kgraph.datasets import find_dataset
from kgraph.gazetteer import load_gazetteer
from kgraph.linking import SURE, Candidate, accepted, propose, read_things
from kgraph.loading import load
from kgraph.namespaces import KG, local_name
from kgraph.records import Literal
from kgraph.store import Store

pytest.importorskip("rapidfuzz")
pytest.importorskip("anyascii")


def person(draft: Draft, name: str, country: str, slug: str | None = None) -> str:
    label = "Kazakhstan" if country == KZ else "Uzbekistan"
    p = draft.sentence(f"{name} is president of {label}.")
    draft.says(p, country, "Country", label)
    iri = MINTER.named("actor", slug or name)
    return draft.says(p, iri, "Person", name, officeOf=country)


def blocking(draft: Draft, when: str, country: str = KZ, target: str | None = TWITTER) -> str:
    p = draft.sentence(f"Twitter went dark on {when}.")
    draft.says(p, country, "Country", "Kazakhstan" if country == KZ else "Uzbekistan")
    more = {}
    if target == TWITTER:
        draft.says(p, TWITTER, "Platform", "Twitter")
    if target:
        more["target"] = target
    return draft.says(
        p, draft.node("event", p.start), "Blocking", None, country=country, date=day(when), **more
    )


def found(store: Store, least: float = 0.5) -> dict[frozenset[str], Candidate]:
    with store.view() as view:
        return {
            frozenset({each.one.iri, each.other.iri}): each for each in propose(view, MINTER, least=least)
        }


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Nursultan Nazarbayev", "Нурсултан Назарбаев"),
        ("Nursultan Nazarbayev", "Nursultan Nazarbaev"),
        ("Nursultan Nazarbayev", "Nursultan Abishuly Nazarbayev"),
        ("Volodymyr Zelenskyy", "Володимир Зеленський"),
        ("Xi Jinping", "习近平"),
        ("Aleksandr Lukashenko", "Alexander Lukashenko"),
    ],
)
def test_a_person_is_found_in_other_scripts_and_spellings(
    store: Store, enter: Enter, one: str, other: str
) -> None:
    first, second = Draft("test/one", "One"), Draft("test/two", "Two")
    pair = frozenset({person(first, one, KZ), person(second, other, KZ)})
    enter(first, second)
    candidate = found(store)[pair]
    assert candidate.score.value >= SURE
    assert any("KZ" in reason and reason.startswith("+") for reason in candidate.score.reasons)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Islam Karimov", "Karim Massimov"),
        ("Askar Akayev", "Askar Mamin"),
        ("Emmerson Mnangagwa", "Robert Mugabe"),
    ],
)
def test_people_of_one_country_with_other_names_are_not_sure(
    store: Store, enter: Enter, one: str, other: str
) -> None:
    first, second = Draft("test/one", "One"), Draft("test/two", "Two")
    pair = frozenset({person(first, one, KZ), person(second, other, KZ)})
    enter(first, second)
    assert pair not in found(store)


def test_one_name_in_two_countries_is_not_sure(store: Store, enter: Enter) -> None:
    first, second = Draft("test/one", "One"), Draft("test/two", "Two")
    pair = frozenset({person(first, "Askar Omarov", KZ), person(second, "Асқар Омаров", UZ)})
    enter(first, second)
    assert pair not in found(store)


def test_words_for_anyone_are_not_sure(store: Store, enter: Enter) -> None:
    drafts = [Draft("test/one", "One"), Draft("test/two", "Two")]
    pair = set()
    for draft in drafts:
        p = draft.sentence("In Kazakhstan the police came.")
        draft.says(p, KZ, "Country", "Kazakhstan")
        pair.add(draft.says(p, draft.node("actor", p.start), "SecurityForce", "police", country=KZ))
    enter(*drafts)
    candidate = found(store, least=0.0)[frozenset(pair)]
    assert candidate.score.value < SURE


def test_an_event_in_two_documents_is_found_within_a_day(store: Store, enter: Enter) -> None:
    drafts = [Draft(f"test/{number}", f"Note {number}") for number in range(4)]
    same = blocking(drafts[0], "2016-05-21")
    next_day = blocking(drafts[1], "2016-05-22")
    next_week = blocking(drafts[2], "2016-05-29")
    elsewhere = blocking(drafts[3], "2016-05-21", country=UZ)
    enter(*drafts)
    pairs = found(store)
    candidate = pairs[frozenset({same, next_day})]
    assert candidate.score.value >= SURE
    assert any("same targets" in reason for reason in candidate.score.reasons)
    assert frozenset({same, next_week}) not in pairs
    assert frozenset({same, elsewhere}) not in pairs


def test_an_event_that_could_be_two_of_one_document_is_left_to_people(store: Store, enter: Enter) -> None:
    first, second = (Draft(f"test/{number}", f"Note {number}") for number in range(2))
    blocking(first, "2016-05-21")
    for when in ("2016-05-21", "2016-05-22"):
        blocking(second, when)
    enter(first, second)
    with store.view() as view:
        proposed = propose(view, MINTER)
    assert len(proposed) == 2
    assert accepted(proposed, SURE, datetime(2026, 1, 1, tzinfo=UTC)) == []


def test_what_a_document_has_to_itself_speaks_neither_for_nor_against(store: Store, enter: Enter) -> None:
    drafts = [Draft(f"test/{number}", f"Note {number}") for number in range(2)]
    pair = set()
    for draft in drafts:
        p = draft.sentence("On 21 May 2016 the internet went dark in Kazakhstan.")
        draft.says(p, KZ, "Country", "Kazakhstan")
        net = draft.says(p, draft.node("network", 15), "Network", "the internet", country=KZ)
        event = draft.node("event", 20)
        pair.add(draft.says(p, event, "Shutdown", None, country=KZ, date=day("2016-05-21"), target=net))
    enter(*drafts)
    reasons = found(store)[frozenset(pair)].score.reasons
    assert not any(reason.startswith("-") for reason in reasons)


def test_one_document_names_its_own_things_apart(store: Store, enter: Enter) -> None:
    draft = Draft("test/one", "One")
    blocking(draft, "2016-05-21")
    blocking(draft, "2016-05-21")
    enter(draft)
    assert found(store, least=0.0) == {}


def test_what_the_gazetteer_knows_is_never_proposed_with_each_other(store: Store, enter: Enter) -> None:
    draft = Draft("test/one", "One")
    p = draft.sentence("Kazakhstan and Uzbekistan.")
    draft.says(p, KZ, "Country", "Kazakhstan")
    draft.says(p, UZ, "Country", "Uzbekistan")
    enter(draft)
    assert found(store, least=0.0) == {}


def test_a_law_of_another_year_is_another_law(store: Store, enter: Enter) -> None:
    drafts = [Draft(f"test/{number}", f"Note {number}") for number in range(2)]
    laws = []
    for draft, when, slug in zip(drafts, ("2014", "2004"), ("a-law", "another-law"), strict=True):
        p = draft.sentence("Kazakhstan passed a law.")
        draft.says(p, KZ, "Country", "Kazakhstan")
        laws.append(
            draft.says(p, MINTER.named("law", slug), "Law", "Communications Law", country=KZ, date=year(when))
        )
    enter(*drafts)
    assert frozenset(laws) not in found(store)


def test_what_is_known_of_a_thing_comes_from_all_that_speak_of_it(store: Store, enter: Enter) -> None:
    first = Draft("test/one", "One")
    iri = person(first, "Nursultan Nazarbayev", KZ)
    enter(first)
    with store.view() as view:
        thing = read_things(view, MINTER)[iri]
        country = read_things(view, MINTER)[KZ]
    assert (thing.kind, thing.label, thing.countries) == ("Person", "Nursultan Nazarbayev", {KZ})
    assert [local_name(each) for each in thing.classes] == ["Person"]
    assert thing.classes == {KG.Person}
    assert ("iri", "http://www.wikidata.org/entity/Q232") in country.identifiers
    assert country.is_known


def test_sites_of_other_domains_are_other_sites(store: Store, enter: Enter) -> None:
    drafts = [Draft(f"test/{domain}", domain) for domain in ("gazeta.uz", "gazeta.ua")]
    for draft in drafts:
        p = draft.sentence(f"They read {draft.title}.")
        site = MINTER.named("site", draft.title)
        draft.says(p, site, "Website", draft.title, domainName=Literal(draft.title))
    enter(*drafts)
    assert not found(store, least=0.0)


def test_what_one_dataset_names_is_not_paired_with_what_else_it_names(
    store: Store, enter: Enter, tmp_path: Path
) -> None:
    header = "Region,Country,Media company,Main assets,URL,Typology,Status,Notes,Instagram Link,Twitter Link,"
    header += "Facebook Link,Telegram Link"
    rows = [
        f"Asia,Kazakhstan,Steppe Media Holding,Steppe Morning News{edition},{site},SC,,,,,,"
        for edition, site in (
            (" (Arabic)", "https://ar.steppe.example/"), (" (Russian)", "https://ru.steppe.example/"),
        )
    ]  # fmt: skip
    file = tmp_path / "media.csv"
    file.write_text("\n".join((header, *rows, "")), encoding="utf-8")
    assert load(store, find_dataset("state-media"), [file], load_gazetteer(MINTER)).problems == ()
    assert not found(store)
    draft = Draft("test/one", "One")
    p = draft.sentence("The Steppe Morning News of Kazakhstan was fined.")
    draft.says(p, KZ, "Country", "Kazakhstan")
    paper = draft.says(
        p,
        MINTER.named("actor", "The Steppe Morning News"),
        "MediaOutlet",
        "The Steppe Morning News",
        country=KZ,
    )
    enter(draft)
    pairs = found(store)
    assert pairs
    assert all(paper in pair for pair in pairs)
