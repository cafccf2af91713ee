"""A fact: one content triple with where it is said and which mechanism found it."""

from dataclasses import dataclass

from kgraph.namespaces import KG, KGC, XSD
from kgraph.records import Literal, Term


@dataclass(frozen=True, slots=True)
class Fact:
    """One content triple that a stage found.

    :param predicate: full IRI.
    :param sentences: numbers of the sentences that say it.
    :param mechanism: which rule found it; `confidence.py` knows how often it is right.
    """

    subject: str
    predicate: str
    object: Term
    sentences: tuple[int, ...]
    mechanism: str


def concept(name: str) -> str:
    """The address of a concept of one of our schemes."""
    return KGC[name]


def term(name: str) -> str:
    """The address of a class or property of the ontology."""
    return KG[name]


def integer(value: int) -> Literal:
    """A whole number, canonical."""
    return Literal(str(value), XSD.integer)


def boolean(value: bool) -> Literal:
    """True or false."""
    return Literal("true" if value else "false", XSD.boolean)


def duration(value: str) -> Literal:
    """A duration such as P9M, in its canonical form."""
    return Literal(value, XSD.duration)
