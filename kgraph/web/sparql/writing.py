"""What every write shares: through the gate, in the name of whoever sends it, and what is answered."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from flask import Response, current_app, request
from werkzeug.exceptions import HTTPException, LengthRequired

from kgraph.admission import Desk, Outcome
from kgraph.gazetteer import load_gazetteer
from kgraph.submissions import Author, Edit, edit
from kgraph.web.layers.access import Caller, allow
from kgraph.web.served import served

if TYPE_CHECKING:
    from collections.abc import Mapping


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
    :raises LengthRequired: (411) if the request is sent in chunks.
    """
    try:
        caller = allow("write")
        if "Transfer-Encoding" in request.headers:
            # The server does not tell chunks that end from chunks that break off, and half of it may do harm.
            raise LengthRequired("a request that writes tells its length: Content-Length")
    except HTTPException:
        request.get_data()  # else the refusal would be lost with the connection
        raise
    request.max_content_length = request.max_form_memory_size = current_app.config[MAX_WRITE]
    return caller


def desk() -> Desk:
    """Where what is sent is judged."""
    store = served().store
    return Desk(store, load_gazetteer(store.minter), store.minter)


def submit(edits: Sequence[tuple[str, Edit]], caller: Caller) -> Response:
    """Change graphs, all of them or none.

    :raises Refused: if the gate keeps one out.
    :raises WriteError: as `edit`.
    """
    outcomes = edit(desk(), edits, Author(caller.name, datetime.now(UTC)))
    refused = [outcome for outcome in outcomes if not outcome.entered]
    if refused:
        raise Refused(refused)
    return done(201 if any(outcome.status == "added" for outcome in outcomes) else 204)


def done(status: int = 204, headers: "Mapping[str, str] | None" = None) -> Response:
    """There is nothing to tell but that it is done."""
    response = Response(status=status, headers=headers)
    response.headers["Cache-Control"] = "no-store"
    return response
