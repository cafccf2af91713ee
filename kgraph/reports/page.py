"""Reports as one page of HTML that needs nothing else: no script, no network, no other file."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from kgraph.reports.characters import one_line
from kgraph.reports.wording import Titled, by_document, expectation, summary, value_of, where


def render_html(reports: Sequence[Titled]) -> str:
    """Verdicts as a page; whatever comes from the data is escaped."""
    return _template().render(
        conforms=all(report.conforms for _, report in reports),
        summary=summary(reports),
        reports=[
            (number, title, report, by_document(report))
            for number, (title, report) in enumerate(reports, start=1)
        ],
        several=len(reports) > 1,
    )


@cache
def _template() -> Template:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        keep_trailing_newline=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "line": one_line,
        "where": where,
        "value_of": value_of,
        "expectation": expectation,
    }
    return environment.get_template("report.html")
