"""What shapes see is one RDF graph, in whatever graphs and layers it lies."""

from concurrent.futures import ThreadPoolExecutor

import pyoxigraph as ox
import pytest
from engines import parse
from reports import results_of

from kgraph.shacl import Data, Layered, MemoryData, Shapes, StoreData, validate

HERE, THERE = ox.NamedNode("urn:graph:here"), ox.NamedNode("urn:graph:there")
PREFIX = 'ex:prefixes sh:declare [ sh:prefix "ex" ; sh:namespace "http://example.org/"^^xsd:anyURI ] .'


def _store(**graphs: str) -> StoreData:
    store = ox.Store()
    for name, turtle in graphs.items():
        graph = ox.DefaultGraph() if name == "default" else ox.NamedNode(f"urn:graph:{name}")
        store.extend(ox.Quad(q.subject, q.predicate, q.object, graph) for q in parse(turtle))
    return StoreData(store)


def _layered(**graphs: str) -> Layered:
    return Layered(*(MemoryData(parse(turtle)) for turtle in graphs.values()))


MAKERS = [_store, _layered]
QUERIES = [
    "SELECT $this ?value WHERE { $this ex:p ?value }",
    "SELECT $this WHERE { $this ex:p ?v } GROUP BY $this HAVING (COUNT(?v) = 1)",
]


def _count(shapes: str, data: Data) -> int:
    return sum(results_of(validate(Shapes.load(parse(f"{PREFIX} {shapes}")), data).triples()).values())


@pytest.mark.parametrize("maker", MAKERS)
def test_the_graphs_are_one(maker: object) -> None:
    """3.2: the data graph is an RDF graph, a set of triples; here the union of several."""
    data = maker(
        here="ex:a ex:p 1 . ex:a a ex:A .", there="ex:a ex:p 1, 2 .", default="ex:A rdfs:subClassOf ex:B ."
    )
    assert _count("ex:S sh:targetClass ex:B ; sh:path ex:p ; sh:maxCount 2 .", data) == 0
    assert _count("ex:S sh:targetClass ex:B ; sh:path ex:p ; sh:maxCount 1 .", data) == 1
    assert _count("ex:S sh:targetNode ex:a ; sh:closed true .", data) == 3


@pytest.mark.parametrize("select", QUERIES)
@pytest.mark.parametrize("maker", [_layered, _store])
def test_a_triple_that_two_graphs_have_is_one_triple_to_a_query(maker: object, select: str) -> None:
    """3.2, 5.3.1: a query is asked of the data graph, which has each triple once."""
    shapes = f'ex:S sh:targetNode ex:a ; sh:sparql [ sh:prefixes ex:prefixes ; sh:select "{select}" ] .'
    assert _count(shapes, maker(here="ex:a ex:p 1 .", there="ex:a ex:p 1 .")) == 1


@pytest.mark.parametrize("maker", MAKERS)
def test_blank_nodes_of_several_graphs_are_what_they_are_labelled(maker: object) -> None:
    """The graphs share their blank nodes: a label means one node in all of them."""
    data = maker(here="_:x ex:p 1 .", there="_:x ex:p 2 . _:y ex:p 1 .")
    assert _count("ex:S sh:targetSubjectsOf ex:p ; sh:path ex:p ; sh:maxCount 1 .", data) == 1


def test_a_store_may_change_between_two_runs() -> None:
    """3.4: each run sees the data graph as it is then."""
    store = ox.Store()
    shapes = Shapes.load(parse("ex:S sh:targetSubjectsOf ex:p ; sh:path ex:p ; sh:maxCount 1 ."))
    for triples, results in (("ex:a ex:p 1 .", 0), ("ex:a ex:p 2 .", 1)):
        store.extend(ox.Quad(q.subject, q.predicate, q.object, HERE) for q in parse(triples))
        assert len(validate(shapes, StoreData(store)).results) == results


def test_quads_of_any_graph_are_triples_in_memory() -> None:
    quads = [
        ox.Quad(q.subject, q.predicate, q.object, g) for q in parse("ex:a ex:p 1 .") for g in (HERE, THERE)
    ]
    shapes = Shapes.load(parse("ex:S sh:targetNode ex:a ; sh:path ex:p ; sh:maxCount 1 ."))
    assert validate(shapes, MemoryData(quads)).conforms


def test_there_may_be_no_data_and_no_shapes() -> None:
    for data in (MemoryData(), StoreData(ox.Store()), Layered(), Layered(MemoryData(), MemoryData())):
        assert validate(Shapes.load([]), data).conforms
        assert not validate(Shapes.load(parse("ex:S sh:targetNode ex:a ; sh:in () .")), data).conforms


def test_threads_may_share_shapes_and_data() -> None:
    ask = "SELECT $this WHERE { $this ex:p ?v } GROUP BY $this HAVING (COUNT(?v) > 1)"
    shapes = Shapes.load(
        parse(
            f"""{PREFIX} ex:S sh:targetSubjectsOf ex:p ; sh:class ex:A ;
                sh:sparql [ sh:prefixes ex:prefixes ; sh:select "{ask}" ] ."""
        )
    )
    data = MemoryData(parse("\n".join(f"ex:n{n} ex:p {n}, {n + n % 2} ; a ex:B ." for n in range(200))))
    with ThreadPoolExecutor(8) as pool:
        reports = list(pool.map(lambda _: validate(shapes, data).results, range(16)))
    assert len(reports[0]) == 300
    assert all(results == reports[0] for results in reports)
