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
from kgraph.shacl.vocabulary import Node
from kgraph.store import Token, substitute, tokens

#: What a query may name without being asked about the data.
SHAPES_GRAPH = ox.NamedNode("urn:x-kgraph:shapes-graph")

#: From so many focus nodes on, they are asked about together; and so many at once.
_FEW = 20
_MANY = 1000

_FORBIDDEN = {
    "minus": "MINUS",
    "values": "VALUES",
    "service": "SERVICE",
    "from": "FROM",
}


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
        whole = prefixes + _without_path(text, path, owner)
        if _form(whole) != form:
            raise ShapesError(owner, f"its query has to be one of the form {form.upper()}")
        _check(owner, whole, prebound)
        late: tuple[str, ...] = ("this",)
        if form == "ask":
            late = ("this", "value")
            whole = _as_select(whole, late)
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
        return substitute(self.text, {name: _mark(name) for name in self.late if name in self.variables})

    @cached_property
    def _with_functions(self) -> str:
        """The text with calls in the place of the variables in expressions, BOUND of them made true."""
        return _with_functions(_without_bound(self.text, frozenset(self.late)), frozenset(self.late))

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
                text = text.replace(str(_mark(name)), str(term))
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
        return _head_of_plain(list(tokens(self.text))) if self.late == ("this",) else None

    def _solve(
        self,
        engine: ox.Store,
        text: str,
        options: Mapping[str, Any],
        bindings: Mapping[str, Node] = MappingProxyType({}),
    ) -> Iterator[dict[str, Node]]:
        functions = {_mark(name): partial(_give, term) for name, term in bindings.items()}
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


def _mark(name: str) -> ox.NamedNode:
    return ox.NamedNode(f"urn:x-kgraph:prebound-{name}")


def _give(node: Node) -> Node:
    return node


def _form(text: str) -> str:
    """`select`, `ask` or whatever keyword of a query form comes first."""
    forms = {"select", "ask", "construct", "describe"}
    return next((t.text.lower() for t in tokens(text) if t.kind == "word" and t.text.lower() in forms), "")


#: What makes it matter whether one focus node is asked about or many.
_NOT_PLAIN = {"optional", "union", "graph", "select", "group", "having", "order", "limit", "offset", "count"}


def _head_of_plain(read: list[Token]) -> int | None:
    """Where the pattern of a query begins that means the same for one focus node and for many; else None.

    Such a query has one group, and `$this` in a triple pattern of it, so that every filter and BIND there
    sees its value. Paths that can have no length are not plain: they lead from what is not in the data, too.
    """
    depth, brackets, selects = 0, 0, 0
    head: int | None = None
    has_this = False
    for previous, token in zip([None, *read], read, strict=False):
        word = token.text.lower() if token.kind == "word" else ""
        if word in _NOT_PLAIN:
            selects += word == "select"
            if word != "select" or selects > 1:
                return None
        elif token.kind == "mark" and depth and not brackets and token.text in "*?+":
            return None
        elif token.text == "{" and token.kind == "mark":
            is_exists = previous is not None and previous.text.lower() == "exists"
            if head is not None and not is_exists:
                return None
            head = head or token.end
            depth += 1
        elif token.kind == "mark":
            depth -= token.text == "}"
            brackets += {"(": 1, ")": -1}.get(token.text, 0)
        elif token.kind == "variable" and token.text[1:] == "this":
            has_this = has_this or (depth == 1 and not brackets)
    return head if has_this else None


def _without_path(text: str, path: str | None, owner: Node) -> str:
    parts, copied = [], 0
    for token in tokens(text):
        if token.kind == "variable" and token.text[1:] == "PATH":
            if path is None:
                raise ShapesError(owner, "uses $PATH, and is not on a property shape")
            parts += [text[copied : token.start], path]
            copied = token.end
    return "".join(parts) + text[copied:]


def _without_bound(text: str, names: frozenset[str]) -> str:
    """`BOUND(?x)` made true for variables that have a value."""
    read = list(tokens(text))
    parts, copied = [], 0
    for word, opening, variable, closing in zip(read, read[1:], read[2:], read[3:], strict=False):
        is_call = word.kind == "word" and word.text.lower() == "bound"
        if is_call and (opening.text, closing.text) == ("(", ")") and variable.text[1:] in names:
            parts += [text[copied : word.start], "(true)"]
            copied = closing.end
    return "".join(parts) + text[copied:]


def _with_functions(text: str, names: frozenset[str]) -> str:
    """A call of a function for each variable that stands in an expression: within round brackets."""
    parts, copied, brackets = [], 0, [""]
    for token in tokens(text):
        if token.kind == "mark" and token.text in "({":
            brackets.append(token.text)
        elif token.kind == "mark" and token.text in ")}" and len(brackets) > 1:
            brackets.pop()
        elif token.kind == "variable" and token.text[1:] in names and brackets[-1] == "(":
            parts += [text[copied : token.start], f"{_mark(token.text[1:])}()"]
            copied = token.end
    return "".join(parts) + text[copied:]


def _as_select(text: str, late: tuple[str, ...]) -> str:
    """An ASK query as a SELECT with one solution at most: only these can be given blank nodes."""
    read = list(tokens(text))
    ask = next(t for t in read if t.kind == "word" and t.text.lower() == "ask")
    used = {t.text[1:] for t in read if t.kind == "variable"}
    projected = " ".join(f"?{name}" for name in late if name in used) or "*"
    return f"{text[: ask.start]}SELECT {projected} {text[ask.end :]} LIMIT 1"


def _check(owner: Node, text: str, prebound: frozenset[str]) -> None:
    """Refuse what pre-binding leaves without meaning.

    Source: SHACL 1.0, appendix A.
    """
    read = list(tokens(text))
    for previous, token in zip([None, *read], read, strict=False):
        if token.kind == "word" and token.text.lower() in _FORBIDDEN:
            raise ShapesError(
                owner, f"its query uses {_FORBIDDEN[token.text.lower()]}, which SHACL does not allow"
            )
        is_assigned = previous is not None and previous.kind == "word" and previous.text.lower() == "as"
        if is_assigned and token.kind == "variable" and token.text[1:] in prebound:
            raise ShapesError(owner, f"its query gives {token.text} a value, which it has already")
    for depth, projected, body in _selects(read):
        if "*" in projected:
            # Whatever the pattern binds; a variable in filters alone is not among it.
            missing = [] if depth == 0 else sorted(prebound & body)
        elif depth == 0:
            missing = [] if "this" in projected else ["this"]
        else:
            missing = sorted(({"this"} | (prebound & body)) - projected)
        if missing:
            raise ShapesError(owner, f"a SELECT in its query does not return ${missing[0]}")


def _selects(read: list[Token]) -> Iterator[tuple[int, set[str], set[str]]]:
    """Each SELECT: how deep it lies, what it projects (`*` for all), which variables its body holds."""
    depth = 0
    for i, token in enumerate(read):
        depth += {"{": 1, "}": -1}.get(token.text, 0) if token.kind == "mark" else 0
        if token.kind == "word" and token.text.lower() == "select":
            yield depth, *_select(read[i + 1 :])


def _select(read: list[Token]) -> tuple[set[str], set[str]]:
    projected: set[str] = set()
    body: set[str] = set()
    depth, brackets = 0, 0
    for token in read:
        if token.kind == "mark":
            depth += {"{": 1, "}": -1}.get(token.text, 0)
            brackets += {"(": 1, ")": -1}.get(token.text, 0)
            if depth == 0 and token.text == "}":
                break
        if token.kind == "variable" and depth:
            body.add(token.text[1:])
        elif token.kind == "variable" and not brackets:
            projected.add(token.text[1:])
        elif not depth and token.text == "*" and not brackets:
            projected.add("*")
    return projected, body
