"""What is being evaluated, as whoever runs the server sees it."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta


@dataclass(frozen=True, slots=True)
class RunningQuery:
    """A query that is being evaluated.

    :param id: by which it can be stopped; no other query of this process has it.
    :param about: what whoever asked it wants to be told along with it.
    """

    id: int
    text: str
    about: Mapping[str, str] = field(default_factory=dict)
    _began_s: float = field(default_factory=time.monotonic, repr=False)

    @property
    def since(self) -> datetime:
        """When its evaluation began, in UTC."""
        return datetime.now(UTC) - timedelta(seconds=self.running_s)

    @property
    def running_s(self) -> float:
        """For how long it has been evaluated, in seconds."""
        return time.monotonic() - self._began_s
