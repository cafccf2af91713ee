"""SHACL engines on the same files: what `gate.py` compares, and the data and shapes that it gives them."""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox
from synthetic import FAULTS, FAULTY_EVERY, quads

from kgraph.iris import Minter
from kgraph.ontology import ontology_graph, read_turtle
from kgraph.resources import resource
from kgraph.store import engine_triples

if TYPE_CHECKING:
    from rdflib import Graph

Answer = dict[str, Any]


def make_data(size: str, place: str) -> Answer:
    """Triples, a store and both kinds of shapes in a folder; gives the counts that are expected."""
    ontology = ox.NamedNode(Minter().graph("ontology"))
    kinds = [ox.Quad(t.subject, t.predicate, t.object, ontology) for t in engine_triples(ontology_graph())]
    said = list(quads(int(size), faulty=True))
    triples = dict.fromkeys(quad.triple for quad in said)
    ox.serialize((*triples, *(q.triple for q in kinds)), f"{place}/data.nt", format=ox.RdfFormat.N_TRIPLES)
    store = ox.Store(f"{place}/store")
    store.bulk_extend((*said, *kinds))
    store.optimize()
    documents = len({quad.graph_name for quad in said})
    expected: Counter[str] = Counter()
    for _, found in FAULTS.values():
        expected.update(dict.fromkeys(found, -(-documents // FAULTY_EVERY)))
    for kind in ("all", "core"):
        shapes_graph(kind).serialize(f"{place}/{kind}.ttl", format="turtle")
    core = {component: number for component, number in expected.items() if component != "SPARQL"}
    return {"triples": len(triples), "documents": documents, "expected": {"all": expected, "core": core}}


#: What kgs:unsaid-assertion and kgs:offsets-in-text ask of a document, asked of each assertion and passage.
_EACH = """
@prefix kgs: <https://w3id.org/kgraph/shapes#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
kgs:assertion sh:sparql [ sh:prefixes <https://w3id.org/kgraph/shapes/evidence> ; sh:select '''
    SELECT $this ?path ?value WHERE {
        $this rdf:subject ?node ; rdf:predicate ?path ; rdf:object ?value .
        FILTER NOT EXISTS { ?node ?path ?value }
    }''' ] .
kgs:passage sh:sparql [ sh:prefixes <https://w3id.org/kgraph/shapes/evidence> ; sh:select '''
    SELECT $this ?value WHERE {
        $this oa:hasSelector ?position ; oa:hasSelector/oa:exact ?value .
        ?position oa:start ?start ; oa:end ?end .
        FILTER (STRLEN(?value) != ?end - ?start)
    }''' ] .
"""


def shapes_graph(kind: str) -> "Graph":
    """The shapes of a full run.

    Left out are four constraints in SPARQL that speak of the whole graph of its one document:
    kgs:unsupported-triple, unsaid-assertion, offsets-in-text and names-language.

    :param kind: `core` is without any SPARQL; `all` is with the order of dates, and asks of each
        assertion and each passage what two of the four ask of a document.
    """
    from rdflib import SH, Namespace

    graph = read_turtle(*sorted(resource("ontology", "shapes").glob("*.ttl")))
    shapes = Namespace("https://w3id.org/kgraph/shapes#")
    of_documents = (shapes.document, shapes["names-language"])
    for shape in of_documents if kind == "all" else list(graph.subjects(SH.sparql)):
        for constraint in list(graph.objects(shape, SH.sparql)):
            graph.remove((shape, SH.sparql, constraint))
            graph.remove((constraint, None, None))
    return graph.parse(data=_EACH, format="turtle") if kind == "all" else graph


# Engines: each yields when it has read its files, then the components of its results.


def _pyshacl(data: Path, shapes: Path) -> Iterator[list[str]]:
    """On rdflib's memory store, as its own command does it."""
    import logging

    from pyshacl import validate
    from rdflib import SH, Graph

    logging.disable()  # rdflib tells of each literal that it cannot read, such as the month 13
    graph, shacl_graph = Graph().parse(data / "data.nt", format="nt"), Graph().parse(shapes)
    yield []
    _, report, _ = validate(graph, shacl_graph=shacl_graph, inference="none", advanced=False)
    # not the results in sh:detail, which the others do not give
    yield [
        str(report.value(result, SH.sourceConstraintComponent)) for result in report.objects(None, SH.result)
    ]


def _pyrudof(data: Path, shapes: Path) -> Iterator[list[str]]:
    """Rudof's native mode."""
    from pyrudof import RDFFormat, Rudof, RudofConfig

    rudof = Rudof(RudofConfig())
    rudof.read_data(data / "data.nt", format=RDFFormat.NTriples)
    rudof.read_shacl(shapes)
    yield []
    yield [str(entry.constraint_component) for entry in rudof.validate_shacl().violations]


def _memory(data: Path, shapes: Path) -> Iterator[list[str]]:
    """kgraph.shacl on triples in memory."""
    from kgraph.shacl import MemoryData, Shapes, validate

    compiled = Shapes.load(ox.parse(path=shapes))
    triples = MemoryData(ox.parse(path=data / "data.nt"))
    yield []
    yield [result.component.value for result in validate(compiled, triples).results]


def _store(data: Path, shapes: Path) -> Iterator[list[str]]:
    """kgraph.shacl on the union of the named graphs of a store on disk."""
    from kgraph.shacl import Shapes, StoreData, validate

    compiled = Shapes.load(ox.parse(path=shapes))
    store = StoreData(ox.Store.read_only(str(data / "store")))
    yield []
    yield [result.component.value for result in validate(compiled, store).results]


@dataclass(frozen=True)
class Engine:
    """An engine, and the package that it needs."""

    package: str
    run: Callable[[Path, Path], Iterator[list[str]]]

    def __call__(self, data: str, shapes: str) -> Answer:
        """Seconds of reading and of validating, and the number of results of each constraint component."""
        steps = self.run(Path(data), Path(data, f"{shapes}.ttl"))
        start = clocks()
        next(steps)
        read_s, read_cpu_s = since(start)
        start = clocks()
        components = next(steps)
        validate_s, validate_cpu_s = since(start)
        names = (c.rpartition("#")[2].rpartition(":")[2] for c in components)
        return {
            "read_s": read_s,
            "validate_s": validate_s,
            "validate_cpu_s": validate_cpu_s,
            "whole_cpu_s": read_cpu_s + validate_cpu_s,
            "results": Counter(name.removesuffix("ConstraintComponent") for name in names),
        }


def clocks() -> tuple[float, float]:
    """The clock, and the processor time of this process, in seconds."""
    return time.perf_counter(), time.process_time()


def since(start: tuple[float, float]) -> tuple[float, float]:
    """What has passed of both."""
    return time.perf_counter() - start[0], time.process_time() - start[1]


ENGINES = {
    "pyshacl": Engine("pyshacl", _pyshacl),
    "pyrudof": Engine("pyrudof", _pyrudof),
    "memory": Engine("kgraph.shacl", _memory),
    "store": Engine("kgraph.shacl", _store),
}
