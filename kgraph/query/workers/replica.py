"""The process that holds a copy of the graph, seen from its owner; and when a new copy is loaded."""

import os
import select
import signal
import socket
import subprocess
import threading
import time
import weakref
from contextlib import suppress
from pathlib import Path
from typing import IO

from kgraph.processes import start_program
from kgraph.query.workers.forking import FORK, LOADED, MESSAGE_BYTES, REAP, is_possible
from kgraph.query.workers.process import PROGRAM
from kgraph.store import Published, published, published_bytes

#: How long it may take to fork.
_FORKING_S = 30.0
#: A new version is copied when no other has come for so long, or so many times as long as the last copy took.
_QUIET_S, _QUIET_TIMES = 2.0, 3
#: In memory the engine takes at least so many times as much as on disk, where it packs.
_UNPACKED = 1.2
#: Of the machine's memory, that a copy may take.
_LARGEST_SHARE = 4
#: A copy that was too large is tried again when the store has become so much smaller.
_SMALLER = 0.9


class Forked:
    """A process that another one has forked for us; in all that is asked of it here like `subprocess.Popen`.

    Its parent does not reap it before we say so, so its number stays its own until it is waited for.
    """

    def __init__(self, parent: "Replica", pid: int, stdin: IO[bytes], stdout: IO[bytes]):
        self.pid = pid
        self.stdin: IO[bytes] | None = stdin
        self.stdout: IO[bytes] | None = stdout
        self._parent = parent
        self._file = os.pidfd_open(pid)
        # Not when this process ends: whoever ends the workers then still needs it.
        weakref.finalize(self, os.close, self._file).atexit = False
        self._reaping = threading.Lock()
        self._code: int | None = None

    def poll(self) -> int | None:
        """Its exit code, None while it runs."""
        return self._waited(0)

    def kill(self) -> None:
        """End it."""
        with suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._file, signal.SIGKILL)

    def wait(self, timeout: float | None = None) -> int:
        """Its exit code, once it has ended.

        :raises subprocess.TimeoutExpired: if it takes longer, in seconds.
        """
        code = self._waited(timeout)
        if code is None:
            raise subprocess.TimeoutExpired("a worker", timeout or 0)
        return code

    def _waited(self, timeout_s: float | None) -> int | None:
        if self._code is None:
            has_ended = select.poll()
            has_ended.register(self._file, select.POLLIN)
            if not has_ended.poll(None if timeout_s is None else timeout_s * 1000):
                return None
            with self._reaping:
                if self._code is None:
                    self._code = self._parent.reap(self.pid)
        return self._code


class Replica:
    """A process with a copy in memory, from which workers are forked.

    :param store: its directory.
    :param memory_bytes: of a query.
    :param most_bytes: of the copy; where it takes more, the process ends.
    :ivar published: what it is a copy of, or of something newer.
    """

    def __init__(self, store: Path, memory_bytes: int, most_bytes: int, published: Published):
        self.published = published
        self._talking = threading.Lock()
        self._children = 0
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._process = start_program(
                PROGRAM,
                [str(store), str(memory_bytes), str(most_bytes), str(theirs.fileno())],
                pipe=subprocess.DEVNULL,
                pass_fds=(theirs.fileno(),),
            )
        self._control = ours
        self._control.settimeout(_FORKING_S)

    def loaded(self) -> float | None:
        """How much processor time the copy has cost, in seconds; None until it is there. Asked until it is.

        :raises OSError: if the process has ended.
        """
        if not select.select([self._control], [], [], 0)[0]:
            return None
        message = self._control.recv(MESSAGE_BYTES)
        if not message.startswith(LOADED):
            raise BrokenPipeError
        return int(message.removeprefix(LOADED)) / 1000

    @property
    def is_alive(self) -> bool:
        """Whether the process runs."""
        return self._process.poll() is None

    @property
    def is_childless(self) -> bool:
        """Whether all that were forked have ended."""
        return not self._children

    def fork(self) -> Forked:
        """Another process, which reads requests and writes answers.

        :raises OSError: if there is no room for one, or the process has ended.
        """
        their_input, our_output = os.pipe()
        our_input, their_output = os.pipe()
        sink, source = os.fdopen(our_output, "wb"), os.fdopen(our_input, "rb")
        try:
            with self._talking:
                socket.send_fds(self._control, [FORK], [their_input, their_output])
                pid = int(self._control.recv(MESSAGE_BYTES))
                self._children += 1
            return Forked(self, pid, sink, source)
        except (OSError, ValueError) as exc:
            self._process.kill()  # what it says next would answer something else
            raise BrokenPipeError from exc
        finally:
            os.close(their_input)
            os.close(their_output)

    def reap(self, pid: int) -> int:
        """The exit code of one that has ended."""
        with self._talking:
            self._children -= 1
            try:
                self._control.sendall(REAP + str(pid).encode())
                return int(self._control.recv(MESSAGE_BYTES))
            except (OSError, ValueError):
                self._process.kill()
                return -signal.SIGKILL  # its parent is gone, and takes it along

    def close(self) -> None:
        """End it, and all that were forked."""
        self._process.kill()
        self._process.wait()
        self._control.close()


class Replicas:
    """The copy that workers are forked from: loaded when first looked at, and anew when the store changes.

    Not for every commit, while documents pour in: until there is a new copy, workers answer from disk. One
    thread uses it.

    :param most_bytes: of a copy; 0: there is none.
    """

    def __init__(self, store: Path, memory_bytes: int, most_bytes: int):
        self._store = store
        self._memory_bytes = memory_bytes
        self._most_bytes = min(most_bytes, _machine_bytes() // _LARGEST_SHARE) if is_possible() else 0
        self._current: Replica | None = None
        self._next: Replica | None = None
        self._old: list[Replica] = []
        self._quiet_s = 0.0
        self._too_large_bytes: float = self._most_bytes / _UNPACKED

    @property
    def is_loading(self) -> bool:
        """Whether a copy is being loaded."""
        return self._next is not None

    @property
    def is_current(self) -> bool:
        """Whether there is a copy of what is published."""
        current, found = self._current, published(self._store)
        return current is not None and found is not None and current.published.seen == found.seen

    def look(self) -> bool:
        """See to what is to be done; whether there is another copy to fork from, or none any more."""
        if not self._most_bytes:
            return False
        for each in [each for each in self._old if each.is_childless]:
            each.close()
            self._old.remove(each)
        if self._next is not None:
            return self._is_replaced(self._next)
        if self._current is not None and not self._current.is_alive:
            self._let_go()
            return True
        self._load_if_due()
        return False

    def fork(self) -> Forked | None:
        """Another worker; None if there is no copy."""
        if self._current is None:
            return None
        try:
            return self._current.fork()
        except OSError:
            return None

    def close(self) -> None:
        """End all of them."""
        for each in (self._current, self._next, *self._old):
            if each is not None:
                each.close()
        self._most_bytes = 0

    def _load_if_due(self) -> None:
        found = published(self._store)
        if found is None or self.is_current:
            return
        if time.time() - found.at_s < self._quiet_s:
            return
        if published_bytes(self._store) > self._too_large_bytes:
            return
        with suppress(OSError):
            self._next = Replica(self._store, self._memory_bytes, self._most_bytes, found)

    def _is_replaced(self, new: Replica) -> bool:
        try:
            cost_s = new.loaded()
        except OSError:
            # It was too large, or could not be read. Either way there is no use in trying the same again.
            self._too_large_bytes = published_bytes(self._store) * _SMALLER
            new.close()
            self._next = None
            return False
        if cost_s is None:
            return False
        self._quiet_s = max(_QUIET_S, _QUIET_TIMES * cost_s)
        self._let_go()
        self._current, self._next = new, None
        return True

    def _let_go(self) -> None:
        if self._current is not None:
            self._old.append(self._current)
            self._current = None


def _machine_bytes() -> int:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
