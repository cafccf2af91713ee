"""One thing of the mentions that speak of it: its address, class, names and country."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from kgraph.extraction.classes import is_a, narrower
from kgraph.extraction.coreference.clusters import Cluster
from kgraph.extraction.coreference.reading import Thing
from kgraph.extraction.mentions import Mention
from kgraph.extraction.sentences import Sentence
from kgraph.extraction.stretches import Told
from kgraph.gazetteer import Gazetteer
from kgraph.iris import minter_of, slug, unnamed
from kgraph.records import Document

#: Root kinds of addresses by class; Actor's children fall back on "actor".
_ROOTS = {"Place": "place", "Law": "law", "Platform": "platform", "Website": "site", "Network": "network"}


def thing_of(document: Document, sentences: Sequence[Sentence], cluster: Cluster) -> Thing:
    """The thing that the mentions of a cluster speak of."""
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
        mechanism=min(mentions, key=_rank).mechanism,
        definite=any(m.definite or m.country for m in mentions),
        offices=tuple(dict.fromkeys(m.office for m in mentions if m.office)),
    )


#: Mechanisms in the order of trust.
_TRUST = (
    "gazetteer", "adjective", "demonym", "address", "name pattern", "title", "description", "noun",
    "NER",
)  # fmt: skip


def _rank(mention: Mention) -> int:
    """The place of a mention in the order of trust, those not listed last."""
    return _TRUST.index(mention.mechanism) if mention.mechanism in _TRUST else len(_TRUST)


def _kind(mentions: list[Mention]) -> str:
    """The class that the most trusted mechanism tells; the narrower one where two agree."""
    kind = min(mentions, key=_rank).kind
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
    document: Document, sentences: Sequence[Sentence], cluster: Cluster, kind: str, label: str
) -> str:
    first = cluster.mentions[0]
    root = next((root for parent, root in _ROOTS.items() if is_a(kind, parent)), "actor")
    if is_a(kind, "Event"):
        root = "event"
    if first.proper and slug(label):
        return minter_of(document.iri).named(root, label)
    return unnamed(document.iri, _offset(sentences, first), root)


def _offset(sentences: Sequence[Sentence], mention: Mention) -> int:
    """Where a mention starts in the document."""
    sentence = sentences[mention.sentence]
    return sentence.offset(sentence.doc[mention.start])


def renamed(document: Document, sentences: Sequence[Sentence], cluster: Cluster, thing: Thing) -> Thing:
    """Two things of different class at one address: the later one gets its offset's."""
    offset = _offset(sentences, cluster.mentions[0])
    return replace(thing, iri=unnamed(document.iri, offset, thing.kind.lower()))


def told_again(thing: Thing, told: Told) -> Thing:
    """A thing of an earlier stretch keeps its address, its label and, where two differ, its class."""
    names = tuple(dict.fromkeys((told.label, *thing.names)))
    return replace(thing, iri=told.iri, kind=narrower(thing.kind, told.kind) or told.kind, names=names)


def united(left: Thing, right: Thing) -> Thing:
    """Two things at one address are one, of the class of the first."""
    return replace(
        left,
        names=tuple(dict.fromkeys((*left.names, *right.names))),
        sentences=tuple(sorted({*left.sentences, *right.sentences})),
        country=left.country or right.country,
        offices=tuple(dict.fromkeys((*left.offices, *right.offices))),
    )


def implied_country(gazetteer: Gazetteer, iri: str, things: Mapping[str, Thing]) -> Thing:
    """A country that no mention names: a city or an outlet of it does."""
    sentences = sorted({n for t in things.values() if t.country == iri for n in t.sentences})
    entry = gazetteer.entries[iri]
    return Thing(iri, "Country", (entry.label,), None, tuple(sentences), True, True, False, "implied")
