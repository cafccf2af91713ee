"""What the renderings say alike: how results are grouped, and how a value is written."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kgraph.namespaces import shorten
from kgraph.records import XSD_STRING as _XSD_STRING
from kgraph.records import Literal, Report, Result
from kgraph.reports.characters import exact, one_line

#: A verdict, with what it is on; "" where that needs no name.
Titled = tuple[str, Report]

SEVERITIES = ("Violation", "Warning", "Info")


@dataclass(frozen=True, slots=True)
class OnNode:
    """What was found at one focus node."""

    focus: str
    label: str
    classes: tuple[str, ...]
    results: tuple[Result, ...]

    @property
    def name(self) -> str:
        """Its label with its classes; its address where it has no label."""
        label = one_line(shorten(self.label))
        return f"{label} ({', '.join(map(one_line, self.classes))})" if self.classes else label

    @property
    def address(self) -> str:
        """Its address, "" where that is its name already."""
        return "" if self.label == self.focus else one_line(self.focus)


@dataclass(frozen=True, slots=True)
class InDocument:
    """What was found in one document, by focus node; "" where no document says it."""

    title: str
    nodes: tuple[OnNode, ...]


def by_document(report: Report) -> list[InDocument]:
    """The results of a report by document and focus node, what no document says at the end."""
    found: dict[str, dict[str, list[Result]]] = {}
    for result in report.results:
        found.setdefault(result.document, {}).setdefault(result.focus, []).append(result)
    return [
        InDocument(title, tuple(_on_node(results) for results in nodes.values()))
        for title, nodes in sorted(found.items(), key=lambda entry: (not entry[0], entry[0]))
    ]


def _on_node(results: Sequence[Result]) -> OnNode:
    first = results[0]
    return OnNode(first.focus, first.label, first.classes, tuple(results))


def where(result: Result) -> str:
    """The path in words, or as it is written."""
    return one_line(result.path_words or result.path)


def value_of(result: Result) -> str:
    """The offending value with what tells it from others; "" if there is none."""
    term = result.term
    if isinstance(term, Literal):
        if term.language:
            return f"“{exact(term.lexical)}” ({exact(term.language)})"
        kind = "" if term.datatype == _XSD_STRING else f" ({exact(shorten(term.datatype))})"
        return f"“{exact(term.lexical)}”{kind}"
    if term is not None and result.value not in {term, shorten(term)}:
        return f"{one_line(result.value)} ({exact(shorten(term))})"
    return exact(result.value)


def expectation(result: Result) -> str:
    """What the constraint asks, where the shape's own message does not say the same; else ""."""
    return "" if result.expected in result.message else one_line(result.expected)


def count_of(results: Iterable[Result]) -> str:
    """How many there are of each severity, as a sentence's start."""
    found = [one_line(result.severity) for result in results]
    others = sorted(set(found).difference(SEVERITIES))
    counts = [(found.count(severity), severity) for severity in (*SEVERITIES, *others)]
    return ", ".join(_plural(number, severity) for number, severity in counts if number)


def _plural(number: int, severity: str) -> str:
    plural = {"Info": "infos"}.get(severity, f"{severity.lower()}s")
    return f"{number} {severity.lower() if number == 1 else plural}"


def summary(reports: Sequence[Titled]) -> str:
    """The verdict in a sentence or two."""
    counted = count_of(result for _, report in reports for result in report.results)
    good = sum(report.conforms for _, report in reports)
    if len(reports) == 1:
        verdict = "Conforms" if good else "Does not conform"
    else:
        verdict = f"{good} of {len(reports)} graphs conform"
    return f"{verdict}: {counted}." if counted else f"{verdict}."
