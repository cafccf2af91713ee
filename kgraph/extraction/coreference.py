"""One node for one thing in a document: which mentions speak of the same.

By address of the reference data, by name (long and short forms, acronyms, last names), by noun
("the government", "Kazakh government" and "government of Kazakhstan" are one; "city government"
is another), and pronouns by the last actor that they can mean.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import TYPE_CHECKING

from kgraph.extraction.classes import is_a, narrower
from kgraph.extraction.lexicon import stem
from kgraph.extraction.mentions import Mention
from kgraph.extraction.mentions.find import countries_by_weight
from kgraph.extraction.sentences import Sentence
from kgraph.extraction.stretches import Carry, Told
from kgraph.extraction.syntax import ancestors, children, examples, members
from kgraph.gazetteer import Gazetteer
from kgraph.iris import minter_of, slug, unnamed
from kgraph.records import Document

if TYPE_CHECKING:
    from kgraph.extraction.tokens import Token

#: Root kinds of addresses by class; Actor's children fall back on "actor".
_ROOTS = {"Place": "place", "Law": "law", "Platform": "platform", "Website": "site", "Network": "network"}

#: Classes of bodies of a state: one per noun and country.
_BODIES = ("StateBody", "SecurityForce")


@dataclass(frozen=True, slots=True)
class Thing:
    """One thing that a document speaks of.

    :param iri: its address.
    :param kind: its class.
    :param names: what the document calls it, the label first.
    :param country: IRI of the state that its mentions tell.
    :param sentences: numbers of the sentences that mention it, in order.
    :param proper: whether it has a proper name.
    :param confidence: that there is such a thing of this class, by its best mechanism.
    """

    iri: str
    kind: str
    names: tuple[str, ...]
    country: str | None
    sentences: tuple[int, ...]
    proper: bool
    known: bool
    plural: bool
    mechanism: str
    definite: bool = False
    offices: tuple[str, ...] = ()


@dataclass(slots=True)
class _Cluster:
    """A thing while its mentions are gathered."""

    key: str
    mentions: list[Mention] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Reading:
    """A document as far as who and what it speaks of is understood.

    :param home: IRI of the country that the document speaks of most, if any.
    """

    document: Document
    gazetteer: Gazetteer
    sentences: Sequence[Sentence]
    mentions: Sequence[Sequence[Mention]]
    things: Mapping[str, Thing]
    home: str | None
    _by_token: Mapping[tuple[int, int], str]
    _mention_at: Mapping[tuple[int, int], Mention]
    _groups: Mapping[tuple[int, int], tuple[str, ...]]

    def thing_at(self, sentence: int, token: int) -> Thing | None:
        """The thing that a token stands for, as the head of a mention or as a pronoun."""
        iri = self._by_token.get((sentence, token))
        return self.things[iri] if iri else None

    def group_at(self, sentence: int, token: int) -> tuple[Thing, ...]:
        """The things that a plural pronoun stands for, where its antecedent is a list."""
        return tuple(self.things[iri] for iri in self._groups.get((sentence, token), ()))

    def mention_at(self, sentence: int, token: int) -> Mention | None:
        """The mention of which a token is the head, pseudo-classes included."""
        return self._mention_at.get((sentence, token))

    def country(self, iri: str | None) -> Thing | None:
        """A country that the document mentions."""
        return self.things.get(iri) if iri else None


def resolve(
    document: Document,
    gazetteer: Gazetteer,
    sentences: Sequence[Sentence],
    mentions: Sequence[Sequence[Mention]],
    carry: Carry | None = None,
) -> Reading:
    """Gather the mentions into things and give each its address.

    :param carry: what is known from the document's earlier stretches; added to.
    """
    carry = carry or Carry()
    weights = countries_by_weight(mentions, carry.home)
    home = carry.home = weights[0][0] if weights else None
    clusters = _clusters(sentences, mentions, home, carry)
    things: dict[str, Thing] = {}
    by_token: dict[tuple[int, int], str] = {}
    for cluster in clusters.values():
        thing = _thing(document, sentences, cluster)
        told = carry.things.get(cluster.key)
        if told is not None and not thing.known:
            thing = _told_again(thing, told)
        elif carry.kinds.get(thing.iri, thing.kind) != thing.kind:
            thing = _renamed(document, sentences, cluster, thing)
        if not thing.known:
            carry.things[cluster.key] = Told(thing.iri, thing.kind, thing.names[0])
        carry.kinds[thing.iri] = thing.kind
        known = things.get(thing.iri)
        things[thing.iri] = _united(known, thing) if known else thing
        for mention in cluster.mentions:
            by_token[mention.sentence, mention.head] = thing.iri
    for country in [iri for iri in {t.country for t in things.values()} if iri and iri not in things]:
        things[country] = _implied_country(gazetteer, country, things)
    _carry_home(gazetteer, sentences, things, carry)
    _resolve_appositions(sentences, mentions, things, by_token)
    _resolve_definites(sentences, mentions, things, by_token)
    _resolve_offices(sentences, mentions, by_token)
    groups = _resolve_pronouns(sentences, things, by_token)
    groups |= _resolve_demonstratives(sentences, mentions, things, by_token)
    _resolve_own_sites(sentences, mentions, things, by_token)
    at = {(m.sentence, m.head): m for found in mentions for m in reversed(found)}
    return Reading(document, gazetteer, sentences, mentions, things, home, by_token, at, groups)


def _clusters(
    sentences: Sequence[Sentence], mentions: Sequence[Sequence[Mention]], home: str | None, carry: Carry
) -> dict[str, _Cluster]:
    clusters: dict[str, _Cluster] = {}
    aliases = _long_forms(sentences, mentions, carry.long_forms)
    recent: dict[str, str] = {}
    for found in mentions:
        for mention in found:
            if not mention.is_node:
                continue
            key = _key(mention, aliases, recent, home)
            clusters.setdefault(key, _Cluster(key)).mentions.append(mention)
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


#: A year before a law's name, and how many words stand between a name and another name for the same.
_YEAR_BEFORE = re.compile(r"^(?:19|20)\d\d ")
_FAR = 5


def _key(mention: Mention, aliases: Mapping[str, str], recent: Mapping[str, str], home: str | None) -> str:
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
    "acces",
    "access",
    "connection",
    "connectivity",
    "service",
    "global",
    "foreign",
    "local",
    "traffic",
}


#: Words that make no other outlet of "independent media".
_OUTLET_WORDS = {"website", "site", "outlet", "organization", "portal", "several", "other"}


def _network_words(words: list[str]) -> list[str]:
    if "internet" not in words:
        return words
    return [word for word in words if word not in _SAME_NETWORK]


def _head_word(mention: Mention) -> str:
    return mention.name.split()[-1].lower()


def _thing(document: Document, sentences: Sequence[Sentence], cluster: _Cluster) -> Thing:
    mentions = cluster.mentions
    first = mentions[0]
    entry = next((m.entry for m in mentions if m.entry), None) if first.entry else None
    kind = entry.kind if entry else _kind(mentions)
    names = _names(mentions, entry.label if entry and first.mechanism == "adjective" else None)
    countries = Counter(m.country for m in mentions if m.country)
    country = min(countries, key=lambda c: (-countries[c], c)) if countries else None
    return Thing(
        iri=entry.iri if entry else _address(document, sentences, cluster, kind, names[0]),
        kind=kind,
        names=names,
        country=country,
        sentences=tuple(sorted({m.sentence for m in mentions})),
        proper=any(m.proper for m in mentions),
        known=entry is not None,
        plural=any(m.plural for m in mentions),
        mechanism=_best_mechanism(mentions),
        definite=any(m.definite or m.country for m in mentions),
        offices=tuple(dict.fromkeys(m.office for m in mentions if m.office)),
    )


#: Mechanisms in the order of trust.
_TRUST = (
    "gazetteer",
    "adjective",
    "demonym",
    "address",
    "name pattern",
    "title",
    "description",
    "noun",
    "NER",
)


def _best_mechanism(mentions: list[Mention]) -> str:
    return min((m.mechanism for m in mentions), key=lambda name: _TRUST.index(name) if name in _TRUST else 99)


def _kind(mentions: list[Mention]) -> str:
    """The class that the most trusted mechanism tells; the narrower one where two agree."""
    kind = min(mentions, key=lambda m: _TRUST.index(m.mechanism) if m.mechanism in _TRUST else 99).kind
    for mention in mentions:
        kind = narrower(kind, mention.kind) or kind
    return kind


def _names(mentions: list[Mention], label: str | None) -> tuple[str, ...]:
    """Label and other names: the longest proper name first, for nouns the first that was used."""
    names = list(dict.fromkeys(n for m in mentions for n in (m.name, *m.aliases) if n))
    if mentions[0].proper and not mentions[0].entry:
        names.sort(key=len, reverse=True)
    return tuple(dict.fromkeys([label, *names] if label else names))


def _address(
    document: Document, sentences: Sequence[Sentence], cluster: _Cluster, kind: str, label: str
) -> str:
    first = cluster.mentions[0]
    root = next((root for parent, root in _ROOTS.items() if is_a(kind, parent)), "actor")
    if is_a(kind, "Event"):
        root = "event"
    if first.proper and slug(label):
        return minter_of(document.iri).named(root, label)
    sentence = sentences[first.sentence]
    return unnamed(document.iri, sentence.offset(sentence.doc[first.start]), root)


def _renamed(document: Document, sentences: Sequence[Sentence], cluster: _Cluster, thing: Thing) -> Thing:
    """Two things of different class at one address: the later one gets its offset's."""
    first = cluster.mentions[0]
    sentence = sentences[first.sentence]
    offset = sentence.offset(sentence.doc[first.start])
    return replace(thing, iri=unnamed(document.iri, offset, thing.kind.lower()))


def _told_again(thing: Thing, told: Told) -> Thing:
    """A thing of an earlier stretch keeps its address, its label and, where two differ, its class."""
    names = tuple(dict.fromkeys((told.label, *thing.names)))
    return replace(thing, iri=told.iri, kind=narrower(thing.kind, told.kind) or told.kind, names=names)


def _united(left: Thing, right: Thing) -> Thing:
    return replace(
        left,
        names=tuple(dict.fromkeys((*left.names, *right.names))),
        sentences=tuple(sorted({*left.sentences, *right.sentences})),
        country=left.country or right.country,
        offices=tuple(dict.fromkeys((*left.offices, *right.offices))),
    )


def _implied_country(gazetteer: Gazetteer, iri: str, things: Mapping[str, Thing]) -> Thing:
    """A country that no mention names: a city or an outlet of it does."""
    sentences = sorted({n for t in things.values() if t.country == iri for n in t.sentences})
    entry = gazetteer.entries[iri]
    return Thing(iri, "Country", (entry.label,), None, tuple(sentences), True, True, False, "implied")


def _carry_home(
    gazetteer: Gazetteer, sentences: Sequence[Sentence], things: dict[str, Thing], carry: Carry
) -> None:
    """The country of the stretch before, if this one does not name it: the first sentence stands for it."""
    if carry.home and carry.home_told and carry.home not in things:
        things[carry.home] = replace(_implied_country(gazetteer, carry.home, things), sentences=(0,))
    elif carry.home in things:
        carry.home_told = sentences[things[carry.home].sentences[0]].passage


def _resolve_appositions(
    sentences: Sequence[Sentence],
    mentions: Sequence[Sequence[Mention]],
    things: Mapping[str, Thing],
    by_token: dict[tuple[int, int], str],
) -> None:
    """ "X, the country's only operator": the noun stands for what the name beside it names."""
    for sentence, found in zip(sentences, mentions, strict=True):
        nouns = {m.head: m for m in found if not m.proper and m.is_node}
        for name in (m for m in found if m.proper and m.is_node and m.mechanism != "adjective"):
            token = sentence.doc[name.head]
            beside = [c.i for c in token.children if c.dep_ == "appos"]
            if token.dep_ == "appos":
                beside.append(token.head.i)
            if token.dep_ == "nsubj" and token.head.lemma_ == "be":
                beside += [c.i for c in token.head.children if c.dep_ == "attr"]
            for position in beside:
                noun = nouns.get(position)
                iri = by_token.get((name.sentence, name.head))
                one = noun is not None and (not noun.plural or noun.name.split()[-1].lower() == "police")
                if noun is not None and iri and one and narrower(noun.kind, things[iri].kind):
                    by_token[name.sentence, position] = iri


def _resolve_offices(
    sentences: Sequence[Sentence], mentions: Sequence[Sequence[Mention]], by_token: dict[tuple[int, int], str]
) -> None:
    """ "The president": the one person to whom the document gives that office."""
    holders: dict[str, set[str]] = {}
    for found in mentions:
        for mention in found:
            if mention.office and (mention.sentence, mention.head) in by_token:
                holders.setdefault(mention.office, set()).add(by_token[mention.sentence, mention.head])
    for sentence in sentences if holders else ():
        for token in sentence.doc:
            office = f"{token.nbor(-1).lower_} {token.lower_}" if token.i else token.lower_
            people = holders.get(office) or holders.get(token.lower_) or set()
            definite = any(c.lower_ == "the" or c.dep_ == "poss" for c in token.lefts)
            if len(people) == 1 and definite and token.dep_ != "compound":
                by_token.setdefault((sentence.number, token.i), next(iter(people)))


def _resolve_own_sites(
    sentences: Sequence[Sentence],
    mentions: Sequence[Sequence[Mention]],
    things: dict[str, Thing],
    by_token: dict[tuple[int, int], str],
) -> None:
    """ "X reported that its website was blocked": the site whose host spells X's name, where one is told."""
    hosts = {
        t.names[0].lower().removeprefix("www.").split(".")[0]: t.iri
        for t in things.values()
        if t.kind == "Website" and t.proper
    }
    for sentence, found in zip(sentences, mentions, strict=True):
        for site in (m for m in found if m.kind == "Website" and not m.proper):
            for owner in sentence.doc[site.head].children:
                iri = by_token.get((site.sentence, owner.i)) if owner.dep_ == "poss" else None
                names = things[iri].names if iri else ()
                same = next((hosts[key] for n in names if (key := slug(n).replace("-", "")) in hosts), None)
                if same:
                    by_token[site.sentence, site.head] = same
                elif iri and names:
                    own = things[by_token[site.sentence, site.head]]
                    noun = site.name.split()[-1]
                    things[own.iri] = replace(
                        own, names=(*own.names, f"{names[0]}'s {noun}", f"{noun} of {names[0]}")
                    )


#: Pronouns to what they can mean.
_PLURAL = {"they", "them", "themselves", "their"}
_SINGULAR = {"it", "itself", "its"}
_MALE_OR_FEMALE = {"he", "him", "she", "her", "himself", "herself", "his"}

#: Nouns that with "these" or "this" stand for what was told before.
_ANAPHORIC = {
    "organization",
    "organisation",
    "agency",
    "body",
    "group",
    "company",
    "institution",
    "outlet",
    "operator",
    "provider",
}


class _Antecedents:
    """What the last words of each kind spoke of, for pronouns to come."""

    def __init__(self) -> None:
        self.person: tuple[str, ...] = ()
        self.plural: tuple[str, ...] = ()
        self.earlier_plural: tuple[str, ...] = ()
        self.plural_verb = (-1, -1)
        self.singular: tuple[str, ...] = ()
        self.object: tuple[int, tuple[str, ...]] = (-1, ())

    def of(self, token: "Token", sentence: int) -> tuple[str, ...]:
        """What a pronoun stands for; nothing for other words."""
        word = token.lower_
        if word == "them" and self.object[0] == sentence:
            return self.object[1]
        if word == "them" and self.plural_verb == (sentence, _clause(token)):
            return self.earlier_plural  # who acts upon themselves is "themselves"
        if word in _PLURAL:
            return self.plural
        if word in _SINGULAR:
            return self.singular
        if word in _MALE_OR_FEMALE:
            return self.person
        if token.lemma_ in _ANAPHORIC and any(c.lower_ in ("these", "those") for c in token.lefts):
            return self.plural
        return ()


def _clause(token: "Token") -> int:
    """The verb that a token hangs on."""
    return next((a.i for a in ancestors(token) if a.pos_ in ("VERB", "AUX")), -1)


#: Nouns that with "the" stand for the last thing of a class that was named.
_DEFINITES = {
    "platform": ("Platform",), "app": ("Platform",), "application": ("Platform",), "messenger": ("Platform",),
    "service": ("Platform",), "site": ("Platform", "Website", "MediaOutlet"),
    "website": ("Website", "MediaOutlet", "Platform"), "outlet": ("MediaOutlet",),
    "newspaper": ("MediaOutlet",),
    "channel": ("MediaOutlet",), "station": ("MediaOutlet",), "broadcaster": ("MediaOutlet",),
    "operator": ("TelecomOperator",), "provider": ("TelecomOperator",),
    "company": ("TelecomOperator", "Company", "Platform"), "regulator": ("StateBody",),
    "party": ("PoliticalParty",),
}  # fmt: skip

#: Words before such a noun that tell of no other thing.
_GENERIC = {"news", "media", "online", "messaging", "social", "private", "independent", "popular", "local"}

#: How many sentences back a noun with "the" reaches.
_REACH = 3


def _resolve_definites(
    sentences: Sequence[Sentence],
    mentions: Sequence[Sequence[Mention]],
    things: dict[str, Thing],
    by_token: dict[tuple[int, int], str],
) -> None:
    """ "The platform", "the council": the last one of that class, or with that word in its name."""
    named: list[tuple[int, str]] = []
    for found in mentions:
        for mention in (m for m in found if m.is_node):
            iri = by_token.get((mention.sentence, mention.head))
            if iri is None:
                continue
            if things[iri].proper:
                named.append((mention.sentence, iri))
                continue
            token = sentences[mention.sentence].doc[mention.head]
            modifiers = set(mention.name.lower().split()) - {token.lower_}
            bare = modifiers <= _GENERIC and any(c.lower_ in ("the", "this") for c in token.lefts)
            if not bare or mention.plural or any(c.dep_ in ("prep", "relcl", "acl") for c in token.rights):
                continue
            near = [i for s, i in named if mention.sentence - s <= _REACH]
            meant = _meant(things, near, token.lemma_.lower())
            if meant:
                by_token[mention.sentence, mention.head] = meant
                sentences_of = {*things[meant].sentences, mention.sentence}
                things[meant] = replace(things[meant], sentences=tuple(sorted(sentences_of)))


#: Nouns that with "these" stand for all things of some classes that were named last.
_THESE = {
    "site": ("Website", "MediaOutlet", "Platform"), "website": ("Website", "MediaOutlet", "Platform"),
    "platform": ("Platform",), "service": ("Platform",), "app": ("Platform",), "application": ("Platform",),
    "outlet": ("MediaOutlet",), "newspaper": ("MediaOutlet",), "channel": ("MediaOutlet",),
    "tool": ("Platform",), "operator": ("TelecomOperator",), "provider": ("TelecomOperator",),
    "isp": ("TelecomOperator",),
}  # fmt: skip


def _resolve_demonstratives(
    sentences: Sequence[Sentence],
    mentions: Sequence[Sequence[Mention]],
    things: dict[str, Thing],
    by_token: dict[tuple[int, int], str],
) -> dict[tuple[int, int], tuple[str, ...]]:
    """ "These sites": all sites and outlets of the last sentence before that names any."""
    groups: dict[tuple[int, int], tuple[str, ...]] = {}
    for sentence, found in zip(sentences, mentions, strict=True):
        for mention in (m for m in found if m.plural and m.is_node and not m.proper):
            token = sentence.doc[mention.head]
            kinds = _THESE.get(token.lemma_.lower())
            if kinds is None or not any(c.lower_ in ("these", "those") for c in token.lefts):
                continue
            for earlier in range(sentence.number, max(-1, sentence.number - _REACH - 1), -1):
                near = [m for m in mentions[earlier] if earlier < sentence.number or m.end <= mention.start]
                meant = [
                    i for m in near if (i := by_token.get((earlier, m.head))) and things[i].kind in kinds
                ]
                if meant:
                    key = (sentence.number, mention.head)
                    by_token[key] = meant[0]
                    groups[key] = tuple(dict.fromkeys(meant))
                    break
    return groups


def _meant(things: Mapping[str, Thing], near: Sequence[str], noun: str) -> str | None:
    """The thing that a definite noun takes up; None where it is none of those near, or two could be meant."""
    by_word = [
        i
        for i in near
        if noun in {w.lower() for n in things[i].names for w in n.split()[-1:] + n.split()[:1]}
    ]
    if by_word and noun not in ("government", "state"):
        return by_word[-1]
    fitting = [i for i in near if things[i].kind in _DEFINITES.get(noun, ())]
    return fitting[-1] if len(set(fitting)) == 1 else None


def _resolve_pronouns(
    sentences: Sequence[Sentence], things: Mapping[str, Thing], by_token: dict[tuple[int, int], str]
) -> dict[tuple[int, int], tuple[str, ...]]:
    """Pronouns take the last thing of their kind, subjects before others; a plural one can stand for a list.

    :returns: of plural pronouns whose antecedent is a list, all its members.
    """
    last = _Antecedents()
    groups: dict[tuple[int, int], tuple[str, ...]] = {}
    for sentence in sentences:
        for token in sentence.doc:
            key = (sentence.number, token.i)
            antecedent = _speaker(things, by_token, sentence, token) or last.of(token, sentence.number)
            if antecedent and (key not in by_token or token.lemma_ in _ANAPHORIC):
                by_token[key] = antecedent[0]
                if len(antecedent) > 1:
                    groups[key] = antecedent
            elif key in by_token:
                _remember(last, things, by_token, sentence, token)
    return groups


def _speaker(
    things: Mapping[str, Thing], by_token: Mapping[tuple[int, int], str], sentence: Sentence, token: "Token"
) -> tuple[str, ...]:
    """ "X reported that its site was blocked": in what a body says, "its" and "their" are its own."""
    if token.lower_ not in ("its", "their", "it", "they", "we", "our", "us", "ourselves"):
        return ()
    for above in ancestors(token):
        if above.dep_ != "ccomp":
            continue
        for subject in children(above.head, "nsubj"):
            iri = by_token.get((sentence.number, subject.i))
            if iri and (is_a(things[iri].kind, "Organization") or things[iri].kind == "Platform"):
                return (iri,)
        return ()
    return ()


def _remember(
    last: _Antecedents,
    things: Mapping[str, Thing],
    by_token: Mapping[tuple[int, int], str],
    sentence: Sentence,
    token: "Token",
) -> None:
    thing = things[by_token[sentence.number, token.i]]
    if thing.kind == "Person" and thing.proper:
        last.person = (thing.iri,)
    if thing.kind == "Person" or not (is_a(thing.kind, "Actor") or thing.kind == "Country"):
        return
    if token.dep_ == "dobj" and thing.plural:
        last.object = (sentence.number, (thing.iri,))
    if token.dep_ not in ("nsubj", "nsubjpass") or token.head.dep_ == "relcl":
        return
    listed = _listed(things, by_token, sentence, token)
    if len(listed) > 1 or thing.plural or thing.kind == "Group" or _is_many(thing.names[0]):
        last.earlier_plural, last.plural = last.plural, listed
        last.plural_verb = (sentence.number, token.head.i)
    else:
        last.singular = listed


def _listed(
    things: Mapping[str, Thing], by_token: Mapping[tuple[int, int], str], sentence: Sentence, token: "Token"
) -> tuple[str, ...]:
    """The things of the list that a subject starts; of "providers such as X", X."""
    found: list[str] = []
    for member in members(token):
        named = [by_token.get((sentence.number, t.i)) for e in examples(member) for t in (*_joined(e), e)]
        named = [iri for iri in named if iri and things[iri].proper]
        own = by_token.get((sentence.number, member.i))
        found += [iri for iri in (named or [own]) if iri and is_a(things[iri].kind, "Actor")]
    return tuple(dict.fromkeys(found)) or (by_token[sentence.number, token.i],)


def _joined(token: "Token") -> list["Token"]:
    """A name that the parse takes for a modifier of the next one, as a comma is missing."""
    return [c for c in token.children if c.dep_ == "compound" and c.pos_ == "PROPN"]


def _is_many(name: str) -> bool:
    return name.lower().split()[-1] in ("authorities", "police", "military")
