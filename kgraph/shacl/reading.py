"""Reads the parameters of shapes, and refuses values that they cannot have."""

from collections.abc import Callable, Collection

import pyoxigraph as ox

from kgraph.shacl.datatypes import is_well_formed
from kgraph.shacl.errors import ShapesError
from kgraph.shacl.lists import read_list
from kgraph.shacl.memory import MemoryData
from kgraph.shacl.shapes import Shape
from kgraph.shacl.vocabulary import RDF, XSD, Node, show

#: Longest integer taken for a count.
_MAX_DIGITS = 18


class Reader:
    """The shapes graph, asked for the values of parameters.

    :param shape_of: gives the shape of a node, made when it is first asked for.
    """

    def __init__(self, graph: MemoryData, shape_of: Callable[[Node], Shape]):
        self.graph = graph
        self.shape_of = shape_of

    def values(self, owner: Node, parameter: ox.NamedNode) -> Collection[Node]:
        """All values of a parameter."""
        return self.graph.objects(owner, parameter)

    def one(self, owner: Node, parameter: ox.NamedNode) -> Node | None:
        """The value of a parameter that can have one only.

        :raises ShapesError: if it has several.
        """
        values = self.values(owner, parameter)
        if len(values) > 1:
            raise ShapesError(owner, f"has several values of {show(parameter)}")
        return next(iter(values), None)

    def integer(self, owner: Node, parameter: ox.NamedNode) -> int | None:
        """A count.

        :raises ShapesError: if it is no xsd:integer.
        """
        value = self.one(owner, parameter)
        if value is None:
            return None
        if not isinstance(value, ox.Literal) or value.datatype != XSD.integer or not is_well_formed(value):
            raise wrong(owner, parameter, value, "an xsd:integer")
        if len(value.value) > _MAX_DIGITS:
            raise wrong(owner, parameter, value, "a number that one can count to")
        return int(value.value)

    def boolean(self, owner: Node, parameter: ox.NamedNode) -> bool:
        """Whether it is said to be true; false if nothing is said.

        :raises ShapesError: if it is no xsd:boolean.
        """
        value = self.one(owner, parameter)
        if value is None:
            return False
        if not isinstance(value, ox.Literal) or value.datatype != XSD.boolean or not is_well_formed(value):
            raise wrong(owner, parameter, value, "true or false")
        return value.value in {"true", "1"}

    def iri(self, owner: Node, parameter: ox.NamedNode, value: Node) -> ox.NamedNode:
        """A value that has to be an IRI.

        :raises ShapesError: if it is none.
        """
        if not isinstance(value, ox.NamedNode):
            raise wrong(owner, parameter, value, "an IRI")
        return value

    def literal(self, owner: Node, parameter: ox.NamedNode, value: Node) -> ox.Literal:
        """A value that has to be a literal.

        :raises ShapesError: if it is none.
        """
        if not isinstance(value, ox.Literal):
            raise wrong(owner, parameter, value, "a literal")
        return value

    def string(self, owner: Node, parameter: ox.NamedNode, value: Node) -> str:
        """A value that has to be a plain string.

        :raises ShapesError: if it is none.
        """
        if not isinstance(value, ox.Literal) or value.datatype != XSD.string:
            raise wrong(owner, parameter, value, "a plain string")
        return value.value

    def list(self, owner: Node, value: Node) -> list[Node]:
        """The members of a list.

        :raises ShapesError: if it is no list.
        """
        return read_list(self.graph, value, owner)

    def messages(self, owner: Node, parameter: ox.NamedNode) -> tuple[ox.Literal, ...]:
        """Texts for people, each as a string with or without language.

        :raises ShapesError: if one is something else.
        """
        found = [self.literal(owner, parameter, value) for value in self.values(owner, parameter)]
        for each in found:
            if each.datatype not in {XSD.string, RDF.langString}:
                raise wrong(owner, parameter, each, "a text")
        return tuple(sorted(found, key=str))


def wrong(owner: Node, parameter: ox.NamedNode, value: Node, expected: str) -> ShapesError:
    """The error about a value that a parameter cannot have."""
    return ShapesError(owner, f"{show(parameter)} has to be {expected}, not {show(value)}")
