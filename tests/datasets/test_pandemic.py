"""PanDem: democratic standards in the answer to Covid-19."""

from pathlib import Path

import pytest
from published import answers, conforms, loaded, reasons, workbook

_COLUMNS = [
    "year",
    "quarter",
    "time",
    "country_name",
    "pandem",
    "panback",
    *(f"type{n}" for n in range(1, 8)),
    "emname",
    "melim",
    "melimstart",
    "melimend",
]
_PERIODS = [(2020, "Q2"), (2020, "Q3"), (2020, "Q4"), (2021, "Q1"), (2021, "Q2")]


def _row(period: int, **changed: object) -> list[object]:
    year, quarter = _PERIODS[period]
    told: dict[str, object] = {
        "year": year, "quarter": quarter, "time": "2021-06-12", "country_name": "Laos", "pandem": 0.35,
        "panback": 0.0511, "emname": "Order No. 06/PM", "melim": 0, "melimstart": None, "melimend": None,
        **{f"type{n}": n % 3 for n in range(1, 8)}, **changed,
    }  # fmt: skip
    return [told[column] for column in _COLUMNS]


def _write(path: Path, *rows: list[object]) -> Path:
    return workbook(path, {"Sheet1": [_COLUMNS, *rows]})


def test_a_quarter_has_an_index_and_its_parts(tmp_path: Path) -> None:
    graph, became = loaded("vdem-pandem", _write(tmp_path / "ts.xlsx", _row(0), _row(1, pandem=0, panback=0)))
    assert became.problems == ()
    said = (
        "?a kg:assessed ?of ; kg:measure ?by ; kg:score ?score ; kg:date ?from ; kg:endDate ?to ; "
        "kg:assessor ?who"
    )
    found = answers(graph, said, "of", "by", "score", "from", "to", "who")
    assert (
        "country/LA",
        "pandemicViolations",
        "0.35",
        "2020-03-11",
        "2020-06",
        "organization/v-dem",
    ) in found
    assert ("country/LA", "pandemicViolations", "0", "2020-07", "2020-09", "organization/v-dem") in found
    assert (
        "country/LA",
        "pandemicMediaRestrictions",
        "1",
        "2020-03-11",
        "2020-06",
        "organization/v-dem",
    ) in found
    assert len(found) == 18
    assert conforms(graph)


def test_a_law_that_rows_repeat_is_one(tmp_path: Path) -> None:
    file = _write(
        tmp_path / "ts.xlsx", _row(0), _row(1, emname="Order No.\n06/PM "), _row(2, emname="Law on Hygiene"),
        _row(0, country_name="Burma/Myanmar"), _row(0, country_name="Norway", emname=None),
    )  # fmt: skip
    graph, became = loaded("vdem-pandem", file)
    assert became.problems == ()
    laws = answers(graph, "?l a kg:Law ; rdfs:label ?name ; kg:country ?of", "l", "name", "of")
    assert sorted((name, of) for _, name, of in laws) == [
        ("Law on Hygiene", "country/LA"),
        ("Order No. 06/PM", "country/LA"),
        ("Order No. 06/PM", "country/MM"),
    ]
    assert conforms(graph)


@pytest.mark.parametrize(
    ("ends", "expected"),
    [
        (("2020-10-18", "2020-10-18"), "2020-10-18"),
        (("2020-10-18", "2021-03-31"), "2021-03-31"),  # the last row knows best
        (("2020-05-26", None), ""),  # it went on after all
        (("2021-09-12", "2021-09-12"), ""),  # a day that had not come when the row was coded
        ((None, None), ""),
    ],
)
def test_limits_on_media_are_one_act_with_the_end_that_is_known(
    ends: tuple[str | None, str | None], expected: str, tmp_path: Path
) -> None:
    rows = [_row(n, melim=2, melimstart="2020-03-25", melimend=end) for n, end in enumerate(ends)]
    graph, became = loaded("vdem-pandem", _write(tmp_path / "ts.xlsx", *rows, _row(4)))
    assert became.problems == ()
    said = "?x a kg:InformationControl ; kg:country ?of ; kg:date ?from OPTIONAL { ?x kg:endDate ?to }"
    assert answers(graph, said, "of", "from", "to") == {("country/LA", "2020-03-25", expected)}
    evidence = (
        "?a rdf:object kg:InformationControl ; kg:evidence/oa:hasSelector/oa:exact ?quote "
        "FILTER (CONTAINS(?quote, 'melim: 2') && CONTAINS(?quote, 'melimstart: 2020-03-25'))"
    )
    assert len(answers(graph, evidence, "quote")) == 1
    assert not answers(graph, "?x kg:conductedBy ?who", "who")
    assert conforms(graph)


def test_limits_of_unknown_beginning_have_no_date(tmp_path: Path) -> None:
    graph, _ = loaded(
        "vdem-pandem",
        _write(tmp_path / "ts.xlsx", _row(0, melim=1, melimstart="2020-04-01"), _row(1, melim=1)),
    )
    acts = answers(graph, "?x a kg:InformationControl OPTIONAL { ?x kg:date ?from }", "from")
    assert acts == {("2020-04-01",), ("",)}


def test_a_territory_is_rated_and_has_no_laws_of_a_state(tmp_path: Path) -> None:
    graph, became = loaded("vdem-pandem", _write(tmp_path / "ts.xlsx", _row(0, country_name="Hong Kong")))
    assert reasons(became) == ["Hong Kong is no state"]
    assert answers(graph, "?a kg:assessed ?of", "of") == {("place/hong-kong",)}
    assert not answers(graph, "?l a kg:Law", "l")


def test_another_quarter_and_another_country_stay_out(tmp_path: Path) -> None:
    wrong = _row(0, emname=None)
    wrong[:2] = [2022, "Q1"]
    file = _write(tmp_path / "ts.xlsx", wrong, _row(0, country_name="Ruritania", emname=None), _row(1))
    graph, became = loaded("vdem-pandem", file)
    kinds = set(reasons(became))
    assert kinds == {
        "'Ruritania' is no name of a state that is known",
        "year and quarter are '2022-Q1'; known are 2020-Q2, 2020-Q3, 2020-Q4, 2021-Q1, 2021-Q2",
    }
    assert answers(graph, "?a kg:assessed ?of ; kg:date ?from", "of", "from") == {("country/LA", "2020-07")}


def test_a_workbook_of_the_publisher_conforms_and_counts_agree(shared: Path, tmp_path: Path) -> None:
    import openpyxl

    book = openpyxl.load_workbook(shared / "datasets/vdem-pandem/pandem_TS_v6.1.xlsx", read_only=True)
    book.worksheets[0].reset_dimensions()
    header, *rows = book.worksheets[0].iter_rows(values_only=True)
    chosen = [
        row for row in rows if row[header.index("country_name")] in {"Oman", "Kazakhstan", "Norway", "Iran"}
    ]
    graph, became = loaded("vdem-pandem", workbook(tmp_path / "some.xlsx", {"Sheet1": [header, *chosen]}))
    assert became.rows == len(chosen) == 20
    assert became.problems == ()
    assert len(answers(graph, "?a a kg:Assessment", "a")) == 9 * 20
    total = sum(row[header.index("type7")] for row in chosen)
    (found,) = graph.query(
        "SELECT (SUM(?s) AS ?sum) WHERE { ?a kg:measure kgc:pandemicMediaRestrictions ; kg:score ?s }"
    )
    assert float(str(found["sum"])) == total
    names = {(row[header.index("country_name")], row[header.index("emname")]) for row in chosen}
    assert len(answers(graph, "?l a kg:Law", "l")) == sum(name is not None for _, name in names)
    assert conforms(graph)
