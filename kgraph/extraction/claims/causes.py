"""Why something happened or was done, as someone says: causes of outages, grounds of measures."""

import re
from collections.abc import Iterator

from kgraph.extraction.claims.claim import Claim, wording
from kgraph.extraction.classes import is_any
from kgraph.extraction.coreference import Reading
from kgraph.extraction.events.arguments import actors
from kgraph.extraction.events.frame import Attribution, Event
from kgraph.extraction.events.merging import Events
from kgraph.extraction.sentences import Sentence
from kgraph.extraction.syntax import children, objects_behind, patients, phrase, subjects
from kgraph.extraction.tokens import Token
from kgraph.records import Term

#: Events that outages are told as.
_CUT = ("Blocking", "Shutdown", "Throttling", "Disruption")

#: Verbs that give a cause, and the prepositions before it; without any, it is their object.
_CAUSE_BEHIND = {
    "cite": (),
    "blame": ("on",),
    "attribute": ("to", "with"),
    "pin": ("on",),
    "ascribe": ("to",),
}


def of_causes(reading: Reading, sentence: Sentence, events: Events) -> Iterator[Claim]:
    """What someone gives as the cause: "they cited technical issues", "did not attribute it to protests"."""
    for verb in sentence.doc:
        if verb.pos_ != "VERB" or verb.lemma_ not in _CAUSE_BEHIND:
            continue
        claimants = actors(reading, sentence, subjects(verb))
        if not claimants:
            continue
        event = _measure_beside(events, sentence, verb) or _cut_near(events, sentence)
        if event is None:
            continue
        attribution = Attribution(claimants, "denies" if children(verb, "neg") else "asserts")
        causes = objects_behind(verb, *_CAUSE_BEHIND[verb.lemma_])
        causes = causes or (patients(verb) if verb.lemma_ == "cite" else [])
        for cause in causes:
            name, value = _cause(reading, sentence, events, event, cause)
            if value is not None:
                yield Claim(
                    sentence.number, sentence.offset(cause), event.iri, name, value, attribution,
                    mechanism="claimed cause",
                )  # fmt: skip


def _cause(
    reading: Reading, sentence: Sentence, events: Events, event: Event, cause: Token
) -> tuple[str, Term | None]:
    """Another event that it answers, else the words for its cause."""
    other = events.at(sentence.number, cause.i)
    if other is not None and other is not event:
        return "inResponseTo", other.iri
    return "cause", wording(reading, phrase(cause))


def _cut_near(events: Events, sentence: Sentence) -> Event | None:
    """The outage that a cause is given for: the last one told, at most two sentences before."""
    fitting = [
        (f.sentence, f.trigger, e)
        for e in events.events
        if e.kind in _CUT
        for f in e.frames
        if 0 <= sentence.number - f.sentence <= 2
    ]
    return max(fitting, key=lambda row: row[:2])[2] if fitting else None


def _measure_beside(events: Events, sentence: Sentence, verb: Token) -> Event | None:
    """ "Cited security as the basis for blocking gatherings": the measure that the same clause tells."""
    if verb.lemma_ != "cite" or verb.tag_ == "VBG":
        return None
    told = [e for t in verb.subtree if (e := events.at(sentence.number, t.i))]
    return next((e for e in told if is_any(e.kind, ("InformationControl", "Repression"))), None)


#: What an actor's own words on the grounds of an act hang on.
_CLAIMING = {"claim", "say", "allege", "argue", "state", "insist"}


def of_grounds(reading: Reading, sentence: Sentence, events: Events) -> Iterator[Claim]:
    """Why a measure was taken, as those say who took it: "citing …", "claiming that …", "for …"."""
    for token in sentence.doc:
        event = events.at(sentence.number, token.i)
        if event is None or not is_any(event.kind, ("InformationControl", "Repression")):
            continue
        frame = next(f for f in event.frames if f.sentence == sentence.number and f.trigger == token.i)
        said = _ground_said(token)
        if event.kind in ("Arrest", "Prosecution", "Assault") and (said is None or not _is_alleged(said)):
            continue
        start: Token
        if said is not None:
            words = phrase(said, without=frozenset({"mark", "nsubj", "nsubjpass", "aux", "auxpass"}))
            words = words.split(", before ")[0].removeprefix("allegedly ").removeprefix("reportedly ")
            start = said
        elif (found := _worded_ground(sentence, token)) is not None:
            words, start = found
        else:
            continue
        literal = wording(reading, words)
        if literal is None:
            continue
        agents = () if said is not None and _is_alleged(said) else frame.agents
        claimants = tuple(a for a in agents if reading.things[a].kind != "TelecomOperator")
        yield Claim(
            sentence.number, sentence.offset(start), event.iri, "cause", literal,
            Attribution(claimants), mechanism="claimed ground",
        )  # fmt: skip


#: Words that a ground stands behind, which the parse seldom hangs on the act.
_WORDED = re.compile(
    r"\b(?:on (?:the )?(?:grounds?|pretext|basis) (?:that |of )"
    r"|on (?:the )?grounds (?=it |they |he |she |the )"
    r"|(?:after |while )?(?:alleging|claiming|arguing) (?:that )?"
    r"|(?:it|they|authorities) (?:claimed|alleged|said) (?=lacked|had|were|was|violated|did))"
    r"(?P<ground>[^,.;:]{8,140})"
)


def _worded_ground(sentence: Sentence, act: Token) -> tuple[str, Token] | None:
    """The ground that a sentence words in a common way behind an act, and where it starts."""
    found = _WORDED.search(sentence.passage.text, act.idx)
    if found is None:
        return None
    start = next((t for t in sentence.doc if t.idx >= found.start("ground")), None)
    if start is None or any(t.lemma_ in _COORDINATING for t in sentence.doc[act.i + 1 : start.i]):
        return None
    return found["ground"].strip(' "“”'), start


#: Words behind which another act is told.
_COORDINATING = {"while", "whereas", "although", "but"}


def _is_alleged(ground: Token) -> bool:
    """Whether a ground is told as alleged: of arrests, others are charges."""
    return any(c.lower_ in ("allegedly", "reportedly", "alleged", "supposedly") for c in ground.children)


#: Nouns that a ground stands behind: "on the pretext of X".
_GROUNDS = {"ground", "pretext", "accusation", "suspicion"}


def _ground_said(act: Token) -> Token | None:
    """The clause or noun that gives the ground of an act."""
    verb = act if act.pos_ == "VERB" else act.head
    for clause in children(verb, "advcl"):
        if clause.lemma_ in ("cite", "invoke") and clause.tag_ == "VBG":
            return next(iter(children(clause, "dobj")), None)
        if clause.lemma_ in _CLAIMING and clause.tag_ == "VBG":
            return next(iter(children(clause, "ccomp")), None)
        if any(c.lower_ == "because" for c in children(clause, "mark")):
            return clause
    if (told := _told_of_what_is_hit(verb)) is not None:
        return told
    for prep in _prepositions_behind(verb, act):
        nouns = children(prep, "pobj")
        if prep.lower_ == "after":
            claims = [c for c in children(prep, "pcomp") if c.lemma_ in _CLAIMING]
            if said := [t for c in claims for t in children(c, "ccomp")]:
                return said[0]
        if prep.lower_ == "on" and nouns and nouns[0].lemma_ in _GROUNDS:
            behind = [*objects_behind(nouns[0], "of"), *children(nouns[0], "acl", "relcl", "ccomp")]
            behind += [c for p in children(nouns[0], "prep") for c in children(p, "pcomp")]
            return behind[0] if behind else None
        if prep.lower_ == "for" and (gerund := next(iter(children(prep, "pcomp")), None)) is not None:
            return gerund if gerund.tag_ == "VBG" else None
        if prep.lower_ in ("for", "over") and nouns and _is_ground(nouns[0]):
            return nouns[0]
    return None


def _told_of_what_is_hit(verb: Token) -> Token | None:
    """ "Closed sites it accused of X", "sites that they claimed did X": what is held against what is hit."""
    for clause in (c for hit in patients(verb) for c in children(hit, "relcl")):
        if clause.lemma_ in ("accuse", "suspect"):
            of = [p for p in children(clause, "prep") if p.lower_ == "of"]
            return next((c for p in of for c in children(p, "pcomp", "pobj")), None)
        if clause.lemma_ in _CLAIMING and (said := children(clause, "ccomp")):
            return said[0]
    return None


def _prepositions_behind(verb: Token, act: Token) -> list[Token]:
    """The prepositions behind an act in its own clause, however low the parse has hung them."""
    if act.lemma_ in ("control", "monopoly", "regulate"):  # "control over" is what is controlled
        return []
    found = [*children(act, "prep"), *(children(verb, "prep") if verb.i != act.i else [])]
    inside = {t.i for t in verb.subtree}
    for token in verb.subtree:
        is_behind = token.dep_ == "prep" and token.lower_ in ("for", "over") and token.i > act.i
        if not is_behind or token in found:
            continue
        between = [a for a in token.ancestors if a.i in inside and a.i != verb.i]
        gerunds = children(token, "pcomp")
        alleged = any(c.lower_ in ("allegedly", "reportedly") for g in gerunds for c in g.children)
        if token.lower_ != "over" and not alleged:
            continue
        if all(a.pos_ in ("NOUN", "PROPN", "ADP", "NUM") for a in between):
            found.append(token)
    return found


def _is_ground(noun: Token) -> bool:
    """Whether what stands behind "for" is why it was done, not for how long or for whom."""
    if noun.pos_ != "NOUN" or noun.ent_type_ in ("DATE", "TIME", "MONEY", "CARDINAL", "PERCENT"):
        return False
    return not any(c.dep_ == "nummod" for c in noun.children) and noun.lemma_ not in _NO_GROUNDS


#: Nouns behind "for" and "over" that tell how long, how often or for whom.
_NO_GROUNDS = {
    "time", "hour", "day", "week", "month", "year", "period", "while", "decade", "minute", "night",
    "weekend", "use", "people", "user", "citizen", "access", "internet", "purpose", "example", "instance",
    "most", "rest", "website", "country", "region", "city", "area", "nation", "province", "part", "release",
    "total", "reason",
}  # fmt: skip
