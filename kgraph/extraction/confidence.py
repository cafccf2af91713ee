"""How sure each mechanism is: the share of its statements that are right, for each property and class.

The shares are measured, in `words/priors.toml`; `docs/extraction.md` tells on which texts and how. What
makes a statement less sure (it is hedged, quoted, mentioned in passing) or surer (a second sentence
says it too) is part of the mechanism's name, and so measured by itself.
"""

from collections.abc import Mapping
from functools import lru_cache

from kgraph.extraction.lexicon import read_words
from kgraph.records import Term

#: Ending of a mechanism's name where more than one sentence says the same.
TWICE = " twice"

#: Any mechanism, any property.
_OTHERS = "*"


def kind_told(subject: str, object_: Term, kinds: Mapping[str, str]) -> str:
    """The class by which a statement is measured: that of the node that it ends in, else of its subject.

    :param kinds: local names of classes by the addresses of nodes.
    """
    return kinds.get(object_ if isinstance(object_, str) and object_ in kinds else subject, "")


@lru_cache(maxsize=4096)
def confidence(mechanism: str, predicate: str = _OTHERS, kind: str = "") -> float:
    """The confidence of a statement in [0, 1].

    A mechanism that was never measured is taken for the one whose name its own starts with.

    :param predicate: local name of the property, "a" for a class.
    :param kind: what `kind_told` says of the statement.

    >>> 0 < confidence("never measured") < 1
    True
    """
    priors: Mapping[str, Mapping[str, float]] = read_words("priors")
    if mechanism not in priors:
        known = [name for name in priors if mechanism.startswith(name)]
        mechanism = max(known, key=len, default=_OTHERS)
    shares = priors[mechanism]
    for name in (f"{predicate} {kind}", predicate):
        if name in shares:
            return shares[name]
    return shares[_OTHERS]
