"""What to judge next, and what is sure enough to be judged by the rules."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime

from kgraph import __version__
from kgraph.iris import Minter
from kgraph.linking.candidates import LEAST, Candidate, candidates
from kgraph.linking.extracts import localised
from kgraph.linking.judgements import Judgement, in_force, read_judgements
from kgraph.linking.things import Thing, read_things
from kgraph.store import View


def propose(
    view: View, minter: Minter, others: Iterable[Thing] | None = None, *, least: float = LEAST
) -> list[Candidate]:
    """Pairs that may be one and that nobody has judged, the likeliest first.

    :param others: things of elsewhere; left out, the things of the store with each other.
    :param least: the lowest score to tell of.
    """
    things = read_things(view, minter)
    settled = in_force(read_judgements(view, minter))
    found = None if others is None else _merged(localised(others, things))
    return candidates(things.values(), found, least=least, settled=settled.keys())


def accepted(found: Sequence[Candidate], least: float, now: datetime) -> list[Judgement]:
    """Judgements of the rules on the candidates that are sure enough.

    A thing that could be several things of elsewhere is left to people, and so is an event that could be
    several of one document or dataset: that names them apart.

    :param least: the lowest score that is sure enough.
    """
    sure = [each for each in found if each.score.value >= least]
    rivals = Counter(key for each in sure for key in _rivalries(each))
    return [
        Judgement(
            each.one.iri,
            each.other.iri,
            "same",
            f"kgraph {__version__}",
            now,
            likeness=each.score.value,
            reasons=(*each.score.reasons, *([f"from {each.other.found_in}"] if each.other.found_in else [])),
            justification="CompositeMatching",
        )
        for each in sure
        if all(rivals[key] <= 1 for key in _rivalries(each))
    ]


def _rivalries(candidate: Candidate) -> set[tuple[str, str]]:
    """What at most one candidate can be: a thing, with whatever names its counterparts apart."""
    one, other = candidate.one, candidate.other
    found = {(one.iri, "elsewhere")} if other.found_in else set[tuple[str, str]]()
    for this, that in ((one, other), (other, one)):
        if that.kind == "Event" and that.origin:
            found.add((this.iri, that.origin))
    return found


def _merged(things: Iterable[Thing]) -> list[Thing]:
    """One thing of each address: a file may tell of one several times."""
    found: dict[str, Thing] = {}
    for each in things:
        before = found.get(each.iri)
        found[each.iri] = each if before is None else before.with_names_of(each)
    return list(found.values())
