"""The tutorial, run as it stands, on the publishers' own files cut down to a few countries."""

import csv
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
COUNTRIES = ("Iran", "Kazakhstan", "Uganda", "Tanzania")
CODES = ("IRN", "KAZ", "UGA", "TZA")


@pytest.fixture
def files(shared: Path, tmp_path: Path) -> Path:
    pytest.importorskip("openpyxl", reason="the extra datasets is not installed")
    found, folder = shared / "datasets", tmp_path / "files"
    folder.mkdir()
    _cut_csv(found / "country-codes" / "country-codes.csv", folder, CODES)
    _cut_csv(found / "vdem-ert" / "ert.csv", folder, CODES)
    _cut_csv(found / "ooni" / "20191123-ooni-measurements-iran-fastpath.csv", folder, (), most=60)
    _cut_book(found / "rsf-press-freedom" / "press-freedom_index.xlsx", folder, CODES)
    _cut_book(found / "accessnow-keepiton" / "Keepiton_raw_dataset.xlsx", folder, COUNTRIES)
    return folder


def _cut_csv(file: Path, folder: Path, wanted: tuple[str, ...], most: int | None = None) -> None:
    """Header and the rows that hold one of some words, or the first ones."""
    with file.open(encoding="utf-8", newline="") as lines:
        header, *rows = csv.reader(lines)
    kept = [row for row in rows if not wanted or set(wanted) & set(row)][:most]
    with (folder / file.name).open("w", encoding="utf-8", newline="") as lines:
        csv.writer(lines).writerows([header, *kept])


def _cut_book(file: Path, folder: Path, wanted: tuple[str, ...]) -> None:
    import openpyxl

    book, made = openpyxl.load_workbook(file, read_only=True), openpyxl.Workbook(write_only=True)
    for sheet in book.worksheets:
        copy, is_first = made.create_sheet(sheet.title), True
        for row in sheet.iter_rows(values_only=True):
            if is_first or set(wanted) & {str(cell).strip() for cell in row if cell is not None}:
                copy.append(row)
                is_first = False
    made.save(folder / file.name)


def test_the_tutorial_runs_and_answers(files: Path, tmp_path: Path) -> None:
    pytest.importorskip("matplotlib", reason="matplotlib, which draws, is not installed")
    text = (ROOT / "docs" / "tutorial.md").read_text(encoding="utf-8")
    program = "\n".join(re.findall(r"^```python\n(.*?)^```", text, re.DOTALL | re.MULTILINE))
    (tmp_path / "tutorial.py").write_text(program, encoding="utf-8")
    run = subprocess.run(
        [sys.executable, "tutorial.py"],
        cwd=tmp_path,
        env=os.environ | {"KGRAPH_TUTORIAL_FILES": str(files), "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    assert (tmp_path / "tutorial.svg").stat().st_size > 1000
    # The notes tell of Iran's shutdown a day after the protests began, and V-Dem what ruled there.
    (line,) = [line for line in run.stdout.splitlines() if "2019-11-16" in line and "Iran" in line][:1]
    assert "autocracy" in line.lower()
