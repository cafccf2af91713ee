"""Titles As They Are Printed: read in sentence case, as the language model takes capitals for names."""

import re
from collections.abc import Iterable, Set

from kgraph.extraction.lexicon import noun_classes, triggers

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")

#: Share of a title's longer words that start with a capital where all do that can.
_CAPITALS = 0.7

#: Letters of a word that a title writes with a capital.
_LONGER = 4

_ENDINGS = ("", "s", "es", "ed", "d", "ing")


def sentence_case(title: str, texts: Iterable[str]) -> str:
    """A title in title case with the words small that are no names; any other title as it is.

    A word is no name if the texts below write it small, or if it is one that tells of an event or an actor.

    :param texts: what stands below the title.
    :returns: as many code points, so that offsets hold.

    >>> sentence_case("Outcry After Bangladesh Editor Arrested", ["He was jailed after a raid."])
    'Outcry after Bangladesh editor arrested'
    """
    words = [w for w in _WORD.findall(title) if len(w) >= _LONGER]
    if not words or sum(w[0].isupper() for w in words) < _CAPITALS * len(words):
        return title
    small: set[str] = set()
    capital: set[str] = set()
    for text in texts:
        found = _WORD.findall(text)
        small |= {w for w in found if w[0].islower()}
        capital |= {w for w in found[1:] if w[0].isupper()}
    return _WORD.sub(lambda match: _as_told(match, small, capital), title)


def _as_told(match: re.Match[str], small: Set[str], capital: Set[str]) -> str:
    word = match[0]
    lower = word.lower()
    if match.start() == 0 or not word[0].isupper() or word[1:] != word[1:].lower() or len(lower) != len(word):
        return word
    if word in capital and lower not in small:
        return word
    return lower if lower in small or _is_told_of(lower) else word


def _is_told_of(word: str) -> bool:
    """Whether a word, or what it is a form of, is in the lists of events and actors."""
    forms = {word.removesuffix(ending) for ending in _ENDINGS} | {word.removesuffix("d")}
    return any(
        form in triggers().verbs or form in triggers().nouns or form in noun_classes()
        for form in forms
        if form
    )
