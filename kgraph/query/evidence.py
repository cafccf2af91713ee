"""Who says it: the sources behind statements."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rdflib.term import Node

#: Of a ?passage, within the graph of its document: the variables that `source_of` reads. A record has no
#: sentence; that of a request tells who wrote it, and when.
PASSAGE = """
  OPTIONAL { ?passage oa:hasSelector/oa:exact ?sentence }
  OPTIONAL { ?passage oa:hasSelector/oa:start ?start }
  OPTIONAL { ?passage oa:hasSelector/rdf:value ?fragment }
  OPTIONAL { ?passage prov:generatedAtTime ?written
             OPTIONAL { ?passage prov:wasAttributedTo/foaf:name ?writer } }
  OPTIONAL { ?passage dcterms:isPartOf ?document .
             OPTIONAL { ?document dcterms:title ?title }
             OPTIONAL { ?document dcterms:publisher/foaf:name ?publisher }
             OPTIONAL { ?document dcterms:issued ?issued } }
"""
PASSAGE_VARIABLES = "?passage ?start ?fragment ?sentence ?written ?writer ?document ?title ?publisher ?issued"

#: The same of what an ?assertion rests on.
EVIDENCE = f"""
  ?assertion kg:evidence ?passage .
  OPTIONAL {{ ?assertion kg:confidence ?confidence }}
  {PASSAGE}
"""
EVIDENCE_VARIABLES = f"{PASSAGE_VARIABLES} ?confidence"


#: Of a moment, its day.
_DAY = len("2016-05-21")


@dataclass(frozen=True, slots=True)
class Source:
    """One sentence of one document that says something.

    :param sentence: its wording; "" where the evidence is a record.
    :param passage: its IRI.
    :param document: IRI of the document.
    :param title: the document's title.
    :param publisher: who published it, or wrote it into the graph; "" if unknown.
    :param issued: when, as written; "" if unknown.
    :param confidence: how sure the extractor is that the sentence says it, in [0, 1].
    :param start: where the sentence starts in the document's text, in code points.
    :param page: the page of the file on which it starts, from 1 on; None where the document has no pages.
    """

    sentence: str
    passage: str
    document: str
    title: str
    publisher: str = ""
    issued: str = ""
    confidence: float | None = None
    start: int = 0
    page: int | None = None

    @property
    def citation(self) -> str:
        """Title, publisher, date and page in one line."""
        page = "" if self.page is None else f"p. {self.page}"
        parts = (self.title or self.document, self.publisher, self.issued, page)
        return ", ".join(part for part in parts if part)


def source_of(row: "Mapping[str, Node]") -> Source:
    """The source in a solution of a query that holds `PASSAGE` or `EVIDENCE`."""

    def text(name: str) -> str:
        value = row.get(name)
        return "" if value is None else str(value)

    confidence = text("confidence")
    return Source(
        sentence=text("sentence"),
        passage=text("passage"),
        document=text("document"),
        title=text("title"),
        publisher=text("publisher") or text("writer"),
        issued=text("issued") or text("written")[:_DAY],
        confidence=float(confidence) if confidence else None,
        start=int(text("start") or 0),
        page=page_of(text("fragment")),
    )


def page_of(fragment: str) -> int | None:
    """The page that a fragment of a PDF names.

    >>> page_of("page=12"), page_of("")
    (12, None)

    Source: RFC 3778, section 3.
    """
    name, _, number = fragment.partition("=")
    return int(number) if name == "page" and number.isascii() and number.isdigit() else None


def in_order(sources: "set[Source] | list[Source]") -> tuple[Source, ...]:
    """Sources without repetition: by document, then as they stand in it."""
    return tuple(sorted(set(sources), key=lambda s: (s.title, s.document, s.start, s.passage)))
