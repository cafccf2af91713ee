"""The way through the room: passages → sentences → mentions → things → events → facts → records."""

from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass

from kgraph.extraction.accounts import Account, account_facts, find_accounts
from kgraph.extraction.assemble import Named, assemble
from kgraph.extraction.assessments import assessment_facts
from kgraph.extraction.claims import claim_facts, find_claims, number_facts
from kgraph.extraction.coreference import resolve
from kgraph.extraction.dates import calendar_of
from kgraph.extraction.events.facts_of_events import event_facts
from kgraph.extraction.events.merging import Events
from kgraph.extraction.facts import Fact
from kgraph.extraction.facts_of_things import thing_facts
from kgraph.extraction.language_model import model_version, parse
from kgraph.extraction.law import Legal, law_facts, read_law
from kgraph.extraction.law.making import law_making_facts
from kgraph.extraction.mentions import find_mentions
from kgraph.extraction.offices import office_facts
from kgraph.extraction.ownership import ownership_facts
from kgraph.extraction.regimes import regime_facts
from kgraph.extraction.sentences import Sentence, earlier, telling
from kgraph.extraction.stretches import STRETCH, Carry, stretches
from kgraph.extraction.switches import (
    left_calendar,
    left_events,
    left_facts,
    left_mentions,
    left_reading,
    told,
)
from kgraph.extraction.titles import sentence_case
from kgraph.extraction.uniting import Union
from kgraph.gazetteer import Gazetteer
from kgraph.namespaces import KG
from kgraph.records import Assertion, Document, Extraction, Node, Passage


@dataclass(frozen=True, slots=True)
class RuleExtractor:
    """Word lists, patterns of names and rules over a dependency parse; runs on a laptop, for English.

    :param version: raised with each change of what it finds.
    :param stretch: passages that are read together, at most; ordinary documents have fewer.
    :param without: names of `MECHANISMS` to switch off, to measure what they add.
    """

    name: str = "kgraph-rules"
    version: str = "2"
    languages: tuple[str, ...] = ("en",)
    stretch: int = STRETCH
    without: frozenset[str] = frozenset()

    def extract(self, document: Document, gazetteer: Gazetteer) -> Extraction:
        """All that a document says, as far as the rules find it, with confidence."""
        carry, union, settings = Carry(), Union(), {"model": model_version()}
        nodes: tuple[Node, ...] = ()
        assertions: tuple[Assertion, ...] = ()
        parts = list(stretches(document, self.stretch))
        for number, passages in enumerate(parts):
            before = [earlier(carry.home_told)] if number else []
            parsed = parse(passages, len(before), {} if number else _title_read(document, passages))
            sentences = telling([*before, *parsed])
            nodes, assertions = _read(document, gazetteer, sentences, carry, self.without)
            if len(parts) > 1:
                union.add(nodes, assertions)
        if len(parts) > 1:
            nodes, assertions = union.records(carry.same_things())
            settings["stretch"] = str(self.stretch)
        if self.without:
            settings["without"] = ", ".join(sorted(self.without))
        return Extraction(document, nodes, assertions, self.name, self.version, settings)


#: The extractor that kgraph comes with.
RULES = RuleExtractor()


def _title_read(document: Document, passages: Sequence[Passage]) -> dict[Passage, str]:
    """How the title is read: in sentence case."""
    title = [p for p in passages[:1] if " ".join(p.text.split()) == " ".join(document.title.split())]
    return {passage: sentence_case(passage.text, (p.text for p in passages[1:])) for passage in title}


def _read(
    document: Document,
    gazetteer: Gazetteer,
    sentences: Sequence[Sentence],
    carry: Carry,
    without: Set[str] = frozenset(),
) -> tuple[tuple[Node, ...], tuple[Assertion, ...]]:
    """What one stretch of a document says."""
    mentions = left_mentions(find_mentions(sentences, gazetteer, carry), without)
    reading = left_reading(resolve(document, gazetteer, sentences, mentions, carry), without)
    legal = read_law(reading, carry)
    calendar = left_calendar(calendar_of(document), without)
    events = left_events(reading, told(reading, calendar, legal, without), without)
    accounts = find_accounts(reading, carry)
    facts: list[Fact] = [
        *event_facts(reading, events),
        *claim_facts(reading, find_claims(reading, events, legal)),
        *number_facts(reading, events),
        *law_facts(reading, legal),
        *law_making_facts(reading, legal, calendar),
        *ownership_facts(reading),
        *office_facts(reading),
        *account_facts(accounts, events),
        *regime_facts(reading, carry),
        *assessment_facts(reading, calendar),
    ]
    facts = list(left_facts(facts, without))
    facts += thing_facts(reading, _used(facts), _speakers(facts))
    return assemble(reading, facts, _names(events, legal, accounts))


def _used(facts: Iterable[Fact]) -> set[str]:
    """Addresses that facts speak of."""
    return {node for fact in facts for node in (fact.subject, fact.object) if isinstance(node, str)}


def _speakers(facts: Iterable[Fact]) -> set[str]:
    """Those who are only spoken of as the source of a claim."""
    facts = list(facts)
    speaking = {f.object for f in facts if f.predicate == KG.claimedBy and isinstance(f.object, str)}
    others = {f.object for f in facts if f.predicate != KG.claimedBy and isinstance(f.object, str)}
    return speaking - others


def _names(events: Events, legal: Legal, accounts: Iterable[Account]) -> dict[str, Named]:
    """Labels and places of what is no thing: events with a name, laws told by a noun, accounts."""
    names = {
        event.iri: Named(
            next((f.name for f in event.frames if f.name), None),
            tuple(sorted({f.sentence for f in event.frames})),
        )
        for event in events.events
    }
    names |= {law.iri: Named(law.name, law.sentences) for law in legal.laws}
    return names | {account.iri: Named(account.handle or None, (account.sentence,)) for account in accounts}
