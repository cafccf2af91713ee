"""Dates of publication, as headers and front matter write them."""

import re
from datetime import date

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = r"(?P<{0}>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{{0,6}}\.?"
_WEEKDAY = r"(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6}\.?,?\s+)?"
_TIME = (
    r"(?:[T,\s]*(?:at\s+|[|–—-]\s*)?\d{1,2}[:.]\d{2}(?:[:.]\d{2})?(?:[.,]\d+)?\s*(?:[ap]\.?m\.?)?"
    r"\s*(?:Z|[A-Z]{2,4}|[+-]\d{2}:?\d{2})?|,?\s*(?:at\s+)?\d{1,2}\s*[ap]\.?m\.?(?:\s*[A-Z]{2,4})?)?"
)
_TIME_FIRST = r"(?:\d{1,2}[:.]\d{2}\s*(?:[ap]\.?m\.?)?\s*[A-Z]{0,4},?\s+(?:on\s+)?)?"
_DAY = r"(?P<{0}>\d{{1,2}})(?:st|nd|rd|th)?"

#: One alternative a way of writing; the group names tell year, month and day apart.
_DATE = "|".join(
    (
        r"(?P<y1>\d{4})[-/.](?P<m1>\d{1,2})[-/.](?P<d1>\d{1,2})",
        _MONTH.format("n2") + r"\s+" + _DAY.format("d2") + r",?\s+(?P<y2>\d{4})",
        _DAY.format("d3") + r"(?:\s+of)?\s+" + _MONTH.format("n3") + r",?\s+(?P<y3>\d{4})",
        r"(?P<a4>\d{1,2})[./-](?P<b4>\d{1,2})[./-](?P<y4>\d{4})",
    )
)
_LABEL = (
    r"(?:(?:first\s+|last\s+|originally\s+)?(?:published|posted|updated|modified|revised|released|issued|date)"
    r"(?:\s+on|\s+at)?\s*:?\s*)?"
)
_WHOLE = re.compile(rf"\W{{0,3}}{_LABEL}{_TIME_FIRST}{_WEEKDAY}(?:{_DATE}){_TIME}\W{{0,3}}", re.IGNORECASE)
_AT_START = re.compile(rf"\s*{_WEEKDAY}(?:{_DATE})(?!\d)", re.IGNORECASE)
_AT_END = re.compile(
    rf"(?P<sep>^|[,|·•–—;(]\s*|\s-\s|\s){_LABEL}{_WEEKDAY}(?:{_DATE}){_TIME}[\s.)]*$", re.IGNORECASE
)


def is_date_line(line: str) -> bool:
    """Whether the line is nothing but a date, perhaps with a weekday, a time or "Updated".

    >>> is_date_line("Monday, August 19, 2019"), is_date_line("In May 2019 it ended.")
    (True, False)
    """
    return len(line) < 100 and _WHOLE.fullmatch(line.strip()) is not None


def read_date(text: str) -> date | None:
    """The date that the text is, or starts with; None where it tells no day, or not which.

    >>> read_date("3 March 2019"), read_date("03/04/2019")
    (datetime.date(2019, 3, 3), None)
    """
    text = text.strip()[:100]
    found = _WHOLE.fullmatch(text) or _AT_START.match(text)
    return _date_of(found) if found else None


def split_date(line: str) -> tuple[str, date | None] | None:
    """What stands before the date that ends the line, and that date; None if none does.

    >>> split_date("Example News, 2019-03-28")
    ('Example News', datetime.date(2019, 3, 28))
    """
    if len(line) > 1000:
        return None
    found = _AT_END.search(line)
    return (line[: found.start()].rstrip(" ,|·•–—-;("), _date_of(found)) if found else None


def _date_of(found: re.Match[str]) -> date | None:
    part = found.groupdict()
    year = part["y1"] or part["y2"] or part["y3"] or part["y4"]
    if name := part["n2"] or part["n3"]:
        month = _MONTHS.index(name.lower()) + 1
        day = int(part["d2"] or part["d3"])
    elif part["m1"]:
        month, day = int(part["m1"]), int(part["d1"])
    else:
        first, second = int(part["a4"]), int(part["b4"])
        # 03/04/2019 is one day in London and another in Washington.
        if first <= 12 and second <= 12 and first != second:
            return None
        day, month = (first, second) if second <= 12 else (second, first)
    try:
        return date(int(year), month, day)
    except ValueError:
        return None
