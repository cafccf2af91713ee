"""Serving: one worker process with threads, behind a port that is ours alone.

The worker is spawned, not forked: a fork would inherit the store's locks.
"""

import multiprocessing
import socket
import sys
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import cache, partial
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kgraph.errors import ConfigError, WriteError
from kgraph.formats import FORMATS
from kgraph.iris import Minter
from kgraph.query import Limits
from kgraph.settings import Settings
from kgraph.store import Store, open_store
from kgraph.web.layers.crowding import watch_crowds
from kgraph.web.layers.request_bodies import MOST_WAITED_FOR
from kgraph.web.layers.stalled import watch

if TYPE_CHECKING:
    from flask import Flask

    from kgraph.web.bridge import Bridge

#: Requests that are answered at the same time, beside all that has turns of its own, or may be held up.
_THREADS = 16
_PATIENCE_S = 30.0


def serve(settings: Settings, files: Sequence[Path] = ()) -> None:
    """Serve until interrupted; makes an empty store if there is none.

    :param settings: port 0 takes any that is free.
    :param files: of RDF, which are added to a plain store first.
    :raises ConfigError: if the port is taken or the address is not this machine's.
    :raises WriteError: if a file cannot be read; those before it are in.
    :raises StoreError: if the store cannot be read.
    """
    from granian.constants import HTTPModes, Interfaces
    from granian.http import HTTP1Settings
    from granian.log import LogLevels

    from kgraph.web.operation.stopping import StoppableServer

    settings = replace(settings, port=free_port(settings.host, settings.port))
    with _open(settings) as store, store.view():  # so that what is wrong with it is said here, in one line
        _add_files(store, files)
    multiprocessing.set_start_method("spawn", force=True)
    told, stopping = multiprocessing.Pipe(duplex=False)
    server = StoppableServer(
        "kgraph.web",
        address=str(_resolved(settings.host, settings.port)[1][0]),
        port=settings.port,
        interface=Interfaces.ASGINL,
        http=HTTPModes.http1,  # an answer that is broken off ends its connection, which would be others' too
        workers=1,
        websockets=False,
        respawn_failed_workers=True,
        shutdown_s=settings.shutdown_s,
        stopping=stopping,
        # Until the head of a request is there; and between two requests.
        http1_settings=HTTP1Settings(header_read_timeout=round(settings.client_time_s * 1000)),
        log_level=LogLevels.error,  # it warns of more threads than cores; most of ours wait
        log_dictconfig=_LOGGING,
    )
    server.on_startup(lambda: threading.Thread(target=_announce, args=(settings,), daemon=True).start())
    server.serve(target_loader=partial(_load, settings, told), wrap_loader=False)


def _load(settings: Settings, stopping: "Connection[bytes, bytes]") -> "Bridge":
    """The application in the process that answers, which can be stopped, and waits for no client for ever."""
    from kgraph.web.app import AT_ONCE
    from kgraph.web.bridge import Bridge
    from kgraph.web.operation.stopping import leave_at_the_end, stop_when_told
    from kgraph.web.served import GRAPH

    leave_at_the_end()
    app = build(settings)
    stop_when_told(app.extensions[GRAPH].end_work, settings.shutdown_s, stopping)
    watch(settings.port, settings.client_time_s)
    watch_crowds(settings.port, 0 if settings.proxies else settings.client_connections)
    bridge = Bridge(app, app.extensions[AT_ONCE], _threads(settings))
    bridge.take_short_cut()
    return bridge


def _add_files(store: Store, files: Sequence[Path]) -> None:
    formats = [_format_of(file) for file in files]
    for file, format_ in zip(files, formats, strict=True):
        print(f"Adding {file} …", file=sys.stderr, flush=True)
        with store.plain_writer() as writer:
            writer.load(file, format_)


def _format_of(file: Path) -> str:
    """The format that a file's name tells."""
    known = {each.extension: each.name for each in FORMATS if each.kinds != ("solutions",)}
    found = known.get(file.suffix.removeprefix("."))
    if found is None:
        raise WriteError(
            f"{file}: it is not told what format it has; name it …{', '.join(f'.{e}' for e in known)}"
        )
    return found


def _threads(settings: Settings) -> int:
    limits = Limits(workers=settings.query_workers, queue=settings.query_queue)
    return limits.turns + limits.places + 2 * settings.pages + MOST_WAITED_FOR + _THREADS


def build(settings: Settings) -> "Flask":
    """The application on the store of the settings."""
    from kgraph.web.app import create_app

    return create_app(_open(settings), settings)


@cache
def _application() -> "Flask":
    return build(Settings.from_environment())


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """A WSGI entry for any server: the application on KGRAPH_STORE, built when first asked."""
    return _application()(environ, start_response)


def free_port(host: str, port: int) -> int:
    """The port, if nobody listens there; for port 0 one that is free.

    The server shares a port with others who would share it, so a second one would get every
    other request; hence the check.

    :raises ConfigError: if it is taken, or the address is not this machine's.
    """
    family, address = _resolved(host, port)
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(address)
        except OSError as exc:
            raise ConfigError(
                f"cannot serve at {host}, port {port}: {(exc.strerror or str(exc)).lower()}; "
                "choose another with --port or KGRAPH_PORT, or 0 for any free one"
            ) from exc
        return int(probe.getsockname()[1])


def _resolved(host: str, port: int) -> tuple[int, tuple[Any, ...]]:
    """The family and the address of the first that a name has."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except (socket.gaierror, UnicodeError) as exc:
        raise ConfigError(f"host {host!r} is no address to serve at") from exc
    family, _, _, _, address = found[0]
    return family, address


def _open(settings: Settings) -> Store:
    minter = Minter(settings.base)
    return open_store(
        settings.store, create=True, lock_wait_s=settings.lock_wait_s, minter=minter, plain=settings.plain
    )


def _announce(settings: Settings) -> None:
    """Say where it is and what to try, once it answers."""
    import time

    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.host, settings.host)  # noqa: S104  # compared, not bound
    end = time.monotonic() + _PATIENCE_S
    while time.monotonic() < end:
        try:
            socket.create_connection((host, settings.port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            print(_welcome(settings, f"http://{f'[{host}]' if ':' in host else host}:{settings.port}"),
                  file=sys.stderr, flush=True)  # fmt: skip
            return


def _welcome(settings: Settings, address: str) -> str:
    if settings.plain:
        query, show = (
            "SELECT ?graph (COUNT(*) AS ?triples) WHERE { GRAPH ?graph { ?s ?p ?o } } GROUP BY ?graph",
            "",
        )
    else:
        query = """SELECT DISTINCT ?country ?date WHERE {
             ?event a kg:Blocking ; kg:country/rdfs:label ?country ; kg:date ?date }"""
        show = f"\n  show     kgraph --store '{settings.store}' disputes"
    return f"""
kgraph serves {settings.store} at {address}/

Things to try:
  open     {address}/ in a browser
  ask      curl -H 'Accept: text/csv' --data-urlencode 'query={query}' {address}/sparql{show}

Stop with Ctrl-C.
"""


_LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(levelname)s: %(message)s"}, "bare": {"format": "%(message)s"}},
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "plain",
            "stream": "ext://sys.stderr",
        },
        "access": {
            "class": "logging.StreamHandler",
            "formatter": "bare",
            "stream": "ext://sys.stderr",
        },
    },
    "loggers": {
        "_granian": {"handlers": ["console"], "level": "WARNING", "propagate": False},
        "granian.access": {"handlers": ["console"], "level": "WARNING", "propagate": False},
        "kgraph.access": {"handlers": ["access"], "level": "INFO", "propagate": False},
    },
}
