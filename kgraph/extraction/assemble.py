"""Facts → records: each triple once, with all passages that say it, and a node for all that it names.

Evidence never lies: of each node that an assertion names, one of its passages holds a mention.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kgraph.extraction.confidence import TWICE, confidence, kind_told
from kgraph.extraction.coreference import Reading
from kgraph.extraction.facts import Fact
from kgraph.extraction.fitting import fit
from kgraph.iris import minter_of, ntriples
from kgraph.namespaces import KG, RDF, local_name
from kgraph.records import Assertion, Node, Passage, Term

#: Longest name that a node carries, in code points.
_LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class Named:
    """Names of a node that is no thing: an event or a law."""

    label: str | None
    sentences: tuple[int, ...]


def assemble(
    reading: Reading, facts: Iterable[Fact], named: Mapping[str, Named]
) -> tuple[tuple[Node, ...], tuple[Assertion, ...]]:
    """Nodes and assertions, sorted; a fact whose node has no class is left out."""
    grouped: dict[tuple[str, str, Term], list[Fact]] = {}
    for fact in facts:
        grouped.setdefault((fact.subject, fact.predicate, fact.object), []).append(fact)
    typed = {
        fact.subject
        for fact in (f for group in grouped.values() for f in group)
        if fact.predicate == RDF.type
    }
    resources = _resources(reading)
    kept = {
        key: group
        for key, group in grouped.items()
        if key[0] in typed and _is_known(key[2], typed, resources)
    }
    mentioned = _mentioned(reading, kept, named)
    kinds = {
        subject: local_name(kind)
        for subject, predicate, kind in kept
        if predicate == RDF.type and isinstance(kind, str)
    }
    assertions = fit(_assertion(reading, key, group, mentioned, kinds) for key, group in kept.items())
    nodes = [_node(reading, iri, named, mentioned[iri]) for iri in sorted(typed)]
    return tuple(nodes), in_order(assertions)


def in_order(assertions: Iterable[Assertion]) -> tuple[Assertion, ...]:
    """Assertions by subject, predicate and object."""
    return tuple(sorted(assertions, key=lambda a: (a.subject, a.predicate, ntriples(a.object))))


def _resources(reading: Reading) -> str:
    return minter_of(reading.document.iri).resources


def _is_known(object_: Term, typed: set[str], resources: str) -> bool:
    return not isinstance(object_, str) or not object_.startswith(resources) or object_ in typed


def _mentioned(
    reading: Reading, kept: Mapping[tuple[str, str, Term], list[Fact]], named: Mapping[str, Named]
) -> dict[str, list[int]]:
    """Sentences that mention each node: those that name it, and those that tell what it is or does."""
    found: dict[str, set[int]] = {}
    for (subject, _, _), group in kept.items():
        found.setdefault(subject, set())
        if subject not in reading.things:
            found[subject] |= {n for fact in group for n in fact.sentences}
    for iri in found:
        if iri in reading.things:
            found[iri] |= set(reading.things[iri].sentences)
        if iri in named:
            found[iri] |= set(named[iri].sentences)
    return {iri: sorted(numbers) for iri, numbers in found.items()}


def _assertion(
    reading: Reading,
    key: tuple[str, str, Term],
    group: list[Fact],
    mentioned: Mapping[str, list[int]],
    kinds: Mapping[str, str],
) -> Assertion:
    subject, predicate, object_ = key
    numbers = {n for fact in group for n in fact.sentences}
    for node in (subject, object_):
        if (
            isinstance(node, str)
            and node in mentioned
            and not numbers & set(mentioned[node])
            and mentioned[node]
        ):
            numbers.add(_nearest(mentioned[node], numbers))
    name = "a" if predicate == RDF.type else predicate.removeprefix(str(KG))
    kind = kind_told(subject, object_, kinds)
    again = TWICE if len({fact.sentences for fact in group}) > 1 else ""
    sure, mechanism = max((confidence(f.mechanism + again, name, kind), f.mechanism + again) for f in group)
    passages = tuple(reading.sentences[n].passage for n in sorted(numbers))
    return Assertion(subject, predicate, object_, passages, sure, mechanism)


def _nearest(numbers: list[int], others: set[int]) -> int:
    """The sentence that lies nearest to others, the earlier one of two."""
    return min(numbers, key=lambda n: (min((abs(n - other) for other in others), default=0), n))


def _node(reading: Reading, iri: str, named: Mapping[str, Named], numbers: list[int]) -> Node:
    passages: tuple[Passage, ...] = tuple(reading.sentences[n].passage for n in numbers)
    thing = reading.things.get(iri)
    if thing is None:
        label = named[iri].label if iri in named else None
        return Node(iri, label, (), passages)
    names = [name for name in thing.names if name and len(name) <= _LONGEST_NAME]
    return Node(iri, names[0] if names else None, tuple(sorted(set(names[1:]) - set(names[:1]))), passages)
