"""Who asks: which address a request comes from, behind proxies of ours too, and whether someone is there."""

from collections.abc import Mapping
from ipaddress import IPv6Address, ip_address
from typing import Any

#: Under which name a request has what tells whether its client is still there, if the server knows.
IS_THERE = "kgraph.is_there"

#: No address is longer; a longer text is none.
_LONGEST = 64
_SHARED_BITS = 64


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


def network_of(address: str) -> str:
    """What one client may have of addresses: one, but of IPv6 all that begin with the same 64 bits."""
    try:
        read = ip_address(address)
    except ValueError:
        return address
    if isinstance(read, IPv6Address) and read.ipv4_mapped is None:
        return str(int(read) >> (128 - _SHARED_BITS))
    return address
