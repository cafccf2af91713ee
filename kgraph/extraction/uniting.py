"""The stretches of a long document made one: each node once, of one class, each triple once."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from kgraph.extraction.assemble import in_order
from kgraph.extraction.classes import narrower
from kgraph.extraction.fitting import fit
from kgraph.namespaces import KG, RDF, local_name
from kgraph.records import Assertion, Node, Passage, Term


class Union:
    """Nodes and assertions of stretches, added in reading order."""

    def __init__(self) -> None:
        self._nodes: dict[str, Node] = {}
        self._assertions: dict[tuple[str, str, Term], Assertion] = {}

    def add(self, nodes: Iterable[Node], assertions: Iterable[Assertion]) -> None:
        """What a stretch says; a node keeps the label that it had first."""
        for node in nodes:
            known = self._nodes.get(node.iri)
            self._nodes[node.iri] = _joined(known, node) if known else node
        for assertion in assertions:
            key = assertion.subject, assertion.predicate, assertion.object
            told = self._assertions.get(key)
            self._assertions[key] = _surer(told, assertion) if told else assertion

    def records(self, same: Mapping[str, str]) -> tuple[tuple[Node, ...], tuple[Assertion, ...]]:
        """All of it, sorted, as far as the vocabulary can say it.

        :param same: addresses to those of the same things under a longer name, which take their place.
        """
        if same:
            self._rename(same)
        classes: dict[str, str] = {}
        for subject, predicate, object_ in self._assertions:
            if predicate == RDF.type and isinstance(object_, str):
                name = local_name(object_)
                classes[subject] = narrower(classes.get(subject, name), name) or classes[subject]
        said = (
            a
            for a in self._assertions.values()
            if a.predicate != RDF.type or a.object == KG[classes[a.subject]]
        )
        return tuple(self._nodes[iri] for iri in sorted(classes)), in_order(fit(said))

    def _rename(self, same: Mapping[str, str]) -> None:
        nodes, assertions = list(self._nodes.values()), list(self._assertions.values())
        self._nodes, self._assertions = {}, {}
        # the longer names first: their labels stay
        nodes.sort(key=lambda node: node.iri in same)
        self.add(
            (replace(node, iri=same.get(node.iri, node.iri)) for node in nodes),
            (
                replace(a, subject=same.get(a.subject, a.subject), object=_renamed(a.object, same))
                for a in assertions
                if a.object not in same or same[str(a.object)] != a.subject
            ),
        )


def _renamed(object_: Term, same: Mapping[str, str]) -> Term:
    return same.get(object_, object_) if isinstance(object_, str) else object_


def _joined(known: Node, again: Node) -> Node:
    names = {*known.alt_labels, *again.alt_labels, again.label or ""} - {known.label, ""}
    label = known.label or again.label
    return Node(
        known.iri,
        label,
        tuple(sorted(names - {label or ""})),
        _passages(known.mentions, again.mentions),
    )


def _surer(told: Assertion, again: Assertion) -> Assertion:
    best = again if again.confidence > told.confidence else told
    return replace(best, evidence=_passages(told.evidence, again.evidence))


def _passages(left: tuple[Passage, ...], right: tuple[Passage, ...]) -> tuple[Passage, ...]:
    return tuple(sorted(dict.fromkeys((*left, *right)), key=lambda passage: passage.start))
