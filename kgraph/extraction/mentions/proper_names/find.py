"""Names in a sentence, with their classes."""

import re
from collections.abc import Iterator

from kgraph.extraction.classes import is_a
from kgraph.extraction.lexicon import name_words
from kgraph.extraction.mentions.mention import Mention
from kgraph.extraction.mentions.proper_names.classes import class_by_model, class_by_words, names_a_law
from kgraph.extraction.mentions.proper_names.descriptions import described, explained, is_political
from kgraph.extraction.mentions.proper_names.edges import (
    has_edition,
    has_network_number,
    with_acronym,
    with_number,
    with_year,
    without_adjective,
)
from kgraph.extraction.mentions.proper_names.runs import end_of_name, starts_name
from kgraph.extraction.mentions.proper_names.titles import without_title
from kgraph.extraction.sentences import Sentence

#: Mechanism of a name that the number of its network tells.
NUMBERED = "network number"


def proper_names(sentence: Sentence, known: list[Mention]) -> Iterator[Mention]:
    """Names in a sentence beside those of the gazetteer, and those of which one of them is a part."""
    position = sentence.label_end
    while position < len(sentence.doc):
        if not starts_name(sentence, position):
            position += 1
            continue
        end = end_of_name(sentence, position, known)
        mention = _classified(sentence, position, end, known)
        if mention is not None:
            yield mention
        position = max(end, position + 1)


def _classified(sentence: Sentence, start: int, end: int, known: list[Mention]) -> Mention | None:
    """The mention that a run of words is, without the title before it; None where nothing tells its class."""
    start, office = without_title(sentence, start, end, known)
    if start >= end:
        return None
    in_full = start
    start, country = without_adjective(start, end, known)
    inside = [m for m in known if m.start < end and m.end > start]
    words = [t.text for t in sentence.doc[start:end]]
    numbered = has_network_number(sentence, end)
    kind = "TelecomOperator" if numbered else class_by_words(sentence, start, end)
    if any(m.start <= start and m.end >= end for m in inside if m.mechanism != "adjective"):
        return None
    if kind is None and inside and not office:
        return None
    if kind is None and len(words) == 1 and words[0] in name_words():
        return None
    if kind == "Law" and not names_a_law(words):
        return None
    mechanism = NUMBERED if numbered else "name pattern"
    if office and kind in (None, "Organization"):
        kind, mechanism = "Person", "title"
    if kind is None:
        kind, mechanism = _told_around(sentence, start, end)
    if kind is None:
        return None
    if kind == "CivicOrganization" and is_political(sentence, start):
        kind = "PoliticalParty"
    if kind == "Law":
        end = with_number(sentence, end)
    start, end = with_year(sentence, start, end, kind)
    if kind != "Place":  # the Hyde Park of "Hyde Park Corner" may be another one
        country = country or next(
            (m.country for m in inside if m.country and m.kind in ("Country", "Place")), None
        )
    country = country or next((m.entry.iri for m in inside if m.kind == "Country" and m.entry), None)
    national = start > in_full and is_a(kind, "Organization")
    mention = Mention(
        sentence.number, start, end, sentence.doc[start:end].root.i, kind, sentence.words(start, end),
        aliases=(sentence.words(in_full, end),) if national else (),
        proper=True, country=country, office=office, mechanism=mechanism,
    )  # fmt: skip
    return with_acronym(sentence, mention, known)


def _told_around(sentence: Sentence, start: int, end: int) -> tuple[str | None, str]:
    """The class of a name whose own words do not tell it, and by which mechanism."""
    if has_edition(sentence, end):
        return "PublicEvent", "name pattern"
    described_as = described(sentence, start, end) or explained(sentence, start, end)
    if described_as is not None:
        return described_as, "description"
    return class_by_model(sentence, start, end), "NER"


def lone_articles(sentence: Sentence) -> Iterator[Mention]:
    """ "Article 50": an article named by its number."""
    for token in sentence.doc[:-1]:
        number = sentence.doc[token.i + 1]
        if token.text in ("Article", "Section") and re.fullmatch(r"\d+[A-Za-z]?", number.text):
            yield Mention(
                sentence.number, token.i, token.i + 2, token.i, "Law", f"{token.text} {number.text}",
                proper=True, mechanism="name pattern",
            )  # fmt: skip
