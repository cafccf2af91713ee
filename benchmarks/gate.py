"""What judging costs: full runs of SHACL engines side by side, and the gate for one document.

    python benchmarks/gate.py [--sizes N …] [--only PART …] [--shapes all|core] [--limit SECONDS] [--json]

A full run: the shapes on one graph of 1,000 to 1,000,000 triples, by pySHACL, by pyrudof where it is
installed, and by kgraph.shacl twice: on triples in memory (`memory`) and on a store on disk with a named
graph a document (`store`). Each engine runs in a process of its own on the same files. Reading them and
validating are timed apart, by the clock and in processor time; the peak is that of the process. `times` is an
engine's processor time beside that of `memory`, in which other work on the machine tells less: of validating,
and of all. An engine that is over the limit is asked for nothing larger. The results of each constraint
component are counted and compared with the faults that were planned; a difference is told, and one of ours
makes the exit status 1.

The data: `synthetic.py`, one document in five with faults, and the ontology (2,005 triples beyond the size).

The shapes: all of ontology/shapes, on all documents as one graph. Left out are four constraints in SPARQL
that speak of the whole graph of its one document: kgs:unsupported-triple, unsaid-assertion, offsets-in-text
and names-language. In place of two of them the same is asked of each assertion and of each passage; with the
order of dates that makes three constraints in SPARQL. `--shapes core` is without these three.

The gate (`--only gate`): one document of 150 assertions, about 1,500 quads, against stores on disk of 10,000
to 1,000,000 quads, a named graph a document. Timed: judging it as `kgraph add` does, and the whole of `add`
but for extraction, its commit among it. Each time is of another document that the store does not hold; what
was added is removed again, untimed. Told are median and 95th percentile by the clock, the median of the
processor time, and that beside the smallest store's.

`--keep FOLDER` leaves data and stores there, and takes what an earlier run left: a million quads take a
minute or two to make.
"""

import argparse
import hashlib
import json
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib.util import find_spec
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from shacl_engines import ENGINES, Answer, clocks, make_data, since

if TYPE_CHECKING:
    from rdflib import Graph

    from kgraph.pipeline import Intake
    from kgraph.records import Document, Extraction, Report
    from kgraph.store import View

HERE = Path(__file__).resolve().parent
#: What data and stores follow from: another version of it makes them anew.
RECIPES = {
    kind: [HERE / "synthetic.py", *more, *sorted((HERE.parent / "ontology").rglob("*.ttl"))]
    for kind, more in {"data": [HERE / "shacl_engines.py"], "stores": []}.items()
}
SIZES = (1_000, 10_000, 100_000, 1_000_000)
#: Stores that are smaller than a few documents tell nothing of the gate.
SMALLEST_STORE = 10_000
#: So many documents go into a store with one commit while it is made.
BATCH = 50
#: Numbers of documents that are judged start here, behind those of any store.
FRESH = 1_000_000


def main() -> None:
    """Run what the command line asks for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    parser.add_argument("--only", nargs="+", choices=(*ENGINES, "gate"), default=(*ENGINES, "gate"))
    parser.add_argument("--shapes", choices=("all", "core"), default="all")
    parser.add_argument("--limit", type=float, default=300, help="seconds for one engine's run")
    parser.add_argument("--documents", type=int, default=30, help="how many are judged")
    parser.add_argument("--keep", type=Path, metavar="FOLDER")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--child", nargs="+", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.child:
        name, *arguments = asked.child
        answer = CHILDREN[name](*arguments)
        print(json.dumps({**answer, "peak_mb": _peak_mb()}))
        return
    with tempfile.TemporaryDirectory() as scratch:
        sys.exit(compare(asked, (asked.keep or Path(scratch)).resolve()))


def compare(asked: argparse.Namespace, folder: Path) -> int:
    """Everything asked for; gives the exit status."""
    tell: Callable[[str], None] = (lambda line: None) if asked.json else print_now
    engines = [name for name in ENGINES if name in asked.only]
    answer: Answer = {"shapes": asked.shapes, "limit_s": asked.limit, "runs": [], "gate": []}
    if engines:
        full_runs(sorted(asked.sizes), engines, asked, folder, answer["runs"], tell)
    if "gate" in asked.only:
        sizes = [size for size in sorted(asked.sizes) if size >= SMALLEST_STORE]
        gates(sizes, asked, folder, answer["gate"], tell)
    if asked.json:
        print_now(json.dumps(answer, indent=1))
    return int(any(run["differs"] for run in answer["runs"] if run["engine"] in ("memory", "store")))


def print_now(line: str) -> None:
    """Print while the rest is still at work."""
    print(line, flush=True)


def in_process(limit: float | None, *arguments: object) -> Answer | None:
    """What a function of `CHILDREN` answers in a process of its own; None if it takes too long."""
    command = [sys.executable, str(Path(__file__).resolve()), "--child", *map(str, arguments)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=limit)
    except subprocess.TimeoutExpired:
        return None
    if done.returncode:
        return {"fault": (done.stderr.strip().splitlines() or ["no message"])[-1][:300]}
    answer: Answer = json.loads(done.stdout.splitlines()[-1])
    return answer


def made(folder: Path, kind: str, size: int, *arguments: object) -> Path:
    """A folder of data of some size, made by a function of `CHILDREN` unless it is there."""
    recipe = hashlib.sha256(b"".join(path.read_bytes() for path in RECIPES[kind])).hexdigest()
    place = folder / f"{kind}-{size}-{recipe[:8]}"
    if not (place / "done").exists():
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir(parents=True)
        answer = in_process(None, kind, size, place, *arguments)
        if answer is None or "fault" in answer:
            sys.exit(f"{kind} of {size:,} could not be made: {answer}")
        (place / "done").write_text(json.dumps(answer))
    return place


def _peak_mb() -> float:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1e6 if sys.platform == "darwin" else 1e3)  # macOS counts bytes, Linux KB


# Full runs


def full_runs(
    sizes: list[int],
    engines: list[str],
    asked: argparse.Namespace,
    folder: Path,
    runs: list[Answer],
    tell: Callable[[str], None],
) -> None:
    """Each engine on each size."""
    given_up: set[str] = set()
    for size in sizes:
        data = made(folder, "data", size)
        about = json.loads((data / "done").read_text())
        tell(f"\nfull run on {about['triples']:,} triples and the ontology, shapes: {asked.shapes}")
        answers = {name: _run(name, data, asked, given_up) for name in engines}
        given_up |= {name for name, answer in answers.items() if answer.get("late")}
        expected = about["expected"][asked.shapes]
        tell(f"{'engine':<9}{'read s':>9}{'validate s':>12}{'cpu s':>9}{'peak MB':>9}{'results':>9}   times")
        for name, answer in answers.items():
            answer |= {"engine": name, "triples": about["triples"], "differs": _differs(answer, expected)}
            tell(_line(answer, answers.get("memory", {}), asked.limit))
        runs += answers.values()
        tell(f"{'planned':<9}{sum(expected.values()):>48}")


def _run(name: str, data: Path, asked: argparse.Namespace, given_up: set[str]) -> Answer:
    if name in given_up:
        return {"late": True}
    if find_spec(ENGINES[name].package) is None:
        return {"fault": "not installed"}
    answer = in_process(asked.limit, name, data, asked.shapes)
    return {"late": True} if answer is None else answer


def _differs(answer: Answer, expected: dict[str, int]) -> dict[str, tuple[int, int]]:
    """Of each component that an engine counts otherwise: what it found, what was planned."""
    if "results" not in answer:
        return {}
    found: Counter[str] = Counter(answer["results"])
    return {
        c: (found[c], expected.get(c, 0))
        for c in sorted({*found, *expected})
        if found[c] != expected.get(c, 0)
    }


def _line(answer: Answer, ours: Answer, limit: float) -> str:
    head = f"{answer['engine']:<9}"
    if "fault" in answer:
        return f"{head} {answer['fault']}"
    if "late" in answer:
        ratio = f"   > {limit / (ours['read_s'] + ours['validate_s']):,.0f}" if "results" in ours else ""
        return f"{head}{f'> {limit:g} s':>21}{'':>27}{ratio}"
    line = (
        f"{head}{answer['read_s']:>9.2f}{answer['validate_s']:>12.2f}{answer['validate_cpu_s']:>9.2f}"
        f"{answer['peak_mb']:>9,.0f}{sum(answer['results'].values()):>9,}"
    )
    if "results" in ours:
        validating, whole = (answer[what] / ours[what] for what in ("validate_cpu_s", "whole_cpu_s"))
        line += f"   {validating:,.1f}; all {whole:,.1f}"
    for component, (found, planned) in answer["differs"].items():
        line += f"\n{'':<9} DIFFERS: {component} {found:,}, planned {planned:,}"
    return line


# The gate


def gates(
    sizes: list[int], asked: argparse.Namespace, folder: Path, rows: list[Answer], tell: Callable[[str], None]
) -> None:
    """The gate for one document on each size of store."""
    tell(f"\none document against a store on disk, {asked.documents} times: median (95th percentile)")
    for size in sizes:
        place = made(folder, "stores", size)
        answer = in_process(None, "gate", place, asked.documents) or {}
        if "fault" in answer:
            sys.exit(f"the gate failed on {size:,} quads: {answer['fault']}")
        rows.append({**answer, **json.loads((place / "done").read_text()), "peak_mb": answer["peak_mb"]})
        tell(_gate_line(rows[-1], rows[0]))


def _gate_line(row: Answer, first: Answer) -> str:
    line = f"{row['quads']:>10,} quads"
    for what in ("judge", "add"):
        clock, cpu = ([1e3 * times[i] for times in row[what]] for i in (0, 1))
        median, late, used = (
            statistics.median(clock),
            statistics.quantiles(clock, n=20)[18],
            statistics.median(cpu),
        )
        ratio = used / statistics.median(1e3 * times[1] for times in first[what])
        line += f"   {what} {median:,.0f} ms ({late:,.0f}), cpu {used:,.0f}, {ratio:.2f} times"
    return f"{line}   peak {row['peak_mb']:,.0f} MB"


def make_stores(size: str, place: str) -> Answer:
    """A store of ours with so many quads of documents, all of which conform."""
    from synthetic import documents

    from kgraph.pipeline import Intake
    from kgraph.store import open_store

    desk = Intake().desk(open_store(Path(place) / "store", create=True))
    outcomes = []
    made = (extraction for extraction, _ in documents(int(size)))
    while group := [desk.prepare(extraction) for extraction in islice(made, BATCH)]:
        outcomes += desk.admit(group)
    for outcome in outcomes:
        if outcome.status != "added":
            raise ValueError(f"{outcome.document.iri} was {outcome.status}: {outcome.report}")
    return {"quads": sum(outcome.triples for outcome in outcomes)}


def run_gate(place: str, number: str) -> Answer:
    """Seconds for each of some documents: of judging it, and of `add`."""
    from synthetic import write_document

    from kgraph.gazetteer import load_gazetteer
    from kgraph.graphs import build_graph
    from kgraph.pipeline import Intake, add, remove
    from kgraph.store import open_store

    extractions = [write_document(FRESH + n) for n in range(int(number) + 3)]
    intake = Intake(extractor=Ready({e.document.iri: e for e in extractions}))
    load_gazetteer()
    store = open_store(Path(place) / "store")
    times: dict[str, list[tuple[float, float]]] = {"judge": [], "add": []}
    for extraction in extractions:
        graph, graph_iri = build_graph(extraction), intake.minter.document_graph(extraction.document.iri)
        start = clocks()
        with store.view() as view:
            report = judge_document(view, graph_iri, graph, intake)
        times["judge"].append(since(start))
        start = clocks()
        outcome = add(store, extraction.document, intake)
        times["add"].append(since(start))
        if not report.conforms or outcome.status != "added":
            raise ValueError(f"{extraction.document.iri} was {outcome.status}: {outcome.report}")
        remove(store, extraction.document.iri, intake)
    # the first ones pay for compiling shapes and for reading what the store has in files
    return {what: taken[3:] for what, taken in times.items()}


def judge_document(view: "View", graph_iri: str, graph: "Graph", intake: "Intake") -> "Report":
    """The pipeline's way from a document's graph and the store to a report."""
    from kgraph.gate import Change, judge, judge_change
    from kgraph.graphs import reference
    from kgraph.store import engine_triples

    minter = intake.minter
    triples = engine_triples(graph)
    facts = engine_triples(intake.gazetteer.facts(reference.known_nodes(graph, intake.gazetteer)))
    alone = judge(triples, reference=facts)
    if not alone.conforms:
        return alone
    old_facts, new_facts = reference.changes(view, facts, (), minter)
    change = Change({graph_iri: triples}, facts=new_facts, old_facts=old_facts)
    return judge_change(view, change, minter)


@dataclass(frozen=True)
class Ready:
    """An extractor that has read its documents before: what `add` costs without extraction."""

    extractions: dict[str, "Extraction"] = field(repr=False)
    name: str = "synthetic"
    version: str = "1"
    languages: tuple[str, ...] = ("en",)

    def extract(self, document: "Document", gazetteer: object) -> "Extraction":
        """What was found."""
        return self.extractions[document.iri]


CHILDREN: dict[str, Callable[..., Answer]] = {
    **ENGINES,
    "data": make_data,
    "stores": make_stores,
    "gate": run_gate,
}


if __name__ == "__main__":
    main()
