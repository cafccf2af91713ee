"""For whoever runs the server: whether it lives and is ready, its metrics, what it evaluates."""

from collections.abc import Iterator
from contextlib import suppress

from flask import Blueprint, Response, current_app, jsonify
from werkzeug.exceptions import NotFound

from kgraph.dates import moment
from kgraph.errors import KGraphError
from kgraph.settings import Settings
from kgraph.web.layers.access import allow
from kgraph.web.operation.metrics import MEDIA_TYPE, Family, lines_of, process_families, resident_bytes
from kgraph.web.served import ServedGraph, served

blueprint = Blueprint("operation", __name__)

#: Under which name an application keeps its settings.
SETTINGS = "kgraph.settings"

_READY_QUERY = "ASK {}"
_READY_S = 5.0
#: Errors that end a query, as metrics have them.
_CAUSES = {
    "QueryTimeout": "time",
    "QueryOutOfMemory": "memory",
    "QueryCrash": "crash",
    "QueryCancelled": "cancelled",
    "ClientLeft": "left",
}


@blueprint.get("/health")
def health() -> Response:
    """That the process lives; nothing of the graph, since anybody may ask."""
    return _fresh(jsonify({"status": "ok"}))


@blueprint.get("/ready")
def ready() -> Response:
    """Whether the graph can be read and queries are evaluated; and which version the graph has."""
    graph = served()
    try:
        with graph.store.view() as view:
            version = view.version
        if graph.workers is not None:
            for _ in graph.workers.evaluate(_READY_QUERY, time_s=_READY_S).stream("json"):
                pass
    except KGraphError as exc:
        current_app.logger.warning("not ready: %s", exc)
        answer = jsonify({"status": "unavailable", "detail": "the graph cannot be asked at the moment"})
        answer.status_code = 503
        return _fresh(answer)
    return _fresh(jsonify({"status": "ok", "version": version}))


@blueprint.get("/metrics")
def metrics() -> Response:
    """All there is to measure."""
    settings: Settings = current_app.extensions[SETTINGS]
    if settings.metrics == "admin":
        allow("admin")
    graph = served()
    lines = [*graph.metrics.lines()]
    for family in (*_families(graph), *process_families()):
        lines.extend(lines_of(family))
    return _fresh(Response("\n".join(lines) + "\n", content_type=MEDIA_TYPE))


@blueprint.get("/queries")
def list_queries() -> Response:
    """The queries that are being evaluated, the oldest first."""
    allow("admin")
    workers = served().workers
    found = [] if workers is None else workers.running()
    return _fresh(
        jsonify(
            {
                "queries": [
                    {
                        "id": query.id,
                        **query.about,
                        "since": moment(query.since),
                        "running_s": round(query.running_s, 3),
                        "query": query.text,
                    }
                    for query in found
                ]
            }
        )
    )


@blueprint.delete("/queries/<int:id_>")
def cancel_query(id_: int) -> Response:
    """Stop a query; who asked it gets 503, or an answer that breaks off."""
    allow("admin")
    workers = served().workers
    if workers is None or not workers.cancel(id_):
        raise NotFound(f"no query {id_} is being evaluated")
    return Response(status=204)


def _families(graph: ServedGraph) -> Iterator[Family]:
    with suppress(KGraphError):  # that it cannot be read, /ready tells
        version = graph.store.view().version
        yield Family("kgraph_store_version", "gauge", "Version of the graph.", [({}, version)])
    if graph.cache is not None:
        kept = graph.cache.statistics()
        yield Family("kgraph_cache_hits_total", "counter", "Answers given again.", [({}, kept.hits)])
        yield Family("kgraph_cache_misses_total", "counter", "Answers not kept.", [({}, kept.misses)])
        yield Family("kgraph_cache_bytes", "gauge", "Size of the answers kept.", [({}, kept.size_bytes)])
    workers = graph.workers
    if workers is None:
        return
    pids, killed = workers.pids, workers.killed
    yield Family("kgraph_queries_running", "gauge", "Queries being evaluated.", [({}, workers.busy)])
    yield Family("kgraph_queries_waiting", "gauge", "Queries that wait for a turn.", [({}, workers.waiting)])
    yield Family(
        "kgraph_queries_at_hand_total",
        "counter",
        "Queries that were answered without a worker.",
        [({}, workers.answered_at_hand)],
    )
    yield Family(
        "kgraph_queries_stopped_total",
        "counter",
        "Queries that ended early, by cause.",
        [({"cause": cause}, killed.get(name, 0)) for name, cause in _CAUSES.items()],
    )
    yield Family("kgraph_workers", "gauge", "Processes that evaluate queries.", [({}, len(pids))])
    memory_bytes = resident_bytes(pids)
    if memory_bytes is not None:
        yield Family(
            "kgraph_workers_resident_memory_bytes", "gauge", "Memory that they use.", [({}, memory_bytes)]
        )


def _fresh(answer: Response) -> Response:
    answer.headers["Cache-Control"] = "no-store"
    return answer
