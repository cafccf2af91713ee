"""Shapes read from a shapes graph, and refused where they are ill-formed.

Source: SHACL 1.0, section 2 and appendix C (syntax rules).
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import pyoxigraph as ox

from kgraph.shacl.constraints.components import read_components
from kgraph.shacl.constraints.core import core_constraints
from kgraph.shacl.constraints.sparql import sparql_constraints
from kgraph.shacl.errors import ShapesError
from kgraph.shacl.known import (
    CLASSES_OF_CLASSES,
    PARAMETERS,
    PROPERTY_ONLY,
    TARGETS,
    refuse_unknown,
    refuse_unknown_terms,
)
from kgraph.shacl.memory import MemoryData
from kgraph.shacl.paths import read_path
from kgraph.shacl.reading import Reader, wrong
from kgraph.shacl.shapes import Constraint, Shape
from kgraph.shacl.targets import Target, TargetClass, TargetNode, TargetObjectsOf, TargetSubjectsOf
from kgraph.shacl.vocabulary import RDF, RDFS, SH, Node, show


@dataclass(frozen=True)
class Shapes:
    """A shapes graph, ready to validate with; threads and runs may share it.

    :param all: every shape, by its node.
    :param targeted: those that choose focus nodes themselves.
    :param graph: the shapes graph, for constraints that ask it.
    """

    all: Mapping[Node, Shape]
    targeted: tuple[Shape, ...]
    graph: MemoryData

    @classmethod
    def load(cls, triples: Iterable[ox.Triple | ox.Quad]) -> "Shapes":
        """The shapes in a shapes graph.

        :raises ShapesError: if a shape is ill-formed, is recursive, or uses what is not known here.
        """
        graph = MemoryData(triples)
        refuse_unknown(graph)
        try:
            shapes = _Loader(graph).load()
        except RecursionError as exc:
            raise ShapesError(None, "a path or list in the shapes is nested too deep") from exc
        _refuse_recursion(shapes.values())
        targeted = tuple(shape for shape in shapes.values() if shape.targets and not shape.deactivated)
        return cls(shapes, targeted, graph)

    @cached_property
    def predicates(self) -> frozenset[ox.NamedNode] | None:
        """Every predicate of a data graph that they look at; None if that can be any."""
        found: set[ox.NamedNode] = {RDF.type, RDFS.subClassOf}
        for shape in self.all.values():
            found.update(target.predicate for target in shape.targets if target.predicate is not None)
            if shape.path is not None:
                found.update(step.predicate for step in shape.path.steps())
            for constraint in shape.constraints:
                if constraint.predicates is None:
                    return None
                found |= constraint.predicates
        return frozenset(found)


class _Loader:
    """Makes the shapes of a graph; those that others speak of, when they do."""

    def __init__(self, graph: MemoryData):
        self._graph = graph
        self._reader = Reader(graph, self._shape_of)
        self._shapes: dict[Node, Shape] = {}
        self._unfinished: list[Shape] = []
        self._components = read_components(self._reader)

    def load(self) -> dict[Node, Shape]:
        for node in sorted(self._shape_nodes(), key=str):
            self._shape_of(node)
        # Finishing a shape can bring up others.
        while self._unfinished:
            shape = self._unfinished.pop()
            shape.constraints = tuple(self._constraints(shape))
        return self._shapes

    def _shape_nodes(self) -> set[Node]:
        """Source: SHACL 1.0, section 2.1 (what is a shape)."""
        graph = self._graph
        parameters = PARAMETERS.union(*(each.mandatory for each in self._components))
        found = {node for predicate in TARGETS | parameters for node, _ in graph.pairs(predicate)}
        return found | graph.instances(SH.NodeShape) | graph.instances(SH.PropertyShape)

    def _shape_of(self, node: Node) -> Shape:
        shape = self._shapes.get(node)
        if shape is None:
            shape = self._shapes[node] = self._begin(node)
            self._unfinished.append(shape)
        return shape

    def _begin(self, node: Node) -> Shape:
        reader, graph = self._reader, self._graph
        if isinstance(node, ox.Literal):
            raise ShapesError(node, "a literal is no shape")
        refuse_unknown_terms(graph, node)
        path = reader.one(node, SH.path)
        if path is None and graph.is_instance(node, SH.PropertyShape):
            raise ShapesError(node, "is a sh:PropertyShape and needs a sh:path")
        if path is not None and graph.is_instance(node, SH.NodeShape):
            raise ShapesError(node, "is a sh:NodeShape and cannot have a sh:path")
        severity = reader.one(node, SH.severity)
        return Shape(
            node=node,
            path=None if path is None else read_path(graph, path, node),
            targets=tuple(self._targets(node)),
            severity=SH.Violation if severity is None else reader.iri(node, SH.severity, severity),
            messages=reader.messages(node, SH.message),
            deactivated=reader.boolean(node, SH.deactivated),
        )

    def _targets(self, node: Node) -> Iterator[Target]:
        reader = self._reader
        for value in reader.values(node, SH.targetNode):
            if isinstance(value, ox.BlankNode):
                raise wrong(node, SH.targetNode, value, "an IRI or a literal")
            yield TargetNode(value)
        for value in reader.values(node, SH.targetClass):
            yield TargetClass(reader.iri(node, SH.targetClass, value))
        for value in reader.values(node, SH.targetSubjectsOf):
            yield TargetSubjectsOf(reader.iri(node, SH.targetSubjectsOf, value))
        for value in reader.values(node, SH.targetObjectsOf):
            yield TargetObjectsOf(reader.iri(node, SH.targetObjectsOf, value))
        graph = self._graph
        is_typed = any(graph.is_instance(node, each) for each in (SH.NodeShape, SH.PropertyShape))
        if is_typed and any(graph.is_instance(node, each) for each in CLASSES_OF_CLASSES):
            if isinstance(node, ox.BlankNode):
                raise ShapesError(node, "is a class and a shape, and has to be an IRI")
            yield TargetClass(node)

    def _constraints(self, shape: Shape) -> Iterator[Constraint]:
        if shape.path is None:
            for parameter in PROPERTY_ONLY:
                if self._reader.values(shape.node, parameter):
                    raise ShapesError(shape.node, f"{show(parameter)} needs a property shape, with a sh:path")
        yield from core_constraints(self._reader, shape)
        yield from sparql_constraints(self._reader, shape)
        for component in self._components:
            yield from component.constraints(self._reader, shape)


def _refuse_recursion(shapes: Iterable[Shape]) -> None:
    """Refuse shapes that refer to themselves: SHACL leaves open what they mean.

    Source: SHACL 1.0, section 3.4.3.
    """
    done: set[Shape] = set()
    for start in shapes:
        trail: list[tuple[Shape, Iterator[Shape]]] = [(start, _referred(start))] if start not in done else []
        open_ = {start}
        while trail:
            shape, referred = trail[-1]
            following = next(referred, None)
            if following is None:
                done.add(shape)
                open_.discard(shape)
                trail.pop()
            elif following in open_:
                raise ShapesError(following.node, "refers to itself, straight or through other shapes")
            elif following not in done:
                open_.add(following)
                trail.append((following, _referred(following)))


def _referred(shape: Shape) -> Iterator[Shape]:
    return iter([inner for constraint in shape.constraints for inner in constraint.shapes])
