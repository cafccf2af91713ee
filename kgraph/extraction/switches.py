"""Mechanisms that can be switched off, to measure what each adds: `RuleExtractor(without={"pronouns"})`.

Each switch takes away what a stage has found before the next one sees it; the stages know nothing of it.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import replace

from kgraph.extraction.coreference import Reading
from kgraph.extraction.dates import Calendar
from kgraph.extraction.events.frame import Event, Frame
from kgraph.extraction.events.frames import read_frames
from kgraph.extraction.events.merging import Events, merge
from kgraph.extraction.facts import Fact
from kgraph.extraction.law import Legal
from kgraph.extraction.mentions import Mention
from kgraph.namespaces import KG, RDF

#: Name of a mechanism → what is gone without it.
MECHANISMS: Mapping[str, str] = {
    "gazetteer": "countries, cities, platforms, outlets, operators and bodies known by name",
    "name patterns": "names classed by the words in them, beside them, or the title before them",
    "entity labels": "names that only the language model classes",
    "common nouns": "actors and targets told by nouns: “the authorities”, “news sites”",
    "short forms": "acronyms in brackets and last names alone",
    "pronouns": "what “they” and “its” stand for",
    "relative dates": "days and months told against the document's own date",
    "ranges": "ends and durations",
    "nominal triggers": "events told by nouns: “the blocking of”, “a crackdown on”",
    "passives": "events told by verbs in the passive",
    "reality": "negated, planned, possible and hypothetical acts are acts",
    "event merging": "two reports of one event are two events",
    "attribution": "what others report stands as a fact; no claims",
    "numbers": "tolls, arrests and crowds",
    "laws": "laws told by nouns, what they let whom do, legal bases",
    "offices": "who holds which office",
    "accounts": "accounts and handles",
    "ownership": "who owns or controls what",
    "answers": "what an event responds to, and is part of",
}

#: Mechanism → the names under which its mentions are found.
_MENTIONS = {
    "gazetteer": {"gazetteer", "adjective", "demonym", "platform verb"},
    "name patterns": {"name pattern", "title", "description", "address"},
    "entity labels": {"NER"},
    "common nouns": {"noun"},
    "short forms": {"last name"},
}


def _has(properties: Iterable[str]) -> Callable[[Fact], bool]:
    wanted = {KG[name] for name in properties}
    return lambda fact: fact.predicate in wanted


def _is_of(*kinds: str) -> Callable[[Fact], bool]:
    wanted = {KG[kind] for kind in kinds}
    return lambda fact: fact.predicate == RDF.type and fact.object in wanted


#: Mechanism → the facts that are gone with it; of a node that lost its class, all go.
_FACTS: Mapping[str, Callable[[Fact], bool]] = {
    "attribution": _is_of("Claim"),
    "numbers": lambda fact: fact.mechanism in ("count", "claimed number"),
    "laws": lambda fact: _is_of("LegalPower")(fact) or _has(("legalBasis", "grants"))(fact),
    "offices": _has(("holdsOffice", "officeOf")),
    "accounts": _is_of("Account"),
    "ownership": _has(("ownedBy", "controlledBy")),
    "answers": _has(("inResponseTo", "partOf")),
    "ranges": _has(("endDate", "duration")),
}


def left_mentions(found: Sequence[Sequence[Mention]], without: Set[str]) -> list[list[Mention]]:
    """The mentions that are left without some mechanisms."""
    gone = {name for mechanism in without for name in _MENTIONS.get(mechanism, ())}
    aliased = "short forms" not in without
    return [
        [m if aliased else replace(m, aliases=()) for m in mentions if m.mechanism not in gone]
        for mentions in found
    ]


def left_reading(reading: Reading, without: Set[str]) -> Reading:
    """The reading, pronouns standing for nothing if they are switched off."""
    return reading.without_pronouns() if "pronouns" in without else reading


def left_calendar(calendar: Calendar, without: Set[str]) -> Calendar:
    """The calendar, knowing no date of the document if relative dates are switched off."""
    return Calendar(None, None) if "relative dates" in without else calendar


def told(reading: Reading, calendar: Calendar, legal: Legal, without: Set[str]) -> list[Frame]:
    """The reports of events that are left, those of others as facts if attribution is switched off."""
    if "reality" in without:
        return _left_frames(read_frames(reading, calendar, legal, lambda _: True), without)
    return _left_frames(read_frames(reading, calendar, legal), without)


def _left_frames(frames: Iterable[Frame], without: Set[str]) -> list[Frame]:
    kept = list(frames)
    if "nominal triggers" in without:
        kept = [f for f in kept if not f.nominal or f.name]
    if "passives" in without:
        kept = [f for f in kept if not f.mechanism.endswith("passive")]
    if "attribution" in without:
        kept = [
            replace(f, agents=(*f.agents, *f.claimed_agents), claimed_agents=(), attribution=None)
            for f in kept
        ]
    return kept


def left_events(reading: Reading, frames: Sequence[Frame], without: Set[str]) -> Events:
    """The events, each report one of its own if merging is switched off."""
    if "event merging" not in without:
        return merge(reading, frames)
    events: dict[str, Event] = {}
    by_trigger: dict[tuple[int, int], Event] = {}
    for alone in (merge(reading, [frame]) for frame in frames):
        events |= {event.iri: event for event in alone.events}
        by_trigger |= alone.by_trigger
    return Events(list(events.values()), by_trigger)


def left_facts(facts: Iterable[Fact], without: Set[str]) -> Iterator[Fact]:
    """The facts that are left without some mechanisms."""
    tests = [_FACTS[mechanism] for mechanism in without if mechanism in _FACTS]
    return (fact for fact in facts if not any(test(fact) for test in tests))
