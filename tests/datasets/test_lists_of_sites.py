"""Test lists: sites that somebody found worth a test."""

import csv
from pathlib import Path

import pytest
from published import answers, conforms, csv_bytes, loaded, reasons, some_lines

from kgraph import SourceError

_ROW = {
    "url": "http://www.akorda.example/", "category_code": "GOVT", "category_description": "Government",
    "date_added": "2014-04-15", "source": "citizenlab", "notes": "",
}  # fmt: skip
_LISTED = "?s a kg:Website ; kg:listedIn ?list"


def _write(path: Path, *changes: dict[str, str], encoding: str = "utf-8") -> Path:
    path.write_bytes(csv_bytes([{**_ROW, **each} for each in changes], encoding=encoding))
    return path


def test_a_listed_site_is_listed_and_not_blocked(tmp_path: Path) -> None:
    graph, became = loaded("test-lists", _write(tmp_path / "kz.csv", {}))
    assert became.problems == ()
    assert answers(
        graph, f"{_LISTED} ; kg:domainName ?host ; dcterms:subject ?about", "s", "list", "host", "about"
    ) == {
        ("site/akorda-example", name, host, "governmentSites")
        for name in ("dataset/test-lists", "dataset/test-lists/kz")
        for host in ("akorda.example", "www.akorda.example")
    }
    assert answers(graph, "?list dcterms:spatial ?where ; rdfs:label ?name", "where", "name") == {
        ("country/KZ", "test list of Kazakhstan")
    }
    assert not answers(graph, "?x a ?c FILTER (?c IN (kg:Blocking, kg:Measurement, kg:Claim))", "x")
    assert not answers(graph, f"{_LISTED} ; kg:date ?d", "d")  # when it was listed is not when it began
    assert conforms(graph)


def test_a_site_on_two_lists_is_one_site(tmp_path: Path) -> None:
    files = [_write(tmp_path / name, {}) for name in ("kz.csv", "cis.csv")]
    graph, became = loaded("test-lists", *files)
    assert became.problems == ()
    assert answers(graph, _LISTED, "s", "list") == {
        ("site/akorda-example", f"dataset/test-lists{part}") for part in ("", "/kz", "/cis")
    }


def test_a_note_is_a_claim_of_the_lists_makers(tmp_path: Path) -> None:
    file = _write(
        tmp_path / "kz.csv",
        {"notes": "reportedly blocked"},
        {"url": "https://b.example/", "notes": "независимое издание"},
        {"url": "https://c.example/", "notes": "  "},
    )
    graph, _ = loaded("test-lists", file)
    claims = "?c a kg:Claim ; kg:about ?s ; kg:claimedValue ?v ; kg:claimedBy ?who BIND (LANG(?v) AS ?l)"
    assert answers(graph, claims, "s", "v", "l", "who") == {
        ("site/akorda-example", "reportedly blocked", "en", "organization/citizen-lab"),
        ("site/b-example", "независимое издание", "und", "organization/citizen-lab"),
    }


def test_legends_are_read_and_say_nothing(tmp_path: Path) -> None:
    (tmp_path / "00-LEGEND-country_codes.csv").write_bytes(
        csv_bytes([{"CountryCode": "AD", "CountryName": "Andorra"}])
    )
    graph, became = loaded(
        "test-lists", tmp_path / "00-LEGEND-country_codes.csv", _write(tmp_path / "kz.csv", {})
    )
    assert (became.rows, became.problems) == (2, ())
    assert len(answers(graph, _LISTED, "s")) == 1


def test_odd_rows_stay_out_with_a_reason(tmp_path: Path) -> None:
    file = _write(
        tmp_path / "kz.csv",
        {"url": "nowhere"},
        {"url": "https://b.example/", "category_code": "ZZZZ"},
        {"url": "https://c.example/", "notes": "one"},
        {"url": "https://c.example/", "notes": "another"},
    )
    graph, became = loaded("test-lists", file)
    assert reasons(became)[0] == "'nowhere' is no address of a site"
    assert "too" in reasons(became)[-1]
    assert [reason[:26] for reason in reasons(became, lost=False)] == ["category_code is 'ZZZZ'; k"]
    assert {s for (s,) in answers(graph, _LISTED, "s")} == {"site/b-example", "site/c-example"}


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1252"])
def test_other_encodings_are_read(tmp_path: Path, encoding: str) -> None:
    file = _write(
        tmp_path / "kz.csv", {"notes": "café – portal", "url": "https://müller.example/"}, encoding=encoding
    )
    graph, became = loaded("test-lists", file)
    assert became.problems == ()
    assert answers(graph, "?c kg:claimedValue ?v", "v") == {("café – portal",)}
    assert answers(graph, "?s kg:domainName ?h", "h") == {("müller.example",)}


def test_a_changed_header_is_one_clear_error(tmp_path: Path) -> None:
    (tmp_path / "kz.csv").write_bytes(csv_bytes([{"address": "https://b.example/", "category": "NEWS"}]))
    with pytest.raises(SourceError, match="there is no column"):
        loaded("test-lists", tmp_path / "kz.csv")


def test_rows_of_the_lists_conform_and_counts_agree(shared: Path, tmp_path: Path) -> None:
    folder = shared / "datasets/citizenlab-test-lists/lists"
    files = [some_lines(folder / name, tmp_path / name, 60) for name in ("kz.csv", "ru.csv", "cis.csv")]
    graph, became = loaded("test-lists", *files)
    rows = [row for file in files for row in csv.DictReader(file.read_text("utf-8").splitlines())]
    assert (became.rows, became.problems) == (len(rows), ())
    assert len(answers(graph, "?s kg:url ?u", "u")) == len({row["url"] for row in rows})
    assert len(answers(graph, "?c a kg:Claim", "c")) == sum(bool(row["notes"].strip()) for row in rows)
    news = {row["url"].split("/")[2].removeprefix("www.") for row in rows if row["category_code"] == "NEWS"}
    assert len(answers(graph, "?s dcterms:subject kgc:newsMedia", "s")) == len(news)
    assert conforms(graph)


def test_a_host_in_two_spellings_is_one_site_and_numbers_are_no_name(tmp_path: Path) -> None:
    file = _write(
        tmp_path / "kz.csv",
        {"url": "https://xn--d1acpjx3f.xn--p1ai/"},
        {"url": "http://www.яндекс.рф/"},
        {"url": "http://192.0.2.1/list"},
    )
    graph, _ = loaded("test-lists", file)
    assert answers(graph, "?s a kg:Website ; kg:url ?u", "s", "u") == {
        ("site/яндекс-рф", "https://xn--d1acpjx3f.xn--p1ai/"),
        ("site/яндекс-рф", "http://www.яндекс.рф/"),
        ("site/192-0-2-1", "http://192.0.2.1/list"),
    }
    assert answers(graph, "?s kg:domainName ?n", "n") == {
        ("яндекс.рф",), ("www.яндекс.рф",), ("xn--d1acpjx3f.xn--p1ai",),
    }  # fmt: skip
    assert conforms(graph)
