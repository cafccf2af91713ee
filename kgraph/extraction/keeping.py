"""Leaving out what is too unsure, and what hangs on it."""

from dataclasses import replace

from kgraph.iris import minter_of
from kgraph.namespaces import KG, RDF
from kgraph.records import Assertion, Extraction


def keep(extraction: Extraction, min_confidence: float) -> Extraction:
    """The extraction without what is less sure than asked, and without what that leaves hanging.

    A node that lost its class goes, with all that names it; a claim without a value, and a power
    of no law, no holder and no method, too; so do nodes told by a common noun that nothing names any more.

    :param min_confidence: in [0, 1].
    """
    kept = [a for a in extraction.assertions if a.confidence >= min_confidence]
    resources = minter_of(extraction.document.iri).resources
    while True:
        typed = frozenset(a.subject for a in kept if a.predicate == RDF.type)
        fitting = [a for a in kept if _holds(a, typed, resources)]
        fitting = _without_hollow(fitting)
        if len(fitting) == len(kept):
            break
        kept = fitting
    alive = {a.subject for a in kept}
    nodes = tuple(node for node in extraction.nodes if node.iri in alive)
    return replace(extraction, nodes=nodes, assertions=tuple(kept))


def _holds(assertion: Assertion, typed: frozenset[str], resources: str) -> bool:
    object_ = assertion.object
    dangling = isinstance(object_, str) and object_.startswith(resources) and object_ not in typed
    return assertion.subject in typed and not dangling


#: Class → properties of which a node of it needs at least one, and needs it in full.
_NEEDED = {
    KG.Claim: ((KG.about,), (KG.claimedValue,)),
    KG.LegalPower: ((KG.permits, KG.powerHolder, KG.ground),),
    KG.Account: ((KG.accountHolder, KG.onPlatform),),
    KG.Regime: ((KG.regimeOf,),),
    KG.Assessment: ((KG.assessed,), (KG.rank, KG.score)),
}


def _without_hollow(assertions: list[Assertion]) -> list[Assertion]:
    """Without nodes that say nothing by themselves and have lost what they said."""
    said: dict[str, set[str]] = {}
    for assertion in assertions:
        said.setdefault(assertion.subject, set()).add(assertion.predicate)
    hollow = {
        a.subject
        for a in assertions
        if a.predicate == RDF.type
        and isinstance(a.object, str)
        and any(not said[a.subject] & set(either) for either in _NEEDED.get(a.object, ()))
    }
    return [a for a in assertions if a.subject not in hollow]
