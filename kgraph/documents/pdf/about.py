"""What a PDF tells of itself: in its metadata, which are often left over, and on its first page."""

import re
from collections.abc import Iterable, Sequence
from datetime import date

from kgraph.documents.characters import one_line
from kgraph.documents.credits import are_names
from kgraph.documents.dates import is_date_line, read_date, split_date
from kgraph.documents.header import Head, read_head
from kgraph.documents.language import detect_language, language_tag
from kgraph.documents.passages import has_finite_verb
from kgraph.documents.pdf.process import Header
from kgraph.documents.reading import Metadata

_LONGEST_TITLE = 250
_LONGEST_DATE_LINE = 100

#: Titles that nobody gave: of a program, a file, a template.
_NO_TITLE = re.compile(
    r"microsoft (?:word|powerpoint|excel)\b.*"
    r"|(?:untitled|no title|title|document|presentation|report|slide|cover|layout)\s*\d*"
    r"|.*\.(?:docx?|pdf|indd|qxp|qxd|pptx?|odt|rtf|tex|dvi|xlsx?|pages|pub|ai|eps|html?)(?:\s*\[.*\])?"
    r"|(?:doc|print|scan)\w*\d+.*|https?://\S+|[\W\d_]+",
    re.IGNORECASE,
)
#: Authors that are nobody's name.
_NO_AUTHOR = re.compile(
    r"(?:microsoft )?(?:office )?(?:user|admin\w*|owner|author|unknown|anonymous|root|guest|default|pc|hp)"
    r"(?: user)?\s*\d*|.*[@\\/].*",
    re.IGNORECASE,
)
#: Between authors; "and" stands within names of ministries and of agencies for this and that.
_AUTHORS_APART = re.compile(r"\s*(?:;|,(?=\s*[^\W\d_a-z][\w.’'-]*\s+[^\W\d_a-z]))\s*")
_PEOPLE_APART = re.compile(r"\s*(?:;|,|\band\b|&)\s*")
_ADDRESS = re.compile(r"\s*[(<\[]?\S+@\S+[)>\]]?")

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = re.compile(
    r"(?:.*[|,·•–—]\s*)?(?P<month>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?,?\s+"
    r"(?P<year>\d{4})",
    re.IGNORECASE,
)
_CREATED = re.compile(r"D?:?(\d{4})(\d{2})(\d{2})")


def metadata_of(header: Header, largest: str | None, first_page: Sequence[str], text: str) -> Metadata:
    """Title, people, date and language of a PDF; what the first page shows goes before hidden metadata.

    :param largest: the largest words of the first page.
    :param first_page: the words of its blocks, in order.
    :param text: of the document.
    """
    title = _title(header.title) or largest
    head = head_of(first_page, title)
    return Metadata(
        title=title or head.metadata.title,
        creators=head.metadata.creators or _authors(header.author),
        publisher=head.metadata.publisher,
        issued=_issued(header, head, [words for words in first_page if not (title and _same(words, title))]),
        language=_language(header.language, text),
    )


def head_of(first_page: Sequence[str], title: str | None) -> Head:
    """By-line, date and publisher of the first page, read from its title on."""
    at = next((i for i, words in enumerate(first_page) if title and _same(words, title)), 0)
    head = read_head(first_page[at : at + 12])
    return Head(
        None if head.title is None else head.title + at, frozenset(i + at for i in head.passed), head.metadata
    )


def _same(one: str, other: str) -> bool:
    return "".join(filter(str.isalnum, one.casefold())) == "".join(filter(str.isalnum, other.casefold()))


def _title(told: str) -> str | None:
    title = one_line(told)
    if not title or len(title) > _LONGEST_TITLE or _NO_TITLE.fullmatch(title):
        return None
    # "annual_report_final", "HRW-2019-KZ"
    return title if " " in title or (title.isalpha() and not title.islower()) else None


def _authors(told: str) -> tuple[str, ...]:
    words = _ADDRESS.sub("", one_line(told))
    apart = _AUTHORS_APART if re.search(r"\b(?:of|for|on)\b", words) else _PEOPLE_APART
    names = (name.strip(" ,.") for name in apart.split(words))
    # A word without a space is whom the computer was logged in as.
    return tuple(
        dict.fromkeys(
            n for n in names if " " in n and len(n) < 80 and are_names(n) and not _NO_AUTHOR.fullmatch(n)
        )
    )


def _issued(header: Header, head: Head, first_page: Iterable[str]) -> date | None:
    """The date on the first page; else when the file was made, unless the page names another month."""
    lines = [words for words in first_page if len(words) <= _LONGEST_DATE_LINE]
    for words in lines:
        if dated := _printed(words):
            return dated
    if head.metadata.issued:
        return head.metadata.issued
    made = _created(header.created)
    months = {
        (int(found["year"]), _MONTHS.index(found["month"].lower()) + 1)
        for w in lines
        if (found := _MONTH.fullmatch(w))
    }
    if made and months and (made.year, made.month) not in months:
        return None
    return made


def _printed(words: str) -> date | None:
    """The date that the words are, or end with where they are no sentence."""
    if is_date_line(words):
        return read_date(words)
    before, dated = split_date(words) or ("", None)
    return None if has_finite_verb(before) or words.endswith(".") else dated


def _created(told: str) -> date | None:
    """The day in a PDF date.

    Source: ISO 32000-1, section 7.9.4.
    """
    found = _CREATED.match(told)
    try:
        made = date(*map(int, found.groups())) if found else None
    except ValueError:
        return None
    return made if made and made.year > 1980 else None


def _language(told: str, text: str) -> str | None:
    """The language told, where the text is in it: many a PDF says the language of who made the file."""
    tag, detected = language_tag(told), detect_language(text)
    if not tag:
        return None
    return tag if detected in {"und", tag.split("-")[0]} else None
