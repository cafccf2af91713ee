"""Stores on disk with documents of a test's own, entered through the gate."""

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from drafts import Enter
from sample_graph import MINTER, Draft

from kgraph.admission import Desk
from kgraph.gazetteer import load_gazetteer
from kgraph.records import Document, Extraction
from kgraph.store import Store, open_store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path / "store", create=True, minter=MINTER) as opened:
        yield opened


@pytest.fixture
def enter(store: Store) -> Enter:
    """Lets drafts into the store, all by one commit; fails if the gate keeps one out."""

    def admit(*drafts: Draft) -> None:
        desk = Desk(store, load_gazetteer(MINTER), MINTER)
        outcomes = desk.admit([desk.prepare(extraction_of(draft)) for draft in drafts])
        assert all(outcome.entered for outcome in outcomes), [str(outcome.report) for outcome in outcomes]

    return admit


def extraction_of(draft: Draft) -> Extraction:
    passages = {passage: None for each in draft.assertions for passage in each.evidence}
    document = Document(
        iri=draft.iri,
        identity=draft.identity,
        sha256=hashlib.sha256(draft.identity.encode()).hexdigest(),
        text=draft.text,
        passages=tuple(passages),
        title=draft.title,
        language="en",
    )
    nodes = tuple(
        replace(node, mentions=tuple(dict.fromkeys(node.mentions))) for node in draft.nodes.values()
    )
    unique = {(each.subject, each.predicate, each.object): each for each in draft.assertions}
    return Extraction(document, nodes, tuple(unique.values()), "by-hand", "1")
