"""Candidates: pairs that may be one thing, the likeliest first."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from kgraph.linking.blocking import pairs
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
    done = set(settled)
    found = []
    for one, other in pairs(things, others):
        if (min(one.iri, other.iri), max(one.iri, other.iri)) in done:
            continue
        compared = score(one, other)
        if compared.value >= least:
            found.append(Candidate(one, other, compared))
    return sorted(found, key=lambda each: (-each.score.value, each.one.iri, each.other.iri))
