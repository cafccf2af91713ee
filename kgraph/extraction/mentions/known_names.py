"""Names that the gazetteer knows, found by their words."""

import re
from collections.abc import Iterator
from functools import lru_cache

from kgraph.extraction.classes import is_a
from kgraph.extraction.mentions.mention import Mention
from kgraph.extraction.mentions.proper_names.classes import DIRECTIONS
from kgraph.extraction.mentions.proper_names.titles import starts_title
from kgraph.extraction.sentences import Sentence
from kgraph.extraction.syntax import PLACE_PREPOSITIONS
from kgraph.extraction.tokens import Doc, Token
from kgraph.gazetteer import Entry, Gazetteer, is_ordinary

#: Longest name, in tokens.
_LONGEST = 8

#: A place with fewer people than this is told only if its name stands where a place's name does.
_LARGE_CITY = 300_000

#: Classes of which each state has its own: one of a state that the document never names is not meant.
_OF_A_STATE = ("StateBody", "SecurityForce", "PoliticalParty")

#: Words around an ambiguous name that make it a service, outlet or operator.
_SERVICE_WORDS = {
    "app", "application", "account", "platform", "messaging", "messenger", "website", "site", "service",
    "social", "medium", "media", "network", "block", "ban", "access", "post", "tweet", "user", "online",
    "channel", "outlet", "newspaper", "operator", "provider", "isp", "vpn", "tool", "company", "throttle",
    "unblock", "broadcaster",
}  # fmt: skip


class NameIndex:
    """A gazetteer's names, by their first word."""

    def __init__(self, gazetteer: Gazetteer):
        self._entries: dict[str, tuple[Entry, ...]] = {}
        self._first: dict[str, int] = {}
        for name, entries in gazetteer.names().items():
            key = _folded(name)
            self._entries[key] = tuple(dict.fromkeys((*self._entries.get(key, ()), *entries)))
            first = key.split(" ")[0]
            self._first[first] = max(self._first.get(first, 0), len(key))
        self.adjectives = dict(gazetteer.adjectives())
        self._first_words = {
            part for key in self._first for part in (key, key.split("-")[0], key.split("'")[0])
        }
        self._longest: dict[str, int] = {}
        for key, length in self._first.items():
            for part in {key, key.split("-")[0], key.split("'")[0], *_WORD.findall(key)[:1]}:
                self._longest[part] = max(self._longest.get(part, 0), length)

    def at(self, sentence: Sentence, start: int) -> tuple[tuple[int, tuple[Entry, ...]], ...]:
        """The known names from a token on, the longest first: the token behind each, and what goes by it."""
        found = sentence.known.get(start)
        if found is None:  # each sentence is asked twice: before and after the country is known
            found = sentence.known[start] = tuple(self._at(sentence.doc, start))
        return found

    def _at(self, doc: "Doc", start: int) -> Iterator[tuple[int, tuple[Entry, ...]]]:
        first = _folded(doc[start].text)
        if first not in self._first_words:
            return
        for end in range(_reach(doc, start, self._longest[first]), start, -1):
            text = doc[start:end].text
            entries = self._entries.get(_folded(text))
            if entries and (fitting := [e for e in entries if _same_case(text, e)]):
                yield end, tuple(fitting)


@lru_cache(maxsize=4)
def index_of(gazetteer: Gazetteer) -> NameIndex:
    """The index of a gazetteer, built once."""
    return NameIndex(gazetteer)


#: What the first token of a name can be, where more than white space divides tokens.
_WORD = re.compile(r"\w+")


def _reach(doc: Doc, start: int, length: int) -> int:
    """The token up to which a name from a token on has no more than so many letters."""
    end = start + 1
    left = length - len(doc[start].text)
    while end < min(len(doc), start + _LONGEST) and (left := left - len(doc[end].text.strip())) >= 0:
        end += 1
    return end


@lru_cache(maxsize=1 << 16)
def _folded(name: str) -> str:
    return " ".join(name.replace("’", "'").casefold().split())


def _same_case(text: str, entry: Entry) -> bool:
    """Whether a name is written as names are: "US" is no "us", but "Youtube" is YouTube."""
    if text[:1].isupper() or text[:1].isdigit():
        return (len(text) > 3 and _capitals_agree(text, entry)) or any(text == name for name in entry.names)
    return text in entry.names


def _capitals_agree(text: str, entry: Entry) -> bool:
    """Whether some name has no capital where the text has none: "The reporter" is not The Reporter."""
    words = text.split()
    for name in entry.names:
        parts = name.split()
        if len(parts) == len(words) and not any(
            part[:1].isupper() and word[:1].islower() for part, word in zip(parts, words, strict=True)
        ):
            return True
    return False


def known_names(
    sentence: Sentence,
    gazetteer: Gazetteer,
    home: frozenset[str] = frozenset(),
    spoken_of: frozenset[str] | None = None,
) -> Iterator[Mention]:
    """Mentions of what the gazetteer knows, and of countries by their adjectives.

    :param home: IRIs of the countries that the document speaks of most: of two cities of one name the
        one that lies there is meant.
    :param spoken_of: IRIs of all countries that the document speaks of: a ministry or a party is of one
        of them. None before that is known.
    """
    index = index_of(gazetteer)
    position = 0
    while position < len(sentence.doc):
        token = sentence.doc[position]
        if token.lemma_.lower() in _ACTS_ON_PLATFORMS:
            yield from _platform_by_verb(sentence, position, gazetteer)
        adjective = index.adjectives.get(token.text)
        end, chosen = position, None
        for end, entries in index.at(sentence, position):
            if adjective is not None and end == position + 1:
                entries = tuple(entry for entry in entries if entry.kind == "Country")
            chosen = _choose(sentence, position, end, entries, home, spoken_of, index)
            if chosen is not None:
                break
        if chosen is not None:
            mention = _mention(sentence, position, end, chosen)
            yield mention
            position = mention.end
            continue
        if adjective is not None:
            yield _by_adjective(sentence, position, adjective)
        position += 1


#: Verbs and nouns that name the platform on which they happen.
_ACTS_ON_PLATFORMS = {"tweet": "Twitter", "retweet": "Twitter"}


def _platform_by_verb(sentence: Sentence, position: int, gazetteer: Gazetteer) -> Iterator[Mention]:
    name = _ACTS_ON_PLATFORMS[sentence.doc[position].lemma_.lower()]
    for entry in gazetteer.find(name)[:1]:
        yield Mention(
            sentence.number, position, position + 1, position, entry.kind, name,
            proper=True, entry=entry, mechanism="platform verb",
        )  # fmt: skip


def _mention(sentence: Sentence, start: int, end: int, entry: Entry) -> Mention:
    short = _acronym_behind(sentence, end) if is_a(entry.kind, "Organization") else ""
    behind = end + 3 if short else _with_form(sentence, end, entry)
    return Mention(
        sentence.number, start, behind, sentence.doc[start:behind].root.i, entry.kind,
        sentence.words(start, end), aliases=(short,) if short else (), proper=True, entry=entry,
        country=entry.country, mechanism="gazetteer",
    )  # fmt: skip


def _with_form(sentence: Sentence, end: int, entry: Entry) -> int:
    """The token behind a platform's name and the form of it that is meant: "WhatsApp Web"."""
    follows = sentence.doc[end].text if end < len(sentence.doc) else ""
    return end + 1 if entry.kind == "Platform" and follows in ("Web", "Lite", "Desktop", "Business") else end


#: Most letters of an acronym.
_LONGEST_ACRONYM = 8


def _acronym_behind(sentence: Sentence, end: int) -> str:
    """The acronym in brackets behind a name, "" for none."""
    doc = sentence.doc
    if end + 2 >= len(doc) or doc[end].text != "(" or doc[end + 2].text != ")":
        return ""
    short = doc[end + 1].text
    return short if short.isupper() and 2 <= len(short) <= _LONGEST_ACRONYM else ""


def _by_adjective(sentence: Sentence, position: int, country: Entry) -> Mention:
    """A country's adjective: "Kazakhs" and "the Chinese" with no noun behind them are people or the state."""
    token = sentence.doc[position]
    stands_alone = not _modifies(token)
    people = (token.text.endswith("s") and token.text[:-1] in country.adjectives) or token.tag_ in (
        "NNPS",
        "NNS",
    )
    people = people or (
        token.dep_ == "pobj" and token.head.lower_ == "of" and token.head.head.tag_ in ("NNS", "CD")
    )
    if stands_alone and people:
        return Mention(
            sentence.number, position, position + 1, position, "Group", token.text,
            country=country.iri, plural=True, mechanism="demonym",
        )  # fmt: skip
    return Mention(
        sentence.number, position, position + 1, position, "Country", country.label,
        aliases=(f"the {token.text}",) if stands_alone else (),
        proper=True, entry=country, mechanism="adjective",
    )  # fmt: skip


def _modifies(token: Token) -> bool:
    return token.dep_ in ("amod", "compound", "nmod", "nummod") or (
        token.pos_ == "ADJ" and token.head.i > token.i
    )


#: Words that make another place of the one behind them.
_ANOTHER_PLACE = {*DIRECTIONS, "New", "Northeast", "Northwest", "Southeast", "Southwest"}


def _choose(
    sentence: Sentence,
    start: int,
    end: int,
    entries: tuple[Entry, ...],
    home: frozenset[str],
    spoken_of: frozenset[str] | None,
    index: NameIndex,
) -> Entry | None:
    """Which namesake is meant, if any: countries and services first, then the nearer or larger city."""
    for entry in entries:
        if entry.kind == "Country" and not _in_person_name(sentence, start, end):
            return entry
        if (
            entry.kind in _OF_A_STATE
            and spoken_of is not None
            and entry.country not in (None, *spoken_of)
            and not _names_its_state(sentence, start, end, entry, index)
        ):
            continue
        if entry.kind not in ("Place", "Country", "Person") and _is_meant(sentence, start, end, entry):
            return entry
    places = [e for e in entries if e.kind == "Place"]
    if start and sentence.doc[start - 1].text in _ANOTHER_PLACE:  # East Java is another place than Java
        return None
    if sentence.doc[start].ent_type_ == "DATE":  # March is a month before it is a town
        return None
    if not places or _in_person_name(sentence, start, end):
        return None
    follows = sentence.doc[end] if end < len(sentence.doc) else None
    if follows is not None and end - start == 1 and follows.pos_ == "PROPN" and follows.text[:1].isupper():
        places = [e for e in places if e.population >= _LARGE_CITY]  # "Can Dundar" is not of Can
    local = [e for e in places if e.country in home]
    for entry in local or places:
        large = entry.population >= _LARGE_CITY
        if not large and spoken_of is not None and entry.country not in (None, *spoken_of):
            continue  # a small town of a country that nobody speaks of is another's namesake
        if (large or local or end - start > 1 or entry.country is None) and not entry.ambiguous:
            return entry
        if (local or large or _named_by_model(sentence, start, ("GPE", "LOC"))) and _where_places_stand(
            sentence, start
        ):
            return entry
    return None


def _names_its_state(sentence: Sentence, start: int, end: int, entry: Entry, index: NameIndex) -> bool:
    """Whether a body's name says whose it is: "Uganda Communications Commission"."""
    for position in range(start, end):
        adjective = index.adjectives.get(sentence.doc[position].text)
        states = [adjective] if adjective else [e for _, found in index.at(sentence, position) for e in found]
        if any(state.kind == "Country" and state.iri == entry.country for state in states):
            return True
    return False


def _is_meant(sentence: Sentence, start: int, end: int, entry: Entry) -> bool:
    """Whether an ordinary word is the name of a service here: its neighbours tell."""
    if entry.kind == "MediaOutlet" and (_qualifies(sentence, end) or starts_title(sentence, start, end)):
        return False
    if not entry.ambiguous and not is_ordinary(sentence.words(start, end)):
        return True
    token = sentence.doc[start]
    if start == 0 and end < len(sentence.doc) and sentence.doc[end].text == ",":
        return False
    if not token.text[:1].isupper() or (start == 0 and end == 1 and token.pos_ != "PROPN"):
        return False
    if end < len(sentence.doc) and sentence.doc[end].pos_ == "PROPN":
        return False
    lemmas = {t.lemma_.lower() for t in sentence.doc}
    return bool(lemmas & _SERVICE_WORDS)


def _qualifies(sentence: Sentence, end: int) -> bool:
    """Whether an outlet's name ends in an adjective of the noun behind it: "the East African nation"."""
    last = sentence.doc[end - 1]
    return (
        last.pos_ == "ADJ"
        and last.dep_ == "amod"
        and last.head.i >= end
        and last.head.pos_ == "NOUN"
        and (last.head.lemma_.lower() not in _SERVICE_WORDS)
    )


def _in_person_name(sentence: Sentence, start: int, end: int) -> bool:
    doc = sentence.doc
    if end < len(doc) and doc[end].pos_ == "PROPN" and doc[end].ent_type_ == "PERSON":
        return all(t.ent_type_ == "PERSON" for t in doc[start:end])
    before = doc[start - 1] if start else None
    return before is not None and before.ent_type_ == "PERSON" and doc[start].ent_iob_ == "I"


def _named_by_model(sentence: Sentence, start: int, labels: tuple[str, ...]) -> bool:
    return sentence.doc[start].ent_type_ in labels


def _where_places_stand(sentence: Sentence, start: int) -> bool:
    if not sentence.doc[start].text[:1].isupper() or start == 0:
        return False
    before = sentence.doc[start - 1]
    if before.lower_ == "the" and start > 1:
        before = sentence.doc[start - 2]
    return before.lower_ in PLACE_PREPOSITIONS or before.lower_ == "of"
