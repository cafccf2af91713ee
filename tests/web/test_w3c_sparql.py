"""The queries of the W3C SPARQL suites 1.0, 1.1 and 1.2, asked of `kgraph serve` over HTTP.

All data lie in one store, every file in a graph of its own; a test names its dataset by
`default-graph-uri` and `named-graph-uri`, or in the query. Updates and protocols: test_w3c_updates. What
`w3c_manifests.LEFT_OUT` names is left out.
"""

import re
import zlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urlencode

import pyoxigraph as ox
import pytest
from live_server import Wire, serving
from w3c_known import KNOWN
from w3c_manifests import ROOT, Case, Index, address, cases, file_of, parsed
from w3c_results import Result, expected, is_same, read_solutions

from kgraph.store import open_store

_EVALUATION = ("QueryEvaluationTest", "CSVResultFormatTest")
_NEGATIVE = ("NegativeSyntaxTest", "NegativeSyntaxTest11")
_POSITIVE = ("PositiveSyntaxTest", "PositiveSyntaxTest11")

#: The suffix of a result file and what to ask for it.
_ACCEPT = {
    ".srx": "application/sparql-results+xml",
    ".srj": "application/sparql-results+json",
    ".csv": "text/csv",
    ".tsv": "text/tab-separated-values",
}
_SD = "http://www.w3.org/ns/sparql-service-description#"

#: A dataset clause with the address of a file.
_NAMES_FILE = re.compile(r"(?i)\bFROM\s+(?:NAMED\s+)?<([^>]*)>")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    for fixture, kinds in (
        ("evaluation", _EVALUATION),
        ("negative", _NEGATIVE),
        ("positive", _POSITIVE),
    ):
        if fixture in metafunc.fixturenames:
            metafunc.parametrize(fixture, [_marked(name) for name in _names(kinds)])


def _names(kinds: tuple[str, ...]) -> list[str]:
    found = [case.name for case in cases().values() if case.kind in kinds] if ROOT.is_dir() else []
    return [name for name in found if not _is_update(cases()[name])] or ["the suite"]


def _is_update(case: Case) -> bool:
    return case.query is not None and case.query.suffix == ".ru"


def _marked(name: str) -> object:
    marks = [pytest.mark.xfail(reason=KNOWN[name], strict=True)] if name in KNOWN else []
    return pytest.param(name, marks=marks)


@pytest.fixture(scope="module")
def wire(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wire]:
    store = tmp_path_factory.mktemp("w3c") / "store"
    with open_store(store, create=True) as opened, opened.writer() as writer:
        for iri, triples in _graphs().items():
            writer.insert(iri, ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES))
        writer.commit()
    with serving(store) as served:
        client = Wire(served.authority)
        yield client
        client.close()


def _graphs() -> dict[str, list[ox.Triple]]:
    """All data that queries are asked of: the files under their addresses, what they name under its name."""
    files: dict[str, Path] = {}
    for case in cases().values():
        if case.kind in _EVALUATION:
            files |= {address(file): file for file in case.default} | dict(case.named)
            files |= {each: file_of(ox.NamedNode(each)) for each in _from(case)}
    graphs: dict[str, list[ox.Triple]] = {}
    for iri, file in files.items():
        for quad in parsed(file).quads:
            name = iri if isinstance(quad.graph_name, ox.DefaultGraph) else quad.graph_name.value
            graphs.setdefault(name, []).append(quad.triple)
    return graphs


def _from(case: Case) -> list[str]:
    """The files that a query itself names for its dataset."""
    assert case.query is not None
    files = _NAMES_FILE.findall(case.query.read_text(encoding="utf-8"))
    return [address(case.query.parent / file) for file in files if (case.query.parent / file).is_file()]


def _dataset(case: Case) -> list[tuple[str, str]]:
    """The parameters that say what is asked; none for what the query says itself."""
    if _NAMES_FILE.search(case.query.read_text(encoding="utf-8")):
        return []
    default = [("default-graph-uri", address(file)) for file in case.default]
    named = [("named-graph-uri", iri) for iri, _ in case.named]
    inside = {
        quad.graph_name.value
        for file in case.default
        for quad in parsed(file).quads
        if not isinstance(quad.graph_name, ox.DefaultGraph)
    }
    fields = default + named + [("named-graph-uri", iri) for iri in sorted(inside)]
    return fields or [("union-default-graph", "false")]


def _ask(wire: Wire, case: Case, accept: str) -> tuple[int, str, bytes]:
    """Ask by GET, by form and by itself, each in its turn."""
    assert case.query is not None
    query = f"BASE <{address(case.query)}>\n".encode() + case.query.read_bytes()
    fields = _dataset(case)
    headers = {"Accept": accept}
    turn = zlib.crc32(case.name.encode()) % 3
    if turn == 0:
        path = "/sparql?" + urlencode([("query", query), *fields])
        answer = wire.ask("GET", path, headers)
    elif turn == 1:
        headers["Content-Type"] = "application/x-www-form-urlencoded"
        answer = wire.ask("POST", "/sparql", headers, urlencode([("query", query), *fields]).encode())
    else:
        headers["Content-Type"] = "application/sparql-query"
        answer = wire.ask("POST", "/sparql?" + urlencode(fields, quote_via=quote), headers, query)
    return answer.status, answer.mimetype, answer.body


def _is_ordered(case: Case) -> bool:
    assert case.query is not None
    text = case.query.read_text(encoding="utf-8").lower()
    return "order by" in text.rpartition("}")[2]


def test_a_query_gives_its_result(wire: Wire, evaluation: str) -> None:
    case = cases()[evaluation]
    assert case.result is not None
    wanted = expected(case.result)
    suffix = case.result.suffix if case.result.suffix in _ACCEPT else ".srj"
    accept = "application/n-triples" if isinstance(wanted, list) else _ACCEPT[suffix]
    status, mimetype, body = _ask(wire, case, accept)
    assert status == 200, body.decode()
    assert mimetype == accept
    got = _read(body, suffix, wanted)
    assert is_same(got, wanted, ordered=_is_ordered(case), lax=case.is_lax), body.decode()


def _read(body: bytes, suffix: str, wanted: Result) -> Result:
    if isinstance(wanted, list):
        return [quad.triple for quad in ox.parse(body, format=ox.RdfFormat.N_TRIPLES)]
    return read_solutions(body, suffix)


def test_a_well_formed_query_is_taken(wire: Wire, positive: str) -> None:
    status, _, body = _ask(wire, cases()[positive], "*/*")
    assert status == 200, body.decode()


def test_a_malformed_query_is_400(wire: Wire, negative: str) -> None:
    status, _, body = _ask(wire, cases()[negative], "*/*")
    assert status == 400, body.decode()


@pytest.mark.parametrize("media_type", ["text/turtle", "application/rdf+xml", "application/ld+json"])
def test_the_endpoint_describes_itself(wire: Wire, media_type: str) -> None:
    """The three service description tests, which have no data."""
    answer = wire.ask("GET", "/sparql", {"Accept": media_type})
    assert answer.mimetype == media_type
    index = Index(list(ox.parse(answer.body, format=ox.RdfFormat.from_media_type(media_type))))
    (service,) = index.of_type(_SD + "Service")
    assert index.one(service, _SD + "endpoint") == service
    assert service.value.endswith("/sparql")


def test_no_test_of_the_suites_is_left_out(shared: Path) -> None:
    kinds = Counter(case.kind for case in cases().values() if not _is_update(case))
    assert shared.is_dir()
    assert sum(kinds[kind] for kind in _EVALUATION) == 581
    assert sum(kinds[kind] for kind in _POSITIVE) == 317
    assert sum(kinds[kind] for kind in _NEGATIVE) == 171
    assert set(KNOWN) <= set(cases())
