"""Each mechanism can be switched off, and each adds something."""

from dataclasses import replace

import pytest

from kgraph.documents import read_bytes
from kgraph.extraction import MECHANISMS, RULES
from kgraph.gazetteer import load_gazetteer
from kgraph.records import Document, Extraction

NOTE = """Unrest in Uganda
The Example Post, 2021-02-10

On 12 January, the Uganda Communications Commission (UCC) ordered operators to block Facebook. \
The UCC said that it would also block Twitter. Airtel and MTN complied, and they blocked WhatsApp too. \
President Jane Roe denied that the government had ordered the blocking of Facebook. \
Telegram was throttled for two days until 16 January.

Thousands of teachers marched in Kampala yesterday to protest against the new media law. \
Police fired tear gas to disperse the protesters, and 12 people were killed, Amnesty International said. \
The crackdown followed the march. The National Press Union said police detained John Doe, a reporter. \
Doe had opened an account on Instagram. Mary Poe was arrested on Monday. \
State-owned Uganda Telecom is the largest operator.

The law allows the ministry to block websites without a court order. \
The army plans to shut down the internet in March.
"""


@pytest.fixture(scope="module")
def note() -> Document:
    return read_bytes(NOTE.encode(), name="note.txt", identity="note")


@pytest.fixture(scope="module")
def whole(note: Document) -> Extraction:
    return RULES.extract(note, load_gazetteer())


@pytest.mark.parametrize("mechanism", sorted(MECHANISMS))
def test_what_a_mechanism_adds_is_gone_without_it(note: Document, whole: Extraction, mechanism: str) -> None:
    left = replace(RULES, without=frozenset({mechanism})).extract(note, load_gazetteer())
    assert left.settings["without"] == mechanism
    said = {(a.subject, a.predicate, a.object) for a in whole.assertions}
    assert {(a.subject, a.predicate, a.object) for a in left.assertions} != said


def test_all_can_be_switched_off_at_once(note: Document) -> None:
    nothing = replace(RULES, without=frozenset(MECHANISMS)).extract(note, load_gazetteer())
    assert len(nothing.assertions) < 20
