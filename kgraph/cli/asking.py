"""Commands that ask: query, show, disputes, questions, ask."""

import sys
from pathlib import Path

import click

from kgraph.cli.group import main, open_graph, open_output
from kgraph.formats import BY_NAME
from kgraph.settings import Settings
from kgraph.terminal import say

result_format = click.option(
    "--format",
    "format_",
    type=click.Choice(["table", *BY_NAME]),
    help="table (default), json, xml, csv or tsv for solutions; turtle (default), ntriples … for graphs.",
)


@main.command()
@click.argument("query", default="-")
@result_format
@click.option("-o", "--output", type=click.Path(path_type=Path), help="File to write; else standard output.")
@click.pass_obj
def query(settings: Settings, query: str, format_: str | None, output: Path | None) -> None:
    """Run a SPARQL query: its text, a file that holds it, or - for standard input.

    \b
    kgraph query 'SELECT ?s WHERE { ?s a kg:Protest }'
    """
    from kgraph.terminal import write_result

    text = _query_text(query)
    with open_graph(settings) as graph, open_output(output) as out:
        write_result(graph.query(text), format_, out)


def _query_text(query: str) -> str:
    """A query that was given as text, as a file or as `-`."""
    if query == "-":
        return sys.stdin.read()
    try:
        if Path(query).is_file():
            return Path(query).read_text(encoding="utf-8")
    except (OSError, ValueError):
        pass  # too long for a file's name, or with a NUL: it is the query itself
    return query


@main.command()
@click.argument("name")
@click.pass_obj
def show(settings: Settings, name: str) -> None:
    """Show what is known of a thing, each line with its source sentence."""
    from kgraph.terminal import write_description

    with open_graph(settings) as graph:
        for description in graph.show(name):
            write_description(description)


@main.command()
@click.pass_obj
def disputes(settings: Settings) -> None:
    """Show where sources contradict each other, and who says what."""
    from kgraph.terminal import write_dispute

    with open_graph(settings) as graph:
        found = graph.disputes()
        for dispute in found:
            write_dispute(dispute)
    if not found:
        say("No source contradicts another.", err=True)


@main.command()
@click.pass_obj
def questions(settings: Settings) -> None:
    """List the saved questions and their parameters."""
    from kgraph.query import questions as saved
    from kgraph.terminal import write_question

    for question in saved():
        write_question(question)


@main.command()
@click.argument("name")
@click.argument("parameters", nargs=-1, metavar="[NAME=VALUE]...")
@result_format
@click.pass_obj
def ask(settings: Settings, name: str, parameters: tuple[str, ...], format_: str | None) -> None:
    """Run a saved question.

    \b
    kgraph ask blockings country=KZ
    """
    from kgraph.terminal import write_result

    given = {}
    for parameter in parameters:
        key, found, value = parameter.partition("=")
        if not found:
            raise click.UsageError(f"{parameter!r} is no parameter: write NAME=VALUE")
        given[key] = value
    with open_graph(settings) as graph, open_output(None) as out:
        write_result(graph.ask(name, given), format_, out)
