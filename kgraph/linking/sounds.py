"""How alike two words sound, by their letters or by what is left of them without vowels.

That is a word's skeleton, sounds that are written in several ways made one: Назарбаев, Nazarbayev and
نزارباييف share theirs. Letters that languages read in several ways give a word several skeletons.
"""

import re
from functools import lru_cache

_DIGRAPHS = {
    "ght": "t", "tsch": "s", "sch": "s", "tch": "s", "tsh": "ts", "dzh": "s", "zh": "s", "sh": "s", "ch": "s",
    "dj": "s", "kh": "k", "gh": "k", "ph": "f", "th": "t", "dh": "t", "ts": "s", "tz": "s", "ks": "x",
    "ck": "k",
}  # fmt: skip
#: ng is one sound before a consonant and at the end of a word.
_DIGRAPH = re.compile("|".join((*sorted(_DIGRAPHS, key=len, reverse=True), "ng(?![aeiou])")))
#: y and w count as vowels: scripts without short vowels write long ones with these letters.
#: So does h: it stands beside a sound more often than for one.
_SOUNDS = str.maketrans("bcdgjkpqvxzaeiouywh-", "pktkskpkfss" + " " * 9)
_DOUBLED = re.compile(r"(.)\1+")
#: The same, with one sound for those that some scripts do not tell apart: f and p, l and r, m and n.
_COARSE_SOUNDS = {**_SOUNDS, **str.maketrans("fvlm", "pprn")}
#: Letters that are read in one way here and in another there: w as v, c as s, ch as k, j as in German or
#: Arabic, kh as h, dh as z, th as s, mute p; t and s that only met; the article that was not parted; and how
#: Belarus and Ukraine say Russian sounds.
_READ_TWICE = tuple(
    (re.compile(pattern), instead)
    for pattern, instead in (
        ("w(?=[aeiouy])", "v"), ("w", "v"), ("c(?!h)", "s"), ("ch", "k"), ("j", "y"), ("j", "g"), ("kh", "h"),
        ("dh", "z"), ("th", "s"), ("^ps", "s"), ("ts", "t-s"), ("^[ae]l(?=[^aeiouyl])", ""),
        ("dz", "z"), ("dz(?=[ieu])", "d"), ("ts(?=[iey])", "t"), ("u(?=sk)", "v"), ("^ul", "vl"),
        ("g(?!h)", "h"),
    )
)  # fmt: skip
#: One vowel written in several ways, one consonant too.
_SPELLINGS = tuple(
    (re.compile(pattern), instead)
    for pattern, instead in (
        ("^ps", "s"), ("ght", "t"), ("dzh|dj", "j"), ("ks", "x"), ("kh", "h"), ("ph", "f"), ("th", "t"),
        ("dh", "d"), ("gh", "g"), ("c(?=[eiy])", "s"), ("ck|c(?!h)|q", "k"), ("^wh", "w"),
        ("ou|oo|ow|uw|w(?![aeiou])", "u"), ("ee|ie|yi|iy|y", "i"), ("w", "v"), (r"(.)\1+", r"\1"),
    )
)  # fmt: skip


def skeleton(word: str, sounds: dict[int, int] = _SOUNDS) -> str:
    """A word in the letters of `Name.tokens` without vowels, each kind of sound written in one way.

    >>> skeleton("nazarbayev"), skeleton("nzrbyyf")
    ('nsrpf', 'nsrpf')
    """
    word = _DIGRAPH.sub(lambda found: _DIGRAPHS.get(found[0], "n"), word)
    return _DOUBLED.sub(r"\1", word).translate(sounds).replace(" ", "")


@lru_cache(maxsize=200_000)
def skeletons(word: str) -> frozenset[str]:
    """Its skeletons, one for each way to read its letters: w is a vowel in Arabic, a v in German."""
    return frozenset(map(skeleton, _readings(word)))


@lru_cache(maxsize=200_000)
def coarse_skeletons(word: str) -> frozenset[str]:
    """Its skeletons for scripts that tell fewer sounds apart."""
    return frozenset(skeleton(each, _COARSE_SOUNDS) for each in _readings(word))


def _readings(word: str) -> set[str]:
    read = {word}
    for pattern, instead in _READ_TWICE:
        read |= {pattern.sub(instead, each) for each in read}
    return read


@lru_cache(maxsize=200_000)
def sound(word: str) -> str:
    """A word with its vowels, as spellings go that differ by language only.

    >>> sound("rouhani") == sound("rowhany")
    True
    """
    for pattern, instead in _SPELLINGS:
        word = pattern.sub(instead, word)
    return word


#: Scripts that write long vowels alone have one letter for both of each two.
_VOWELS = str.maketrans("eo", "iu")
#: How sure consonants in common make, by how many they are: the more, the less by chance.
_BY_CONSONANTS = (0.0, 0.0, 0.85, 0.92, 0.95)


@lru_cache(maxsize=500_000)
def likeness(one: str, other: str, *, across: bool = False, rough: bool = False) -> float:
    """How alike two words are, from 0 to 1: by their letters, or by their skeletons.

    :param across: whether one of them was written in other letters, so that its vowels tell little.
    :param rough: whether these letters tell fewer sounds apart.
    """
    if one == other:
        return 1.0
    from rapidfuzz.distance import JaroWinkler, Levenshtein

    if min(len(one), len(other)) <= 1:
        return 0.8 if one[:1] == other[:1] else 0.0  # an initial
    if _is_feminine(one, other) or _is_feminine(other, one):
        return 0.7
    heard = sound(one), sound(other)
    if heard[0] == heard[1]:
        return 0.98
    if across:
        heard = heard[0].translate(_VOWELS), heard[1].translate(_VOWELS)
    by_letters = max(Levenshtein.normalized_similarity(*heard), Levenshtein.normalized_similarity(one, other))
    if across and are_long_vowels_apart(one, other):
        return by_letters * 0.7
    shared = max(map(len, skeletons(one) & skeletons(other)), default=0)
    if (by_letters >= 0.65 and shared >= (2 if across else 3)) or (by_letters >= 0.5 and shared >= 4):
        return max(by_letters, 0.96)
    if across and shared >= 3 and by_letters >= 0.55:
        return 0.95
    if across and shared == 1 and by_letters >= 0.6:
        return 0.8
    if across and by_letters >= 0.2:
        roughly = max(map(len, coarse_skeletons(one) & coarse_skeletons(other)), default=0) if rough else 0
        # Vowels tell little, but something.
        found = _BY_CONSONANTS[min(max(shared if by_letters >= 0.3 else 0, roughly - 1, 0), 4)]
        if found:
            return found
    if len(one) >= 5 and len(other) >= 5 and by_letters >= 0.8:
        # Another consonant makes another word more often than another spelling.
        return min(by_letters, JaroWinkler.similarity(one, other)) - 0.05
    return by_letters * 0.7


def are_long_vowels_apart(one: str, other: str) -> bool:
    """Whether one word, of a script that writes long vowels only, tells a long i that the other has not.

    Hassan is not Hussein.
    """
    return _tells_long_vowel(one, other) or _tells_long_vowel(other, one)


def _tells_long_vowel(bare: str, other: str) -> bool:
    if re.search("[eiou]", bare):
        return False
    if re.search("^(?!ay).+y(?![wa])(?!$)|^ay.*y(?![wa])(?!$)", bare):
        return not re.search("[eiy]", other[1:-1])
    return bool(re.search("ei|ai|ay|ey|ee", other[1:-1]))


def _is_feminine(one: str, other: str) -> bool:
    """Whether one word is the other as a woman's surname: she is someone else."""
    return one == f"{other}a" and other.endswith(("ov", "ev", "yov", "in"))
