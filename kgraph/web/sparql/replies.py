"""Answers to queries as HTTP sends them, whatever brought the request: status, headers, body."""

from collections.abc import Iterable
from typing import NamedTuple

from werkzeug.http import parse_etags

from kgraph.query import Answer
from kgraph.store import QueryResult
from kgraph.web.layers.bodies import body_of
from kgraph.web.sparql.evaluation import dismiss
from kgraph.web.sparql.negotiation import Offer
from kgraph.web.sparql.protocol import Operation
from kgraph.web.sparql.remembering import entity_tag

_ASKS = {"GET", "HEAD"}


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
    :param headers: `Vary: Accept` among them.
    """

    status: int
    headers: list[tuple[str, str]]
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
        return Reply(200, _headers(offer, state, operation, condition), ())
    return whole_reply(body_of(result.stream(offer.name)), offer, state, operation, condition)


def whole_reply(
    body: bytes | Iterable[bytes], offer: Offer, state: str, operation: Operation, condition: Condition
) -> Reply:
    """An answer with its body."""
    return Reply(200, _headers(offer, state, operation, condition), body, offer.media_type)


def unchanged_reply(offer: Offer, state: str, operation: Operation, condition: Condition) -> Reply | None:
    """What a client is told that has the answer already: 304."""
    if condition.method not in _ASKS or not condition.if_none_match:
        return None
    tag = entity_tag(state, operation, offer.media_type)
    if tag is None or not parse_etags(condition.if_none_match).contains_weak(tag):
        return None
    return Reply(304, [("Vary", "Accept"), *_validators(offer, state, operation, condition)], ())


def content_type(offer: Offer) -> str:
    """With the charset where the media type knows one.

    Source: SPARQL 1.1 Query Results CSV and TSV Formats, section 6.
    """
    return f"{offer.media_type}; charset=utf-8" if offer.media_type.startswith("text/") else offer.media_type


def _headers(offer: Offer, state: str, operation: Operation, condition: Condition) -> list[tuple[str, str]]:
    validators = _validators(offer, state, operation, condition)
    return [("Content-Type", content_type(offer)), ("Vary", "Accept"), *validators]


def _validators(
    offer: Offer, state: str, operation: Operation, condition: Condition
) -> list[tuple[str, str]]:
    """A tag by which a client can ask whether its copy still holds, if that can be."""
    if condition.method not in _ASKS:
        return []
    tag = entity_tag(state, operation, offer.media_type)
    if tag is None:
        return [("Cache-Control", "no-store")]
    return [("Cache-Control", "no-cache"), ("ETag", f'W/"{tag}"')]
