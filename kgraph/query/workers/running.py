"""What is being evaluated, as whoever runs the server sees it."""

import time
from dataclasses import dataclass, field
from datetime import UTC, datetime


@dataclass(frozen=True, slots=True)
class RunningQuery:
    """A query that is being evaluated.

    :param id: by which it can be stopped; no other query of this process has it.
    :param asker: who asks, in whatever words the caller has for that.
    :param since: when its evaluation began, in UTC.
    """

    id: int
    text: str
    asker: str = ""
    since: datetime = field(default_factory=lambda: datetime.now(UTC))
    _began_s: float = field(default_factory=time.monotonic, repr=False)

    @property
    def running_s(self) -> float:
        """For how long it has been evaluated, in seconds."""
        return time.monotonic() - self._began_s
