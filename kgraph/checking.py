"""The whole store, judged again: document by document, then all together."""

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

from kgraph.gate import judge_union, stored_judge
from kgraph.graphs import catalog
from kgraph.iris import Minter
from kgraph.records import Report
from kgraph.store import View


class Checked(NamedTuple):
    """The verdict on one document, or on all together.

    :param document: its IRI; "" for all together.
    """

    document: str
    title: str
    report: Report


def check(view: View, minter: Minter) -> Iterator[Checked]:
    """Validate all that is stored.

    :returns: a verdict on each document, by title, and at the end one on all together.
    :raises GateError: if the shapes cannot be applied.
    """
    judge = stored_judge(view, minter)

    def judged(document: tuple[str, str]) -> Checked:
        iri, title = document
        return Checked(iri, title, judge(catalog.graph_of(view, iri, minter)))

    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        union = pool.submit(judge_union, view)
        yield from pool.map(judged, catalog.documents(view, minter))
        yield Checked("", "all documents together", union.result())
