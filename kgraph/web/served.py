"""The graph behind the pages: its store, and what of it is worth keeping for a while."""

from collections.abc import Callable
from typing import Any, TypeVar, cast

from flask import current_app

from kgraph.query import Dispute, Overview, Workers, disputes, overview
from kgraph.store import Store, View
from kgraph.web.addresses import Addresses
from kgraph.web.layers.cache import AnswerCache
from kgraph.web.operation.metrics import Metrics
from kgraph.web.sparql.clerk import Clerk
from kgraph.web.sparql.services import Bounds, Services

_T = TypeVar("_T")

#: Under which name an application keeps it.
GRAPH = "kgraph"


class ServedGraph:
    """A store, what evaluates queries on it, and what is made of its newest version alone.

    :ivar workers: None where queries are evaluated in this process, without limits.
    :ivar clerk: what takes writes through the gate; None where that is done in this process, or not at all.
    :ivar services: the endpoints elsewhere that a query may ask; asked by workers alone.
    :ivar takes_writes: whether someone may write over HTTP.
    :ivar metrics: of the requests for it.
    :ivar cache: of the answers to queries, once it is there.
    """

    def __init__(
        self,
        store: Store,
        addresses: Addresses,
        workers: Workers | None = None,
        clerk: Clerk | None = None,
        *,
        takes_writes: bool = False,
        services: Services | None = None,
    ):
        self.store = store
        self.workers = workers
        self.clerk = clerk
        self.takes_writes = takes_writes
        self.services = services or Services((), Bounds(time_s=0, calls=0))
        self.addresses = addresses
        self.metrics = Metrics()
        self.cache: AnswerCache | None = None
        self._made: dict[object, tuple[int, Any]] = {}

    def end_work(self) -> None:
        """Stop the queries and writes that are under way; no others are begun."""
        if self.clerk is not None:
            self.clerk.close()
        if self.workers is not None:
            self.workers.close()

    def overview(self, view: View) -> Overview:
        """What is in a version; counted once a version."""
        return self._once(overview, view)

    def disputes(self, view: View) -> tuple[Dispute, ...]:
        """Where the sources of a version contradict each other; sought once a version."""
        return self._once(disputes, view)

    def _once(self, make: Callable[[View], _T], view: View) -> _T:
        """What is made of a version, till there is another; threads may make it twice, to the same effect."""
        version, made = self._made.get(make, (None, None))
        if version != view.version:
            made = make(view)
            self._made[make] = view.version, made
        return cast(_T, made)


def served() -> ServedGraph:
    """The graph that the current application shows."""
    return cast(ServedGraph, current_app.extensions[GRAPH])
