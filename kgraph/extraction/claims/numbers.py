"""How many died, were hurt, held or came: claims where someone says so, facts where the text does."""

from collections.abc import Iterator

from kgraph.extraction.attribution import attribution_of
from kgraph.extraction.claims.claim import Claim
from kgraph.extraction.classes import is_a
from kgraph.extraction.coreference import Reading
from kgraph.extraction.events.arguments import actors
from kgraph.extraction.events.frame import Attribution, Event
from kgraph.extraction.events.merging import Events
from kgraph.extraction.facts import Fact, integer, term
from kgraph.extraction.lexicon import noun_classes, stem
from kgraph.extraction.numbers import Number, find_numbers
from kgraph.extraction.sentences import Sentence
from kgraph.extraction.syntax import children, subjects
from kgraph.extraction.tokens import Token

#: Events that people die or are hurt in.
_DEADLY = (
    "Strike", "Crackdown", "Assault", "Protest", "Rally", "Riot", "Uprising", "ArmedConflict", "Coup",
    "Repression",
)  # fmt: skip

#: Events that people come to.
_ATTENDED = ("Rally", "Protest", "Strike", "Riot", "Uprising", "PublicEvent", "Election")

#: Words by which a number is one of dead, hurt, held or gathered people.
_COUNTED = {
    "deathToll": {
        "kill", "die", "death", "casualty", "fatality", "dead", "toll", "massacre", "murder", "perish",
    },
    "injuredCount": {"injure", "wound", "injury", "hurt", "injured", "wounded"},
    "arrestCount": {"arrest", "detain", "detainee", "imprison", "jail"},
    "participantCount": {
        "march", "protest", "gather", "rally", "attend", "demonstrate", "participate", "turnout", "marcher",
        "protester", "demonstrator",
    },
}  # fmt: skip


def of_numbers(reading: Reading, sentence: Sentence, events: Events) -> Iterator[Claim]:
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
        _counts_things(token)
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


def _counts_things(number: Token) -> bool:
    """Whether a number is one of things, not of people: "shutdowns in two cities"."""
    noun = number.head
    if number.dep_ not in ("nummod", "compound") or noun.pos_ not in ("NOUN", "PROPN"):
        return False
    kind = noun_classes().get(stem(noun.lemma_), "")
    people = is_a(kind, "Actor")
    return not (
        people
        or noun.lemma_.lower() in _PEOPLE
        or noun.lemma_.lower().endswith(("ist", "er", "or", "ian", "ee"))
    )


#: Nouns for what is counted that is no people.
_UNITS = {"year", "day", "month", "hour", "week", "percent", "%", "time"}


def _counts_time(token: Token) -> bool:
    """Whether a number counts days or years, or is one of a date."""
    labelled = token.ent_type_ in ("DATE", "TIME", "MONEY", "PERCENT", "ORDINAL")
    return labelled or token.head.lemma_ in _UNITS


def _who_counts(reading: Reading, sentence: Sentence, token: Token) -> Attribution | None:
    """Whose word a number is: "X put the toll at 12"."""
    attribution = attribution_of(reading, sentence, token)
    if attribution is not None:
        return attribution
    for above in token.ancestors:
        if above.lemma_ in ("place", "put", "estimate", "count", "report", "give") and above.pos_ == "VERB":
            claimants = actors(reading, sentence, subjects(above))
            if claimants:
                return Attribution(claimants)
    return None


def _who_reports(event: Event, sentence: int) -> Attribution | None:
    """Whose word the event itself is in this sentence: the number beside it is theirs too."""
    return next((f.attribution for f in event.frames if f.sentence == sentence and f.attribution), None)


def _is_before(sentence: Sentence, number: Token, trigger: int) -> bool:
    """Whether a clause tells the number of what came before: "protests began after 16 people died"."""
    for above in number.ancestors:
        if any(t.i == trigger for t in above.subtree):
            return False
        after = any(c.lower_ in ("after", "since") for c in children(above, "mark"))
        if after and above.dep_ in ("advcl", "pcomp"):
            return True
        if above.dep_ == "pcomp" and above.head.lower_ in ("after", "since"):
            return True
    return False


def _event_of_number(events: Events, sentence: Sentence, name: str, number: Token) -> Event | None:
    """The event whose trigger rules a number, else one in the sentence, else the one told next or last."""
    kinds = _ATTENDED if name == "participantCount" else ("Arrest",) if name == "arrestCount" else _DEADLY
    above = next((e for a in number.ancestors if (e := events.at(sentence.number, a.i))), None)
    if above is not None and above.kind in kinds and any(f.agents for f in above.frames):
        return above
    fitting = [e for e in events.events if e.kind in kinds]
    beside = [f.trigger for e in fitting for f in e.frames if f.sentence == sentence.number]
    if beside and all(_is_before(sentence, number, trigger) for trigger in beside):
        return None  # of what came before those told here
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
