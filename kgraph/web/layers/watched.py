"""The body of an answer, watched from without."""

from collections.abc import Callable, Iterable, Iterator


class Watched(Iterator[bytes]):
    """A body that tells once when it is over: read to its end, broken off, or let go of before that.

    :param tell: is told how many bytes were read, and whether that was all of it.
    """

    def __init__(self, body: Iterable[bytes], tell: Callable[[int, bool], None]):
        self._body = body
        self._pieces = iter(body)
        self._tell = tell
        self._size_bytes = 0
        self._is_over = False

    def __next__(self) -> bytes:
        try:
            piece = next(self._pieces)
        except StopIteration:
            self._end(is_whole=True)
            raise
        except BaseException:
            self._end(is_whole=False)
            raise
        self._size_bytes += len(piece)
        return piece

    def close(self) -> None:
        """Let go of the body, read or not."""
        try:
            close = getattr(self._body, "close", None)
            if close is not None:
                close()
        finally:
            self._end(is_whole=False)

    def __del__(self) -> None:
        if hasattr(self, "_is_over"):
            self._end(is_whole=False)

    def _end(self, *, is_whole: bool) -> None:
        if not self._is_over:
            self._is_over = True
            self._tell(self._size_bytes, is_whole)
