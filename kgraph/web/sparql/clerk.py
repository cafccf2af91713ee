"""What clients write goes through the gate in a process of its own, which is killed when it is past a limit.

How long the gate takes depends on what is sent, and nothing can stop it where it works. The store bears a
killed writer: what was to be written is in it wholly or not at all.
"""

import multiprocessing
import subprocess
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, NamedTuple

from kgraph.admission import Outcome
from kgraph.errors import StoreError, StoreLocked, WriteStopped
from kgraph.processes import start_program
from kgraph.store import Store
from kgraph.submissions import Author, Edit

#: How long it may take to start.
_STARTING_S = 60.0
_PROGRAM = "kgraph.web.sparql.clerk_program"
_SHUT_DOWN = "this server is being shut down"


@dataclass(frozen=True, slots=True)
class WriteLimits:
    """What one write may take.

    :param time_s: from when it has its turn, in seconds.
    :param memory_bytes: beyond what the process has at rest.
    :param wait_s: for its turn, in seconds.
    """

    time_s: float
    memory_bytes: int
    wait_s: float


class Told(NamedTuple):
    """What the process says of a write.

    :param fault: what it raised, if it did.
    :param is_last: whether it ends now.
    """

    fault: Exception | None
    value: Any
    is_last: bool


class Clerk:
    """Does what a `Desk` does for clients, one write at a time; threads share it.

    The process is started with the first write, and ends with this one.

    :param store: one on disk.
    """

    def __init__(self, store: Store, limits: WriteLimits):
        assert store.path is not None  # noqa: S101  # no other process sees one in memory
        self._store = store
        self._path: Path = store.path
        self._limits = limits
        self._turn = threading.Lock()
        self._closed = threading.Event()
        self._process: subprocess.Popen[bytes] | None = None
        self._connection: Connection | None = None
        # A process goes when the thread that started it goes (so the system has it), hence always the same.
        self._starting = ThreadPoolExecutor(1, thread_name_prefix="kgraph-clerk")

    def edit(
        self, edits: Sequence[tuple[str, Edit]], author: Author, state: str | None = None
    ) -> list[Outcome]:
        """As `kgraph.submissions.edit`; the outcomes are without what the documents say.

        :raises WriteStopped: if it is past a limit.
        :raises StoreLocked: if others write before it for too long.
        """
        return list(self._ask("edit", edits, author, state))

    def drop(self, graph: str, state: str | None = None) -> None:
        """As `kgraph.submissions.drop`.

        :raises WriteStopped, StoreLocked: as `edit`.
        """
        self._ask("drop", graph, state)

    def close(self) -> None:
        """Stop what is being written; nothing more will be."""
        self._closed.set()
        process = self._process
        if process is not None:
            process.kill()

    def _ask(self, *job: object) -> Any:
        if not self._turn.acquire(timeout=self._limits.wait_s):
            raise StoreLocked(self._store.name, self._limits.wait_s)
        try:
            told = self._told(job)
            if told.is_last:
                self._end()
        finally:
            self._turn.release()
        if told.fault is not None:
            raise told.fault
        return told.value

    def _told(self, job: object) -> Told:
        if self._closed.is_set():
            raise WriteStopped(_SHUT_DOWN)
        try:
            if self._process is None or self._process.poll() is not None:
                self._starting.submit(self._start).result()
            assert self._connection is not None  # noqa: S101  # it was started
            self._connection.send(job)
            if self._connection.poll(self._limits.time_s):
                told: Told = self._connection.recv()
                return told
            reason = f"it takes longer than {self._limits.time_s:g} s, which is as long as it may"
        except (EOFError, OSError):
            reason = "it needs more memory than a write may have, or has broken the process that did it"
            if self._closed.is_set():
                reason = _SHUT_DOWN
        self._end()
        # What was written before it was stopped comes to light now, not with the next write.
        with suppress(StoreError), self._store.writer():
            pass
        raise WriteStopped(reason)

    def _start(self) -> None:
        ours, theirs = multiprocessing.Pipe()
        with theirs:
            number = theirs.fileno()
            limits = [str(self._limits.memory_bytes), str(self._limits.wait_s)]
            self._process = start_program(
                _PROGRAM,
                [str(self._path), self._store.minter.base, *limits, str(number)],
                pipe=subprocess.DEVNULL,
                pass_fds=(number,),
            )
        self._connection = ours
        if not ours.poll(_STARTING_S):
            raise OSError("it does not start")
        ours.recv()

    def _end(self) -> None:
        """End the process, whatever it is doing."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait()
        if self._connection is not None:
            self._connection.close()
