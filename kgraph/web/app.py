"""The application: rooms wired to addresses."""

from collections.abc import Callable
from typing import Any

from flask import Flask

from kgraph.access import tokens_of
from kgraph.settings import Settings
from kgraph.store import Store
from kgraph.web.addresses import Addresses
from kgraph.web.layers.access import ACCESS, Access
from kgraph.web.layers.bodies import Application
from kgraph.web.layers.cache import AnswerCache
from kgraph.web.layers.compression import compress_answers
from kgraph.web.layers.rates import RateLimit
from kgraph.web.layers.request_bodies import RequestBodies
from kgraph.web.layers.security import protect
from kgraph.web.layers.turns import Turns
from kgraph.web.operation import status
from kgraph.web.operation.access_log import AccessLog
from kgraph.web.operation.observing import Observing, sharer
from kgraph.web.pages import overview, things
from kgraph.web.pages.faults import handle_faults
from kgraph.web.served import GRAPH, ServedGraph
from kgraph.web.sparql import dataset, endpoint, graph_store
from kgraph.web.sparql.direct import DirectQueries
from kgraph.web.sparql.evaluation import workers_for
from kgraph.web.sparql.services import Bounds, Services
from kgraph.web.sparql.writing import MAX_WRITE, clerk_for

#: Under which name an application keeps what tells whether it answers a request without waiting for anybody.
AT_ONCE = "kgraph.at_once"


def create_app(store: Store, settings: Settings | None = None) -> Flask:
    """A WSGI application that shows a store, and takes what the settings let be written.

    Queries on a store on disk are evaluated by worker processes, under the limits of the settings; on one in
    memory, in this process and without limits.

    :param settings: of these it heeds all but those of the store, of documents, and of where it is served.
    """
    settings = settings or Settings()
    app = Flask("kgraph.web")
    app.config["MAX_CONTENT_LENGTH"] = app.config["MAX_FORM_MEMORY_SIZE"] = settings.max_request_bytes
    app.config[MAX_WRITE] = settings.max_write_bytes
    app.json.sort_keys = False  # type: ignore[attr-defined]  # the default provider's
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.url_map.merge_slashes = False  # an IRI may hold two in a row
    workers, takes_writes = workers_for(store, settings), settings.writes != "off"
    services = Services(settings.services, Bounds(settings.query_time_s, settings.service_calls))
    clerk = clerk_for(store, settings)
    graph = ServedGraph(
        store, Addresses(store.minter), workers, clerk, takes_writes=takes_writes, services=services
    )
    app.extensions[GRAPH], app.extensions[status.SETTINGS] = graph, settings
    app.jinja_env.globals["base"] = store.minter.base
    protect(app)
    compress_answers(app)
    handle_faults(app)
    for room in (endpoint, graph_store, dataset, overview, things, status):
        app.register_blueprint(room.blueprint)
    turns = Turns(app.wsgi_app, settings.pages, sharer)
    direct = DirectQueries(turns, graph, endpoint.PATHS, settings.max_request_bytes)
    bodies = RequestBodies(_kept(direct, graph, settings), settings.client_time_s, settings.max_request_bytes)
    access = app.extensions[ACCESS] = Access(bodies, tokens_of(store), settings)
    limit = RateLimit(access, settings.client_rate, settings.proxies) if settings.client_rate else None
    log = AccessLog(settings.access_log, with_queries=settings.log_queries)
    app.wsgi_app = Observing(limit or access, graph.metrics, log, settings.proxies)  # type: ignore[method-assign]
    app.extensions[AT_ONCE] = _at_once(graph.cache, direct, limit)
    return app


def _at_once(
    cache: AnswerCache | None, direct: DirectQueries, limit: RateLimit | None
) -> Callable[[dict[str, Any]], bool]:
    """What tells whether a request is answered without waiting; nothing is read of one that is refused."""

    def is_ready(environ: dict[str, Any]) -> bool:
        return (cache is not None and cache.is_ready(environ)) or direct.is_ready(environ)

    if limit is None:
        return is_ready if cache is not None else direct.is_ready
    return lambda environ: limit.is_open(environ) and is_ready(environ)


def _kept(direct: DirectQueries, graph: ServedGraph, settings: Settings) -> Application:
    """What keeps answers, if any are to be kept."""
    if not settings.cache_bytes:
        return direct
    graph.cache = AnswerCache(direct, graph.store, endpoint.PATHS, settings.cache_bytes)
    return graph.cache
