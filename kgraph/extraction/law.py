"""Laws and what they let whom do: by name, year and article, or "the law" of the country (gold rule 20)."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from kgraph.extraction.classes import ACTING, is_any
from kgraph.extraction.coreference import Reading
from kgraph.extraction.dates import date_literal
from kgraph.extraction.events.arguments import actors
from kgraph.extraction.facts import Fact, boolean, concept, term
from kgraph.extraction.lexicon import read_words
from kgraph.extraction.sentences import Sentence
from kgraph.extraction.stretches import Carry
from kgraph.extraction.syntax import (
    CONTROL,
    agents_by,
    ancestors,
    children,
    conjuncts,
    is_passive,
    objects_behind,
    phrase,
    shared_objects,
    subjects,
)
from kgraph.iris import unnamed
from kgraph.namespaces import RDF
from kgraph.records import Literal

if TYPE_CHECKING:
    from kgraph.extraction.tokens import Token

#: Longest ground, in words.
_LONGEST = 26

_WITHOUT_COURT = re.compile(
    r"\bwithout (?:(?:a|any|the|prior|requiring|obtaining|need for|need of|having) )*"
    r"(?:court|judicial|warrant|judge)",
    re.I,
)
_WITH_COURT = re.compile(
    r"\b(?:with|by|upon|requires?|under) (?:a |an |prior )?(?:court|judicial)(?:['’]s)? "
    r"(?:order|approval|warrant|decision|authori[sz]ation)",
    re.I,
)


#: A year behind a law's name: "Act of 2018", "Act, 2018", "Act (2018".
_YEAR_BEHIND = re.compile(r"(?:of |, ?|\()?((?:19|20)\d\d)\b")


@dataclass(frozen=True, slots=True)
class Law:
    """One law that a document speaks of.

    :param sentences: numbers of the sentences that name it.
    """

    iri: str
    name: str
    year: str
    sentences: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Power:
    """One power that a sentence tells of."""

    iri: str
    sentence: int
    law: str | None
    holders: tuple[str, ...]
    methods: tuple[str, ...]
    grounds: tuple[str, ...]
    court_order: bool | None
    triggers: frozenset[int] = field(default_factory=frozenset)


@dataclass(frozen=True, slots=True)
class Legal:
    """The legal part of a document."""

    laws: tuple[Law, ...]
    powers: tuple[Power, ...]
    by_token: Mapping[tuple[int, int], str]

    def law_at(self, sentence: int, token: int) -> str | None:
        """The address of the law that a token stands for, by its name or by a noun."""
        return self.by_token.get((sentence, token))

    @property
    def triggers(self) -> frozenset[tuple[int, int]]:
        """Tokens that tell what a law lets someone do: no events."""
        return frozenset((p.sentence, t) for p in self.powers for t in p.triggers)


@lru_cache(maxsize=1)
def _words() -> dict[str, Any]:
    return dict(read_words("law"))


#: Number of the sentence of what an earlier stretch told: none here is near it.
_LONG_AGO = -1_000_000


def read_law(reading: Reading, carry: Carry | None = None) -> Legal:
    """The laws that a document names by common nouns, and all powers; proper names are things already.

    :param carry: what is known from the document's earlier stretches; added to.
    """
    carry = carry or Carry()
    laws = {noun: Law(*told, (_LONG_AGO,)) for noun, told in carry.laws.items()}
    powers: list[Power] = []
    for sentence in reading.sentences:
        for token in sentence.doc:
            noun = _law_noun(reading, sentence, token)
            if noun:
                _remember(reading, sentence, token, noun, laws)
        powers += _powers(reading, sentence, laws)
    by_token = {
        (sentence.number, token.i): law
        for sentence in reading.sentences
        for token in sentence.doc
        if (law := _law_at(reading, sentence, token, laws))
    }
    carry.laws |= {noun: (law.iri, law.name, law.year) for noun, law in laws.items()}
    told_here = (replace(law, sentences=tuple(n for n in law.sentences if n >= 0)) for law in laws.values())
    return Legal(tuple(law for law in told_here if law.sentences), tuple(powers), by_token)


def _law_noun(reading: Reading, sentence: Sentence, token: "Token") -> str:
    """The name of a law told by a common noun, "" where the noun is of no law that is spoken of."""
    if token.lemma_.lower() not in _words()["nouns"] or token.pos_ not in ("NOUN", "PROPN"):
        return ""
    if any(m.proper and m.covers(token.i) for m in reading.mentions[sentence.number]):
        return ""
    if token.dep_ in ("compound", "nmod") or token.lemma_.lower() in (
        "order",
        "provision",
        "act",
        "code",
        "ruling",
        "directive",
    ):
        return ""
    definite = any(t.lower_ in ("the", "this", "its", "new") for t in token.lefts)
    modified = [
        t for t in token.lefts if t.dep_ in ("amod", "compound", "nmod", "nummod") and t.tag_ != "JJS"
    ]
    named_subject = token.dep_ in ("nsubj", "nsubjpass") and (definite or modified)
    named_subject = named_subject or (token.dep_ == "dobj" and token.head.lemma_ in _PASSING)
    year = any(re.fullmatch(r"(19|20)\d\d", t.text) for t in token.lefts)
    if not (
        named_subject
        or year
        or (definite and token.lemma_ in ("constitution", "law", "bill"))
        or _is_basis(token, modified)
    ):
        return ""
    if any(
        t.lower_ in ("illegal", "many", "some", "several", "criminal") and t.lower_ != "criminal"
        for t in token.lefts
    ):
        return ""
    first = min((t.left_edge.i for t in modified), default=token.i)
    return " ".join(sentence.words(first, token.i + 1).translate(_WITHOUT_QUOTES).split())


_WITHOUT_QUOTES = str.maketrans("", "", '"“”‘')

#: What is done to laws.
_PASSING = {
    "pass", "adopt", "enact", "implement", "introduce", "approve", "propose", "sign", "issue", "promulgate",
    "amend", "draft",
}  # fmt: skip


def _is_basis(token: "Token", modified: list["Token"]) -> bool:
    return (
        bool(modified)
        and token.dep_ == "pobj"
        and token.head.lower_ in ("under", "to", "with", "of")
        and token.lemma_ == "law"
    )


def _remember(reading: Reading, sentence: Sentence, token: "Token", name: str, laws: dict[str, Law]) -> None:
    key = _law_key(name)
    lemma = token.lemma_.lower()
    if key not in laws and lemma in ("bill", "constitution") and key == lemma:
        key = next((k for k in laws if k.endswith(lemma)), key)
    if key not in laws and key in _BARE_LAWS and (introduced := _introduced(laws, sentence.number)):
        key = introduced
    year = next((t.text for t in token.lefts if re.fullmatch(r"(19|20)\d\d", t.text)), "")
    known = laws.get(key)
    if known is not None:
        laws[key] = Law(
            known.iri,
            known.name,
            known.year or year,
            tuple(dict.fromkeys((*known.sentences, sentence.number))),
        )
        return
    iri = unnamed(reading.document.iri, sentence.offset(token), "law")
    laws[key] = Law(iri, name, year, (sentence.number,))


def _law_key(name: str) -> str:
    """A law's noun without what only says how it stands: "the proposed new bill"."""
    return re.sub(
        r"^(?:(?:new|the|current|proposed|draft|controversial|contentious|existing)\s+)+", "", name.lower()
    )


#: Nouns that take up a law that the text has introduced by a longer name.
_BARE_LAWS = {"law", "bill", "legislation", "measure", "act", "amendment", "decree"}

#: How many sentences back a bare noun reaches.
_REACH = 8


def _introduced(laws: Mapping[str, Law], sentence: int) -> str | None:
    """The key of the bill or draft that the text has told of lately: "a cybercrime bill … the law"."""
    fitting = [
        (law.sentences[-1], key)
        for key, law in laws.items()
        if key.split()[-1] in ("bill", "draft", "decree", "amendment", "legislation")
        and sentence - law.sentences[-1] <= _REACH
    ]
    return max(fitting)[1] if fitting else None


def _law_at(reading: Reading, sentence: Sentence, token: "Token", laws: dict[str, Law]) -> str | None:
    """The address of the law that a token stands for."""
    thing = reading.thing_at(sentence.number, token.i)
    if thing is not None and thing.kind == "Law":
        return thing.iri
    noun = _law_noun(reading, sentence, token)
    if not noun:
        return None
    key = _law_key(noun)
    law = laws.get(key)
    if law is None and key in _BARE_LAWS and (introduced := _introduced(laws, sentence.number)):
        law = laws[introduced]
    law = law or next((known for k, known in laws.items() if k.endswith(key)), None)
    return law.iri if law else None


def _powers(reading: Reading, sentence: Sentence, laws: dict[str, Law]) -> list[Power]:
    found = []
    for verb in sentence.doc:
        if verb.pos_ not in ("VERB", "AUX"):
            continue
        power = (
            _power_of_law(reading, sentence, verb, laws)
            or _power_by_modal(reading, sentence, verb, laws)
            or _offence(reading, sentence, verb, laws)
        )
        if power is not None:
            found.append(power)
    return found


def _power_of_law(reading: Reading, sentence: Sentence, verb: "Token", laws: dict[str, Law]) -> Power | None:
    """What a law as the subject does: it prohibits, makes an offence, allows, gives the power."""
    law = next((iri for s in _law_subjects(verb) if (iri := _law_at(reading, sentence, s, laws))), None)
    if law is None and verb.lemma_.lower() in ("authorize", "authorise", "empower", "entitle"):
        return _granted(reading, sentence, verb, _first_law(reading, sentence, verb, laws))
    infinitive = any(c.lower_ == "to" for c in children(verb, "aux"))
    if law is None or children(verb, "neg") or infinitive:
        return None
    lemma = verb.lemma_.lower()
    words = _words()
    if lemma == "restrict" and any(c.lower_ in words["modals"] for c in children(verb, "aux")):
        return None
    if lemma in words["prohibits"]:
        return _power(reading, sentence, verb, law, (), ("ban",), _forbidden(verb))
    if lemma in words["criminalizes"] and (
        lemma.startswith("criminal") or "prison" in verb.doc.text or "fine" in verb.doc.text
    ):
        return _power(reading, sentence, verb, law, (), ("prosecution",), _forbidden(verb))
    if (
        lemma in words["provides"]
        and (power := _by_what_it_provides(reading, sentence, verb, law)) is not None
    ):
        return power
    if lemma in words["grants"] or _power_noun(verb) is not None or lemma in words["requires"]:
        return _granted(reading, sentence, verb, law)
    return None


def _by_what_it_provides(reading: Reading, sentence: Sentence, verb: "Token", law: str) -> Power | None:
    """ "Provides for imprisonment for X", "carries a fine for X", "contains a prohibition on X"."""
    words = _words()
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
        grounds = [
            phrase(t, without=_LONG if len(list(t.subtree)) > _LONGEST else frozenset()) for t in offences
        ]
        return _power(reading, sentence, verb, law, (), ("prosecution",), grounds)
    banned = [
        t
        for n in provided
        if n.lemma_ in ("prohibition", "ban")
        for t in objects_behind(n, "on", "of", "against")
    ]
    if banned:
        return _power(reading, sentence, verb, law, (), ("ban",), [phrase(t) for t in banned])
    return None


#: What a long wording leaves out.
_LONG = frozenset({"cc", "conj"})


def _first_law(reading: Reading, sentence: Sentence, verb: "Token", laws: dict[str, Law]) -> str | None:
    """The law that stands before a verb whose subject the parse has lost in a long sentence."""
    return next((iri for t in sentence.doc[: verb.i] if (iri := _law_at(reading, sentence, t, laws))), None)


def _law_subjects(verb: "Token") -> list["Token"]:
    found = [c for s in subjects(verb) for c in conjuncts(s)]
    if is_passive(verb):
        found += agents_by(verb)
    if verb.dep_ == "relcl":
        found.append(verb.head)
    if verb.dep_ == "acl" and verb.tag_ == "VBG":
        found.append(verb.head)
    found += [t for s in found if s.lemma_ in _PARTS and s.dep_ == "dobj" for t in subjects(s.head)]
    return [*found, *(t for s in found for t in objects_behind(s, "of", "in"))]


#: Parts of laws, which do what the law does.
_PARTS = {"provision", "article", "section", "clause", "measure", "amendment"}


def _power_noun(verb: "Token") -> "Token | None":
    """ "Gives X the power to block": the noun of the power."""
    return next((t for t in children(verb, "dobj") if t.lemma_ in _words()["powers"]), None)


def _granted(reading: Reading, sentence: Sentence, verb: "Token", law: str | None) -> Power | None:
    noun = _power_noun(verb)
    clauses = [
        *children(verb, "xcomp", "ccomp", "advcl"),
        *(children(noun, "acl") if noun is not None else []),
    ]
    acts = [a for c in clauses for a in _acts_under(c)]
    methods = tuple(dict.fromkeys(m for a in acts if (m := _method(a)))) or _methods_of_nouns(verb, noun)
    if not methods:
        return _duty_to_register(reading, sentence, verb, law, acts)
    holders = actors(
        reading,
        sentence,
        [*children(verb, "dative"), *(t for t in children(verb, "dobj") if noun is None or t.i != noun.i)],
    )
    watching = [a for a in acts if _method(a) == "surveillance" and a.lemma_ in _HANDING]
    if verb.lemma_.lower() in _words()["requires"]:  # who must hand over holds no power; who gets it does
        given = [t for a in watching for t in (*children(a, "dative"), *objects_behind(a, "to"))]
        given += [t for a in watching for t in children(a, "dobj") if objects_behind(a, "with")]
        holders = actors(reading, sentence, given)
    else:
        holders = holders or actors(reading, sentence, [s for c in clauses for s in children(c, "nsubj")])
    return _power(
        reading, sentence, verb, law, holders, methods, _grounds(acts), frozenset(a.i for a in acts)
    )


def _methods_of_nouns(verb: "Token", power: "Token | None") -> tuple[str, ...]:
    """ "Allows the interception of calls", "requires the licensing of outlets", "the power of censorship"."""
    nouns = [c for t in children(verb, "dobj") for c in conjuncts(t)]
    if power is not None:
        nouns = objects_behind(power, "of", "for")
    return tuple(dict.fromkeys(m for t in nouns if (m := _words()["method_nouns"].get(t.lemma_.lower()))))


#: Verbs that leave it to their object to say what is done: "order the removal of content".
_BRINGING = {
    "order", "request", "demand", "impose", "conduct", "carry", "make", "direct", "have", "gain", "get",
    "obtain", "allow", "permit", "require", "authorize", "seek", "undertake", "enforce",
}  # fmt: skip

#: What someone must get before they may publish, broadcast or connect.
_PERMITS = {
    "license",
    "licence",
    "permit",
    "registration",
    "permission",
    "approval",
    "accreditation",
    "authorization",
}


def _duty_to_register(
    reading: Reading, sentence: Sentence, verb: "Token", law: str | None, acts: list["Token"]
) -> Power | None:
    """ "Requires outlets to obtain a licence": a power of registration, held by whom the text names."""
    if verb.lemma_.lower() not in _words()["requires"]:
        return None
    obtaining = [
        a
        for a in acts
        if a.lemma_ in ("obtain", "get", "acquire", "hold", "have", "seek", "apply", "receive")
    ]
    permits = [
        t
        for a in obtaining
        for t in (*children(a, "dobj"), *objects_behind(a, "for"))
        if t.lemma_.lower() in _PERMITS
    ]
    if not permits:
        return None
    givers = [t for n in (*permits, *obtaining) for t in objects_behind(n, "from", "by", "of", "with")]
    return _power(
        reading, sentence, verb, law, actors(reading, sentence, givers), ("registration",), [],
        frozenset(a.i for a in acts),
    )  # fmt: skip


#: Verbs of handing over.
_HANDING = {"hand", "provide", "disclose", "give", "turn", "share", "surrender", "supply", "submit", "grant"}

#: What is handed over to those who watch.
_DATA = {
    "datum",
    "data",
    "information",
    "record",
    "metadata",
    "log",
    "key",
    "content",
    "communication",
    "identity",
}


def _acts_under(clause: "Token") -> list["Token"]:
    """The acts that a clause lists; of "to order providers to hand over data", what they shall do."""
    acts = [a for a in conjuncts(clause) if a.pos_ in ("VERB", "AUX")]
    ordered = [c for a in acts if a.lemma_ in CONTROL for c in children(a, "xcomp", "ccomp", "advcl")]
    return [*acts, *(a for c in ordered for a in conjuncts(c) if a.pos_ == "VERB")]


def _method(act: "Token") -> str:
    """The concept of what an act of a power is: "block" is blocking, "take down" removes content."""
    lemma = act.lemma_.lower()
    methods: dict[str, str] = _words()["methods"]
    nouns = children(act, "dobj") or shared_objects(act)
    objects = {t.lemma_.lower() for o in nouns for t in (o, *conjuncts(o))}
    if lemma in ("impose", "issue", "hand", "give") and objects & set(_words()["punishments"]):
        return "prosecution"
    if lemma in ("preserve", "keep", "log", "retain", "store", "save"):
        return "surveillance" if objects & _DATA else ""
    if lemma in _BRINGING:
        return next((m for noun in sorted(objects) if (m := _words()["method_nouns"].get(noun))), "")
    if lemma in (
        "hand",
        "provide",
        "disclose",
        "give",
        "turn",
        "share",
        "surrender",
        "supply",
        "submit",
        "grant",
    ):
        behind = {t.lemma_.lower() for t in objects_behind(act, "with")}
        return "surveillance" if (objects | behind) & {*_DATA, "access"} else ""
    if lemma in ("suspend", "revoke", "cancel") and objects & {
        "license",
        "licence",
        "registration",
        "outlet",
        "newspaper",
    }:
        return "ban"
    if lemma in ("restrict", "limit") and not objects & {"access", "website", "content", "site"}:
        return ""
    if (
        lemma in ("search", "access", "store", "collect", "try", "take", "cut", "close", "shut")
        and not objects
    ):
        return ""
    return methods.get(lemma, "")


def _power_by_modal(
    reading: Reading, sentence: Sentence, verb: "Token", laws: dict[str, Law]
) -> Power | None:
    """ "The prosecutor's office can block any domain", "authorities could revoke registration"."""
    if (power := _with_court_order(reading, sentence, verb, laws)) is not None:
        return power
    if not any(c.lower_ in _words()["modals"] for c in children(verb, "aux")) or children(verb, "neg"):
        return None
    holders = actors(reading, sentence, subjects(verb) if not is_passive(verb) else agents_by(verb))
    if is_passive(verb) and not holders and _method(verb) == "prosecution":
        offences = [
            t for p in children(verb, "prep") if p.lower_ == "for" for t in children(p, "pobj", "pcomp")
        ]
        law = _named_basis(reading, sentence, laws)
        grounds = [phrase(t) for t in offences]
        return _power(reading, sentence, verb, law, (), ("prosecution",), grounds) if grounds else None
    bodies = tuple(h for h in holders if reading.things[h].kind in ("StateBody", "SecurityForce"))
    acts = [a for a in conjuncts(verb) if a.pos_ == "VERB"]
    methods = tuple(dict.fromkeys(m for a in acts if (m := _method(a))))
    if not bodies or not methods:
        return None
    law = _named_basis(reading, sentence, laws)
    return _power(reading, sentence, verb, law, bodies, methods, _grounds(acts), frozenset(a.i for a in acts))


#: Adjectives, nouns and passive verbs by which an act is an offence.
_OFFENCES = {"punishable", "illegal", "unlawful", "crime", "offense", "offence", "misdemeanor", "felony"}


def _offence(reading: Reading, sentence: Sentence, verb: "Token", laws: dict[str, Law]) -> Power | None:
    """ "Publishing fake news is punishable by …", "defamation is a criminal offense", "is criminalized"."""
    law = _named_basis(reading, sentence, laws)
    if verb.lemma_ == "be":
        said = [t for t in children(verb, "acomp", "attr") if t.lemma_.lower() in _OFFENCES]
        subject = children(verb, "nsubj", "csubj")
    elif verb.lemma_ in ("face", "receive", "risk", "incur", "get"):
        said = [t for t in children(verb, "dobj") if t.lemma_.lower() in _words()["punishments"]]
        subject = [c for t in children(verb, "nsubj") for c in children(t, "relcl", "acl")]
        return _faced(reading, sentence, verb, law, subject, laws) if said else None
    else:
        said = (
            [verb]
            if is_passive(verb) and verb.lemma_ in ("criminalize", "criminalise", "punish", "penalize")
            else []
        )
        subject = children(verb, "nsubjpass", "csubjpass")
    if not said or not subject or children(verb, "neg"):
        return None
    acting = reading.thing_at(sentence.number, subject[0].i)
    if acting is not None and is_any(acting.kind, ACTING):
        return None
    grounds = [phrase(t) for t in subject]
    words = sentence.passage.text.lower()
    method = (
        "prosecution"
        if any(w in words for w in _PUNISHING) or said[0].lemma_ not in ("illegal", "unlawful")
        else "ban"
    )
    law = law or next((known.iri for name, known in laws.items() if name == "law"), None)
    return _power(reading, sentence, verb, law, (), (method,), grounds)


def _faced(
    reading: Reading,
    sentence: Sentence,
    verb: "Token",
    law: str | None,
    clauses: list["Token"],
    laws: dict[str, Law],
) -> Power | None:
    """ "Persons who insult the president can face a prison term": the clause is the offence."""
    modal = any(c.lower_ in _words()["modals"] for c in children(verb, "aux"))
    under = verb.dep_ == "ccomp" and any(_law_at(reading, sentence, s, laws) for s in subjects(verb.head))
    if not clauses or not (modal or under or law):
        return None
    law = law or next(
        (iri for s in subjects(verb.head) if (iri := _law_at(reading, sentence, s, laws))), None
    )
    grounds = [phrase(c, without=frozenset({"nsubj", "nsubjpass", "mark"})) for c in clauses]
    return _power(reading, sentence, verb, law, (), ("prosecution",), grounds)


#: What tells that the breach of a law is punished.
_PUNISHING = ("prison", "jail", "fine", "imprison", "punish", "penalt", "years", "sentence")


def _with_court_order(
    reading: Reading, sentence: Sentence, verb: "Token", laws: dict[str, Law]
) -> Power | None:
    """ "Authorities must obtain a court order to block a site": a power that needs one."""
    must = any(c.lower_ in ("must", "shall") for c in children(verb, "aux")) or verb.lemma_ in (
        "require",
        "need",
    )
    orders = [
        t for t in children(verb, "dobj") if t.lemma_ in ("order", "warrant", "approval", "authorization")
    ]
    if not must or not orders or not _WITH_COURT_NOUN.search(sentence.passage.text):
        return None
    clauses = [*children(verb, "xcomp", "advcl"), *(c for t in orders for c in children(t, "acl"))]
    acts = [a for c in clauses for a in conjuncts(c) if a.pos_ == "VERB"]
    methods = tuple(dict.fromkeys(m for a in acts if (m := _method(a))))
    holders = actors(reading, sentence, subjects(verb))
    if not methods or not holders:
        return None
    law = _named_basis(reading, sentence, laws)
    taken = frozenset(a.i for a in acts)
    return replace(_power(reading, sentence, verb, law, holders, methods, [], taken), court_order=True)


_WITH_COURT_NOUN = re.compile(
    r"\b(?:court|judicial|judge['’]s?)\b[\w ]* (?:order|warrant|approval|authori[sz]ation)|\bwarrant", re.I
)


def _named_basis(reading: Reading, sentence: Sentence, laws: dict[str, Law]) -> str | None:
    """The law that a sentence names as the basis: "according to the 2014 Law", "under Article 5"."""
    for token in sentence.doc:
        law = _law_at(reading, sentence, token, laws)
        if law and token.dep_ == "pobj" and (token.head.lower_ in ("under", "to", "by", "with")):
            return law
    return None


def _forbidden(verb: "Token") -> list[str]:
    """What a law forbids: its object, or what it prohibits someone *from* doing."""
    clauses = [c for p in children(verb, "prep") if p.lower_ == "from" for c in children(p, "pcomp", "pobj")]
    objects = clauses or [t for t in children(verb, "dobj", "ccomp", "xcomp") if t.i > verb.i]
    objects = objects or children(verb, "nsubjpass")
    return [
        phrase(t, without=frozenset({"cc", "conj"}) if len(list(t.subtree)) > _LONGEST else frozenset())
        for t in objects
    ]


def _lost_grounds(act: "Token", clause: "Token") -> list["Token"]:
    """Members of a list of conditions that the parse has hung on the act: "can block if A, B and C"."""
    return [
        c
        for c in children(act, "conj")
        if c.i > clause.i and c.pos_ == "VERB" and not children(c, "aux") and not _method(c)
    ]


def _grounds(acts: list["Token"]) -> list[str]:
    """When a power may be used: "if it threatens …", "for …", "on the grounds of …"; one for each member."""
    found = []
    for act in acts:
        for clause in children(act, "advcl"):
            if any(c.lower_ in ("if", "when", "where") for c in children(clause, "mark", "advmod")):
                found += [
                    phrase(c, without=frozenset({"nsubj", "mark", "conj", "cc", "advmod"}))
                    for c in [*conjuncts(clause), *_lost_grounds(act, clause)]
                ]
        if _method(act) in ("ban", "blocking", "contentRemoval", "prosecution"):
            found += [
                phrase(clause, without=frozenset({"nsubj", "nsubjpass", "mark", "aux"}))
                for target in (t for o in children(act, "dobj") for t in conjuncts(o))
                for clause in children(target, "relcl", "acl")
                if not any(c.lower_ in ("not", "never") for c in clause.children)
            ]
        punished = [p for t in children(act, "dobj") for m in conjuncts(t) for p in children(m, "prep")]
        for prep in (p for p in (*children(act, "prep"), *punished) if p.lower_ == "for"):
            found += [phrase(t, without=_LONG) for g in children(prep, "pcomp") for t in (g,)]
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


def _power(
    reading: Reading,
    sentence: Sentence,
    verb: "Token",
    law: str | None,
    holders: tuple[str, ...],
    methods: tuple[str, ...],
    grounds: list[str],
    triggers: frozenset[int] = frozenset(),
) -> Power:
    text = sentence.passage.text
    court = False if _WITHOUT_COURT.search(text) else True if _WITH_COURT.search(text) else None
    kept = tuple(dict.fromkeys(g for g in grounds if 0 < len(g.split()) <= _LONGEST))
    iri = unnamed(reading.document.iri, sentence.offset(verb), "power")
    apart = {
        t.i
        for c in children(verb, "conj", "parataxis")
        if children(c, "nsubj", "nsubjpass")
        for t in c.subtree
    }
    inner = frozenset(t.i for t in verb.subtree) - apart
    return Power(
        iri,
        sentence.number,
        law,
        holders,
        methods,
        kept,
        court,
        triggers | frozenset({verb.i}) | (inner if not holders else frozenset()),
    )


def law_facts(reading: Reading, legal: Legal) -> Iterator[Fact]:
    """The triples of laws and powers."""
    for law in legal.laws:
        yield Fact(law.iri, RDF.type, term("Law"), law.sentences, "law noun")
        if law.year:
            yield Fact(law.iri, term("date"), date_literal(law.year), law.sentences[:1], "law year")
        if reading.home:
            yield Fact(law.iri, term("country"), reading.home, law.sentences[:1], "law country")
    for thing in reading.things.values():
        year = re.match(r"(?:19|20)\d\d\b", thing.names[0]) if thing.kind == "Law" else None
        if year:
            yield Fact(thing.iri, term("date"), date_literal(year[0]), thing.sentences[:1], "law year")
    for mention in (m for found in reading.mentions for m in found if m.kind == "Law" and m.proper):
        behind = reading.sentences[mention.sentence].doc[mention.end : mention.end + 2].text
        named = reading.thing_at(mention.sentence, mention.head)
        if named is not None and (year := _YEAR_BEHIND.match(behind)):
            yield Fact(named.iri, term("date"), date_literal(year[1]), (mention.sentence,), "law year")
    for power in legal.powers:
        yield from _power_facts(reading, power)


def _power_facts(reading: Reading, power: Power) -> Iterator[Fact]:
    numbers = (power.sentence,)
    yield Fact(power.iri, RDF.type, term("LegalPower"), numbers, "power")
    if power.law:
        yield Fact(power.law, term("grants"), power.iri, numbers, "power")
    for holder in power.holders:
        yield Fact(power.iri, term("powerHolder"), holder, numbers, "power holder")
    for method in power.methods:
        yield Fact(power.iri, term("permits"), concept(method), numbers, "power")
    for ground in power.grounds:
        yield Fact(
            power.iri,
            term("ground"),
            Literal(ground, language=reading.document.language or "en"),
            numbers,
            "power ground",
        )
    if power.court_order is not None:
        yield Fact(power.iri, term("courtOrderRequired"), boolean(power.court_order), numbers, "court order")


def rules_over(token: "Token", tokens: frozenset[int]) -> bool:
    """Whether one of some tokens governs another."""
    return any(a.i in tokens for a in ancestors(token))
