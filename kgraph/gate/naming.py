"""What people call the nodes and the paths of a report."""

from collections.abc import Iterable

import pyoxigraph as ox

from kgraph import namespaces
from kgraph.namespaces import shorten
from kgraph.shacl import (
    RDF,
    RDFS,
    SH,
    Alternative,
    Data,
    Inverse,
    Node,
    Path,
    Predicate,
    Repeat,
    SequencePath,
    Terms,
    ValidationResult,
)

#: What names a node, the first that there is; so that foreign data have names too.
LABELS = (
    RDFS.label,
    Terms(namespaces.SKOS).prefLabel,
    Terms(namespaces.FOAF).name,
    Terms(namespaces.SCHEMA).name,
    ox.NamedNode("http://schema.org/name"),
    Terms(namespaces.DCTERMS).title,
)

_REPETITIONS = {"*": "any number of", "+": "one or more of", "?": "if there is one"}


def name_of(data: Data, node: Node) -> str | None:
    """What the data call a node: in English, else in no language, else in the first by its tag."""
    if isinstance(node, ox.Literal):
        return None
    for predicate in LABELS:
        names = [each for each in data.objects(node, predicate) if isinstance(each, ox.Literal)]
        if names:
            return best(names).value
    return None


def best(names: Iterable[ox.Literal]) -> ox.Literal:
    """The name to show of several."""
    return min(names, key=lambda each: (each.language != "en", each.language or "", each.value))


#: How shapes hold other shapes.
_HOLD = (
    *(SH[name] for name in ("property", "node", "not", "or", "and", "xone", "qualifiedValueShape")),
    RDF.first,
    RDF.rest,
)


def shape_name(data: Data, shape: Node) -> str:
    """What a shape is called; one without a name by the shape that holds it, where the data tell."""
    if not isinstance(shape, ox.BlankNode):
        return shorten(shape.value)
    seen: set[Node] = {shape}
    holder: Node | None = shape
    while isinstance(holder, ox.BlankNode):
        above = {node for predicate in _HOLD for node in data.subjects(predicate, holder)} - seen
        seen |= above
        holder = min(above, key=str, default=None)
    return f"{shape} in {shorten(holder.value)}" if holder is not None else str(shape)


def path_in_words(data: Data, result: ValidationResult) -> str:
    """A result's path by the names of its properties, with its notation behind: `ends on (kg:endDate)`.

    A property shape may bring a name of its own for what it is about (sh:name).
    """
    if result.path is None:
        return ""
    shape = result.shape
    own = []
    if shape is not None and shape.path == result.path:
        own = [each for each in data.objects(shape.node, SH.name) if isinstance(each, ox.Literal)]
    words, notation = best(own).value if own else _words(data, result.path), str(result.path)
    return words if words == notation else f"{words} ({notation})"


def _words(data: Data, path: Path) -> str:
    if isinstance(path, Predicate):
        return name_of(data, path.iri) or shorten(path.iri.value)
    if isinstance(path, Inverse):
        return f"inverse of {_part(data, path.path)}"
    if isinstance(path, SequencePath):
        return " / ".join(_part(data, part) for part in path.parts)
    if isinstance(path, Alternative):
        return " or ".join(_part(data, part) for part in path.parts)
    if isinstance(path, Repeat):
        return f"{_REPETITIONS[path.sign]} {_part(data, path.path)}"
    return str(path)


def _part(data: Data, path: Path) -> str:
    words = _words(data, path)
    return words if isinstance(path, Predicate | Inverse) else f"({words})"
