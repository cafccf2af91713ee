"""The word lists of names in `words.toml`, read once."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Words:
    """Words by what they do in names; what each list holds stands in the file.

    :param cut_short, stems: what a word, or one that begins so, is compared as.
    """

    legal_forms: frozenset[str]
    small_words: frozenset[str]
    titles: frozenset[str]
    son_of: frozenset[str]
    of_bodies: frozenset[str]
    of_platforms: frozenset[str]
    of_states: frozenset[str]
    cut_short: Mapping[str, str]
    stems: Mapping[str, str]

    def says_nothing(self, word: str) -> bool:
        """Whether it stands in names without telling which body or person is meant."""
        return word in self.legal_forms or word in self.small_words

    def of_stem(self, word: str) -> str:
        """A word as it is compared, whatever language it is of."""
        return next((said for stem, said in self.stems.items() if word.startswith(stem)), word)


@cache
def words() -> Words:
    """All lists."""
    text = (Path(__file__).parent / "words.toml").read_text(encoding="utf-8")
    read: dict[str, Any] = tomllib.loads(text)
    for name, each in read.items():
        if isinstance(each, list):
            read[name] = frozenset(each)
    return Words(**read)
