"""The same shapes and data under our engine and under pySHACL, which runs on rdflib's memory store."""

import logging
from collections import Counter
from collections.abc import Mapping

import pyoxigraph as ox
import pytest
from pyshacl import validate as run_pyshacl
from rdflib import Graph
from reports import Key, from_rdflib, results_of, to_rdflib

from kgraph.shacl import Data, MemoryData, Shapes, ValidationReport, validate

PREFIXES = """
@prefix ex: <http://example.org/> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""

# rdflib tells of every literal that is not of its datatype, and many here are not.
logging.getLogger("rdflib.term").setLevel(logging.CRITICAL)


def parse(turtle: str) -> list[ox.Quad]:
    """Triples with the labels of their blank nodes and the spellings of their literals."""
    return list(ox.parse(PREFIXES + turtle, format=ox.RdfFormat.TURTLE))


def survive(quads: list[ox.Quad]) -> bool:
    """Whether an Oxigraph store gives back literals as they were written."""
    store = ox.Store()
    store.extend(quads)
    return set(store) == set(quads)


def report_of(shapes: str, data: str | Data, focus: set[str] | None = None) -> ValidationReport:
    """Our report on two graphs in Turtle, or on a graph that is there already."""
    graph = MemoryData(parse(data)) if isinstance(data, str) else data
    return validate(Shapes.load(parse(shapes)), graph, **({} if focus is None else {"focus": focus}))


def found(shapes: str, data: str) -> set[tuple[str, ...]]:
    """Focus node, value and constraint component of our results, written as briefly as in Turtle."""
    keys = results_of(report_of(shapes, data).triples())
    assert all(times == 1 for times in keys.values()), keys
    return {(_brief(focus), _brief(value), component) for focus, _, value, component, _, _ in keys}


def _brief(term: str) -> str:
    for prefix, start in (("ex:", "http://example.org/"), ("xsd:", "http://www.w3.org/2001/XMLSchema#")):
        term = term.replace(f"^^<{start}", f"^^{prefix}").replace(f"<{start}", prefix)
    return term.removesuffix(">") if term.startswith("ex:") or "^^" in term else term


def pyshacl_results(shapes: list[ox.Quad], data: list[ox.Quad]) -> tuple[bool, Counter[Key]]:
    conforms, report, text = run_pyshacl(to_rdflib(data), shacl_graph=to_rdflib(shapes), inference="none")
    assert isinstance(report, Graph), text
    return conforms, results_of(from_rdflib(report))


def named(texts: Mapping[str, str | tuple[str, ...]], open_: Mapping[str, str]) -> list[object]:
    """Cases to parametrize with, under their names; those that are known to fail say why."""
    return [
        pytest.param(
            *((case,) if isinstance(case, str) else case),
            id=name,
            marks=[pytest.mark.xfail(reason=open_[name], strict=True)] if name in open_ else [],
        )
        for name, case in texts.items()
    ]
