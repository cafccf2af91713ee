"""How commands write a report: `--format text|turtle|html|json`."""

import os
import shutil
import sys
from collections.abc import Sequence
from typing import TextIO

from kgraph.records import Report
from kgraph.reports import render_html, render_json, render_text, render_turtle

REPORT_FORMATS = ("text", "turtle", "html", "json")


def report_in(format_: str, reports: Sequence[tuple[str, Report]], screen: TextIO | None = None) -> str:
    """Verdicts with what they are on, in a format of `REPORT_FORMATS`.

    :param screen: where text is written to, if that may be a terminal.
    """
    if format_ == "text":
        watched = screen is not None and screen.isatty()
        width = shutil.get_terminal_size().columns if watched else None
        return render_text(reports, width=width, colour=watched and "NO_COLOR" not in os.environ)
    return {"turtle": render_turtle, "html": render_html, "json": render_json}[format_](reports)


def show_on_stderr(report: Report) -> None:
    """Print a report beside what a command gives."""
    sys.stderr.write(report_in("text", [("", report)], sys.stderr))
