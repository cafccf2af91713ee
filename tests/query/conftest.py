from collections.abc import Iterator

import pytest
from sample_graph import sample_store

from kgraph.store import View


@pytest.fixture(scope="session")
def view() -> Iterator[View]:
    """The sample graph, to read."""
    with sample_store() as store, store.view() as view:
        yield view
