"""A small graph in the shape that documents have, in words of our own, for tests that ask and show."""

from dataclasses import dataclass, field
from pathlib import Path

from kgraph.graphs import build_graph
from kgraph.iris import Minter, unnamed
from kgraph.namespaces import KG, KGC, RDF, XSD
from kgraph.ontology import ontology_graph
from kgraph.records import Assertion, Document, Extraction, Literal, Node, Passage, Term
from kgraph.store import Store, open_store

MINTER = Minter()
KZ = MINTER.known("country", "KZ")
UZ = MINTER.known("country", "UZ")
TWITTER = MINTER.known("platform", "twitter")
SKYPE = MINTER.known("platform", "skype")

REFERENCE = f"""
@prefix kg: <{KG}> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
<{KZ}> a kg:Country ; rdfs:label "Kazakhstan"@en ; skos:altLabel "Qazaqstan"@kk ; kg:iso3166 "KZ" .
<{UZ}> a kg:Country ; rdfs:label "Uzbekistan"@en ; kg:iso3166 "UZ" .
<{TWITTER}> a kg:Platform ; rdfs:label "Twitter"@en ; kg:platformKind <{KGC}socialNetwork> .
<{SKYPE}> a kg:Platform ; rdfs:label "Skype"@en .
"""


def integer(value: int) -> Literal:
    return Literal(str(value), XSD.integer)


def day(text: str) -> Literal:
    return Literal(text, XSD.date)


def year(text: str) -> Literal:
    return Literal(text, XSD.gYear)


def words(text: str) -> Literal:
    return Literal(text, language="en")


def truth(value: bool) -> Literal:
    return Literal(str(value).lower(), XSD.boolean)


@dataclass
class Draft:
    """A document in the making: sentences, and what each of them says."""

    identity: str
    title: str
    publisher: str | None = None
    issued: str | None = None
    text: str = ""
    assertions: list[Assertion] = field(default_factory=list)
    nodes: dict[str, Node] = field(default_factory=dict)

    @property
    def iri(self) -> str:
        return MINTER.document(self.identity)

    def node(self, root: str, offset: int) -> str:
        return unnamed(self.iri, offset, root)

    def sentence(self, text: str, page: int | None = None) -> Passage:
        start = len(self.text)
        self.text += text + "\n"
        return Passage(start, start + len(text), text, page=page)

    def says(
        self,
        passage: Passage,
        subject: str,
        class_: str | None,
        label: str | None = None,
        confidence: float = 0.9,
        **properties: "Term | list[Term]",
    ) -> str:
        """The passage says these properties of a node; gives the node's IRI."""
        known = self.nodes.get(subject)
        mentions = (*(known.mentions if known else ()), passage)
        self.nodes[subject] = Node(subject, label or (known.label if known else None), (), mentions)
        triples: list[tuple[str, Term]] = [(RDF.type, KG[class_])] if class_ else []
        for name, values in properties.items():
            for value in values if isinstance(values, list) else [values]:
                triples.append((KG[name], value))
        for predicate, value in triples:
            self.assertions.append(Assertion(subject, predicate, value, (passage,), confidence))
        return subject

    def graph(self):
        from datetime import date

        document = Document(
            iri=self.iri,
            identity=self.identity,
            sha256="0" * 64,
            text=self.text,
            passages=(),
            title=self.title,
            language="en",
            publisher=self.publisher,
            issued=date.fromisoformat(self.issued) if self.issued else None,
        )
        return build_graph(
            Extraction(document, tuple(self.nodes.values()), tuple(self.assertions), "by-hand", "1")
        )


def first_note() -> Draft:
    note = Draft("https://example.org/steppe", "A note on the steppe", "The Example Post", "2016-06-01")
    p = note.sentence("On 21 May 2016, as people marched over land, Twitter and Skype could not be reached.")
    note.says(p, KZ, "Country", "Kazakhstan")
    note.says(p, TWITTER, "Platform", "Twitter")
    note.says(p, SKYPE, "Platform", "Skype")
    march = note.says(
        p,
        note.node("event", 10),
        "Protest",
        "land marches",
        country=KZ,
        date=day("2016-05-21"),
        usedPlatform=TWITTER,
        grievance=words("land"),
    )
    law = note.says(
        p,
        MINTER.named("law", "Communications Law"),
        "Law",
        "Communications Law",
        country=KZ,
        date=year("2014"),
    )
    office = note.says(p, note.node("actor", 20), "StateBody", "prosecutor's office", country=KZ)
    note.says(
        p,
        note.node("event", 30),
        "Blocking",
        None,
        country=KZ,
        date=day("2016-05-21"),
        conductedBy=office,
        target=[TWITTER, SKYPE],
        legalBasis=law,
        inResponseTo=march,
    )
    p = note.sentence(
        "The Communications Law of 2014 lets the prosecutor's office block without asking a court."
    )
    power = note.says(
        p,
        note.node("power", 40),
        "LegalPower",
        None,
        powerHolder=office,
        permits=KGC.blocking,
        courtOrderRequired=truth(False),
        ground=words("extremism"),
    )
    note.says(p, law, None, grants=power)
    p = note.sentence(
        "Officials counted 16 dead in the strike of 2011 at Zhanaozen; others wrote of up to 73."
    )
    town = note.says(p, MINTER.named("place", "Zhanaozen"), "Place", "Zhanaozen", country=KZ)
    strike = note.says(
        p,
        MINTER.named("event", "Zhanaozen strike"),
        "Strike",
        "Zhanaozen strike",
        country=KZ,
        location=town,
        date=year("2011"),
    )
    officials = note.says(p, note.node("actor", 50), "Group", "officials")
    note.says(
        p,
        note.node("claim", 60),
        "Claim",
        None,
        about=strike,
        claimedProperty=KG.deathToll,
        claimedValue=integer(16),
        claimedBy=officials,
        stance=KGC.asserts,
    )
    others = note.says(p, note.node("actor", 70), "Group", "some reporters")
    note.says(
        p,
        note.node("claim", 80),
        "Claim",
        None,
        about=strike,
        claimedProperty=KG.deathToll,
        claimedValue=integer(73),
        bound=KGC.atMost,
        claimedBy=others,
        stance=KGC.asserts,
    )
    p = note.sentence("Karim Massimov, the prime minister, opened a Twitter account.")
    person = note.says(
        p,
        MINTER.named("actor", "Karim Massimov"),
        "Person",
        "Karim Massimov",
        holdsOffice=words("prime minister"),
        officeOf=KZ,
    )
    note.says(
        p,
        note.node("account", 90),
        "Account",
        None,
        accountHolder=person,
        onPlatform=TWITTER,
        handle=Literal("massimov_k"),
    )
    return note


def second_note() -> Draft:
    note = Draft("https://example.org/wire", "From the wire", "Example Wire", "2016-07-02")
    p = note.sentence("At least 15 died in the Zhanaozen strike; Kazakhstan named no culprit.")
    note.says(p, KZ, "Country", "Kazakhstan")
    strike = note.says(p, MINTER.named("event", "Zhanaozen strike"), "Strike", "Zhanaozen strike", country=KZ)
    note.says(
        p,
        note.node("claim", 5),
        "Claim",
        None,
        about=strike,
        claimedProperty=KG.deathToll,
        claimedValue=integer(15),
        bound=KGC.atLeast,
        stance=KGC.asserts,
    )
    p = note.sentence("On 30 May 2016 the internet was cut in the west of Kazakhstan.")
    note.says(p, note.node("event", 12), "Shutdown", None, country=KZ, date=day("2016-05-30"), confidence=0.7)
    return note


def load(store: Store, *drafts: Draft) -> Store:
    with store.writer() as writer:
        writer.replace_graph(MINTER.graph("ontology"), ontology_graph())
        writer.replace_graph(MINTER.graph("reference"), REFERENCE.encode())
        for draft in drafts:
            writer.replace_graph(MINTER.document_graph(draft.iri), draft.graph())
        writer.commit()
    return store


def sample_store() -> Store:
    return load(open_store(None), first_note(), second_note())


#: A query that nobody would wait for.
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n ?o }"


def store_with_notes(path: Path) -> Path:
    """A store on disk with both notes."""
    with open_store(path, create=True) as opened:
        load(opened, first_note(), second_note())
    return path
