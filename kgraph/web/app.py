"""The application: rooms wired to addresses."""

from flask import Flask

from kgraph.settings import Settings
from kgraph.store import Store
from kgraph.web import dataset, endpoint, pages, things
from kgraph.web.addresses import Addresses
from kgraph.web.bodies import BreakingOff
from kgraph.web.cache import AnswerCache
from kgraph.web.compression import compress_answers
from kgraph.web.direct import DirectQueries
from kgraph.web.evaluation import workers_for
from kgraph.web.faults import handle_faults
from kgraph.web.rates import RateLimit
from kgraph.web.security import protect
from kgraph.web.served import GRAPH, ServedGraph


def create_app(store: Store, settings: Settings | None = None) -> Flask:
    """A WSGI application that shows a store, read-only.

    Queries on a store on disk are evaluated by worker processes, under the limits of the settings; on one in
    memory, in this process and without limits.

    :param settings: of these it heeds `max_request_bytes`, `cache_bytes`, and those of queries and clients.
    """
    settings = settings or Settings()
    app = Flask("kgraph.web")
    app.config["MAX_CONTENT_LENGTH"] = app.config["MAX_FORM_MEMORY_SIZE"] = settings.max_request_bytes
    app.json.sort_keys = False  # type: ignore[attr-defined]  # the default provider's
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.url_map.merge_slashes = False  # an IRI may hold two in a row
    graph = ServedGraph(store, Addresses(store.minter), workers_for(store, settings))
    app.extensions[GRAPH] = graph
    app.jinja_env.globals["base"] = store.minter.base
    protect(app)
    compress_answers(app)
    handle_faults(app)
    for blueprint in (endpoint.blueprint, dataset.blueprint, pages.blueprint, things.blueprint):
        app.register_blueprint(blueprint)
    direct = DirectQueries(app.wsgi_app, graph, endpoint.PATH, settings.max_request_bytes)
    cache = AnswerCache(direct, store, endpoint.PATH, settings.cache_bytes)
    limited = RateLimit(BreakingOff(cache), settings.client_rate, settings.proxies)
    app.wsgi_app = limited  # type: ignore[method-assign]
    return app
