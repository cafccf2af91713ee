"""Which mentions speak of the same: by address, by name and its short forms, by noun and country."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from kgraph.extraction.classes import narrower
from kgraph.extraction.lexicon import stem
from kgraph.extraction.mentions import Mention
from kgraph.extraction.sentences import Sentence
from kgraph.extraction.stretches import Carry
from kgraph.iris import slug


@dataclass(slots=True)
class Cluster:
    """A thing while its mentions are gathered."""

    key: str
    mentions: list[Mention] = field(default_factory=list)


def clusters_of(
    sentences: Sequence[Sentence], mentions: Sequence[Sequence[Mention]], home: str | None, carry: Carry
) -> dict[str, Cluster]:
    """The mentions that make nodes, by what they speak of, in the order of their first ones.

    :param home: IRI of the country that the document speaks of most.
    """
    clusters: dict[str, Cluster] = {}
    aliases = _long_forms(sentences, mentions, carry.long_forms)
    known = {
        slug(name): m.entry.iri
        for found in mentions
        for m in found
        if m.entry and m.proper and m.mechanism != "adjective"
        for name in (m.name, *m.aliases)
    }
    recent: dict[str, str] = {}
    for found in mentions:
        for mention in found:
            if not mention.is_node:
                continue
            key = _key(mention, aliases, recent, home)
            key = known.get(key.removeprefix("name "), key) if mention.proper else key
            clusters.setdefault(key, Cluster(key)).mentions.append(mention)
            if not mention.proper:
                recent[f"{mention.kind} {stem(_head_word(mention))}"] = key
    return clusters


#: Words between a name and another name for the same.
_ALSO = re.compile(
    r"(?:known as|dubbed|nicknamed|also called|called|formerly|abbreviated|or)\W+(?:the\W+)?$", re.I
)


def _long_forms(
    sentences: Sequence[Sentence], mentions: Sequence[Sequence[Mention]], forms: dict[str, str]
) -> dict[str, str]:
    """Short forms of proper names to the names that they stand for: acronyms, last names, other names.

    :param forms: those known before; added to.
    """
    everything = [m for found in mentions for m in found if m.proper]
    for mention in everything:
        for alias in mention.aliases:
            forms.setdefault(slug(alias), slug(mention.name))
    for mention in everything:
        if mention.kind == "Law" and (undated := _YEAR_BEFORE.sub("", mention.name)) != mention.name:
            forms.setdefault(slug(undated), slug(mention.name))
        words = mention.name.replace("’s", "").replace("'s", "").split()
        if mention.kind == "Person" and len(words) > 1:
            forms.setdefault(slug(words[-1]), slug(mention.name))
            forms.setdefault(slug(" ".join(words[1:])), slug(mention.name))
    for sentence, found in zip(sentences, mentions, strict=True):
        named = [m for m in found if m.proper and m.is_node]
        for left, right in pairwise(named):
            between = sentence.doc[left.end : right.start].text
            same_kind = narrower(left.kind, right.kind) is not None and right.entry is None
            if same_kind and len(between.split()) <= _FAR and _ALSO.search(between + " "):
                forms.setdefault(slug(right.name), slug(left.name))
    return {short: long for short, long in forms.items() if short != long}


#: A year before a law's name.
_YEAR_BEFORE = re.compile(r"^(?:19|20)\d\d ")

#: How many words stand between a name and another name for the same.
_FAR = 5

#: Classes of bodies of a state: one per noun and country.
_BODIES = ("StateBody", "SecurityForce")


def _key(mention: Mention, aliases: Mapping[str, str], recent: Mapping[str, str], home: str | None) -> str:
    """What all mentions of one thing share.

    :param recent: keys of the last nouns, by class and head.
    """
    if mention.entry is not None and mention.mechanism != "demonym":
        return mention.entry.iri
    name = slug(mention.name) or str(mention.start)
    if mention.proper:
        seen = set()
        while name in aliases and name not in seen:
            seen.add(name)
            name = aliases[name]
        return f"name {name}"
    head = stem(_head_word(mention))
    words = [stem(w) for w in mention.name.lower().split()]
    if mention.kind in _BODIES:
        if words[0] == "police":  # the police are one, as "officers" and as a "force"
            words = words[:1]
        return f"{mention.kind} {' '.join(words)} {mention.country or home or ''}"
    if mention.kind == "Website" and mention.aliases:  # "the website of X" is no other one's
        return f"{mention.kind} {mention.aliases[0].lower()}"
    if mention.kind == "Network":
        words = _network_words(words)
    if mention.kind == "Platform" and words[:2] == ["social", "medium"]:
        words = words[:2]
    if mention.kind == "MediaOutlet":
        words = [word for word in words[:-1] if word not in _OUTLET_WORDS] + words[-1:]
        words = words[:-1] if len(words) > 2 and words[-1] in _OUTLET_WORDS else words
    if mention.definite and len(words) == 1 and mention.kind in ("Group", "Person"):
        latest = recent.get(f"{mention.kind} {head}")
        if latest:
            return latest
    return f"{mention.kind} {' '.join(words)}"


#: Words that make no other network of the internet.
_SAME_NETWORK = {
    "acces", "access", "connection", "connectivity", "service", "global", "foreign", "local", "traffic",
}  # fmt: skip

#: Words that make no other outlet of "independent media".
_OUTLET_WORDS = {"website", "site", "outlet", "organization", "portal", "several", "other"}


def _network_words(words: list[str]) -> list[str]:
    if "internet" not in words:
        return words
    return [word for word in words if word not in _SAME_NETWORK]


def _head_word(mention: Mention) -> str:
    return mention.name.split()[-1].lower()
