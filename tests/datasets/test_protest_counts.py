"""Protests of Mass Mobilization, counted by country and year."""

import csv
from pathlib import Path

import pytest
from published import answers, conforms, csv_bytes, loaded, reasons, some_lines

from kgraph import SourceError

_DEMANDS = ("labor", "land", "policebrutality", "political", "price", "removal", "social")
_ROW = {
    "country": "Kazakhstan", "year": "2011", "protestnumber": "7",
    **{f"demand_{name}": "0" for name in _DEMANDS}, "demand_labor": "4", "protesterviolence": "1",
    "ln_duration_min": ".69",
}  # fmt: skip
_COUNT = "?c a kg:Count ; kg:counted ?where ; kg:date ?when ; kg:value ?n ; kg:indicator ?what"


def _write(path: Path, *changes: dict[str, str]) -> Path:
    path.write_bytes(csv_bytes([{**_ROW, **each} for each in changes]))
    return path


def test_protests_are_counted_and_by_what_they_demand(tmp_path: Path) -> None:
    graph, became = loaded("mass-mobilization", _write(tmp_path / "protests.csv", {}))
    assert became.problems == ()
    assert answers(graph, _COUNT, "where", "when", "n", "what") == {
        ("country/KZ", "2011", n, what)
        for n, what in (
            ("7", "protests"), ("4", "protests over labour and wages"), ("1",
            "protests with violence by protesters"),
        )
    }  # fmt: skip
    assert not answers(graph, "?p a/rdfs:subClassOf* kg:Protest", "p")  # a number is no event
    assert conforms(graph)


def test_none_is_a_number_and_unknown_is_not(tmp_path: Path) -> None:
    file = _write(tmp_path / "protests.csv", {"protestnumber": "0"}, {"year": "2012", "protestnumber": ""})
    graph, became = loaded("mass-mobilization", file)
    assert became.problems == ()
    assert answers(graph, f"{_COUNT} FILTER (?what = 'protests'@en)", "when", "n") == {("2011", "0")}


def test_states_that_are_gone_are_those(tmp_path: Path) -> None:
    names = ("USSR", "Germany East", "Germany West", "Congo Kinshasa")
    file = _write(tmp_path / "protests.csv", *({"country": name, "year": "1990"} for name in names))
    graph, became = loaded("mass-mobilization", file)
    assert became.problems == ()
    assert {where for (where,) in answers(graph, _COUNT, "where")} == {
        "country/SUHH", "country/DDDE", "country/DE", "country/CD"
    }  # fmt: skip


def test_odd_rows_stay_out_with_a_reason(tmp_path: Path) -> None:
    file = _write(
        tmp_path / "protests.csv", {"country": "Atlantis"}, {"year": "11"}, {"protestnumber": "3.5",
        "year": "2013"}, {}, {"protestnumber": "8"},
    )  # fmt: skip
    graph, became = loaded("mass-mobilization", file)
    found = set(reasons(became))
    assert {
        "'Atlantis' is no name of a state that is known", "year is '11', which is no year",
        "protestnumber is '3.5', which is no whole number from 0 on",
    } <= found  # fmt: skip
    assert any("is that of row=5, too" in reason for reason in found)
    assert ("2011", "7") in answers(graph, _COUNT, "when", "n")
    assert ("2011", "8") not in answers(graph, _COUNT, "when", "n")
    assert conforms(graph)


def test_a_changed_header_is_one_clear_error(tmp_path: Path) -> None:
    (tmp_path / "protests.csv").write_bytes(
        csv_bytes([{"country": "Kazakhstan", "year": "2011", "protests": "7"}])
    )
    with pytest.raises(SourceError, match="there is no column"):
        loaded("mass-mobilization", tmp_path / "protests.csv")


@pytest.mark.parametrize("name", ["Protest_Time_and_Type.csv", "protestnum.csv"])
def test_rows_of_both_files_conform_and_sums_agree(shared: Path, tmp_path: Path, name: str) -> None:
    file = some_lines(shared / "datasets/mass-mobilization" / name, tmp_path / name, 80)
    graph, became = loaded("mass-mobilization", file)
    rows = list(csv.DictReader(file.read_text("utf-8").splitlines()))
    assert (became.rows, became.problems) == (len(rows), ())
    counts = answers(graph, f"{_COUNT} FILTER (?what = 'protests'@en)", "c", "n")
    assert len(counts) == len(rows)
    assert sum(int(n) for _, n in counts) == sum(int(row["protestnumber"]) for row in rows)
    assert conforms(graph)
