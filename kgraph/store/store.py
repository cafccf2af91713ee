"""A store: gives views to readers and one writer at a time."""

from abc import ABC, abstractmethod
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Self

from kgraph.errors import StoreError
from kgraph.iris import Minter
from kgraph.records import DamagedReject, Reject
from kgraph.store.changes import Bookkeeping
from kgraph.store.plain import PlainWriter
from kgraph.store.snapshots import Snapshot
from kgraph.store.view import View
from kgraph.store.writer import Session, Writer


class Store(ABC):
    """Where the graph is kept. Threads may share one.

    :ivar minter: makes the IRIs of this store.
    :ivar name: its directory, or `(in memory)`.
    :ivar is_plain: whether it holds whatever RDF is written to it, not documents that passed the gate.
    """

    def __init__(self, name: str, minter: Minter, *, is_plain: bool = False):
        self.name = name
        self.minter = minter
        self.is_plain = is_plain
        self._bookkeeping = Bookkeeping(minter)

    @property
    def path(self) -> Path | None:
        """Its directory; None in memory."""
        return None

    def view(self) -> View:
        """What was last committed, by whatever process.

        :raises StoreError: if the store has gone or cannot be read.
        """
        return View(self._snapshot())

    def state(self) -> str:
        """What stays the same until something is committed, by whatever process, and no other store has.

        :raises StoreError: as `view`.
        """
        return self._snapshot().state

    def writer(self) -> Writer:
        """The one who may write; use it in a `with` block, and no longer than need be."""
        return Writer(self._session(), self._bookkeeping, self.name)

    def plain_writer(self) -> AbstractContextManager[PlainWriter]:
        """The one who may write to a plain store; use it in a `with` block, and no longer than need be.

        :raises StoreError: if it is not plain.
        """
        raise StoreError(self.name, "it holds documents, which enter through the gate alone")

    @abstractmethod
    def rejects(self) -> list[Reject | DamagedReject]:
        """The documents that the gate kept out and nobody has dealt with yet, the oldest first.

        They are no part of the graph: no view shows them. Entries that cannot be read come last.

        :raises StoreError: if the store cannot be read.
        """

    @abstractmethod
    def close(self) -> None:
        """Let go of what is held open; views in use stay readable."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()

    @abstractmethod
    def _snapshot(self) -> Snapshot: ...

    @abstractmethod
    def _session(self) -> AbstractContextManager[Session]: ...
