"""Which kind of node a value is.

Source: SHACL 1.0, section 4.1.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyoxigraph as ox

from kgraph.shacl.datatypes import is_well_formed
from kgraph.shacl.shapes import ValueConstraint
from kgraph.shacl.vocabulary import SH, Node, show

if TYPE_CHECKING:
    from kgraph.shacl.changes import Delta
    from kgraph.shacl.validation import Run


@dataclass(frozen=True, slots=True)
class Class(ValueConstraint):
    """Source: SHACL 1.0, section 4.1.1."""

    component = SH.ClassConstraintComponent
    class_: Node

    def failing(self, run: "Run", values: Collection[Node]) -> Iterable[Node]:  # noqa: D102
        return run.data.untyped(values, run.data.subclasses(self.class_))

    def values_touched_by(self, delta: "Delta") -> Collection[Node]:  # noqa: D102
        return delta.retyped(self.class_)

    def expectation(self) -> str:  # noqa: D102
        return f"The value has to be of class {show(self.class_)}."


@dataclass(frozen=True, slots=True)
class Datatype(ValueConstraint):
    """Source: SHACL 1.0, section 4.1.2."""

    component = SH.DatatypeConstraintComponent
    datatype: ox.NamedNode

    def failing(self, run: "Run", values: Collection[Node]) -> Iterable[Node]:  # noqa: D102
        return [
            v
            for v in values
            if not isinstance(v, ox.Literal) or v.datatype != self.datatype or not is_well_formed(v)
        ]

    def expectation(self) -> str:  # noqa: D102
        return f"The value has to be a literal of datatype {show(self.datatype)}, and well-formed."


#: Which Python classes each kind of node comprises.
NODE_KINDS: dict[Node, tuple[type[Node], ...]] = {
    SH.IRI: (ox.NamedNode,),
    SH.BlankNode: (ox.BlankNode,),
    SH.Literal: (ox.Literal,),
    SH.BlankNodeOrIRI: (ox.BlankNode, ox.NamedNode),
    SH.BlankNodeOrLiteral: (ox.BlankNode, ox.Literal),
    SH.IRIOrLiteral: (ox.NamedNode, ox.Literal),
}


@dataclass(frozen=True, slots=True)
class NodeKind(ValueConstraint):
    """Source: SHACL 1.0, section 4.1.3."""

    component = SH.NodeKindConstraintComponent
    kind: Node

    def failing(self, run: "Run", values: Collection[Node]) -> Iterable[Node]:  # noqa: D102
        return [v for v in values if not isinstance(v, NODE_KINDS[self.kind])]

    def expectation(self) -> str:  # noqa: D102
        return f"The value has to be of the kind {show(self.kind)}."
