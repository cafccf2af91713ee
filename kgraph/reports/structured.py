"""Reports for programs: JSON, and the sh:ValidationReport in Turtle."""

import json
from collections.abc import Sequence

from kgraph.records import Literal, Report, Result, Term
from kgraph.reports.wording import Titled

#: Turtle writes them so that they are read back; where they stand outside a literal, they are white space.
_ESCAPED = {code: f"\\u{code:04X}" for code in (*range(0x20), *range(0x7F, 0xA0)) if chr(code) not in "\t\n"}


def render_json(reports: Sequence[Titled]) -> str:
    """Verdicts as one JSON object; its fields stand in docs/validation.md.

    ASCII alone, so that no control character of the data reaches a screen.
    """
    whole = {
        "conforms": all(report.conforms for _, report in reports),
        "reports": [_report(title, report) for title, report in reports],
    }
    return json.dumps(whole, indent=2) + "\n"


def _report(title: str, report: Report) -> dict[str, object]:
    results = [_result(result) for result in report.results]
    return {"title": title, "conforms": report.conforms, "results": results}


def _result(result: Result) -> dict[str, object]:
    return {
        "focusNode": result.focus,
        "label": result.label,
        "classes": list(result.classes),
        "path": result.path,
        "pathInWords": result.path_words,
        "value": _value(result.term, result.value),
        "valueInWords": result.value,
        "severity": result.severity,
        "message": result.message,
        "expected": result.expected,
        "suggestion": result.suggestion,
        "sentence": result.sentence,
        "document": result.document,
        "shape": result.shape,
        "component": result.component,
    }


def _value(term: Term | None, words: str) -> dict[str, str] | None:
    """A term as SPARQL's results in JSON have it.

    Source: SPARQL 1.1 Query Results JSON Format, section 3.2.2.
    """
    if isinstance(term, Literal):
        told = {"type": "literal", "value": term.lexical}
        return told | ({"xml:lang": term.language} if term.language else {"datatype": term.datatype})
    if term is not None:
        return {"type": "uri", "value": term}
    return {"type": "bnode", "value": words.removeprefix("_:")} if words else None


def render_turtle(reports: Sequence[Titled]) -> str:
    """The sh:ValidationReport of each verdict, with the control characters in its literals escaped."""
    return "\n".join(report.rdf.translate(_ESCAPED) for _, report in reports)
