"""kgraph: a knowledge graph of how states rule information, with its evidence.

    import kgraph

    graph = kgraph.open("my-store")
    graph.add("article.txt")
    for row in graph.query("SELECT ?place WHERE { ?event a kg:Blocking ; kg:country/rdfs:label ?place }"):
        print(row["place"])

Importing it loads nothing heavy: the rooms are opened when first used.
"""

from typing import TYPE_CHECKING

from kgraph.errors import (
    ConfigError,
    ExtractionError,
    GateError,
    KGraphError,
    NotFound,
    OntologyError,
    QueryError,
    QuestionError,
    SourceError,
    StoreError,
    StoreLocked,
)
from kgraph.records import (
    Assertion,
    DamagedReject,
    Document,
    Extraction,
    Literal,
    Node,
    Passage,
    Pruned,
    Reject,
    Report,
    Result,
)
from kgraph.settings import Settings

if TYPE_CHECKING:
    from kgraph.knowledge_graph import KnowledgeGraph, memory, open  # noqa: A004

__version__ = "0.1.0"

__all__ = [
    "Assertion",
    "ConfigError",
    "DamagedReject",
    "Document",
    "Extraction",
    "ExtractionError",
    "GateError",
    "KGraphError",
    "KnowledgeGraph",
    "Literal",
    "Node",
    "NotFound",
    "OntologyError",
    "Passage",
    "Pruned",
    "QueryError",
    "QuestionError",
    "Reject",
    "Report",
    "Result",
    "Settings",
    "SourceError",
    "StoreError",
    "StoreLocked",
    "memory",
    "open",
]


def __getattr__(name: str) -> object:
    """The graph itself needs rdflib and the store: 0.4 s that `import kgraph` does not cost."""
    if name in {"KnowledgeGraph", "memory", "open"}:
        from kgraph import knowledge_graph

        return getattr(knowledge_graph, name)
    raise AttributeError(f"module 'kgraph' has no attribute {name!r}")
