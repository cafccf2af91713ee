"""What it costs to let many documents in: one commit each, or in groups.

    python benchmarks/batches.py [DOCUMENTS] [--faulty]

Documents of 150 assertions (`synthetic.py`) are judged alone, judged with the store and committed to a new
store on disk: all of `kgraph add` but reading and extraction. With `--faulty` one in five is wrong and is
singled out. Each way has a store of its own; judging alone, which is the same for all, is told apart.
"""

import argparse
import tempfile
import time
from itertools import islice
from pathlib import Path

from synthetic import FAULTS, FAULTY_EVERY, MINTER, write_document

from kgraph.admission import Candidate, Desk
from kgraph.gazetteer import load_gazetteer
from kgraph.store import open_store

SIZES = (1, 20, 200)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("documents", type=int, nargs="?", default=400)
    parser.add_argument("--faulty", action="store_true")
    asked = parser.parse_args()
    gazetteer = load_gazetteer(MINTER)
    with tempfile.TemporaryDirectory() as folder:
        per_document = {size: _run(asked, gazetteer, Path(folder) / str(size), size) for size in SIZES}
    for size, (alone, together) in per_document.items():
        ratio = together / per_document[SIZES[0]][1]
        print(
            f"groups of {size:>3}: judged alone {alone * 1000:6.1f} ms, judged with the store and committed"
            f" {together * 1000:6.1f} ms a document, {ratio:4.2f} times"
        )


def _run(asked: argparse.Namespace, gazetteer: object, folder: Path, size: int) -> tuple[float, float]:
    """Seconds a document: judging it alone; judging with what is stored, and committing."""
    alone = together = 0.0
    with open_store(folder, create=True, minter=MINTER) as store:
        desk = Desk(store, gazetteer, MINTER)
        extractions = (
            write_document(n, faults=tuple(FAULTS) if asked.faulty and n % FAULTY_EVERY == 0 else ())
            for n in range(asked.documents)
        )
        while group := list(islice(extractions, size)):
            start = time.perf_counter()
            candidates: list[Candidate] = [desk.prepare(extraction) for extraction in group]
            middle = time.perf_counter()
            outcomes = desk.admit(candidates)
            alone += middle - start
            together += time.perf_counter() - middle
            bad = sum(not outcome.entered for outcome in outcomes)
            assert bad == sum(not each.report.conforms for each in candidates)
    return alone / asked.documents, together / asked.documents


if __name__ == "__main__":
    main()
