"""How sure each mechanism is: a prior for each, times what the circumstances make of it.

A prior is the share of a mechanism's statements that were right on the documents on which the
extractor was developed, rounded, with a little taken off where few were seen.
"""

from collections.abc import Mapping

#: Mechanism (its name, or the start of it) → prior.
PRIORS: Mapping[str, float] = {
    "gazetteer": 0.9,
    "adjective": 0.9,
    "implied": 0.75,
    "demonym": 0.75,
    "address": 0.75,
    "name pattern": 0.8,
    "title": 0.9,
    "description": 0.75,
    "noun": 0.75,
    "NER": 0.6,
    "country of thing": 0.8,
    "event": 0.75,
    "agent": 0.75,
    "target": 0.8,
    "date": 0.75,
    "location": 0.7,
    "claim": 0.7,
    "power": 0.7,
    "law": 0.7,
    "account": 0.7,
    "office": 0.85,
    "regime": 0.6,
    "rank": 0.8,
    "response": 0.65,
}

#: Where a mechanism has no prior of its own.
DEFAULT = 0.65


def confidence(mechanism: str, weight: float = 1.0) -> float:
    """The confidence of a statement in [0, 1], by the longest prior that its mechanism's name starts with.

    >>> confidence("gazetteer")
    0.9
    """
    fitting = [name for name in PRIORS if mechanism.startswith(name)]
    prior = PRIORS[max(fitting, key=len)] if fitting else DEFAULT
    return round(min(1.0, prior * weight), 3)
