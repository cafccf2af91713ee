"""Queries of clients, evaluated in workers under limits; in this process only for a store in memory."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from werkzeug.exceptions import HTTPException

from kgraph.query import Answer, Limits, Workers
from kgraph.settings import Settings
from kgraph.store import FirstRows, QueryResult, Store
from kgraph.web.layers.clients import IS_THERE
from kgraph.web.operation.access_log import QUERY
from kgraph.web.operation.observing import asker, sharer
from kgraph.web.served import ServedGraph
from kgraph.web.sparql.negotiation import Offer, Wish, choose
from kgraph.web.sparql.protocol import Operation

#: May be wrong: then the worker asks.
_GRAPH_QUERY = re.compile(r"\b(?:CONSTRUCT|DESCRIBE)\b", re.IGNORECASE)


def workers_for(store: Store, settings: Settings) -> Workers | None:
    """What evaluates the queries on a store; None for one in memory, which no other process can see."""
    if store.path is None:
        return None
    return Workers(
        store.path,
        Limits(
            time_s=settings.query_time_s,
            memory_bytes=settings.query_memory_bytes,
            answer_bytes=settings.max_answer_bytes,
            workers=settings.query_workers,
            queue=settings.query_queue,
            wait_s=settings.query_wait_s,
            replica_bytes=settings.replica_bytes,
        ),
    )


@contextmanager
def evaluated(
    graph: ServedGraph, operation: Operation, environ: dict[str, Any], likely: Mapping[str, str]
) -> Iterator[QueryResult | Answer]:
    """What comes of a query; after an error nothing goes on.

    :param environ: of the request, which tells whether its client is still there.
    :param likely: the format that the answer will be wanted in, by its kind.
    :raises QueryError: as `Workers.evaluate` or `View.evaluate`.
    """
    if graph.workers is None:
        environ[QUERY] = operation.query  # for the log
        with graph.store.view() as view:
            yield view.evaluate(operation.query, **_options(graph, operation))
        return
    answer = begun(graph, graph.workers, operation, environ, likely)
    try:
        yield answer
    except BaseException:
        answer.close()
        raise


def begun(
    graph: ServedGraph,
    workers: Workers,
    operation: Operation,
    environ: dict[str, Any],
    likely: Mapping[str, str],
) -> Answer:
    """What comes of a query in a worker; close it after an error. As `evaluated`."""
    environ[QUERY] = operation.query
    return workers.evaluate(
        operation.query,
        time_s=operation.time_s,
        client=sharer(environ),
        is_wanted=environ.get(IS_THERE),
        likely=likely,
        about=asker(environ),
        services=graph.services.routes(),
        **_options(graph, operation),
    )


def _options(graph: ServedGraph, operation: Operation) -> dict[str, Any]:
    options: dict[str, Any] = {"bindings": dict(operation.bindings)} if operation.bindings else {}
    return options | {
        "default_graphs": operation.default_graphs,
        "named_graphs": operation.named_graphs,
        "union": operation.union,
        "base": graph.store.minter.base,
    }


def first_rows(result: QueryResult | Answer, most: int) -> QueryResult | FirstRows:
    """What a page shows of a result."""
    return result.first_rows(most) if isinstance(result, Answer) else result


def dismiss(result: QueryResult | Answer) -> None:
    """Say that nobody will read a result."""
    if isinstance(result, Answer):
        result.close()


def likely_offer(query: str, wish: Wish) -> Offer | None:
    """What `choose` will say once the kind of the answer is known; None where that is an error."""
    try:
        return choose(wish, "graph" if _is_graph_query(query) else "solutions")
    except HTTPException:
        return None


def likely_formats(query: str, offer: Offer | None) -> dict[str, str]:
    """The format that an answer will likely be sent in, by its kind; nothing where that is a page."""
    if offer is None or offer.is_page:
        return {}
    return dict.fromkeys(("graph",) if _is_graph_query(query) else ("solutions", "boolean"), offer.name)


def _is_graph_query(query: str) -> bool:
    return _GRAPH_QUERY.search(query) is not None
