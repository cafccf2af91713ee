"""Reports as text, for a terminal or a file."""

import textwrap
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import click

from kgraph.records import Report, Result
from kgraph.reports.characters import one_line
from kgraph.reports.wording import OnNode, Titled, by_document, expectation, summary, value_of, where

#: Narrower than this no line is broken any more.
_NARROWEST = 40

_COLOURS = {"Violation": "red", "Warning": "yellow", "Info": "cyan"}


class _Line(NamedTuple):
    """One line before it is broken.

    :param look: keywords for `click.style`.
    """

    indent: int
    text: str
    look: dict[str, object] = {}  # noqa: RUF012 - never changed


def render_text(reports: Sequence[Titled], *, width: int | None = None, colour: bool = False) -> str:
    """Verdicts for people: by document and focus node, with a count at the end.

    Control characters of the data are replaced.

    :param width: of the screen in columns; lines are not broken without it.
    :param colour: mark severities by colour too.
    """
    lines = [line for title, report in reports if report.results for line in _report(title, report)]
    lines.append(_Line(0, summary(reports), {"bold": True}))
    return "".join(f"{written}\n" for line in lines for written in _written(line, width, colour))


def _written(line: _Line, width: int | None, colour: bool) -> Iterator[str]:
    lines = [line.text]
    if width is not None:
        room = max(width - line.indent, _NARROWEST)
        lines = textwrap.wrap(line.text, room, break_on_hyphens=False) or [""]
    for number, text in enumerate(lines):
        # What belongs to a line that was broken stands behind its start.
        indent = " " * (line.indent + 2 * (number > 0))
        yield indent + (click.style(text, **line.look) if colour and line.look else text)  # type: ignore[arg-type]


def _report(title: str, report: Report) -> Iterator[_Line]:
    for document in by_document(report):
        heading = document.title or title
        if heading:
            yield _Line(0, one_line(heading), {"bold": True, "underline": True})
        for node in document.nodes:
            yield from _node(node)
            yield _Line(0, "")


def _node(node: OnNode) -> Iterator[_Line]:
    yield _Line(2, node.name, {"bold": True})
    if node.address:
        yield _Line(2, node.address, {"dim": True})
    for result in node.results:
        yield from _result(result)


def _result(result: Result) -> Iterator[_Line]:
    place = ": ".join(part for part in (where(result), value_of(result)) if part)
    severity = one_line(result.severity)
    yield _Line(4, f"{severity}  {place}".rstrip(), {"fg": _COLOURS.get(severity, "magenta")})
    yield _Line(6, one_line(result.message))
    if expected := expectation(result):
        yield _Line(6, f"Expected: {expected}")
    if result.suggestion:
        yield _Line(6, f"→ {one_line(result.suggestion)}", {"fg": "green"})
    if result.sentence:
        yield _Line(6, f"“{one_line(result.sentence)}”", {"italic": True})
    yield _Line(6, f"{one_line(result.shape)} · {one_line(result.component)}", {"dim": True})
