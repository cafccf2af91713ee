"""Where sources contradict each other. Derived from what they say whenever it is asked, never stored.

Two positions on one matter (the same thing, or what is judged to be one, and property) are a dispute
when they are of different claimants, or both of nobody named and of different documents, and either one
denies what the other asserts, or both assert values that differ; but "at least N" agrees with N or
more, and "approximately N" with what is within a tenth of N. A fact that a document states
in its own voice counts as that document's claim.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from itertools import combinations
from typing import TYPE_CHECKING, NamedTuple

from kgraph.namespaces import KG, KGC
from kgraph.query.evidence import EVIDENCE, EVIDENCE_VARIABLES, Source, in_order, source_of
from kgraph.query.groups import canonical_addresses
from kgraph.query.naming import names
from kgraph.query.suggestions import fold
from kgraph.query.terms import short, words_of

if TYPE_CHECKING:
    from rdflib.term import Node

    from kgraph.store import Row, View

#: Properties of which a thing has one value, so that two facts can contradict each other without a claim.
_SINGLE = (KG.deathToll, KG.injuredCount, KG.arrestCount, KG.participantCount, KG.targetCount, KG.winner)


@dataclass(frozen=True, slots=True)
class Side:
    """One position in a dispute.

    :param values: what is put forward, as people write it, sorted.
    :param bound: `at least`, `at most`, `approximately`, or "".
    :param stance: `asserts`, `denies` or `concedes`.
    :param claimants: names of those who say so, sorted; none where it is bare "reportedly".
    :param claim: IRI of the claim; None for a fact that a document states itself.
    :param sources: the sentences it rests on.
    """

    values: tuple[str, ...]
    bound: str
    stance: str
    claimants: tuple[str, ...]
    claim: str | None
    sources: tuple[Source, ...]

    @property
    def value(self) -> str:
        """The position in a few words: `at least 71`."""
        return " ".join(part for part in (self.bound, " and ".join(self.values)) if part)


@dataclass(frozen=True, slots=True)
class Dispute:
    """A matter that sources contradict each other on.

    :param about: IRI of the thing; `about_label` what it is called.
    :param property: IRI of the property; `property_label` in words.
    :param sides: two or more positions, each of which contradicts another, smallest value first.
    """

    about: str
    about_label: str
    property: str
    property_label: str
    sides: tuple[Side, ...]


class _Matter(NamedTuple):
    about: str
    property: str


@dataclass
class _Position:
    """What is known of a side while it is read."""

    claim: str | None
    values: "set[Node]"
    claimants: set[str]
    sources: set[Source]
    bound: str = ""
    stance: str = KGC.asserts

    @property
    def documents(self) -> set[str]:
        return {source.document for source in self.sources}


def disputes(view: "View") -> tuple[Dispute, ...]:
    """All disputes, by name of the thing and property."""
    canonical = canonical_addresses(view)
    matters = _claims(view, canonical)
    for matter, facts in _facts(view, list(matters), canonical).items():
        if matter in matters or matter.property in _SINGLE:
            matters[matter] += facts
    contested = {matter: _contested(positions) for matter, positions in matters.items()}
    contested = {matter: positions for matter, positions in contested.items() if positions}
    labels = names(view, _iris(contested))
    found = [
        Dispute(
            about=matter.about,
            about_label=labels[matter.about],
            property=matter.property,
            property_label=words_of(matter.property),
            sides=tuple(sorted((_side(p, labels) for p in positions), key=_side_order)),
        )
        for matter, positions in contested.items()
    ]
    return tuple(sorted(found, key=lambda d: (d.about_label, d.property_label, d.about)))


def _claims(view: "View", canonical: Mapping[str, str]) -> dict[_Matter, list[_Position]]:
    rows = view.evaluate(
        f"""SELECT ?claim ?about ?property ?value ?bound ?stance ?by {EVIDENCE_VARIABLES} WHERE {{ GRAPH ?g {{
              ?claim kg:claimedProperty ?property ; kg:about ?about ; kg:claimedValue ?value .
              OPTIONAL {{ ?claim kg:bound ?bound }}
              OPTIONAL {{ ?claim kg:stance ?stance }}
              OPTIONAL {{ ?claim kg:claimedBy ?by }}
              ?assertion rdf:subject ?claim ; rdf:predicate kg:claimedValue ; rdf:object ?value . {EVIDENCE}
            }} }}"""
    )
    positions: dict[tuple[_Matter, str], _Position] = {}
    for row in rows:
        key = _matter(row, canonical), str(row["claim"])
        position = positions.setdefault(key, _Position(key[1], set(), set(), set()))
        position.values.add(row["value"])
        position.sources.add(source_of(row))
        position.bound = str(row.get("bound") or position.bound)
        position.stance = str(row.get("stance") or position.stance)
        if "by" in row:
            position.claimants.add(str(row["by"]))
    matters: dict[_Matter, list[_Position]] = defaultdict(list)
    for (matter, _), position in sorted(positions.items(), key=lambda item: item[0]):
        matters[matter].append(position)
    return matters


def _matter(row: "Row", canonical: Mapping[str, str]) -> _Matter:
    about = str(row["about"])
    return _Matter(canonical.get(about, about), str(row["property"]))


def _facts(
    view: "View", claimed: list[_Matter], canonical: Mapping[str, str]
) -> dict[_Matter, list[_Position]]:
    """What documents state of matters that claims are on, and of properties with a single value."""
    chosen = {matter.about for matter in claimed}
    every = chosen | {member for member, of in canonical.items() if of in chosen}
    abouts = " ".join(f"<{iri}>" for iri in sorted(every))
    properties = ", ".join(f"<{iri}>" for iri in sorted({matter.property for matter in claimed}))
    single = " ".join(f"<{iri}>" for iri in _SINGLE)
    found = _stated(view, canonical, f"VALUES ?property {{ {single} }}", "")
    if claimed:
        restriction = f"FILTER(?property IN ({properties}))"
        found |= _stated(view, canonical, f"VALUES ?about {{ {abouts} }}", restriction)
    matters: dict[_Matter, list[_Position]] = defaultdict(list)
    for (matter, _), position in sorted(found.items(), key=lambda item: item[0]):
        matters[matter].append(position)
    return matters


def _stated(
    view: "View", canonical: Mapping[str, str], values: str, restriction: str
) -> dict[tuple[_Matter, str], _Position]:
    """Facts by matter and document; the values come first in the group, for the index."""
    rows = view.evaluate(
        f"""SELECT ?about ?property ?value {EVIDENCE_VARIABLES} WHERE {{ GRAPH ?g {{
              {values}
              ?assertion rdf:predicate ?property ; rdf:subject ?about ; rdf:object ?value .
              {restriction} {EVIDENCE}
            }} }}"""
    )
    positions: dict[tuple[_Matter, str], _Position] = {}
    for row in rows:
        source = source_of(row)
        key = _matter(row, canonical), source.document
        position = positions.setdefault(key, _Position(None, set(), {source.document}, set()))
        position.values.add(row["value"])
        position.sources.add(source)
    return positions


def _contested(positions: list[_Position]) -> list[_Position]:
    """Those positions that contradict another."""
    opposed = [pair for pair in combinations(positions, 2) if _are_opposed(*pair)]
    return [p for p in positions if any(p is each for pair in opposed for each in pair)]


def _are_opposed(one: _Position, other: _Position) -> bool:
    if one.claimants == other.claimants and (one.claimants or one.documents == other.documents):
        return False
    denials = [position for position in (one, other) if position.stance == KGC.denies]
    if len(denials) == 2:
        return False
    is_same = _compared(one) == _compared(other)
    return is_same if denials else not (is_same or _tolerates(one, other) or _tolerates(other, one))


def _compared(position: _Position) -> set[str]:
    numbers = {v: _number(v) for v in position.values}
    return {str(n.normalize()) if n is not None else fold(str(v)) for v, n in numbers.items()}


def _tolerates(one: _Position, other: _Position) -> bool:
    """Whether the bound of one leaves room for the value of the other."""
    n, m = (_number(next(iter(p.values))) if len(p.values) == 1 else None for p in (one, other))
    if n is None or m is None:
        return False
    if one.bound == KGC.atLeast:
        return m >= n
    return one.bound == KGC.approximately and abs(m - n) * 10 <= abs(n)


def _number(term: "Node") -> Decimal | None:
    from rdflib import Literal

    try:
        number = Decimal(str(term)) if isinstance(term, Literal) else None
    except InvalidOperation:
        return None
    return number if number is None or number.is_finite() else None


def _iris(contested: dict[_Matter, list[_Position]]) -> set[str]:
    from rdflib import URIRef

    found = {matter.about for matter in contested}
    for positions in contested.values():
        for position in positions:
            found |= position.claimants | {str(v) for v in position.values if isinstance(v, URIRef)}
    return found


def _side(position: _Position, labels: dict[str, str]) -> Side:
    from rdflib import URIRef

    return Side(
        values=tuple(sorted(labels[str(v)] if isinstance(v, URIRef) else short(v) for v in position.values)),
        bound=words_of(position.bound) if position.bound else "",
        stance=words_of(position.stance),
        claimants=tuple(sorted(labels[iri] for iri in position.claimants)),
        claim=position.claim,
        sources=in_order(position.sources),
    )


def _side_order(side: Side) -> tuple[Decimal, tuple[str, ...], str, tuple[str, ...], str]:
    try:
        number = Decimal(side.values[0])
    except InvalidOperation:
        number = Decimal(0)
    return number, side.values, side.stance, side.claimants, side.claim or ""
