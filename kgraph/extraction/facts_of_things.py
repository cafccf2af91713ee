"""Things → facts: their classes, and the state that each belongs to (gold rule 24)."""

from collections.abc import Iterator, Set

from kgraph.extraction.classes import is_a
from kgraph.extraction.coreference import Reading, Thing
from kgraph.extraction.facts import Fact, term
from kgraph.namespaces import RDF

#: Classes whose things are of the document's country where nothing else is said.
_LOCAL = ("StateBody", "TelecomOperator", "PoliticalParty", "Network", "Law", "Group")

#: Known things of which the reference data's country is what a text means.
_SEATED = ("Place", "StateBody", "PoliticalParty")


def _mechanism(reading: Reading, thing: Thing) -> str:
    """What found a thing; the document's own country is surer than another that some city implies."""
    implied_home = thing.mechanism == "implied" and thing.iri == reading.home
    return "home implied" if implied_home else thing.mechanism


def _in_passing(reading: Reading, thing: Thing) -> str:
    """What a name is of which nothing is said: how often such a name is worth a node differs."""
    if thing.kind == "Place":
        return "place in passing" if thing.country == reading.home else "place elsewhere in passing"
    if thing.kind == "Person":
        return "full name in passing" if " " in thing.names[0] else "name in passing"
    return "in passing"


def thing_facts(reading: Reading, used: Set[str], speakers: Set[str]) -> Iterator[Fact]:
    """Classes and countries of the things that the graph needs.

    :param used: addresses that other facts speak of: what is told by a common noun needs one.
    :param speakers: addresses that only hand on what they say: sources have no country.
    """
    kept = [t for t in reading.things.values() if t.iri in used or _stands_alone(t)]
    countries: set[str] = set()
    for thing in kept:
        mechanism = _mechanism(reading, thing)
        if thing.iri not in used:
            mechanism += f" {_in_passing(reading, thing)}"
        yield Fact(thing.iri, RDF.type, term(thing.kind), thing.sentences[:1], mechanism)
        country = _country(reading, thing, thing.iri in speakers)
        if country and country != thing.iri:
            countries.add(country)
            yield Fact(thing.iri, term("country"), country, thing.sentences[:1], "country of thing")
    for iri in sorted((countries & reading.things.keys()) - {t.iri for t in kept}):
        thing = reading.things[iri]
        yield Fact(iri, RDF.type, term(thing.kind), thing.sentences[:1], _mechanism(reading, thing))


def _stands_alone(thing: Thing) -> bool:
    """Whether a thing is worth a node though nothing else is said of it: it has a name of its own."""
    if thing.kind in ("StateBody", "SecurityForce") and not thing.proper:
        return thing.definite and thing.names[0].lower().split()[-1] in _RULING
    return thing.proper and thing.mechanism not in ("adjective", "implied") and not is_a(thing.kind, "Event")


#: Bodies of which each country has one: told by these nouns, they stand for it.
_RULING = {"government", "authorities", "police", "military", "army", "parliament"}


def _country(reading: Reading, thing: Thing, speaks_only: bool) -> str | None:
    if thing.kind == "TelecomOperator":
        return reading.home
    if any(is_a(thing.kind, kind) for kind in _SEATED) and thing.country:
        return thing.country
    if thing.kind == "Place" and not thing.known:
        return reading.home
    if is_a(thing.kind, "Place") or (
        thing.known and thing.kind not in ("StateBody", "SecurityForce", "PoliticalParty")
    ):
        return None
    if thing.kind == "MediaOutlet" and not thing.proper:
        abroad = set(thing.names[0].lower().split()) & {"foreign", "international", "western", "global"}
        return thing.country or (None if abroad or speaks_only else reading.home)
    if thing.kind == "Group":
        return thing.country or (None if speaks_only else reading.home)
    return thing.country or (reading.home if any(is_a(thing.kind, kind) for kind in _LOCAL) else None)
