"""Answers to queries as HTTP sends them, whatever brought the request: status, headers, body."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from werkzeug.http import parse_etags

from kgraph.query import Answer
from kgraph.store import QueryResult
from kgraph.web.layers.bodies import body_of
from kgraph.web.sparql.evaluation import dismiss
from kgraph.web.sparql.negotiation import Offer
from kgraph.web.sparql.protocol import Operation
from kgraph.web.sparql.remembering import entity_tag

Headers = Sequence[tuple[str, str]]

_ASKS = {"GET", "HEAD"}
#: What an answer depends on beside its address.
VARY = ("Vary", "Accept, Accept-Encoding")
#: The heads of answers to queries of so many characters are remembered, so many of them.
_SHORT, _REMEMBERED = 2000, 2000


class Condition(NamedTuple):
    """When a request wants to have an answer.

    :param method: of the request; what is asked by POST has no tag.
    :param if_none_match: the header.
    """

    method: str
    if_none_match: str


class Reply(NamedTuple):
    """An answer that is ready to be sent, but for what every answer has.

    :param status: 200, or 304 without a body.
    :param headers: what it depends on (`Vary`) among them.
    """

    status: int
    headers: Headers
    body: bytes | Iterable[bytes]
    media_type: str = ""


def reply(
    result: QueryResult | Answer, offer: Offer, state: str, operation: Operation, condition: Condition
) -> Reply:
    """A result as the engine writes it, in pieces if it is large; 304 if the client has it already.

    :param state: of the store; older than what is answered at most.
    :raises QueryError: as `Answer.stream`.
    """
    unchanged = unchanged_reply(offer, state, operation, condition)
    if unchanged is not None:
        dismiss(result)
        return unchanged
    if condition.method == "HEAD":
        dismiss(result)
        return Reply(200, _head(offer, state, operation, condition).headers, ())
    return whole_reply(body_of(result.stream(offer.name)), offer, state, operation, condition)


def whole_reply(
    body: bytes | Iterable[bytes], offer: Offer, state: str, operation: Operation, condition: Condition
) -> Reply:
    """An answer with its body."""
    return Reply(200, _head(offer, state, operation, condition).headers, body, offer.media_type)


def unchanged_reply(offer: Offer, state: str, operation: Operation, condition: Condition) -> Reply | None:
    """What a client is told that has the answer already: 304."""
    if condition.method not in _ASKS or not condition.if_none_match:
        return None
    head = _head(offer, state, operation, condition)
    if head.tag is None or not parse_etags(condition.if_none_match).contains_weak(head.tag):
        return None
    return Reply(304, head.headers[1:], (), offer.media_type)  # all but what the body is


def content_type(offer: Offer) -> str:
    """With the charset where the media type knows one.

    Source: SPARQL 1.1 Query Results CSV and TSV Formats, section 6.
    """
    return f"{offer.media_type}; charset=utf-8" if offer.media_type.startswith("text/") else offer.media_type


class _Head(NamedTuple):
    """What stands before an answer.

    :param tag: by which a client can ask whether its copy still holds; None where that cannot be.
    """

    tag: str | None
    headers: Headers


def _head(offer: Offer, state: str, operation: Operation, condition: Condition) -> _Head:
    if condition.method not in _ASKS:
        return _Head(None, (("Content-Type", content_type(offer)), VARY))
    return (_head_again if len(operation.query) <= _SHORT else _made_head)(offer, state, operation)


def _made_head(offer: Offer, state: str, operation: Operation) -> _Head:
    tag = entity_tag(state, operation, offer.media_type)
    validators = (
        [("Cache-Control", "no-store")]
        if tag is None
        else [("Cache-Control", "no-cache"), ("ETag", f'W/"{tag}"')]
    )
    return _Head(tag, (("Content-Type", content_type(offer)), VARY, *validators))


_head_again = lru_cache(_REMEMBERED)(_made_head)
