"""Names across scripts: how they are compared, and by what they are found.

Every script is written in Latin letters by anyascii, as it is read letter by letter: Arabic and Hebrew come
without short vowels, Chinese by its syllables. What is left of a name without vowels, and with sounds that
are written in several ways made one, is its skeleton: Назарбаев, Nazarbayev and نزارباييف share theirs.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from kgraph.errors import ConfigError

#: What stands in names without telling which body or person is meant, in the letters of `Name.tokens`.
_SAYING_NOTHING = frozenset(
    {
        "jsc", "ojsc", "cjsc", "pjsc", "pao", "oao", "zao", "ao", "too", "ooo", "tov", "pat", "llc",
        "llp", "ltd", "limited", "inc", "incorporated", "plc", "sa", "ag", "gmbh", "spa", "srl", "bv",
        "nv", "ab", "oy", "asa", "corp", "corporation", "co", "company", "pt", "pvt", "pty", "bhd",
        "sdn", "lp", "the", "of", "and", "for", "de", "la", "le", "du", "des", "von", "van", "der",
        "al", "el", "und", "i",
    }
)  # fmt: skip
_TITLES = frozenset(
    {
        "president", "prime", "minister", "mr", "mrs", "ms", "dr", "gen", "general", "col", "colonel",
        "sheikh", "shaikh", "sir", "king", "queen", "prince", "emir", "sultan", "ayatollah", "marshal",
        "field",
    }
)  # fmt: skip

_DIGRAPHS = (
    ("tsch", "s"), ("sch", "s"), ("tch", "s"), ("dzh", "s"), ("zh", "s"), ("sh", "s"), ("ch", "s"),
    ("dj", "s"), ("kh", "k"), ("gh", "k"), ("ph", "f"), ("th", "t"), ("ts", "s"), ("tz", "s"), ("ks", "x"),
    ("ou", "u"),
)  # fmt: skip
#: y and w count as vowels: scripts without short vowels write long ones with these letters.
#: h is none at all: it stands beside a sound more often than for one.
_SOUNDS = str.maketrans("bcdgjkpqvxzaeiouyw", "pktkskpkfss" + " " * 7, "h")


@dataclass(frozen=True, slots=True)
class Name:
    """A name as it is compared.

    :param text: as it was written.
    :param tokens: its words in Latin letters and lower case, without legal forms and small words; of people
        also without titles.
    :param is_foreign: whether it was written in other letters than Latin ones.
    """

    text: str
    tokens: tuple[str, ...]
    is_foreign: bool

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
    is_foreign = any(c.isalpha() and ord(c) > 0x24F for c in text)
    # Persian joins words by a mark without width that is no blank.
    words = re.findall(r"[a-z0-9]+", _ascii(text.replace("\u200c", "")).lower().replace("'", ""))
    dropped = _SAYING_NOTHING | _TITLES if of_person else _SAYING_NOTHING
    kept = [word for word in words if word not in dropped]
    return Name(text, tuple(kept or words), is_foreign)


def _ascii(text: str) -> str:
    try:
        from anyascii import anyascii
    except ImportError as exc:
        raise ConfigError("linking needs rapidfuzz and anyascii: pip install 'kgraph[linking]'") from exc
    return anyascii(text)


def skeleton(word: str) -> str:
    """A word in the letters of `Name.tokens` without vowels, each kind of sound written in one way.

    >>> skeleton("nazarbayev"), skeleton("nzrbyyf")
    ('nsrpf', 'nsrpf')
    """
    for letters, sound in _DIGRAPHS:
        word = word.replace(letters, sound)
    sounds = re.sub(r"(.)\1+", r"\1", word.translate(_SOUNDS))
    return sounds.replace(" ", "")


@lru_cache(maxsize=200_000)
def skeletons(word: str) -> frozenset[str]:
    """Its skeletons: w is a vowel where Arabic writes it, and a v where German or English does."""
    return frozenset({skeleton(word), skeleton(word.replace("w", "v"))})


@lru_cache(maxsize=500_000)
def likeness(one: str, other: str, *, across: bool = False) -> float:
    """How alike two words are, from 0 to 1: by their letters, or by their skeletons.

    :param across: whether one of them was written in other letters, so that its vowels tell little.
    """
    if one == other:
        return 1.0
    from rapidfuzz.distance import JaroWinkler, Levenshtein

    if min(len(one), len(other)) <= 1:
        return 0.8 if one[:1] == other[:1] else 0.0  # an initial
    if _is_feminine(one, other) or _is_feminine(other, one):
        return 0.7
    by_letters = Levenshtein.normalized_similarity(one, other)
    shared = max((len(bones) for bones in skeletons(one) & skeletons(other)), default=0)
    if by_letters >= 0.65 and shared >= (2 if across else 3):
        return max(by_letters, 0.96)
    if across and shared >= 2 and by_letters >= 0.3:
        return {2: 0.85, 3: 0.92}.get(shared, 0.95)  # the longer, the less by chance
    if len(one) >= 5 and len(other) >= 5 and by_letters >= 0.8:
        # Another consonant makes another word more often than another spelling.
        return min(by_letters, JaroWinkler.similarity(one, other)) - 0.05
    return by_letters * 0.7


def _is_feminine(one: str, other: str) -> bool:
    """Whether one word is the other as a woman's surname: she is someone else."""
    return one == f"{other}a" and other.endswith(("ov", "ev", "yov", "in"))
