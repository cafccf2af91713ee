"""Whether a literal's lexical form belongs to its datatype.

Source: W3C XML Schema Definition Language (XSD) 1.1 Part 2, section 3; RDF 1.1 Concepts, section 5.1.
"""

import re
from calendar import monthrange
from collections.abc import Callable
from functools import lru_cache

import pyoxigraph as ox

from kgraph import namespaces

_ZONE = r"(?:Z|[+-](?:(?:0\d|1[0-3]):[0-5]\d|14:00))?"
_YEAR = r"-?(?:[1-9]\d{3,}|0\d{3})"
_MONTH = r"(?:0[1-9]|1[0-2])"
_DAY = r"(?:0[1-9]|[12]\d|3[01])"
_TIME = r"(?:(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?|24:00:00(?:\.0+)?)"
_DAY_TIME = r"(?:\d+D)?(?:T(?=\d)(?:\d+H)?(?:\d+M)?(?:\d+(?:\.\d+)?S)?)?"
_DATE = f"(?P<year>{_YEAR})-(?P<month>{_MONTH})-(?P<day>{_DAY})"
_FLOAT = r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[Ee][+-]?\d+)?|[+-]?INF|NaN"
_NAME_START = r"[^\W\d]"

#: Lexical spaces; `string`, `anyURI` and what is not here take any text.
_PATTERNS = {
    "boolean": "true|false|1|0",
    "decimal": r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)",
    "integer": r"[+-]?\d+",
    "float": _FLOAT,
    "double": _FLOAT,
    "dateTime": f"{_DATE}T{_TIME}{_ZONE}",
    "dateTimeStamp": f"{_DATE}T{_TIME}(?=.){_ZONE}",
    "date": f"{_DATE}{_ZONE}",
    "time": f"{_TIME}{_ZONE}",
    "gYear": f"{_YEAR}{_ZONE}",
    "gYearMonth": f"{_YEAR}-{_MONTH}{_ZONE}",
    "gMonth": f"--{_MONTH}{_ZONE}",
    "gDay": f"---{_DAY}{_ZONE}",
    "gMonthDay": f"--(?P<month>{_MONTH})-(?P<day>{_DAY}){_ZONE}",
    "duration": rf"-?P(?=[\dT])(?:\d+Y)?(?:\d+M)?{_DAY_TIME}",
    "yearMonthDuration": r"-?P(?=\d)(?:\d+Y)?(?:\d+M)?",
    "dayTimeDuration": rf"-?P(?=[\dT]){_DAY_TIME}",
    "hexBinary": "(?:[0-9A-Fa-f]{2})*",
    "base64Binary": "(?:(?:[A-Za-z0-9+/] ?){4})*(?:(?:[A-Za-z0-9+/] ?){2}[A-Za-z0-9+/=] ?=)?",
    "normalizedString": r"[^\t\n\r]*",
    "token": r"(?:[^\s]+(?: [^\s]+)*)?",
    "language": "[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*",
    "Name": rf"(?:{_NAME_START}|[:_])[\w:.\-]*",
    "NCName": rf"(?:{_NAME_START}|_)[\w.\-]*",
    "NMTOKEN": r"[\w:.\-]+",
}

#: Derived integers with their bounds.
_BOUNDS: dict[str, tuple[int | None, int | None]] = {
    "nonNegativeInteger": (0, None),
    "positiveInteger": (1, None),
    "nonPositiveInteger": (None, 0),
    "negativeInteger": (None, -1),
    "long": (-(2**63), 2**63 - 1),
    "int": (-(2**31), 2**31 - 1),
    "short": (-(2**15), 2**15 - 1),
    "byte": (-128, 127),
    "unsignedLong": (0, 2**64 - 1),
    "unsignedInt": (0, 2**32 - 1),
    "unsignedShort": (0, 2**16 - 1),
    "unsignedByte": (0, 255),
}

#: As many digits as Python turns into a number without being asked twice.
_MAX_DIGITS = 4000


def is_well_formed(literal: ox.Literal) -> bool:
    """Whether the lexical form lies in the lexical space of the datatype; true of unknown datatypes."""
    check = _checks().get(literal.datatype.value)
    return check is None or check(literal.value)


@lru_cache(maxsize=1)
def _checks() -> dict[str, Callable[[str], bool]]:
    checks = {namespaces.XSD[name]: _matcher(pattern) for name, pattern in _PATTERNS.items()}
    checks |= {namespaces.XSD[name]: _bounded(*bounds) for name, bounds in _BOUNDS.items()}
    return checks


def _matcher(pattern: str) -> Callable[[str], bool]:
    # Digits are ASCII; names are not.
    compiled = re.compile(pattern, 0 if r"\w" in pattern else re.ASCII)
    dated = "(?P<day>" in pattern

    def matches(text: str) -> bool:
        found = compiled.fullmatch(text)
        return found is not None and (not dated or _is_real_day(found))

    return matches


def _is_real_day(found: re.Match[str]) -> bool:
    parts = found.groupdict()
    # Years repeat every 400; a day without a year may be the 29th of February.
    year = int(parts["year"]) % 400 + 2000 if "year" in parts else 2000
    return int(parts["day"]) <= monthrange(year, int(parts["month"]))[1]


def _bounded(low: int | None, high: int | None) -> Callable[[str], bool]:
    integer = _matcher(_PATTERNS["integer"])

    def lies_within(text: str) -> bool:
        if not integer(text):
            return False
        if len(text) > _MAX_DIGITS:
            return (high if text[0] != "-" else low) is None
        value = int(text)
        return (low is None or value >= low) and (high is None or value <= high)

    return lies_within
