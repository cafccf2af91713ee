"""What is the same: the parts that hang together by "same", as far as "different" and the shapes allow.

A function of the judgements that count and of what is stored: not of the order in which anyone judged.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import product

from kgraph.iris import Minter
from kgraph.linking.judgements import Judgement, in_force
from kgraph.linking.things import origin_of
from kgraph.namespaces import KG, SKOS

#: Whether things of some addresses can be one; "" if they can, else why not.
Objection = Callable[[frozenset[str]], str]


@dataclass(frozen=True, slots=True)
class Refused:
    """A judgement that is not followed: what it makes one would break another judgement or a shape."""

    judgement: Judgement
    reason: str


@dataclass(frozen=True, slots=True)
class Sameness:
    """What is the same.

    :param groups: addresses of things that are one, each group of two or more.
    :param matches: one thing, relation, another: what matches more loosely, or lies elsewhere.
    """

    groups: tuple[frozenset[str], ...] = ()
    matches: tuple[tuple[str, str, str], ...] = ()
    refused: tuple[Refused, ...] = ()


def find_sameness(judgements: Iterable[Judgement], minter: Minter, objection: Objection) -> Sameness:
    """Unite what is judged the same.

    Where not all of it can hold, the surest judgements hold: people's before programs', then by likeness,
    then by address.

    :param objection: what the shapes say against a group.
    """
    counting = list(in_force(judgements).values())
    apart = {each.pair for each in counting if each.verdict == "different"}
    group_of: dict[str, frozenset[str]] = {}
    refused: list[Refused] = []
    close: list[tuple[str, str, str]] = []
    for each in sorted((each for each in counting if each.verdict == "same"), key=_surest_first):
        if each.relation != SKOS.exactMatch:
            close.append((each.one, each.relation, each.other))
            continue
        one, other = (group_of.get(iri, frozenset({iri})) for iri in each.pair)
        if one == other:
            continue
        reason = _parted(one, other, apart) or objection(frozenset(_own(one | other, minter)))
        if reason:
            refused.append(Refused(each, reason))
            continue
        for iri in one | other:
            group_of[iri] = one | other
    groups = sorted(set(group_of.values()), key=min)
    own = tuple(members for group in groups if len(members := frozenset(_own(group, minter))) > 1)
    return Sameness(own, tuple(sorted({*_exact(groups, minter), *close})), tuple(refused))


def triples_of(sameness: Sameness, minter: Minter) -> Iterator[tuple[str, str, str]]:
    """The view that is written: each member with its canonical one, and all matches elsewhere."""
    for group in sameness.groups:
        chosen = canonical(group, minter)
        for member in sorted(group):
            yield member, KG.canonical, chosen
            if member != chosen:
                yield member, SKOS.exactMatch, chosen
    yield from sameness.matches


#: By which terms the view is known in the links graph.
VIEW_TERMS = (KG.canonical, SKOS.exactMatch, SKOS.closeMatch)


def canonical(group: Iterable[str], minter: Minter) -> str:
    """Which of several addresses stands for all.

    A shared one before a document's own, one in Latin letters before others, then the shortest.
    """
    return min(group, key=lambda iri: (bool(origin_of(iri, minter)), not iri.isascii(), len(iri), iri))


def _exact(groups: Iterable[frozenset[str]], minter: Minter) -> Iterator[tuple[str, str, str]]:
    for group in groups:
        own = set(_own(group, minter))
        for one, other in product(sorted(own), sorted(group - own)):
            yield one, SKOS.exactMatch, other


def _surest_first(judgement: Judgement) -> tuple[bool, float, tuple[str, str]]:
    of_program = judgement.justification != "ManualMappingCuration"
    return of_program, -(judgement.likeness if judgement.likeness is not None else 1.0), judgement.pair


def _parted(one: frozenset[str], other: frozenset[str], apart: set[tuple[str, str]]) -> str:
    for a, b in product(sorted(one), sorted(other)):
        if ((a, b) if a < b else (b, a)) in apart:
            return f"{a} and {b} are judged different"
    return ""


def _own(group: Iterable[str], minter: Minter) -> Iterator[str]:
    return (iri for iri in group if iri.startswith(minter.resources))
