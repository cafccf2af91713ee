"""Blocking keys: which pairs are worth comparing at all.

Two things are compared if they share an identifier, a word of a name (by its skeleton, so in any script), a
whole name without its spaces, or, for events, the country and the month. A name in common does not count for
things of different countries.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from kgraph.linking.cutting import acronym, clipped, initials
from kgraph.linking.names import forms, read_name
from kgraph.linking.sounds import coarse_skeletons, skeletons
from kgraph.linking.things import Thing

#: A key that more things have than this tells too little: their other keys have to bring them together.
LARGEST_BLOCK = 200

#: An event may be reported a day early or late.
TOLERANCE = timedelta(days=1)
_MOST_MONTHS = 13
_BY_NAME = {"name", "word", "letters", "heard", "initials", "clipped"}


def keys(thing: Thing) -> set[tuple[str, str]]:
    """What a thing can be found by: kind of key and value."""
    found = {("identifier", f"{scheme} {value}") for scheme, value in thing.identifiers} | {
        ("iri", thing.iri)
    }
    found |= {("iri", value) for scheme, value in thing.identifiers if scheme == "iri"}
    by_name = set(_name_keys(thing))
    # A word that many have is telling among the things of one country.
    found |= by_name | {(kind, f"{value} {each}") for kind, value in by_name for each in thing.countries}
    if thing.kind == "Event" and thing.dates:
        months = list(_months(*thing.dates))
        found |= {("when and where", f"{country} {month}") for country in thing.countries for month in months}
    return found


def _name_keys(thing: Thing) -> Iterator[tuple[str, str]]:
    for text in {form for name in thing.names for form in forms(name)}:
        name = read_name(text, of_person=thing.kind == "Person")
        for bones in skeletons(name.joined):
            yield "name", bones or name.joined
        for word in {*name.tokens, name.joined}:
            yield from (("heard", bones) for bones in coarse_skeletons(word) if len(bones) >= 3)
        for word in name.tokens:
            yield from (("word", bones) for bones in skeletons(word) if len(bones) >= 2)
            if len(word) >= 2 and max(map(len, skeletons(word))) < 2:
                yield "letters", word
        if thing.kind == "Actor":
            yield from (("initials", each) for each in (acronym(text), *initials(text)) if each)
            yield from (
                ("clipped", word[:2]) for word in (clipped(text), *name.tokens[:-1]) if len(word) >= 2
            )


def pairs(things: Iterable[Thing], others: Iterable[Thing] | None = None) -> Iterator[tuple[Thing, Thing]]:
    """Pairs that share a key, each once, in an order that depends on their addresses alone.

    :param others: things to pair the first ones with; left out, these with each other.
    """
    blocks: dict[tuple[str, str], tuple[list[Thing], list[Thing]]] = defaultdict(lambda: ([], []))
    for side, group in enumerate((things, others or ())):
        for thing in sorted(group, key=lambda each: each.iri):
            for key in keys(thing):
                blocks[key][side].append(thing)
    seen: set[tuple[str, str]] = set()
    for key in sorted(blocks):
        ours, theirs = blocks[key]
        by_name = key[0] in _BY_NAME
        if by_name and key[0] != "name" and max(len(ours), len(theirs)) > LARGEST_BLOCK:
            continue
        for number, one in enumerate(ours):
            for other in theirs if others is not None else ours[number + 1 :]:
                pair = (one.iri, other.iri)
                if one.iri == other.iri or pair in seen or (by_name and _are_apart(one, other)):
                    continue
                seen.add(pair)
                if _comparable(one, other):
                    yield one, other


def _are_apart(one: Thing, other: Thing) -> bool:
    """Whether two things of one name belong to other countries: then only an identifier could unite them."""
    if "Platform" in {one.kind, other.kind} or not one.countries or not other.countries:
        return False
    return one.countries.isdisjoint(other.countries)


def _comparable(one: Thing, other: Thing) -> bool:
    """Whether nothing says beforehand that they are two.

    One document names its own things apart, one dataset all that it names; so does the gazetteer.
    """
    if one.kind and other.kind and not _kinds_meet(one.kind, other.kind):
        return False
    if one.is_known and other.is_known:
        return False
    return not (one.origin and one.origin == other.origin) and one.named_by.isdisjoint(other.named_by)


def _kinds_meet(one: str, other: str) -> bool:
    return one == other or {one, other} in ({"Place", "Country"}, {"Actor", "Country"})


def _months(first: date, last: date) -> Iterator[str]:
    """The months from a day to another, a day's tolerance at each end; of too many, the first and last."""
    first, last = _moved(first, -TOLERANCE), _moved(last, TOLERANCE)
    count = (last.year - first.year) * 12 + last.month - first.month + 1
    numbers = range(first.month - 1, first.month - 1 + count)
    for number in numbers if count <= _MOST_MONTHS + 2 else (*numbers[:2], *numbers[-2:]):
        yield f"{first.year + number // 12}-{number % 12 + 1:02}"


def _moved(day: date, by: timedelta) -> date:
    try:
        return day + by
    except OverflowError:
        return day
