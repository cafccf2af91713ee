"""What a writer has been told to change, as one SPARQL update: it holds wholly or not at all.

Only named graphs are written by others. The default graph holds the union of them all, each triple once, and
every change keeps it so: the engine's own union gives a triple as often as graphs hold it, and is slower.
"""

from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from kgraph.iris import Minter
from kgraph.namespaces import KG
from kgraph.records import Reject
from kgraph.store.rejects import is_reject_key
from kgraph.store.snapshots import is_sha256
from kgraph.store.terms import Triples, engine_triples, to_engine

if TYPE_CHECKING:
    from rdflib import Graph


class Bookkeeping:
    """What the store writes about itself into the catalog graph: its version, and which texts it holds."""

    def __init__(self, minter: Minter):
        self.graph = ox.NamedNode(minter.graph("catalog"))
        self.store = ox.NamedNode(minter.graph("catalog") + "#store")
        self.version = ox.NamedNode(KG.storeVersion)
        self.text = ox.NamedNode(KG.storedText)

    def version_of(self, engine: ox.Store) -> int:
        """The version that a database holds; 0 before the first commit."""
        quads = engine.quads_for_pattern(self.store, self.version, None, self.graph)
        literals = (quad.object for quad in quads)
        return max((int(each.value) for each in literals if isinstance(each, ox.Literal)), default=0)

    def holds_text(self, engine: ox.Store, sha256: str) -> bool:
        """Whether a database speaks of that text."""
        return ox.Quad(self.store, self.text, ox.Literal(sha256), self.graph) in engine


class Changes:
    """Changes in the order they were asked for.

    Blank nodes become new ones whenever a graph is written. It is true where there is something that makes a
    new version: what is kept out of the graph does not.
    """

    def __init__(self, bookkeeping: Bookkeeping):
        self._own = bookkeeping
        self._operations: list[str] = []
        self.texts: dict[str, str | None] = {}
        self.rejects: dict[str, Reject | None] = {}

    def __bool__(self) -> bool:
        return bool(self._operations or self.texts)

    @property
    def size_bytes(self) -> int:
        """About how much there is to write."""
        kept = sum(
            len(reject.document.text) + len(reject.report.rdf) for reject in self.rejects.values() if reject
        )
        texts = sum(len(text or "") for text in self.texts.values())
        return sum(map(len, self._operations)) + texts + kept

    def replace(self, iri: str, graph: "Graph | Triples | bytes") -> None:
        """Put a graph in the place of another."""
        triples = self._triples(iri, graph)
        self.drop(iri)
        self._insert(iri, triples)

    def drop(self, iri: str) -> None:
        """Remove a graph."""
        name = to_engine(iri)
        # The store's own triples stay: without them nobody knows the version.
        whole = "?s ?p ?o" if name != self._own.graph else f"?s ?p ?o FILTER(?s != {self._own.store})"
        self._operations.append(
            f"DELETE {{ ?s ?p ?o }} WHERE {{ GRAPH {name} {{ {whole} }}"
            f" FILTER NOT EXISTS {{ GRAPH ?other {{ ?s ?p ?o }} FILTER(?other != {name}) }} }}"
        )
        if name == self._own.graph:
            self._operations.append(
                f"DELETE {{ GRAPH {name} {{ ?s ?p ?o }} }} WHERE {{ GRAPH {name} {{ {whole} }} }}"
            )
        else:
            self._operations.append(f"DROP SILENT GRAPH {name}")

    def insert(self, iri: str, graph: "Graph | Triples | bytes") -> None:
        """Add triples to a graph."""
        self._insert(iri, self._triples(iri, graph))

    def delete(self, iri: str, graph: "Graph | Triples | bytes") -> None:
        """Remove triples from a graph."""
        triples = self._triples(iri, graph)
        for triple in triples:
            if isinstance(triple.subject, ox.BlankNode) or isinstance(triple.object, ox.BlankNode):
                raise ValueError(
                    f"{triple} cannot be deleted from <{iri}>: no blank node is known by its label"
                )
        if triples:
            rows = "\n".join(f"({t.subject} {t.predicate} {t.object})" for t in triples)
            self._operations.append(f"DELETE DATA {{ GRAPH {to_engine(iri)} {{\n{lines_of(triples)}\n}} }}")
            self._operations.append(
                f"DELETE {{ ?s ?p ?o }} WHERE {{ VALUES (?s ?p ?o) {{\n{rows}\n}}"
                " FILTER NOT EXISTS { GRAPH ?any { ?s ?p ?o } } }"
            )

    def put_text(self, sha256: str, text: str) -> None:
        """Keep a text."""
        self.texts[_checked(sha256)] = text

    def drop_text(self, sha256: str) -> None:
        """Keep a text no longer."""
        self.texts[_checked(sha256)] = None

    def keep_reject(self, reject: Reject) -> None:
        """Keep a document that was kept out."""
        self.rejects[reject.key] = reject

    def drop_reject(self, key: str) -> None:
        """Keep it no longer."""
        if not is_reject_key(key):
            raise ValueError(f"{key!r} is no key of a document that was kept out")
        self.rejects[key] = None

    def update(self, version: int) -> str:
        """All of it as one update, which also makes `version` the version."""
        own = self._own
        operations = list(self._operations)
        for sha256, text in self.texts.items():
            held = f"{own.store} {own.text} {ox.Literal(sha256)}"
            verb = "DELETE" if text is None else "INSERT"
            operations.append(f"{verb} DATA {{ {held} . GRAPH {own.graph} {{ {held} }} }}")
        old, new = f"{own.store} {own.version} ?version", f"{own.store} {own.version} {ox.Literal(version)}"
        operations.append(f"DELETE WHERE {{ {old} }}")  # also where the default graph does not hold it yet
        operations.append(f"DELETE WHERE {{ GRAPH {own.graph} {{ {old} }} }}")
        operations.append(f"INSERT DATA {{ {new} . GRAPH {own.graph} {{ {new} }} }}")
        return " ;\n".join(operations)

    def fill_union(self) -> None:
        """Make the default graph the union of the named graphs, in a store that was made without."""
        self._operations.append("INSERT { ?s ?p ?o } WHERE { GRAPH ?graph { ?s ?p ?o } }")

    def _insert(self, iri: str, triples: Triples) -> None:
        if triples:
            # Both in one operation, so that a blank node is one node.
            lines = lines_of(triples)
            self._operations.append(f"INSERT DATA {{\n{lines}\nGRAPH {to_engine(iri)} {{\n{lines}\n}} }}")

    def _triples(self, iri: str, graph: "Graph | Triples | bytes") -> list[ox.Triple]:
        """The triples to write; none about the store itself, which are its own affair.

        :raises ValueError: if the bytes are no Turtle, or a term cannot stand in a triple.
        """
        if isinstance(graph, bytes):
            try:
                quads = ox.parse(graph, format=ox.RdfFormat.TURTLE, rename_blank_nodes=True)
                triples = [quad.triple for quad in quads]
            except SyntaxError as exc:
                raise ValueError(f"the triples for <{iri}> cannot be read: {exc}") from exc
        else:
            triples = _with_fresh_nodes(engine_triples(graph))
        if to_engine(iri) == self._own.graph:
            triples = [triple for triple in triples if triple.subject != self._own.store]
        return triples


def lines_of(triples: Triples) -> str:
    """Triples as they stand between the braces of an update."""
    # The engine's own terms write themselves safely; no text of ours is spliced in.
    return "\n".join(f"{triple} ." for triple in triples)


def _with_fresh_nodes(triples: Triples) -> Triples:
    """The triples with blank nodes that occur nowhere else: one label would join two graphs."""
    made: dict[ox.BlankNode, ox.BlankNode] = {}

    def fresh(term: Any) -> Any:
        if isinstance(term, ox.Triple):
            return ox.Triple(fresh(term.subject), term.predicate, fresh(term.object))
        return made.setdefault(term, ox.BlankNode()) if isinstance(term, ox.BlankNode) else term

    return [ox.Triple(fresh(t.subject), t.predicate, fresh(t.object)) for t in triples]


def _checked(sha256: str) -> str:
    if not is_sha256(sha256):
        raise ValueError(f"{sha256!r} is no SHA-256 in hexadecimal")
    return sha256
