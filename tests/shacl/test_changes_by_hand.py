"""Changes that look harmless and are not: each is looked at again where it breaks or mends something."""

import pyoxigraph as ox
import pytest
from differential import CLASSES
from engines import parse

from kgraph.shacl import Delta, MemoryData, Shapes, recheck, validate

_PREFIXES = 'ex:pre sh:declare [ sh:prefix "ex" ; sh:namespace "http://example.org/"^^xsd:anyURI ] .'


def _sparql(query: str) -> str:
    return (
        f'{_PREFIXES} ex:S sh:targetClass ex:A ; sh:sparql [ sh:prefixes ex:pre ; sh:select """{query}""" ] .'
    )


#: What the shapes say; what was there; what goes; what comes; the focus nodes that are wrong afterwards.
CASES = {
    "an old node gets one value too many": (
        "ex:S sh:targetClass ex:A ; sh:path ex:p ; sh:maxCount 1 .",
        "ex:a a ex:A ; ex:p 1 .", "", "ex:a ex:p 2 .", {"ex:a"},
    ),
    "through an inverse path": (
        "ex:S sh:targetClass ex:A ; sh:path [ sh:inversePath ex:p ] ; sh:maxCount 1 .",
        "ex:a a ex:A . ex:b ex:p ex:a .", "", "ex:c ex:p ex:a .", {"ex:a"},
    ),
    "through a repeated path, in the middle": (
        "ex:S sh:targetClass ex:A ; sh:path [ sh:oneOrMorePath ex:p ] ; sh:class ex:B .",
        "ex:a a ex:A ; ex:p ex:b . ex:b a ex:B . ex:c ex:p ex:d . ex:c a ex:B .", "", "ex:b ex:p ex:c .",
        {"ex:a"},
    ),
    "one key for two, in two documents": (
        "ex:S sh:targetObjectsOf ex:key ; sh:path [ sh:inversePath ex:key ] ; sh:maxCount 1 .",
        'ex:a ex:key "k" .', "", 'ex:b ex:key "k" .', {'"k"'},
    ),
    "a node becomes a target by its class": (
        "ex:S sh:targetClass ex:A ; sh:path ex:p ; sh:minCount 1 .",
        "ex:a ex:q 1 .", "", "ex:a a ex:A .", {"ex:a"},
    ),
    "a class becomes a subclass": (
        "ex:S sh:targetClass ex:A ; sh:path ex:p ; sh:minCount 1 .",
        "ex:a a ex:C . ex:C rdfs:subClassOf ex:B .", "", "ex:B rdfs:subClassOf ex:A .", {"ex:a"},
    ),
    "what a value was goes": (
        "ex:S sh:targetClass ex:A ; sh:path ex:p ; sh:class ex:B .",
        "ex:a a ex:A ; ex:p ex:b . ex:b a ex:B .", "ex:b a ex:B .", "", {"ex:a"},
    ),
    "the subclass that a value was of goes": (
        "ex:S sh:targetClass ex:A ; sh:path ex:p ; sh:class ex:B .",
        "ex:a a ex:A ; ex:p ex:b . ex:b a ex:C . ex:C rdfs:subClassOf ex:B .",
        "ex:C rdfs:subClassOf ex:B .", "", {"ex:a"},
    ),
    "a closed value gets a property": (
        "ex:S sh:targetClass ex:A ; sh:path ex:p ;"
        " sh:node [ sh:closed true ; sh:ignoredProperties (ex:q) ] .",
        "ex:a a ex:A ; ex:p ex:b . ex:b ex:q 1 .", "", "ex:b ex:r 1 .", {"ex:a"},
    ),
    "the other property of a comparison": (
        "ex:S sh:targetClass ex:A ; sh:path ex:p ; sh:lessThan ex:q .",
        "ex:a a ex:A ; ex:p 3 .", "", "ex:a ex:q 2 .", {"ex:a"},
    ),
    "the other property of an equation goes": (
        "ex:S sh:targetClass ex:A ; sh:path ex:p ; sh:equals ex:q .",
        "ex:a a ex:A ; ex:p 3 ; ex:q 3 .", "ex:a ex:q 3 .", "", {"ex:a"},
    ),
    "a second label of a language": (
        "ex:S sh:targetSubjectsOf rdfs:label ; sh:path rdfs:label ; sh:uniqueLang true .",
        'ex:a rdfs:label "x"@en .', "", 'ex:a rdfs:label "y"@en .', {"ex:a"},
    ),
    "three shapes deep": (
        "ex:S sh:targetClass ex:A ; sh:not [ sh:property [ sh:path ex:p ; sh:node [ sh:class ex:B ] ] ] .",
        "ex:a a ex:A ; ex:p ex:b .", "", "ex:b a ex:B .", {"ex:a"},
    ),
    "a sibling among qualified values": (
        """ex:S sh:targetClass ex:A ; sh:property
             [ sh:path ex:p ; sh:qualifiedValueShape [ sh:class ex:B ] ; sh:qualifiedMinCount 1 ;
               sh:qualifiedValueShapesDisjoint true ],
             [ sh:path ex:p ; sh:qualifiedValueShape [ sh:class ex:C ] ; sh:qualifiedMinCount 0 ] .""",
        "ex:a a ex:A ; ex:p ex:b . ex:b a ex:B .", "", "ex:b a ex:C .", {"ex:a"},
    ),
    "a value that has to be there goes": (
        "ex:S sh:targetNode ex:a ; sh:path ex:p ; sh:hasValue 1 .",
        "ex:a ex:p 1 .", "ex:a ex:p 1 .", "", {"ex:a"},
    ),
    "a blank node is the focus node": (
        "ex:S sh:targetClass ex:A ; sh:path ex:p ; sh:maxCount 1 .",
        "_:x a ex:A ; ex:p 1 .", "", "_:x ex:p 2 .", {"_:x"},
    ),
    "NOT EXISTS: what excused it goes": (
        _sparql("SELECT $this WHERE { $this ex:p ?v FILTER NOT EXISTS { ?v ex:q ex:ok } }"),
        "ex:a a ex:A ; ex:p ex:b . ex:b ex:q ex:ok .", "ex:b ex:q ex:ok .", "", {"ex:a"},
    ),
    "an aggregate passes its bound": (
        _sparql("SELECT $this WHERE { ?x ex:p $this } GROUP BY $this HAVING (COUNT(?x) > 1)"),
        "ex:a a ex:A . ex:b ex:p ex:a .", "", "ex:c ex:p ex:a .", {"ex:a"},
    ),
    "an optional part comes": (
        _sparql("SELECT $this WHERE { $this ex:p ?v OPTIONAL { ?v ex:q ?w } FILTER (BOUND(?w)) }"),
        "ex:a a ex:A ; ex:p ex:b .", "", "ex:b ex:q 1 .", {"ex:a"},
    ),
    "a query that nothing joins to its focus node": (
        _sparql("SELECT $this WHERE { ?x ex:forbids ex:A }"),
        "ex:a a ex:A .", "", "ex:b ex:forbids ex:A .", {"ex:a"},
    ),
    "a query inside a query": (
        _sparql(
            "SELECT $this WHERE { { SELECT $this (MAX(?v) AS ?m) { $this ex:p ?v } GROUP BY $this }"
            " FILTER(?m > 5) }"
        ),
        "ex:a a ex:A ; ex:p 1 .", "", "ex:a ex:p 6 .", {"ex:a"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_what_a_change_breaks_is_found_and_what_it_mends_is_seen(name: str) -> None:
    written, old, goes, comes, wrong = CASES[name]
    shapes = Shapes.load(parse(written))
    removed, added = _triples(goes), _triples(comes)
    before = _triples(old) | _triples(_others())
    after = (before - removed) | added
    assert _focus(validate(shapes, MemoryData(before))) == set()
    assert _focus(validate(shapes, MemoryData(after))) == wrong
    assert _focus(recheck(shapes, Delta(MemoryData(before), removed=removed, added=added)).report) == wrong
    back = recheck(shapes, Delta(MemoryData(after), removed=added, added=removed))
    looked_at = {_brief(node) for nodes in back.verdicts.values() for node in nodes}
    assert back.report.conforms
    assert wrong <= looked_at


def test_what_a_change_cannot_touch_is_not_looked_at() -> None:
    shapes = Shapes.load(parse("ex:S sh:targetClass ex:A ; sh:path ( ex:p ex:q ) ; sh:maxCount 1 ."))
    before = _triples("ex:b ex:p ex:c . ex:b a ex:A ." + "".join(f"ex:n{n} a ex:A ." for n in range(50)))
    found = recheck(
        shapes, Delta(MemoryData(before), added=_triples("ex:c ex:q 1 . ex:d ex:q 1 . ex:b ex:r 1 ."))
    )
    assert [{_brief(node) for node in nodes} for nodes in found.verdicts.values()] == [{"ex:b"}]


def _others() -> str:
    """Nodes that conform to every shape here, and have nothing to do with what changes."""
    return "".join(f"ex:other{n} ex:r ex:{name.removeprefix('ex:')}x ." for n, name in enumerate(CLASSES))


def _triples(turtle: str) -> set[ox.Triple]:
    return {quad.triple for quad in parse(turtle)}


def _focus(report: object) -> set[str]:
    return {_brief(result.focus_node) for result in report.results}


def _brief(node: object) -> str:
    return str(node).replace("<http://example.org/", "ex:").removesuffix(">")
