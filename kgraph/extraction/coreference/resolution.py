"""The way through: mentions → clusters → things, then the words that take a thing up."""

from collections.abc import Sequence
from dataclasses import replace

from kgraph.extraction.coreference.appositions import resolve_appositions, resolve_offices
from kgraph.extraction.coreference.clusters import clusters_of
from kgraph.extraction.coreference.definites import resolve_definites, resolve_demonstratives
from kgraph.extraction.coreference.own_sites import resolve_own_sites
from kgraph.extraction.coreference.pronouns import resolve_pronouns
from kgraph.extraction.coreference.reading import Reading, Thing
from kgraph.extraction.coreference.things import implied_country, renamed, thing_of, told_again, united
from kgraph.extraction.mentions import Mention
from kgraph.extraction.mentions.find import countries_by_weight
from kgraph.extraction.sentences import Sentence
from kgraph.extraction.stretches import Carry, Told
from kgraph.gazetteer import Gazetteer
from kgraph.records import Document


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
    clusters = clusters_of(sentences, mentions, home, carry)
    things: dict[str, Thing] = {}
    by_token: dict[tuple[int, int], str] = {}
    for cluster in clusters.values():
        thing = thing_of(document, sentences, cluster)
        told = carry.things.get(cluster.key)
        if told is not None and not thing.known:
            thing = told_again(thing, told)
        elif carry.kinds.get(thing.iri, thing.kind) != thing.kind:
            thing = renamed(document, sentences, cluster, thing)
        if not thing.known:
            carry.things[cluster.key] = Told(thing.iri, thing.kind, thing.names[0])
        carry.kinds[thing.iri] = thing.kind
        known = things.get(thing.iri)
        things[thing.iri] = united(known, thing) if known else thing
        for mention in cluster.mentions:
            by_token[mention.sentence, mention.head] = thing.iri
    for country in [iri for iri in {t.country for t in things.values()} if iri and iri not in things]:
        things[country] = implied_country(gazetteer, country, things)
    _carry_home(gazetteer, sentences, things, carry)
    resolve_appositions(sentences, mentions, things, by_token)
    resolve_definites(sentences, mentions, things, by_token)
    resolve_offices(sentences, mentions, by_token)
    groups = resolve_pronouns(sentences, things, by_token)
    groups |= resolve_demonstratives(sentences, mentions, things, by_token)
    resolve_own_sites(sentences, mentions, things, by_token)
    at = {(m.sentence, m.head): m for found in mentions for m in reversed(found)}
    return Reading(document, gazetteer, sentences, mentions, things, home, by_token, at, groups)


def _carry_home(
    gazetteer: Gazetteer, sentences: Sequence[Sentence], things: dict[str, Thing], carry: Carry
) -> None:
    """The country of the stretch before, if this one does not name it: the first sentence stands for it."""
    if carry.home and carry.home_told and carry.home not in things:
        things[carry.home] = replace(implied_country(gazetteer, carry.home, things), sentences=(0,))
    elif carry.home in things:
        carry.home_told = sentences[things[carry.home].sentences[0]].passage
