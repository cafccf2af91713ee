"""The catalog graph: which documents are in the store, and what became of them.

What a document is called and where it comes from stands in its own graph; the catalog
says that it is here (DCAT, VoID) and keeps its history (PROV): each version that entered is
a prov:Entity, never deleted; a version that was replaced or withdrawn gets
prov:wasInvalidatedBy. The clock is read here and nowhere else.
"""

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from kgraph.dates import moment
from kgraph.iris import Minter
from kgraph.namespaces import DCAT, DCTERMS, KG, PROV, RDF, SCHEMA, SPDX, VOID, XSD
from kgraph.records import Document
from kgraph.store import View, Writer

if TYPE_CHECKING:
    from rdflib import Graph
    from rdflib.term import Node


@dataclass(frozen=True, slots=True)
class DataFile:
    """A file that a dataset was read from.

    :param name: without its folder.
    :param address: where it was got, "" where it lay on this machine.
    :param home: page of the dataset.
    :param licence: IRI of its licence, "" where none is stated.
    """

    name: str
    sha256: str
    size_bytes: int
    home: str
    address: str = ""
    licence: str = ""


def documents(view: View, minter: Minter) -> list[tuple[str, str]]:
    """IRI and title of every document in the store, by title."""
    rows = view.evaluate(
        """SELECT ?document ?title WHERE {
             GRAPH ?catalog { ?catalog dcat:resource ?document . ?document dcterms:title ?title }
           } ORDER BY ?title ?document""",
        bindings={"catalog": minter.graph("catalog")},
    )
    return [(str(row["document"]), str(row["title"])) for row in rows]


def documents_named(view: View, name: str, minter: Minter) -> list[tuple[str, str]]:
    """Those that go by an IRI, a key, an identity, an address, a hash or a title."""
    rows = view.evaluate(
        """SELECT DISTINCT ?document ?title WHERE {
             GRAPH ?catalog {
               ?catalog dcat:resource ?document .
               ?document dcterms:title ?title .
               OPTIONAL { ?document dcterms:identifier ?identity }
               OPTIONAL { ?document kg:sha256 ?hash }
             }
             FILTER(STR(?document) IN (?name, ?keyed) || STR(?identity) = ?name
                    || ?hash = ?name || STR(?title) = ?name)
           } ORDER BY ?title ?document""",
        bindings={
            "catalog": minter.graph("catalog"),
            "name": _text(name),
            "keyed": _text(f"{minter.resources}d/{name.removeprefix('d/')}"),
        },
    )
    return [(str(row["document"]), str(row["title"])) for row in rows]


def graph_of(view: View, document_iri: str, minter: Minter) -> str:
    """The named graph of a document, whether it is in the store or not."""
    rows = view.evaluate(
        """SELECT ?graph WHERE {
             GRAPH ?catalog { ?graph dcterms:source ?document ; a void:Dataset }
           } ORDER BY ?graph LIMIT 1""",
        bindings={"catalog": minter.graph("catalog"), "document": document_iri},
    )
    return next((str(row["graph"]) for row in rows), minter.document_graph(document_iri))


def document_with(view: View, sha256: str, minter: Minter) -> str | None:
    """The document in the store whose bytes have a hash."""
    rows = view.evaluate(
        """SELECT ?document WHERE {
             GRAPH ?catalog { ?document kg:sha256 ?hash . ?catalog dcat:resource ?document }
           } ORDER BY ?document LIMIT 1""",
        bindings={"catalog": minter.graph("catalog"), "hash": _text(sha256)},
    )
    return next((str(row["document"]) for row in rows), None)


def text_of(view: View, document_iri: str) -> str | None:
    """Hash of the stored text of a document."""
    rows = view.evaluate(
        "SELECT ?hash WHERE { ?document kg:textSha256 ?hash } LIMIT 1", bindings={"document": document_iri}
    )
    return next((str(row["hash"]) for row in rows), None)


def text_is_shared(view: View, text_sha256: str, document_iri: str) -> bool:
    """Whether another document has the very same text."""
    return bool(
        view.evaluate(
            "ASK { ?other kg:textSha256 ?hash FILTER(?other != ?document) }",
            bindings={"hash": _text(text_sha256), "document": document_iri},
        )
    )


def enter(
    writer: Writer,
    view: View,
    document: Document,
    graph: "Graph",
    minter: Minter,
    *,
    left_out: int = 0,
    triples: int | None = None,
    files: Sequence[DataFile] = (),
) -> None:
    """Note that a version of a document enters; the one that it replaces is invalidated.

    :param graph: its graph, or what that says of the document itself.
    :param left_out: how many of its statements stayed out.
    :param triples: how many the graph has, where `graph` is not all of it.
    :param files: that a dataset was read from.
    """
    catalog, graph_iri = minter.graph("catalog"), minter.graph_of(document)
    now = clock()
    version, activity = _version(document.iri, document.sha256), _activity(document.iri, "added", now)
    standing = _entry(view, document.iri, catalog)
    writer.delete(catalog, standing)
    writer.insert(catalog, _invalidated(standing, document.iri, document.sha256, activity))
    described: list[tuple[str, str, str | Node]] = [
        (document.iri, p, o) for p, o in _description(graph, document.iri)
    ]
    if left_out:
        described.append((document.iri, KG.statementsLeftOut, _typed(str(left_out), XSD.integer)))
    for file in files:
        described += _file_triples(document.iri, file, now)
    writer.insert(
        catalog,
        _graph(
            (catalog, RDF.type, DCAT.Catalog),
            (catalog, DCAT.resource, document.iri),
            (document.iri, RDF.type, DCAT.Resource),
            (document.iri, RDF.type, SCHEMA.CreativeWork),
            (document.iri, KG.sha256, _text(document.sha256)),
            (document.iri, DCTERMS.identifier, _text(document.identity)),
            *described,
            (graph_iri, RDF.type, VOID.Dataset),
            (graph_iri, DCTERMS.source, document.iri),
            (graph_iri, VOID.triples, _typed(str(len(graph) if triples is None else triples), XSD.integer)),
            (graph_iri, PROV.wasDerivedFrom, version),
            (version, RDF.type, PROV.Entity),
            (version, PROV.specializationOf, document.iri),
            (version, KG.sha256, _text(document.sha256)),
            *((version, p, o) for p, o in _description(graph, document.iri) if p == DCTERMS.title),
            (version, PROV.wasGeneratedBy, activity),
            *_activity_triples(activity, now),
        ),
    )


def _file_triples(dataset: str, file: DataFile, now: datetime) -> Iterable[tuple[str, str, "str | Node"]]:
    """Source: DCAT 3, sections 6.6 (Dataset), 6.8 (Distribution), 6.17 (Checksum)."""
    iri, checksum = f"{dataset}/file/{file.sha256[:16]}", f"{dataset}/file/{file.sha256[:16]}#checksum"
    yield dataset, RDF.type, DCAT.Dataset
    yield dataset, DCAT.landingPage, file.home
    yield dataset, DCAT.distribution, iri
    yield iri, RDF.type, DCAT.Distribution
    yield iri, DCTERMS.title, _text(file.name)
    yield iri, DCAT.byteSize, _typed(str(file.size_bytes), XSD.nonNegativeInteger)
    yield iri, DCTERMS.issued, _typed(moment(now), XSD.dateTime)
    yield iri, SPDX.checksum, checksum
    yield checksum, RDF.type, SPDX.Checksum
    yield checksum, SPDX.algorithm, SPDX.checksumAlgorithm_sha256
    yield checksum, SPDX.checksumValue, _typed(file.sha256, XSD.hexBinary)
    if file.address:
        yield iri, DCAT.downloadURL, file.address
    if file.licence:
        yield iri, DCTERMS.license, file.licence


def size_of(view: View, graph: str, minter: Minter) -> int:
    """How many triples a graph of a document has, by the catalog."""
    rows = view.evaluate(
        "SELECT ?triples WHERE { GRAPH ?catalog { ?graph void:triples ?triples } }",
        bindings={"catalog": minter.graph("catalog"), "graph": graph},
    )
    return max((int(str(row["triples"])) for row in rows), default=0)


def withdraw(writer: Writer, view: View, document_iri: str, minter: Minter) -> None:
    """Note that a document is withdrawn; what the catalog said of its content goes."""
    catalog = minter.graph("catalog")
    now = clock()
    activity = _activity(document_iri, "removed", now)
    standing = _entry(view, document_iri, catalog)
    writer.delete(catalog, standing)
    writer.insert(catalog, _invalidated(standing, document_iri, None, activity))
    writer.insert(catalog, _graph(*_activity_triples(activity, now)))


def ontology_edition(view: View, minter: Minter) -> str | None:
    """The edition of the ontology that the store holds."""
    rows = view.evaluate(
        "SELECT ?edition WHERE { GRAPH ?catalog { ?ontology kg:ontologyHash ?edition } }",
        bindings={"catalog": minter.graph("catalog"), "ontology": minter.graph("ontology")},
    )
    return next((str(row["edition"]) for row in rows), None)


def enter_ontology(writer: Writer, view: View, edition: str, minter: Minter) -> None:
    """Note which edition of the ontology the store holds from now on."""
    catalog, ontology = minter.graph("catalog"), minter.graph("ontology")
    old = ontology_edition(view, minter)
    if old:
        writer.delete(catalog, _graph((ontology, KG.ontologyHash, _text(old))))
    writer.insert(catalog, _graph((ontology, KG.ontologyHash, _text(edition))))


def _description(graph: "Graph", document_iri: str) -> list[tuple[str, "Node"]]:
    """What people look a document up by, as its own graph says it."""
    wanted = (DCTERMS.title, DCTERMS.publisher, DCTERMS.issued, DCTERMS.language, DCTERMS.source)
    terms = (*wanted, DCTERMS.license)
    return [(p, o) for p in terms for o in sorted(graph.objects(_iri(document_iri), _iri(p)), key=str)]


def _entry(view: View, document_iri: str, catalog: str) -> "Graph":
    """What the catalog says of a document and its graph, but for its history."""
    return view.evaluate(
        """CONSTRUCT { ?document ?p ?o . ?catalog dcat:resource ?document . ?graph ?q ?v . ?part ?r ?w }
           WHERE {
             GRAPH ?catalog {
               { ?document ?p ?o } UNION { ?graph dcterms:source ?document . ?graph ?q ?v }
               UNION { ?document dcat:distribution/spdx:checksum? ?part . ?part ?r ?w }
             }
           }""",
        bindings={"document": document_iri, "catalog": catalog},
    ).graph()


def _invalidated(standing: "Graph", document_iri: str, sha256: str | None, activity: str) -> "Graph":
    """That the versions which stood until now no longer do."""
    hashes = standing.objects(_iri(document_iri), _iri(KG.sha256))
    versions = [_version(document_iri, str(old)) for old in hashes if str(old) != sha256]
    return _graph(*((version, PROV.wasInvalidatedBy, activity) for version in versions))


def _version(document_iri: str, sha256: str) -> str:
    return f"{document_iri}/v/{sha256[:16]}"


def _activity(document_iri: str, what: str, when: datetime) -> str:
    return f"{document_iri}/{what}/{when:%Y%m%dT%H%M%S%f}Z"


def _activity_triples(activity: str, when: datetime) -> Iterable[tuple[str, str, "str | Node"]]:
    yield activity, RDF.type, PROV.Activity
    yield activity, PROV.endedAtTime, _typed(moment(when), XSD.dateTime)


def clock() -> datetime:
    """The time of day, or SOURCE_DATE_EPOCH where a build must be the same each time."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    return datetime.fromtimestamp(int(epoch), UTC) if epoch else datetime.now(UTC)


def _graph(*triples: tuple[str, str, "str | Node"]) -> "Graph":
    from rdflib import Graph
    from rdflib.term import Node

    graph = Graph()
    for s, p, o in triples:
        graph.add((_iri(s), _iri(p), o if isinstance(o, Node) else _iri(o)))
    return graph


def _iri(iri: str) -> "Node":
    from rdflib import URIRef

    return URIRef(iri)


def _text(text: str) -> "Node":
    return _typed(text, None)


def _typed(lexical: str, datatype: str | None) -> "Node":
    from rdflib import Literal, URIRef

    return Literal(lexical, datatype=URIRef(datatype) if datatype else None, normalize=False)
