"""Constraints that are SPARQL queries.

Source: SHACL 1.0, section 5.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyoxigraph as ox

from kgraph.errors import GateError
from kgraph.shacl.errors import ShapesError
from kgraph.shacl.known import refuse_unknown_terms
from kgraph.shacl.paths import Path, Predicate
from kgraph.shacl.prebinding import SHAPES_GRAPH, PreboundQuery
from kgraph.shacl.query_reach import reach_of
from kgraph.shacl.reading import Reader
from kgraph.shacl.results import ValidationResult
from kgraph.shacl.shapes import Constraint, Found, Shape, Values
from kgraph.shacl.vocabulary import OWL, SH, XSD, Node, show

if TYPE_CHECKING:
    from kgraph.shacl.changes import Delta
    from kgraph.shacl.validation import Run

#: What has a value in every query of a constraint.
PREBOUND = frozenset({"this", "shapesGraph", "currentShape"})


@dataclass(frozen=True, slots=True)
class SparqlConstraint(Constraint):
    """A SELECT query whose solutions are violations.

    :param node: the constraint in the shapes graph.
    :param messages: templates, with `{?name}` for what a solution binds.
    """

    component = SH.SPARQLConstraintComponent
    node: Node
    query: PreboundQuery
    messages: tuple[ox.Literal, ...]

    def check(self, run: "Run", shape: Shape, values: Values) -> Iterator[Found]:  # noqa: D102
        engine, options = run.engine_for(self.query)
        messages = self.messages or shape.messages
        for focus, solution in self.query.solutions_of_many(engine, options, values.of):
            yield focus, result_of(self, shape, focus, solution, messages, self.node)

    @property
    def predicates(self) -> frozenset[ox.NamedNode] | None:  # noqa: D102
        return reach_of(self.query.text).predicates

    def focus_touched_by(self, delta: "Delta", shape: Shape) -> Collection[Node] | None:  # noqa: D102
        return delta.reached_by(self.query.text)

    def expectation(self) -> str:  # noqa: D102
        return "The node must not match the pattern that the query of the shape looks for."


def sparql_constraints(reader: Reader, shape: Shape) -> Iterator[SparqlConstraint]:
    """The SPARQL-based constraints of a shape.

    :raises ShapesError: if one has not exactly one query, or a query that cannot be used.
    """
    for node in reader.values(shape.node, SH.sparql):
        refuse_unknown_terms(reader.graph, node)
        if reader.boolean(node, SH.deactivated):
            continue
        select = reader.one(node, SH.select)
        if select is None:
            raise ShapesError(shape.node, "its sh:sparql needs a query (sh:select)")
        query = PreboundQuery.read(
            shape.node,
            prefixes_of(reader, node),
            reader.string(node, SH.select, select),
            form="select",
            prebound=PREBOUND,
            path=shape.path.sparql if shape.path is not None else None,
        )
        yield SparqlConstraint(
            node, query.bind(surroundings(query, shape)), reader.messages(node, SH.message)
        )


def surroundings(query: PreboundQuery, shape: Shape) -> Mapping[str, Node]:
    """What `$currentShape` and `$shapesGraph` stand for, where a query names them."""
    given: dict[str, Node] = {"currentShape": shape.node, "shapesGraph": SHAPES_GRAPH}
    return {name: term for name, term in given.items() if name in query.variables}


def prefixes_of(reader: Reader, node: Node) -> str:
    """The PREFIX lines that a query was declared with.

    :raises ShapesError: if a declaration is ill-formed, or two differ.

    Source: SHACL 1.0, section 5.2.1 (prefix declarations).
    """
    declared: dict[str, str] = {}
    open_, seen = list(reader.values(node, SH.prefixes)), set[Node]()
    while open_:
        owner = open_.pop()
        if owner in seen:
            continue
        seen.add(owner)
        open_ += reader.values(owner, OWL.imports)
        for declaration in reader.values(owner, SH.declare):
            prefix, namespace = _declared(reader, declaration)
            if declared.setdefault(prefix, namespace) != namespace:
                raise ShapesError(owner, f"the prefix {prefix}: stands for two namespaces")
    return "".join(f"PREFIX {prefix}: <{namespace}>\n" for prefix, namespace in sorted(declared.items()))


def _declared(reader: Reader, declaration: Node) -> tuple[str, str]:
    prefix, namespace = reader.one(declaration, SH.prefix), reader.one(declaration, SH.namespace)
    if not isinstance(namespace, ox.Literal) or namespace.datatype not in {XSD.anyURI, XSD.string}:
        raise ShapesError(declaration, "a prefix declaration needs a sh:namespace, an xsd:anyURI")
    if prefix is None:
        raise ShapesError(declaration, "a prefix declaration needs a sh:prefix")
    return reader.string(declaration, SH.prefix, prefix), namespace.value


def result_of(
    constraint: Constraint,
    shape: Shape,
    focus: Node,
    solution: Mapping[str, Node],
    templates: tuple[ox.Literal, ...],
    source: Node | None,
) -> ValidationResult:
    """The validation result of one solution.

    :raises GateError: if the query says by ?failure that it failed.

    Source: SHACL 1.0, section 5.3.2 (mapping of solution bindings).
    """
    failure = solution.get("failure")
    if isinstance(failure, ox.Literal) and failure.datatype == XSD.boolean and failure.value in {"true", "1"}:
        raise GateError(f"the query of shape {show(shape.node)} reports a failure at {show(focus)}")
    value = solution.get("value", focus if shape.path is None else None)
    told = solution.get("message")
    messages = (told,) if isinstance(told, ox.Literal) else tuple(fill(each, solution) for each in templates)
    return ValidationResult(
        focus_node=focus,
        path=_path(shape, solution.get("path")),
        value=value,
        source_shape=shape.node,
        component=constraint.component,
        severity=shape.severity,
        messages=messages or (ox.Literal(constraint.expectation()),),
        source_constraint=source,
        shape=shape,
        constraint=constraint,
    )


def _path(shape: Shape, told: Node | None) -> Path | None:
    return Predicate(told) if isinstance(told, ox.NamedNode) else shape.path


def fill(template: ox.Literal, solution: Mapping[str, Node]) -> ox.Literal:
    """A message with what a solution binds in the place of `{?name}` and `{$name}`.

    Source: SHACL 1.0, section 5.2.2.
    """

    def written(match: re.Match[str]) -> str:
        term = solution.get(match[1])
        if term is None:
            return match[0]
        return show(term) if isinstance(term, ox.NamedNode) and not _in_brackets(match) else term.value

    text = _PLACEHOLDER.sub(written, template.value)
    return ox.Literal(text, language=template.language) if template.language else ox.Literal(text)


_PLACEHOLDER = re.compile(r"\{[?$](\w+)\}")


def _in_brackets(match: re.Match[str]) -> bool:
    """Whether the template itself writes `<{?name}>`."""
    return match.string[: match.start()].endswith("<")
