"""An rdflib dataset on top of a snapshot, through oxrdflib; to read only."""

from typing import Any, NoReturn

from oxrdflib.store import OxigraphStore
from rdflib import Dataset

from kgraph.errors import StoreError
from kgraph.store.serialization import ENGINE_PREFIXES
from kgraph.store.snapshots import Snapshot


class _SnapshotStore(OxigraphStore):
    """oxrdflib's store, which holds the snapshot as long as it lives and refuses to write."""

    def __init__(self, snapshot: Snapshot):
        super().__init__(store=snapshot.engine)
        self._snapshot = snapshot

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
