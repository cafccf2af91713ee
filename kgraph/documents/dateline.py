"""Datelines: "ALMATY, Kazakhstan (Reuters) - " and the like before a story's first sentence."""

import re
from datetime import date

from kgraph.documents.dates import split_date

_CITY = r"[^\W\d_a-z]{2}[^\W\d_a-z .’'/-]*(?:,\s*[^\W\d_a-z][\w.’' ]{1,30}){0,2}"
_DAY = r"(?:,?\s+[A-Z][a-z]{2,8}\.?\s+\d{1,2}(?:,\s*\d{4})?)?"
_DASH = r"(?:[-–—]{1,2}|:)"
_DATELINE = re.compile(
    rf"(?:{_CITY}{_DAY},?\s*(?:\([A-Z][\w ./-]{{1,30}}\)\s*{_DASH}|[–—]|--)"
    r"|[A-Z][\w.’'-]+(?: [A-Z][\w.’'-]+){0,2}(?:, [A-Z][\w. ]{1,20})?"
    r", [A-Z][a-z]{2,8}\.? \d{1,2}, \d{4}\s*(?:[–—]|--?)"
    r"|[A-Z][a-z]{2,8}\.? \d{1,2} \([A-Z]{2,6}\)\s*(?:[–—]|--?)"
    r"|[\[(][A-Z][\w .,/’'-]{1,60}[\])]\s*[-–—]{1,2})\s+(?=\S)"
)


def dateline_end(text: str, start: int, end: int) -> int:
    """Where the story starts behind the dateline of `text[start:end]`; `start` where there is none.

    >>> words = "ALMATY, Kazakhstan (Reuters) - Police came."
    >>> words[dateline_end(words, 0, len(words)) :]
    'Police came.'
    """
    found = _DATELINE.match(text, start, end)
    return found.end() if found else start


def dateline_date(words: str) -> date | None:
    """The date in the dateline that the words start with, where it tells a year."""
    found = _DATELINE.match(words)
    dated = split_date(found[0].rstrip(" -–—:)]")) if found else None
    return dated[1] if dated else None
