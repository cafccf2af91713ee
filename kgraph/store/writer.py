"""A writer: collects changes and commits them, all at once."""

from collections.abc import Iterable
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Protocol, Self

from kgraph.errors import StoreError
from kgraph.records import Reject
from kgraph.store.changes import Bookkeeping, Changes
from kgraph.store.snapshots import Snapshot
from kgraph.store.terms import Triples
from kgraph.store.view import View

if TYPE_CHECKING:
    from rdflib import Graph


class Session(Protocol):
    """What a kind of store does while its lock is held."""

    def commit(self, changes: Changes) -> int:
        """Make the changes last, and give the new version."""

    def snapshot(self) -> Snapshot:
        """What was committed so far."""

    def load_graph(self, graph: str, batches: Iterable[bytes]) -> None:
        """Write a graph that is too large for one change."""

    def pending(self) -> Snapshot:
        """What was committed, with the graphs that were loaded since."""


class Writer:
    """The one who writes, from entering the `with` block until leaving it.

    Nothing is written before `commit`; what was not committed when the block is left is
    forgotten. Changes hold in the order they were made.
    """

    def __init__(self, opening: AbstractContextManager[Session], bookkeeping: Bookkeeping, name: str):
        self._opening = opening
        self._bookkeeping = bookkeeping
        self._name = name
        self._session: Session | None = None
        self._changes = Changes(bookkeeping)

    def __enter__(self) -> Self:
        """Take the lock.

        :raises StoreLocked: if someone else holds it and does not finish in time.
        :raises StoreError: if the disk is full, or the store cannot be opened for writing.
        """
        self._session = self._opening.__enter__()
        return self

    def __exit__(self, *exc_info: object) -> None:
        self._session = None
        self._changes = Changes(self._bookkeeping)
        self._opening.__exit__(None, None, None)

    def replace_graph(self, iri: str, graph: "Graph | Triples | bytes") -> None:
        """Put `graph` in the place of whatever the graph of that name holds.

        :param graph: rdflib's, or N-Triples or Turtle in UTF-8.
        :raises ValueError: if it cannot be read, or a term cannot be stored.
        """
        self._changes.replace(iri, graph)

    def load_graph(self, iri: str, batches: Iterable[bytes]) -> None:
        """Put what comes, batch by batch, in the place of whatever the graph of that name holds.

        For graphs that are too large for `replace_graph`: it is written at once, and lasts with the next
        commit; without one, all is as it was before.

        :param batches: N-Triples, without blank nodes.
        :raises StoreError: if they could not be written.
        """
        self._active().load_graph(iri, batches)

    def pending(self) -> View:
        """What is committed, with what was loaded by `load_graph` since; close it before the commit."""
        return View(self._active().pending())

    def drop_graph(self, iri: str) -> None:
        """Remove a graph; if there is none of that name, nothing."""
        self._changes.drop(iri)

    def insert(self, iri: str, graph: "Graph | Triples | bytes") -> None:
        """Add triples to a graph.

        :raises ValueError: as `replace_graph`.
        """
        self._changes.insert(iri, graph)

    def delete(self, iri: str, graph: "Graph | Triples | bytes") -> None:
        """Remove triples from a graph.

        :raises ValueError: as `replace_graph`; and for blank nodes, which nobody knows by their label.
        """
        self._changes.delete(iri, graph)

    def put_text(self, sha256: str, text: str) -> None:
        """Keep the text of a document.

        :param sha256: hash of the document's bytes, in hexadecimal.
        """
        self._changes.put_text(sha256, text)

    def drop_text(self, sha256: str) -> None:
        """Keep a text no longer."""
        self._changes.drop_text(sha256)

    def keep_reject(self, reject: Reject) -> None:
        """Keep a document that was kept out of the graph, in place of an entry that it has already."""
        self._changes.keep_reject(reject)

    def drop_reject(self, key: str) -> None:
        """Keep it no longer; if nothing is kept under that key, nothing.

        :param key: `Reject.key`, or `DamagedReject.key`.
        :raises ValueError: if it is none.
        """
        self._changes.drop_reject(key)

    def view(self) -> View:
        """What is committed so far; nobody else can change it before the block is left."""
        return View(self._active().snapshot())

    def commit(self) -> int:
        """Make the changes so far last, all of them or none, and give the new version.

        Without changes of the graph the version stays. What is kept of documents that were kept out changes
        last: who is killed before leaves an entry too many, never one too few.

        :raises StoreError: if they could not be written; says whether they may be in all the same.
        """
        session = self._active()
        changes, self._changes = self._changes, Changes(self._bookkeeping)
        return session.commit(changes)

    def _active(self) -> Session:
        if self._session is None:
            raise StoreError(self._name, "a writer is used within its `with` block")
        return self._session
