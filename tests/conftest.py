"""What every test may use; and no test reaches beyond this machine."""

import hashlib
import socket
from datetime import date
from pathlib import Path

import hypothesis
import pytest

from kgraph import iris
from kgraph.iris import Minter
from kgraph.namespaces import KG, RDF, XSD
from kgraph.records import Assertion, Document, Extraction, Literal, Node, Passage, Term
from kgraph.settings import is_loopback

# How long an example takes is no property of it: on a machine that does something else it takes longer.
hypothesis.settings.register_profile("untimed", parent=hypothesis.settings(), deadline=None)
hypothesis.settings.load_profile("untimed")


def _own_address() -> str | None:
    """An address of this machine that others could use; nothing is sent to find it."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
        except OSError:
            return None
        found = str(probe.getsockname()[0])
    return None if is_loopback(found) else found


_OWN_ADDRESS = _own_address()
_SHARED = Path(__file__).resolve().parents[2] / "shared"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real documents, gold graphs and datasets that lies beside a developer's checkout."""
    if not _SHARED.is_dir():
        pytest.skip("needs the folder ../shared with real documents, which a plain clone does not have")
    return _SHARED


@pytest.fixture(autouse=True)
def _stay_on_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """An outside connection fails the test that tries it."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: object) -> None:
        host = address[0] if isinstance(address, tuple) else ""
        if host not in {"", "127.0.0.1", "::1", "localhost", _OWN_ADDRESS}:
            raise AssertionError(f"a test tried to connect to {host}")
        connect(self, address)  # type: ignore[arg-type]

    monkeypatch.setattr(socket.socket, "connect", guarded)


@pytest.fixture
def own_address() -> str:
    """An address of this machine that is not only its own."""
    return _OWN_ADDRESS or pytest.skip("this machine has no address but that of itself")


@pytest.fixture
def strike() -> Extraction:
    """What a note of two sentences says, put together by hand: no extractor had a part in it."""
    text = "Dock workers went on strike in Aktau in May 2014. Police detained nine of them."
    first, second = Passage(0, 49, text[:49]), Passage(50, len(text), text[50:])
    minter = Minter()
    iri = minter.document("test/strike")
    event, workers, aktau = (
        iris.unnamed(iri, 13, "event"),
        iris.unnamed(iri, 0, "actor"),
        minter.named("place", "Aktau"),
    )
    arrest, police = iris.unnamed(iri, 57, "event"), iris.unnamed(iri, 50, "actor")
    document = Document(
        iri=iri,
        identity="test/strike",
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        text=text,
        passages=(first, second),
        title="A strike in Aktau",
        language="en",
        publisher="The Port Gazette",
        issued=date(2014, 6, 1),
        source="https://port-gazette.example/strike",
    )

    def say(subject: str, predicate: str, object_: Term, *evidence: Passage, sure: float = 0.9) -> Assertion:
        return Assertion(subject, predicate, object_, evidence, sure)

    return Extraction(
        document=document,
        nodes=(
            Node(event, mentions=(first,)),
            Node(workers, "dock workers", mentions=(first, second)),
            Node(aktau, "Aktau", mentions=(first,)),
            Node(arrest, mentions=(second,)),
            Node(police, "police", mentions=(second,)),
        ),
        assertions=(
            say(event, RDF.type, KG.Strike, first),
            say(event, KG.date, Literal("2014-05", XSD.gYearMonth), first),
            say(event, KG.location, aktau, first),
            say(event, KG.participant, workers, first),
            say(workers, RDF.type, KG.Group, first),
            say(aktau, RDF.type, KG.Place, first),
            say(arrest, RDF.type, KG.Arrest, second),
            say(arrest, KG.conductedBy, police, second),
            say(arrest, KG.target, workers, second, sure=0.7),
            say(arrest, KG.arrestCount, Literal("9", XSD.integer), second),
            say(police, RDF.type, KG.SecurityForce, second),
        ),
        extractor="hand",
        version="1",
    )
