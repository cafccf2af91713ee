"""Dates of any precision: xsd:date, xsd:gYearMonth, xsd:gYear and, from datasets, xsd:dateTime."""

import calendar
import re
from datetime import date, datetime

_PARTIAL = re.compile(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?(?:T.*)?(?:Z|[-+]\d\d:\d\d)?")


def first_day(lexical: str) -> date:
    """The first day of a date, month or year.

    >>> first_day("2011-12")
    datetime.date(2011, 12, 1)

    :raises ValueError: if it is no such date (2011-13), or of a year before 1 or after 9999.
    """
    year, month, day = _parts(lexical)
    return date(year, month or 1, day or 1)


def last_day(lexical: str) -> date:
    """The last day of a date, month or year.

    >>> last_day("2012-02")
    datetime.date(2012, 2, 29)

    :raises ValueError: as `first_day`.
    """
    year, month, day = _parts(lexical)
    month = month or 12
    return date(year, month, day or calendar.monthrange(year, month)[1])


def is_date(lexical: str) -> bool:
    """Whether there is such a day, month or year.

    >>> is_date("2011-13"), is_date("2011")
    (False, True)
    """
    try:
        first_day(lexical)
    except ValueError:
        return False
    return True


def _parts(lexical: str) -> tuple[int, int | None, int | None]:
    found = _PARTIAL.fullmatch(lexical)
    if not found:
        raise ValueError(f"{lexical!r} is no date, month or year")
    year, month, day = (int(part) if part else None for part in found.groups())
    if month is not None and not 1 <= month <= 12:
        raise ValueError(f"{lexical!r}: there is no month {month}")
    assert year is not None  # noqa: S101  # the pattern says so
    return year, month, day


def moment(when: datetime) -> str:
    """A time in UTC as an xsd:dateTime, to the millisecond.

    >>> from datetime import UTC
    >>> moment(datetime(2016, 5, 21, 9, 30, tzinfo=UTC))
    '2016-05-21T09:30:00.000Z'
    """
    return when.isoformat(timespec="milliseconds").replace("+00:00", "Z")
