"""Files of RDF: read as data or as shapes, in whatever serialisation, and validated without any store."""

import os
import re
import sys
from collections.abc import Callable, Collection, Iterable, Iterator
from itertools import count
from pathlib import Path

import pyoxigraph as ox

from kgraph.errors import SourceError
from kgraph.shacl.data import Data
from kgraph.shacl.errors import ShapesError
from kgraph.shacl.known import missing_imports
from kgraph.shacl.loading import Shapes
from kgraph.shacl.memory import MemoryData
from kgraph.shacl.results import ValidationReport
from kgraph.shacl.shapes import Shape
from kgraph.shacl.validation import validate
from kgraph.store import RDF_FORMATS

#: A file's path; `-` is standard input.
FileName = str | Path

STANDARD_INPUT = "-"

#: Extensions that leave no doubt; .owl, .rdf, .xml, .json and .txt do.
_BY_EXTENSION = {
    ".ttl": ox.RdfFormat.TURTLE,
    ".nt": ox.RdfFormat.N_TRIPLES,
    ".nq": ox.RdfFormat.N_QUADS,
    ".trig": ox.RdfFormat.TRIG,
    ".jsonld": ox.RdfFormat.JSON_LD,
}

_BOM = b"\xef\xbb\xbf"


def check_files(
    shapes: Iterable[FileName],
    data: Iterable[FileName],
    *,
    data_format: str | None = None,
    ignore_imports: bool = False,
) -> ValidationReport:
    """Validate files of RDF with files of shapes.

    As `load_files` and then `validate`; whoever wants to name what the report speaks of needs these.
    """
    loaded, graph = load_files(shapes, data, data_format=data_format, ignore_imports=ignore_imports)
    return validate(loaded, graph)


def load_files(
    shapes: Iterable[FileName],
    data: Iterable[FileName],
    *,
    data_format: str | None = None,
    ignore_imports: bool = False,
) -> tuple[Shapes, MemoryData]:
    """The shapes in some files, and one graph of others.

    Named graphs are merged. Blank nodes of two files are never one; a file that is named twice, as shapes
    and as data too, is read once and shares them. Relative IRIs are resolved against the file's address.

    :param shapes: paths of files; `-` is standard input.
    :param data: paths of files; `-` is standard input.
    :param data_format: of the data, a name in `RDF_FORMATS`; else told by extension and content.
    :param ignore_imports: go on though the shapes import what was not given.
    :raises SourceError: if a file cannot be read; names the file and the line.
    :raises ShapesError: if shapes are ill-formed, import what was not given, or check nothing at all.
    """
    shape_files, data_files = _by_identity(shapes), _by_identity(data)
    blank_nodes = BlankNodes()
    read = {
        key: list(read_rdf(path, data_format if key in data_files else None, blank_nodes))
        for key, path in shape_files.items()
    }
    loaded = Shapes.load(quad for quads in read.values() for quad in quads)
    if not ignore_imports:
        _refuse_missing_imports(loaded, shape_files.values())
    if not any(shape.targets for shape in loaded.all.values()):
        raise ShapesError(None, _nothing_to_check(loaded, shape_files.values()))
    # Files that are data alone are not kept twice.
    graph = MemoryData(
        quad
        for key, path in data_files.items()
        for quad in (read[key] if key in read else read_rdf(path, data_format, blank_nodes))
    )
    return loaded, graph


def idle_shapes(shapes: Shapes, data: Data) -> tuple[Shape, ...]:
    """The shapes whose targets choose no node: they were asked, and looked at nothing."""
    return tuple(shape for shape in shapes.targeted if not shape.focus_nodes(data))


def _by_identity(paths: Iterable[FileName]) -> dict[str, FileName]:
    """Each file once, whatever it is called."""
    found: dict[str, FileName] = {}
    for path in paths:
        found.setdefault(str(path) if str(path) == STANDARD_INPUT else os.path.realpath(path), path)
    return found


def _refuse_missing_imports(shapes: Shapes, files: Collection[FileName]) -> None:
    given = {address_of(path) for path in files}
    missing = [address for address in missing_imports(shapes.graph) if address not in given]
    if missing:
        named = ", ".join(f"<{address}>" for address in missing)
        raise ShapesError(
            None,
            f"the shapes import {named}, of which no file given as shapes speaks: give its file with --shapes"
            " too, or --ignore-imports to do without it",
        )


def _nothing_to_check(shapes: Shapes, files: Collection[FileName]) -> str:
    names = ", ".join(map(str, files))
    if not shapes.all:
        return f"{names}: no shapes in there, so nothing would be checked"
    return f"{names}: none of the shapes in there has a target, so nothing would be checked"


def address_of(path: FileName) -> str:
    """What a file's relative IRIs are resolved against; for standard input the working directory."""
    if str(path) == STANDARD_INPUT:
        return Path.cwd().as_uri() + "/"
    # Not `resolve`: a link's target is not where its user thinks the file lies.
    return Path(os.path.abspath(path)).as_uri()  # noqa: PTH100 - takes out `..`, as IRIs need it


class BlankNodes:
    """Labels for the blank nodes of several files: no two share one, and the same files give the same.

    A node keeps the label that it has in its file, as far as there is one.
    """

    def __init__(self) -> None:
        self._taken: set[str] = set()
        self._number = count(1)

    def of_one_file(self) -> Callable[[ox.BlankNode], ox.BlankNode]:
        """Gives the blank nodes of a file their labels."""
        known: dict[ox.BlankNode, ox.BlankNode] = {}

        def labelled(node: ox.BlankNode) -> ox.BlankNode:
            found = known.get(node)
            if found is None:
                found = known[node] = ox.BlankNode(self._free(node.value))
            return found

        return labelled

    def _free(self, label: str) -> str:
        if _MADE_UP.fullmatch(label) or label in self._taken:
            label = next(each for n in self._number if (each := f"n{n}") not in self._taken)
        self._taken.add(label)
        return label


#: What the parser calls nodes that have no label.
_MADE_UP = re.compile("[0-9a-f]{20,32}")


def read_rdf(
    path: FileName, format_: str | None = None, blank_nodes: BlankNodes | None = None
) -> Iterator[ox.Quad]:
    """What a file says.

    :param format_: a name in `RDF_FORMATS`; else told by extension and content.
    :param blank_nodes: gives those of all files that are read together their labels.
    :raises SourceError: if it cannot be read; names the line where there is one.
    """
    content = _content(path)
    format_read = RDF_FORMATS[format_] if format_ else _format_of(path, content)
    labelled = (blank_nodes or BlankNodes()).of_one_file()
    try:
        for quad in ox.parse(content, format=format_read, base_iri=address_of(path)):
            subject, object_ = quad.subject, quad.object
            if isinstance(object_, ox.Triple):
                raise SourceError(
                    str(path), f"{object_} is a triple term, of RDF 1.2, which SHACL does not know"
                )
            if isinstance(subject, ox.BlankNode) or isinstance(object_, ox.BlankNode):
                yield ox.Quad(
                    labelled(subject) if isinstance(subject, ox.BlankNode) else subject,
                    quad.predicate,
                    labelled(object_) if isinstance(object_, ox.BlankNode) else object_,
                )
            else:
                yield quad
    except (SyntaxError, ValueError) as exc:
        raise SourceError(str(path), _words_of(exc, format_read)) from exc


def _content(path: FileName) -> bytes:
    if str(path) == STANDARD_INPUT:
        return sys.stdin.buffer.read().removeprefix(_BOM)
    try:
        return Path(path).read_bytes().removeprefix(_BOM)
    except (OSError, ValueError) as exc:
        reason = exc.strerror if isinstance(exc, OSError) else None
        raise SourceError(str(path), reason or str(exc)) from exc


def _format_of(path: FileName, content: bytes) -> ox.RdfFormat:
    known = _BY_EXTENSION.get(Path(path).suffix.lower()) if str(path) != STANDARD_INPUT else None
    if known is not None:
        return known
    for pattern, told in _BY_CONTENT:
        if pattern.match(content):
            return told
    return ox.RdfFormat.TRIG  # N-Triples and Turtle are TriG too


_BLANK = rb"(?:\s|#.*\n)*"
_TERM = rb'(?:<[^>\n]*>|_:\S+|"(?:[^"\\\n]|\\.)*"(?:@[\w-]+|\^\^<[^>\n]*>)?)'

#: What a document starts with, and what it is then. No start of one is a start of TriG.
_BY_CONTENT = (
    (re.compile(rb"\s*<(?:[?!]|[A-Za-z_][\w.:-]*\s)"), ox.RdfFormat.RDF_XML),
    (re.compile(rb'\s*(?:\{\s*["}]|\[\s*\{)'), ox.RdfFormat.JSON_LD),
    (re.compile(_BLANK + rb"[ \t]+".join([_TERM] * 4) + rb"[ \t]*\."), ox.RdfFormat.N_QUADS),
)


def _words_of(exc: SyntaxError | ValueError, format_: ox.RdfFormat) -> str:
    """What is wrong and where: the parser's words, without what a reader knows already."""
    told = (exc.msg if isinstance(exc, SyntaxError) else "") or str(exc)
    told = told.removeprefix("Parser error at ")
    if told.startswith("No LoadDocumentCallback"):
        told = "its @context lies elsewhere, and nothing is fetched: write the context into the file"
    return f"no {format_.name}: {' '.join(told.split())}"
