"""Processes of ours that work for another: how they are started, when they end, what memory they may have."""

import contextlib
import ctypes
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Collection, Sequence
from pathlib import Path

#: In what the system counts memory.
_RUSAGE_UNIT_BYTES = 1 if sys.platform == "darwin" else 1024
_PR_SET_PDEATHSIG = 1
#: A process that holds this share of a task's memory when it is done is worn out.
_WORN_OUT = 0.25


def start_program(
    module: str,
    arguments: Sequence[str],
    *,
    pipe: int = subprocess.PIPE,
    pass_fds: Collection[int] = (),
) -> "subprocess.Popen[bytes]":
    """Start a module of this package as a program.

    :param pipe: what its standard input and output are.
    :raises OSError: if there is no room for a process.
    """
    # It finds the modules where this process does, and nothing else of our environment: no secret.
    environment = {
        "PYTHONPATH": os.pathsep.join(path or str(Path.cwd()) for path in sys.path),
        # Each further arena of the allocator takes address space, which is what is limited.
        "MALLOC_ARENA_MAX": "2",
    }
    return subprocess.Popen(  # noqa: S603  # its words are all ours
        [sys.executable, "-P", "-s", "-m", module, *arguments],
        stdin=pipe,
        stdout=pipe,
        stderr=subprocess.DEVNULL,
        env=environment,
        pass_fds=pass_fds,
        start_new_session=True,  # deaf to the terminal's Ctrl-C
    )


def go_with_owner() -> None:
    """End when the thread ends that started this process (on Linux); Ctrl-C is for the owner alone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform == "linux":
        owner = os.getppid()
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != owner:
            os._exit(0)


def limit_address_space(more_bytes: int) -> None:
    """Let this process take no more address space than it has and `more_bytes`."""
    # macOS knows no limit of address space.
    with contextlib.suppress(ValueError, OSError):
        hard = resource.getrlimit(resource.RLIMIT_AS)[1]
        resource.setrlimit(resource.RLIMIT_AS, (_statm(0) + more_bytes, hard))


class Allowance:
    """What one task may take of memory, beyond what this process has now, at rest.

    :param memory_bytes: of address space; more is refused from here on.
    """

    def __init__(self, memory_bytes: int):
        self._most_at_rest = _statm(1) + _WORN_OUT * memory_bytes
        limit_address_space(memory_bytes)

    @property
    def is_worn_out(self) -> bool:
        """Whether the process holds so much between two tasks that another should take its place."""
        # The peak is asked first: it is there without a file being read.
        peak_bytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _RUSAGE_UNIT_BYTES
        return peak_bytes > self._most_at_rest and _statm(1) > self._most_at_rest


def _statm(column: int) -> int:
    """Address space (0) or memory (1) of this process, in bytes; 0 where that is not known."""
    try:
        with open("/proc/self/statm", encoding="ascii") as file:  # noqa: PTH123  # once a query: it is faster
            return int(file.read().split()[column]) * resource.getpagesize()
    except OSError:
        return 0
