"""Numbers as texts give them: "16", "1.7 million", "at least 200", "as high as 73", "dozens"."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from kgraph.extraction.sentences import Sentence

_WORDS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten":
    10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen":
    17, "eighteen": 18, "nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60,
    "seventy": 70, "eighty": 80, "ninety": 90, "a": 1, "an": 1,
}  # fmt: skip

_SCALES = {"hundred": 100, "thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000}

_ORDINALS = {
    "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8,
    "ninth": 9, "tenth": 10,
}  # fmt: skip

#: Words before a number that bound it.
_BOUNDS = {
    "atLeast": (
        "at least", "more than", "over", "no fewer than", "no less than", "upwards of", "above",
        "a minimum of",
    ),
    "atMost": (
        "as high as", "up to", "as many as", "at most", "no more than", "less than", "fewer than",
        "as much as",
    ),
    "approximately": (
        "about", "around", "roughly", "some", "nearly", "almost", "approximately", "an estimated",
        "estimated", "close to", "circa", "at around",
    ),
}  # fmt: skip

_FIGURE = re.compile(r"\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?")


@dataclass(frozen=True, slots=True)
class Number:
    """A number in a sentence.

    :param token: its last token: the one that the parse attaches.
    :param bound: local name of a concept of `Bound`; "" for none.
    """

    start: int
    end: int
    value: int
    bound: str = ""

    def covers(self, token: int) -> bool:
        """Whether a token is one of its words."""
        return self.start <= token < self.end


def find_numbers(sentence: Sentence) -> Iterator[Number]:
    """The whole numbers of a sentence with their bounds; of a range, both ends."""
    words = [t.lower_ for t in sentence.doc]
    position = 0
    while position < len(words):
        found = _number_at(words[position : position + 4])
        if found is None or (found[1] == 1 and words[position] in ("a", "an", "one")):
            position += 1
            continue
        value, length = found
        before = " ".join(words[max(0, position - 4) : position])
        end = position + length
        upper = _number_at(words[end + 1 : end + 5]) if _is_range(words, position, end) else None
        if upper is not None and value < upper[0]:
            # the parse hangs both ends on the last word: of "10,000 to 12,000", each is a bound
            last = end + 1 + upper[1]
            yield Number(position, last, value, "atLeast")
            yield Number(position, last, upper[0], "atMost")
            position = last
            continue
        yield Number(position, end, value, bound_of(before))
        position = end


def _is_range(words: list[str], start: int, end: int) -> bool:
    """Whether another number ends a range: "10,000 to 12,000", "between 20 and 30"."""
    if end + 1 >= len(words):
        return False
    between = words[end] == "and" and "between" in words[max(0, start - 2) : start]
    return between or words[end] in ("to", "-", "–")


def bound_of(before: str) -> str:
    """The bound that the words before a number give; "" for none.

    >>> bound_of("placed casualties as high as"), bound_of("killed")
    ('atMost', '')
    """
    for bound, phrases in _BOUNDS.items():
        if any(before.endswith(phrase) and not before.endswith("t" + phrase) for phrase in phrases):
            return bound
    return ""


def _number_at(words: list[str]) -> tuple[int, int] | None:
    """Value and length in tokens of the number that a run of words starts with."""
    if not words:
        return None
    base: float | None = None
    if _FIGURE.fullmatch(words[0]):
        base = float(words[0].replace(",", ""))
    elif words[0] in _WORDS:
        base = _WORDS[words[0]]
    if base is None:
        return None
    length = 1
    while length < len(words) and words[length] in _SCALES:
        base *= _SCALES[words[length]]
        length += 1
    return (int(base), length) if base == int(base) else None


def cardinal(word: str) -> int | None:
    """The value of one word or figure.

    >>> cardinal("nine"), cardinal("30"), cardinal("many")
    (9, 30, None)
    """
    word = word.lower()
    if word.isdecimal():
        return int(word)
    return _WORDS.get(word)


def ordinal(word: str) -> int | None:
    """The rank that a word or figure tells.

    >>> ordinal("second"), ordinal("21st"), ordinal("high")
    (2, 21, None)
    """
    word = word.lower()
    if match := re.fullmatch(r"(\d+)(?:st|nd|rd|th)", word):
        return int(match[1])
    return _ORDINALS.get(word)
