"""The public face: one knowledge graph, on disk or in memory.

>>> graph = memory()
>>> graph.documents()
[]
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, BinaryIO, Self

from kgraph import pipeline
from kgraph.admission import Origin, Outcome
from kgraph.checking import check
from kgraph.errors import ExtractionError, KGraphError
from kgraph.graphs import catalog
from kgraph.iris import Minter
from kgraph.pipeline import Intake
from kgraph.records import DamagedReject, Reject, Report, Term
from kgraph.rejects import drop_rejects, find_reject, retry_rejects
from kgraph.settings import OnViolation, Settings
from kgraph.store import QueryResult, Store, View, open_store

if TYPE_CHECKING:
    import rdflib

    from kgraph.linking import Candidate, Judgement, Recorded, Verdict
    from kgraph.loading import Loaded, State
    from kgraph.query import Description, Dispute, Question


def open(path: Path | str | None = None, *, create: bool = True, **settings: object) -> "KnowledgeGraph":  # noqa: A001
    """A knowledge graph on disk.

    :param path: directory of the store; left out, KGRAPH_STORE, else the one that the command line
        and the server use.
    :param create: make the store if it is not there yet.
    :param settings: any other field of `Settings`, such as `min_confidence=0.7`.
    :raises StoreError: if there is no store (and `create` is False), or it cannot be opened.
    """
    chosen = Settings.from_environment(store=Path(path) if path is not None else None, **settings)
    store = open_store(
        chosen.store, create=create, lock_wait_s=chosen.lock_wait_s, minter=Minter(chosen.base)
    )
    return KnowledgeGraph(store, chosen)


def memory(**settings: object) -> "KnowledgeGraph":
    """A knowledge graph in memory, gone with the process.

    :param settings: any field of `Settings` but the store.
    """
    chosen = Settings.from_environment(**settings)
    return KnowledgeGraph(open_store(None, minter=Minter(chosen.base)), chosen)


class KnowledgeGraph:
    """Documents in, questions out; each statement with its evidence.

    Reading sees the newest committed state, also what another process adds meanwhile.
    """

    def __init__(self, store: Store, settings: Settings):
        self.store = store
        self.settings = settings
        self._minter = Minter(settings.base)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the store's files."""
        self.store.close()

    def __repr__(self) -> str:
        return f"<KnowledgeGraph of {len(self.documents())} documents>"

    # What goes in and out

    def add(
        self,
        source: Path | str,
        *,
        identity: str | None = None,
        encoding: str | None = None,
        refresh: bool = False,
        on_violation: OnViolation | None = None,
    ) -> Outcome:
        """Read, extract, check and store one document.

        :param source: path of a text, Markdown, HTML or PDF file.
        :param identity: what the document is known by, whatever its bytes (`--id`).
        :param refresh: extract again even where these bytes are in the store already.
        :param on_violation: `"prune"` leaves out the statements that do not conform, and what hangs on them;
            left out, `Settings.on_violation`.
        :returns: what became of it; a document that does not conform is refused, not raised, and kept among
            the `rejects`.
        :raises SourceError: if the file cannot be read.
        :raises ExtractionError: if the extractor does not know the language.
        :raises StoreLocked: if another process keeps writing.
        """
        intake = self._intake(refresh, on_violation)
        document = intake.read(source, identity=identity, encoding=encoding)
        return pipeline.add(self.store, document, intake, Origin.of(source, encoding))

    def load(
        self,
        name: str,
        files: Sequence[Path | str],
        *,
        refresh: bool = False,
        processes: int = 1,
        tell: Callable[[int], None] = lambda rows: None,
    ) -> "Loaded":
        """Load an open dataset from its files, in the place of the edition before.

        :param name: of `datasets()`.
        :param files: paths or addresses, compressed or not.
        :param refresh: load these files again, with today's mapping.
        :param processes: how many judge rows, as for `add_all`; 0: one a processor.
        :param tell: told how many rows are done, now and then.
        :returns: what became of it, with all that could not be taken.
        :raises NotFound: if there is no such dataset.
        :raises SourceError: if a file cannot be read, or is laid out otherwise than is known.
        :raises GateError: if the whole would not conform; nothing is changed.
        """
        from kgraph.datasets import find_dataset
        from kgraph.gazetteer import load_gazetteer
        from kgraph.loading import load

        gazetteer = load_gazetteer(self._minter)
        dataset = find_dataset(name)
        return load(self.store, dataset, files, gazetteer, refresh=refresh, processes=processes, tell=tell)

    def datasets(self) -> "list[State]":
        """The open datasets that can be loaded, each with what is loaded of it."""
        from kgraph.loading import states

        with self.store.view() as view:
            return states(view, self._minter)

    def add_all(
        self,
        sources: Iterable[Path | str],
        *,
        encoding: str | None = None,
        refresh: bool = False,
        processes: int | None = None,
        on_violation: OnViolation | None = None,
        on_error: Callable[[Path | str, KGraphError], None] | None = None,
    ) -> Iterator[Outcome]:
        """Read, extract, check and store many documents; those that are ready together, together.

        :param processes: how many extract at once; left out, `Settings.processes`. A script that asks for
            more than one does so under `if __name__ == "__main__"`.
        :param on_violation: as for `add`.
        :param on_error: what to do with a file that cannot be read or extracted before the others go on;
            left out, the error is raised.
        :returns: what became of each document, in the order given.
        """
        found = pipeline.add_all(
            self.store,
            sources,
            self._intake(refresh, on_violation),
            encoding=encoding,
            processes=max(1, self.settings.processes if processes is None else processes),
        )
        with closing(found):
            for source, outcome in found:
                if isinstance(outcome, Outcome):
                    yield outcome
                elif on_error is None:
                    raise outcome
                else:
                    on_error(source, outcome)

    def remove(self, document: str) -> str:
        """Withdraw a document by IRI, key, identity, address or title; returns its title.

        :raises NotFound: if no document goes by that name, or several do.
        """
        return pipeline.remove(self.store, document, self._intake())

    def documents(self) -> list[tuple[str, str]]:
        """IRI and title of every document, by title."""
        with self.store.view() as view:
            return catalog.documents(view, self._minter)

    # What the gate kept out

    def rejects(self) -> list[Reject | DamagedReject]:
        """The documents that were refused and not dealt with yet, the oldest first, with their reports.

        A later `add` that lets the document in takes it off the list.
        """
        return self.store.rejects()

    def retry_rejects(
        self, *names: str, on_violation: OnViolation | None = None
    ) -> Iterator[Outcome | ExtractionError]:
        """Add refused documents again, with today's shapes and extractor.

        :param names: IRI, key, identity, address, title or file of each; left out, all of them.
        :raises NotFound: if nothing that was refused goes by a name, or several do.
        """
        entries = [find_reject(self.store, name) for name in names] if names else self.rejects()
        whole = [entry for entry in entries if isinstance(entry, Reject)]
        for _, outcome in retry_rejects(self.store, whole, self._intake(on_violation=on_violation)):
            yield outcome

    def drop_reject(self, name: str) -> None:
        """Take a refused document off the list; it stays out.

        :raises NotFound: as `retry_rejects`.
        """
        drop_rejects(self.store, [find_reject(self.store, name)])

    # Asking

    def view(self) -> View:
        """The state of now, to ask several things of the same; close it when done."""
        return self.store.view()

    def query(self, text: str, **bindings: Term) -> QueryResult:
        """Run a SPARQL query on the union of all named graphs.

        :param text: SELECT, ASK, CONSTRUCT or DESCRIBE; our prefixes need no declaration.
        :param bindings: values of variables, bound and never spliced: IRIs as str, else `Literal`.
        :returns: iterate it for solutions; `.to_pandas()`, `.graph()`, `bool()`, `.serialize("json")`.
        :raises QueryError: if it is malformed, or asks for what is not allowed.
        """
        with self.store.view() as view:
            return view.evaluate(text, bindings=bindings)

    def questions(self) -> "tuple[Question, ...]":
        """The saved questions that come with kgraph."""
        from kgraph.query import questions

        return questions()

    def ask(self, name: str, parameters: Mapping[str, str] | None = None, **more: str | int) -> QueryResult:
        """Run a saved question: `graph.ask("blockings", country="KZ")`.

        :raises QuestionError: if there is no such question, or a parameter is wrong.
        """
        from kgraph.query import ask

        given = {key: str(value) for key, value in {**(parameters or {}), **more}.items()}
        with self.store.view() as view:
            return ask(view, name, given)

    def show(self, name: str) -> "tuple[Description, ...]":
        """What is known of a thing, by name or IRI, each line with its source sentence.

        :raises NotFound: if nothing goes by that name.
        """
        from kgraph.query import describe

        with self.store.view() as view:
            return describe(view, name)

    def disputes(self) -> "tuple[Dispute, ...]":
        """Where sources contradict each other, with all sides."""
        from kgraph.query import disputes

        with self.store.view() as view:
            return disputes(view)

    def check(self) -> dict[str, Report]:
        """Validate the whole store: a report for each document's title, and one for all together."""
        with self.store.view() as view:
            return {checked.title: checked.report for checked in check(view, self._minter)}

    # What is the same

    def candidates(self, *files: Path | str, least: float = 0.5) -> "list[Candidate]":
        """Pairs that may be one thing and that nobody has judged, the likeliest first, with reasons.

        :param files: Wikidata extracts, to find the store's things in; left out, the store's own things are
            compared with each other.
        :param least: the lowest score to tell of, from 0 to 1.
        :raises SourceError: if a file cannot be read.
        :raises ConfigError: if the libraries of `kgraph[linking]` are not installed.
        """
        from kgraph.linking import propose, read_extract

        others = [thing for file in files for thing in read_extract(Path(file), self._minter)]
        with self.store.view() as view:
            return propose(view, self._minter, others if files else None, least=least)

    def judgements(self) -> "list[Judgement]":
        """Who held what the same or different, the oldest first; withdrawn ones too."""
        from kgraph.linking import read_judgements

        with self.store.view() as view:
            return read_judgements(view, self._minter)

    def judge_same(self, one: str, other: str, *, by: str, verdict: "Verdict" = "same") -> "Recorded":
        """Hold two things the same (or different, or unsure); what follows is in force at once.

        :param one, other: their IRIs, one at least of this store.
        :param by: who judges.
        :raises WriteError: if they are one already, or the store is plain.
        """
        from kgraph.linking import Judgement, record

        return record(self.store, [Judgement(one, other, verdict, by, catalog.clock())])

    def withdraw_judgement(self, name: str) -> None:
        """Let a judgement count no longer; what counted before it counts again.

        :param name: its IRI or the last part of it, or the IRIs of both things, parted by a blank.
        :raises NotFound: if none that counts goes by it.
        """
        from kgraph.linking import withdraw

        withdraw(self.store, [name])

    # For rdflib users

    def dataset(self) -> "rdflib.Dataset":
        """A read-only rdflib view of the state of now; its default graph is the union."""
        return self.store.view().dataset()

    def graph(self, *graph_iris: str) -> "rdflib.Graph":
        """A copy in memory of some named graphs, or of all of them."""
        with self.store.view() as view:
            return view.graphs(graph_iris or view.graph_names())

    def export(self, file: BinaryIO, format: str = "nquads") -> None:  # noqa: A002
        """Write everything, graph by graph.

        :param format: nquads, trig or jsonld.
        """
        with self.store.view() as view:
            view.dump(file, format)

    # Serving

    def serve(self, host: str | None = None, port: int | None = None) -> None:
        """Serve the SPARQL endpoint and the pages until interrupted.

        :raises ConfigError: if the port is taken, or the graph is in memory.
        """
        from kgraph.web import serve

        serve(
            Settings.from_environment(
                store=self.settings.store,
                base=self.settings.base,
                host=host or self.settings.host,
                port=port or self.settings.port,
            )
        )

    def _intake(self, refresh: bool = False, on_violation: OnViolation | None = None) -> Intake:
        settings = replace(self.settings, on_violation=on_violation or self.settings.on_violation)
        return Intake.of(settings, refresh=refresh)
