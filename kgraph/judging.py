"""Parts of a large graph judged by the gate, in several processes where there are many of them.

To build the triples of a part, to judge them and to write them down for the database is most of what loading
a dataset costs.
"""

import multiprocessing
import os
import signal
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from typing import Self

from kgraph.gate import judge
from kgraph.graphs import build_triples
from kgraph.records import Extraction, Report
from kgraph.store import ntriples_of, read_graphs

#: From how many parts on more than one process judges: they take seconds to start.
_MANY = 20
_MOST = 4


@dataclass(frozen=True, slots=True)
class Judged:
    """A part that was judged.

    :param ntriples: the part; empty where it does not conform.
    :param triples: how many these are.
    """

    report: Report
    ntriples: bytes = field(default=b"", repr=False)
    triples: int = 0


#: Waits for what came of a part.
Verdict = Callable[[], Judged]


class Judges:
    """Those who judge, as long as the `with` block lasts.

    :param processes: how many; 0: one a processor, four at most. More than one are started as a program is: a
        script that asks for them does so under `if __name__ == "__main__"`.
    :ivar at_once: how many parts can be under way without anybody waiting.
    """

    def __init__(self, processes: int):
        self._processes = processes or min(os.cpu_count() or 1, _MOST)
        self._pool: ProcessPoolExecutor | None = None
        self._count = 0
        self.at_once = 2 * self._processes

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)

    def judge(self, extraction: Extraction, facts: bytes) -> Verdict:
        """Have a part judged alone.

        :param facts: what reference data say of the nodes that it names, in N-Triples.
        :raises GateError: where the verdict is asked for, if the shapes cannot be applied.
        """
        self._count += 1
        if self._count <= _MANY or self._processes == 1:
            return partial(_judge, extraction, facts)
        if self._pool is None:
            context = multiprocessing.get_context("spawn")  # a fork would inherit the store's locks
            self._pool = ProcessPoolExecutor(self._processes, context, _heed_owner_alone)
        future: Future[Judged] = self._pool.submit(_judge, extraction, facts)
        return future.result


def _heed_owner_alone() -> None:
    """Ctrl-C is for the process that has begun this one."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _judge(extraction: Extraction, facts: bytes) -> Judged:
    triples = build_triples(extraction)
    report = judge(triples, reference=read_graphs(facts, "ntriples").get(None, []))
    if not report.conforms:
        return Judged(report)
    return Judged(report, ntriples_of(triples), len(triples))
