"""SPARQL queries with variables that have a value before the query begins.

The value goes in as text where it is an IRI, which is exact wherever it stands. Blank nodes and literals
cannot be written everywhere a variable can. In patterns, the engine is given these as bindings; in
expressions, where it would take these for unbound, a function that gives the node stands for the variable.

Source: SHACL 1.0, sections 5.2.1 and appendix A (pre-binding); its limits are checked when shapes are loaded.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, partial
from types import MappingProxyType
from typing import Any

import pyoxigraph as ox

from kgraph.errors import GateError
from kgraph.shacl.errors import ShapesError
from kgraph.shacl.expressions import solve
from kgraph.shacl.query_text import (
    as_select,
    check_prebound,
    form_of,
    head_of_plain,
    mark,
    with_calls,
    with_path,
    without_bound,
)
from kgraph.shacl.vocabulary import Node
from kgraph.store import substitute, tokens

#: What a query may name without being asked about the data.
SHAPES_GRAPH = ox.NamedNode("urn:x-kgraph:shapes-graph")

#: From so many focus nodes on, they are asked about together; and so many at once.
_FEW = 20
_MANY = 1000


@dataclass(frozen=True)
class PreboundQuery:
    """A SELECT query, or an ASK query made one, whose variables partly have a value before it begins.

    :param text: with its prefixes; `$PATH` has been written out.
    :param owner: the node of the shapes graph that holds it, for errors.
    :param late: the variables that get a value with each evaluation; the others have theirs in the text.
    :param asks_shapes: whether it looks into the shapes graph.
    """

    text: str
    owner: Node
    late: tuple[str, ...] = ("this",)
    asks_shapes: bool = False

    @classmethod
    def read(
        cls,
        owner: Node,
        prefixes: str,
        text: str,
        *,
        form: str,
        prebound: frozenset[str],
        path: str | None = None,
    ) -> "PreboundQuery":
        """A query from a shapes graph.

        :param form: what it has to be, `select` or `ask`.
        :param prebound: variables that will have a value, `this` among them.
        :param path: what `$PATH` stands for, in SPARQL.
        :raises ShapesError: if it is malformed, or does what pre-binding does not allow.
        """
        whole = prefixes + with_path(text, path, owner)
        if form_of(whole) != form:
            raise ShapesError(owner, f"its query has to be one of the form {form.upper()}")
        check_prebound(owner, whole, prebound)
        late: tuple[str, ...] = ("this",)
        if form == "ask":
            late = ("this", "value")
            whole = as_select(whole, late)
        query = cls(whole, owner, late, asks_shapes="shapesGraph" in {t.text[1:] for t in tokens(whole)})
        query._try()
        return query

    @cached_property
    def variables(self) -> frozenset[str]:
        """Every variable in it."""
        return frozenset(token.text[1:] for token in tokens(self.text) if token.kind == "variable")

    @cached_property
    def _template(self) -> str:
        """The text with marks in the place of `$this` and `$value`, and BOUND of them made true."""
        return substitute(self.text, {name: mark(name) for name in self.late if name in self.variables})

    @cached_property
    def _with_functions(self) -> str:
        """The text with calls in the place of the variables in expressions, BOUND of them made true."""
        return with_calls(without_bound(self.text, frozenset(self.late)), frozenset(self.late))

    def bind(self, terms: Mapping[str, Node]) -> "PreboundQuery":
        """The query with some variables, such as a component's parameters, replaced for good.

        :raises ShapesError: if a value is a blank node, which no query can name.
        """
        bound: dict[str, ox.NamedNode | ox.Literal] = {}
        for name, term in terms.items():
            if isinstance(term, ox.BlankNode):
                raise ShapesError(self.owner, f"${name} would be a blank node, which a query cannot name")
            if name in self.variables:
                bound[name] = term
        return PreboundQuery(substitute(self.text, bound), self.owner, self.late, self.asks_shapes)

    def solutions(
        self, engine: ox.Store, options: Mapping[str, Any], this: Node, value: Node | None = None
    ) -> Iterator[Mapping[str, Node]]:
        """Its solutions for a focus node.

        :param value: what `$value` stands for, in validators of values.
        :raises GateError: if the engine cannot evaluate it.
        """
        given = {"this": this} if value is None else {"this": this, "value": value}
        terms = {name: term for name, term in given.items() if name in self.late and name in self.variables}
        if all(isinstance(term, ox.NamedNode) for term in terms.values()):
            text = self._template
            for name, term in terms.items():
                text = text.replace(str(mark(name)), str(term))
            solutions = self._solve(engine, text, options)
        else:
            solutions = self._solve(engine, self._with_functions, options, terms)
        for solution in solutions:
            yield solution | terms

    def solutions_of_many(
        self, engine: ox.Store, options: Mapping[str, Any], focus: Iterable[Node]
    ) -> Iterator[tuple[Node, Mapping[str, Node]]]:
        """Its solutions for many focus nodes, each with its node; many are asked about at once where one can.

        :raises GateError: as `solutions`.
        """
        together: list[Node] = []
        for node in focus:
            if isinstance(node, ox.NamedNode) and self._head is not None:
                together.append(node)
            else:
                for solution in self.solutions(engine, options, node):
                    yield node, solution
        if len(together) < _FEW or self._head is None:
            for node in together:
                for solution in self.solutions(engine, options, node):
                    yield node, solution
            return
        for start in range(0, len(together), _MANY):
            rows = " ".join(map(str, together[start : start + _MANY]))
            text = f"{self.text[: self._head]} VALUES ?this {{ {rows} }} {self.text[self._head :]}"
            for solution in self._solve(engine, text, options):
                yield solution["this"], solution

    @cached_property
    def _head(self) -> int | None:
        """Where the pattern begins, behind its brace; None if only one focus node can be asked about."""
        return head_of_plain(list(tokens(self.text))) if self.late == ("this",) else None

    def _solve(
        self,
        engine: ox.Store,
        text: str,
        options: Mapping[str, Any],
        bindings: Mapping[str, Node] = MappingProxyType({}),
    ) -> Iterator[dict[str, Node]]:
        functions = {mark(name): partial(_give, term) for name, term in bindings.items()}
        try:
            yield from solve(engine, text, options, bindings, functions)
        except (SyntaxError, RuntimeError, ValueError, OSError) as exc:
            raise GateError(f"the query of {self.owner} could not be evaluated: {exc}") from exc

    def _try(self) -> None:
        """Run it on nothing: what is malformed is found now."""
        try:
            for some in (ox.NamedNode("urn:x-kgraph:some"), ox.BlankNode()):
                for _ in self.solutions(ox.Store(), {}, some, some):
                    pass
        except GateError as exc:
            raise ShapesError(self.owner, f"its query is malformed: {exc.__cause__}") from exc


def _give(node: Node) -> Node:
    return node
