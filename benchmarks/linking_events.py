"""How well accounts of one event are found: precision and recall on labelled pairs of events.

    python benchmarks/linking_events.py [--errors] [--shared FOLDER]

The pairs are in linking_events.tsv: a side is a row of #KeepItOn by its address in the graph, or an event as
a document tells it: class, state, first and last day (or month), and with t=, p= and a= its targets, places
and actors. A part of an event is another event. Each told event is of a document of its own; all rows of
#KeepItOn are candidates too.
"""

import argparse
import calendar
import csv
import tempfile
from datetime import UTC, date, datetime
from pathlib import Path

import kgraph
from kgraph.iris import Minter
from kgraph.linking import Candidate, Thing, accepted, candidates, read_things
from kgraph.namespaces import KG

HERE = Path(__file__).resolve().parent
MINTER = Minter()
_WHAT = {"t": "targets", "p": "places", "a": "actors"}


def rows_of_keepiton(shared: Path) -> dict[str, Thing]:
    """The events of the dataset, by address, as the store has them."""
    files = sorted((shared / "datasets" / "accessnow-keepiton").glob("*.parquet"))
    with tempfile.TemporaryDirectory() as folder, kgraph.open(Path(folder) / "store", create=True) as graph:
        graph.load("keepiton", files)
        with graph.store.view() as view:
            things = read_things(view, MINTER)
    return {iri: thing for iri, thing in things.items() if thing.kind == "Event"}


def told(text: str, number: int) -> Thing:
    """An event as the document of a number tells it."""
    class_, state, when, *more = text.split()
    first, _, last = when.partition("/")
    shared = {
        _WHAT[each[0]]: frozenset(MINTER.resources + iri for iri in each[2:].split(",")) for each in more
    }
    return Thing(
        f"{MINTER.resources}d/{number:016x}/1-event",
        "Event",
        frozenset({KG[class_]}),
        countries=frozenset({MINTER.known("country", state)}),
        dates=(_day(first), _day(last or first, is_last=True)),
        origin=f"{MINTER.resources}d/{number:016x}",
        **shared,  # type: ignore[arg-type]  # targets, places, actors
    )


def _day(text: str, *, is_last: bool = False) -> date:
    year, month, *day = map(int, text.split("-"))
    return date(year, month, day[0] if day else calendar.monthrange(year, month)[1] if is_last else 1)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--errors", action="store_true")
    parser.add_argument("--shared", type=Path, default=HERE.parents[1] / "shared")
    options = parser.parse_args()
    rows = rows_of_keepiton(options.shared)
    pairs: list[tuple[Thing, Thing, bool]] = []
    with (HERE / "linking_events.tsv").open(encoding="utf-8", newline="") as file:
        for number, row in enumerate(csv.DictReader(file, delimiter="\t")):
            source, _, key = row["one"].partition(":")
            one = rows[f"{MINTER.dataset(source)}/{key}"] if key else told(row["one"], 2 * number)
            pairs.append((one, told(row["other"], 2 * number + 1), row["verdict"] == "same"))
    found = [each for one, other, _ in pairs for each in _compared(one, other, rows)]
    scores = {frozenset({each.one.iri, each.other.iri}): each.score for each in found}
    taken = {
        frozenset({each.one, each.other})
        for one, other, _ in pairs
        for each in accepted(_compared(one, other, rows), 0.9, datetime(2026, 1, 1, tzinfo=UTC))
    }
    scored = [
        (one, other, is_same, scores.get(frozenset({one.iri, other.iri}))) for one, other, is_same in pairs
    ]
    same = sum(is_same for *_, is_same, _ in scored)
    print(f"{same} same, {len(scored) - same} different; {len(rows):,} rows as further candidates")
    print("score    taken  precision  recall")
    for least in (0.5, 0.6, 0.7, 0.8, 0.9):
        _tell(
            f">= {least}", [is_same for *_, is_same, score in scored if score and score.value >= least], same
        )
    _tell(
        "by rules",
        [is_same for one, other, is_same in pairs if frozenset({one.iri, other.iri}) in taken],
        same,
    )
    if options.errors:
        for one, other, is_same, score in scored:
            value = score.value if score else 0.0
            if is_same != (value >= 0.7):
                print(f"{'same' if is_same else 'different':9} {value:.3f} {_short(one)} | {_short(other)} "
                      f"{score.reasons if score else ''}")  # fmt: skip


def _compared(one: Thing, other: Thing, rows: dict[str, Thing]) -> list[Candidate]:
    """The told event with all that it could be: the other side and every row."""
    return candidates([other], {**rows, one.iri: one}.values(), least=0.0)


def _tell(name: str, taken: list[bool], same: int) -> None:
    print(f"{name:8} {len(taken):5} {sum(taken) / max(1, len(taken)):10.3f} {sum(taken) / same:7.3f}")


def _short(thing: Thing) -> str:
    shared = (iri.rpartition("/")[2] for iri in sorted(thing.targets | thing.places | thing.actors))
    when = "/".join(map(str, thing.dates or ()))
    return f"{min(thing.classes).rpartition('#')[2]} {when} {','.join(shared)}"


if __name__ == "__main__":
    main()
