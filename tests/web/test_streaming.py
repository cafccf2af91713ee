"""A million rows over HTTP: the first before the last are known, and no process that holds them all."""

import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from urllib.parse import urlencode

import pytest
from live_server import Served, serving
from waiting import eventually

DIGITS = " ".join(map(str, range(10)))
#: Every number of six digits, a digit a variable.
MILLION = "SELECT * WHERE { " + " ".join(f"VALUES ?d{n} {{ {DIGITS} }}" for n in range(6)) + " }"
ROWS = 1_000_000
GROWTH_BYTES = 30_000_000

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="needs /proc, to see the memory of a process"),
]


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    with serving(tmp_path / "store", KGRAPH_CACHE_BYTES="0", KGRAPH_QUERY_TIME_S="300") as running:
        known: list[dict[int, int]] = []

        def is_at_rest() -> bool:
            """Whether nothing that was started is still starting, which takes memory, too."""
            time.sleep(1)
            known.append({pid: _most_bytes(pid) for pid in _descendants(running.process.pid)})
            return len(known) > 1 and known[-1] == known[-2]

        assert eventually(is_at_rest)
        yield running


@contextmanager
def _asked(served: Served, accept: str, coding: str = "identity") -> Iterator[HTTPResponse]:
    connection = HTTPConnection(served.authority, timeout=300)
    headers = {"Accept": accept, "Accept-Encoding": coding}
    connection.request("GET", "/sparql?" + urlencode({"query": MILLION}), headers=headers)
    with closing(connection), connection.getresponse() as answer:
        yield answer


def _descendants(pid: int) -> list[int]:
    """A process and all that came of it."""
    parents = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            parents[int(path.parent.name)] = int(path.read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue  # it has ended
    found = [pid]
    for each in found:
        found += [child for child, parent in parents.items() if parent == each]
    return found


def _most_bytes(pid: int) -> int:
    """What memory a process has had at most, since it was told to forget."""
    try:
        told = Path(f"/proc/{pid}/status").read_text().partition("VmHWM:")[2]
    except OSError:
        told = ""
    return int(told.split()[0]) * 1024 if told else 0  # it has ended


def _forget_peak(pid: int) -> None:
    # Source: proc(5), /proc/pid/clear_refs.
    Path(f"/proc/{pid}/clear_refs").write_text("5")


@pytest.mark.parametrize(
    ("accept", "coding"),
    [
        ("text/csv", "identity"),
        ("application/sparql-results+json", "identity"),
        ("application/sparql-results+xml", "identity"),
        ("text/tab-separated-values", "gzip"),
    ],
)
def test_a_million_rows_pass_through_little_memory(served: Served, accept: str, coding: str) -> None:
    with _asked(served, accept, coding) as answer:
        assert answer.status == 200
        size_bytes = len(answer.read(100_000))
        processes = _descendants(served.process.pid)
        for pid in processes:
            _forget_peak(pid)
        before = {pid: _most_bytes(pid) for pid in processes}
        while piece := answer.read(100_000):
            size_bytes += len(piece)
        grown = {pid: _most_bytes(pid) - before[pid] for pid in processes}
    assert size_bytes > (ROWS * 12 if coding == "identity" else ROWS / 10)
    assert len(grown) >= 2  # the server, a worker
    assert max(grown.values()) < GROWTH_BYTES, grown


def test_the_first_rows_come_while_the_last_are_not_known(served: Served) -> None:
    with _asked(served, "text/csv") as answer:
        first = answer.read(1000)
        assert first.startswith(b"d0,d1,d2,d3,d4,d5\r\n")
        # As long as nobody reads on, nothing more is made than what the pipes between hold.
        written = [Path(f"/proc/{pid}/io").read_text() for pid in _descendants(served.process.pid)]
        most = max(int(each.partition("wchar: ")[2].split()[0]) for each in written)
        assert most < ROWS * 13
        whole = first + answer.read()
    assert whole.count(b"\r\n") == ROWS + 1
