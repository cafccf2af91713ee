"""Nouns beside a name, and offices, that stand for whom the document names elsewhere."""

from kgraph.extraction.classes import narrower
from kgraph.extraction.coreference.reading import Draft


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
