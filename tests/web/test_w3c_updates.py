"""The updates, the protocol and the graph store protocol of the W3C SPARQL suites, over HTTP.

They change what they like, so the server is a plain one that anybody on this machine may write to. Before
each test the store is emptied, and gets the data of that test.
"""

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pyoxigraph as ox
import pytest
from live_server import Answer, Wire, serving
from w3c_known import KNOWN
from w3c_manifests import ROOT, Case, address, cases, parsed, requests

from kgraph.formats import formats_for

_KINDS = {
    "evaluated": ("UpdateEvaluationTest",),
    "positive": ("PositiveUpdateSyntaxTest", "PositiveUpdateSyntaxTest11"),
    "negative": ("NegativeUpdateSyntaxTest", "NegativeUpdateSyntaxTest11"),
    "protocol": ("ProtocolTest",),
    "graph_store": ("GraphStoreProtocolTest",),
}
#: The kinds of results of the protocol suite, as media types.
_FORMATS = {
    "boolean": {"application/sparql-results+json", "application/sparql-results+xml"},
    "tabular": {format_.media_type for format_ in formats_for("solutions")},
    "RDF": {format_.media_type for format_ in formats_for("graph")},
}
_STATUSES = {
    200: "OK", 201: "Created", 204: "NoContent", 400: "BadRequest", 404: "NotFound",
}  # fmt: skip


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    for fixture, kinds in _KINDS.items():
        if fixture in metafunc.fixturenames:
            found = [case.name for case in cases().values() if case.kind in kinds] if ROOT.is_dir() else []
            metafunc.parametrize(fixture, [_marked(name) for name in found or ["the suite"]])


def _marked(name: str) -> object:
    marks = [pytest.mark.xfail(reason=KNOWN[name], strict=True)] if name in KNOWN else []
    return pytest.param(name, marks=marks)


@pytest.fixture(scope="module")
def wire(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wire]:
    store = tmp_path_factory.mktemp("w3c") / "store"
    with serving(store, "--plain", "--open") as served:
        client = Wire(served.authority)
        yield client
        client.close()


def _put(wire: Wire, quads: list[ox.Quad]) -> None:
    """Put data in the place of all that is in the store."""
    body = ox.serialize(quads, format=ox.RdfFormat.N_QUADS)
    answer = wire.ask("PUT", "/store", {"Content-Type": "application/n-quads"}, body)
    assert answer.status == 204, answer.text


def _quads(files: list[tuple[str | None, Path]]) -> list[ox.Quad]:
    return [
        ox.Quad(
            quad.subject, quad.predicate, quad.object, quad.graph_name if name is None else ox.NamedNode(name)
        )
        for name, file in files
        for quad in parsed(file).quads
    ]


def _before(case: Case) -> list[ox.Quad]:
    return _quads([*((None, file) for file in case.default), *case.named])


def _update(wire: Wire, case: Case) -> Answer:
    assert case.query is not None
    text = f"BASE <{address(case.query)}>\n".encode() + case.query.read_bytes()
    return wire.ask("POST", "/update", {"Content-Type": "application/sparql-update"}, text)


def _canonical(quads: list[ox.Quad]) -> ox.Dataset:
    kept = ox.Store()  # the engine's own spelling of values
    kept.extend(quads)
    dataset = ox.Dataset(kept)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.UNSTABLE)
    return dataset


def test_an_update_leaves_what_it_should(wire: Wire, evaluated: str) -> None:
    case = cases()[evaluated]
    _put(wire, _before(case))
    answer = _update(wire, case)
    assert answer.status == 204, answer.text
    left = wire.ask("GET", "/store", {"Accept": "application/n-quads"})
    assert left.status == 200
    got = list(ox.parse(left.body, format=ox.RdfFormat.N_QUADS))
    assert _canonical(got) == _canonical(_quads(list(case.after))), left.text


def test_a_well_formed_update_is_taken(wire: Wire, positive: str) -> None:
    _put(wire, [])
    answer = _update(wire, cases()[positive])
    # That a graph is not there, or there already, is told when it is run.
    assert answer.status == 204 or "syntax error" not in answer.text, answer.text


def test_a_malformed_update_is_400_and_changes_nothing(wire: Wire, negative: str) -> None:
    case = cases()[negative]
    _put(wire, [])
    answer = _update(wire, case)
    assert answer.status == 400, answer.text
    assert wire.ask("GET", "/store", {"Accept": "application/n-quads"}).body == b""


def test_the_protocol(wire: Wire, protocol: str) -> None:
    case = cases()[protocol]
    _put(wire, _before(case))
    for request in requests(case):
        path = request.path.replace("/sparql/", "/sparql", 1)
        answer = wire.ask(request.method, path, request.headers, request.body)
        assert f"{answer.status // 100}xx" in request.statuses, answer.text
        if request.truth is not None:
            assert json.loads(answer.body)["boolean"] is request.truth
        if request.format_ is not None:
            assert answer.mimetype in _FORMATS[request.format_]


def test_the_graph_store_protocol(wire: Wire, graph_store: str) -> None:
    _put(wire, [])
    made: dict[str, str] = {}
    for request in requests(cases()[graph_store]):
        path = request.path.replace("/gsp", "/store", 1)
        for name, iri in made.items():
            path = iri if path == f"/{name}" else path.replace(name, quote(iri, safe=""))
        answer = wire.ask(request.method, path, request.headers, request.body)
        assert _STATUSES[answer.status] in request.statuses, answer.text
        if request.content is not None:
            assert answer.mimetype == "text/turtle"
            got, wanted = (_turtle(body) for body in (answer.body, request.content))
            assert got == wanted, answer.text
        if request.location is not None:
            made[request.location] = answer.headers["Location"]


def _turtle(body: bytes) -> ox.Dataset:
    return _canonical(list(ox.parse(body, format=ox.RdfFormat.TURTLE, base_iri="http://www.example/")))


def test_no_update_of_the_suites_is_left_out(shared: Path) -> None:
    kinds = Counter(case.kind for case in cases().values())
    assert shared.is_dir()
    assert {name: sum(kinds[kind] for kind in each) for name, each in _KINDS.items()} == {
        "evaluated": 97,
        "positive": 60,
        "negative": 15,
        "protocol": 34,
        "graph_store": 14,
    }
