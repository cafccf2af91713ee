"""Who did it, where another says so, and who denies or admits it."""

from collections.abc import Iterator

from kgraph.extraction.claims.claim import Claim
from kgraph.extraction.coreference import Reading
from kgraph.extraction.events.arguments import actors
from kgraph.extraction.events.frame import Attribution
from kgraph.extraction.events.merging import Events
from kgraph.extraction.sentences import Sentence
from kgraph.extraction.syntax import children, subjects
from kgraph.extraction.tokens import Token


def of_responsibility(reading: Reading, events: Events) -> Iterator[Claim]:
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
                    frame.sentence, offset, event.iri, "conductedBy", agent, frame.attribution,
                    mechanism="claimed agent",
                )  # fmt: skip


#: Verbs of denying and admitting to the stance.
_OWNING_UP = {
    "deny": "denies", "admit": "concedes", "acknowledge": "concedes", "concede": "concedes",
    "confess": "concedes",
}  # fmt: skip


def of_denied_responsibility(reading: Reading, sentence: Sentence, events: Events) -> Iterator[Claim]:
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
            if event is None or not (role or own) or _is_of_another(reading, sentence, verb, word, claimants):
                continue
            for claimant in claimants:
                yield Claim(
                    sentence.number, sentence.offset(verb), event.iri, "conductedBy", claimant,
                    Attribution(claimants, _OWNING_UP[verb.lemma_]), mechanism="denial",
                )  # fmt: skip


def _is_of_another(
    reading: Reading, sentence: Sentence, verb: Token, word: Token, claimants: tuple[str, ...]
) -> bool:
    """Whether what is denied is told of someone or something else: "denied that the outage was due to X"."""
    inside = {t.i for t in verb.subtree} - {verb.i}
    tellers = (children(above, "nsubj", "nsubjpass") for above in word.ancestors if above.i in inside)
    return any(told and not set(actors(reading, sentence, told)) & set(claimants) for told in tellers)
