"""Everything kgraph raises on purpose.

    KGraphError
      ConfigError            a setting or a file of the installation is wrong
      SourceError            a document cannot be read             (source, reason)
      ExtractionError        an extractor failed                   (document, extractor)
      OntologyError          a Turtle or shapes file is wrong      (file, reason)
      GateError              the gate could not judge              (never: judged and refused)
      StoreError             the store is missing, unreadable, full, of a newer format   (path)
        StoreLocked          another writer holds it               (path, waited_s)
      QueryError             the query is malformed or not allowed
        ServiceFailed        an endpoint that SERVICE names gave no answer
        UnfitFormat          the format cannot hold the answer
        MalformedQuery       the text follows no rule of SPARQL    (line, column, expected, suggestion)
        QuestionError        no such saved question, or its parameters are wrong
        QueryLimitError      the query is past a limit, or its turn did not come
          QueryTimeout       it took too long                      (limit_s)
          QueryTooLarge      its answer is too large               (limit_bytes)
          QueryOutOfMemory   it needs more memory than it may have
          QueryCrash         it ended the process that evaluated it (code)
          QueryBusy          too many are being evaluated          (retry_after_s)
          QueryCancelled     whoever runs the server stopped it    (reason)
      WriteError             what a client wants to write is malformed, or not possible here
        TooManyTriples       what is sent is more than is taken at once
        MalformedRDF         what is sent is no RDF in its format  (line, column)
        WriteForbidden       that graph is not for clients to write
        WriteStopped         it is past a limit of writes          (reason)
        StoreMoved           the store is not as the client expects it
      NotFound               nothing in the graph goes by that name or address

A refusal is a value, a fault is an exception: a document that does not conform
gives a `Report`; shapes that cannot be read raise.
"""

from collections.abc import Sequence


class KGraphError(Exception):
    """Base of all errors that kgraph raises on purpose; its text is one line for people.

    They can be sent to another process, whatever their constructors take.
    """

    def __reduce__(self) -> tuple[object, ...]:
        return _made_again, (type(self), self.args), vars(self)


def _made_again(kind: type[KGraphError], args: tuple[object, ...]) -> KGraphError:
    return kind.__new__(kind, *args)


class ConfigError(KGraphError):
    """A setting, or a file that belongs to the installation, is wrong or missing."""


class SourceError(KGraphError):
    """A document cannot be read.

    :param source: the file's name or address as the user gave it.
    :param reason: what is wrong and what to do, in one sentence.
    """

    def __init__(self, source: str, reason: str):
        self.source = source
        self.reason = reason
        super().__init__(f"{source}: {reason}")


class ExtractionError(KGraphError):
    """An extractor failed on a document.

    :param document: the document's title or IRI.
    :param extractor: the extractor's name.
    :param reason: what went wrong and what to do.
    """

    def __init__(self, document: str, extractor: str, reason: str):
        self.document = document
        self.extractor = extractor
        self.reason = reason
        super().__init__(f"{document}: extractor {extractor!r}: {reason}")


class OntologyError(KGraphError):
    """A file of the ontology or of the shapes cannot be used.

    :param file: its path.
    :param reason: what is wrong, with the line where it is known.
    """

    def __init__(self, file: str, reason: str):
        self.file = file
        self.reason = reason
        super().__init__(f"{file}: {reason}")


class GateError(KGraphError):
    """The gate could not judge; says nothing about the data."""


class StoreError(KGraphError):
    """The store is missing, unreadable, full or of a newer format.

    :param path: the store's directory.
    :param reason: what is wrong and what to do.
    """

    def __init__(self, path: str, reason: str):
        self.path = path
        self.reason = reason
        super().__init__(f"store {path}: {reason}")


class StoreLocked(StoreError):
    """Another process is writing and did not finish in time.

    :param path: the store's directory.
    :param waited_s: how long we waited, in seconds.
    """

    def __init__(self, path: str, waited_s: float):
        self.waited_s = waited_s
        super().__init__(
            path, f"another process is writing to it (waited {waited_s:g} s); try again when it has finished"
        )


class QueryError(KGraphError):
    """The query is malformed, or asks for something that is not allowed here."""


class ServiceFailed(QueryError):
    """An endpoint that a SERVICE clause names could not be asked, or gave no answer."""


class UnfitFormat(QueryError):
    """An answer holds what cannot be written in the format that is asked for."""


class MalformedQuery(QueryError):
    """The text of a query or update follows no rule of SPARQL.

    :param reason: what is wrong, without the place.
    :param line: where, counted from 1; None where it is not known.
    :param column: the first code point of what is wrong, counted from 1.
    :param length: how many code points of that line are wrong; 0 where something is missing.
    :param source: the text of that line; empty if it is too long to be shown.
    :param expected: what could stand there, in words.
    :param suggestion: what to write instead, in words; empty if nothing is likely.
    :param corrected: the whole text with the suggestion carried out; None if that would be a guess.
    """

    def __init__(
        self,
        reason: str,
        *,
        line: int | None = None,
        column: int | None = None,
        length: int = 0,
        source: str = "",
        expected: Sequence[str] = (),
        suggestion: str = "",
        corrected: str | None = None,
    ):
        self.reason = reason
        self.line = line
        self.column = column
        self.length = length
        self.source = source
        self.expected = tuple(expected)
        self.suggestion = suggestion
        self.corrected = corrected
        place = f"line {line}, column {column}: " if line is not None else ""
        super().__init__(f"{place}{reason}{f'; {suggestion}' if suggestion else ''}")

    @property
    def excerpt(self) -> tuple[str, str]:
        """The line that is wrong, and one below it that points at the place; both empty if there is none."""
        if not self.source or self.column is None:
            return "", ""
        before = "".join("\t" if each == "\t" else " " for each in self.source[: self.column - 1])
        return self.source, before + "^" * max(self.length, 1)


class QuestionError(QueryError):
    """There is no such saved question, or its parameters are wrong."""


class QueryLimitError(QueryError):
    """The query is well-formed, but past a limit, or there was no room for it."""


class QueryTimeout(QueryLimitError):
    """The query took too long and was stopped.

    :param limit_s: how long it might have taken, in seconds.
    """

    def __init__(self, limit_s: float):
        self.limit_s = limit_s
        super().__init__(
            f"the query was stopped after {limit_s:g} s, which is as long as it may take; ask for less: "
            "name classes and properties, LIMIT the solutions"
        )


class QueryTooLarge(QueryLimitError):
    """The answer is larger than an answer may be.

    :param limit_bytes: how large it might have been.
    """

    def __init__(self, limit_bytes: int):
        self.limit_bytes = limit_bytes
        super().__init__(
            f"the answer is larger than {limit_bytes:,} bytes; ask for it in parts: LIMIT the solutions"
        )


class QueryOutOfMemory(QueryLimitError):
    """The query needs more memory than it may have."""

    def __init__(self) -> None:
        super().__init__(
            "the query needs more memory than a query may have, and was stopped; ask for less: sort, group "
            "and make distinct fewer solutions, join on something"
        )


class QueryCrash(QueryLimitError):
    """The query ended the process that evaluated it.

    :param code: how: the negative number of a signal, or an exit code.
    """

    def __init__(self, code: int):
        self.code = code
        super().__init__("the query broke the process that evaluated it; it may be nested too deeply")


class QueryBusy(QueryLimitError):
    """As many queries as may be are evaluated or waiting.

    :param retry_after_s: when to try again, in seconds.
    """

    def __init__(self, retry_after_s: float):
        self.retry_after_s = retry_after_s
        super().__init__("too many queries are being evaluated; try again in a moment")


class QueryCancelled(QueryLimitError):
    """Whoever runs the server had the query stopped.

    :param reason: who, or why.
    """

    def __init__(self, reason: str):
        self.reason = reason
        super().__init__(f"the query was stopped: {reason}")


class WriteError(KGraphError):
    """What a client wants to write is malformed, or cannot be written so here."""


class TooManyTriples(WriteError):
    """What is sent holds more triples than are taken by one request."""


class MalformedRDF(WriteError):
    """What is sent is not well-formed.

    :param reason: what is wrong, for people, with the place.
    :param line: where, counted from 1; None where it is not known.
    :param column: counted from 1; None where it is not known.
    """

    def __init__(self, reason: str, line: int | None = None, column: int | None = None):
        self.line = line
        self.column = column
        super().__init__(reason)


class WriteForbidden(WriteError):
    """A graph is not for clients to write, or not in this way."""


class StoreMoved(WriteError):
    """The store has changed since a client looked at it, who wanted to write only if it had not."""


class WriteStopped(WriteError):
    """A write was stopped at a limit.

    :param reason: at which.
    """

    def __init__(self, reason: str):
        self.reason = reason
        super().__init__(
            f"the write was stopped: {reason}. What was sent is wholly in or not at all; send less at once"
        )


class NotFound(KGraphError):
    """Nothing goes by that name or address."""
