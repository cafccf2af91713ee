"""RDF terms as short text for people."""

import re
from typing import TYPE_CHECKING

from kgraph.namespaces import KG, KGC, XSD, local_name, shorten

if TYPE_CHECKING:
    from rdflib.term import Node

#: Property or class names whose words would not be told apart rightly.
_WORDS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")


def words_of(iri: str) -> str:
    """The local name of an IRI as words.

    >>> words_of("https://w3id.org/kgraph/ontology#legalBasis")
    'legal basis'
    >>> words_of("https://w3id.org/kgraph/ontology#LegalPower")
    'legal power'
    """
    name = local_name(iri)
    words = _WORDS.findall(name)
    return " ".join(word if word.isupper() else word.lower() for word in words) or name


def short(term: "Node | None") -> str:
    """A term in the fewest characters that a reader needs; "" for None.

    Concepts and our own terms become words, other IRIs prefixed names where there is one.

    >>> from rdflib import Literal, URIRef
    >>> short(URIRef("https://w3id.org/kgraph/concept/atLeast"))
    'at least'
    >>> short(Literal("P9M", datatype=URIRef("http://www.w3.org/2001/XMLSchema#duration")))
    '9 months'
    """
    from rdflib import Literal, URIRef

    if term is None:
        return ""
    if isinstance(term, Literal):
        return spell_duration(str(term)) if str(term.datatype) in _DURATIONS else str(term)
    text = str(term)
    if isinstance(term, URIRef):
        return words_of(text) if text.startswith((str(KG), str(KGC))) else shorten(text)
    return f"_:{text}"


_DURATIONS = (XSD.duration, XSD.dayTimeDuration, XSD.yearMonthDuration)
_DURATION = re.compile(
    r"(-?)P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:([\d.]+)S)?)?"
)
_UNITS = ("year", "month", "week", "day", "hour", "minute", "second")


def spell_duration(lexical: str) -> str:
    """An xsd:duration in words; what is none is left as it is.

    >>> spell_duration("P1Y2M")
    '1 year 2 months'
    """
    found = _DURATION.fullmatch(lexical)
    if not found or not any(found.groups()[1:]):
        return lexical
    sign, *amounts = found.groups()
    parts = [f"{n} {unit}{'' if n == '1' else 's'}" for n, unit in zip(amounts, _UNITS, strict=True) if n]
    return ("minus " if sign else "") + " ".join(parts)


def is_iri(text: str) -> bool:
    """Whether a text is an absolute IRI that can stand in a query or a graph.

    >>> is_iri("https://w3id.org/kgraph/id/country/KZ"), is_iri("Kazakhstan"), is_iri("a:<b>")
    (True, False, False)

    Source: SPARQL 1.1 Query, section 19.8 (IRIREF), RFC 3987, section 2.2 (scheme).
    """
    from kgraph.store import is_iri as engine_takes

    return engine_takes(text)
