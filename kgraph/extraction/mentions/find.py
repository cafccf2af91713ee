"""All mentions of a document, in the order of trust: what comes later takes only what is left."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import replace

from kgraph.extraction.classes import is_a, is_any
from kgraph.extraction.mentions.addresses import addresses
from kgraph.extraction.mentions.common_nouns import common_nouns
from kgraph.extraction.mentions.known_names import known_names
from kgraph.extraction.mentions.mention import Mention
from kgraph.extraction.mentions.proper_names import NUMBERED, lone_articles, proper_names
from kgraph.extraction.sentences import Sentence
from kgraph.extraction.stretches import Carry
from kgraph.extraction.syntax import PLACE_PREPOSITIONS, members
from kgraph.gazetteer import Gazetteer

#: How much more a country in the title counts.
_TITLE_WEIGHT = 4


def find_mentions(
    sentences: Sequence[Sentence], gazetteer: Gazetteer, carry: Carry | None = None
) -> list[list[Mention]]:
    """The mentions of each sentence, in reading order; none overlaps another but country adjectives.

    :param carry: what is known from the document's earlier stretches; added to.
    """
    carry = carry or Carry()
    first = [list(known_names(sentence, gazetteer)) for sentence in sentences]
    named = [[m for m in found if _tells_a_country(m)] for found in first]
    if not any(named):
        named = [[m for m in found if m.kind in ("Country", "Place")] for found in first]
    weights = [country for country, _ in countries_by_weight(named, carry.home)]
    carry.countries.update(weights)
    home, spoken_of = frozenset(weights[:1]), frozenset(carry.countries)
    found = [_mentions(sentence, gazetteer, home, spoken_of) for sentence in sentences]
    carry.last_names |= _last_names(found)
    found = [
        _with_last_names(s, mentions, carry.last_names) for s, mentions in zip(sentences, found, strict=True)
    ]
    carry.numbered |= {m.name for mentions in found for m in mentions if m.mechanism == NUMBERED}
    found = [
        _with_numbered(s, mentions, carry.numbered) for s, mentions in zip(sentences, found, strict=True)
    ]
    return [_as_listed(s, mentions) for s, mentions in zip(sentences, found, strict=True)]


#: A place with fewer people may be the namesake of one in the country that is meant.
_LARGE = 300_000


def _tells_a_country(mention: Mention) -> bool:
    """Whether a name says by itself which country is spoken of: a country's, or that of a large place."""
    large = mention.entry is not None and (
        mention.entry.population >= _LARGE or mention.entry.country is None
    )
    return mention.kind == "Country" or (mention.kind == "Place" and large)


def _last_names(mentions: Iterable[Sequence[Mention]]) -> frozenset[str]:
    """Last names of the people that the document names in full."""
    people = (m.name.split() for found in mentions for m in found if m.kind == "Person" and m.proper)
    return frozenset(words[-1] for words in people if len(words) > 1 and words[-1][0].isupper())


def _with_last_names(sentence: Sentence, found: list[Mention], last_names: Set[str]) -> list[Mention]:
    """The mentions and those by a last name alone, which the model often misses."""
    people = [
        m
        for m in found
        if m.kind == "Place" and m.name in last_names and not _where_places_stand(sentence, m)
    ]
    found = [m for m in found if m not in people]
    busy = {i for m in found for i in range(m.start, m.end)}
    more = [
        Mention(sentence.number, t.i, t.i + 1, t.i, "Person", t.text, proper=True, mechanism="last name")
        for t in sentence.doc
        if t.i not in busy and t.text in last_names
    ]
    return sorted([*found, *more], key=lambda m: (m.start, -m.end))


def _with_numbered(sentence: Sentence, found: list[Mention], names: Set[str]) -> list[Mention]:
    """The mentions, with operators told by a number elsewhere also found where no number stands."""
    for name in sorted(names, key=lambda name: (-len(name), name)):
        if name not in sentence.passage.text:
            continue
        for start in range(len(sentence.doc)):
            end = _end_of(sentence, start, name)
            if end is None:
                continue
            beside = [m for m in found if m.start < end and start < m.end]
            if any(m.start < start or m.end > end or m.mechanism == NUMBERED for m in beside):
                continue
            mention = Mention(
                sentence.number, start, end, sentence.doc[start:end].root.i, "TelecomOperator", name,
                proper=True, country=next((m.country for m in beside if m.country), None), mechanism=NUMBERED,
            )  # fmt: skip
            found = [*(m for m in found if m not in beside), mention]
    return sorted(found, key=lambda m: (m.start, -m.end))


def _end_of(sentence: Sentence, start: int, name: str) -> int | None:
    """The token behind a name that starts at a token; None if it does not stand there."""
    end = start + 1
    while end < len(sentence.doc) and len(sentence.words(start, end)) < len(name):
        end += 1
    return end if sentence.words(start, end) == name else None


def _where_places_stand(sentence: Sentence, mention: Mention) -> bool:
    return mention.start > 0 and sentence.doc[mention.start - 1].lower_ in PLACE_PREPOSITIONS


#: What the model's labels confuse.
_CONFUSED = ("Person", "Place", "Organization")


def _as_listed(sentence: Sentence, found: list[Mention]) -> list[Mention]:
    """The mentions, with names that only the model classed taking the class of the list they stand in."""
    by_head = {m.head: m for m in found}
    return [_agreeing(sentence, m, by_head) if m.mechanism == "NER" else m for m in found]


def _agreeing(sentence: Sentence, mention: Mention, by_head: Mapping[int, Mention]) -> Mention:
    first = sentence.doc[mention.head]
    while first.dep_ == "conj":
        first = first.head
    beside = [by_head[t.i] for t in members(first) if t.i in by_head and t.i != mention.head]
    kinds = {m.kind for m in beside if m.mechanism != "NER" and m.proper}
    if len(kinds) == 1 and kinds < set(_CONFUSED) and mention.kind in _CONFUSED:
        return replace(mention, kind=kinds.pop())
    guessed = [m.kind for m in beside if m.mechanism == "NER"]
    if not kinds and len(guessed) > 1 and len(set(guessed)) == 1 and mention.kind in _CONFUSED:
        return replace(mention, kind=guessed[0])  # one against all
    return mention


#: Classes whose seat says little of what a text is about: a watchdog in London reports on all the world.
_ELSEWHERE = ("Company", "CivicOrganization", "InternationalOrganization", "Platform")


def countries_by_weight(
    mentions: Iterable[Sequence[Mention]], before: str | None = None
) -> list[tuple[str, int]]:
    """Countries by how often a document speaks of them, the most spoken of first; the title counts more.

    An outlet counts only where nothing else tells a country.

    :param before: the country of the stretch before, which counts as if a title told it.
    """
    weights: Counter[str] = Counter({before: _TITLE_WEIGHT} if before else ())
    of_outlets: Counter[str] = Counter()
    for number, found in enumerate(mentions):
        for mention in found:
            country = mention.entry.iri if mention.entry and mention.kind == "Country" else mention.country
            if country and not is_any(mention.kind, _ELSEWHERE):
                counted = of_outlets if mention.kind == "MediaOutlet" else weights
                counted[country] += _TITLE_WEIGHT if number == 0 else 1
    return sorted((weights or of_outlets).items(), key=lambda item: (-item[1], item[0]))


def _mentions(
    sentence: Sentence, gazetteer: Gazetteer, home: frozenset[str], spoken_of: frozenset[str]
) -> list[Mention]:
    known = list(known_names(sentence, gazetteer, home, spoken_of))
    found = list(addresses(sentence))
    if not is_heading(sentence):
        found += [m for m in proper_names(sentence, known) if not _overlaps(m, found)]
    found += [m for m in known if not _overlaps(m, found) or m.mechanism == "adjective"]
    found += [m for m in lone_articles(sentence) if not _overlaps(m, found)]
    found = [_with_noun(sentence, m) if is_a(m.kind, "Event") else m for m in found]
    found += list(common_nouns(sentence, found))
    return sorted(found, key=lambda m: (m.start, -m.end))


def is_heading(sentence: Sentence) -> bool:
    """Whether a sentence is a heading inside the text: there, capitals make no names."""
    return sentence.passage.kind == "heading" and sentence.number > 0


def _with_noun(sentence: Sentence, mention: Mention) -> Mention:
    """An event's name before a noun for such events goes with it: "Arab Spring demonstrations"."""
    head = sentence.doc[mention.head].head
    before = sentence.doc[mention.head].dep_ in ("compound", "nmod", "amod") and head.i == mention.end
    return replace(mention, head=head.i, end=head.i + 1) if before and head.pos_ == "NOUN" else mention


def _overlaps(mention: Mention, others: list[Mention]) -> bool:
    return any(mention.start < other.end and other.start < mention.end for other in others)
