"""One worker, seen from its owner."""

import math
import signal
import subprocess
import time
from typing import IO, Any, Protocol, cast

from kgraph.errors import (
    KGraphError,
    MalformedQuery,
    QueryCrash,
    QueryError,
    QueryOutOfMemory,
    ServiceFailed,
    StoreError,
    UnfitFormat,
)
from kgraph.query.workers import messages
from kgraph.query.workers.messages import DROP, FAULT, OUT_OF_MEMORY, QUERY, READY, ROWS, WRITE, Message

#: What runs in it.
PROGRAM = "kgraph.query.workers.program"

_CLOSING_S = 5.0
_FRESH_S = 1.0
#: How a process ends that was refused memory, or whose memory the system took: told by Python, by
#: the engine, by the system.
_NO_MEMORY = {OUT_OF_MEMORY, -signal.SIGABRT, -signal.SIGKILL}


class Died(Exception):
    """A worker ended while it was asked."""


class Process(Protocol):
    """What is asked of a process; `subprocess.Popen` is one."""

    stdin: IO[bytes] | None
    stdout: IO[bytes] | None

    @property
    def pid(self) -> int:
        """Its number."""

    def poll(self) -> int | None:
        """Its exit code, None while it runs."""

    def kill(self) -> None:
        """End it."""

    def wait(self, timeout: float | None = None) -> int:
        """Its exit code, once it has ended; `subprocess.TimeoutExpired` if that takes longer."""


class WorkerProcess:
    """A process that evaluates one query at a time; one thread talks to it.

    A read blocks until the worker writes or ends: whoever wants it to take no longer kills it.

    :ivar is_ready: whether it is known to have started.
    :ivar is_outdated: whether another is to take its place when it is idle.
    """

    def __init__(self, process: Process):
        self._process = process
        self.is_outdated = False
        self.is_ready = False
        self._heard_at = -math.inf

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    @property
    def is_alive(self) -> bool:
        """Whether it runs; not asked of the system where it was heard just now."""
        return time.monotonic() - self._heard_at < _FRESH_S or self._process.poll() is None

    def await_ready(self) -> None:
        """Wait until it has started.

        :raises Died: if it ended instead.
        """
        if not self.is_ready:
            self.is_ready = self.receive().letter == READY

    def ask(self, asked: dict[str, Any]) -> None:
        """Send a query, with all that belongs to it.

        :raises Died: if it has ended.
        """
        self._send(QUERY, asked)

    def write(self, format_: str) -> None:
        """Tell it to write the answer in a format.

        :raises Died: if it has ended.
        """
        self._send(WRITE, {"format": format_})

    def write_rows(self, most: int) -> None:
        """Tell it to write the first rows, to be read by `FirstRows`.

        :raises Died: if it has ended.
        """
        self._send(ROWS, {"most": most})

    def drop(self) -> None:
        """Tell it that the answer is not wanted.

        :raises Died: if it has ended.
        """
        self._send(DROP)

    def receive(self) -> Message:
        """What it says next.

        :raises Died: if it has ended.
        """
        try:
            message = messages.receive(cast(IO[bytes], self._process.stdout))  # type: ignore[arg-type]
        except (OSError, ValueError) as exc:
            raise Died from exc
        if message is None:
            raise Died
        self._heard_at = time.monotonic()
        return message

    def kill(self) -> None:
        """End it, whatever it is doing; the process is gone when this returns."""
        self._process.kill()
        self._process.wait()

    def close(self) -> None:
        """Let go of the pipes of one that has ended; for the thread that talks to it."""
        for pipe in (self._process.stdin, self._process.stdout):
            try:
                if pipe is not None:
                    pipe.close()
            except OSError:
                pass  # what was not sent is not wanted

    def cause_of_death(self) -> QueryError:
        """What to tell whoever asked it."""
        try:
            code = self._process.wait(_CLOSING_S)
        except subprocess.TimeoutExpired:
            self.kill()
            code = 0
        if code in _NO_MEMORY:
            return QueryOutOfMemory()
        return QueryCrash(code)

    def _send(self, letter: bytes, body: "bytes | dict[str, Any]" = b"") -> None:
        try:
            messages.send(cast(IO[bytes], self._process.stdin), letter, body)  # type: ignore[arg-type]
        except (OSError, ValueError) as exc:
            raise Died from exc


def fault_of(message: Message) -> Exception | None:
    """The error that a worker tells of, if that is what its message does."""
    if message.letter != FAULT:
        return None
    told = message.values
    if told["kind"] == "StoreError":
        return StoreError(told["path"], told["reason"])
    if told["kind"] == "MalformedQuery":
        return MalformedQuery(**told["about"])
    for kind in (QueryError, ServiceFailed, UnfitFormat):
        if told["kind"] == kind.__name__:
            return kind(told["reason"])
    return KGraphError(told["reason"]) if told["kind"] else RuntimeError(told["reason"])
