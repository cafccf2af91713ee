"""From validation results to a report that a person can act on: names, words, the source sentence."""

import io
from collections.abc import Iterable, Iterator

import pyoxigraph as ox

from kgraph import namespaces
from kgraph.gate.naming import name_of, path_in_words, shape_name
from kgraph.gate.suggestions import suggestion_for
from kgraph.namespaces import local_name, shorten
from kgraph.records import Report, Result
from kgraph.shacl import RDF, SH, Data, Node, Predicate, Terms, ValidationReport, ValidationResult
from kgraph.store import to_record, write_statements

_KG, _OA, _DCTERMS = Terms(namespaces.KG), Terms(namespaces.OA), Terms(namespaces.DCTERMS)

#: What was found in some data.
Finding = tuple[ValidationReport, Data]


def is_refused(found: ValidationReport) -> bool:
    """Whether there is a result that keeps the data out: one of severity Violation."""
    return any(result.severity == SH.Violation for result in found.results)


def make_report(findings: Iterable[Finding]) -> Report:
    """The results of several validations, each with its name and its source sentence.

    :param findings: reports, each with the data that were validated.
    """
    found = list(findings)
    results = tuple(
        sorted((_read(data, each) for report, data in found for each in report.results), key=_order)
    )
    conforms = all(result.severity != "Violation" for result in results)
    whole = ValidationReport.of(each for report, _ in found for each in report.results)
    return Report(conforms, results, _turtle(whole))


def explain(report: ValidationReport, data: Data) -> Report:
    """A validation report as people can act on it; it conforms as SHACL has it, warnings count.

    :param data: what was validated, with whatever names the nodes and properties in it.
    """
    results = tuple(sorted((_read(data, each) for each in report.results), key=_order))
    return Report(report.conforms, results, _turtle(report))


def _order(result: Result) -> tuple[str, str, str, str]:
    return result.focus, result.path, result.value, result.message


def _read(data: Data, result: ValidationResult) -> Result:
    focus, path, value = result.focus_node, result.path, result.value
    subject = _one(data, focus, RDF.subject) or focus  # people know the thing, not the assertion on it
    passage = _passage_for(data, result)
    return Result(
        focus=_plain(focus),
        label=_label(data, subject),
        classes=tuple(sorted(shorten(_plain(c)) for c in data.objects(subject, RDF.type))),
        path=str(path or ""),
        value=_show(data, value),
        message=" ".join(message.value for message in result.messages),
        severity=local_name(result.severity.value),
        component=local_name(result.component.value),
        shape=shape_name(data, result.source_shape),
        sentence=_wording(data, passage),
        document=_title(data, passage),
        term=None if value is None or isinstance(value, ox.BlankNode) else to_record(value),
        path_words=path_in_words(data, result),
        expected=result.expected,
        suggestion=suggestion_for(result, data),
    )


def _plain(node: Node) -> str:
    return str(node) if isinstance(node, ox.BlankNode) else node.value


def _one(data: Data, subject: Node | None, predicate: ox.NamedNode) -> Node | None:
    """The object, the first by name where there are several."""
    return min(data.objects(subject, predicate), key=str, default=None) if subject is not None else None


def _label(data: Data, node: Node) -> str:
    return name_of(data, node) or _plain(node)


def _show(data: Data, value: Node | None) -> str:
    if value is None:
        return ""
    if isinstance(value, ox.NamedNode):
        return name_of(data, value) or shorten(value.value)
    return _plain(value)


def _passage_for(data: Data, result: ValidationResult) -> Node | None:
    """The passage that says the offending statement, else one that says anything of the node."""
    for passage in _candidate_passages(data, result):
        if data.objects(passage, _OA.hasSelector):
            return passage
    return None


def _candidate_passages(data: Data, result: ValidationResult) -> Iterator[Node]:
    focus = result.focus_node
    yield focus
    yield from _sorted(data.objects(focus, _KG.evidence))
    said = _sorted(data.subjects(RDF.subject, focus))
    path = result.path.iri if isinstance(result.path, Predicate) else None
    exact = [a for a in said if path in data.objects(a, RDF.predicate)]
    for assertion in (*(a for a in exact if result.value in data.objects(a, RDF.object)), *exact):
        yield from _sorted(data.objects(assertion, _KG.evidence))
    yield from _sorted(data.subjects(_KG.mentions, focus))
    for assertion in said:
        yield from _sorted(data.objects(assertion, _KG.evidence))


def _sorted(nodes: Iterable[Node]) -> list[Node]:
    return sorted(nodes, key=str)


def _wording(data: Data, passage: Node | None) -> str:
    for selector in data.objects(passage, _OA.hasSelector) if passage is not None else ():
        exact = _one(data, selector, _OA.exact)
        if exact is not None:
            return _plain(exact)
    return ""


def _title(data: Data, passage: Node | None) -> str:
    document = _one(data, passage, _DCTERMS.isPartOf)
    return _label(data, document) if document is not None else ""


def _turtle(report: ValidationReport) -> str:
    """The sh:ValidationReport."""
    out = io.BytesIO()
    write_statements(report.triples(), out, "turtle")
    return out.getvalue().decode()
