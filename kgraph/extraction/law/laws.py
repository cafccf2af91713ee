"""Which laws a document speaks of: by a common noun, by a name, by what takes them up."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from kgraph.extraction.coreference import Reading
from kgraph.extraction.lexicon import read_words
from kgraph.extraction.sentences import Sentence
from kgraph.extraction.tokens import Token
from kgraph.iris import unnamed


@dataclass(frozen=True, slots=True)
class Law:
    """One law that a document speaks of.

    :param sentences: numbers of the sentences that name it.
    """

    iri: str
    name: str
    year: str
    sentences: tuple[int, ...]


def law_noun(reading: Reading, sentence: Sentence, token: Token) -> str:
    """The name of a law told by a common noun, "" where the noun is of no law that is spoken of."""
    if token.lemma_.lower() not in read_words("law")["nouns"] or token.pos_ not in ("NOUN", "PROPN"):
        return ""
    if any(m.proper and m.covers(token.i) for m in reading.mentions[sentence.number]):
        return ""
    if token.dep_ in ("compound", "nmod") or token.lemma_.lower() in _TOO_GENERAL:
        return ""
    definite = any(t.lower_ in ("the", "this", "its", "new") for t in token.lefts)
    modified = [
        t for t in token.lefts if t.dep_ in ("amod", "compound", "nmod", "nummod") and t.tag_ != "JJS"
    ]
    named_subject = token.dep_ in ("nsubj", "nsubjpass") and (definite or modified)
    named_subject = named_subject or (token.dep_ == "dobj" and token.head.lemma_ in _PASSING)
    if not (
        named_subject
        or _year_before(token)
        or (definite and token.lemma_ in ("constitution", "law", "bill"))
        or _is_basis(token, modified)
    ):
        return ""
    if any(t.lower_ in ("illegal", "many", "some", "several") for t in token.lefts):
        return ""
    first = min((t.left_edge.i for t in modified), default=token.i)
    return " ".join(sentence.words(first, token.i + 1).translate(_WITHOUT_QUOTES).split())


def _year_before(token: Token) -> str:
    """The year before a law's noun, "" for none: "the 2014 law"."""
    return next((t.text for t in token.lefts if re.fullmatch(r"(19|20)\d\d", t.text)), "")


_WITHOUT_QUOTES = str.maketrans("", "", '"“”‘')

#: Nouns that tell of a law only inside its proper name.
_TOO_GENERAL = {"order", "provision", "act", "code", "ruling", "directive"}
#: What is done to laws.
_PASSING = {
    "pass", "adopt", "enact", "implement", "introduce", "approve", "propose", "sign", "issue", "promulgate",
    "amend", "draft",
}  # fmt: skip


def _is_basis(token: Token, modified: list[Token]) -> bool:
    """ "Under the electoral law": a law that is told by more than its noun."""
    return (
        bool(modified)
        and token.dep_ == "pobj"
        and token.head.lower_ in ("under", "to", "with", "of")
        and token.lemma_ == "law"
    )


def remember_law(reading: Reading, sentence: Sentence, token: Token, name: str, laws: dict[str, Law]) -> None:
    """Add a law told by a noun to those told before, or another mention of it.

    :param laws: the laws so far, by their nouns; added to.
    """
    key = _law_key(name)
    lemma = token.lemma_.lower()
    if key not in laws and lemma in ("bill", "constitution") and key == lemma:
        key = next((k for k in laws if k.endswith(lemma)), key)
    if key not in laws and key in _BARE_LAWS and (introduced := _introduced(laws, sentence.number)):
        key = introduced
    year = _year_before(token)
    if (known := laws.get(key)) is not None:
        sentences = tuple(dict.fromkeys((*known.sentences, sentence.number)))
        laws[key] = replace(known, year=known.year or year, sentences=sentences)
    else:
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


def law_meant(reading: Reading, sentence: Sentence, token: Token, laws: dict[str, Law]) -> str | None:
    """The address of the law that a token stands for."""
    thing = reading.thing_at(sentence.number, token.i)
    if thing is not None and thing.kind == "Law":
        return thing.iri
    noun = law_noun(reading, sentence, token)
    if not noun:
        return None
    key = _law_key(noun)
    law = laws.get(key)
    if law is None and key in _BARE_LAWS and (introduced := _introduced(laws, sentence.number)):
        law = laws[introduced]
    law = law or next((known for k, known in laws.items() if k.endswith(key)), None)
    return law.iri if law else None


def named_basis(reading: Reading, sentence: Sentence, laws: dict[str, Law]) -> str | None:
    """The law that a sentence names as the basis: "according to the 2014 Law", "under Article 5"."""
    for token in sentence.doc:
        if token.dep_ == "pobj" and token.head.lower_ in ("under", "to", "by", "with"):
            law = law_meant(reading, sentence, token, laws)
            if law:
                return law
    return None
