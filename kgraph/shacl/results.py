"""Validation results and the report that holds them.

Source: SHACL 1.0, section 3.6.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import pyoxigraph as ox

from kgraph.shacl.paths import Path
from kgraph.shacl.vocabulary import RDF, SH, XSD, Node

if TYPE_CHECKING:
    from kgraph.shacl.shapes import Constraint, Shape


@dataclass(frozen=True, slots=True)
class ValidationResult:
    """One thing that is wrong with one focus node.

    :param path: how the value is reached from the focus node; None for what a node shape finds.
    :param value: the offending value node; None where none is one alone (counts).
    :param source_constraint: the SPARQL constraint that found it.
    :param messages: what was expected, for people.
    :param shape: the shape that found it, as it was compiled.
    :param constraint: which of its constraints did.
    """

    focus_node: Node
    path: Path | None
    value: Node | None
    source_shape: Node
    component: ox.NamedNode
    severity: ox.NamedNode = SH.Violation
    messages: tuple[ox.Literal, ...] = ()
    source_constraint: Node | None = None
    shape: "Shape | None" = field(default=None, repr=False, compare=False)
    constraint: "Constraint | None" = field(default=None, repr=False, compare=False)

    @property
    def expected(self) -> str:
        """What the constraint asks, as a sentence: without the words that its shape has for it."""
        return self.constraint.expectation() if self.constraint is not None else ""

    @property
    def order(self) -> tuple[str, ...]:
        """What results are sorted by."""
        parts = (self.focus_node, self.path, self.value, self.source_shape, self.component)
        return (*("" if part is None else str(part) for part in parts), *map(str, self.messages))

    def describe(self, triples: list[ox.Triple]) -> ox.BlankNode:
        """The result as RDF: its node, whose triples are appended."""
        node = ox.BlankNode()

        def say(predicate: ox.NamedNode, value: Node | None) -> None:
            if value is not None:
                triples.append(ox.Triple(node, predicate, value))

        say(RDF.type, SH.ValidationResult)
        say(SH.focusNode, self.focus_node)
        say(SH.resultPath, None if self.path is None else self.path.describe(triples))
        say(SH.value, self.value)
        say(SH.sourceShape, self.source_shape)
        say(SH.sourceConstraintComponent, self.component)
        say(SH.sourceConstraint, self.source_constraint)
        say(SH.resultSeverity, self.severity)
        for message in self.messages:
            say(SH.resultMessage, message)
        return node


@dataclass(frozen=True)
class ValidationReport:
    """What a validation found.

    :param results: sorted, so that the same data give the same report.
    """

    results: tuple[ValidationResult, ...] = ()

    @classmethod
    def of(cls, results: Iterable[ValidationResult]) -> "ValidationReport":
        """A report of results in any order."""
        return cls(tuple(sorted(results, key=lambda result: result.order)))

    @cached_property
    def conforms(self) -> bool:
        """Whether nothing was found, of whatever severity."""
        return not self.results

    def triples(self) -> list[ox.Triple]:
        """The report as RDF."""
        report = ox.BlankNode()
        triples = [
            ox.Triple(report, RDF.type, SH.ValidationReport),
            ox.Triple(report, SH.conforms, ox.Literal(str(self.conforms).lower(), datatype=XSD.boolean)),
        ]
        for result in self.results:
            triples.append(ox.Triple(report, SH.result, result.describe(triples)))
        return triples
