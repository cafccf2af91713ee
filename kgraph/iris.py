"""IRIs: what is minted how. The policy, then the code.

Everything stands under one base (`https://w3id.org/kgraph/` unless someone publishes
elsewhere): things under `id/`, named graphs under `graph/`.

====================================================  =========================================
what reference data knows                             `id/KIND/SLUG`, written in its gazetteer entry
any other proper name                                 `id/ROOT/normalised-name`: the root kind
                                                      (actor, place, law, site …), never the class
generic names, and whatever has no name               `id/d/KEY/OFFSET-ROOT`: the document and the
                                                      offset of the words that first say it
a document                                            `id/d/KEY`, KEY from its identity
a passage, an assertion, the run of an extractor      `id/d/KEY/p/START-END`, `…/a/HASH`, `…/extraction`
a dataset, one of its rows' things                    `id/dataset/NAME`, `…/KEY`: the row's own key
a record, a thing that a request leaves nameless      `id/d/KEY/r/HASH`, `…/b/HASH-N`
a document's named graph                              `graph/d/KEY`; the name it was written under
====================================================  =========================================

The root kind behind the offset keeps a claim and an event that start at one word apart.
No IRI depends on the store, the clock, the order of work or the extractor's version.
"""

import hashlib
import re
import unicodedata
from dataclasses import dataclass

from kgraph.records import Document, Literal, Term

#: Where the project itself publishes.
BASE = "https://w3id.org/kgraph/"

#: The named graphs that are no document's.
OWN_GRAPHS = ("catalog", "links", "ontology", "reference")

#: Length of the hexadecimal keys in IRIs: 64 bits, no collision below some hundred million documents.
_KEY_LENGTH = 16


def slug(name: str) -> str:
    """A name as it stands in an IRI: case, punctuation and possessives dropped; scripts kept.

    Latin letters lose their accents; other scripts stay (an IRI may hold them).

    >>> slug("Karim Massimov’s")
    'karim-massimov'
    >>> slug("Reporters sans frontières")
    'reporters-sans-frontieres'
    """
    text = re.sub(r"['’]s?\b", "", unicodedata.normalize("NFKD", name).casefold())
    text = "".join(c for c in text if not unicodedata.combining(c))
    return "-".join(re.findall(r"\w+", unicodedata.normalize("NFC", text)))


def key_of(identity: str) -> str:
    """The short key that stands in IRIs for a document's identity, or other words."""
    return hashlib.sha256(identity.encode()).hexdigest()[:_KEY_LENGTH]


def ntriples(term: Term) -> str:
    """A term in N-Triples.

    Source: RDF 1.1 N-Triples, section 7 (canonical form).
    """
    if not isinstance(term, Literal):
        return f"<{term}>"
    escaped = term.lexical.translate(_ESCAPES)
    if term.language:
        return f'"{escaped}"@{term.language}'
    suffix = "" if term.datatype.endswith("#string") else f"^^<{term.datatype}>"
    return f'"{escaped}"{suffix}'


def line(subject: str, predicate: str, object_: Term) -> str:
    """A statement in N-Triples."""
    return f"<{subject}> <{predicate}> {ntriples(object_)} ."


_ESCAPES = {ord('"'): '\\"', ord("\\"): "\\\\", ord("\n"): "\\n", ord("\r"): "\\r"}


@dataclass(frozen=True, slots=True)
class Minter:
    """Makes the IRIs of one publisher.

    :param base: what all of them start with; ends with a slash.
    """

    base: str = BASE

    @property
    def resources(self) -> str:
        """What the addresses of all things start with."""
        return self.base + "id/"

    def known(self, kind: str, name: str) -> str:
        """A thing of the reference data: `country/KZ`, `platform/twitter`."""
        return f"{self.resources}{kind}/{name}"

    def named(self, root: str, name: str) -> str:
        """A thing with a proper name.

        :param root: root kind in lower case: actor, place, law, site, platform, network, event …
        :raises ValueError: if nothing of the name is left to stand in an IRI.
        """
        words = slug(name)
        if not words:
            raise ValueError(f"{name!r} has no letter or digit to make an IRI of")
        return f"{self.resources}{root}/{words}"

    def document(self, identity: str) -> str:
        """A document, by its identity."""
        return f"{self.resources}d/{key_of(identity)}"

    def dataset(self, name: str) -> str:
        """A dataset, by its name."""
        return f"{self.resources}dataset/{name}"

    def graph(self, name: str) -> str:
        """A named graph: `ontology`, `reference`, `links`, `catalog`."""
        return f"{self.base}graph/{name}"

    def document_graph(self, document_iri: str) -> str:
        """The named graph of a document that was read, not written under a name of its own."""
        return document_iri.replace(self.resources, f"{self.base}graph/", 1)

    def graph_of(self, document: Document) -> str:
        """The named graph of a document."""
        return document.graph or self.document_graph(document.iri)


def minter_of(document_iri: str) -> Minter:
    """The minter that made a document's IRI: whoever adds to a document needs no settings."""
    for kind in ("id/d/", "id/dataset/"):
        base, found, _ = document_iri.rpartition(kind)
        if found:
            return Minter(base)
    raise ValueError(f"{document_iri} is no document's IRI")


def unnamed(document_iri: str, offset: int, root: str) -> str:
    """A thing without a name of its own, by the offset of the words that first say it."""
    return f"{document_iri}/{offset}-{root}"


def passage(document_iri: str, start: int, end: int) -> str:
    """A passage of a document, by its half-open span."""
    return f"{document_iri}/p/{start}-{end}"


def record(document_iri: str, key: str) -> str:
    """A record of a document, by its key within it."""
    return f"{document_iri}/r/{key}"


def nameless(document_iri: str, key: str, number: int) -> str:
    """What a request leaves without a name: a blank node, by its number within it.

    Source: RDF 1.1 Concepts, section 3.5.
    """
    return f"{document_iri}/b/{key}-{number}"


def assertion(document_iri: str, subject: str, predicate: str, object_: Term) -> str:
    """What a document says, by a hash of the triple (literals in canonical form)."""
    return f"{document_iri}/a/{key_of(line(subject, predicate, object_))}"


def extraction(document_iri: str) -> str:
    """The run of the extractor over a document, a prov:Activity."""
    return f"{document_iri}/extraction"
