"""The command that serves."""

from pathlib import Path

import click

from kgraph.cli.adding import add_files
from kgraph.cli.group import main
from kgraph.settings import LOG_FORMATS, READS, Reads, Settings, Writes, size_bytes
from kgraph.terminal import say


def _size(ctx: click.Context, param: click.Parameter, value: str | None) -> int | None:
    try:
        return None if value is None else size_bytes(value)
    except ValueError as exc:
        raise click.BadParameter(f"{value!r}: {exc}") from exc


@main.command()
@click.option("--host", help="Address to serve at. [env: KGRAPH_HOST; default: 127.0.0.1]")
@click.option(
    "--port", type=int, help="Port to serve at, 0 for a free one. [env: KGRAPH_PORT; default: 8000]"
)
@click.option("--store", type=click.Path(path_type=Path), help="As before the command.")
@click.option(
    "--sample", "with_sample", is_flag=True, help="Add the sample documents if there is no store yet."
)
@click.option(
    "--reads", type=click.Choice(READS),
    help="Who may read: anybody, or who has a token. [env: KGRAPH_READS; default: public]",
)  # fmt: skip
@click.option(
    "--writes", "writes", flag_value="token",
    help="Let who has a token write, see `kgraph token`. [env: KGRAPH_WRITES=token]",
)  # fmt: skip
@click.option(
    "--open", "writes", flag_value="open",
    help="Let anybody on this machine write, at a loopback address alone. [env: KGRAPH_WRITES=open]",
)  # fmt: skip
@click.option(
    "--plain", is_flag=True, default=None, help="Serve any RDF, without shapes. [env: KGRAPH_PLAIN=1]"
)
@click.option(
    "--load", "files", multiple=True, metavar="FILE",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Add a file of RDF to a plain store first; repeat it for more.",
)  # fmt: skip
@click.option(
    "--timeout", "query_time_s", type=float, metavar="SECONDS",
    help="What a query may take. [env: KGRAPH_QUERY_TIME_S; default: 30]",
)  # fmt: skip
@click.option(
    "--memory", "query_memory_bytes", callback=_size, metavar="SIZE",
    help="What a query may take. [env: KGRAPH_QUERY_MEMORY_BYTES; default: 1GB]",
)  # fmt: skip
@click.option(
    "--max-results", "max_answer_bytes", callback=_size, metavar="SIZE",
    help="Largest answer to a query, in bytes. [env: KGRAPH_MAX_ANSWER_BYTES; default: 1GB]",
)  # fmt: skip
@click.option(
    "--workers", "query_workers", type=int,
    help="Queries evaluated at once. [env: KGRAPH_QUERY_WORKERS; default: one a processor, at least three]",
)  # fmt: skip
@click.option(
    "--queue", "query_queue", type=int,
    help="Queries that may wait for that. [env: KGRAPH_QUERY_QUEUE; default: 16 times as many]",
)  # fmt: skip
@click.option(
    "--rate", "client_rate", type=float, metavar="PER_SECOND",
    help="Requests that one client may go on making. [env: KGRAPH_CLIENT_RATE; default: any number]",
)  # fmt: skip
@click.option(
    "--access-log", type=click.Choice(LOG_FORMATS),
    help="Log each request on standard error, in a line. [env: KGRAPH_ACCESS_LOG; default: off]",
)  # fmt: skip
@click.option(
    "--log-queries", is_flag=True, default=None,
    help="Log queries as text, not as a hash. [env: KGRAPH_LOG_QUERIES=1]",
)  # fmt: skip
@click.pass_obj
def serve(
    settings: Settings,
    /,
    store: Path | None,
    with_sample: bool,
    reads: Reads | None,
    writes: Writes | None,
    plain: bool | None,
    files: tuple[Path, ...],
    **given: object,
) -> None:
    """Serve the SPARQL endpoint and the pages, until Ctrl-C.

    \b
    kgraph serve --port 8080 --timeout 10
    kgraph --store DIR serve --plain --open --load FILE.nq
    """
    from kgraph.pipeline import sample_documents
    from kgraph.web import serve as run

    settings = Settings.from_environment(
        store=store or settings.store, reads=reads, writes=writes, plain=plain, **given
    )
    if with_sample and not settings.store.exists():
        say(f"There is no store at {settings.store} yet: adding the sample documents.", err=True)
        add_files(settings, tuple(sample_documents()))
    run(settings, files)
