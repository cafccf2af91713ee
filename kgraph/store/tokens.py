"""The tokens of SPARQL, as far as we look into queries: what is a name, what a variable, what only text.

Source: SPARQL 1.1 Query, section 19.8 (terminals).
"""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

#: Characters that may begin a name, as they stand in a character class.
BASE_CHARACTERS = (
    "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c-\u200d\u2070-\u218f"
    "\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
#: Those that may stand in one.
INNER_CHARACTERS = f"{BASE_CHARACTERS}_0-9\u00b7\u0300-\u036f\u203f-\u2040"
_ESCAPED = r"%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?#@%]"

COMMENT = r"#[^\r\n]*"
GAP = rf"(?:[ \t\r\n]|{COMMENT})*+"
IRI = r"""<[^<>"{}|^`\x00-\x20]*>"""
VARIABLE = f"[?$][{BASE_CHARACTERS}_0-9][{INNER_CHARACTERS}]*"
LANGUAGE = "@[A-Za-z]+(?:-[A-Za-z0-9]+)*"
#: Long ones before short ones. Their dots match line ends.
STRINGS = (
    r'"""(?:"{0,2}(?:[^"\\]|\\.))*+"""',
    r"'''(?:'{0,2}(?:[^'\\]|\\.))*+'''",
    r'"(?:[^"\\\r\n]|\\[^\r\n])*+"',
    r"'(?:[^'\\\r\n]|\\[^\r\n])*+'",
)
#: A local name does not end at a dot here, though it may hold one: what is left over is read as
#: words, which can only make us see more than there is.
LOCAL = rf"(?:[{BASE_CHARACTERS}_:0-9]|{_ESCAPED})(?:[{INNER_CHARACTERS}:\-]|{_ESCAPED})*"
#: At least as much as any local name that begins here.
WIDEST_LOCAL = rf"(?:[{INNER_CHARACTERS}:.\-]|{_ESCAPED})*"
PREFIX = rf"[{INNER_CHARACTERS}.\-]*+"

#: What nothing closes is read once: else each mark within it would be tried to be the beginning of a string.
_SHORT = "|".join(STRINGS[2:])
_STRINGS = f"(?P<string>{_SHORT})"
_ALL_STRINGS = rf"(?P<string>{'|'.join(STRINGS[:2])}|(?!\"{{3}}|'{{3}})(?:{_SHORT}))"
_OPEN_LONG, _OPEN = r"(?P<open_long>\"{3}|'{3})", "(?P<open>[\"'])"


def _pattern(*strings: str) -> re.Pattern[str]:
    return re.compile(
        "|".join(
            (
                f"(?P<comment>{COMMENT})",
                *strings,
                # `?a<?b&&?c>?d` compares: no IRI that people write begins so, or holds &&.
                r"""(?P<iri><(?![?$])[^<>"{}|^`\x00-\x20&]*+(?:&(?!&)[^<>"{}|^`\x00-\x20&]*+)*+>)""",
                f"(?P<variable>{VARIABLE})",
                f"(?P<language>{LANGUAGE})",
                f"(?P<prefixed>{PREFIX}:(?:{LOCAL})?)",
                rf"(?P<word>[{INNER_CHARACTERS}]++(?![.\-]))",
                rf"(?P<run>[{INNER_CHARACTERS}.\-]++)",
                r"(?P<mark>\S)",
            )
        ),
        re.DOTALL,
    )


_TOKEN = _pattern(_ALL_STRINGS, _OPEN_LONG, _OPEN)
_TOKEN_AFTER_OPEN_LONG = _pattern(_STRINGS, _OPEN)
_TOKEN_AFTER_OPEN = _pattern()
#: What no colon follows is no name: words, and marks between them.
_IN_RUN = re.compile(rf"(?P<word>[{INNER_CHARACTERS}]+)|(?P<mark>[.\-])")
_LINE_END = re.compile(r"[\r\n]|\Z")


class Token(NamedTuple):
    """One token.

    :param kind: comment, string, iri, variable, language, prefixed, word (keywords, numbers) or mark.
    :param start: its offset.
    :param end: the offset behind it.
    """

    kind: str
    text: str
    start: int
    end: int

    @property
    def deeper(self) -> int:
        """How much deeper within braces what follows is: 1, -1 or 0."""
        return {"{": 1, "}": -1}.get(self.text, 0)


def tokens(text: str) -> Iterator[Token]:
    """The tokens of a query, comments left out; whatever the text is, in time that grows as its length."""
    start, end = 0, len(text)
    pattern = within = _TOKEN
    while start < len(text):
        for match in within.finditer(text, start, end):
            kind = match.lastgroup or ""
            if kind == "open_long":  # there is no other one that is closed
                start, pattern = match.start(), _TOKEN_AFTER_OPEN_LONG
                within = pattern
                break
            if kind == "open":  # no string begins on the rest of the line
                yield Token("mark", match[0], match.start(), match.end())
                start, within = match.end(), _TOKEN_AFTER_OPEN
                found = _LINE_END.search(text, start)
                end = found.start() if found else len(text)
                break
            if kind == "run":
                yield from _words(match)
            elif kind != "comment":
                yield Token(kind, match[0], match.start(), match.end())
        else:
            start, end, within = end, len(text), pattern


def _words(run: re.Match[str]) -> Iterator[Token]:
    for match in _IN_RUN.finditer(run[0]):
        yield Token(match.lastgroup or "", match[0], run.start() + match.start(), run.start() + match.end())


def closing_brace(read: Sequence[Token], opening: int) -> int | None:
    """The index of the brace that closes what the token at an index opens; None if none does."""
    depth = 0
    for index in range(opening, len(read)):
        depth += read[index].deeper
        if depth == 0:
            return index
    return None


def names_dataset(text: str) -> bool:
    """Whether a query itself says what it asks: it has a FROM or FROM NAMED clause.

    Source: SPARQL 1.1 Query, section 13.2.
    """
    return "from" in text.lower() and any(
        token.kind == "word" and token.text.lower() == "from" for token in tokens(text)
    )


def place(text: str, offset: int) -> tuple[int, int]:
    """Line and column of an offset, from 1, in characters."""
    return text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)
