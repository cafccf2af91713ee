"""Datasets into the store: rows mapped, judged batch by batch, written as one graph, all of it or nothing.

A dataset is a document whose sentences are the rows of its files. A row that does not conform stays out and
is told of; a file that is laid out otherwise than is known keeps all of it out. What is loaded takes the
place of the edition before.
"""

import hashlib
import os
import urllib.request
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import islice
from pathlib import Path
from urllib.parse import urlsplit

from kgraph import __version__
from kgraph.admission import bring_up_to_date
from kgraph.datasets import Context, Dataset, Mapped, Problem, datasets, map_rows, read_rows
from kgraph.errors import GateError, SourceError
from kgraph.gate import Change, judge_change, judge_union
from kgraph.gazetteer import Gazetteer
from kgraph.graphs import build_graph, catalog, reference
from kgraph.iris import Minter
from kgraph.judging import Judges, Verdict
from kgraph.linking import follow
from kgraph.records import Assertion, Document, Extraction, Node, Report, Result
from kgraph.store import Store, Triples, View, Writer, read_graphs, subjects_of

#: Rows that are judged together: what some shapes cost grows faster than the rows.
_ROWS = 50
_MOST_BYTES = 2_000_000_000
_TIMEOUT_S = 60


@dataclass(frozen=True, slots=True)
class Loaded:
    """What became of a dataset.

    :param status: `unchanged` if these very files are in the store.
    :param rows: how many were read, of all files.
    :param triples: in its graph, evidence included.
    :param problems: what of the rows could not be taken.
    """

    dataset: Dataset
    status: str
    rows: int = 0
    triples: int = 0
    problems: tuple[Problem, ...] = ()

    @property
    def lost(self) -> int:
        """How many things of rows were left out."""
        return sum(problem.is_lost for problem in self.problems)


@dataclass(frozen=True)
class _File:
    name: str
    data: bytes = field(repr=False)
    address: str = ""

    @cached_property
    def sha256(self) -> str:
        return hashlib.sha256(self.data).hexdigest()


def load(
    store: Store,
    dataset: Dataset,
    sources: Sequence[Path | str],
    gazetteer: Gazetteer,
    *,
    refresh: bool = False,
    processes: int = 1,
    tell: Callable[[int], None] = lambda rows: None,
) -> Loaded:
    """Load a dataset from its files, in the place of the edition before.

    :param sources: paths or addresses.
    :param refresh: load these files again though they are there already, with today's mapping.
    :param processes: how many judge rows; 0: one a processor. A script that asks for more than one does so
        under `if __name__ == "__main__"`.
    :param tell: told how many rows are done, now and then.
    :raises SourceError: if a file cannot be read, or is laid out otherwise than is known; nothing is changed.
    :raises GateError: if the whole would not conform; nothing is changed.
    :raises StoreError: if the store cannot be written.
    """
    files = [_fetched(source) for source in sources]
    _tell_apart(files)
    document = _document(dataset, files, store.minter)
    with store.writer() as writer:
        view = writer.view()
        standing = catalog.document_with(view, document.sha256, store.minter)
        if standing == document.iri and not refresh:
            return Loaded(dataset, "unchanged")
        graph = store.minter.graph_of(document)
        is_there = view.has_graph(graph)
        before = reference.named_in(view, [graph], store.minter)
        loading = _Loading(dataset, document, gazetteer, store.minter, processes, tell)
        writer.load_graph(graph, loading.batches(files))
        with writer.pending() as pending:
            _check_whole(judge_union(pending), dataset)
            facts = loading.facts()
            leaving = reference.left_over(pending, before, gazetteer, keep=subjects_of(facts))
            change = _keep_facts(writer, pending, Change(facts=facts, judged=[graph]), leaving, store.minter)
            follow(writer, pending, change, store.minter, everything=True)
        bring_up_to_date(writer, store.minter, but=[document.iri])
        catalog.enter(
            writer, view, document, build_graph(loading.extraction([])), store.minter,
            left_out=len(loading.problems), triples=loading.triples,
            files=[_described(file, dataset) for file in files],
        )  # fmt: skip
        writer.commit()
    return Loaded(
        dataset, "replaced" if is_there else "added", loading.rows, loading.triples, tuple(loading.problems)
    )


@dataclass(frozen=True, slots=True)
class State:
    """A dataset, and what of it is in the store.

    :param loaded_at: when, as an ISO date; "" if it is not there.
    """

    dataset: Dataset
    loaded_at: str = ""
    triples: int = 0


def states(view: View, minter: Minter) -> list[State]:
    """All datasets that are known, by name."""
    rows = view.evaluate(
        """SELECT ?dataset (MAX(?when) AS ?loaded) (MAX(?count) AS ?triples) WHERE { GRAPH ?catalog {
             ?dataset dcat:distribution/dcterms:issued ?when .
             ?graph dcterms:source ?dataset ; void:triples ?count } } GROUP BY ?dataset""",
        bindings={"catalog": minter.graph("catalog")},
    )
    loaded = {str(row["dataset"]): (str(row["loaded"])[:10], int(str(row["triples"]))) for row in rows}
    return [
        State(dataset, *loaded.get(minter.dataset(dataset.name), ("", 0))) for dataset in datasets().values()
    ]


class _Loading:
    """One dataset on its way.

    :ivar rows: that were read so far.
    :ivar triples: that were judged to conform so far.
    """

    def __init__(
        self,
        dataset: Dataset,
        document: Document,
        gazetteer: Gazetteer,
        minter: Minter,
        processes: int,
        tell: Callable[[int], None],
    ):
        self._dataset = dataset
        self._document = document
        self._gazetteer = gazetteer
        self._processes = processes
        self._tell = tell
        self._context = Context.of(dataset, minter, gazetteer)
        self._facts: dict[str, bytes] = {}
        self._labels: dict[str, str] = {}
        self.problems: list[Problem] = []
        self.rows = self.triples = 0

    def batches(self, files: Sequence[_File]) -> Iterator[bytes]:
        """The dataset's graph in N-Triples, some rows at a time: those that conform."""
        with Judges(self._processes) as judges:
            waiting: deque[tuple[list[Mapped], Verdict]] = deque()
            for batch in self._mapped(files):
                waiting.append((batch, self._begin(judges, batch)))
                while len(waiting) > judges.at_once:
                    yield self._judged(judges, *waiting.popleft())
            while waiting:
                yield self._judged(judges, *waiting.popleft())

    def _mapped(self, files: Sequence[_File]) -> Iterator[list[Mapped]]:
        for file in files:
            rows = (self._dataset.read or read_rows)(file.data, file.name)
            if len(files) > 1:  # row 17 of one is not row 17 of another
                rows = (replace(row, place=f"{file.name}#{row.place}") for row in rows)
            mapped = map_rows(self._dataset, rows, file.name, self._context)
            while batch := list(islice(mapped, _ROWS)):
                self.rows += len(batch)
                self.problems += (problem for each in batch for problem in each.problems)
                yield batch

    def _begin(self, judges: Judges, batch: list[Mapped]) -> Verdict:
        extraction = self.extraction(batch)
        return judges.judge(extraction, self._facts_of(extraction))

    def extraction(self, batch: Sequence[Mapped]) -> Extraction:
        """What some rows say, as one document says it."""
        nodes: dict[str, Node] = {}
        assertions: dict[tuple[str, str, object], Assertion] = {}
        for mapped in batch:
            for iri, node in mapped.nodes.items():
                label = self._labels.setdefault(iri, node.label) if node.label else self._labels.get(iri)
                nodes[iri] = Node(iri, label)
            for each in mapped.assertions():
                triple = (each.subject, each.predicate, each.object)
                assertions.setdefault(triple, each)  # one row is evidence enough of what a country is
        said, how = tuple(assertions.values()), f"dataset {self._dataset.name}"
        return Extraction(self._document, tuple(nodes.values()), said, how, __version__)

    def _judged(self, judges: Judges, batch: list[Mapped], verdict: Verdict) -> bytes:
        judged = verdict()
        while not judged.report.conforms:
            batch = self._without_refused(batch, judged.report)
            judged = self._begin(judges, batch)()
        self.triples += judged.triples
        self._tell(self.rows)
        return judged.ntriples

    def _without_refused(self, batch: list[Mapped], report: Report) -> list[Mapped]:
        kept = []
        for mapped in batch:
            wrong = _refused(mapped, report)
            if wrong is None:
                kept.append(mapped)
            else:
                said = " ".join(f"{wrong.label} {wrong.path} {wrong.value}: {wrong.message}".split())
                self.problems.append(Problem(mapped.row.place, said))
        if len(kept) == len(batch):
            raise GateError(f"{self._dataset.title} does not conform, and no row explains why:\n{report}")
        return kept

    def facts(self) -> Triples:
        """What the gazetteer says of the nodes that were named so far."""
        return read_graphs(b"".join(self._facts.values()), "ntriples").get(None, [])

    def _facts_of(self, extraction: Extraction) -> bytes:
        """What the gazetteer says of the nodes that are named, in N-Triples."""
        named = {node.iri for node in extraction.nodes if node.iri in self._gazetteer.entries}
        for iri in named - self._facts.keys():
            self._facts[iri] = self._gazetteer.facts([iri]).serialize(format="nt", encoding="utf-8")
        return b"".join(self._facts[iri] for iri in sorted(named))


def _refused(mapped: Mapped, report: Report) -> Result | None:
    """The violation that speaks of a thing of a row, if one does."""
    subjects = {subject for subject, _, _ in mapped.statements}
    return next((result for result in report.violations if result.focus in subjects), None)


def _check_whole(report: Report, dataset: Dataset) -> None:
    if not report.conforms:
        raise GateError(f"{dataset.title} does not go with what is stored, and nothing was loaded:\n{report}")


def _keep_facts(writer: Writer, view: View, change: Change, leaving: Iterable[str], minter: Minter) -> Change:
    """What the gazetteer says of the nodes that are named now, and no more of those that no longer are."""
    old_facts, new_facts = reference.changes(view, change.facts, leaving, minter)
    change = replace(change, facts=new_facts, old_facts=old_facts)
    if new_facts or old_facts:
        report = judge_change(view, change, minter)
        if not report.conforms:
            raise GateError(f"the reference data would not conform:\n{report}")
    writer.delete(minter.graph("reference"), old_facts)
    writer.insert(minter.graph("reference"), new_facts)
    return change


def _tell_apart(files: Sequence[_File]) -> None:
    """Rows are told by the names of their files.

    :raises SourceError: if two have one name.
    """
    names = [file.name for file in files]
    for name in names:
        if names.count(name) > 1:
            raise SourceError(name, "two of the files have this name; rename one")


def _document(dataset: Dataset, files: Sequence[_File], minter: Minter) -> Document:
    digest = hashlib.sha256("".join(file.sha256 for file in files).encode()).hexdigest()
    return Document(
        iri=minter.dataset(dataset.name),
        identity=f"dataset={dataset.name}",
        sha256=digest if len(files) > 1 else files[0].sha256,
        text="",
        passages=(),
        title=dataset.title,
        language=dataset.language,
        publisher=dataset.publisher,
        source=dataset.home,
        licence=dataset.licence or dataset.rights,
        media_type="text/csv",
        graph=minter.graph(f"dataset/{dataset.name}"),
    )


def _described(file: _File, dataset: Dataset) -> catalog.DataFile:
    return catalog.DataFile(
        file.name, file.sha256, len(file.data), dataset.home, file.address, dataset.licence
    )


def _fetched(source: Path | str) -> _File:
    """A file, from this machine or the web.

    :raises SourceError: if it cannot be read.
    """
    address = str(source)
    try:
        if urlsplit(address).scheme in {"http", "https"}:
            name = os.path.basename(urlsplit(address).path) or "download"  # noqa: PTH119  # no path of ours
            with urllib.request.urlopen(address, timeout=_TIMEOUT_S) as answer:  # noqa: S310  # http or https
                data = answer.read(_MOST_BYTES + 1)
            if len(data) > _MOST_BYTES:
                raise SourceError(address, f"it has more than {_MOST_BYTES:,} bytes")
            return _File(name, data, address)
        path = Path(source)
        return _File(path.name, path.read_bytes())
    except OSError as exc:
        raise SourceError(address, f"it cannot be read: {getattr(exc, 'strerror', None) or exc}") from exc
