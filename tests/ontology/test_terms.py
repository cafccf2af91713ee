"""Every term that is used is defined, and every defined term says what it means."""

import re
from pathlib import Path

import pytest
from pyshacl import validate
from rdflib import OWL, RDF, RDFS, SH, SKOS, Graph, URIRef
from shape_graphs import shape_graph

from kgraph.gate import Scope
from kgraph.namespaces import DCTERMS, KG, KGC
from kgraph.ontology import ontology_graph, superclasses
from kgraph.resources import resource

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted(resource("ontology").rglob("*.ttl"))

#: What the code writes as KG[…] with a name that it computes stands for terms read from elsewhere.
_IN_CODE = re.compile(r"\bKG\.(\w+)|\bKG\[\"(\w+)\"\]")
_CONCEPTS_IN_CODE = re.compile(r"\bKGC\.(\w+)|\bKGC\[\"(\w+)\"\]")
_IN_TEXT = re.compile(r"\bkg:([A-Za-z]\w*)")
_CONCEPTS_IN_TEXT = re.compile(r"\bkgc:([A-Za-z]\w*)")


def _used(pattern: re.Pattern[str], paths: list[Path]) -> set[str]:
    found = (match for path in paths for match in pattern.findall(path.read_text(encoding="utf-8")))
    return {name for match in found for name in ([match] if isinstance(match, str) else match) if name}


def _defined(namespace: str) -> set[str]:
    return {
        str(s).removeprefix(namespace) for s in ontology_graph().subjects() if str(s).startswith(namespace)
    }


def _code() -> list[Path]:
    return sorted((ROOT / "kgraph").rglob("*.py"))


def _texts() -> list[Path]:
    return sorted([*FILES, *resource("data").rglob("*.rq"), *resource("data", "gazetteer").glob("*.ttl")])


def test_every_term_that_the_code_uses_is_defined() -> None:
    assert _used(_IN_CODE, _code()) <= _defined(str(KG))
    assert _used(_CONCEPTS_IN_CODE, _code()) <= _defined(str(KGC))


def test_every_term_that_queries_shapes_and_data_use_is_defined() -> None:
    assert _used(_IN_TEXT, [*_texts(), *_code()]) - {"a"} <= _defined(str(KG))
    assert _used(_CONCEPTS_IN_TEXT, _texts()) <= _defined(str(KGC))


def test_every_term_of_the_vocabulary_page_is_defined(shared: Path) -> None:
    page = (shared / "design/vocabulary.md").read_text(encoding="utf-8")
    for head in ("| class | parent |", "| property | from |", "| term | kind |"):
        for table in page.split(head)[1:]:
            for line in table.split("\n\n")[0].splitlines()[2:]:
                first = re.sub(r"\([^)]*\)|\w+:\w+", "", line.split("|")[1])
                names = set(re.findall(r"[A-Za-z]\w+", first))
                assert names <= _defined(str(KG)), line


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_file_says_what_it_is(path: Path) -> None:
    graph = Graph().parse(path)
    (header,) = graph.subjects(RDF.type, OWL.Ontology)
    for term in (OWL.versionInfo, URIRef(DCTERMS.title), URIRef(DCTERMS.license)):
        assert graph.value(header, term) is not None, f"{path.name} lacks {term}"


def test_every_term_has_a_label_a_definition_and_a_home() -> None:
    graph = ontology_graph()
    for kind in (OWL.Class, RDF.Property):
        for term in graph.subjects(RDF.type, kind):
            if str(term).startswith(str(KG)):
                assert graph.value(term, RDFS.label) is not None, term
                assert graph.value(term, SKOS.definition) is not None, term
                assert graph.value(term, RDFS.isDefinedBy) is not None, term


def test_every_concept_has_a_name_a_definition_and_a_scheme() -> None:
    graph = ontology_graph()
    for concept in graph.subjects(RDF.type, SKOS.Concept):
        assert graph.value(concept, SKOS.prefLabel) is not None, concept
        assert graph.value(concept, SKOS.definition) is not None, concept
        scheme = graph.value(concept, SKOS.inScheme)
        assert (scheme, RDF.type, SKOS.ConceptScheme) in graph, concept


def test_labels_are_told_apart() -> None:
    graph = ontology_graph()
    labels = [str(graph.value(c, RDFS.label)) for c in graph.subjects(RDF.type, OWL.Class)]
    assert len(labels) == len(set(labels))


def test_alignments_stand_in_a_file_of_their_own() -> None:
    own = Graph().parse(resource("ontology", "kgraph.ttl"))
    for term in (RDFS.subClassOf, OWL.equivalentClass, SKOS.closeMatch, SKOS.exactMatch):
        assert all(str(o).startswith(str(KG)) for o in own.objects(None, term))


@pytest.mark.parametrize(
    ("narrow", "wide"),
    [("TelecomOperator", "Company"), ("Strike", "Event"), ("Country", "Place"), ("SecurityForce", "Actor"),
     ("Blocking", "InformationControl"), ("CyberAttack", "InformationControl"), ("Arrest", "Repression")],
)  # fmt: skip
def test_classes_stand_below_their_parents(narrow: str, wide: str) -> None:
    assert KG[wide] in superclasses(KG[narrow])


def test_a_country_is_a_place_and_no_organization() -> None:
    assert KG.Organization not in superclasses(KG.Country)


@pytest.mark.parametrize("scope", list(Scope))
def test_the_shapes_are_well_formed_by_the_shapes_for_shapes(scope: Scope) -> None:
    conforms, _, text = validate(Graph(), shacl_graph=shape_graph(scope), meta_shacl=True)
    assert conforms, text


@pytest.mark.parametrize("scope", list(Scope))
def test_every_shape_with_a_path_tells_a_reader_what_to_do(scope: Scope) -> None:
    shapes = shape_graph(scope)
    silent = [
        shape
        for shape in shapes.subjects(RDF.type, SH.PropertyShape)
        if not any(m.language == "en" for m in shapes.objects(shape, SH.message))
    ]
    assert silent == []
