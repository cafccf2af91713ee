"""The triples of the claims."""

from collections.abc import Iterator, Sequence

from kgraph.extraction.claims.claim import Claim
from kgraph.extraction.coreference import Reading
from kgraph.extraction.facts import Fact, concept, term
from kgraph.iris import unnamed
from kgraph.namespaces import RDF
from kgraph.records import Term


def claim_facts(reading: Reading, claims: Sequence[Claim]) -> Iterator[Fact]:
    """The triples of the claims; two that start at one word get neighbouring addresses."""
    used: set[str] = set()
    for claim in claims:
        offset = claim.offset
        while unnamed(reading.document.iri, offset, "claim") in used:
            offset += 1
        iri = unnamed(reading.document.iri, offset, "claim")
        used.add(iri)
        yield from _facts(iri, claim)


def _facts(iri: str, claim: Claim) -> Iterator[Fact]:
    """The triples of one claim at its address."""

    def fact(predicate: str, value: Term) -> Fact:
        return Fact(iri, predicate, value, (claim.sentence,), claim.mechanism)

    yield fact(RDF.type, term("Claim"))
    yield fact(term("about"), claim.about)
    if claim.name:
        yield fact(term("claimedProperty"), term(claim.name))
    yield fact(term("claimedValue"), claim.value)
    yield fact(term("stance"), concept(claim.attribution.stance))
    if claim.bound:
        yield fact(term("bound"), concept(claim.bound))
    for claimant in claim.attribution.claimants:
        yield fact(term("claimedBy"), claimant)
