"""Wires the rooms: a document in, a document out, the whole store checked.

A document enters whole or stays out with a report; or, where that is asked for, without the statements
that keep it out. Its graph is built before the store is locked; it is judged under the lock, against
what is committed then, and goes in by one atomic commit. One that stays out is kept beside the store.
"""

import os
from collections.abc import Generator, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Self

from kgraph.documents import read_document
from kgraph.errors import ExtractionError, NotFound, SourceError
from kgraph.extraction import RULES, Extractor, extract_all, keep, load_extractor, run
from kgraph.gate import Pruning, Scope, check_together, judge, prune
from kgraph.gazetteer import Gazetteer, load_gazetteer
from kgraph.graphs import build_graph, canonical_form, catalog, reference, text_sha256
from kgraph.iris import Minter
from kgraph.ontology import edition, ontology_graph
from kgraph.records import Document, Extraction, Pruned, Reject, Report, reject_key
from kgraph.resources import resource
from kgraph.settings import OnViolation, Settings
from kgraph.store import Store, View, Writer

if TYPE_CHECKING:
    from rdflib import Graph

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
class Intake:
    """How documents are read and what of them is kept; the settings of a run.

    :param min_confidence: assertions below it are not stored, in [0, 1].
    :param refresh: read again what is already there, with today's extractor and gazetteer.
    :param extractor: turns a document into assertions; ours unless told otherwise.
    :param on_violation: whether a document that does not conform is kept out, or what is wrong in it.
    """

    minter: Minter = field(default_factory=Minter)
    min_confidence: float = 0.5
    refresh: bool = False
    extractor: Extractor = RULES
    on_violation: OnViolation = "reject"

    @classmethod
    def of(cls, settings: Settings, *, refresh: bool = False) -> Self:
        """An intake as the settings ask for it.

        :raises ConfigError: if the extractor is not installed.
        """
        return cls(
            Minter(settings.base),
            settings.min_confidence,
            refresh,
            load_extractor(settings.extractor),
            settings.on_violation,
        )

    def read(
        self, source: Path | str, *, identity: str | None = None, encoding: str | None = None
    ) -> Document:
        """A file as a document.

        :raises SourceError: if it cannot be read.
        """
        return read_document(source, identity=identity, encoding=encoding, minter=self.minter)

    def extract(self, document: Document) -> Extraction:
        """What a document says, as `add` stores it.

        :raises ExtractionError: if the extractor cannot do this language, or fails.
        """
        return self.sift(run(self.extractor, document, self.gazetteer))

    def sift(self, extraction: Extraction) -> Extraction:
        """Without what is less sure than asked."""
        return keep(extraction, self.min_confidence)

    @property
    def gazetteer(self) -> Gazetteer:
        """What is known by name."""
        return load_gazetteer(self.minter)


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


def add(store: Store, document: Document, intake: Intake, origin: Origin | None = None) -> Outcome:
    """Extract, check and store one document; or leave the graph as it is.

    :param origin: what is told of a document that is refused, beside the report.
    :raises ExtractionError: if nothing can be extracted from such a document.
    :raises StoreError: if the store cannot be written.
    """
    with store.view() as view:
        known = _standing(view, document, intake)
    return known or _enter(store, document, intake.extract(document), intake, origin or Origin())


def add_all(
    store: Store,
    sources: Iterable[Path | str],
    intake: Intake,
    *,
    identity: str | None = None,
    encoding: str | None = None,
    processes: int = 1,
) -> Generator[tuple[Path | str, Outcome | SourceError | ExtractionError]]:
    """Read, extract, check and store many files; each is committed on its own, in the order given.

    Extraction runs ahead of checking, in as many processes as asked; checks and commits go one at a time.

    :param identity: what the document is known by; for a single file.
    :returns: each file with what became of it; one that cannot be read or extracted is an error, and the
        others go on.
    :raises StoreError: if the store cannot be written.
    """
    tasks = (_task(store, source, intake, identity, encoding) for source in sources)
    with closing(extract_all(intake.extractor, tasks, processes=processes)) as answers:
        for task, answer in answers:
            if isinstance(answer, Extraction) and isinstance(task.read, Document):
                origin = Origin.of(task.source, encoding)
                yield task.source, _enter(store, task.read, intake.sift(answer), intake, origin)
            elif isinstance(answer, ExtractionError):
                yield task.source, answer
            elif not isinstance(task.read, Document):
                yield task.source, task.read


@dataclass(frozen=True, slots=True)
class _Task:
    """A file as it was read; where there is nothing to extract, what became of it."""

    source: Path | str
    read: Document | Outcome | SourceError


def _task(
    store: Store, source: Path | str, intake: Intake, identity: str | None, encoding: str | None
) -> tuple[_Task, Document | None]:
    try:
        document = intake.read(source, identity=identity, encoding=encoding)
    except SourceError as exc:
        return _Task(source, exc), None
    with store.view() as view:
        known = _standing(view, document, intake)
    return _Task(source, known or document), None if known else document


def _enter(
    store: Store, document: Document, extraction: Extraction, intake: Intake, origin: Origin
) -> Outcome:
    """Check what a document says and store it; or leave the graph as it is, and keep it beside."""
    graph = build_graph(extraction)
    with store.writer() as writer:
        view = writer.view()
        # It may have been added while we were reading: by another process, or as another file of this run.
        known = _standing(view, document, intake)
        if known:
            return known
        left = Pruning(extraction, _judge(view, graph, intake))
        if not left.report.conforms and intake.on_violation == "prune":
            whole = canonical_form(extraction)
            left = prune(whole, left.report, lambda rest: _judge(view, build_graph(rest), intake))
            graph = build_graph(left.extraction)
        if not left.report.conforms:
            writer.keep_reject(Reject(document, left.report, catalog.clock(), origin.file, origin.encoding))
            writer.commit()
            return Outcome(document, "refused", left.report, extraction)
        graph_iri = intake.minter.document_graph(document.iri)
        status: Status = "replaced" if view.has_graph(graph_iri) else "added"
        _put(writer, view, document, graph, intake, left_out=len(left.pruned))
        writer.drop_reject(reject_key(document.iri))
        writer.commit()
    return Outcome(document, status, left.report, left.extraction, len(graph), pruned=left.pruned)


def _judge(view: View, graph: "Graph", intake: Intake) -> Report:
    """The verdict on a document's graph, with all that it touches."""
    facts = _known_facts(graph, intake)
    return judge(graph, reference=facts, elsewhere=reference.elsewhere(view, graph, intake.minter))


def _known_facts(graph: "Graph", intake: Intake) -> "Graph":
    """What the gazetteer says of the nodes that a document uses."""
    return intake.gazetteer.facts(reference.known_nodes(graph, intake.gazetteer))


#: From how many files on more than one process extract, if nobody says how many: they take seconds to start.
_MANY = 20

#: Checks and commits go one at a time: more processes than this only wait for them.
_MOST = 4


def processes_for(files: int, asked: int = 0) -> int:
    """How many processes extract so many files.

    :param asked: what the settings say, 0 to choose.
    """
    if asked or files < _MANY:
        return asked or 1
    return min(
        len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1, _MOST
    )


def _standing(view: View, document: Document, intake: Intake) -> Outcome | None:
    """What there is to say of a document that is in the store already, if it is."""
    same_as = catalog.document_with(view, document.sha256, intake.minter)
    if same_as is None or (same_as == document.iri and intake.refresh):
        return None
    if same_as == document.iri:
        return Outcome(document, "unchanged")
    if view.has_graph(intake.minter.document_graph(document.iri)):
        # The bytes of another document now stand under this one's identity: still a new version of it.
        return None
    return Outcome(document, "duplicate", same_as=same_as)


def _put(
    writer: Writer, view: View, document: Document, graph: "Graph", intake: Intake, *, left_out: int
) -> None:
    prepare(writer, intake.minter)
    facts = _known_facts(graph, intake)
    graph_iri = intake.minter.document_graph(document.iri)
    left_over = reference.left_over(view, graph_iri, intake.gazetteer, keep=map(str, facts.subjects()))
    writer.replace_graph(graph_iri, graph)
    reference.update(writer, view, facts, left_over, intake.minter)
    catalog.enter(writer, view, document, graph, intake.minter, left_out=left_out)
    old_text = catalog.text_of(view, document.iri)
    new_text = text_sha256(document)
    writer.put_text(new_text, document.text)
    if old_text and old_text != new_text and not catalog.text_is_shared(view, old_text, document.iri):
        writer.drop_text(old_text)


def prepare(writer: Writer, minter: Minter) -> None:
    """Bring the ontology in the store up to date with the one that we ship."""
    view = writer.view()
    if catalog.ontology_edition(view, minter) != edition():
        writer.replace_graph(minter.graph("ontology"), ontology_graph())
        catalog.enter_ontology(writer, view, edition(), minter)


def remove(store: Store, name: str, intake: Intake) -> str:
    """Withdraw a document: what only it said is gone, the rest stays, the catalog remembers.

    :param name: its IRI, key, identity, address or title.
    :returns: its title.
    :raises NotFound: if no document goes by that name, or several do.
    """
    from rdflib import Graph

    with store.writer() as writer:
        view = writer.view()
        document_iri, title = find_document(view, name, intake.minter)
        graph_iri = intake.minter.document_graph(document_iri)
        text = catalog.text_of(view, document_iri)
        left_over = reference.left_over(view, graph_iri, intake.gazetteer, keep=())
        writer.drop_graph(graph_iri)
        reference.update(writer, view, Graph(), left_over, intake.minter)
        catalog.withdraw(writer, view, document_iri, intake.minter)
        if text and not catalog.text_is_shared(view, text, document_iri):
            writer.drop_text(text)
        writer.commit()
    return title


def find_document(view: View, name: str, minter: Minter) -> tuple[str, str]:
    """The IRI and title of the document that goes by a name.

    :raises NotFound: if there is none, or more than one.
    """
    found = catalog.documents_named(view, name, minter)
    if not found:
        raise NotFound(f"no document goes by {name!r}; `kgraph documents` lists them")
    if len(found) > 1:
        listed = ", ".join(iri for iri, _ in found)
        raise NotFound(f"{len(found)} documents go by {name!r}: {listed}; give one of these addresses")
    return found[0]


def check(view: View, minter: Minter) -> Iterator[tuple[str, Report]]:
    """Validate the whole store, graph by graph, then all graphs together.

    :returns: title of a document (`all documents together` at the end) and the report on it.
    """
    from rdflib import Graph

    known = view.graph(minter.graph("reference"))
    union = Graph()
    union += known
    for document_iri, title in catalog.documents(view, minter):
        graph = view.graph(minter.document_graph(document_iri))
        union += graph
        yield title, judge(graph, reference=known, elsewhere=Graph())
    yield "all documents together", check_together([union], Scope.ALL, own=union)


def sample_documents() -> list[Path]:
    """The notes that kgraph ships to try it with."""
    return sorted(resource("data", "documents").glob("*.md"))
