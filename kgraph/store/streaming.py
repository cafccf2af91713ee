"""From a writer that pushes to a reader that pulls, a few chunks at a time.

The engine writes a whole result into a file; a web server wants pieces when its client
is ready. A thread writes, and waits whenever a few chunks lie unread, so that memory stays
flat however large the result and however slow the client.
"""

import io
import threading
import traceback
from collections import deque
from collections.abc import Callable, Iterator
from typing import BinaryIO, Self, cast

_CHUNK_BYTES = 64 * 1024
_WAITING = 4


class Chunks(Iterator[bytes]):
    """The bytes that `write` writes, in chunks; close it, or let go of it, to stop early.

    `write` runs in a thread of its own. The first chunk is there when the constructor returns, so
    what goes wrong at the start is raised here, and not when an answer has half gone out.

    :param write: writes everything into the file it is given.
    """

    def __init__(self, write: Callable[[BinaryIO], None]):
        self._channel = _Channel()
        threading.Thread(target=_run, args=(write, self._channel), name="kgraph-stream", daemon=True).start()
        self._first: bytes | None = self._channel.take()

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> bytes:
        chunk, self._first = self._first, None
        if chunk is None:
            chunk = self._channel.take()
        if chunk is None:
            raise StopIteration
        return chunk

    def close(self) -> None:
        """Stop the writer; what is unread is lost."""
        self._channel.stop()

    def __del__(self) -> None:
        self.close()


class _Stopped(OSError):
    """The reader has gone."""


class _Channel(io.RawIOBase):
    """A file to write to at one end, chunks to take at the other."""

    def __init__(self) -> None:
        super().__init__()
        self._changed = threading.Condition()
        self._buffer = bytearray()
        self._chunks: deque[bytes] = deque()
        self._fault: Exception | None = None
        self._finished = False
        self._stopped = False

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        piece = bytes(cast(bytes, data))
        self._buffer += piece
        if len(self._buffer) >= _CHUNK_BYTES:
            self._pass_on()
        return len(piece)

    def _pass_on(self) -> None:
        with self._changed:
            self._changed.wait_for(lambda: self._stopped or len(self._chunks) < _WAITING)
            if self._stopped:
                raise _Stopped("nobody reads on")
            if self._buffer:
                self._chunks.append(bytes(self._buffer))
                self._buffer.clear()
            self._changed.notify_all()

    def finish(self, fault: Exception | None = None) -> None:
        with self._changed:
            self._fault = fault
            self._finished = True
            self._changed.notify_all()

    def take(self) -> bytes | None:
        """The next chunk, None after the last."""
        with self._changed:
            self._changed.wait_for(lambda: self._chunks or self._finished or self._stopped)
            if self._stopped:
                return None
            if self._chunks:
                chunk = self._chunks.popleft()
                self._changed.notify_all()
                return chunk
            fault, self._fault = self._fault, None
        if fault is not None:
            raise fault
        return None

    def stop(self) -> None:
        with self._changed:
            self._stopped = True
            self._chunks.clear()
            self._changed.notify_all()


def _run(write: Callable[[BinaryIO], None], channel: _Channel) -> None:
    try:
        write(cast(BinaryIO, channel))
        channel._pass_on()
    except _Stopped:
        channel.finish()
    except Exception as exc:  # noqa: BLE001  # whatever it is, it is raised where the chunks are read
        traceback.clear_frames(exc.__traceback__)  # they may hold what is this thread's alone
        channel.finish(exc)
    else:
        channel.finish()
