"""What the commands print for people: tables, descriptions, disputes."""

import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC
from functools import partial
from itertools import count
from typing import TYPE_CHECKING, BinaryIO

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from kgraph.namespaces import shorten
from kgraph.query import Description, Dispute, Question, Source, Statement, short
from kgraph.records import Assertion, Extraction, Literal, Passage, Reject, Term
from kgraph.reports import one_line, printable

if TYPE_CHECKING:
    from rdflib.term import Node

    from kgraph.store import QueryResult

#: What wraps nothing where nobody watches: one line a solution, for grep and less.
_UNWRAPPED = 10_000


def console() -> Console:
    """Standard output: as wide as the terminal, unwrapped and uncoloured in a pipe."""
    return Console(highlight=False, width=None if sys.stdout.isatty() else _UNWRAPPED)


@contextmanager
def progress(total: int) -> Iterator[Callable[[str], AbstractContextManager[None]]]:
    """Tell on standard error how many of many files are done: by a bar on a terminal, else line by line.

    :returns: to be called with each file's name when it is done; what is printed of it goes into the block.
    """
    if total > 1 and sys.stderr.isatty():
        with _bar() as bar:
            task = bar.add_task("", total=total)
            yield partial(_above, bar, task)
    else:
        numbers = count(1)
        yield lambda name: _numbered(next(numbers), total, name)


@contextmanager
def row_count() -> Iterator[Callable[[int], None]]:
    """Tell on a terminal how many rows are done, however many there will be."""
    if not sys.stderr.isatty():
        yield lambda rows: None
        return
    with Console(stderr=True).status("reading …") as status:
        yield lambda rows: status.update(f"{rows:,} rows")


def _bar() -> Progress:
    columns = (
        MofNCompleteColumn(),
        BarColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.description}", markup=False),
    )
    return Progress(
        *columns, console=Console(stderr=True), transient=True, redirect_stdout=False, redirect_stderr=False
    )


@contextmanager
def _above(bar: Progress, task: TaskID, name: str) -> Iterator[None]:
    """A block that prints: the bar makes way for it."""
    bar.stop()
    yield
    bar.update(task, advance=1, description=one_line(name))
    bar.start()


@contextmanager
def _numbered(number: int, total: int, name: str) -> Iterator[None]:
    if total > 1:
        say(f"[{number}/{total}] {name}", err=True)
    yield


def write_result(result: "QueryResult", format_: str | None, out: BinaryIO) -> None:
    """A query's result in a format of `kgraph.formats`; left out, a table, or Turtle for a graph.

    :raises QueryError: if the format cannot hold this kind of result.
    """
    if format_ and not (format_ == "table" and result.kind != "graph"):
        result.write(out, "turtle" if format_ == "table" else format_)
    elif result.kind == "graph":
        result.write(out, "turtle")
    elif result.kind == "boolean":
        console().print("yes" if result else "no")
    else:
        _write_table(result)


def _write_table(result: "QueryResult") -> None:
    rows = list(result)
    # A thing's name says more than its address, and an empty column nothing.
    named = {name for name in result.variables if f"{name}Label" in result.variables}
    if "title" in result.variables:
        named.add("document")
    columns = [name for name in result.variables if name not in named and any(name in row for row in rows)]
    table = Table(*(name.removesuffix("Label") for name in columns), show_lines=len(columns) > 4)
    for row in rows:
        table.add_row(*(_cell(row.get(name)) for name in columns))
    if columns:
        console().print(table)
    console().print(f"{len(rows)} solution{'s' * (len(rows) != 1)}", style="dim")


def _cell(term: "Node | None") -> Text:
    """A term as a query would write it: what is read here is typed there."""
    from rdflib import URIRef

    if isinstance(term, URIRef):
        return Text(shorten(str(term)))
    return Text("" if term is None else one_line(short(term)))


def write_description(description: Description) -> None:
    """All that is known of a thing, each line with its source sentence."""
    out = console()
    kinds = ", ".join(description.class_labels)
    out.print(Text(one_line(description.name), style="bold"), Text(f"({kinds})" if kinds else ""))
    others = [name for name in description.names if name != description.name]
    if others:
        out.print(Text("  also " + one_line(", ".join(others))), style="dim")
    out.print(Text(f"  {description.iri}"), style="dim")
    for twin in description.twins:
        out.print(Text(f"  judged to be one with {one_line(twin.name)}: {twin.iri}"), style="dim")
    for statement in description.statements:
        out.print(Text("  " + one_line(_line(description, statement))))
        for source in statement.sources:
            out.print(_quotation(source))
    if not description.statements:
        for source in description.mentions:
            out.print(_quotation(source))
    if not description.is_whole:
        out.print("  … and more: ask with a query", style="dim")
    out.print()


def _line(description: Description, statement: Statement) -> str:
    if statement.forward:
        said = f"{statement.predicate_label}: {statement.value_label}"
    else:
        said = f"{statement.value_label} — {statement.predicate_label}: {description.name}"
    return said if statement.confidence is None else f"{said}  [{statement.confidence:.2f}]"


def _quotation(source: Source) -> Text:
    return Text(f"      “{one_line(source.sentence)}” — {one_line(source.citation)}", style="dim")


def write_dispute(dispute: Dispute) -> None:
    """A matter, and what each side says of it."""
    out = console()
    out.print(Text(one_line(f"{dispute.about_label}: {dispute.property_label}"), style="bold"))
    for side in dispute.sides:
        who = ", ".join(side.claimants) or ("nobody named" if side.claim else "the document itself")
        out.print(Text(one_line(f"  {side.value}  {who} {side.stance}")))
        for source in side.sources:
            out.print(_quotation(source))
    out.print()


def write_question(question: Question) -> None:
    """A saved question with its parameters."""
    out = console()
    out.print(Text(question.name, style="bold"), Text(question.title))
    out.print(Text(f"  {question.description}"))
    for parameter in question.parameters:
        out.print(Text(f"  {parameter}"), style="dim")
    out.print()


def write_explanation(everything: Extraction, kept: Extraction) -> None:
    """What an extractor found, sentence by sentence: how surely, and which rule found it.

    :param everything: also what is too unsure to be stored; printed dim, behind a minus.
    :param kept: what would be stored.
    """
    out = console()
    names = {node.iri: node.label or "" for node in everything.nodes}
    stored = set(kept.assertions)
    by_passage: dict[Passage, list[Assertion]] = {}
    for assertion in everything.assertions:
        by_passage.setdefault(assertion.evidence[0], []).append(assertion)
    for passage in everything.document.passages:
        out.print(Text(one_line(passage.text), style="bold"))
        for assertion in sorted(by_passage.get(passage, ()), key=lambda a: (a.subject, a.predicate)):
            said = " ".join(
                _named(term, names) for term in (assertion.subject, assertion.predicate, assertion.object)
            )
            line = Text("  + " if assertion in stored else "  - ")
            line.append(f"{assertion.confidence:.2f}  ", style=_shade(assertion.confidence))
            line.append(one_line(said)).append(f"  ({assertion.mechanism})", style="dim")
            if assertion not in stored:
                line.stylize("dim")
            out.print(line)
        out.print()
    out.print(
        f"{len(kept.assertions)} statements; {len(everything.assertions) - len(kept.assertions)} too unsure",
        style="dim",
    )


def _shade(confidence: float) -> str:
    return "green" if confidence >= 0.75 else "yellow" if confidence >= 0.5 else "red"


def _named(term: Term, names: dict[str, str]) -> str:
    """A term for people: literals in quotes, things by their name with the tail of their address."""
    if isinstance(term, Literal):
        return f"“{term.lexical}”"
    if term in names:
        tail = term.rsplit("/", 1)[-1]
        return f"{names[term]} ‹{tail}›" if names[term] else f"‹{tail}›"
    return shorten(term)


def write_reject(reject: Reject) -> None:
    """A document that was kept out: how much is wrong with it, when it was refused, where it came from."""
    count = len(reject.report.violations)
    when = reject.refused_at.astimezone(UTC)
    told = [f"{count} violation{'s' * (count != 1)}", f"refused {when:%Y-%m-%d %H:%M} UTC"]
    say(one_line(reject.document.title))
    if reject.file:
        told.append(f"from {reject.file}")
    say("  " + one_line(", ".join(told)))
    say("  " + one_line(reject.document.iri))


def say(text: str, *, err: bool = False) -> None:
    """Print lines of text that may hold words of a document: to standard output, or to standard error."""
    click.echo("\n".join(printable(line) for line in text.split("\n")), err=err)
