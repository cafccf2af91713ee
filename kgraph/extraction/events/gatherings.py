"""Protests: who takes part, against what, with which demands, on which platforms."""

from kgraph.extraction.classes import is_a
from kgraph.extraction.coreference import Reading
from kgraph.extraction.events.arguments import LIGHT_VERBS, arguments_at
from kgraph.extraction.events.frame import Frame
from kgraph.extraction.events.triggers import Found
from kgraph.extraction.sentences import Sentence
from kgraph.extraction.syntax import (
    agents_by,
    children,
    conjuncts,
    examples,
    main_verb,
    objects_behind,
    phrase,
    subjects,
)
from kgraph.extraction.tokens import Token

#: People at a protest who are just that (gold rule 19).
_BARE = {
    "protester", "protestor", "demonstrator", "marcher", "participant", "crowd", "striker", "rioter",
    "thousand", "hundred", "people",
}  # fmt: skip

#: Those of them who may be anybody.
_ANYBODY = {"thousand", "hundred", "people", "crowd", "participant"}

#: Words that tell of another protest than the one told before.
_ANOTHER = {
    "earlier", "previous", "another", "separate", "subsequent", "similar", "further", "other", "later",
}  # fmt: skip

#: Longest grievance, in words.
_LONGEST = 14


def read_gathering(reading: Reading, sentence: Sentence, found: Found) -> Frame | None:
    """The protest that a trigger tells of."""
    kind = next((g.bare for g in found.groups if is_a(g.bare, "Protest")), "")
    token = found.token
    if not kind or (found.part == "noun" and _is_other_sense(token)):
        return None
    if found.part == "verb" and token.lemma_ in ("demonstrate", "rally") and children(token, "dobj", "ccomp"):
        return None  # "a report demonstrating that", "rallied support"
    if found.part == "verb" and token.lemma_ == "rally" and objects_behind(token, "behind", "around"):
        return None
    if found.part == "verb" and _is_done_by_a_force(reading, sentence, token):
        return None  # "soldiers blocked roads"
    participants = _participants(reading, sentence, found)
    phrases = [("grievance", words) for words in _grievances(found)]
    phrases += [("demand", words) for words in _demands(found)]
    return Frame(
        kind,
        sentence.number,
        token.i,
        mechanism=f"protest {found.part}",
        nominal=found.part == "noun",
        definite=any(c.lower_ in ("the", "these", "this", "those", "their") for c in token.children),
        distinct=any(c.lower_ in _ANOTHER for c in token.children),
        wave=found.part == "noun"
        and (token.tag_ in ("NNS", "NNPS") or token.lemma_ in ("unrest", "movement")),
        links=tuple(("participant", iri) for iri in participants),
        phrases=tuple(phrases),
    )


def read_use(reading: Reading, sentence: Sentence, token: Token) -> Frame | None:
    """ "Participants used X to mobilise": a protest told by those who take part, and what they use."""
    if token.pos_ != "VERB" or token.lemma_ not in ("use", "employ"):
        return None
    if not any(_is_bare(t.text) and t.lemma_.lower() not in _ANYBODY for t in subjects(token)):
        return None
    used = [
        a.thing.iri
        for a in arguments_at(reading, sentence, children(token, "dobj"))
        if a.thing and a.thing.kind == "Platform"
    ]
    if not used:
        return None
    return Frame(
        "Protest", sentence.number, token.i, mechanism="protest use", definite=True,
        links=tuple(("usedPlatform", iri) for iri in used),
    )  # fmt: skip


def read_demands(sentence: Sentence, token: Token) -> Frame | None:
    """ "Protesters demanded X", "their demands expanded to X and Y": a protest told by what it asks for."""
    words: list[str] = []
    if token.pos_ == "VERB" and token.lemma_ in (*_ASKING, "want"):
        if any(_is_bare(t.text) or t.lemma_ in _SIGNS for t in subjects(token)):
            words = asked_by(token)
    elif (
        token.lemma_ == "demand"
        and token.pos_ == "NOUN"
        and any(_is_bare(t.text) for t in children(token, "poss"))
    ):
        verb = token.head
        asked = [
            *objects_behind(verb, "to"),
            *children(verb, "attr"),
            *(t for t in objects_behind(token, "for")),
        ]
        words = [phrase(t, without=frozenset({"conj", "cc"})) for first in asked for t in conjuncts(first)]
    if not words:
        return None
    return Frame(
        "Protest", sentence.number, token.i, mechanism="protest demand", definite=True,
        phrases=tuple(("demand", w) for w in words if len(w.split()) <= _LONGEST),
    )  # fmt: skip


#: Verbs of asking to the preposition before what is asked for; "" for their object.
_ASKING = {
    "demand": "", "call": "for", "push": "for", "press": "for", "seek": "", "urge": "", "ask": "",
    "request": "",
}  # fmt: skip


def _demands(found: Found) -> list[str]:
    """What a protest asks for, told in its clause: "marched to demand X", "a rally calling for Y"."""
    token = found.token
    clauses = children(token, "advcl", "acl", "xcomp", "conj")
    if found.part == "noun":
        clauses += children(token.head, "advcl") if token.dep_ in ("dobj", "pobj", "nsubj") else []
    return [
        words
        for clause in clauses
        if clause.pos_ == "VERB" and clause.lemma_ in _ASKING
        for words in asked_by(clause)
    ]


def asked_by(verb: Token) -> list[str]:
    """What a verb of asking asks for, each member of a list for itself: "asking them to revoke X"."""
    clauses = [c for c in children(verb, "xcomp", "ccomp", "advcl") if c.tag_ in ("VB", "VBN")]
    if clauses and verb.lemma_ in ("ask", "urge", "want", "call", "request", "press", "demand"):
        return [
            phrase(c, without=frozenset({"aux", "nsubj", "mark"}))
            for c in clauses
            if len(list(c.subtree)) <= _LONGEST
        ]
    behind = _ASKING.get(verb.lemma_, "")
    asked = objects_behind(verb, behind or "for") or (children(verb, "dobj") if not behind else [])
    words = [phrase(t, without=frozenset({"conj", "cc"})) for first in asked for t in conjuncts(first)]
    return [w for w in words if 0 < len(w.split()) <= _LONGEST]


#: What protesters carry and chant says what they ask for.
_SIGNS = {"placard", "sign", "banner", "poster", "slogan"}

#: What people do at a protest.
_GATHERING = {"gather", "converge", "assemble", "congregate", "walk", "march", "chant", "camp"}


def read_crowd(sentence: Sentence, token: Token) -> Frame | None:
    """ "Demonstrators gathered in X": a protest told by those who come."""
    if token.pos_ != "VERB" or token.lemma_ not in _GATHERING:
        return None
    if not any(_is_bare(t.text) for t in subjects(token)):
        return None
    return Frame("Protest", sentence.number, token.i, mechanism="protest crowd", definite=True)


def _is_other_sense(token: Token) -> bool:
    """ "Air strike", "strike on a target", a month of March, a "block"."""
    words = {c.lower_ for c in token.children}
    if (
        token.lemma_.lower() == "protest"
        and token.dep_ == "dobj"
        and token.head.lemma_ in ("draw", "lodge", "file")
    ):
        return True  # of those who say that they do not like it
    if token.lemma_.lower() == "strike":
        return bool(words & {"air", "drone", "missile", "military", "preemptive"}) or bool(
            objects_behind(token, "on")
        )
    if token.lower_ == "march":
        return (
            token.text == "March" and any(c.pos_ == "NUM" for c in token.children)
        ) or token.ent_type_ == "DATE"
    return False


def _is_done_by_a_force(reading: Reading, sentence: Sentence, verb: Token) -> bool:
    named = [a.thing for a in arguments_at(reading, sentence, subjects(verb)) if a.thing]
    return bool(named) and all(is_a(thing.kind, "StateBody") for thing in named)


#: Verbs and nouns for those who are at a protest.
_ATTENDING = {"speak", "appear", "participate", "march", "come", "turn", "speaker", "attendee", "participant"}


def _participants(reading: Reading, sentence: Sentence, found: Found) -> list[str]:
    token = found.token
    if found.part == "verb":
        named = subjects(token)
    else:
        named = [
            *agents_by(token),
            *children(token, "poss", "compound", "nmod"),
            *objects_behind(token, "of", "involving"),
        ]
        if token.dep_ == "dobj" and token.head.lemma_ in LIGHT_VERBS:
            named += subjects(main_verb(token.head))
        if token.dep_ == "pobj" and token.head.lower_ in ("at", "in", "to"):
            above = token.head.head
            named += subjects(above) if above.lemma_ in _ATTENDING and above.pos_ == "VERB" else []
            named += examples(above) if above.lemma_ in _ATTENDING and above.pos_ == "NOUN" else []
    return [
        a.thing.iri
        for a in arguments_at(reading, sentence, named)
        if a.thing
        and is_a(a.thing.kind, "Actor")
        and not is_a(a.thing.kind, "StateBody")
        and not _is_bare(a.thing.names[0])
    ]


def _is_bare(name: str) -> bool:
    return name.lower().split()[-1].rstrip("s") in _BARE and len(name.split()) < 3


def _grievances(found: Found) -> list[str]:
    """What it is against: "protests against X", "to protest X", "anti-X march"."""
    token = found.token
    against = objects_behind(token, "against", "over")
    if found.part == "verb" and token.lemma_ == "protest":
        against += children(token, "dobj")
    for clause in (
        children(token, "advcl", "acl")
        if found.part == "verb"
        else [*children(token, "acl"), *children(token.head, "advcl")]
    ):
        if clause.lemma_ == "protest":
            against += children(clause, "dobj")
    said = [phrase(t) for t in against]
    if not said:
        said = [rest] if (rest := _anti(token.doc[token.left_edge.i : token.i].text)) else []
    return [words for words in said if 0 < len(words.split()) <= _LONGEST]


def _anti(modifiers: str) -> str:
    for word in modifiers.split():
        if word.lower().startswith("anti-") and word.lower() not in ("anti-government", "anti-regime"):
            return word[5:]
    return ""
