"""Documents that nobody wrote, in the shape that ours have: the data of the benchmarks.

Each is an `Extraction` of about 150 assertions, whose graph has about 1,500 triples: the document, the run,
passages with their selectors, events, actors, places, laws, claims and accounts, and an assertion with
evidence and confidence for each statement. Countries and platforms are those of the gazetteer; people,
bodies, towns and laws come from pools that all documents share, some of them far more often than others; the
rest is a document's own.

Document N is the same whatever else is made, on any machine. Clean ones conform, each alone and all together.
A faulty one holds each of `FAULTS` once, on nodes of its own, so that what has to be found is known.
"""

import hashlib
import itertools
import random
from collections.abc import Callable, Collection, Iterator
from datetime import date

import pyoxigraph as ox
from rdflib import Graph

from kgraph.graphs import build_graph
from kgraph.iris import Minter, unnamed
from kgraph.namespaces import KG, KGC, RDF, XSD
from kgraph.records import Assertion, Document, Extraction, Literal, Node, Passage, Term
from kgraph.store import engine_triples

#: Assertions of a document of the usual size, and about how many triples its graph has for each of them.
ASSERTIONS, TRIPLES_EACH = 150, 10

#: One document in so many is faulty, where some shall be.
FAULTY_EVERY = 5

MINTER = Minter()

_COUNTRIES = {
    "KZ": "Kazakhstan", "UZ": "Uzbekistan", "BY": "Belarus", "UG": "Uganda", "IR": "Iran", "CU": "Cuba",
    "MM": "Myanmar", "EG": "Egypt", "TD": "Chad", "ET": "Ethiopia", "VN": "Vietnam", "AZ": "Azerbaijan",
}  # fmt: skip
_PLATFORMS = {
    "twitter": "Twitter", "facebook": "Facebook", "telegram": "Telegram", "youtube": "YouTube",
    "whatsapp": "WhatsApp", "instagram": "Instagram", "signal": "Signal", "viber": "Viber",
}  # fmt: skip
_FIRST = ["Aida", "Boris", "Chen", "Dana", "Elif", "Farid", "Gulnara", "Hassan", "Ilse", "Joao", "Karim"]
_START = ["Akhm", "Berd", "Cast", "Dovl", "Erk", "Fern", "Gais", "Holm", "Ibra", "Jans", "Kass", "Lind"]
_MIDDLE = ["ab", "ed", "il", "or", "um", "an", "et", "is", "ol", "ur"]
_PERSON_END = ["ov", "eva", "ez", "ing", "ari", "son", "ulin", "aty", "berg", "ini"]
_TOWN_END = ["grad", "abad", "ville", "kent", "burg", "pur", "stan", "ton"]
_BODIES = ["Ministry", "Committee", "Agency", "Commission", "Bureau"]
_FIELDS = ["Information", "Digital Development", "Public Order", "Press Affairs", "Internal Security"]
_OFFICES = ["minister", "deputy minister", "governor", "spokesman", "head of the agency", "prosecutor"]
_MATTERS = ["land", "fuel prices", "unpaid wages", "the election", "a new tax", "the arrest of a blogger"]
_CHARGES = ["extremism", "insult", "spreading rumours", "hooliganism"]
_MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October"]


class _Draft:
    """A document in the making: sentences, and what each of them says."""

    def __init__(self, number: int, seed: int):
        self.number, self.seed = number, seed
        self.chance = random.Random(f"{seed}/{number}")
        self.identity = f"https://example.org/reports/{seed}/{number}"
        self.iri = MINTER.document(self.identity)
        self.text = ""
        self.passages: list[Passage] = []
        self.said: dict[tuple[str, str, Term], tuple[float, list[Passage]]] = {}
        self.labels: dict[str, str | None] = {}
        self.mentions: dict[str, list[Passage]] = {}
        self.events: list[str] = []
        self.countries = self.chance.sample(sorted(_COUNTRIES), 2)

    def sentence(self, text: str, kind: str = "body", cut: int = 0) -> Passage:
        """Add a sentence; its span is too short by `cut`."""
        start = len(self.text)
        self.text += text + "\n"
        self.passages.append(Passage(start, start + len(text) - cut, text, kind))  # type: ignore[arg-type]
        return self.passages[-1]

    def own(self, root: str) -> str:
        """A new node of the document's own."""
        return unnamed(self.iri, 10 * len(self.labels), root)

    def says(
        self,
        subject: str,
        class_: str,
        label: str | None = None,
        confidence: float | None = None,
        **properties: Term,
    ) -> str:
        """The last sentence says that a node is of a class and has these properties; gives the node."""
        self.labels.setdefault(subject, label)
        self._note(self.mentions.setdefault(subject, []))
        statements: list[tuple[str, Term]] = [(KG[name], value) for name, value in properties.items()]
        for predicate, value in [(RDF.type, KG[class_]), *statements]:
            sure = confidence or self.chance.choice((0.6, 0.75, 0.8, 0.9, 0.95))
            self._note(self.said.setdefault((subject, predicate, value), (sure, []))[1])
        return subject

    def _note(self, passages: list[Passage]) -> None:
        if not passages or passages[-1] != self.passages[-1]:
            passages.append(self.passages[-1])

    def extraction(self) -> Extraction:
        """The document as it stands, with all that it says."""
        country = _COUNTRIES[self.countries[0]]
        document = Document(
            iri=self.iri,
            identity=self.identity,
            sha256=hashlib.sha256(self.text.encode()).hexdigest(),
            text=self.text,
            passages=tuple(self.passages),
            title=f"Report {self.number} on {country}",
            language="en",
            publisher=f"The {country} Post",
            issued=date(2024, 1, 1 + self.number % 28),
            source=self.identity,
        )
        nodes = [Node(iri, label, (), tuple(self.mentions[iri])) for iri, label in self.labels.items()]
        assertions = [Assertion(*triple, tuple(ps), sure) for triple, (sure, ps) in self.said.items()]
        return Extraction(
            document, tuple(nodes), tuple(assertions), "synthetic", "1", {"seed": str(self.seed)}
        )


# What documents share. All that is said of such a thing follows from its name: documents agree on it.


def _pick(draft: _Draft, *pools: list[str]) -> str:
    """A name from pools of parts, some names far more often than others."""
    place = int(draft.chance.random() ** 3 * len(pools[0]) * 10_000)
    parts = []
    for pool in reversed(pools):
        parts.append(pool[place % len(pool)])
        place //= len(pool)
    return "".join(reversed(parts))


def _country(draft: _Draft, code: str | None = None) -> str:
    code = code or draft.chance.choice(draft.countries)
    return draft.says(MINTER.known("country", code), "Country", _COUNTRIES[code])


def _platform(draft: _Draft) -> str:
    name = draft.chance.choice(sorted(_PLATFORMS))
    return draft.says(MINTER.known("platform", name), "Platform", _PLATFORMS[name])


def _person(draft: _Draft) -> str:
    name = f"{draft.chance.choice(_FIRST)} {_pick(draft, _START, _MIDDLE, _MIDDLE, _PERSON_END)}"
    return draft.says(MINTER.named("actor", name), "Person", name)


def _town(draft: _Draft, country: str) -> str:
    name = f"{_pick(draft, _START, _MIDDLE, _TOWN_END)} in {_COUNTRIES[country[-2:]]}"
    return draft.says(MINTER.named("place", name), "Place", name, country=country)


def _body(draft: _Draft, country: str) -> str:
    name = f"{draft.chance.choice(_BODIES)} of {draft.chance.choice(_FIELDS)} of {_COUNTRIES[country[-2:]]}"
    return draft.says(MINTER.named("actor", name), "StateBody", name, country=country)


def _law(draft: _Draft, country: str) -> str:
    name = f"Law on {draft.chance.choice(_FIELDS)} of {_COUNTRIES[country[-2:]]}"
    year = Literal(str(1991 + len(name) % 30), XSD.gYear)
    return draft.says(MINTER.named("law", name), "Law", name, country=country, date=year)


# Sentences


def _day(draft: _Draft) -> Literal:
    chance = draft.chance
    year, month, day = chance.randint(2001, 2023), chance.randint(1, 12), chance.randint(1, 28)
    return chance.choice(
        (
            Literal(f"{year}-{month:02}-{day:02}", XSD.date),
            Literal(f"{year}-{month:02}-{day:02}", XSD.date),
            Literal(f"{year}-{month:02}", XSD.gYearMonth),
            Literal(str(year), XSD.gYear),
        )
    )


def _number(draft: _Draft) -> Literal:
    return Literal(str(draft.chance.randint(1, 9_999)), XSD.integer)


def _words(text: str) -> Literal:
    return Literal(text, language="en")


def _blocking(draft: _Draft) -> None:
    draft.sentence(
        f"In {draft.chance.choice(_MONTHS)} the authorities kept users from two platforms, citing the law."
    )
    country = _country(draft)
    event = draft.says(
        draft.own("event"), draft.chance.choice(("Blocking", "Throttling", "Ban")), None,
        country=country, date=_day(draft), conductedBy=_body(draft, country), legalBasis=_law(draft, country),
    )  # fmt: skip
    for _ in range(2):
        draft.says(event, _class(draft, event), target=_platform(draft))
    draft.events.append(event)


def _protest(draft: _Draft) -> None:
    matter = draft.chance.choice(_MATTERS)
    draft.sentence(
        f"Thousands came together over {matter}, as {draft.chance.randint(2, 99)} witnesses told us."
    )
    country = _country(draft)
    event = draft.says(
        draft.own("event"), draft.chance.choice(("Protest", "Rally", "Riot")), f"protests over {matter}",
        country=country, date=Literal(f"{draft.chance.randint(2001, 2011)}-05-04", XSD.date),
        endDate=Literal(str(draft.chance.randint(2012, 2020)), XSD.gYear), location=_town(draft, country),
        grievance=_words(matter), usedPlatform=_platform(draft), participantCount=_number(draft),
    )  # fmt: skip
    draft.events.append(event)


def _arrest(draft: _Draft) -> None:
    charge = draft.chance.choice(_CHARGES)
    draft.sentence(
        f"Police took a journalist and {draft.chance.randint(2, 99)} others away, accused of {charge}."
    )
    country = _country(draft)
    event = draft.says(
        draft.own("event"), "Arrest", None, country=country, date=_day(draft), target=_person(draft),
        conductedBy=_body(draft, country), charge=_words(charge), arrestCount=_number(draft),
    )  # fmt: skip
    draft.events.append(event)


def _claim(draft: _Draft) -> None:
    if not draft.events:
        _protest(draft)
    draft.sentence(
        f"At least {draft.chance.randint(2, 999)} people died, said one of those who had been there."
    )
    event = draft.chance.choice(draft.events)
    draft.says(event, _class(draft, event))
    draft.says(
        draft.own("claim"), "Claim", None, about=event, claimedProperty=KG.deathToll,
        claimedValue=_number(draft), bound=KGC.atLeast, claimedBy=_person(draft),
        stance=draft.chance.choice((KGC.asserts, KGC.denies)),
    )  # fmt: skip


def _account(draft: _Draft) -> None:
    handle = f"user_{draft.chance.randint(1, 99_999)}"
    draft.sentence(f"The minister writes as {handle} and answers nobody.")
    person = _person(draft)
    country = _country(draft, sorted(_COUNTRIES)[sum(map(ord, person)) % len(_COUNTRIES)])
    draft.says(person, "Person", holdsOffice=_words(draft.chance.choice(_OFFICES)), officeOf=country)
    draft.says(
        draft.own("account"),
        "Account",
        None,
        accountHolder=person,
        onPlatform=_platform(draft),
        handle=Literal(handle),
    )


def _power(draft: _Draft) -> None:
    draft.sentence(
        f"The law lets the body block and fine without a court, in article {draft.chance.randint(1, 300)}."
    )
    country = _country(draft)
    law, body = _law(draft, country), _body(draft, country)
    power = draft.says(
        draft.own("power"), "LegalPower", None, powerHolder=body,
        permits=draft.chance.choice((KGC.blocking, KGC.ban)), ground=_words(draft.chance.choice(_CHARGES)),
        courtOrderRequired=Literal("false", XSD.boolean),
    )  # fmt: skip
    draft.says(law, "Law", grants=power)


_SENTENCES = (_blocking, _protest, _arrest, _claim, _claim, _account, _power)


def _class(draft: _Draft, node: str) -> str:
    """The class that a node was given."""
    return next(str(o).removeprefix(str(KG)) for s, p, o in draft.said if (s, p) == (node, RDF.type))


# Faults


def _event(draft: _Draft, class_: str = "Protest", **properties: Term) -> str:
    draft.sentence(f"Something happened that is told wrongly, as sentence {len(draft.passages)} shows.")
    return draft.says(draft.own("event"), class_, None, **properties)


def _bad_claim(draft: _Draft, **stance: Term) -> None:
    draft.says(draft.own("claim"), "Claim", None, about=_event(draft), **stance)


def _ends_early(draft: _Draft) -> None:
    _event(draft, date=Literal("2016-05-21", XSD.date), endDate=Literal("2015", XSD.gYear))


def _two_tolls(draft: _Draft) -> None:
    event = _event(draft, deathToll=Literal("3", XSD.integer))
    draft.says(event, "Protest", deathToll=Literal("4", XSD.integer))


def _located_at_person(draft: _Draft) -> None:
    person = draft.says(_event(draft).replace("-event", "-actor"), "Person", "Nobody in particular")
    draft.says(draft.own("event"), "Protest", None, location=person)


def _too_sure(draft: _Draft) -> None:
    draft.says(_event(draft), "Protest", confidence=1.5, demand=_words("bread"))


def _bad_handle(draft: _Draft) -> None:
    draft.sentence("The minister writes as @minister.")
    draft.says(draft.own("account"), "Account", None, handle=Literal("@minister"))


def _actor_and_law(draft: _Draft) -> None:
    law = draft.says(_event(draft).replace("-event", "-law"), "Law", "a law that is a body")
    draft.says(law, "StateBody")


def _bad_span(draft: _Draft) -> None:
    draft.sentence("The last letters of this are outside its span.", cut=3)
    draft.says(draft.own("event"), "Protest")


def _bad_kind(draft: _Draft) -> None:
    draft.sentence("This stands in a kind of passage that is none.", kind="footnote")
    draft.says(draft.own("event"), "Protest")


#: What can be wrong with a document: how it is written, and how many results of each constraint
#: component the shapes then have to give.
FAULTS: dict[str, tuple[Callable[[_Draft], object], dict[str, int]]] = {
    "month 13": (lambda d: _event(d, date=Literal("2011-13", XSD.gYearMonth)), {"Node": 1}),
    "no stance": (_bad_claim, {"MinCount": 1}),
    "stance of another scheme": (lambda d: _bad_claim(d, stance=KGC.blocking), {"Node": 1}),
    "two death tolls": (_two_tolls, {"MaxCount": 1}),
    "located at a person": (_located_at_person, {"Class": 1}),
    "ends before it begins": (_ends_early, {"LessThanOrEquals": 1, "SPARQL": 1}),
    "confidence above 1": (_too_sure, {"MaxInclusive": 1}),
    "handle with a sign": (_bad_handle, {"Pattern": 1}),
    "actor and law": (_actor_and_law, {"Not": 1}),
    "span too short": (_bad_span, {"SPARQL": 1}),
    "kind of passage": (_bad_kind, {"In": 1}),
}


def write_document(
    number: int, *, seed: int = 1, assertions: int = ASSERTIONS, faults: Collection[str] = ()
) -> Extraction:
    """One document and all that it says.

    :param assertions: about how many; there may be some more.
    :param faults: keys of `FAULTS`.
    """
    draft = _Draft(number, seed)
    for fault in faults:
        FAULTS[fault][0](draft)
    while len(draft.said) < assertions - 4:
        draft.chance.choice(_SENTENCES)(draft)
    return draft.extraction()


def documents(triples: int, *, seed: int = 1, faulty: bool = False) -> Iterator[tuple[Extraction, Graph]]:
    """Documents with their graphs, of about so many triples together; the last one is smaller.

    :param faulty: whether one in `FAULTY_EVERY`, the first among them, holds all faults.
    """
    left = triples
    for number in itertools.count():
        size = min(ASSERTIONS, left // TRIPLES_EACH)
        if size < ASSERTIONS / 3 and number:
            return
        faults = tuple(FAULTS) if faulty and number % FAULTY_EVERY == 0 else ()
        extraction = write_document(number, seed=seed, assertions=size, faults=faults)
        graph = build_graph(extraction)
        left -= len(graph)
        yield extraction, graph


def quads(count: int, *, seed: int = 1, faulty: bool = False) -> Iterator[ox.Quad]:
    """About so many quads, each document in its named graph."""
    for extraction, graph in documents(count, seed=seed, faulty=faulty):
        name = ox.NamedNode(MINTER.document_graph(extraction.document.iri))
        for triple in engine_triples(graph):
            yield ox.Quad(triple.subject, triple.predicate, triple.object, name)
