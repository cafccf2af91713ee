"""Commands on what the store holds: documents, remove, export."""

from pathlib import Path

import click

from kgraph.cli.group import main, open_graph, open_output
from kgraph.settings import Settings
from kgraph.terminal import say


@main.command()
@click.argument("document")
@click.pass_obj
def remove(settings: Settings, document: str) -> None:
    """Withdraw a document: what only it said is gone, the rest stays.

    DOCUMENT is its address, key, identity or title, as `kgraph documents` lists them.
    """
    with open_graph(settings) as graph:
        title = graph.remove(document)
    say(f"removed    {title}")


@main.command()
@click.pass_obj
def documents(settings: Settings) -> None:
    """List the documents in the store."""
    with open_graph(settings) as graph:
        for iri, title in graph.documents():
            say(f"{title}\n  {iri}")


@main.command()
@click.option("--format", "format_", type=click.Choice(["nquads", "trig", "jsonld"]), default="nquads")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="File to write; else standard output.")
@click.pass_obj
def export(settings: Settings, format_: str, output: Path | None) -> None:
    """Write everything in the store, graph by graph."""
    with open_graph(settings) as graph, open_output(output) as out:
        graph.export(out, format_)
