"""A process that holds a copy of the graph in memory, and workers that are forked from it and share it.

What is forked must have no threads, and never has opened the database: that starts some. So the database
is read by a child, which ends when it has written the copy into a pipe. After that this process does nothing
but fork a worker when its owner asks for one, and tell how one has ended.
"""

import contextlib
import gc
import os
import resource
import socket
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import BinaryIO, NoReturn

from kgraph.errors import KGraphError
from kgraph.processes import limit_address_space
from kgraph.store import Store, read_copy, write_copy

#: What the owner asks for, and hears; each is a letter and a number. A request to fork comes with the ends of
#: two pipes. That the copy is there comes with what it has cost, in milliseconds of processor time.
FORK, REAP, LOADED = b"f", b"r", b"l"
#: Of a message, at most.
MESSAGE_BYTES = 64

Work = Callable[[Store, BinaryIO, BinaryIO], None]


def serve_forks(path: Path, most_bytes: int, control: socket.socket, work: Work) -> NoReturn:
    """Load the copy, tell so, and fork a worker whenever the owner asks; end with the owner.

    :param most_bytes: that the copy may take; what is larger ends this process.
    :param work: what a worker does, with the store, where it reads and where it writes.
    """
    limit_address_space(most_bytes)
    store = _loaded(path)
    if _threads() != 1:
        raise SystemExit("a process with threads cannot be forked")
    # What the collector looks at it writes to, and what is written to is no longer shared.
    gc.collect()
    gc.freeze()
    control.sendall(LOADED + str(round(_cost_s() * 1000)).encode())
    while True:
        message, files, _, _ = socket.recv_fds(control, MESSAGE_BYTES, 2)
        if not message:
            os._exit(0)
        if message.startswith(FORK):
            control.sendall(str(_fork(control, files, partial(work, store))).encode())
        else:
            _, status = os.waitpid(int(message[1:]), 0)
            control.sendall(str(os.waitstatus_to_exitcode(status)).encode())


def _loaded(path: Path) -> Store:
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        _write(path, writing)
    os.close(writing)
    with os.fdopen(reading, "rb") as file:
        store = read_copy(path, file)
    if os.waitpid(child, 0)[1] != 0:
        raise SystemExit("the copy is not whole")
    return store


def _write(path: Path, file: int) -> NoReturn:
    try:
        _unlimited()
        with os.fdopen(file, "wb") as sink:
            write_copy(path, sink)
    except (KGraphError, OSError):
        os._exit(1)
    os._exit(0)


def _fork(control: socket.socket, files: list[int], work: Callable[[BinaryIO, BinaryIO], None]) -> int:
    child = os.fork()
    if child == 0:
        try:
            control.close()
            with os.fdopen(files[0], "rb") as source, os.fdopen(files[1], "wb") as sink:
                _unlimited()
                work(source, sink)
        finally:
            os._exit(0)  # whatever happens, it must not go on as its parent
    for file in files:
        os.close(file)
    return child


def _cost_s() -> float:
    """The processor time of this process and of those that have ended."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


def _unlimited() -> None:
    with contextlib.suppress(ValueError, OSError):
        hard = resource.getrlimit(resource.RLIMIT_AS)[1]
        resource.setrlimit(resource.RLIMIT_AS, (hard, hard))


def _threads() -> int:
    return len(os.listdir("/proc/self/task"))  # noqa: PTH208  # names alone


def is_possible() -> bool:
    """Whether the system has all that this takes."""
    return sys.platform == "linux" and hasattr(os, "pidfd_open")
