"""From the parameters of a shape to its core constraints.

Source: SHACL 1.0, section 4 (definitions of the components' parameters).
"""

from collections.abc import Callable, Iterator

import pyoxigraph as ox

from kgraph.errors import GateError
from kgraph.shacl.constraints.cardinality import MaxCount, MinCount
from kgraph.shacl.constraints.logical import And, Not, Or, Xone
from kgraph.shacl.constraints.others import Closed, HasValue, In
from kgraph.shacl.constraints.property_pair import Disjoint, Equals, LessThan, LessThanOrEquals
from kgraph.shacl.constraints.shape_based import (
    NodeShape,
    PropertyShape,
    QualifiedMaxCount,
    QualifiedMinCount,
)
from kgraph.shacl.constraints.strings import LanguageIn, MaxLength, MinLength, Pattern, UniqueLang
from kgraph.shacl.constraints.value_range import MaxExclusive, MaxInclusive, MinExclusive, MinInclusive
from kgraph.shacl.constraints.value_type import NODE_KINDS, Class, Datatype, NodeKind
from kgraph.shacl.errors import ShapesError
from kgraph.shacl.expressions import check_pattern
from kgraph.shacl.paths import Predicate
from kgraph.shacl.patterns import foreign_part
from kgraph.shacl.reading import Reader, wrong
from kgraph.shacl.shapes import Constraint, Shape
from kgraph.shacl.vocabulary import SH, XSD, Node, show

_TRUE = ox.Literal("true", datatype=XSD.boolean)

#: Gives the constraints that a shape has by one parameter.
Build = Callable[[Reader, Shape], Iterator[Constraint]]


def core_constraints(reader: Reader, shape: Shape) -> Iterator[Constraint]:
    """The core constraints of a shape.

    :raises ShapesError: if a parameter has a value that it cannot have.
    """
    for build in _BUILDERS:
        yield from build(reader, shape)


def _iris(parameter: ox.NamedNode, make: Callable[[ox.NamedNode], Constraint], single: bool = False) -> Build:
    def build(reader: Reader, shape: Shape) -> Iterator[Constraint]:
        if single:
            reader.one(shape.node, parameter)
        for value in reader.values(shape.node, parameter):
            yield make(reader.iri(shape.node, parameter, value))

    return build


def _counts(parameter: ox.NamedNode, make: Callable[[int], Constraint]) -> Build:
    def build(reader: Reader, shape: Shape) -> Iterator[Constraint]:
        number = reader.integer(shape.node, parameter)
        if number is not None:
            yield make(number)

    return build


def _bounds(parameter: ox.NamedNode, make: Callable[[ox.Literal], Constraint]) -> Build:
    def build(reader: Reader, shape: Shape) -> Iterator[Constraint]:
        bound = reader.one(shape.node, parameter)
        if bound is not None:
            yield make(reader.literal(shape.node, parameter, bound))

    return build


def _shapes(parameter: ox.NamedNode, make: Callable[[Shape], Constraint]) -> Build:
    def build(reader: Reader, shape: Shape) -> Iterator[Constraint]:
        for value in reader.values(shape.node, parameter):
            inner = reader.shape_of(value)
            if parameter == SH.property and inner.path is None:
                raise wrong(shape.node, parameter, value, "a property shape, with a sh:path")
            if parameter == SH.node and inner.path is not None:
                raise wrong(shape.node, parameter, value, "a node shape, without sh:path")
            yield make(inner)

    return build


def _lists_of_shapes(parameter: ox.NamedNode, make: Callable[[tuple[Shape, ...]], Constraint]) -> Build:
    def build(reader: Reader, shape: Shape) -> Iterator[Constraint]:
        for value in reader.values(shape.node, parameter):
            yield make(tuple(map(reader.shape_of, reader.list(shape.node, value))))

    return build


def _node_kind(reader: Reader, shape: Shape) -> Iterator[Constraint]:
    kind = reader.one(shape.node, SH.nodeKind)
    if kind is None:
        return
    if kind not in NODE_KINDS:
        raise wrong(shape.node, SH.nodeKind, kind, "one of " + ", ".join(map(show, NODE_KINDS)))
    yield NodeKind(kind)


def _pattern(reader: Reader, shape: Shape) -> Iterator[Constraint]:
    pattern, flags = reader.one(shape.node, SH.pattern), reader.one(shape.node, SH.flags)
    if pattern is None:
        return
    made = Pattern(
        reader.string(shape.node, SH.pattern, pattern),
        reader.string(shape.node, SH.flags, flags) if flags is not None else "",
    )
    foreign = foreign_part(made.pattern, made.flags)
    if foreign:
        raise ShapesError(shape.node, f"the pattern “{made.pattern}” uses {foreign}")
    try:
        check_pattern(made.pattern, made.flags)
    except GateError as exc:
        raise ShapesError(shape.node, str(exc)) from exc
    yield made


def _language_in(reader: Reader, shape: Shape) -> Iterator[Constraint]:
    listed = reader.one(shape.node, SH.languageIn)
    if listed is not None:
        ranges = reader.list(shape.node, listed)
        yield LanguageIn(tuple(reader.string(shape.node, SH.languageIn, each) for each in ranges))


def _unique_lang(reader: Reader, shape: Shape) -> Iterator[Constraint]:
    # `1` is true as well, but the specification names `true` alone, and its test suite insists.
    is_true = reader.boolean(shape.node, SH.uniqueLang)
    if is_true and reader.one(shape.node, SH.uniqueLang) == _TRUE:
        yield UniqueLang()


def _has_value(reader: Reader, shape: Shape) -> Iterator[Constraint]:
    yield from map(HasValue, reader.values(shape.node, SH.hasValue))


def _in(reader: Reader, shape: Shape) -> Iterator[Constraint]:
    listed = reader.one(shape.node, SH["in"])
    if listed is not None:
        yield In(tuple(reader.list(shape.node, listed)))


def _closed(reader: Reader, shape: Shape) -> Iterator[Constraint]:
    is_closed = reader.boolean(shape.node, SH.closed)
    ignored = reader.one(shape.node, SH.ignoredProperties)
    listed = [] if ignored is None else reader.list(shape.node, ignored)
    allowed: set[Node] = {reader.iri(shape.node, SH.ignoredProperties, each) for each in listed}
    if not is_closed:
        return
    for value in reader.values(shape.node, SH.property):
        path = reader.shape_of(value).path
        if isinstance(path, Predicate):
            allowed.add(path.iri)
    yield Closed(frozenset(allowed))


def _qualified(reader: Reader, shape: Shape) -> Iterator[Constraint]:
    node = shape.node
    inner = reader.one(node, SH.qualifiedValueShape)
    least, most = reader.integer(node, SH.qualifiedMinCount), reader.integer(node, SH.qualifiedMaxCount)
    is_disjoint = reader.boolean(node, SH.qualifiedValueShapesDisjoint)
    if inner is None:
        return
    siblings = _siblings(reader, node, inner) if is_disjoint else ()
    if least is not None:
        yield QualifiedMinCount(reader.shape_of(inner), siblings, least)
    if most is not None:
        yield QualifiedMaxCount(reader.shape_of(inner), siblings, most)


def _siblings(reader: Reader, node: Node, inner: Node) -> tuple[Shape, ...]:
    """The qualified value shapes of the property shapes beside one.

    Source: SHACL 1.0, section 4.7.3 (sibling shapes).
    """
    graph = reader.graph
    found = dict.fromkeys(
        sibling
        for parent in graph.subjects(SH.property, node)
        for beside in graph.objects(parent, SH.property)
        for sibling in graph.objects(beside, SH.qualifiedValueShape)
        if sibling != inner
    )
    return tuple(map(reader.shape_of, found))


_BUILDERS: tuple[Build, ...] = (
    _iris(SH["class"], Class),
    _iris(SH.datatype, Datatype, single=True),
    _node_kind,
    _counts(SH.minCount, MinCount),
    _counts(SH.maxCount, MaxCount),
    _bounds(SH.minExclusive, MinExclusive),
    _bounds(SH.minInclusive, MinInclusive),
    _bounds(SH.maxExclusive, MaxExclusive),
    _bounds(SH.maxInclusive, MaxInclusive),
    _counts(SH.minLength, MinLength),
    _counts(SH.maxLength, MaxLength),
    _pattern,
    _language_in,
    _unique_lang,
    _iris(SH.equals, Equals),
    _iris(SH.disjoint, Disjoint),
    _iris(SH.lessThan, LessThan),
    _iris(SH.lessThanOrEquals, LessThanOrEquals),
    _shapes(SH["not"], Not),
    _lists_of_shapes(SH["and"], And),
    _lists_of_shapes(SH["or"], Or),
    _lists_of_shapes(SH.xone, Xone),
    _shapes(SH.node, NodeShape),
    _shapes(SH.property, PropertyShape),
    _qualified,
    _closed,
    _has_value,
    _in,
)
