"""What loading open datasets costs, the gate included: rows and triples a second, and the peak of memory.

    python benchmarks/loading.py [NAME…] [--from FOLDER]

Each dataset is loaded from its publisher's files into a new store on disk, in a process of its own. The files
are looked for beside a developer's checkout, or in FOLDER.
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

#: Dataset → its files, below the folder of all datasets; a pattern stands for all that it fits.
FILES: dict[str, tuple[str, ...]] = {
    "country-codes": ("country-codes/country-codes.csv",),
    "vdem-ert": ("vdem-ert/ert.csv",),
    "reign": (
        "reign/leaderlist_3_21.csv", "reign/regime_list.csv", "reign/electionlist_3_21.csv",
    ),
    "keepiton": ("accessnow-keepiton/access_now_snapshot_2026-05-20.parquet",),
    "state-media": ("state-media-profiles/State_Media_Matrix.csv",),
    "test-lists": ("citizenlab-test-lists/lists/kz.csv", "citizenlab-test-lists/lists/ru.csv"),
    "ooni": ("ooni/2020-mm-ooni-measurements.csv",),
    "rsf": ("rsf-press-freedom/press-freedom_index.xlsx",),
    "freedom-of-the-press": ("freedom-of-the-press/Press freedom - Freedom House (2017).csv",),
    "un-egov": tuple(f"un-egov/egdi-{year}.csv" for year in range(2010, 2020, 2)),
    "google-removals": ("google-removals/google-government-removals.json",),
    "vdem-pandem": ("vdem-pandem/pandem_TS_v6.1.xlsx",),
    "platform-domains": ("v2fly-domains/data/*",),
    "mass-mobilization": ("mass-mobilization/Protest_Time_and_Type.csv",),
    "name-suggestion-index": ("name-suggestion-index/*.json",),
}  # fmt: skip


def main() -> None:
    """Load each in a process of its own, and print a table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("names", nargs="*")
    parser.add_argument("--from", dest="folder", type=Path)
    parser.add_argument("--one", help=argparse.SUPPRESS)
    given = parser.parse_args()
    folder = given.folder or Path(__file__).resolve().parents[2] / "shared" / "datasets"
    if given.one:
        print(json.dumps(_load(given.one, _files(given.one, folder))))
        return
    print(
        f"{'dataset':22}{'rows':>9}{'triples':>11}{'seconds':>9}{'rows/s':>8}{'triples/s':>11}{'peak MB':>9}"
    )
    for name in given.names or FILES:
        if not _files(name, folder):
            continue
        command = [sys.executable, __file__, "--one", name, "--from", str(folder)]
        run = subprocess.run(command, capture_output=True, text=True, check=False)
        if run.returncode:
            print(f"{name:22}{run.stderr.strip().splitlines()[-1]}")
            continue
        told = json.loads(run.stdout)
        rows, triples, seconds = told["rows"], told["triples"], told["seconds"]
        print(
            f"{name:22}{rows:9,}{triples:11,}{seconds:9.1f}{rows / seconds:8,.0f}{triples / seconds:11,.0f}"
            f"{told['peak_mb']:9,.0f}"
        )


def _files(name: str, folder: Path) -> list[Path]:
    return [file for pattern in FILES[name] for file in sorted(folder.glob(pattern)) if file.is_file()]


def _load(name: str, files: list[Path]) -> dict[str, float]:
    from kgraph.datasets import find_dataset
    from kgraph.gazetteer import load_gazetteer
    from kgraph.loading import load
    from kgraph.store import open_store

    with tempfile.TemporaryDirectory() as folder, open_store(Path(folder) / "store", create=True) as store:
        gazetteer = load_gazetteer(store.minter)
        began = time.perf_counter()
        loaded = load(store, find_dataset(name), files, gazetteer, processes=0)
        seconds = time.perf_counter() - began
    unit = 1 if sys.platform == "darwin" else 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6
    return {"rows": loaded.rows, "triples": loaded.triples, "seconds": seconds, "peak_mb": peak}


if __name__ == "__main__":
    main()
