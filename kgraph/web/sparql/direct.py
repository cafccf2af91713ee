"""Queries of programs, answered before Flask is asked.

What a query costs beside its evaluation is mostly the way through Flask, so what needs nothing of it does not
go there: queries by GET and by POST whose answer is no page, on a store that workers evaluate. All else
goes on to the application, and so does what has gone wrong, for it to be told as everything is told there.
The status, headers and bytes are the same either way.

Source: PEP 3333 (the environment of a request).
"""

import io
from collections.abc import Callable, Container, Iterable, Mapping
from contextlib import suppress
from functools import lru_cache
from typing import Any

from werkzeug.exceptions import HTTPException

from kgraph.errors import StoreError
from kgraph.query import Workers
from kgraph.store import SimpleQuery, read_simple
from kgraph.web.layers.bodies import Application
from kgraph.web.layers.compression import LEAST_BYTES, Compressed, chosen_coding, is_text
from kgraph.web.layers.security import headers_for
from kgraph.web.operation.access_log import QUERY as QUERY_TEXT
from kgraph.web.served import ServedGraph
from kgraph.web.sparql.evaluation import begun, likely_formats, likely_offer
from kgraph.web.sparql.negotiation import Offer, Wish, choose, wish
from kgraph.web.sparql.protocol import FORM, QUERY, Operation, operation_of
from kgraph.web.sparql.replies import Condition, Head, Reply, head_of, reply, unchanged_reply

#: Where the environment of a request holds what went wrong when it was answered here.
FAULT = "kgraph.fault"

#: And the answer to it that was found beforehand; None where none was.
_READY = "kgraph.ready"

#: Requests of so many characters are remembered as they were read, so many of them.
_SHORT, _REMEMBERED = 2000, 2000

#: Characters of a query string in which an answer is sought that is there already.
_LONGEST_READY = 6000

_OK = 200
_STATUS = {_OK: "200 OK", 304: "304 NOT MODIFIED"}


class DirectQueries:
    """A WSGI application before that of Flask.

    :param paths: where queries are sent.
    :param most_bytes: of a request; larger ones go on.
    """

    def __init__(self, application: Application, graph: ServedGraph, paths: Container[str], most_bytes: int):
        self._application = application
        self._graph = graph
        self._paths = paths
        self._most_bytes = most_bytes

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """As any WSGI application."""
        workers = self._graph.workers
        if environ["PATH_INFO"] not in self._paths or workers is None:
            return self._application(environ, start_response)
        sent = environ.get(_READY)
        if sent is None:
            asked = self._asked(environ)
            sent = None if asked is None else self._reply(environ, workers, asked)
        if sent is None:
            return self._application(environ, start_response)
        return self._send(sent, environ, start_response)

    def is_ready(self, environ: dict[str, Any]) -> bool:
        """Whether a request gets an answer that no worker is asked for; then it has been found."""
        workers = self._graph.workers
        if environ["PATH_INFO"] not in self._paths or workers is None:
            return False
        if environ["REQUEST_METHOD"] == "POST":
            size, body = str(environ.get("CONTENT_LENGTH", "")), environ["wsgi.input"]
            if not getattr(body, "is_whole", False) or not size.isdecimal() or int(size) > _LONGEST_READY:
                return False
        elif environ["REQUEST_METHOD"] != "GET":
            return False
        if len(environ["QUERY_STRING"]) > _LONGEST_READY:
            return False  # to read it may take longer than a moment; and who asks was not looked at yet
        asked = self._asked(environ)
        if asked is None:
            return False
        with suppress(StoreError):
            environ[_READY] = ready = _ready(environ, workers, asked, self._graph.store.state())
            return ready is not None
        return False

    def _asked(self, environ: dict[str, Any]) -> "_Asked | None":
        """The query of a request; None if there is none, or it is nothing for us."""
        method = environ["REQUEST_METHOD"]
        mimetype, body = "", b""
        if method == "POST":
            mimetype, _, parameters = str(environ.get("CONTENT_TYPE", "")).lower().partition(";")
            mimetype = mimetype.strip()
            length = str(environ.get("CONTENT_LENGTH", ""))
            if "charset" in parameters and "utf-8" not in parameters:
                return None
            if mimetype not in {FORM, QUERY} or not length.isdecimal() or int(length) > self._most_bytes:
                return None
            body = environ["wsgi.input"].read(int(length))
            environ["wsgi.input"] = io.BytesIO(body)  # for those who come after us
            if len(body) < int(length):
                return None
        elif method != "GET":
            return None
        query_string, accept = environ["QUERY_STRING"], environ.get("HTTP_ACCEPT", "")
        is_short = len(query_string) + len(body) + len(accept) <= _SHORT
        return (_read_again if is_short else _read)(method, query_string, mimetype, body, accept)

    def _reply(self, environ: dict[str, Any], workers: Workers, asked: "_Asked") -> Reply | None:
        """The answer; None if it is a page, or an error, which then stands in the environment."""
        operation, condition = asked.operation, _condition(environ)
        answer = None
        try:
            state = self._graph.store.state()  # or older than what is answered, never newer
            ready = None if _READY in environ else _ready(environ, workers, asked, state)
            if ready is not None:
                return ready
            answer = begun(self._graph, workers, operation, environ, asked.likely)
            offer = choose(asked.wish, "graph" if answer.kind == "graph" else "solutions")
            if offer.is_page:
                answer.close()
                return None
            return reply(answer, offer, state, operation, condition)
        except Exception as exc:  # noqa: BLE001  # whatever it is, the application tells it
            environ[FAULT] = exc
            if answer is not None:
                answer.close()
            return None

    def _send(
        self, sent: Reply, environ: Mapping[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        """What `security` and `compression` do to an answer of Flask's."""
        headers = [*sent.headers, *headers_for(sent.media_type)]
        body = sent.body
        if sent.status != _OK:
            body = []
        elif not isinstance(body, bytes) or len(body) >= LEAST_BYTES:
            coding = chosen_coding(environ.get("HTTP_ACCEPT_ENCODING", ""))
            if coding is not None and is_text(sent.media_type):
                headers.append(("Content-Encoding", coding))
                body = Compressed(body, coding)
        if isinstance(body, bytes):
            headers.append(("Content-Length", str(len(body))))
            body = [body]
        start_response(_STATUS[sent.status], headers)
        return body


def _condition(environ: Mapping[str, Any]) -> Condition:
    return Condition(environ["REQUEST_METHOD"], environ.get("HTTP_IF_NONE_MATCH", ""))


def _ready(environ: dict[str, Any], workers: Workers, asked: "_Asked", state: str) -> Reply | None:
    """The answer for which no worker is asked; None where there is none such.

    :param state: of the store.
    """
    if "HTTP_IF_NONE_MATCH" in environ:
        unchanged = unchanged_reply(asked.head(state), _condition(environ))
        if unchanged is not None:
            return unchanged
    if asked.simple is None:
        return None
    body = workers.simple_answer(asked.simple, state)
    if body is None:
        return None
    environ[QUERY_TEXT] = asked.operation.query
    head = asked.head(state)
    if "HTTP_IF_NONE_MATCH" in environ:
        unchanged = unchanged_reply(head, _condition(environ), is_there=True)
        if unchanged is not None:
            return unchanged
    return Reply(_OK, head.headers, body, head.media_type)


class _Asked:
    """What a program asks.

    :param guess: the format of the answer, if the query is of the kind that it looks like.
    :ivar likely: the same, by kind of answer.
    :ivar simple: the query, if it may be answered without a worker.
    """

    def __init__(self, method: str, operation: Operation, wished: Wish, guess: Offer):
        self.operation = operation
        self.wish = wished
        self.likely = likely_formats(operation.query, guess)
        self.simple: SimpleQuery | None = None
        if self.likely.get("solutions") == "json" and operation.asks_all and operation.time_s is None:
            self.simple = read_simple(operation.query)
        self._method = method
        self._guess = guess
        self._head: tuple[str, Head] | None = None

    def head(self, state: str) -> Head:
        """That of the answer in the likely format."""
        held = self._head  # threads share it
        if held is None or held[0] != state:
            held = self._head = state, head_of(self._guess, state, self.operation, self._method)
        return held[1]


def _read(method: str, query_string: str, mimetype: str, body: bytes, accept: str) -> _Asked | None:
    """What a request asks; None if that is no query, or a page is wanted, or something is wrong."""
    try:
        operation = operation_of(method, query_string.encode("latin-1"), mimetype, body)
    except (HTTPException, UnicodeEncodeError):
        return None  # it is found again, and told
    if operation is None:
        return None
    wished = wish(operation.format, accept)
    guess = likely_offer(operation.query, wished)
    if guess is None or guess.is_page:
        return None
    return _Asked(method, operation, wished, guess)


#: Programs ask the same again and again; to read it takes as long as to find it in the store.
_read_again = lru_cache(_REMEMBERED)(_read)
