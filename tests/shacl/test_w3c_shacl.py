"""The W3C's own tests of SHACL Core and SHACL-SPARQL, report for report.

How reports are compared: SHACL Test Suite and Implementation Report, section "Validate RDF data".
"""

from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import pyoxigraph as ox
import pytest
from reports import Index, Node, sh, to_rdflib

from kgraph.errors import GateError
from kgraph.namespaces import RDF
from kgraph.shacl import MemoryData, Shapes, validate

_SUITE = Path("w3c", "shacl", "tests")
_MF = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
_SHT = "http://www.w3.org/ns/shacl-test#"

#: What cannot pass, with the reason.
XFAIL: dict[str, str] = {}

#: The predicates that the suite compares; sh:resultPath and sh:resultMessage have rules of their own.
_COMPARED = {
    sh(name)
    for name in (
        "conforms",
        "focusNode",
        "resultSeverity",
        "sourceConstraint",
        "sourceConstraintComponent",
        "sourceShape",
        "value",
    )
} | {ox.NamedNode(RDF.type)}
_MESSAGE = sh("resultMessage")


def _parse(path: Path) -> list[ox.Quad]:
    return list(ox.parse(path=path, format=ox.RdfFormat.TURTLE, base_iri=path.as_uri()))


def _walk(manifest: Path) -> Iterator[tuple[Path, ox.NamedNode]]:
    """The file and the address of every test that a manifest includes."""
    index, this = Index(_parse(manifest)), ox.NamedNode(manifest.as_uri())
    for included in sorted(index.objects(this, ox.NamedNode(_MF + "include")), key=str):
        assert isinstance(included, ox.NamedNode)
        yield from _walk(_file(included))
    for entries in index.objects(this, ox.NamedNode(_MF + "entries")):
        for test in index.members(entries):
            assert isinstance(test, ox.NamedNode)
            yield manifest, test


def _file(address: Node) -> Path:
    assert isinstance(address, ox.NamedNode)
    return Path(address.value.removeprefix("file://"))


@cache
def _tests(root: Path) -> dict[str, tuple[Path, ox.NamedNode]]:
    found = {_name(root, file, test): (file, test) for file, test in _walk(root / "manifest.ttl")}
    return dict(sorted(found.items()))


def _name(root: Path, file: Path, test: ox.NamedNode) -> str:
    return f"{file.parent.relative_to(root)}/{test.value.rpartition('/')[2]}"


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "name" not in metafunc.fixturenames:
        return
    root = Path(__file__).resolve().parents[3] / "shared" / _SUITE
    names = list(_tests(root)) if root.is_dir() else ["the suite"]
    marks = [[pytest.mark.xfail(reason=XFAIL[n], strict=True)] if n in XFAIL else [] for n in names]
    metafunc.parametrize("name", [pytest.param(n, marks=m) for n, m in zip(names, marks, strict=True)])


def _graphs(index: Index, test: Node, parsed: list[ox.Quad], file: Path) -> tuple[list[ox.Quad], ...]:
    """Shapes and data; what lies in the test's own file is its very triples, blank nodes included."""
    (action,) = index.objects(test, ox.NamedNode(_MF + "action"))
    named = [_file(index.objects(action, ox.NamedNode(_SHT + n))[0]) for n in ("shapesGraph", "dataGraph")]
    known = {file: parsed}
    for each in named:
        known.setdefault(each, parsed if each == file else _parse(each))
    return tuple(known[each] for each in named)


def _compared(index: Index, report: Node, messages: set[Node], known: set[ox.BlankNode]) -> list[ox.Triple]:
    """The part of a report that the suite compares; known blank nodes stand under their labels."""
    found = []
    for node in (report, *index.objects(report, sh("result"))):
        for predicate, value in index.about(node):
            if predicate in _COMPARED or (predicate == _MESSAGE and value in messages):
                named = ox.NamedNode(f"urn:label:{value.value}") if value in known else value
                found.append(ox.Triple(node, predicate, named))
            elif predicate == sh("resultPath"):
                copy = ox.BlankNode() if isinstance(value, ox.BlankNode) else value
                found += [ox.Triple(node, predicate, copy), *_unfold(index, value, copy)]
            elif predicate == sh("result"):
                found.append(ox.Triple(node, predicate, value))
    return found


def _unfold(index: Index, path: Node, copy: Node) -> Iterator[ox.Triple]:
    """A path's triples with new blank nodes: the suite lets no two results share them."""
    for predicate, value in index.about(path) if isinstance(path, ox.BlankNode) else ():
        inner = ox.BlankNode() if isinstance(value, ox.BlankNode) else value
        yield ox.Triple(copy, predicate, inner)
        yield from _unfold(index, value, inner)


def _isomorphic(one: Iterable[ox.Triple], other: Iterable[ox.Triple]) -> bool:
    return _canonical(one) == _canonical(other)


def _canonical(triples: Iterable[ox.Triple]) -> ox.Dataset:
    dataset = ox.Dataset(ox.Quad(t.subject, t.predicate, t.object) for t in triples)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return dataset


def test_a_w3c_test_gives_its_report(shared: Path, name: str) -> None:
    file, test = _tests(shared.resolve() / _SUITE)[name]
    parsed = _parse(file)
    index = Index(parsed)
    shapes, data = _graphs(index, test, parsed, file)
    (result,) = index.objects(test, ox.NamedNode(_MF + "result"))
    if result == ox.NamedNode(_SHT + "Failure"):
        with pytest.raises(GateError):
            validate(Shapes.load(shapes), MemoryData(data))
        return
    actual = Index(validate(Shapes.load(shapes), MemoryData(data)).triples())
    report = actual.subject_of_type(sh("ValidationReport"))
    results = index.objects(result, sh("result"))
    messages = {m for each in results for m in index.objects(each, _MESSAGE)}
    known = {
        t for quad in (*shapes, *data) for t in (quad.subject, quad.object) if isinstance(t, ox.BlankNode)
    }
    known &= {t for quad in parsed for t in (quad.subject, quad.object)}
    expected = _compared(index, result, messages, known)
    got = _compared(actual, report, messages, known)
    assert _isomorphic(expected, got), _show(expected, got)


def test_no_test_of_the_suite_is_left_out(shared: Path) -> None:
    names = list(_tests(shared.resolve() / _SUITE))
    assert len([name for name in names if name.startswith("core/")]) == 98
    assert len([name for name in names if name.startswith("sparql/")]) == 22


def _show(expected: list[ox.Triple], got: list[ox.Triple]) -> str:
    texts = [to_rdflib(triples).serialize(format="turtle") for triples in (expected, got)]
    return "\n--- expected\n{}\n--- got\n{}".format(*texts)
