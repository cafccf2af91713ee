"""Which focus nodes a changed triple can matter to, in a SPARQL query.

A triple matters to a focus node only where it matches a pattern of the query together with the patterns
that have to match beside it. So one walks from the triple along these patterns to `$this`. Where no
such way exists, all focus nodes may be touched: that is never wrong, only slow.

Source: SPARQL 1.1 Query, section 18.2 (translation to the algebra).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import pyoxigraph as ox

from kgraph.shacl.data import Data
from kgraph.shacl.paths import Alternative, Inverse, Path, Predicate, Repeat, Sequence_
from kgraph.shacl.vocabulary import Node

#: The end of a triple pattern: the name of a variable, or a node.
End = str | Node


@dataclass(frozen=True, slots=True)
class Pattern:
    """A triple pattern.

    :param path: None where a variable stands in the place of the predicate.
    """

    subject: End
    path: Path | None
    object: End

    @property
    def variables(self) -> frozenset[str]:
        """Names of the variables at its ends."""
        return frozenset(end for end in (self.subject, self.object) if isinstance(end, str))

    def match(
        self, data: Data, subject: Node, predicate: ox.NamedNode, object_: Node
    ) -> list[Mapping[str, Node]]:
        """What its variables can be if a triple has a part in it."""
        if self.path is None or isinstance(self.path, Predicate):
            if self.path is not None and self.path.iri != predicate:
                return []
            bound = _bind(self.subject, subject, _bind(self.object, object_, {}))
            return [] if bound is None else [bound]
        starts = [
            s
            for step in self.path.steps()
            if step.predicate == predicate
            for s in step.starts(data, subject, object_)
        ]
        bound_starts = (_bind(self.subject, start, {}) for start in starts)
        return [bound for bound in bound_starts if bound is not None]

    def follow(self, data: Data, name: str, node: Node, wanted: str) -> set[Node] | None:
        """What `wanted`, at one end, can be if `name`, at the other, is a node; None if unknown."""
        found: set[Node] = set()
        if name == self.subject and wanted == self.object:
            if self.path is None:
                found |= {object_ for _, object_ in data.about(node)}
            else:
                found |= set(self.path.walk(data, node))
        if name == self.object and wanted == self.subject:
            if self.path is None:
                return None
            found |= set(self.path.walk(data, node, backwards=True))
        return found


def _bind(end: End, node: Node, bound: Mapping[str, Node] | None) -> Mapping[str, Node] | None:
    if bound is None:
        return None
    if not isinstance(end, str):
        return bound if end == node else None
    return None if bound.get(end, node) != node else {**bound, end: node}


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A pattern of a query with those that have to match beside it."""

    pattern: Pattern
    companions: tuple[Pattern, ...]

    def way_to(self, start: frozenset[str], goal: str) -> list[tuple[str, Pattern, str]] | None:
        """The shortest way from some variables to another along the companions; None if there is none."""
        trails: dict[str, list[tuple[str, Pattern, str]]] = {name: [] for name in start}
        open_ = list(start)
        while open_ and goal not in trails:
            name = open_.pop(0)
            for pattern in self.companions:
                for other in pattern.variables - {name} if name in pattern.variables else ():
                    if other not in trails:
                        trails[other] = [*trails[name], (name, pattern, other)]
                        open_.append(other)
        return trails.get(goal)


@dataclass(frozen=True)
class QueryReach:
    """The triple patterns of a query.

    :param occurrences: None if the query is not understood, or looks into named graphs.
    """

    occurrences: tuple[Occurrence, ...] | None

    @property
    def predicates(self) -> frozenset[ox.NamedNode] | None:
        """All predicates that it can look at; None for any."""
        found: set[ox.NamedNode] = set()
        for occurrence in self.occurrences if self.occurrences is not None else ():
            if occurrence.pattern.path is None:
                return None
            found |= {step.predicate for step in occurrence.pattern.path.steps()}
        return None if self.occurrences is None else frozenset(found)

    def reached(
        self, data: Data, triples: Sequence[tuple[Node, ox.NamedNode, Node]], goal: str
    ) -> set[Node] | None:
        """What a variable can be in solutions that some triples have a part in; None for anything.

        :param data: holds both what was and what will be.
        """
        found: set[Node] = set()
        for occurrence in self.occurrences or ():
            for triple in triples:
                for bound in occurrence.pattern.match(data, *triple):
                    nodes = _nodes_at(data, occurrence, bound, goal)
                    if nodes is None:
                        return None
                    found |= nodes
        return None if self.occurrences is None and triples else found


def _nodes_at(data: Data, occurrence: Occurrence, bound: Mapping[str, Node], goal: str) -> set[Node] | None:
    if goal in bound:
        return {bound[goal]}
    way = occurrence.way_to(frozenset(bound), goal)
    if way is None:
        return None
    nodes = {bound[way[0][0]]}
    for name, pattern, other in way:
        following: set[Node] = set()
        for node in nodes:
            found = pattern.follow(data, name, node, other)
            if found is None:
                return None
            following |= found
        nodes = following
    return nodes


class _NotUnderstood(Exception):
    pass


@lru_cache(maxsize=512)
def reach_of(text: str) -> QueryReach:
    """The patterns of a query.

    :param text: a SELECT query without relative IRIs.
    """
    from rdflib.plugins.sparql.algebra import translateQuery
    from rdflib.plugins.sparql.parser import parseQuery

    try:
        algebra = translateQuery(parseQuery(text)).algebra
        return QueryReach(tuple(_occurrences(algebra, ())))
    except Exception:  # noqa: BLE001 - whatever rdflib stumbles over, all focus nodes are then checked
        return QueryReach(None)


def _occurrences(part: Any, context: tuple[Pattern, ...]) -> Iterator[Occurrence]:
    """The patterns in a part of the algebra; `context` has to match beside it."""
    name = getattr(part, "name", None)
    if name == "BGP":
        patterns = _patterns(part)
        for pattern in patterns:
            yield Occurrence(pattern, context + tuple(patterns))
    elif name == "Join":
        yield from _occurrences(part["p1"], context + _required(part["p2"]))
        yield from _occurrences(part["p2"], context + _required(part["p1"]))
    elif name in {"LeftJoin", "Minus"}:
        left = context + _required(part["p1"])
        yield from _occurrences(part["p1"], context)
        yield from _occurrences(part["p2"], left)
        yield from _occurrences(dict(part).get("expr"), left + _required(part["p2"]))
    elif name == "Graph":
        raise _NotUnderstood
    elif name == "ToMultiSet":
        # A query inside: its variables are its own, but for those that it returns.
        yield from _occurrences(part["p"], ())
    elif name in {"Builtin_EXISTS", "Builtin_NOTEXISTS"}:
        yield from _occurrences(_translated(part["graph"]), context)
    elif name in _UNTRANSLATED:
        raise _NotUnderstood
    elif isinstance(part, dict):
        inner = context + (_required(part["p"]) if name in {"Filter", "Extend"} else ())
        for key, value in part.items():
            yield from _occurrences(value, context if key == "p" else inner)
    elif isinstance(part, (list, tuple, set)):
        for each in part:
            yield from _occurrences(each, context)


#: What the parser makes of patterns, before they are algebra.
_UNTRANSLATED = {
    "GroupGraphPatternSub",
    "GroupOrUnionGraphPattern",
    "GraphGraphPattern",
    "InlineData",
    "MinusGraphPattern",
    "OptionalGraphPattern",
    "ServiceGraphPattern",
    "SubSelect",
    "TriplesBlock",
}


def _translated(pattern: Any) -> Any:
    """The algebra of the pattern in an EXISTS, which rdflib leaves as it was parsed in some places."""
    from rdflib.plugins.sparql.algebra import translateGroupGraphPattern

    is_parsed = getattr(pattern, "name", "") == "GroupGraphPatternSub"
    return translateGroupGraphPattern(pattern) if is_parsed else pattern


def _required(part: Any) -> tuple[Pattern, ...]:
    """The patterns that match wherever a part of the algebra has a solution."""
    name = getattr(part, "name", None)
    if name == "BGP":
        return tuple(_patterns(part))
    if name == "Join":
        return _required(part["p1"]) + _required(part["p2"])
    if name in {"LeftJoin", "Minus"}:
        return _required(part["p1"])
    if name in {"Filter", "Extend"}:
        return _required(part["p"])
    return ()


def _patterns(bgp: Any) -> list[Pattern]:
    return [Pattern(_end(s), _path(p), _end(o)) for s, p, o in bgp["triples"]]


def _end(term: Any) -> End:
    from rdflib.term import BNode, Literal, URIRef, Variable

    if isinstance(term, Variable):
        return str(term)
    if isinstance(term, BNode):
        return f"_:{term}"  # stands for anything, as a variable does
    if isinstance(term, URIRef):
        return ox.NamedNode(str(term))
    if isinstance(term, Literal):
        # The engine compares values: a literal in a pattern may stand for several spellings.
        return f"_:literal {term.n3()}"
    raise _NotUnderstood


def _path(term: Any) -> Path | None:
    from rdflib import paths
    from rdflib.term import URIRef, Variable

    if isinstance(term, Variable):
        return None
    if isinstance(term, URIRef):
        return Predicate(ox.NamedNode(str(term)))
    parts = tuple(_known_path(each) for each in getattr(term, "args", ()))
    if isinstance(term, paths.SequencePath):
        return Sequence_(parts)
    if isinstance(term, paths.AlternativePath):
        return Alternative(parts)
    if isinstance(term, paths.InvPath):
        return Inverse(_known_path(term.arg))
    if isinstance(term, paths.MulPath):
        return Repeat(_known_path(term.path), term.mod)
    raise _NotUnderstood


def _known_path(term: Any) -> Path:
    path = _path(term)
    if path is None:
        raise _NotUnderstood
    return path
