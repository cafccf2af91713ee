"""What someone calls an act or a law, says that it is, or accuses another of."""

from collections.abc import Iterator, Sequence

from kgraph.extraction.attribution import reporting_verbs
from kgraph.extraction.claims.claim import Claim, wording
from kgraph.extraction.coreference import Reading
from kgraph.extraction.events.arguments import actors
from kgraph.extraction.events.frame import Attribution
from kgraph.extraction.events.merging import Events
from kgraph.extraction.law import Legal
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
from kgraph.extraction.tokens import Token

#: Verbs of giving something a name that is an opinion.
_CALLING = {
    "call", "label", "describe", "brand", "dub", "characterize", "characterise", "term", "denounce",
    "portray",
}  # fmt: skip


def of_judgements(reading: Reading, sentence: Sentence, events: Events, legal: Legal) -> Iterator[Claim]:
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
        elif reporting_verbs().get(verb.lemma_) == "asserts":
            for clause in children(verb, "ccomp"):
                judged = children(clause, "nsubj", "nsubjpass")
                yield from _judgement(reading, sentence, events, legal, judged, _predicate(clause), claimants)


def _called(verb: Token) -> str:
    """What a verb of naming says that its object is: "called it a sham", "described it as illegal"."""
    named = children(verb, "oprd", "attr", "xcomp") or objects_behind(verb, "as")
    named += [c for p in children(verb, "prep") if p.lower_ == "as" for c in children(p, "pcomp", "amod")]
    return phrase(named[0]) if named else ""


def _predicate(clause: Token) -> str:
    """What a clause says of its subject, where it tells how it is: "was illegal", "was marred by fraud"."""
    if clause.lemma_ == "be":
        told = children(clause, "attr", "acomp")
        return phrase(told[0]) if told and not children(clause, "neg") else ""
    if is_passive(clause) and clause.lemma_ in _JUDGING:
        return phrase(clause, without=frozenset({"nsubjpass", "auxpass", "aux", "mark"}))
    return ""


#: Verbs that in the passive judge an event.
_JUDGING = {
    "mar", "rig", "stage", "design", "aim", "intend", "motivate", "fabricate", "justify", "taint",
    "flaw",
}  # fmt: skip


def _judgement(
    reading: Reading,
    sentence: Sentence,
    events: Events,
    legal: Legal,
    judged: Sequence[Token],
    value: str,
    claimants: tuple[str, ...],
) -> Iterator[Claim]:
    """The claims that events or laws are what someone says, where there is something said."""
    literal = wording(reading, value)
    for token in judged:
        event = events.at(sentence.number, token.i)
        about = event.iri if event else legal.law_at(sentence.number, token.i)
        if about is None or literal is None:
            continue
        yield Claim(
            sentence.number, sentence.offset(token), about, "", literal, Attribution(claimants),
            mechanism="judgement",
        )  # fmt: skip


def _accusation(
    reading: Reading, sentence: Sentence, events: Events, verb: Token, claimants: tuple[str, ...]
) -> Iterator[Claim]:
    """ "Accused the council of covering it up": no event of ours, so a bare claim on the accused."""
    for prep in (p for p in children(verb, "prep") if p.lower_ == "of"):
        for act in children(prep, "pcomp", "pobj"):
            if any(events.at(sentence.number, t.i) for t in act.subtree):
                continue
            literal = wording(reading, phrase(act))
            for accused in actors(reading, sentence, patients(verb))[:1]:
                if literal is not None:
                    yield Claim(
                        sentence.number, sentence.offset(act), accused, "", literal, Attribution(claimants),
                        mechanism="accusation",
                    )  # fmt: skip
