"""Updates by the SPARQL Protocol: data through the gate into graphs of clients; of a plain store, any.

Source: SPARQL 1.1 Protocol, section 2.2.
"""

from flask import Response, request

from kgraph.errors import QueryLimitError
from kgraph.store import read_data_updates
from kgraph.submissions import Edit
from kgraph.web.layers.access import Caller
from kgraph.web.operation.access_log import QUERY
from kgraph.web.operation.observing import asker, sharer
from kgraph.web.served import served
from kgraph.web.sparql.protocol import Update
from kgraph.web.sparql.writing import done, submit


def run_update(update: Update, caller: Caller) -> Response:
    """Run an update.

    :param caller: who sends it, and may.
    :raises QueryError: if it is malformed, past a limit, or a call fails.
    :raises WriteError: if it is malformed, or one that may not be.
    """
    request.environ[QUERY] = update.text  # for the log
    base = served().store.minter.base
    if served().store.is_plain:
        _run(update, base)
        return done()
    operations = read_data_updates(update.text, base=base)
    edits = [
        (str(name), Edit(added=triples) if operation.inserts else Edit(removed=triples))
        for operation in operations
        for name, triples in operation.graphs.items()
    ]
    return submit(edits, caller) if edits else done()


def _run(update: Update, base: str) -> None:
    options = {
        "base": base,
        "default_graphs": update.default_graphs,
        "named_graphs": update.named_graphs,
    }
    workers, store = served().workers, served().store
    if workers is None:
        with store.plain_writer() as writer:
            writer.update(update.text, **options)  # type: ignore[arg-type]
        return
    try:
        routes = served().services.routes()
        asked = request.environ
        workers.update(update.text, client=sharer(asked), about=asker(asked), services=routes, **options)
    except QueryLimitError:
        with store.plain_writer():
            pass  # what was in when it was stopped comes to light now, not with the next update
        raise
