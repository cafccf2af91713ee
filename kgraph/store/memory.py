"""A store in memory: the same behaviour as on disk, for as long as the process lives."""

import secrets
import threading
import weakref
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pyoxigraph as ox

from kgraph.errors import StoreLocked
from kgraph.iris import Minter
from kgraph.records import DamagedReject, Reject
from kgraph.store.bulk import write_batches
from kgraph.store.changes import Changes
from kgraph.store.rejects import age
from kgraph.store.snapshots import Snapshot
from kgraph.store.store import Store
from kgraph.store.writer import Session


class MemoryStore(Store):
    """Snapshots share one engine until someone writes while a snapshot is held: then it is copied."""

    def __init__(self, minter: Minter, lock_wait_s: float):
        super().__init__("(in memory)", minter)
        self._lock_wait_s = lock_wait_s
        self._writing = threading.Lock()
        self._switching = threading.Lock()
        self._version = 0
        self._state = secrets.token_hex(8)
        self._engine = ox.Store()
        self._texts: dict[str, str] = {}
        self._rejects: dict[str, Reject] = {}
        self._held: weakref.WeakSet[Snapshot] = weakref.WeakSet()

    def rejects(self) -> list[Reject | DamagedReject]:
        """All of them can be read."""
        with self._switching:
            return [*sorted(self._rejects.values(), key=age)]

    def close(self) -> None:
        """Nothing is held open."""

    def _snapshot(self) -> Snapshot:
        with self._switching:
            snapshot = Snapshot(self._version, self._engine, self._texts.get, self.name, state=self._state)
            self._held.add(snapshot)
            return snapshot

    @contextmanager
    def _locked(self) -> Iterator[Session]:
        if not self._writing.acquire(timeout=self._lock_wait_s):
            raise StoreLocked(self.name, self._lock_wait_s)
        try:
            yield _MemorySession(self)
        finally:
            self._writing.release()

    def _session(self) -> AbstractContextManager[Session]:
        return self._locked()

    def _apply(self, changes: Changes, loaded: ox.Store | None = None) -> int:
        with self._switching:
            if loaded is not None:
                self._engine, self._held = loaded, weakref.WeakSet()
            if changes:
                self._write(changes)
            kept = self._rejects | changes.rejects
            self._rejects = {key: reject for key, reject in kept.items() if reject is not None}
            return self._version

    def _write(self, changes: Changes) -> None:
        if len(self._held):
            engine = ox.Store()
            engine.extend(self._engine)
            self._engine = engine
            self._held = weakref.WeakSet()
        self._engine.update(changes.update(self._version + 1))
        kept = self._texts | changes.texts
        self._texts = {sha256: text for sha256, text in kept.items() if text is not None}
        self._version += 1
        self._state = secrets.token_hex(8)


class _MemorySession:
    def __init__(self, store: MemoryStore):
        self._store = store
        self._loaded: ox.Store | None = None

    def commit(self, changes: Changes) -> int:
        loaded, self._loaded = self._loaded, None
        return self._store._apply(changes, loaded)

    def load_graph(self, graph: str, batches: Iterable[bytes]) -> None:
        if self._loaded is None:
            self._loaded = ox.Store()
            self._loaded.extend(self._store._engine)
        write_batches(self._loaded, graph, batches)

    def pending(self) -> Snapshot:
        store = self._store
        engine = self._loaded if self._loaded is not None else store._engine
        return Snapshot(store._version, engine, store._texts.get, store.name)

    def snapshot(self) -> Snapshot:
        return self._store._snapshot()
