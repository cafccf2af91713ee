"""The server ends when it is told to, and not without the process that was started."""

import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from live_server import Served, Wire, serving
from waiting import eventually

from kgraph.store import open_store


@pytest.fixture
def store(tmp_path: Path) -> Path:
    path = tmp_path / "store"
    open_store(path, create=True).close()
    return path


@contextmanager
def to_be_ended(store: Path, *options: str) -> Iterator[Served]:
    """A server that a test ends in a way of its own."""
    try:
        with serving(store, *options, KGRAPH_SHUTDOWN_S="1") as served:
            yield served
            served.is_to_end = True
    except AssertionError:
        if served.process.returncode == 0:
            raise  # what it says at its end is no traceback


def is_up(served: Served) -> bool:
    host, port = served.authority.split(":")
    with socket.socket() as probe:
        return probe.connect_ex((host, int(port))) == 0


def answers(served: Served) -> bool:
    wire = Wire(served.authority, timeout_s=5)
    try:
        return wire.ask("GET", "/health").status == 200
    except OSError:
        return False
    finally:
        wire.close()


def test_nothing_outlives_a_server_that_is_killed(store: Path) -> None:
    with to_be_ended(store) as served:
        assert answers(served)
        served.process.kill()
        served.process.wait()
        assert eventually(lambda: not is_up(served)), "an orphan answers"


@pytest.mark.parametrize("times", [1, 2, 3])
def test_however_often_it_is_told_to_stop_it_stops(store: Path, times: int) -> None:
    for _ in range(3):
        with to_be_ended(store) as served:
            assert answers(served)
            for _ in range(times):
                served.process.send_signal(signal.SIGTERM)
            served.process.wait(timeout=60)
            assert not is_up(served)


def test_a_name_of_this_machine_is_an_address(store: Path) -> None:
    with serving(store, "--host", "localhost") as served:
        assert answers(served)
