"""Requests of governments to Google, counted by half-year."""

import json
from pathlib import Path
from typing import Any

import pytest
from published import answers, conforms, loaded, reasons

from kgraph import SourceError

_PACKED: dict[str, Any] = {
    "periods": ["January - June 2011", "July - December 2011"],
    "countries": ["KZ", "HK", "INTERPOL", ""],
    "country_names": ["Kazakhstan", "Hong Kong", "UNKNOWN", "UNKNOWN"],
    "requestors": ["Court Order directed at Google", "Police"],
    "products": ["YouTube", "Web Search", "Knol", "Other"],
    "reasons": ["Defamation", "Government criticism"],
    "schema": [
        "period",
        "country",
        "requestor",
        "product",
        "reason",
        "num_requests",
        "items_requested",
        "no_action",
    ],
}
_COUNT = "?c a kg:Count ; kg:counted ?of ; kg:value ?n ; kg:indicator ?what ; kg:date ?from ; kg:endDate ?to"


def _write(path: Path, *rows: list[object], **changed: object) -> Path:
    path.write_text(json.dumps({**_PACKED, "rows": rows, **changed}), "utf-8")
    return path


def test_a_row_is_two_counts_of_a_half_year(tmp_path: Path) -> None:
    graph, became = loaded("google-removals", _write(tmp_path / "removals.json", [1, 0, 0, 0, 1, 3, 40, 3]))
    assert (became.rows, became.problems) == (1, ())
    assert answers(graph, _COUNT, "of", "n", "what", "from", "to") == {
        (
            of,
            n,
            f"{what}; by: Court Order directed at Google; reason: Government criticism",
            "2011-07",
            "2011-12",
        )
        for of in ("country/KZ", "platform/youtube")
        for n, what in (("3", "requests to remove content"), ("40", "items in requests to remove content"))
    }
    assert not answers(graph, "?e a kg:ContentRemoval", "e")  # to ask is not to get
    assert conforms(graph)


def test_products_are_the_platforms_that_others_name(tmp_path: Path) -> None:
    rows = [[0, 0, 0, product, 0, 1, 1, 0] for product in range(4)]
    graph, became = loaded("google-removals", _write(tmp_path / "removals.json", *rows))
    assert became.problems == ()
    assert {of for (of,) in answers(graph, _COUNT, "of")} == {
        "country/KZ", "platform/youtube", "platform/google", "platform/google-knol"
    }  # fmt: skip


def test_the_count_of_a_product_that_is_no_platform_is_not_that_of_all(tmp_path: Path) -> None:
    products = ["YouTube", "Other", "The Internet", "", "iGoogle"]
    rows = [[0, 0, 0, product, 0, 1, 1, 0] for product in range(5)]
    graph, _ = loaded("google-removals", _write(tmp_path / "removals.json", *rows, products=products))
    alone = "?c kg:indicator ?what FILTER NOT EXISTS { ?c kg:counted/a kg:Platform }"
    said = answers(graph, alone, "what")
    assert {what.rpartition("product: ")[2] for (what,) in said} == {"Other", "The Internet", "not told"}
    assert ("platform/igoogle",) in answers(graph, "?c kg:counted ?of", "of")


def test_a_territory_a_police_office_and_nobody_known(tmp_path: Path) -> None:
    rows = [[0, country, 1, 3, 0, 1, 1, 0] for country in (1, 2, 3)]
    graph, became = loaded("google-removals", _write(tmp_path / "removals.json", *rows))
    assert set(reasons(became)) == {"'' is no code of a state that is known (iso2)"}
    assert [of.partition("/")[0] for (of,) in sorted(answers(graph, _COUNT, "of"))] == [
        "organization",
        "place",
    ]
    assert conforms(graph)


def test_odd_rows_stay_out_with_a_reason(tmp_path: Path) -> None:
    file = _write(
        tmp_path / "removals.json", [0, 0, 0, 0, 0, 1, "many", 0], [1, 0, 0, 0, 0, 1, 1, 0],
        periods=["January - June 2011", "Spring 2011"],
    )  # fmt: skip
    graph, became = loaded("google-removals", file)
    assert set(reasons(became)) == {
        "items_requested is 'many', which is no whole number from 0 on",
        "period is 'Spring 2011', which is no half-year",
    }
    assert {n for (n,) in answers(graph, _COUNT, "n")} == {"1"}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        '{"rows": []}',
        json.dumps({**_PACKED, "rows": [[0, 0]]}),
        json.dumps({**_PACKED, "rows": [[9] * 8]}),
    ],
)
def test_another_layout_is_one_clear_error(tmp_path: Path, text: str) -> None:
    (tmp_path / "removals.json").write_text(text, "utf-8")
    with pytest.raises(SourceError, match="does not look like the removals of Google"):
        loaded("google-removals", tmp_path / "removals.json")


def test_an_empty_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="there is no row"):
        loaded("google-removals", _write(tmp_path / "removals.json"))


def test_rows_of_the_file_conform_and_sums_agree(shared: Path, tmp_path: Path) -> None:
    packed = json.loads(
        (shared / "datasets/google-removals/google-government-removals.json").read_text("utf-8")
    )
    packed["rows"] = packed["rows"][::250]
    (tmp_path / "removals.json").write_text(json.dumps(packed), "utf-8")
    graph, became = loaded("google-removals", tmp_path / "removals.json")
    assert (became.rows, became.lost) == (len(packed["rows"]), 0)
    for column, words in ((5, "requests to"), (6, "items in")):
        counts = answers(
            graph, f"?c kg:value ?n ; kg:indicator ?i FILTER (STRSTARTS(?i, '{words}'))", "c", "n"
        )
        assert sum(int(n) for _, n in counts) == sum(row[column] for row in packed["rows"])
    assert conforms(graph)
