"""Stopping a server: it takes no more requests, and what is under way may go on for a while.

The process that was started (`StoppableServer`) tells the one that answers to stop, and ends it if it has not
ended in time; a second signal ends it at once. The one that answers stops queries and writes when their time
is over (`end_work_when_told`), so that their clients hear why.
"""

import math
import os
import signal
import threading
import time
from collections.abc import Callable
from typing import Any

from granian import Granian

#: How long the answers take that tell of stopped queries, and the end of the processes.
_SPARE_S = 3


class StoppableServer(Granian):  # type: ignore[misc, valid-type]  # one of two classes, by the kind of Python
    """Granian, which ends at once when it is told to stop for the second time.

    :param shutdown_s: how long what is under way may go on.
    """

    def __init__(self, *args: Any, shutdown_s: float, **options: Any):
        super().__init__(*args, workers_kill_timeout=math.ceil(shutdown_s) + _SPARE_S, **options)

    def signal_handler_interrupt(self, *args: Any, **options: Any) -> None:
        """Begin to stop, or end."""
        if self.interrupt_signal:
            for worker in self.wrks:
                worker.kill()
        super().signal_handler_interrupt(*args, **options)


def end_work_when_told(end: Callable[[], None], shutdown_s: float) -> None:
    """Have queries and writes stopped some time after this process is told to stop; for its main thread.

    The server has handlers of its own for these signals; this is told of them beside those.
    """
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    signal.set_wakeup_fd(writing, warn_on_full_buffer=False)

    def wait() -> None:
        while os.read(reading, 1)[0] not in {signal.SIGTERM, signal.SIGINT}:
            pass
        time.sleep(shutdown_s)
        end()

    threading.Thread(target=wait, name="kgraph-stopping", daemon=True).start()
