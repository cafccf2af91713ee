"""The triples of laws and powers."""

import re
from collections.abc import Iterator

from kgraph.extraction.coreference import Reading
from kgraph.extraction.dates import date_literal
from kgraph.extraction.facts import Fact, boolean, concept, term
from kgraph.extraction.law.legal import Legal
from kgraph.extraction.law.power import Power
from kgraph.namespaces import RDF
from kgraph.records import Literal

#: A year behind a law's name: "Act of 2018", "Act, 2018", "Act (2018".
_YEAR_BEHIND = re.compile(r"(?:of |, ?|\()?((?:19|20)\d\d)\b")


def law_facts(reading: Reading, legal: Legal) -> Iterator[Fact]:
    """The triples of laws and powers."""
    for law in legal.laws:
        yield Fact(law.iri, RDF.type, term("Law"), law.sentences, "law noun")
        if law.year:
            yield Fact(law.iri, term("date"), date_literal(law.year), law.sentences[:1], "law year")
        if reading.home:
            yield Fact(law.iri, term("country"), reading.home, law.sentences[:1], "law country")
    for thing in reading.things.values():
        year = re.match(r"(?:19|20)\d\d\b", thing.names[0]) if thing.kind == "Law" else None
        if year:
            yield Fact(thing.iri, term("date"), date_literal(year[0]), thing.sentences[:1], "law year")
    for mention in (m for found in reading.mentions for m in found if m.kind == "Law" and m.proper):
        behind = reading.sentences[mention.sentence].doc[mention.end : mention.end + 2].text
        named = reading.thing_at(mention.sentence, mention.head)
        if named is not None and (year := _YEAR_BEHIND.match(behind)):
            yield Fact(named.iri, term("date"), date_literal(year[1]), (mention.sentence,), "law year")
    for power in legal.powers:
        yield from _power_facts(reading, power)


def _power_facts(reading: Reading, power: Power) -> Iterator[Fact]:
    numbers = (power.sentence,)
    yield Fact(power.iri, RDF.type, term("LegalPower"), numbers, "power")
    if power.law:
        yield Fact(power.law, term("grants"), power.iri, numbers, "power")
    for holder in power.holders:
        yield Fact(power.iri, term("powerHolder"), holder, numbers, "power holder")
    for method in power.methods:
        yield Fact(power.iri, term("permits"), concept(method), numbers, "power")
    for ground in power.grounds:
        yield Fact(
            power.iri,
            term("ground"),
            Literal(ground, language=reading.document.language or "en"),
            numbers,
            "power ground",
        )
    if power.court_order is not None:
        yield Fact(power.iri, term("courtOrderRequired"), boolean(power.court_order), numbers, "court order")
