"""The legal part of a document: its laws, the powers that they give, and which words stand for them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from kgraph.extraction.coreference import Reading
from kgraph.extraction.law.laws import Law, law_meant, law_noun, remember_law
from kgraph.extraction.law.offences import offence_told
from kgraph.extraction.law.power import Power
from kgraph.extraction.law.powers import power_by_modal, power_of_law
from kgraph.extraction.sentences import Sentence
from kgraph.extraction.stretches import Carry


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
            noun = law_noun(reading, sentence, token)
            if noun:
                remember_law(reading, sentence, token, noun, laws)
        powers += _powers(reading, sentence, laws)
    by_token = {
        (sentence.number, token.i): law
        for sentence in reading.sentences
        for token in sentence.doc
        if (law := law_meant(reading, sentence, token, laws))
    }
    carry.laws |= {noun: (law.iri, law.name, law.year) for noun, law in laws.items()}
    told_here = (replace(law, sentences=tuple(n for n in law.sentences if n >= 0)) for law in laws.values())
    return Legal(tuple(law for law in told_here if law.sentences), tuple(powers), by_token)


def _powers(reading: Reading, sentence: Sentence, laws: dict[str, Law]) -> list[Power]:
    found = []
    for verb in sentence.doc:
        if verb.pos_ not in ("VERB", "AUX"):
            continue
        power = (
            power_of_law(reading, sentence, verb, laws)
            or power_by_modal(reading, sentence, verb, laws)
            or offence_told(reading, sentence, verb, laws)
        )
        if power is not None:
            found.append(power)
    return found
