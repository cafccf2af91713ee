"""Which reports are of one event: same kind, no conflict of time or place, a shared target or "the"."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

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
        event = max(fitting, key=lambda e: (_affinity(e, frame), events.index(e))) if fitting else None
        if event is None:
            event = Event(_address(reading, frame), frame.kind)
            events.append(event)
        event.frames.append(frame)
        event.kind = narrower(event.kind, frame.kind) or event.kind
        by_trigger[frame.sentence, frame.trigger] = event
    return Events(_with_general_targets_joined(reading, events, by_trigger), by_trigger)


def _affinity(event: Event, frame: Frame) -> int:
    """How much an event has in common with a frame that can be of it."""
    links = {link for f in event.frames for link in f.links}
    targets = {t for f in event.frames for t in f.targets}
    same_date = bool(frame.when) and any(f.when == frame.when for f in event.frames)
    said = set(frame.phrases) & {p for f in event.frames for p in f.phrases}
    return (
        3 * len(links & set(frame.links))
        + 3 * len(targets & set(frame.targets))
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
    things = [[reading.things[t] for f in e.frames for t in f.targets] for e in (left, right)]
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
    if _is_outage_again(event, frame):
        return True
    if narrower(event.kind, frame.kind) is None:
        return False
    if frame.name or any(f.name for f in event.frames):
        return bool(frame.name) and any(
            f.name and slug(f.name) == slug(frame.name or "") for f in event.frames
        )
    if not _times_agree(event, frame) or not _countries_agree(event, frame):
        return False
    if is_a(frame.kind, "Protest"):
        return _same_protest(event, frame)
    if frame.kind in ("Election", "Coup", "ArmedConflict"):
        return True
    if event.kind != frame.kind:
        return False
    return _same_act(event, frame)


def _is_outage_again(event: Event, frame: Frame) -> bool:
    """ "The outages": what was told in the sentences before as a blocking or shutdown."""
    if not frame.resumes or event.kind not in ("Blocking", "Shutdown"):
        return False
    return 0 < frame.sentence - event.frames[-1].sentence <= 2


def _times_agree(event: Event, frame: Frame) -> bool:
    told = [f.when for f in event.frames if f.when]
    return not frame.when or all(compatible(when, frame.when) for when in told)


def _countries_agree(event: Event, frame: Frame) -> bool:
    told = {f.country for f in event.frames if f.country}
    return not frame.country or not told or frame.country in told


def _same_protest(event: Event, frame: Frame) -> bool:
    """A protest is the one told last, unless it has a place, people or a date of its own that are new."""
    if frame.distinct:
        return False
    last = event.frames[-1]
    places = {p for f in event.frames for p in f.places}
    if frame.places and places and not places & set(frame.places):
        return False
    told = {iri for f in event.frames for name, iri in f.links if name == "participant"}
    said = {iri for name, iri in frame.links if name == "participant"}
    if told and said and not told & said:
        return False
    near = frame.sentence - last.sentence <= 3 or event.frames[0].sentence == 0
    same_date = bool(frame.when) and any(f.when == frame.when for f in event.frames)
    return frame.definite or near or same_date or bool(told & said)


def _same_act(event: Event, frame: Frame) -> bool:
    targets = {t for f in event.frames for t in f.targets}
    agents = {a for f in event.frames for a in (*f.agents, *f.claimed_agents)}
    said = {*frame.agents, *frame.claimed_agents}
    same_sentence = any(f.sentence == frame.sentence for f in event.frames)
    if targets & set(frame.targets):
        return True
    if frame.targets and targets:
        return False
    if same_sentence and not (frame.targets and targets):
        return True
    if frame.definite and not frame.targets:
        return True
    return not frame.targets and not targets and bool(agents & said)
