"""Graphs that are written batch by batch: all with the commit and, whatever happens before it, nothing."""

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from kgraph.store import Store, open_store

G, H = "http://graphs.example/g", "http://graphs.example/h"


@pytest.fixture(params=["disk", "memory"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    return open_store(tmp_path / "store" if request.param == "disk" else None, create=True)


def _batch(*numbers: int) -> bytes:
    return "".join(f"<http://a> <http://n> {_integer(number)} .\n" for number in numbers).encode()


def _integer(number: int) -> str:
    return f'"{number}"^^<http://www.w3.org/2001/XMLSchema#integer>'


def _numbers(store: Store, graph: str | None = None) -> set[int]:
    inside = "?s <http://n> ?n" if graph is None else f"GRAPH <{graph}> {{ ?s <http://n> ?n }}"
    with store.view() as view:
        return {int(str(row["n"])) for row in view.evaluate(f"SELECT ?n {{ {inside} }}")}


def test_batches_are_there_with_the_commit(store: Store) -> None:
    with store.writer() as writer:
        writer.load_graph(G, [_batch(1, 2), _batch(3)])
        assert _numbers(store) == set()
        with writer.pending() as pending:
            assert pending.has_graph(G)
        writer.commit()
    assert _numbers(store) == _numbers(store, G) == {1, 2, 3}


def test_what_stood_there_goes_but_for_what_others_say(store: Store) -> None:
    with store.writer() as writer:
        writer.replace_graph(H, _batch(2))
        writer.load_graph(G, [_batch(1, 2, 3)])
        writer.commit()
    with store.writer() as writer:
        writer.load_graph(G, [_batch(3, 4)])
        writer.commit()
    assert _numbers(store, G) == {3, 4}
    assert _numbers(store) == {2, 3, 4}


def test_without_a_commit_all_is_as_before(store: Store) -> None:
    with store.writer() as writer:
        writer.load_graph(G, [_batch(1)])
        writer.commit()
    with store.writer() as writer:
        writer.load_graph(G, [_batch(7, 8)])
    assert _numbers(store) == _numbers(store, G) == {1}
    with store.writer() as writer:
        writer.load_graph(G, [_batch(9)])
        writer.commit()
    assert _numbers(store) == {9}


def test_a_fault_in_a_batch_leaves_all_as_before(store: Store) -> None:
    def batches() -> Iterator[bytes]:
        yield _batch(1)
        raise ValueError("no more")

    with pytest.raises(ValueError, match="no more"), store.writer() as writer:
        writer.load_graph(G, batches())
    assert _numbers(store) == set()


def test_an_empty_load_removes_a_graph(store: Store) -> None:
    with store.writer() as writer:
        writer.replace_graph(H, _batch(2))
        writer.load_graph(G, [_batch(1, 2, 3)])
        writer.commit()
    with store.writer() as writer:
        writer.load_graph(G, ())
        writer.commit()
    with store.view() as view:
        assert view.has_graph(H)
        assert not view.has_graph(G)
    assert _numbers(store) == {2}


def _told_when_killed(after_s: float, program: str, *arguments: object) -> list[str]:
    """The words that a program has said when it is killed, so long after its first line: those after that."""
    command = [sys.executable, "-c", program, *map(str, arguments)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(after_s)
        process.send_signal(signal.SIGKILL)
        return process.stdout.read().split()


_REMOVER = """
import sys
from pathlib import Path
from kgraph.store import open_store
with open_store(Path(sys.argv[1])).writer() as writer:
    print("begun", flush=True)
    writer.load_graph("http://graphs.example/g", ())
    writer.commit()
    print("gone", flush=True)
"""


@pytest.mark.parametrize("kills", [4, pytest.param(40, marks=pytest.mark.slow)])
def test_who_is_killed_while_removing_leaves_all_or_nothing(tmp_path: Path, kills: int) -> None:
    path, count = tmp_path / "store", 3000
    store = open_store(path, create=True)
    for kill in range(kills):
        with store.writer() as writer:
            writer.load_graph(G, [_batch(*range(count))])
            writer.commit()
        is_told = "gone" in _told_when_killed(0.02 * (kill % 10), _REMOVER, path)
        with store.writer():
            pass
        found = _numbers(store, G)
        assert found == _numbers(store)
        assert found == set() or (found == set(range(count)) and not is_told)


_LOADER = """
import sys
from pathlib import Path
from kgraph.store import open_store
store = open_store(Path(sys.argv[1]))
def batches(first):
    for number in range(first, first + 200, 10):
        kind = "<http://www.w3.org/2001/XMLSchema#integer>"
        numbers = range(number, number + 10)
        yield "".join(f'<http://a> <http://n> "{n}"^^{kind} .\\n' for n in numbers).encode()
for turn in range(int(sys.argv[2]), 10_000):
    with store.writer() as writer:
        writer.load_graph("http://graphs.example/g", batches(turn * 1000))
        print("loaded", flush=True)
        writer.commit()
        print(turn, flush=True)
"""


@pytest.mark.parametrize("kills", [6, pytest.param(60, marks=pytest.mark.slow)])
def test_who_is_killed_while_loading_leaves_the_one_or_the_other(tmp_path: Path, kills: int) -> None:
    path = tmp_path / "store"
    store = open_store(path, create=True)
    turn = 0
    for kill in range(kills):
        said = _told_when_killed(0.004 * (kill % 30), _LOADER, path, turn)
        told = [int(line) for line in said if line.isdigit()]
        with store.writer():
            pass  # whoever writes next finishes what was begun, or takes it back
        found = _numbers(store, G)
        assert found == _numbers(store)
        if found:
            last = min(found) // 1000
            assert found == set(range(last * 1000, last * 1000 + 200))
            assert last >= max(told, default=-1)
            turn = last + 1
        else:
            assert not told
