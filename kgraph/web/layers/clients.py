"""Who asks: which address a request comes from, behind proxies of ours too, and whether someone is there."""

from collections.abc import Mapping
from typing import Any

#: Under which name a request has what tells whether its client is still there, if the server knows.
IS_THERE = "kgraph.is_there"

#: No address is longer; a longer text is none.
_LONGEST = 64


def client_address(environ: Mapping[str, Any], proxies: int = 0) -> str:
    """The address of a client; text of any kind, where a proxy of ours passes on what it was told.

    :param proxies: how many proxies of ours stand before this server. Each adds the address that it saw to
        X-Forwarded-For; what stands before those was written by the client, who may write anything.
    """
    address = str(environ.get("REMOTE_ADDR", ""))
    if proxies:
        told = str(environ.get("HTTP_X_FORWARDED_FOR", "")).split(",")
        if len(told) >= proxies:
            address = told[-proxies].strip()
    return address[:_LONGEST]
