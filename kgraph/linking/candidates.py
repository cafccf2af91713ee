"""Candidates: pairs that may be one thing, the likeliest first."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from kgraph.linking.blocking import pairs
from kgraph.linking.comparing import name_likeness
from kgraph.linking.names import read_name
from kgraph.linking.scoring import Score, score
from kgraph.linking.things import Thing

#: Below this nobody need look.
LEAST = 0.5

#: From here on, of a hundred pairs of actors and platforms 98 or more are right: docs/linking.md.
SURE = 0.9


@dataclass(frozen=True, slots=True)
class Candidate:
    """Two things that may be one, with how alike they are and why."""

    one: Thing
    other: Thing
    score: Score

    def __str__(self) -> str:
        """For people, in one line."""
        reasons = "; ".join(self.score.reasons)
        return f"{self.score.value:.3f} {self.one.label} = {self.other.label} ({reasons})"


def candidates(
    things: Iterable[Thing],
    others: Iterable[Thing] | None = None,
    *,
    least: float = LEAST,
    settled: Collection[tuple[str, str]] = (),
) -> list[Candidate]:
    """Pairs that may be one thing, the likeliest first.

    :param others: things of elsewhere to pair these with; left out, these with each other.
    :param least: the lowest score to tell of.
    :param settled: pairs of addresses, the lesser first, that somebody has judged: left out.
    """
    scored = [Candidate(one, other, score(one, other)) for one, other in pairs(things, others)]
    done = set(settled)
    found = [
        each
        for each in _with_rivals_told(scored)
        if each.score.value >= least and tuple(sorted((each.one.iri, each.other.iri))) not in done
    ]
    return sorted(found, key=lambda each: (-each.score.value, each.one.iri, each.other.iri))


#: What a surname tells less where several people have it.
_RIVALS, _NEAR = 0.15, 0.85


def _with_rivals_told(scored: Sequence[Candidate]) -> list[Candidate]:
    """Lower the scores by surname of who could be several people: relatives follow each other in office."""
    bearers: dict[str, list[Thing]] = defaultdict(list)
    by_surname = [each for each in scored if each.score.by_surname and each.score.value >= _NEAR]
    for each in by_surname:
        bearers[each.one.iri].append(each.other)
        bearers[each.other.iri].append(each.one)
    torn = {iri for iri, people in bearers.items() if _are_several(people)}
    return [
        replace(each, score=each.score.lowered(_RIVALS, "others have that name too"))
        if each.score.by_surname and not torn.isdisjoint((each.one.iri, each.other.iri))
        else each
        for each in scored
    ]


def _are_several(people: Sequence[Thing]) -> bool:
    """Whether some of them have whole names that are not each other's."""
    names = [
        [name for text in each.names if len((name := read_name(text, of_person=True)).tokens) > 1]
        for each in people
    ]
    return any(
        likenesses and max(likenesses) < 0.75
        for number, one in enumerate(names)
        for other in names[number + 1 :]
        # Across scripts one name can look like two.
        if (
            likenesses := [
                name_likeness(a, b, of_person=True) for a in one for b in other if a.script == b.script
            ]
        )
    )
