"""Terms of ours in a query that the ontology does not have: it is valid, and finds nothing by them."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from kgraph.namespaces import KG, KGC, PREFIXES, shorten
from kgraph.query.resolve import minter_of
from kgraph.query.suggestions import fold, near
from kgraph.store import Token, tokens

if TYPE_CHECKING:
    from kgraph.store import View

_OURS = (str(KG), str(KGC))
_MOST_NEAR, _MOST_TERMS = 2, 10
_LONGEST_TEXT = 20_000


@dataclass(frozen=True, slots=True)
class UnknownTerm:
    """A term that nothing in the ontology has.

    :param name: as a prefixed name, where that can be.
    :param near: names of terms that are spelt alike, the likeliest first.
    """

    name: str
    near: tuple[str, ...] = ()


def unknown_terms(view: "View", text: str) -> tuple[UnknownTerm, ...]:
    """The first classes, properties and concepts in a query that are ours by name and not in the ontology.

    Empty, where the store has no ontology, and for a text of a length that no person writes.

    :param text: a query that the engine takes.
    """
    if len(text) > _LONGEST_TEXT:
        return ()
    used = dict.fromkeys(iri for iri in _iris(text) if iri.startswith(_OURS) and iri not in _OURS)
    if not used:
        return ()
    known = _vocabulary(view)
    unknown = (iri for iri in used if known and iri not in known)
    return tuple(_unknown(iri, known) for iri in islice(unknown, _MOST_TERMS))


def _unknown(iri: str, known: set[str]) -> UnknownTerm:
    namespace = next(each for each in _OURS if iri.startswith(each))
    names = [each.removeprefix(namespace) for each in known if each.startswith(namespace)]
    alike = _alike(iri.removeprefix(namespace), names)
    return UnknownTerm(shorten(iri), tuple(shorten(namespace + name) for name in alike))


def _alike(name: str, names: list[str]) -> list[str]:
    """The names that may be meant; those of its case first, which tells classes from properties."""
    same = sorted(each for each in names if fold(each) == fold(name))
    of_its_case = [each for each in names if each[:1].isupper() == name[:1].isupper()]
    return same or near(name, of_its_case, _MOST_NEAR) or near(name, names, _MOST_NEAR)


def _vocabulary(view: "View") -> set[str]:
    rows = view.evaluate(
        "SELECT DISTINCT ?term WHERE { GRAPH ?ontology { ?term ?property ?value } }",
        bindings={"ontology": minter_of(view).graph("ontology")},
    )
    return {str(row["term"]) for row in rows}


def _iris(text: str) -> Iterator[str]:
    """The absolute IRIs that a query names, in their order."""
    prefixes = dict(PREFIXES)
    start = Token("mark", "", 0, 0)
    read = [start, start, *tokens(text)]
    for before, previous, token in zip(read, read[1:], read[2:], strict=False):
        if token.kind == "iri":
            if before.text.lower() == "prefix":
                prefixes[previous.text.removesuffix(":")] = token.text[1:-1]
            else:
                yield token.text[1:-1]
        elif token.kind == "prefixed" and previous.text.lower() != "prefix":
            prefix, _, local = token.text.partition(":")
            if prefix in prefixes:
                yield prefixes[prefix] + local
