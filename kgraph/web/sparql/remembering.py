"""When an answer that a client has still holds: tags made of all that an answer depends on.

Source: RFC 9110, sections 8.8.3 (ETag) and 13.1.2 (If-None-Match).
"""

import hashlib
import json

from kgraph import __version__
from kgraph.store import tokens
from kgraph.web.sparql.protocol import Operation

#: Functions whose value changes though the graph does not; and what asks other graphs.
_FICKLE = frozenset({"now", "rand", "uuid", "struuid", "service"})


def entity_tag(state: str, operation: Operation, media_type: str) -> str | None:
    """The tag of an answer; None for one that may differ the next time. It is weak: solutions have no order.

    :param state: of the store.
    """
    if is_fickle(operation.query):
        return None
    return _tag(
        state,
        media_type,
        operation.query,
        operation.default_graphs,
        operation.named_graphs,
        operation.union,
        str(operation.bindings),
    )


def graph_tag(state: str, graph: str | None, media_type: str) -> str:
    """The tag of a graph, or of all of them (None); another commit gives all of them other ones."""
    return _tag(state, media_type, graph)


def _tag(*parts: object) -> str:
    # The same may be written otherwise by the next version.
    return hashlib.sha256(json.dumps((__version__, *parts)).encode()).hexdigest()[:32]


def is_fickle(query: str) -> bool:
    """Whether a query calls for the time or for chance."""
    text = query.lower()
    if not any(name in text for name in _FICKLE):
        return False
    return any(token.kind == "word" and token.text.lower() in _FICKLE for token in tokens(query))
