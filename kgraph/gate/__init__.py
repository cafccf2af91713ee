"""JUDGE: what a document would add + what it touches + the shapes → a report.

The gate only judges: no clock, no network, no random, no write. Its verdict does not
depend on the order in which things are handed to it.
"""

from kgraph.gate.pruning import Pruning, prune
from kgraph.gate.report import explain
from kgraph.gate.shapes import Scope, load_shapes, ontology_data, shapes_edition
from kgraph.gate.verdicts import Change, judge, judge_change, judge_merged, judge_union, stored_judge

__all__ = [
    "Change",
    "Pruning",
    "Scope",
    "explain",
    "judge",
    "judge_change",
    "judge_merged",
    "judge_union",
    "load_shapes",
    "ontology_data",
    "prune",
    "shapes_edition",
    "stored_judge",
]
