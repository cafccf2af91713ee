"""The SPARQL Protocol: from a request to a query or update operation.

Source: SPARQL 1.1 Protocol, sections 2.1 (query operation) and 2.2 (update operation).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl

from flask import Request
from werkzeug.exceptions import BadRequest, UnsupportedMediaType

from kgraph.query import is_iri
from kgraph.records import Term

_BY_POST = (
    "an update is sent by POST to /update or /sparql, as update=… or application/sparql-update, and without a"
    " query"
)
_UPDATE = re.compile(
    # Possessive throughout: a megabyte of blanks must not be tried in every way to split it.
    r"(?:\s++|#[^\n]*+\n|(?:PREFIX\s++[^\s<]*+\s*+|BASE\s*+)<[^>]*+>)*+"
    r"(INSERT|DELETE|LOAD|CLEAR|DROP|CREATE|ADD|MOVE|COPY|WITH)\b",
    re.IGNORECASE,
)
#: The media types of a POST.
FORM, QUERY = "application/x-www-form-urlencoded", "application/sparql-query"
UPDATE = "application/sparql-update"
_MOST_FIELDS = 1000
_UNION = "union-default-graph"
#: And what is a part of it.
_UTF_8 = {"utf-8", "utf8", "us-ascii", "ascii"}
_TRUTHS = {"true": True, "1": True, "false": False, "0": False}


@dataclass(frozen=True, slots=True)
class Operation:
    """A query operation.

    :param default_graphs: IRIs of the graphs that make up the default graph; None: whatever the query says.
    :param named_graphs: those that GRAPH can name.
    :param union: whether the default graph is the union of all graphs where nobody says which it is.
    :param format: what `format=` says.
    :param time_s: how long it may take, if the client says so.
    :param bindings: terms that stand for variables; only saved questions have them.
    """

    query: str
    default_graphs: tuple[str, ...] | None = None
    named_graphs: tuple[str, ...] | None = None
    union: bool = True
    format: str = ""
    time_s: float | None = None
    bindings: tuple[tuple[str, Term], ...] = ()

    @property
    def asks_all(self) -> bool:
        """Whether it is nothing but its text that may say what is asked of all graphs."""
        return self.default_graphs is None and self.named_graphs is None and self.union and not self.bindings


def read_operation(request: Request) -> Operation | None:
    """The operation that a request to Flask asks for, as `operation_of`.

    :raises RequestEntityTooLarge: (413) for a body above the limit.
    """
    # Read whole before it is judged: a refusal would else be lost with the connection.
    body = request.get_data() if request.method == "POST" else b""
    check_charset(request.mimetype_params)
    return operation_of(request.method, request.query_string, request.mimetype, body)


def operation_of(method: str, query_string: bytes, mimetype: str, body: bytes) -> Operation | None:
    """The operation that a request asks for; None for a GET without a query.

    :raises BadRequest: (400) no query or several, not UTF-8, a graph that is no IRI.
    :raises UnsupportedMediaType: (415) for a POST of another kind.
    """
    in_address = fields_of(query_string)
    if method != "POST":
        if not any(key == "query" for key, _ in in_address):
            _refuse_update(in_address)
            return None
        return _operation(in_address)
    if mimetype == FORM:
        return _operation([*in_address, *fields_of(body)])
    if mimetype == QUERY:
        return _operation([*in_address, ("query", text_of(body))])
    if mimetype == UPDATE:
        raise BadRequest(_BY_POST)
    raise UnsupportedMediaType(
        f"a POST of {mimetype or 'no media type'} is not understood; send "
        "application/x-www-form-urlencoded with query=…, or application/sparql-query"
    )


def _operation(fields: list[tuple[str, str]]) -> Operation:
    _refuse_update(fields)
    queries = [value for key, value in fields if key == "query"]
    if len(queries) != 1:
        raise BadRequest("a request holds one query" + (", not several" if queries else ": query=…"))
    query = queries[0]
    if _UPDATE.match(query):
        raise BadRequest(_BY_POST)
    said = dict(reversed(fields))  # of what may stand once, the first counts
    format_, time_s = said.get("format", ""), _seconds(said.get("timeout", "").strip())
    default, named = _graphs(fields, "default-graph-uri"), _graphs(fields, "named-graph-uri")
    union = _truth([value for key, value in fields if key == _UNION])
    if not default and not named:
        return Operation(query, union=union, format=format_, time_s=time_s)
    return Operation(query, default, named, union, format_, time_s)


def _graphs(fields: list[tuple[str, str]], name: str) -> tuple[str, ...]:
    """The graphs that a parameter names."""
    iris = tuple(value for key, value in fields if key == name)
    for iri in iris:
        if not is_iri(iri):
            raise BadRequest(f"{iri!r} is no IRI of a graph")
    return iris


def _seconds(text: str) -> float | None:
    """Of `timeout`; None where nothing is said."""
    if not text:
        return None
    try:
        time_s = float(text)
    except ValueError:
        time_s = -1
    if not 0 < time_s < float("inf"):
        raise BadRequest(f"timeout={text!r} is no number of seconds above 0")
    return time_s


def _truth(values: list[str]) -> bool:
    """Of `union-default-graph`; true where nothing is said."""
    truths = {_TRUTHS.get(value.lower()) for value in values or ["true"]}
    if len(truths) != 1 or None in truths:
        raise BadRequest(f"{_UNION} is true or false, once")
    return truths == {True}


def _refuse_update(fields: list[tuple[str, str]]) -> None:
    if any(key == "update" for key, _ in fields):
        raise BadRequest(_BY_POST)


def fields_of(encoded: bytes) -> list[tuple[str, str]]:
    """Keys and values of a query string or form.

    :raises BadRequest: (400) if they are not UTF-8, or too many.
    """
    try:
        return parse_qsl(
            text_of(encoded), keep_blank_values=True, errors="strict", max_num_fields=_MOST_FIELDS
        )
    except ValueError as exc:
        raise BadRequest("the request is not URL-encoded UTF-8, or has too many fields") from exc


def check_charset(parameters: Mapping[str, str]) -> None:
    """Refuse text in another encoding than UTF-8, which would be read as what it is not.

    :param parameters: of its media type.
    :raises UnsupportedMediaType: (415).
    """
    charset = parameters.get("charset", "utf-8")
    if charset.strip().lower() not in _UTF_8:
        raise UnsupportedMediaType(f"text is taken in UTF-8, not in {charset}")


def text_of(body: bytes) -> str:
    """Text in UTF-8.

    :raises BadRequest: (400) if it is none.
    """
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as exc:
        raise BadRequest(f"the request is not UTF-8: {exc.reason} at byte {exc.start}") from exc


@dataclass(frozen=True, slots=True)
class Update:
    """An update operation.

    :param default_graphs: IRIs of the graphs that WHERE asks, where they are given.
    :param named_graphs: those that GRAPH can name in WHERE.
    """

    text: str
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()


def read_update(request: Request) -> Update | None:
    """The update that a POST asks for; None where it asks for something else.

    :raises BadRequest: (400) several updates, or a query beside one; not UTF-8; a graph that is no IRI.
    :raises RequestEntityTooLarge: (413) for a body above the limit.
    """
    if request.method != "POST":
        return None
    if request.mimetype == UPDATE:
        body = request.get_data()
        check_charset(request.mimetype_params)
        return _update([("update", text_of(body)), *fields_of(request.query_string)])
    if request.mimetype != FORM:
        return None
    fields = [*fields_of(request.get_data()), *fields_of(request.query_string)]
    return _update(fields) if any(key == "update" for key, _ in fields) else None


def _update(fields: list[tuple[str, str]]) -> Update:
    updates = [value for key, value in fields if key == "update"]
    if len(updates) != 1 or any(key == "query" for key, _ in fields):
        raise BadRequest("a request holds one update, and no query beside it")
    return Update(updates[0], _graphs(fields, "using-graph-uri"), _graphs(fields, "using-named-graph-uri"))
