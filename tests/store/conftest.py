"""Stores of both kinds, and the small graphs that the tests put into them."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kgraph.store import Store, open_store

G1, G2 = "https://example.org/graph/1", "https://example.org/graph/2"


@pytest.fixture(params=["memory", "disk"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """An empty store, once in memory and once on disk."""
    path = None if request.param == "memory" else tmp_path / "store"
    with open_store(path, create=True, lock_wait_s=0.1) as opened:
        yield opened


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path / "store", create=True, lock_wait_s=0.1) as opened:
        yield opened


def triples(*objects: object) -> bytes:
    """N-Triples: `ex:s ex:p` and each of the objects."""
    lines = [f'<https://example.org/s> <https://example.org/p> "{each}" .' for each in objects]
    return "\n".join(lines).encode()


@pytest.fixture
def put() -> Callable[..., int]:
    """Put a graph of some strings into a store, and give the new version."""

    def put_graph(store: Store, iri: str, *objects: object) -> int:
        with store.writer() as writer:
            writer.replace_graph(iri, triples(*objects))
            return writer.commit()

    return put_graph
