"""Numbers for whoever watches the server, in the text format of Prometheus.

Source: Prometheus, "Exposition formats", text-based format, version 0.0.4.
"""

import os
import resource
import sys
import threading
import time
from bisect import bisect_left
from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Literal, NamedTuple

MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"

#: Upper bounds of the classes of durations, in seconds.
_BOUNDS_S = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)
#: Whatever else a client makes up is one of these: labels of its choice would grow without bound.
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
#: What is served below which first part of a path; the rest are pages.
_ENDPOINTS = {
    "query": ("sparql", "query"),
    "update": ("update",),
    "graph_store": ("store",),
    "thing": ("id", "graph", "concept", "ontology"),
    "static": ("static",),
    "operation": ("health", "ready", "metrics", "queries"),
}
_ENDPOINT_OF = {part: endpoint for endpoint, parts in _ENDPOINTS.items() for part in parts}
_BEGAN_S = time.time()
#: Requests that are not counted yet, at most.
_MOST_WAITING = 200

Labels = Mapping[str, str]


class Family(NamedTuple):
    """A metric: its name, what it says, and a value for each set of labels."""

    name: str
    type: Literal["counter", "gauge"]
    help: str
    samples: Iterable[tuple[Labels, float]]


class _Answered(NamedTuple):
    method: str
    path: str
    status: int
    duration_s: float


class Metrics:
    """Counts requests; threads share it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: deque[_Answered] = deque()
        self._requests: Counter[tuple[str, str, str]] = Counter()
        self._classes: dict[str, list[int]] = defaultdict(lambda: [0] * (len(_BOUNDS_S) + 1))
        self._sums_s: dict[str, float] = defaultdict(float)

    def observe(self, method: str, path: str, status: int, duration_s: float) -> None:
        """Count a request that has been answered, together with others, which takes a third of the time."""
        self._waiting.append(_Answered(method, path, status, duration_s))
        if len(self._waiting) >= _MOST_WAITING:
            with self._lock:
                self._count()

    def _count(self) -> None:
        for _ in range(len(self._waiting)):
            method, path, status, duration_s = self._waiting.popleft()
            endpoint = _ENDPOINT_OF.get(path[1:].partition("/")[0], "page")
            self._requests[method if method in _METHODS else "other", endpoint, f"{status // 100}xx"] += 1
            self._classes[endpoint][bisect_left(_BOUNDS_S, duration_s)] += 1
            self._sums_s[endpoint] += duration_s

    def lines(self) -> Iterator[str]:
        """The requests, and how long they took."""
        with self._lock:
            self._count()
            requests = sorted(self._requests.items())
            classes = {endpoint: list(counts) for endpoint, counts in sorted(self._classes.items())}
            sums_s = dict(self._sums_s)
        yield from lines_of(
            Family(
                "kgraph_requests_total",
                "counter",
                "Requests answered, by method, what they were for, and class of status.",
                [({"method": m, "endpoint": e, "status": s}, count) for (m, e, s), count in requests],
            )
        )
        name = "kgraph_request_duration_seconds"
        yield f"# HELP {name} How long requests took, to the last byte of the answer."
        yield f"# TYPE {name} histogram"
        for endpoint, counts in classes.items():
            total = 0
            for bound, count in zip((*map(str, _BOUNDS_S), "+Inf"), counts, strict=True):
                total += count
                yield _sample(f"{name}_bucket", {"endpoint": endpoint, "le": bound}, total)
            yield _sample(f"{name}_sum", {"endpoint": endpoint}, sums_s[endpoint])
            yield _sample(f"{name}_count", {"endpoint": endpoint}, total)


def lines_of(family: Family) -> Iterator[str]:
    """A metric as lines."""
    yield f"# HELP {family.name} {family.help}"
    yield f"# TYPE {family.name} {family.type}"
    for labels, value in family.samples:
        yield _sample(family.name, labels, value)


def process_families() -> Iterator[Family]:
    """What this process uses, by the names that all Prometheus clients have for it."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    cpu_s = used.ru_utime + used.ru_stime
    yield Family("process_cpu_seconds_total", "counter", "Processor time used.", [({}, cpu_s)])
    yield Family("process_start_time_seconds", "gauge", "When the process began.", [({}, _BEGAN_S)])
    memory_bytes = resident_bytes([os.getpid()])
    if memory_bytes is not None:
        yield Family("process_resident_memory_bytes", "gauge", "Memory in use.", [({}, memory_bytes)])


def resident_bytes(pids: Iterable[int]) -> int | None:
    """The memory that processes have in use together; None where the system does not tell."""
    if sys.platform != "linux":
        return None
    pages = 0
    for pid in pids:
        try:
            pages += int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
        except OSError:
            continue  # it has just ended
    return pages * resource.getpagesize()


def _sample(name: str, labels: Labels, value: float) -> str:
    """One value. Labels are ours alone, so nothing in them needs to be escaped."""
    told = ",".join(f'{label}="{text}"' for label, text in labels.items())
    return f"{name}{{{told}}} {value:.10g}" if told else f"{name} {value:.10g}"
