"""Small shapes graphs and data graphs, made so that every part of SHACL both fails and passes.

They are made as Turtle, so that a counter-example can be read. What pySHACL judges otherwise than the
specification says is not made here; each of these cases is in test_settled.py:

- the order of values that SPARQL cannot compare: a case has either numbers or days or neither, and bounds
  of that kind alone; sh:lessThan looks at properties that have no IRIs, blank nodes or language tags;
- sh:minLength 0 on blank nodes;
- language ranges longer than one subtag;
- the inverse of a sequence path;
- sh:flags other than "i", and "$" before a line break at the end;
- classes of shapes (implicit targets) that are not directly typed rdfs:Class;
- solutions that come twice from a SPARQL constraint;
- paths of length zero, in SPARQL constraints, from nodes that the data graph does not have;
- paths in SPARQL constraints from literals that are nothing to Python ("", false);
- SPARQL constraints on literals that Oxigraph spells otherwise than the data do ("01", an xsd:byte);
- lexical forms that Python reads and XSD does not ("1_000", "1e3"^^xsd:decimal).

Nor does it make blank nodes that go round in circles, which pySHACL copies into its report ten deep.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from itertools import product

from engines import parse, survive
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

IRIS = ["ex:a", "ex:b", "ex:c"]
BLANKS = ["_:x", "_:y"]
CLASSES = ["ex:A", "ex:B", "ex:C"]
PROPERTIES = ["ex:p", "ex:q", "ex:r"]

TEXTS = ['"a"', '"b"', '"ab"', '""', '"12"']
TAGGED = ['"a"@en', '"b"@en', '"a"@de', '"c"@en-gb']
NUMBERS = ["1", "2", "10", '"01"^^xsd:integer', "1.0", "1.50", "2.0e0", '"-3"^^xsd:int', '"7"^^xsd:byte']
DAYS = [f'"2014-0{month}-1{day}"^^xsd:date' for month, day in ((5, 0), (5, 1), (6, 0))]
OTHERS = [
    "true",
    "false",
    '"2014-05"^^xsd:gYearMonth',
    '"2014-05-01T10:00:00Z"^^xsd:dateTime',
    '"INF"^^xsd:double',
    '"x"^^ex:custom',
    '"https://example.org/"^^xsd:anyURI',
    '"x"^^xsd:integer',
    '"2014-13-01"^^xsd:date',
    '"300"^^xsd:byte',
]
KINDS = ["IRI", "BlankNode", "Literal", "BlankNodeOrIRI", "BlankNodeOrLiteral", "IRIOrLiteral"]


@dataclass(frozen=True)
class Words:
    """The literals of a case, and those among them that have an order that all engines agree on."""

    literals: tuple[str, ...]
    ordered: tuple[str, ...] = ()

    @property
    def terms(self) -> list[str]:
        return [*IRIS, *self.literals]


# A few fixed vocabularies of few literals each: shapes and data shall often mean the same ones, and what is
# made from a vocabulary is made once.
_PLAIN = [Words(tuple(sorted((*TEXTS, *TAGGED, *NUMBERS, *DAYS, *OTHERS))[part::4])) for part in range(4)]
ORDERED = [
    Words((*TEXTS[part::3], *TAGGED[part::3], *values[part::parts]), tuple(values[part::parts]))
    for values, parts in ((NUMBERS, 3), (DAYS, 1))
    for part in range(parts)
]
WORDS = _PLAIN + ORDERED


def _may_be_asked(literal: str) -> bool:
    return literal not in ('""', "false") and survive(parse(f"ex:a ex:p {literal} ."))


#: What SPARQL constraints are tried with.
ASKED = [Words(tuple(text for text in words.literals if _may_be_asked(text))) for words in _PLAIN]


def datatype_of(literal: str) -> str:
    """The datatype of a literal in Turtle."""
    if literal.startswith('"'):
        _, _, tail = literal.rpartition('"')
        return {"": "xsd:string", "@": "rdf:langString"}.get(tail[:1]) or tail[2:]
    if literal in ("true", "false"):
        return "xsd:boolean"
    return "xsd:double" if "e" in literal else "xsd:decimal" if "." in literal else "xsd:integer"


# Data


@cache
def data_graphs(words: Words) -> SearchStrategy[str]:
    """Few nodes with many triples; ex:n and ex:m hold only what has an order, and plain strings."""
    facts = [*product(["ex:a", "ex:b", *BLANKS], PROPERTIES, [*IRIS, *BLANKS, "ex:A", *words.literals])]
    ranks = [*product(["ex:a", "ex:b", "_:x"], ["ex:n", "ex:m"], [*words.ordered, '"a"'])]
    types = [*product([*IRIS, *BLANKS], ["a"], CLASSES)]
    classes = [*product(CLASSES, ["rdfs:subClassOf"], CLASSES)]
    return st.tuples(
        _some([fact for fact in facts if _goes_on(*fact)], 8, 14),
        _some(ranks, 0, 5),
        _some(types, 1, 5),
        _some(classes, 0, 2),
    ).map(lambda parts: "\n".join(" ".join((*triple, ".")) for part in parts for triple in part))


def _some(triples: list[tuple[str, ...]], low: int, high: int) -> SearchStrategy[list[tuple[str, ...]]]:
    return st.lists(st.sampled_from(triples), min_size=low, max_size=high, unique=True)


def _goes_on(subject: str, _: str, object_: str) -> bool:
    """Blank nodes do not go round in circles."""
    return not (subject in BLANKS and object_ in BLANKS) or subject < object_


# Paths


_SIMPLE = st.sampled_from(PROPERTIES)


def _steps(inner: SearchStrategy[str]) -> SearchStrategy[str]:
    return st.lists(inner, min_size=2, max_size=3).map(lambda steps: f"( {' '.join(steps)} )")


PATHS: dict[str, Callable[[SearchStrategy[str]], SearchStrategy[str]]] = {
    "predicate": lambda _: _SIMPLE,
    "inverse": lambda _: st.one_of(_SIMPLE, _repeated(_SIMPLE)).map(lambda p: f"[ sh:inversePath {p} ]"),
    "sequence": _steps,
    "alternative": lambda inner: _steps(inner).map(lambda p: f"[ sh:alternativePath {p} ]"),
    "zeroOrMore": lambda inner: inner.map(lambda p: f"[ sh:zeroOrMorePath {p} ]"),
    "oneOrMore": lambda inner: inner.map(lambda p: f"[ sh:oneOrMorePath {p} ]"),
    "zeroOrOne": lambda inner: inner.map(lambda p: f"[ sh:zeroOrOnePath {p} ]"),
}


def _repeated(inner: SearchStrategy[str]) -> SearchStrategy[str]:
    return st.one_of(PATHS["alternative"](inner), PATHS["zeroOrMore"](inner), PATHS["oneOrMore"](inner))


@cache
def paths(kind: str | None = None) -> SearchStrategy[str]:
    """Paths of one kind, or of any; predicates come most."""
    inner = st.one_of(_SIMPLE, PATHS["inverse"](_SIMPLE))
    if kind is not None:
        return PATHS[kind](inner)
    return st.one_of(*[_SIMPLE] * 5, inner, *(make(inner) for make in PATHS.values()))


# Constraints


@dataclass(frozen=True)
class Place:
    """Where a constraint is to stand."""

    words: Words
    depth: int
    on_property: bool
    ranked: bool = False

    @property
    def below(self) -> "Place":
        return replace(self, depth=self.depth - 1)


def _take(name: str, values: SearchStrategy[str], more: int = 1) -> SearchStrategy[str]:
    if more == 1:
        return values.map(lambda value: f"sh:{name} {value}")
    return st.lists(values, min_size=1, max_size=more, unique=True).map(lambda v: f"sh:{name} {', '.join(v)}")


def _list(values: SearchStrategy[str], low: int, high: int) -> SearchStrategy[str]:
    return st.lists(values, min_size=low, max_size=high).map(lambda v: f"( {' '.join(v)} )")


def _numbers(low: int, high: int) -> SearchStrategy[str]:
    return st.integers(low, high).map(str)


def _flag() -> SearchStrategy[str]:
    return st.sampled_from(["true", "true", "true", "false"])


def _pattern(_: Place) -> SearchStrategy[str]:
    patterns = st.sampled_from(['"^a"', '"b$"', '"[0-9]"', '"^.{1,2}$"', '"^A"', '"example|B"'])
    return st.tuples(patterns, st.sampled_from(["", ' ; sh:flags "i"'])).map(
        lambda p: f"sh:pattern {p[0]}{p[1]}"
    )


def _shapes(place: Place) -> SearchStrategy[str]:
    return st.one_of(node_shapes(place.below), property_shapes(place.below))


def _logical(name: str) -> Callable[[Place], SearchStrategy[str]]:
    return lambda place: _take(name, _list(_shapes(place), 1, 3))


@st.composite
def _qualified(draw: DrawFn, place: Place) -> str:
    low, high = draw(st.integers(0, 2)), draw(st.integers(0, 2))
    counts = f"sh:qualifiedMinCount {low} ; sh:qualifiedMaxCount {high}"
    counts = draw(st.sampled_from([counts, counts.partition(" ; ")[0], counts.partition(" ; ")[2]]))
    disjoint = draw(st.sampled_from(["", " ; sh:qualifiedValueShapesDisjoint true"]))
    return f"sh:qualifiedValueShape {draw(_shapes(place))} ; {counts}{disjoint}"


@st.composite
def siblings(draw: DrawFn, place: Place) -> str:
    """Property shapes that may be disjoint with each other; values of one sh:property."""
    path = draw(_SIMPLE)
    return ", ".join(
        f"[ sh:path {path} ; {draw(_qualified(place))} ]" for _ in range(draw(st.integers(1, 2)))
    )


def _closed(_: Place) -> SearchStrategy[str]:
    ignored = st.one_of(st.just(""), _list(st.sampled_from(["rdf:type", *PROPERTIES]), 0, 3))
    return st.tuples(_flag(), ignored).map(
        lambda c: f"sh:closed {c[0]}" + (f" ; sh:ignoredProperties {c[1]}" if c[1] else "")
    )


def _plain(name: str, more: int = 1) -> Callable[[Place], SearchStrategy[str]]:
    return lambda _: _take(name, st.sampled_from([*PROPERTIES, "ex:n"]), more)


def _other(name: str) -> Callable[[Place], SearchStrategy[str]]:
    return lambda _: _take(name, st.sampled_from(["ex:n", "ex:m"]), 2)


def _bound(name: str) -> Callable[[Place], SearchStrategy[str]]:
    return lambda place: _take(name, st.sampled_from(place.words.ordered))


#: What may stand on every shape, by the local name of its first parameter.
ANYWHERE: dict[str, Callable[[Place], SearchStrategy[str]]] = {
    "class": lambda _: _take("class", st.sampled_from(CLASSES), 2),
    "datatype": lambda place: _take("datatype", st.sampled_from([*map(datatype_of, place.words.literals)])),
    "nodeKind": lambda _: _take("nodeKind", st.sampled_from([f"sh:{kind}" for kind in KINDS])),
    "minLength": lambda _: _take("minLength", _numbers(1, 3)),
    "maxLength": lambda _: _take("maxLength", _numbers(0, 3)),
    "pattern": _pattern,
    "languageIn": lambda _: _take("languageIn", _list(st.sampled_from(['"en"', '"de"', '"*"']), 0, 2)),
    "equals": _plain("equals", 2),
    "disjoint": _plain("disjoint", 2),
    "hasValue": lambda place: _take("hasValue", st.sampled_from(place.words.terms), 2),
    "in": lambda place: _take("in", _list(st.sampled_from(place.words.terms), 0, 6)),
    "closed": _closed,
}
#: What needs values that have an order.
RANGES = {name: _bound(name) for name in ("minExclusive", "minInclusive", "maxExclusive", "maxInclusive")}
#: What has shapes within.
NESTED: dict[str, Callable[[Place], SearchStrategy[str]]] = {
    "not": lambda place: _take("not", _shapes(place), 2),
    "and": _logical("and"),
    "or": _logical("or"),
    "xone": _logical("xone"),
    "node": lambda place: _take("node", node_shapes(place.below), 2),
    "property": lambda place: _take("property", property_shapes(place.below), 2),
}
#: What only property shapes have.
ON_PROPERTIES: dict[str, Callable[[Place], SearchStrategy[str]]] = {
    "minCount": lambda _: _take("minCount", _numbers(0, 3)),
    "maxCount": lambda _: _take("maxCount", _numbers(0, 3)),
    "uniqueLang": lambda _: _take("uniqueLang", _flag()),
}
#: What compares the values of one property with those of another.
PAIRS = {name: _other(name) for name in ("lessThan", "lessThanOrEquals")}


@cache
def makers(place: Place) -> dict[str, SearchStrategy[str]]:
    """All constraints that may stand in a place."""
    found = dict(ANYWHERE)
    if place.words.ordered:
        found |= RANGES
    if place.depth > 0:
        found |= NESTED
    if place.on_property:
        found |= ON_PROPERTIES
        if place.depth > 0:
            found |= {"qualifiedValueShape": _qualified}
        if place.ranked:
            found |= PAIRS
    return {name: make(place) for name, make in found.items()}


@cache
def constraints(place: Place, most: int = 3) -> SearchStrategy[str]:
    """Constraints of different components."""
    known = makers(place)
    names = st.lists(st.sampled_from(sorted(known)), min_size=1, max_size=most, unique=True)
    return names.flatmap(lambda names: st.tuples(*(known[name] for name in names))).map(" ; ".join)


#: What a shape may say of itself.
EXTRAS = st.sampled_from(
    [*[""] * 6, " ; sh:severity sh:Warning", " ; sh:severity ex:Mild", " ; sh:deactivated true"]
)


@cache
def node_shapes(place: Place) -> SearchStrategy[str]:
    """Node shapes within others; sometimes one that others have too."""
    body = st.deferred(lambda: constraints(replace(place, on_property=False), 2))
    own = st.tuples(body, EXTRAS).map(lambda parts: f"[ {''.join(parts)} ]")
    return st.one_of(own, own, own, st.just("ex:SharedNode")) if place.depth > 0 else own


@cache
def property_shapes(place: Place) -> SearchStrategy[str]:
    """Property shapes within others; sometimes one that others have too."""
    body = st.deferred(lambda: property_bodies(place, 2))
    own = st.tuples(body, EXTRAS).map(lambda parts: f"[ {''.join(parts)} ]")
    return st.one_of(own, own, own, st.just("ex:SharedProperty")) if place.depth > 0 else own


@cache
def property_bodies(place: Place, most: int) -> SearchStrategy[str]:
    """A path with constraints on its values."""
    plain = replace(place, on_property=True, ranked=False)
    ranked = replace(plain, ranked=True)
    any_path = st.tuples(paths(), constraints(plain, most))
    ranked_path = st.tuples(st.sampled_from(["ex:n", "ex:m"]), constraints(ranked, most))
    return st.one_of(any_path, any_path, ranked_path).map(lambda parts: f"sh:path {' ; '.join(parts)}")


@cache
def shared_shapes(words: Words) -> SearchStrategy[str]:
    """The two shapes that others share."""
    place = Place(words, 0, on_property=False)
    return st.tuples(constraints(place, 2), property_bodies(place, 2), EXTRAS).map(
        lambda parts: f"ex:SharedNode {parts[0]} .\nex:SharedProperty {parts[1]}{parts[2]} ."
    )


# Targets


@cache
def targets(words: Words) -> dict[str, SearchStrategy[str]]:
    """Targets by their property."""
    subjects = st.sampled_from([*PROPERTIES, "ex:n"])
    return {
        "targetNode": _take("targetNode", st.sampled_from(["ex:a", "ex:b", *words.literals]), 4),
        "targetClass": _take("targetClass", st.sampled_from(CLASSES), 2),
        "targetSubjectsOf": _take("targetSubjectsOf", subjects, 2),
        "targetObjectsOf": _take("targetObjectsOf", subjects, 2),
    }


@cache
def any_targets(words: Words) -> SearchStrategy[str]:
    """One target or two."""
    target = st.one_of(*targets(words).values())
    return st.one_of(target, st.tuples(target, target).map(" ; ".join))
