"""A claim: a value that someone gives for a property of something."""

from dataclasses import dataclass

from kgraph.extraction.coreference import Reading
from kgraph.extraction.events.frame import Attribution
from kgraph.records import Literal, Term


@dataclass(frozen=True, slots=True)
class Claim:
    """One claim before it has an address.

    :param offset: of the words that say it.
    :param about: address of what it is on.
    :param name: local name of the property that it gives a value for; "" for none.
    """

    sentence: int
    offset: int
    about: str
    name: str
    value: Term
    attribution: Attribution
    bound: str = ""
    mechanism: str = "claim"


#: Longest phrase that is a value, in words.
_LONGEST = 20


def wording(reading: Reading, words: str) -> Literal | None:
    """A phrase as the value of a claim; None where it is empty or too long for one."""
    if not 0 < len(words.split()) <= _LONGEST:
        return None
    return Literal(words, language=reading.document.language or "en")
