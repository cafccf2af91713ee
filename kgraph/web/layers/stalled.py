"""Clients that do not take what is sent to them: they are hung up on.

Whoever asks for a large answer and reads none of it, or a byte now and then, holds up a thread of the server.
What has been sent and not acknowledged stands in the connection; where that does not become less, nobody
reads. Where the system does not tell (it is not Linux), nobody is hung up on.
"""

import logging
import sys
import threading
import time
from dataclasses import dataclass

from kgraph.web.layers.connections import end, sending

#: Whoever takes less than this is as slow as one who takes nothing.
_LEAST_BYTES_A_S = 1000
_LOOKS = 4

_log = logging.getLogger("kgraph.web")


@dataclass(frozen=True, slots=True)
class _Progress:
    """:param taken_bytes: that the client had acknowledged at a time."""

    taken_bytes: int
    at_s: float


def watch(port: int, time_s: float) -> None:
    """Look after the connections of this process, in a thread of its own, as long as the process lives.

    :param port: that it serves at.
    :param time_s: how long a client may take nothing, or next to nothing.
    """
    if sys.platform == "linux":
        threading.Thread(target=_watch, args=(port, time_s), name="kgraph-stalled", daemon=True).start()


def _watch(port: int, time_s: float) -> None:
    known: dict[int, _Progress] = {}
    while True:
        time.sleep(time_s / _LOOKS)
        known = _look(port, time_s, known)


def _look(port: int, time_s: float, known: dict[int, _Progress]) -> dict[int, _Progress]:
    """Hang up on whoever has stalled; what is known of the others."""
    now, found = time.monotonic(), {}
    for inode, taken_bytes in sending(port).items():
        before = known.get(inode)
        if before is None or taken_bytes - before.taken_bytes >= _LEAST_BYTES_A_S * time_s:
            found[inode] = _Progress(taken_bytes, now)
        elif now - before.at_s < time_s:
            found[inode] = before
        elif end(port, {inode}):
            _log.warning("hung up on a client that did not take its answer for %g s", time_s)
    return found
