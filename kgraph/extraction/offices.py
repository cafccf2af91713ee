"""Who holds which office of what: "President X", "X, president of Y", "the mayor of Z, X"."""

from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

from kgraph.extraction.classes import is_a
from kgraph.extraction.coreference import Reading, Thing
from kgraph.extraction.facts import Fact, term
from kgraph.extraction.lexicon import read_words
from kgraph.extraction.sentences import Sentence
from kgraph.extraction.syntax import children, objects_behind
from kgraph.records import Literal

if TYPE_CHECKING:
    from kgraph.extraction.tokens import Token


@lru_cache(maxsize=1)
def _offices() -> dict[str, str]:
    """Offices to what they are of: country, place, member, organization."""
    return {office: of for of, offices in read_words("offices").items() for office in offices}


def office_facts(reading: Reading) -> Iterator[Fact]:
    """The offices of the people in a document."""
    for sentence in reading.sentences:
        for mention in reading.mentions[sentence.number]:
            if mention.kind != "Person" or not mention.proper:
                continue
            person = reading.thing_at(sentence.number, mention.head)
            if person is None:
                continue
            if mention.office:
                yield from _facts(
                    reading, sentence, person, mention.office, _title_token(sentence, mention.start)
                )
            for token, office in _apposed(sentence, sentence.doc[mention.head]):
                yield from _facts(reading, sentence, person, office, token)


def _title_token(sentence: Sentence, start: int) -> "Token":
    return sentence.doc[max(0, start - 1)]


def _apposed(sentence: Sentence, name: "Token") -> Iterator[tuple["Token", str]]:
    """The offices that stand behind a name or before it with a comma."""
    nearby = children(name, "appos", "attr")
    if name.dep_ == "appos":
        nearby.append(name.head)
    if name.dep_ == "nsubj" and name.head.lemma_ == "be":
        nearby += children(name.head, "attr")
    for noun in nearby:
        office = _office_at(noun)
        if office:
            yield noun, office
    for prep in objects_behind(name.head, "as") if name.dep_ == "nsubj" else []:
        office = _office_at(prep)
        if office:
            yield prep, office


def _office_at(noun: "Token") -> str:
    """The longest office that ends in a noun, "of …" that belongs to the office included."""
    words = [t.lower_ for t in noun.doc[max(0, noun.i - 3) : noun.i + 1]]
    for size in range(len(words), 0, -1):
        office = " ".join(words[-size:])
        if office in _offices():
            return office
    return ""


def _facts(reading: Reading, sentence: Sentence, person: Thing, office: str, noun: "Token") -> Iterator[Fact]:
    numbers = (sentence.number,)
    if _offices().get(office) == "rank":
        return
    words = Literal(office, language=reading.document.language or "en")
    yield Fact(person.iri, term("holdsOffice"), words, numbers, "office")
    of = _office_of(reading, sentence, office, noun)
    if of:
        yield Fact(person.iri, term("officeOf"), of, numbers, "office of")


def _office_of(reading: Reading, sentence: Sentence, office: str, noun: "Token") -> str | None:
    """What an office is of: what is named behind "of" or before, else the document's country."""
    named = [*objects_behind(noun, "of", "for"), *children(noun, "poss", "compound", "amod", "nmod")]
    for token in named:
        thing = reading.thing_at(sentence.number, token.i)
        if thing is not None and thing.kind in ("Country", "Place") and thing.kind == "Country":
            return thing.iri
        if thing is not None and thing.kind == "Place":
            return thing.iri if _offices().get(office) == "place" else None
        if thing is not None and is_a(thing.kind, "Organization") and thing.proper:
            return thing.iri
    kind = _offices().get(office)
    return reading.home if kind in ("country",) else None
