"""A document's named graph: content, evidence, nothing else."""

from dataclasses import replace

from rdflib import RDF, XSD, Graph, Literal, URIRef

from kgraph import iris
from kgraph.graphs import build_graph
from kgraph.namespaces import DCTERMS, FOAF, KG, OA
from kgraph.records import Assertion, Extraction
from kgraph.records import Literal as Value


def test_every_content_triple_has_an_assertion_with_a_quotation(strike: Extraction) -> None:
    graph = build_graph(strike)
    for said in strike.assertions:
        assertion = URIRef(iris.assertion(strike.document.iri, said.subject, said.predicate, said.object))
        assert (assertion, RDF.subject, URIRef(said.subject)) in graph
        for passage in graph.objects(assertion, URIRef(KG.evidence)):
            quotes = {str(q) for q in graph.objects(passage, URIRef(OA.hasSelector) / URIRef(OA.exact))}
            assert quotes & {evidence.text for evidence in said.evidence}


def test_quotations_stand_where_their_offsets_say(strike: Extraction) -> None:
    graph = build_graph(strike)
    for passage in graph.subjects(RDF.type, URIRef(KG.Passage)):
        quote = graph.value(passage, URIRef(OA.hasSelector) / URIRef(OA.exact))
        start = graph.value(passage, URIRef(OA.hasSelector) / URIRef(OA.start))
        end = graph.value(passage, URIRef(OA.hasSelector) / URIRef(OA.end))
        assert strike.document.text[int(str(start)) : int(str(end))] == str(quote)


def test_a_passage_tells_the_page_that_it_starts_on_where_there_are_pages(strike: Extraction) -> None:
    first, second = strike.document.passages
    on_page = replace(first, page=12)
    graph = build_graph(
        replace(
            strike,
            nodes=tuple(replace(n, mentions=(second,)) for n in strike.nodes),
            assertions=tuple(
                replace(a, evidence=tuple(on_page if p == first else p for p in a.evidence))
                for a in strike.assertions
            ),
        )
    )
    (selector,) = graph.subjects(RDF.type, URIRef(OA.FragmentSelector))
    assert graph.value(selector, RDF.value) == Literal("page=12")
    assert graph.value(selector, URIRef(DCTERMS.conformsTo)) == URIRef("http://tools.ietf.org/rfc/rfc3778")
    passage = graph.value(None, URIRef(OA.hasSelector), selector)
    assert graph.value(passage, URIRef(OA.hasSelector) / URIRef(OA.exact)) == Literal(first.text)


def test_days_are_derived_from_a_partial_date(strike: Extraction) -> None:
    graph = build_graph(strike)
    event = graph.value(None, RDF.type, URIRef(KG.Strike))
    assert graph.value(event, URIRef(KG.earliest)) == Literal("2014-05-01", datatype=XSD.date)
    assert graph.value(event, URIRef(KG.latest)) == Literal("2014-05-31", datatype=XSD.date)


def test_days_that_a_text_states_go_before_derived_ones(strike: Extraction) -> None:
    said = strike.assertions[1]
    stated = Assertion(
        said.subject, KG.earliest, Value("2014-05-20", XSD.date.toPython()), said.evidence, 0.9
    )
    graph = build_graph(replace(strike, assertions=(*strike.assertions, stated)))
    assert [str(day) for day in graph.objects(URIRef(said.subject), URIRef(KG.earliest))] == ["2014-05-20"]


def test_what_lasts_has_no_latest_day_until_it_ends(strike: Extraction) -> None:
    passage = strike.document.passages[0]
    law = iris.unnamed(strike.document.iri, 20, "law")
    more = (
        Assertion(law, RDF.type.toPython(), KG.Law, (passage,), 0.9),
        Assertion(law, KG.date, Value("2011", XSD.gYear.toPython()), (passage,), 0.9),
    )
    graph = build_graph(replace(strike, assertions=(*strike.assertions, *more)))
    assert graph.value(URIRef(law), URIRef(KG.earliest)) == Literal("2011-01-01", datatype=XSD.date)
    assert graph.value(URIRef(law), URIRef(KG.latest)) is None


def test_a_passage_that_says_nothing_is_not_stored(strike: Extraction) -> None:
    only_first = tuple(a for a in strike.assertions if a.evidence == (strike.document.passages[0],))
    nodes = tuple(replace(node, mentions=()) for node in strike.nodes)
    graph = build_graph(replace(strike, assertions=only_first, nodes=nodes))
    quotes = {str(quote) for quote in graph.objects(None, URIRef(OA.exact))}
    assert quotes == {strike.document.passages[0].text}


def test_the_publisher_is_a_node_with_a_name(strike: Extraction) -> None:
    graph = build_graph(strike)
    path = URIRef(DCTERMS.publisher) / URIRef(FOAF.name)
    assert str(graph.value(URIRef(strike.document.iri), path)) == "The Port Gazette"


def test_an_address_that_cannot_stand_in_rdf_is_left_out(strike: Extraction) -> None:
    broken = replace(strike.document, source="https://example.org/a b<c>")
    graph = build_graph(replace(strike, document=broken))
    assert graph.value(URIRef(strike.document.iri), URIRef(DCTERMS.source)) is None
    assert isinstance(graph, Graph)
    graph.serialize(format="nt")


def test_the_same_extraction_gives_the_same_graph(strike: Extraction) -> None:
    assert set(build_graph(strike)) == set(build_graph(strike))


def test_a_literal_is_hashed_as_the_store_will_keep_it(strike: Extraction) -> None:
    first = strike.assertions[0]
    padded = Assertion(first.subject, KG.deathToll, Value("016", XSD.integer.toPython()), first.evidence, 0.9)
    graph = build_graph(replace(strike, assertions=(*strike.assertions, padded)))
    plain = Value("16", XSD.integer.toPython())
    assertion = URIRef(iris.assertion(strike.document.iri, first.subject, KG.deathToll, plain))
    assert str(graph.value(assertion, RDF.object)) == "16"
