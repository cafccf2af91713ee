"""Answers in JSON by two threads: one lets the engine write TSV into a pipe, the other makes JSON of it."""

import contextlib
import fcntl
import os
import re
from queue import SimpleQueue
from typing import BinaryIO, Self

from kgraph.store import JsonRows, QueryResult

#: What a pipe holds, and what is taken out of it at once.
_PIPE_BYTES, _PIECE_BYTES = 256 * 1024, 128 * 1024
#: With fewer rows it takes longer to wake the other thread than is gained.
_FEW_ROWS = 1000
_LIMIT = re.compile(r"\blimit\s+([0-9]+)", re.IGNORECASE)


class Rewriter:
    """Writes results; leave it, as a context, and `run` comes to an end."""

    def __init__(self) -> None:
        self._tasks: SimpleQueue[tuple[int, JsonRows, BinaryIO] | None] = SimpleQueue()
        self._ends: SimpleQueue[BaseException | None] = SimpleQueue()
        self._has_pipes = _has_pipes()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self._tasks.put(None)

    def run(self) -> None:
        """What the second thread does."""
        while (task := self._tasks.get()) is not None:
            pipe, rows, file = task
            fault: BaseException | None = None
            try:
                _rewrite(pipe, rows, file)
            except BaseException as exc:  # noqa: BLE001  # it is raised where the answer was asked for
                fault = exc
            os.close(pipe)  # if the engine still writes, it does so in vain
            self._ends.put(fault)

    def write(self, result: QueryResult, file: BinaryIO, format_: str, query: str) -> None:
        """As `QueryResult.write`.

        :param query: its text.
        """
        is_table = result.kind == "solutions" and len(result.variables) > 0
        may_part = format_ == "json" and is_table and self._has_pipes and not result.asks_others
        if not may_part or _asks_for_few(query):
            result.write(file, format_)
            return
        rows = JsonRows(result.variables)
        file.write(rows.head)
        self._write_rows(result, rows, file)
        file.write(rows.tail)

    def _write_rows(self, result: QueryResult, rows: JsonRows, file: BinaryIO) -> None:
        reading, writing = os.pipe()
        with contextlib.suppress(OSError):  # a user may have so many large ones
            fcntl.fcntl(writing, fcntl.F_SETPIPE_SZ, _PIPE_BYTES)
        self._tasks.put((reading, rows, file))
        try:
            result.write_tsv(_path_of(writing))
        finally:
            os.close(writing)
            fault = self._ends.get()
            if fault is not None:
                raise fault


def _path_of(pipe: int) -> str:
    return f"/proc/self/fd/{pipe}"


def _has_pipes() -> bool:
    """Whether a pipe has a path by which it can be written to."""
    reading, writing = os.pipe()
    try:
        os.close(os.open(_path_of(writing), os.O_WRONLY | os.O_CREAT | os.O_TRUNC))
    except OSError:
        return False
    finally:
        os.close(reading)
        os.close(writing)
    return True


def _asks_for_few(query: str) -> bool:
    """Whether it ends in a small LIMIT, as far as can be seen at a glance."""
    limits = _LIMIT.findall(query)
    return bool(limits) and len(limits[-1]) < 10 and int(limits[-1]) < _FEW_ROWS


def _rewrite(pipe: int, rows: JsonRows, file: BinaryIO) -> None:
    begun: list[bytes] = []  # a line
    is_head = True
    while piece := os.read(pipe, _PIECE_BYTES):
        end = piece.rfind(b"\n")
        if end < 0:
            begun.append(piece)
            continue
        lines = b"".join((*begun, piece[:end]))
        begun = [piece[end + 1 :]]
        if is_head:
            is_head = False
            _, has_rows, lines = lines.partition(b"\n")
            if not has_rows:
                continue
        file.write(rows.rows(lines))
