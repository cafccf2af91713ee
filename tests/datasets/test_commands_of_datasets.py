"""Datasets from the command line, on a store on disk, and what the catalog says of them."""

import csv
import functools
import hashlib
import http.server
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from published import answers, csv_bytes

import kgraph
from kgraph.cli import main

Kgraph = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path) -> Kgraph:
    def run(*arguments: str | Path) -> Result:
        return CliRunner().invoke(main, ["--store", str(tmp_path / "store"), *map(str, arguments)])

    return run


def _table(path: Path, *rows: tuple[str, str, str]) -> Path:
    columns = ("Entity", "Year", "Freedom of the Press")
    path.write_bytes(csv_bytes([dict(zip(columns, row, strict=True)) for row in rows]))
    return path


@pytest.fixture
def norway(tmp_path: Path) -> Path:
    return _table(tmp_path / "fotp.csv", ("Norway", "2015", "2"), ("Norway", "2016", "2"))


def _years(store: Path) -> set[tuple[str, ...]]:
    with kgraph.open(store) as graph:
        return answers(graph, "?a a kg:Assessment ; kg:date ?when", "when")


def test_load_tells_what_became_of_the_file(run: Kgraph, norway: Path, tmp_path: Path) -> None:
    first = run("load", "freedom-of-the-press", norway)
    assert first.exit_code == 0, first.output
    assert "added" in first.output
    assert "2 rows" in first.output
    again = run("load", "freedom-of-the-press", norway)
    assert again.exit_code == 0
    assert "unchanged" in again.output
    assert "replaced" in run("load", "freedom-of-the-press", norway, "--refresh").output
    newer = _table(tmp_path / "newer.csv", ("Norway", "2014", "2"))
    assert "replaced" in run("load", "freedom-of-the-press", newer).output
    assert _years(tmp_path / "store") == {("2014",)}


def test_rows_that_are_left_out_are_told_of_and_listed(run: Kgraph, tmp_path: Path) -> None:
    file = _table(
        tmp_path / "fotp.csv", ("Norway", "2015", "2"), ("Ruritania", "2015", "2"), ("Norway", "x", "2")
    )
    became = run("load", "freedom-of-the-press", file, "--report", tmp_path / "left-out.csv")
    assert became.exit_code == 1
    assert "left out: 1 × 'Ruritania' is no name of a state that is known (row=3)" in became.output
    with (tmp_path / "left-out.csv").open(encoding="utf-8", newline="") as lines:
        assert [row["row"] for row in csv.DictReader(lines)] == ["row=3", "row=4"]
    assert _years(tmp_path / "store") == {("2015",)}


def test_a_file_of_another_layout_is_one_line_and_changes_nothing(
    run: Kgraph, norway: Path, tmp_path: Path
) -> None:
    run("load", "freedom-of-the-press", norway)
    (tmp_path / "other.csv").write_text("Country,Jahr\nNorway,2014\n", "utf-8")
    became = run("load", "freedom-of-the-press", tmp_path / "other.csv")
    assert became.exit_code == 3
    assert "there is no column Entity, Freedom of the Press, Year" in became.output
    assert len(became.output.strip().splitlines()) == 1
    assert _years(tmp_path / "store") == {("2015",), ("2016",)}


def test_an_unknown_name_names_those_that_there_are(run: Kgraph, norway: Path) -> None:
    became = run("load", "freedom", norway)
    assert became.exit_code != 0
    assert "freedom-of-the-press" in became.output


def test_datasets_lists_what_can_be_loaded_and_what_is(run: Kgraph, norway: Path) -> None:
    run("load", "freedom-of-the-press", norway)
    listed = run("datasets").output.splitlines()
    names = {line.split()[0] for line in listed}
    assert {
        "country-codes",
        "reign",
        "rsf",
        "un-egov",
        "freedom-of-the-press",
        "vdem-ert",
        "vdem-pandem",
    } <= names
    states = {line.split()[0]: line.rpartition(": ")[2] for line in listed}
    assert states["rsf"] == "not loaded"
    assert states["freedom-of-the-press"].startswith("loaded 20")
    told = run("datasets", "country-codes").output
    assert "https://opendatacommons.org/licenses/pddl/1-0/" in told
    assert "data/country-codes.csv" in told


def test_the_catalog_describes_the_dataset_and_its_files(run: Kgraph, norway: Path, tmp_path: Path) -> None:
    run("load", "freedom-of-the-press", norway)
    with kgraph.open(tmp_path / "store") as graph:
        said = (
            "?d a dcat:Dataset ; dcterms:title ?title ; dcat:distribution ?file . "
            "?file dcterms:title ?name ; dcat:byteSize ?size ; <http://spdx.org/rdf/terms#checksum>/"
            "<http://spdx.org/rdf/terms#checksumValue> ?sum FILTER (CONTAINS(STR(?d), '/dataset/'))"
        )
        assert answers(graph, said, "title", "name", "size", "sum") == {
            ("Freedom of the Press", "fotp.csv", str(norway.stat().st_size),
             hashlib.sha256(norway.read_bytes()).hexdigest()),
        }  # fmt: skip
        assert not answers(graph, f"?s ?p ?o FILTER (CONTAINS(STR(?o), '{tmp_path}'))", "o")


@pytest.fixture
def address(norway: Path) -> Iterator[str]:
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=str(norway.parent))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_a_file_may_lie_on_the_web(run: Kgraph, address: str, tmp_path: Path) -> None:
    became = run("load", "freedom-of-the-press", f"{address}/fotp.csv")
    assert became.exit_code == 0, became.output
    assert _years(tmp_path / "store") == {("2015",), ("2016",)}
    missing = run("load", "freedom-of-the-press", f"{address}/gone.csv")
    assert missing.exit_code == 3
    assert "it cannot be read" in missing.output
