"""JUDGE: what a document would add + what it touches + the shapes → a report.

The gate only judges: no clock, no network, no random, no write. Its verdict does not
depend on the order in which things are handed to it.
"""

from kgraph.gate.judge import check_together, judge
from kgraph.gate.pruning import Pruning, prune
from kgraph.gate.shapes import Scope, load_shapes

__all__ = ["Pruning", "Scope", "check_together", "judge", "load_shapes", "prune"]
