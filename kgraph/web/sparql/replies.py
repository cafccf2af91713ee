"""Answers to queries as HTTP sends them, whatever brought the request: status, headers, body."""

from collections.abc import Iterable, Sequence
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
#: A condition that is longer is not read: it takes a while, and to send the answer is never wrong.
_LONGEST_CONDITION = 4000
_ANY = "*"
#: What an answer depends on beside its address.
VARY = ("Vary", "Accept, Accept-Encoding")


class Condition(NamedTuple):
    """When a request wants to have an answer.

    :param method: of the request.
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
    head = head_of(offer, state, operation, condition.method)
    unchanged = unchanged_reply(head, condition, is_there=True)
    if unchanged is not None:
        dismiss(result)
        return unchanged
    if condition.method == "HEAD":
        dismiss(result)
        return Reply(200, head.headers, ())
    return Reply(200, head.headers, body_of(result.stream(offer.name)), offer.media_type)


def unchanged_reply(head: "Head", condition: Condition, *, is_there: bool = False) -> Reply | None:
    """What a client is told that has the answer already: 304.

    :param is_there: whether it is known that there is an answer, and not an error: then any (`*`) will do.
    """
    if head.tag is None or not 0 < len(condition.if_none_match) <= _LONGEST_CONDITION:
        return None
    if condition.if_none_match.strip() == _ANY and not is_there:
        return None
    if not parse_etags(condition.if_none_match).contains_weak(head.tag):
        return None
    return Reply(304, head.headers[1:], (), head.media_type)  # all but what the body is


def content_type(offer: Offer) -> str:
    """With the charset where the media type knows one.

    Source: SPARQL 1.1 Query Results CSV and TSV Formats, section 6.
    """
    return f"{offer.media_type}; charset=utf-8" if offer.media_type.startswith("text/") else offer.media_type


class Head(NamedTuple):
    """What stands before an answer.

    :param tag: by which a client can ask whether its copy still holds; None where that cannot be.
    """

    tag: str | None
    media_type: str
    headers: Headers


def head_of(offer: Offer, state: str, operation: Operation, method: str) -> Head:
    """The head of the answer to a query in a format, of a state of the store."""
    if method not in _ASKS:  # what is asked by POST has no tag
        return head_with(offer, None)
    tag = entity_tag(state, operation, offer.media_type)
    return head_with(offer, tag, *([("Cache-Control", "no-store")] if tag is None else []))


def head_with(offer: Offer, tag: str | None, *more: tuple[str, str]) -> Head:
    """The head of an answer in a format.

    :param tag: a weak one: the bytes of the answer may come in another order; None: it has none.
    """
    headers = [("Content-Type", content_type(offer)), VARY, *more]
    if tag is not None:
        headers += [("Cache-Control", "no-cache"), ("ETag", f'W/"{tag}"')]
    return Head(tag, offer.media_type, headers)
