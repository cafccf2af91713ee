"""What every write shares: through the gate, in the name of whoever sends it, and what is answered."""

from collections.abc import Sequence
from datetime import UTC, datetime

from flask import Response, current_app, request
from werkzeug.exceptions import HTTPException, LengthRequired

from kgraph.admission import Desk, Outcome
from kgraph.gazetteer import load_gazetteer
from kgraph.settings import Settings
from kgraph.store import Store
from kgraph.submissions import Author, Edit, drop, edit
from kgraph.web.layers.access import Caller, allow
from kgraph.web.layers.request_bodies import Body
from kgraph.web.served import served
from kgraph.web.sparql.clerk import Clerk, WriteLimits


class Refused(Exception):
    """The gate keeps out what was sent.

    :param outcomes: those that were refused, at least one.
    """

    def __init__(self, outcomes: Sequence[Outcome]):
        self.outcomes = outcomes
        super().__init__("what was sent does not conform; nothing was written")


#: Under which name an application keeps how large a body may be that writes.
MAX_WRITE = "KGRAPH_MAX_WRITE_BYTES"


def may_write() -> Caller:
    """Who sends the current request, if that one may write; who may can send more than others.

    :raises Unauthorized, Forbidden: as `allow`.
    :raises LengthRequired: (411) if the request is sent in chunks, and whether all have come cannot be known.
    """
    body, most_bytes = request.environ["wsgi.input"], current_app.config[MAX_WRITE]
    try:
        caller = allow("write")
        if isinstance(body, Body) and not body.tells_its_end:  # half of it may do harm
            raise LengthRequired("a request that writes tells its length: Content-Length")
    except HTTPException:
        request.get_data()  # else the refusal would be lost with the connection
        raise
    if isinstance(body, Body):
        body.most_bytes = most_bytes
    request.max_content_length = request.max_form_memory_size = most_bytes
    return caller


def clerk_for(store: Store, settings: Settings) -> Clerk | None:
    """Who takes what is sent through the gate; None for a store in memory, and a plain one: it has none."""
    if store.path is None or store.is_plain or settings.writes == "off":
        return None
    return Clerk(store, WriteLimits(settings.write_time_s, settings.write_memory_bytes, settings.lock_wait_s))


def _desk() -> Desk:
    store = served().store
    return Desk(store, load_gazetteer(store.minter), store.minter)


def submit(edits: Sequence[tuple[str, Edit]], caller: Caller, state: str | None = None) -> Response:
    """Change graphs, all of them or none.

    :param state: of the store, in which alone they may change.
    :raises Refused: if the gate keeps one out.
    :raises WriteError: as `edit`, or if it is past a limit.
    """
    author, clerk = Author(caller.name, datetime.now(UTC)), served().clerk
    outcomes = edit(_desk(), edits, author, state) if clerk is None else clerk.edit(edits, author, state)
    refused = [outcome for outcome in outcomes if not outcome.entered]
    if refused:
        raise Refused(refused)
    return done(201 if any(outcome.status == "added" for outcome in outcomes) else 204)


def remove(graph: str, state: str | None = None) -> Response:
    """Remove a graph.

    :param state: of the store, in which alone it may go.
    :raises NotFound, GateError, WriteError: as `drop`, or if it is past a limit.
    """
    clerk = served().clerk
    if clerk is None:
        drop(_desk(), graph, state)
    else:
        clerk.drop(graph, state)
    return done()


def done(status: int = 204) -> Response:
    """There is nothing to tell but that it is done."""
    response = Response(status=status)
    del response.headers["Content-Type"]  # of nothing
    response.headers["Cache-Control"] = "no-store"
    return response
