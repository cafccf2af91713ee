"""All claims of a document."""

from kgraph.extraction.claims.causes import of_causes, of_grounds
from kgraph.extraction.claims.claim import Claim
from kgraph.extraction.claims.judgements import of_judgements
from kgraph.extraction.claims.numbers import of_numbers
from kgraph.extraction.claims.responsibility import of_denied_responsibility, of_responsibility
from kgraph.extraction.coreference import Reading
from kgraph.extraction.events.merging import Events
from kgraph.extraction.law import Legal


def find_claims(reading: Reading, events: Events, legal: Legal) -> list[Claim]:
    """The claims of a document, in reading order."""
    found: list[Claim] = []
    found += of_responsibility(reading, events)
    for sentence in reading.sentences:
        found += of_numbers(reading, sentence, events)
        found += of_causes(reading, sentence, events)
        found += of_grounds(reading, sentence, events)
        found += of_denied_responsibility(reading, sentence, events)
        found += of_judgements(reading, sentence, events, legal)
    return sorted(found, key=lambda c: (c.offset, c.name, repr(c.value)))
