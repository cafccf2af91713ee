"""MAP: files of publishers → statements, each resting on the record of its row.

`known/` has a module for each dataset, which declares it; `declaring` says what there is to declare, `cells`
what columns can hold; `tables` reads files, `states` knows codes of states by year, `mapping` makes
assertions.
"""

from kgraph.datasets.context import Context
from kgraph.datasets.declaring import Dataset, Named, Row
from kgraph.datasets.known import datasets, find_dataset
from kgraph.datasets.mapping import Mapped, Problem, map_rows
from kgraph.datasets.tables import read_rows

__all__ = [
    "Context",
    "Dataset",
    "Mapped",
    "Named",
    "Problem",
    "Row",
    "datasets",
    "find_dataset",
    "map_rows",
    "read_rows",
]
