"""What does not conform is left out, with what hangs on it and nothing else, and each time it is said why."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rdflib import Graph, URIRef

from kgraph import iris
from kgraph.gate import Change, Pruning, judge, judge_change, prune
from kgraph.graphs import build_graph
from kgraph.iris import Minter
from kgraph.namespaces import KG, KGC, RDF, RDFS, XSD
from kgraph.records import Assertion, Extraction, Literal, Node, Passage, Report, Result, Term
from kgraph.store import engine_triples, open_store

Triple = tuple[str, str, Term]
MINTER = Minter()


def _prune(
    extraction: Extraction, elsewhere: Graph | None = None, reports: list[Report] | None = None
) -> Pruning:
    """What is left beside another document, which says `elsewhere`."""
    reports = [] if reports is None else reports
    own, other = (MINTER.document_graph(MINTER.document(name)) for name in ("test/strike", "other"))
    with open_store(None) as store:
        with store.writer() as writer:
            writer.replace_graph(other, elsewhere or Graph())
            writer.commit()
        view = store.view()

    def judged(left: Extraction) -> Report:
        graph = build_graph(left)
        report = judge(graph, reference=Graph())
        if report.conforms:
            report = judge_change(view, Change(entering={own: engine_triples(graph)}), MINTER)
        reports.append(report)
        return report

    return prune(extraction, judged(extraction), judged)


def _triples(extraction: Extraction) -> set[Triple]:
    return {(a.subject, a.predicate, a.object) for a in extraction.assertions}


def _lost(pruning: Pruning) -> set[Triple]:
    return {(p.assertion.subject, p.assertion.predicate, p.assertion.object) for p in pruning.pruned}


def _with(extraction: Extraction, *said: Triple, node: Node | None = None) -> Extraction:
    passage = extraction.document.passages[0]
    more = tuple(Assertion(s, p, o, (passage,), 0.8) for s, p, o in said)
    nodes = (*extraction.nodes, node) if node else extraction.nodes
    return replace(extraction, assertions=(*extraction.assertions, *more), nodes=nodes)


def _without(extraction: Extraction, *predicates: str) -> Extraction:
    return replace(
        extraction, assertions=tuple(a for a in extraction.assertions if a.predicate not in predicates)
    )


def _claim(extraction: Extraction, about: str, **properties: Term) -> tuple[Node, list[Triple]]:
    claim = iris.unnamed(extraction.document.iri, 40, "claim")
    said: list[Triple] = [(claim, RDF.type, KG.Claim), (claim, KG.about, about)]
    said += [(claim, KG[name], value) for name, value in properties.items()]
    return Node(claim, mentions=(extraction.document.passages[0],)), said


@pytest.fixture
def event(strike: Extraction) -> str:
    return strike.assertions[0].subject


@pytest.fixture
def place(strike: Extraction) -> str:
    return str(strike.assertions[2].object)


def test_a_document_that_conforms_loses_nothing(strike: Extraction) -> None:
    pruning = _prune(strike)
    assert pruning.report.conforms
    assert (pruning.extraction, pruning.pruned) == (strike, ())


def test_a_wrong_value_goes_alone(strike: Extraction, event: str) -> None:
    wrong = (event, KG.deathToll, Literal("-3", XSD.integer))
    pruning = _prune(_with(strike, wrong))
    assert pruning.report.conforms
    assert _triples(pruning.extraction) == _triples(strike)
    (pruned,) = pruning.pruned
    assert pruned.assertion.object == wrong[2]
    assert "whole number" in pruned.message


def test_what_was_left_out_is_told_in_one_line_with_its_sentence(strike: Extraction, event: str) -> None:
    (pruned,) = _prune(_with(strike, (event, KG.deathToll, Literal("-3", XSD.integer)))).pruned
    assert "\n" not in str(pruned)
    assert str(pruned).startswith("‹13-event› kg:deathToll “-3” — “Dock workers went on strike")
    assert str(pruned).endswith(pruned.message)


def test_of_too_many_values_none_is_chosen(strike: Extraction, event: str) -> None:
    pruning = _prune(_with(strike, (event, KG.date, Literal("2014-06", XSD.gYearMonth))))
    assert pruning.report.conforms
    assert {(p, o.lexical) for _, p, o in _lost(pruning) if isinstance(o, Literal)} == {
        (KG.date, "2014-05"),
        (KG.date, "2014-06"),
    }


def test_of_two_values_of_which_one_is_wrong_the_right_one_stays(strike: Extraction, event: str) -> None:
    wrong = (event, KG.date, Literal("2014-13", XSD.gYearMonth))
    assert _lost(_prune(_with(strike, wrong))) == {wrong}


def test_a_property_that_a_class_cannot_have_goes_and_its_node_stays(strike: Extraction, place: str) -> None:
    wrong = (place, KG.participant, strike.assertions[3].object)
    pruning = _prune(_with(strike, wrong))
    assert _lost(pruning) == {wrong}
    assert "Correct its class" in pruning.pruned[0].message


def test_a_value_of_the_wrong_class_goes_and_the_right_one_beside_it_stays(
    strike: Extraction, event: str
) -> None:
    police = str(strike.assertions[7].object)
    pruning = _prune(_with(strike, (event, KG.location, police)))
    assert _lost(pruning) == {(event, KG.location, police)}


def test_an_end_before_the_beginning_does_not_take_the_beginning_along(
    strike: Extraction, event: str
) -> None:
    wrong = (event, KG.endDate, Literal("2013", XSD.gYear))
    assert _lost(_prune(_with(strike, wrong))) == {wrong}


def test_days_that_are_derived_are_traced_to_what_they_come_from(strike: Extraction, event: str) -> None:
    stated = (event, KG.latest, Literal("2010-01-01", XSD.date))
    pruning = _prune(_with(strike, stated))
    assert pruning.report.conforms
    assert _lost(pruning) == {(event, KG.date, Literal("2014-05", XSD.gYearMonth))}


def test_a_claim_of_which_a_part_is_wrong_goes_as_a_whole(strike: Extraction, event: str) -> None:
    node, said = _claim(
        strike,
        event,
        claimedProperty=KG.deathToll,
        claimedValue=Literal("73", XSD.integer),
        bound=KGC.asserts,
        stance=KGC.asserts,
    )
    pruning = _prune(_with(strike, *said, node=node))
    assert _triples(pruning.extraction) == _triples(strike)
    assert _lost(pruning) == set(said)
    assert node not in pruning.extraction.nodes
    assert any("a kg:Claim of which a part was left out" in p.message for p in pruning.pruned)


def test_what_is_wrong_with_a_node_takes_what_speaks_of_it_and_claims_on_it(
    strike: Extraction, event: str, place: str
) -> None:
    elsewhere = Graph().add((URIRef(place), URIRef(RDF.type), URIRef(KG.Law)))
    node, said = _claim(strike, place, stance=KGC.asserts)
    pruning = _prune(_with(strike, *said, node=node), elsewhere)
    assert pruning.report.conforms
    assert _lost(pruning) == {(place, RDF.type, KG.Place), (event, KG.location, place), *said}
    assert {n.iri for n in pruning.extraction.nodes} == {n.iri for n in strike.nodes} - {place}
    graph = build_graph(pruning.extraction)
    assert (URIRef(place), None, None) not in graph
    assert (None, None, URIRef(place)) not in graph


def test_a_claim_that_lacks_what_it_owes_goes(strike: Extraction, event: str) -> None:
    node, said = _claim(strike, event)
    pruning = _prune(_with(strike, *said, node=node))
    assert _lost(pruning) == set(said)
    assert any("stance" in p.message for p in pruning.pruned)


def test_an_assertion_that_is_itself_wrong_is_found_by_its_address(strike: Extraction) -> None:
    unsure = replace(strike.assertions[3], confidence=1.5)
    spoilt = replace(strike, assertions=(*strike.assertions[:3], unsure, *strike.assertions[4:]))
    pruning = _prune(spoilt)
    assert pruning.report.conforms
    assert [p.assertion for p in pruning.pruned] == [unsure]


def test_a_violation_that_no_statement_explains_is_no_reason_to_lose_any(
    strike: Extraction, event: str
) -> None:
    unhashed = replace(strike, document=replace(strike.document, sha256="no hash"))
    spoilt = _with(unhashed, (event, KG.deathToll, Literal("-3", XSD.integer)))
    pruning = _prune(spoilt)
    assert not pruning.report.conforms
    assert pruning.extraction is spoilt
    assert pruning.pruned == ()
    assert {r.path for r in pruning.report.violations} == {"kg:sha256"}


def test_a_document_of_which_nothing_would_be_left_is_refused_with_its_first_report(
    strike: Extraction, event: str
) -> None:
    only = replace(strike, assertions=strike.assertions[:1], nodes=strike.nodes[:1])
    elsewhere = Graph().add((URIRef(event), URIRef(RDF.type), URIRef(KG.Law)))
    pruning = _prune(only, elsewhere)
    assert (pruning.extraction, pruning.pruned) == (only, ())
    assert not pruning.report.conforms
    assert pruning.report.results


def test_a_name_that_nothing_states_any_more_is_gone_and_one_that_nothing_ever_stated_stays(
    strike: Extraction, event: str, place: str
) -> None:
    idle = Node(iris.unnamed(strike.document.iri, 70, "actor"), "nobody")
    elsewhere = Graph().add((URIRef(place), URIRef(RDF.type), URIRef(KG.Law)))
    left = _prune(replace(strike, nodes=(*strike.nodes, idle)), elsewhere).extraction
    assert idle in left.nodes
    assert (URIRef(place), URIRef(RDFS.label), None) not in build_graph(left)


def test_the_outcome_does_not_depend_on_the_order_of_statements(strike: Extraction, event: str) -> None:
    spoilt = _with(
        strike,
        (event, KG.date, Literal("2014-06", XSD.gYearMonth)),
        (event, KG.deathToll, Literal("many")),
    )
    backwards = replace(spoilt, assertions=spoilt.assertions[::-1], nodes=spoilt.nodes[::-1])
    assert _lost(_prune(spoilt)) == _lost(_prune(backwards))


def test_a_class_that_there_is_none_takes_its_node_along(strike: Extraction, event: str) -> None:
    other = Node(iris.unnamed(strike.document.iri, 70, "actor"), "mob", mentions=strike.nodes[0].mentions)
    said = [(other.iri, RDF.type, KG.Mob), (event, KG.participant, other.iri)]
    pruning = _prune(_with(strike, *said, node=other))
    assert pruning.report.conforms
    assert _lost(pruning) == set(said)
    assert other not in pruning.extraction.nodes


def test_what_leads_to_a_focus_node_is_traced_by_the_path_backwards(strike: Extraction, place: str) -> None:
    code = (place, KG.iso3166, Literal("KZ"))
    shape = "https://w3id.org/kgraph/shapes#one-country-a-code-count"
    result = Result("KZ", "KZ", (), "^kg:iso3166", "", "One code, one country.", "Violation", "max", shape)
    report = Report(conforms=False, results=(result,))
    pruning = prune(_with(strike, code), report, lambda left: Report(conforms=True))
    assert _lost(pruning) == {code}


def test_warnings_take_nothing_along(strike: Extraction, event: str) -> None:
    wrong, warned = (event, KG.deathToll, Literal("-3", XSD.integer)), strike.assertions[2]
    path, shape = "kg:location", "https://w3id.org/kgraph/shapes#location-range"
    shown = Result(event, "", (), path, "", "Hm.", "Warning", "class", shape, term=warned.object)
    fault = replace(shown, path="kg:deathToll", severity="Violation", term=wrong[2])
    pruning = prune(_with(strike, wrong), Report(False, (shown, fault)), lambda left: Report(conforms=True))
    assert _lost(pruning) == {wrong}


# Whatever is wrong with a document

#: The last of the spoils: no statement explains it.
UNEXPLAINED = 13


def _spoils(extraction: Extraction) -> list[Callable[[Extraction], Extraction]]:
    """Ways in which a document can be wrong, each at the strike or at the claim on it."""
    event, workers = extraction.assertions[0].subject, str(extraction.assertions[3].object)
    place = str(extraction.assertions[2].object)
    node, claim = _claim(extraction, event, stance=KGC.asserts, claimedValue=Literal("3", XSD.integer))
    other = iris.unnamed(extraction.document.iri, 20, "tenure")
    tenure = Node(other, mentions=(extraction.document.passages[0],))
    triples: list[tuple[Triple, ...]] = [
        ((event, KG.deathToll, Literal("-1", XSD.integer)),),
        ((event, KG.date, Literal("2014-13", XSD.gYearMonth)),),
        ((event, KG.endDate, Literal("2010", XSD.gYear)),),
        ((event, KG.earliest, Literal("2020-01-01", XSD.date)),),
        ((event, KG.location, workers),),
        ((event, KG.participant, place),),
        ((event, KG.onPlatform, workers),),
        ((place, KG.stance, KGC.asserts),),
        ((place, KG.locatedIn, event), (workers, KG.country, place)),
        ((event, RDF.type, KG.Law),),
    ]
    made: list[Callable[[Extraction], Extraction]] = [
        lambda to, said=said: _with(to, *said)  # type: ignore[misc]
        for said in triples
    ]
    made += [
        lambda to: _with(to, *claim, (node.iri, KG.bound, KGC.asserts), node=node),
        lambda to: _with(to, *claim[:2], node=node),
        lambda to: _with(to, (other, RDF.type, KG.Tenure), (other, KG.holder, event), node=tenure),
        lambda to: replace(to, document=replace(to.document, sha256="no hash")),
    ]
    assert len(made) == UNEXPLAINED + 1
    return made


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    derandomize=True,
)
@given(chosen=st.sets(st.integers(0, UNEXPLAINED), min_size=1, max_size=4))
def test_whatever_is_wrong_the_rest_conforms_or_all_is_refused(strike: Extraction, chosen: set[int]) -> None:
    spoilt = strike
    for number in sorted(chosen):
        spoilt = _spoils(strike)[number](spoilt)
    reports: list[Report] = []
    pruning = _prune(spoilt, reports=reports)
    left, lost = _triples(pruning.extraction), _lost(pruning)
    if UNEXPLAINED in chosen:
        assert not pruning.report.conforms
        assert (pruning.extraction, pruning.pruned) == (spoilt, ())
        return
    assert judge(build_graph(pruning.extraction), reference=Graph()).conforms
    assert lost
    assert left | lost == _triples(spoilt)
    assert not left & lost
    # Nothing hangs in the air.
    typed = {s for s, p, _ in left if p == RDF.type}
    nodes = {node.iri for node in spoilt.nodes}
    assert all(s in typed and (o not in nodes or o in typed) for s, _, o in left)
    assert {node.iri for node in pruning.extraction.nodes} == {
        n for s, _, o in left for n in (s, o) if n in nodes
    }
    # What is out was blamed by a result, or spoke of a node that is gone.
    blamed = {(result.focus, result.message) for report in reports for result in report.violations}
    for pruned in pruning.pruned:
        said = pruned.assertion
        spoken_of = {str(said.subject), str(said.object)}
        assert {(node, pruned.message) for node in spoken_of} & blamed or (spoken_of & nodes) - typed
    # What has nothing to do with it stays: the arrest by the police.
    assert {
        (a.subject, a.predicate, a.object) for a in strike.assertions[6:] if a.predicate != KG.target
    } <= left


def test_a_passage_beyond_the_text_is_no_statement(strike: Extraction) -> None:
    beyond = Passage(0, 500, "Dock workers")
    nodes = (replace(strike.nodes[0], mentions=(beyond,)), *strike.nodes[1:])
    assert not _prune(replace(strike, nodes=nodes)).report.conforms
