"""The store's directory: what lies where, and the small files in it.

format.json          the format's number, the base of the store's IRIs, whether it is plain; written first
lock                 whoever writes holds it
db/                  the database; only a writer opens it
snapshots/N/         the database after commit N; a numbered folder is whole, and never changes
current              N; replaced only when snapshots/N is whole
unpublished          of a plain store: there while the database may be ahead of N
loading              there while the database is being written batch by batch
texts/SHA256.txt     texts of documents
texts/pending        the texts that a commit under way puts or drops
rejects/KEY.json     documents that the gate kept out, with their reports
tokens.json          who may do what over HTTP: names and hashes, no secrets
tokens.lock          whoever changes tokens.json holds it
"""

import errno
import json
import os
import re
import shutil
from functools import partial
from pathlib import Path
from typing import NamedTuple

from kgraph.errors import StoreError
from kgraph.iris import Minter

#: Raised when a store written by this version cannot be read by the one before.
FORMAT = 2
#: The format of stores that hold documents; that of plain ones, which versions before would spoil.
_GATED, _PLAIN = 1, 2


class Layout:
    """Paths within one store's directory.

    :param root: the directory.
    """

    def __init__(self, root: Path):
        self.root = root
        self.format_file = root / "format.json"
        self.lock = root / "lock"
        self.database = root / "db"
        self.snapshots = root / "snapshots"
        self.pointer = root / "current"
        self.unpublished = root / "unpublished"
        self.loading = root / "loading"
        self.texts = root / "texts"
        self.rejects = root / "rejects"

    def snapshot(self, version: int) -> Path:
        """The folder of one version."""
        return self.snapshots / str(version)

    def text(self, sha256: str) -> Path:
        """The file of one text."""
        return self.texts / f"{sha256}.txt"

    def reject(self, key: str) -> Path:
        """The entry of one document that was kept out."""
        return self.rejects / f"{key}.json"

    def versions(self) -> list[int]:
        """Numbers of the snapshots that lie there, the newest first."""
        if not self.snapshots.is_dir():
            return []
        return sorted(
            (int(path.name) for path in self.snapshots.iterdir() if path.name.isdecimal()), reverse=True
        )

    def error(self, reason: str) -> StoreError:
        """An error about this store."""
        return StoreError(str(self.root), reason)

    def read_pointer(self) -> int | None:
        """The published version, None where the pointer is missing or damaged."""
        try:
            written = self.pointer.read_text(encoding="ascii")
        except (FileNotFoundError, UnicodeDecodeError):
            return None
        return int(written) if re.fullmatch(r"\d+\n", written, re.ASCII) else None

    def published(self) -> int | None:
        """The version to read: what the pointer says, else the newest snapshot."""
        pointer = self.read_pointer()
        if pointer is not None:
            return pointer
        return next(iter(self.versions()), None)


def check_directory(root: Path) -> None:
    """Refuse what cannot be a store's directory.

    :raises StoreError: if there is a file in its place, or it holds something else.
    """
    if not root.exists():
        return
    if not root.is_dir():
        raise StoreError(str(root), "this is a file; a store is a directory")
    if not (root / "format.json").exists() and any(
        entry.name != "lock" and not entry.name.endswith(".new") for entry in root.iterdir()
    ):
        raise StoreError(
            str(root),
            "the directory holds something else (no format.json) and was left alone; name another one",
        )


class StoreFormat(NamedTuple):
    """What a store is.

    :param minter: makes its IRIs.
    :param is_plain: whether it holds whatever RDF is written to it, not documents that passed the gate.
    """

    minter: Minter
    is_plain: bool


def read_format(layout: Layout) -> StoreFormat:
    """What a store was made as.

    :raises StoreError: if there is no store, or its format is newer than this version of kgraph knows.
    """
    try:
        written = json.loads(layout.format_file.read_text(encoding="utf-8"))
        number, base, is_plain = int(written["format"]), str(written["base"]), bool(written.get("plain"))
    except FileNotFoundError as exc:
        raise layout.error("there is no store here yet; `kgraph add FILE` makes one") from exc
    except (ValueError, KeyError, TypeError, AttributeError) as exc:
        raise layout.error(f"format.json is damaged ({exc}); it should hold a format and a base") from exc
    if number > FORMAT:
        raise layout.error(
            f"it has format {number}, and this version of kgraph knows formats up to {FORMAT}; upgrade kgraph"
        )
    return StoreFormat(Minter(base), is_plain)


def write_format(layout: Layout, made: StoreFormat) -> None:
    """Make an empty directory a store."""
    told = {"format": _PLAIN if made.is_plain else _GATED, "base": made.minter.base}
    written = json.dumps(told | ({"plain": True} if made.is_plain else {}), indent=2) + "\n"
    replace_file(layout.format_file, written.encode())


def tokens_file(root: Path) -> Path:
    """Where a store keeps who may do what over HTTP.

    :param root: the store's directory.
    """
    return root / "tokens.json"


def replace_file(path: Path, data: bytes, mode: int = 0o666) -> None:
    """Write a file so that, whatever happens, there is the old one or the new one, whole.

    :param mode: its permissions, less what the umask takes away.
    """
    new = path.with_name(f"{path.name}.new")
    if mode != 0o666:
        new.unlink(missing_ok=True)  # one that was left behind would keep its own
    with open(new, "wb", opener=partial(os.open, mode=mode)) as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)
    sync_directory(path.parent)


def sync_directory(path: Path) -> None:
    """Make renames within a directory last through a power cut."""
    file = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(file)
    finally:
        os.close(file)


def check_free_space(layout: Layout, needed_bytes: int) -> None:
    """Refuse to begin what might fill the disk.

    :raises StoreError: if less is free.
    """
    free = shutil.disk_usage(layout.root).free
    if free < needed_bytes:
        raise layout.error(
            f"the disk is too full to write safely ({_megabytes(free)} free of"
            f" {_megabytes(needed_bytes)} needed); nothing was written; free some space and try again"
        )


def _megabytes(size_bytes: int) -> str:
    return f"{size_bytes / 1_000_000:.0f} MB"


def describe_fault(layout: Layout, exc: OSError) -> StoreError:
    """What an error of the operating system or of the engine means to whoever uses the store.

    RocksDB gives no error numbers, only words.
    """
    words = str(exc)
    if exc.errno in {errno.ENOSPC, errno.EFBIG, errno.EDQUOT} or re.search(
        "No space left|File too large|quota", words
    ):
        return layout.error(
            "the disk is full; what was being written is either wholly in or not at all"
            " (it can come to light with the next write); free some space and try again"
        )
    if exc.errno in {errno.EMFILE, errno.ENFILE} or re.search("file descriptors|Too many open files", words):
        return layout.error(
            "too few files may be open at once; allow more, such as 512, with `ulimit -n 512`, and try again"
        )
    if exc.errno == errno.EROFS or "Read-only file system" in words:
        return layout.error("it lies on a read-only file system; nothing was written")
    if exc.errno in {errno.EACCES, errno.EPERM} or "Permission denied" in words:
        where = f" to {exc.filename}" if exc.filename else ""
        return layout.error(f"no permission{where}; check who owns it")
    return layout.error(f"it cannot be used: {' '.join(words.split())}")
