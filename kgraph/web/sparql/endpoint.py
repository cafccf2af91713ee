"""`/sparql` by the SPARQL 1.1 Protocol."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from flask import Blueprint, Response, render_template, request
from werkzeug.exceptions import UnsupportedMediaType

from kgraph.errors import QueryError
from kgraph.query import Question, question, questions, service_description, standalone, unknown_terms
from kgraph.store import FirstRows, QueryResult, View
from kgraph.web.pages.faults import mark
from kgraph.web.pages.tables import plain_table, shown_rows
from kgraph.web.served import served
from kgraph.web.sparql.direct import FAULT
from kgraph.web.sparql.evaluation import evaluated, first_rows, likely_formats, likely_offer
from kgraph.web.sparql.negotiation import Offer, choose, prefers_page, wish_of
from kgraph.web.sparql.protocol import UPDATE, Operation, read_operation, read_update
from kgraph.web.sparql.remembering import is_fickle
from kgraph.web.sparql.replies import (
    Condition,
    Reply,
    content_type,
    head_of,
    head_with,
    reply,
    unchanged_reply,
)
from kgraph.web.sparql.updates import run_update
from kgraph.web.sparql.writing import may_write

if TYPE_CHECKING:
    from rdflib import Graph

#: Where queries are sent.
PATHS = frozenset({"/sparql", "/query"})

blueprint = Blueprint("endpoint", __name__)

_START = """SELECT DISTINCT ?event ?country ?date WHERE {
  ?event a kg:Blocking ; kg:country/rdfs:label ?country .
  OPTIONAL { ?event kg:date ?date }
}
ORDER BY ?date
LIMIT 100
"""


@blueprint.route("/sparql", methods=["GET", "POST"])
def sparql() -> Response:
    """An operation; without one, the form or the service description."""
    caller = may_write() if request.mimetype == UPDATE else None
    change = read_update(request)
    if change is not None:
        return run_update(change, caller or may_write())
    return query()


@blueprint.route("/query", methods=["GET", "POST"])
def query() -> Response:
    """A query operation; without one, the form or the service description."""
    operation = read_operation(request)
    if operation is not None:
        return _answer(operation)
    with served().store.view() as view:
        if prefers_page(wish_of(request)):
            return _form(view)
        return _describe_service(view)


@blueprint.post("/update")
def update() -> Response:
    """An update operation."""
    caller = may_write()
    change = read_update(request)
    if change is None:
        raise UnsupportedMediaType(
            "send application/x-www-form-urlencoded with update=…, or application/sparql-update"
        )
    return run_update(change, caller)


def answer(operation: Operation, offer: Offer) -> Response:
    """The answer to a query in a format that is settled; none that is a page.

    :raises QueryError: as `evaluated`.
    """
    condition, state = _condition(), served().store.state()
    unchanged = unchanged_reply(head_of(offer, state, operation, condition.method), condition)
    if unchanged:
        return _response(unchanged)
    likely = {} if condition.method == "HEAD" else likely_formats(operation.query, offer)
    with evaluated(served(), operation, request.environ, likely) as result:
        return _response(reply(result, offer, state, operation, condition))


def _condition() -> Condition:
    return Condition(request.method, request.headers.get("If-None-Match", ""))


def _answer(operation: Operation) -> Response:
    condition = _condition()
    wish = wish_of(request)
    guess = likely_offer(operation.query, wish)
    likely = {} if condition.method == "HEAD" else likely_formats(operation.query, guess)
    try:
        if FAULT in request.environ:
            raise request.environ[FAULT]
        state = served().store.state()  # or older than what is answered, never newer
        head = guess and head_of(guess, state, operation, condition.method)
        unchanged = head and unchanged_reply(head, condition)
        if unchanged:
            return _response(unchanged)
        with evaluated(served(), operation, request.environ, likely) as result:
            offer = choose(wish, "graph" if result.kind == "graph" else "solutions")
            if offer.is_page:
                return _page(first_rows(result, shown_rows(len(result.variables)) + 1), operation)
            return _response(reply(result, offer, state, operation, condition))
    except QueryError as exc:
        if not prefers_page(wish):
            raise
        return _error_page(operation, exc)


def _response(sent: Reply) -> Response:
    response = Response(sent.body, sent.status, list(sent.headers))
    if sent.status == 304:
        response.mimetype = sent.media_type  # so that it gets the headers of the answer that it stands for
    response.automatically_set_content_length = request.method != "HEAD"
    return response


def send(result: QueryResult, offer: Offer) -> Response:
    """A result as the engine writes it, in pieces if it is large; HEAD gets the headers alone."""
    return streamed(lambda: result.stream(offer.name), offer)


def streamed(open_: Callable[[], Iterable[bytes]], offer: Offer, tag: str | None = None) -> Response:
    """What `open_` gives, in chunks; HEAD gets the headers alone, for which nothing is opened.

    :param tag: of this answer, with which a client can ask whether it has it already.
    """
    head = head_with(offer, tag)
    unchanged = unchanged_reply(head, _condition(), is_there=True)
    if unchanged:
        return _response(unchanged)
    body = () if request.method == "HEAD" else open_()
    return _response(Reply(200, head.headers, body))


def _describe_service(view: View) -> Response:
    offer = choose(wish_of(request), "graph")
    if offer.is_page:
        return _form(view)
    graph = served()
    description = service_description(
        view,
        request.base_url,
        takes_updates=graph.store.is_plain and graph.takes_writes,
        calls_others=graph.workers is not None and bool(graph.services),
    )
    return send_graph(description, offer)


def send_graph(graph: "Graph", offer: Offer) -> Response:
    """A small graph."""
    format_ = {"ntriples": "nt", "rdfxml": "xml", "jsonld": "json-ld"}.get(offer.name, offer.name)
    response = Response(graph.serialize(format=format_), content_type=content_type(offer))
    response.vary.add("Accept")
    return response


def _form(view: View) -> Response:
    wanted = request.args.get("example", "")
    text = _example(view, question(wanted)) if wanted else _START
    return _rendered(query=text)


def _page(result: QueryResult | FirstRows, operation: Operation) -> Response:
    truth = bool(result) if result.kind == "boolean" else None
    table = plain_table(result, served().addresses) if truth is None else None
    with served().store.view() as view:
        unknown = unknown_terms(view, operation.query)
    response = _rendered(query=operation.query, table=table, truth=truth, kind=result.kind, unknown=unknown)
    response.cache_control.no_store = is_fickle(operation.query)
    return response


def _error_page(operation: Operation, error: QueryError) -> Response:
    response = _rendered(query=operation.query, error=error)
    mark(response, error)
    return response


def _rendered(**values: object) -> Response:
    response = Response(render_template("sparql.html", questions=questions(), **values))
    response.vary.add("Accept")
    return response


def _example(view: View, saved: Question) -> str:
    """A saved question as a query that runs as it stands."""
    needed = {p.name: request.args.get(p.name) or (p.example if p.required else "") for p in saved.parameters}
    return standalone(view, saved, needed)
