"""Validation: shapes and data in, results out.

All focus nodes of a shape are checked together, constraint by constraint; what shapes inside shapes say
of a node is remembered for the run.

Source: SHACL 1.0, section 3.4.
"""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING

import pyoxigraph as ox

from kgraph.errors import GateError
from kgraph.shacl.data import Data, Engine
from kgraph.shacl.memory import MemoryData
from kgraph.shacl.prebinding import SHAPES_GRAPH, PreboundQuery
from kgraph.shacl.query_reach import reach_of
from kgraph.shacl.results import ValidationReport, ValidationResult
from kgraph.shacl.shapes import Found, Shape
from kgraph.shacl.vocabulary import Node

if TYPE_CHECKING:
    from kgraph.shacl.loading import Shapes


def validate(shapes: "Shapes", data: Data, *, focus: Collection[Node] | None = None) -> ValidationReport:
    """The results of a data graph against shapes.

    :param focus: check these nodes only, as far as a shape's targets choose them; all if left out.
    :raises GateError: if a SPARQL constraint says that it failed, or the engine cannot evaluate it.

    Source: SHACL 1.0, section 3.4.
    """
    if focus is None and not data.is_small:
        # All of it will be looked at: read once, in one go, it is looked at ten times as fast.
        data = MemoryData(data.triples(shapes.predicates), stored=True)
    run = Run(shapes, data)
    among = None if focus is None else frozenset(focus)
    with depth_told():
        return ValidationReport.of(
            result
            for shape in shapes.targeted
            for result in run.results(shape, shape.focus_nodes(data, among))
        )


@contextmanager
def depth_told() -> Iterator[None]:
    """A block in which shapes judge.

    :raises GateError: if they are nested deeper than Python goes.
    """
    try:
        yield
    except RecursionError as exc:
        raise GateError("the shapes are nested too deep to be judged by") from exc


class Run:
    """One validation of one data graph.

    :ivar shapes: all of them, for constraints that ask the shapes graph.
    """

    def __init__(self, shapes: "Shapes", data: Data):
        self.shapes = shapes
        self.data = data
        self._verdicts: dict[Shape, dict[Node, bool]] = {}

    def engine_for(self, query: PreboundQuery) -> Engine:
        """A store that holds what a query looks at, and the options to ask it with."""
        if not query.asks_shapes:
            return self.data.engine(None if self.data.is_small else reach_of(query.text).predicates)
        return self._with_shapes

    @cached_property
    def _with_shapes(self) -> Engine:
        """The data as default graph, the shapes graph beside it under its name."""
        store = ox.Store()
        self.data.copy_to(store)
        shapes = self.shapes.graph.triples()
        store.extend(ox.Quad(t.subject, t.predicate, t.object, SHAPES_GRAPH) for t in shapes)
        return store, {}

    def results(self, shape: Shape, focus: Collection[Node]) -> Iterator[ValidationResult]:
        """What is wrong with some focus nodes by one shape."""
        return (result for _, result in self.found(shape, focus))

    def found(self, shape: Shape, focus: Collection[Node]) -> Iterator[Found]:
        """The results of one shape, each with the node of `focus` that it counts for."""
        if shape.deactivated or not focus:
            return
        values = shape.value_nodes(self.data, focus)
        for constraint in shape.constraints:
            yield from constraint.check(self, shape, values)

    def failing(self, shape: Shape, nodes: Collection[Node]) -> set[Node]:
        """Those of some nodes that do not conform to a shape.

        Source: SHACL 1.0, section 3.5 (conformance checking).
        """
        verdicts = self._verdicts.setdefault(shape, {})
        unknown = [node for node in nodes if node not in verdicts]
        if unknown:
            bad = self._failing(shape, unknown)
            verdicts.update((node, node in bad) for node in unknown)
        return {node for node in nodes if verdicts[node]}

    def _failing(self, shape: Shape, nodes: Collection[Node]) -> set[Node]:
        if shape.deactivated:
            return set()
        values = shape.value_nodes(self.data, nodes)
        return {
            focus
            for constraint in shape.constraints
            for focus in constraint.failing_focus(self, shape, values)
        }
