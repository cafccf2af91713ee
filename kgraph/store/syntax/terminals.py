"""Query text as the terminals of the grammar, each with its place; any text can be read.

Longest match, as the specification has it. The engine reads without tokens, so this may differ from it where
`<` could begin an IRI; it is asked only about text that the engine has refused.

Source: SPARQL 1.1 Query, section 19.8 (terminals, rules 139 and on); SPARQL 1.2 Query for `<<`, `~` and `{|`.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from kgraph.store.syntax.grammar import KEYWORDS
from kgraph.store.tokens import BASE_CHARACTERS as _BASE
from kgraph.store.tokens import COMMENT, IRI, VARIABLE
from kgraph.store.tokens import INNER_CHARACTERS as _INNER

# Bounded, as is the look ahead for &&: else it would be looked far ahead from each of many places.
_PREFIX = rf"(?:[{_BASE}](?:[{_INNER}.\-]{{0,100}}[{_INNER}\-])?)?"
_ESCAPED = r"%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?#@%]"
_LOCAL = rf"(?:[{_BASE}_:0-9]|{_ESCAPED})(?:(?:[{_INNER}.:\-]|{_ESCAPED})*(?:[{_INNER}:\-]|{_ESCAPED}))?"
_CHARACTER = r"\\[tbnrf\"'\\]|\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8}"
_EXPONENT = r"[eE][+-]?[0-9]+"

#: Kind and pattern, the first that matches; what could match longer stands before.
_KINDS: tuple[tuple[str, str], ...] = (
    ("GAP", rf"[ \t\r\n]+|{COMMENT}"),
    ("STRING", rf'"""(?:"{{0,2}}(?:[^"\\]|{_CHARACTER}))*+"""'),
    ("STRING", rf"'''(?:'{{0,2}}(?:[^'\\]|{_CHARACTER}))*+'''"),
    ("STRING", rf'"(?!"")(?:[^"\\\r\n]|{_CHARACTER})*+"'),
    ("STRING", rf"'(?!'')(?:[^'\\\r\n]|{_CHARACTER})*+'"),
    ("OPEN_STRING", r"\"[^\r\n]*|'[^\r\n]*"),
    ("IRIREF", rf"(?!<[?$]|<[^>\s]{{0,100}}&&){IRI}"),
    ("BAD_IRI", r"<[A-Za-z][A-Za-z0-9+.\-]*:[^<>\r\n]*>"),
    ("VAR", VARIABLE),
    ("LANGTAG", r"@[A-Za-z]+(?:-[A-Za-z0-9]+)*(?:--[A-Za-z]+)?"),
    ("BLANK", rf"_:[{_BASE}_0-9](?:[{_INNER}.\-]*[{_INNER}\-])?"),
    ("PNAME_LN", rf"{_PREFIX}:{_LOCAL}"),
    ("PNAME_NS", rf"{_PREFIX}:"),
    ("SIGNED", rf"[+-](?:[0-9]*\.[0-9]+(?:{_EXPONENT})?|[0-9]+\.?{_EXPONENT}|[0-9]+)"),
    ("NUMBER", rf"[0-9]*\.[0-9]+(?:{_EXPONENT})?|[0-9]+\.?{_EXPONENT}|[0-9]++(?![{_BASE}_])"),
    ("NIL", rf"\((?:[ \t\r\n]|{COMMENT})*+\)"),
    ("ANON", r"\[[ \t\r\n]*+\]"),
    ("WORD", f"[{_INNER}]+"),
    ("MARK", r"<<\(|\)>>|<<|>>|\{\||\|\}|\^\^|&&|\|\||!=|<=|>=|."),
)
_TERMINAL = re.compile(
    "|".join(f"(?P<{kind}_{number}>{pattern})" for number, (kind, pattern) in enumerate(_KINDS)),
    re.DOTALL,
)


class Terminal(NamedTuple):
    """One terminal of the grammar.

    :param kind: a keyword in capitals, a mark as it is written, or the name of a kind of terminal (`VAR`,
        `IRIREF`, `STRING` …); `END` behind the last. No rule takes `WORD`, `OPEN_STRING` (quotes that do not
        close, or hold a backslash that escapes nothing) or `BAD_IRI` (an IRI with blanks and the like in it).
    :param start: its offset, in code points.
    :param end: the offset behind it.
    """

    kind: str
    text: str
    start: int
    end: int


def terminals(text: str, start: int = 0) -> Iterator[Terminal]:
    """The terminals of a text from an offset on, comments left out; the last is the end, which is empty."""
    for match in _TERMINAL.finditer(text, start):
        kind = (match.lastgroup or "").rpartition("_")[0]
        if kind != "GAP":
            yield Terminal(_kind(kind, match[0]), match[0], match.start(), match.end())
    yield Terminal("END", "", len(text), len(text))


def _kind(kind: str, text: str) -> str:
    if kind == "MARK":
        return text
    if kind != "WORD":
        return kind
    if text == "a":
        return text
    # The engine takes these in small letters alone.
    is_keyword = text.upper() in KEYWORDS and (text.islower() or text.lower() not in {"true", "false"})
    return text.upper() if is_keyword else kind
