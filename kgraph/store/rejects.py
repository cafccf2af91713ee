"""Documents that the gate kept out, in files beside the graph: one each, whole or not there.

They tell local paths, so no view shows them and nothing serves them. Their files are written under the
writer's lock, each beside its old one and then put in its place, and read without any lock.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, fields
from datetime import date, datetime
from typing import Any

from kgraph.records import DamagedReject, Document, Literal, Passage, Reject, Report, Result
from kgraph.store.layout import Layout, replace_file, sync_directory

#: Raised when an entry written by this version cannot be read by the one before.
_FORMAT = 1


def is_reject_key(text: str) -> bool:
    """Whether it can be the key of an entry: fit for the name of a file."""
    return re.fullmatch("[0-9a-f]{16}", text) is not None


def age(reject: Reject) -> tuple[datetime, str]:
    """Their order: the oldest first."""
    return reject.refused_at, reject.key


def write_rejects(layout: Layout, rejects: Mapping[str, Reject | None]) -> None:
    """Keep some, and others (None) no longer.

    :raises OSError: if the disk is full or the like.
    """
    kept = {layout.reject(key): to_json(reject) for key, reject in rejects.items() if reject}
    dropped = [
        path for key, reject in rejects.items() if not reject and (path := layout.reject(key)).exists()
    ]
    if not kept and not dropped:
        return
    layout.rejects.mkdir(exist_ok=True)
    try:
        for path, data in kept.items():
            replace_file(path, data)
        for path in dropped:
            path.unlink()
    finally:
        for unfinished in layout.rejects.glob("*.new"):
            unfinished.unlink()
    sync_directory(layout.rejects)


def read_rejects(layout: Layout) -> list[Reject | DamagedReject]:
    """All that are kept, the oldest first, and then those that cannot be read.

    :raises OSError: if the folder cannot be read.
    """
    try:
        keys = sorted(path.stem for path in layout.rejects.iterdir() if path.suffix == ".json")
    except FileNotFoundError:
        return []
    entries = [entry for key in keys if is_reject_key(key) and (entry := _entry(layout, key))]
    rejects = sorted((entry for entry in entries if isinstance(entry, Reject)), key=age)
    return [*rejects, *(entry for entry in entries if isinstance(entry, DamagedReject))]


def _entry(layout: Layout, key: str) -> Reject | DamagedReject | None:
    """One entry; None if someone has dealt with it meanwhile."""
    try:
        reject = from_json(layout.reject(key).read_bytes())
    except FileNotFoundError:
        return None
    except OSError as exc:
        return DamagedReject(key, exc.strerror or str(exc))
    except KeyError as exc:
        return DamagedReject(key, f"{exc} is missing in it")
    except (ValueError, TypeError, RecursionError) as exc:
        return DamagedReject(key, " ".join(str(exc).split()) or type(exc).__name__)
    return (
        reject
        if reject.key == key
        else DamagedReject(key, f"it is the entry {reject.key} under another name")
    )


def to_json(reject: Reject) -> bytes:
    """An entry as it is written: ASCII alone, so that no control character reaches whoever looks into it."""
    document, report = reject.document, reject.report
    told = {each.name: getattr(document, each.name) for each in fields(document) if each.name != "passages"}
    written = {
        "format": _FORMAT,
        "refused_at": reject.refused_at.isoformat(),
        "file": reject.file,
        "encoding": reject.encoding,
        "document": told | {"issued": document.issued and document.issued.isoformat()},
        "passages": [[p.start, p.end, p.kind, p.page] for p in document.passages],
        "results": [asdict(result) for result in report.results],
        "report": report.rdf,
    }
    return (json.dumps(written, indent=1) + "\n").encode("ascii")


def from_json(data: bytes) -> Reject:
    """What `to_json` wrote.

    :raises ValueError: if it is no JSON, or of a newer format.
    :raises KeyError: if something is missing.
    :raises TypeError: if something is missing or of another type than it should be.
    """
    entry = _checked(json.loads(data), dict)
    if _checked(entry["format"], int) > _FORMAT:
        raise ValueError(f"it has format {entry['format']}; upgrade kgraph")
    refused_at = datetime.fromisoformat(_checked(entry["refused_at"], str))
    if refused_at.tzinfo is None:
        raise ValueError(f"{entry['refused_at']} has no time zone")
    results = tuple(Result(**_values(Result, each)) for each in _checked(entry["results"], list))
    return Reject(
        _document(entry["document"], _checked(entry["passages"], list)),
        Report(conforms=False, results=results, rdf=_checked(entry["report"], str)),
        refused_at,
        _checked(entry["file"], str),
        _checked(entry["encoding"], str, type(None)),
    )


def _document(told: object, passages: list[Any]) -> Document:
    values = _values(Document, told)
    issued, text = values.pop("issued"), _checked(values["text"], str)
    return Document(
        **values,
        passages=tuple(_passage(text, *_checked(each, list)) for each in passages),
        issued=date.fromisoformat(issued) if issued else None,
    )


def _passage(text: str, start: object, end: object, kind: object, page: object) -> Passage:
    first, last = _checked(start, int), _checked(end, int)
    return Passage(first, last, text[first:last], _checked(kind, str), _checked(page, int, type(None)))


def _values(record: type, told: object) -> dict[str, Any]:
    """The values of a record's fields."""
    values = _checked(told, dict)
    return {
        each.name: _checked(values[each.name], str) if each.type is str else _value(values[each.name])
        for each in fields(record)
        if each.name in values
    }


def _value(told: object) -> str | tuple[str, ...] | Literal | None:
    """What a field holds that is not always words: a list of words, a term, or nothing."""
    if isinstance(told, list):
        return tuple(_checked(each, str) for each in told)
    if isinstance(told, dict):
        language = _checked(told["language"], str, type(None))
        return Literal(_checked(told["lexical"], str), _checked(told["datatype"], str), language)
    value: str | None = _checked(told, str, type(None))
    return value


def _checked(value: object, *kinds: type) -> Any:
    """A value from a file that anyone may have written into, if it is of one of some types."""
    if not isinstance(value, kinds):
        raise TypeError(f"{str(value)[:40]!r} is no {kinds[0].__name__}")
    return value
