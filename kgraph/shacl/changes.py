"""What a change of the data can do to the verdicts: which focus nodes have to be looked at again.

It is read off the shapes: their paths are walked backwards from the triples that come or go, through
the data as they were and as they will be. What is found is at least all that can change; a node more
costs time, a node less would let something invalid in.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import pyoxigraph as ox

from kgraph.shacl.data import Data, Pair
from kgraph.shacl.layers import Changed, Layered
from kgraph.shacl.loading import Shapes
from kgraph.shacl.memory import MemoryData
from kgraph.shacl.query_reach import reach_of
from kgraph.shacl.results import ValidationReport, ValidationResult
from kgraph.shacl.shapes import Shape
from kgraph.shacl.targets import Target, TargetClass, TargetNode, TargetSubjectsOf
from kgraph.shacl.validation import Run, depth_told
from kgraph.shacl.vocabulary import RDF, RDFS, Node


class Delta:
    """Triples that come and triples that go.

    :param before: the graph as it is.
    :param removed: triples of it that will not be there any more.
    :param added: triples that it does not hold yet.
    """

    def __init__(
        self,
        before: Data,
        *,
        removed: Iterable[ox.Triple | ox.Quad] = (),
        added: Iterable[ox.Triple | ox.Quad] = (),
    ):
        self.before = before
        self.removed = MemoryData(removed)
        self.added = MemoryData(added)
        #: All that is there before or after.
        self.around = Layered(before, self.added)
        self._retyped: dict[Node, set[Node]] = {}
        self._reached: dict[str, set[Node] | None] = {}

    @cached_property
    def after(self) -> Data:
        """The graph as it will be."""
        return Changed(self.before, removed=self.removed, added=self.added)

    def pairs(self, predicate: ox.NamedNode) -> list[Pair]:
        """Subject and object of what comes or goes with a predicate."""
        return [*self.added.pairs(predicate), *self.removed.pairs(predicate)]

    @cached_property
    def subjects(self) -> set[Node]:
        """The subjects of what comes or goes."""
        return {*self.added.subject_nodes(), *self.removed.subject_nodes()}

    def retyped(self, class_: Node) -> set[Node]:
        """Nodes that may become instances of a class, or be them no longer."""
        if class_ not in self._retyped:
            below = self.around.subclasses(class_)
            found = set[Node]().union(*(nodes for type_, nodes in self._typed.items() if type_ in below))
            for lower, upper in self.pairs(RDFS.subClassOf):
                if upper in below:
                    found |= self.around.instances(lower)
            self._retyped[class_] = found
        return self._retyped[class_]

    @cached_property
    def _typed(self) -> dict[Node, set[Node]]:
        """The nodes of each class that a triple which comes or goes names."""
        found: dict[Node, set[Node]] = {}
        for node, type_ in self.pairs(RDF.type):
            found.setdefault(type_, set()).add(node)
        return found

    def reached_by(self, query: str) -> set[Node] | None:
        """Focus nodes whose solutions of a query may change; None for all."""
        if query not in self._reached:
            self._reached[query] = reach_of(query).reached(self.around, self._triples, "this")
        return self._reached[query]

    def all_if_named(self, query: str) -> set[Node] | None:
        """None, for all focus nodes, if a query can look at anything that changes; else no node."""
        predicates = reach_of(query).predicates
        if predicates is None:
            return None if self._triples else set()
        return None if any(predicate in predicates for _, predicate, _ in self._triples) else set()

    @cached_property
    def _triples(self) -> list[tuple[Node, ox.NamedNode, Node]]:
        both = (*self.added.triples(), *self.removed.triples())
        return [(t.subject, t.predicate, t.object) for t in both]  # type: ignore[misc]


#: Results by the shape whose target chose a focus node, and by that node; none where it conforms.
Verdicts = Mapping[Shape, Mapping[Node, Sequence[ValidationResult]]]


@dataclass(frozen=True)
class Recheck:
    """What a change did.

    :param verdicts: on every focus node that was looked at again, those that are none any more included;
        whatever is known of others still holds.
    """

    verdicts: Verdicts

    @cached_property
    def report(self) -> ValidationReport:
        """All results after the change, of what was looked at."""
        found = self.verdicts.values()
        return ValidationReport.of(r for nodes in found for results in nodes.values() for r in results)


def recheck(shapes: Shapes, delta: Delta) -> Recheck:
    """Validate again what a change can have touched, and nothing else.

    :returns: exactly what a full validation after the change says of these focus nodes.
    :raises GateError: as `validate`.
    """
    run = Run(shapes, delta.after)
    verdicts: dict[Shape, dict[Node, list[ValidationResult]]] = {}
    with depth_told():
        for shape, nodes in touched(shapes, delta).items():
            verdicts[shape] = {node: [] for node in nodes}
            for focus, result in run.found(shape, shape.focus_nodes(delta.after, nodes)):
                verdicts[shape][focus].append(result)
    return Recheck(verdicts)


def touched(shapes: Shapes, delta: Delta) -> Mapping[Shape, Collection[Node]]:
    """The focus nodes of each shape at which a change can be seen, and those that are none any more."""
    found = _Touched(delta)
    return {shape: nodes for shape in shapes.targeted if (nodes := found.focus_nodes(shape))}


class _Touched:
    """Where shapes can judge otherwise after a change; remembered shape by shape."""

    def __init__(self, delta: Delta):
        self._delta = delta
        self._known: dict[Shape, set[Node] | None] = {}

    def focus_nodes(self, shape: Shape) -> set[Node]:
        """What `touched` says of one shape."""
        delta = self._delta
        nodes = self.nodes(shape)
        if nodes is None:
            return shape.focus_nodes(delta.before) | shape.focus_nodes(delta.after)
        return nodes.union(*(self._retargeted(target) for target in shape.targets))

    def _retargeted(self, target: Target) -> Collection[Node]:
        if isinstance(target, TargetNode) or target.predicate is None:
            return ()
        if isinstance(target, TargetClass):
            return self._delta.retyped(target.class_)
        end = 0 if isinstance(target, TargetSubjectsOf) else 1
        return {pair[end] for pair in self._delta.pairs(target.predicate)}

    def nodes(self, shape: Shape) -> set[Node] | None:
        """The nodes at which a shape may judge otherwise; None for all."""
        if shape not in self._known:
            self._known[shape] = set() if shape.deactivated else self._find(shape)
        return self._known[shape]

    def _find(self, shape: Shape) -> set[Node] | None:
        delta = self._delta
        found: set[Node] = set()
        values: set[Node] = set()
        for constraint in shape.constraints:
            focus = constraint.focus_touched_by(delta, shape)
            if focus is None:
                return None
            found.update(focus)
            values.update(constraint.values_touched_by(delta))
            for inner in constraint.shapes:
                nodes = self.nodes(inner)
                if nodes is None:
                    return None
                values |= nodes
        if shape.path is None:
            return found | values
        for step in shape.path.steps():
            for subject, object_ in delta.pairs(step.predicate):
                found |= step.starts(delta.around, subject, object_)
        for value in values:
            found.update(shape.path.walk(delta.around, value, backwards=True))
        return found
