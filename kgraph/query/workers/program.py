"""What runs in a worker: it opens the published snapshot, read-only, and answers one query after another.

Its owner kills it when a query takes too long. What it sees to itself: memory (it ends when it is refused
more), and that it goes when its owner goes.
"""

import contextlib
import os
import resource
import socket
import sys
import threading
import time
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO, NoReturn, cast

from kgraph.errors import KGraphError, MalformedQuery, StoreError
from kgraph.processes import Allowance, go_with_owner
from kgraph.query.workers import messages
from kgraph.query.workers.forking import serve_forks
from kgraph.query.workers.messages import (
    CHUNK_BYTES,
    DATA,
    END,
    FAULT,
    KIND,
    OUT_OF_MEMORY,
    READY,
    ROWS,
    WHOLE,
    WRITE,
)
from kgraph.query.workers.rewriting import Rewriter, may_recast
from kgraph.store import QueryResult, Store, View, open_store

#: The engine calls itself for everything that is nested.
_STACK_BYTES = 64 * 1024 * 1024
#: Processor time beyond a query's wall time, in case nobody is there to kill us.
_SPARE_CPU_S = 5


def main() -> None:
    """Answer queries from standard input on standard output, or fork workers that do.

    Arguments: the store's directory, the memory of a query in bytes; to fork workers, also the memory of the
    copy that they share, and the number of the socket by which the owner asks for them.
    """
    go_with_owner()
    threading.stack_size(_STACK_BYTES)
    path, memory_bytes = Path(sys.argv[1]), int(sys.argv[2])
    if len(sys.argv) > 3:
        control = socket.socket(fileno=int(sys.argv[4]))
        serve_forks(path, int(sys.argv[3]), control, partial(_work_forked, path, memory_bytes))
    # What happens to be printed must not get between the messages.
    with os.fdopen(os.dup(1), "wb") as sink:
        os.dup2(2, 1)
        _work(_Worker(path, memory_bytes, sys.stdin.buffer, sink))
    os._exit(0)


def _work_forked(path: Path, memory_bytes: int, store: Store, source: BinaryIO, sink: BinaryIO) -> None:
    go_with_owner()
    _work(_Worker(path, memory_bytes, source, sink, store))


def _work(worker: "_Worker") -> None:
    thread = threading.Thread(target=worker.run, daemon=True)
    thread.start()
    worker.rewriter.run()  # until that thread ends
    thread.join()


class _Worker:
    """:ivar rewriter: to be run by another thread."""

    _allowance: Allowance  # from when it is at rest

    def __init__(
        self,
        path: Path,
        memory_bytes: int,
        source: BinaryIO,
        sink: BinaryIO,
        copy: Store | None = None,
    ):
        self._path = path
        self._memory_bytes = memory_bytes
        self._source = source
        self._sink = sink
        self._store = copy
        # Held for ever: to let go of the copy would be to copy it, page by page.
        self._copy = copy.view() if copy is not None else None
        self._reads_copy = copy is not None
        self._cpu_s = 0
        self.rewriter = Rewriter()

    def run(self) -> None:
        """Until the owner hangs up, or this process is worn out."""
        with self.rewriter, contextlib.suppress(BrokenPipeError):
            with contextlib.suppress(KGraphError), self._opened().view() as view:
                # The first query need not wait for what it takes; what is wrong is told to whoever asks.
                view.evaluate("ASK {}")
            messages.send(self._sink, READY)
            self._rest()
            while (request := messages.receive(self._source)) is not None:
                asked = request.values
                self._limit_time(asked["time_s"])
                self._answer(asked)

    def _opened(self) -> Store:
        if self._store is None:
            self._store = open_store(self._path)
        return self._store

    def _rest(self) -> None:
        """What this process has now is what it has at rest; a query may take more."""
        self._allowance = Allowance(self._memory_bytes)

    def _view(self) -> View:
        view = self._opened().view()
        if self._reads_copy and self._copy is not None and view.version != self._copy.version:
            self._reads_copy = False
            self._rest()  # with the database open
        return view

    def _limit_time(self, time_s: float) -> None:
        left_s = self._cpu_s - time.process_time()
        if time_s + _SPARE_CPU_S <= left_s <= time_s + 2 * _SPARE_CPU_S:
            return  # it is as good as what we would set
        self._cpu_s = int(time.process_time() + time_s) + 2 * _SPARE_CPU_S
        with contextlib.suppress(ValueError, OSError):
            hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
            resource.setrlimit(resource.RLIMIT_CPU, (self._cpu_s, hard))

    def _answer(self, asked: dict[str, Any]) -> None:
        try:
            if "update" in asked:
                self._update(asked)
                return
            with self._view() as view:
                self._write(view, asked)
        except MemoryError:
            os._exit(OUT_OF_MEMORY)
        except BrokenPipeError:
            raise
        except StoreError as exc:
            self._fault("StoreError", exc.reason, path=exc.path)
        except MalformedQuery as exc:
            messages.send(self._sink, FAULT, {"kind": "MalformedQuery", "about": vars(exc)})
        except KGraphError as exc:
            self._fault(type(exc).__name__, str(exc))
        except Exception as exc:  # noqa: BLE001  # the owner tells it on
            self._fault("", f"{type(exc).__name__}: {exc}")
        except BaseException as exc:  # noqa: BLE001  # a panic of the engine, which is no Exception
            self._fault("", f"{type(exc).__name__}: {exc}")
            self._end()

    def _write(self, view: View, asked: dict[str, Any]) -> None:
        likely, options = asked["likely"], asked["options"]
        if "bindings" in options:
            options["bindings"] = messages.unpacked_bindings(options["bindings"])
        at_once = bool(likely) and not may_recast(asked["text"], likely)
        result = view.evaluate(asked["text"], at_once=at_once, **options)
        format_ = likely.get(result.kind)
        told = {"kind": result.kind, "variables": result.variables, "format": format_}
        if format_ is None:
            messages.send(self._sink, KIND, told)
            pieces = _Pieces(self._sink)
            self._write_as_wished(result, pieces.file, asked["text"])
        else:
            pieces = _Pieces(self._sink, told)
            self.rewriter.write(result, pieces.file, format_, asked["text"])
        if pieces.is_whole and not self._allowance.is_worn_out:
            pieces.finish_whole()
            return
        pieces.finish()
        self._finish()

    def _update(self, asked: dict[str, Any]) -> None:
        with self._opened().plain_writer() as writer:
            writer.update(asked["update"], **asked["options"])
        self._finish()

    def _finish(self) -> None:
        is_worn_out = self._allowance.is_worn_out
        messages.send(self._sink, END, b"last" if is_worn_out else b"")
        if is_worn_out:
            self._end()

    def _write_as_wished(self, result: QueryResult, file: BinaryIO, query: str) -> None:
        wish = messages.receive(self._source)
        if wish is None:
            self._end()
        if wish.letter == WRITE:
            self.rewriter.write(result, file, wish.values["format"], query)
        elif wish.letter == ROWS:
            result.write_first(file, wish.values["most"])

    def _fault(self, kind: str, reason: str, path: str = "") -> None:
        messages.send(self._sink, FAULT, {"kind": kind, "reason": reason, "path": path})

    def _end(self) -> NoReturn:
        os._exit(0)


class _Pieces:
    """A file that sends what is written as DATA, in pieces of some size.

    :param told: goes as KIND before the first of them.
    """

    def __init__(self, sink: BinaryIO, told: dict[str, Any] | None = None):
        self._sink = sink
        self._told = told
        self._buffer = bytearray()

    @property
    def file(self) -> BinaryIO:
        """This, which has all that is asked of a file."""
        return cast(BinaryIO, self)

    @property
    def is_whole(self) -> bool:
        """Whether nothing was sent."""
        return self._told is not None

    def write(self, data: bytes) -> int:
        self._buffer += data
        # The owner takes a piece whole into its memory, so one is no larger, whatever a literal is.
        if len(self._buffer) >= CHUNK_BYTES:
            self._tell()
            with memoryview(self._buffer) as view:
                for start in range(0, len(view) - CHUNK_BYTES + 1, CHUNK_BYTES):
                    messages.send(self._sink, DATA, view[start : start + CHUNK_BYTES])
            del self._buffer[: len(self._buffer) // CHUNK_BYTES * CHUNK_BYTES]
        return len(data)

    def flush(self) -> None:
        """Nothing: half a piece is not worth a message."""

    def finish(self) -> None:
        """Send what is left; something follows that takes it along."""
        self._tell()
        if self._buffer:
            messages.send(self._sink, DATA, bytes(self._buffer), more=True)
            self._buffer.clear()

    def finish_whole(self) -> None:
        """Send all of it, and that this is all."""
        messages.send(self._sink, WHOLE, messages.joined(self._told or {}, bytes(self._buffer)))

    def _tell(self) -> None:
        told, self._told = self._told, None
        if told is not None:
            messages.send(self._sink, KIND, told, more=True)


if __name__ == "__main__":
    main()
