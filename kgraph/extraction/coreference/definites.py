""" "The platform", "these sites": nouns that take up what was named before."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from kgraph.extraction.coreference.reading import Draft, Thing

#: Nouns that with "the" stand for the last thing of a class that was named.
_DEFINITES = {
    "platform": ("Platform",), "app": ("Platform",), "application": ("Platform",),
    "messenger": ("Platform",), "service": ("Platform",),
    "site": ("Platform", "Website", "MediaOutlet"), "website": ("Website", "MediaOutlet", "Platform"),
    "outlet": ("MediaOutlet",), "newspaper": ("MediaOutlet",), "channel": ("MediaOutlet",),
    "station": ("MediaOutlet",), "broadcaster": ("MediaOutlet",), "operator": ("TelecomOperator",),
    "provider": ("TelecomOperator",), "company": ("TelecomOperator", "Company", "Platform"),
    "regulator": ("StateBody",), "party": ("PoliticalParty",),
}  # fmt: skip

#: Words before such a noun that tell of no other thing.
_GENERIC = {"news", "media", "online", "messaging", "social", "private", "independent", "popular", "local"}

#: How many sentences back a noun with "the" reaches.
_REACH = 3


def resolve_definites(draft: Draft) -> None:
    """ "The platform", "the council": the last one of that class, or with that word in its name."""
    things = draft.things
    named: list[tuple[int, str]] = []
    for found in draft.mentions:
        for mention in (m for m in found if m.is_node):
            iri = draft.meant(mention)
            if iri is None:
                continue
            if things[iri].proper:
                named.append((mention.sentence, iri))
                continue
            token = draft.sentences[mention.sentence].doc[mention.head]
            modifiers = set(mention.name.lower().split()) - {token.lower_}
            bare = modifiers <= _GENERIC and any(c.lower_ in ("the", "this") for c in token.lefts)
            if not bare or mention.plural or any(c.dep_ in ("prep", "relcl", "acl") for c in token.rights):
                continue
            near = [i for s, i in named if mention.sentence - s <= _REACH]
            meant = _meant(things, near, token.lemma_.lower())
            if meant:
                draft.by_token[mention.sentence, mention.head] = meant
                sentences_of = {*things[meant].sentences, mention.sentence}
                things[meant] = replace(things[meant], sentences=tuple(sorted(sentences_of)))


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


#: Nouns that with "these" stand for all things of some classes that were named last.
_THESE = {
    "site": ("Website", "MediaOutlet", "Platform"), "website": ("Website", "MediaOutlet", "Platform"),
    "platform": ("Platform",), "service": ("Platform",), "app": ("Platform",), "application": ("Platform",),
    "outlet": ("MediaOutlet",), "newspaper": ("MediaOutlet",), "channel": ("MediaOutlet",),
    "tool": ("Platform",), "operator": ("TelecomOperator",), "provider": ("TelecomOperator",),
    "isp": ("TelecomOperator",),
}  # fmt: skip


def resolve_demonstratives(draft: Draft) -> None:
    """ "These sites": all sites and outlets of the last sentence before that names any."""
    for sentence, found in draft.by_sentence():
        for mention in (m for m in found if m.plural and m.is_node and not m.proper):
            token = sentence.doc[mention.head]
            kinds = _THESE.get(token.lemma_.lower())
            if kinds is None or not any(c.lower_ in ("these", "those") for c in token.lefts):
                continue
            for earlier in range(sentence.number, max(-1, sentence.number - _REACH - 1), -1):
                before = draft.mentions[earlier]
                near = [m for m in before if earlier < sentence.number or m.end <= mention.start]
                meant = [i for m in near if (i := draft.meant(m)) and draft.things[i].kind in kinds]
                if meant:
                    key = (sentence.number, mention.head)
                    draft.by_token[key] = meant[0]
                    draft.groups[key] = tuple(dict.fromkeys(meant))
                    break
