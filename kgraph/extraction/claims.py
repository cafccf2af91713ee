"""Claims: numbers, causes and responsibilities that the text puts in someone's mouth."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kgraph.extraction.attribution import attribution_of, reporting_verbs
from kgraph.extraction.classes import is_any
from kgraph.extraction.coreference import Reading
from kgraph.extraction.events.arguments import actors, arguments_at
from kgraph.extraction.events.frame import Attribution, Event
from kgraph.extraction.events.merging import Events
from kgraph.extraction.facts import Fact, concept, integer, term
from kgraph.extraction.law import Legal
from kgraph.extraction.lexicon import noun_classes, stem
from kgraph.extraction.numbers import Number, find_numbers
from kgraph.extraction.sentences import Sentence
from kgraph.extraction.syntax import (
    agents_by,
    children,
    is_passive,
    objects_behind,
    patients,
    phrase,
    subjects,
)
from kgraph.iris import unnamed
from kgraph.namespaces import RDF
from kgraph.records import Literal, Term

if TYPE_CHECKING:
    from kgraph.extraction.tokens import Token

#: Events that people die or are hurt in, take part in.
_DEADLY = (
    "Strike",
    "Crackdown",
    "Assault",
    "Protest",
    "Rally",
    "Riot",
    "Uprising",
    "ArmedConflict",
    "Coup",
    "Repression",
)
_ATTENDED = ("Rally", "Protest", "Strike", "Riot", "Uprising", "PublicEvent", "Election")
_CUT = ("Blocking", "Shutdown", "Throttling", "Disruption")

#: Words by which a number is one of dead, hurt, held or gathered people.
_COUNTED = {
    "deathToll": {
        "kill",
        "die",
        "death",
        "casualty",
        "fatality",
        "dead",
        "toll",
        "massacre",
        "murder",
        "perish",
    },
    "injuredCount": {"injure", "wound", "injury", "hurt", "injured", "wounded"},
    "arrestCount": {"arrest", "detain", "detainee", "imprison", "jail"},
    "participantCount": {
        "march",
        "protest",
        "gather",
        "rally",
        "attend",
        "demonstrate",
        "participate",
        "turnout",
        "marcher",
        "protester",
        "demonstrator",
    },
}

#: Verbs that give a cause, and the prepositions before it; without any, it is their object.
_CAUSE_BEHIND = {
    "cite": (),
    "blame": ("on",),
    "attribute": ("to", "with"),
    "pin": ("on",),
    "ascribe": ("to",),
}

#: Longest phrase that is a cause.
_LONGEST = 20


@dataclass(frozen=True, slots=True)
class Claim:
    """One claim before it has an address.

    :param offset: of the words that say it.
    :param about: address of what it is on.
    :param name: local name of the property that it gives a value for; "" for none.
    """

    sentence: int
    offset: int
    about: str
    name: str
    value: Term
    attribution: Attribution
    bound: str = ""
    mechanism: str = "claim"


def find_claims(reading: Reading, events: Events, legal: Legal) -> list[Claim]:
    """The claims of a document, in reading order."""
    found: list[Claim] = []
    found += _of_responsibility(reading, events)
    for sentence in reading.sentences:
        found += _of_numbers(reading, sentence, events)
        found += _of_causes(reading, sentence, events)
        found += _of_grounds(reading, sentence, events)
        found += _of_denied_responsibility(reading, sentence, events)
        found += _of_judgements(reading, sentence, events, legal)
    return sorted(found, key=lambda c: (c.offset, c.name, repr(c.value)))


def _of_responsibility(reading: Reading, events: Events) -> Iterator[Claim]:
    """Who did it, where another says so."""
    for event in events.events:
        stated = {agent for frame in event.frames for agent in frame.agents}
        for frame in event.frames:
            if frame.attribution is None:
                continue
            sentence = reading.sentences[frame.sentence]
            for agent in (a for a in frame.claimed_agents if a not in stated):
                offset = sentence.offset(sentence.doc[frame.trigger])
                yield Claim(
                    frame.sentence,
                    offset,
                    event.iri,
                    "conductedBy",
                    agent,
                    frame.attribution,
                    mechanism="claimed agent",
                )


def _of_numbers(reading: Reading, sentence: Sentence, events: Events) -> Iterator[Claim]:
    """How many died, were hurt or came, where someone says so."""
    for number in _numbers(reading, sentence):
        name = _what_is_counted(sentence, number)
        if not name:
            continue
        token = sentence.doc[number.end - 1]
        event = _event_of_number(events, sentence, name, token)
        if event is None:
            continue
        attribution = _who_counts(reading, sentence, token) or _who_reports(event, sentence.number)
        if attribution is None and not number.bound:
            continue  # stated as fact: `number_facts`
        attribution = attribution or Attribution()
        yield Claim(
            sentence.number, sentence.offset(sentence.doc[number.start]), event.iri, name,
            integer(number.value), attribution, number.bound, "claimed number",
        )  # fmt: skip


def _numbers(reading: Reading, sentence: Sentence) -> Iterator[Number]:
    """The numbers of a sentence that are no part of a name ("Article 50")."""
    named = {i for m in reading.mentions[sentence.number] if m.proper for i in range(m.start, m.end)}
    return (n for n in find_numbers(sentence) if not named & set(range(n.start, n.end)))


def _what_is_counted(sentence: Sentence, number: Number) -> str:
    """The property that a number gives a value for, told by the words that rule it."""
    token = sentence.doc[number.end - 1]
    around = [token]
    for _ in range(5):
        if around[-1].head.i == around[-1].i:
            break
        around.append(around[-1].head)
    if (
        _counts_things(sentence, token)
        or _counts_time(token)
        or any(t.lower_ == "including" for t in (token.head, token.head.head))
    ):
        return ""
    told = []
    for word in around[1:]:
        told += [
            name
            for name, lemmas in _COUNTED.items()
            if word.lemma_.lower() in lemmas
            or any(c.lemma_.lower() in lemmas and c.dep_ in ("dobj", "relcl") for c in word.children)
        ]
        if word.dep_ == "ccomp":
            break
    # "70 protesters were arrested" counts arrests
    return next((name for name in told if name != "participantCount"), "participantCount" if told else "")


#: Nouns for people that are counted.
_PEOPLE = {
    "people", "person", "life", "casualty", "death", "dead", "victim", "civilian", "man", "woman", "child",
    "other", "fatality", "protester", "demonstrator", "injured", "wounded", "detainee", "arrest", "injury",
    "participant",
}  # fmt: skip


def _counts_things(sentence: Sentence, number: "Token") -> bool:
    """Whether a number is one of things, not of people: "shutdowns in two cities"."""
    noun = number.head
    if number.dep_ not in ("nummod", "compound") or noun.pos_ not in ("NOUN", "PROPN"):
        return False
    kind = noun_classes().get(stem(noun.lemma_), "")
    people = kind and is_any(kind, ("Actor",)) if kind[:1].isupper() else False
    return not (
        people
        or noun.lemma_.lower() in _PEOPLE
        or noun.lemma_.lower().endswith(("ist", "er", "or", "ian", "ee"))
    )


def _counts_time(token: "Token") -> bool:
    """Whether a number counts days or years, or is one of a date."""
    return token.ent_type_ in ("DATE", "TIME", "MONEY", "PERCENT", "ORDINAL") or token.head.lemma_ in (
        "year",
        "day",
        "month",
        "hour",
        "week",
        "percent",
        "%",
        "time",
    )


def _who_counts(reading: Reading, sentence: Sentence, token: "Token") -> Attribution | None:
    attribution = attribution_of(reading, sentence, token)
    if attribution is not None:
        return attribution
    for above in token.ancestors:
        if above.lemma_ in ("place", "put", "estimate", "count", "report", "give") and above.pos_ == "VERB":
            claimants = actors(reading, sentence, subjects(above))
            if claimants:
                return Attribution(claimants)
    return None


def number_facts(reading: Reading, events: Events) -> Iterator[Fact]:
    """How many died, were hurt or came, where the text states an exact number as a fact."""
    for sentence in reading.sentences:
        for number in _numbers(reading, sentence):
            name = _what_is_counted(sentence, number)
            token = sentence.doc[number.end - 1]
            event = _event_of_number(events, sentence, name, token) if name else None
            if event is None or number.bound or not any(f.sentence == sentence.number for f in event.frames):
                continue
            if _who_counts(reading, sentence, token) is None and _who_reports(event, sentence.number) is None:
                yield Fact(event.iri, term(name), integer(number.value), (sentence.number,), "count")


def _who_reports(event: Event, sentence: int) -> Attribution | None:
    """Whose word the event itself is in this sentence: the number beside it is theirs too."""
    return next((f.attribution for f in event.frames if f.sentence == sentence and f.attribution), None)


def _event_of_number(events: Events, sentence: Sentence, name: str, number: "Token") -> Event | None:
    """The event whose trigger rules a number, else one in the sentence, else the one told next or last."""
    kinds = _ATTENDED if name == "participantCount" else ("Arrest",) if name == "arrestCount" else _DEADLY
    above = next((e for a in number.ancestors if (e := events.at(sentence.number, a.i))), None)
    if above is not None and above.kind in kinds and any(f.agents for f in above.frames):
        return above
    fitting = [e for e in events.events if e.kind in kinds]
    for event in fitting:
        if any(f.sentence == sentence.number and f.kind != "Assault" for f in event.frames):
            return event
    near = [
        (abs(f.sentence - sentence.number), f.sentence < sentence.number, e.iri, e)
        for e in fitting
        for f in e.frames
    ]
    near = [row for row in near if row[0] <= 3]
    return min(near, key=lambda row: row[:3])[3] if near else None


def _of_causes(reading: Reading, sentence: Sentence, events: Events) -> Iterator[Claim]:
    """What someone gives as the cause: "they cited technical issues", "did not attribute it to protests"."""
    for verb in sentence.doc:
        if verb.pos_ != "VERB" or verb.lemma_ not in _CAUSE_BEHIND:
            continue
        claimants = actors(reading, sentence, subjects(verb))
        if not claimants:
            continue
        event = _cut_near(events, sentence)
        if event is None:
            continue
        denied = bool(children(verb, "neg"))
        causes = objects_behind(verb, *_CAUSE_BEHIND[verb.lemma_]) or (
            patients(verb) if verb.lemma_ == "cite" else []
        )
        for cause in causes:
            yield from _cause(
                reading,
                sentence,
                events,
                event,
                cause,
                Attribution(claimants, "denies" if denied else "asserts"),
            )


def _cause(
    reading: Reading,
    sentence: Sentence,
    events: Events,
    event: Event,
    cause: "Token",
    attribution: Attribution,
) -> Iterator[Claim]:
    offset = sentence.offset(cause)
    other = _told_last(events, sentence.number, cause)
    if other is not None and other is not event:
        yield Claim(
            sentence.number,
            offset,
            event.iri,
            "inResponseTo",
            other.iri,
            attribution,
            mechanism="claimed cause",
        )
        return
    words = phrase(cause)
    if 0 < len(words.split()) <= _LONGEST:
        literal = Literal(words, language=reading.document.language or "en")
        yield Claim(
            sentence.number, offset, event.iri, "cause", literal, attribution, mechanism="claimed cause"
        )


#: What an actor's own words on the grounds of an act hang on.
_CLAIMING = {"claim", "say", "allege", "argue", "state", "insist"}


def _of_grounds(reading: Reading, sentence: Sentence, events: Events) -> Iterator[Claim]:
    """Why a measure was taken, as those say who took it: "citing …", "claiming that …", "for …"."""
    for token in sentence.doc:
        event = events.at(sentence.number, token.i)
        if event is None or not is_any(event.kind, ("InformationControl", "Repression")):
            continue
        frame = next(f for f in event.frames if f.sentence == sentence.number and f.trigger == token.i)
        said = _ground_said(token)
        if said is None or (event.kind in ("Arrest", "Prosecution", "Assault") and not _is_alleged(said)):
            continue
        words = phrase(said, without=frozenset({"mark", "nsubj", "nsubjpass", "aux", "auxpass"}))
        words = words.split(", before ")[0].removeprefix("allegedly ").removeprefix("reportedly ")
        if not 0 < len(words.split()) <= _LONGEST:
            continue
        literal = Literal(words, language=reading.document.language or "en")
        claimants = tuple(a for a in frame.agents if not is_any(reading.things[a].kind, ("TelecomOperator",)))
        claimants = () if _is_alleged(said) else claimants
        yield Claim(
            sentence.number, sentence.offset(said), event.iri, "cause", literal,
            Attribution(claimants), mechanism="claimed ground",
        )  # fmt: skip


def _is_alleged(ground: "Token") -> bool:
    """Whether a ground is told as alleged: of arrests, others are charges."""
    return any(c.lower_ in ("allegedly", "reportedly", "alleged", "supposedly") for c in ground.children)


def _ground_said(act: "Token") -> "Token | None":
    """The clause or noun that gives the ground of an act."""
    verb = act if act.pos_ == "VERB" else act.head
    for clause in children(verb, "advcl"):
        if clause.lemma_ in ("cite", "invoke") and clause.tag_ == "VBG":
            return next(iter(children(clause, "dobj")), None)
        if clause.lemma_ in _CLAIMING and clause.tag_ == "VBG":
            return next(iter(children(clause, "ccomp")), None)
        if any(c.lower_ == "because" for c in children(clause, "mark")):
            return clause
    for prep in _prepositions_behind(verb, act):
        nouns = children(prep, "pobj")
        if (
            prep.lower_ == "on"
            and nouns
            and nouns[0].lemma_ in ("ground", "pretext", "accusation", "suspicion")
        ):
            behind = [*objects_behind(nouns[0], "of"), *children(nouns[0], "acl")]
            behind += [c for p in children(nouns[0], "prep") for c in children(p, "pcomp")]
            return behind[0] if behind else None
        if prep.lower_ == "for" and (gerund := next(iter(children(prep, "pcomp")), None)) is not None:
            return gerund if gerund.tag_ == "VBG" else None
        if prep.lower_ in ("for", "over") and nouns and _is_ground(nouns[0]):
            return nouns[0]
    return None


def _prepositions_behind(verb: "Token", act: "Token") -> list["Token"]:
    """The prepositions behind an act in its own clause, however low the parse has hung them."""
    if act.lemma_ in ("control", "monopoly", "regulate"):  # "control over" is what is controlled
        return []
    found = [*children(act, "prep"), *(children(verb, "prep") if verb.i != act.i else [])]
    for token in verb.subtree:
        if (
            token.dep_ == "prep"
            and token.lower_ in ("for", "over")
            and token.i > act.i
            and token not in found
        ):
            between = [a for a in token.ancestors if a.i in {t.i for t in verb.subtree} and a.i != verb.i]
            told = token.lower_ == "over" or any(
                c.lower_ in ("allegedly", "reportedly") for g in children(token, "pcomp") for c in g.children
            )
            if told and all(a.pos_ in ("NOUN", "PROPN", "ADP", "NUM") for a in between):
                found.append(token)
    return found


def _is_ground(noun: "Token") -> bool:
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


def _told_last(events: Events, sentence: int, token: "Token") -> Event | None:
    return events.at(sentence, token.i)


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


#: Verbs of denying and admitting to the stance.
_OWNING_UP = {
    "deny": "denies",
    "admit": "concedes",
    "acknowledge": "concedes",
    "concede": "concedes",
    "confess": "concedes",
}


def _of_denied_responsibility(reading: Reading, sentence: Sentence, events: Events) -> Iterator[Claim]:
    """ "Denied it was behind the blocking of X": who denies, and what."""
    for verb in sentence.doc:
        if verb.lemma_ not in _OWNING_UP or verb.pos_ != "VERB":
            continue
        claimants = actors(reading, sentence, subjects(verb))
        for word in verb.subtree:
            event = events.at(sentence.number, word.i)
            above = word.head
            role = word.dep_ in ("pobj", "pcomp") and above.lower_ in ("behind", "for", "in", "to", "of")
            own = word.dep_ == "xcomp" and word.tag_ == "VBG" and above.i == verb.i
            if event is None or not (role or own):
                continue
            for claimant in claimants:
                yield Claim(
                    sentence.number, sentence.offset(verb), event.iri, "conductedBy", claimant,
                    Attribution(claimants, _OWNING_UP[verb.lemma_]), mechanism="denial",
                )  # fmt: skip


def claim_facts(reading: Reading, claims: Sequence[Claim]) -> Iterator[Fact]:
    """The triples of the claims; two that start at one word get neighbouring addresses."""
    used: set[str] = set()
    for claim in claims:
        offset = claim.offset
        while unnamed(reading.document.iri, offset, "claim") in used:
            offset += 1
        iri = unnamed(reading.document.iri, offset, "claim")
        used.add(iri)
        yield from _facts(iri, claim)


def _facts(iri: str, claim: Claim) -> Iterator[Fact]:
    def fact(predicate: str, value: Term) -> Fact:
        return Fact(iri, predicate, value, (claim.sentence,), claim.mechanism)

    yield fact(RDF.type, term("Claim"))
    yield fact(term("about"), claim.about)
    if claim.name:
        yield fact(term("claimedProperty"), term(claim.name))
    yield fact(term("claimedValue"), claim.value)
    yield fact(term("stance"), concept(claim.attribution.stance))
    if claim.bound:
        yield fact(term("bound"), concept(claim.bound))
    for claimant in claim.attribution.claimants:
        yield fact(term("claimedBy"), claimant)


def named_in(reading: Reading, sentence: Sentence, token: "Token") -> list[str]:
    """Addresses of the things that the list at a token names."""
    return [a.thing.iri for a in arguments_at(reading, sentence, [token]) if a.thing]


#: Verbs of giving something a name that is an opinion.
_CALLING = {
    "call",
    "label",
    "describe",
    "brand",
    "dub",
    "characterize",
    "characterise",
    "term",
    "denounce",
    "portray",
}


def _of_judgements(reading: Reading, sentence: Sentence, events: Events, legal: Legal) -> Iterator[Claim]:
    """What someone calls an act or a law, or says that it is: no property says it, so a bare claim."""
    for verb in sentence.doc:
        if verb.pos_ != "VERB":
            continue
        claimants = actors(reading, sentence, agents_by(verb) if is_passive(verb) else subjects(verb))
        if not claimants:
            continue
        if verb.lemma_ in _CALLING:
            judged, value = patients(verb), _called(verb)
            yield from _judgement(reading, sentence, events, legal, judged, value, claimants)
        elif verb.lemma_ == "accuse":
            yield from _accusation(reading, sentence, events, verb, claimants)
        elif verb.lemma_ in reporting_verbs() and reporting_verbs()[verb.lemma_] == "asserts":
            for clause in children(verb, "ccomp"):
                judged = children(clause, "nsubj", "nsubjpass")
                yield from _judgement(reading, sentence, events, legal, judged, _predicate(clause), claimants)


def _called(verb: "Token") -> str:
    named = children(verb, "oprd", "attr", "xcomp") or objects_behind(verb, "as")
    named += [c for p in children(verb, "prep") if p.lower_ == "as" for c in children(p, "pcomp", "amod")]
    return phrase(named[0]) if named else ""


def _predicate(clause: "Token") -> str:
    """What a clause says of its subject, where it tells how it is: "was illegal", "was marred by fraud"."""
    if clause.lemma_ == "be":
        told = children(clause, "attr", "acomp")
        return phrase(told[0]) if told and not children(clause, "neg") else ""
    if is_passive(clause) and clause.lemma_ in _JUDGING:
        return phrase(clause, without=frozenset({"nsubjpass", "auxpass", "aux", "mark"}))
    return ""


#: Verbs that in the passive judge an event.
_JUDGING = {
    "mar",
    "rig",
    "stage",
    "design",
    "aim",
    "intend",
    "motivate",
    "fabricate",
    "justify",
    "taint",
    "flaw",
}


def _judgement(
    reading: Reading,
    sentence: Sentence,
    events: Events,
    legal: Legal,
    judged: Sequence["Token"],
    value: str,
    claimants: tuple[str, ...],
) -> Iterator[Claim]:
    if not 0 < len(value.split()) <= _LONGEST:
        return
    for token in judged:
        event = events.at(sentence.number, token.i)
        about = event.iri if event else legal.law_at(sentence.number, token.i)
        if about is None:
            continue
        literal = Literal(value, language=reading.document.language or "en")
        yield Claim(
            sentence.number, sentence.offset(token), about, "", literal, Attribution(claimants),
            mechanism="judgement",
        )  # fmt: skip


def _accusation(
    reading: Reading, sentence: Sentence, events: Events, verb: "Token", claimants: tuple[str, ...]
) -> Iterator[Claim]:
    """ "Accused the council of covering it up": no event of ours, so a bare claim on the accused."""
    for prep in (p for p in children(verb, "prep") if p.lower_ == "of"):
        for act in children(prep, "pcomp", "pobj"):
            if any(events.at(sentence.number, t.i) for t in act.subtree):
                continue
            words = phrase(act)
            for accused in actors(reading, sentence, patients(verb))[:1]:
                if 0 < len(words.split()) <= _LONGEST:
                    yield Claim(
                        sentence.number, sentence.offset(act), accused, "",
                        Literal(words, language=reading.document.language or "en"), Attribution(claimants),
                        mechanism="accusation",
                    )  # fmt: skip
