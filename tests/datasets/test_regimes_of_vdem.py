"""V-Dem's regimes and scores, year by year."""

import csv
from itertools import pairwise
from pathlib import Path

import pytest
from published import answers, conforms, csv_bytes, loaded, reasons

from kgraph import SourceError

_ROW = {
    "country_id": "121",
    "country_text_id": "KAZ",
    "country_name": "Kazakhstan",
    "year": "1991",
    "v2x_regime": "1",
    "v2x_polyarchy": "0.254",
}
_REGIMES = (
    "?r a kg:Regime ; kg:regimeOf ?of ; kg:regimeType ?type ; kg:date ?from OPTIONAL { ?r kg:endDate ?to }"
)
_SCORES = "?a kg:assessed ?of ; kg:score ?score ; kg:date ?when ; kg:measure kgc:electoralDemocracyIndex"


def _write(path: Path, *changes: dict[str, str]) -> Path:
    path.write_bytes(csv_bytes([{**_ROW, **each} for each in changes]))
    return path


def _years(code: str, regimes: dict[int, str]) -> list[dict[str, str]]:
    return [
        {"country_text_id": code, "year": str(year), "v2x_regime": kind} for year, kind in regimes.items()
    ]


def test_years_of_one_regime_are_one_regime(tmp_path: Path) -> None:
    file = _write(tmp_path / "ert.csv", *_years("KAZ", {1991: "1", 1992: "1", 1993: "0", 1995: "0"}))
    graph, became = loaded("vdem-ert", file)
    assert became.problems == ()
    assert answers(graph, _REGIMES, "of", "type", "from", "to") == {
        ("country/KZ", "electoralAutocracy", "1991", "1992"),
        ("country/KZ", "closedAutocracy", "1993", "1993"),
        ("country/KZ", "closedAutocracy", "1995", ""),  # the file ends, not the regime
    }
    assert {when for _, when in answers(graph, _SCORES, "score", "when")} == {"1991", "1992", "1993", "1995"}
    assert conforms(graph)


def test_a_regime_ends_with_its_state(tmp_path: Path) -> None:
    graph, _ = loaded(
        "vdem-ert", _write(tmp_path / "ert.csv", *_years("RUS", dict.fromkeys((1990, 1991, 1992), "1")))
    )
    assert answers(graph, _REGIMES, "of", "from", "to") == {
        ("country/SUHH", "1990", "1991"),
        ("country/RU", "1992", ""),
    }
    assert answers(graph, "?s skos:notation ?n FILTER (DATATYPE(?n) = kg:Iso3166Alpha4)", "s", "n") == {
        ("country/SUHH", "SUHH")
    }


def test_a_territory_has_scores_and_no_regime_of_a_state(tmp_path: Path) -> None:
    graph, became = loaded("vdem-ert", _write(tmp_path / "ert.csv", *_years("HKG", {2000: "0"})))
    assert reasons(became) == ["Hong Kong is no state"]
    assert answers(graph, _SCORES, "of", "score") == {("place/hong-kong", "0.254")}
    assert not answers(graph, "?r a kg:Regime", "r")
    assert conforms(graph)


def test_odd_rows_stay_out_with_a_reason(tmp_path: Path) -> None:
    file = _write(
        tmp_path / "ert.csv",
        {"country_text_id": "ZZZ"},
        {"v2x_regime": "7"},
        {"year": "1992", "v2x_polyarchy": "0,3"},
        {"year": "19x"},
        {"year": "1994", "v2x_regime": "NA", "v2x_polyarchy": "NA"},
    )
    graph, became = loaded("vdem-ert", file)
    assert set(reasons(became)) == {
        "'ZZZ' is no code of a state that is known (vdem)", "v2x_regime is '7'; known are 0, 1, 2, 3",
        "v2x_polyarchy is '0,3', which is no number", "year is '19x', which is no year",
    }  # fmt: skip
    assert answers(graph, _SCORES, "when") == {("1991",)}


def test_a_changed_header_is_one_clear_error(tmp_path: Path) -> None:
    (tmp_path / "ert.csv").write_bytes(csv_bytes([{"iso": "KAZ", "year": "1991"}]))
    with pytest.raises(
        SourceError, match="there is no column country_name, country_text_id, v2x_polyarchy, v2x_regime"
    ):
        loaded("vdem-ert", tmp_path / "ert.csv")


def test_rows_of_the_publisher_conform_and_counts_agree(shared: Path, tmp_path: Path) -> None:
    with (shared / "datasets/vdem-ert/ert.csv").open(encoding="utf-8", newline="") as lines:
        rows = [row for row in csv.DictReader(lines) if row["country_text_id"] in {"KAZ", "DDR"}]
    (tmp_path / "ert.csv").write_bytes(csv_bytes(rows))
    graph, became = loaded("vdem-ert", tmp_path / "ert.csv")
    assert became.rows == len(rows)
    assert became.problems == ()
    scored = [row for row in rows if row["v2x_polyarchy"] not in {"", "NA"}]
    assert len(answers(graph, _SCORES, "of", "when")) == len(scored)
    runs = sum(
        (a["country_text_id"], a["v2x_regime"]) != (b["country_text_id"], b["v2x_regime"])
        or int(a["year"]) + 1 != int(b["year"])
        for a, b in pairwise(rows)
        if b["v2x_regime"] not in {"", "NA"}
    )
    assert len(answers(graph, _REGIMES, "r")) == runs + (rows[0]["v2x_regime"] not in {"", "NA"})
    assert conforms(graph)
