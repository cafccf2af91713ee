"""All frames of a document, in reading order, each with its circumstances and its attribution."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from kgraph.extraction.attribution import attribution_of, hedges
from kgraph.extraction.classes import is_a, is_any
from kgraph.extraction.coreference import Reading, Thing
from kgraph.extraction.dates import Calendar, When, find_dates
from kgraph.extraction.events.acts import DISPERSING, read_act, read_restoration
from kgraph.extraction.events.arguments import whole_of
from kgraph.extraction.events.circumstances import (
    answers_of,
    attended_by_targets,
    dates_of,
    duration_of,
    during,
    legal_bases_of,
    places_of,
    purposes_of,
    token_at,
)
from kgraph.extraction.events.frame import Attribution, Frame
from kgraph.extraction.events.gatherings import read_crowd, read_demands, read_gathering, read_use
from kgraph.extraction.events.occasions import (
    read_announcement,
    read_named,
    read_occasion,
    read_opening,
    read_promise,
    read_vote,
)
from kgraph.extraction.events.reality import is_hedged, is_real
from kgraph.extraction.events.triggers import Found, find_triggers
from kgraph.extraction.law import Legal
from kgraph.extraction.mentions import Mention
from kgraph.extraction.sentences import Sentence
from kgraph.extraction.syntax import CONTROL, children, is_passive, is_state, patients
from kgraph.extraction.tokens import Token


def read_frames(
    reading: Reading, calendar: Calendar, legal: Legal, happened: Callable[[Token], bool] = is_real
) -> list[Frame]:
    """The frames of a document; a trigger that tells what a law lets someone do tells of nothing done.

    :param happened: whether what a trigger speaks of is told as a fact.
    """
    frames = [
        frame
        for sentence in reading.sentences
        for frame in _of_sentence(reading, sentence, calendar, legal, happened)
    ]
    frames = [frame for frame in frames if not _is_toll(reading, frame, frames)]
    return [_with_listed_targets(reading, frame) for frame in frames]


#: What a list can name as the targets of the act before it.
_LISTED = ("Website", "Platform", "MediaOutlet")


def _with_listed_targets(reading: Reading, frame: Frame) -> Frame:
    """ "The following sites were blocked:": what the list behind the colon names is hit too."""
    sentence = reading.sentences[frame.sentence]
    if not is_a(frame.kind, "InformationControl") or not sentence.passage.text.rstrip().endswith(":"):
        return frame
    named: dict[str, None] = {}
    for item in reading.sentences[frame.sentence + 1 :]:
        if item.passage.kind not in ("list", "table"):
            break
        things = (reading.thing_at(m.sentence, m.head) for m in reading.mentions[item.number])
        named |= {t.iri: None for t in things if t is not None and t.kind in _LISTED and t.proper}
    if not named:
        return frame
    kept = [t for t in frame.targets if reading.things[t].proper]
    return replace(frame, targets=tuple(dict.fromkeys((*kept, *named))))


#: Events that people die in.
_DEADLY = ("Protest", "Crackdown", "Coup", "ArmedConflict")

#: How many sentences back one is still what a toll is of.
_REACH = 3


def _is_toll(reading: Reading, frame: Frame, frames: Sequence[Frame]) -> bool:
    """ "Officials said that 12 people were killed": the toll of what was told before, no act of its own."""
    token = reading.sentences[frame.sentence].doc[frame.trigger]
    if frame.kind != "Assault" or not _tells_of_deaths(token):
        return False
    victims = [*patients(token), *children(token, "nsubj")]
    if not any(t.like_num for victim in victims for t in victim.subtree):
        return False
    if frame.agents or frame.claimed_agents or frame.when or frame.places:
        return False
    if any(reading.things[target].proper for target in frame.targets):
        return False
    return any(
        is_a(other.kind, kind) and 0 <= frame.sentence - other.sentence <= _REACH
        for other in frames
        for kind in _DEADLY
    )


def _tells_of_deaths(token: Token) -> bool:
    """Whether a verb tells that people were killed or hurt, not who did it."""
    suffered = is_passive(token) or (token.tag_ == "VBN" and not children(token, "dobj"))
    return token.lemma_ == "die" or (token.lemma_ in ("kill", "injure", "wound", "hurt") and suffered)


def _of_sentence(
    reading: Reading,
    sentence: Sentence,
    calendar: Calendar,
    legal: Legal,
    happened: Callable[[Token], bool],
) -> Iterator[Frame]:
    frames = _bare_frames(reading, sentence, legal.triggers, happened)
    if not frames:
        return
    triggers = frozenset(f.trigger for f in frames)
    dates = [when for when in find_dates(sentence, calendar) if not _of_a_law(reading, sentence, when)]
    protests = frozenset(f.trigger for f in frames if is_a(f.kind, "Protest"))
    for frame in frames:
        placed = _placed(reading, sentence, frame, triggers, dates)
        if is_a(frame.kind, "Repression"):
            at = attended_by_targets(sentence.doc[frame.trigger], protests)
            placed = replace(placed, answers=tuple(dict.fromkeys((*placed.answers, *at))))
        bases = legal_bases_of(legal, sentence, sentence.doc[frame.trigger], triggers)
        placed = replace(placed, links=(*placed.links, *(("legalBasis", law) for law in bases)))
        yield _attributed(reading, sentence, placed)


def _of_a_law(reading: Reading, sentence: Sentence, when: When) -> bool:
    """Whether a year belongs to a law's name: "the Cybercrime Act of 2019"."""
    position = token_at(sentence, when.start).i
    laws = [m for m in reading.mentions[sentence.number] if m.kind == "Law"]
    return any(m.start - 1 <= position <= m.end + 1 and len(when.value) == _YEAR for m in laws)


#: Length of a date that is a year.
_YEAR = 4


#: How a line under a chart begins: its nouns say what is drawn, of which the text tells.
_DRAWN = re.compile(r"(?:Chart|Figure|Fig\.|Table|Graph|Map|Diagram|Plot|Screenshot|Source)\b", re.IGNORECASE)


def _bare_frames(
    reading: Reading,
    sentence: Sentence,
    taken: frozenset[tuple[int, int]],
    happened: Callable[[Token], bool],
) -> list[Frame]:
    """Who does what to whom; without time, place and attribution."""
    mentions = reading.mentions[sentence.number]
    found = {f.token.i: f for f in find_triggers(sentence, mentions)}
    frames = {
        m.head: read_named(sentence, m)
        for m in mentions
        if is_a(m.kind, "Event") and not _only_describes(sentence, m)
    }
    for token in sentence.doc:
        if token.i in frames or (sentence.number, token.i) in taken:
            continue
        trigger = found.get(token.i)
        frame = _read(reading, sentence, trigger) if trigger else None
        frame = frame or read_opening(reading, sentence, token) or read_vote(reading, sentence, token)
        frame = frame or read_use(reading, sentence, token) or read_demands(sentence, token)
        frame = frame or read_crowd(sentence, token)
        frame = frame or read_announcement(reading, sentence, token) or read_promise(reading, sentence, token)
        frame = frame or read_restoration(reading, sentence, token)
        if frame is not None and happened(token):
            frames[token.i] = frame
    if _DRAWN.match(sentence.passage.text):
        frames = {
            i: replace(frame, anaphoric=True) if frame.nominal else frame for i, frame in frames.items()
        }
    charges = _charges_of(sentence, frames)
    return [
        frames[i]
        for i in sorted(frames)
        if i not in charges and not _leads_to_another(sentence.doc[i], frames)
    ]


def _charges_of(sentence: Sentence, frames: dict[int, Frame]) -> set[int]:
    """Triggers of what someone is arrested or tried for: charges, not events ("for resisting arrest")."""
    charged: set[int] = set()
    for frame in frames.values():
        if frame.kind not in ("Arrest", "Prosecution"):
            continue
        for prep in children(sentence.doc[frame.trigger], "prep"):
            if prep.lower_ in ("for", "of", "on", "with"):
                charged |= {t.i for t in prep.subtree if t.i in frames and t.i != frame.trigger}
    return {
        i
        for i in charged
        if is_any(frames[i].kind, ("Repression", "InformationControl")) and not frames[i].agents
    }


def _only_describes(sentence: Sentence, mention: Mention) -> bool:
    """Whether an event's name only tells which kind: "the Colour Revolution virus"."""
    token = sentence.doc[mention.head]
    return token.dep_ in ("compound", "nmod") and not mention.covers(token.head.i)


def _leads_to_another(token: Token, frames: dict[int, Frame]) -> bool:
    """ "Pressured users to remove content" is one act, told by its last verb; deaths are a protest's toll."""
    if token.pos_ != "VERB":
        return False
    if token.lemma_ in CONTROL:
        whom = children(token, "dobj", "nsubjpass")
        ordered = children(token, "xcomp", "ccomp", "advcl", "dobj")
        ordered += [c for each in whom for c in children(each, "acl", "relcl") if c.tag_ == "VB"]
        if any(c.i in frames for c in ordered):
            return True
    at_time_of = during(token, frozenset(frames))
    deadly = _tells_of_deaths(token) and not frames[token.i].agents
    return deadly and any(is_a(frames[i].kind, "Protest") for i in at_time_of)


def _read(reading: Reading, sentence: Sentence, found: Found) -> Frame | None:
    return (
        read_gathering(reading, sentence, found)
        or read_occasion(reading, sentence, found)
        or read_act(reading, sentence, found)
    )


def _placed(
    reading: Reading, sentence: Sentence, frame: Frame, triggers: frozenset[int], dates: Sequence[When]
) -> Frame:
    """The frame with its time, place, aims and what it answers."""
    trigger = sentence.doc[frame.trigger]
    own = dates_of(sentence, trigger, dates, triggers)
    if is_state(trigger):
        own = [w for w in own if w.relation in ("since", "from", "starting")]
    started = [w for w in own if w.relation not in ("until", "till", "through", "before", "by")]
    ended = [w for w in own if w.relation in ("until", "till", "through")]
    places = places_of(reading, sentence, trigger, triggers)
    if sentence.passage.kind == "caption" and len(triggers) == 1:
        started = started or list(dates)
        places = places or _all_places(reading, sentence)
    elif frame.name and len(triggers) == 1:
        started = started or list(dates)
    local = tuple(p.iri for p in places if p.kind == "Place")
    country = next((p.iri for p in places if p.kind == "Country"), None)
    country = country or next((p.country for p in places if p.country), None)
    if frame.ended or _is_told_to_end(trigger):
        begun = _begun(trigger, dates, sentence)
        started, ended = begun, ended or [when for when in started if when not in begun]
    answered = answers_of(trigger, triggers)
    at_time_of = during(trigger, triggers)
    return replace(
        frame,
        when=started[0].value if started else "",
        until=started[0].until if started and started[0].until else (ended[0].value if ended else ""),
        duration=duration_of(sentence, trigger),
        places=() if frame.kind == "Statement" else local,
        country=frame.country or country or _adjectival_country(reading, sentence, trigger),
        phrases=(*frame.phrases, *(("purpose", words) for words in _aims(frame, trigger))),
        answers=tuple(dict.fromkeys((*(i for i in frame.answers if i in triggers), *answered))),
        contained_in=at_time_of[0] if at_time_of and not is_state(trigger) else None,
        part_of=whole.i if (whole := whole_of(trigger)) is not None and whole.i in triggers else None,
    )


#: Verbs by which an event that is their subject begins or ends.
_BEGINNING = {"begin", "start", "erupt", "break"}
#: Verbs by which what is their subject ends.
_ENDING = {"end", "conclude", "stop", "cease", "finish", "expire"}


def _is_told_to_end(trigger: Token) -> bool:
    """ "The strike ended on Friday": the date is that of the end."""
    return trigger.dep_ in ("nsubj", "nsubjpass") and trigger.head.lemma_ in _ENDING


def _begun(trigger: Token, dates: Sequence[When], sentence: Sentence) -> list[When]:
    """When an event began whose end is told too: "the strike, which began on Monday, ended"."""
    clauses = [c for c in trigger.subtree if c.dep_ in ("relcl", "acl") and c.lemma_ in _BEGINNING]
    within = {t.i for clause in clauses for t in clause.subtree}
    return [when for when in dates if token_at(sentence, when.start).i in within]


def _all_places(reading: Reading, sentence: Sentence) -> list[Thing]:
    """A caption tells of one moment: its places are that moment's."""
    things = [
        reading.thing_at(m.sentence, m.head) for m in reading.mentions[sentence.number] if m.kind == "Place"
    ]
    return [thing for thing in things if thing is not None]


def _aims(frame: Frame, trigger: Token) -> list[str]:
    if frame.kind == "Statement" or is_a(frame.kind, "Protest"):
        return []
    aims = purposes_of(trigger)
    if frame.kind == "Crackdown":  # dispersing them is the act itself
        return [words for words in aims if words.split()[0] not in DISPERSING]
    return aims


def _adjectival_country(reading: Reading, sentence: Sentence, trigger: Token) -> str | None:
    """ "Iran's protests", "the Turkish coup"."""
    for child in trigger.lefts:
        thing = reading.thing_at(sentence.number, child.i)
        if thing is not None and thing.kind == "Country":
            return thing.iri
        if thing is not None and thing.kind == "Place" and thing.country:
            return thing.country
    return None


#: Least words of a quotation that is somebody's sentence, not a term in quotation marks.
_QUOTATION = 7


def _is_quoted(token: Token) -> bool:
    """Whether a word stands inside somebody's quoted sentence: opinions name acts that nobody tells of."""
    text = token.doc.text
    opened = max(text.rfind("“", 0, token.idx), text.rfind('"', 0, token.idx))
    straight = text.count('"', 0, token.idx) % 2 == 1
    curly = text.count("“", 0, token.idx) > text.count("”", 0, token.idx)
    if opened < 0 or not (straight or curly):
        return False
    closing = min((i for c in '”"' if (i := text.find(c, token.idx)) >= 0), default=len(text))
    return len(text[opened:closing].split()) >= _QUOTATION


#: Classes of those who speak and act for one state.
_OF_A_STATE = ("StateBody", "SecurityForce", "Country")


def _is_own_side(reading: Reading, agent: str, attribution: Attribution) -> bool:
    """Whether a state's body tells of what its state did: "the government cut it, the ministry said"."""
    thing = reading.things[agent]
    if attribution.stance == "denies" or not attribution.claimants or not is_any(thing.kind, _OF_A_STATE):
        return False
    state = thing.iri if thing.kind == "Country" else thing.country or reading.home
    return all(
        is_any(said.kind, _OF_A_STATE)
        and (said.iri if said.kind == "Country" else said.country or reading.home) == state
        for said in (reading.things[c] for c in attribution.claimants)
    )


def _attributed(reading: Reading, sentence: Sentence, frame: Frame) -> Frame:
    """The frame with whose word it is: what others report of the actors becomes theirs to claim."""
    if frame.kind in ("Statement", "Election") or frame.name:
        return frame
    trigger = sentence.doc[frame.trigger]
    attribution = attribution_of(reading, sentence, trigger)
    hedged = is_hedged(trigger, hedges())
    if (frame.nominal or trigger.tag_ in ("VB", "VBG")) and _is_quoted(trigger):
        frame = replace(frame, quoted=True)
    if attribution is None:
        return replace(frame, hedged=hedged)
    relayed = bool(attribution.claimants) and all(
        reading.things[c].kind == "MediaOutlet" and reading.things[c].proper for c in attribution.claimants
    )
    own = [
        a
        for a in frame.agents
        if a in attribution.claimants
        or (relayed and attribution.stance == "asserts")
        or _is_own_side(reading, a, attribution)
    ]
    others = tuple(a for a in frame.agents if a not in own or attribution.stance == "denies")
    return replace(
        frame,
        agents=tuple(own) if attribution.stance != "denies" else (),
        claimed_agents=others,
        attribution=attribution,
        hedged=hedged,
    )
