"""The head of a text: title, by-line, date, as plain text and Markdown carry them.

The first line may be a title; behind it come lines such as "Jane Doe, Example News,
2019-03-28", "By Jane Doe", "Updated 3 March 2019" or "Source: https://…".
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from kgraph.documents.characters import one_line
from kgraph.documents.dates import is_date_line, read_date, split_date
from kgraph.documents.furniture import is_byline, is_furniture
from kgraph.documents.identity import address
from kgraph.documents.language import language_tag
from kgraph.documents.reading import Metadata

#: How many lines behind the title may belong to the head, a standfirst included.
_MOST_LINES = 8
_LONGEST_TITLE = 250

_KEY_LINE = re.compile(
    r"(?P<key>title|authors?|by|date|published|publisher|outlet|source|url|link|language|licen[cs]e)\s*:\s+(?P<value>\S.*)",
    re.IGNORECASE,
)
_BY = re.compile(r"(?:(?:story|text|words|written|reported)\s+)?by:?\s+", re.IGNORECASE)
_STAFF = re.compile(
    r"\(?(?:additional |writing and )?(?:reporting|editing|edited|translated|compiled|writing)\b", re.I
)
#: Separators of names: commas, bars and dots outside brackets.
_PARTS = re.compile(r"(?:,\s*(?:and\s+)?|;\s*|\s+[|·•–—-]\s+|\s*\|\s*)(?![^(]*\))")
_BARS = re.compile(r"\s*[|·•]\s*|\s+[–—-]\s+")
_SMALL_WORD = re.compile(r"of|the|for|and|&|on|d[aeiou]|del|la|le|van|von|der|den|bin|al|el|y|i|in")
_NAMES_APART = re.compile(r"\s+(?:and|&)\s+(?![^(]*\))")


@dataclass(frozen=True, slots=True)
class Head:
    """What the first lines tell.

    :param title: index of the line that is the title.
    :param passed: indexes of the lines that are no passages.
    """

    title: int | None
    passed: frozenset[int]
    metadata: Metadata


def read_head(lines: Sequence[str]) -> Head:
    """The head of a text.

    :param lines: its lines that are not empty, in order; the first dozen will do.
    """
    metadata = Metadata()
    passed: set[int] = set()
    title: int | None = None
    others = 0
    for index, line in enumerate(lines[: _MOST_LINES + 2]):
        found = _key_line(line) or _byline(line, after_title=title is not None and index == title + 1)
        if found is not None:
            metadata = metadata.or_else(found)
            passed.add(index)
            if found.title and title is None:
                title = index
        elif title is None and not is_furniture(line):
            if not _can_be_title(lines, index):
                break
            title = index
        elif not is_furniture(line):
            others += 1
            if others > 1:
                break
    if title is not None and title not in passed:
        metadata = Metadata(title=one_line(lines[title])).or_else(metadata)
    return Head(title, frozenset(passed), metadata)


def _can_be_title(lines: Sequence[str], index: int) -> bool:
    """Whether the line is a title: it is not the last, and ends like none or has a by-line below."""
    line = lines[index].strip()
    if len(line) > _LONGEST_TITLE or index + 1 >= len(lines):
        return False
    if not line.endswith((".", ":", ";", ",", "…", "”", '"')) or line.endswith(("...", "U.S.")):
        return True
    return _byline(lines[index + 1], after_title=True) is not None


def _byline(line: str, *, after_title: bool) -> Metadata | None:
    """What a line with names and a date tells; None if it is none."""
    line = line.strip().strip("*_").strip()
    if is_date_line(line):
        return Metadata(issued=read_date(_without_label(line)))
    if _STAFF.match(line) and is_byline(line):
        return Metadata()
    dated = split_date(line)
    names, issued = dated if dated else (line, None)
    by = _BY.match(names)
    if by and (is_byline(names) or dated):
        return _people(names[by.end() :], all_people=True, issued=issued)
    if dated and after_title and all(map(_can_be_name, _PARTS.split(names))):
        return _people(names, all_people=False, issued=issued)
    return _several(line)


def _several(line: str) -> Metadata | None:
    """What a line such as "Updated 3 May 2019 | By Jane Doe" tells."""
    parts = [part for part in _BARS.split(line) if part.strip()]
    if len(parts) < 2 or not all(is_byline(part) or is_date_line(part) for part in parts):
        return None
    told = Metadata()
    for part in parts:
        told = told.or_else(_byline(part, after_title=False) or Metadata())
    return told


def _can_be_name(part: str) -> bool:
    """Whether the words can name an author or a publisher; "example.org" and "dpa" can."""
    words = re.sub(r"\([^)]*\)", "", part).split()
    if len(words) == 1:
        return any(c.isalpha() for c in words[0])
    return bool(words) and all(
        any(c.isupper() for c in w) or "." in w or _SMALL_WORD.fullmatch(w) for w in words
    )


def _without_label(line: str) -> str:
    return re.sub(
        r"^[A-Za-z\s]*?\b(?:published|posted|updated|modified|date)(?: on| at)?\s*:?\s*", "", line, flags=re.I
    )


def _people(names: str, *, all_people: bool, issued: object) -> Metadata:
    parts = [one_line(part) for part in _PARTS.split(names) if part.strip()]
    publisher = None
    if parts and (not all_people or (issued and len(parts) > 1)):
        publisher = parts.pop()
    people = (person for part in parts for person in _NAMES_APART.split(part))
    creators = tuple(dict.fromkeys(filter(None, map(_name, people))))
    return Metadata(creators=creators, publisher=publisher, issued=issued)  # type: ignore[arg-type]  # a date


def _name(person: str) -> str:
    """A name without the affiliation in brackets and without "in Almaty"."""
    return re.sub(r"\s+in\s+[A-Z].*$", "", re.sub(r"\s*\([^)]*\)", "", person)).strip(" .,")


def _key_line(line: str) -> Metadata | None:
    """What a line such as "Author: Jane Doe" tells."""
    found = _KEY_LINE.fullmatch(line.strip())
    if not found or len(line) > 500:
        return None
    key, value = found["key"].lower(), one_line(found["value"])
    if key == "title":
        return Metadata(title=value)
    if key in {"author", "authors", "by"}:
        return _people(value, all_people=True, issued=None)
    if key in {"date", "published"}:
        return Metadata(issued=read_date(value)) if is_date_line(value) else None
    if key in {"publisher", "outlet"}:
        return Metadata(publisher=value)
    if key == "language":
        return Metadata(language=language_tag(value))
    if key in {"licence", "license"}:
        return Metadata(licence=value)
    place = address(value)
    return Metadata(source=place) if place else None
