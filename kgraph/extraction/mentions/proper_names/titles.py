"""Titles and offices before a name: "President Doe", "the mayor of London, Roe"."""

from functools import lru_cache

from kgraph.extraction.lexicon import name_words, read_words
from kgraph.extraction.mentions.mention import Mention
from kgraph.extraction.mentions.proper_names.runs import is_capitalised, is_namelike
from kgraph.extraction.sentences import Sentence


@lru_cache(maxsize=1)
def _titles() -> dict[tuple[str, ...], str]:
    """Offices as they stand before a name, by their words."""
    table = read_words("offices")
    return {tuple(office.split()): office for group in table.values() for office in group}


def starts_title(sentence: Sentence, start: int, end: int) -> bool:
    """Whether words go on to an office: "Vice President"."""
    longer = (tuple(t.lower_ for t in sentence.doc[start:last]) for last in range(end + 1, end + 3))
    return any(words in _titles() for words in longer)


def _title_of_place(sentence: Sentence, start: int, end: int, known: list[Mention]) -> tuple[int, str] | None:
    """ "First Minister of Scotland X", "the mayor of London, X", "MP (Member of Parliament) X"."""
    doc = sentence.doc
    name = start
    place = next((m for m in known if m.start == start and m.end < end), None)
    if place is not None:
        name = place.end
    elif start and doc[start - 1].text == ",":
        place = next((m for m in known if m.end == start - 1 and m.kind in ("Place", "Country")), None)
    if place is not None and place.start > 1 and doc[place.start - 1].lower_ == "of":
        office = _title_before(sentence, place.start - 1)
        return (name, office) if office else None
    behind_comma = place is None and start > 0 and doc[start - 1].text == ","
    if behind_comma and (office := _office_in_full(sentence, start - 1)):
        return start, office
    if start and doc[start - 1].text == ")":
        opened = next((t.i for t in reversed(doc[:start]) if t.text == "("), 0)
        office = _title_before(sentence, opened)
        return (start, office) if office else None
    return None


def _seat(sentence: Sentence, start: int, end: int) -> int | None:
    """Where the name starts behind a seat in parliament: "Member of Parliament for X District, Y"."""
    words = [t.text for t in sentence.doc[start:end]]
    if words[0] not in _SEATS or "for" not in words:
        return None
    kinds = name_words()
    last = max((i for i, w in enumerate(words) if kinds.get(w) == "Place"), default=0)
    return start + last + 1 if last > words.index("for") and start + last + 1 < end else None


#: First words of the names of seats.
_SEATS = {"Member", "Senator", "Representative", "Governor", "Mayor"}

#: Longest office with its field, in tokens: "Minister of Information and Culture".
_LONGEST_OFFICE = 9


def _office_in_full(sentence: Sentence, end: int) -> str | None:
    """The office that ends before a comma: "Minister of Information and Culture, X"."""
    doc = sentence.doc
    for position in range(end - 1, max(0, end - _LONGEST_OFFICE), -1):
        token = doc[position]
        if token.lower_ in ("of", "for") and (_title_before(sentence, position)):
            first = position - 1
            while first and doc[first - 1].text[:1].isupper():
                first -= 1
            return sentence.words(first, end) if first and doc[first - 1].lower_ == "the" else None
        if not (is_capitalised(token) or token.lower_ in ("and", "&", "the", "of", "for")):
            return None
    return None


def _title_before(sentence: Sentence, end: int) -> str | None:
    """The longest title that ends before a token."""
    for first in range(max(0, end - 3), end):
        words = tuple(t.lower_ for t in sentence.doc[first:end])
        if words in _titles():
            return _titles()[words]
    return None


def without_title(sentence: Sentence, start: int, end: int, known: list[Mention]) -> tuple[int, str | None]:
    """Where the name behind a title starts, and the title: "President Doe", "prime minister Roe"."""
    doc = sentence.doc
    if (seat := _seat(sentence, start, end)) is not None:
        return seat, sentence.words(start, seat)
    behind_place = _title_of_place(sentence, start, end, known)
    if behind_place is not None:
        return behind_place
    for first in range(max(0, start - 3), end):
        for last in range(min(end - 1, first + 4), first, -1):
            if last < start:
                continue
            words = tuple(t.lower_ for t in doc[first:last])
            adjective = doc[last - 1].pos_ == "ADJ"  # "a general SSL certificate"
            if last < end and words[-1:] == ("general",) and doc[last].text in _GENERAL:
                continue
            if words in _titles() and last < end and is_namelike(doc[last]) and not adjective:
                return last, _with_field(sentence, first, last) or _titles()[words]
    return start, None


#: What is called general and no person: "the General Staff", "Secretary-General Rapporteur".
_GENERAL = {
    "Staff", "Assembly", "Council", "Secretariat", "Rapporteur", "Directorate", "Command", "Prosecutor",
    "Secretary", "Strike", "Election", "Elections", "Department", "Inspectorate", "Hospital", "Motors",
    "Electric", "Data",
}  # fmt: skip


def _with_field(sentence: Sentence, first: int, last: int) -> str | None:
    """The field before a minister's title: "telecommunications minister", "Foreign Affairs Minister"."""
    doc = sentence.doc
    if doc[last - 1].lower_ not in ("minister", "secretary", "commissioner"):
        return None
    start = first
    while start and start > first - 3 and doc[start - 1].dep_ in ("compound", "amod", "nmod", "conj", "cc"):
        if doc[start - 1].ent_type_ in ("NORP", "GPE", "DATE") or doc[start - 1].tag_ in ("JJS", "POS"):
            break
        start -= 1
    while start < first and doc[start].dep_ == "cc":
        start += 1
    return sentence.words(start, last).lower() if start < first else None
