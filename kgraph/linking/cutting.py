"""Names that are cut from longer ones: by initials (KNA, KUNA, PTV), or clipped (Zantel, Госдума)."""

import re
from functools import lru_cache

from kgraph.linking.reading import latin
from kgraph.linking.words import words


def acronym(text: str) -> str:
    """A name that could be made of initials, in small Latin letters; "" if it could not."""
    letters = text.replace(".", "")
    is_one = len(letters) <= 8 and letters.isalpha() and sum(map(str.isupper, letters)) >= 3
    return latin(letters) if is_one else ""


@lru_cache(maxsize=200_000)
def initials(text: str) -> frozenset[str]:
    """What a name can be cut to: small words count or not, the first or the last word may give two letters.

    >>> sorted(initials("Kuwait News Agency")), sorted(initials("Cameroon Radio Television"))
    (['kna', 'knag', 'kuna'], ['cart', 'crt', 'crte', 'crtv'])
    """
    every = re.findall(r"[^\W\d_]+(?:['’ʼ][^\W\d_]+)*", re.sub("(?i)(radio)(?=tele)", r"\1 ", text))
    found: set[str] = set()
    known = words()
    telling = [word for word in every if latin(word) not in known.small_words]
    for chosen in (every, telling, [word for word in telling if latin(word) not in known.legal_forms]):
        if 2 <= len(chosen) <= 8:
            starts = [word[:1] for word in chosen]
            if len(chosen) > 2:
                ends = "".join((chosen[0][:2], *starts[1:])), "".join((*starts[:-1], chosen[-1][:2]))
                found |= {"".join(starts), *ends}
            found.add("".join("tv" if known.of_stem(latin(word)) == "tv" else word[:1] for word in chosen))
    return frozenset(latin(each) for each in found if len(each) > 2)


def is_cut_from(short: str, whole: str) -> bool:
    """Whether a name is made of initials of another, or clipped from its words.

    >>> is_cut_from("KNA", "Kenya News Agency"), is_cut_from("Zantel", "Zanzibar Telecom")
    (True, True)
    """
    if cut := acronym(short):
        return cut in initials(whole)
    word = clipped(short)
    return bool(word) and _is_clipped(word, tuple(re.findall("[a-z]+", latin(whole))), 0)


def clipped(text: str) -> str:
    """A name of one word that could be put together from others' beginnings, in Latin letters; else ""."""
    word = latin(text)
    return word if len(word) >= 5 and word.isalpha() else ""


def _is_clipped(word: str, whole: tuple[str, ...], parts: int) -> bool:
    """Whether a word is made of the beginnings of several words in order, two letters or more of each."""
    if not word:
        return parts >= 2
    return any(
        word[:size] == each[:size] and _is_clipped(word[size:], whole[n + 1 :], parts + 1)
        for n, each in enumerate(whole)
        for size in range(2, min(len(word), len(each)) + 1)
        if size < len(each) or parts
    )
