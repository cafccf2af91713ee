"""A worker for as long as one query has it."""

import math
from collections.abc import Callable
from typing import Any, TypeVar

from kgraph.errors import QueryError
from kgraph.query.workers.messages import DATA, END, FAULT, WHOLE, Message
from kgraph.query.workers.process import Died, WorkerProcess, fault_of
from kgraph.query.workers.running import RunningQuery

#: When an answer is let go of, a worker that is all but done is spared; one that is not is killed.
_PATIENCE_S = 0.1
_LAST_PIECES = 4
#: After these a worker has no more to say.
_LAST = frozenset({END, FAULT, WHOLE})

T = TypeVar("T")
Release = Callable[["Lease", bool], bool]
SetDeadline = Callable[["Lease", float], None]


class Lease:
    """The right to talk to a worker, by one thread; `close` it in any case.

    :param client: whose turn it is; "" if it is nobody's.
    :ivar deadline: when the worker is killed, by the clock of `time.monotonic`.
    :ivar limit_s: how long the query may take, as whoever asked is told.
    :ivar query: what it evaluates, once it is asked.
    :ivar fault: why it was killed, or ended by itself, once it did.
    :ivar is_done: whether the worker has said all it had to say.
    """

    def __init__(self, worker: WorkerProcess, release: Release, set_deadline: SetDeadline, client: str = ""):
        self.worker = worker
        self.client = client
        self.deadline = math.inf
        self.query: RunningQuery | None = None
        self.is_wanted: Callable[[], bool] | None = None
        self.limit_s = 0.0
        self.fault: QueryError | None = None
        self.is_done = False
        self._release = release
        self._set_deadline = set_deadline
        self._is_asked = False
        self._is_closed = False

    def await_ready(self) -> None:
        """Wait until the worker has started.

        :raises QueryError: if it could not.
        """
        if not self.worker.is_ready:
            self._told(self.worker.await_ready)

    def ask(self, asked: dict[str, Any]) -> None:
        """Send the query."""
        self._is_asked = True
        self._told(lambda: self.worker.ask(asked))

    def write(self, format_: str) -> None:
        """Have the answer written in a format."""
        self._told(lambda: self.worker.write(format_))

    def write_rows(self, most: int) -> None:
        """Have the first rows written."""
        self._told(lambda: self.worker.write_rows(most))

    def drop(self) -> None:
        """Have no answer written."""
        self._told(self.worker.drop)

    def receive(self) -> Message:
        """What the worker says next; the lease is closed by the last of it.

        :raises QueryLimitError: if the worker was killed, or ended.
        :raises KGraphError: which the worker tells of.
        """
        try:
            message = self.worker.receive()
        except Died as exc:
            raise self._bury() from exc
        if message.letter in _LAST:
            self._is_closed = self.is_done = True
            self._give_back(is_fit=message.body != b"last")
            fault = fault_of(message)
            if fault is not None:
                raise fault
        return message

    def close(self) -> None:
        """Let go of the worker; what is unread is lost."""
        if self._is_closed:
            return
        self._is_closed = True
        self._give_back(is_fit=not self._is_asked or self._is_all_but_done())

    def _is_all_but_done(self) -> bool:
        self._set_deadline(self, _PATIENCE_S)
        try:
            for _ in range(_LAST_PIECES):
                message = self.worker.receive()
                if message.letter != DATA:
                    return message.letter in _LAST and message.body != b"last"
        except Died:
            pass
        return False

    def _give_back(self, *, is_fit: bool) -> None:
        was_ours = self._release(self, is_fit)
        if not was_ours or not is_fit:
            self.worker.kill()
            self.worker.close()

    def _told(self, talk: Callable[[], T]) -> T:
        try:
            return talk()
        except Died as exc:
            raise self._bury() from exc

    def _bury(self) -> QueryError:
        """Let go of a worker that has died; why it did."""
        self._is_closed = True
        self.fault = fault = self.fault or self.worker.cause_of_death()
        self._release(self, False)
        self.worker.kill()
        self.worker.close()
        return fault
