"""The words of a sentence that tell of an event, by the table `words/events.toml`."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from kgraph.extraction.lexicon import LONGEST_PHRASE, Trigger, stem, triggers
from kgraph.extraction.mentions import Mention, is_heading
from kgraph.extraction.sentences import Sentence
from kgraph.extraction.syntax import children
from kgraph.extraction.tokens import Token

#: Nouns whose object is hard to reach: "difficulties accessing X".
_HARD = {"difficulty", "trouble", "problem", "issue"}

#: First parts of compounds that tell of something else: "self-censorship".
_NEGATING = {"self", "non", "un"}


@dataclass(frozen=True, slots=True)
class Found:
    """A trigger in a sentence.

    :param part: "verb", "noun" or "adjective".
    :param groups: what it can tell, in the order of the table.
    """

    token: Token
    part: str
    groups: Sequence[Trigger]


def find_triggers(sentence: Sentence, mentions: Sequence[Mention]) -> list[Found]:
    """The triggers of a sentence in reading order; words inside proper names are none."""
    named = {i for m in mentions if m.proper and m.mechanism != "adjective" for i in range(m.start, m.end)}
    found: list[Found] = []
    if is_heading(sentence):  # it announces what the text below tells
        return found
    for token in sentence.doc:
        if token.i in named or token.i < sentence.label_end:
            continue
        trigger = _verb(token) or _adjective(token) or _noun(token)
        if trigger is not None:
            found.append(trigger)
    return found


def _verb(token: Token) -> Found | None:
    if token.pos_ != "VERB" and not (
        token.tag_ in ("VBG", "VBN", "VBD") and token.pos_ in ("ADJ", "NOUN", "AUX")
    ):
        return None
    lemma = token.lemma_.lower()
    table = triggers().verbs
    particle = " ".join(
        c.lower_ for c in children(token, "prt", "advmod") if c.lower_ in ("down", "off", "out", "up")
    )
    through_access = any(
        c.lemma_ in ("access", "connectivity") for c in children(token, "dobj", "nsubjpass", "conj")
    )
    through_access = through_access or (
        token.head.pos_ == "VERB"
        and token.dep_ == "conj"
        and any(c.lemma_ == "access" for c in children(token.head, "dobj"))
    )
    groups: list[Trigger] = []
    if lemma == "access":
        return (
            Found(token, "verb", triggers().nouns["difficulty access"]) if _is_hard_to_access(token) else None
        )
    if particle:
        groups += table.get(f"{lemma} {particle} access", ()) if through_access else ()
        groups += table.get(f"{lemma} {particle}", ())
    for clause in children(token, "xcomp", "ccomp", "advcl"):
        groups += table.get(f"{lemma} to {clause.lemma_.lower()}", ())
    if through_access:
        groups += table.get(f"{lemma} access", ())
    for means in children(token, "dobj"):
        groups += table.get(
            f"{lemma} {' '.join(stem(t.lemma_) for t in (*children(means, 'compound'), means))}", ()
        )
        groups += table.get(f"{lemma} {stem(means.lemma_)}", ())
    for state in children(token, "oprd", "acomp", "ccomp", "xcomp"):
        groups += table.get(f"{lemma} {state.lower_}", ())
    for prep in children(token, "prep"):
        for noun in children(prep, "pobj"):
            groups += table.get(f"{lemma} {prep.lower_} {stem(noun.lemma_)}", ())
    groups += table.get(lemma, ())
    return Found(token, "verb", groups) if groups else None


def _is_hard_to_access(token: Token) -> bool:
    """ "Difficulties accessing X", "could not access X", "unable to access X"."""
    head = token.head
    if head.lemma_ in _HARD or (head.dep_ == "pobj" and head.lemma_ in _HARD):
        return True
    if token.dep_ == "pcomp" and (head.head.lemma_ in _HARD or head.lower_ == "from"):
        return True
    if head.lemma_ in ("unable", "struggle"):
        return True
    return bool(children(token, "neg")) and any(
        c.lower_ in ("could", "can", "ca") for c in children(token, "aux")
    )


def _adjective(token: Token) -> Found | None:
    groups = triggers().adjectives.get(token.lower_)
    predicative = token.dep_ in ("acomp", "attr", "oprd", "ccomp") and token.head.pos_ in ("AUX", "VERB")
    return Found(token, "adjective", groups) if groups and predicative else None


def _noun(token: Token) -> Found | None:
    if token.pos_ not in ("NOUN", "PROPN") and token.tag_ != "VBG":
        return None
    if token.dep_ in ("compound", "nmod") and token.head.pos_ in ("NOUN", "PROPN") and token.head.i > token.i:
        return None
    if token.i + 2 < len(token.doc) and token.nbor().text == "-" and not token.whitespace_:
        return None  # "war-weary", "protest-hit"
    if token.i > 1 and token.doc[token.i - 1].text == "-" and token.doc[token.i - 2].lower_ in _NEGATING:
        return None
    words = [stem(t.lemma_) for t in sentence_tail(token)]
    for size in range(min(LONGEST_PHRASE, len(words)), 0, -1):
        groups = _nouns().get(" ".join(words[-size:]))
        if groups:
            return Found(token, "noun", groups)
    return None


@lru_cache(maxsize=1)
def _nouns() -> dict[str, Sequence[Trigger]]:
    return {" ".join(map(stem, phrase.split())): groups for phrase, groups in triggers().nouns.items()}


def sentence_tail(token: Token) -> list[Token]:
    """The words that end in a token, as many as the longest phrase has."""
    return list(token.doc[max(0, token.i - LONGEST_PHRASE + 1) : token.i + 1])
