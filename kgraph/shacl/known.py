"""The terms of SHACL that this engine knows; shapes that use others are refused, never half understood.

Source: SHACL 1.0, appendix D (the vocabulary), without SHACL-AF and SHACL-JS.
"""

from collections.abc import Collection

import pyoxigraph as ox

from kgraph.namespaces import SH as _SH
from kgraph.shacl.data import Data
from kgraph.shacl.errors import ShapesError
from kgraph.shacl.vocabulary import OWL, RDF, RDFS, SH, Node, show

_TARGETS = "targetClass targetNode targetObjectsOf targetSubjectsOf"
_PARAMETERS = (
    "and class closed datatype disjoint equals flags hasValue ignoredProperties in languageIn lessThan"
    " lessThanOrEquals maxCount maxExclusive maxInclusive maxLength minCount minExclusive minInclusive"
    " minLength node nodeKind not or pattern property qualifiedMaxCount qualifiedMinCount"
    " qualifiedValueShape qualifiedValueShapesDisjoint sparql uniqueLang xone"
)
_OTHERS = (
    "path alternativePath inversePath oneOrMorePath zeroOrMorePath zeroOrOnePath severity message deactivated"
    " name description order group defaultValue"
    " declare prefix namespace prefixes select ask"
    " parameter optional labelTemplate validator nodeValidator propertyValidator"
    " conforms result detail focusNode resultPath value sourceShape sourceConstraint"
    " sourceConstraintComponent resultSeverity resultMessage"
    " shapesGraph suggestedShapesGraph shapesGraphWellFormed"
)
_CLASSES = (
    "Shape NodeShape PropertyShape Parameterizable Parameter ConstraintComponent Validator SPARQLAskValidator"
    " SPARQLSelectValidator SPARQLConstraint SPARQLExecutable SPARQLAskExecutable SPARQLSelectExecutable"
    " PrefixDeclaration PropertyGroup AbstractResult ValidationReport ValidationResult Severity NodeKind"
)

TARGETS = frozenset(SH[name] for name in _TARGETS.split())
#: What makes a node a shape when it is its subject.
PARAMETERS = frozenset(SH[name] for name in _PARAMETERS.split())
_PREDICATES = TARGETS | PARAMETERS | {SH[name] for name in _OTHERS.split()}
_KNOWN_CLASSES = frozenset(SH[name] for name in _CLASSES.split())

#: What only a property shape can have.
PROPERTY_ONLY = (
    SH.minCount,
    SH.maxCount,
    SH.uniqueLang,
    SH.lessThan,
    SH.lessThanOrEquals,
    SH.qualifiedValueShape,
)

#: A shape that is one of these is its own target class (section 2.1.3.3). The specification knows
#: owl:Class only where the shapes graph calls it a subclass of rdfs:Class; OWL says that it always is.
CLASSES_OF_CLASSES = (RDFS.Class, OWL.Class)


def refuse_unknown(graph: Data) -> None:
    """Refuse a shapes graph with things in it that are not known here.

    :raises ShapesError: naming the node and the term.
    """
    for subject, class_ in graph.pairs(RDF.type):
        if _is_foreign(class_, _KNOWN_CLASSES) and not is_of_shacl(subject):
            raise ShapesError(subject, f"is a {show(class_)}, which is not known here")
    for subject, regime in graph.pairs(SH.entailment):
        raise ShapesError(subject, f"asks for the entailment {show(regime)}, which is not done here")


def missing_imports(graph: Data) -> list[str]:
    """What a shapes graph imports and does not hold: addresses that nobody is asked for here."""
    imported = {node for _, node in graph.pairs(OWL.imports)}
    return sorted(
        n.value
        for n in imported
        if isinstance(n, ox.NamedNode) and not graph.about(n) and n not in _OWN_NAMES
    )


def refuse_unknown_terms(graph: Data, node: Node) -> None:
    """Refuse a shape, or what belongs to one, that says something of itself that is not known here.

    :raises ShapesError: naming the term.
    """
    for predicate, _ in graph.about(node):
        if _is_foreign(predicate, _PREDICATES):
            raise ShapesError(node, f"uses {show(predicate)}, which is not known here")


_OWN_NAMES = {ox.NamedNode(str(_SH)), ox.NamedNode(str(_SH).rstrip("#"))}


def is_of_shacl(node: Node) -> bool:
    """Whether a node is a term of the SHACL vocabulary, known or not."""
    return isinstance(node, ox.NamedNode) and node.value.startswith(str(_SH))


def _is_foreign(node: Node, known: Collection[Node]) -> bool:
    return is_of_shacl(node) and node not in known
