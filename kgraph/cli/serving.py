"""The command that serves."""

from pathlib import Path

import click

from kgraph.cli.adding import add_files
from kgraph.cli.group import main
from kgraph.settings import Settings
from kgraph.terminal import say


@main.command()
@click.option("--host", help="Address to serve at. [env: KGRAPH_HOST; default: 127.0.0.1]")
@click.option(
    "--port", type=int, help="Port to serve at, 0 for a free one. [env: KGRAPH_PORT; default: 8000]"
)
@click.option("--store", type=click.Path(path_type=Path), help="As before the command.")
@click.option(
    "--sample", "with_sample", is_flag=True, help="Add the sample documents if there is no store yet."
)
@click.pass_obj
def serve(
    settings: Settings, host: str | None, port: int | None, store: Path | None, with_sample: bool
) -> None:
    """Serve the SPARQL endpoint and the pages, until Ctrl-C."""
    from kgraph.pipeline import sample_documents
    from kgraph.web import serve as run

    settings = Settings.from_environment(store=store or settings.store, host=host, port=port)
    if with_sample and not settings.store.exists():
        say(f"There is no store at {settings.store} yet: adding the sample documents.", err=True)
        add_files(settings, tuple(sample_documents()))
    run(settings)
