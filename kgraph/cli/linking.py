"""The commands on what is the same: link, with review, judgements, withdraw, export and rebuild."""

from collections.abc import Iterable, Iterator
from datetime import UTC
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kgraph.cli.group import DOES_NOT_CONFORM, main, open_graph, open_output
from kgraph.settings import Settings
from kgraph.terminal import say

if TYPE_CHECKING:
    from kgraph.knowledge_graph import KnowledgeGraph
    from kgraph.linking import Candidate, Judgement, Recorded, Thing


@main.group(invoke_without_command=True)
@click.option(
    "--from", "files", type=click.Path(exists=True, dir_okay=False, path_type=Path), multiple=True,
    metavar="FILE", help="Look in a Wikidata extract: dump lines, SPARQL JSON, TSV, name-suggestion-index.",
)  # fmt: skip
@click.option("--service", metavar="URL", help="Ask this reconciliation service.")
@click.option("--endpoint", metavar="URL", help="Ask this SPARQL endpoint.")
@click.option(
    "--least", type=click.FloatRange(0, 1), default=0.5, show_default=True, help="Lowest score to tell of."
)
@click.option(
    "--accept", type=click.FloatRange(0, 1), metavar="SCORE",
    help="Judge the same what scores at least this; 0.9 was measured to be sure.",
)  # fmt: skip
@click.option(
    "-o", "--output", type=click.Path(dir_okay=False, path_type=Path),
    help="Write the candidates into an SSSOM table for `kgraph link review`.",
)  # fmt: skip
@click.pass_context
def link(
    ctx: click.Context,
    files: tuple[Path, ...],
    service: str | None,
    endpoint: str | None,
    least: float,
    accept: float | None,
    output: Path | None,
) -> None:
    """Find what may be one thing, with scores and reasons: in the store, or there and elsewhere.

    Nothing is judged unless --accept says so, and no service is asked unless its address is given.

    \b
    kgraph link -o candidates.sssom.tsv
    kgraph link review candidates.sssom.tsv --by 'A. Reader'
    """
    if ctx.invoked_subcommand:
        return
    from kgraph.graphs import catalog
    from kgraph.linking import accepted, propose, record, write_candidates

    with open_graph(ctx.obj) as graph:
        minter, now = graph.store.minter, catalog.clock()
        with graph.store.view() as view:
            others = list(_elsewhere(graph, files, service, endpoint))
            is_elsewhere = bool(files or service or endpoint)
            found = propose(view, minter, others if is_elsewhere else None, least=least)
        if accept is not None:
            recorded = record(graph.store, accepted(found, accept, now))
            _tell(recorded)
            made = {each.pair for each in recorded.made}
            found = [each for each in found if tuple(sorted((each.one.iri, each.other.iri))) not in made]
    if output is not None:
        with open_output(output) as out:
            out.write(write_candidates(found, minter, now))
        say(f"{len(found)} candidates in {output}", err=True)
        return
    for each in found:
        _tell_candidate(each)
    if not found:
        say("Nothing that nobody has judged looks alike.", err=True)


def _elsewhere(
    graph: "KnowledgeGraph", files: Iterable[Path], service: str | None, endpoint: str | None
) -> Iterator["Thing"]:
    from kgraph.linking import ask_endpoint, ask_reconciliation, read_extract, read_things

    minter = graph.store.minter
    for file in files:
        yield from read_extract(file, minter)
    if not (service or endpoint):
        return
    with graph.store.view() as view:
        things = [thing for thing in read_things(view, minter).values() if thing.kind != "Event"]
    if service:
        yield from ask_reconciliation(service, things)
    if endpoint:
        yield from ask_endpoint(endpoint, things, minter)


def _tell_candidate(candidate: "Candidate") -> None:
    one, other = candidate.one, candidate.other
    say(f"{candidate.score.value:.3f}  {one.label}  =  {other.label}")
    say(f"       {one.iri}\n       {other.iri}")
    for reason in candidate.score.reasons:
        say(f"       {reason}")


def _tell(recorded: "Recorded") -> None:
    counts = dict.fromkeys(("same", "different", "unsure"), 0)
    for each in recorded.made:
        counts[each.verdict] += 1
    told = ", ".join(f"{count} {verdict}" for verdict, count in counts.items() if count) or "nothing new"
    say(f"judged     {told}; {recorded.unchanged} stood already", err=True)
    for refused in recorded.refused:
        judgement = refused.judgement
        say(f"not one    {judgement.one} and {judgement.other}: {refused.reason}", err=True)


@link.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--by", required=True, metavar="NAME", help="Who judged, where a row does not say it.")
@click.pass_context
def review(ctx: click.Context, file: Path, by: str) -> None:
    """Take in judgements from an SSSOM table.

    In a table of `kgraph link -o` each row with a verdict (same, different, unsure) counts; in any other each
    row is a match. Taking in a table again changes nothing.

    \b
    kgraph link review candidates.sssom.tsv --by 'A. Reader'
    """
    from kgraph.graphs import catalog
    from kgraph.linking import read_table, record

    with open_graph(ctx.obj) as graph:
        minter, now = graph.store.minter, catalog.clock()
        read = read_table(file.read_bytes(), file.name, minter, by=by, now=now)
        recorded = record(graph.store, read.judgements)
    _tell(recorded)
    if read.empty:
        say(f"           {read.empty} rows have no verdict yet", err=True)
    for reason in read.skipped:
        say(f"passed over {reason}", err=True)
    ctx.exit(DOES_NOT_CONFORM if read.skipped or recorded.refused else 0)


@link.command()
@click.option("--all", "all_", is_flag=True, help="Withdrawn and superseded ones too.")
@click.pass_obj
def judgements(settings: Settings, all_: bool) -> None:
    """List the judgements, the oldest first, with who and when."""
    from kgraph.linking import in_force

    with open_graph(settings) as graph:
        made = graph.judgements()
    counting = {each.iri for each in in_force(made).values()}
    for each in made:
        if all_ or each.iri in counting:
            _tell_judgement(each, each.iri in counting)


def _tell_judgement(judgement: "Judgement", counts: bool) -> None:
    state = "" if counts else " (withdrawn)" if judgement.withdrawn_at else " (superseded)"
    when = judgement.at.astimezone(UTC)
    score = "" if judgement.likeness is None else f", {judgement.likeness:.3f}"
    key = judgement.iri.rpartition("/")[2]
    say(f"{key}  {judgement.verdict}{state}, by {judgement.by}, {when:%Y-%m-%d %H:%M} UTC{score}")
    say(f"  {judgement.one}\n  {judgement.other}")
    for reason in judgement.reasons:
        say(f"  {reason}")


@link.command()
@click.argument("names", nargs=-1, required=True, metavar="NAME…")
@click.pass_obj
def withdraw(settings: Settings, names: tuple[str, ...]) -> None:
    """Withdraw judgements: what counted before each counts again.

    NAME is a judgement's key or address as `kgraph link judgements` lists them, or both things' addresses in
    one pair of quotes.
    """
    from kgraph import linking

    with open_graph(settings) as graph:
        gone = linking.withdraw(graph.store, names)
    for each in gone:
        say(f"withdrawn  {each.verdict}: {each.one} and {each.other}")


@link.command("export")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="File to write; else standard output.")
@click.pass_obj
def export_links(settings: Settings, output: Path | None) -> None:
    """Write the judgements that count as an SSSOM table.

    \b
    kgraph link export -o links.sssom.tsv
    """
    from kgraph.linking import in_force, read_judgements, read_things, write_judgements

    with open_graph(settings) as graph, open_output(output) as out:
        minter = graph.store.minter
        with graph.store.view() as view:
            counting = in_force(read_judgements(view, minter))
            labels = {iri: thing.label for iri, thing in read_things(view, minter).items() if thing.names}
        out.write(write_judgements([counting[pair] for pair in sorted(counting)], labels, minter))


@link.command()
@click.pass_obj
def rebuild(settings: Settings) -> None:
    """Drop what follows from the judgements and make it again from what is stored now."""
    from kgraph import linking

    with open_graph(settings) as graph:
        sameness = linking.rebuild(graph.store)
    members = sum(map(len, sameness.groups))
    say(f"{members} things are {len(sameness.groups)}; {len(sameness.matches)} links to elsewhere")
    for refused in sameness.refused:
        say(f"not one    {refused.judgement.one} and {refused.judgement.other}: {refused.reason}", err=True)
