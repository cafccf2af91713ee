"""The way through: mentions → clusters → things, then the words that take a thing up."""

from collections.abc import Sequence
from dataclasses import replace

from kgraph.extraction.coreference.appositions import resolve_appositions, resolve_offices
from kgraph.extraction.coreference.clusters import Cluster, clusters_of
from kgraph.extraction.coreference.definites import resolve_definites, resolve_demonstratives
from kgraph.extraction.coreference.own_sites import resolve_own_sites
from kgraph.extraction.coreference.pronouns import resolve_pronouns
from kgraph.extraction.coreference.reading import Draft, Reading
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
    draft = Draft(sentences, mentions)
    for cluster in clusters_of(sentences, mentions, home, carry).values():
        _add(document, draft, cluster, carry)
    told = {thing.country for thing in draft.things.values() if thing.country}
    for country in sorted(told - draft.things.keys()):
        draft.things[country] = implied_country(gazetteer, country, draft.things)
    _carry_home(gazetteer, draft, carry)
    resolve_appositions(draft)
    resolve_definites(draft)
    resolve_offices(draft)
    resolve_pronouns(draft)
    resolve_demonstratives(draft)
    resolve_own_sites(draft)
    at = {(m.sentence, m.head): m for found in mentions for m in reversed(found)}
    return Reading(
        document, gazetteer, sentences, mentions, draft.things, home, draft.by_token, at, draft.groups
    )


def _add(document: Document, draft: Draft, cluster: Cluster, carry: Carry) -> None:
    """Make a cluster a thing, which earlier stretches may have told of, at an address that is its own."""
    thing = thing_of(document, draft.sentences, cluster)
    told = carry.things.get(cluster.key)
    if told is not None and not thing.known:
        thing = told_again(thing, told)
    elif carry.kinds.get(thing.iri, thing.kind) != thing.kind:
        thing = renamed(document, draft.sentences, cluster, thing)
    if not thing.known:
        carry.things[cluster.key] = Told(thing.iri, thing.kind, thing.names[0])
    carry.kinds[thing.iri] = thing.kind
    same = draft.things.get(thing.iri)
    draft.things[thing.iri] = united(same, thing) if same else thing
    for mention in cluster.mentions:
        draft.by_token[mention.sentence, mention.head] = thing.iri


def _carry_home(gazetteer: Gazetteer, draft: Draft, carry: Carry) -> None:
    """The country of the stretch before, if this one does not name it: the first sentence stands for it."""
    if carry.home and carry.home_told and carry.home not in draft.things:
        implied = implied_country(gazetteer, carry.home, draft.things)
        draft.things[carry.home] = replace(implied, sentences=(0,))
    elif carry.home in draft.things:
        carry.home_told = draft.sentences[draft.things[carry.home].sentences[0]].passage
