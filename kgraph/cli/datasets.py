"""The commands for open datasets: which there are, and loading them."""

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kgraph.cli.group import DOES_NOT_CONFORM, main, open_graph
from kgraph.settings import Settings
from kgraph.terminal import row_count, say

if TYPE_CHECKING:
    from kgraph.datasets import Problem


@main.command()
@click.argument("name")
@click.argument("files", nargs=-1, required=True, metavar="FILE…")
@click.option("--refresh", is_flag=True, help="Load these files again, though they are there already.")
@click.option(
    "--report", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE",
    help="Write all that could not be taken into a table: row, reason.",
)  # fmt: skip
@click.pass_context
def load(ctx: click.Context, name: str, files: tuple[str, ...], refresh: bool, report: Path | None) -> None:
    """Load the dataset NAME from its files, as their publisher ships them.

    FILE is a path or an address, compressed or not. What is loaded takes the place of the edition before.
    Rows that cannot be taken are told of, and the exit code is 1.

    \b
    kgraph datasets
    kgraph load vdem-ert ert.csv
    """
    settings: Settings = ctx.obj
    with open_graph(settings, create=True) as graph, row_count() as tell:
        loaded = graph.load(name, files, refresh=refresh, processes=settings.processes, tell=tell)
    if loaded.status == "unchanged":
        say(f"unchanged  {loaded.dataset.title}: these files are loaded already")
        return
    say(f"{loaded.status:9}  {loaded.dataset.title}")
    say(f"           {loaded.rows:,} rows, {loaded.triples:,} triples with their evidence")
    if report is not None:
        with report.open("w", encoding="utf-8", newline="") as file:
            table = csv.writer(file)
            table.writerow(["row", "reason", "left out"])
            table.writerows((each.place, each.reason, each.is_lost) for each in loaded.problems)
    if loaded.problems:
        for line in _summary(loaded.problems):
            say(f"           {line}", err=True)
        ctx.exit(DOES_NOT_CONFORM if loaded.lost else 0)


#: How many kinds of problems are told of on the screen.
_MOST_KINDS = 12


def _summary(problems: "Sequence[Problem]") -> list[str]:
    """The problems by their reasons, the most frequent first, each with its first row."""
    kinds: dict[tuple[str, bool], list[str]] = {}
    for each in problems:
        kinds.setdefault((each.reason, each.is_lost), []).append(each.place)
    ordered = sorted(kinds.items(), key=lambda item: -len(item[1]))
    lines = [
        f"{'left out' if is_lost else 'noted'}: {len(places):,} × {reason} ({places[0]})"
        for (reason, is_lost), places in ordered[:_MOST_KINDS]
    ]
    if len(ordered) > _MOST_KINDS:
        lines.append(f"and {len(ordered) - _MOST_KINDS} more kinds; --report FILE has them all")
    return lines


@main.command("datasets")
@click.argument("name", required=False)
@click.pass_obj
def list_datasets(settings: Settings, name: str | None) -> None:
    """The datasets that can be loaded, and what is loaded of them; or all about the one called NAME."""
    with open_graph(settings, create=True) as graph:
        for each in graph.datasets():
            dataset = each.dataset
            if name is not None and dataset.name != name:
                continue
            state = f"loaded {each.loaded_at}, {each.triples:,} triples" if each.loaded_at else "not loaded"
            say(f"{dataset.name:22} {dataset.title} ({dataset.publisher}): {state}")
            if name is not None:
                for label, text in (
                    ("gives", dataset.yields), ("home", dataset.home), ("file", dataset.get),
                    ("licence", dataset.licence or "none stated"), ("rights", dataset.rights),
                ):  # fmt: skip
                    say(f"  {label:8} {text}")
