"""Bodies of answers: whole where all is there, else in pieces.

Half an answer must not look like a whole one: where a piece cannot be made, the body raises, and whoever
serves it ends the connection in the middle.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from kgraph.query import Pieces
from kgraph.store import Chunks

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def body_of(pieces: "Pieces | Chunks") -> "bytes | Iterator[bytes]":
    """What an answer is sent from: its bytes if they are all there, so that its length can be told."""
    if isinstance(pieces, Pieces) and pieces.is_whole:
        return b"".join(pieces)
    return pieces
