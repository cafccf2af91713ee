"""Our engine against pySHACL on generated shapes and data: both have to give the same results."""

from collections import Counter

import pyoxigraph as ox
import pytest
from cases import FEATURES, Case, focused_cases, mixed_cases, outcome
from engines import parse, pyshacl_results, report_of, survive
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from reports import Key, results_of

from kgraph.shacl import Layered, MemoryData, Shapes, StoreData, validate

_SLOW_MAKERS = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
_PHASES = [Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink]
always = settings(deadline=None, phases=_PHASES, suppress_health_check=_SLOW_MAKERS)
bounded = settings(always, derandomize=True, database=None)
long = settings(always, print_blob=True)


#: How often more cases are tried where a feature was not seen both failing and passing.
_ROUNDS = 10


def _agree(case: Case) -> Counter[Key]:
    """Let both engines judge; they have to say the same."""
    shapes, data = parse(case.shapes), parse(case.data)
    conforms, expected = pyshacl_results(shapes, data)
    report = validate(Shapes.load(shapes), MemoryData(data))
    assert results_of(report.triples()) == expected
    assert report.conforms is conforms
    return expected


@pytest.mark.parametrize("feature", FEATURES)
def test_each_feature_fails_and_passes_as_in_pyshacl(feature: str) -> None:
    _run(feature, 24, bounded)


@pytest.mark.slow
@pytest.mark.parametrize("feature", FEATURES)
def test_each_feature_fails_and_passes_as_in_pyshacl_many_times(feature: str) -> None:
    _run(feature, 250, long)


def _run(feature: str, times: int, how: settings) -> None:
    seen: Counter[str] = Counter()

    def is_enough() -> bool:
        return seen["passing"] > 0 and (seen["failing"] > 0 or feature == "deactivated")

    # What hypothesis makes depends on the modules that are loaded: one round may see one outcome alone.
    for number in range(_ROUNDS):

        @seed(number)
        @settings(how, max_examples=times)
        @given(focused_cases(feature))
        def compare(case: Case) -> None:
            failing, passing = outcome(feature, case, _agree(case))
            seen.update(failing=failing, passing=passing)

        compare()
        if is_enough():
            break
    print(f"{feature}: {seen['failing']} cases failed somewhere, {seen['passing']} passed somewhere")
    assert is_enough()
    assert bool(seen["failing"]) is (feature != "deactivated")


@settings(bounded, max_examples=150)
@given(mixed_cases())
def test_mixed_shapes_give_the_results_of_pyshacl(case: Case) -> None:
    _agree(case)


@pytest.mark.slow
@settings(long, max_examples=5000)
@given(mixed_cases())
def test_mixed_shapes_give_the_results_of_pyshacl_many_times(case: Case) -> None:
    _agree(case)


@settings(bounded, max_examples=100)
@given(mixed_cases())
def test_the_results_of_the_focus_nodes_are_those_of_the_whole(case: Case) -> None:
    shapes, data = Shapes.load(parse(case.shapes)), parse(case.data)
    whole = validate(shapes, MemoryData(data))
    nodes = {term for quad in (*data, *parse(case.shapes)) for term in (quad.subject, quad.object)}
    parts: Counter[Key] = Counter()
    for node in nodes:
        parts += results_of(validate(shapes, MemoryData(data), focus={node}).triples())
    assert parts == results_of(whole.triples())


@settings(bounded, max_examples=100)
@given(mixed_cases(), st.randoms(use_true_random=False))
def test_results_do_not_depend_on_the_order_of_triples(case: Case, random: object) -> None:
    shapes, data = parse(case.shapes), parse(case.data)
    one = validate(Shapes.load(shapes), MemoryData(data))
    random.shuffle(shapes)
    random.shuffle(data)
    other = validate(Shapes.load(shapes), MemoryData(data))
    assert [repr(r) for r in one.results] == [repr(r) for r in other.results]


@settings(bounded, max_examples=200)
@given(mixed_cases())
def test_a_store_and_a_layered_graph_are_judged_as_the_graph_in_memory(case: Case) -> None:
    """A triple that two graphs have is one triple of their union."""
    written, data = parse(case.shapes), parse(case.data)
    shapes = Shapes.load(written)
    expected = results_of(validate(shapes, MemoryData(data)).triples())
    third = len(data) // 3
    one, other = data[: 2 * third], data[third:]
    layered = Layered(MemoryData(one), MemoryData(other))
    assert results_of(validate(shapes, layered).triples()) == expected
    if survive(written) and survive(data):
        overlap = one if "sh:select" not in case.shapes else one[:third]
        store = ox.Store()
        for graph, quads in (("urn:graph:1", overlap), ("urn:graph:2", other)):
            store.extend(ox.Quad(q.subject, q.predicate, q.object, ox.NamedNode(graph)) for q in quads)
        assert results_of(validate(shapes, StoreData(store)).triples()) == expected


@settings(bounded, max_examples=100)
@given(mixed_cases())
def test_a_report_says_in_rdf_what_its_results_say(case: Case) -> None:
    report = report_of(case.shapes, case.data)
    assert report.conforms is (not report.results)
    told = Counter(
        (str(r.focus_node), str(r.value or ""), str(r.component), str(r.source_shape), str(r.severity))
        for r in report.results
    )
    keys = results_of(report.triples())
    shacl = "<http://www.w3.org/ns/shacl#{}>"
    assert sum(told.values()) == sum(keys.values())
    assert {(f, v, c, s) for f, v, c, s, _ in told} == {
        (f, v, shacl.format(c), s) for f, _, v, c, s, _ in keys
    }
