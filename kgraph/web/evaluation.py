"""Queries of clients, evaluated in workers under limits; in this process only for a store in memory."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Request
from werkzeug.exceptions import BadRequest, HTTPException

from kgraph.query import Answer, Limits, Workers
from kgraph.settings import Settings
from kgraph.store import FirstRows, QueryResult, Store
from kgraph.web.access_log import QUERY
from kgraph.web.connections import Presence, client_of
from kgraph.web.negotiation import choose
from kgraph.web.observing import asker
from kgraph.web.protocol import Operation
from kgraph.web.served import served

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
        ),
    )


@contextmanager
def evaluated(operation: Operation, request: Request) -> Iterator[QueryResult | Answer]:
    """What comes of a query; after an error nothing goes on.

    :raises BadRequest: (400) if `timeout` is no number of seconds.
    :raises QueryError: as `Workers.evaluate` or `View.evaluate`.
    """
    graph, time_s = served(), _time_asked_for(request)
    options: dict[str, Any] = {
        "default_graphs": operation.default_graphs,
        "named_graphs": operation.named_graphs,
        "union": operation.union,
        "base": graph.store.minter.base,
    }
    environ = request.environ
    environ[QUERY] = operation.query  # for the log
    if graph.workers is None:
        with graph.store.view() as view:
            yield view.evaluate(operation.query, **options)
        return
    presence = Presence(client_of(environ))
    likely = {} if _may_stay_unread(request) else _likely_formats(operation.query, request)
    answer = graph.workers.evaluate(
        operation.query, time_s=time_s, is_wanted=presence, likely=likely, about=asker(environ), **options
    )
    try:
        yield answer
    except BaseException:
        answer.close()
        raise


def first_rows(result: QueryResult | Answer, most: int) -> QueryResult | FirstRows:
    """What a page shows of a result."""
    return result.first_rows(most) if isinstance(result, Answer) else result


def dismiss(result: QueryResult | Answer) -> None:
    """Say that nobody will read a result."""
    if isinstance(result, Answer):
        result.close()


def _may_stay_unread(request: Request) -> bool:
    """Whether the client may want to know no more than that there is an answer."""
    return request.method == "HEAD" or bool(request.if_none_match)


def _likely_formats(query: str, request: Request) -> dict[str, str]:
    """What `choose` will say once the kind of the answer is known; nothing, where that is no format."""
    is_graph = _GRAPH_QUERY.search(query) is not None
    try:
        offer = choose(request, "graph" if is_graph else "solutions")
    except HTTPException:
        return {}
    if offer.is_page:
        return {}
    return dict.fromkeys(("graph",) if is_graph else ("solutions", "boolean"), offer.name)


def _time_asked_for(request: Request) -> float | None:
    text = request.values.get("timeout", "").strip()
    if not text:
        return None
    try:
        time_s = float(text)
    except ValueError:
        time_s = -1
    if not 0 < time_s < float("inf"):
        raise BadRequest(f"timeout={text!r} is no number of seconds above 0")
    return time_s
