"""Snapshots: versions that readers hold while writers go on.

A numbered folder is whole and never changes. Readers open the one that the pointer names, under a
shared lock on its folder; a writer publishes a new one beside it, moves the pointer, and
removes those that nobody holds.
"""

import re
import shutil
import threading
import time
import weakref
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pyoxigraph as ox

from kgraph.errors import StoreError
from kgraph.store.layout import Layout, describe_fault, replace_file, sync_directory
from kgraph.store.locking import FileLock
from kgraph.store.merging import MOST_TRIPLES, with_union

_TRIES = 100
_PAUSE_S = 0.01


class Snapshot:
    """One version of the graph, whole and unchanged for as long as it is held.

    :param engine: the engine's store; only read.
    :param read_text: gives the text of a document by the hash of its bytes.
    :param name: the store's directory, for errors.
    :param state: the same for all snapshots of one state of one store, and for no other store or state.
    :param is_plain: whether the engine's default graph is a graph like the others.
    :ivar has_union: whether the engine's default graph is the union of all graphs, each triple once.
    :param lock: what keeps the files from being cleaned; given back when the snapshot goes.
    """

    def __init__(
        self,
        version: int,
        engine: ox.Store,
        read_text: Callable[[str], str | None],
        name: str,
        lock: FileLock | None = None,
        state: str = "",
        *,
        is_plain: bool = False,
    ):
        self.version = version
        self.engine = engine
        self.read_text = read_text
        self.name = name
        self.state = state
        self.is_plain = is_plain
        self.has_union = not is_plain and has_union(engine)
        self._merging = threading.Lock()
        self._merged: ox.Store | None = None
        self._is_merged = self.has_union
        if lock is not None:
            weakref.finalize(self, lock.release)

    def merged(self, most: int = MOST_TRIPLES) -> ox.Store | None:
        """A copy whose default graph is the union, made when first asked for.

        :param most: triples of all graphs.
        :return: None where there is no need of one, since the engine holds the union or no triple is in two
            graphs, and where there are more triples.
        """
        with self._merging:
            if not self._is_merged:
                self._merged = with_union(self.engine, most)
                self._is_merged = True
            return self._merged


def has_union(engine: ox.Store) -> bool:
    """Whether the default graph holds the union of the others, as it does since stores are made so."""
    in_default = engine.quads_for_pattern(None, None, None, ox.DefaultGraph())
    return next(in_default, None) is not None or next(iter(engine.named_graphs()), None) is None


def open_published(layout: Layout, *, state: str, is_plain: bool = False) -> Snapshot:
    """The published version, read-only; tries again where a writer moves on meanwhile.

    :param state: of what is published, or was a moment ago.
    :raises StoreError: if there is none, or it cannot be read.
    """
    for _ in range(_TRIES):
        version = layout.published()
        if version is None:
            raise layout.error("it holds no published version; the next `kgraph add FILE` makes one")
        snapshot = _open(layout, version, state, is_plain)
        if snapshot is not None:
            return snapshot
        time.sleep(_PAUSE_S)
    raise layout.error(
        f"snapshots/{version} is missing; the next `kgraph add FILE` makes it again from the database"
    )


def _open(layout: Layout, version: int, state: str, is_plain: bool) -> Snapshot | None:
    """The snapshot, None if it was cleaned away or the pointer moved before we held it."""
    folder = layout.snapshot(version)
    try:
        lock = FileLock(folder, shared=True)
    except (FileNotFoundError, BlockingIOError):
        return None
    except OSError as exc:
        raise describe_fault(layout, exc) from exc
    if layout.published() != version or not folder.exists():
        lock.release()
        return None
    again = f"put snapshots/{version} aside, and the next `kgraph add FILE` makes it again from the database"
    try:
        engine = _open_engine(layout, partial(ox.Store.read_only, str(folder)), again)
    except StoreError:
        lock.release()
        raise
    read_text = partial(read_text_file, layout)
    return Snapshot(version, engine, read_text, str(layout.root), lock, state, is_plain=is_plain)


def open_database(layout: Layout) -> ox.Store:
    """The database, for the writer that holds the lock.

    :raises StoreError: if files of it are damaged or missing, or it cannot be opened.
    """
    whole = f"copy snapshots/{layout.published()} in its place"
    return _open_engine(layout, partial(ox.Store, str(layout.database)), f"put db aside and {whole}")


def _open_engine(layout: Layout, opening: Callable[[], ox.Store], instead: str) -> ox.Store:
    """The engine over a folder of the store.

    :param opening: opens it.
    :param instead: what to do if files of it are damaged or missing.
    :raises StoreError: if they are, or it cannot be opened.
    """
    try:
        return opening()
    except OSError as exc:
        raise describe_fault(layout, exc) from exc
    except RuntimeError as exc:  # so the engine tells of checksums, sizes and files that do not fit
        raise layout.error(f"files of it are damaged or missing; {instead} ({exc})") from exc


def read_text_file(layout: Layout, sha256: str) -> str | None:
    """The text of a document, None if it is not kept."""
    if not is_sha256(sha256):
        return None
    try:
        return layout.text(sha256).read_bytes().decode()
    except FileNotFoundError:
        return None
    except OSError as exc:
        raise describe_fault(layout, exc) from exc


def is_sha256(text: str) -> bool:
    """Whether it is a SHA-256 in hexadecimal, small letters: fit for the name of a file."""
    return re.fullmatch("[0-9a-f]{64}", text) is not None


def publish(layout: Layout, engine: ox.Store, version: int) -> None:
    """Make `version`, which is what the database holds, the one that readers get.

    :raises OSError: if the disk is full or the like; then the old version stays published.
    """
    folder = layout.snapshot(version)
    layout.snapshots.mkdir(exist_ok=True)
    # A folder of that number is left over from a writer that was killed before it moved the
    # pointer, unless someone holds it: then it was published, and is whole.
    if not folder.exists() or _remove_unheld(folder):
        engine.flush()
        engine.backup(str(folder))
        sync_directory(layout.snapshots)
    replace_file(layout.pointer, f"{version}\n".encode())


def clean(layout: Layout) -> None:
    """Remove the snapshots that are neither published nor held, and what killed writers left."""
    published = layout.read_pointer()
    for path in layout.snapshots.iterdir():
        if not path.name.isdecimal():
            shutil.rmtree(path, ignore_errors=True)
        elif int(path.name) != published:
            _remove_unheld(path)


def _remove_unheld(folder: Path) -> bool:
    """Remove a snapshot; False if someone holds it."""
    try:
        lock = FileLock(folder)
    except BlockingIOError:
        return False
    # Renamed first, so that a numbered folder is always whole.
    removed = folder.with_name(f"{folder.name}.old")
    with lock:
        shutil.rmtree(removed, ignore_errors=True)
        folder.rename(removed)
        shutil.rmtree(removed, ignore_errors=True)
    return True
