"""A store on disk: shared by processes, whole whatever happens to them.

A commit is one update of the database, then a snapshot, then the pointer to it. A writer that is
killed leaves the database at most one commit ahead of the pointer; the next writer publishes
that commit before it does anything else.
"""

import os
import sys
import threading
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from pathlib import Path

import pyoxigraph as ox

from kgraph.records import DamagedReject, Reject
from kgraph.store.bulk import forget_loading, note_loading, put_back, write_batches
from kgraph.store.changes import Bookkeeping, Changes
from kgraph.store.layout import (
    Layout,
    StoreFormat,
    check_free_space,
    describe_fault,
    read_format,
    replace_file,
    sync_directory,
)
from kgraph.store.locking import FileLock, wait_for_lock
from kgraph.store.plain import SPACE_FACTOR, PlainWriter
from kgraph.store.rejects import read_rejects, write_rejects
from kgraph.store.snapshots import (
    Snapshot,
    clean,
    has_union,
    is_sha256,
    open_database,
    open_published,
    publish,
    read_text_file,
)
from kgraph.store.store import Store
from kgraph.store.writer import Session

#: Below this much free space nobody begins to write, in bytes.
MIN_FREE_BYTES = 64_000_000


class DiskStore(Store):
    """Holds the published snapshot open and moves on when the pointer does."""

    def __init__(self, layout: Layout, made: StoreFormat, lock_wait_s: float, min_free_bytes: int):
        super().__init__(str(layout.root), made.minter, is_plain=made.is_plain)
        self._layout = layout
        self._pointer = str(layout.pointer)
        self._lock_wait_s = lock_wait_s
        self._min_free_bytes = min_free_bytes
        self._switching = threading.Lock()
        self._current: Snapshot | None = None
        self._seen: tuple[int, int] | None = None

    @property
    def path(self) -> Path | None:
        """Its directory."""
        return self._layout.root

    def rejects(self) -> list[Reject | DamagedReject]:
        """Read from their files; no lock is needed."""
        try:
            read_format(self._layout)
            return read_rejects(self._layout)
        except OSError as exc:
            raise describe_fault(self._layout, exc) from exc

    def close(self) -> None:
        """Let go of the snapshot; views in use stay readable."""
        with self._switching:
            self._current = self._seen = None

    def _snapshot(self) -> Snapshot:
        try:
            with self._switching:
                return self._switched()
        except OSError as exc:
            raise describe_fault(self._layout, exc) from exc

    def hold(self, engine: ox.Store, version: int, seen: tuple[int, int]) -> None:
        """Take a copy of a version in the place of its snapshot, with the union, however large that is.

        :param seen: what the pointer was like when it named that version, or before.
        """
        layout = self._layout
        with self._switching:
            self._current = Snapshot(
                version, engine, lambda sha256: read_text_file(layout, sha256), str(layout.root),
                state=_state(seen), is_plain=self.is_plain,
            )  # fmt: skip
            self._current.merged(sys.maxsize)
            self._seen = seen

    def _switched(self) -> Snapshot:
        # Inode and time too, not the number alone: a store made anew in the same place begins anew.
        try:
            stat = os.stat(self._pointer)  # noqa: PTH116  # for each query: text takes half as long
            seen: tuple[int, int] | None = (stat.st_ino, stat.st_mtime_ns)
        except FileNotFoundError:
            seen = None
            read_format(self._layout)
        if self._current is None or seen is None or seen != self._seen:
            self._current = None
            self._current = open_published(self._layout, state=_state(seen), is_plain=self.is_plain)
            self._seen = seen
        return self._current

    def _session(self) -> AbstractContextManager[Session]:
        return self._locked()

    @contextmanager
    def plain_writer(self) -> Iterator[PlainWriter]:
        """As `Store.plain_writer`.

        :raises StoreLocked: if someone else holds it and does not finish in time.
        :raises StoreError: if the store is not plain, the disk is full, or it cannot be opened for writing.
        """
        if not self.is_plain:
            with super().plain_writer() as never:
                yield never
        layout = self._layout
        with self._lock():
            try:
                check_free_space(layout, self._min_free_bytes)
                writer = PlainWriter(layout, open_database(layout), self._min_free_bytes)
                writer.settle()
            except OSError as exc:
                raise describe_fault(layout, exc) from exc
            try:
                yield writer
            finally:
                writer.close()

    def _lock(self) -> FileLock:
        try:
            read_format(self._layout)
            return wait_for_lock(self._layout.lock, self._lock_wait_s, self.name)
        except OSError as exc:
            raise describe_fault(self._layout, exc) from exc

    @contextmanager
    def _locked(self) -> Iterator[Session]:
        layout = self._layout
        if self.is_plain:
            raise layout.error("it is plain, and takes no documents: they need a store of their own")
        with self._lock():
            session = _DiskSession(self, layout, self._bookkeeping, self._min_free_bytes)
            try:
                session.open()
                yield session
            finally:
                session.close()


def _state(seen: tuple[int, int] | None) -> str:
    """The pointer's inode and time as text: the same in all processes, and of no other store."""
    return "-".join(f"{each:x}" for each in seen or ())


class _DiskSession:
    """The database, open for writing under the lock."""

    def __init__(self, store: DiskStore, layout: Layout, bookkeeping: Bookkeeping, min_free_bytes: int):
        self._store = store
        self._layout = layout
        self._bookkeeping = bookkeeping
        self._min_free_bytes = min_free_bytes
        self._engine: ox.Store | None = None
        self._version = 0
        self._is_loading = False

    def open(self) -> None:
        """Open the database, and finish what a killed writer left.

        :raises StoreError: if it cannot be opened, is missing, or the disk is too full.
        """
        layout = self._layout
        published = layout.published()
        if published and not layout.database.exists():
            raise layout.error(
                f"the folder db is missing; copy snapshots/{published} to db to go on from what was published"
            )
        check_free_space(layout, self._min_free_bytes)
        try:
            engine = self._open_database(published)
            if published is not None and self._version < published:
                raise layout.error(
                    f"the database holds version {self._version}, but {published} was published; put db aside"
                    f" and copy snapshots/{published} in its place"
                )
            self._settle_texts()
            if not has_union(engine):
                changes = Changes(self._bookkeeping)
                changes.fill_union()
                engine.update(changes.update(self._version + 1))
                self._version += 1
            if layout.read_pointer() != self._version or not layout.snapshot(self._version).exists():
                publish(layout, engine, self._version)
            clean(layout)
        except OSError as exc:
            raise describe_fault(layout, exc) from exc

    def _open_database(self, published: int | None) -> ox.Store:
        layout = self._layout
        self._engine = open_database(layout)
        self._version = self._bookkeeping.version_of(self._engine)
        if layout.loading.exists():
            if self._version == published:
                self._engine = None
                put_back(layout, published)
                self._engine = open_database(layout)
            else:
                forget_loading(layout)  # its commit came to an end
        return self._engine

    def close(self) -> None:
        # The last reference: the engine closes the database before the lock is given back.
        self._engine = None
        if self._is_loading:
            put_back(self._layout, self._version)

    def load_graph(self, graph: str, batches: Iterable[bytes]) -> None:
        engine = self._opened()
        note_loading(self._layout)
        self._is_loading = True
        try:
            write_batches(engine, graph, batches)
        except OSError as exc:
            raise describe_fault(self._layout, exc) from exc

    def pending(self) -> Snapshot:
        read_text = partial(read_text_file, self._layout)
        return Snapshot(self._version, self._opened(), read_text, self._store.name)

    def _opened(self) -> ox.Store:
        if self._engine is None:
            raise self._layout.error("a writer is used within its `with` block")
        return self._engine

    def snapshot(self) -> Snapshot:
        return self._store._snapshot()

    def commit(self, changes: Changes) -> int:
        if not changes and not changes.rejects and not self._is_loading:
            return self._version
        engine = self._opened()
        check_free_space(self._layout, self._min_free_bytes + SPACE_FACTOR * changes.size_bytes)
        try:
            if changes or self._is_loading:
                self._write(engine, changes)
            write_rejects(self._layout, changes.rejects)
        except OSError as exc:
            raise describe_fault(self._layout, exc) from exc
        except (SyntaxError, RuntimeError, ValueError) as exc:
            raise self._layout.error(f"the engine refused the change; nothing was written: {exc}") from exc
        return self._version

    def _write(self, engine: ox.Store, changes: Changes) -> None:
        layout = self._layout
        self._put_texts(changes)
        engine.update(changes.update(self._version + 1))
        self._version += 1
        engine.flush()
        publish(layout, engine, self._version)
        if self._is_loading:
            forget_loading(layout)
            self._is_loading = False
        self._settle_texts()
        clean(layout)

    def _put_texts(self, changes: Changes) -> None:
        """Write the texts before anything speaks of them, and first a note of which they are."""
        if not changes.texts:
            return
        layout = self._layout
        layout.texts.mkdir(exist_ok=True)
        replace_file(layout.texts / "pending", "".join(f"{sha256}\n" for sha256 in changes.texts).encode())
        for sha256, text in changes.texts.items():
            if text is not None and not layout.text(sha256).exists():
                replace_file(layout.text(sha256), text.encode())

    def _settle_texts(self) -> None:
        """Remove the texts of the last commit, finished or not, that the database does not speak of."""
        pending = self._layout.texts / "pending"
        if self._engine is None or not pending.exists():
            return
        for sha256 in pending.read_text(encoding="ascii").split():
            if is_sha256(sha256) and not self._bookkeeping.holds_text(self._engine, sha256):
                self._layout.text(sha256).unlink(missing_ok=True)
        for unfinished in self._layout.texts.glob("*.new"):
            unfinished.unlink()
        pending.unlink()
        sync_directory(self._layout.texts)
