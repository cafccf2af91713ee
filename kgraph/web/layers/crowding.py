"""Clients with very many connections: those beyond what one may have are hung up on, the newest first.

Each takes a file, of which a process may have so many open. Who has all of them keeps all others out, though
none of them stays for long.

A client is an address. Those on this machine may have as many as they like, and so may proxies, whose address
all have who come through them. Where the system does not tell (it is not Linux), nobody is hung up on.
"""

import logging
import resource
import sys
import threading
import time
from contextlib import suppress

from kgraph.settings import is_loopback
from kgraph.web.layers.connections import connected, end

_PAUSE_S = 1.0

_log = logging.getLogger("kgraph.web")


def watch_crowds(port: int, most: int) -> None:
    """Look after the connections of this process, in a thread of its own, as long as the process lives.

    :param port: that it serves at.
    :param most: that one client may have; 0: any number.
    """
    with suppress(ValueError, OSError):  # as many files as the system lets us
        _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    if most and sys.platform == "linux":
        threading.Thread(target=_watch, args=(port, most), name="kgraph-crowds", daemon=True).start()


def _watch(port: int, most: int) -> None:
    while True:
        time.sleep(_PAUSE_S)
        for address, inodes in connected(port).items():
            crowd = set() if is_loopback(address) else set(inodes[most:])
            if crowd and (ended := end(port, crowd)):
                _log.warning("hung up %d connections of %s, which had more than %d", ended, address, most)
