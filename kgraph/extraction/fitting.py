"""What the vocabulary can say: statements outside it are left out before anyone has to refuse them.

Rules find "the sites of Myanmar" and give the sites a country, which a website cannot have. One
such statement would keep the whole document out at the gate.
"""

from collections.abc import Iterable

from kgraph.iris import ntriples
from kgraph.namespaces import RDF
from kgraph.ontology import property_rules
from kgraph.records import Assertion


def fit(assertions: Iterable[Assertion]) -> list[Assertion]:
    """The statements that fit their property's domain and range, and the surest of those it takes one of."""
    said = list(assertions)
    classes = {a.subject: a.object for a in said if a.predicate == RDF.type and isinstance(a.object, str)}
    fitting = [a for a in said if _fits(a, classes)]
    surest: dict[tuple[str, str], Assertion] = {}
    for assertion in fitting:
        key = assertion.subject, assertion.predicate
        if key not in surest or _rank(assertion) < _rank(surest[key]):
            surest[key] = assertion
    rules = property_rules()
    return [
        a
        for a in fitting
        if a.predicate not in rules or not rules[a.predicate].is_single or surest[a.subject, a.predicate] is a
    ]


def _fits(assertion: Assertion, classes: dict[str, str]) -> bool:
    rule = property_rules().get(assertion.predicate)
    if rule is None:
        return True
    value = assertion.object
    known = classes.get(value) if isinstance(value, str) else None
    return rule.allows_subject(classes[assertion.subject]) and (known is None or rule.allows_value(known))


def _rank(assertion: Assertion) -> tuple[float, int, str]:
    """The surest first, then the one said first."""
    return -assertion.confidence, assertion.evidence[0].start, ntriples(assertion.object)
