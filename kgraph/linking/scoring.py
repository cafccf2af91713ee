"""How alike two things are, and why: a score from 0 to 1 with its reasons.

The score is no probability by itself; docs/linking.md tells how many of the pairs above a score are right. It
is made of one number for the names and what country, dates, identifiers and classes add or take.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial

from kgraph.linking.blocking import TOLERANCE
from kgraph.linking.comparing import name_likeness
from kgraph.linking.cutting import is_cut_from
from kgraph.linking.names import Name, forms, read_name
from kgraph.linking.sounds import likeness
from kgraph.linking.things import Thing
from kgraph.namespaces import local_name
from kgraph.ontology import superclasses

#: What equal names tell by themselves: a platform's is its own, two laws or ministries often share theirs.
_BY_NAME = {
    "Person": 0.82, "Country": 0.95, "Place": 0.70, "Platform": 0.95, "Website": 0.80, "Law": 0.55,
    "Network": 0.70, "Account": 0.60, "Actor": 0.84, "": 0.70,
}  # fmt: skip
#: A surname is many people's; an office of the same state makes it one of few, at the same time one.
_BY_SURNAME, _SAME_OFFICE, _SAME_TIME, _OTHER_TIME, _SAME_TIME_WHOLE = 0.62, 0.10, 0.10, -0.12, 0.05
_AROUND_OFFICE = timedelta(days=366)
_BY_NAME_OF_NO_ONE = 0.45  # words for anyone, such as "police": their address is the document's
#: Schemes by which a thing has one identifier at a time.
_EXCLUSIVE = frozenset({"ISO 3166", "AS number"})
_ITEMS = ("http://www.wikidata.org/entity/", "https://sws.geonames.org/")


@dataclass(frozen=True, slots=True)
class Score:
    """How alike two things are.

    :param value: from 0 to 1.
    :param reasons: what speaks for (+) and against (-), the names first.
    :param by_surname: whether of one person only a single name is known, which relatives share.
    """

    value: float
    reasons: tuple[str, ...]
    by_surname: bool = False

    def lowered(self, by: float, why: str) -> "Score":
        """The score with one more reason against."""
        return Score(round(max(0.0, self.value - by), 3), (*self.reasons, f"- {why}"), self.by_surname)


def score(one: Thing, other: Thing) -> Score:
    """Compare two things; which comes first does not matter."""
    one, other = sorted((one, other), key=lambda thing: thing.iri)
    told = _Tally()
    if one.kind == other.kind == "Event":
        _score_events(one, other, told)
    else:
        _score_names(one, other, told)
        _score_countries(one, other, told)
        _score_dates(one, other, told)
    _score_classes(one, other, told)
    _score_identifiers(one, other, told)
    return Score(round(min(1.0, max(0.0, told.value)), 3), tuple(told.reasons), told.by_surname)


class _Tally:
    def __init__(self) -> None:
        self.value = 0.0
        self.reasons: list[str] = []
        self.by_surname = False

    def add(self, by: float, why: str) -> None:
        self.value += by
        self.reasons.append(f"{'+' if by >= 0 else '-'} {why}")

    def at_least(self, value: float, why: str) -> None:
        self.value = max(self.value, value)
        self.reasons.append(f"+ {why}")

    def at_most(self, value: float, why: str) -> None:
        self.value = min(self.value, value)
        self.reasons.append(f"- {why}")


def _score_names(one: Thing, other: Thing, told: _Tally) -> None:
    of_person = "Person" in {one.kind, other.kind}
    compare = partial(
        name_likeness,
        of_person=of_person,
        of_platform="Platform" in {one.kind, other.kind},
        of_states=one.said_anyway & other.said_anyway,
    )
    alike, a, b = max(
        (
            (compare(_read(a, of_person), _read(b, of_person)), a, b)
            for a in _forms(one)
            for b in _forms(other)
        ),
        default=(0.0, "", ""),
    )
    if alike < _BY_INITIALS and (cut := _cut_to_initials(one, other)):
        alike, a, b = _BY_INITIALS, *cut
    base = min(_BY_NAME[one.kind or other.kind], _BY_NAME[other.kind or one.kind])
    if _is_common_noun(one) or _is_common_noun(other):
        base = _BY_NAME_OF_NO_ONE
    if of_person and alike < 0.75 and (met := _by_surname_first(one, other)):
        alike, a, b = met
        told.by_surname = True
        base = _BY_SURNAME
    elif of_person and _is_of_one_word(_read(a, True), _read(b, True)):
        told.by_surname = alike >= 0.6
        base = _BY_SURNAME
    quoted = f"“{a}”" if a == b else f"“{a}”, “{b}”"
    if alike >= 0.95:
        told.add(base * alike, f"same name: {quoted}")
    elif alike >= 0.6:
        told.add(base * alike, f"{'one name' if told.by_surname else 'like names'} ({alike:.2f}): {quoted}")
    else:
        told.add(0.3 * alike, "no name in common")


def _by_surname_first(one: Thing, other: Thing) -> tuple[float, str, str] | None:
    """Names of people in office of one state at one time, of which one ends as the other begins.

    Spanish adds the mother's name behind the surname: Santos Calderón is Juan Manuel Santos.
    """
    if one.in_office is None or other.in_office is None or not one.offices & other.offices:
        return None
    if _gap(one.in_office, other.in_office) > timedelta():
        return None  # relatives follow each other
    found = []
    for a, b in ((a, b) for a in one.names for b in other.names):
        left, right = _read(a, True), _read(b, True)
        if min(len(left.tokens), len(right.tokens)) > 1:
            ends = ((left.tokens[0], right.tokens[-1]), (right.tokens[0], left.tokens[-1]))
            found += [(likeness(*each, across=left.script != right.script), a, b) for each in ends]
    best = max(found, default=(0.0, "", ""))
    return best if best[0] >= 0.9 else None


def _forms(thing: Thing) -> list[str]:
    return sorted({form for name in thing.names for form in forms(name)})


#: How alike a name and its initials are: in one country, few have the same.
_BY_INITIALS = 0.93


def _cut_to_initials(one: Thing, other: Thing) -> tuple[str, str] | None:
    """Names of two bodies of one country of which one is the initials of the other, or clipped from it."""
    if not one.kind == other.kind == "Actor" or not one.countries & other.countries:
        return None
    pairs = ((a, b) for a in _forms(one) for b in _forms(other))
    return next(((a, b) for a, b in pairs if is_cut_from(a, b) or is_cut_from(b, a)), None)


def _read(text: str, of_person: bool) -> Name:
    return read_name(text, of_person=of_person)


def _is_of_one_word(one: Name, other: Name) -> bool:
    """Whether of one of two people a single name is known; Chinese writes whole names without a blank."""
    shorter, longer = sorted((one, other), key=lambda name: len(name.tokens))
    if len(shorter.tokens) != 1:
        return False
    is_whole = len(longer.tokens) > 1 and likeness(one.joined, other.joined, across=True) >= 0.85
    return not (is_whole and shorter.script != longer.script)


def _is_common_noun(thing: Thing) -> bool:
    """Whether a thing is called by words for anyone: such have their document's address."""
    is_of_document = thing.origin.rpartition("/")[0].endswith("/d")
    return is_of_document and thing.kind == "Actor" and all(name[:1].islower() for name in thing.names)


def _score_countries(one: Thing, other: Thing, told: _Tally) -> None:
    if "Country" in {one.kind, other.kind} or not one.countries or not other.countries:
        return
    shared = one.countries & other.countries
    if shared:
        told.add(0.14 if told.value >= 0.5 else 0.05, f"same country: {_named(shared)}")
        offices = one.offices & other.offices
        if told.by_surname and offices:
            told.add(_SAME_OFFICE, f"both held an office of {_named(offices)}")
        if offices:
            _score_time_in_office(one, other, told)
    elif one.kind != "Platform":
        told.add(-0.45, f"other countries: {_named(one.countries)}, {_named(other.countries)}")


def _score_time_in_office(one: Thing, other: Thing, told: _Tally) -> None:
    if one.in_office is None or other.in_office is None:
        return
    when = f"{_dated(one.in_office)}, {_dated(other.in_office)}"
    if _gap(one.in_office, other.in_office) <= _AROUND_OFFICE:
        told.add(_SAME_TIME if told.by_surname else _SAME_TIME_WHOLE, f"in office at the same time: {when}")
    elif told.by_surname:
        told.add(_OTHER_TIME, f"at other times: {when}")


def _score_dates(one: Thing, other: Thing, told: _Tally) -> None:
    """Of laws and what began once: the day of one is the day of the other."""
    if not one.dates or not other.dates or one.kind not in {"Law", "Account"}:
        return
    if _gap(one.dates, other.dates) <= TOLERANCE:
        told.add(0.25, f"dates meet: {_dated(one.dates)}, {_dated(other.dates)}")
    else:
        told.add(-0.40, f"other dates: {_dated(one.dates)}, {_dated(other.dates)}")


def _score_classes(one: Thing, other: Thing, told: _Tally) -> None:
    if not one.classes or not other.classes or one.classes & other.classes:
        return
    above = [set[str]().union(*map(superclasses, each.classes)) for each in (one, other)]
    if above[0] <= above[1] or above[1] <= above[0]:
        return  # one is told more closely
    names = [", ".join(sorted(map(local_name, each.classes))) for each in (one, other)]
    told.add(-0.10 if one.kind != "Event" else -0.30, f"other classes: {names[0]}, {names[1]}")


def _score_identifiers(one: Thing, other: Thing, told: _Tally) -> None:
    for each, them in ((one, other), (other, one)):
        if ("iri", each.iri) in them.identifiers:
            told.at_least(0.99, f"one names the other: {each.iri}")
    shared = one.identifiers & other.identifiers
    if shared:
        scheme, value = min(shared, key=lambda pair: (pair[0] == "domain", pair))
        sure = 0.98 if scheme != "domain" else 0.90
        told.at_least(sure, f"same {scheme}: {value}")
        return
    for scheme in sorted(_EXCLUSIVE):
        mine, its = ({value for s, value in each.identifiers if s == scheme} for each in (one, other))
        if mine and its:
            told.at_most(0.1, f"other {scheme}: {', '.join(sorted(mine))} and {', '.join(sorted(its))}")
    for start in _ITEMS:
        mine, its = (_items(each, start) for each in (one, other))
        if mine and its and not mine & its:
            told.at_most(0.1, f"other items: {', '.join(sorted(mine))} and {', '.join(sorted(its))}")


def _items(thing: Thing, start: str) -> set[str]:
    """The items of another knowledge base that a thing is, by their addresses."""
    named = {value for scheme, value in thing.identifiers if scheme == "iri"} | {thing.iri}
    return {iri for iri in named if iri.startswith(start)}


def _score_events(one: Thing, other: Thing, told: _Tally) -> None:
    """Events have no names: what kind, where, when, who and against whom, with tolerance."""
    if not one.countries & other.countries:
        told.add(0.1, "no country in common")
        return
    if not one.dates or not other.dates:
        told.add(0.2, "no date to compare")
        return
    gap = _gap(one.dates, other.dates)
    if gap > TOLERANCE:
        told.add(0.1, f"other dates: {_dated(one.dates)}, {_dated(other.dates)}")
        return
    told.add(0.50, f"same country, dates meet: {_dated(one.dates)}, {_dated(other.dates)}")
    _score_beginnings(one.dates, other.dates, told)
    _score_shared("targets", one.targets, other.targets, (0.22, -0.25), told)
    _score_shared("places", one.places, other.places, (0.15, -0.20), told)
    _score_shared("actors", one.actors, other.actors, (0.06, -0.05), told)
    _score_names_of_events(one, other, told)


def _score_beginnings(one: tuple[date, date], other: tuple[date, date], told: _Tally) -> None:
    """Accounts agree on the day on which something began sooner than on its end."""
    longest = max(_length(one), _length(other))
    if not (_is_vague(one) or _is_vague(other)) and abs(one[0] - other[0]) <= TOLERANCE:
        told.add(0.20, "they begin on the same day or the next")
        if longest > TOLERANCE and abs(one[1] - other[1]) <= TOLERANCE:
            told.add(0.10, "and end so")
    elif longest > timedelta(days=45):
        told.add(-0.15, f"one is dated to {longest.days + 1} days")


def _is_vague(dates: tuple[date, date]) -> bool:
    """Whether only the month or year is told."""
    return dates[0].day == 1 and (dates[1] + timedelta(days=1)).day == 1


def _score_shared(
    what: str, one: frozenset[str], other: frozenset[str], weights: tuple[float, float], told: _Tally
) -> None:
    if not one or not other:
        return
    shared = one & other
    if shared and what == "places" and one != other:
        told.add(weights[0] / 3, f"some of the same places: {_named(shared)}")  # one may be a part
    elif shared:
        told.add(weights[0], f"same {what}: {_named(shared)}")
    else:
        told.add(weights[1], f"other {what}: {_named(one)}; {_named(other)}")


def _score_names_of_events(one: Thing, other: Thing, told: _Tally) -> None:
    if not one.names or not other.names:
        return
    alike, a, b = max(
        (name_likeness(read_name(a), read_name(b)), a, b) for a in one.names for b in other.names
    )
    if alike >= 0.8:
        told.add(0.25, f"like names ({alike:.2f}): “{a}”, “{b}”")


def _gap(one: tuple[date, date], other: tuple[date, date]) -> timedelta:
    """The days between two periods; none or less where they overlap."""
    return max(one[0], other[0]) - min(one[1], other[1])


def _length(dates: tuple[date, date]) -> timedelta:
    return dates[1] - dates[0]


def _dated(dates: tuple[date, date]) -> str:
    return f"{dates[0]}" if dates[0] == dates[1] else f"{dates[0]} to {dates[1]}"


def _named(iris: frozenset[str]) -> str:
    return ", ".join(sorted(local_name(iri) for iri in iris)[:3])
