"""Large answers by two threads: one lets the engine write TSV into a pipe, the other makes the answer of it.

So tables in JSON are made, and the graphs of CONSTRUCT in N-Triples.
"""

import contextlib
import fcntl
import os
import re
from collections.abc import Mapping
from queue import SimpleQueue
from typing import BinaryIO, Self

from kgraph.store import JsonRows, QueryResult, TripleRows

#: What a pipe holds, and what is taken out of it at once.
_PIPE_BYTES, _PIECE_BYTES = 256 * 1024, 128 * 1024
#: With fewer rows it takes longer to wake the other thread than is gained.
_FEW_ROWS = 1000
_LIMIT = re.compile(r"\blimit\s+([0-9]+)", re.IGNORECASE)
#: In which a graph is a triple a line.
_LINES = {"ntriples", "nquads"}

_Rows = JsonRows | TripleRows


class Rewriter:
    """Writes results; leave it, as a context, and `run` comes to an end."""

    def __init__(self) -> None:
        self._tasks: SimpleQueue[tuple[int, _Rows, BinaryIO] | None] = SimpleQueue()
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
        parted = _parted(result, format_) if self._may_part(result, query) else None
        if parted is None:
            result.write(file, format_)
            return
        table, rows = parted
        file.write(rows.head)
        self._write_rows(table, rows, file)
        file.write(rows.tail)

    def _may_part(self, result: QueryResult, query: str) -> bool:
        return self._has_pipes and not result.asks_others and not _asks_for_few(query)

    def _write_rows(self, result: QueryResult, rows: _Rows, file: BinaryIO) -> None:
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


def _parted(result: QueryResult, format_: str) -> tuple[QueryResult, _Rows] | None:
    """The table that an answer is made of, and what makes it; None where the engine makes it."""
    if result.kind == "solutions" and format_ == "json" and result.variables:
        return result, JsonRows(result.variables)
    return result.parted() if result.kind == "graph" and format_ in _LINES else None


def may_recast(query: str, formats: Mapping[str, str]) -> bool:
    """Whether `Rewriter.write` may ask a query in another form, so that it is not to be begun before that.

    :param formats: that it will be written in, by the kind of the answer.
    """
    return formats.get("graph") in _LINES and "construct" in query.lower() and not _asks_for_few(query)


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


def _rewrite(pipe: int, rows: _Rows, file: BinaryIO) -> None:
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
