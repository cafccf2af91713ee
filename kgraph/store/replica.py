"""A copy in memory of what a store has published, for a process that others are forked from.

What reads the database starts threads, and what has threads is not forked. So one process writes the copy
into a pipe, and another reads it: a line of JSON, then N-Quads.

The engine finds quads by the order in which they came, the last ones first, and they lie in memory in that
order. So pieces are sorted by predicate, and the union, which most queries ask, comes last: to go through a
predicate takes a third of the time that it takes in another order.
"""

import json
from functools import partial
from pathlib import Path
from typing import BinaryIO, NamedTuple

import pyoxigraph as ox

from kgraph.errors import StoreError
from kgraph.store.disk import DiskStore
from kgraph.store.layout import Layout, describe_fault
from kgraph.store.lines import Lines, load_lines
from kgraph.store.opening import open_store
from kgraph.store.store import Store

_PIECE_BYTES = 8_000_000


def write_copy(path: Path, file: BinaryIO) -> None:
    """Write the published version of a store.

    :param path: its directory.
    :raises StoreError: if it cannot be read.
    """
    store = _open(path)
    layout = Layout(path)
    # Looked at before it is read: what is published meanwhile makes the copy an old one, at worst too early.
    seen = published(path)
    if seen is None:
        raise layout.error("nothing is published")
    snapshot = store._snapshot()
    engine = snapshot.engine
    names = list(engine.named_graphs())
    graphs = [[type(name).__name__, name.value] for name in names]
    head = {"seen": seen.seen, "version": snapshot.version, "graphs": graphs}
    lines = Lines(partial(_write_sorted, file))
    try:
        file.write(json.dumps(head).encode() + b"\n")
        for name in names:
            quads = Lines(partial(_write_quads, lines, str(name).encode()))
            engine.dump(quads.file, ox.RdfFormat.N_TRIPLES, from_graph=name)
            quads.finish()
        engine.dump(lines.file, ox.RdfFormat.N_TRIPLES, from_graph=ox.DefaultGraph())
        lines.finish()
        file.flush()
    except OSError as exc:
        raise describe_fault(layout, exc) from exc


def read_copy(path: Path, file: BinaryIO) -> Store:
    """The store, with the copy in the place of the version that it is one of; newer ones are on disk.

    :raises StoreError: if the copy is not whole.
    """
    store = _open(path)
    try:
        head = json.loads(file.readline())
        engine = ox.Store()
        while lines := file.read(_PIECE_BYTES):
            load_lines(engine, lines + file.readline())
        for kind, name in head["graphs"]:  # empty ones too, of which N-Quads cannot tell
            engine.add_graph(ox.BlankNode(name) if kind == "BlankNode" else ox.NamedNode(name))
    except (ValueError, KeyError, SyntaxError, OSError) as exc:
        raise StoreError(str(path), f"the copy of it is not whole: {exc}") from exc
    store.hold(engine, int(head["version"]), tuple(head["seen"]))
    return store


def _write_quads(lines: Lines, graph: bytes, triples: bytes) -> None:
    lines.write(triples.replace(b" .\n", b" %b .\n" % graph))


def _write_sorted(file: BinaryIO, quads: bytes) -> None:
    lines = quads.splitlines(keepends=True)
    lines.sort(key=_predicate_of)
    file.write(b"".join(lines))


def _predicate_of(line: bytes) -> bytes:
    return line.split(b" ", 2)[1]


def _open(path: Path) -> DiskStore:
    store = open_store(path)
    assert isinstance(store, DiskStore)  # noqa: S101  # it has a path
    return store


class Published(NamedTuple):
    """What is published, seen from outside.

    :param seen: another whenever something else is.
    :param at_s: since when, in seconds of the epoch.
    """

    seen: tuple[int, int]
    at_s: float


def published(path: Path) -> Published | None:
    """What a store has published; None if nothing, or it cannot be told."""
    try:
        stat = Layout(path).pointer.stat()
    except OSError:
        return None
    return Published((stat.st_ino, stat.st_mtime_ns), stat.st_mtime)


def published_bytes(path: Path) -> int:
    """How large the published version is on disk, where the engine packs it; 0 if it cannot be told."""
    layout = Layout(path)
    try:
        return sum(file.stat().st_size for file in layout.snapshot(layout.published() or 0).iterdir())
    except OSError:
        return 0
