"""What is known by name, and that nothing is claimed which no file proves."""

import csv
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rdflib import RDF, RDFS, Graph, URIRef

from kgraph.gazetteer import Gazetteer, load_gazetteer, normalise
from kgraph.iris import Minter
from kgraph.namespaces import GN, KG, OWL, SKOS, WD
from kgraph.ontology import is_a, ontology_graph
from kgraph.resources import resource


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return load_gazetteer()


@pytest.fixture(scope="module")
def all_facts(gazetteer: Gazetteer) -> Graph:
    return gazetteer.facts(gazetteer.entries)


@pytest.fixture(scope="module")
def curated() -> Graph:
    graph = Graph()
    for path in sorted(resource("data", "gazetteer").glob("*.ttl")):
        graph.parse(path, publicID=Minter().resources)
    return graph


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("Kazakhstan", "country/KZ"),
        ("the United Kingdom", "country/GB"),
        ("Burma", "country/MM"),
        ("Ivory Coast", "country/CI"),
        ("Côte d’Ivoire", "country/CI"),
        ("Zhanaozen", "place/zhanaozen"),
        ("Hong Kong", "place/hong-kong"),
        ("facebook", "platform/facebook"),
        ("Roskomnadzor", "body/roskomnadzor"),
        ("Kcell", "operator/kcell"),
        ("Reuters", "outlet/reuters"),
    ],
)
def test_a_name_leads_to_its_address(gazetteer: Gazetteer, name: str, address: str) -> None:
    assert gazetteer.find(name)[0].iri == Minter().resources + address


def test_an_adjective_leads_to_its_country(gazetteer: Gazetteer) -> None:
    for adjective, code in (("Kazakh", "KZ"), ("Iranian", "IR"), ("Burmese", "MM"), ("Ugandans", "UG")):
        assert gazetteer.adjectives()[adjective].iri.endswith(f"country/{code}")


def test_a_state_goes_before_a_city_and_a_big_city_before_a_small_one(gazetteer: Gazetteer) -> None:
    assert gazetteer.find("Georgia")[0].kind == "Country"
    found = [entry for entry in gazetteer.find("Cambridge") if entry.kind == "Place"]
    assert len(found) > 1
    assert found == sorted(found, key=lambda entry: -entry.population)
    assert len({entry.iri for entry in found}) == len(found)


def test_names_that_are_ordinary_words_are_marked(gazetteer: Gazetteer) -> None:
    assert all(gazetteer.find(name)[0].ambiguous for name in ("Nice", "Signal", "Reading"))
    assert not gazetteer.find("Almaty")[0].ambiguous


def test_a_territory_is_a_place(gazetteer: Gazetteer) -> None:
    assert all(gazetteer.find(name)[0].kind == "Place" for name in ("Hong Kong", "Crimea", "Puerto Rico"))


def test_every_entry_has_a_class_of_the_ontology_and_a_name(gazetteer: Gazetteer) -> None:
    kinds = {entry.kind for entry in gazetteer.entries.values()}
    assert all(is_a(KG[kind], "Actor", "Place", "Platform", "Website") for kind in kinds)
    assert all(entry.names[0] == entry.label for entry in gazetteer.entries.values())


def test_curated_addresses_have_one_class_and_terms_that_are_defined(curated: Graph) -> None:
    defined = set(ontology_graph().subjects())
    ours = {p for p in curated.predicates() if str(p).startswith(str(KG))}
    assert ours <= defined
    for subject in set(curated.subjects()):
        if str(subject).startswith(Minter().resources):
            assert len(set(curated.objects(subject, RDF.type))) == 1
            assert len(set(curated.objects(subject, RDFS.label))) == 1


def test_facts_describe_all_that_they_refer_to(gazetteer: Gazetteer) -> None:
    facts = gazetteer.facts([Minter().known("place", "zhanaozen"), Minter().known("platform", "facebook")])
    described = set(facts.subjects())
    ours = {o for o in facts.objects() if isinstance(o, URIRef) and o.startswith(Minter().resources)}
    assert ours
    assert ours <= described
    assert all(facts.value(node, RDFS.label) for node in described)


def test_facts_of_what_nobody_knows_are_none(gazetteer: Gazetteer) -> None:
    assert len(gazetteer.facts(["https://example.org/x"])) == 0


def test_another_publisher_has_addresses_of_its_own() -> None:
    minter = Minter("https://example.org/kg/")
    entries = load_gazetteer(minter).entries
    assert minter.known("country", "KZ") in entries
    assert all(iri.startswith(minter.resources) for iri in entries)


@given(st.text())
def test_looking_up_anything_never_fails(name: str) -> None:
    assert isinstance(load_gazetteer().find(name), tuple)
    assert isinstance(normalise(name), str)


def test_wikidata_items_stand_only_where_a_public_file_proves_them(all_facts: Graph, shared: Path) -> None:
    proved = set()
    with (shared / "datasets/country-codes/country-codes.csv").open(encoding="utf-8") as file:
        proved |= {row["wikidata_id"].rpartition("/")[2] for row in csv.DictReader(file)}
    with (shared / "links/seed-links.sssom.tsv").open(encoding="utf-8") as file:
        rows = csv.DictReader((line for line in file if not line.startswith("#")), delimiter="\t")
        proved |= {row["object_id"].removeprefix("wd:") for row in rows}
    for path in (shared / "datasets/name-suggestion-index").glob("*.json"):
        items = json.loads(path.read_text(encoding="utf-8"))["items"]
        proved |= {value for item in items for key, value in item["tags"].items() if "wikidata" in key}
    stated = {
        str(o).removeprefix(str(WD))
        for _, p, o in all_facts
        if str(p) in {SKOS.exactMatch, OWL.sameAs} and str(o).startswith(str(WD))
    }
    assert stated
    assert stated <= proved


def test_only_states_are_the_same_as_something_elsewhere(all_facts: Graph) -> None:
    for subject in set(all_facts.subjects(URIRef(OWL.sameAs))):
        assert (subject, RDF.type, URIRef(KG.Country)) in all_facts
    assert any(str(o).startswith(str(GN)) for o in all_facts.objects(None, URIRef(SKOS.exactMatch)))
