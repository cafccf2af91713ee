"""Who asks for a thing meets all that is judged to be one with it, each statement with its own evidence."""

from datetime import UTC, datetime

import pytest
from drafts import Enter
from sample_graph import KZ, MINTER, Draft, day, integer

from kgraph.linking import Judgement, record, withdraw
from kgraph.namespaces import KG
from kgraph.query import Description, ask, describe, describe_iri, disputes
from kgraph.store import Store
from kgraph.web import create_app

OPERATOR, SAME_OPERATOR = MINTER.named("actor", "steppe-telecom"), MINTER.named("actor", "степь-телеком")


def judge(store: Store, one: str, other: str) -> None:
    record(store, [Judgement(*sorted((one, other)), "same", "A. Reader", datetime(2026, 1, 2, tzinfo=UTC))])


def described(store: Store, iri: str) -> Description:
    with store.view() as view:
        return describe_iri(view, iri)


def asked(store: Store, name: str, **parameters: str) -> list[dict[str, str]]:
    with store.view() as view:
        return [{key: str(value) for key, value in row.items()} for row in ask(view, name, parameters)]


@pytest.fixture
def operator(store: Store, enter: Enter) -> None:
    """One operator, called and owned otherwise in two documents."""
    first, second = Draft("test/one", "One"), Draft("test/two", "Two")
    p = first.sentence("Steppe Telecom, owned by the state of Kazakhstan, cut the internet.")
    first.says(p, KZ, "Country", "Kazakhstan")
    first.says(p, OPERATOR, "TelecomOperator", "Steppe Telecom", ownedBy=KZ)
    p = second.sentence("Степь-Телеком of Kazakhstan belongs to Alma.")
    second.says(p, KZ, "Country", "Kazakhstan")
    alma = second.says(p, MINTER.named("actor", "Alma"), "Person", "Alma")
    second.says(p, SAME_OPERATOR, "TelecomOperator", "Степь-Телеком", ownedBy=alma, country=KZ)
    enter(first, second)


@pytest.mark.usefixtures("operator")
def test_a_thing_is_told_under_all_its_addresses_with_who_says_what(store: Store) -> None:
    judge(store, OPERATOR, SAME_OPERATOR)
    for iri, other in ((OPERATOR, SAME_OPERATOR), (SAME_OPERATOR, OPERATOR)):
        told = described(store, iri)
        (twin,) = told.twins
        assert (told.iri, twin.iri, len(twin.judgements)) == (iri, other, 1)
        assert told.names == ("Steppe Telecom", "Степь-Телеком")
        owners = [each for each in told.statements if each.predicate == KG.ownedBy]
        assert [(each.value_label, each.of, each.sources[0].title) for each in owners] == [
            ("Alma", (SAME_OPERATOR,), "Two"),
            ("Kazakhstan", (OPERATOR,), "One"),
        ]
        (kind,) = (each for each in told.statements if each.predicate_label == "is a")
        assert kind.of == (OPERATOR, SAME_OPERATOR)
        assert [source.title for source in kind.sources] == ["One", "Two"]


@pytest.mark.usefixtures("operator")
def test_a_withdrawn_judgement_parts_what_was_told_together(store: Store) -> None:
    judge(store, OPERATOR, SAME_OPERATOR)
    withdraw(store, [f"{OPERATOR} {SAME_OPERATOR}"])
    told = described(store, OPERATOR)
    assert told.twins == ()
    assert told.names == ("Steppe Telecom",)


def test_two_things_of_one_name_are_one_answer_once_judged(store: Store, enter: Enter) -> None:
    drafts = [Draft(f"test/{number}", f"Note {number}") for number in range(2)]
    people = []
    for draft in drafts:
        p = draft.sentence("Bolat spoke.")
        people.append(draft.says(p, MINTER.named("actor", f"Bolat {draft.title}"), "Person", "Bolat"))
    enter(*drafts)
    with store.view() as view:
        assert len(describe(view, "Bolat")) == 2
    judge(store, *people)
    with store.view() as view:
        assert len(describe(view, "Bolat")) == 1


@pytest.mark.usefixtures("operator")
def test_everything_on_a_thing_is_asked_across_its_addresses(store: Store) -> None:
    before = asked(store, "everything-on", about=OPERATOR)
    judge(store, OPERATOR, SAME_OPERATOR)
    after = asked(store, "everything-on", about=OPERATOR)
    assert {row["title"] for row in before} == {"One"}
    assert {row["title"] for row in after} == {"One", "Two"}
    assert {row["valueLabel"] for row in after if row["property"] == KG.ownedBy} == {"Alma", "Kazakhstan"}


def blocking_of(draft: Draft, platform: str, label: str) -> None:
    p = draft.sentence(f"{label} went dark in Kazakhstan on 21 May 2016.")
    draft.says(p, KZ, "Country", "Kazakhstan")
    draft.says(p, platform, "Platform", label)
    event = draft.node("event", p.start)
    draft.says(p, event, "Blocking", None, country=KZ, date=day("2016-05-21"), target=platform)


def test_a_platform_is_asked_for_under_all_its_addresses(store: Store, enter: Enter) -> None:
    platforms = MINTER.named("platform", "Jurt"), MINTER.named("platform", "Журт")
    drafts = [Draft(f"test/{number}", f"Note {number}") for number in range(2)]
    for draft, platform, label in zip(drafts, platforms, ("Jurt", "Журт"), strict=True):
        blocking_of(draft, platform, label)
    enter(*drafts)
    assert len(asked(store, "blocked-platforms", platform=platforms[0])) == 1
    judge(store, *platforms)
    found = asked(store, "blocked-platforms", platform=platforms[0])
    assert sorted(row["target"] for row in found) == sorted(platforms)


def test_accounts_of_one_event_are_counted_once_and_contest_each_other(store: Store, enter: Enter) -> None:
    drafts = [Draft(f"test/{number}", f"Note {number}") for number in range(2)]
    events = []
    for draft, dead in zip(drafts, (12, 30), strict=True):
        p = draft.sentence(f"On 16 December 2011 shots in Kazakhstan left {dead} dead.")
        draft.says(p, KZ, "Country", "Kazakhstan")
        event = draft.node("event", p.start)
        events.append(
            draft.says(
                p, event, "Crackdown", None, country=KZ, date=day("2011-12-16"), deathToll=integer(dead)
            )
        )
    enter(*drafts)
    assert asked(store, "disputed-death-tolls") == []
    assert len([r for r in asked(store, "single-source") if r["property"] == KG.date]) == 2
    judge(store, *events)
    assert [row["toll"] for row in asked(store, "disputed-death-tolls")] == ["12", "30"]
    assert [r for r in asked(store, "single-source") if r["property"] == KG.date] == []
    assert len([r for r in asked(store, "single-source") if r["property"] == KG.deathToll]) == 2
    with store.view() as view:
        (dispute,) = disputes(view)
    assert [side.value for side in dispute.sides] == ["12", "30"]
    assert [side.sources[0].title for side in dispute.sides] == ["Note 0", "Note 1"]


@pytest.mark.usefixtures("operator")
def test_a_page_shows_what_is_judged_to_be_one_and_links_it(store: Store) -> None:
    judge(store, OPERATOR, SAME_OPERATOR)
    client = create_app(store).test_client()
    page = client.get(OPERATOR.removeprefix(MINTER.base.rstrip("/")), headers={"Accept": "text/html"}).text
    assert "Judged to be one with" in page
    assert "Степь-Телеком" in page
    assert "/id/judgement/" in page
    assert "belongs to Alma" in page
