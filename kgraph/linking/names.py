"""Names as they are compared: in Latin letters, word by word."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from kgraph.linking.cutting import is_cut_from
from kgraph.linking.reading import latin
from kgraph.linking.words import words

#: Scripts that tell fewer sounds apart than Latin letters do.
_ROUGH = frozenset(
    {
        "CJK", "HANGUL", "HIRAGANA", "KATAKANA", "THAI", "LAO", "KHMER", "MYANMAR", "TIBETAN", "TAMIL",
        "DEVANAGARI", "BENGALI",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Name:
    """A name as it is compared.

    :param text: as it was written.
    :param tokens: its words in Latin letters and lower case, without legal forms and small words; of people
        also without titles.
    :param script: of its first letter, as Unicode calls it: LATIN, ARABIC; "" if it has none.
    :param fathers: those of a person's words that are told to be the father's name.
    """

    text: str
    tokens: tuple[str, ...]
    script: str
    fathers: frozenset[str] = frozenset()

    @property
    def is_rough(self) -> bool:
        """Whether it was written in a script that tells fewer sounds apart."""
        return self.script in _ROUGH

    @property
    def joined(self) -> str:
        """Its words as one: Chinese names come without spaces."""
        return "".join(self.tokens)


@lru_cache(maxsize=200_000)
def read_name(text: str, *, of_person: bool = False) -> Name:
    """A name, ready to be compared.

    >>> read_name("АО «Казахтелеком»").tokens
    ('kazakhtelekom',)

    :raises ConfigError: if anyascii is not installed.
    """
    read = latin(text, of_person=of_person)
    if not of_person:
        read = _DOTTED.sub(lambda found: found[0].replace(".", ""), _LEGAL_FORM.sub(" ", read))
    known = words()
    found = [known.of_stem(word) for word in re.findall(r"[a-z0-9]+", read)]
    script = next((unicodedata.name(c, "").partition(" ")[0] for c in text if c.isalpha()), "")
    kept = [word for word in found if not known.says_nothing(word)] or found
    if not of_person:
        return Name(text, tuple(kept), script)
    titles = next((n for n, word in enumerate(kept) if word not in known.titles), 0)
    kept = [known.cut_short.get(word, word) for word in kept[titles:]]
    fathers = frozenset(word for before, word in pairwise(kept) if before in known.son_of)
    own = [word for n, word in enumerate(kept) if word not in known.son_of or (word == "ben" and n == 0)]
    return Name(text, tuple(own or kept), script, fathers)


_LEGAL_FORM = re.compile(r"(?<=\w)[\s,]+(?:[a-z]\. ?){2,}(?:[a-z]\b)?")  # S.A.
_DOTTED = re.compile(r"\b(?:[a-z]\.){2,}")  # U.S.
_REMARK = re.compile(r"\s*\(([^()]*)\)\s*")
_TOP_LEVEL = re.compile(r"\.(?:[a-z]{2,3}|info|news|media)$")


@lru_cache(maxsize=200_000)
def forms(text: str) -> tuple[str, ...]:
    """A name as it is, and without what is added to it: a remark, or the end of an address.

    >>> forms("Nigerian Communications Commission (NCC)")
    ('Nigerian Communications Commission (NCC)', 'Nigerian Communications Commission', 'NCC')
    """
    bare = _TOP_LEVEL.sub("", " ".join(_REMARK.sub(" ", text).split()))
    short = (each for each in _REMARK.findall(text) if is_cut_from(each, bare))
    return tuple(dict.fromkeys(each for each in (text, bare, *short) if each))
