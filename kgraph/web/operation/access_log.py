"""The access log: one line a request, without secrets, and nothing in it to forge a line with.

A query is told by a hash, by which the same query is known again, unless its text is asked for. A line is
ASCII: what a client sends, such as the path, stands there percent-encoded or as JSON.
"""

import hashlib
import json
import logging
import re
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from ipaddress import ip_address
from multiprocessing.util import Finalize
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, quote

from kgraph.settings import LogFormat

#: Where a request has its query, once someone has read it.
QUERY = "kgraph.query"

_HASH_DIGITS = 16
#: Of the text of a query, where it is asked for.
_LONGEST_QUERY = 10_000
_LONGEST_PATH, _LONGEST_METHOD = 2_000, 20
_MOST_FIELDS = 1000
#: Query strings of so many characters are remembered as they were read, so many of them.
_SHORT, _REMEMBERED = 2000, 2000
#: How long lines are gathered, and how many at most.
_PAUSE_S, _MOST_WAITING = 0.05, 10_000

_log = logging.getLogger("kgraph.access")


class Entry(NamedTuple):
    """What there is to say of a request.

    :param time_s: when it came, in seconds of the epoch.
    :param size_bytes: of the body that was sent.
    :param token: the name of the caller's token; empty for anybody.
    :param is_whole: whether all of the answer was handed to the server; it was not where a query was
        stopped in the middle, or the client left.
    """

    time_s: float
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
    """Writes entries to the logger `kgraph.access`, several of them, a line each, as one record.

    That is done by a thread of its own, soon after: to tell of a request would else take as long as to answer
    it. Threads share it.

    :param with_queries: whether queries stand there as text.
    """

    def __init__(self, format_: LogFormat, *, with_queries: bool = False):
        self._format = _WRITERS.get(format_)
        self._with_queries = with_queries
        self._entries: deque[Entry] = deque()
        self._is_due = threading.Event()
        self._starting, self._writing = threading.Lock(), threading.Lock()
        self._thread: threading.Thread | None = None

    def __bool__(self) -> bool:
        """Whether anything is written at all."""
        return self._format is not None

    def write(self, entry: Entry) -> None:
        """Write a line, in a moment."""
        self._entries.append(entry)
        if not self._is_due.is_set():
            self._is_due.set()
        if self._thread is None:
            self._start()
        if len(self._entries) > _MOST_WAITING:
            self.flush()  # whoever reads the log does not keep up; nobody is answered faster than that

    def flush(self) -> None:
        """Write what is not written yet."""
        with self._writing:
            lines = []
            while self._entries and self._format is not None:
                entry = self._entries.popleft()
                lines.append(self._format(entry, _query_told(entry.query, as_text=self._with_queries)))
            if lines:
                _log.info("%s", "\n".join(lines))

    def _start(self) -> None:
        with self._starting:
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="kgraph-access-log", daemon=True)
                self._thread.start()
                # At the end of this process, also where another has spawned it and its `atexit` is not asked.
                Finalize(None, self.flush, exitpriority=0)

    def _run(self) -> None:
        while self._is_due.wait():
            time.sleep(_PAUSE_S)
            self._is_due.clear()
            self.flush()


def query_of(environ: Mapping[str, Any]) -> str | None:
    """The query that a request asks, as far as it can be known."""
    known = environ.get(QUERY)
    if known is not None:
        return str(known)
    # An answer that was kept is given without the query being looked at.
    text = str(environ.get("QUERY_STRING", ""))
    if "query=" not in text:
        return None
    return (_query_again if len(text) <= _SHORT else _query_in)(text)


def _query_in(query_string: str) -> str | None:
    try:
        fields = parse_qsl(query_string, errors="replace", max_num_fields=_MOST_FIELDS)
    except ValueError:
        return None
    return next((value for name, value in fields if name == "query"), None)


_query_again = lru_cache(_REMEMBERED)(_query_in)


def _query_told(query: str | None, *, as_text: bool) -> str:
    """What a line says of a query; nothing where there is none."""
    if query is None:
        return ""
    if as_text:
        return query[:_LONGEST_QUERY]
    return hashlib.sha256(query.encode("utf-8", "surrogatepass")).hexdigest()[:_HASH_DIGITS]


def _moment(time_s: float) -> str:
    second, thousandth = divmod(int(time_s * 1000), 1000)
    return f"{_second(second)}.{thousandth:03}Z"


@lru_cache(100)
def _second(time_s: int) -> str:
    return datetime.fromtimestamp(time_s, UTC).strftime("%Y-%m-%dT%H:%M:%S")


@lru_cache(1000)
def _path(text: str) -> str:
    return quote(text[:_LONGEST_PATH].encode("latin-1", "replace"), safe="/:@!$&'()*+,;=~")


def _method(text: str) -> str:
    return _path(text[:_LONGEST_METHOD])


@lru_cache(1000)
def _address(text: str) -> str:
    """An address, or a hyphen: behind a proxy there may be anything in its place."""
    try:
        return str(ip_address(text))
    except ValueError:
        return "-"


def _as_json(entry: Entry, query: str) -> str:
    fields: dict[str, object] = {
        "time": _moment(entry.time_s),
        "id": entry.id,
        "client": _address(entry.client),
        "method": _method(entry.method),
        "path": _path(entry.path),
        "status": entry.status,
        "bytes": entry.size_bytes,
        "ms": round(entry.duration_s * 1000, 1),
    }
    if entry.token:
        fields["token"] = entry.token
    if entry.query is not None:
        fields["query"] = query
    if not entry.is_whole:
        fields["whole"] = False
    return json.dumps(fields)


def _as_text(entry: Entry, query: str) -> str:
    """As `TIME CLIENT METHOD PATH STATUS`, then NAME=VALUE; with quotes, as JSON, where there is a blank."""
    token = f" token={_value(entry.token)}" if entry.token else ""
    asked = "" if entry.query is None else f" query={_value(query)}"
    return (
        f"{_moment(entry.time_s)} {_address(entry.client)} {_method(entry.method)} {_path(entry.path)}"
        f" {entry.status} id={_value(entry.id)} bytes={entry.size_bytes}"
        f" ms={entry.duration_s * 1000:.1f}{token}{asked}{'' if entry.is_whole else ' whole=false'}"
    )


def _value(text: str) -> str:
    return text if _PLAIN.fullmatch(text) else json.dumps(text)


_WRITERS: dict[str, Callable[[Entry, str], str]] = {"text": _as_text, "json": _as_json}
