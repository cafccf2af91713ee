"""Nouns beside a name, and offices, that stand for whom the document names elsewhere."""

from kgraph.extraction.classes import narrower
from kgraph.extraction.coreference.reading import Draft
from kgraph.extraction.mentions import Mention
from kgraph.extraction.sentences import Sentence
from kgraph.extraction.syntax import conjuncts


def resolve_appositions(draft: Draft) -> None:
    """ "X, the country's only operator": the noun stands for what the name beside it names."""
    for sentence, found in draft.by_sentence():
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
                iri = draft.meant(name)
                one = noun is not None and (not noun.plural or noun.name.split()[-1].lower() == "police")
                if noun is not None and iri and one and narrower(noun.kind, draft.things[iri].kind):
                    draft.by_token[name.sentence, position] = iri
        for noun in nouns.values():
            listed = _listed_before(draft, sentence, noun)
            if len(listed) > 1:
                draft.by_token[sentence.number, noun.head] = listed[0]
                draft.groups[sentence.number, noun.head] = listed


def _listed_before(draft: Draft, sentence: Sentence, noun: Mention) -> tuple[str, ...]:
    """ "X and Y, the reporters": all those that a noun for several explains, if it does."""
    token = sentence.doc[noun.head]
    if not noun.plural or token.dep_ != "appos":
        return ()
    first = token.head
    while first.dep_ == "conj":
        first = first.head
    named = [t for t in conjuncts(first) if t.i < noun.start]
    things = [draft.things[iri] for t in named if (iri := draft.by_token.get((sentence.number, t.i)))]
    one_kind = len({thing.kind for thing in things}) == 1 and len(things) == len(named)
    fits = (
        one_kind
        and all(t.proper for t in things)
        and (things[0].kind == noun.kind or (noun.kind, things[0].kind) == ("Group", "Person"))
    )
    return tuple(dict.fromkeys(t.iri for t in things)) if fits else ()


def resolve_offices(draft: Draft) -> None:
    """ "The president": the one person to whom the document gives that office."""
    holders: dict[str, set[str]] = {}
    for found in draft.mentions:
        for mention in found:
            if mention.office and (iri := draft.meant(mention)):
                holders.setdefault(mention.office, set()).add(iri)
    for sentence in draft.sentences if holders else ():
        for token in sentence.doc:
            office = f"{token.nbor(-1).lower_} {token.lower_}" if token.i else token.lower_
            people = holders.get(office) or holders.get(token.lower_) or set()
            definite = any(c.lower_ == "the" or c.dep_ == "poss" for c in token.lefts)
            if len(people) == 1 and definite and token.dep_ != "compound":
                draft.by_token.setdefault((sentence.number, token.i), next(iter(people)))
