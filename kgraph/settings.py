"""Settings: one frozen value, and the only place that reads KGRAPH_*."""

import difflib
import math
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from typing import Literal, get_args

from kgraph.errors import ConfigError
from kgraph.iris import BASE

#: What can be done with a document that does not conform.
OnViolation = Literal["reject", "prune"]
ON_VIOLATION: tuple[OnViolation, ...] = get_args(OnViolation)

#: Who may read over HTTP: anybody, or who has a token.
Reads = Literal["public", "token"]
READS: tuple[Reads, ...] = get_args(Reads)
#: Who may write over HTTP: nobody, who has a token, or anybody on this machine.
Writes = Literal["off", "token", "open"]
WRITES: tuple[Writes, ...] = get_args(Writes)

#: How requests are logged.
LogFormat = Literal["off", "text", "json"]
LOG_FORMATS: tuple[LogFormat, ...] = get_args(LogFormat)
#: Who may read the metrics.
MetricsFor = Literal["admin", "public"]
METRICS_FOR: tuple[MetricsFor, ...] = get_args(MetricsFor)

#: What is kept of a document unless told otherwise: no kind of statement of which less than two in three are
#: right (docs/extraction.md has the measurements).
MIN_CONFIDENCE = 0.65

#: Of a query or a write, beyond what its process has at rest.
_LEAST_MEMORY_BYTES = 10_000_000

_UNITS = {"": 1, "K": 10**3, "M": 10**6, "G": 10**9, "KI": 2**10, "MI": 2**20, "GI": 2**30}
_TRUTHS = {
    "1": True,
    "true": True,
    "yes": True,
    "on": True,
    "0": False,
    "false": False,
    "no": False,
    "off": False,
}


def default_store() -> Path:
    """Where the store is when nobody says: one place a user, whatever the working directory."""
    import platformdirs

    return platformdirs.user_data_path("kgraph", appauthor=False) / "store"


@dataclass(frozen=True, slots=True)
class Settings:
    """What the command line, the server and a notebook can be told.

    :param store: directory of the store.
    :param host: address to serve at.
    :param port: port to serve at.
    :param base: what the IRIs of this publisher start with; ends with a slash.
    :param min_confidence: assertions below it are not stored, in [0, 1].
    :param on_violation: `reject` keeps out a document that does not conform; `prune` leaves out what is
        wrong in it, and what hangs on that.
    :param extractor: name of the extractor (entry points in the group `kgraph.extractors`).
    :param processes: how many extract at once when many documents are added; 0 leaves it to the command.
    :param lock_wait_s: how long a writer waits for another, in seconds.
    :param max_request_bytes: largest body of a request.
    :param max_write_bytes: largest body of one that writes.
    :param write_time_s: how long a write over HTTP may take to go through the gate, in seconds.
    :param write_memory_bytes: how much memory it may take.
    :param query_time_s: how long a query over HTTP may take, to its last byte, in seconds.
    :param query_memory_bytes: how much memory it may take.
    :param max_answer_bytes: how large its answer may be.
    :param query_workers: how many are evaluated at once; 0: one a processor, at least three.
    :param query_queue: how many may wait for that; None: sixteen times as many.
    :param client_rate: requests a second that one client may go on making, ten times as many at once; 0: any.
    :param client_connections: that one client may have at once, but on this machine; 0: any number.
    :param proxies: how many proxies of yours stand before the server and add to X-Forwarded-For.
    :param query_wait_s: how long they wait before they are sent away, in seconds.
    :param reads: whether anybody may read over HTTP, or who has a token.
    :param writes: whether nobody may write over HTTP, who has a token, or anybody on this machine.
    :param plain: whether any RDF is served, without shapes.
    :param access_log: how requests are logged, if at all.
    :param log_queries: whether the log has queries as text; else it has a hash of each.
    :param metrics: whether an admin alone may read the metrics, or anybody who may read.
    :param pages: how many pages are made at once, and how many more requests for one may wait.
    :param client_time_s: how long a client may keep the server waiting, in seconds.
    :param shutdown_s: how long requests under way may go on when the server is stopped, in seconds.
    :param services: addresses elsewhere that SERVICE and LOAD may name.
    :param service_calls: how often one query or update may call them.
    :param replica_bytes: of a copy of the graph in memory, shared by the processes that evaluate queries, but
        a quarter of the machine's memory at most; 0: they read from disk.
    :param cache_bytes: how much of answers to queries the server keeps to give them again; 0: nothing.
    """

    store: Path = field(default_factory=default_store)
    host: str = "127.0.0.1"
    port: int = 8000
    base: str = BASE
    min_confidence: float = MIN_CONFIDENCE
    on_violation: OnViolation = "reject"
    extractor: str = "rules"
    processes: int = 0
    lock_wait_s: float = 10.0
    max_request_bytes: int = 1_000_000
    max_write_bytes: int = 20_000_000
    write_time_s: float = 60.0
    write_memory_bytes: int = 2_000_000_000
    query_time_s: float = 30.0
    query_memory_bytes: int = 1_000_000_000
    max_answer_bytes: int = 1_000_000_000
    query_workers: int = 0
    query_queue: int | None = None
    query_wait_s: float = 2.0
    client_rate: float = 0.0
    client_connections: int = 200
    proxies: int = 0
    replica_bytes: int = 1_000_000_000
    cache_bytes: int = 64_000_000
    reads: Reads = "public"
    writes: Writes = "off"
    plain: bool = False
    access_log: LogFormat = "off"
    log_queries: bool = False
    metrics: MetricsFor = "admin"
    pages: int = 8
    client_time_s: float = 30.0
    shutdown_s: float = 10.0
    services: tuple[str, ...] = ()
    service_calls: int = 100

    def __post_init__(self) -> None:
        if not 0 <= self.min_confidence <= 1:
            raise ConfigError(f"min_confidence is {self.min_confidence}; it must lie between 0 and 1")
        if not 0 <= self.port <= 65535:
            raise ConfigError(f"port is {self.port}; it must lie between 0 and 65535")
        for name, choices in (
            ("on_violation", ON_VIOLATION),
            ("reads", READS),
            ("writes", WRITES),
            ("access_log", LOG_FORMATS),
            ("metrics", METRICS_FOR),
        ):
            if getattr(self, name) not in choices:
                raise ConfigError(f"{name} is {getattr(self, name)!r}; it must be {' or '.join(choices)}")
        if self.writes == "open" and not (is_loopback(self.host) and not self.proxies):
            raise ConfigError(
                f"anybody could write at {self.host}"
                + (", through your proxies" if self.proxies else "")
                + "; open writes are for this machine alone: serve at 127.0.0.1, or let who has a token write"
            )
        if self.processes < 0:
            raise ConfigError(f"processes is {self.processes}; it must be 0 or more")
        for name in (
            "query_time_s", "query_memory_bytes", "write_time_s", "write_memory_bytes", "max_answer_bytes",
            "max_request_bytes", "max_write_bytes", "client_time_s", "pages",
        ):  # fmt: skip
            if not 0 < getattr(self, name) < math.inf:
                raise ConfigError(f"{name} is {getattr(self, name)}; it must be a number above 0")
        for name in ("query_memory_bytes", "write_memory_bytes"):
            if getattr(self, name) < _LEAST_MEMORY_BYTES:
                raise ConfigError(
                    f"{name} is {getattr(self, name)}; in less than {_LEAST_MEMORY_BYTES} nothing is done"
                )
        for name in (
            "query_workers", "query_queue", "query_wait_s", "client_rate", "client_connections", "proxies",
            "shutdown_s", "service_calls",
        ):  # fmt: skip
            if not 0 <= (getattr(self, name) or 0) < math.inf:
                raise ConfigError(f"{name} is {getattr(self, name)}; it must be a number, 0 or more")
        for name in ("cache_bytes", "replica_bytes"):
            if getattr(self, name) < 0:
                raise ConfigError(f"{name} is {getattr(self, name)}; it must be 0 or more")
        for address in self.services:
            if not re.fullmatch(r"https?://[^\s<>\"{}|\\^`@#]+", address):
                raise ConfigError(f"services has {address!r}; it must be an address, http:// or https://")
        if not self.base.endswith("/"):
            raise ConfigError(f"base is {self.base!r}; it must end with a slash")

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] | None = None, /, **given: object) -> "Settings":
        """Settings from KGRAPH_STORE, KGRAPH_HOST and so on; what is given and not None goes first.

        :raises ConfigError: if a value cannot be read; names the variable.
        """
        environ = os.environ if environ is None else environ
        values: dict[str, object] = {}
        for name, convert in _CONVERTERS.items():
            text = environ.get(f"KGRAPH_{name.upper()}")
            if text:
                try:
                    values[name] = convert(text)
                except ValueError as exc:
                    raise ConfigError(f"KGRAPH_{name.upper()} is {text!r}: {exc}") from exc
        values |= {name: value for name, value in given.items() if value is not None}
        return cls(**values)  # type: ignore[arg-type]  # the names and converters above are the fields


def is_loopback(host: str) -> bool:
    """Whether a host's name or address is of this machine alone."""
    if host.lower() == "localhost":
        return True
    try:
        address = ip_address(host.strip("[]"))
    except ValueError:
        return False
    return (getattr(address, "ipv4_mapped", None) or address).is_loopback


def size_bytes(text: str) -> int:
    """A size in bytes, as people write it.

    >>> size_bytes("64000000"), size_bytes("1.5 GB"), size_bytes("512MiB"), size_bytes("20k")
    (64000000, 1500000000, 536870912, 20000)

    :raises ValueError: if it is none.
    """
    found = re.fullmatch(r"(\d{1,15}(?:\.\d{1,6})?) ?([KMG]I?|)B?", text.strip().upper(), re.ASCII)
    if not found:
        raise ValueError("a size is a number of bytes, or such as 500MB, 2GB or 512MiB")
    return int(float(found[1]) * _UNITS[found[2]]) if "." in found[1] else int(found[1]) * _UNITS[found[2]]


def _truth(text: str) -> bool:
    try:
        return _TRUTHS[text.strip().lower()]
    except KeyError:
        raise ValueError("it is 1 or 0") from None


def _whole(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise ValueError("it is a whole number") from None


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise ValueError("it is a number") from None


_CONVERTERS: dict[str, Callable[[str], object]] = {
    "store": Path,
    "host": str,
    "port": _whole,
    "base": str,
    "min_confidence": _number,
    "on_violation": str,
    "extractor": str,
    "processes": _whole,
    "lock_wait_s": _number,
    "max_write_bytes": size_bytes,
    "write_time_s": _number,
    "write_memory_bytes": size_bytes,
    "max_request_bytes": size_bytes,
    "query_time_s": _number,
    "query_memory_bytes": size_bytes,
    "max_answer_bytes": size_bytes,
    "query_workers": _whole,
    "query_queue": _whole,
    "query_wait_s": _number,
    "client_rate": _number,
    "client_connections": _whole,
    "proxies": _whole,
    "cache_bytes": size_bytes,
    "replica_bytes": size_bytes,
    "reads": str,
    "writes": str,
    "plain": _truth,
    "access_log": str,
    "log_queries": _truth,
    "metrics": str,
    "pages": _whole,
    "client_time_s": _number,
    "shutdown_s": _number,
    "services": lambda text: tuple(text.replace(",", " ").split()),
    "service_calls": _whole,
}


def misspelt(environ: Mapping[str, str]) -> list[tuple[str, str]]:
    """Variables that are no settings, but spelt nearly like one, with that one."""
    known = {f"KGRAPH_{name.upper()}" for name in _CONVERTERS}
    found = []
    for name in sorted(each for each in environ if each.startswith("KGRAPH_") and each not in known):
        near = difflib.get_close_matches(name, known, n=1, cutoff=0.85)
        found += [(name, each) for each in near]
    return found
