"""A store on disk: shared by processes, whole whatever happens, clear about what is wrong."""

import json
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from kgraph.errors import StoreError, StoreLocked
from kgraph.store import Store, open_store

G1 = "https://example.org/graph/1"
Put = Callable[..., int]


def _objects(store: Store, graph: str = G1) -> set[str]:
    with store.view() as view:
        return {str(o) for o in view.graph(graph).objects()}


def _run(code: str, *arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", code, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)


def _start(code: str, *arguments: object) -> "subprocess.Popen[str]":
    command = [sys.executable, "-c", code, *map(str, arguments)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stdin=subprocess.PIPE, text=True)


# What is no store, or none of ours


def test_a_missing_store_is_named_with_what_makes_one(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="kgraph add FILE"):
        open_store(tmp_path / "none")
    assert not (tmp_path / "none").exists()


def test_a_folder_of_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.doc").write_text("years of work", encoding="utf-8")
    with pytest.raises(StoreError, match="something else"):
        open_store(tmp_path, create=True)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.doc"]


def test_a_file_in_its_place_is_named(tmp_path: Path) -> None:
    (tmp_path / "store").write_text("", encoding="utf-8")
    with pytest.raises(StoreError, match="is a file"):
        open_store(tmp_path / "store", create=True)


def test_a_newer_format_is_refused_and_nothing_touched(disk: Store, put: Put, tmp_path: Path) -> None:
    put(disk, G1, "kept")
    disk.close()
    written = json.loads((tmp_path / "store/format.json").read_text(encoding="utf-8"))
    (tmp_path / "store/format.json").write_text(json.dumps(written | {"format": 99}), encoding="utf-8")
    before = sorted((p.name, p.stat().st_mtime_ns) for p in (tmp_path / "store").rglob("*"))
    with pytest.raises(StoreError, match="upgrade kgraph"):
        open_store(tmp_path / "store", create=True)
    assert sorted((p.name, p.stat().st_mtime_ns) for p in (tmp_path / "store").rglob("*")) == before


def test_a_damaged_format_file_is_named(disk: Store, tmp_path: Path) -> None:
    disk.close()
    (tmp_path / "store/format.json").write_text("{", encoding="utf-8")
    with pytest.raises(StoreError, match=r"format\.json"):
        open_store(tmp_path / "store")


# Several processes

_READ = """
import sys
from kgraph.store import open_store
with open_store(__import__("pathlib").Path(sys.argv[1])) as store:
    for line in sys.stdin:
        with store.view() as view:
            found = view.evaluate("SELECT ?o { ?s <https://example.org/p> ?o } ORDER BY ?o")
            print(" ".join(str(row["o"]) for row in found), flush=True)
"""


def test_a_reader_in_another_process_sees_each_commit(disk: Store, put: Put, tmp_path: Path) -> None:
    put(disk, G1, "first")
    reader = _start(_READ, tmp_path / "store")
    assert reader.stdin is not None
    assert reader.stdout is not None

    def seen() -> str:
        reader.stdin.write("\n")
        reader.stdin.flush()
        return reader.stdout.readline().strip()

    assert seen() == "first"
    put(disk, G1, "second")
    assert seen() == "second"
    with disk.writer() as writer:
        writer.insert(G1, b'<https://example.org/s> <https://example.org/p> "unfinished" .')
        assert seen() == "second"
    reader.stdin.close()
    assert reader.wait(timeout=30) == 0
    reader.stdout.close()


_HOLD = """
import sys
from pathlib import Path
from kgraph.store import open_store
with open_store(Path(sys.argv[1])) as store, store.writer():
    print("holding", flush=True)
    sys.stdin.read()
"""


def test_a_writer_in_another_process_is_waited_for_and_then_named(
    disk: Store, put: Put, tmp_path: Path
) -> None:
    holder = _start(_HOLD, tmp_path / "store")
    assert holder.stdout is not None
    assert holder.stdin is not None
    holder.stdout.readline()
    with pytest.raises(StoreLocked, match="another process is writing"):
        put(disk, G1, "a")
    holder.stdin.close()
    holder.wait(timeout=30)
    holder.stdout.close()
    assert put(disk, G1, "a") == 1


def test_a_killed_writer_gives_the_lock_back(disk: Store, put: Put, tmp_path: Path) -> None:
    holder = _start(_HOLD, tmp_path / "store")
    assert holder.stdout is not None
    assert holder.stdin is not None
    holder.stdout.readline()
    holder.kill()
    holder.wait(timeout=30)
    holder.stdout.close()
    holder.stdin.close()
    assert put(disk, G1, "a") == 1


# Crash after crash

_WRITE = """
import sys
from pathlib import Path
from kgraph.store import open_store
with open_store(Path(sys.argv[1]), create=True) as store:
    for n in range(int(sys.argv[2]), 10**9):
        data = "".join(f'<https://example.org/s> <https://example.org/p> "{n} {i}" .\\n' for i in range(50))
        with store.writer() as writer:
            writer.replace_graph(f"https://example.org/graph/{n}", data.encode())
            writer.replace_graph("https://example.org/graph/1", f'<urn:s> <urn:p> "{n}" .'.encode())
            writer.put_text(f"{n:064x}", f"text {n}")
            writer.commit()
        print(n, flush=True)
"""


def _crash(path: Path, start: int, after_s: float) -> int:
    """Let a process write until it is killed; gives the last number that it said was committed."""
    process = _start(_WRITE, path, start)
    assert process.stdout is not None
    assert process.stdin is not None
    last = int(process.stdout.readline())
    time.sleep(after_s)
    process.send_signal(signal.SIGKILL)
    said = [int(line) for line in process.stdout.read().split() if line.isdecimal()]
    process.wait(timeout=30)
    process.stdout.close()
    process.stdin.close()
    return said[-1] if said else last


def _check_whole(store: Store, last: int) -> int:
    """Nothing committed is lost and nothing is half there; gives the newest number in the store."""
    with store.view() as view:
        (newest,) = (int(str(o)) for o in view.graph(G1).objects())
        assert newest >= last
        for n in range(2, newest + 1):
            assert len(view.graph(f"https://example.org/graph/{n}")) == 50
            assert view.text(f"{n:064x}") == f"text {n}"
        assert not view.has_graph(f"https://example.org/graph/{newest + 1}")
    return newest


def _crash_often(path: Path, times: int) -> None:
    chance = random.Random(20261124)
    newest = 1
    for _ in range(times):
        last = _crash(path, newest + 1, chance.uniform(0, 0.15))
        with open_store(path) as store:
            # A reader sees a whole version before anyone repairs; the next writer publishes what was ahead.
            with store.view() as view:
                (seen,) = (int(str(o)) for o in view.graph(G1).objects())
            assert seen >= newest
            with store.writer() as writer:
                writer.commit()
            newest = _check_whole(store, last)


def test_killed_at_random_the_store_is_always_whole(tmp_path: Path) -> None:
    _crash_often(tmp_path / "store", times=5)


@pytest.mark.slow
def test_killed_fifty_times_the_store_is_always_whole(tmp_path: Path) -> None:
    _crash_often(tmp_path / "store", times=50)


# What can go wrong with the disk


def test_a_lost_pointer_is_made_again_by_the_next_writer(disk: Store, put: Put, tmp_path: Path) -> None:
    put(disk, G1, "kept")
    disk.close()
    (tmp_path / "store/current").unlink()
    assert _objects(disk) == {"kept"}
    put(disk, "https://example.org/graph/2", "more")
    assert (tmp_path / "store/current").read_text(encoding="ascii") == "2\n"
    assert _objects(disk) == {"kept"}


@pytest.mark.parametrize("damage", [b"", b"seven\n", b"\xff\xfe", b"1"])
def test_a_damaged_pointer_loses_nothing(disk: Store, put: Put, tmp_path: Path, damage: bytes) -> None:
    put(disk, G1, "kept")
    (tmp_path / "store/current").write_bytes(damage)
    assert _objects(disk) == {"kept"}


def test_a_lost_snapshot_is_made_again_from_the_database(disk: Store, put: Put, tmp_path: Path) -> None:
    put(disk, G1, "kept")
    disk.close()
    shutil.rmtree(tmp_path / "store/snapshots")
    with disk.writer() as writer:
        writer.commit()
    assert _objects(disk) == {"kept"}


@pytest.mark.parametrize("damage", [Path.unlink, lambda file: file.write_bytes(b"\0" * file.stat().st_size)])
def test_a_damaged_snapshot_is_one_error_with_a_way_out(
    disk: Store, put: Put, tmp_path: Path, damage: Callable[[Path], object]
) -> None:
    put(disk, G1, "kept")
    disk.close()
    database, snapshot = tmp_path / "store/db", tmp_path / "store/snapshots/1"
    shutil.copytree(database, tmp_path / "whole")  # the files of both are the same ones
    for file in snapshot.glob("*.sst"):
        damage(file)
    with pytest.raises(
        StoreError, match="damaged or missing; put snapshots/1 aside, and the next `kgraph add"
    ):
        disk.view()
    snapshot.rename(tmp_path / "aside")
    shutil.rmtree(database)
    (tmp_path / "whole").rename(database)
    with disk.writer() as writer:
        writer.commit()
    assert _objects(disk) == {"kept"}


def test_a_damaged_database_is_one_error_with_a_way_out(disk: Store, put: Put, tmp_path: Path) -> None:
    put(disk, G1, "kept")
    database = tmp_path / "store/db"
    for file in database.glob("*.sst"):
        file.unlink()
    wanted = "damaged or missing; put db aside and copy snapshots/1 in its place"
    with pytest.raises(StoreError, match=wanted), disk.writer():
        pass
    database.rename(tmp_path / "aside")
    shutil.copytree(tmp_path / "store/snapshots/1", database)
    put(disk, "https://example.org/graph/2", "more")
    assert _objects(disk) == {"kept"}


def test_what_cannot_be_read_any_more_is_told_as_the_fault_of_the_store(
    disk: Store, put: Put, tmp_path: Path
) -> None:
    put(disk, G1, "kept", *(f"{n} {'long ' * 40}" for n in range(500)))
    disk.close()
    for file in (tmp_path / "store/snapshots/1").glob("*.sst"):
        if file.stat().st_size > 20_000:  # the others have no block whose loss is seen but when it is read
            with file.open("r+b") as block:
                block.write(bytes(4000))
    wanted = "version 1 cannot be read any more: Corruption"
    with disk.view() as view, pytest.raises(StoreError, match=wanted):
        list(view.evaluate("SELECT * { ?s ?p ?o }"))


def test_a_snapshot_in_use_is_not_cleaned_and_goes_when_it_is_let_go(
    disk: Store, put: Put, tmp_path: Path
) -> None:
    put(disk, G1, "old")
    view = disk.view()
    for n in range(3):
        put(disk, G1, f"new {n}")
    assert {str(o) for o in view.graph(G1).objects()} == {"old"}
    assert (tmp_path / "store/snapshots/1").exists()
    view.close()
    assert _objects(disk) == {"new 2"}  # whoever reads holds the newest instead
    put(disk, G1, "newest")
    assert not (tmp_path / "store/snapshots/1").exists()


@pytest.fixture
def small_disk(tmp_path: Path) -> "object":
    """A file system of 100 MB, where the machine lets us mount one."""
    mounted = tmp_path / "small"
    mounted.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=100m", "tmpfs", str(mounted)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("needs the right to mount a small file system")
    yield mounted
    subprocess.run(["umount", "-l", str(mounted)], check=True)


def test_a_full_disk_is_said_before_anything_is_written(small_disk: Path, put: Put) -> None:
    with open_store(small_disk / "store", create=True) as store:
        put(store, G1, "kept")
        free = shutil.disk_usage(small_disk).free
        with (small_disk / "film.mp4").open("wb") as film:
            film.write(b"\0" * (free - 20_000_000))
        with pytest.raises(StoreError, match="too full"):
            put(store, G1, "lost")
        assert _objects(store) == {"kept"}
        (small_disk / "film.mp4").unlink()
        put(store, G1, "written")
        assert _objects(store) == {"written"}


_STARVED = """
import sys
from pathlib import Path
from kgraph.errors import StoreError
from kgraph.store import open_store
try:
    with open_store(Path(sys.argv[1])) as store, store.writer() as writer:
        writer.commit()
    print("opened")
except StoreError as exc:
    print(exc)
"""


def test_too_few_open_files_are_said(disk: Store, put: Put, tmp_path: Path) -> None:
    put(disk, G1, "kept")
    disk.close()
    limit = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (40, limit[1]))
    try:
        said = _run(_STARVED, tmp_path / "store").stdout
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, limit)
    assert "ulimit" in said
    assert _objects(disk) == {"kept"}


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_without_permission_is_named(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(StoreError, match="permission"):
        open_store(tmp_path / "store", create=True)
