"""The limits of a query, and of all of them together."""

import os
from dataclasses import dataclass

#: Requests that wait, for each process that evaluates.
_WAITING_A_WORKER = 16
#: Two for one client, who may do something beside a query that takes long, and one for others.
_LEAST_WORKERS = 3


@dataclass(frozen=True, slots=True)
class Limits:
    """What a query may take, and how many are evaluated at once.

    :param time_s: from the start of its evaluation to its last byte.
    :param memory_bytes: more than the process has when it is idle.
    :param answer_bytes: of an answer.
    :param workers: queries evaluated at once; 0: one a processor, at least three.
    :param queue: requests that wait for a turn; None: sixteen times `workers`.
    :param wait_s: how long one waits.
    :param replica_bytes: of a copy of the graph in memory that all share; 0: they read it from disk.
    """

    time_s: float = 30.0
    memory_bytes: int = 1_000_000_000
    answer_bytes: int = 1_000_000_000
    workers: int = 0
    queue: int | None = None
    wait_s: float = 2.0
    replica_bytes: int = 0

    @property
    def turns(self) -> int:
        """How many queries are evaluated at once."""
        return self.workers or max(_LEAST_WORKERS, os.cpu_count() or 1)

    @property
    def share(self) -> int:
        """How many of them may be one client's."""
        return max(1, self.turns - 1)

    @property
    def places(self) -> int:
        """How many requests may wait for a turn."""
        return _WAITING_A_WORKER * self.turns if self.queue is None else self.queue
