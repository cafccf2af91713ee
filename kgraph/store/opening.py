"""Opening a store, and making one."""

from pathlib import Path

from kgraph.errors import StoreError
from kgraph.iris import Minter
from kgraph.store.disk import MIN_FREE_BYTES, DiskStore
from kgraph.store.layout import (
    Layout,
    StoreFormat,
    check_directory,
    describe_fault,
    read_format,
    write_format,
)
from kgraph.store.locking import wait_for_lock
from kgraph.store.memory import MemoryStore
from kgraph.store.store import Store


def open_store(
    path: Path | None,
    *,
    create: bool = False,
    lock_wait_s: float = 10.0,
    minter: Minter | None = None,
    plain: bool = False,
    min_free_bytes: int = MIN_FREE_BYTES,
) -> Store:
    """The store in a directory, or a new one in memory.

    :param path: its directory; None for one in memory.
    :param create: make it if there is none.
    :param lock_wait_s: how long a writer waits for another, in seconds.
    :param minter: makes its IRIs; a store keeps the base that it was made with, and None takes that.
    :param plain: make one that holds whatever RDF is written to it, without documents, evidence and gate.
    :param min_free_bytes: writers refuse to begin with less free space.
    :raises StoreError: if there is no store and none is to be made, the directory holds something
        else, the format is newer or the base another, or it cannot be read.
    """
    if path is None:
        return MemoryStore(minter or Minter(), lock_wait_s)
    layout = Layout(path)
    try:
        check_directory(path)
        if create and layout.published() is None:
            _create(layout, StoreFormat(minter or Minter(), plain), lock_wait_s, min_free_bytes)
        own = read_format(layout)
    except OSError as exc:
        raise describe_fault(layout, exc) from exc
    if minter is not None and minter != own.minter:
        base = own.minter.base
        raise StoreError(
            str(path), f"it was made with the base {base}, not {minter.base}; set the base to that one"
        )
    if plain and not own.is_plain:
        raise StoreError(
            str(path), "it holds documents that passed the gate, and cannot be plain; name another directory"
        )
    return DiskStore(layout, own, lock_wait_s, min_free_bytes)


def _create(layout: Layout, made: StoreFormat, lock_wait_s: float, min_free_bytes: int) -> None:
    layout.root.mkdir(parents=True, exist_ok=True)
    with wait_for_lock(layout.lock, lock_wait_s, str(layout.root)):
        # Someone else may have made it while we waited.
        if not layout.format_file.exists():
            write_format(layout, made)
    if layout.published() is None:
        store = DiskStore(layout, read_format(layout), lock_wait_s, min_free_bytes)
        with store.plain_writer() if made.is_plain else store.writer():
            pass  # a writer publishes what was not published: here, version 0
