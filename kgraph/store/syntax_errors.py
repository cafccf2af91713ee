"""The engine's words on a malformed query, made short enough to read."""

import re

_POSITION = re.compile(r"error at (\d+):(\d+): (?:expected (?:one of )?)?(.*)", re.DOTALL)
# Ranges of characters say nothing to people: ['a' ..= 'z' | …], [_].
_CHARACTER_CLASS = re.compile(r"\[(?:'[^']*'|[^\]'])*\]")
_MOST = 8
_EXCERPT = 20


def describe_syntax_error(text: str, words: str) -> str:
    """Where the query is wrong, what stands there and what could.

    :param text: the query.
    :param words: the engine's message.

    >>> describe_syntax_error("SELECT * {", "error at 1:11: expected one of FILTER, VALUES, ['a' ..= 'z']")
    'line 1, column 11: syntax error at the end of the query; expected FILTER or VALUES'
    """
    match = _POSITION.match(words)
    if match is None:
        return f"syntax error: {' '.join(words.split())}"
    line, column, expected = int(match[1]), int(match[2]), match[3]
    place = f"line {line}, column {column}: syntax error {_what_stands_there(text, line, column)}"
    if "Prefix not found" in expected:
        return f"{place}; a prefix is used here that is not declared"
    names = _names(expected)
    return f"{place}; expected {names}" if names else place


def _what_stands_there(text: str, line: int, column: int) -> str:
    lines = text.split("\n")
    rest = lines[line - 1][column - 1 :].strip() if line <= len(lines) else ""
    if not rest:
        following = " ".join(lines[line:]).split()
        rest = following[0] if following else ""
    if not rest:
        return "at the end of the query"
    return f"at {rest[:_EXCERPT] + ('…' if len(rest) > _EXCERPT else '')!r}"


def _names(expected: str) -> str:
    names = [name.strip() for name in _CHARACTER_CLASS.sub("", expected).split(", ")]
    names = [" ".join(name.split()) for name in names if name]
    if len(names) > _MOST:
        names = [*names[:_MOST], "…"]
    return ", ".join(names[:-1]) + " or " + names[-1] if len(names) > 1 else "".join(names)
