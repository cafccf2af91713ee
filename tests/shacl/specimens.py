"""Data made from a shape, so that each of its constraints has nodes to refuse and nodes to let pass.

What a shape names (classes, datatypes, bounds, members of lists) is tried as a value, and some texts besides.
"""

from collections.abc import Iterable, Iterator
from itertools import count

import pyoxigraph as ox
from reports import Index, Node, sh

from kgraph.namespaces import RDF, XSD

_TYPE, _FIRST = ox.NamedNode(RDF.type), ox.NamedNode(RDF.first)
_BASE = "https://specimens.example/"

_TEXTS = [
    *("", " ", "x", "KZ", "kz", "en", "en-GB", "page=1", "page=0"),
    *("example.org", "https://example.org/a", "a" * 64),
]
#: Put before and after a text, to find out what a pattern's anchors are for.
_AROUND = ["€", " ", "@", "x"]
_LEXICAL = {
    "date": ["2011-12-16", "2011-12-16Z", "12011-12-16", "2011-13-16"],
    "gYearMonth": ["2011-12", "2011-12Z", "12011-12", "2011-13"],
    "gYear": ["2011", "2011Z", "12011"],
    "dateTime": ["2011-12-16T10:00:00", "12011-12-16T10:00:00"],
    "duration": ["P9M", "-P9M"],
    "boolean": ["true"],
    "integer": ["0", "7", "-7"],
    "decimal": ["0.5", "7.0"],
}
_PLAIN = [
    ox.Literal(text, datatype=ox.NamedNode(XSD[name])) for name, texts in _LEXICAL.items() for text in texts
]


class Specimens:
    """The data graph of one shape.

    :param shapes: the shapes graph that holds it.
    """

    def __init__(self, shapes: Index, shape: Node):
        self._shapes = shapes
        self._numbers = count()
        self.triples: list[ox.Triple] = []
        self._node_itself(shape)
        for property_shape in self._objects(shape, "property"):
            self._property(shape, property_shape)

    def _objects(self, shape: Node, name: str) -> list[Node]:
        return self._shapes.objects(shape, sh(name))

    def _new(self) -> ox.NamedNode:
        return ox.NamedNode(f"{_BASE}{next(self._numbers)}")

    def _say(self, subject: Node, predicate: Node, value: Node) -> None:
        self.triples.append(ox.Triple(subject, predicate, value))

    # Focus nodes

    def _aim(self, shape: Node, node: Node, but: Node | None = None) -> None:
        """Make a node a focus node of a shape; a predicate that it will have anyway is left out."""
        for class_ in self._objects(shape, "targetClass"):
            self._say(node, _TYPE, class_)
        for predicate in self._objects(shape, "targetSubjectsOf"):
            if predicate != but:
                self._say(node, predicate, ox.Literal("x"))
        for predicate in self._objects(shape, "targetObjectsOf"):
            if predicate != but:
                self._say(self._new(), predicate, node)

    def _node_itself(self, shape: Node) -> None:
        """Focus nodes of every class that the shape names of itself, and of none."""
        for value in (self._new(), *self._values(shape)):
            if not isinstance(value, ox.Literal):
                self._aim(shape, value)

    def _property(self, shape: Node, property_shape: Node) -> None:
        """A focus node for each value, for each number of values, and for each order of two."""
        path = self._shapes.one(property_shape, sh("path"))
        assert path is not None
        tagged = [ox.Literal(text, language="en") for text in ("one", "two")]
        for values in (
            *([value] for value in self._values(property_shape)),
            *([self._new() for _ in range(many)] for many in range(5)),
            tagged,
        ):
            node = self._new()
            self._aim(shape, node, but=path if values else None)
            self._lead(node, path, values)
        for other in (
            *self._objects(property_shape, "lessThan"),
            *self._objects(property_shape, "lessThanOrEquals"),
        ):
            for one, two in ((1, 2), (2, 2), (3, 2)):
                node = self._new()
                self._aim(shape, node, but=path)
                self._lead(node, path, [ox.Literal(one)])
                self._say(node, other, ox.Literal(two))

    def _lead(self, node: Node, path: Node, values: list[Node]) -> None:
        """Lead a path from a node to values."""
        inverse = self._shapes.one(path, sh("inversePath"))
        if inverse is not None:
            for value in values:
                self._say(value if not isinstance(value, ox.Literal) else self._new(), inverse, node)
            return
        steps = list(self._shapes.members(path)) if self._shapes.objects(path, _FIRST) else [path]
        for step in steps[:-1]:
            following = self._new()
            self._say(node, step, following)
            node = following
        for value in values:
            self._say(node, steps[-1], value)

    # Values

    def _values(self, shape: Node) -> Iterator[Node]:
        """Values to try on a shape, whatever it says of them and however deep."""
        inner = list(self._within(shape))
        yield ox.NamedNode(f"{_BASE}nobody")
        yield ox.BlankNode()
        yield ox.Literal("x", datatype=ox.NamedNode("urn:none"))
        for class_ in self._all(inner, "class"):
            node = self._new()
            self._say(node, _TYPE, class_)
            yield node
        for list_ in self._all(inner, "in"):
            yield from self._shapes.members(list_)
        yield from self._literals(inner)
        for property_shape in self._all(inner, "property"):
            path = self._shapes.one(property_shape, sh("path"))
            assert path is not None
            for value in (*self._objects(property_shape, "hasValue"), self._new()):
                node = self._new()
                self._lead(node, path, [value])
                yield node

    def _literals(self, shapes: list[Node]) -> Iterator[ox.Literal]:
        yield from _PLAIN
        patterns = self._all(shapes, "pattern")
        dated = [text for texts in _LEXICAL.values() for text in texts]
        around = [text for inner in _TEXTS for a in _AROUND for text in (f"{a}{inner}", f"{inner}{a}")]
        datatypes = {XSD.string} | {str(d.value) for d in self._all(shapes, "datatype")}
        for text in [*_TEXTS, *around, *dated] if patterns else _TEXTS[:3]:
            yield ox.Literal(text, language="en")
            for datatype in datatypes & {XSD.string, XSD.anyURI}:
                yield ox.Literal(text, datatype=ox.NamedNode(datatype))
        for bound in (*self._all(shapes, "minInclusive"), *self._all(shapes, "maxInclusive")):
            assert isinstance(bound, ox.Literal)
            for step in (-2, -1, 0, 1, 2):
                for name in ("integer", "decimal"):
                    yield ox.Literal(str(int(bound.value) + step), datatype=ox.NamedNode(XSD[name]))

    def _all(self, shapes: Iterable[Node], name: str) -> list[Node]:
        return [value for shape in shapes for value in self._objects(shape, name)]

    def _within(self, shape: Node) -> Iterator[Node]:
        """A shape and those that it is put together from, which judge the same value."""
        yield shape
        lists = [list_ for name in ("or", "and", "xone") for list_ in self._objects(shape, name)]
        parts = [part for list_ in lists for part in self._shapes.members(list_)]
        for part in (*parts, *self._objects(shape, "not"), *self._objects(shape, "node")):
            yield from self._within(part)
