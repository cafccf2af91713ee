"""What the gate says of a change, with all that the store holds."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib import RDF, Graph, URIRef
from rdflib import Literal as RdflibLiteral

from kgraph.gate import Change, judge_change, judge_union, verdicts
from kgraph.graphs import build_graph
from kgraph.iris import Minter
from kgraph.namespaces import KG, RDFS, XSD
from kgraph.records import Extraction, Report
from kgraph.store import Store, engine_triples, open_store

MINTER = Minter()
OWN, OTHER = MINTER.graph("d/own"), MINTER.graph("d/other")
REFERENCE = MINTER.graph("reference")


@pytest.fixture
def store() -> Store:
    return open_store(None)


def _put(store: Store, **graphs: Graph) -> None:
    names = {"other": OTHER, "own": OWN, "reference": REFERENCE}
    with store.writer() as writer:
        for name, graph in graphs.items():
            writer.replace_graph(names[name], graph)
        writer.commit()


def _judge(store: Store, graph: Graph | None = None, **change: object) -> Report:
    entering = {} if graph is None else {OWN: engine_triples(graph)}
    with store.view() as view:
        return judge_change(view, Change(entering=entering, **change), MINTER)


def _says(*triples: tuple[str, str, object]) -> Graph:
    graph = Graph()
    for s, p, o in triples:
        graph.add((URIRef(s), URIRef(p), o if isinstance(o, RdflibLiteral) else URIRef(str(o))))
    return graph


def test_what_another_document_says_differently_is_no_violation(store: Store, strike: Extraction) -> None:
    event = strike.assertions[0].subject
    year = RdflibLiteral("2013", datatype=URIRef(XSD.gYear))
    _put(store, other=_says((event, KG.date, year), (event, RDFS.label, RdflibLiteral("a name", lang="en"))))
    assert _judge(store, build_graph(strike)).conforms


def test_a_place_that_is_a_law_in_another_document_is_refused(store: Store, strike: Extraction) -> None:
    place = str(strike.assertions[2].object)
    _put(store, other=_says((place, str(RDF.type), KG.Law)))
    report = _judge(store, build_graph(strike))
    assert {(r.focus, r.component) for r in report.results} == {(place, "NotConstraintComponent")}


def test_an_old_node_that_breaks_by_what_comes_is_found(store: Store) -> None:
    one, two = MINTER.known("country", "AA"), MINTER.known("country", "BB")
    code = RdflibLiteral("AA")
    _put(store, other=_says((one, KG.iso3166, code)))
    report = _judge(store, _says((two, KG.iso3166, code)))
    assert {r.shape for r in report.results} == {"https://w3id.org/kgraph/shapes#one-country-a-code-count"}
    assert _judge(store, _says((one, KG.iso3166, code))).conforms


def test_what_goes_makes_room_for_what_comes(store: Store) -> None:
    thing = MINTER.named("actor", "someone")
    _put(store, own=_says((thing, str(RDF.type), KG.Law)))
    assert _judge(store, _says((thing, str(RDF.type), KG.Person))).conforms
    _put(store, other=_says((thing, str(RDF.type), KG.Law)))
    assert not _judge(store, _says((thing, str(RDF.type), KG.Person))).conforms


def test_reference_data_that_go_are_missed_by_the_documents_that_need_them(store: Store) -> None:
    event, country = f"{MINTER.resources}d/other/0-event", MINTER.known("country", "KZ")
    _put(
        store,
        other=_says((event, str(RDF.type), KG.Protest), (event, KG.country, country)),
        reference=_says((country, str(RDF.type), KG.Country)),
    )
    fact = engine_triples(_says((country, str(RDF.type), KG.Country)))
    report = _judge(store, old_facts=fact)
    assert {(r.focus, r.path) for r in report.results} == {(event, "kg:country")}
    as_place = engine_triples(_says((country, str(RDF.type), KG.Place)))
    assert not _judge(store, old_facts=fact, facts=as_place).conforms
    assert _judge(store, facts=as_place).conforms


def test_a_withdrawal_that_breaks_nothing_is_let_be(store: Store, strike: Extraction) -> None:
    _put(store, own=build_graph(strike), other=build_graph(strike))
    assert _judge(store, leaving=[OWN]).conforms


_NODES = [MINTER.named("thing", name) for name in "abcdef"]
_CLASSES = [KG.Law, KG.Place, KG.Country, KG.Platform, KG.Blocking, KG.Assertion]
_typed = st.tuples(st.sampled_from(_NODES), st.just(str(RDF.type)), st.sampled_from(_CLASSES))
_coded = st.tuples(
    st.sampled_from(_NODES),
    st.just(KG.iso3166),
    st.sampled_from(["KZ", "UZ"]).map(lambda code: RdflibLiteral(code, datatype=URIRef(XSD.string))),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.one_of(_typed, _coded), max_size=14), st.integers(1, 4))
def test_the_whole_is_judged_alike_in_parts_of_any_size(
    triples: list[tuple[str, str, object]], size: int
) -> None:
    def told() -> list[tuple[str, str]]:
        with store.view() as view:
            return sorted((each.focus, each.component) for each in judge_union(view).results)

    with open_store(None) as store:
        _put(store, own=_says(*triples[::2]), other=_says(*triples[1::2]))
        whole = told()
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(verdicts, "_PART", size)
            assert told() == whole
    types = {(s, o) for s, p, o in triples if p == str(RDF.type)}
    torn = {node for node in _NODES if {(node, KG.Law), (node, KG.Place)} <= types}
    assert torn <= {focus for focus, _ in whole}
