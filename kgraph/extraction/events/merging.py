"""Which reports are of one event: same kind, no conflict of time or place, a shared target or "the"."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from kgraph.extraction.classes import is_a, narrower
from kgraph.extraction.coreference import Reading
from kgraph.extraction.dates import compatible
from kgraph.extraction.events.frame import Event, Frame
from kgraph.iris import minter_of, slug, unnamed


@dataclass(frozen=True, slots=True)
class Events:
    """The events of a document and where each is told."""

    events: Sequence[Event]
    by_trigger: Mapping[tuple[int, int], Event]

    def at(self, sentence: int, token: int) -> Event | None:
        """The event that a trigger tells of."""
        return self.by_trigger.get((sentence, token))


def merge(reading: Reading, frames: Sequence[Frame]) -> Events:
    """Gather the frames into events, in reading order; a frame joins the latest event that it can be of."""
    events: list[Event] = []
    by_trigger: dict[tuple[int, int], Event] = {}
    for frame in frames:
        fitting = [e for e in events if _is_same(reading, e, frame)]
        event = max(fitting, key=lambda e: (_affinity(e, frame), _told_last(e))) if fitting else None
        if event is None and frame.anaphoric:
            continue
        if event is None:
            event = Event(_address(reading, frame), frame.kind)
            events.append(event)
        elif frame.targets and _is_headline(event) and not _targets(event) & set(frame.targets):
            event.frames[:] = [replace(f, targets=()) for f in event.frames]  # the text names them better
        event.frames.append(frame)
        if not frame.quoted:
            event.kind = narrower(event.kind, frame.kind) or event.kind
        by_trigger[frame.sentence, frame.trigger] = event
    return Events(_with_general_targets_joined(reading, events, by_trigger), by_trigger)


def _told_last(event: Event) -> tuple[int, int]:
    last = event.frames[-1]
    return last.sentence, last.trigger


def _targets(event: Event) -> set[str]:
    return {t for f in event.frames for t in f.targets}


def _affinity(event: Event, frame: Frame) -> int:
    """How much an event has in common with a frame that can be of it."""
    links = {link for f in event.frames for link in f.links}
    same_date = bool(frame.when) and any(f.when == frame.when for f in event.frames)
    said = set(frame.phrases) & {p for f in event.frames for p in f.phrases}
    return (
        3 * len(links & set(frame.links))
        + 3 * len(_targets(event) & set(frame.targets))
        + 2 * same_date
        + 2 * len(said)
        + (event.kind == frame.kind)
    )


def _with_general_targets_joined(
    reading: Reading, events: list[Event], by_trigger: dict[tuple[int, int], Event]
) -> list[Event]:
    """ "The blocking of social media" of a day is that of the networks that are told of the same day."""
    kept: list[Event] = []
    for event in events:
        whole = next((e for e in kept if _names_the_same(reading, e, event)), None)
        if whole is None:
            kept.append(event)
            continue
        whole.frames.extend(event.frames)
        whole.frames.sort(key=lambda f: (f.sentence, f.trigger))
        for frame in event.frames:
            by_trigger[frame.sentence, frame.trigger] = whole
    return kept


def _names_the_same(reading: Reading, left: Event, right: Event) -> bool:
    if left.kind != right.kind or left.kind not in ("Blocking", "Throttling"):
        return False
    dates = {f.when for e in (left, right) for f in e.frames if f.when}
    if len(dates) != 1 or not all(any(f.when for f in e.frames) for e in (left, right)):
        return False
    things = [[reading.things[t] for t in _targets(e)] for e in (left, right)]
    general = [any(t.kind == "Platform" and not t.proper for t in told) for told in things]
    platforms = [any(t.kind == "Platform" for t in told) for told in things]
    return any(general) and all(platforms)


def _address(reading: Reading, frame: Frame) -> str:
    iri = reading.document.iri
    if frame.name and slug(frame.name):
        return minter_of(iri).named("event", frame.name)
    sentence = reading.sentences[frame.sentence]
    return unnamed(iri, sentence.offset(sentence.doc[frame.trigger]), "event")


def _is_same(reading: Reading, event: Event, frame: Frame) -> bool:
    if frame.anaphoric:
        return _is_meant(event, frame)
    if _is_outage_again(event, frame) or _is_control_again(reading, event, frame):
        return True
    if narrower(event.kind, frame.kind) is None:
        return False
    if frame.name or any(f.name for f in event.frames):
        return bool(frame.name) and any(
            f.name and slug(f.name) == slug(frame.name or "") for f in event.frames
        )
    if (
        not _times_agree(event, frame)
        or _is_long_before(reading, event, frame)
        or not _countries_agree(reading, event, frame)
    ):
        return False
    if is_a(frame.kind, "Protest"):
        return _same_protest(reading, event, frame)
    if frame.kind in ("Election", "Coup", "ArmedConflict"):
        return True
    if event.kind != frame.kind:
        return False
    return _same_act(reading, event, frame)


#: Classes that one noun can take up: "the outage" was told as a blocking or a shutdown.
_CUTS = {"Blocking", "Shutdown", "Throttling", "Disruption"}


def _is_meant(event: Event, frame: Frame) -> bool:
    """Whether a word that only takes up what was told before speaks of an event."""
    alike = {event.kind, frame.kind} <= _CUTS or narrower(event.kind, frame.kind) is not None
    targets = _targets(event)
    return alike and (not frame.targets or not targets or bool(targets & set(frame.targets)))


def _is_outage_again(event: Event, frame: Frame) -> bool:
    """ "The outages": what was told in the sentences before as a blocking or shutdown."""
    if not frame.resumes or event.kind not in ("Blocking", "Shutdown"):
        return False
    return 0 < frame.sentence - event.frames[-1].sentence <= 2


#: Controls that one definite noun can take up: "the ban was lifted", of what was told as a blocking.
_CONTROLS = {"Blocking", "Ban", "Shutdown", "Throttling"}


def _is_control_again(reading: Reading, event: Event, frame: Frame) -> bool:
    """ "The ban on social media": what was told as the blocking of a platform."""
    if not (frame.nominal and frame.definite and {event.kind, frame.kind} <= _CONTROLS):
        return False
    hit = _targets(event)
    general = all(
        reading.things[t].kind == "Platform" and not reading.things[t].proper for t in frame.targets
    )
    platforms = any(reading.things[t].kind == "Platform" for t in hit)
    return bool(hit & set(frame.targets)) or (bool(frame.targets) and general and platforms)


def _times_agree(event: Event, frame: Frame) -> bool:
    told = [f.when for f in event.frames if f.when]
    return not frame.when or all(compatible(when, frame.when) for when in told)


#: How long before a document's date something is no news any more, in days.
_NEWS_D = 183


def _is_long_before(reading: Reading, event: Event, frame: Frame) -> bool:
    """Whether a frame tells of earlier times than the undated event of the headline."""
    issued = reading.document.issued
    if issued is None or not frame.when or event.frames[0].sentence != 0 or any(f.when for f in event.frames):
        return False
    latest = date.fromisoformat((frame.when + "-12-28"[len(frame.when) - 4 :])[:10])
    return (issued - latest).days > _NEWS_D


def _countries_agree(reading: Reading, event: Event, frame: Frame) -> bool:
    """Whether both can be of one country; where none is told it is the one that the document is about."""
    told = {f.country for f in event.frames if f.country} or {reading.home} - {None}
    return not frame.country or not told or frame.country in told


def _is_one_gathering(frame: Frame) -> bool:
    """Whether a report is of one gathering, not of a wave of protests: it is of a day or at a place."""
    return not frame.wave and (len(frame.when) == _DAY or bool(frame.places))


def _is_wave(event: Event) -> bool:
    """Whether an event has only been told as a wave: "the protests", of no day and no known place."""
    return all(f.wave and len(f.when) < _DAY for f in event.frames)


#: Length of a date that is a day.
_DAY = 10


def _same_protest(reading: Reading, event: Event, frame: Frame) -> bool:
    """A protest is the one told last, unless it has a place, people or a date of its own that are new."""
    if frame.distinct or (_is_one_gathering(frame) and _is_wave(event)):
        return False
    last = event.frames[-1]
    # a square that nobody knows may lie in the city that was told before
    places = {p for f in event.frames for p in f.places if reading.things[p].known}
    said = {p for p in frame.places if reading.things[p].known}
    if said and places and not places & said:
        return False
    if _is_on_other_grounds(event, frame):
        return False
    told = {iri for f in event.frames for name, iri in f.links if name == "participant"}
    come = {iri for name, iri in frame.links if name == "participant"}
    if told and come and not told & come:
        return False
    near = frame.sentence - last.sentence <= 3 or event.frames[0].sentence == 0
    same_date = bool(frame.when) and any(f.when == frame.when for f in event.frames)
    return frame.definite or near or same_date or bool(told & come)


def _is_on_other_grounds(event: Event, frame: Frame) -> bool:
    """Whether a protest is against something else, somewhere else: neither a word nor a place is shared."""
    against, told = _grievances([frame]), _grievances(event.frames)
    places = {place for f in event.frames for place in f.places}
    elsewhere = bool(places) and bool(frame.places) and not places & set(frame.places)
    return elsewhere and bool(against) and bool(told) and not (against & told) - _SMALL


def _grievances(frames: Sequence[Frame]) -> set[str]:
    """The words by which frames tell what a protest is against."""
    said = (words for f in frames for name, words in f.phrases if name == "grievance")
    return {word for words in said for word in words.lower().split()}


#: Words that say nothing of what a protest is against.
_SMALL = {"the", "a", "an", "of", "in", "on", "at", "to", "and", "for", "by", "with", "from", "new"}


def _is_another(reading: Reading, event: Event, frame: Frame, shared: set[str]) -> bool:
    """Whether acts on one generic target are two: a standing practice, and a day's or another body's act."""
    if any(reading.things[t].proper for t in shared) or frame.definite or _is_headline(event):
        return False
    if any(f.sentence == frame.sentence for f in event.frames):
        return False
    agents = {a for f in event.frames for a in f.agents}
    if agents and frame.agents and not agents & set(frame.agents):
        return True
    dated = any(f.when or f.places for f in event.frames)
    return bool(frame.when) and not dated


def _is_headline(event: Event) -> bool:
    """Whether only the title has told of an event so far."""
    return all(f.sentence == 0 for f in event.frames)


def _are_alike(reading: Reading, left: set[str], right: Iterable[str]) -> bool:
    """Whether a title's generic targets are of the class of those that the text names."""
    kinds = {reading.things[t].kind for t in right}
    return bool(left) and all(not reading.things[t].proper and reading.things[t].kind in kinds for t in left)


def _same_act(reading: Reading, event: Event, frame: Frame) -> bool:
    targets = _targets(event)
    agents = {a for f in event.frames for a in (*f.agents, *f.claimed_agents)}
    said = {*frame.agents, *frame.claimed_agents}
    same_sentence = any(f.sentence == frame.sentence for f in event.frames)
    if shared := targets & set(frame.targets):
        return not _is_another(reading, event, frame, shared)
    if _is_headline(event) and _are_alike(reading, targets, frame.targets):
        return True
    if frame.targets and targets:
        return False
    if same_sentence or (frame.definite and not frame.targets):
        return True
    return not frame.targets and not targets and bool(agents & said)
