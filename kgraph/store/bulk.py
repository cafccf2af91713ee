"""Graphs too large for one update: written batch by batch, before the commit that makes them last.

The database is not whole meanwhile, and nobody else sees it: readers hold snapshots. A note (`loading`) lies
beside it until the commit; whoever finds it there puts the database back as the last snapshot has it.
"""

import os
import shutil
from collections.abc import Iterable
from itertools import groupby, islice
from operator import attrgetter
from pathlib import Path

import pyoxigraph as ox

from kgraph.store.layout import Layout, replace_file, sync_directory

_DEFAULT = ox.DefaultGraph()
#: Quads that are looked at together, and bytes of N-Triples that the database takes well at once.
_MANY, _MANY_BYTES = 20_000, 10_000_000


def write_batches(engine: ox.Store, graph: str, batches: Iterable[bytes]) -> None:
    """Put what comes in the place of a graph, in the union too; not whole until it returns.

    :param batches: N-Triples.
    """
    name = ox.NamedNode(graph)
    _remove(engine, name)
    waiting = bytearray()
    for batch in batches:
        waiting += batch
        if len(waiting) >= _MANY_BYTES:
            _write(engine, name, bytes(waiting))
            waiting.clear()
    _write(engine, name, bytes(waiting))


def _write(engine: ox.Store, name: ox.NamedNode, ntriples: bytes) -> None:
    for graph in (name, _DEFAULT):
        engine.bulk_load(ntriples, format=ox.RdfFormat.N_TRIPLES, to_graph=graph)


def _remove(engine: ox.Store, name: ox.NamedNode) -> None:
    """Remove a graph, and from the union what no other graph says.

    Quad by quad, and flushed now and then: what is removed at once is held in memory until it is written.
    """
    standing = engine.quads_for_pattern(None, None, None, name)
    while quads := list(islice(standing, _MANY)):
        for subject, said in groupby(quads, key=attrgetter("subject")):
            held = engine.quads_for_pattern(subject, None, None, None)
            elsewhere = {
                (each.predicate, each.object) for each in held if each.graph_name not in (name, _DEFAULT)
            }
            for quad in said:
                engine.remove(quad)
                if (quad.predicate, quad.object) not in elsewhere:
                    engine.remove(ox.Quad(subject, quad.predicate, quad.object, _DEFAULT))
        engine.flush()
    engine.remove_graph(name)


def note_loading(layout: Layout) -> None:
    """Note that the database is about to be written batch by batch."""
    replace_file(layout.loading, b"")


def forget_loading(layout: Layout) -> None:
    """Note that it is whole."""
    layout.loading.unlink(missing_ok=True)


def put_back(layout: Layout, version: int) -> None:
    """Put the database back as a snapshot has it, if it was being written batch by batch; nobody has it open.

    :raises OSError: if the disk is full or the like; then the note stays.
    """
    if not layout.loading.exists():
        return
    made, broken = layout.database.with_name("db.new"), layout.database.with_name("db.old")
    shutil.rmtree(made, ignore_errors=True)
    made.mkdir()
    for file in layout.snapshot(version).iterdir():
        _take(file, made / file.name)
    sync_directory(made)
    shutil.rmtree(broken, ignore_errors=True)
    layout.database.rename(broken)
    made.rename(layout.database)
    sync_directory(layout.root)
    forget_loading(layout)
    shutil.rmtree(broken, ignore_errors=True)


def _take(file: Path, copy: Path) -> None:
    """A file of the database: tables never change, so a second name is enough."""
    if file.suffix == ".sst":
        os.link(file, copy)
    else:
        shutil.copyfile(file, copy)
