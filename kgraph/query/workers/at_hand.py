"""The copy in this process, from which simple queries are answered without asking a worker."""

import threading
from contextlib import suppress
from pathlib import Path

from kgraph.errors import StoreError
from kgraph.store import NotWanted, SimpleQuery, UnionCopy, open_store, published


class AtHand:
    """A copy of the union that is published, made by a thread of its own; threads share it.

    :param store: its directory.
    :ivar answered: how many queries were answered.
    """

    def __init__(self, store: Path):
        self._path = store
        self._copy: UnionCopy | None = None
        self._tried: tuple[int, int] | None = None  # what was published when a copy was begun
        self._thread: threading.Thread | None = None
        self._is_closed = False
        self._counting = threading.Lock()
        self.answered = 0

    def answer(self, query: SimpleQuery, state: str) -> bytes | None:
        """As `SimpleQueries.answer`; None too where there is no copy of that state of the store."""
        copy = self._copy
        if copy is None or copy.state != state:
            return None
        answer = copy.queries.answer(query)
        if answer is not None:
            with self._counting:
                self.answered += 1
        return answer

    def look(self, *, may_copy: bool) -> None:
        """Let go of a copy of what is no longer published, and begin to make another; one thread calls it.

        :param may_copy: whether there is room for one, and it is worth it.
        """
        if self._thread is not None and self._thread.is_alive():
            return
        found = published(self._path)
        if found is None or found.seen == self._tried:
            return
        self._copy = None
        if may_copy:
            self._thread = threading.Thread(
                target=self._make, args=(found.seen,), name="kgraph-copy", daemon=True
            )
            self._thread.start()

    def close(self) -> None:
        """Let go of the copy, and make no other."""
        self._is_closed = True
        if self._thread is not None:
            self._thread.join()
        self._copy = None

    def _make(self, seen: tuple[int, int]) -> None:
        with suppress(StoreError, NotWanted), open_store(self._path) as store, store.view() as view:
            self._tried = seen
            self._copy = UnionCopy(view, lambda: not self._is_closed)
