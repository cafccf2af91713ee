"""Errors as answers: a status, and one line that says what is wrong; never a traceback."""

import json
import math
from collections.abc import Sequence

from flask import Flask, Request, Response, jsonify, render_template, request
from werkzeug.exceptions import HTTPException
from werkzeug.http import HTTP_STATUS_CODES

from kgraph.errors import (
    GateError,
    KGraphError,
    MalformedQuery,
    MalformedRDF,
    NotFound,
    QueryBusy,
    QueryCancelled,
    QueryCrash,
    QueryError,
    QueryOutOfMemory,
    QueryTimeout,
    QueryTooLarge,
    ServiceFailed,
    StoreError,
    StoreLocked,
    StoreMoved,
    TooManyTriples,
    UnfitFormat,
    WriteError,
    WriteForbidden,
    WriteStopped,
)
from kgraph.reports import render_json, render_text, render_turtle
from kgraph.web.sparql.negotiation import accepted
from kgraph.web.sparql.writing import Refused

#: What our errors mean over HTTP; the first that fits.
_STATUS: tuple[tuple[type[KGraphError], int], ...] = (
    (QueryTimeout, 503),
    (QueryBusy, 503),
    (QueryOutOfMemory, 503),
    (QueryCancelled, 503),
    (QueryTooLarge, 413),
    (QueryCrash, 500),
    (ServiceFailed, 502),
    (UnfitFormat, 406),
    (QueryError, 400),
    (WriteForbidden, 403),
    (WriteStopped, 503),
    (StoreMoved, 412),
    (TooManyTriples, 413),
    (WriteError, 400),
    (GateError, 409),
    (NotFound, 404),
    (StoreError, 503),
)
#: When to ask the same again that took too long: not at once.
_RETRY_TIMEOUT_S = 60

_TURTLE = "text/turtle"
_PAGE, _PROBLEM, _PLAIN = "text/html", "application/problem+json", "text/plain"


def handle_faults(app: Flask) -> None:
    """Answer errors in the form that the client takes."""

    @app.errorhandler(KGraphError)
    def _ours(error: KGraphError) -> Response:
        if isinstance(error, StoreLocked):
            response = explain(503, "someone else is writing; try again in a moment")
            response.headers["Retry-After"] = "1"
            return response
        if isinstance(error, StoreError):
            app.logger.error("%s", error)
            return explain(503, "the graph cannot be read at the moment; try again later")
        if isinstance(error, MalformedQuery):
            return _explain_place(error)
        if isinstance(error, MalformedRDF):
            return explain(_status(error), str(error), (), **_known(line=error.line, column=error.column))
        response = explain(_status(error), str(error))
        mark(response, error)
        return response

    @app.errorhandler(Refused)
    def _refused(error: Refused) -> Response:
        return _explain_refusal(error)

    @app.errorhandler(HTTPException)
    def _http(error: HTTPException) -> Response:
        response = error.get_response()
        if error.code is None or error.code < 400:
            return Response(response.get_data(), response.status_code, response.headers)
        answer = explain(error.code, error.description or "")
        for name in ("Allow", "Retry-After", "WWW-Authenticate"):
            answer.headers.setlist(name, response.headers.getlist(name))
        return answer

    @app.errorhandler(Exception)
    def _unforeseen(error: Exception) -> Response:
        app.logger.exception("unforeseen error", exc_info=error)
        return explain(500, "something went wrong on this server; its log says what")


def mark(response: Response, error: KGraphError) -> None:
    """Give an answer the status of an error, and say when to try again where that can help."""
    response.status_code = _status(error)
    if isinstance(error, QueryBusy):
        response.headers["Retry-After"] = str(math.ceil(error.retry_after_s))
    elif isinstance(error, QueryTimeout):
        response.headers["Retry-After"] = str(_RETRY_TIMEOUT_S)


def _status(error: KGraphError) -> int:
    return next((status for kind, status in _STATUS if isinstance(error, kind)), 500)


def _explain_refusal(error: Refused) -> Response:
    """The gate's report: as SHACL has it, as JSON beside the problem, or in words."""
    verdicts = [(outcome.document.title, outcome.report) for outcome in error.outcomes]
    accept = accepted(request.headers.get("Accept", ""))
    if accept.quality(_TURTLE) > max(map(accept.quality, (_PROBLEM, _PAGE, _PLAIN))):
        response = Response(render_turtle(verdicts), 422, mimetype=_TURTLE)
        response.vary.add("Accept")
        return response
    words = str(error) if _form(request) == _PROBLEM else f"{error}\n\n{render_text(verdicts)}"
    return explain(422, words, reports=json.loads(render_json(verdicts))["reports"])


def _explain_place(error: MalformedQuery) -> Response:
    """A malformed query: for programs the place and what to do are members of their own.

    Source: RFC 9457, section 3.2 (extension members).
    """
    members = _known(
        line=error.line,
        column=error.column,
        expected=error.expected,
        suggestion=error.suggestion,
        corrected=error.corrected,
    )
    return explain(_status(error), str(error), error.excerpt, **members)


def _known(**members: object) -> dict[str, object]:
    return {name: value for name, value in members.items() if value}


def explain(status: int, words: str, lines: Sequence[str] = (), **members: object) -> Response:
    """An error as a page, as problem details (RFC 9457) or as plain text.

    :param lines: shown below the words, where it is text.
    :param members: further ones, where it is problem details.
    """
    title = HTTP_STATUS_CODES.get(status, "Error")
    form = _form(request)
    if form == _PAGE:
        response = Response(render_template("error.html", status=status, title=title, words=words))
    elif form == _PROBLEM:
        problem = {"type": "about:blank", "title": title, "status": status, "detail": words}
        response = jsonify(problem | members)
        response.mimetype = _PROBLEM
    else:
        response = Response("\n".join([words, *filter(None, lines), ""]), mimetype=_PLAIN)
    response.status_code = status
    response.vary.add("Accept")
    return response


#: What tells which form a client reads, the first among equals. Who says nothing is a program.
_READS = {
    _PROBLEM: _PROBLEM,
    "application/json": _PROBLEM,
    "application/sparql-results+json": _PROBLEM,
    "application/ld+json": _PROBLEM,
    _PAGE: _PAGE,
    _PLAIN: _PLAIN,
    "text/csv": _PLAIN,
    "text/tab-separated-values": _PLAIN,
    "text/turtle": _PLAIN,
}


def _form(asked: Request) -> str:
    accept = accepted(asked.headers.get("Accept", ""))
    best = max(_READS, key=accept.quality)
    return _READS[best] if accept.quality(best) > 0 else _PROBLEM
