"""Services that a user names, asked for things by their names; none is asked unless an address is given."""

import json
import urllib.error
import urllib.request
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any
from urllib.parse import urlencode, urlsplit

from kgraph.errors import SourceError
from kgraph.iris import Minter, ntriples
from kgraph.linking.extracts import of_bindings
from kgraph.linking.things import Thing
from kgraph.namespaces import RDFS, SKOS
from kgraph.records import Literal

_BATCH = 20
_TIMEOUT_S = 60
_MOST_BYTES = 50_000_000
_PER_NAME = 5


def ask_reconciliation(address: str, things: Iterable[Thing]) -> Iterator[Thing]:
    """What a reconciliation service finds by the names of some things.

    :raises SourceError: if it gives no answer that can be read.

    Source: Reconciliation Service API 0.2, sections 3 (service manifest) and 4 (queries).
    """
    manifest = _json(address, None)
    space = str(manifest.get("identifierSpace", "")) if isinstance(manifest, dict) else ""
    for batch in _batches(sorted({name for thing in things for name in thing.names})):
        queries = {f"q{n}": {"query": name, "limit": _PER_NAME} for n, name in enumerate(batch)}
        answer = _json(address, urlencode({"queries": json.dumps(queries)}))
        for each in answer.values() if isinstance(answer, dict) else ():
            for found in each.get("result", ()) if isinstance(each, dict) else ():
                identity = str(found["id"])
                iri = identity if "://" in identity else space + identity
                if "://" in iri:
                    yield Thing(iri, names=frozenset({str(found["name"])}), found_in=address)


def ask_endpoint(address: str, things: Iterable[Thing], minter: Minter) -> Iterator[Thing]:
    """What a SPARQL endpoint has by the names of some things, as labels in these languages or none.

    :raises SourceError: as `ask_reconciliation`.

    Source: SPARQL 1.1 Protocol, section 2.1.2 (query via POST with parameters).
    """
    for batch in _batches(sorted({name for thing in things for name in thing.names})):
        wanted = " ".join(
            ntriples(Literal(name, language=tag) if tag else Literal(name))
            for name in batch
            for tag in ("en", "")
        )
        text = (
            f"SELECT DISTINCT ?item ?itemLabel WHERE {{ VALUES ?itemLabel {{ {wanted} }}"
            f" ?item <{RDFS.label}>|<{SKOS.prefLabel}>|<{SKOS.altLabel}> ?itemLabel }} LIMIT 1000"
        )
        yield from of_bindings(_json(address, urlencode({"query": text})), minter, address)


def _batches(names: Sequence[str]) -> Iterator[list[str]]:
    rest = iter(names)
    while batch := list(islice(rest, _BATCH)):
        yield batch


def _json(address: str, form: str | None) -> Any:
    if urlsplit(address).scheme not in {"http", "https"}:
        raise SourceError(address, "a service has an address that begins with http:// or https://")
    request = urllib.request.Request(  # noqa: S310  # http or https
        address,
        data=form.encode() if form is not None else None,
        headers={"Accept": "application/sparql-results+json, application/json", "User-Agent": "kgraph"},
    )
    try:
        with urllib.request.urlopen(request, timeout=_TIMEOUT_S) as answer:  # noqa: S310  # http or https
            told = json.loads(answer.read(_MOST_BYTES))
    except (OSError, ValueError) as exc:
        reason = getattr(exc, "reason", None) or exc
        raise SourceError(address, f"the service gives no answer that can be read: {reason}") from exc
    return told
