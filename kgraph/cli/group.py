"""The command group, and what its commands share: exit codes, the store, where output goes."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import click

from kgraph import __version__
from kgraph.errors import KGraphError
from kgraph.settings import Settings, misspelt
from kgraph.terminal import say

if TYPE_CHECKING:
    from kgraph.knowledge_graph import KnowledgeGraph


DOES_NOT_CONFORM, COULD_NOT_RUN = 1, 3


class _Group(click.Group):
    """Turns our errors into one line and an exit code, and a closed pipe into silence."""

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except KGraphError as exc:
            if ctx.params.get("debug"):
                raise
            say(f"kgraph: {exc}", err=True)
            ctx.exit(COULD_NOT_RUN)


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="kgraph")
@click.option("--store", type=click.Path(path_type=Path), help="Directory of the store. [env: KGRAPH_STORE]")
@click.option("--debug", is_flag=True, help="Show tracebacks of errors.")
@click.pass_context
def main(ctx: click.Context, store: Path | None, debug: bool) -> None:
    """A knowledge graph of how states rule information, each statement with its evidence.

    \b
    Try:
      kgraph sample
      kgraph show Kazakhstan
      kgraph query 'SELECT ?what ?date { ?what a kg:Blocking ; kg:date ?date }'
    """
    for name, near in misspelt(os.environ):
        say(f"kgraph: {name} is no setting; is {near} meant?", err=True)
    ctx.obj = Settings.from_environment(store=store)


@contextmanager
def open_graph(settings: Settings, *, create: bool = False) -> Iterator["KnowledgeGraph"]:
    """The store that the settings name, as a graph.

    :param create: make it where there is none.
    """
    from kgraph.knowledge_graph import open as open_store

    with open_store(
        settings.store,
        create=create,
        base=settings.base,
        min_confidence=settings.min_confidence,
        extractor=settings.extractor,
        on_violation=settings.on_violation,
    ) as graph:
        yield graph


class _Unwritable(click.FileError):
    """As click has it, but with the exit code of what could not be done: 1 means that data do not conform."""

    exit_code = COULD_NOT_RUN


@contextmanager
def open_output(path: Path | None) -> Iterator[BinaryIO]:
    """Standard output, or a file that is there whole or not at all."""
    if path is None:
        yield sys.stdout.buffer
        sys.stdout.flush()
        return
    partial = path.with_name(f".{path.name}.part")
    try:
        with partial.open("wb") as file:
            yield file
        partial.replace(path)
    except OSError as exc:
        raise _Unwritable(str(path), exc.strerror or str(exc)) from exc
    finally:
        partial.unlink(missing_ok=True)
