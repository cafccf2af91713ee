"""The shapes, by what each of them may see, and the ontology that all of them see."""

import hashlib
from enum import StrEnum
from functools import cache
from pathlib import Path

import pyoxigraph as ox

from kgraph.errors import OntologyError
from kgraph.namespaces import KG, KGC
from kgraph.ontology import edition, ontology_files
from kgraph.resources import resource
from kgraph.shacl import Lasting, Shapes, ShapesError


class Scope(StrEnum):
    """What a shape sees beside the ontology; the concept that its `kg:scope` names."""

    DOCUMENT = KGC.documentGraph
    REFERENCE = KGC.withReference
    ALL = KGC.allGraphs


@cache
def load_shapes(scope: Scope) -> Shapes:
    """The shapes of a scope, compiled once.

    A file's shapes are all of one scope: a shape's parts lie in its file.

    :raises OntologyError: if a file is no Turtle, mixes scopes, has none, or holds ill-formed shapes.
    """
    chosen: list[ox.Quad] = []
    for path in _files():
        triples = _read(path)
        scopes = {quad.object for quad in triples if quad.predicate.value == KG.scope}
        if len(scopes) != 1:
            raise OntologyError(path.name, f"its shapes need one kg:scope in common, not {len(scopes)}")
        if scopes == {ox.NamedNode(scope)}:
            chosen += triples
    try:
        return Shapes.load(chosen)
    except ShapesError as exc:
        raise OntologyError("ontology/shapes", str(exc)) from exc


@cache
def ontology_data() -> Lasting:
    """Classes, properties, schemes and alignments, as shapes see them."""
    return Lasting(quad for path in ontology_files() for quad in _read(path))


@cache
def shapes_edition() -> str:
    """A hash that tells one edition of ontology and shapes from another."""
    parts = [edition().encode(), *(path.read_bytes() for path in _files())]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def _files() -> list[Path]:
    return sorted(resource("ontology", "shapes").glob("*.ttl"))


def _read(path: Path) -> list[ox.Quad]:
    """The triples of a Turtle file; its blank nodes are no other file's.

    :raises OntologyError: if it is none.
    """
    try:
        return list(ox.parse(path=str(path), format=ox.RdfFormat.TURTLE, rename_blank_nodes=True))
    except (SyntaxError, OSError) as exc:
        raise OntologyError(path.name, str(exc)) from exc
