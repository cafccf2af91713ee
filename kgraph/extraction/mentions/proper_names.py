"""Proper names that no gazetteer knows: runs of capitalised words, classed by the words inside them.

"Ministry of Culture and Islamic Guidance" is a state body by its first word, "Victoria Park" a
place by its last. What the words do not tell, the model's entity label does.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from kgraph.extraction.classes import is_a
from kgraph.extraction.lexicon import name_words, noun_classes, read_words, stem, triggers
from kgraph.extraction.mentions.mention import Mention
from kgraph.extraction.sentences import Sentence
from kgraph.extraction.syntax import PLACE_PREPOSITIONS

if TYPE_CHECKING:
    from kgraph.extraction.tokens import Token

#: Words that join the parts of one name.
_JOINERS = {
    "of",
    "for",
    "on",
    "to",
    "the",
    "and",
    "&",
    "de",
    "del",
    "la",
    "al",
    "el",
    "bin",
    "van",
    "von",
    "da",
    "dos",
}
_PARTICLES = {"de", "del", "la", "al", "el", "bin", "van", "von", "da", "dos"}

#: Names in which a possessive stands: "People's Liberation Army".
_POSSESSORS = {
    "people", "peoples", "prosecutor", "women", "leader", "worker", "workers", "children", "journalists",
    "lawyers", "student", "students", "farmers", "president", "attorney", "veterans", "teachers", "men",
    "king", "queen",
}  # fmt: skip

#: What the model's entity labels mean; what is not here is not trusted.
_BY_LABEL = {
    "PERSON": "Person",
    "ORG": "Organization",
    "GPE": "Place",
    "LOC": "Place",
    "FAC": "Place",
    "NORP": "Group",
}

#: Capitalised words that are no names by themselves.
_NO_NAMES = {
    "i", "mr", "mrs", "ms", "dr", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday",
    "sunday", "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december", "source", "figure", "table", "image", "photo", "background", "update",
    "part", "section", "summary", "internet", "http", "https", "dns", "tls", "tcp", "ip", "sni", "utc", "sim",
    "url", "isp", "isps", "vpn", "vpns", "sms", "pm", "am", "ngo", "ngos", "covid-19", "lgbti", "lgbt",
    "muslim", "christian", "islamic", "article", "web", "www", "gmt", "api", "ai",
}  # fmt: skip


def proper_names(sentence: Sentence, known: list[Mention]) -> Iterator[Mention]:
    """Names in a sentence beside those of the gazetteer, and those of which one of them is a part."""
    position = sentence.label_end
    while position < len(sentence.doc):
        if not _starts_name(sentence, position):
            position += 1
            continue
        end = _end_of_name(sentence, position, known)
        mention = _classified(sentence, position, end, known)
        if mention is not None:
            yield mention
        position = max(end, position + 1)


def _starts_name(sentence: Sentence, position: int) -> bool:
    token = sentence.doc[position]
    if not _is_namelike(token):
        return False
    if token.lower_ in ("the", "a", "an"):
        return False
    if position == 0 or sentence.doc[position - 1].text in {'"', "“", "(", "["}:
        return token.pos_ == "PROPN" or token.ent_type_ in _BY_LABEL or token.text in name_words()
    return True


def _is_namelike(token: "Token") -> bool:
    return token.text.lower() not in _NO_NAMES and _is_capitalised(token)


def _is_capitalised(token: "Token") -> bool:
    return token.text[:1].isupper() and any(c.isalpha() for c in token.text)


def _end_of_name(sentence: Sentence, start: int, known: list[Mention]) -> int:
    """The token behind a name: capitalised words, and joiners where what stands before calls for more."""
    doc = sentence.doc
    end = start + 1
    while end < len(doc):
        hyphen = doc[end].text == "-" and end + 1 < len(doc) and _is_capitalised(doc[end + 1])
        if _is_article_of_name(sentence, end):
            end += 3
            continue
        if hyphen or (_is_capitalised(doc[end]) and not _other_entity(sentence, start, end, known)):
            end += 1
            continue
        reached = _joined(sentence, start, end, known)
        if reached == end:
            return end
        end = reached
    return end


#: Articles and words for "son of" that a hyphen ties to the name behind: "al-Bashir", "el-Sisi".
_TIED = {"al", "el", "an", "ar", "as", "ash", "at", "ad", "az", "ul", "bin", "ibn", "abu", "ben"}


def _is_article_of_name(sentence: Sentence, position: int) -> bool:
    doc = sentence.doc
    return (
        position + 2 < len(doc)
        and doc[position].lower_ in _TIED
        and doc[position + 1].text == "-"
        and not doc[position].whitespace_
        and _is_capitalised(doc[position + 2])
    )


def _other_entity(sentence: Sentence, start: int, end: int, known: list[Mention]) -> bool:
    """A possessive or a comma before is handled elsewhere; here: a known service behind another name."""
    begins = [m for m in known if m.start == end and m.kind in ("Platform", "Country")]
    return (
        bool(begins) and any(m.start == start for m in known) and sentence.doc[start].text not in name_words()
    )


def _joined(sentence: Sentence, start: int, end: int, known: list[Mention]) -> int:
    """Where the name goes on behind joiners at `end`; `end` itself if it does not."""
    doc = sentence.doc
    words = [t.text for t in doc[start:end]]
    word = doc[end].lower_
    follow = end + 1
    if word in ("'s", "’s", "'", "’"):
        plural = word in ("'", "’") and words[-1].endswith("s") and not any(m.end == end for m in known)
        goes_on = (plural or words[-1].lower() in _POSSESSORS) and follow < len(doc)
        return follow if goes_on and _is_namelike(doc[follow]) else end
    if word == "," and _is_ministry(words):
        return _listed(sentence, end)
    if word not in _JOINERS:
        return end
    while follow < len(doc) and doc[follow].lower_ in ("the", *_PARTICLES):
        follow += 1
    if follow >= len(doc) or not _is_capitalised(doc[follow]) or doc[follow].ent_type_ == "DATE":
        return end
    if word in _PARTICLES:
        return follow
    institution = any(w in name_words() for w in words)
    if word == "and" or word == "&":
        return follow if _is_joined_by_and(sentence, start, end, follow, known) else end
    if word == "the":
        return follow if "to" in words else end
    if not institution and not (word == "of" and "to" in words):
        return end
    if word == "to":
        return follow if doc[follow].tag_ in ("VB", "VBP") else end
    return follow if word in ("of", "for", "on") and "and" not in doc[end:follow].text.split() else end


def _is_ministry(words: list[str]) -> bool:
    return words[0] in ("Ministry", "Department") and "of" in words


def _listed(sentence: Sentence, comma: int) -> int:
    """A ministry's further fields: ", Innovations, and Aerospace Industry"; up to the part behind "and"."""
    doc = sentence.doc
    position = comma + 1
    if doc[position].text == "and":
        return comma
    while position < len(doc) and (doc[position].text in {",", "and"} or _is_namelike(doc[position])):
        if doc[position].text in name_words():
            return comma
        if doc[position].text == "and" and position + 1 < len(doc):
            after = doc[position + 1]
            return position + 1 if _is_namelike(after) and after.text not in name_words() else comma
        position += 1
    return comma


def _is_joined_by_and(sentence: Sentence, start: int, end: int, follow: int, known: list[Mention]) -> bool:
    """Whether "and" joins parts of one name: "Ministry of Information and Technology"."""
    doc = sentence.doc
    if follow != end + 1 or doc[follow].text in name_words():
        return False
    words = [t.text for t in doc[start:end]]
    if (
        follow + 1 < len(doc)
        and doc[follow + 1].lower_ == "party"
        and not any(m.start == follow for m in known)
    ):
        return True
    if any(w in name_words() for w in words[:2]) and "of" in words:
        stop = follow
        while stop < len(doc) and _is_namelike(doc[stop]):
            stop += 1
        another = any(t.text in name_words() for t in doc[follow:stop])
        return doc[follow].ent_type_ not in ("PERSON", "GPE") and not another
    if any(w in name_words() for w in words) or doc[end - 1].ent_type_ in ("PERSON", "GPE"):
        return False
    stop = follow
    while stop < len(doc) and (_is_namelike(doc[stop]) or doc[stop].text == "and"):
        stop += 1
    while doc[stop - 1].text == "and":
        stop -= 1
    return stop - follow >= _FIELD_AND_NOUN and any(
        name_words().get(t.text)
        in ("StateBody", "SecurityForce", "Law", "Organization", "CivicOrganization", "Company")
        for t in doc[follow + 1 : stop]
    )


#: "X and Y Authority": what follows "and" is a field of its own and the noun for both.
_FIELD_AND_NOUN = 2


def _classified(sentence: Sentence, start: int, end: int, known: list[Mention]) -> Mention | None:
    start, office = _without_title(sentence, start, end, known)
    if start >= end:
        return None
    start, country = _without_adjective(sentence, start, end, known)
    inside = [m for m in known if m.start < end and m.end > start]
    words = [t.text for t in sentence.doc[start:end]]
    kind = _class_by_words(sentence, start, end)
    if any(m.start <= start and m.end >= end for m in inside if m.mechanism != "adjective"):
        return None
    if kind is None and inside and not office:
        return None
    if kind is None and len(words) == 1 and words[0] in name_words():
        return None
    mechanism = "name pattern"
    if kind == "Law" and not _names_a_law(words):
        return None
    if kind is None and not office and _has_edition(sentence, end):
        kind, mechanism = "PublicEvent", "name pattern"
    if office and kind in (None, "Organization"):
        kind, mechanism = "Person", "title"
    if kind is None:
        kind = _described(sentence, start, end)
        mechanism = "description"
    if kind is None:
        kind = _explained(sentence, start, end)
        mechanism = "description"
    if kind is None:
        kind = _class_by_model(sentence, start, end)
        mechanism = "NER"
    if kind is None:
        return None
    if kind == "CivicOrganization" and _is_political(sentence, start):
        kind = "PoliticalParty"
    if kind == "Law":
        end = _with_number(sentence, end)
    start, end = _with_year(sentence, start, end, kind)
    if kind != "Place":  # the Hyde Park of "Hyde Park Corner" may be another one
        country = country or next((m.country for m in inside if m.country), None)
    country = country or next((m.entry.iri for m in inside if m.kind == "Country" and m.entry), None)
    mention = Mention(
        sentence.number, start, end, sentence.doc[start:end].root.i, kind, sentence.words(start, end),
        proper=True, country=country, office=office, mechanism=mechanism,
    )  # fmt: skip
    return _with_acronym(sentence, mention, known)


@lru_cache(maxsize=1)
def _titles() -> dict[tuple[str, ...], str]:
    table = read_words("offices")
    return {tuple(office.split()): office for group in table.values() for office in group}


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
    if (
        place is None
        and start
        and doc[start - 1].text == ","
        and (office := _office_in_full(sentence, start - 1))
    ):
        return start, office
    if start and doc[start - 1].text == ")":
        opened = next((t.i for t in reversed(doc[:start]) if t.text == "("), 0)
        office = _title_before(sentence, opened)
        return (start, office) if office else None
    return None


def _seat(sentence: Sentence, start: int, end: int) -> int | None:
    """Where the name starts behind a seat in parliament: "Member of Parliament for X District, Y"."""
    words = [t.text for t in sentence.doc[start:end]]
    if (
        words[:1] not in (["Member"], ["Senator"], ["Representative"], ["Governor"], ["Mayor"])
        or "for" not in words
    ):
        return None
    kinds = name_words()
    last = max((i for i, w in enumerate(words) if kinds.get(w) == "Place"), default=0)
    return start + last + 1 if last > words.index("for") and start + last + 1 < end else None


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
        if not (_is_capitalised(token) or token.lower_ in ("and", "&", "the", "of", "for")):
            return None
    return None


def _title_before(sentence: Sentence, end: int) -> str | None:
    """The longest title that ends before a token."""
    for first in range(max(0, end - 3), end):
        words = tuple(t.lower_ for t in sentence.doc[first:end])
        if words in _titles():
            return _titles()[words]
    return None


def _without_title(sentence: Sentence, start: int, end: int, known: list[Mention]) -> tuple[int, str | None]:
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
            if words in _titles() and last < end and _is_namelike(doc[last]) and not adjective:
                return last, _with_field(sentence, first, last) or _titles()[words]
    return start, None


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


def _without_adjective(
    sentence: Sentence, start: int, end: int, known: list[Mention]
) -> tuple[int, str | None]:
    """A country's adjective before a name is told of it, not part of it: "Ukrainian Orange Revolution"."""
    for mention in known:
        if mention.mechanism == "adjective" and mention.start == start and start + 1 < end:
            return start + 1, mention.entry.iri if mention.entry else None
    return start, None


def _class_by_words(sentence: Sentence, start: int, end: int) -> str | None:
    words = [t.text for t in sentence.doc[start:end]]
    table = name_words()
    if len(words) == 1:
        return table.get(words[0]) if words[0] in _ALONE else None
    if _INTERNATIONAL & set(words):
        return "InternationalOrganization"
    if words[-1] in ("Committee", "Board", "Center", "Centre") and _OF_THE_STATE & set(words[:-1]):
        return "StateBody"
    for joiner in ("of", "for", "on", "to"):
        if joiner in words[1:]:
            kind = table.get(words[words.index(joiner) - 1])
            if kind:
                return kind
    if words[0] in _DIRECTIONS and sentence.doc[end - 1].ent_type_ in ("GPE", "LOC"):
        return "Place"
    return table.get(words[-1]) or (table.get(words[0]) if words[0] in ("Radio", "Camp") else None)


#: Words in the names of bodies of many states.
_INTERNATIONAL = {
    "UN",
    "U.N.",
    "Nations",
    "EU",
    "AU",
    "OSCE",
    "NATO",
    "ECOWAS",
    "OHCHR",
    "UNESCO",
    "ASEAN",
    "SADC",
}

#: Words that make a part of a country or region a place of its own.
_DIRECTIONS = {
    "East",
    "West",
    "North",
    "South",
    "Eastern",
    "Western",
    "Northern",
    "Southern",
    "Central",
    "Upper",
    "Lower",
}

#: Words that make a committee or a centre one of the state.
_OF_THE_STATE = {
    "Election", "Elections", "Electoral", "State", "Parliamentary", "Security", "Investigative",
    "Cybersecurity", "Government", "Censorship", "Broadcasting", "Communications", "Telecommunications",
    "Information",
}  # fmt: skip

#: Words that name something by themselves.
_ALONE = {"Parliament", "Congress", "Senate", "Constitution", "Duma", "Majlis", "Knesset", "Euromaidan"}


def _names_a_law(words: list[str]) -> bool:
    return words[-1] not in ("Order", "Section", "Charter") or len(words) > 2


#: Endings of names for the people of a place: "Londoners", "Muscovites", "Parisians".
_NAMED_AFTER_A_CITY = re.compile(r"(?:ers|ites|ians)$")


def _class_by_model(sentence: Sentence, start: int, end: int) -> str | None:
    labels = [t.ent_type_ for t in sentence.doc[start:end] if t.pos_ != "ADP"]
    label = max(sorted(set(labels)), key=labels.count, default="")
    kind = _BY_LABEL.get(label)
    if kind == "Person" and (
        end - start < 2 or any(t.text.isupper() and len(t.text) > 2 for t in sentence.doc[start:end])
    ):
        return None
    if kind is None and end - start == 1 and _NAMED_AFTER_A_CITY.search(sentence.doc[start].text):
        kind = "Group" if sentence.doc[start].tag_ in ("NNS", "NNPS") else None
    if kind == "Group" and not _stands_for_people(sentence, end - 1):
        return None
    if kind == "Organization" and (
        (end - start == 1 and not sentence.doc[start].text.isupper())
        or sentence.doc[end - 1].lower_ in _NO_BODIES
    ):
        return None
    if kind == "Place" and end - start == 1 and not _stands_as_place(sentence, start):
        return None
    return kind


#: Last words of names of days, prizes and papers, which the model takes for organisations.
_NO_BODIES = {
    "day", "week", "month", "year", "award", "awards", "prize", "report", "index", "speech", "rights",
    "inspection",
    "protocol", "test", "metrics", "technology", "software", "browser", "explorer", "dashboard",
    "certificate",
    "probe", "server", "page", "account", "system", "security", "policy", "agreement", "plan",
}  # fmt: skip


def _stands_as_place(sentence: Sentence, position: int) -> bool:
    """Whether a name stands where places do: behind a preposition of place, or in a list that does."""
    token = sentence.doc[position]
    if token.lemma_.lower() in triggers().nouns or token.lower_ in _NO_NAMES:
        return False
    while token.dep_ in ("conj", "appos"):
        token = token.head
    return token.dep_ == "pobj" and token.head.lower_ in PLACE_PREPOSITIONS


def _stands_for_people(sentence: Sentence, last: int) -> bool:
    """Whether a people's name is a noun here: "the Rohingya", not "Soviet states"."""
    token = sentence.doc[last]
    return token.tag_ in ("NNPS", "NNS") or (
        token.dep_ in ("nsubj", "nsubjpass", "dobj", "pobj") and any(c.lower_ == "the" for c in token.lefts)
    )


def _described(sentence: Sentence, start: int, end: int) -> str | None:
    """The class of the noun that stands before a name, or behind it: "news outlet X", "the X party"."""
    doc = sentence.doc
    named = start > 1 and doc[start - 1].lower_ in ("named", "called", "dubbed")
    noun = start - named
    before = [stem(t.lemma_) for t in doc[max(0, noun - 4) : noun]]
    for size in range(len(before), 0, -1):
        kind = noun_classes().get(" ".join(before[-size:]))
        if kind == "Group" and named and doc[noun - 1].tag_ == "NN":
            return "Person"
        if kind == "SecurityForce" and doc[noun - 1].tag_ == "NN" and doc[noun - 1].lemma_ in _ONE_OF_A_FORCE:
            return "Person"
        if kind and kind[0].isupper() and kind not in ("Group", "Network"):
            return kind
    if end < len(doc) and doc[end].lower_ in _DESCRIBING:
        return _DESCRIBING[doc[end].lower_]
    if (
        end + 2 < len(doc)
        and doc[end].lower_ == "and"
        and doc[end + 2].lower_ in ("regions", "provinces", "districts")
    ):
        return "Place"
    return None


#: Nouns for one person of a force.
_ONE_OF_A_FORCE = {"soldier", "policeman", "policewoman", "officer", "trooper", "sergeant", "conscript"}


def _explained(sentence: Sentence, start: int, end: int) -> str | None:
    """The class of the noun that explains a name: "X, a newspaper", "X was among the outlets"."""
    head = sentence.doc[start:end].root
    nouns = [c for c in head.children if c.dep_ == "appos" and c.i >= end]
    if head.dep_ == "appos":
        nouns.append(head.head)
    if head.dep_ == "nsubj" and head.head.lemma_ == "be":
        nouns += [c for c in head.head.children if c.dep_ == "attr"]
        nouns += [
            o for p in head.head.children if p.lower_ == "among" for o in p.children if o.dep_ == "pobj"
        ]
    for noun in nouns:
        if noun.pos_ != "NOUN":
            continue
        words = [stem(t.lemma_) for t in noun.doc[max(0, noun.i - 4) : noun.i + 1]]
        for size in range(len(words), 0, -1):
            kind = noun_classes().get(" ".join(words[-size:]))
            if kind in ("Group", "SecurityForce") and noun.tag_ == "NN":
                return "Person" if end - start > 1 or sentence.doc[start].ent_type_ == "PERSON" else None
            if kind and kind[0].isupper() and kind not in ("Group", "Network"):
                return kind
    return None


_DESCRIBING = {
    "party": "PoliticalParty", "newspaper": "MediaOutlet", "website": "MediaOutlet",
    "police": "SecurityForce", "regions": "Place", "provinces": "Place", "districts": "Place",
    "governorate": "Place", "state": "Place", "municipality": "Place", "suburb": "Place", "village": "Place",
    "city": "Place", "neighborhood": "Place", "district": "Place", "province": "Place", "region": "Place",
    "town": "Place", "township": "Place", "county": "Place", "group": "CivicOrganization",
    "movement": "CivicOrganization", "messenger": "Platform", "app": "Platform",
}  # fmt: skip


def _is_political(sentence: Sentence, start: int) -> bool:
    """ "The opposition United National Movement": what stands before the name makes a movement a party."""
    before = {t.lower_ for t in sentence.doc[max(0, start - 2) : start]}
    return bool(before & {"opposition", "ruling", "governing", "party"})


def _with_number(sentence: Sentence, end: int) -> int:
    """An article's number belongs to its name: "Article 50"."""
    doc = sentence.doc
    return end + 1 if end < len(doc) and re.fullmatch(r"\d+[A-Za-z]?", doc[end].text) else end


def _with_year(sentence: Sentence, start: int, end: int, kind: str) -> tuple[int, int]:
    """A law's year before its name belongs to it: "2014 Communications Law"."""
    doc = sentence.doc
    if kind == "Law" and start and re.fullmatch(r"(19|20)\d\d", doc[start - 1].text):
        return start - 1, end
    return start, end


def _has_edition(sentence: Sentence, end: int) -> bool:
    """A name with a year right behind it is an occasion that comes again: "Expo 2017"."""
    doc = sentence.doc
    year = end < len(doc) and bool(re.fullmatch(r"(19|20)\d\d", doc[end].text))
    return year and doc[end - 1].ent_type_ != "DATE" and doc[end - 1].pos_ == "PROPN"


def _with_acronym(sentence: Sentence, mention: Mention, known: list[Mention]) -> Mention:
    """ "National League for Democracy (NLD)": the acronym is another name; what is known by it is meant."""
    doc = sentence.doc
    end = mention.end
    if end + 2 < len(doc) and doc[end].text == "(" and doc[end + 2].text == ")":
        short = doc[end + 1].text
        if short.isupper() and 2 <= len(short) <= 8:
            meant = next((m.entry for m in known if m.start == end + 1 and m.entry), None)
            if meant is not None and all(is_a(kind, "Organization") for kind in (meant.kind, mention.kind)):
                mention = replace(mention, entry=meant, kind=meant.kind, country=meant.country)
            return replace(mention, aliases=(short,), end=end + 3)
    return mention


def lone_articles(sentence: Sentence) -> Iterator[Mention]:
    """ "Article 50": an article named by its number."""
    for token in sentence.doc[:-1]:
        number = sentence.doc[token.i + 1]
        if token.text in ("Article", "Section") and re.fullmatch(r"\d+[A-Za-z]?", number.text):
            yield Mention(
                sentence.number, token.i, token.i + 2, token.i, "Law", f"{token.text} {number.text}",
                proper=True, mechanism="name pattern",
            )  # fmt: skip
