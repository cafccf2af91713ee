"""Documents that have been read and extracted, through the gate and into the store.

A document enters whole or stays out with a report, which is kept beside the store; or, where that is asked
for, it enters without the statements that keep it out. What it says is judged alone before the store is
locked; under the lock it is judged with all that is committed then, and goes in by one atomic commit.
Several enter together: they are judged at once, and one by one only where something is wrong.
"""

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Self

from kgraph.checking import check
from kgraph.errors import ExtractionError, GateError
from kgraph.gate import Change, judge, judge_change, judge_union, prune, shapes_edition
from kgraph.gazetteer import Gazetteer
from kgraph.graphs import build_graph, canonical_form, catalog, reference, text_sha256
from kgraph.iris import Minter
from kgraph.linking import follow
from kgraph.ontology import ontology_graph
from kgraph.records import Document, Extraction, Pruned, Reject, Report, reject_key
from kgraph.settings import OnViolation
from kgraph.store import Store, Triples, View, Writer, engine_triples, subjects_of

if TYPE_CHECKING:
    from rdflib import Graph

#: Triples from which on a graph is too large to be removed by one update, in memory.
_LARGE = 20_000

_log = logging.getLogger("kgraph")

Status = Literal["added", "replaced", "unchanged", "duplicate", "refused"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one document.

    :param status: `unchanged` if these bytes are in the store already; `duplicate` if they are
        there as another document, `same_as`; `refused` if the gate keeps it out, `report` says why.
    :param extraction: what it says, as far as it was let in; None where it was not read for content.
    :param pruned: what was left out of it so that the rest could enter.
    """

    document: Document
    status: Status
    report: Report = field(default_factory=lambda: Report(conforms=True))
    extraction: Extraction | None = None
    triples: int = 0
    same_as: str | None = None
    pruned: tuple[Pruned, ...] = ()

    @property
    def entered(self) -> bool:
        """Whether the store holds it now."""
        return self.status != "refused"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a document was read from, which no graph tells: only the list of those that were kept out.

    :param file: local path or "".
    :param encoding: of the file's characters, if someone had to tell it.
    """

    file: str = ""
    encoding: str | None = None

    @classmethod
    def of(cls, source: Path | str, encoding: str | None = None) -> Self:
        """A file as it was named here, wherever it will be asked for."""
        return cls(str(Path(source).absolute()), encoding)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A document with what it says, judged alone.

    :param graph: its named graph.
    :param triples: the same for the gate and the store.
    :param facts: what the gazetteer says of the nodes that it uses.
    :param report: the verdict on it alone.
    :param pruned: what was left out of it.
    """

    extraction: Extraction
    graph: "Graph"
    triples: Triples
    facts: Triples
    report: Report
    origin: Origin
    pruned: tuple[Pruned, ...] = ()

    @property
    def document(self) -> Document:
        """Which document it is."""
        return self.extraction.document


@dataclass(frozen=True, slots=True)
class Desk:
    """Where documents are admitted, and withdrawn.

    :param refresh: let a document in again though its bytes are there already.
    :param on_violation: whether a document that does not conform is kept out, or what is wrong in it.
    """

    store: Store
    gazetteer: Gazetteer
    minter: Minter
    refresh: bool = False
    on_violation: OnViolation = "reject"

    def prepare(self, extraction: Extraction, origin: Origin | None = None) -> Candidate:
        """Build a document's graph and judge it alone.

        :param origin: what is told of the document if it is refused.
        :raises GateError: if the shapes cannot be applied.
        :raises ExtractionError: if the extractor made a term that no graph can hold.
        """
        try:
            graph = build_graph(extraction)
            triples = engine_triples(graph)
        except ValueError as exc:
            reason = f"what it found cannot be written as RDF: {exc}"
            raise ExtractionError(extraction.document.title, extraction.extractor, reason) from exc
        facts = engine_triples(self.gazetteer.facts(reference.known_nodes(graph, self.gazetteer)))
        report = judge(triples, reference=facts)
        return Candidate(extraction, graph, triples, facts, report, origin or Origin())

    def admit(self, candidates: Sequence[Candidate]) -> list[Outcome]:
        """Let in those that may enter, by one commit.

        :param candidates: no two of one document.
        :returns: what became of each, in their order.
        :raises StoreError: if the store cannot be written.
        :raises GateError: if the shapes cannot be applied, or what is stored does not conform to them.
        """
        with self.store.writer() as writer:
            outcomes = self._judge_and_enter(writer, candidates)
            self._keep_rejects(writer, candidates, outcomes)
            writer.commit()
        return [outcomes[each.document.iri] for each in candidates]

    def amend(self, change: Callable[[View], Sequence[Extraction]]) -> list[Outcome]:
        """Let in what `change` makes of what is committed, all or nothing; nobody else writes meanwhile.

        What is refused is not kept: whoever sent it still has it.

        :param change: gives documents as they shall be; may raise.
        :returns: what became of each; if one is refused, nothing has changed.
        :raises StoreError: if the store cannot be written.
        :raises GateError: as `admit`.
        """
        with self.store.writer() as writer:
            candidates = [self.prepare(each) for each in change(writer.view())]
            outcomes = self._judge_and_enter(writer, candidates)
            if all(outcome.entered for outcome in outcomes.values()):
                writer.commit()
        return [outcomes[each.document.iri] for each in candidates]

    def _judge_and_enter(self, writer: Writer, candidates: Sequence[Candidate]) -> dict[str, Outcome]:
        """What becomes of each, by its document; written with the next commit."""
        outcomes: dict[str, Outcome] = {}
        view = writer.view()
        waiting: list[Candidate] = []
        for each in candidates:
            # It may have been added while it was read: by another process, or earlier in this run.
            standing = self.standing(view, each.document)
            if standing is not None:
                outcomes[each.document.iri] = standing
            elif not each.report.conforms:
                outcomes[each.document.iri] = _refused(each, each.report)
            else:
                waiting.append(each)
        accepted = list[Candidate]()
        self._sift(view, waiting, accepted, outcomes)
        if self.on_violation == "prune":
            self._prune(view, candidates, accepted, outcomes)
        if accepted:
            self._enter(writer, view, accepted, outcomes)
        return outcomes

    def standing(self, view: View, document: Document) -> Outcome | None:
        """What there is to say of a document that is in the store already, if it is."""
        same_as = catalog.document_with(view, document.sha256, self.minter)
        if same_as is None or (same_as == document.iri and self.refresh):
            return None
        if same_as == document.iri:
            return Outcome(document, "unchanged")
        if view.has_graph(self.minter.graph_of(document)):
            # The bytes of another document now stand under this one's identity: still a new version of it.
            return None
        return Outcome(document, "duplicate", same_as=same_as)

    def _sift(
        self, view: View, waiting: list[Candidate], accepted: list[Candidate], outcomes: dict[str, Outcome]
    ) -> None:
        """Accept what goes with what is stored and accepted; halve it until what does not is found."""
        if not waiting:
            return
        report = judge_change(view, self._change(view, [*accepted, *waiting]), self.minter)
        if report.conforms:
            accepted += waiting
        elif len(waiting) == 1:
            outcomes[waiting[0].document.iri] = _refused(waiting[0], report)
        else:
            half = len(waiting) // 2
            self._sift(view, waiting[:half], accepted, outcomes)
            self._sift(view, waiting[half:], accepted, outcomes)

    def _prune(
        self,
        view: View,
        candidates: Sequence[Candidate],
        accepted: list[Candidate],
        outcomes: dict[str, Outcome],
    ) -> None:
        """Accept of those that were refused what can enter without what is wrong in them."""

        def judged(extraction: Extraction) -> Report:
            left = self.prepare(extraction)
            if not left.report.conforms:
                return left.report
            together = judge_change(view, self._change(view, [*accepted, left]), self.minter)
            return left.report if together.conforms else together

        for each in candidates:
            iri = each.document.iri
            if iri not in outcomes or outcomes[iri].entered:
                continue
            whole = canonical_form(each.extraction)
            pruning = prune(whole, judged(whole), judged)
            if pruning.report.conforms:
                del outcomes[iri]
                left = self.prepare(pruning.extraction, each.origin)
                accepted.append(replace(left, pruned=pruning.pruned))
            else:
                outcomes[iri] = _refused(each, pruning.report)

    def _change(self, view: View, entering: Sequence[Candidate]) -> Change:
        graphs = {self.minter.graph_of(each.document): each.triples for each in entering}
        facts = [fact for each in entering for fact in each.facts]
        named = reference.named_in(view, graphs, self.minter)
        leaving = reference.left_over(view, named, self.gazetteer, graphs=graphs, keep=subjects_of(facts))
        old_facts, new_facts = reference.changes(view, facts, leaving, self.minter)
        return Change(entering=graphs, facts=new_facts, old_facts=old_facts)

    def _enter(
        self, writer: Writer, view: View, accepted: Sequence[Candidate], outcomes: dict[str, Outcome]
    ) -> None:
        """Write what was accepted: with the commit, all of it or nothing."""
        bring_up_to_date(writer, self.minter, but=[each.document.iri for each in accepted])
        change = self._change(view, accepted)
        self._apply(writer, change)
        follow(writer, view, change, self.minter)
        for each in accepted:
            document = each.document
            graph_iri = self.minter.graph_of(document)
            status: Status = "replaced" if view.has_graph(graph_iri) else "added"
            outcomes[document.iri] = Outcome(
                document, status, each.report, each.extraction, len(each.graph), pruned=each.pruned
            )
            catalog.enter(writer, view, document, each.graph, self.minter, left_out=len(each.pruned))
        self._keep_texts(writer, view, [each.document for each in accepted])

    def _keep_rejects(
        self, writer: Writer, candidates: Sequence[Candidate], outcomes: dict[str, Outcome]
    ) -> None:
        """Keep those that were refused; those that were let in are dealt with."""
        for each in candidates:
            outcome, origin = outcomes[each.document.iri], each.origin
            if outcome.status == "refused":
                writer.keep_reject(
                    Reject(each.document, outcome.report, catalog.clock(), origin.file, origin.encoding)
                )
            elif outcome.status in {"added", "replaced"}:
                writer.drop_reject(reject_key(each.document.iri))

    def _apply(self, writer: Writer, change: Change) -> None:
        for name, graph in change.entering.items():
            writer.replace_graph(name, graph)
        for name in change.leaving:
            writer.drop_graph(name)
        writer.delete(self.minter.graph("reference"), change.old_facts)
        writer.insert(self.minter.graph("reference"), change.facts)

    def _keep_texts(self, writer: Writer, view: View, documents: Sequence[Document]) -> None:
        new = {document.iri: text_sha256(document) for document in documents}
        for document in documents:
            old = catalog.text_of(view, document.iri)
            if old and old not in new.values() and not catalog.text_is_shared(view, old, document.iri):
                writer.drop_text(old)
        for document in documents:
            writer.put_text(new[document.iri], document.text)

    def withdraw(self, document_iri: str, condition: Callable[[View], None] = lambda view: None) -> None:
        """Remove a document: what only it said is gone, the rest stays, the catalog remembers.

        :param condition: called with what is committed, while nobody else writes; may raise.
        :raises GateError: if what is left would not conform.
        """
        with self.store.writer() as writer:
            view = writer.view()
            condition(view)
            graph_iri = catalog.graph_of(view, document_iri, self.minter)
            named = reference.named_in(view, [graph_iri], self.minter)
            if catalog.size_of(view, graph_iri, self.minter) > _LARGE:
                writer.load_graph(graph_iri, ())
                with writer.pending() as pending:
                    change = self._without(pending, named)
                    _check_rest(document_iri, judge_union(pending))
                    _check_rest(document_iri, judge_change(pending, change, self.minter))
                    follow(writer, pending, change, self.minter, everything=True)
            else:
                change = self._without(view, named, [graph_iri])
                _check_rest(document_iri, judge_change(view, change, self.minter))
                follow(writer, view, change, self.minter)
            text = catalog.text_of(view, document_iri)
            self._apply(writer, change)
            catalog.withdraw(writer, view, document_iri, self.minter)
            if text and not catalog.text_is_shared(view, text, document_iri):
                writer.drop_text(text)
            writer.commit()

    def _without(self, view: View, named: Iterable[str], graphs: Sequence[str] = ()) -> Change:
        """What goes with some graphs.

        :param named: nodes of the reference graph that they name.
        :param graphs: their names, where they are still there.
        """
        leaving = reference.left_over(view, named, self.gazetteer, graphs=graphs)
        old_facts, _ = reference.changes(view, [], leaving, self.minter)
        return Change(leaving=graphs, old_facts=old_facts)


def _check_rest(document_iri: str, report: Report) -> None:
    if not report.conforms:
        raise GateError(f"without {document_iri} the rest would not conform:\n{report}")


def _refused(candidate: Candidate, report: Report) -> Outcome:
    return Outcome(candidate.document, "refused", report, candidate.extraction)


def bring_up_to_date(writer: Writer, minter: Minter, *, but: Iterable[str] = ()) -> None:
    """Bring the ontology in the store up to date with the one that we ship.

    Where it or the shapes have changed, all that is stored is judged by the new ones first.

    :param but: IRIs of documents that are replaced at the same time.
    :raises GateError: if something stored does not conform to them; then nothing changes.
    """
    view = writer.view()
    if catalog.ontology_edition(view, minter) == shapes_edition():
        return
    replaced = set(but)
    stored = [iri for iri, _ in catalog.documents(view, minter) if iri not in replaced]
    if stored:  # it can take minutes
        _log.warning(
            "The ontology and shapes are new; what is stored is judged by them first: %d documents …",
            len(stored),
        )
    wrong = [
        checked.title
        for checked in check(view, minter)
        if not checked.report.conforms and checked.document not in replaced
    ]
    if wrong:
        raise GateError(
            f"the ontology and shapes of this version are new, and what is stored does not conform to them:"
            f" {'; '.join(wrong)}. See `kgraph check`; remove these documents and add them again"
        )
    writer.replace_graph(minter.graph("ontology"), ontology_graph())
    catalog.enter_ontology(writer, view, shapes_edition(), minter)
