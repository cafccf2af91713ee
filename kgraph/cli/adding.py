"""Commands that read documents: extract, add, sample."""

import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from kgraph.cli.group import COULD_NOT_RUN, DOES_NOT_CONFORM, main, open_graph, open_output
from kgraph.cli.reporting import show_on_stderr
from kgraph.errors import KGraphError
from kgraph.settings import ON_VIOLATION, OnViolation, Settings
from kgraph.terminal import say, write_explanation

if TYPE_CHECKING:
    from kgraph.admission import Outcome
    from kgraph.records import Extraction

_Command = TypeVar("_Command", bound=Callable[..., None])


_document_options = (
    click.option("--id", "identity", help="What the document is known by, whatever its bytes."),
    click.option("--encoding", help="Of the file, where it is not UTF-8: windows-1251, latin-1 …"),
    click.option(
        "--min-confidence",
        type=click.FloatRange(0, 1),
        help="Leave out statements below it. [env: KGRAPH_MIN_CONFIDENCE; default: 0.65]",
    ),
    click.option(
        "--extractor",
        help="Which of the installed extractors reads it. [env: KGRAPH_EXTRACTOR; default: rules]",
    ),
)


def _with_document_options(command: _Command) -> _Command:
    for option in reversed(_document_options):
        command = option(command)
    return command


@main.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("-o", "--output", type=click.Path(path_type=Path), help="File to write; else standard output.")
@click.option(
    "--format", "format_", type=click.Choice(["turtle", "ntriples", "rdfxml", "jsonld"]), default="turtle"
)
@click.option(
    "--explain", is_flag=True, help="Print sentence by sentence what was found, how surely and by which rule."
)
@_with_document_options
@click.pass_obj
def extract(
    settings: Settings,
    file: Path,
    output: Path | None,
    format_: str,
    explain: bool,
    identity: str | None,
    encoding: str | None,
    min_confidence: float | None,
    extractor: str | None,
) -> None:
    """Write the graph that a document would add; store nothing.

    \b
    kgraph extract article.txt -o article.ttl
    kgraph extract article.txt --explain
    """
    from kgraph.pipeline import Intake

    intake = Intake.of(_for_documents(settings, min_confidence, extractor))
    document = intake.read(file, identity=identity, encoding=encoding)
    if explain:
        everything = Intake.of(_for_documents(settings, 0.0, extractor)).extract(document)
        write_explanation(everything, intake.sift(everything))
    else:
        _write_graph(intake.extract(document), format_, output)


def _for_documents(settings: Settings, min_confidence: float | None, extractor: str | None) -> Settings:
    """The settings with what a command's options say instead."""
    return replace(
        settings,
        min_confidence=settings.min_confidence if min_confidence is None else min_confidence,
        extractor=extractor or settings.extractor,
    )


def _write_graph(extraction: "Extraction", format_: str, output: Path | None) -> None:
    from kgraph.graphs import build_graph
    from kgraph.namespaces import PREFIXES

    graph = build_graph(extraction)
    for prefix, namespace in PREFIXES.items():
        graph.bind(prefix, str(namespace))
    names = {"ntriples": "nt", "rdfxml": "xml", "jsonld": "json-ld"}
    text = graph.serialize(format=names.get(format_, format_))
    with open_output(output) as out:
        out.write(text.encode())


on_violation_option = click.option(
    "--on-violation",
    type=click.Choice(ON_VIOLATION),
    help="Keep out a document that does not conform, or prune: leave out what is wrong in it and what hangs"
    " on that. [env: KGRAPH_ON_VIOLATION; default: reject]",
)


@main.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--refresh", is_flag=True, help="Extract again what is in the store already.")
@click.option(
    "-j",
    "--processes",
    type=click.IntRange(min=0),
    help="How many extract at once; 0 chooses by the number of files. [env: KGRAPH_PROCESSES; default: 0]",
)
@on_violation_option
@_with_document_options
@click.pass_obj
def add(
    settings: Settings,
    files: tuple[Path, ...],
    refresh: bool,
    processes: int | None,
    on_violation: OnViolation | None,
    identity: str | None,
    encoding: str | None,
    min_confidence: float | None,
    extractor: str | None,
) -> None:
    """Read, extract, check and store documents.

    Each document enters whole or stays out with a report, which `kgraph rejects` keeps; the others go on.
    After Ctrl-C, those that were added stay.

    \b
    kgraph add article.txt notes/*.md
    kgraph add --on-violation prune article.txt
    """
    if identity and len(files) > 1:
        raise click.UsageError("--id names one document; give one file with it")
    settings = _for_documents(settings, min_confidence, extractor)
    settings = replace(settings, on_violation=on_violation or settings.on_violation)
    if processes is not None:
        settings = replace(settings, processes=processes)
    sys.exit(add_files(settings, files, identity=identity, encoding=encoding, refresh=refresh))


def add_files(
    settings: Settings,
    files: tuple[Path, ...],
    identity: str | None = None,
    encoding: str | None = None,
    refresh: bool = False,
) -> int:
    """Add files; gives the exit code for the worst that happened."""
    from kgraph.pipeline import Intake, add_all, processes_for
    from kgraph.terminal import progress

    worst = 0
    intake, processes = Intake.of(settings, refresh=refresh), processes_for(len(files), settings.processes)
    with (
        open_graph(settings, create=True) as graph,
        closing(
            add_all(graph.store, files, intake, identity=identity, encoding=encoding, processes=processes)
        ) as outcomes,
        progress(len(files)) as telling,
    ):
        for file, outcome in outcomes:
            with telling(str(file)):
                worst = max(worst, tell(outcome))
    return worst


def tell(outcome: "Outcome | KGraphError") -> int:
    """Print what became of a file; gives the exit code for it."""
    if isinstance(outcome, KGraphError):
        say(f"kgraph: {outcome}", err=True)
        return COULD_NOT_RUN
    say(_account(outcome))
    for pruned in outcome.pruned:
        say(f"left out   {pruned}", err=True)
    if outcome.entered:
        return 0
    show_on_stderr(outcome.report)
    return DOES_NOT_CONFORM


def _account(outcome: "Outcome") -> str:
    """What became of a document, in a line or two."""
    from collections import Counter

    from kgraph.namespaces import RDF, local_name

    document = outcome.document
    if outcome.status == "unchanged":
        return f"unchanged  {document.title}: these bytes are in the store already"
    if outcome.status == "duplicate":
        return f"unchanged  {document.title}: the store holds these bytes as {outcome.same_as}"
    if outcome.status == "refused":
        count = len(outcome.report.results)
        things = f"{count} thing{'s' * (count != 1)}"
        return f"refused    {document.title}: {things} to mend before it can enter (kgraph rejects)"
    assertions = outcome.extraction.assertions if outcome.extraction else ()
    classes = Counter(local_name(str(a.object)) for a in assertions if a.predicate == RDF.type)
    listed = ", ".join(f"{n} {name}" for name, n in sorted(classes.items(), key=lambda c: (-c[1], c[0])))
    return (
        f"{outcome.status:<10} {document.title}\n"
        f"           {len(assertions)} statements from {len(document.passages)} passages, "
        f"{outcome.triples} triples with their evidence\n"
        f"           {listed or 'nothing that this extractor knows'}\n"
        f"           {document.iri}" + _left_out(len(outcome.pruned))
    )


def _left_out(count: int) -> str:
    if not count:
        return ""
    return (
        f"\n           left out {count} statement{'s' * (count != 1)} that did not conform, or hung on such"
    )


@main.command()
@click.pass_obj
def sample(settings: Settings) -> None:
    """Add the sample documents that come with kgraph."""
    from kgraph.pipeline import sample_documents

    sys.exit(add_files(settings, tuple(sample_documents())))
