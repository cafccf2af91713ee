"""Telephone brands of the name suggestion index."""

import json
from pathlib import Path
from typing import Any

import pytest
from published import answers, conforms, loaded, reasons

from kgraph import SourceError

_ITEM: dict[str, Any] = {
    "displayName": "Steppecell", "id": "steppecell-1a2b3c", "locationSet": {"include": ["kz", "kg"]},
    "tags": {"brand": "Steppecell", "brand:wikidata": "Q42", "name": "Steppecell", "name:ru": "Степсел",
             "office": "telecommunication"},
}  # fmt: skip
_OWN = "dataset/name-suggestion-index/steppecell-1a2b3c"


def _write(path: Path, *changes: dict[str, Any]) -> Path:
    items = [{**_ITEM, **each} for each in changes]
    path.write_text(json.dumps({"properties": {"path": "brands/office"}, "items": items}), "utf-8")
    return path


def test_a_brand_of_an_office_is_an_operator_in_its_states(tmp_path: Path) -> None:
    graph, became = loaded("name-suggestion-index", _write(tmp_path / "brands.json", {}))
    assert became.problems == ()
    said = "?o a kg:TelecomOperator ; kg:country ?where ; rdfs:label ?name ; skos:exactMatch ?same"
    assert answers(graph, said, "o", "where", "name", "same") == {
        (_OWN, where, "Steppecell", "http://www.wikidata.org/entity/Q42")
        for where in ("country/KZ", "country/KG")
    }
    assert answers(
        graph, f"<https://w3id.org/kgraph/id/{_OWN}> skos:altLabel ?n BIND (LANG(?n) AS ?l)", "n", "l"
    ) == {("Степсел", "ru")}
    assert conforms(graph)


def test_a_brand_of_a_shop_is_a_company(tmp_path: Path) -> None:
    tags = {"brand": "Phones", "name": "Phones", "shop": "mobile_phone"}
    graph, _ = loaded("name-suggestion-index", _write(tmp_path / "brands.json", {"tags": tags}))
    assert answers(graph, "?o a kg:Company", "o") == {(_OWN,)}
    assert not answers(graph, "?o skos:exactMatch ?same FILTER (CONTAINS(STR(?o), 'dataset'))", "o")


def test_an_operator_that_is_known_is_close_to_its_brand(tmp_path: Path) -> None:
    tags = {"brand": "Kcell", "name": "Kcell", "brand:wikidata": "Q43", "shop": "mobile_phone"}
    graph, _ = loaded(
        "name-suggestion-index", _write(tmp_path / "brands.json", {"displayName": "Kcell", "tags": tags})
    )
    assert ("operator/kcell",) in answers(
        graph, "?o skos:closeMatch <http://www.wikidata.org/entity/Q43>", "o"
    )
    assert not answers(graph, "?o skos:exactMatch <http://www.wikidata.org/entity/Q43>", "o")


def test_a_shop_is_not_the_brand_that_it_sells(tmp_path: Path) -> None:
    tags = {"brand": "Steppecell", "brand:en": "Steppecell", "brand:wikidata": "Q42", "name": "Степпешоп",
            "name:en": "Steppe Shop", "shop": "mobile_phone"}  # fmt: skip
    graph, _ = loaded("name-suggestion-index", _write(tmp_path / "brands.json", {"tags": tags}))
    item = "<http://www.wikidata.org/entity/Q42>"
    said = f"?o rdfs:label ?name ; skos:closeMatch {item}"
    assert answers(graph, said, "o", "name") == {(_OWN, "Steppe Shop")}
    assert not answers(graph, f"?o skos:exactMatch {item}", "o")


def test_areas_that_are_no_states_and_names_in_other_scripts(tmp_path: Path) -> None:
    changed = {"displayName": "موبايل", "locationSet": {"include": ["001", "sa", "northern cyprus"]},
               "tags": {"name": "موبايل", "brand": "موبايل", "office": "telecommunication"}}  # fmt: skip
    graph, became = loaded("name-suggestion-index", _write(tmp_path / "brands.json", changed))
    assert became.problems == ()
    assert answers(graph, "?o a kg:TelecomOperator ; kg:country ?where", "o", "where") == {
        (_OWN, "country/SA")
    }
    assert answers(graph, "?o skos:altLabel ?n FILTER (LANG(?n) = 'und')", "n") == {("موبايل",)}
    assert conforms(graph)


def test_odd_items_are_told_of(tmp_path: Path) -> None:
    tags = {**_ITEM["tags"], "brand:wikidata": "Kcell"}
    _, became = loaded("name-suggestion-index", _write(tmp_path / "brands.json", {"tags": tags}, {"id": ""}))
    assert reasons(became) == ["the brand has no id"]
    assert reasons(became, lost=False) == ["brand:wikidata is 'Kcell', which names no item"]


def test_another_layout_is_one_clear_error(tmp_path: Path) -> None:
    (tmp_path / "brands.json").write_text(json.dumps({"items": [{"name": "Steppecell"}]}), "utf-8")
    with pytest.raises(SourceError, match="there is no column displayName, id, locationSet, tags"):
        loaded("name-suggestion-index", tmp_path / "brands.json")


def test_both_files_load_and_counts_agree(shared: Path) -> None:
    files = sorted((shared / "datasets/name-suggestion-index").glob("brands-*.json"))
    graph, became = loaded("name-suggestion-index", *files)
    items = [item for file in files for item in json.loads(file.read_text("utf-8"))["items"]]
    assert (became.rows, became.problems) == (len(items), ())
    told = {item["tags"]["brand:wikidata"] for item in items if "brand:wikidata" in item["tags"]}
    graph_name = "<https://w3id.org/kgraph/graph/dataset/name-suggestion-index>"
    found = answers(graph, f"GRAPH {graph_name} {{ ?o skos:exactMatch|skos:closeMatch ?item }}", "item")
    assert {iri.rpartition("/")[2] for (iri,) in found} == told
    assert conforms(graph)
