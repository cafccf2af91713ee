"""Whole cases: a shapes graph and a data graph, made around one feature or around none."""

from collections import Counter
from dataclasses import dataclass

from differential import (
    ANYWHERE,
    ASKED,
    EXTRAS,
    NESTED,
    ON_PROPERTIES,
    ORDERED,
    PAIRS,
    PATHS,
    RANGES,
    WORDS,
    Place,
    Words,
    any_targets,
    constraints,
    data_graphs,
    makers,
    paths,
    property_bodies,
    shared_shapes,
    siblings,
    targets,
)
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy
from reports import Key

FOCUS, PROBE, CLASS = "ex:Focus", "ex:Probe", "ex:A"


@dataclass(frozen=True)
class Case:
    """Shapes and data in Turtle, the shape that the case is about, and what the data are made of."""

    shapes: str
    data: str
    about: str = FOCUS
    words: Words = WORDS[0]

    def __repr__(self) -> str:
        return f"\n# shapes\n{self.shapes}\n# data\n{self.data}\n"


# SPARQL constraints. Filters look at kinds of terms: the order of values is tested elsewhere.

_DECLARED = """
ex:prefixes sh:declare [ sh:prefix "ex" ; sh:namespace "http://example.org/"^^xsd:anyURI ] .
"""
_ON_NODES = [
    "SELECT $this ?value WHERE { $this ex:p ?value }",
    "SELECT $this ?value WHERE { $this ex:p ?value . FILTER isLiteral(?value) }",
    "SELECT $this WHERE { FILTER NOT EXISTS { $this ex:p ?any } }",
    "SELECT $this WHERE { FILTER (isLiteral($this) || isBlank($this)) }",
    "SELECT DISTINCT $this WHERE { ?any ex:p $this . FILTER isIRI(?any) }",
    "SELECT $this ?value WHERE { $this ex:p ?value OPTIONAL { ?value ex:q ?other } FILTER (!BOUND(?other)) }",
    "SELECT $this ?value WHERE { $this ex:p ?value . FILTER EXISTS { ?value a ex:A } }",
    "SELECT $this ?value WHERE { $this ex:p ?value . FILTER NOT EXISTS { ?value ex:q $this } }",
    "SELECT $this ?path ?value WHERE { $this ?path ?value . FILTER (?path IN (ex:p, ex:q)) }",
    "SELECT DISTINCT $this ?value WHERE { { $this ex:p ?value } UNION { ?value ex:q $this } }",
    "SELECT DISTINCT $this ?value WHERE { $this ex:p/ex:q ?value . FILTER (?value != $this) }",
    "SELECT $this (COUNT(?v) AS ?n) WHERE { $this ex:p ?v } GROUP BY $this HAVING (COUNT(?v) > 1)",
    "SELECT $this WHERE { { SELECT $this (COUNT(?v) AS ?n) WHERE { $this ex:q ?v } GROUP BY $this }"
    " FILTER (?n > 1) }",
    "SELECT $this ?value WHERE { $this ex:p ?value . BIND (LANG(?value) AS ?tag) FILTER (?tag = 'en') }",
]
_ON_PROPERTIES = [
    "SELECT DISTINCT $this ?value WHERE { $this $PATH ?value . FILTER isLiteral(?value) }",
    "SELECT DISTINCT $this ?value WHERE { $this $PATH ?value . FILTER NOT EXISTS { ?value a ex:A } }",
    "SELECT DISTINCT $this ?value WHERE { $this $PATH ?value . ?value ex:q ?any }",
    "SELECT DISTINCT $this ?value WHERE { $this $PATH ?value OPTIONAL { $this ex:q ?other } "
    "FILTER (!BOUND(?other) && isIRI(?value)) }",
]

# pySHACL does not put brackets where a path in SPARQL needs them.
_ASKED_PATHS = [
    "ex:p",
    "[ sh:inversePath ex:q ]",
    "( ex:p [ sh:inversePath ex:q ] )",
    "[ sh:alternativePath ( ex:p ex:q ) ]",
    "[ sh:oneOrMorePath ex:p ]",
]


def sparql(*, on_property: bool) -> SearchStrategy[str]:
    return st.sampled_from(_ON_PROPERTIES if on_property else _ON_NODES).map(
        lambda query: f'sh:sparql [ sh:prefixes ex:prefixes ; sh:select """{query}""" ]'
    )


# Cases without a feature of their own


@st.composite
def mixed_cases(draw: DrawFn) -> Case:
    """One to three shapes with targets, each with constraints as they come, three levels deep."""
    asked = draw(st.integers(0, 3)) == 0
    words = draw(st.sampled_from(ASKED if asked else WORDS))
    lines = [draw(shared_shapes(words)), _DECLARED]
    for number in range(draw(st.integers(1, 3))):
        name = f"ex:S{number}"
        place = Place(words, 2, on_property=False)
        body = draw(sparql(on_property=False) if asked else constraints(place))
        if not asked and draw(st.booleans()):
            body = draw(property_bodies(place, 3))
        lines.append(f"{name} {draw(any_targets(words))} ; {body}{draw(EXTRAS)} .")
    return Case("\n".join(lines), draw(data_graphs(words)), words=words)


# Cases around a feature

_COUNTED = "qualifiedValueShape"
_TARGETS = ["targetNode", "targetClass", "targetSubjectsOf", "targetObjectsOf", "implicit"]
_SAID = {"severity": " ; sh:severity sh:Warning", "deactivated": " ; sh:deactivated true"}

#: Constraint components by their first parameter, kinds of paths and of targets, what else a shape says.
FEATURES = [
    *(*ANYWHERE, *RANGES, *NESTED, *ON_PROPERTIES, *PAIRS, _COUNTED, "sparql"),
    *(*PATHS, *_TARGETS, *_SAID),
]

#: Triples for what would seldom come about by itself.
_HELP = {
    "equals": "ex:c ex:p ex:a, 1 ; ex:q 1, ex:a .",
    "disjoint": "ex:c ex:p ex:a, 1 ; ex:q 1, ex:b .",
    **dict.fromkeys(PAIRS, 'ex:c ex:n "a" ; ex:m "b" .'),
    "uniqueLang": 'ex:c ex:p "a"@en, "b"@en, "b"@de, "c"@de, "a" ; ex:q "a"@en, "a"@de, "a", "b" .',
}


@st.composite
def focused_cases(draw: DrawFn, feature: str) -> Case:
    """A shape that has the feature, and a probe, which refuses every value node that this shape sees."""
    words = draw(st.sampled_from(_words(feature)))
    about = CLASS if feature == "implicit" else FOCUS
    on_property = feature in (*PATHS, *PAIRS, *ON_PROPERTIES) or (
        feature not in ("property", _COUNTED) and draw(st.booleans())
    )
    path = f"sh:path {draw(_path(feature))} ; " if on_property else ""
    target = draw(_target(feature, words))
    body = draw(_constraint(feature, Place(words, 2, on_property, ranked=feature in PAIRS)))
    kind = "a rdfs:Class, sh:PropertyShape ; " if on_property else "a rdfs:Class, sh:NodeShape ; "
    first = f"{about} {kind if about == CLASS else target + ' ; '}{path}{body}{_SAID.get(feature, '')} ."
    probe = f"{PROBE} {target} ; {path}sh:in () ; sh:severity sh:Info ."
    shapes = "\n".join([draw(shared_shapes(words)), _DECLARED, first, probe])
    return Case(shapes, f"{draw(data_graphs(words))}\n{_HELP.get(feature, '')}", about)


def _words(feature: str) -> list[Words]:
    return ORDERED if feature in (*RANGES, *PAIRS) else ASKED if feature == "sparql" else WORDS


def _path(feature: str) -> SearchStrategy[str]:
    if feature in (*PAIRS, *RANGES):
        return st.sampled_from(["ex:n", "ex:m"])
    if feature in _HELP:
        return st.sampled_from(["ex:p", "ex:q"])
    if feature == "sparql":
        return st.sampled_from(_ASKED_PATHS)
    return paths(feature) if feature in PATHS else paths()


def _target(feature: str, words: Words) -> SearchStrategy[str]:
    if feature in _HELP:
        return any_targets(words).map(lambda text: f"{text} ; sh:targetNode ex:c")
    if feature in RANGES:
        return any_targets(words).map(lambda text: f"{text} ; sh:targetSubjectsOf ex:n, ex:m")
    if feature == "implicit":
        return st.just(f"sh:targetClass {CLASS}")
    return targets(words)[feature] if feature in _TARGETS else any_targets(words)


def _constraint(feature: str, place: Place) -> SearchStrategy[str]:
    if feature == "sparql":
        return sparql(on_property=place.on_property)
    if feature == _COUNTED:
        return siblings(place).map(lambda shapes: f"sh:property {shapes}")
    if feature in (*PATHS, *_TARGETS, *_SAID):
        return st.one_of(*(makers(place)[name] for name in ("class", "datatype", "nodeKind", "in")))
    return makers(place)[feature]


def outcome(feature: str, case: Case, results: Counter[Key]) -> tuple[bool, bool]:
    """Whether the feature failed and passed: at some focus node that the probe saw too."""
    about, probe = (f"<http://example.org/{name.removeprefix('ex:')}>" for name in (case.about, PROBE))
    seen = {focus for focus, _, _, _, shape, _ in results if shape == probe}
    failed = {key[0] for key in results if key[4] != probe and _is_of(feature, key, about)}
    return bool(failed & seen), bool(seen - failed)


def _is_of(feature: str, key: Key, about: str) -> bool:
    _, _, _, component, shape, severity = key
    if feature == "property":
        return shape != about
    if feature == _COUNTED:
        return component.startswith("Qualified")
    if feature == "severity":
        return shape == about and severity == "Warning"
    if feature in (*PATHS, *_TARGETS, *_SAID):
        return shape == about
    return component.lower() == f"{feature}constraintcomponent".lower()
