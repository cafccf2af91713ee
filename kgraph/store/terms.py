"""Terms: records, rdflib's and the engine's, and what each becomes in another's hands.

The engine keeps values, not spellings: `01` comes back as `1`. `canonical` tells what it
will make of a literal, so that whoever hashes one does it afterwards.
"""

from collections.abc import Callable, Iterable
from datetime import date, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from kgraph.errors import QueryError
from kgraph.namespaces import XSD
from kgraph.records import LANG_STRING, XSD_STRING, Literal, Term

if TYPE_CHECKING:
    from rdflib.term import Node

EngineTerm = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
#: What Python makes of a term: numbers, dates, truth values; everything else is text.
PythonValue = str | int | float | bool | date | datetime

_ANY = ox.NamedNode("urn:any")


def to_engine(term: "Term | Node") -> ox.NamedNode | ox.BlankNode | ox.Literal:
    """The engine's term for one of ours or rdflib's; a plain string is an IRI.

    :raises ValueError: if it is no IRI, no language tag, or no term of the kinds we store.
    """
    if isinstance(term, Literal):
        return _literal(term.lexical, term.datatype, term.language)
    if type(term) is str:
        return ox.NamedNode(term)
    from rdflib import term as rdf

    if isinstance(term, rdf.URIRef):
        return ox.NamedNode(str(term))
    if isinstance(term, rdf.BNode):
        return ox.BlankNode(str(term))
    if isinstance(term, rdf.Literal):
        return _literal(str(term), str(term.datatype or XSD_STRING), term.language)
    raise ValueError(f"{term!r} is neither an IRI, a blank node nor a literal")


#: A graph in the engine's terms; whoever has one need not look inside.
Triples = list[ox.Triple]


def engine_triples(triples: "Triples | Iterable[tuple[Node, Node, Node]]") -> Triples:
    """The engine's triples for rdflib's, which a graph gives when it is iterated over.

    What is in the engine's terms already is given back as it is.

    :raises ValueError: if a term has no place in a triple, or is no term.
    """
    if isinstance(triples, list):
        return triples
    return engine_statements(triples)


def engine_statements(statements: "Iterable[tuple[Term | Node, Term | Node, Term | Node]]") -> Triples:
    """The engine's triples for our own, or rdflib's.

    :raises ValueError: if a term has no place in a triple, or is no term.
    """
    made: dict[Any, Any] = {}  # most terms stand in many triples

    def engine_term(term: "Term | Node") -> Any:
        known = made.get(term)
        if known is None:
            known = made[term] = to_engine(term)
        return known

    return [ox.Triple(engine_term(s), engine_term(p), engine_term(o)) for s, p, o in statements]


def subjects_of(triples: Triples) -> set[str]:
    """IRIs of the subjects of some triples."""
    return {triple.subject.value for triple in triples if isinstance(triple.subject, ox.NamedNode)}


def _literal(lexical: str, datatype: str, language: str | None) -> ox.Literal:
    if language:
        return ox.Literal(lexical, language=language)
    return ox.Literal(lexical, datatype=ox.NamedNode(datatype))


def to_record(term: EngineTerm) -> Term:
    """Our term for one of the engine's; what we have none for becomes its N-Triples."""
    if isinstance(term, ox.Literal):
        return Literal(term.value, term.datatype.value, term.language)
    return term.value if isinstance(term, ox.NamedNode) else str(term)


def rdflib_reader() -> "Callable[[EngineTerm], Node]":
    """A function that turns the engine's terms into rdflib's; it remembers IRIs, so keep it for a loop.

    Plain strings come without datatype, as rdflib's own parsers give them; lexical forms are kept.
    """
    from rdflib import term as rdf

    iris: dict[str, rdf.URIRef] = {}

    def iri(value: str) -> rdf.URIRef:
        known = iris.get(value)
        if known is None:
            known = iris[value] = rdf.URIRef(value)
        return known

    def read(term: EngineTerm) -> rdf.Node:
        if isinstance(term, ox.NamedNode):
            return iri(term.value)
        if isinstance(term, ox.BlankNode):
            return rdf.BNode(term.value)
        if isinstance(term, ox.Triple):
            raise QueryError("rdflib has no triple terms; take the result in one of the formats instead")
        if term.language:
            return rdf.Literal(term.value, lang=term.language)
        if term.datatype.value == XSD_STRING:
            return rdf.Literal(term.value)
        return rdf.Literal(term.value, datatype=iri(term.datatype.value), normalize=False)

    return read


@lru_cache(maxsize=4096)
def canonical(literal: Literal) -> Literal:
    """The literal as the store will give it back: the same value in the engine's own spelling.

    >>> canonical(Literal("01", "http://www.w3.org/2001/XMLSchema#integer")).lexical
    '1'
    >>> canonical(Literal("Qazaqstan", language="kk-KZ")).language
    'kk-kz'

    :raises ValueError: if the datatype is no IRI or the language no tag.
    """
    engine = ox.Store()
    engine.add(ox.Quad(_ANY, _ANY, to_engine(literal)))
    kept = next(engine.quads_for_pattern(None, None, None)).object
    if not isinstance(kept, ox.Literal):  # pragma: no cover
        raise ValueError(f"{literal!r} is no literal")
    return Literal(kept.value, kept.datatype.value, kept.language)


def python_value(term: EngineTerm) -> PythonValue:
    """The Python value of a term; text where Python has none that fits (years, durations, IRIs)."""
    if not isinstance(term, ox.Literal):
        return term.value if isinstance(term, ox.NamedNode) else str(term)
    convert = _CONVERTERS.get(term.datatype.value)
    if convert is None:
        return term.value
    try:
        return convert(term.value)
    except ValueError:
        return term.value


_INTEGERS = (
    "integer", "long", "int", "short", "byte", "nonNegativeInteger", "positiveInteger", "nonPositiveInteger",
    "negativeInteger", "unsignedLong", "unsignedInt", "unsignedShort", "unsignedByte",
)  # fmt: skip

_CONVERTERS: dict[str, Callable[[str], PythonValue]] = {
    **{XSD[name]: int for name in _INTEGERS},
    XSD.decimal: float,
    XSD.double: float,
    XSD.float: float,
    XSD.boolean: lambda lexical: lexical in {"true", "1"},
    XSD.date: date.fromisoformat,
    XSD.dateTime: datetime.fromisoformat,
    LANG_STRING: str,
}


def is_iri(text: str) -> bool:
    """Whether the engine takes a text as an absolute IRI.

    Source: RFC 3987, section 2.2.
    """
    try:
        ox.NamedNode(text)
    except ValueError:
        return False
    return True
