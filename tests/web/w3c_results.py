"""Results compared as the W3C suites mean it: solutions as a bag, blank nodes by their place.

Each result becomes a graph of its solutions, and the graphs are compared canonically. The
engine keeps values, not spellings (1 for 01), and small letters in language tags; so both sides pass
through it first.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import pyoxigraph as ox
from w3c_manifests import Index, Node, parsed

_RS = "http://www.w3.org/2001/sw/DataAccess/tests/result-set#"
_SOLUTION = ox.NamedNode("urn:solution")

_SOLUTIONS = {
    ".srx": ox.QueryResultsFormat.XML,
    ".srj": ox.QueryResultsFormat.JSON,
    ".tsv": ox.QueryResultsFormat.TSV,
}

Solution = Mapping[str, Node]
#: A truth value; triples; or variables (None: not told) and solutions.
Result = bool | list[ox.Triple] | tuple[frozenset[str] | None, list[Solution]]


def expected(file: Path) -> Result:
    """The result that a file of the suites holds."""
    if file.suffix in _SOLUTIONS or file.suffix == ".csv":
        return read_solutions(file.read_bytes(), file.suffix)
    index = parsed(file)
    for node in index.of_type(_RS + "ResultSet"):
        return _result_set(index, node)
    return [quad.triple for quad in index.quads]


def holds_graph(file: Path) -> bool:
    """Whether the expected result is a graph, and no solutions written as one."""
    return isinstance(expected(file), list)


def read_solutions(data: bytes, suffix: str) -> Result:
    """Solutions or a truth value, in the format that has the suffix."""
    if suffix == ".csv":
        return _read_csv(data)
    results = ox.parse_query_results(data, _SOLUTIONS[suffix])
    if isinstance(results, ox.QueryBoolean):
        return bool(results)
    names = [variable.value for variable in results.variables]
    solutions = []
    for solution in results:
        solutions.append({name: solution[name] for name in names if solution[name] is not None})
    return frozenset(names), solutions


def _read_csv(data: bytes) -> Result:
    """CSV tells no kinds of terms, but for blank nodes: all else is text."""
    names, *rows = csv.reader(io.StringIO(data.decode()))
    solutions = [{n: _plain(text) for n, text in zip(names, row, strict=True) if text} for row in rows]
    return frozenset(names), solutions


def _plain(text: str) -> Node:
    return ox.BlankNode(text[2:]) if text.startswith("_:") else ox.Literal(text)


def _result_set(index: Index, node: Node) -> Result:
    truth = index.one(node, _RS + "boolean")
    if truth is not None:
        return truth.value in {"true", "1"}
    solutions = sorted(index.all(node, _RS + "solution"), key=lambda each: _place(index, each))
    names = frozenset(name.value for name in index.all(node, _RS + "resultVariable"))
    return names, [dict(_bindings(index, each)) for each in solutions]


def _place(index: Index, solution: Node) -> int:
    place = index.one(solution, _RS + "index")
    return int(place.value) if place else 0


def _bindings(index: Index, solution: Node) -> Iterator[tuple[str, Node]]:
    for binding in index.all(solution, _RS + "binding"):
        name, value = index.one(binding, _RS + "variable"), index.one(binding, _RS + "value")
        assert name is not None
        assert value is not None
        yield name.value, value


def is_same(one: Result, other: Result, *, ordered: bool = False, lax: bool = False) -> bool:
    """Whether two results are equal.

    :param ordered: solutions come in the order told.
    :param lax: how often a solution comes is left open, as long as it comes.
    """
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, list) or isinstance(other, list):
        return isinstance(one, list) and isinstance(other, list) and _canonical(one) == _canonical(other)
    if one[0] != other[0]:
        return False
    return _canonical(_as_graph(one[1], ordered, lax)) == _canonical(_as_graph(other[1], ordered, lax))


def _as_graph(solutions: list[Solution], ordered: bool, lax: bool) -> list[ox.Triple]:
    """One node a solution; where repeats count for nothing, they are one."""
    if lax:
        solutions = list(
            {tuple(sorted((n, str(t)) for n, t in each.items())): each for each in solutions}.values()
        )
    triples = []
    for place, solution in enumerate(solutions):
        node = ox.BlankNode()
        triples.append(ox.Triple(node, _SOLUTION, ox.Literal(place if ordered else 0)))
        for name, term in solution.items():
            triples.append(ox.Triple(node, ox.NamedNode(f"urn:variable:{name}"), term))
    return triples


def _canonical(triples: Iterable[ox.Triple]) -> ox.Dataset:
    engine = ox.Store()
    engine.extend(ox.Quad(t.subject, t.predicate, t.object) for t in triples)
    dataset = ox.Dataset(engine)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.UNSTABLE)
    return dataset
