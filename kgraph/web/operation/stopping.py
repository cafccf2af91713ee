"""Stopping a server: it takes no more requests, and what is under way may go on for a while.

The process that was started (`StoppableServer`) tells the one that answers to stop, and ends it if it has not
ended in time; a second signal ends it at once. The one that answers stops queries and writes when their time
is over (`stop_when_told`), so that their clients hear why, and does not outlive the other.

They are told by a pipe: unlike an event, to write to one waits for nobody, so that a handler of signals may,
whatever it interrupts, and it ends with whoever might write to it.
"""

import atexit
import logging
import math
import os
import sys
import threading
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any

from granian import Granian

#: How long the answers take that tell of stopped queries, and the end of the processes.
_SPARE_S = 3


class StoppableServer(Granian):  # type: ignore[misc, valid-type]  # one of two classes, by the kind of Python
    """Granian, which ends at once when it is told to stop for the second time.

    :param shutdown_s: how long what is under way may go on.
    :param stopping: written to when it is told to stop; the process that answers has the other end.
    """

    def __init__(self, *args: Any, shutdown_s: float, stopping: "Connection[bytes, bytes]", **options: Any):
        super().__init__(*args, workers_kill_timeout=math.ceil(shutdown_s) + _SPARE_S, **options)
        self._stopping = stopping

    def signal_handler_interrupt(self, *args: Any, **options: Any) -> None:
        """Begin to stop, or end."""
        if self.interrupt_signal:
            for worker in self.wrks:
                worker.kill()
        else:
            os.write(self._stopping.fileno(), b"\0")
        super().signal_handler_interrupt(*args, **options)


def stop_when_told(
    end_work: Callable[[], None], shutdown_s: float, stopping: "Connection[bytes, bytes]"
) -> None:
    """Have queries and writes stopped some time after the server is told to stop.

    And this process ended when the one that started it is gone: it would keep the port, and nobody could
    stop it.
    """

    def wait() -> None:
        while os.read(stopping.fileno(), 1):
            time.sleep(shutdown_s)
            end_work()
        os._exit(1)

    threading.Thread(target=wait, name="kgraph-stopping", daemon=True).start()


def leave_at_the_end() -> None:
    """Have this process end when all is done that is to be done at its end.

    What threads of the server do while Python takes itself apart can end in a crash. To be called before all
    that is to be done at the end.
    """

    def leave() -> None:
        logging.shutdown()
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(0)

    atexit.register(leave)
