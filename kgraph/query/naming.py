"""What things are called on pages and in terminals.

One name a thing: what the reference graph calls it, else the label that most documents
give it, else its title, else one made of what is known of it ("Blocking, Kazakhstan,
2016-05-21"). Made names are shown, never stored.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import TYPE_CHECKING

from kgraph.namespaces import DCTERMS, FOAF, KG, OA, RDF, RDFS, SKOS, shorten
from kgraph.query.resolve import minter_of
from kgraph.query.terms import is_iri, short, words_of

if TYPE_CHECKING:
    from rdflib.term import Node

    from kgraph.store import Row, View

#: Properties that hold a name, the best first.
_NAMES = (RDFS.label, SKOS.prefLabel, DCTERMS.title, FOAF.name)

#: What a made name is put together from, in this order; the first of a group that is there.
_PARTS: tuple[tuple[str, ...], ...] = (
    (KG.handle,),
    (KG.onPlatform,),
    (KG.accountHolder,),
    (KG.holder, KG.leader),
    (KG.post,),
    (KG.indicator,),
    (KG.permits,),
    (KG.powerHolder,),
    (KG.claimedProperty,),
    (KG.bound,),
    (KG.claimedValue,),
    (KG.about,),
    (OA.exact,),
    (KG.measured,),
    (KG.country, KG.regimeOf, KG.assessed, KG.location, KG.locatedIn, KG.officeOf),
    (KG.date, KG.earliest),
)
#: A claim on a claim on an event is named after the event, and no deeper.
_DEPTH = 3
_BATCH = 400
_LONGEST = 60

Facts = dict[str, list["Node"]]


def name_of(view: "View", iri: str) -> str:
    """What one thing is called."""
    return names(view, [iri])[iri]


def names(view: "View", iris: Iterable[str]) -> dict[str, str]:
    """What things are called: a name for each IRI, whatever the graph knows of it."""
    return _names(view, sorted(set(iris)), _DEPTH)


def _names(view: "View", iris: list[str], depth: int) -> dict[str, str]:
    found = _stored_names(view, iris)
    nameless = [iri for iri in iris if iri not in found]
    if depth and nameless:
        found |= _made_names(view, nameless, depth)
    return found | {iri: _fallback(iri) for iri in iris if iri not in found}


def _stored_names(view: "View", iris: list[str]) -> dict[str, str]:
    """What the reference graph calls things; what others do is looked up for the rest only.

    A country has a label in each document that mentions it.
    """
    reference = f"<{minter_of(view).graph('reference')}>"
    found = dict(_voted_names(view, iris, reference))
    return found | dict(_voted_names(view, [iri for iri in iris if iri not in found], "?g"))


def _voted_names(view: "View", iris: list[str], graph: str) -> Iterator[tuple[str, str]]:
    votes: dict[str, Counter[tuple[tuple[int, int], str]]] = defaultdict(Counter)
    for row in _values(view, iris, _NAMES, graph):
        rank = (
            _NAMES.index(str(row["property"])),
            0 if (getattr(row["value"], "language", None) or "en").startswith("en") else 1,
        )
        votes[str(row["node"])][rank, str(row["value"])] += 1
    for iri, counted in votes.items():
        (_, label), _ = min(counted.items(), key=lambda item: (item[0][0], -item[1], item[0][1]))
        yield iri, label


def _made_names(view: "View", iris: list[str], depth: int) -> dict[str, str]:
    facts: dict[str, Facts] = defaultdict(lambda: defaultdict(list))
    for row in _values(view, iris, (RDF.type, *chain.from_iterable(_PARTS)), "?g"):
        values = facts[str(row["node"])][str(row["property"])]
        if row["value"] not in values:
            values.append(row["value"])
    parts = {iri: dict(_parts(facts[iri])) for iri in facts}
    others = {str(v) for values in parts.values() for v in values.values() if _is_node(v)}
    known = _names(view, sorted(others - set(iris)), depth - 1) if others else {}
    made = {iri: _put_together(facts[iri], values, known) for iri, values in parts.items()}
    return {iri: name for iri, name in made.items() if name}


def _put_together(facts: Facts, parts: dict[str, "Node"], known: dict[str, str]) -> str:
    words = {p: _short_name(known.get(str(value)) or short(value)) for p, value in parts.items()}
    if KG.bound in words and KG.claimedValue in words:
        words[KG.claimedValue] = f"{words.pop(KG.bound)} {words[KG.claimedValue]}"
    classes = sorted(str(c) for c in facts.get(RDF.type, []) if str(c).startswith(str(KG)))
    return ", ".join([class_words(c) for c in classes[:1]] + list(words.values()))


def _parts(facts: Facts) -> Iterator[tuple[str, "Node"]]:
    for group in _PARTS:
        found = next((p for p in group if facts.get(p)), None)
        if found:
            yield found, min(facts[found], key=str)


def _values(view: "View", iris: list[str], properties: Sequence[str], graph: str) -> "Iterator[Row]":
    """What graphs say of some properties of many nodes, a batch of nodes at a time.

    A filter on the property: given as VALUES too, each pair would be looked up by itself.
    """
    wanted = ", ".join(f"<{p}>" for p in properties)
    safe = iter(iri for iri in iris if is_iri(iri))
    while batch := list(islice(safe, _BATCH)):
        nodes = " ".join(f"<{iri}>" for iri in batch)
        yield from view.evaluate(
            f"""SELECT DISTINCT ?node ?property ?value ?g WHERE {{
                  VALUES ?node {{ {nodes} }} GRAPH {graph} {{ ?node ?property ?value }}
                  FILTER(?property IN ({wanted}))
                }}"""
        )


def class_words(iri: str) -> str:
    """A class as people read it: `Legal power`."""
    words = words_of(iri)
    return words[:1].upper() + words[1:]


def _is_node(term: "Node") -> bool:
    from rdflib import URIRef

    return isinstance(term, URIRef) and not str(term).startswith(str(KG))


def _fallback(iri: str) -> str:
    return words_of(iri) if iri.startswith(str(KG)) else shorten(iri)


def _short_name(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1].rstrip() + "…"
