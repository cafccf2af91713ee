"""A claim: a value that someone gives for a property of something."""

from dataclasses import dataclass

from kgraph.extraction.events.frame import Attribution
from kgraph.records import Term


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


#: Longest phrase that is a cause.
LONGEST = 20
