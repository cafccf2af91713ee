"""What stands beside a name and belongs to it: adjectives, years, numbers, acronyms."""

import re
from dataclasses import replace

from kgraph.extraction.classes import is_a
from kgraph.extraction.mentions.mention import Mention
from kgraph.extraction.sentences import Sentence


def without_adjective(start: int, end: int, known: list[Mention]) -> tuple[int, str | None]:
    """A country's adjective before a name is told of it, not part of it: "Ukrainian Orange Revolution"."""
    for mention in known:
        if mention.mechanism == "adjective" and mention.start == start and start + 1 < end:
            return start + 1, mention.entry.iri if mention.entry else None
    return start, None


def with_number(sentence: Sentence, end: int) -> int:
    """An article's number belongs to its name: "Article 50"."""
    doc = sentence.doc
    return end + 1 if end < len(doc) and re.fullmatch(r"\d+[A-Za-z]?", doc[end].text) else end


def with_year(sentence: Sentence, start: int, end: int, kind: str) -> tuple[int, int]:
    """A law's year before its name belongs to it: "2014 Communications Law"."""
    doc = sentence.doc
    if kind == "Law" and start and re.fullmatch(r"(19|20)\d\d", doc[start - 1].text):
        return start - 1, end
    return start, end


def has_edition(sentence: Sentence, end: int) -> bool:
    """A name with a year right behind it is an occasion that comes again: "Expo 2017"."""
    doc = sentence.doc
    year = end < len(doc) and bool(re.fullmatch(r"(19|20)\d\d", doc[end].text))
    last = doc[end - 1]
    return year and last.ent_type_ != "DATE" and last.pos_ == "PROPN" and last.lower_ not in _PAPERS


#: What comes out year by year, and is no occasion.
_PAPERS = {"index", "report", "survey", "yearbook", "review", "act", "law", "bill", "code"}


def has_network_number(sentence: Sentence, end: int) -> bool:
    """Whether the number of a network stands right behind an operator's name: "Link Egypt (AS24863)"."""
    doc = sentence.doc
    if end + 2 >= len(doc) or doc[end].text != "(":
        return False
    inside = [t.text for t in doc[end + 1 : end + 3]]
    return re.fullmatch(r"ASN?\d+", inside[0]) is not None or (
        inside[0] in ("AS", "ASN") and inside[1].isdecimal()
    )


def with_acronym(sentence: Sentence, mention: Mention, known: list[Mention]) -> Mention:
    """ "National League for Democracy (NLD)": the acronym is another name; what is known by it is meant."""
    doc = sentence.doc
    end = mention.end
    if end + 2 < len(doc) and doc[end].text == "(" and doc[end + 2].text == ")":
        short = doc[end + 1].text
        if short.isupper() and 2 <= len(short) <= 8:
            meant = next((m.entry for m in known if m.start == end + 1 and m.entry), None)
            if meant is not None and all(is_a(kind, "Organization") for kind in (meant.kind, mention.kind)):
                mention = replace(mention, entry=meant, kind=meant.kind, country=meant.country)
            return replace(mention, aliases=(*mention.aliases, short), end=end + 3)
    return mention
