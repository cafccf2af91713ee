"""How a country is ruled, where the text calls its regime by a kind."""

from collections.abc import Iterator

from kgraph.extraction.coreference import Reading
from kgraph.extraction.facts import Fact, concept, term
from kgraph.extraction.stretches import Carry
from kgraph.iris import unnamed
from kgraph.namespaces import RDF

#: Words for a kind of rule to concepts of `RegimeType`.
_KINDS = {
    "authoritarian": "authoritarian", "autocratic": "authoritarian", "autocracy": "authoritarian",
    "dictatorship": "authoritarian", "authoritarianism": "authoritarian", "dictatorial": "authoritarian",
    "hybrid": "hybrid",
}  # fmt: skip

_RULE = {
    "regime", "rule", "government", "ruler", "state", "system", "authoritarianism", "dictatorship",
    "autocracy", "citizens",
}  # fmt: skip


def regime_facts(reading: Reading, carry: Carry | None = None) -> Iterator[Fact]:
    """The regime of the document's country: told as "the regime" together with a kind of rule.

    A country's regime, its kind and its leader stand in different sentences mostly, so the
    document as a whole is asked: does it call the country's rule a regime, and of which kind?

    :param carry: what is known from the document's earlier stretches; added to.
    """
    carry = carry or Carry()
    home = reading.country(reading.home)
    if home is None or home.iri in carry.regimes:
        return
    told, kind = _told(reading), _kind(reading)
    if told is None or kind is None:
        return
    carry.regimes.add(home.iri)
    (sentence, offset), (kind_sentence, name) = told, kind
    iri = unnamed(reading.document.iri, offset, "regime")
    numbers = tuple(sorted({sentence, kind_sentence}))
    yield Fact(iri, RDF.type, term("Regime"), numbers, "regime")
    yield Fact(iri, term("regimeOf"), home.iri, numbers, "regime")
    yield Fact(iri, term("regimeType"), concept(name), numbers, "regime")


def _told(reading: Reading) -> tuple[int, int] | None:
    for sentence in reading.sentences:
        for token in sentence.doc:
            if (
                token.lemma_.lower() == "regime"
                and token.tag_ == "NN"
                and any(c.lower_ in ("the", "its") for c in token.lefts)
            ):
                return sentence.number, sentence.offset(token)
    return None


def _kind(reading: Reading) -> tuple[int, str] | None:
    for sentence in reading.sentences:
        for token in sentence.doc:
            name = _KINDS.get(token.lower_)
            if name and (token.lower_ in _RULE or token.head.lemma_.lower() in _RULE):
                return sentence.number, name
    return None
