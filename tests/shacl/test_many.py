"""Many focus nodes are asked about at once, and a large store is read into memory: nothing else is found."""

from collections import Counter

import pyoxigraph as ox
import pytest
from cases import _ASKED_PATHS, _DECLARED, _ON_NODES, _ON_PROPERTIES
from engines import parse
from reports import results_of

from kgraph.shacl import MemoryData, Shapes, StoreData, validate

_MORE = [
    "SELECT $this ?value WHERE { $this ex:p ?value . FILTER (?value != $this) }",
    "SELECT $this WHERE { { ?x ex:q ex:n3 } { $this ex:p ?x . FILTER (?x = $this) } }",
    "SELECT $this WHERE { $this ex:q ?x . { ?y ex:p ?x . FILTER (?y = $this) } }",
    "SELECT $this ?value WHERE { ?value ex:p $this . BIND ($this AS ?me) FILTER EXISTS { ?me ex:q $this } }",
    "SELECT $this ?value WHERE { $this ex:p ?value } ORDER BY ?value LIMIT 1",
    "SELECT $this WHERE { FILTER EXISTS { $this ex:p $this } }",
]


def _data() -> list[ox.Quad]:
    """A hundred nodes that are joined in several ways, some of them without an address."""
    lines = []
    for n in range(100):
        node = f"_:n{n}" if n % 9 == 0 else f"ex:n{n}"
        lines.append(f"{node} ex:p ex:n{n * 7 % 50}, ex:n{n % 11}, {n % 4} ; ex:q ex:n{n * 3 % 20} .")
        lines.append(f'{node} a {"ex:A" if n % 3 else "ex:B"} ; ex:r "t{n % 5}"@en .')
    lines.append("ex:n1 ex:p ex:n1 . ex:n4 ex:p ex:n4 ; ex:q ex:n4 .")
    return parse("\n".join(lines))


@pytest.mark.parametrize("query", [*_ON_NODES, *_MORE])
def test_a_query_finds_of_many_nodes_what_it_finds_of_each(query: str) -> None:
    _compare(f'sh:sparql [ sh:prefixes ex:prefixes ; sh:select """{query}""" ]')


@pytest.mark.parametrize("path", _ASKED_PATHS)
@pytest.mark.parametrize("query", _ON_PROPERTIES)
def test_a_query_finds_along_a_path_of_many_nodes_what_it_finds_of_each(query: str, path: str) -> None:
    _compare(f'sh:path {path} ; sh:sparql [ sh:prefixes ex:prefixes ; sh:select """{query}""" ]')


def _compare(constraint: str) -> None:
    shapes = Shapes.load(
        parse(f"{_DECLARED} ex:S sh:targetSubjectsOf ex:p ; sh:targetObjectsOf ex:p ; {constraint} .")
    )
    data = MemoryData(_data())
    one_by_one: Counter = Counter()
    for node in data.nodes():
        one_by_one += results_of(validate(shapes, data, focus={node}).triples())
    assert results_of(validate(shapes, data).triples()) == one_by_one
    store = ox.Store()
    store.extend(ox.Quad(*quad.triple, ox.NamedNode(f"urn:g{n % 7}")) for n, quad in enumerate(_data()))
    store.extend(ox.Quad(*quad.triple, ox.NamedNode("urn:again")) for quad in _data()[::2])
    assert results_of(validate(shapes, StoreData(store)).triples()) == one_by_one
