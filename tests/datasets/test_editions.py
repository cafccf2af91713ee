"""What a dataset leaves behind when another edition replaces it, and when it is withdrawn."""

from pathlib import Path

import pytest
from published import answers, conforms

import kgraph
from kgraph import KnowledgeGraph

_REFERENCE = "GRAPH <https://w3id.org/kgraph/graph/reference>"
_INDEXES = ("e-gov-index", "e-pat-index", "osi", "hci", "tii")


def _survey(path: Path, *codes: str) -> Path:
    header = f"country-code,country-name,e-gov-rank,{','.join(_INDEXES)}\n"
    rows = (f"{code},,{number},{','.join(['0.5'] * 5)}\n" for number, code in enumerate(codes, start=1))
    path.write_text(header + "".join(rows), encoding="utf-8")
    return path


def _described(graph: KnowledgeGraph) -> set[str]:
    return {code for (code,) in answers(graph, f"{_REFERENCE} {{ ?c kg:iso3166 ?code }}", "code")}


def test_facts_of_states_that_a_new_edition_does_not_name_go(tmp_path: Path) -> None:
    graph = kgraph.memory()
    graph.load("un-egov", [_survey(tmp_path / "egdi-2012.csv", "NOR", "KAZ")])
    assert _described(graph) == {"NO", "KZ"}
    graph.load("un-egov", [_survey(tmp_path / "egdi-2014.csv", "KAZ", "SGP")])
    assert _described(graph) == {"KZ", "SG"}
    assert conforms(graph)


def test_facts_of_states_that_others_name_stay(tmp_path: Path) -> None:
    graph = kgraph.memory()
    table = tmp_path / "owid.csv"
    table.write_text("country_name,year,press_freedom_score_rsf\nNorway,2019,7.82\n", encoding="utf-8")
    graph.load("rsf", [table])
    graph.load("un-egov", [_survey(tmp_path / "egdi-2012.csv", "NOR", "KAZ")])
    graph.load("un-egov", [_survey(tmp_path / "egdi-2014.csv", "SGP")])
    assert _described(graph) == {"NO", "SG", "FR"}  # where RSF is


@pytest.mark.parametrize(("years", "is_large"), [(1, False), (12, True)])
def test_a_large_dataset_is_withdrawn_as_a_small_one_is(tmp_path: Path, years: int, is_large: bool) -> None:
    codes = ("NOR", "KAZ", "SGP", "UZB", "RUS", "CHN", "UKR", "DEU", "FRA", "ITA")
    graph = kgraph.open(tmp_path / "store")
    table = tmp_path / "owid.csv"
    table.write_text("country_name,year,press_freedom_score_rsf\nNorway,2019,7.82\n", encoding="utf-8")
    graph.load("rsf", [table])
    files = [_survey(tmp_path / f"egdi-{year}.csv", *codes) for year in range(2000, 2000 + years)]
    assert (graph.load("un-egov", files).triples > 20_000) == is_large
    graph.remove("dataset=un-egov")
    assert _described(graph) == {"NO", "FR"}
    assert answers(graph, "?a a kg:Assessment ; kg:assessed ?who", "who") == {("country/NO",)}
    assert not any("un-egov" in name for (name,) in answers(graph, "GRAPH ?g { ?s ?p ?o }", "g"))
    assert answers(graph, "?version prov:wasInvalidatedBy ?by", "by")
    assert conforms(graph)
