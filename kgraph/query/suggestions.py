"""What somebody may have meant."""

import difflib
import unicodedata
from collections.abc import Iterable


def fold(name: str) -> str:
    """A name without case, accents and needless spaces.

    >>> fold("  Éire  Nua ")
    'eire nua'
    """
    text = unicodedata.normalize("NFKD", name).casefold()
    return " ".join("".join(c for c in text if not unicodedata.combining(c)).split())


def near(name: str, known: Iterable[str], most: int = 3) -> list[str]:
    """Those of the known names that are most like a name, the nearest first."""
    spelt: dict[str, str] = {}
    for each in sorted(known):
        spelt.setdefault(fold(each), each)
    folded = fold(name)
    found = difflib.get_close_matches(folded, spelt, n=most, cutoff=0.6)
    if len(found) < most and folded:
        containing = sorted((k for k in spelt if folded in k and k not in found), key=lambda k: (len(k), k))
        found += containing[: most - len(found)]
    return [spelt[each] for each in found]
