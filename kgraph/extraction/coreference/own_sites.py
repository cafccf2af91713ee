""" "X's website": the site whose host spells X's name."""

from dataclasses import replace

from kgraph.extraction.coreference.reading import Draft
from kgraph.iris import slug


def resolve_own_sites(draft: Draft) -> None:
    """ "X reported that its website was blocked": the site whose host spells X's name, where one is told."""
    things, by_token = draft.things, draft.by_token
    hosts = {
        t.names[0].lower().removeprefix("www.").split(".")[0]: t.iri
        for t in things.values()
        if t.kind == "Website" and t.proper
    }
    for sentence, found in draft.by_sentence():
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
