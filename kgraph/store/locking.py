"""Locks between processes: one writer at a time, and readers who keep their snapshot from being cleaned.

A lock belongs to an open file (flock), so it goes with the process, however that ends. A program
that is started while a lock is held does not get it (O_CLOEXEC); a forked child closes its copy.
"""

import errno
import fcntl
import os
import time
import weakref
from pathlib import Path
from typing import Self

from kgraph.errors import StoreLocked

_POLL_S = 0.02


class FileLock:
    """A held lock on a file or folder; `release` gives it back, and so does letting go of it.

    :raises BlockingIOError: if it is taken by someone else.
    :raises OSError: if the file cannot be opened.
    """

    def __init__(self, path: Path, *, shared: bool = False, create: bool = False):
        flags = os.O_RDWR | os.O_CREAT if create else os.O_RDONLY
        self._file: int | None = os.open(path, flags | os.O_CLOEXEC, 0o666)
        try:
            fcntl.flock(self._file, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        except OSError:
            self.release()
            raise
        if not shared:
            _HELD.add(self)

    def release(self) -> None:
        """Give the lock back; twice does no harm."""
        file, self._file = self._file, None
        if file is not None:
            os.close(file)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.release()

    def __del__(self) -> None:
        if hasattr(self, "_file"):
            self.release()


#: Exclusive locks of this process, for a forked child to let go of its copies.
_HELD: "weakref.WeakSet[FileLock]" = weakref.WeakSet()


def _forget_locks_of_parent() -> None:
    for lock in list(_HELD):
        lock.release()


os.register_at_fork(after_in_child=_forget_locks_of_parent)


def wait_for_lock(path: Path, wait_s: float, store: str) -> FileLock:
    """The exclusive lock on the file `path`, made if need be.

    :param wait_s: how long to wait for whoever holds it, in seconds.
    :param store: the store's directory, for the error.
    :raises StoreLocked: if it was not free in time.
    :raises OSError: if the file cannot be opened or made.
    """
    deadline = time.monotonic() + wait_s
    while True:
        try:
            return FileLock(path, create=True)
        except OSError as exc:
            if exc.errno not in {errno.EAGAIN, errno.EACCES} or isinstance(exc, PermissionError):
                raise
            if time.monotonic() >= deadline:
                raise StoreLocked(store, wait_s) from exc
        time.sleep(_POLL_S)
