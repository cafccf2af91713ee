"""An rdflib dataset on top of a snapshot, through oxrdflib; to read only."""

from typing import Any, NoReturn

from oxrdflib.store import OxigraphStore
from rdflib import Dataset, Graph
from rdflib.graph import DATASET_DEFAULT_GRAPH_ID

from kgraph.errors import StoreError
from kgraph.store.serialization import ENGINE_PREFIXES
from kgraph.store.snapshots import Snapshot


class _SnapshotStore(OxigraphStore):
    """oxrdflib's store, which holds the snapshot as long as it lives and refuses to write."""

    def __init__(self, snapshot: Snapshot):
        merged = snapshot.merged()
        super().__init__(store=snapshot.engine if merged is None else merged)
        self._snapshot = snapshot
        self._has_union = snapshot.has_union or merged is not None

    def triples(self, pattern: Any, context: Any = None) -> Any:
        """Each triple of the union once, with the graphs that hold it."""
        if context is not None or not self._has_union:
            return super().triples(pattern, context)
        union = super().triples(pattern, Graph(self, DATASET_DEFAULT_GRAPH_ID))
        return ((triple, self.contexts(triple)) for triple, _ in union)

    def contexts(self, triple: Any = None) -> Any:
        """The named graphs that hold a triple; all of them if there is none."""
        graphs = super().contexts(triple)
        return (graph for graph in graphs if graph.identifier != DATASET_DEFAULT_GRAPH_ID)

    def __len__(self, context: Any = None) -> int:
        if context is None and self._has_union:
            return super().__len__(Graph(self, DATASET_DEFAULT_GRAPH_ID))
        return super().__len__(context)

    def query(self, query: Any, initNs: Any, initBindings: Any, queryGraph: str, **kwargs: Any) -> Any:  # noqa: N803
        """The union as the store keeps it, where all graphs are asked."""
        is_union = queryGraph == "__UNION__" and self._has_union
        return super().query(query, initNs, initBindings, "" if is_union else queryGraph, **kwargs)

    def _refuse(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise StoreError(
            self._snapshot.name, "this dataset is a view to read; what is added goes through the gate"
        )

    add = addN = remove = update = add_graph = remove_graph = _refuse  # noqa: N815


def read_only_dataset(snapshot: Snapshot) -> Dataset:
    """All graphs of a snapshot; their union is the default graph."""
    store = _SnapshotStore(snapshot)
    dataset = Dataset(store=store, default_union=True)
    for prefix, namespace in ENGINE_PREFIXES.items():
        dataset.bind(prefix, namespace)
    return dataset
