"""On which grounds a power may be used, and what a law forbids."""

from kgraph.extraction.law.methods import method_of
from kgraph.extraction.syntax import children, conjuncts, phrase
from kgraph.extraction.tokens import Token

#: Longest ground, in words.
LONGEST = 26

#: What a long wording leaves out.
LONG = frozenset({"cc", "conj"})


def what_is_forbidden(verb: Token) -> list[str]:
    """What a law forbids: its object, or what it prohibits someone *from* doing."""
    clauses = [c for p in children(verb, "prep") if p.lower_ == "from" for c in children(p, "pcomp", "pobj")]
    objects = clauses or [t for t in children(verb, "dobj", "ccomp", "xcomp") if t.i > verb.i]
    objects = objects or children(verb, "nsubjpass")
    return [
        phrase(t, without=frozenset({"cc", "conj"}) if len(list(t.subtree)) > LONGEST else frozenset())
        for t in objects
    ]


def grounds_of(acts: list[Token]) -> list[str]:
    """When a power may be used: "if it threatens …", "for …", "on the grounds of …"; one for each member."""
    found = []
    for act in acts:
        for clause in children(act, "advcl"):
            if any(c.lower_ in ("if", "when", "where") for c in children(clause, "mark", "advmod")):
                found += [
                    phrase(c, without=frozenset({"nsubj", "mark", "conj", "cc", "advmod"}))
                    for c in [*conjuncts(clause), *_lost_grounds(act, clause)]
                ]
        if method_of(act) in ("ban", "blocking", "contentRemoval", "prosecution"):
            found += [
                phrase(clause, without=frozenset({"nsubj", "nsubjpass", "mark", "aux"}))
                for target in (t for o in children(act, "dobj") for t in conjuncts(o))
                for clause in children(target, "relcl", "acl")
                if not any(c.lower_ in ("not", "never") for c in clause.children)
            ]
        punished = [p for t in children(act, "dobj") for m in conjuncts(t) for p in children(m, "prep")]
        for prep in (p for p in (*children(act, "prep"), *punished) if p.lower_ == "for"):
            found += [phrase(t, without=LONG) for g in children(prep, "pcomp") for t in (g,)]
        for prep in children(act, "prep"):
            if prep.lower_ in ("for", "as", "on"):
                for noun in children(prep, "pobj"):
                    inner = [
                        t
                        for p in children(noun, "prep")
                        if p.lower_ in ("for", "of", "that")
                        for t in children(p, "pobj", "pcomp")
                    ]
                    if noun.lemma_ in ("ground", "punishment", "basis", "benefit", "pretext", "reason"):
                        found += [phrase(t) for t in inner] if noun.lemma_ != "benefit" else [phrase(noun)]
                    elif prep.lower_ == "for":
                        found.append(phrase(noun))
    return found


def _lost_grounds(act: Token, clause: Token) -> list[Token]:
    """Members of a list of conditions that the parse has hung on the act: "can block if A, B and C"."""
    return [
        c
        for c in children(act, "conj")
        if c.i > clause.i and c.pos_ == "VERB" and not children(c, "aux") and not method_of(c)
    ]
