"""Serving: the application on a store, behind a port, in this process."""

import logging.config
import os
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kgraph.errors import WriteError
from kgraph.formats import FORMATS
from kgraph.iris import Minter
from kgraph.query import Limits
from kgraph.settings import Settings
from kgraph.store import Store, open_store
from kgraph.web.layers.request_bodies import MOST_WAITED_FOR

if TYPE_CHECKING:
    from flask import Flask

#: Requests that are answered at the same time, beside all that has turns of its own, or may be held up.
_THREADS = 16


def serve(settings: Settings, files: Sequence[Path] = ()) -> None:
    """Serve until interrupted; makes an empty store if there is none.

    :param settings: port 0 takes any that is free.
    :param files: of RDF, which are added to a plain store first.
    :raises ConfigError: if the port is taken or the address is not this machine's.
    :raises WriteError: if a file cannot be read; those before it are in.
    :raises StoreError: if the store cannot be read.
    """
    from kgraph.web.app import AT_ONCE
    from kgraph.web.http.server import HttpServer, Manners, listen
    from kgraph.web.served import GRAPH

    with listen(settings.host, settings.port) as listening:
        settings = replace(settings, port=listening.getsockname()[1])
        with (
            _open(settings) as store,
            store.view(),
        ):  # what is wrong with it is said here, in one line
            _add_files(store, files)
        logging.config.dictConfig(_LOGGING)
        app = build(settings)
        manners = Manners(
            _threads(settings),
            settings.client_time_s,
            0 if settings.proxies else settings.client_connections,
            settings.shutdown_s,
        )
        server = HttpServer(app.wsgi_app, app.extensions[AT_ONCE], manners, app.extensions[GRAPH].end_work)
        has_ended = server.run(listening, partial(_announce, settings))
    if not has_ended:
        logging.shutdown()
        os._exit(0)


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


def _open(settings: Settings) -> Store:
    minter = Minter(settings.base)
    return open_store(
        settings.store, create=True, lock_wait_s=settings.lock_wait_s, minter=minter, plain=settings.plain
    )


def _announce(settings: Settings) -> None:
    """Say where it is and what to try."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.host, settings.host)  # noqa: S104  # compared, not bound
    address = f"http://{f'[{host}]' if ':' in host else host}:{settings.port}"
    print(_welcome(settings, address), file=sys.stderr, flush=True)


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
        "kgraph": {"handlers": ["console"], "level": "WARNING", "propagate": False},
        "kgraph.access": {"handlers": ["access"], "level": "INFO", "propagate": False},
        "asyncio": {"handlers": ["console"], "level": "WARNING", "propagate": False},
    },
}
