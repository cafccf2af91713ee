"""What the gate kept out and nobody has dealt with yet: found by name, tried again, dropped.

It is for whoever keeps the store: nothing here is ever served.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from kgraph import pipeline
from kgraph.admission import Origin, Outcome
from kgraph.errors import ExtractionError, NotFound, SourceError
from kgraph.pipeline import Intake
from kgraph.records import DamagedReject, Document, Reject
from kgraph.store import Store


def find_reject(store: Store, name: str) -> Reject | DamagedReject:
    """The entry of the document that goes by a name.

    :param name: its IRI, key, identity, address, hash, title or file; or the key of the entry.
    :raises NotFound: if none goes by it, or several do.
    """
    found = [entry for entry in store.rejects() if name in _names(entry)]
    if not found:
        raise NotFound(f"nothing that was kept out goes by {name!r}; `kgraph rejects` lists it")
    if len(found) > 1:
        listed = ", ".join(e.document.iri if isinstance(e, Reject) else e.key for e in found)
        raise NotFound(
            f"{len(found)} documents that were kept out go by {name!r}: {listed}; give one of these addresses"
        )
    return found[0]


def _names(entry: Reject | DamagedReject) -> set[str | None]:
    if isinstance(entry, DamagedReject):
        return {entry.key}
    document = entry.document
    key = document.iri.rpartition("/")[2]
    told = {document.iri, document.identity, document.source, document.sha256, document.title}
    return {*told, key, f"d/{key}", entry.key, entry.file or None}


def drop_rejects(store: Store, entries: Iterable[Reject | DamagedReject]) -> None:
    """Keep some entries no longer: their documents stay out.

    :raises StoreError: if the store cannot be written.
    """
    with store.writer() as writer:
        for entry in entries:
            writer.drop_reject(entry.key)
        writer.commit()


def retry_rejects(
    store: Store, rejects: Iterable[Reject], intake: Intake
) -> Iterator[tuple[Reject, Outcome | ExtractionError]]:
    """Add documents again that were kept out, with today's shapes and extractor.

    :returns: each with what became of it; its entry is gone if it is in the store now.
    :raises StoreError: if the store cannot be written.
    """
    # A version that stands already may have been refused when it was extracted anew.
    intake = replace(intake, refresh=True)
    for reject in rejects:
        try:
            outcome = pipeline.add(
                store, _read_again(reject, intake), intake, Origin(reject.file, reject.encoding)
            )
        except ExtractionError as exc:
            yield reject, exc
            continue
        if outcome.entered:
            drop_rejects(store, [reject])
        yield reject, outcome


def _read_again(reject: Reject, intake: Intake) -> Document:
    """The file as it is read today, if it still has the bytes that were refused; else what was read then."""
    document = reject.document
    if not reject.file:
        return document
    try:
        again = intake.read(reject.file, identity=document.identity, encoding=reject.encoding)
    except SourceError:
        return document
    return again if again.sha256 == document.sha256 else document
