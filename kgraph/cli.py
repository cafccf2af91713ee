"""The command line: thin commands, one verb each. Data to stdout, talk to stderr.

Exit code 0: done. 1: data do not conform. 2: wrong usage. 3: could not run.
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, TypeVar

import click

from kgraph import __version__
from kgraph.errors import KGraphError, StoreError
from kgraph.formats import BY_NAME
from kgraph.records import DamagedReject, Reject
from kgraph.settings import ON_VIOLATION, OnViolation, Settings
from kgraph.terminal import say, write_explanation

if TYPE_CHECKING:
    from kgraph.admission import Outcome
    from kgraph.knowledge_graph import KnowledgeGraph
    from kgraph.records import Extraction

DOES_NOT_CONFORM, COULD_NOT_RUN = 1, 3

_Command = TypeVar("_Command", bound=Callable[..., None])


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
    ctx.obj = Settings.from_environment(store=store)


@contextmanager
def _graph(settings: Settings, *, create: bool = False) -> Iterator["KnowledgeGraph"]:
    from kgraph.knowledge_graph import open as open_graph

    with open_graph(
        settings.store,
        create=create,
        base=settings.base,
        min_confidence=settings.min_confidence,
        extractor=settings.extractor,
        on_violation=settings.on_violation,
    ) as graph:
        yield graph


_document_options = (
    click.option("--id", "identity", help="What the document is known by, whatever its bytes."),
    click.option("--encoding", help="Of the file, where it is not UTF-8: windows-1251, latin-1 …"),
    click.option(
        "--min-confidence",
        type=click.FloatRange(0, 1),
        help="Leave out statements below it. [env: KGRAPH_MIN_CONFIDENCE; default: 0.5]",
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
    with _output(output) as out:
        out.write(text.encode())


_on_violation = click.option(
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
@_on_violation
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
    sys.exit(_add(settings, files, identity=identity, encoding=encoding, refresh=refresh))


def _add(
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
        _graph(settings, create=True) as graph,
        closing(
            add_all(graph.store, files, intake, identity=identity, encoding=encoding, processes=processes)
        ) as outcomes,
        progress(len(files)) as telling,
    ):
        for file, outcome in outcomes:
            with telling(str(file)):
                worst = max(worst, _tell(outcome))
    return worst


def _tell(outcome: "Outcome | KGraphError") -> int:
    """Print what became of a file; gives the exit code for it."""
    if isinstance(outcome, KGraphError):
        say(f"kgraph: {outcome}", err=True)
        return COULD_NOT_RUN
    say(_account(outcome))
    for pruned in outcome.pruned:
        say(f"left out   {pruned}", err=True)
    if outcome.entered:
        return 0
    say(str(outcome.report), err=True)
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

    sys.exit(_add(settings, tuple(sample_documents())))


@main.command()
@click.argument("document")
@click.pass_obj
def remove(settings: Settings, document: str) -> None:
    """Withdraw a document: what only it said is gone, the rest stays.

    DOCUMENT is its address, key, identity or title, as `kgraph documents` lists them.
    """
    with _graph(settings) as graph:
        title = graph.remove(document)
    say(f"removed    {title}")


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
    with _graph(ctx.obj) as graph:
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
@click.option("--format", "format_", type=click.Choice(["text", "turtle"]), default="text")
@click.pass_obj
def show_reject(settings: Settings, name: str, format_: str) -> None:
    """Show in full why a document was kept out; as Turtle, the sh:ValidationReport.

    \b
    kgraph rejects show 'A note on the steppe' --format turtle
    """
    from kgraph.rejects import find_reject
    from kgraph.terminal import write_turtle

    with _graph(settings) as graph:
        entry = find_reject(graph.store, name)
    if isinstance(entry, DamagedReject):
        raise StoreError(str(settings.store), _damage(entry))
    if format_ == "turtle":
        write_turtle(entry.report.rdf)
    else:
        _tell_reject(entry)
        say(f"\n{entry.report}")


@rejects.command("drop")
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option("--all", "all_", is_flag=True, help="Drop all of them.")
@click.pass_obj
def drop_rejects(settings: Settings, names: tuple[str, ...], all_: bool) -> None:
    """Take documents off the list; they stay out."""
    from kgraph import rejects as kept_out

    if bool(names) == all_:
        raise click.UsageError("name the documents to drop, or give --all")
    with _graph(settings) as graph:
        entries = graph.rejects() if all_ else [kept_out.find_reject(graph.store, name) for name in names]
        kept_out.drop_rejects(graph.store, entries)
    for entry in entries:
        say(f"dropped    {entry.document.title if isinstance(entry, Reject) else entry.key}")


@rejects.command("retry")
@click.argument("names", nargs=-1, metavar="[NAME]...")
@_on_violation
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
    with _graph(settings) as graph:
        entries = [kept_out.find_reject(graph.store, name) for name in names] or graph.rejects()
        whole = [entry for entry in entries if isinstance(entry, Reject)]
        for entry in entries:
            if isinstance(entry, DamagedReject):
                _tell_reject(entry)
        for _, outcome in kept_out.retry_rejects(graph.store, whole, Intake.of(settings)):
            worst = max(worst, _tell(outcome))
    sys.exit(worst)


@main.command()
@click.pass_obj
def documents(settings: Settings) -> None:
    """List the documents in the store."""
    with _graph(settings) as graph:
        for iri, title in graph.documents():
            say(f"{title}\n  {iri}")


_result_format = click.option(
    "--format",
    "format_",
    type=click.Choice(["table", *BY_NAME]),
    help="table (default), json, xml, csv or tsv for solutions; turtle (default), ntriples … for graphs.",
)


@main.command()
@click.argument("query", default="-")
@_result_format
@click.option("-o", "--output", type=click.Path(path_type=Path), help="File to write; else standard output.")
@click.pass_obj
def query(settings: Settings, query: str, format_: str | None, output: Path | None) -> None:
    """Run a SPARQL query: its text, a file that holds it, or - for standard input.

    \b
    kgraph query 'SELECT ?s WHERE { ?s a kg:Protest }'
    """
    from kgraph.terminal import write_result

    text = _query_text(query)
    with _graph(settings) as graph, _output(output) as out:
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

    with _graph(settings) as graph:
        for description in graph.show(name):
            write_description(description)


@main.command()
@click.pass_obj
def disputes(settings: Settings) -> None:
    """Show where sources contradict each other, and who says what."""
    from kgraph.terminal import write_dispute

    with _graph(settings) as graph:
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
@_result_format
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
    with _graph(settings) as graph, _output(None) as out:
        write_result(graph.ask(name, given), format_, out)


@main.command()
@click.pass_obj
def check(settings: Settings) -> None:
    """Validate the whole store; exit 1 where it does not conform."""
    from kgraph.checking import check as run
    from kgraph.iris import Minter

    bad = total = 0
    with _graph(settings) as graph, graph.view() as view:
        for _, title, report in run(view, Minter(settings.base)):
            total += 1
            say(f"{'conforms' if report.conforms else 'DOES NOT CONFORM':<10} {title}", err=True)
            if report.results:
                say(str(report))
            bad += not report.conforms
    say(f"{total - bad} of {total} graphs conform.")
    sys.exit(DOES_NOT_CONFORM if bad else 0)


@main.command()
@click.option("--format", "format_", type=click.Choice(["nquads", "trig", "jsonld"]), default="nquads")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="File to write; else standard output.")
@click.pass_obj
def export(settings: Settings, format_: str, output: Path | None) -> None:
    """Write everything in the store, graph by graph."""
    with _graph(settings) as graph, _output(output) as out:
        graph.export(out, format_)


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
        _add(settings, tuple(sample_documents()))
    run(settings)


@contextmanager
def _output(path: Path | None) -> Iterator[BinaryIO]:
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
        raise click.FileError(str(path), exc.strerror or str(exc)) from exc
    finally:
        partial.unlink(missing_ok=True)


if __name__ == "__main__":
    main()
