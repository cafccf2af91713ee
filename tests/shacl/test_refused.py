"""Ill-formed shapes, and what no one here knows, are refused when they are loaded; none passes in silence.

Each case names the syntax rule that it breaks: SHACL 1.0, appendix "Summary of SHACL Syntax Rules".
"""

import pytest
from engines import named, parse

from kgraph.errors import GateError
from kgraph.shacl import Shapes, ShapesError

#: What is accepted so far and should not be.
OPEN = {
    "implicit-targetClass-nodeKind-0": "a blank node that is a class is not refused",
    "entailment-0": "sh:entailment is passed over",
    "SHACL-list-4": "rdf:nil may have a rest",
}

# What is wrong is on a shape S with a target; {} in a case is where it stands.

NODE = "ex:S a sh:NodeShape ; sh:targetNode ex:a ; {} ."
PROPERTY = "ex:S sh:targetNode ex:a ; sh:path ex:p ; {} ."

ILL_FORMED: dict[str, list[str]] = {
    # 2.1 Shapes
    "targetNode-nodeKind": ["ex:S sh:targetNode [] ; sh:class ex:A ."],
    "targetClass-nodeKind": ["ex:S sh:targetClass [] .", 'ex:S sh:targetClass "A" .'],
    "implicit-targetClass-nodeKind": ["[] a sh:NodeShape, rdfs:Class ; sh:class ex:A ."],
    "targetSubjectsOf-nodeKind": ["ex:S sh:targetSubjectsOf [] .", "ex:S sh:targetSubjectsOf 1 ."],
    "targetObjectsOf-nodeKind": ["ex:S sh:targetObjectsOf [] .", 'ex:S sh:targetObjectsOf "p" .'],
    "severity-maxCount": [NODE.format("sh:severity sh:Info, sh:Warning")],
    "severity-nodeKind": [NODE.format('sh:severity "high"'), NODE.format("sh:severity []")],
    "message-datatype": [NODE.format("sh:message 5"), NODE.format("sh:message ex:m")],
    "deactivated-maxCount": [NODE.format("sh:deactivated true, false")],
    "deactivated-datatype": [NODE.format('sh:deactivated "true"'), NODE.format("sh:deactivated ex:yes")],
    # 2.2, 2.3 Node shapes, property shapes, paths
    "NodeShape-path-maxCount": ["ex:S a sh:NodeShape ; sh:path ex:p ."],
    "path-maxCount": ["ex:S sh:targetNode ex:a ; sh:path ex:p, ex:q ."],
    "PropertyShape-path-minCount": ["ex:S a sh:PropertyShape ; sh:class ex:A ."],
    "path-node": [
        "ex:S sh:targetNode ex:a ; sh:path 5 .",
        "ex:S sh:targetNode ex:a ; sh:path [] .",
        "ex:S sh:targetNode ex:a ; sh:path [ sh:otherPath ex:p ] .",
    ],
    "path-metarule": [
        "ex:S sh:targetNode ex:a ; sh:path [ sh:inversePath ex:p ; sh:zeroOrMorePath ex:q ] .",
    ],
    "path-non-recursive": [
        "ex:S sh:targetNode ex:a ; sh:path _:l . _:l sh:inversePath _:l .",
        "ex:S sh:targetNode ex:a ; sh:path _:l . _:l sh:alternativePath ( ex:p _:l ) .",
    ],
    "path-sequence": [
        "ex:S sh:targetNode ex:a ; sh:path ( ex:p ) .",
        "ex:S sh:targetNode ex:a ; sh:path ( ex:p 5 ) .",
        "ex:S sh:targetNode ex:a ; sh:path _:l . _:l rdf:first ex:p ; rdf:rest _:l .",
        "ex:S sh:targetNode ex:a ; sh:path [ rdf:first ex:p ] .",
    ],
    "path-alternative": [
        "ex:S sh:targetNode ex:a ; sh:path [ sh:alternativePath ( ex:p ) ] .",
        "ex:S sh:targetNode ex:a ; sh:path [ sh:alternativePath ex:p ] .",
        "ex:S sh:targetNode ex:a ; sh:path [ sh:alternativePath () ] .",
    ],
    "path-inverse": [
        "ex:S sh:targetNode ex:a ; sh:path [ sh:inversePath ex:p, ex:q ] .",
        "ex:S sh:targetNode ex:a ; sh:path [ sh:inversePath 5 ] .",
    ],
    "path-zero-or-more": ["ex:S sh:targetNode ex:a ; sh:path [ sh:zeroOrMorePath ex:p, ex:q ] ."],
    "path-one-or-more": ["ex:S sh:targetNode ex:a ; sh:path [ sh:oneOrMorePath 'p' ] ."],
    "path-zero-or-one": ["ex:S sh:targetNode ex:a ; sh:path [ sh:zeroOrOnePath [] ] ."],
    # 3.1 Entailment: what we do not do
    "entailment": ["ex:o sh:entailment <http://www.w3.org/ns/entailment/RDFS> . ex:S sh:targetNode ex:a ."],
    # 4.1 Value types
    "class-nodeKind": [NODE.format("sh:class []"), NODE.format('sh:class "A"')],
    "datatype-nodeKind": [NODE.format("sh:datatype []"), NODE.format('sh:datatype "xsd:string"')],
    "datatype-maxCount": [NODE.format("sh:datatype xsd:string, xsd:integer")],
    "nodeKind-in": [NODE.format("sh:nodeKind sh:Iri"), NODE.format("sh:nodeKind ex:IRI")],
    "nodeKind-maxCount": [NODE.format("sh:nodeKind sh:IRI, sh:BlankNode")],
    # 4.2 Cardinality
    "minCount-scope": [NODE.format("sh:minCount 1"), "ex:S sh:targetNode ex:a ; sh:minCount 1 ."],
    "minCount-maxCount": [PROPERTY.format("sh:minCount 1, 2")],
    "minCount-datatype": [
        PROPERTY.format(f"sh:minCount {v}") for v in ('"1"', "1.0", "ex:one", '"x"^^xsd:integer')
    ],
    "maxCount-scope": [NODE.format("sh:maxCount 1")],
    "maxCount-maxCount": [PROPERTY.format("sh:maxCount 1, 2")],
    "maxCount-datatype": [PROPERTY.format(f"sh:maxCount {v}") for v in ('"1"^^xsd:int', "1e0", "true", "[]")],
    # 4.3 Ranges
    **{
        f"{name}-nodeKind": [NODE.format(f"sh:{name} ex:five"), NODE.format(f"sh:{name} []")]
        for name in ("minExclusive", "minInclusive", "maxExclusive", "maxInclusive")
    },
    **{
        f"{name}-maxCount": [NODE.format(f"sh:{name} 1, 2")]
        for name in ("minExclusive", "minInclusive", "maxExclusive", "maxInclusive", "minLength", "maxLength")
    },
    # 4.4 Strings
    "minLength-datatype": [NODE.format(f"sh:minLength {v}") for v in ('"1"', "1.5", "ex:one")],
    "maxLength-datatype": [NODE.format(f"sh:maxLength {v}") for v in ('"x"^^xsd:integer', "[]")],
    "pattern-datatype": [
        NODE.format("sh:pattern 5"),
        NODE.format('sh:pattern "a"@en'),
        NODE.format("sh:pattern ex:p"),
    ],
    "pattern-regex": [NODE.format('sh:pattern "("'), NODE.format('sh:pattern "[b-a]"')],
    "flags-datatype": [NODE.format('sh:pattern "a" ; sh:flags 1')],
    "flags-regex": [NODE.format('sh:pattern "a" ; sh:flags "z"')],
    "pattern-multiple-parameters": [
        NODE.format('sh:pattern "a" ; sh:flags "i", "m"'),
        NODE.format('sh:pattern "a", "b" ; sh:flags "i"'),
    ],
    "languageIn-node": [NODE.format('sh:languageIn "en"'), NODE.format("sh:languageIn ex:list")],
    "languageIn-members-datatype": [
        NODE.format("sh:languageIn ( ex:en )"),
        NODE.format('sh:languageIn ( "en"@en )'),
    ],
    "languageIn-maxCount": [NODE.format('sh:languageIn ( "en" ), ( "de" )')],
    "uniqueLang-datatype": [PROPERTY.format('sh:uniqueLang "true"'), PROPERTY.format("sh:uniqueLang ex:yes")],
    "uniqueLang-maxCount": [PROPERTY.format("sh:uniqueLang true, false")],
    "uniqueLang-scope": [NODE.format("sh:uniqueLang true")],
    # 4.5 Property pairs
    "equals-nodeKind": [NODE.format("sh:equals []"), NODE.format('sh:equals "p"')],
    "disjoint-nodeKind": [NODE.format("sh:disjoint []"), NODE.format("sh:disjoint 1")],
    "lessThan-nodeKind": [
        PROPERTY.format("sh:lessThan 5"),
        PROPERTY.format("sh:lessThan [ sh:inversePath ex:p ]"),
    ],
    "lessThan-scope": [NODE.format("sh:lessThan ex:q")],
    "lessThanOrEquals-nodeKind": [PROPERTY.format("sh:lessThanOrEquals 5")],
    "lessThanOrEquals-scope": [NODE.format("sh:lessThanOrEquals ex:q")],
    # 4.6 Logic
    "not-node": [NODE.format("sh:not 5"), NODE.format("sh:not [ sh:minCount 1 ]")],
    **{
        f"{name}-node": [NODE.format(f"sh:{name} [ sh:class ex:A ]"), NODE.format(f"sh:{name} 5")]
        for name in ("and", "or", "xone")
    },
    **{
        f"{name}-members-node": [
            NODE.format(f"sh:{name} ( 5 )"),
            NODE.format(f"sh:{name} ( [ sh:datatype 5 ] )"),
        ]
        for name in ("and", "or", "xone")
    },
    # 4.7 Shapes
    "node-node": [NODE.format("sh:node [ sh:path ex:p ]"), NODE.format("sh:node 5")],
    "property-node": [NODE.format("sh:property [ sh:class ex:A ]"), NODE.format('sh:property "p"')],
    "qualifiedValueShape-node": [PROPERTY.format("sh:qualifiedValueShape 5 ; sh:qualifiedMinCount 1")],
    "qualifiedValueShapesDisjoint-datatype": [
        PROPERTY.format(
            'sh:qualifiedValueShape [] ; sh:qualifiedMinCount 1 ; sh:qualifiedValueShapesDisjoint "true"'
        )
    ],
    "qualifiedMinCount-datatype": [
        PROPERTY.format('sh:qualifiedValueShape [] ; sh:qualifiedMinCount "1"'),
        PROPERTY.format("sh:qualifiedValueShape [] ; sh:qualifiedMinCount 1.0"),
    ],
    "qualifiedMaxCount-datatype": [
        PROPERTY.format("sh:qualifiedValueShape [] ; sh:qualifiedMaxCount ex:one")
    ],
    "qualified-multiple-parameters": [
        PROPERTY.format("sh:qualifiedValueShape ex:A, ex:B ; sh:qualifiedMinCount 1"),
        PROPERTY.format("sh:qualifiedValueShape [] ; sh:qualifiedMinCount 1, 2"),
    ],
    # 4.8 Others
    "closed-datatype": [
        NODE.format('sh:closed "true"'),
        NODE.format("sh:closed 1"),
        NODE.format("sh:closed ex:yes"),
    ],
    "closed-multiple-parameters": [NODE.format("sh:closed true, false")],
    "ignoredProperties-node": [NODE.format("sh:closed true ; sh:ignoredProperties ex:p")],
    "ignoredProperties-members-nodeKind": [NODE.format('sh:closed true ; sh:ignoredProperties ( "p" )')],
    "in-node": [NODE.format("sh:in ex:a"), NODE.format("sh:in 5"), NODE.format("sh:in [ rdf:first ex:a ]")],
    "in-maxCount": [NODE.format("sh:in ( ex:a ), ( ex:b )")],
    "SHACL-list": [
        NODE.format("sh:in _:l") + " _:l rdf:first ex:a ; rdf:rest _:l .",
        NODE.format("sh:in _:l") + " _:l rdf:first ex:a, ex:b ; rdf:rest () .",
        NODE.format("sh:in _:l") + " _:l rdf:first ex:a ; rdf:rest (), ( ex:b ) .",
        NODE.format("sh:in _:l") + " _:l rdf:first ex:a ; rdf:rest ex:nowhere .",
        NODE.format("sh:in ()") + " rdf:nil rdf:rest () .",
    ],
}


def _numbered() -> dict[str, str]:
    return {f"{rule}-{n}": text for rule, texts in ILL_FORMED.items() for n, text in enumerate(texts)}


@pytest.mark.parametrize("shapes", named(_numbered(), OPEN))
def test_ill_formed_shapes_are_refused(shapes: str) -> None:
    """3.4.2: the result is undefined, a processor should fail; ours always does."""
    with pytest.raises(ShapesError):
        Shapes.load(parse(shapes))


@pytest.mark.parametrize(
    "shapes",
    [
        "ex:S sh:targetNode ex:a ; sh:not ex:S .",
        "ex:S sh:targetNode ex:a ; sh:node ex:S .",
        "ex:S sh:targetNode ex:a ; sh:property [ sh:path ex:p ; sh:node ex:S ] .",
        "ex:S sh:targetNode ex:a ; sh:path ex:p ; sh:property ex:S .",
        "ex:S sh:targetNode ex:a ; sh:or ( ex:T ) . ex:T sh:and ( [ sh:xone ( ex:S ) ] ) .",
        "ex:S sh:path ex:p ; sh:qualifiedValueShape ex:T ; sh:qualifiedMinCount 1 . ex:T sh:property ex:S .",
        "ex:S sh:node ex:T . ex:T sh:node ex:S .",
    ],
)
def test_shapes_that_refer_to_themselves_are_refused(shapes: str) -> None:
    """3.4.3: validation with recursive shapes is not defined."""
    with pytest.raises(ShapesError):
        Shapes.load(parse(shapes))


@pytest.mark.parametrize(
    "shapes",
    [
        NODE.format("sh:rule [ a sh:TripleRule ; sh:subject sh:this ; sh:predicate ex:p ; sh:object ex:b ]"),
        'ex:S sh:target [ sh:select "SELECT ?this WHERE { ?this a ex:A }" ] ; sh:class ex:A .',
        PROPERTY.format("sh:values [ sh:path ex:q ]"),
        NODE.format("sh:js [ sh:jsFunctionName 'f' ]"),
        NODE.format("sh:expression [ sh:path ex:p ]"),
        NODE.format("sh:minCont 1"),
        PROPERTY.format("sh:mincount 1"),
        NODE.format("sh:datatypes xsd:string"),
        NODE.format("sh:memberShape [ sh:class ex:A ]"),
        PROPERTY.format("sh:singleLine true"),
        NODE.format("sh:reifierShape [ sh:class ex:A ]"),
        "ex:S a sh:NodeShape ; sh:targetWhere [ sh:class ex:A ] ; sh:class ex:A .",
        "ex:f a sh:SPARQLFunction ; sh:select 'SELECT ?x WHERE {}' . ex:S sh:targetNode ex:a .",
    ],
)
def test_what_is_not_known_is_refused(shapes: str) -> None:
    """A term of SHACL's namespace that is not of SHACL 1.0 may mean a condition, which none would check."""
    with pytest.raises(ShapesError):
        Shapes.load(parse(shapes))


def test_a_shapes_error_is_a_gate_error_that_names_the_shape() -> None:
    with pytest.raises(GateError, match=r"http://example\.org/S") as caught:
        Shapes.load(parse(PROPERTY.format("sh:minCount 1, 2")))
    assert isinstance(caught.value, ShapesError)


@pytest.mark.parametrize(
    "shapes",
    [
        "",
        "ex:S a sh:NodeShape .",
        PROPERTY.format(
            "sh:name 'p'@en ; sh:description 'd' ; sh:order 1.5 ; sh:group ex:g ; sh:defaultValue 5"
        ),
        "ex:g a sh:PropertyGroup ; sh:order 0 . " + NODE.format("rdfs:label 'S' ; rdfs:comment 'c'"),
        PROPERTY.format("sh:qualifiedValueShape []"),
        NODE.format('sh:flags "i"'),
        NODE.format("sh:ignoredProperties ( ex:p )"),
        NODE.format("sh:in ()"),
        NODE.format("ex:other 5"),
        "ex:o a owl:Ontology ; sh:suggestedShapesGraph ex:o . ex:S sh:targetNode ex:a .",
        PROPERTY.format("a sh:PropertyShape, ex:Mine ; sh:deactivated false"),
        PROPERTY.format("sh:minCount 0 ; sh:maxCount 0"),
    ],
)
def test_what_is_well_formed_is_not_refused(shapes: str) -> None:
    """2.3.2: what describes a shape sets no condition; 4: a constraint needs all its mandatory parameters."""
    Shapes.load(parse(shapes))
