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
PREFIX = rf"[{INNER_CHARACTERS}.\-]*"

_TOKEN = re.compile(
    "|".join(
        (
            f"(?P<comment>{COMMENT})",
            f"(?P<string>{'|'.join(STRINGS)})",
            # `?a<?b&&?c>?d` compares: no IRI that people write begins so, or holds &&.
            rf"(?P<iri>(?!<[?$]|<[^>\s]*&&){IRI})",
            f"(?P<variable>{VARIABLE})",
            f"(?P<language>{LANGUAGE})",
            f"(?P<prefixed>{PREFIX}:(?:{LOCAL})?)",
            f"(?P<word>[{INNER_CHARACTERS}]+)",
            r"(?P<mark>\S)",
        )
    ),
    re.DOTALL,
)


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
    """The tokens of a query, comments left out."""
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup or ""
        if kind != "comment":
            yield Token(kind, match[0], match.start(), match.end())


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
