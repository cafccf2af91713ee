"""Shapes graphs that differ from a given one in one constraint."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import pyoxigraph as ox
from reports import Index, Node, sh

from kgraph.namespaces import RDF, XSD

Triples = frozenset[ox.Triple]

_TYPE, _FIRST, _REST = (ox.NamedNode(RDF[name]) for name in ("type", "first", "rest"))
_OTHER = ox.NamedNode("urn:other")

#: What is left out, each triple by itself.
_DROPPED = (
    *("targetClass", "targetNode", "targetSubjectsOf", "targetObjectsOf", "property", "node", "not", "or"),
    *(
        "class",
        "datatype",
        "nodeKind",
        "in",
        "hasValue",
        "pattern",
        "uniqueLang",
        "lessThan",
        "lessThanOrEquals",
    ),
    *("minCount", "maxCount", "minInclusive", "maxInclusive", "minLength", "sparql"),
)
#: What is put in the place of a value, or of the predicate with it.
_CHANGED: dict[str, list[ox.NamedNode]] = {
    "class": [_OTHER],
    "hasValue": [_OTHER],
    "targetClass": [_OTHER],
    "targetSubjectsOf": [_OTHER],
    "targetObjectsOf": [_OTHER],
    "inversePath": [_OTHER],
    "lessThan": [_OTHER],
    "lessThanOrEquals": [_OTHER],
    "path": [_OTHER],
    "datatype": [ox.NamedNode(XSD.time)],
    "nodeKind": [sh("BlankNode")],
}
_INSTEAD = {
    "lessThan": "lessThanOrEquals",
    "lessThanOrEquals": "lessThan",
    "minInclusive": "minExclusive",
    "maxInclusive": "maxExclusive",
    "targetSubjectsOf": "targetObjectsOf",
    "targetObjectsOf": "targetSubjectsOf",
}
_NUMBERS = {"minCount": (-1, 1), "maxCount": (-1, 1), "minInclusive": (-1, 1), "maxInclusive": (-1, 1)}


@dataclass(frozen=True)
class Mutant:
    """What was changed, in words, and the shapes graph that came of it."""

    change: str
    triples: Triples


def mutants(triples: Triples) -> Iterator[Mutant]:
    """All mutants of a shapes graph; none of its constraints is left untouched."""
    index = Index(triples)
    for triple in sorted(triples, key=str):
        name = _name(triple.predicate)
        if triple.predicate != sh(name):
            continue
        if name in _DROPPED:
            yield _swap(triples, [triple], [], f"without {_show(triple)}")
        for new in _changes(name, triple):
            yield _swap(triples, [triple], [new], f"{_show(triple)} → {_show(new)}")
        if name in ("in", "or"):
            yield from _shorter_lists(triples, index, triple)
        if name == "select":
            for change, text in _queries(triple.object.value):
                new = ox.Triple(triple.subject, triple.predicate, ox.Literal(text))
                yield _swap(triples, [triple], [new], f"query: {change}")
        if name == "path":
            yield from _other_paths(triples, index, triple)


def _changes(name: str, triple: ox.Triple) -> Iterator[ox.Triple]:
    subject, predicate, value = triple.subject, triple.predicate, triple.object
    if name != "path" or isinstance(value, ox.NamedNode):
        for other in _CHANGED.get(name, []):
            yield ox.Triple(subject, predicate, other)
    if name in _INSTEAD:
        yield ox.Triple(subject, sh(_INSTEAD[name]), value)
    if name in _NUMBERS and isinstance(value, ox.Literal):
        for step in _NUMBERS[name]:
            number = int(value.value) + step
            if number >= 0 or not name.endswith("Count"):
                yield ox.Triple(subject, predicate, ox.Literal(str(number), datatype=value.datatype))
    if name == "pattern" and isinstance(value, ox.Literal):
        yield from (
            ox.Triple(subject, predicate, ox.Literal(text))
            for text in {value.value.removeprefix("^"), value.value.removesuffix("$")} - {value.value}
        )


def _shorter_lists(triples: Triples, index: Index, triple: ox.Triple) -> Iterator[Mutant]:
    members = list(index.members(triple.object))
    for left_out in members if len(members) > 1 else []:
        head, rest = _list(member for member in members if member != left_out)
        new = [ox.Triple(triple.subject, triple.predicate, head), *rest]
        yield _swap(triples, [triple], new, f"{_show(triple)} without {_describe(index, left_out)}")


def _other_paths(triples: Triples, index: Index, triple: ox.Triple) -> Iterator[Mutant]:
    path = triple.object
    inner = index.one(path, sh("inversePath"))
    if inner is not None:
        yield _swap(
            triples, [triple], [ox.Triple(triple.subject, triple.predicate, inner)], "path not inverted"
        )
    if not index.objects(path, _FIRST):
        return
    steps = list(index.members(path))
    for place in range(len(steps)):
        head, rest = _list(_OTHER if n == place else step for n, step in enumerate(steps))
        new = [ox.Triple(triple.subject, triple.predicate, head), *rest]
        yield _swap(triples, [triple], new, f"step {place + 1} of {_show(triple)} another")


def _list(members: Iterable[Node]) -> tuple[Node, list[ox.Triple]]:
    head: Node = ox.NamedNode(RDF.nil)
    found = []
    for member in reversed(list(members)):
        node = ox.BlankNode()
        found += [ox.Triple(node, _FIRST, member), ox.Triple(node, _REST, head)]
        head = node
    return head, found


def _swap(triples: Triples, old: list[ox.Triple], new: list[ox.Triple], change: str) -> Mutant:
    return Mutant(change, triples - frozenset(old) | frozenset(new))


# Queries

_OPERATORS = {
    "NOT EXISTS": "EXISTS",
    "&&": "||",
    "||": "&&",
    "!LANGMATCHES": "LANGMATCHES",
    " < ": " > ",
    " > ": " < ",
    " != ": " = ",
    " = ": " != ",
}


def _queries(text: str) -> Iterator[tuple[str, str]]:
    """A query with each operator turned round, and with each filter and each branch left out."""
    for operator, other in _OPERATORS.items():
        for found in re.finditer(re.escape(operator), text):
            around = text[found.start() - 20 : found.end() + 20]
            yield f"{other} in …{around}…", text[: found.start()] + other + text[found.end() :]
    for found in re.finditer("FILTER|UNION", text):
        end = _end(text, found.end())
        yield f"without {text[found.start() : end]}", text[: found.start()] + text[end:]


def _end(text: str, start: int) -> int:
    """Where the group ends that begins after a place."""
    depth = 0
    for place in range(start, len(text)):
        depth += {"(": 1, "{": 1, ")": -1, "}": -1}.get(text[place], 0)
        if depth == 0 and text[place] in ")}":
            return place + 1
    raise AssertionError("a group is not closed")


# Words


def _name(predicate: ox.NamedNode) -> str:
    return predicate.value.rpartition("#")[2]


def _show(triple: ox.Triple) -> str:
    return " ".join(_short(term) for term in (triple.subject, triple.predicate, triple.object))


def _short(term: Node) -> str:
    return "[]" if isinstance(term, ox.BlankNode) else term.value.rpartition("#")[2].strip()


def _describe(index: Index, node: Node) -> str:
    told = [f"{_name(p)} {_short(v)}" for p, v in index.about(node) if p != _TYPE]
    return f"[{'; '.join(told)}]" if told else _short(node)
