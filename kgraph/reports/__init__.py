"""REPORT: the gate's verdicts, written for people and for programs.

It knows the records alone: what a result says was made out where the data were at hand.
"""

from kgraph.reports.characters import one_line, printable
from kgraph.reports.page import render_html
from kgraph.reports.plain import render_text
from kgraph.reports.structured import render_json, render_turtle

__all__ = ["one_line", "printable", "render_html", "render_json", "render_text", "render_turtle"]
