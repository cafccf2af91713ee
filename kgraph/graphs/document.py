"""BUILD: what an extractor found in one document → the document's named graph.

The graph holds content and evidence and nothing else. Of the document's passages it
holds those that are evidence or mention something: quotations, not the text.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import chain
from typing import TYPE_CHECKING

from kgraph import iris
from kgraph.dates import first_day, is_date, last_day, moment
from kgraph.iris import Minter, minter_of
from kgraph.namespaces import DCTERMS, FOAF, KG, KGC, OA, PROV, RDF, RDFS, SKOS, XSD
from kgraph.ontology import is_a
from kgraph.records import Assertion, Document, Extraction, Literal, Node, Passage, Record, Term
from kgraph.store import Triples, canonical, engine_statements

if TYPE_CHECKING:
    from rdflib import Graph

Triple = tuple[str, str, Term]

#: The specification of fragments of PDFs, as Web Annotation names it; they tell the page in the file.
PDF_FRAGMENTS = "http://tools.ietf.org/rfc/rfc3778"

#: Things that go on until they end: a date alone does not tell how long they lasted.
_LASTING = ("Regime", "Tenure", "Law", "Account", "Website", "Platform", "MediaOutlet")


def build_triples(extraction: Extraction) -> Triples:
    """The same as `build_graph`, in the terms of the engine: for what is large."""
    return engine_statements(dict.fromkeys(_triples(extraction)))


def build_graph(extraction: Extraction) -> "Graph":
    """The named graph of a document: about ten triples for each one that it says."""
    from rdflib import Graph

    graph = Graph()
    for subject, predicate, object_ in _triples(extraction):
        graph.add((_to_rdflib(subject), _to_rdflib(predicate), _to_rdflib(object_)))
    return graph


def _triples(extraction: Extraction) -> Iterator[Triple]:
    document = extraction.document
    yield from _describe_document(document)
    yield from _describe_run(extraction)
    for passage in sorted(_used_passages(extraction), key=lambda p: (p.start, p.end)):
        yield from _describe_passage(document.iri, passage)
    records = {record for each in extraction.assertions for record in each.records}
    for record in sorted(records, key=lambda record: record.key):
        yield from _describe_record(document.iri, record)
    for node in extraction.nodes:
        yield from _name_node(document, node)
    assertions = tuple(map(_canonical, extraction.assertions))
    for assertion in assertions:
        yield assertion.subject, assertion.predicate, assertion.object
        yield from _describe_assertion(document.iri, assertion)
    yield from derived_days(assertions)


def canonical_form(extraction: Extraction) -> Extraction:
    """The same statements, their literals as the graph has them: what a report on it names is found here."""
    return replace(extraction, assertions=tuple(map(_canonical, extraction.assertions)))


def _canonical(assertion: Assertion) -> Assertion:
    """Its literal as the store will keep it, so that the hash in its address still fits then."""
    if isinstance(assertion.object, Literal):
        return replace(assertion, object=canonical(assertion.object))
    return assertion


def _describe_document(document: Document) -> Iterator[Triple]:
    iri = document.iri
    yield iri, RDF.type, KG.Document
    yield iri, DCTERMS.title, Literal(document.title, language=document.language)
    yield iri, DCTERMS.language, Literal(document.language)
    yield iri, KG.sha256, Literal(document.sha256)
    yield iri, KG.textSha256, Literal(text_sha256(document))
    yield iri, KG.textLength, _integer(len(document.text))
    for role, names in ((DCTERMS.publisher, (document.publisher,)), (DCTERMS.creator, document.creators)):
        for name in filter(None, names):
            yield from _name_agent(iri, role, name, minter_of(iri))
    if document.issued:
        yield iri, DCTERMS.issued, Literal(document.issued.isoformat(), XSD.date)
    if document.source and is_web_address(document.source):
        yield iri, DCTERMS.source, document.source
    if document.licence:
        if is_web_address(document.licence):
            yield iri, DCTERMS.license, document.licence
        else:
            yield iri, "http://purl.org/dc/elements/1.1/rights", Literal(document.licence)


def _name_agent(iri: str, role: str, name: str, minter: Minter) -> Iterator[Triple]:
    """Who published or wrote it: a node, as the range of the Dublin Core terms asks."""
    if not iris.slug(name):
        return
    agent = minter.named("agent", name)
    yield iri, role, agent
    yield agent, RDF.type, FOAF.Agent
    yield agent, FOAF.name, Literal(name)


def _describe_run(extraction: Extraction) -> Iterator[Triple]:
    run = iris.extraction(extraction.document.iri)
    yield run, RDF.type, PROV.Activity
    yield run, PROV.used, extraction.document.iri
    yield run, KG.extractor, Literal(extraction.extractor)
    yield run, KG.extractorVersion, Literal(extraction.version)
    for name, value in sorted(extraction.settings.items()):
        yield run, KG.extractorSettings, Literal(f"{name}={value}")


def _used_passages(extraction: Extraction) -> set[Passage]:
    return set(
        chain(
            chain.from_iterable(assertion.evidence for assertion in extraction.assertions),
            chain.from_iterable(node.mentions for node in extraction.nodes),
        )
    )


def _describe_passage(document_iri: str, passage: Passage) -> Iterator[Triple]:
    """Source: Web Annotation Data Model, sections 4.2.1 (page), 4.2.4 (quote) and 4.2.5 (position)."""
    iri = iris.passage(document_iri, passage.start, passage.end)
    position = f"{iri}#position"
    yield iri, RDF.type, KG.Passage
    yield iri, DCTERMS.isPartOf, document_iri
    yield iri, KG.passageKind, KGC[passage.kind]
    yield from _select(iri, "quote", OA.TextQuoteSelector, OA.exact, passage.text)
    yield iri, OA.hasSelector, position
    yield position, RDF.type, OA.TextPositionSelector
    yield position, OA.start, _integer(passage.start)
    yield position, OA.end, _integer(passage.end)
    if passage.page is not None:
        yield from _select(iri, "page", OA.FragmentSelector, RDF.value, f"page={passage.page}")
        yield f"{iri}#page", DCTERMS.conformsTo, PDF_FRAGMENTS


def _describe_record(document_iri: str, record: Record) -> Iterator[Triple]:
    """Source: Web Annotation Data Model, sections 4.2.1 (fragment) and 4.2.4 (quote)."""
    iri = iris.record(document_iri, record.key)
    yield iri, RDF.type, KG.Record
    yield iri, DCTERMS.isPartOf, document_iri
    if record.when is not None:
        yield iri, PROV.generatedAtTime, Literal(moment(record.when), XSD.dateTime)
    if record.agent:
        yield from _name_agent(iri, PROV.wasAttributedTo, record.agent, minter_of(document_iri))
    if record.place:
        yield from _select(iri, "place", OA.FragmentSelector, RDF.value, record.place)
        yield from _select(iri, "quote", OA.TextQuoteSelector, OA.exact, record.quote)


def _select(iri: str, name: str, class_: str, property_: str, text: str) -> Iterator[Triple]:
    """A selector of a passage or record that says one thing."""
    selector = f"{iri}#{name}"
    yield iri, OA.hasSelector, selector
    yield selector, RDF.type, class_
    yield selector, property_, Literal(text)


def _name_node(document: Document, node: Node) -> Iterator[Triple]:
    language = document.language
    if node.label:
        yield node.iri, RDFS.label, Literal(node.label, language=language)
    for name in node.alt_labels:
        yield node.iri, SKOS.altLabel, Literal(name, language=language)
    for passage in node.mentions:
        yield iris.passage(document.iri, passage.start, passage.end), KG.mentions, node.iri


def _describe_assertion(document_iri: str, assertion: Assertion) -> Iterator[Triple]:
    subject, predicate, object_ = assertion.subject, assertion.predicate, assertion.object
    iri = iris.assertion(document_iri, subject, predicate, object_)
    yield iri, RDF.type, KG.Assertion
    yield iri, RDF.subject, subject
    yield iri, RDF.predicate, predicate
    yield iri, RDF.object, object_
    for passage in assertion.evidence:
        yield iri, KG.evidence, iris.passage(document_iri, passage.start, passage.end)
    for record in assertion.records:
        yield iri, KG.evidence, iris.record(document_iri, record.key)
    yield iri, KG.confidence, decimal(assertion.confidence)
    yield iri, KG.extractedBy, iris.extraction(document_iri)


def derived_days(assertions: tuple[Assertion, ...]) -> Iterator[Triple]:
    """First and last day of whatever has a date; what the text itself tells goes before.

    SPARQL cannot compare 2011 with 2011-12-16; with these two days it need not.
    """
    classes: dict[str, str] = {}
    values: dict[tuple[str, str], list[str]] = {}
    for a in assertions:
        if a.predicate == RDF.type and isinstance(a.object, str):
            classes[a.subject] = a.object
        elif isinstance(a.object, Literal):
            values.setdefault((a.subject, a.predicate), []).append(a.object.lexical)
    for subject in sorted({subject for subject, _ in values}):
        # What is no date yields no days here; the gate says what is wrong with it.
        begins = list(filter(is_date, values.get((subject, KG.date), [])))
        ends = list(filter(is_date, values.get((subject, KG.endDate), [])))
        if begins and (subject, KG.earliest) not in values:
            yield subject, KG.earliest, _day(min(map(first_day, begins)))
        lasting = subject in classes and is_a(classes[subject], *_LASTING)
        lasting = lasting or "true" in values.get((subject, KG.ongoing), [])
        until = ends or ([] if lasting else begins)
        if until and (subject, KG.latest) not in values:
            yield subject, KG.latest, _day(max(map(last_day, until)))


def text_sha256(document: Document) -> str:
    """Hash of the stored text, which lies beside the store under this name."""
    return hashlib.sha256(document.text.encode()).hexdigest()


def decimal(value: float) -> Literal:
    """A share as an xsd:decimal in canonical form, to two places."""
    return Literal(f"{value:.2f}".rstrip("0").rstrip("."), XSD.decimal)


def is_web_address(text: str) -> bool:
    """Whether a text can stand as an http(s) IRI in RDF."""
    return text.startswith(("http://", "https://")) and not any(c in text for c in ' <>"{}|\\^`\n\t')


def _integer(value: int) -> Literal:
    return Literal(str(value), XSD.integer)


def _day(value: date) -> Literal:
    return Literal(value.isoformat(), XSD.date)


def _to_rdflib(term: Term):  # type: ignore[no-untyped-def]
    from rdflib import Literal as RdflibLiteral
    from rdflib import URIRef

    if not isinstance(term, Literal):
        return URIRef(term)
    if term.language:
        return RdflibLiteral(term.lexical, lang=term.language)
    datatype = None if term.datatype == XSD.string else URIRef(term.datatype)
    # rdflib would rewrite durations (P16W becomes P112D) and the assertion's hash would not match.
    return RdflibLiteral(term.lexical, datatype=datatype, normalize=False)
