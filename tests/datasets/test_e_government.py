"""The United Nations' survey of e-government and e-participation."""

import csv
from pathlib import Path

import pytest
from published import answers, conforms, counted, csv_bytes, loaded, reasons, some_lines

from kgraph import SourceError

_ROW = {
    "country-code": "KAZ", "country-name": "Kazakhstan", "e-gov-rank": "38", "e-gov-index": "0.68438",
    "e-pat-index": "0.9474", "osi": "0.7843100000000001", "hci": "0.91338", "tii": "0.35541",
}  # fmt: skip
_SCORED = (
    "?a a kg:Assessment ; kg:assessed ?of ; kg:score ?score ; kg:measure ?by ; kg:date ?when ; "
    "kg:assessor ?who "
    "OPTIONAL { ?a kg:rank ?rank }"
)


def _write(path: Path, *changes: dict[str, str]) -> Path:
    path.write_bytes(csv_bytes([{**_ROW, **each} for each in changes]))
    return path


def test_a_row_gives_five_scores_of_the_survey_of_its_file(tmp_path: Path) -> None:
    graph, became = loaded("un-egov", _write(tmp_path / "egdi-2012.csv", {}))
    assert became.problems == ()
    assert answers(graph, _SCORED, "of", "by", "score", "rank", "when", "who") == {
        ("country/KZ", measure, score, rank, "2012", "organization/un-desa")
        for measure, score, rank in (
            ("eGovernmentDevelopmentIndex", "0.68438", "38"),
            ("eParticipationIndex", "0.9474", ""),
            ("onlineServiceIndex", "0.78431", ""),
            ("humanCapitalIndex", "0.91338", ""),
            ("telecommunicationInfrastructureIndex", "0.35541", ""),
        )
    }
    assert conforms(graph)


def test_surveys_of_several_years_stand_beside_each_other(tmp_path: Path) -> None:
    graph, became = loaded(
        "un-egov", _write(tmp_path / "egdi-2012.csv", {}),
        _write(tmp_path / "egdi-2014.csv", {"e-gov-rank": "28.0", "e-gov-index": "0.7283"}),
    )  # fmt: skip
    assert became.rows == 2
    index = f"{_SCORED} FILTER (?by = kgc:eGovernmentDevelopmentIndex)"
    assert answers(graph, index, "when", "score", "rank") == {
        ("2012", "0.68438", "38"),
        ("2014", "0.7283", "28"),
    }


def test_an_index_that_was_not_computed_is_no_score(tmp_path: Path) -> None:
    file = _write(
        tmp_path / "egdi-2010.csv",
        {"country-code": "MCO", "e-gov-rank": "184.0", "e-gov-index": "0.0", "hci": ""},
        {
            "country-code": "SSD",
            "e-gov-rank": "",
            "e-gov-index": "",
            "e-pat-index": "",
            "osi": "",
            "hci": "",
            "tii": "",
        },
    )
    graph, became = loaded("un-egov", file)
    assert reasons(became) == ["e-gov-index is 0 while its parts are not all 0: it was not computed"]
    assert answers(graph, _SCORED, "of", "by") == {
        ("country/MC", measure)
        for measure in ("eParticipationIndex", "onlineServiceIndex", "telecommunicationInfrastructureIndex")
    }


def test_the_name_of_the_file_has_to_tell_the_year(tmp_path: Path) -> None:
    for name in ("egdi.csv", "egdi-2012-2014.csv"):
        with pytest.raises(SourceError, match="has to tell the year of the survey"):
            loaded("un-egov", _write(tmp_path / name, {}))


def test_odd_rows_stay_out_with_a_reason(tmp_path: Path) -> None:
    file = _write(
        tmp_path / "egdi-2012.csv", {"country-code": "HKG"}, {"e-gov-index": "0,68"}, {"country-code": "QQQ"}
    )
    _, became = loaded("un-egov", file)
    assert reasons(became)[:5] == ["Hong Kong is no state"] * 5
    assert reasons(became)[5] == "e-gov-index is '0,68', which is no number"
    assert reasons(became)[6:] == ["'QQQ' is no code of a state that is known (iso3)"] * 5


def test_files_of_the_publisher_conform_and_counts_agree(shared: Path, tmp_path: Path) -> None:
    files = [some_lines(shared / f"datasets/un-egov/egdi-{year}.csv", tmp_path / f"egdi-{year}.csv", 12)
             for year in (2010, 2012, 2014, 2016, 2018)]  # fmt: skip
    rows = [row for file in files for row in csv.DictReader(file.read_text("utf-8").splitlines())]
    graph, became = loaded("un-egov", *files)
    assert became.rows == len(rows)
    scores = counted(rows, "e-gov-index", "e-pat-index", "osi", "hci", "tii")
    assert len(answers(graph, _SCORED, "a")) == scores - became.lost
    assert set(reasons(became)) <= {"e-gov-index is 0 while its parts are not all 0: it was not computed"}
    assert conforms(graph)
