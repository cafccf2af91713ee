"""Constraint components that a shapes graph declares for itself.

Source: SHACL 1.0, section 6.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pyoxigraph as ox

from kgraph.namespaces import local_name
from kgraph.shacl.constraints.sparql import PREBOUND, prefixes_of, result_of, surroundings
from kgraph.shacl.errors import ShapesError
from kgraph.shacl.known import is_of_shacl, refuse_unknown_terms
from kgraph.shacl.prebinding import PreboundQuery
from kgraph.shacl.query_reach import reach_of
from kgraph.shacl.reading import Reader
from kgraph.shacl.shapes import Constraint, Found, Shape, Values
from kgraph.shacl.vocabulary import SH, Node, show

if TYPE_CHECKING:
    from kgraph.shacl.changes import Delta
    from kgraph.shacl.validation import Run


#: Variables that have a meaning of their own.
_RESERVED = PREBOUND | {"path", "PATH", "value"}


@dataclass(frozen=True)
class DeclaredConstraint(Constraint):
    """A constraint of a declared component.

    :param is_ask: whether the query is asked of each value, and false is a violation; else its solutions are.
    :param parameters: their values, for messages.
    """

    component: ox.NamedNode  # type: ignore[misc]  # of the instance here, not of the class
    query: PreboundQuery
    is_ask: bool
    messages: tuple[ox.Literal, ...]
    parameters: Mapping[str, Node] = field(hash=False)

    def check(self, run: "Run", shape: Shape, values: Values) -> Iterator[Found]:  # noqa: D102
        engine, options = run.engine_for(self.query)
        messages = shape.messages or self.messages
        for focus, own in values.of.items():
            if not self.is_ask:
                for solution in self.query.solutions(engine, options, focus):
                    told = {**self.parameters, **solution}
                    yield focus, result_of(self, shape, focus, told, messages, None)
                continue
            for value in own:
                if next(self.query.solutions(engine, options, focus, value), None) is None:
                    told = {**self.parameters, "this": focus, "value": value}
                    yield focus, result_of(self, shape, focus, told, messages, None)

    @property
    def predicates(self) -> frozenset[ox.NamedNode] | None:  # noqa: D102
        return reach_of(self.query.text).predicates

    def focus_touched_by(self, delta: "Delta", shape: Shape) -> Collection[Node] | None:  # noqa: D102
        # A validator of values can reach the data from a value as well as from the focus node.
        return delta.reached_by(self.query.text) if not self.is_ask else delta.all_if_named(self.query.text)

    def expectation(self) -> str:  # noqa: D102
        return f"The value has to satisfy {show(self.component)}."


@dataclass(frozen=True)
class Component:
    """A declared component: its parameters and its validators.

    :param mandatory: predicates of the parameters that a shape needs to use it.
    """

    node: ox.NamedNode
    mandatory: frozenset[ox.NamedNode]
    optional: frozenset[ox.NamedNode]

    @property
    def parameters(self) -> frozenset[ox.NamedNode]:
        """All of them."""
        return self.mandatory | self.optional

    def constraints(self, reader: Reader, shape: Shape) -> Iterator[DeclaredConstraint]:
        """The constraints that a shape has by it.

        :raises ShapesError: if a parameter has several values where only one makes sense, or there is no
            validator for such a shape.
        """
        owner = shape.node
        if not all(reader.values(owner, parameter) for parameter in self.mandatory):
            return
        if len(self.parameters) == 1:
            (parameter,) = self.parameters
            choices = [{parameter: value} for value in reader.values(owner, parameter)]
        else:
            single = {parameter: reader.one(owner, parameter) for parameter in self.parameters}
            choices = [{p: value for p, value in single.items() if value is not None}]
        for chosen in choices:
            yield self._constraint(reader, shape, {local_name(p.value): v for p, v in chosen.items()})

    def _constraint(self, reader: Reader, shape: Shape, given: Mapping[str, Node]) -> DeclaredConstraint:
        validator, query = self._validator(reader, shape)
        is_ask = query == SH.ask
        names = {local_name(parameter.value) for parameter in self.parameters}
        text = reader.one(validator, query)
        if text is None:
            raise ShapesError(validator, f"needs a query ({show(query)})")
        read = PreboundQuery.read(
            validator,
            prefixes_of(reader, validator),
            reader.string(validator, query, text),
            form="ask" if is_ask else "select",
            prebound=PREBOUND | names | ({"value"} if is_ask else set()),
            path=shape.path.sparql if shape.path is not None else None,
        )
        bound = read.bind({**given, **surroundings(read, shape)})
        messages = reader.messages(validator, SH.message) or reader.messages(self.node, SH.message)
        return DeclaredConstraint(self.node, bound, is_ask, messages, given)

    def _validator(self, reader: Reader, shape: Shape) -> tuple[Node, ox.NamedNode]:
        """The validator for a shape, and where its query stands.

        Source: SHACL 1.0, section 6.2.3 (selection of validators).
        """
        special = SH.nodeValidator if shape.path is None else SH.propertyValidator
        for predicate, query in ((special, SH.select), (SH.validator, SH.ask)):
            found = sorted(reader.values(self.node, predicate), key=str)
            if found:
                refuse_unknown_terms(reader.graph, found[0])
                return found[0], query
        raise ShapesError(shape.node, f"uses {show(self.node)}, which has no validator for such shapes")


def read_components(reader: Reader) -> tuple[Component, ...]:
    """The components that a shapes graph declares.

    :raises ShapesError: if one is ill-formed.
    """
    nodes = reader.graph.instances(SH.ConstraintComponent)
    own = [node for node in nodes if not is_of_shacl(node)]
    return tuple(_read(reader, node) for node in sorted(own, key=str))


def _read(reader: Reader, node: Node) -> Component:
    if not isinstance(node, ox.NamedNode):
        raise ShapesError(node, "a constraint component has to be an IRI")
    refuse_unknown_terms(reader.graph, node)
    mandatory, optional = set[ox.NamedNode](), set[ox.NamedNode]()
    for parameter in reader.values(node, SH.parameter):
        path = reader.one(parameter, SH.path)
        if not isinstance(path, ox.NamedNode):
            raise ShapesError(node, "a parameter needs a sh:path that is an IRI")
        (optional if reader.boolean(parameter, SH.optional) else mandatory).add(path)
    names = [local_name(parameter.value) for parameter in mandatory | optional]
    for name in names:
        if not re.fullmatch(r"[^\W\d]\w*", name) or name in _RESERVED or names.count(name) > 1:
            raise ShapesError(node, f"the parameter {name} cannot be a variable of its own in a query")
    if not mandatory:
        raise ShapesError(node, "a constraint component needs a parameter that is not optional")
    return Component(node, frozenset(mandatory), frozenset(optional))
