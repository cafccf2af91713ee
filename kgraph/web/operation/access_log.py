"""The access log: one line a request, without secrets, and nothing in it to forge a line with.

A query is told by a hash, by which the same query is known again, unless its text is asked for. A line is
ASCII: what a client sends, such as the path, stands there percent-encoded or as JSON.
"""

import hashlib
import json
import logging
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from ipaddress import ip_address
from typing import Any
from urllib.parse import parse_qsl, quote

from kgraph.dates import moment
from kgraph.settings import LogFormat

#: Where a request has its query, once someone has read it.
QUERY = "kgraph.query"

_HASH_DIGITS = 16
#: Of the text of a query, where it is asked for.
_LONGEST_QUERY = 10_000
_LONGEST_PATH = 2_000
_MOST_FIELDS = 1000

_log = logging.getLogger("kgraph.access")


@dataclass(frozen=True, slots=True)
class Entry:
    """What there is to say of a request.

    :param time: when it came, in UTC.
    :param size_bytes: of the body that was sent.
    :param token: the name of the caller's token; empty for anybody.
    :param is_whole: whether all of the answer was handed to the server; it was not where a query was
        stopped in the middle, or the client left.
    """

    time: datetime
    id: str
    client: str
    method: str
    path: str
    status: int
    size_bytes: int
    duration_s: float
    token: str = ""
    query: str | None = None
    is_whole: bool = True


#: Needs no quotes.
_PLAIN = re.compile(r"[A-Za-z0-9._@-]+", re.ASCII)


class AccessLog:
    """Writes entries to the logger `kgraph.access`; threads share it.

    :param with_queries: whether queries stand there as text.
    """

    def __init__(self, format_: LogFormat, *, with_queries: bool = False):
        self._write = _WRITERS.get(format_)
        self._with_queries = with_queries

    def __bool__(self) -> bool:
        """Whether anything is written at all."""
        return self._write is not None

    def write(self, entry: Entry) -> None:
        """Write a line."""
        if self._write is not None:
            _log.info("%s", self._write(_fields(entry, with_query=self._with_queries)))


def query_of(environ: Mapping[str, Any]) -> str | None:
    """The query that a request asks, as far as it can be known."""
    known = environ.get(QUERY)
    if known is not None:
        return str(known)
    # An answer that was kept is given without the query being looked at.
    text = str(environ.get("QUERY_STRING", ""))
    if "query=" not in text:
        return None
    try:
        fields = parse_qsl(text, errors="replace", max_num_fields=_MOST_FIELDS)
    except ValueError:
        return None
    return next((value for name, value in fields if name == "query"), None)


def _fields(entry: Entry, *, with_query: bool) -> dict[str, object]:
    time = moment(entry.time.astimezone(UTC))
    fields: dict[str, object] = {
        "time": time,
        "id": entry.id,
        "client": _address(entry.client),
        "method": quote(entry.method[:20]),
        "path": quote(entry.path[:_LONGEST_PATH].encode("latin-1", "replace"), safe="/:@!$&'()*+,;=~"),
        "status": entry.status,
        "bytes": entry.size_bytes,
        "ms": round(entry.duration_s * 1000, 1),
    }
    if entry.token:
        fields["token"] = entry.token
    if entry.query is not None:
        data = entry.query.encode("utf-8", "surrogatepass")
        fields["query"] = (
            entry.query[:_LONGEST_QUERY] if with_query else hashlib.sha256(data).hexdigest()[:_HASH_DIGITS]
        )
    if not entry.is_whole:
        fields["whole"] = False
    return fields


def _address(text: str) -> str:
    """An address, or a hyphen: behind a proxy there may be anything in its place."""
    try:
        return str(ip_address(text))
    except ValueError:
        return "-"


def _as_json(fields: dict[str, object]) -> str:
    return json.dumps(fields)


def _as_text(fields: dict[str, object]) -> str:
    """As `TIME CLIENT METHOD PATH STATUS`, then NAME=VALUE; with quotes, as JSON, where there is a blank."""
    first = " ".join(str(fields[name]) for name in _FIRST)
    rest = (f"{name}={_value(value)}" for name, value in fields.items() if name not in _FIRST)
    return " ".join((first, *rest))


_FIRST = ("time", "client", "method", "path", "status")


def _value(value: object) -> str:
    text = json.dumps(value)
    return str(value) if isinstance(value, str) and _PLAIN.fullmatch(value) else text


_WRITERS: dict[str, Callable[[dict[str, object]], str]] = {"text": _as_text, "json": _as_json}
