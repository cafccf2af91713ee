"""Stopping a server: it takes no more requests, and what is under way may go on for a while.

The process that was started (`StoppableServer`) tells the one that answers to stop, and ends it if it has not
ended in time; a second signal ends it at once. The one that answers stops queries and writes when their time
is over (`end_work_when_told`), so that their clients hear why.
"""

import math
import threading
import time
from collections.abc import Callable
from multiprocessing.synchronize import Event
from typing import Any

from granian import Granian

#: How long the answers take that tell of stopped queries, and the end of the processes.
_SPARE_S = 3


class StoppableServer(Granian):  # type: ignore[misc, valid-type]  # one of two classes, by the kind of Python
    """Granian, which ends at once when it is told to stop for the second time.

    :param shutdown_s: how long what is under way may go on.
    :param stopping: set when it is told to stop, for the process that answers.
    """

    def __init__(self, *args: Any, shutdown_s: float, stopping: Event, **options: Any):
        super().__init__(*args, workers_kill_timeout=math.ceil(shutdown_s) + _SPARE_S, **options)
        self._stopping = stopping

    def signal_handler_interrupt(self, *args: Any, **options: Any) -> None:
        """Begin to stop, or end."""
        if self.interrupt_signal:
            for worker in self.wrks:
                worker.kill()
        self._stopping.set()
        super().signal_handler_interrupt(*args, **options)


def end_work_when_told(end: Callable[[], None], shutdown_s: float, stopping: Event) -> None:
    """Have queries and writes stopped some time after the server is told to stop."""

    def wait() -> None:
        stopping.wait()
        time.sleep(shutdown_s)
        end()

    threading.Thread(target=wait, name="kgraph-stopping", daemon=True).start()
