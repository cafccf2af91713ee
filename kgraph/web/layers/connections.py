"""The connections of this process to its clients, as the system knows them, and hanging up.

Where the system does not tell (it is not Linux), nothing is known, and nobody is hung up on.
"""

import os
import socket
import struct
import sys
from collections.abc import Collection, Iterator
from contextlib import suppress
from functools import lru_cache
from ipaddress import ip_address

#: Where `struct tcp_info` has the bytes that the other side has acknowledged.
_BYTES_ACKED = struct.Struct("=120xQ")
_TCP_INFO_BYTES = 128


def sending(port: int) -> dict[int, int]:
    """How many bytes clients have acknowledged, for each connection to a port that has more to send.

    By the connection's inode.
    """
    found = {}
    for inode, local, _, connection in _all_connections():
        if local == port:
            acknowledged, unacknowledged = _sent(connection)
            if unacknowledged:
                found[inode] = acknowledged
    return found


def connected(port: int) -> dict[str, list[int]]:
    """The connections to a port, by their inodes, the oldest first; for each address of a client."""
    found: dict[str, list[int]] = {}
    for inode, local, address, _ in _all_connections():
        if local == port:
            found.setdefault(address, []).append(inode)
    return {address: sorted(inodes) for address, inodes in found.items()}  # the system counts them up


def end(port: int, inodes: Collection[int]) -> int:
    """End connections to a port; how many of them there still were."""
    ended = 0
    for inode, local, _, connection in _all_connections():
        if local == port and inode in inodes:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
                ended += 1
    return ended


def _all_connections() -> Iterator[tuple[int, int, str, socket.socket]]:
    """Those of this process: inode, own port, address of the other side."""
    for name in os.listdir("/proc/self/fd"):  # noqa: PTH208  # names alone
        with suppress(OSError):
            link = os.readlink(f"/proc/self/fd/{name}")  # noqa: PTH115  # no path: `socket:[INODE]`
            if not link.startswith("socket:["):
                continue
            with socket.socket(fileno=os.dup(int(name))) as connection:
                yield int(link[8:-1]), *_ends(connection), connection


def _ends(connection: socket.socket) -> tuple[int, str]:
    if connection.family not in {socket.AF_INET, socket.AF_INET6} or connection.type != socket.SOCK_STREAM:
        return 0, ""
    return connection.getsockname()[1], _plain(connection.getpeername()[0])


@lru_cache(1024)
def _plain(address: str) -> str:
    """An address as IPv4 where it is one in IPv6's clothes."""
    try:
        ip = ip_address(address)
    except ValueError:
        return ""
    mapped = getattr(ip, "ipv4_mapped", None)
    return str(mapped or ip)


def _sent(connection: socket.socket) -> tuple[int, int]:
    """How many bytes the other side has acknowledged, and how many not yet."""
    import fcntl
    import termios

    info = connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _TCP_INFO_BYTES)
    unacknowledged = fcntl.ioctl(connection, termios.TIOCOUTQ, bytes(4))
    return int(_BYTES_ACKED.unpack(info)[0]), int.from_bytes(unacknowledged, sys.byteorder)
