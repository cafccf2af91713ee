"""Dates as texts give them, never more precise than the text: a grammar of our own.

Absolute ("21 May 2016", "December 2011", "2014"), partial ("March 24", of the year that the document
tells), relative ("yesterday", "on Saturday", "last month"), ranges ("2011-2012") and durations
("nine-month", "nearly 30 hours").
"""

import re
from dataclasses import dataclass, replace
from datetime import date, timedelta

from kgraph.extraction.numbers import cardinal
from kgraph.extraction.sentences import Sentence
from kgraph.namespaces import XSD
from kgraph.records import Document, Literal

_MONTHS = {
    name: number
    for number, names in enumerate(
        [
            ("january", "jan"), ("february", "feb"), ("march", "mar"), ("april", "apr"), ("may",),
            ("june", "jun"),
            ("july", "jul"), ("august", "aug"), ("september", "sep", "sept"), ("october", "oct"),
            ("november", "nov"), ("december", "dec"),
        ],
        start=1,
    )
    for name in names
}  # fmt: skip

#: Days of the longest months.
_LONGEST_MONTH = 31

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

_MONTH = r"(?P<month>[A-Za-z]{3,9})\.?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>(?:1[89]|20)\d\d)"

#: Patterns in the order in which they are tried; the longest reading of a place in the text goes first.
_PATTERNS = [
    re.compile(rf"\b{_YEAR}-(?P<numeric>\d\d)-(?P<day>\d\d)\b"),
    re.compile(
        rf"\b{_DAY}(?:\s*[-–]\s*|\s+(?:and|to|until|through)\s+)(?P<last_day>\d{{1,2}})(?:st|nd|rd|th)?"
        rf"\s+(?:of\s+)?{_MONTH}(?:,?\s+{_YEAR})?(?![A-Za-z\d])"
    ),
    re.compile(
        rf"\b{_MONTH}\s+{_DAY}(?:\s*[-–]\s*|\s+(?:and|to|until|through)\s+)(?P<last_day>\d{{1,2}})(?:st|nd|rd|th)?"
        rf"\b(?:\s*,?\s+{_YEAR})?(?!\s*[%,]?\d|\s+(?:people|journalists|protesters))"
    ),
    re.compile(rf"\b{_DAY}\s+(?:of\s+)?{_MONTH},?\s+{_YEAR}\b"),
    re.compile(rf"\b{_MONTH}\s+{_DAY}\s*,?\s+{_YEAR}\b"),
    re.compile(
        rf"\b{_MONTH}(?:\s*[-–]\s*|\s+(?:and|to|until|through)\s+)(?P<last_month>[A-Z][a-z]{{2,8}})\.?"
        rf"(?:,?\s+(?:of\s+)?{_YEAR})?(?![A-Za-z\d])(?!\s+\d)"
    ),
    re.compile(rf"\b{_MONTH}\s*,?\s+(?:of\s+)?{_YEAR}\b"),
    re.compile(rf"\b{_YEAR}\s*[-–]\s*(?P<until>(?:(?:1[89]|20)\d\d)|\d\d)\b"),
    re.compile(rf"\b{_MONTH}\s+{_DAY}\b(?!\s*[%,]?\d)"),
    re.compile(rf"\b{_DAY}\s+(?:of\s+)?{_MONTH}(?![A-Za-z])"),
    re.compile(
        r"\b(?i:early|mid|late|since|in|by|from|until|of|through|during)[\s-]+(?P<lone>[A-Z][a-z]{2,8})\b"
    ),
    re.compile(rf"(?<![\d.,$€£/:-]){_YEAR}(?![\d%]|[.,:/-]\d|s\b)"),
    re.compile(r"\b(?P<relative>today|yesterday|tonight|earlier today|last night)\b", re.I),
    re.compile(rf"\b(?:on|last|since|this)\s+(?P<weekday>{'|'.join(_WEEKDAYS)})\b", re.I),
    re.compile(r"\b(?P<last>last|this|next)\s+(?P<unit>year|month|week)\b", re.I),
]

_UNITS = {"year": "Y", "month": "M", "week": "W", "day": "D", "hour": "H", "minute": "M"}

_DURATION = re.compile(
    r"\b(?P<count>\d+|[a-z]+)[\s-]+(?P<unit>year|month|week|day|hour|minute)s?\b(?!\s+(?:ago|old|later|after|before|earlier))",
    re.I,
)


@dataclass(frozen=True, slots=True)
class When:
    """A date in a sentence.

    :param start: code-point offset in the passage; `end` behind it.
    :param value: `2016-05-21`, `2011-12` or `2014`.
    :param until: end of a range, "" for none.
    :param relation: the word before it that tells more: "since", "until", "before" …
    """

    start: int
    end: int
    value: str
    until: str = ""
    relation: str = ""


@dataclass(frozen=True, slots=True)
class Calendar:
    """What a document's own time tells about dates that its sentences leave out.

    :param issued: when the document was published.
    :param year: the year that an annual report is on; months without a year are of it.
    """

    issued: date | None
    year: int | None


def calendar_of(document: Document) -> Calendar:
    """The calendar of a document: an annual report carries its year in the title.

    Source: gold rules 10 and 22.
    """
    years = re.findall(r"\b(?:19|20)\d\d\b", document.title)
    is_report = re.match(
        r"\s*(?:[^\W\d]\S*\s+){0,4}(?:19|20)\d\d\b.*\breport\b", document.title, re.IGNORECASE
    )
    return Calendar(document.issued, int(years[0]) if is_report and years else None)


def find_dates(sentence: Sentence, calendar: Calendar) -> list[When]:
    """The dates of a sentence, in reading order, none overlapping another."""
    text = sentence.passage.text
    found: list[When] = []
    for pattern in _PATTERNS:
        for match in pattern.finditer(text):
            start, end = _span(match)
            if any(start < other.end and other.start < end for other in found):
                continue
            when = _read(match, start, end, calendar, text)
            if when is not None:
                found.append(when)
    return _joined(sorted(found, key=lambda when: when.start), text)


#: Words between the two ends of a range; "and" only behind "between".
_TO = re.compile(
    r"\s*(?:,?\s*(?:to|until|till|through|and lasted until|and ended on)(?:\s+the)?|[-–])\s*$", re.I
)


def _joined(dates: list[When], text: str) -> list[When]:
    """The dates with the two ends of each range in one: "from 21 December 2018 to 26 February 2019"."""
    kept: list[When] = []
    for when in dates:
        last = kept[-1] if kept else None
        if last is not None and not last.until and last.value <= when.value:
            between = text[last.end : when.start]
            since = text[: last.start].rstrip().lower().endswith("between") and between.strip() == "and"
            if since or _TO.fullmatch(between):
                kept[-1] = replace(last, end=when.end, until=when.value)
                continue
        kept.append(when)
    return kept


def _span(match: re.Match[str]) -> tuple[int, int]:
    if "lone" in match.groupdict():
        return match.span("lone")
    return match.span()


def _read(match: re.Match[str], start: int, end: int, calendar: Calendar, text: str) -> When | None:
    parts = match.groupdict()
    relation = _relation(text[:start])
    if parts.get("relative"):
        value = _relative_day(parts["relative"].lower(), calendar)
    elif parts.get("weekday"):
        value = _weekday(parts["weekday"].lower(), calendar)
    elif parts.get("last"):
        value = _last(parts["last"].lower(), parts["unit"].lower(), calendar)
    else:
        value = _absolute(parts, calendar, to_come=bool(_TO_COME.search(text[:start])))
    if not value:
        return None
    return When(start, end, value, _until(parts, value), relation)


#: Words before a date that has not come yet: "ahead of the October 28 vote".
_TO_COME = re.compile(
    r"\b(?:ahead of|upcoming|scheduled for|slated for|due on|planned for)\W+(?:the\W+)?$", re.I
)


def _absolute(parts: dict[str, str | None], calendar: Calendar, *, to_come: bool = False) -> str:
    year = int(told) if (told := parts.get("year")) else None
    name = parts.get("month") or parts.get("lone")
    month = (
        _MONTHS.get(name.lower()) if name else int(parts["numeric"] or 0) if parts.get("numeric") else None
    )
    if name and (month is None or not name[0].isupper()):
        return ""
    if (last := parts.get("last_month")) and last.lower() not in _MONTHS:
        return ""
    if year is None:
        year = _assumed_year(month, calendar, to_come=to_come)
        if year is None:
            return ""
    if month is None:
        return f"{year:04d}"
    if not parts.get("day"):
        return f"{year:04d}-{month:02d}"
    try:
        return date(year, month, int(parts["day"] or 0)).isoformat()
    except ValueError:
        return ""


def _assumed_year(month: int | None, calendar: Calendar, *, to_come: bool) -> int | None:
    """A month without a year is of the report's year, else the last such month before publication."""
    if calendar.year is not None:
        return calendar.year
    if calendar.issued is None or month is None:
        return None
    if to_come:
        return calendar.issued.year if month >= calendar.issued.month else calendar.issued.year + 1
    return calendar.issued.year if month <= calendar.issued.month else calendar.issued.year - 1


def _until(parts: dict[str, str | None], value: str) -> str:
    """The end of a range: "2011-12" is 2011 to 2012, "15 to 18 November" ends on the 18th."""
    if name := parts.get("last_month"):
        month = _MONTHS[name.lower()]
        return f"{value[:4]}-{month:02d}" if month > int(value[5:7]) else ""
    if last := parts.get("last_day"):
        day = f"{value[:8]}{int(last):02d}"
        return day if day > value and int(last) <= _LONGEST_MONTH else ""
    until = parts.get("until")
    if not until:
        return ""
    return until if len(until) == 4 else f"{(parts['year'] or '')[:2]}{until}"


def _relative_day(word: str, calendar: Calendar) -> str:
    if calendar.issued is None:
        return ""
    back = 1 if word in ("yesterday", "last night") else 0
    return (calendar.issued - timedelta(days=back)).isoformat()


def _weekday(name: str, calendar: Calendar) -> str:
    """The last such day before the document's date."""
    if calendar.issued is None:
        return ""
    back = (calendar.issued.weekday() - _WEEKDAYS.index(name)) % 7
    return (calendar.issued - timedelta(days=back)).isoformat()


def _last(which: str, unit: str, calendar: Calendar) -> str:
    if calendar.issued is None or unit == "week":
        return ""
    shift = {"last": -1, "this": 0, "next": 1}[which]
    if unit == "year":
        return f"{calendar.issued.year + shift:04d}"
    month = calendar.issued.year * 12 + calendar.issued.month - 1 + shift
    return f"{month // 12:04d}-{month % 12 + 1:02d}"


def _relation(before: str) -> str:
    words = before.replace("(", " ").split()
    for word in reversed(words[-3:]):
        if word in ("in", "on", "at", "of") or word[0].isupper():  # "through Tbilisi on Friday"
            return ""
        if word in ("since", "until", "till", "through", "before", "after", "from", "by", "starting", "to"):
            return word
    return "since" if words[-1:] == ["Since"] else "from" if words[-1:] == ["From"] else ""


def find_duration(text: str) -> str:
    """The duration that a phrase tells, as xsd:duration; "" for none.

    Weeks become days, as stores write them.

    >>> find_duration("a nine-month strike"), find_duration("for nearly 30 hours"), find_duration("two weeks")
    ('P9M', 'PT30H', 'P14D')
    """
    for match in _DURATION.finditer(text):
        count = cardinal(match["count"])
        unit = match["unit"].lower()
        article = match["count"].lower() in ("a", "an")
        if count is None or (article and (unit in ("day", "hour", "minute") or match[0].endswith("s"))):
            continue
        if unit == "week":
            return f"P{count * 7}D"
        return f"P{'T' if unit in ('hour', 'minute') else ''}{count}{_UNITS[unit]}"
    return ""


def date_literal(value: str) -> Literal:
    """A date in the datatype of its precision.

    >>> date_literal("2011-12").datatype
    'http://www.w3.org/2001/XMLSchema#gYearMonth'
    """
    return Literal(value, XSD[("gYear", "gYearMonth", "date")[value.count("-")]])


def compatible(left: str, right: str) -> bool:
    """Whether two dates can be of one day: one is the other, or contains it.

    >>> compatible("2011", "2011-12"), compatible("2011-11", "2011-12")
    (True, False)
    """
    return left.startswith(right) or right.startswith(left)
