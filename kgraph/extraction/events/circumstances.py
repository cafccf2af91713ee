"""When, where, for how long, to what end, in answer to what: what a clause tells of its event."""

from collections.abc import Sequence

from kgraph.extraction.coreference import Reading, Thing
from kgraph.extraction.dates import When, find_duration
from kgraph.extraction.law import Legal
from kgraph.extraction.sentences import Sentence
from kgraph.extraction.syntax import (
    PLACE_PREPOSITIONS,
    REPORTING,
    ancestors,
    children,
    main_verb,
    members,
    objects_behind,
    patients,
    phrase,
)
from kgraph.extraction.tokens import Token

#: Prepositions and conjunctions of an answer to an event; "amid" and "during" only tell the time.
_ANSWERING = {"after", "following", "over", "by", "since"}

#: Verbs by which one event leads to another.
_SPARKED = {"spark", "trigger", "prompt", "provoke", "cause", "motivate"}

#: Verbs that with "from" tell what an event answers.
_STEMMING = {"stem", "result", "arise"}

#: What a purpose hangs on: "in an effort to", "in order to".
_LONGEST_PURPOSE = 22


def token_at(sentence: Sentence, offset: int) -> Token:
    """The token that holds an offset of the passage."""
    tokens = sentence.doc
    return next((t for t in tokens if t.idx + len(t.text) > offset), tokens[-1])


def dates_of(
    sentence: Sentence, trigger: Token, dates: Sequence[When], triggers: frozenset[int]
) -> list[When]:
    """The dates that belong to a trigger: those that hang on it, else those of its clause."""
    close, wide = [], []
    for when in dates:
        token = token_at(sentence, when.start)
        above = _first_trigger(token, triggers)
        if above is not None and _dates_another_clause(token, sentence.doc[above]):
            continue
        if above == trigger.i:
            close.append(when)
        elif (above is None and _in_clause_of(token, trigger)) or (
            above is not None
            and _shares_clause(sentence.doc[above], trigger)
            and not (trigger.dep_ == "conj" and above < token.i < trigger.i)
        ):
            wide.append(when)
    return close or wide


def _dates_another_clause(date: Token, trigger: Token) -> bool:
    """Whether a clause stands between a date and a trigger: "a vote on the EU, which it joined in 1973"."""
    for above in ancestors(date):
        if above.i == trigger.i:
            return False
        if above.dep_ == "relcl" and above.head.i != trigger.i:
            return True
        if above.lower_ in _EARLIER and above.i != date.head.i:  # "ahead of the July 29 vote"
            return True
        if (
            above.dep_ in ("ccomp", "parataxis")
            and above.lemma_ in {*REPORTING, "tweet", "post"}
            and above.i > trigger.i
        ):
            return True  # "…, the agency reported on May 24"
    return False


#: Words between an act and the time of another, which comes after it.
_EARLIER = {"ahead", "before", "prior", "eve"}


def _first_trigger(token: Token, triggers: frozenset[int]) -> int | None:
    if token.i in triggers:
        return token.i
    return next((a.i for a in ancestors(token) if a.i in triggers), None)


def _in_clause_of(token: Token, trigger: Token) -> bool:
    """Whether a word hangs on the clause in which a trigger stands, without a reporting verb between."""
    clause = _clause_verbs(trigger)
    for above in (token, *ancestors(token)):
        if above.i in clause:
            return True
        if above.pos_ in ("VERB", "AUX") and above.lower_ not in ("starting", "beginning"):
            return False
    return False


#: Prepositions behind which an event is told beside the clause, not by it.
_ASIDE = {
    "during", "amid", "amidst", "after", "following", "before", "since", "despite", "over", "against", "with",
    "from", "by", "about", "as", "like", "until", "including",
}  # fmt: skip

#: Relations by which a noun hangs on the verb of its clause.
_WITHIN_A_CLAUSE = {
    "dobj", "nsubj", "nsubjpass", "attr", "pobj", "prep", "conj", "appos", "agent", "compound",
}  # fmt: skip


def _clause_verbs(trigger: Token) -> set[int]:
    """The trigger and the verbs above it that tell of the same act."""
    found = {trigger.i}
    current = trigger
    while current.head.i != current.i:
        dependency = current.dep_
        verbal = current.pos_ in ("VERB", "AUX")
        if verbal and dependency not in ("xcomp", "conj", "advcl", "pcomp", "acl"):
            break
        if dependency == "acl" and current.tag_ == "VBN":
            break  # "thousands mourned the men killed by police"
        if dependency in ("dobj", "nsubjpass", "pobj") and _speaks_of(current):
            break
        if dependency == "prep" and current.lower_ in _ASIDE:
            break
        if not verbal and dependency not in _WITHIN_A_CLAUSE:
            break
        current = current.head
        if current.pos_ in ("VERB", "AUX"):
            found.add(current.i)
    return found


#: Verbs whose object is an act that they speak of: it was done before.
_SPEAKING = {
    "denounce", "condemn", "criticize", "criticise", "decry", "deplore", "welcome", "praise", "defend",
    "mourn", "attend", "discuss", "debate", "document", "verify", "describe", "mention", "recall", "remember",
    "commemorate", "investigate", "acknowledge", "deny", "admit", "confirm", "protest",
}  # fmt: skip


def _speaks_of(noun: Token) -> bool:
    """Whether the verb over a noun only speaks of what it names: "denounced the blocking of X"."""
    while noun.dep_ in ("pobj", "prep") and noun.head.pos_ not in ("VERB", "AUX"):
        noun = noun.head
    return noun.dep_ in ("dobj", "nsubjpass") and noun.head.lemma_ in _SPEAKING


def _shares_clause(other: Token, trigger: Token) -> bool:
    """Whether the trigger on which a date hangs is coordinated with this one, or rules it."""
    return (
        trigger.dep_ in ("conj", "xcomp", "advcl", "dobj")
        and trigger.head.i == other.i
        and not _speaks_of(trigger)
        and other.pos_ in ("VERB", "AUX")
    )


def places_of(reading: Reading, sentence: Sentence, trigger: Token, triggers: frozenset[int]) -> list[Thing]:
    """The places where it happened: behind a preposition in its clause; in a caption, any place named."""
    found: list[Thing] = []
    for mention in reading.mentions[sentence.number]:
        if mention.kind not in ("Place", "Country") or mention.mechanism == "adjective":
            continue
        token = sentence.doc[mention.head]
        if not stands_as_place(token):
            continue
        above = next((a.i for a in ancestors(token) if a.i in triggers), None)
        if above == trigger.i or (above is None and _in_clause_of(token, trigger)):
            thing = reading.thing_at(sentence.number, mention.head)
            if thing is not None and thing not in found:
                found.append(thing)
    return found


#: Verbs by which an act rests on a law, or is told to answer its breach.
_RESTING = {"use", "invoke", "cite", "apply", "employ", "reference"}
#: Verbs of breaking a law.
_BREAKING = {"violate", "breach", "contravene", "break", "infringe"}


def legal_bases_of(legal: Legal, sentence: Sentence, trigger: Token, triggers: frozenset[int]) -> list[str]:
    """The laws that an act is done under: "under the Act", "used the law to", "for violating the code"."""
    found: dict[str, None] = {}
    for token in sentence.doc:
        law = legal.law_at(sentence.number, token.i)
        if law is None or not _is_basis(token):
            continue
        above = next((a.i for a in ancestors(token) if a.i in triggers), None)
        if above == trigger.i or (above is None and _in_clause_of(token, trigger)):
            found[law] = None
    return list(found)


def _is_basis(law: Token) -> bool:
    """Whether a law stands where the basis of an act does; "Article 5 of the Code" counts as the Code."""
    while law.dep_ in ("conj", "appos"):
        law = law.head
    if law.dep_ == "dobj":
        return _rests(law.head)
    if law.dep_ != "pobj":
        return False
    prep, above = law.head, law.head.head
    if prep.lower_ == "under":
        return True
    if prep.lower_ in ("of", "in") and above.lemma_.lower() in _PARTS_OF_LAWS:
        return (above.dep_ == "pobj" and above.head.lower_ == "under") or _rests(above.head)
    if prep.lower_ == "of" and above.lemma_ in ("violation", "breach", "contravention", "basis"):
        return True
    return above.lemma_ in ("accordance", "pursuant", "line") or (
        prep.lower_ == "to" and above.lower_ == "pursuant"
    )


def _rests(verb: Token) -> bool:
    """Whether an act rests on a verb's object: "cited the Act", "arrested for violating the Act"."""
    return verb.lemma_ in _RESTING or (verb.lemma_ in _BREAKING and verb.dep_ == "pcomp")


#: Nouns that with "of" stand for the law behind it.
_PARTS_OF_LAWS = {"article", "section", "provision", "paragraph", "clause", "chapter", "part"}


def stands_as_place(token: Token) -> bool:
    """Whether a word stands where the place of an act does: behind a preposition of place."""
    while token.dep_ in ("conj", "appos"):
        token = token.head
    if token.dep_ == "pobj" and token.head.lower_ == "of" and token.head.head.lemma_ in _PARTS_OF_PLACES:
        return stands_as_place(token.head.head)
    if token.dep_ == "pobj" and token.head.lower_ == "from" and token.head.head.pos_ not in ("VERB", "AUX"):
        return False  # "a woman from X": where she is from
    return token.dep_ == "pobj" and token.head.lower_ in PLACE_PREPOSITIONS


#: Nouns that with "of" stand for the place behind it: "the streets of X", "the city of X".
_PARTS_OF_PLACES = {
    "street", "city", "town", "village", "capital", "outskirt", "suburb", "centre", "center", "part", "area",
    "region", "province", "district", "port", "square", "neighbourhood", "neighborhood", "north", "south",
    "east", "west", "state", "governorate",
}  # fmt: skip


def duration_of(sentence: Sentence, trigger: Token) -> str:
    """How long it lasted: "nine-month strike", "for 30 hours"."""
    start = trigger.left_edge.i if trigger.pos_ in ("NOUN", "PROPN") else trigger.i
    words = sentence.doc[start : trigger.i + 1].text
    if found := find_duration(words):
        return found
    for prep in children(main_verb(trigger), "prep"):
        phrase_ = prep.doc[prep.left_edge.i : prep.right_edge.i + 1].text
        if prep.lower_ == "for" and (found := find_duration(phrase_)):
            return found
    return ""


def purposes_of(trigger: Token) -> list[str]:
    """The stated aims: "to promote …", "in an effort to …"."""
    found = []
    for verb in dict.fromkeys((trigger, main_verb(trigger), *_light_verb(trigger))):
        for clause in children(verb, "advcl", "xcomp", "relcl"):
            if (
                any(c.lower_ == "to" for c in children(clause, "aux"))
                and clause.dep_ == "advcl"
                and clause.i > verb.i
            ):
                found.append(_without_to(clause))
        for prep in children(verb, "prep"):
            for noun in children(prep, "pobj"):
                if noun.lemma_ in ("attempt", "effort", "bid", "order", "retaliation"):
                    found += [_without_to(c) for c in children(noun, "acl")]
                if noun.lemma_ == "retaliation":
                    found.append(phrase(noun))
    above = trigger.head
    if trigger.dep_ in ("nsubj", "nsubjpass"):
        tries = [c for t in children(above, "attr") if t.lemma_ in _TRYING for c in children(t, "acl")]
        meant = (
            children(above, "xcomp", "advcl") if above.lemma_ in ("aim", "intend", "mean", "design") else []
        )
        found += [_without_to(c) for c in (*tries, *meant) if c.tag_ == "VB"]
        found += [
            phrase(c) for p in children(above, "prep") if above.lemma_ == "aim" for c in children(p, "pcomp")
        ]
    return [words for words in dict.fromkeys(found) if 0 < len(words.split()) <= _LONGEST_PURPOSE]


#: Nouns for what is tried.
_TRYING = {"attempt", "effort", "bid", "measure", "move", "step", "way", "means", "tool"}


def _light_verb(trigger: Token) -> list[Token]:
    return [trigger.head] if trigger.dep_ in ("dobj", "nsubjpass") else []


def _without_to(clause: Token) -> str:
    words = (
        phrase(clause, without=frozenset({"conj", "cc"}))
        if len(list(clause.subtree)) > _LONGEST_PURPOSE
        else phrase(clause)
    )
    for start in ("in order to ", "so as to ", "ostensibly to ", "to "):
        words = words.removeprefix(start)
    return words


def answers_of(trigger: Token, triggers: frozenset[int]) -> list[int]:
    """The triggers in the sentence of what it answers: "following the coup", "sparked by the bill"."""
    found = []
    for verb in dict.fromkeys((trigger, main_verb(trigger), *_light_verb(trigger))):
        for prep in (
            c for c in verb.children if c.dep_ in ("prep", "advcl", "acl", "mark", "npadvmod", "advmod")
        ):
            found += _answered(prep, triggers)
        for npadv in children(verb, "npadvmod"):
            found += [i for p in children(npadv, "prep", "advmod") for i in _answered(p, triggers)]
    return [i for i in dict.fromkeys(found) if i != trigger.i]


def attended_by_targets(trigger: Token, triggers: frozenset[int]) -> list[int]:
    """Triggers of what those hit were doing: "arrested women who held a rally", "jailed for a march"."""
    whole = [c for t in patients(trigger) for m in members(t) for c in children(m, "relcl", "acl")]
    whole += [
        c
        for p in children(trigger, "prep")
        if p.lower_ in ("for", "at", "during")
        for c in children(p, "pcomp", "pobj")
    ]
    return [t.i for clause in whole for t in clause.subtree if t.i in triggers and t.i != trigger.i]


def _answered(prep: Token, triggers: frozenset[int]) -> list[int]:
    if prep.lower_ in _ANSWERING and prep.lower_ not in ("by", "since"):
        return [t.i for t in children(prep, "pobj", "pcomp", "dobj") if t.i in triggers]
    if prep.lemma_ in _SPARKED:
        return [
            t.i
            for t in [
                *objects_behind(prep, "by"),
                *(o for a in children(prep, "agent") for o in children(a, "pobj")),
            ]
            if t.i in triggers
        ]
    if prep.lemma_ in _STEMMING:
        return [t.i for t in objects_behind(prep, "from") if t.i in triggers]
    if prep.lower_ == "in":
        return [
            t.i
            for noun in children(prep, "pobj")
            if noun.lemma_ in ("response", "retaliation", "reaction", "wake", "aftermath")
            for t in objects_behind(noun, "to", "for", "of")
            if t.i in triggers
        ]
    if prep.pos_ == "VERB" and any(c.lower_ == "after" for c in children(prep, "mark")):
        return [prep.i] if prep.i in triggers else []
    return []


def during(trigger: Token, triggers: frozenset[int]) -> list[int]:
    """The triggers in the sentence of events at whose time it happened: "during the protests"."""
    found = []
    for verb in dict.fromkeys((trigger, main_verb(trigger), *_light_verb(trigger), *_report(trigger))):
        for prep in children(verb, "prep"):
            if prep.lower_ in ("during", "amid", "amidst", "in", "on"):
                found += [t.i for t in children(prep, "pobj") if t.i in triggers and t.i != trigger.i]
    return found


def _report(trigger: Token) -> list[Token]:
    return [a for a in ancestors(trigger) if a.pos_ == "VERB"][:2]
