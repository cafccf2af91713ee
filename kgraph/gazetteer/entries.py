"""What the gazetteer knows of one thing, and how names are compared."""

import unicodedata
from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import lru_cache

from kgraph.records import Term
from kgraph.resources import resource

#: One triple of the reference graph, without its subject: predicate and object.
Fact = tuple[str, Term]


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that the reference data knows.

    :param iri: its address, `KIND/SLUG` under the publisher's base; never changed.
    :param kind: local name of its most specific class: Country, Place, Platform, MediaOutlet …
    :param label: its English name.
    :param names: all names that English texts use, as they are written; the label first.
    :param adjectives: of a country: adjectives and words for its people ("Kazakh", "Kazakhs").
    :param country: IRI of the state that it belongs to, where nobody disputes that.
    :param population: of a country or city; 0 where not known.
    :param ambiguous: whether its label is also an ordinary English word or name (Signal, Nice,
        Reading), so that only the context tells what is meant.
    """

    iri: str
    kind: str
    label: str
    names: tuple[str, ...]
    adjectives: tuple[str, ...] = ()
    country: str | None = None
    population: int = 0
    ambiguous: bool = False


@dataclass(frozen=True, slots=True)
class Known:
    """An entry as its source gives it, with the facts that the reference graph holds beside its names.

    :param prominence: decides between namesakes, the largest first: a population, or what stands for one.
    :param late_facts: makes further facts when they are asked for: of most cities nobody does.
    """

    entry: Entry
    facts: tuple[Fact, ...] = ()
    prominence: int = 0
    late_facts: Callable[[], tuple[Fact, ...]] | None = None


@lru_cache(maxsize=1)
def ordinary_words() -> frozenset[str]:
    """Words and personal names of everyday English, in lower case, that are also names of known things."""
    text = resource("data", "gazetteer", "ordinary-words.txt").read_text(encoding="utf-8")
    return frozenset(line.strip() for line in text.splitlines() if line and not line.startswith("#"))


def is_ordinary(name: str) -> bool:
    """Whether a name is also an ordinary English word or personal name.

    >>> is_ordinary("Reading"), is_ordinary("Zhanaozen")
    (True, False)
    """
    return name.casefold() in ordinary_words()


def normalise(name: str) -> str:
    """A name as names are compared: without case, accents, a leading "the", and with plain quotes.

    An acronym that is a word in lower case keeps its case: "US" is a country, "us" is not.

    >>> normalise("The Côte  d’Ivoire"), normalise("US"), normalise("NATO")
    ("cote d'ivoire", 'US', 'nato')
    """
    name = name.strip()
    folded = " ".join(without_marks(name).casefold().split()).removeprefix("the ")
    if name.isupper() and len(name) <= 5 and is_ordinary(folded):
        return name
    return folded


def without_marks(name: str) -> str:
    """A name without accents and with plain quotes.

    >>> without_marks("Ḩamāh")
    'Hamah'
    """
    if name.isascii():
        return name
    decomposed = unicodedata.normalize("NFKD", name.translate(_QUOTES))
    return "".join(c for c in decomposed if not unicodedata.combining(c))


_QUOTES = str.maketrans({"’": "'", "‘": "'", "ʼ": "'", "`": "'", "“": '"', "”": '"', "‐": "-", "–": "-"})


def unique(names: Collection[str]) -> tuple[str, ...]:
    """The names in their order, each once, the empty ones dropped."""
    return tuple(dict.fromkeys(name for name in names if name))
