"""Waiting for what another process or thread is about to do."""

import time
from collections.abc import Callable

#: Seconds to wait for what is sure to happen, but not when: far more than it ever takes, and less than the
#: 30 that a query may take.
PATIENCE_S = 20.0


def eventually(holds: Callable[[], bool], patience_s: float = PATIENCE_S) -> bool:
    """Whether something comes to hold before patience ends."""
    end = time.monotonic() + patience_s
    while not holds():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True
