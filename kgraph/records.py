"""What passes between rooms: frozen dataclasses, standard library only.

Offsets are half-open, in Unicode code points, always into `Document.text`. IRIs are
plain strings; a `Literal` is never confused with one.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal as OneOf

XSD_STRING = "http://www.w3.org/2001/XMLSchema#string"
LANG_STRING = "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString"

PassageKind = OneOf["body", "caption", "heading", "list", "table"]


@dataclass(frozen=True, slots=True, order=True)
class Literal:
    """An RDF literal.

    :param lexical: its lexical form, canonical where the datatype has one (`1`, not `01`; the
        store keeps canonical forms only, and assertion IRIs are made from them).
    :param datatype: IRI of its datatype.
    :param language: BCP 47 tag; then the datatype is rdf:langString.
    """

    lexical: str
    datatype: str = XSD_STRING
    language: str | None = None

    def __post_init__(self) -> None:
        if self.language is not None:
            object.__setattr__(self, "datatype", LANG_STRING)


#: Object of an assertion: the IRI of a node, class or concept, or a literal.
Term = str | Literal


@dataclass(frozen=True, slots=True)
class Passage:
    """One sentence, caption, heading, list item or table row of a document.

    :param start: offset of its first code point in the document's text.
    :param end: offset behind its last.
    :param text: the words there: `document.text[start:end]`.
    :param page: the page on which it starts, counted from 1 through the file, whatever number is printed
        there; None for documents without pages.
    """

    start: int
    end: int
    text: str
    kind: PassageKind = "body"
    page: int | None = None


@dataclass(frozen=True, slots=True, order=True)
class Record:
    """What says something without a sentence: a row of a dataset, or a request by which someone wrote.

    :param key: what it is called within its document.
    :param agent: name of who sent the request; "" if nobody knows, or it is a row.
    :param when: the request came, in UTC.
    :param place: of the row in its file, as a fragment: `row=17` (RFC 7111), or a JSON pointer.
    :param quote: the row in words.
    """

    key: str
    agent: str = ""
    when: datetime | None = None
    place: str = ""
    quote: str = ""

    @property
    def text(self) -> str:
        """What it is, in words."""
        if self.when is None:
            return self.quote
        return f"written{f' by {self.agent}' if self.agent else ''} at {self.when:%Y-%m-%d %H:%M:%S} UTC"


@dataclass(frozen=True, slots=True)
class Document:
    """One source document as it was read.

    :param iri: its address in the graph, made from its identity.
    :param identity: `--id`, canonical address, front-matter id or hash of the bytes; never a local path.
    :param sha256: of its bytes, in hexadecimal: its version.
    :param text: the text read from it, in Unicode normal form C.
    :param passages: in reading order; a sentence that stands twice is there once; what is neither
        title, body nor caption (photo credits, licence lines, by-lines) is in the text, not here.
    :param title: the title told by the document, else the file's name.
    :param language: BCP 47 tag of its text.
    :param issued: when it was published.
    :param source: address that it was published at.
    :param licence: IRI or name of its licence.
    :param graph: name of its named graph, where that is not made from its address.
    """

    iri: str
    identity: str
    sha256: str
    text: str = field(repr=False)
    passages: tuple[Passage, ...] = field(repr=False)
    title: str
    language: str
    publisher: str | None = None
    creators: tuple[str, ...] = ()
    issued: date | None = None
    source: str | None = None
    licence: str | None = None
    media_type: str = "text/plain"
    graph: str | None = None


@dataclass(frozen=True, slots=True)
class Node:
    """How a document names one thing that its assertions speak of.

    Classes are assertions (they are owed evidence); names are not.

    :param label: at most one, in the document's language; none for a nameless event or claim.
    :param alt_labels: other names that the document uses, sorted.
    :param mentions: the passages that name the thing or refer to it, in reading order.
    """

    iri: str
    label: str | None = None
    alt_labels: tuple[str, ...] = ()
    mentions: tuple[Passage, ...] = ()


@dataclass(frozen=True, slots=True)
class Assertion:
    """One content triple as one document says it.

    :param evidence: the passages that say it, in reading order.
    :param confidence: in [0, 1]; of the assertions at 0.8, eight in ten are right.
    :param mechanism: which rule found it, for people who debug the extractor; not stored.
    :param records: the records that say it; there is a passage or a record.
    """

    subject: str
    predicate: str
    object: Term
    evidence: tuple[Passage, ...]
    confidence: float
    mechanism: str = ""
    records: tuple[Record, ...] = ()


@dataclass(frozen=True, slots=True)
class Extraction:
    """All that one extractor found in one document.

    Every node that an assertion names (but classes, properties and concepts) is in `nodes` and
    has a type among the assertions.

    :param extractor: name of the extractor.
    :param version: its version.
    :param settings: what it was run with, as far as it can change what is found.
    """

    document: Document
    nodes: tuple[Node, ...]
    assertions: tuple[Assertion, ...]
    extractor: str
    version: str
    settings: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Result:
    """One SHACL validation result, with what a person needs to act on it.

    :param focus: focus node, as an IRI or blank node label.
    :param label: what people call the focus node, else its IRI.
    :param classes: prefixed names of its classes.
    :param path: the result path as SPARQL writes it (`kg:date`), "" for a node shape.
    :param value: the offending value as people write it, "" if there is none.
    :param term: the offending value itself; None if there is none, or it is a blank node.
    :param message: what was expected and what to do, in the words of the shape if it has any.
    :param severity: `Violation`, `Warning` or `Info`.
    :param component: local name of the constraint component.
    :param shape: IRI or label of the source shape.
    :param sentence: wording of the passage that says it, if one does.
    :param document: title of the document that says it, if one does.
    :param path_words: the path by the names of its properties: `ends on (kg:endDate)`; "" for a node shape.
    :param expected: what the constraint asks, as a sentence, whatever words the shape has for it.
    :param suggestion: what to write instead, "" where nothing is certain.
    """

    focus: str
    label: str
    classes: tuple[str, ...]
    path: str
    value: str
    message: str
    severity: str
    component: str
    shape: str
    sentence: str = ""
    document: str = ""
    term: Term | None = None
    path_words: str = ""
    expected: str = ""
    suggestion: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """The gate's verdict.

    :param conforms: whether nothing of severity Violation was found (SHACL 1.0, section 3.4, but
        warnings do not keep a document out).
    :param results: sorted by focus node, path and value.
    :param rdf: the `sh:ValidationReport` in Turtle.
    """

    conforms: bool
    results: tuple[Result, ...] = ()
    rdf: str = field(default="", repr=False)

    def __str__(self) -> str:
        """The report for people: a block a result."""
        if not self.results:
            return "Conforms."
        return "\n\n".join(_describe(result) for result in self.results)

    @property
    def violations(self) -> tuple[Result, ...]:
        """The results that keep a document out."""
        return tuple(result for result in self.results if result.severity == "Violation")


@dataclass(frozen=True, slots=True)
class Pruned:
    """A statement that was left out so that the rest of its document could enter.

    :param statement: the triple as people write it.
    :param message: what is wrong with it, or what it hung on.
    """

    assertion: Assertion
    statement: str
    message: str

    def __str__(self) -> str:
        """For people, with the sentence that says it, in one line."""
        said = [passage.text for passage in self.assertion.evidence]
        said += [record.text for record in self.assertion.records]
        sentence = " … ".join(said)
        return " ".join(f"{self.statement} — “{sentence}” — {self.message}".split())


@dataclass(frozen=True, slots=True)
class Reject:
    """A document that the gate kept out, for as long as nobody has dealt with it.

    :param document: as it was read: enough to add it again.
    :param report: why it was kept out.
    :param refused_at: when, in UTC.
    :param file: the local path that it was read from, "" where that is unknown; never published.
    :param encoding: of the file's characters, if someone had to tell it.
    """

    document: Document
    report: Report
    refused_at: datetime
    file: str = ""
    encoding: str | None = None

    @property
    def key(self) -> str:
        """What its entry is called: a hash, for no title and no identity may name a file."""
        return reject_key(self.document.iri)


def reject_key(document_iri: str) -> str:
    """What the entry of a document is called among those that were kept out."""
    return hashlib.sha256(document_iri.encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class DamagedReject:
    """An entry of a document that was kept out which cannot be read.

    :param key: what the entry is called.
    :param reason: what is wrong with it.
    """

    key: str
    reason: str


def _describe(result: Result) -> str:
    head = f"{result.severity}: {result.label}"
    if result.classes:
        head += f" ({', '.join(result.classes)})"
    lines = [head]
    if result.path or result.value:
        lines.append("  " + " = ".join(part for part in (result.path, result.value) if part))
    lines.append(f"  {result.message}")
    if result.suggestion:
        lines.append(f"  → {result.suggestion}")
    if result.sentence:
        lines.append(f"  “{result.sentence}”" + (f" — {result.document}" if result.document else ""))
    return "\n".join(lines)
