"""Property paths: read from a shapes graph, walked both ways, written as SPARQL and as RDF.

Source: SHACL 1.0, section 2.3.1; SPARQL 1.1 Query, section 9.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

import pyoxigraph as ox

from kgraph.namespaces import shorten
from kgraph.shacl.data import Data
from kgraph.shacl.errors import ShapesError
from kgraph.shacl.lists import list_triples, read_list
from kgraph.shacl.vocabulary import RDF, SH, Node

PathNode = ox.NamedNode | ox.BlankNode


class Path(ABC):
    """How one node is reached from another."""

    @abstractmethod
    def walk(self, data: Data, node: Node, *, backwards: bool = False) -> Iterable[Node]:
        """The nodes at the other end; may hold duplicates."""

    @abstractmethod
    def write(self, name: Callable[[ox.NamedNode], str]) -> str:
        """The path in SPARQL's notation, in brackets where it has parts."""

    @abstractmethod
    def describe(self, triples: list[ox.Triple]) -> PathNode:
        """The path as RDF: its node, whose triples are appended."""

    @abstractmethod
    def steps(self) -> Iterator["Step"]:
        """Every place of the path where a triple can lie."""

    @abstractmethod
    def inverted(self) -> "Path":
        """The path that leads back, with inversion at its predicates only."""

    @property
    def sparql(self) -> str:
        """The path in SPARQL, with whole IRIs."""
        return self.write(str)

    def __str__(self) -> str:
        text = self.write(lambda iri: shorten(iri.value))
        return text[1:-1] if text.startswith("(") and text.endswith(")") else text

    def reach(self, data: Data, nodes: Collection[Node]) -> Mapping[Node, Collection[Node]]:
        """The value nodes of each of some focus nodes, each once."""
        return {node: tuple(dict.fromkeys(self.walk(data, node))) for node in nodes}


@dataclass(frozen=True, slots=True)
class Step:
    """A place of a path where a triple can lie.

    :param predicate: the triple's.
    :param before: what leads there from the start of the path, part by part.
    :param is_inverse: whether the triple is walked from object to subject.
    """

    predicate: ox.NamedNode
    before: tuple[Path, ...] = ()
    is_inverse: bool = False

    def starts(self, data: Data, subject: Node, object_: Node) -> set[Node]:
        """The nodes from which the path comes by a triple: walked backwards from there."""
        reached = {object_ if self.is_inverse else subject}
        for path in reversed(self.before):
            reached = {end for node in reached for end in path.walk(data, node, backwards=True)}
        return reached


@dataclass(frozen=True, slots=True)
class Predicate(Path):
    """One triple, from subject to object."""

    iri: ox.NamedNode

    def walk(self, data: Data, node: Node, *, backwards: bool = False) -> Iterable[Node]:  # noqa: D102
        return data.subjects(self.iri, node) if backwards else data.objects(node, self.iri)

    def reach(self, data: Data, nodes: Collection[Node]) -> Mapping[Node, Collection[Node]]:  # noqa: D102
        return data.objects_of(nodes, self.iri)

    def write(self, name: Callable[[ox.NamedNode], str]) -> str:  # noqa: D102
        return name(self.iri)

    def describe(self, triples: list[ox.Triple]) -> PathNode:  # noqa: D102
        return self.iri

    def steps(self) -> Iterator[Step]:  # noqa: D102
        yield Step(self.iri)

    def inverted(self) -> Path:  # noqa: D102
        return Inverse(self)


@dataclass(frozen=True, slots=True)
class Inverse(Path):
    """A path walked from its end to its start."""

    path: Path

    def walk(self, data: Data, node: Node, *, backwards: bool = False) -> Iterable[Node]:  # noqa: D102
        return self.path.walk(data, node, backwards=not backwards)

    def write(self, name: Callable[[ox.NamedNode], str]) -> str:  # noqa: D102
        return f"(^{self.path.write(name)})"

    def describe(self, triples: list[ox.Triple]) -> PathNode:  # noqa: D102
        return _describe(triples, SH.inversePath, self.path.describe(triples))

    def steps(self) -> Iterator[Step]:  # noqa: D102
        if isinstance(self.path, Predicate):
            yield Step(self.path.iri, is_inverse=True)
        else:
            yield from self.path.inverted().steps()

    def inverted(self) -> Path:  # noqa: D102
        return self.path


@dataclass(frozen=True, slots=True)
class Sequence_(Path):  # noqa: N801
    """One path after the other."""

    parts: tuple[Path, ...]

    def walk(self, data: Data, node: Node, *, backwards: bool = False) -> Iterable[Node]:  # noqa: D102
        reached: Iterable[Node] = (node,)
        for part in reversed(self.parts) if backwards else self.parts:
            reached = dict.fromkeys(
                end for each in reached for end in part.walk(data, each, backwards=backwards)
            )
        return reached

    def write(self, name: Callable[[ox.NamedNode], str]) -> str:  # noqa: D102
        return f"({'/'.join(part.write(name) for part in self.parts)})"

    def describe(self, triples: list[ox.Triple]) -> PathNode:  # noqa: D102
        return list_triples([part.describe(triples) for part in self.parts], triples)

    def steps(self) -> Iterator[Step]:  # noqa: D102
        for i, part in enumerate(self.parts):
            for step in part.steps():
                yield Step(step.predicate, (*self.parts[:i], *step.before), step.is_inverse)

    def inverted(self) -> Path:  # noqa: D102
        return Sequence_(tuple(part.inverted() for part in reversed(self.parts)))


@dataclass(frozen=True, slots=True)
class Alternative(Path):
    """Any of several paths."""

    parts: tuple[Path, ...]

    def walk(self, data: Data, node: Node, *, backwards: bool = False) -> Iterable[Node]:  # noqa: D102
        for part in self.parts:
            yield from part.walk(data, node, backwards=backwards)

    def write(self, name: Callable[[ox.NamedNode], str]) -> str:  # noqa: D102
        return f"({'|'.join(part.write(name) for part in self.parts)})"

    def describe(self, triples: list[ox.Triple]) -> PathNode:  # noqa: D102
        members = [part.describe(triples) for part in self.parts]
        return _describe(triples, SH.alternativePath, list_triples(members, triples))

    def steps(self) -> Iterator[Step]:  # noqa: D102
        for part in self.parts:
            yield from part.steps()

    def inverted(self) -> Path:  # noqa: D102
        return Alternative(tuple(part.inverted() for part in self.parts))


@dataclass(frozen=True, slots=True)
class Repeat(Path):
    """A path walked several times.

    :param sign: `*`, `+` or `?`, as in SPARQL.
    """

    path: Path
    sign: str

    def walk(self, data: Data, node: Node, *, backwards: bool = False) -> Iterable[Node]:  # noqa: D102
        once = dict.fromkeys(self.path.walk(data, node, backwards=backwards))
        if self.sign == "?":
            return {node: None} | once
        found, open_ = dict(once), list(once)
        while open_:
            for end in self.path.walk(data, open_.pop(), backwards=backwards):
                if end not in found:
                    found[end] = None
                    open_.append(end)
        return found if self.sign == "+" else {node: None} | found

    def write(self, name: Callable[[ox.NamedNode], str]) -> str:  # noqa: D102
        return f"({self.path.write(name)}{self.sign})"

    def describe(self, triples: list[ox.Triple]) -> PathNode:  # noqa: D102
        return _describe(triples, _TERM_OF_SIGN[self.sign], self.path.describe(triples))

    def steps(self) -> Iterator[Step]:  # noqa: D102
        before = () if self.sign == "?" else (Repeat(self.path, "*"),)
        for step in self.path.steps():
            yield Step(step.predicate, (*before, *step.before), step.is_inverse)

    def inverted(self) -> Path:  # noqa: D102
        return Repeat(self.path.inverted(), self.sign)


_SIGNS: dict[Node, str] = {SH.zeroOrMorePath: "*", SH.oneOrMorePath: "+", SH.zeroOrOnePath: "?"}
_TERM_OF_SIGN = {"*": SH.zeroOrMorePath, "+": SH.oneOrMorePath, "?": SH.zeroOrOnePath}


def _describe(triples: list[ox.Triple], predicate: ox.NamedNode, inner: PathNode) -> PathNode:
    node = ox.BlankNode()
    triples.append(ox.Triple(node, predicate, inner))
    return node


def read_path(shapes: Data, node: Node, owner: Node) -> Path:
    """The path that a node of a shapes graph stands for.

    :param owner: the shape whose path it is, for errors.
    :raises ShapesError: if it is none.
    """
    return _read(shapes, node, owner, frozenset())


def _read(shapes: Data, node: Node, owner: Node, open_: frozenset[Node]) -> Path:
    if isinstance(node, ox.NamedNode) and node != RDF.nil:
        return Predicate(node)
    if not isinstance(node, ox.BlankNode) or node in open_:
        raise ShapesError(
            owner, "its sh:path is no property path: it holds a literal, an empty list or itself"
        )
    open_ |= {node}
    if shapes.objects(node, RDF.first):
        parts = tuple(_read(shapes, part, owner, open_) for part in read_list(shapes, node, owner))
        return Sequence_(_at_least_two(parts, owner))
    about = [(p, o) for p, o in shapes.about(node) if p != RDF.type]
    if len(about) != 1:
        raise ShapesError(owner, "its sh:path holds a node that stands for no path, or for several")
    ((kind, inner),) = about
    if kind == SH.inversePath:
        return Inverse(_read(shapes, inner, owner, open_))
    if kind == SH.alternativePath:
        parts = tuple(_read(shapes, part, owner, open_) for part in read_list(shapes, inner, owner))
        return Alternative(_at_least_two(parts, owner))
    if kind in _SIGNS:
        return Repeat(_read(shapes, inner, owner, open_), _SIGNS[kind])
    raise ShapesError(owner, f"its sh:path uses {kind}, which is no kind of path")


def _at_least_two(parts: tuple[Path, ...], owner: Node) -> tuple[Path, ...]:
    if len(parts) < 2:
        raise ShapesError(owner, "a list in its sh:path needs at least two members")
    return parts
