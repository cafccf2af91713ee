"""Queries of strangers: evaluated in processes of their own, under limits that hold.

No way is known to stop the engine within a process, so a query that is past a limit goes with the process
that evaluates it: killed, and replaced by one that waits. `pool` shares out the processes, `process` is
one of them seen from here, `program` is what runs in it, with `rewriting` for long tables in JSON, `messages`
what they say to each other, and `answer` what comes of a query.
"""

from kgraph.query.workers.answer import Answer, Pieces
from kgraph.query.workers.limits import Limits
from kgraph.query.workers.pool import Workers

__all__ = ["Answer", "Limits", "Pieces", "Workers"]
