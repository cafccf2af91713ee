"""Judgements are data; what is the same follows from them, in any order, and never against a shape."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from drafts import Enter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sample_graph import KZ, MINTER, REFERENCE, TWITTER, UZ, Draft

import kgraph
from kgraph.admission import Desk
from kgraph.checking import check
from kgraph.errors import NotFound, WriteError
from kgraph.gazetteer import load_gazetteer
from kgraph.linking import (
    Judgement,
    Verdict,
    in_force,
    read_judgements,
    rebuild,
    record,
    sameness_of,
    withdraw,
)
from kgraph.store import Store, open_store

AT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
QUERY = """SELECT ?s ?p ?o WHERE {
  GRAPH ?g { VALUES ?p { kg:canonical skos:exactMatch skos:closeMatch } ?s ?p ?o } }"""


def actor(name: str) -> str:
    return MINTER.named("actor", name)


def judgement(
    one: str, other: str, verdict: Verdict = "same", after: int = 0, by: str = "A. Reader"
) -> Judgement:
    return Judgement(*sorted((one, other)), verdict, by, AT + timedelta(minutes=after))


def view_of(store: Store) -> set[tuple[str, ...]]:
    with store.view() as view:
        rows = view.evaluate(QUERY, bindings={"g": MINTER.graph("links")})
        return {tuple(str(row[name]) for name in "spo") for row in rows}


def groups(store: Store) -> set[frozenset[str]]:
    with store.view() as view:
        return set(sameness_of(view, MINTER).groups)


@pytest.fixture
def people(store: Store, enter: Enter) -> list[str]:
    """Four actors under four names, and a platform."""
    draft = Draft("test/people", "People")
    p = draft.sentence("Alma, Bolat, Chingiz and Dana used Twitter in Kazakhstan and Uzbekistan.")
    draft.says(p, TWITTER, "Platform", "Twitter")
    draft.says(p, KZ, "Country", "Kazakhstan")
    draft.says(p, UZ, "Country", "Uzbekistan")
    found = [draft.says(p, actor(name), "Person", name) for name in ("Alma", "Bolat", "Chingiz", "Dana")]
    enter(draft)
    return found


def test_what_is_judged_the_same_gets_one_canonical_address(store: Store, people: list[str]) -> None:
    alma, bolat, chingiz, _ = people
    record(store, [judgement(alma, bolat), judgement(bolat, chingiz)])
    assert groups(store) == {frozenset({alma, bolat, chingiz})}
    with store.view() as view:
        rows = view.evaluate("SELECT DISTINCT ?one WHERE { ?thing kg:canonical ?one }")
        assert [str(row["one"]) for row in rows] == [alma]
        assert all(checked.report.conforms for checked in check(view, MINTER))


def test_a_judgement_keeps_who_when_and_why(store: Store, people: list[str]) -> None:
    said = Judgement(
        people[0],
        people[1],
        "different",
        "B. Judge",
        AT,
        likeness=0.75,
        reasons=("+ like names", "- other country"),
        sources=("https://example.org/proof",),
    )
    record(store, [said])
    with store.view() as view:
        (kept,) = read_judgements(view, MINTER)
    assert (kept.by, kept.at, kept.verdict, kept.likeness) == ("B. Judge", AT, "different", 0.75)
    assert kept.reasons == said.reasons
    assert kept.sources == said.sources


def test_recording_again_changes_nothing(store: Store, people: list[str]) -> None:
    record(store, [judgement(*people[:2])])
    with store.view() as view:
        before = view.version
    again = record(store, [judgement(*people[:2], after=9)])
    assert (again.made, again.unchanged) == ((), 1)
    with store.view() as view:
        assert view.version == before


def test_withdrawing_brings_back_what_counted_before(store: Store, people: list[str]) -> None:
    alma, bolat, *_ = people
    record(store, [judgement(alma, bolat)])
    once = view_of(store)
    record(store, [judgement(alma, bolat, "different", after=1)])
    assert view_of(store) == set()
    withdraw(store, [f"{alma} {bolat}"])
    assert view_of(store) == once
    withdraw(store, [f"{bolat} {alma}"])
    assert view_of(store) == set()
    with store.view() as view:
        made = read_judgements(view, MINTER)
    assert len(made) == 2
    assert all(each.withdrawn_at is not None for each in made)
    with pytest.raises(NotFound):
        withdraw(store, [f"{alma} {bolat}"])


def test_what_is_judged_different_is_not_united_over_a_third(store: Store, people: list[str]) -> None:
    alma, bolat, chingiz, _ = people
    recorded = record(
        store, [judgement(alma, bolat), judgement(bolat, chingiz), judgement(alma, chingiz, "different")]
    )
    (refused,) = recorded.refused
    assert "judged different" in refused.reason
    assert groups(store) == {frozenset({alma, bolat})}


def test_a_person_and_a_platform_are_never_one(store: Store, people: list[str]) -> None:
    recorded = record(store, [judgement(people[0], TWITTER)])
    assert "actor" in recorded.refused[0].reason
    assert view_of(store) == set()


def test_two_countries_are_never_one_not_even_over_a_third_thing(store: Store, people: list[str]) -> None:
    record(store, [judgement(KZ, people[0]), judgement(UZ, people[0], after=1)])
    assert not any({KZ, UZ} <= group for group in groups(store))
    (refused,) = record(store, [judgement(KZ, UZ)]).refused[-1:]
    assert "ISO 3166" in refused.reason


def test_people_outweigh_programs(store: Store, people: list[str]) -> None:
    alma, bolat, chingiz, _ = people
    by_rules = Judgement(alma, bolat, "same", "rules", AT, likeness=1.0, justification="CompositeMatching")
    record(store, [by_rules, judgement(bolat, chingiz), judgement(alma, chingiz, "different")])
    assert groups(store) == {frozenset({bolat, chingiz})}


def test_links_elsewhere_are_told_in_the_catalog(store: Store, people: list[str]) -> None:
    there = "http://www.wikidata.org/entity/Q1"
    record(
        store,
        [Judgement(people[0], there, "same", "A. Reader", AT), judgement(people[0], people[1], after=1)],
    )
    assert {(one, other) for one, _, other in view_of(store) if other == there} == {
        (people[0], there),
        (people[1], there),
    }
    with store.view() as view:
        rows = list(
            view.evaluate(
                """SELECT ?target ?n WHERE { GRAPH ?g { ?set a void:Linkset ; void:objectsTarget ?target ;
                     void:linkPredicate skos:exactMatch ; void:triples ?n } } ORDER BY ?n""",
                bindings={"g": MINTER.graph("catalog")},
            )
        )
    assert [str(row["target"]) for row in rows if int(row["n"]) == 2] == ["http://www.wikidata.org/"]
    withdraw(store, [f"{people[0]} {there}", f"{people[0]} {people[1]}"])
    with store.view() as view:
        assert not view.evaluate("ASK { ?set a void:Linkset }")


def test_the_view_follows_what_is_stored(store: Store, people: list[str], enter: Enter) -> None:
    alma, bolat, *_ = people
    record(store, [judgement(alma, bolat)])
    # A later document says that one of the two is a platform's namesake: only the shapes can tell.
    with store.writer() as writer:
        writer.delete(MINTER.graph("links"), writer.view().graph(MINTER.graph("links")))
        writer.commit()
    assert view_of(store) == set()
    assert rebuild(store).groups == ()
    record(store, [judgement(alma, bolat)])
    assert rebuild(store).groups == (frozenset({alma, bolat}),)


def test_what_enters_and_leaves_brings_the_view_up_to_date(
    store: Store, people: list[str], enter: Enter
) -> None:
    alma, bolat, chingiz, _ = people
    awaited = actor("Awaited")
    record(store, [judgement(alma, awaited), judgement(bolat, chingiz)])
    one, untouched = frozenset({alma, awaited}), frozenset({bolat, chingiz})
    united = view_of(store)
    assert groups(store) == {one, untouched}

    # Only now a document tells that this is no person but a platform.
    draft = Draft("test/platform", "A platform")
    p = draft.sentence("Awaited is a platform.")
    draft.says(p, awaited, "Platform", "Awaited")
    enter(draft)
    assert view_of(store) == {triple for triple in united if triple[0] in untouched}
    assert rebuild(store).groups == (untouched,)

    Desk(store, load_gazetteer(MINTER), MINTER).withdraw(draft.iri)
    assert view_of(store) == united
    with store.view() as view:
        assert all(checked.report.conforms for checked in check(view, MINTER))


def test_a_plain_store_has_no_judgements(tmp_path: Path) -> None:
    with open_store(tmp_path / "plain", create=True, plain=True) as plain, pytest.raises(WriteError):
        record(plain, [judgement("https://example.org/a", "https://example.org/b")])


def test_the_public_face_judges_and_withdraws(store: Store, people: list[str]) -> None:
    assert store.path is not None
    with kgraph.open(store.path) as graph:
        graph.judge_same(people[0], people[1], by="A. Reader")
        (made,) = graph.judgements()
        assert made.by == "A. Reader"
        graph.withdraw_judgement(made.iri)
        assert in_force(graph.judgements()) == {}


_PAIRS = [(a, b) for a in range(4) for b in range(a)]


@settings(
    max_examples=8,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    said=st.lists(
        st.tuples(st.sampled_from(_PAIRS), st.sampled_from(["same", "different", "unsure"])),
        unique_by=lambda each: each[0],
        min_size=2,
    ),
    order=st.randoms(use_true_random=False),
)
def test_the_order_of_judgements_does_not_matter(
    said: list[tuple[tuple[int, int], Verdict]], order: object, tmp_path_factory: pytest.TempPathFactory
) -> None:
    names = [actor(name) for name in "abcd"]
    made = [judgement(names[a], names[b], verdict) for (a, b), verdict in said]
    shuffled = list(made)
    order.shuffle(shuffled)  # type: ignore[attr-defined]
    seen = []
    for given_ in (made, shuffled):
        with open_store(None, minter=MINTER) as fresh:
            for each in given_:
                record(fresh, [each])
            seen.append(view_of(fresh))
            # Withdrawing all of them leaves nothing.
            withdraw(fresh, [" ".join(each.pair) for each in given_])
            assert view_of(fresh) == set()
    assert seen[0] == seen[1]


_THINGS = (KZ, UZ, TWITTER, actor("a"), actor("b"), "http://www.wikidata.org/entity/Q1")
_KIND_OF = {KZ: "KZ", UZ: "UZ", TWITTER: "platform", actor("a"): "actor", actor("b"): "actor"}


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    pairs=st.lists(
        st.tuples(st.sampled_from(_THINGS), st.sampled_from(_THINGS)).filter(lambda pair: pair[0] < pair[1]),
        unique=True,
        max_size=12,
    )
)
def test_whatever_is_judged_no_group_holds_what_the_shapes_call_apart(pairs: list[tuple[str, str]]) -> None:
    people = "".join(f"<{actor(name)}> a kg:Person . " for name in "ab")
    with open_store(None, minter=MINTER) as fresh:
        with fresh.writer() as writer:
            writer.insert(MINTER.graph("reference"), (REFERENCE + people).encode())
            writer.commit()
        recorded = record(fresh, [judgement(one, other) for one, other in pairs])
        for group in groups(fresh):
            kinds = {_KIND_OF[iri] for iri in group}
            assert not {"KZ", "UZ"} <= kinds
            assert "platform" not in kinds or kinds == {"platform"}
        # What is not followed is told, and only that.
        united = [next((g for g in groups(fresh) if one in g), {one}) for one, _ in pairs]
        own = [each for each in zip(pairs, united, strict=True) if _THINGS[-1] not in each[0]]
        refused = {each.judgement.pair for each in recorded.refused}
        assert all((pair in refused) != (pair[1] in group) for pair, group in own)
