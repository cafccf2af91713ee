"""Wires the rooms: documents are read, extracted, admitted; a document is withdrawn."""

import os
import time
from collections.abc import Generator, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from kgraph.admission import Candidate, Desk, Origin, Outcome
from kgraph.documents import read_document
from kgraph.errors import ExtractionError, NotFound, SourceError
from kgraph.extraction import RULES, Extractor, extract_all, keep, load_extractor, run
from kgraph.gazetteer import Gazetteer, load_gazetteer
from kgraph.graphs import catalog
from kgraph.iris import Minter
from kgraph.records import Document, Extraction
from kgraph.resources import resource
from kgraph.settings import MIN_CONFIDENCE, OnViolation, Settings
from kgraph.store import Store, View


@dataclass(frozen=True, slots=True)
class Intake:
    """How documents are read and what of them is kept; the settings of a run.

    :param min_confidence: assertions below it are not stored, in [0, 1].
    :param refresh: read again what is already there, with today's extractor and gazetteer.
    :param extractor: turns a document into assertions; ours unless told otherwise.
    :param on_violation: whether a document that does not conform is kept out, or what is wrong in it.
    """

    minter: Minter = field(default_factory=Minter)
    min_confidence: float = MIN_CONFIDENCE
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

    def desk(self, store: Store) -> Desk:
        """Where its documents are admitted to a store."""
        return Desk(store, self.gazetteer, self.minter, self.refresh, self.on_violation)

    @property
    def gazetteer(self) -> Gazetteer:
        """What is known by name."""
        return load_gazetteer(self.minter)


def add(store: Store, document: Document, intake: Intake, origin: Origin | None = None) -> Outcome:
    """Extract, check and store one document; or leave the graph as it is.

    :param origin: what is told of a document that is refused, beside the report.
    :raises ExtractionError: if nothing can be extracted from such a document.
    :raises StoreError: if the store cannot be written.
    """
    desk = intake.desk(store)
    with store.view() as view:
        known = desk.standing(view, document)
    return known or desk.admit([desk.prepare(intake.extract(document), origin)])[0]


def add_all(
    store: Store,
    sources: Iterable[Path | str],
    intake: Intake,
    *,
    identity: str | None = None,
    encoding: str | None = None,
    processes: int = 1,
) -> Generator[tuple[Path | str, Outcome | SourceError | ExtractionError]]:
    """Read, extract, check and store many files, in the order given.

    Extraction runs ahead of checking, in as many processes as asked. Those that are ready about the same
    time are checked and committed together.

    :param identity: what the document is known by; for a single file.
    :returns: each file with what became of it; one that cannot be read or extracted is an error, and the
        others go on.
    :raises StoreError: if the store cannot be written.
    """
    desk = intake.desk(store)
    group = _Group(desk)
    tasks = (_task(store, source, intake, identity, encoding) for source in sources)
    with closing(extract_all(intake.extractor, tasks, processes=processes)) as answers:
        for task, answer in answers:
            if isinstance(answer, Extraction) and isinstance(task.read, Document):
                if not group.has_room_for(task.read):
                    yield from group.admit()
                try:
                    prepared = desk.prepare(intake.sift(answer), Origin.of(task.source, encoding))
                except ExtractionError as exc:
                    group.note(task.source, exc)
                else:
                    group.take(task.source, prepared)
            elif isinstance(answer, ExtractionError):
                group.note(task.source, answer)
            elif not isinstance(task.read, Document):
                group.note(task.source, task.read)
            if group.is_due:
                yield from group.admit()
        yield from group.admit()


#: How many documents, and triples, are committed together at most; and how long the first of them waits.
_GROUP_DOCUMENTS = 50
_GROUP_TRIPLES = 40_000
_GROUP_WAIT_S = 1.0


class _Group:
    """Documents that will be committed together, with what became of the files between them."""

    def __init__(self, desk: Desk):
        self._desk = desk
        self._files: list[tuple[Path | str, Candidate | Outcome | SourceError | ExtractionError]] = []
        self._taken: set[str] = set()
        self._triples = 0
        self._since = 0.0

    def has_room_for(self, document: Document) -> bool:
        """Whether it is none of those that wait: two versions of one go in one after the other."""
        return self._taken.isdisjoint({document.iri, document.sha256})

    def take(self, source: Path | str, candidate: Candidate) -> None:
        """Let a document wait."""
        self.note(source, candidate)
        self._taken |= {candidate.document.iri, candidate.document.sha256}
        self._triples += len(candidate.graph)

    def note(self, source: Path | str, answer: Candidate | Outcome | SourceError | ExtractionError) -> None:
        """Keep in its place what became of a file that does not wait."""
        if not self._files:
            self._since = time.monotonic()
        self._files.append((source, answer))

    @property
    def is_due(self) -> bool:
        """Whether it is large or old enough."""
        return (
            len(self._files) >= _GROUP_DOCUMENTS
            or self._triples >= _GROUP_TRIPLES
            or time.monotonic() - self._since >= _GROUP_WAIT_S
        )

    def admit(self) -> Iterator[tuple[Path | str, Outcome | SourceError | ExtractionError]]:
        """Commit those that wait; what became of every file, in their order."""
        candidates = [answer for _, answer in self._files if isinstance(answer, Candidate)]
        outcomes = iter(self._desk.admit(candidates) if candidates else ())
        files, self._files = self._files, []
        self._taken, self._triples = set(), 0
        for source, answer in files:
            yield source, next(outcomes) if isinstance(answer, Candidate) else answer


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
        known = intake.desk(store).standing(view, document)
    return _Task(source, known or document), None if known else document


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


def remove(store: Store, name: str, intake: Intake) -> str:
    """Withdraw a document: what only it said is gone, the rest stays, the catalog remembers.

    :param name: its IRI, key, identity, address or title.
    :returns: its title.
    :raises NotFound: if no document goes by that name, or several do.
    """
    with store.view() as view:
        document_iri, title = find_document(view, name, intake.minter)
    intake.desk(store).withdraw(document_iri)
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


def sample_documents() -> list[Path]:
    """The notes that kgraph ships to try it with."""
    return sorted(resource("data", "documents").glob("*.md"))
