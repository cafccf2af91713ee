"""Commands on what was kept out."""

import sys
from dataclasses import replace
from pathlib import Path

import click

from kgraph.cli.adding import on_violation_option, tell
from kgraph.cli.group import main, open_graph, open_output
from kgraph.cli.reporting import REPORT_FORMATS, report_in
from kgraph.errors import StoreError
from kgraph.records import DamagedReject, Reject
from kgraph.settings import OnViolation, Settings
from kgraph.terminal import say


@main.group(invoke_without_command=True)
@click.pass_context
def rejects(ctx: click.Context) -> None:
    """List the documents that were kept out, until they are added or dropped.

    NAME of one is its address, key, identity, title or file, as the list has them.

    \b
    kgraph rejects
    kgraph rejects show 'A note on the steppe'
    kgraph rejects retry --on-violation prune
    """
    if ctx.invoked_subcommand:
        return
    with open_graph(ctx.obj) as graph:
        entries = graph.rejects()
    for entry in entries:
        _tell_reject(entry)
    if not entries:
        say("Nothing was kept out.", err=True)


def _tell_reject(entry: Reject | DamagedReject) -> None:
    from kgraph.terminal import write_reject

    if isinstance(entry, Reject):
        write_reject(entry)
    else:
        say(f"kgraph: {_damage(entry)}", err=True)


def _damage(entry: DamagedReject) -> str:
    return (
        f"the entry {entry.key} cannot be read: {entry.reason}; `kgraph rejects drop {entry.key}` removes it"
    )


@rejects.command("show")
@click.argument("name")
@click.option("--format", "format_", type=click.Choice(REPORT_FORMATS), default="text")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="File to write; else standard output.")
@click.pass_obj
def show_reject(settings: Settings, name: str, format_: str, output: Path | None) -> None:
    """Show in full why a document was kept out; as Turtle, the sh:ValidationReport.

    \b
    kgraph rejects show 'A note on the steppe' --format turtle
    """
    from kgraph.rejects import find_reject

    with open_graph(settings) as graph:
        entry = find_reject(graph.store, name)
    if isinstance(entry, DamagedReject):
        raise StoreError(str(settings.store), _damage(entry))
    if format_ == "text" and output is None:
        _tell_reject(entry)
        say("")
    reports = [(entry.document.title, entry.report)]
    with open_output(output) as out:
        out.write(report_in(format_, reports, sys.stdout if output is None else None).encode())


@rejects.command("drop")
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option("--all", "all_", is_flag=True, help="Drop all of them.")
@click.pass_obj
def drop_rejects(settings: Settings, names: tuple[str, ...], all_: bool) -> None:
    """Take documents off the list; they stay out."""
    from kgraph import rejects as kept_out

    if bool(names) == all_:
        raise click.UsageError("name the documents to drop, or give --all")
    with open_graph(settings) as graph:
        entries = graph.rejects() if all_ else [kept_out.find_reject(graph.store, name) for name in names]
        kept_out.drop_rejects(graph.store, entries)
    for entry in entries:
        say(f"dropped    {entry.document.title if isinstance(entry, Reject) else entry.key}")


@rejects.command("retry")
@click.argument("names", nargs=-1, metavar="[NAME]...")
@on_violation_option
@click.pass_obj
def retry_rejects(settings: Settings, names: tuple[str, ...], on_violation: OnViolation | None) -> None:
    """Add documents again that were kept out, all of them or some; those that enter leave the list.

    \b
    kgraph rejects retry --on-violation prune
    """
    from kgraph import rejects as kept_out
    from kgraph.pipeline import Intake

    settings = replace(settings, on_violation=on_violation or settings.on_violation)
    worst = 0
    with open_graph(settings) as graph:
        entries = [kept_out.find_reject(graph.store, name) for name in names] or graph.rejects()
        whole = [entry for entry in entries if isinstance(entry, Reject)]
        for entry in entries:
            if isinstance(entry, DamagedReject):
                _tell_reject(entry)
        for _, outcome in kept_out.retry_rejects(graph.store, whole, Intake.of(settings)):
            worst = max(worst, tell(outcome))
    sys.exit(worst)
