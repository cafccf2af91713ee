"""Which statements a validation result speaks of.

A result names a focus node, mostly a path, and often a value; a shape without a path names by its target
whose statements it is about. Where nothing closer is named, all that is said of the focus node is meant.
"""

from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from kgraph import iris
from kgraph.namespaces import KG, SH, shorten
from kgraph.ontology import read_turtle
from kgraph.records import Assertion, Extraction, Literal, Report, Result, Term
from kgraph.resources import resource

if TYPE_CHECKING:
    from rdflib import Graph
    from rdflib.term import Node

#: What is not stated itself comes from these: the days that are derived from dates.
_DERIVED_FROM = {"kg:earliest": (KG.date, KG.endDate), "kg:latest": (KG.date, KG.endDate)}


class Properties(NamedTuple):
    """The properties that a shape is about: what its focus nodes have, and what leads to them."""

    of_focus: frozenset[str] = frozenset()
    to_focus: frozenset[str] = frozenset()


def blamed(extraction: Extraction, report: Report) -> dict[Assertion, Result]:
    """The statements that the violations of a report speak of, each with the first result that does.

    Of the violations at one focus node only those that name their statements most closely count: a wrong
    end date explains the wrong days that are derived from it, and these would take the date along.

    :returns: nothing if no violation can be traced to a statement.
    """
    said = _Said(extraction)
    closest: dict[str, int] = {}
    traced: list[tuple[int, list[Assertion], Result]] = []
    for result in report.results:
        if result.severity != "Violation":
            continue
        for step, found in enumerate(_candidates(said, result)):
            if found:
                closest[result.focus] = min(step, closest.get(result.focus, step))
                traced.append((step, found, result))
                break
    blame: dict[Assertion, Result] = {}
    for step, found, result in traced:
        if step == closest[result.focus]:
            for assertion in found:
                blame.setdefault(assertion, result)
    return blame


class _Said:
    """What a document says, by what it says it of."""

    def __init__(self, extraction: Extraction):
        self._document = extraction.document.iri
        self.by_iri: dict[str, list[Assertion]] = {}
        self.about: dict[str, list[Assertion]] = {}
        self.pointing_to: dict[str, list[Assertion]] = {}
        for a in extraction.assertions:
            iri = iris.assertion(extraction.document.iri, a.subject, a.predicate, a.object)
            self.by_iri.setdefault(iri, []).append(a)
            self.about.setdefault(a.subject, []).append(a)
            self.pointing_to.setdefault(_lexical(a.object), []).append(a)

    def of_document(self, result: Result) -> list[Assertion]:
        """Statements of a value by a path, whatever they are said of, if the focus node is the document."""
        if result.focus != self._document or result.term is None:
            return []
        found = self.pointing_to.get(_lexical(result.term), [])
        return [a for a in found if shorten(a.predicate) == result.path and _same(a.object, result.term)]


def _candidates(said: _Said, result: Result) -> Iterator[list[Assertion]]:
    """What a result may speak of, the closest first; the first that is there is meant."""
    about, pointing_to = said.about.get(result.focus, []), said.pointing_to.get(result.focus, [])
    yield said.by_iri.get(result.focus, [])
    on_path = [a for a in about if result.path and shorten(a.predicate) == result.path]
    yield [a for a in on_path if result.term is not None and _same(a.object, result.term)]
    yield on_path if result.term is None else []
    properties = properties_of(result.shape)
    # A value that is not said here: other statements of its property are not to blame for it.
    blameless = {a.predicate for a in on_path}
    yield [
        *(a for a in about if a.predicate in properties.of_focus - blameless),
        *(a for a in pointing_to if a.predicate in properties.to_focus),
    ]
    yield [a for a in about if a.predicate in _DERIVED_FROM.get(result.path, ())]
    yield about
    yield [a for a in pointing_to if isinstance(a.object, str)]
    # What is asked once of the whole graph has its document as focus node.
    yield said.of_document(result)
    # A passage mentions what is said to be of no class that there is.
    yield said.about.get(_lexical(result.term), []) if result.term and result.path == "kg:mentions" else []


def _same(said: Term, found: Term) -> bool:
    """Whether they are one term; language tags have no case."""
    if isinstance(said, Literal) and isinstance(found, Literal) and said.language and found.language:
        return said.lexical == found.lexical and said.language.lower() == found.language.lower()
    return said == found


def _lexical(term: Term) -> str:
    return term.lexical if isinstance(term, Literal) else term


def properties_of(shape: str) -> Properties:
    """The properties that one of our shapes is about: by its path, else by its target.

    :param shape: its name as a `Result` gives it.
    """
    return _properties().get(shape, Properties())


@cache
def _properties() -> dict[str, Properties]:
    from rdflib import URIRef

    shapes = read_turtle(*sorted(resource("ontology", "shapes").glob("*.ttl")))
    found: dict[str, Properties] = {}
    for shape, path in shapes.subject_objects(URIRef(SH.path)):
        found[shorten(str(shape))] = _start_of(shapes, path)
    for name, in_subject in (("targetSubjectsOf", True), ("targetObjectsOf", False)):
        for shape, property_ in shapes.subject_objects(URIRef(SH[name])):
            own, leading = found.get(shorten(str(shape)), Properties())
            one = frozenset([str(property_)])
            found[shorten(str(shape))] = (
                Properties(own | one, leading) if in_subject else Properties(own, leading | one)
            )
    return found


def _start_of(shapes: "Graph", path: "Node") -> Properties:
    """What a path starts with, if that is a property or the inverse of one.

    Source: SHACL, section 2.3.1.
    """
    from rdflib import RDF, URIRef

    if isinstance(path, URIRef):
        return Properties(of_focus=frozenset([str(path)]))
    inverse, first = shapes.value(path, URIRef(SH.inversePath)), shapes.value(path, RDF.first)
    if isinstance(inverse, URIRef):
        return Properties(to_focus=frozenset([str(inverse)]))
    return Properties() if first is None else _start_of(shapes, first)
