"""On which grounds a power may be used, and what a law forbids."""

from kgraph.extraction.law.methods import method_of
from kgraph.extraction.syntax import children, conjuncts, phrase
from kgraph.extraction.tokens import Token

#: Longest ground, in words.
LONGEST = 26

#: What a long wording leaves out: all but the first member of a list.
_LISTED = frozenset({"cc", "conj"})


def wording(ground: Token) -> str:
    """The words of a ground; of one that is too long, without what it lists."""
    return phrase(ground, without=_LISTED if len(list(ground.subtree)) > LONGEST else frozenset())


def what_is_forbidden(verb: Token, label_end: int) -> list[str]:
    """What a law forbids: its object, or what it prohibits someone *from* doing.

    :param label_end: token behind the paragraph's label, which the parse may take for a part of the sentence.
    """
    clauses = [c for p in children(verb, "prep") if p.lower_ == "from" for c in children(p, "pcomp", "pobj")]
    objects = clauses or [t for t in children(verb, "dobj", "ccomp", "xcomp") if t.i > verb.i]
    objects = objects or children(verb, "nsubjpass")
    return [wording(t) for t in objects if t.i >= label_end]


def grounds_of(acts: list[Token]) -> list[str]:
    """When a power may be used: "if it threatens …", "for …", "on the grounds of …"; one for each member."""
    return [
        ground
        for act in acts
        for ground in (*_conditions(act), *_told_of_targets(act), *_purposes(act), *_reasons(act))
    ]


def _conditions(act: Token) -> list[str]:
    """ "If it threatens security", "when ordered to"."""
    left_out = frozenset({"nsubj", "mark", "conj", "cc", "advmod"})
    return [
        phrase(condition, without=left_out)
        for clause in children(act, "advcl")
        if any(c.lower_ in ("if", "when", "where") for c in children(clause, "mark", "advmod"))
        for condition in (*conjuncts(clause), *_lost_conditions(act, clause))
    ]


def _lost_conditions(act: Token, clause: Token) -> list[Token]:
    """Members of a list of conditions that the parse has hung on the act: "can block if A, B and C"."""
    return [
        c
        for c in children(act, "conj")
        if c.i > clause.i and c.pos_ == "VERB" and not children(c, "aux") and not method_of(c)
    ]


def _told_of_targets(act: Token) -> list[str]:
    """ "Block sites that incite violence": what is told of those hit."""
    if method_of(act) not in ("ban", "blocking", "contentRemoval", "prosecution"):
        return []
    return [
        phrase(clause, without=frozenset({"nsubj", "nsubjpass", "mark", "aux"}))
        for hit in children(act, "dobj")
        for target in conjuncts(hit)
        for clause in children(target, "relcl", "acl")
        if not any(c.lower_ in ("not", "never") for c in clause.children)
    ]


def _purposes(act: Token) -> list[str]:
    """ "For insulting the president", behind the act or behind what it metes out."""
    objects = [member for t in children(act, "dobj") for member in conjuncts(t)]
    return [
        phrase(gerund, without=_LISTED)
        for token in (act, *objects)
        for prep in children(token, "prep")
        if prep.lower_ == "for"
        for gerund in children(prep, "pcomp")
    ]


def _reasons(act: Token) -> list[str]:
    """ "On the grounds of national security", "as a punishment for X", "for extremism"."""
    found = []
    for prep in children(act, "prep"):
        for noun in children(prep, "pobj") if prep.lower_ in ("for", "as", "on") else ():
            if noun.lemma_ in ("ground", "punishment", "basis", "pretext", "reason"):
                found += [
                    phrase(t)
                    for p in children(noun, "prep")
                    if p.lower_ in ("for", "of", "that")
                    for t in children(p, "pobj", "pcomp")
                ]
            elif noun.lemma_ == "benefit" or prep.lower_ == "for":
                found.append(phrase(noun))
    return found
