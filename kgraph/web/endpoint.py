"""`/sparql` by the SPARQL 1.1 Protocol, `/health` and `/ready`."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from flask import Blueprint, Response, jsonify, render_template, request
from werkzeug.exceptions import UnsupportedMediaType

from kgraph.errors import QueryError, StoreError
from kgraph.query import Answer, Question, question, questions, service_description, standalone, unknown_terms
from kgraph.store import FirstRows, QueryResult, View
from kgraph.web.bodies import body_of
from kgraph.web.evaluation import dismiss, evaluated, first_rows
from kgraph.web.faults import mark
from kgraph.web.negotiation import Offer, choose, prefers_page
from kgraph.web.protocol import UPDATE, Operation, read_operation, read_update
from kgraph.web.remembering import entity_tag, is_fickle
from kgraph.web.served import served
from kgraph.web.tables import MOST_ROWS, plain_table
from kgraph.web.updates import run_update
from kgraph.web.writing import may_write

if TYPE_CHECKING:
    from rdflib import Graph

blueprint = Blueprint("endpoint", __name__)

_START = """SELECT DISTINCT ?event ?country ?date WHERE {
  ?event a kg:Blocking ; kg:country/rdfs:label ?country .
  OPTIONAL { ?event kg:date ?date }
}
ORDER BY ?date
LIMIT 100
"""


@blueprint.route("/query", methods=["GET", "POST"], provide_automatic_options=False)
@blueprint.route("/sparql", methods=["GET", "POST"], provide_automatic_options=False)
def sparql() -> Response:
    """An operation; without one, the form or the service description."""
    if request.mimetype == UPDATE:
        may_write()
    change = read_update(request)
    if change is not None:
        return run_update(change)
    operation = read_operation(request)
    if operation is not None:
        return _answer(operation)
    with served().store.view() as view:
        if prefers_page(request):
            return _form(view)
        return _describe_service(view)


@blueprint.post("/update")
def update() -> Response:
    """An update operation."""
    may_write()
    change = read_update(request)
    if change is None:
        raise UnsupportedMediaType(
            "send application/x-www-form-urlencoded with update=…, or application/sparql-update"
        )
    return run_update(change)


@blueprint.route("/update", methods=["OPTIONS"])
@blueprint.route("/query", methods=["OPTIONS"])
@blueprint.route("/sparql", methods=["OPTIONS"])
def preflight() -> Response:
    """What pages elsewhere may send (CORS)."""
    response = Response(status=204)
    response.headers["Allow"] = response.headers["Access-Control-Allow-Methods"] = "GET, HEAD, POST, OPTIONS"
    response.headers["Access-Control-Allow-Headers"] = "Accept, Authorization, Content-Type, If-None-Match"
    response.headers["Access-Control-Max-Age"] = "86400"
    return response


@blueprint.get("/health")
def health() -> Response:
    """That the process lives; nothing of the graph, since anybody may ask."""
    answer = jsonify({"status": "ok"})
    answer.headers["Cache-Control"] = "no-store"
    return answer


@blueprint.get("/ready")
def ready() -> Response:
    """Whether the graph can be read, and which version it has."""
    try:
        with served().store.view() as view:
            answer = jsonify({"status": "ok", "version": view.version})
    except StoreError:
        answer = jsonify({"status": "unavailable", "detail": "the store cannot be read"})
        answer.status_code = 503
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _answer(operation: Operation) -> Response:
    try:
        version = served().store.view().version  # or older than what is answered, never newer
        with evaluated(operation, request) as result:
            offer = choose(request, "graph" if result.kind == "graph" else "solutions")
            if offer.is_page:
                return _page(first_rows(result, MOST_ROWS + 1), operation)
            unchanged = _unchanged(version, operation, offer)
            if unchanged is not None:
                dismiss(result)
                return unchanged
            return _labelled(send(result, offer), version, operation, offer)
    except QueryError as exc:
        if not prefers_page(request):
            raise
        return _error_page(operation, exc)


def send(result: QueryResult | Answer, offer: Offer) -> Response:
    """A result as the engine writes it, in pieces if it is large; HEAD gets the headers alone."""
    if request.method == "HEAD":
        dismiss(result)
        return streamed(lambda: (), offer)
    return streamed(lambda: body_of(result.stream(offer.name)), offer)


def streamed(open_: Callable[[], bytes | Iterable[bytes]], offer: Offer) -> Response:
    """What `open_` gives, in chunks; HEAD gets the headers alone, for which nothing is opened."""
    is_head = request.method == "HEAD"
    response = Response(None if is_head else open_(), content_type=content_type(offer))
    response.automatically_set_content_length = not is_head
    response.vary.add("Accept")
    return response


def _unchanged(version: int, operation: Operation, offer: Offer) -> Response | None:
    """What a client is told that has the answer already: 304."""
    if request.method not in {"GET", "HEAD"}:
        return None
    tag = entity_tag(version, operation, offer.media_type)
    if tag is None or not request.if_none_match.contains_weak(tag):
        return None
    response = _labelled(Response(status=304), version, operation, offer)
    response.vary.add("Accept")
    response.vary.add("Accept-Encoding")
    return response


def _labelled(response: Response, version: int, operation: Operation, offer: Offer) -> Response:
    """With a tag by which a client can ask whether its copy still holds, if that can be."""
    if request.method not in {"GET", "HEAD"}:
        return response
    tag = entity_tag(version, operation, offer.media_type)
    if tag is None:
        response.cache_control.no_store = True
    else:
        response.cache_control.no_cache = True
        response.set_etag(tag, weak=True)
    return response


def content_type(offer: Offer) -> str:
    """With the charset where the media type knows one.

    Source: SPARQL 1.1 Query Results CSV and TSV Formats, section 6.
    """
    return f"{offer.media_type}; charset=utf-8" if offer.media_type.startswith("text/") else offer.media_type


def _describe_service(view: View) -> Response:
    offer = choose(request, "graph")
    if offer.is_page:
        return _form(view)
    graph = service_description(view, request.base_url)
    return send_graph(graph, offer)


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
    response = Response(render_template("sparql.html", questions=questions(), most=MOST_ROWS, **values))
    response.vary.add("Accept")
    return response


def _example(view: View, saved: Question) -> str:
    """A saved question as a query that runs as it stands."""
    needed = {p.name: request.args.get(p.name) or (p.example if p.required else "") for p in saved.parameters}
    return standalone(view, saved, needed)
