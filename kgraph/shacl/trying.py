"""What a shape asks of a value that it refuses, and what it would say of another in its place."""

from collections.abc import Iterator
from functools import cache

import pyoxigraph as ox

from kgraph.shacl.constraints.others import In
from kgraph.shacl.constraints.property_pair import LessThan
from kgraph.shacl.constraints.strings import LanguageIn
from kgraph.shacl.constraints.value_type import Class, Datatype
from kgraph.shacl.data import Data
from kgraph.shacl.loading import Shapes
from kgraph.shacl.results import ValidationResult
from kgraph.shacl.shapes import Constraint, ValueConstraint
from kgraph.shacl.validation import Run
from kgraph.shacl.vocabulary import RDF, Node


def would_hold(result: ValidationResult, data: Data, value: Node) -> bool:
    """Whether the shape of a result would have nothing to say of another value in its place.

    Only what looks at each value for itself is asked: not counts, not comparisons with other properties.
    """
    if result.shape is None or not isinstance(result.constraint, ValueConstraint):
        return False
    run = Run(_no_shapes(), data)
    asked = (each for each in result.shape.constraints if isinstance(each, ValueConstraint))
    return not any(list(constraint.failing(run, [value])) for constraint in asked)


@cache
def _no_shapes() -> Shapes:
    """What the constraints that are tried need of a shapes graph: nothing."""
    return Shapes.load(())


def datatypes_asked(result: ValidationResult) -> frozenset[ox.NamedNode]:
    """The datatypes that the constraint of a result names, in shapes within it too."""
    return frozenset(_datatypes(result.constraint)) if result.constraint is not None else frozenset()


def _datatypes(constraint: Constraint) -> Iterator[ox.NamedNode]:
    if isinstance(constraint, Datatype):
        yield constraint.datatype
    elif isinstance(constraint, LanguageIn):
        yield RDF.langString
    for shape in constraint.shapes:
        if shape.path is None:
            for inner in shape.constraints:
                yield from _datatypes(inner)


def members_asked(result: ValidationResult) -> tuple[Node, ...]:
    """The values of which it has to be one, if the constraint of a result lists them (sh:in)."""
    return result.constraint.members if isinstance(result.constraint, In) else ()


def asks_class(result: ValidationResult) -> bool:
    """Whether the constraint of a result asks for a class."""
    return isinstance(result.constraint, Class)


def upper_limit(result: ValidationResult) -> ox.NamedNode | None:
    """The property whose values limit the offending one, if the constraint compares them (sh:lessThan)."""
    return result.constraint.predicate if isinstance(result.constraint, LessThan) else None
