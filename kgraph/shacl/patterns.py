"""Regular expressions that mean something else to the engine than to the specification.

The engine reads them as Rust's library does. What both know and read otherwise is refused, so that no
value passes by a pattern that nobody wrote. Left as the engine reads them are `\\w` (it takes `_` in), `\\s`
(all white space of Unicode) and `.` (a carriage return too).

Source: XQuery and XPath Functions and Operators 3.1, section 5.6.1; XML Schema 1.0 Part 2, appendix F.
"""

import re

#: Outside classes: what only Rust knows.
_FOREIGN = re.compile(
    r"""(?P<group>\(\?(?!:)) | (?P<escape>\\[bBAzZQEaxuUG<>]) | (?P<possessive>[*+?}]\+) """, re.VERBOSE
)
_WORDS = {
    "group": "a group that begins with (?",
    "escape": "the escape",
    "possessive": "a possessive quantifier",
}


def foreign_part(pattern: str, flags: str) -> str:
    """What in a pattern the engine would read otherwise, in words; "" if nothing."""
    if "q" in flags:
        return ""
    if "x" in flags and "#" in pattern:
        return "a # with the flag x, which begins a comment"
    i = 0
    while i < len(pattern):
        if pattern[i] == "[":
            end = _end_of_class(pattern, i)
            inner = re.sub(r"\\.", "", pattern[i + 1 : end], flags=re.DOTALL)
            if "[" in inner:
                return "a class within a class"
            if re.search("&&|~~|--", inner):
                return "an operation on classes (&&, ~~, --)"
            i = end + 1
            continue
        found = _FOREIGN.match(pattern, i)
        if found:
            return f"{_WORDS[str(found.lastgroup)]} {found[0]}"
        i += 2 if pattern[i] == "\\" else 1
    return ""


def _end_of_class(pattern: str, start: int) -> int:
    """Where a class ends: at the first bracket that is not escaped."""
    i = start + 1
    while i < len(pattern) and pattern[i] != "]":
        i += 2 if pattern[i] == "\\" else 1
    return i
