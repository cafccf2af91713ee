"""Shares out the workers.

`turns` queries are evaluated at once, in as many processes, and one more waits, warm, to take the place of
one that is killed. A request without a turn waits in a queue, in order, and not for long. One thread starts
the processes and ends those that are past their time: it is the only clock.
"""

import atexit
import contextlib
import math
import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Mapping
from itertools import count
from pathlib import Path
from typing import Any

from kgraph.errors import QueryBusy, QueryCancelled, QueryError, QueryTimeout
from kgraph.processes import start_program
from kgraph.query.workers.answer import Answer
from kgraph.query.workers.at_hand import AtHand
from kgraph.query.workers.lease import Lease
from kgraph.query.workers.limits import Limits
from kgraph.query.workers.messages import packed_bindings
from kgraph.query.workers.process import PROGRAM, WorkerProcess
from kgraph.query.workers.replica import Replicas
from kgraph.query.workers.running import RunningQuery
from kgraph.records import Term
from kgraph.store import SimpleQuery

#: How long a process may take to start.
_STARTING_S = 60.0
#: How often it is asked whether the answer is still wanted.
_LOOKING_S = 0.4
_RETRY_START_S = 1.0
_SHUT_DOWN = "this server is being shut down"
_BY_ADMINISTRATOR = "an administrator of this server has stopped it"
#: Of a query whose answer nobody takes.
_LEFT = "ClientLeft"


class Workers:
    """Evaluates queries on a store's published version in other processes, under limits.

    Threads share one. The processes are started when first needed, and end with this one.

    :param store: its directory.
    """

    def __init__(self, store: Path, limits: Limits | None = None):
        self.limits = limits or Limits()
        self._turns, self._places = self.limits.turns, self.limits.places
        self._store = store
        self._replicas = Replicas(store, self.limits.memory_bytes, self.limits.replica_bytes)
        self._at_hand = AtHand(store)
        self._changed = threading.Condition()
        self._idle: deque[WorkerProcess] = deque()
        self._busy: set[Lease] = set()
        self._waiting: deque[_Place] = deque()
        self._wakes_at = math.inf
        self._was_asked = False
        self._is_closed = False
        self._supervisor: threading.Thread | None = None
        self._numbers = count(1)
        self._killed: Counter[str] = Counter()

    def evaluate(
        self,
        text: str,
        *,
        time_s: float | None = None,
        client: str = "",
        is_wanted: Callable[[], bool] | None = None,
        likely: Mapping[str, str] | None = None,
        about: Mapping[str, str] | None = None,
        bindings: Mapping[str, Term] | None = None,
        **options: Any,
    ) -> Answer:
        """Begin to evaluate a query; close the answer if it is not read to its end.

        :param time_s: stop it after this time, if that is less than the limit.
        :param client: who may not have all the turns, nor more than half of the places in the queue; "" may.
        :param is_wanted: asked now and then until the answer is read; once it says no, the query is stopped.
        :param likely: the format that the answer will be wanted in, by its kind: it is written at once.
        :param about: what `running` tells along with it, such as who asks.
        :param bindings: terms that stand for variables, as in `View.evaluate`.
        :param options: of `View.evaluate`.
        :raises QueryBusy: if no turn comes soon.
        :raises QueryCancelled: if it is stopped by `cancel` or `close` before that.
        :raises QueryLimitError: if it is past a limit before it is known what kind of answer it has.
        :raises QueryError: as `View.evaluate`.
        :raises StoreError: if the store cannot be read.
        """
        limit_s = self.limits.time_s if time_s is None else min(time_s, self.limits.time_s)
        lease = self._turn(client)
        try:
            lease.await_ready()
            lease.is_wanted = is_wanted
            lease.query = RunningQuery(next(self._numbers), text, dict(about or {}))
            lease.limit_s = limit_s
            self._set_deadline(lease, limit_s)
            if bindings:
                options["bindings"] = packed_bindings(bindings)
            lease.ask({"text": text, "options": options, "time_s": limit_s, "likely": dict(likely or {})})
            return Answer(lease, self.limits.answer_bytes)
        except BaseException:
            lease.close()
            raise

    def simple_answer(self, query: SimpleQuery, state: str) -> bytes | None:
        """The answer to a query on the union, in JSON, if the copy in this process has it in a moment.

        :param state: that the answer must be of, as `Store.state` tells it.
        :return: None where it has not; then a worker is to evaluate it.
        """
        return self._at_hand.answer(query, state)

    def update(
        self, text: str, *, client: str = "", about: Mapping[str, str] | None = None, **options: Any
    ) -> None:
        """Run an update of a plain store, under the limits of a query.

        :param client: as in `evaluate`.
        :param about: as in `evaluate`.
        :param options: of `PlainWriter.update`.
        :raises QueryBusy: if no turn comes soon.
        :raises QueryLimitError: if it is past a limit; then it is either wholly in or not at all.
        :raises QueryError: as `PlainWriter.update`.
        :raises StoreError: if the store cannot be written.
        """
        lease = self._turn(client)
        try:
            lease.await_ready()
            lease.query = RunningQuery(next(self._numbers), text, dict(about or {}))
            lease.limit_s = self.limits.time_s
            self._set_deadline(lease, self.limits.time_s)
            lease.ask({"update": text, "options": options, "time_s": self.limits.time_s})
            lease.receive()
        except BaseException:
            lease.close()
            raise

    def close(self) -> None:
        """End all processes, whatever they are doing."""
        atexit.unregister(self.close)
        with self._changed:
            self._is_closed = True
            self._changed.notify_all()
        if self._supervisor is not None:
            self._supervisor.join()

    @property
    def pids(self) -> tuple[int, ...]:
        """The process ids of the workers there are."""
        with self._changed:
            return (*(worker.pid for worker in self._idle), *(lease.worker.pid for lease in self._busy))

    @property
    def in_memory(self) -> bool:
        """Whether workers now answer from a copy in memory of what is published."""
        return self._replicas.is_current

    @property
    def busy(self) -> int:
        """How many queries are being evaluated."""
        return len(self._busy)

    @property
    def waiting(self) -> int:
        """How many requests wait for a turn."""
        return len(self._waiting)

    @property
    def answered_at_hand(self) -> int:
        """How many queries `simple_answer` has answered."""
        return self._at_hand.answered

    @property
    def killed(self) -> Mapping[str, int]:
        """How many queries were stopped or broke off, by the name of the error that says why.

        `ClientLeft` is the cause where an answer was not read to its end: it was too large, or not wanted.
        """
        return dict(self._killed)

    def running(self) -> list[RunningQuery]:
        """The queries that are being evaluated, the oldest first."""
        with self._changed:
            found = [lease.query for lease in self._busy if lease.query is not None]
        return sorted(found, key=lambda query: query.id)

    def cancel(self, id_: int) -> bool:
        """Stop a query; False if it is not being evaluated (any more)."""
        with self._changed:
            lease = next((each for each in self._busy if each.query and each.query.id == id_), None)
        return lease is not None and self._stop(lease, QueryCancelled(_BY_ADMINISTRATOR))

    def _turn(self, client: str) -> Lease:
        with self._changed:
            if self._is_closed:
                raise QueryCancelled(_SHUT_DOWN)
            self._start()
            if not self._was_asked:
                self._was_asked = True
                if self._wakes_at > time.monotonic() + _LOOKING_S:
                    self._changed.notify_all()  # it was asleep
            is_next = not self._waiting and len(self._busy) < self._turns and self._has_share(client)
            if is_next and (worker := self._rested()):
                return self._leased(worker, client)
            if len(self._busy) + len(self._waiting) >= self._turns + self._places or self._is_crowd(client):
                raise QueryBusy(self.limits.wait_s)
            place = _Place(client)
            self._waiting.append(place)
            self._grant()
        if place.given.wait(self.limits.wait_s) or self._is_granted_after_all(place):
            assert place.lease is not None  # noqa: S101  # given is set after it
            return place.lease
        raise QueryBusy(self.limits.wait_s)

    def _is_granted_after_all(self, place: "_Place") -> bool:
        with self._changed:
            with contextlib.suppress(ValueError):
                self._waiting.remove(place)
            return place.lease is not None

    def _grant(self) -> None:
        """Give turns to those who wait; under the lock."""
        while len(self._busy) < self._turns:
            place = next((each for each in self._waiting if self._has_share(each.client)), None)
            worker = None if place is None else self._rested()
            if place is None or worker is None:
                return
            self._waiting.remove(place)
            place.lease = self._leased(worker, place.client)
            place.given.set()

    def _has_share(self, client: str) -> bool:
        """Whether a client may have one turn more; under the lock."""
        return not client or sum(lease.client == client for lease in self._busy) < self.limits.share

    def _is_crowd(self, client: str) -> bool:
        """Whether a client has as many places as one may have; under the lock."""
        most = max(1, self._places // 2)
        return bool(client) and sum(place.client == client for place in self._waiting) >= most

    def _rested(self) -> WorkerProcess | None:
        """An idle worker, no longer idle; under the lock."""
        while self._idle:
            worker = self._idle.pop()
            if worker.is_alive:
                return worker
            worker.close()
            self._changed.notify_all()
        return None

    def _leased(self, worker: WorkerProcess, client: str) -> Lease:
        """Give a worker away; under the lock."""
        lease = Lease(worker, self._release, self._set_deadline, client)
        lease.deadline = time.monotonic() + _STARTING_S
        self._busy.add(lease)
        return lease

    def _release(self, lease: Lease, is_fit: bool) -> bool:
        """Take a worker back; False if it is not wanted: it was taken away, or another takes its place."""
        with self._changed:
            if lease not in self._busy:
                return False
            self._busy.discard(lease)
            if not is_fit and not lease.is_done:
                self._killed[type(lease.fault).__name__ if lease.fault else _LEFT] += 1
            is_kept = is_fit and not self._is_closed and not lease.worker.is_outdated
            if is_kept:
                self._idle.append(lease.worker)
            else:
                self._changed.notify_all()
            self._grant()
            return is_kept or not is_fit

    def _set_deadline(self, lease: Lease, after_s: float) -> None:
        now = time.monotonic()
        lease.deadline = now + after_s
        if self._look_at(lease, now) < self._wakes_at:
            with self._changed:
                self._changed.notify_all()

    def _start(self) -> None:
        """Start the thread that starts the processes; under the lock.

        A worker goes when the thread that started it goes (so the system has it), hence always the same one.
        """
        if self._supervisor is None:
            self._supervisor = threading.Thread(target=self._supervise, name="kgraph-workers", daemon=True)
            self._supervisor.start()
            atexit.register(self.close)

    def _supervise(self) -> None:
        while True:
            with self._changed:
                missing = self._turns + 1 - len(self._idle) - len(self._busy)
                if not self._is_closed and missing <= 0:
                    now = time.monotonic()
                    # While queries come it wakes now and then, so that none of them has to wake it.
                    is_lively = self._was_asked or self._replicas.is_loading
                    rest = now + _LOOKING_S if is_lively else math.inf
                    self._wakes_at = min(rest, *(self._look_at(lease, now) for lease in self._busy), math.inf)
                    self._was_asked = False
                    self._changed.wait(None if self._wakes_at == math.inf else max(0.0, self._wakes_at - now))
                    missing = self._turns + 1 - len(self._idle) - len(self._busy)
                self._wakes_at = -math.inf
                if self._is_closed:
                    break
                busy = list(self._busy)
            for lease in busy:
                self._look(lease)
            if missing > 0 and not self._add_worker():
                time.sleep(_RETRY_START_S)
            elif missing <= 0:
                if self._replicas.look():
                    self._renew()
                # Where workers share a copy, it fits into memory, and nobody is writing just now.
                self._at_hand.look(may_copy=self._replicas.is_current)
        self._end_all()

    def _add_worker(self) -> bool:
        try:
            process = self._replicas.fork() or start_program(
                PROGRAM, [str(self._store), str(self.limits.memory_bytes)]
            )
        except OSError:
            return False  # no room for a process; who waits for it hears that we are busy
        with self._changed:
            self._idle.appendleft(WorkerProcess(process))
            self._grant()
        return True

    def _renew(self) -> None:
        """Let others take the place of all workers: at once, or when they are done."""
        with self._changed:
            old = list(self._idle)
            self._idle.clear()
            for lease in self._busy:
                lease.worker.is_outdated = True
        for _ in old:
            self._add_worker()
        for worker in old:
            worker.kill()
            worker.close()

    @staticmethod
    def _look_at(lease: Lease, now: float) -> float:
        return lease.deadline if lease.is_wanted is None else min(lease.deadline, now + _LOOKING_S)

    def _look(self, lease: Lease) -> None:
        is_late = time.monotonic() >= lease.deadline
        is_wanted = lease.is_wanted
        if not is_late and (is_wanted is None or is_wanted()):
            return
        self._stop(lease, QueryTimeout(lease.limit_s), "" if is_late else _LEFT)

    def _stop(self, lease: Lease, fault: QueryError, cause: str = "") -> bool:
        """Kill what evaluates a query; False if it is not being evaluated any more.

        :param cause: to be counted as; else by the fault's name.
        """
        with self._changed:
            has_begun = cause == _LEFT and lease.is_wanted is None  # and is being read: the client is there
            if lease not in self._busy or has_begun:
                return False
            self._busy.discard(lease)
            lease.fault = fault
            self._killed[cause or type(fault).__name__] += 1
        lease.worker.kill()
        with self._changed:
            # Someone else takes the turn; and another process is needed for the next.
            self._grant()
            self._changed.notify_all()
        return True

    def _end_all(self) -> None:
        with self._changed:
            idle, busy = list(self._idle), list(self._busy)
            self._idle.clear()
            self._busy.clear()
        for lease in busy:
            lease.fault = QueryCancelled(_SHUT_DOWN)
            lease.worker.kill()
        for worker in idle:
            worker.kill()
            worker.close()
        self._replicas.close()
        self._at_hand.close()


class _Place:
    """A place in the queue."""

    def __init__(self, client: str) -> None:
        self.client = client
        self.given = threading.Event()
        self.lease: Lease | None = None
