"""Who owns or controls an outlet, an operator, a platform or a body: told by verbs and by "state-owned"."""

import re
from collections.abc import Iterator

from kgraph.extraction.classes import is_any
from kgraph.extraction.coreference import Reading, Thing
from kgraph.extraction.events.arguments import actors, arguments_at
from kgraph.extraction.events.reality import is_real
from kgraph.extraction.facts import Fact, term
from kgraph.extraction.sentences import Sentence
from kgraph.extraction.syntax import agents_by, children, is_passive, objects_behind, patients, subjects
from kgraph.extraction.tokens import Token

#: What can be owned or controlled.
_OWNED = ("MediaOutlet", "Company", "Platform", "Network", "StateBody")

#: Verbs to the property that they tell.
_VERBS = {"own": "ownedBy", "control": "controlledBy"}

#: What one has in something that one owns.
_SHARES = {"stake", "interest", "share", "majority", "shareholding"}

#: How far before a name "state-owned" may stand, in tokens.
_BEFORE = 6

_STATE = re.compile(r"\b(?:state|government)[- ](owned|run|controlled)\b[^.,;:]*$", re.I)


def ownership_facts(reading: Reading) -> Iterator[Fact]:
    """Whose things are, as the sentences of a document say it without putting it in someone's mouth."""
    for sentence in reading.sentences:
        yield from _of_the_state(reading, sentence)
        for verb in sentence.doc:
            if verb.pos_ == "VERB" and verb.lemma_ in ("own", "control", "hold") and is_real(verb):
                yield from _by_verb(reading, sentence, verb)


def _of_the_state(reading: Reading, sentence: Sentence) -> Iterator[Fact]:
    """ "State-owned Ethio Telecom": the country is the owner."""
    for mention in reading.mentions[sentence.number]:
        thing = reading.thing_at(sentence.number, mention.head)
        if thing is None or not mention.proper or not is_any(thing.kind, ("MediaOutlet", "Company")):
            continue
        before = sentence.doc[max(0, mention.start - _BEFORE) : mention.start].text
        told = _STATE.search(before)
        country = thing.country or reading.home
        if told and country:
            name = "ownedBy" if told[1].lower() == "owned" else "controlledBy"
            yield Fact(thing.iri, term(name), country, (sentence.number,), "state-owned")


def _by_verb(reading: Reading, sentence: Sentence, verb: Token) -> Iterator[Fact]:
    owners = agents_by(verb) if is_passive(verb) else subjects(verb)
    owned = patients(verb)
    shares = [t for t in owned if t.lemma_ in _SHARES]
    if shares:
        owned = [*(t for s in shares for t in objects_behind(s, "in", "of")), *objects_behind(verb, "in")]
        owned += [verb.head.head] if verb.dep_ == "relcl" and children(verb, "prep") else []
        owned += [verb.head] if verb.dep_ == "relcl" else []
    elif verb.lemma_ == "hold":
        return
    name = _VERBS.get(verb.lemma_, "ownedBy")
    for thing in _things(reading, sentence, owned):
        for owner in actors(reading, sentence, owners):
            if owner != thing.iri:
                yield Fact(thing.iri, term(name), owner, (sentence.number,), "owner")


def _things(reading: Reading, sentence: Sentence, tokens: list[Token]) -> list[Thing]:
    found = [a.thing for a in arguments_at(reading, sentence, tokens) if a.thing]
    return [thing for thing in found if is_any(thing.kind, _OWNED)]
