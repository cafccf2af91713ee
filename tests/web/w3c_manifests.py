"""The W3C SPARQL suites as tests that an endpoint can take: what to load, what to ask, what to expect."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pyoxigraph as ox

#: Where the suites lie beside a developer's checkout, and the address that stands for that folder.
ROOT = Path(__file__).resolve().parents[3] / "shared" / "w3c" / "sparql"
BASE = "http://w3c.example/sparql/"

Node = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple

_MF = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
_QT = "http://www.w3.org/2001/sw/DataAccess/tests/test-query#"
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_RDFS = "http://www.w3.org/2000/01/rdf-schema#"
_UT = "http://www.w3.org/2009/sparql/tests/test-update#"

#: Folders of the suites that the endpoint does not answer for: entailment, SERVICE, and tests that others
#: have taken the place of.
LEFT_OUT = {
    "sparql11/entailment": "needs inference, which the engine has not",
    "sparql11/http-rdf-update": "deprecated in favour of sparql11/graph-store-protocol, and told in prose",
    "sparql11/service": "SERVICE is refused",
}


class Index:
    """Triples by subject and predicate."""

    def __init__(self, quads: list[ox.Quad]):
        self.quads = quads
        self._objects: dict[tuple[Node, str], list[Node]] = {}
        for quad in quads:
            self._objects.setdefault((quad.subject, quad.predicate.value), []).append(quad.object)

    def all(self, subject: Node, predicate: str) -> list[Node]:
        return self._objects.get((subject, predicate), [])

    def one(self, subject: Node, predicate: str) -> Node | None:
        return next(iter(self.all(subject, predicate)), None)

    def members(self, head: Node) -> Iterator[Node]:
        while (first := self.one(head, _RDF + "first")) is not None:
            yield first
            rest = self.one(head, _RDF + "rest")
            assert rest is not None
            head = rest

    def of_type(self, class_: str) -> Iterator[Node]:
        for quad in self.quads:
            if quad.predicate.value == _RDF + "type" and quad.object == ox.NamedNode(class_):
                yield quad.subject


@dataclass(frozen=True)
class Case:
    """One test.

    :param kind: the class of the test in the suite, such as `QueryEvaluationTest`.
    :param default: files of the default graph.
    :param named: the other graphs: their IRIs, and the files.
    :param result: the file of the expected result.
    :param after: of an update, the default graph and the other graphs that it shall leave.
    :param is_lax: whether how often a solution comes is left open (REDUCED).
    """

    name: str
    kind: str
    query: Path | None
    default: tuple[Path, ...]
    named: tuple[tuple[str, Path], ...]
    result: Path | None
    after: tuple[tuple[str | None, Path], ...]
    is_lax: bool
    manifest: Path
    node: ox.NamedNode | ox.BlankNode


def address(file: Path) -> str:
    """The IRI that stands for a file of the suites."""
    return BASE + file.relative_to(ROOT).as_posix()


def file_of(node: Node | None) -> Path:
    assert isinstance(node, ox.NamedNode)
    return ROOT / node.value.removeprefix(BASE)


@cache
def parsed(file: Path) -> Index:
    """The triples of a file, its blank nodes like no other's."""
    format_ = ox.RdfFormat.from_extension(file.suffix.removeprefix("."))
    quads = ox.parse(path=file, format=format_, base_iri=address(file), rename_blank_nodes=True)
    return Index(list(quads))


@cache
def cases() -> dict[str, Case]:
    """All tests of the suites by name, those left out aside."""
    found = {}
    for manifest in sorted(ROOT.glob("sparql1*/*/manifest*.ttl")):
        folder = manifest.parent.relative_to(ROOT).as_posix()
        if folder not in LEFT_OUT:
            for case in _of_manifest(manifest, folder):
                assert case.name not in found
                found[case.name] = case
    return found


def _of_manifest(manifest: Path, folder: str) -> Iterator[Case]:
    index = parsed(manifest)
    listed = [
        node
        for head in index.of_type(_MF + "Manifest")
        for entries in index.all(head, _MF + "entries")
        for node in index.members(entries)
    ]
    # One of these is told and not listed.
    told = index.of_type(_MF + "GraphStoreProtocolTest")
    for node in (*listed, *(each for each in told if each not in listed)):
        yield _case(index, node, folder, manifest)


def _case(index: Index, node: Node, folder: str, manifest: Path) -> Case:
    kinds = [kind.value.removeprefix(_MF) for kind in index.all(node, _RDF + "type")]
    action = index.one(node, _MF + "action") or node
    query = action if isinstance(action, ox.NamedNode) else index.one(action, _QT + "query")
    query = query or index.one(action, _UT + "request")
    result = index.one(node, _MF + "result")
    after = kinds[0] == "UpdateEvaluationTest" and result
    is_file = (isinstance(result, ox.NamedNode) and "QueryEvaluation" in kinds[0]) or "Result" in kinds[0]
    is_query = isinstance(query, ox.NamedNode) and query.value.endswith((".rq", ".ru"))
    return Case(
        name=f"{folder}/{node.value.replace('/manifest', '').rpartition('/')[2].rpartition('#')[2]}",
        kind=kinds[0],
        query=file_of(query) if is_query else None,
        default=tuple(file_of(data) for name in (_QT, _UT) for data in index.all(action, name + "data")),
        named=tuple(
            _named(index, data)
            for holder, name in ((action, _QT), (action, _UT), (node, _UT))
            for data in index.all(holder, name + "graphData")
        ),
        result=file_of(result) if is_file else None,
        after=tuple(_after(index, after)) if after else (),
        is_lax=index.one(node, _MF + "resultCardinality") == ox.NamedNode(_MF + "LaxCardinality"),
        manifest=manifest,
        node=node,
    )


def _after(index: Index, result: Node) -> Iterator[tuple[str | None, Path]]:
    for data in index.all(result, _UT + "data"):
        yield None, file_of(data)
    for data in index.all(result, _UT + "graphData"):
        yield _named(index, data)


def _named(index: Index, data: Node) -> tuple[str, Path]:
    graph = index.one(data, _UT + "graph") or index.one(data, _QT + "graph")
    if graph is None:
        return data.value, file_of(data)
    label = index.one(data, _RDFS + "label")
    return (label.value if label else graph.value), file_of(graph)


_HT = "http://www.w3.org/2011/http#"
_CNT = "http://www.w3.org/2011/content#"


@dataclass(frozen=True)
class Request:
    """A request of a protocol test with what must hold of the answer.

    :param statuses: such as `2xx`; one of them.
    :param truth: what an ASK query answers, if that is told.
    :param format_: boolean, tabular or RDF, if that is told.
    :param location: under what name the address of what was made is used from then on.
    :param content: the Turtle that comes, if that is told.
    """

    method: str
    path: str
    headers: dict[str, str]
    body: bytes | None
    statuses: frozenset[str]
    truth: bool | None
    format_: str | None
    location: str | None = None
    content: bytes | None = None


def requests(case: Case) -> Iterator[Request]:
    """The requests of a protocol test, in their order."""
    index = parsed(case.manifest)
    action = index.one(case.node, _MF + "action")
    assert action is not None
    for head in index.all(action, _HT + "requests"):
        for node in index.members(head):
            yield _request(index, node)


def _request(index: Index, node: Node) -> Request:
    answer = index.one(node, _HT + "resp")
    assert answer is not None
    truth, format_ = index.one(answer, _MF + "expectedBoolean"), index.one(answer, _MF + "expectedFormat")
    statuses = index.all(answer, _MF + "expectedStatus")
    return Request(
        method=_text(index, node, _HT + "methodName"),
        path=_text(index, node, _HT + "absolutePath"),
        headers=dict(_headers(index, node)),
        body=_body(index, node),
        statuses=frozenset(each.value.rpartition("#")[2].removeprefix("StatusCode") for each in statuses),
        truth=None if truth is None else truth.value == "true",
        format_=format_.value if format_ else None,
        location=location.value if (location := index.one(answer, _MF + "expectedLocation")) else None,
        content=_body(index, answer),
    )


def _headers(index: Index, node: Node) -> Iterator[tuple[str, str]]:
    for head in index.all(node, _HT + "headers"):
        for header in index.members(head):
            yield _text(index, header, _HT + "fieldName"), _text(index, header, _HT + "fieldValue")


def _body(index: Index, node: Node) -> bytes | None:
    body = index.one(node, _HT + "body")
    if body is None:
        return None
    return _text(index, body, _CNT + "chars").encode(_text(index, body, _CNT + "characterEncoding"))


def _text(index: Index, node: Node, predicate: str) -> str:
    value = index.one(node, predicate)
    assert isinstance(value, ox.Literal)
    return value.value
