"""How much memory this process has, and may have."""

import contextlib
import resource
import sys

#: In what the system counts memory.
_RUSAGE_UNIT_BYTES = 1 if sys.platform == "darwin" else 1024


def limit_address_space(more_bytes: int) -> None:
    """Let this process take no more address space than it has and `more_bytes`."""
    # macOS knows no limit of address space.
    with contextlib.suppress(ValueError, OSError):
        hard = resource.getrlimit(resource.RLIMIT_AS)[1]
        resource.setrlimit(resource.RLIMIT_AS, (_statm(0) + more_bytes, hard))


def resident_bytes() -> int:
    """How much memory it has; 0 where that is not known."""
    return _statm(1)


def peak_bytes() -> int:
    """The most that it has had."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _RUSAGE_UNIT_BYTES


def _statm(column: int) -> int:
    try:
        with open("/proc/self/statm", encoding="ascii") as file:  # noqa: PTH123  # once a query: it is faster
            return int(file.read().split()[column]) * resource.getpagesize()
    except OSError:
        return 0
