"""Hyphens at line ends: whether a word goes on, or is made of two."""

import re
from collections import Counter
from collections.abc import Sequence

_WORD = re.compile(r"[^\W_]+(?:[-‐’'][^\W_]+)*")
_BROKEN = re.compile(r"(?P<word>[^\W_]+(?:-[^\W_]+)*)(?P<hyphen>[-‐\xad])$")
_LONGEST_WORD = 80
_NEXT = re.compile(r"[^\W_]+")
_DASH = re.compile(r"(?<=\S)[—–/]$")
#: Chinese and Japanese have no spaces between words.
_UNSPACED = re.compile("[\u3001-\u30ff\u3400-\u9fff\uff00-\uffef]{2}")

#: Second halves that are hardly ever part of a longer word.
_HALVES = frozenset({"backed", "based", "led", "owned", "sponsored"})
#: "pre- and post-election"
_CONJUNCTIONS = frozenset({"and", "or", "to", "und", "oder", "et", "ou", "y", "o", "e"})


class Vocabulary:
    """The words of a document that stand whole within its lines."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()

    def learn(self, line: str) -> None:
        """Take note of a line's words, but for the half of one at its end."""
        broken = _broken(line)
        self._counts.update(
            word.casefold() for word in _WORD.findall(line[: broken.start()] if broken else line)
        )

    def keeps_hyphen(self, first: str, second: str) -> bool:
        """Whether the hyphen between two halves belongs to the word.

        >>> Vocabulary().keeps_hyphen("block", "ing"), Vocabulary().keeps_hyphen("Franco", "German")
        (False, True)
        """
        if not (first[-1].islower() and second[0].islower()):
            return True
        joined, hyphened = (self._counts[word.casefold()] for word in (first + second, f"{first}-{second}"))
        if joined != hyphened:
            return hyphened > joined
        return second in _HALVES


def join_lines(lines: Sequence[str], vocabulary: Vocabulary) -> list[str]:
    """The lines of a paragraph as pieces which, put one behind the other, are its text.

    :returns: one piece a line, same order.

    >>> join_lines(["Sites were block-", "ed by a state-", "owned operator."], Vocabulary())
    ['Sites were block', 'ed by a state-', 'owned operator.']
    """
    pieces: list[str] = []
    for line, after in zip(lines, [*lines[1:], ""], strict=True):
        pieces.append(_piece(line, after, vocabulary) if after else line)
    return pieces


def _broken(line: str) -> re.Match[str] | None:
    return _BROKEN.search(line, max(0, len(line) - _LONGEST_WORD))


def _piece(line: str, after: str, vocabulary: Vocabulary) -> str:
    broken, second = _broken(line), _NEXT.match(after)
    if broken and second and second[0] not in _CONJUNCTIONS:
        if broken["hyphen"] == "\xad" or not vocabulary.keeps_hyphen(broken["word"], second[0]):
            return line[:-1]
        return line
    return line if _DASH.search(line) or _UNSPACED.fullmatch(line[-1] + after[0]) else f"{line} "
