"""What a law lets whom do: by the law as the subject, by a modal verb, by a court's order."""

import re
from dataclasses import replace

from kgraph.extraction.coreference import Reading
from kgraph.extraction.events.arguments import actors
from kgraph.extraction.law.grounds import grounds_of, what_is_forbidden, wording
from kgraph.extraction.law.laws import Law, law_meant, named_basis
from kgraph.extraction.law.methods import HANDING, acts_under, method_of, methods_of, methods_of_nouns
from kgraph.extraction.law.power import Power, power_told
from kgraph.extraction.lexicon import read_words
from kgraph.extraction.sentences import Sentence
from kgraph.extraction.syntax import (
    agents_by,
    children,
    conjuncts,
    is_passive,
    objects_behind,
    phrase,
    subjects,
)
from kgraph.extraction.tokens import Token


def power_of_law(reading: Reading, sentence: Sentence, verb: Token, laws: dict[str, Law]) -> Power | None:
    """What a law as the subject does: it prohibits, makes an offence, allows, gives the power."""
    law = next((iri for s in _law_subjects(verb) if (iri := law_meant(reading, sentence, s, laws))), None)
    if law is None and verb.lemma_.lower() in ("authorize", "authorise", "empower", "entitle"):
        return _granted(reading, sentence, verb, _first_law(reading, sentence, verb, laws))
    infinitive = any(c.lower_ == "to" for c in children(verb, "aux"))
    if law is None or children(verb, "neg") or infinitive:
        return None
    lemma = verb.lemma_.lower()
    words = read_words("law")
    if lemma == "restrict" and any(c.lower_ in words["modals"] for c in children(verb, "aux")):
        return None
    if lemma in words["prohibits"]:
        return power_told(
            reading, sentence, verb, law, (), ("ban",), what_is_forbidden(verb, sentence.label_end)
        )
    if lemma in words["criminalizes"] and (
        lemma.startswith("criminal") or "prison" in verb.doc.text or "fine" in verb.doc.text
    ):
        return power_told(
            reading, sentence, verb, law, (), ("prosecution",), what_is_forbidden(verb, sentence.label_end)
        )
    provided = _by_what_it_provides(reading, sentence, verb, law) if lemma in words["provides"] else None
    if provided is not None:
        return provided
    if lemma in words["grants"] or _power_noun(verb) is not None or lemma in words["requires"]:
        return _granted(reading, sentence, verb, law)
    return None


def _by_what_it_provides(reading: Reading, sentence: Sentence, verb: Token, law: str) -> Power | None:
    """ "Provides for imprisonment for X", "carries a fine for X", "contains a prohibition on X"."""
    words = read_words("law")
    provided = [c for t in (*children(verb, "dobj"), *objects_behind(verb, "for")) for c in conjuncts(t)]
    if any(t.lemma_.lower() in words["punishments"] for t in provided):
        offences = [
            t
            for n in (verb, *provided, *(i for p in provided for i in objects_behind(p, "of")))
            for prep in children(n, "prep")
            if prep.lower_ in ("for", "against", "on")
            for t in children(prep, "pobj", "pcomp")
            if t not in provided
        ]
        grounds = [wording(t) for t in offences]
        return power_told(reading, sentence, verb, law, (), ("prosecution",), grounds)
    banned = [
        t
        for n in provided
        if n.lemma_ in ("prohibition", "ban")
        for t in objects_behind(n, "on", "of", "against")
    ]
    if banned:
        return power_told(reading, sentence, verb, law, (), ("ban",), [phrase(t) for t in banned])
    return None


def _first_law(reading: Reading, sentence: Sentence, verb: Token, laws: dict[str, Law]) -> str | None:
    """The law that stands before a verb whose subject the parse has lost in a long sentence."""
    return next((iri for t in sentence.doc[: verb.i] if (iri := law_meant(reading, sentence, t, laws))), None)


def _law_subjects(verb: Token) -> list[Token]:
    """The nouns that may be the law which does what a verb tells, or which has it as a part."""
    found = [c for s in subjects(verb) for c in conjuncts(s)]
    if is_passive(verb):
        found += agents_by(verb)
    if verb.dep_ == "relcl" or (verb.dep_ == "acl" and verb.tag_ == "VBG"):
        found.append(verb.head)
    found += [t for s in found if s.lemma_ in _PARTS and s.dep_ == "dobj" for t in subjects(s.head)]
    return [*found, *(t for s in found for t in objects_behind(s, "of", "in"))]


#: Parts of laws, which do what the law does.
_PARTS = {"provision", "article", "section", "clause", "measure", "amendment"}


def _power_noun(verb: Token) -> Token | None:
    """ "Gives X the power to block": the noun of the power."""
    return next((t for t in children(verb, "dobj") if t.lemma_ in read_words("law")["powers"]), None)


def _granted(reading: Reading, sentence: Sentence, verb: Token, law: str | None) -> Power | None:
    """ "Allows the ministry to block sites", "requires providers to hand over data to the police"."""
    noun = _power_noun(verb)
    clauses = [
        *children(verb, "xcomp", "ccomp", "advcl"),
        *(children(noun, "acl") if noun is not None else []),
    ]
    acts = [a for c in clauses for a in acts_under(c)]
    methods = methods_of(acts) or methods_of_nouns(verb, noun)
    if not methods:
        return _duty_to_register(reading, sentence, verb, law, acts)
    holders = actors(
        reading,
        sentence,
        [*children(verb, "dative"), *(t for t in children(verb, "dobj") if noun is None or t.i != noun.i)],
    )
    if verb.lemma_.lower() in read_words("law")["requires"]:
        # who must hand over holds no power; who gets it does
        watching = [a for a in acts if method_of(a) == "surveillance" and a.lemma_ in HANDING]
        given = [t for a in watching for t in (*children(a, "dative"), *objects_behind(a, "to"))]
        given += [t for a in watching for t in children(a, "dobj") if objects_behind(a, "with")]
        holders = actors(reading, sentence, given)
    else:
        holders = holders or actors(reading, sentence, [s for c in clauses for s in children(c, "nsubj")])
    return power_told(reading, sentence, verb, law, holders, methods, grounds_of(acts), acts)


#: What someone must get before they may publish, broadcast or connect.
_PERMITS = {
    "license", "licence", "permit", "registration", "permission", "approval", "accreditation",
    "authorization",
}  # fmt: skip

#: Verbs of getting them.
_OBTAINING = {"obtain", "get", "acquire", "hold", "have", "seek", "apply", "receive"}


def _duty_to_register(
    reading: Reading, sentence: Sentence, verb: Token, law: str | None, acts: list[Token]
) -> Power | None:
    """ "Requires outlets to obtain a licence": a power of registration, held by whom the text names."""
    if verb.lemma_.lower() not in read_words("law")["requires"]:
        return None
    obtaining = [a for a in acts if a.lemma_ in _OBTAINING]
    permits = [
        t
        for a in obtaining
        for t in (*children(a, "dobj"), *objects_behind(a, "for"))
        if t.lemma_.lower() in _PERMITS
    ]
    if not permits:
        return None
    givers = [t for n in (*permits, *obtaining) for t in objects_behind(n, "from", "by", "of", "with")]
    holders = actors(reading, sentence, givers)
    return power_told(reading, sentence, verb, law, holders, ("registration",), [], acts)


def power_by_modal(reading: Reading, sentence: Sentence, verb: Token, laws: dict[str, Law]) -> Power | None:
    """ "The prosecutor's office can block any domain", "authorities could revoke registration"."""
    if (power := _with_court_order(reading, sentence, verb, laws)) is not None:
        return power
    if not any(c.lower_ in read_words("law")["modals"] for c in children(verb, "aux")) or children(
        verb, "neg"
    ):
        return None
    holders = actors(reading, sentence, subjects(verb) if not is_passive(verb) else agents_by(verb))
    if is_passive(verb) and not holders and method_of(verb) == "prosecution":
        offences = [
            t for p in children(verb, "prep") if p.lower_ == "for" for t in children(p, "pobj", "pcomp")
        ]
        law = named_basis(reading, sentence, laws)
        grounds = [phrase(t) for t in offences]
        return power_told(reading, sentence, verb, law, (), ("prosecution",), grounds) if grounds else None
    bodies = tuple(h for h in holders if reading.things[h].kind in ("StateBody", "SecurityForce"))
    acts = [a for a in conjuncts(verb) if a.pos_ == "VERB"]
    methods = methods_of(acts)
    if not bodies or not methods:
        return None
    law = named_basis(reading, sentence, laws)
    return power_told(reading, sentence, verb, law, bodies, methods, grounds_of(acts), acts)


#: What tells that the order or approval is a court's.
_WITH_COURT_NOUN = re.compile(
    r"\b(?:court|judicial|judge['’]s?)\b[\w ]* (?:order|warrant|approval|authori[sz]ation)|\bwarrant", re.I
)


def _with_court_order(
    reading: Reading, sentence: Sentence, verb: Token, laws: dict[str, Law]
) -> Power | None:
    """ "Authorities must obtain a court order to block a site": a power that needs one."""
    must = any(c.lower_ in ("must", "shall") for c in children(verb, "aux"))
    must = must or verb.lemma_ in ("require", "need")
    needed = ("order", "warrant", "approval", "authorization")
    orders = [t for t in children(verb, "dobj") if t.lemma_ in needed]
    if not must or not orders or not _WITH_COURT_NOUN.search(sentence.passage.text):
        return None
    clauses = [*children(verb, "xcomp", "advcl"), *(c for t in orders for c in children(t, "acl"))]
    acts = [a for c in clauses for a in conjuncts(c) if a.pos_ == "VERB"]
    methods = methods_of(acts)
    holders = actors(reading, sentence, subjects(verb))
    if not methods or not holders:
        return None
    law = named_basis(reading, sentence, laws)
    return replace(power_told(reading, sentence, verb, law, holders, methods, [], acts), court_order=True)
