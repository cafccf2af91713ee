"""Events → facts: what its frames tell of each event, and what that implies."""

from collections.abc import Iterator
from dataclasses import dataclass

from kgraph.extraction.classes import is_a
from kgraph.extraction.coreference import Reading
from kgraph.extraction.dates import date_literal
from kgraph.extraction.events.circumstances import stands_as_place
from kgraph.extraction.events.frame import Event, Frame
from kgraph.extraction.events.merging import Events
from kgraph.extraction.facts import Fact, duration, term
from kgraph.extraction.tokens import Token
from kgraph.namespaces import RDF
from kgraph.records import Literal

#: Repression and control have targets and actors; other events have participants.
_WITH_TARGETS = ("Repression", "InformationControl")
_WITH_AGENTS = ("Repression", "InformationControl", "Coup", "Statement", "Launch", "PublicEvent")


@dataclass(frozen=True, slots=True)
class _Teller:
    """Writes facts of one event."""

    reading: Reading
    event: Event

    def fact(self, name: str, value: str | Literal, frame: Frame, mechanism: str) -> Fact:
        return Fact(self.event.iri, term(name), value, (frame.sentence,), mechanism)


def event_facts(reading: Reading, events: Events) -> Iterator[Fact]:
    """All facts of the events of a document but claims."""
    for event in events.events:
        teller = _Teller(reading, event)
        yield from _type(event)
        yield from _country(teller)
        for frame in event.frames:
            yield from _from_frame(teller, frame)
        yield from _dates(teller, events)
        yield from _answers(teller, events)
        yield from _wholes(teller, events)


def _is_bare(event: Event) -> bool:
    """Whether of an act nothing is told but that there was one: "signs of blocking"."""
    told = (
        (
            f.name,
            *f.agents,
            *f.claimed_agents,
            *f.targets,
            f.when,
            *f.places,
            *f.links,
            *f.phrases,
            *f.answers,
        )
        for f in event.frames
    )
    return any(is_a(event.kind, root) for root in _WITH_TARGETS) and not any(map(any, told))


def _type(event: Event) -> Iterator[Fact]:
    bare = " bare" if _is_bare(event) else ""
    for frame in (f for f in event.frames if f.kind == event.kind):
        told = " quoted" if frame.quoted else " hedged" if frame.hedged else bare
        yield Fact(event.iri, RDF.type, term(event.kind), (frame.sentence,), f"event {frame.mechanism}{told}")


def _country(teller: _Teller) -> Iterator[Fact]:
    """The state that a frame tells, that of its place or actors, else the document's (gold rule 24)."""
    event, reading = teller.event, teller.reading
    bare = " bare" if _is_bare(event) else ""
    for frame in event.frames:
        if frame.country:
            yield teller.fact("country", frame.country, frame, f"event country{bare}")
            return
    for frame in event.frames:
        for iri in (*frame.places, *frame.agents):
            thing = reading.things.get(iri)
            country = thing.iri if thing and thing.kind == "Country" else thing.country if thing else None
            if country and (
                thing is None
                or thing.kind not in ("TelecomOperator", "Platform", "CivicOrganization", "Company")
            ):
                yield teller.fact("country", country, frame, "event country by actor")
                return
    beside = _country_of_sentence(reading, event.frames[0])
    if beside is not None and beside != reading.home:
        yield teller.fact("country", beside, event.frames[0], "event country by sentence")
    elif reading.home and not any(f.name for f in event.frames if f.kind == "Uprising"):
        yield teller.fact("country", reading.home, event.frames[0], f"event country by document{bare}")


def _country_of_sentence(reading: Reading, frame: Frame) -> str | None:
    """The one country in which a sentence's acts take place: "In Sudan, it was cut after the army came"."""
    sentence = reading.sentences[frame.sentence]
    told = {
        m.entry.iri
        for m in reading.mentions[frame.sentence]
        if m.kind == "Country"
        and m.entry
        and m.mechanism != "adjective"
        and stands_as_place(sentence.doc[m.head])
        and sentence.doc[m.head].head.lower_ in ("in", "across", "throughout", "inside")
        and _rules(sentence.doc[m.head].head, sentence.doc[frame.trigger])
    }
    return next(iter(told)) if len(told) == 1 else None


def _rules(preposition: Token, trigger: Token) -> bool:
    """Whether the clause that a place belongs to holds a trigger, in itself or below it."""
    clause = next((a for a in preposition.ancestors if a.pos_ in ("VERB", "AUX")), None)
    return clause is not None and (clause.i == trigger.i or any(a.i == clause.i for a in trigger.ancestors))


def _from_frame(teller: _Teller, frame: Frame) -> Iterator[Fact]:
    event = teller.event
    if any(is_a(event.kind, root) for root in _WITH_AGENTS):
        for agent in frame.agents:
            yield teller.fact("conductedBy", agent, frame, f"agent {frame.mechanism}")
    if any(is_a(event.kind, root) for root in _WITH_TARGETS):
        # Objects of active verbs and subjects of passive ones are read alike: one mechanism.
        form = frame.mechanism.removesuffix(" passive")
        for target in () if frame.resumes and frame is not event.frames[0] else frame.targets:
            yield teller.fact("target", target, frame, f"target {form}")
    for place in frame.places:
        yield teller.fact("location", place, frame, "location")
    for name, iri in frame.links:
        yield teller.fact(name, iri, frame, name)
    for name, words in frame.phrases:
        if name in _allowed_phrases(event.kind):
            language = teller.reading.document.language or "en"
            yield teller.fact(name, Literal(words, language=language), frame, name)


def _allowed_phrases(kind: str) -> set[str]:
    if is_a(kind, "Protest"):
        return {"grievance", "demand", "purpose"}
    return {"purpose", "demand"} if kind == "Statement" else {"purpose"}


def _dates(teller: _Teller, events: Events) -> Iterator[Fact]:
    """One date, the most precise that the frames agree on; one end, one duration."""
    told = [f for f in teller.event.frames if f.when]
    if not told:
        yield from _date_of_occasion(teller, events)
    if told:
        best = max(told, key=lambda f: len(f.when))
        yield teller.fact("date", date_literal(best.when), best, "date")
    ended = [f for f in teller.event.frames if f.until]
    if ended:
        yield teller.fact("endDate", date_literal(ended[0].until), ended[0], "end date")
    lasting = [f for f in teller.event.frames if f.duration]
    if lasting:
        yield teller.fact("duration", duration(lasting[0].duration), lasting[0], "duration")


def _wave_of(event: Event, events: Events) -> Event | None:
    """The wave of protests that a gathering is part of: the one told before it."""
    if not is_a(event.kind, "Protest") or any(f.wave for f in event.frames):
        return None
    first = (event.frames[0].sentence, event.frames[0].trigger)
    waves = [
        other
        for other in events.events
        if is_a(other.kind, "Protest")
        and other is not event
        and all(f.wave for f in other.frames[:1])
        and (other.frames[0].sentence, other.frames[0].trigger) < first
    ]
    return waves[-1] if len(waves) == 1 else None


def _wholes(teller: _Teller, events: Events) -> Iterator[Fact]:
    wave = _wave_of(teller.event, events)
    if wave is not None:
        yield teller.fact("partOf", wave.iri, teller.event.frames[0], "part of wave")
    for frame in teller.event.frames:
        other = events.at(frame.sentence, frame.part_of) if frame.part_of is not None else None
        if other is not None and other is not teller.event:
            yield teller.fact("partOf", other.iri, frame, "part of")


#: Length of a date that is a day: an act in an election year may be of any day of it.
_DAY = 10


def _date_of_occasion(teller: _Teller, events: Events) -> Iterator[Fact]:
    """An act "during the protests of May 21" is of that day."""
    for frame in teller.event.frames:
        if frame.contained_in is None:
            continue
        other = events.at(frame.sentence, frame.contained_in)
        here = (
            [f for f in other.frames if len(f.when) == _DAY and f.sentence == frame.sentence] if other else []
        )
        if here:
            yield teller.fact("date", date_literal(here[0].when), frame, "date of occasion")
            return


#: How many sentences back the protest lies that a crackdown without a word on it answers.
_NEAR = 2


def _protest_before(event: Event, events: Events) -> Event | None:
    """The protest whose people a crackdown hits: the last one told before it, or beside it."""
    first = event.frames[0]
    told = [
        (f.sentence, f.trigger, other)
        for other in events.events
        if is_a(other.kind, "Protest")
        for f in other.frames
        if 0 <= first.sentence - f.sentence <= _NEAR
    ]
    return max(told, key=lambda row: row[:2])[2] if told else None


def _answers(teller: _Teller, events: Events) -> Iterator[Fact]:
    if teller.event.kind == "Crackdown" and not any(f.answers for f in teller.event.frames):
        protest = _protest_before(teller.event, events)
        if protest is not None:
            yield teller.fact("inResponseTo", protest.iri, teller.event.frames[0], "response of crackdown")
    for frame in teller.event.frames:
        for token in frame.answers:
            other = events.at(frame.sentence, token)
            if other is None or other is teller.event:
                continue
            yield teller.fact("inResponseTo", other.iri, frame, "response")
            if teller.event.kind == "Crackdown" and not any(f.targets for f in teller.event.frames):
                for iri in dict.fromkeys(
                    i for f in other.frames for name, i in f.links if name == "participant"
                ):
                    yield teller.fact("target", iri, frame, "target by protest")
