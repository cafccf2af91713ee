"""Sentences of our own, read by the real extractor."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from kgraph.documents import read_bytes
from kgraph.extraction import RULES, keep
from kgraph.gazetteer import load_gazetteer
from kgraph.namespaces import KG, RDF, local_name
from kgraph.records import Extraction, Literal


@dataclass(frozen=True)
class Found:
    """What was found, asked by class and label."""

    extraction: Extraction

    def nodes(self, class_: str) -> list[str]:
        """Nodes of a class, in the order of their addresses."""
        typed = (a for a in self.extraction.assertions if a.predicate == RDF.type and a.object == KG[class_])
        return sorted(a.subject for a in typed)

    def one(self, class_: str) -> str:
        """The one node of a class."""
        (node,) = self.nodes(class_)
        return node

    def values(self, node: str, name: str) -> set[str]:
        """Labels of nodes, names of concepts and classes, lexical forms of literals."""
        said = (a.object for a in self.extraction.assertions if (a.subject, a.predicate) == (node, KG[name]))
        return {o.lexical if isinstance(o, Literal) else self.label(o) for o in said}

    def label(self, iri: str) -> str:
        names = {node.iri: node.label for node in self.extraction.nodes}
        return names.get(iri) or local_name(iri)

    def labels(self, class_: str) -> set[str]:
        return {self.label(node) for node in self.nodes(class_)}


Read = Callable[..., Found]


@pytest.fixture(scope="session")
def read() -> Read:
    """What a text says, as `kgraph add` would store it."""

    def read_text(*sentences: str, issued: str = "", min_confidence: float = 0.5) -> Found:
        head = f"A note\nThe Example Post, {issued}\n\n" if issued else ""
        document = read_bytes((head + " ".join(sentences)).encode(), name="note.txt", identity="note")
        return Found(keep(RULES.extract(document, load_gazetteer()), min_confidence))

    return read_text
