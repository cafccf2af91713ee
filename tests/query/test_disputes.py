"""Disputes: derived from claims and facts as docs tell; tolerance, claimants, denials."""

from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sample_graph import KZ, MINTER, Draft, integer, load, words

from kgraph.namespaces import KG, KGC
from kgraph.query import Dispute, disputes
from kgraph.records import Term
from kgraph.store import View, open_store

EVENT = MINTER.named("event", "the fire")


def claim(note: Draft, value: Term, by: str | None = None, bound: str | None = None, stance: str = "asserts",
          property_: str = "deathToll") -> None:  # fmt: skip
    p = note.sentence(f"Claim {len(note.text)}: {value} says {by}.")
    note.says(p, EVENT, "Event", "the fire", country=KZ)
    more: dict[str, Term | list[Term]] = {"bound": KGC[bound]} if bound else {}
    if by:
        more["claimedBy"] = note.says(p, MINTER.named("actor", by), "Organization", by)
    note.says(p, note.node("claim", p.start), "Claim", about=EVENT, claimedProperty=KG[property_],
              claimedValue=value, stance=KGC[stance], **more)  # fmt: skip


def found(*notes: Draft) -> tuple[Dispute, ...]:
    with load(open_store(None), *notes) as store, store.view() as view:
        return disputes(view)


def one_note(*claims: dict[str, object]) -> tuple[Dispute, ...]:
    note = Draft("urn:one", "One")
    for each in claims:
        claim(note, **each)  # type: ignore[arg-type]
    return found(note)


def test_the_sides_of_a_dispute_are_told_with_claimants_and_sentences(view: View) -> None:
    (dispute,) = disputes(view)
    assert (dispute.about_label, dispute.property_label) == ("Zhanaozen strike", "death toll")
    assert [(side.value, side.claimants) for side in dispute.sides] == [
        ("16", ("officials",)),
        ("at most 73", ("some reporters",)),
    ]
    assert all(side.sources[0].sentence for side in dispute.sides)


@pytest.mark.parametrize(
    ("one", "other", "is_dispute"),
    [
        ((16, None), (73, None), True),
        ((16, None), (73, "atMost"), True),
        ((16, None), (16, None), False),
        ((71, "atLeast"), (80, None), False),
        ((71, "atLeast"), (70, None), True),
        ((71, "atLeast"), (90, "atMost"), False),
        ((200, "approximately"), (210, None), False),
        ((200, "approximately"), (180, None), False),
        ((200, "approximately"), (179, None), True),
        ((200, "approximately"), (221, None), True),
    ],
)
def test_bounds_leave_room_as_the_vocabulary_says(
    one: tuple[int, str | None], other: tuple[int, str | None], is_dispute: bool
) -> None:
    first, second = ({"value": integer(v), "bound": b, "by": by} for (v, b), by in ((one, "A"), (other, "B")))
    assert bool(one_note(first, second)) is is_dispute
    assert bool(one_note(second, first)) is is_dispute


def test_one_claimant_does_not_dispute_itself() -> None:
    assert not one_note({"value": integer(1), "by": "A"}, {"value": integer(2), "by": "A"})


def test_two_unnamed_claimants_dispute_only_across_documents() -> None:
    assert not one_note({"value": integer(1)}, {"value": integer(2)})
    one, other = Draft("urn:one", "One"), Draft("urn:two", "Two")
    claim(one, integer(1))
    claim(other, integer(2))
    assert len(found(one, other)) == 1


def test_a_denial_disputes_what_another_asserts_and_nothing_else() -> None:
    asserted, denied = (
        {"value": words("arson"), "property_": "cause"},
        {"stance": "denies", "property_": "cause"},
    )
    (dispute,) = one_note({**asserted, "by": "A"}, {**denied, "value": words("Arson"), "by": "B"})
    assert {side.stance for side in dispute.sides} == {"asserts", "denies"}
    assert not one_note({**asserted, "by": "A"}, {**denied, "value": words("lightning"), "by": "B"})


def test_a_stated_fact_is_its_documents_claim() -> None:
    claiming, stating = Draft("urn:one", "Claiming"), Draft("urn:two", "Stating")
    claim(claiming, integer(5), by="A")
    p = stating.sentence("The fire killed nine.")
    stating.says(p, EVENT, "Event", "the fire", deathToll=integer(9))
    (dispute,) = found(claiming, stating)
    assert [(side.value, side.claimants) for side in dispute.sides] == [("5", ("A",)), ("9", ("Stating",))]


def test_facts_of_which_there_may_be_several_do_not_dispute_each_other() -> None:
    one, other = Draft("urn:one", "One"), Draft("urn:two", "Two")
    for note, by in ((one, "A"), (other, "B")):
        p = note.sentence(f"{by} set it.")
        actor = note.says(p, MINTER.named("actor", by), "Organization", by)
        note.says(p, EVENT, "Crackdown", "the fire", conductedBy=actor)
    assert not found(one, other)


@settings(max_examples=15, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 40), st.sampled_from([None, "atLeast", "atMost", "approximately"])),
        min_size=2, max_size=3,
    )
)  # fmt: skip
def test_who_speaks_first_does_not_matter(positions: list[tuple[int, str | None]]) -> None:
    claims = [{"value": integer(n), "bound": b, "by": f"Source {i}"} for i, (n, b) in enumerate(positions)]
    answers = [
        [{(side.value, side.claimants) for side in dispute.sides} for dispute in one_note(*order)]
        for order in permutations(claims)
    ]
    assert all(answer == answers[0] for answer in answers)
