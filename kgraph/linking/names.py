"""Names across scripts: how they are compared, and by what they are found.

All are read in Latin letters (`reading`). What is left of a name without vowels, and with sounds that are written
in several ways made one, is its skeleton: Назарбаев, Nazarbayev and نزارباييف share theirs.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from kgraph.linking.reading import latin

#: What stands in names without telling which body or person is meant, in the letters of `Name.tokens`: legal forms
#: in many languages, and small words.
_SAYING_NOTHING = frozenset(
    {
        "jsc", "ojsc", "cjsc", "pjsc", "pao", "oao", "zao", "ao", "too", "ooo", "tov", "pat", "prat", "vat", "odo",
        "zat", "oaj", "llc", "llp", "ltd", "limited", "inc", "incorporated", "plc", "sa", "ag", "gmbh", "spa", "srl",
        "bv", "nv", "ab", "oy", "oyj", "asa", "corp", "corporation", "co", "company", "pt", "tbk", "pvt", "pty",
        "bhd", "sdn", "lp", "sarl", "sas", "sau", "sae", "saog", "sal", "bsc", "ksc", "kscp", "qsc", "qpsc", "wll",
        "fze", "mmc", "asc", "doo", "dooel", "ood", "ead", "aod", "shpk", "kft", "zrt", "nyrt", "uab", "sia", "aps",
        "ltda", "cv", "compania", "anonima", "societe", "anonyme", "kk", "berhad", "anonim", "sirketi", "aksionerlik",
        "the", "of", "and", "for", "de", "la", "le", "du", "des", "von", "van", "der", "al", "el", "und", "i", "et",
        "da", "dos", "das",
    }
)  # fmt: skip
_TITLES = frozenset(
    {
        "president", "prime", "minister", "mr", "mrs", "ms", "dr", "gen", "general", "col", "colonel",
        "sheikh", "shaikh", "sir", "king", "queen", "prince", "emir", "sultan", "ayatollah", "marshal",
        "field", "senior", "mullah", "hajji", "haji", "datuk", "dato", "seri", "tun", "samdech", "begum",
        "lyonpo", "sekh", "shekh", "shykh", "shaykh", "mlk", "lt", "lieutenant", "maj", "major", "brig", "brigadier", "prof", "professor", "rev", "hon", "crown",
    }
)  # fmt: skip
#: Between a person's name and the father's.
_SON_OF = frozenset({"bin", "ibn", "ben", "bint", "bn", "abn", "ould", "wld", "uld"})

#: Words of many languages, by how they begin.
_STEMS = (
    ("telev", "tv"), ("tivi", "tv"), ("tlfzy", "tv"), ("tlwyzy", "tv"), ("gazet", "gazeta"), ("agentl", "agency"), ("telecom", "telecom"), ("telekom", "telecom"), ("agenc", "agency"),
    ("agents", "agency"), ("ajans", "agency"), ("agjenci", "agency"), ("ministr", "ministry"), ("minister", "ministry"),
    ("natsional", "national"), ("nacional", "national"), ("nazional", "national"), ("milli", "national"),
)  # fmt: skip
_CUT_SHORT = {"md": "mohammad", "mohd": "mohammad", "muhd": "mohammad", "mhd": "mohammad"}

_DIGRAPHS = {
    "ght": "t", "tsch": "s", "sch": "s", "tch": "s", "tsh": "ts", "dzh": "s", "zh": "s", "sh": "s", "ch": "s", "dj": "s",
    "kh": "k", "gh": "k", "ph": "f", "th": "t", "dh": "t", "ts": "s", "tz": "s", "ks": "x", "ck": "k",
}  # fmt: skip
#: ng is one sound before a consonant and at the end of a word.
_DIGRAPH = re.compile("|".join((*sorted(_DIGRAPHS, key=len, reverse=True), "ng(?![aeiou])")))
#: y and w count as vowels: scripts without short vowels write long ones with these letters.
#: So does h: it stands beside a sound more often than for one.
_SOUNDS = str.maketrans("bcdgjkpqvxzaeiouywh-", "pktkskpkfss" + " " * 9)
_DOUBLED = re.compile(r"(.)\1+")
#: The same, with one sound for those that some scripts do not tell apart: f and p, l and r, m and n.
_COARSE_SOUNDS = {**_SOUNDS, **str.maketrans("fvlm", "pprn")}
#: Letters that are read in one way here and in another there: w as v, c as s, ch as k, j as in German, kh as h, dh as
#: z, th as s, mute p; t and s that only met; the article that was not parted; how Belarus and
#: Ukraine say Russian sounds.
_READ_TWICE = tuple(
    (re.compile(pattern), instead)
    for pattern, instead in (
        ("w(?=[aeiouy])", "v"), ("w", "v"), ("c(?!h)", "s"), ("ch", "k"), ("j", "y"), ("j", "g"), ("kh", "h"), ("dh", "z"), ("th", "s"),
        ("^ps", "s"), ("ts", "t-s"), ("^[ae]l(?=[^aeiouyl])", ""),
        ("dz(?=[ieu])", "d"), ("ts(?=[iey])", "t"), ("u(?=sk)", "v"), ("^ul", "vl"), ("g(?!h)", "h"),
    )
)  # fmt: skip
#: One vowel written in several ways, one consonant too.
_SPELLINGS = tuple(
    (re.compile(pattern), instead)
    for pattern, instead in (
        ("^ps", "s"), ("ght", "t"), ("dzh|dj", "j"), ("ks", "x"), ("kh", "h"), ("ph", "f"), ("th", "t"), ("dh", "d"),
        ("gh", "g"), ("c(?=[eiy])", "s"), ("ck|c(?!h)|q", "k"), ("^wh", "w"), ("ou|oo|ow|uw|w(?![aeiou])", "u"), ("ee|ie|yi|iy|y", "i"), ("w", "v"),
        (r"(.)\1+", r"\1"),
    )
)  # fmt: skip


_ROUGH = frozenset(
    {
        "CJK", "HANGUL", "HIRAGANA", "KATAKANA", "THAI", "LAO", "KHMER", "MYANMAR", "TIBETAN", "TAMIL", "DEVANAGARI",
        "BENGALI",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Name:
    """A name as it is compared.

    :param text: as it was written.
    :param tokens: its words in Latin letters and lower case, without legal forms and small words; of people
        also without titles.
    :param script: of its first letter, as Unicode calls it: LATIN, ARABIC; "" if it has none.
    """

    text: str
    tokens: tuple[str, ...]
    script: str

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
    words = [_of_stem(word) for word in re.findall(r"[a-z0-9]+", read)]
    dropped = _SAYING_NOTHING | _TITLES if of_person else _SAYING_NOTHING
    kept = [word for word in words if word not in dropped]
    if of_person:
        words = [_CUT_SHORT.get(word, word) for word in kept or words]
        kept = [word for n, word in enumerate(words) if word not in _SON_OF or (word == "ben" and n == 0)]
    script = next((unicodedata.name(c, "").partition(" ")[0] for c in text if c.isalpha()), "")
    return Name(text, tuple(kept or words), script)


def _of_stem(word: str) -> str:
    return next((said for stem, said in _STEMS if word.startswith(stem)), word)


_LEGAL_FORM = re.compile(r"(?<=\w)[\s,]+(?:[a-z]\. ?){2,}(?:[a-z]\b)?")  # S.A.
_DOTTED = re.compile(r"\b(?:[a-z]\.){2,}")  # U.S.
_REMARK = re.compile(r"\s*\(([^()]*)\)\s*")
_TOP_LEVEL = re.compile(r"\.[a-z]{2,3}$")


@lru_cache(maxsize=200_000)
def forms(text: str) -> tuple[str, ...]:
    """A name as it is, and without what is added to it: a remark, or the end of an address.

    >>> forms("Nigerian Communications Commission (NCC)")
    ('Nigerian Communications Commission (NCC)', 'Nigerian Communications Commission', 'NCC')
    """
    bare = _TOP_LEVEL.sub("", " ".join(_REMARK.sub(" ", text).split()))
    short = (each for each in _REMARK.findall(text) if acronym(each) in initials(bare))
    return tuple(dict.fromkeys(each for each in (text, bare, *short) if each))


def acronym(text: str) -> str:
    """A name that could be made of initials, in small Latin letters; "" if it could not."""
    letters = text.replace(".", "")
    is_one = len(letters) <= 8 and letters.isalpha() and sum(map(str.isupper, letters)) >= 3
    return latin(letters) if is_one else ""


@lru_cache(maxsize=200_000)
def initials(text: str) -> frozenset[str]:
    """What a name of three words or more can be cut to: small words count or not, and one word may give two letters.

    >>> sorted(initials("Kuwait News Agency")), sorted(initials("Cameroon Radio Television"))
    (['kna', 'knag', 'kuna'], ['cart', 'crt', 'crte', 'crtv'])
    """
    words = re.findall(r"[^\W\d_]+(?:['’ʼ][^\W\d_]+)*", re.sub("(?i)(radio)(?=tele)", r"\1 ", text))
    found: set[str] = set()
    for chosen in (words, [word for word in words if latin(word) not in _SAYING_NOTHING]):
        if 2 <= len(chosen) <= 8:
            starts = [word[:1] for word in chosen]
            if len(chosen) >= 3:
                found |= {"".join(starts), "".join((chosen[0][:2], *starts[1:])), "".join((*starts[:-1], chosen[-1][:2]))}
            found.add("".join("tv" if _of_stem(latin(word)) == "tv" else word[:1] for word in chosen))
    return frozenset(latin(each) for each in found if len(each) >= 3)


def skeleton(word: str, sounds: dict[int, str] = _SOUNDS) -> str:
    """A word in the letters of `Name.tokens` without vowels, each kind of sound written in one way.

    >>> skeleton("nazarbayev"), skeleton("nzrbyyf")
    ('nsrpf', 'nsrpf')
    """
    word = _DIGRAPH.sub(lambda found: _DIGRAPHS.get(found[0], "n"), word)
    return _DOUBLED.sub(r"\1", word).translate(sounds).replace(" ", "")


@lru_cache(maxsize=200_000)
def skeletons(word: str) -> frozenset[str]:
    """Its skeletons, one for each way to read its letters: w is a vowel in Arabic, and a v in German or English."""
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
    if across and _is_long_vowel_apart(one, other):
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


def _is_long_vowel_apart(one: str, other: str) -> bool:
    """Whether one word is in a script that writes long vowels only, and tells a long i that the other has not.

    Hassan is not Hussein.
    """
    short, long = sorted((one, other), key=lambda word: bool(re.search("[eiou]", word)))
    if re.search("[eiou]", short) or not re.search("[eiou]", long):
        return False
    if re.search("^(?!ay).+y(?![wa])(?!$)|^ay.*y(?![wa])(?!$)", short):
        return not re.search("[eiy]", long[1:-1])
    return bool(re.search("ei|ai|ay|ey|ee", long[1:-1]))


def _is_feminine(one: str, other: str) -> bool:
    """Whether one word is the other as a woman's surname: she is someone else."""
    return one == f"{other}a" and other.endswith(("ov", "ev", "yov", "in"))
