"""Codes of countries and territories."""

import csv
from collections.abc import Mapping
from pathlib import Path

import pytest
from published import answers, conforms, csv_bytes, loaded, reasons, some_lines

from kgraph import SourceError

_KAZAKHSTAN = {
    "FIFA": "KAZ",
    "ISO3166-1-Alpha-3": "KAZ",
    "MARC": "kz",
    "is_independent": "Yes",
    "ISO3166-1-numeric": "398",
    "GAUL": "132",
    "FIPS": "KZ",
    "ISO3166-1-Alpha-2": "KZ",
    "ITU": "KAZ",
    "IOC": "KAZ",
    "M49": "398",
    "official_name_en": "Kazakhstan",
    "official_name_fr": "Kazakhstan",
    "official_name_es": "Kazajstán",
    "official_name_ru": "Казахстан",
    "official_name_ar": "كازاخستان",
    "official_name_cn": "哈萨克斯坦",
    "TLD": ".kz",
    "Geoname ID": "1522867",
    "CLDR display name": "Kazakhstan",
    "wikidata_id": "https://www.wikidata.org/wiki/Q232",
}


def _country(**changed: str) -> dict[str, str]:
    return {**_KAZAKHSTAN, **{column.replace("__", " "): value for column, value in changed.items()}}


def _row(alpha2: str, alpha3: str, name: str, **changed: str) -> dict[str, str]:
    told = dict.fromkeys(_KAZAKHSTAN, "")
    told.update({"ISO3166-1-Alpha-2": alpha2, "ISO3166-1-Alpha-3": alpha3, "CLDR display name": name})
    return {**told, "is_independent": "Yes", **changed}


def _write(path: Path, *rows: Mapping[str, str]) -> Path:
    path.write_bytes(csv_bytes(rows))
    return path


def test_a_state_has_its_codes_its_names_and_what_it_is_elsewhere(tmp_path: Path) -> None:
    graph, became = loaded("country-codes", _write(tmp_path / "codes.csv", _KAZAKHSTAN))
    assert (became.status, became.rows, became.problems) == ("added", 1, ())
    said = "GRAPH ?g { ?c kg:iso3166 'KZ' . FILTER (CONTAINS(STR(?g), '/dataset/country-codes'))"
    codes = answers(
        graph, f"{said} ?c skos:notation ?code BIND (DATATYPE(?code) AS ?kind) }}", "kind", "code"
    )
    kinds = {(kind.rpartition("#")[2], code) for kind, code in codes}
    assert {("Iso3166Alpha3", "KAZ"), ("Iso3166Numeric", "398"), ("M49Code", "398"), ("FipsCode", "KZ"),
            ("MarcCode", "kz"), ("TopLevelDomain", ".kz"), ("GaulCode", "132")} <= kinds  # fmt: skip
    names = answers(graph, f"{said} ?c skos:altLabel ?n BIND (LANG(?n) AS ?l) }}", "l", "n")
    assert ("ru", "Казахстан") in names
    assert ("zh", "哈萨克斯坦") in names
    assert ("en", "Kazakhstan") not in names  # that is its label
    same = answers(graph, f"{said} ?c owl:sameAs ?o }}", "o")
    assert same == {("http://www.wikidata.org/entity/Q232",), ("https://sws.geonames.org/1522867",)}
    assert conforms(graph)


def test_numbers_get_their_zeros_back_and_na_is_namibia(tmp_path: Path) -> None:
    file = _write(
        tmp_path / "codes.csv",
        {**_KAZAKHSTAN},
        _row("AF", "AFG", "Afghanistan", **{"ISO3166-1-numeric": "4"}),
        _row("NA", "NAM", "Namibia"),
    )
    graph, became = loaded("country-codes", file)
    assert became.problems == ()
    assert ("country/AF", "004") in answers(graph, "?c skos:notation ?n", "c", "n")
    assert ("country/NA", "NAM") in answers(graph, "?c skos:notation ?n", "c", "n")


def test_a_territory_is_a_place_of_its_state(tmp_path: Path) -> None:
    file = _write(
        tmp_path / "codes.csv",
        _KAZAKHSTAN,
        _row("HK", "HKG", "Hong Kong", is_independent="Part of CN", wikidata_id="https://www.wikidata.org/wiki/Q8646"),
        _row("NU", "NIU", "Niue", is_independent="Associated with NZ"),
    )  # fmt: skip
    graph, became = loaded("country-codes", file)
    assert became.problems == ()
    in_dataset = "GRAPH ?g { ?p a kg:Place } FILTER (CONTAINS(STR(?g), '/dataset/'))"
    assert answers(graph, in_dataset, "p") == {("place/hong-kong",), ("place/niue",)}
    of = "GRAPH ?g { ?p a kg:Place ; kg:country ?c } FILTER (CONTAINS(STR(?g), '/dataset/'))"
    assert answers(graph, of, "p", "c") == {("place/hong-kong", "country/CN")}
    assert not answers(graph, "?p a kg:Place ; owl:sameAs ?o", "o")
    assert conforms(graph)


def test_what_is_no_code_is_told_of_and_the_rest_stays(tmp_path: Path) -> None:
    odd = _country(FIPS="KZRS", wikidata_id="https://www.wikidata.org/wiki/", **{"Geoname ID": "?"})
    graph, became = loaded(
        "country-codes", _write(tmp_path / "codes.csv", odd, _row("QQ", "QQQ", "Ruritania"))
    )
    assert sorted(reasons(became, lost=False)) == [
        "FIPS is 'KZRS', which is no such code",
        "Geoname ID is '?', which is no number",
        "wikidata_id is 'https://www.wikidata.org/wiki/', which names no item",
    ]
    assert reasons(became) == ["'QQ' is no code of a state that is known (iso2)"]
    assert answers(graph, "?c kg:iso3166 'KZ' ; skos:notation '.kz'^^kg:TopLevelDomain", "c") == {
        ("country/KZ",)
    }


def test_a_changed_layout_is_one_clear_error(tmp_path: Path) -> None:
    renamed = {("alpha2" if key == "ISO3166-1-Alpha-2" else key): value for key, value in _KAZAKHSTAN.items()}
    with pytest.raises(SourceError, match=r"there is no column ISO3166-1-Alpha-2"):
        loaded("country-codes", _write(tmp_path / "codes.csv", renamed))


def test_a_file_of_the_publisher_conforms_and_counts_agree(shared: Path, tmp_path: Path) -> None:
    file = some_lines(shared / "datasets/country-codes/country-codes.csv", tmp_path / "some.csv", 25)
    with file.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    graph, became = loaded("country-codes", file)
    assert became.rows == len(rows)
    assert became.lost == 0
    alpha3 = answers(
        graph, "GRAPH ?g { ?c skos:notation ?n FILTER (DATATYPE(?n) = kg:Iso3166Alpha3) } "
        "FILTER (CONTAINS(STR(?g), '/dataset/'))", "n",
    )  # fmt: skip
    assert alpha3 == {(row["ISO3166-1-Alpha-3"],) for row in rows}
    states = answers(
        graph, "GRAPH ?g { ?c a kg:Country ; kg:iso3166 ?n } FILTER (CONTAINS(STR(?g), '/dataset/'))", "n"
    )
    assert {(row["ISO3166-1-Alpha-2"],) for row in rows if row["is_independent"] == "Yes"} <= states
    assert conforms(graph)
