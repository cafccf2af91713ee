"""After each change, what is known of every focus node is what a full validation would say of it."""

import pyoxigraph as ox
import pytest
from cases import mixed_cases
from differential import data_graphs
from engines import parse, pyshacl_results
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test
from reports import results_of

from kgraph.shacl import Delta, MemoryData, Node, Shapes, ValidationReport, recheck

Triples = set[ox.Triple]


class Documents(RuleBasedStateMachine):
    """Documents come, change and go; verdicts are kept, and only those that a change touches are renewed."""

    @initialize(case=mixed_cases())
    def begin(self, case) -> None:
        self.written = parse(case.shapes)
        self.graphs = data_graphs(case.words)
        self.shapes = Shapes.load(self.written)
        self.documents: dict[str, Triples] = {}
        self.verdicts = {
            (shape, node): results
            for shape, nodes in recheck(self.shapes, Delta(MemoryData())).verdicts.items()
            for node, results in nodes.items()
        }
        for shape in self.shapes.targeted:
            for node in shape.focus_nodes(MemoryData()):
                self.verdicts[shape, node] = ()
        self._change({"first": _triples(case.data)}, whole=True)

    @rule(name=st.sampled_from(["first", "second", "third"]), data=st.data())
    def put(self, name: str, data) -> None:
        self._change({**self.documents, name: _triples(data.draw(self.graphs))})

    @rule(name=st.sampled_from(["first", "second", "third"]), data=st.data())
    def take_out(self, name: str, data) -> None:
        """A document without one of its triples, or gone when it has none left."""
        triples = sorted(self.documents.get(name, ()), key=str)
        if triples:
            left = set(triples) - {data.draw(st.sampled_from(triples))}
            self._change({**self.documents, name: left})

    @rule(name=st.sampled_from(["first", "second", "third"]))
    def remove(self, name: str) -> None:
        self._change({other: graph for other, graph in self.documents.items() if other != name})

    def _change(self, documents: dict[str, Triples], whole: bool = False) -> None:
        before, after = _union(self.documents), _union(documents)
        delta = Delta(_data(before), removed=before - after, added=after - before)
        for shape, nodes in recheck(self.shapes, delta).verdicts.items():
            for node, results in nodes.items():
                self.verdicts[shape, node] = results
        if whole:  # nodes that shapes name are focus nodes before anything is said of them
            for shape in self.shapes.targeted:
                for target in shape.targets:
                    if target.predicate is None:
                        self._renew(shape, set(target.nodes(delta.after)), delta)
        self.documents = documents
        self._compare(after)

    def _renew(self, shape, nodes: set[Node], delta: Delta) -> None:
        from kgraph.shacl.validation import Run

        for node in nodes:
            self.verdicts[shape, node] = ()
        found: dict[Node, list] = {}
        for focus, result in Run(self.shapes, delta.after).found(shape, nodes):
            found.setdefault(focus, []).append(result)
        for node, results in found.items():
            self.verdicts[shape, node] = results

    def _compare(self, union: Triples) -> None:
        kept = ValidationReport.of(result for results in self.verdicts.values() for result in results)
        _, expected = pyshacl_results(self.written, [ox.Quad(*triple) for triple in union])
        assert results_of(kept.triples()) == expected


def _triples(turtle: str) -> Triples:
    return {quad.triple for quad in parse(turtle)}


def _union(documents: dict[str, Triples]) -> Triples:
    return set().union(*documents.values())


def _data(triples: Triples) -> MemoryData:
    return MemoryData(triples)


_HOW = settings(
    deadline=None,
    stateful_step_count=6,
    suppress_health_check=list(HealthCheck),
    database=None,
    # Not shrunk: that takes very many runs of pySHACL, and the steps are short.
    phases=[Phase.generate],
)


def test_verdicts_kept_from_change_to_change_are_those_of_pyshacl_on_the_whole() -> None:
    run_state_machine_as_test(Documents, settings=settings(_HOW, max_examples=100, derandomize=True))


@pytest.mark.slow
def test_verdicts_kept_from_change_to_change_are_those_of_pyshacl_on_the_whole_many_times() -> None:
    run_state_machine_as_test(Documents, settings=settings(_HOW, max_examples=1500))
