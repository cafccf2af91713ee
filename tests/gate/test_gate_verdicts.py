"""The gate lets in what is whole and says of the rest what a person can act on."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from rdflib import RDF, Graph, URIRef
from rdflib import Literal as RdflibLiteral

from kgraph.gate import Scope, judge, load_shapes
from kgraph.graphs import build_graph
from kgraph.namespaces import KG, OA, SH, XSD
from kgraph.records import Assertion, Extraction, Literal, Report


def _judge(extraction: Extraction, spoil: Callable[[Graph], None] = lambda graph: None) -> Report:
    graph = build_graph(extraction)
    spoil(graph)
    return judge(graph, reference=Graph())


def test_a_whole_document_conforms(strike: Extraction) -> None:
    report = _judge(strike)
    assert report.conforms, str(report)
    assert str(report) == "Conforms."


def test_a_month_that_does_not_exist_is_named_with_its_sentence(strike: Extraction) -> None:
    said = strike.assertions[1]
    wrong = replace(said, object=Literal("2014-13", XSD.gYearMonth))
    report = _judge(replace(strike, assertions=(*strike.assertions[:1], wrong, *strike.assertions[2:])))
    assert not report.conforms
    assert any(r.path == "kg:date" and r.value == "2014-13" for r in report.results)
    assert "Dock workers went on strike" in str(report)
    assert "A strike in Aktau" in str(report)


def test_a_statement_without_evidence_keeps_the_document_out(strike: Extraction) -> None:
    event = strike.assertions[0].subject

    def spoil(graph: Graph) -> None:
        graph.add((URIRef(event), URIRef(KG.deathToll), RdflibLiteral(3)))

    report = _judge(strike, spoil)
    assert not report.conforms
    assert "deathToll" in str(report)


def test_offsets_outside_the_text_keep_the_document_out(strike: Extraction) -> None:
    def spoil(graph: Graph) -> None:
        selector = next(graph.subjects(RDF.type, URIRef(OA.TextPositionSelector)))
        graph.set((selector, URIRef(OA.end), RdflibLiteral(9999)))

    assert not _judge(strike, spoil).conforms


def test_a_value_of_the_wrong_class_is_named_by_its_label(strike: Extraction) -> None:
    arrest, police = strike.assertions[6], strike.assertions[7].object
    wrong = Assertion(arrest.subject, KG.location, police, arrest.evidence, 0.9)
    report = _judge(replace(strike, assertions=(*strike.assertions, wrong)))
    assert not report.conforms
    assert "police" in str(report)


def test_the_report_is_a_validation_report_in_rdf(strike: Extraction) -> None:
    event = strike.assertions[0].subject
    report = _judge(strike, lambda graph: graph.remove((URIRef(event), RDF.type, None)) and None)
    parsed = Graph().parse(data=report.rdf, format="turtle")
    (node,) = parsed.subjects(RDF.type, URIRef(SH.ValidationReport))
    assert len(set(parsed.objects(node, URIRef(SH.result)))) == len(report.results)
    assert parsed.value(node, URIRef(SH.conforms)) == RdflibLiteral(False)


def test_the_verdict_does_not_depend_on_the_order_of_statements(strike: Extraction) -> None:
    said = strike.assertions[1]
    wrong = replace(said, object=Literal("soon"))
    spoilt = replace(strike, assertions=(*strike.assertions[:1], wrong, *strike.assertions[2:]))
    backwards = replace(spoilt, assertions=spoilt.assertions[::-1], nodes=spoilt.nodes[::-1])
    assert _judge(spoilt).results == _judge(backwards).results


@pytest.mark.parametrize("scope", list(Scope))
def test_there_are_shapes_of_every_scope(scope: Scope) -> None:
    assert load_shapes(scope).targeted


@pytest.mark.parametrize(("predicate", "value"), [(str(RDF.type), KG.Protset), (KG.deathTol, KG.Protest)])
def test_a_term_that_the_ontology_does_not_have_keeps_the_document_out(
    strike: Extraction, predicate: str, value: str
) -> None:
    event = strike.assertions[0].subject
    said = Assertion(event, predicate, value, strike.assertions[0].evidence, 0.9)
    report = _judge(replace(strike, assertions=(*strike.assertions, said)))
    assert not report.conforms
    assert "no such property or class" in str(report)
