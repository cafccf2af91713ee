"""The command that validates: the whole store, or any files with any shapes."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from kgraph.cli.group import DOES_NOT_CONFORM, main, open_graph, open_output
from kgraph.cli.reporting import REPORT_FORMATS, report_in
from kgraph.errors import GateError
from kgraph.records import Report
from kgraph.settings import Settings
from kgraph.terminal import say

#: What a shell gives for a command that Ctrl-C ended; 1 would say that data do not conform.
_INTERRUPTED = 130

#: How many shapes a warning names.
_MOST_NAMED = 5


@main.command()
@click.argument("data", nargs=-1, metavar="[DATA]...")
@click.option(
    "--shapes",
    multiple=True,
    metavar="FILE",
    help="Validate the DATA files with these shapes, and no store. May be given several times.",
)
@click.option("--format", "format_", type=click.Choice(REPORT_FORMATS), default="text")
@click.option(
    "--data-format",
    type=click.Choice(["turtle", "ntriples", "nquads", "trig", "rdfxml", "jsonld"]),
    help="Of DATA; else told by extension and content.",
)
@click.option("--ignore-imports", is_flag=True, help="Go on though the shapes import what is not given.")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="File to write; else standard output.")
@click.pass_obj
def check(
    settings: Settings,
    data: tuple[str, ...],
    shapes: tuple[str, ...],
    format_: str,
    data_format: str | None,
    ignore_imports: bool,
    output: Path | None,
) -> None:
    """Validate the whole store, or any RDF files with any SHACL shapes.

    DATA and FILE are paths; - is standard input. Exit code 0: all conforms. 1: something does not.
    2 or more: it could not be judged.

    \b
    kgraph check
    kgraph check --shapes shapes.ttl data.ttl more.jsonld --format html -o report.html
    """
    if shapes and not data:
        raise click.UsageError("name the files to validate, or - for standard input")
    if not shapes and (data or data_format or ignore_imports):
        raise click.UsageError("to validate files, give the shapes with --shapes FILE")
    with _interruptible():
        if shapes:
            reports = [("", _check_files(shapes, data, data_format, ignore_imports))]
        else:
            reports = list(_check_store(settings))
        with open_output(output) as out:
            out.write(report_in(format_, reports, sys.stdout if output is None else None).encode())
    sys.exit(0 if all(report.conforms for _, report in reports) else DOES_NOT_CONFORM)


@contextmanager
def _interruptible() -> Iterator[None]:
    try:
        yield
    except KeyboardInterrupt:
        sys.exit(_INTERRUPTED)
    except RecursionError as exc:
        raise GateError("the shapes lie too deep in each other") from exc


def _check_files(
    shapes: tuple[str, ...], data: tuple[str, ...], data_format: str | None, ignore_imports: bool
) -> Report:
    from kgraph.gate import explain
    from kgraph.shacl import Layered, idle_shapes, load_files, validate

    loaded, graph = load_files(shapes, data, data_format=data_format, ignore_imports=ignore_imports)
    found = validate(loaded, graph)
    _warn_of(sorted(str(shape.node) for shape in idle_shapes(loaded, graph)), len(loaded.targeted))
    return explain(found, Layered(graph, loaded.graph))


def _warn_of(idle: list[str], total: int) -> None:
    """Tell of shapes that looked at nothing: a misspelt class looks as if all were well."""
    if len(idle) == total:
        say("kgraph: warning: no shape's target chooses anything in the data: nothing was checked", err=True)
    elif idle:
        named = ", ".join(idle[:_MOST_NAMED]) + (" …" if len(idle) > _MOST_NAMED else "")
        say(f"kgraph: warning: {len(idle)} of {total} shapes choose nothing in the data: {named}", err=True)


def _check_store(settings: Settings) -> Iterator[tuple[str, Report]]:
    from kgraph.checking import check as run
    from kgraph.iris import Minter

    with open_graph(settings) as graph, graph.view() as view:
        for _, title, report in run(view, Minter(settings.base)):
            say(f"{'conforms' if report.conforms else 'DOES NOT CONFORM':<10} {title}", err=True)
            yield title, report
