"""Claims: numbers, causes and responsibilities that the text puts in someone's mouth."""

from kgraph.extraction.claims.claim import Claim
from kgraph.extraction.claims.facts import claim_facts
from kgraph.extraction.claims.find import find_claims
from kgraph.extraction.claims.numbers import number_facts

__all__ = ["Claim", "claim_facts", "find_claims", "number_facts"]
