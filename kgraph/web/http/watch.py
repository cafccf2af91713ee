"""Clients that keep the server waiting: they are hung up on.

Whoever asks for a large answer and reads none of it, or a byte now and then, holds up a thread of the server.
What has been sent and not acknowledged stands in the connection; where that does not become less, nobody
reads. Where the system does not tell (it is not Linux), nobody is hung up on for that.
"""

import logging
import socket
import struct
import sys
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass

from kgraph.web.http.connection import Connection

#: Whoever takes less than this is as slow as one who takes nothing.
_LEAST_BYTES_A_S = 1000

#: Where `struct tcp_info` has the bytes that the other side has acknowledged.
_BYTES_ACKED = struct.Struct("=120xQ")
_TCP_INFO_BYTES = 128

_log = logging.getLogger("kgraph.web")


@dataclass(frozen=True, slots=True)
class _Progress:
    """:param taken_bytes: that the client had acknowledged at a time."""

    taken_bytes: int
    at_s: float


class Watch:
    """Looks after connections, whenever it is asked to.

    :param time_s: how long a client may keep us waiting.
    """

    def __init__(self, time_s: float):
        self._time_s = time_s
        self._known: dict[Connection, _Progress] = {}

    def look(self, connections: Iterable[Connection], now_s: float) -> None:
        """Hang up on whoever has stalled.

        :param now_s: by the clock of the loop.
        """
        found = {}
        for connection in connections:
            if connection.transport.get_write_buffer_size():
                progress = self._progress(connection, now_s)
                if progress is not None:
                    found[connection] = progress
            else:
                connection.hurry(now_s, self._time_s)
        self._known = found

    def _progress(self, connection: Connection, now_s: float) -> _Progress | None:
        taken_bytes = _acknowledged(connection)
        if taken_bytes is None:
            return None
        before = self._known.get(connection)
        if before is None or taken_bytes - before.taken_bytes >= _LEAST_BYTES_A_S * self._time_s:
            return _Progress(taken_bytes, now_s)
        if now_s - before.at_s < self._time_s:
            return before
        _log.warning("hung up on a client that did not take its answer for %g s", self._time_s)
        connection.transport.abort()
        return None


def _acknowledged(connection: Connection) -> int | None:
    """The bytes that the other side has acknowledged, if the system tells."""
    if sys.platform == "linux":
        with suppress(OSError, struct.error):
            asked: socket.socket = connection.transport.get_extra_info("socket")
            info = asked.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _TCP_INFO_BYTES)
            return int(_BYTES_ACKED.unpack(info)[0])
    return None
