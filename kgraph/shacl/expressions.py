"""What only the engine can tell of terms: how SPARQL compares them, and whether a text matches a pattern.

Whole sets are asked at once: a query for each term would cost more than all the rest.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from types import MappingProxyType
from typing import Any

import pyoxigraph as ox

from kgraph.errors import GateError
from kgraph.shacl.datatypes import is_well_formed
from kgraph.shacl.vocabulary import Node

#: Terms in one query.
_BATCH = 10_000

_EMPTY = ox.Store()


def failing_pairs(condition: str, pairs: Iterable[tuple[Node, Node]]) -> list[tuple[Node, Node]]:
    """The pairs of which a SPARQL condition on ?a and ?b is not true: false, or an error.

    Blank nodes and ill-formed literals have no order, whatever the engine makes of them.
    """
    failing: list[tuple[Node, Node]] = []
    asked: list[tuple[Node, Node]] = []
    for pair in pairs:
        (asked if all(map(_has_value, pair)) else failing).append(pair)
    for start in range(0, len(asked), _BATCH):
        batch = asked[start : start + _BATCH]
        rows = "\n".join(f"({i} {a} {b})" for i, (a, b) in enumerate(batch))
        text = f"SELECT ?i {{ VALUES (?i ?a ?b) {{ {rows} }} FILTER(!COALESCE({condition}, false)) }}"
        failing += [batch[i] for i in _numbers(text)]
    return failing


def failing_texts(pattern: str, flags: str, texts: Collection[str]) -> set[str]:
    """The texts that a regular expression, which `check_pattern` took, does not match.

    Source: SPARQL 1.1 Query, section 17.4.3.14 (REGEX).
    """
    expression = f"REGEX(?text, {ox.Literal(pattern)}, {ox.Literal(flags)})"
    listed = list(texts)
    failing: set[str] = set()
    for start in range(0, len(listed), _BATCH):
        batch = listed[start : start + _BATCH]
        rows = "\n".join(f"({i} {ox.Literal(text)})" for i, text in enumerate(batch))
        text = f"SELECT ?i {{ VALUES (?i ?text) {{ {rows} }} FILTER(!{expression}) }}"
        failing.update(batch[i] for i in _numbers(text))
    return failing


def check_pattern(pattern: str, flags: str) -> None:
    """Whether the engine knows a regular expression.

    :raises GateError: if not.
    """
    text = f"SELECT ?known {{ BIND(REGEX('', {ox.Literal(pattern)}, {ox.Literal(flags)}) AS ?known) }}"
    (solution,) = solve(_EMPTY, text)
    if not solution:
        raise GateError(f"“{pattern}” is no regular expression that can be used here (flags “{flags}”)")


def _has_value(node: Node) -> bool:
    return isinstance(node, ox.NamedNode) or (isinstance(node, ox.Literal) and is_well_formed(node))


def _numbers(text: str) -> list[int]:
    return [int(solution["i"].value) for solution in solve(_EMPTY, text)]


def solve(
    engine: ox.Store,
    text: str,
    options: Mapping[str, Any] = MappingProxyType({}),
    substitutions: Mapping[str, Node] = MappingProxyType({}),
    functions: Mapping[ox.NamedNode, Callable[[], Node]] = MappingProxyType({}),
) -> list[dict[str, Node]]:
    """The solutions of a SELECT query, each with the variables that it binds.

    :raises SyntaxError, RuntimeError, ValueError, OSError: as the engine does.
    """
    given: Any = {ox.Variable(name): term for name, term in substitutions.items()}
    found: Any = engine.query(text, substitutions=given, custom_functions=dict(functions), **options)
    try:
        names = [variable.value for variable in found.variables]
        return [
            {name: term for name, term in zip(names, solution, strict=True) if term is not None}
            for solution in found
        ]
    finally:
        # It may be dropped in no other thread than this, not even by whoever keeps a traceback.
        del found
