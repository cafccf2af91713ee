"""Press freedom: the index of Reporters Without Borders on its three scales, and Freedom House's status."""

import csv
from pathlib import Path

import pytest
from published import answers, conforms, csv_bytes, loaded, reasons, some_lines, workbook

from kgraph import SourceError

_OLD = {"Year": "2021", "ISO": "NOR", "Country": "Norway", "Rank": "1", "Score": "6,72", "Situation": "Good"}
_SCORED = (
    "?a a kg:Assessment ; kg:assessed ?of ; kg:score ?score ; kg:measure ?by ; kg:date ?when ; "
    "kg:assessor ?who "
    "OPTIONAL { ?a kg:rank ?rank }"
)
_NEW = [
    "ISO",
    "Score",
    "Rank",
    "Political Context",
    "Rank_Pol",
    "Economic Context",
    "Rank_Eco",
    "Legal Context",
    "Rank_Leg",
    "Social Context",
    "Rank_Soc",
    "Safety",
    "Rank_Saf",
    "Zone",
    "Country_EN",
    "Year (N)",
    "",
]
_SHIPPED = ["Year (N)", "ISO", "Rank N", "Score N", "Rank N-1", "EN_country", ""]


def _old(path: Path, *changes: dict[str, str]) -> Path:
    data = csv_bytes([{**_OLD, **each} for each in changes], delimiter=";")
    path.write_bytes(b"\xef\xbb\xbf" + data)  # as its publisher ships it
    return path


def _owid(path: Path, *rows: tuple[str, str, str]) -> Path:
    columns = ("country_name", "year", "press_freedom_score_rsf")
    path.write_bytes(csv_bytes([dict(zip(columns, row, strict=True)) for row in rows]))
    return path


def test_one_edition_on_two_scales_is_told_apart_by_its_measure(tmp_path: Path) -> None:
    old = _old(tmp_path / "old.csv", {})
    shipped = workbook(
        tmp_path / "shipped.xlsx",
        {
            "2021": [
                _SHIPPED,
                ["2021", "NOR", "1", "93,28", "1", "Norway", ""],
                ["", "", "", "", "", "", ""],
            ],
            "2022": [
                _NEW,
                [
                    "NOR",
                    "92,65",
                    "1",
                    "94,89",
                    "1",
                    "90,38",
                    "1",
                    "92,23",
                    "1",
                    "93,71",
                    "2",
                    "92,03",
                    "11",
                    "Europe",
                    "Norway",
                    "2022",
                    "",
                ],
            ],
        },
    )
    graph, became = loaded("rsf", old, shipped)
    assert became.problems == ()
    assert answers(graph, _SCORED, "of", "score", "by", "when", "rank", "who") == {
        ("country/NO", score, measure, year, rank, "organization/rsf")
        for score, measure, year, rank in (
            ("6.72", "worldPressFreedomIndexTo2021", "2021", "1"),
            ("93.28", "worldPressFreedomIndexTo2021Reversed", "2021", "1"),
            ("92.65", "worldPressFreedomIndexFrom2022", "2022", "1"),
            ("94.89", "pressFreedomPoliticalContext", "2022", "1"),
            ("90.38", "pressFreedomEconomicContext", "2022", "1"),
            ("92.23", "pressFreedomLegalContext", "2022", "1"),
            ("93.71", "pressFreedomSocialContext", "2022", "2"),
            ("92.03", "pressFreedomSafety", "2022", "11"),
        )
    }
    assert answers(graph, "?by skos:broader kgc:worldPressFreedomIndex ; skos:scopeNote ?note . "
                          "?a kg:measure ?by FILTER (CONTAINS(?note, 'less is better'))", "by") == {
        ("worldPressFreedomIndexTo2021",)
    }  # fmt: skip
    assert conforms(graph)


def test_territories_are_rated_like_states(tmp_path: Path) -> None:
    file = _old(tmp_path / "old.csv", {"ISO": "HKG"}, {"ISO": "XKO"}, {"ISO": "CTU"}, {"ISO": "XCD"})
    graph, became = loaded("rsf", file)
    assert became.problems == ()
    assert answers(graph, _SCORED, "of") == {
        ("place/hong-kong",), ("country/XK",), ("place/northern-cyprus",), ("organization/oecs",),
    }  # fmt: skip
    assert conforms(graph)


def test_an_edition_on_the_wrong_scale_stays_out(tmp_path: Path) -> None:
    file = _owid(tmp_path / "owid.csv", ("Norway", "2021", "6.72"), ("Norway", "2022", "92.65"))
    graph, became = loaded("rsf", file)
    (reason,) = reasons(became)
    assert reason == "year is 2022, and editions from 2022 on have another scale than those before"
    assert answers(graph, _SCORED, "when") == {("2021",)}


def test_odd_scores_stay_out_with_a_reason(tmp_path: Path) -> None:
    file = _old(
        tmp_path / "old.csv",
        {"ISO": "ZZZ"},
        {"ISO": "SWE", "Score": "n/a"},
        {"ISO": "FIN", "Score": "6,9,9"},
        {"ISO": "DNK", "Year": "last"},
        {"ISO": "CRI", "Rank": "0"},
        {"ISO": "NLD ", "Score": " 8,76 "},
    )
    graph, became = loaded("rsf", file)
    assert reasons(became) == [
        "'ZZZ' is no code of a state that is known (iso3)",
        "Score is '6,9,9', which is no number",
        "Year is 'last', which is no year",
    ]
    assert reasons(became, lost=False) == [
        "nothing that it could tell is known",
        "Rank is '0', which is no whole number from 1 on",
    ]
    assert answers(graph, _SCORED, "of", "score") == {("country/CR", "6.72"), ("country/NL", "8.76")}


def test_a_newer_edition_takes_the_place_of_the_old_one(tmp_path: Path) -> None:
    graph, _ = loaded("rsf", _old(tmp_path / "old.csv", {}, {"ISO": "SWE"}))
    became = graph.load("rsf", [_old(tmp_path / "new.csv", {"Score": "7,00"})])
    assert became.status == "replaced"
    assert answers(graph, _SCORED, "of", "score") == {("country/NO", "7")}


@pytest.mark.parametrize(
    "text", ["", "Year;ISO;Country;Rank;Score;Situation\n", "Year;ISO;Land;Platz\n2021;NOR;N;1\n"]
)
def test_an_empty_file_and_another_layout_are_errors_that_change_nothing(text: str, tmp_path: Path) -> None:
    graph, _ = loaded("rsf", _old(tmp_path / "old.csv", {}))
    (tmp_path / "bad.csv").write_text(text, "utf-8")
    with pytest.raises(SourceError, match=r"bad\.csv"):
        graph.load("rsf", [tmp_path / "bad.csv"])
    assert answers(graph, _SCORED, "of") == {("country/NO",)}


def test_files_of_rsf_conform_and_counts_agree(shared: Path, tmp_path: Path) -> None:
    folder = shared / "datasets/rsf-press-freedom"
    old = some_lines(folder / "RSF_WorldPressFreedomIndex_2014-2021.csv", tmp_path / "old.csv", 40)
    graph, became = loaded("rsf", old)
    rows = list(csv.DictReader(old.read_text("utf-8-sig").splitlines(), delimiter=";"))
    assert became.problems == ()
    assert answers(graph, _SCORED, "when", "rank", "score") == {
        (row["Year"], row["Rank"], row["Score"].replace(",", ".").rstrip("0").rstrip(".")) for row in rows
    }
    assert conforms(graph)


@pytest.mark.slow
def test_all_files_of_rsf_load(shared: Path) -> None:
    folder = shared / "datasets/rsf-press-freedom"
    graph, became = loaded(
        "rsf", folder / "RSF_WorldPressFreedomIndex_2014-2021.csv", folder / "press-freedom_index.xlsx"
    )
    assert became.problems == ()
    assert became.rows == 1440 + 1800
    assert len(answers(graph, _SCORED, "a")) == 1440 + 8 * 180 + 2 * 6 * 180
    # What the two say of one edition is the same, on scales that are turned round.
    turned = answers(
        graph,
        "?a kg:measure kgc:worldPressFreedomIndexTo2021 ; kg:assessed ?of ; kg:date ?when ; kg:score ?one ; "
        "kg:rank ?r . "
        "?b kg:measure kgc:worldPressFreedomIndexTo2021Reversed ; kg:assessed ?of ; kg:date ?when ; "
        "kg:score ?other ; "
        "kg:rank ?q FILTER (?r = ?q && ABS(?one + ?other - 100) < 0.011)",
        "a",
    )
    assert len(turned) == 1440


def _status(path: Path, *rows: tuple[str, str, str]) -> Path:
    columns = ("Entity", "Year", "Freedom of the Press")
    path.write_bytes(csv_bytes([dict(zip(columns, row, strict=True)) for row in rows]))
    return path


def test_a_status_is_of_the_state_of_its_year(tmp_path: Path) -> None:
    file = _status(
        tmp_path / "fotp.csv",
        ("Russia", "1985", "0"),
        ("Russia", "2010", "0"),
        ("Czechia", "1992", "1"),
        ("Czechia", "1993", "2"),
        ("Serbia", "1985", "0"),
        ("Serbia and Montenegro", "1995", "1"),
        ("German Democratic Republic", "1980", "0"),
        ("South Yemen", "1980", "0"),
        ("Hong Kong", "2010", "1"),
        ("West Bank and Gaza Strip", "2000", "0"),
    )
    graph, became = loaded("freedom-of-the-press", file)
    assert became.problems == ()
    assert answers(graph, _SCORED, "of", "when", "score") == {
        ("country/SUHH", "1985", "0"), ("country/RU", "2010", "0"), ("country/CSHH", "1992", "1"),
        ("country/CZ", "1993", "2"), ("country/YUCS", "1985", "0"), ("country/YUCS", "1995", "1"),
        ("country/DDDE", "1980", "0"), ("country/YDYE", "1980", "0"), ("place/hong-kong", "2010", "1"),
        ("country/PS", "2000", "0"),
    }  # fmt: skip
    assert answers(graph, _SCORED, "by", "who") == {("freedomOfThePressStatus", "organization/freedom-house")}
    assert conforms(graph)


def test_a_status_that_is_none_stays_out(tmp_path: Path) -> None:
    file = _status(
        tmp_path / "fotp.csv", ("Norway", "2010", "34"), ("Transkei", "1980", "0"), ("Norway", "2011", "")
    )
    graph, became = loaded("freedom-of-the-press", file)
    assert reasons(became) == [
        "Freedom of the Press is '34'; known are 0, 1, 2", "'Transkei' is no name of a state that is known",
    ]  # fmt: skip
    assert not answers(graph, _SCORED, "a")


def test_the_file_of_freedom_house_conforms_and_counts_agree(shared: Path, tmp_path: Path) -> None:
    source = shared / "datasets/freedom-of-the-press/Press freedom - Freedom House (2017).csv"
    file = some_lines(source, tmp_path / "some.csv", 60)
    rows = list(csv.DictReader(file.read_text("utf-8").splitlines()))
    graph, became = loaded("freedom-of-the-press", file)
    assert len(answers(graph, _SCORED, "a")) == len(rows) - became.lost
    assert set(reasons(became)) <= {"'Transkei' is no name of a state that is known"}
    by_status = {
        status: len(answers(graph, f"{_SCORED} FILTER (?score = {status})", "a")) for status in "012"
    }
    assert sum(by_status.values()) == len(rows) - became.lost
    assert by_status["2"] == sum(row["Freedom of the Press"] == "2" for row in rows)
    assert conforms(graph)
