"""Many documents: one after another, or spread over processes; the answers come in the order asked.

A worker is a process of its own with its own model and gazetteer (some 350 MB), started fresh: a
forked one would share the store's open files. It holds one document at a time, so that if it dies
it is known which one it died of; another takes its place and the rest go on.
"""

import signal
from collections import deque
from collections.abc import Generator, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from multiprocessing import get_context, resource_tracker
from multiprocessing.connection import Connection
from pickle import PicklingError
from queue import SimpleQueue
from typing import TypeVar

from kgraph.errors import ConfigError, ExtractionError
from kgraph.extraction.interface import Extractor, run
from kgraph.gazetteer import load_gazetteer
from kgraph.iris import minter_of
from kgraph.records import Document, Extraction

_Tag = TypeVar("_Tag")

#: What becomes of a document.
Answer = Extraction | ExtractionError

#: Documents in hand for each worker: one is being read, one waits.
_AHEAD = 2


def extract_all(
    extractor: Extractor, tasks: Iterable[tuple[_Tag, Document | None]], *, processes: int = 1
) -> Generator[tuple[_Tag, Answer | None]]:
    """What an extractor finds in many documents; an error is the answer for one, and the others go on.

    More than one process are started as `multiprocessing` starts fresh ones: a script that calls this
    does so under `if __name__ == "__main__"`.

    :param tasks: documents with what the caller knows them by; taken only shortly before their turn.
        A task without a document is handed back in its turn.
    :param processes: how many extract at once, at least 1.
    :returns: an answer for each task, in the same order.
    :raises ConfigError: if extraction cannot run here at all.
    """
    if processes < 2:
        for tag, document in tasks:
            yield tag, None if document is None else _answer(extractor, document)
    else:
        yield from _spread(extractor, tasks, processes)


def _answer(extractor: Extractor, document: Document) -> Answer:
    """
    :raises ConfigError: if extraction cannot run here at all.
    """
    try:
        return run(extractor, document, load_gazetteer(minter_of(document.iri)))
    except ConfigError:
        raise
    except ExtractionError as exc:
        return exc
    except Exception as exc:  # noqa: BLE001  # whatever an extractor raises concerns one document
        error = _failed(extractor, document, f"{type(exc).__name__}: {exc}")
        error.__cause__ = exc
        return error


def _failed(extractor: Extractor, document: Document, reason: str) -> ExtractionError:
    return ExtractionError(document.title or document.iri, extractor.name, reason)


def _spread(
    extractor: Extractor, tasks: Iterable[tuple[_Tag, Document | None]], processes: int
) -> Iterator[tuple[_Tag, Answer | None]]:
    waiting: deque[tuple[_Tag, Future[Answer] | None]] = deque()
    with _crew(extractor, processes) as crew:
        for tag, document in tasks:
            waiting.append((tag, None if document is None else crew.ask(document)))
            if len(waiting) > _AHEAD * processes:
                yield _taken(waiting)
        while waiting:
            yield _taken(waiting)


def _taken(waiting: "deque[tuple[_Tag, Future[Answer] | None]]") -> tuple[_Tag, Answer | None]:
    tag, future = waiting.popleft()
    return tag, None if future is None else future.result()


class _Crew:
    """Workers, and a thread for each document in hand that talks to one of them."""

    def __init__(self, extractor: Extractor, processes: int):
        self._extractor = extractor
        self._free: SimpleQueue[_Worker] = SimpleQueue()
        self._workers = [_Worker(extractor) for _ in range(processes)]
        for worker in self._workers:
            self._free.put(worker)
        self._threads = ThreadPoolExecutor(processes, thread_name_prefix="extraction")
        self._closed = False

    def ask(self, document: Document) -> "Future[Answer]":
        """Have a document read as soon as a worker is free."""
        return self._threads.submit(self._ask, document)

    def _ask(self, document: Document) -> Answer:
        worker = self._free.get()
        try:
            if self._closed:
                return _failed(self._extractor, document, "it was not read any more")
            return worker.ask(document)
        except (EOFError, OSError):
            code = worker.end(patience_s=5)
            if not self._closed:
                worker.start()
            return _failed(self._extractor, document, f"the process that read it ended {_how(code)}")
        finally:
            self._free.put(worker)

    def close(self) -> None:
        """End all workers, whatever they are at."""
        self._closed = True
        for worker in self._workers:
            worker.terminate()  # whoever waits for its answer sees the pipe's end
        self._threads.shutdown(cancel_futures=True)
        for worker in self._workers:
            worker.end()


def _how(code: int | None) -> str:
    if code is not None and code < 0:
        with suppress(ValueError):
            return f"by the signal {signal.Signals(-code).name}"
    return f"with code {code}"


@contextmanager
def _crew(extractor: Extractor, processes: int) -> Iterator[_Crew]:
    crew = _Crew(extractor, processes)
    try:
        yield crew
    finally:
        crew.close()


class _Worker:
    """A process that extracts, and the parent's end of the pipe to it."""

    def __init__(self, extractor: Extractor):
        self._extractor = extractor
        self.start()

    def start(self) -> None:
        """Start the process; it starts deaf to Ctrl-C, which is the parent's to act on."""
        context = get_context("spawn")
        self._pipe, its_end = context.Pipe()
        self._process = context.Process(target=_work, args=(its_end, self._extractor), daemon=True)
        with _interrupts_blocked():
            try:
                self._process.start()
            except (PicklingError, AttributeError, TypeError) as exc:
                name = self._extractor.name
                raise ConfigError(
                    f"extractor {name!r} cannot be sent to another process: {exc}; use one process"
                ) from exc
        its_end.close()  # or its death would not close the pipe

    def ask(self, document: Document) -> Answer:
        """
        :raises EOFError: if the process died; or OSError.
        :raises ConfigError: if extraction cannot run here at all.
        """
        self._pipe.send(document)
        answer = self._pipe.recv()
        if isinstance(answer, ConfigError):
            raise answer
        if isinstance(answer, Extraction):
            return answer
        return _failed(self._extractor, document, str(answer))

    def terminate(self) -> None:
        """Have the process end soon."""
        self._process.terminate()

    def end(self, patience_s: float = 0) -> int | None:
        """End the process, if it does not by itself before long; gives its exit code."""
        self._process.join(patience_s)
        self._process.terminate()
        self._process.join()
        self._pipe.close()
        return self._process.exitcode


@contextmanager
def _interrupts_blocked() -> Iterator[None]:
    """A block in which this thread, and what it starts, does not hear Ctrl-C."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    resource_tracker.ensure_running()  # the first start of a process does it, and unblocks Ctrl-C
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _work(pipe: Connection, extractor: Extractor) -> None:
    """What a worker does until its pipe closes: a document in; an extraction, or what went wrong, out."""
    with suppress(EOFError, BrokenPipeError, ConnectionResetError):
        while True:
            document: Document = pipe.recv()
            try:
                answer = _answer(extractor, document)
            except ConfigError as exc:
                pipe.send(exc)
                continue
            pipe.send(answer.reason if isinstance(answer, ExtractionError) else answer)
