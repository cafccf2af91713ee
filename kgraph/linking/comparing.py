"""How alike two whole names are: word by word in any order, or as one word."""

from collections.abc import Callable, Collection, Sequence
from functools import partial

from kgraph.linking.names import Name
from kgraph.linking.sounds import are_long_vowels_apart, likeness
from kgraph.linking.words import words

_Alike = Callable[[str, str], float]

#: What a word that tells next to nothing weighs, in letters.
_NEXT_TO_NOTHING = 0.1


def name_likeness(
    one: Name,
    other: Name,
    *,
    of_person: bool = False,
    of_platform: bool = False,
    of_states: Collection[str] = (),
) -> float:
    """How alike two names are, from 0 to 1.

    Of a single name and a person's whole one, it is how alike the single one is to any part.

    :param of_platform: whether they are invented words, of which another spelling is another one.
    :param of_states: words that the country that both are of is called by, which tell nothing new.
    """
    if one.tokens == other.tokens:
        return 1.0
    if one.joined == other.joined:
        return 0.98
    across = one.script != other.script
    alike: _Alike = partial(likeness, across=across, rough=one.is_rough or other.is_rough)
    if of_platform and not across:
        alike = _as_spelt
    of_kind = words().of_platforms if of_platform else words().of_bodies
    whole = max(
        alike(a, b)
        for a in _wholes(one, of_kind if across else ())
        for b in _wholes(other, of_kind if across else ())
    )
    if of_person:
        by_words = _of_persons(one, other, alike)
    else:
        by_words = _of_words(
            one.tokens, other.tokens, alike, of_kind, _States(of_states, alike if across else None)
        )
    is_parted_alike = across and len(one.tokens) == len(other.tokens)
    if is_parted_alike and any(map(are_long_vowels_apart, one.tokens, other.tokens)):
        return by_words
    return max(whole, by_words) if whole >= (0.85 if across else 0.97) else by_words


def _as_spelt(one: str, other: str) -> float:
    return 1.0 if one == other else 0.7 * likeness(one, other)


def _wholes(name: Name, of_kind: Collection[str]) -> list[str]:
    """A name without blanks, whole and without each of the last words that tell nothing new."""
    tokens = name.tokens
    found = [name.joined]
    while len(tokens) > 1 and tokens[-1] in of_kind:
        tokens = tokens[:-1]
        found.append("".join(tokens))
    return found


def _of_persons(one: Name, other: Name, alike: _Alike) -> float:
    """How alike two people's names are; a patronymic or second name more or less is little."""
    first, second = sorted((one, other), key=lambda name: (len(name.tokens), name.tokens))
    short, long = first.tokens, second.tokens
    met, missing, left = _met(short, long, alike)
    got = sum(size * value for _, _, size, value in met)
    weight = sum(size for _, _, size, _ in met) + sum(map(len, missing))
    if len(left) > len(long) - len(short):
        weight += sum(map(len, left))
    is_father = any(a == short[0] and b in second.fathers for a, b, _, _ in met)
    if len(short) > 1 and long[0] in left and is_father and short[0] not in first.fathers:
        return 0.7 * got / weight  # whose name is here is the father there
    return got / weight * (1.0 if len(short) in {1, len(long)} else 0.97)


def _of_words(
    one: Sequence[str], other: Sequence[str], alike: _Alike, of_kind: Collection[str], states: "_States"
) -> float:
    short, long = sorted((one, other), key=lambda tokens: (len(tokens), tokens))
    if all(word in of_kind or word in states for word in short):
        of_kind, states = (), _States((), None)  # of a name of such words each counts
    met, missing, left = _met(short, long, alike, states)
    got = sum(size * value for _, _, size, value in met)
    weight = sum(size for _, _, size, _ in met)
    if missing and left:
        return got / (weight + sum(map(len, (*missing, *left))))
    rest = (*missing, *left)
    return got / (
        weight + sum(_NEXT_TO_NOTHING if word in of_kind or word in states else len(word) for word in rest)
    )


def _met(
    short: Sequence[str], long: Sequence[str], alike: _Alike, states: "_States | tuple[()]" = ()
) -> tuple[list[tuple[str, str, int, float]], list[str], list[str]]:
    """Words that meet, with their weights and likenesses, and those of either name that meet none."""
    met: list[tuple[str, str, int, float]] = []
    missing: list[str] = []
    left = list(long)
    for word in short:
        value, best = max(((alike(word, each), each) for each in left), default=(0.0, ""))
        if value < 0.98 and word in states and (called := [each for each in left if each in states]):
            value, best = 1.0, called[0]
        if value < 0.75:
            missing.append(word)
            continue
        left.remove(best)
        met.append((word, best, max(len(word), len(best)), value))
    return met, missing, left


class _States:
    """The words that a state is called by, and those made of them (Iraqi)."""

    def __init__(self, words: Collection[str], alike: _Alike | None):
        self._words = words
        self._alike = alike

    def __contains__(self, word: str) -> bool:
        if word in self._words:
            return True
        if any(
            word.startswith(each) and len(each) >= 4 and len(word) <= len(each) + 2 for each in self._words
        ):
            return True
        return self._alike is not None and any(self._alike(word, each) >= 0.92 for each in self._words)
