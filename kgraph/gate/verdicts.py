"""The verdict on what comes and what goes.

What a document says is judged alone, against the shapes that see it with the ontology and the reference
data; then with all that the store holds, at those focus nodes, old and new, that the change can touch.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain, islice
from typing import TYPE_CHECKING

import pyoxigraph as ox

from kgraph.gate.report import Finding, is_refused, make_report
from kgraph.gate.shapes import Scope, load_shapes, ontology_data
from kgraph.iris import OWN_GRAPHS, Minter
from kgraph.namespaces import KG, RDF
from kgraph.records import Report
from kgraph.shacl import (
    Changed,
    Data,
    Delta,
    Lasting,
    Layered,
    MemoryData,
    Node,
    StoreData,
    recheck,
    touched,
    validate,
)
from kgraph.store import Triples, View, engine_triples

if TYPE_CHECKING:
    from rdflib import Graph


def judge(graph: "Graph | Triples", *, reference: "Graph | Triples") -> Report:
    """Whether a document's named graph is right in itself.

    The evidence and all that is local is checked first, on the document's own graph; what needs reference
    data only if that holds, or its results would say the same thing again.

    :param graph: the document's named graph.
    :param reference: what the reference graph says of the nodes that it uses.
    :raises GateError: if the shapes cannot be applied; never for data that do not conform.
    """
    return _judge(MemoryData(engine_triples(graph)), MemoryData(engine_triples(reference)))


def stored_judge(view: View, minter: Minter) -> Callable[[str], Report]:
    """As `judge`, of graphs that are in the store, by their names.

    The reference data are read once for all of them: looked up in the database node by node, they cost most
    of what judging a large graph does.
    """
    reference = Lasting(_quads(view, minter.graph("reference")))
    return lambda graph: _judge(MemoryData(_quads(view, graph)), reference)


def _quads(view: View, graph: str) -> Iterator[ox.Quad]:
    return view.engine.quads_for_pattern(None, None, None, ox.NamedNode(graph))


_TYPE = ox.NamedNode(RDF.type)
#: How many nodes are judged together of those that bear on no other.
_PART = 20_000

#: Classes of which no shape across all graphs speaks, and of which there are more nodes than of all others.
_OF_EVIDENCE = frozenset(ox.NamedNode(KG[name]) for name in ("Assertion", "Passage", "Record"))


def judge_union(view: View) -> Report:
    """Whether all that is in the store is right together.

    Memory stays flat: nodes of which these shapes see a class and nothing else are judged part by part. No
    other node bears on the verdict on one of them.
    """
    shapes, seen = load_shapes(Scope.ALL), _union(view)
    if shapes.predicates is None:  # they may look at anything
        return make_report([(validate(shapes, seen), seen)])
    said = list(seen.triples(shapes.predicates - {_TYPE}))
    related: set[Node] = {node for each in said for node in (each.subject, each.object)}  # type: ignore[misc]
    settled, findings = set(related), []
    for nodes in chain([related], _parts(_typed(seen, settled))):
        types = [(node, each) for node in nodes for each in seen.objects(node, _TYPE)]
        triples = (ox.Triple(node, _TYPE, each) for node, each in types)  # type: ignore[arg-type]
        data = MemoryData(chain(said, triples), stored=True)
        findings.append((validate(shapes, data, focus=nodes), seen))
        settled |= {node for node in nodes if len(data.objects(node, _TYPE)) > 1}  # they come again
    return make_report(findings)


def _typed(data: Data, but: Collection[Node]) -> Iterator[Node]:
    """The nodes that have a class, those of several classes for each of them."""
    for each in data.triples([_TYPE]):
        if each.object not in _OF_EVIDENCE and each.subject not in but:
            yield each.subject  # type: ignore[misc]  # no triple


def _parts(nodes: Iterator[Node]) -> Iterator[set[Node]]:
    while part := set(islice(nodes, _PART)):
        yield part


def judge_merged(
    view: View, nodes: Collection[str], minter: Minter, change: "Change | None" = None
) -> Report:
    """Whether some nodes could be one, by the shapes that hold across all graphs.

    What the store says of each is taken as said of the first; the store itself is not changed.

    :param nodes: IRIs.
    :param change: what is to come and to go at the same time, if anything.
    :raises GateError: if the shapes cannot be applied.
    """
    one = ox.NamedNode(min(nodes))
    after = _said_of(view, nodes, minter, change or Change())
    said = [ox.Triple(one, triple.predicate, triple.object) for triple in after]
    seen = Layered(MemoryData(said), ontology_data())
    return make_report([(validate(load_shapes(Scope.ALL), seen, focus={one}), seen)])


def _said_of(view: View, nodes: Collection[str], minter: Minter, change: "Change") -> Iterator[ox.Triple]:
    """What is said of nodes after a change, in any graph."""
    # What the default graph holds is said in the others.
    gone = {ox.DefaultGraph(), *(ox.NamedNode(name) for name in (*change.entering, *change.leaving))}
    reference = ox.NamedNode(minter.graph("reference"))
    old_facts = {ox.Quad(each.subject, each.predicate, each.object, reference) for each in change.old_facts}
    for node in sorted(nodes):
        for quad in view.engine.quads_for_pattern(ox.NamedNode(node), None, None, None):
            if quad.graph_name not in gone and quad not in old_facts:
                yield quad.triple
    coming = {ox.NamedNode(node) for node in nodes}
    for triples in (*change.entering.values(), change.facts):
        yield from (triple for triple in triples if triple.subject in coming)


def _union(view: View) -> Data:
    return Layered(StoreData(view.engine, view.union_graphs), ontology_data())


def _reference(view: View, minter: Minter) -> StoreData:
    return StoreData(view.engine, [ox.NamedNode(minter.graph("reference"))])


def _judge(own: MemoryData, reference: Data) -> Report:
    focus = own.nodes()
    alone = Layered(own, ontology_data())
    local = validate(load_shapes(Scope.DOCUMENT), alone, focus=focus)
    if is_refused(local):
        return make_report([(local, alone)])
    seen = Layered(own, reference, ontology_data())
    wider = validate(load_shapes(Scope.REFERENCE), seen, focus=focus)
    return make_report([(local, alone), (wider, seen)])


@dataclass(frozen=True)
class Change:
    """What is to come into the store and to go, all at once.

    :param entering: graphs of documents, by their names; each takes the place of what had its name.
    :param leaving: names of graphs that go.
    :param facts: reference data to come.
    :param old_facts: reference data to go.
    :param links: what comes into the links graph, beside what is there.
    :param judged: names of graphs that are there, and were judged with these facts.
    """

    entering: Mapping[str, Triples] = field(default_factory=dict)
    leaving: Collection[str] = ()
    facts: Triples = field(default_factory=list)
    old_facts: Triples = field(default_factory=list)
    links: Triples = field(default_factory=list)
    judged: Collection[str] = ()


def judge_change(view: View, change: Change, minter: Minter) -> Report:
    """Whether the store stays right with a change, as far as that is more than each document by itself.

    :param view: what is committed.
    :raises GateError: if the shapes cannot be applied.
    """
    union = _union(view)
    facts, old_facts = change.facts, change.old_facts
    entering = [triple for graph in change.entering.values() for triple in graph]
    going = set(_going(view, change, minter, old_facts))
    delta = Delta(union, added=[*entering, *facts, *change.links], removed=_said_nowhere_else(view, going))
    findings = [(recheck(load_shapes(Scope.ALL), delta).report, delta.after)]
    if facts or old_facts:
        findings += _judge_bystanders(view, change, minter, Delta(union, added=facts, removed=old_facts))
    return make_report(findings)


def _going(view: View, change: Change, minter: Minter, old_facts: Iterable[ox.Triple]) -> Iterator[ox.Quad]:
    for name in (*change.entering, *change.leaving):
        yield from view.engine.quads_for_pattern(None, None, None, ox.NamedNode(name))
    reference = ox.NamedNode(minter.graph("reference"))
    for triple in old_facts:
        yield ox.Quad(triple.subject, triple.predicate, triple.object, reference)


def _said_nowhere_else(view: View, going: set[ox.Quad]) -> Iterator[ox.Triple]:
    """The triples that no graph holds any more once some quads have gone."""
    for quad in going:
        holders = view.engine.quads_for_pattern(quad.subject, quad.predicate, quad.object, None)
        named = (held for held in holders if held.graph_name != ox.DefaultGraph())
        if all(held in going for held in named):
            yield quad.triple


def _judge_bystanders(view: View, change: Change, minter: Minter, delta: Delta) -> Iterator[Finding]:
    """The verdicts on other documents that use reference data which change."""
    shapes = load_shapes(Scope.REFERENCE)
    nodes = {node for nodes in touched(shapes, delta).values() for node in nodes}
    after = Changed(_reference(view, minter), added=delta.added, removed=delta.removed)
    settled = {*change.entering, *change.leaving, *change.judged}
    for name in sorted(_graphs_about(view, nodes, minter) - settled):
        own = StoreData(view.engine, [ox.NamedNode(name)])
        seen = Layered(own, after, ontology_data())
        focus = {node for node in nodes if own.about(node)}
        yield validate(shapes, seen, focus=focus), seen


def _graphs_about(view: View, nodes: Iterable[object], minter: Minter) -> set[str]:
    """Names of the documents' graphs that say something of some nodes."""
    ours = {minter.graph(name) for name in OWN_GRAPHS}
    names = {
        quad.graph_name.value
        for node in nodes
        if not isinstance(node, ox.Literal)
        for quad in view.engine.quads_for_pattern(node, None, None, None)  # type: ignore[arg-type]
        if isinstance(quad.graph_name, ox.NamedNode)
    }
    return names - ours
