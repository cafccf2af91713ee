"""Things of other collections, as files tell of them: a Wikidata extract, or a list with Wikidata numbers.

=====================  =========================================================================
lines of a dump        Wikidata's JSON, one entity a line, as the whole dump has them; .gz and .bz2 too
SPARQL JSON            `?item`, `?itemLabel`, `?itemAltLabel`, `?country` (an item or ISO code), `?website`,
                       `?date`, `?endDate`, `?iso`; several solutions may be of one item
TSV                    the same columns; a header as SPARQL's own TSV has it, or without question marks
name-suggestion-index  its JSON: names and countries of brands with `brand:wikidata`
=====================  =========================================================================

A number counts only with the names beside it: whoever gives one president's number to another is told by
the names, for candidates are scored as any others.
"""

import bz2
import csv
import gzip
import io
import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO

from kgraph.errors import SourceError
from kgraph.iris import Minter
from kgraph.linking.things import Thing, host, read_date
from kgraph.namespaces import GN, WD

_OPENERS: dict[str, Callable[[Path], Any]] = {".gz": gzip.open, ".bz2": bz2.open}


def read_extract(path: Path, minter: Minter) -> Iterator[Thing]:
    """The things that a file tells of.

    :param minter: makes the addresses of countries that are told by their ISO codes.
    :raises SourceError: if the file cannot be read, or is in none of these forms.
    """
    try:
        with _OPENERS.get(path.suffix, Path.open)(path, "rb") as file:
            yield from _read(file, path, minter)
    except (OSError, EOFError) as exc:
        raise SourceError(str(path), f"it cannot be read: {getattr(exc, 'strerror', None) or exc}") from exc
    except (UnicodeDecodeError, json.JSONDecodeError, csv.Error) as exc:
        raise SourceError(str(path), f"it is no Wikidata extract: {exc}") from exc


def _read(file: BinaryIO, path: Path, minter: Minter) -> Iterator[Thing]:
    start = file.read(4096).lstrip(b"\xef\xbb\xbf \r\n\t")
    file.seek(0)
    if start[:1] not in {b"{", b"["}:
        text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="")
        try:
            yield from _from_rows(_table_rows(text, path), minter, path.name)
        finally:
            text.detach()  # whoever opened the file closes it
    elif _is_dump(start):
        for number, line in enumerate(file, 1):
            yield from _from_line(line, number, path, minter)
    else:
        yield from _from_json(json.load(file), path, minter)


def _is_dump(start: bytes) -> bool:
    """Whether entities follow line by line: their type stands in the first keys."""
    first = start.lstrip(b"[\r\n ").split(b"\n")[0]
    return first.startswith(b"{") and b'"type":' in first.replace(b" ", b"") and b'"id"' in first


def _from_line(line: bytes, number: int, path: Path, minter: Minter) -> Iterator[Thing]:
    text = line.strip().rstrip(b",")
    if text in {b"", b"[", b"]"}:
        return
    try:
        entity = json.loads(text)
    except json.JSONDecodeError as exc:
        raise SourceError(str(path), f"line {number} is no JSON: {exc}") from exc
    if isinstance(entity, dict) and entity.get("type") == "item":
        yield _of_entity(entity, minter, path.name)


def _from_json(told: Any, path: Path, minter: Minter) -> Iterator[Thing]:
    if isinstance(told, dict) and isinstance(told.get("results"), dict):
        yield from of_bindings(told, minter, path.name)
    elif isinstance(told, dict) and isinstance(told.get("items"), list):
        yield from _of_brands(told["items"], minter, path.name)
    elif isinstance(told, dict) and told.get("type") == "item":
        yield _of_entity(told, minter, path.name)
    elif isinstance(told, dict) and isinstance(told.get("entities"), dict):
        yield from (_of_entity(entity, minter, path.name) for entity in told["entities"].values())
    else:
        raise SourceError(
            str(path),
            "it is JSON, but neither lines of a Wikidata dump nor SPARQL results; see docs/linking.md",
        )


# Wikidata's own JSON

_HUMAN, _COUNTRY_CODE = "Q5", "P297"
_COUNTRIES = ("P17", "P27")
_FIRST_DAYS, _LAST_DAYS = ("P585", "P580", "P577", "P571"), ("P585", "P582")


def _of_entity(entity: Mapping[str, Any], minter: Minter, name: str) -> Thing:
    """Source: Wikibase JSON format, sections Labels, Aliases and Statements."""
    names = {each["value"] for each in entity.get("labels", {}).values()}
    names |= {alias["value"] for each in entity.get("aliases", {}).values() for alias in each}
    kinds = {value["id"] for value in _values(entity, "P31")}
    codes = {str(value) for value in _values(entity, _COUNTRY_CODE)}
    identifiers = {("domain", host(str(value))) for value in _values(entity, "P856")}
    identifiers |= {("ISO 3166", code) for code in codes}
    identifiers |= {("iri", GN[str(value)]) for value in _values(entity, "P1566")}
    iri = WD[entity["id"]]
    first, last = (_day(entity, properties) for properties in (_FIRST_DAYS, _LAST_DAYS))
    countries = {WD[value["id"]] for each in _COUNTRIES for value in _values(entity, each)}
    return Thing(
        iri,
        "Person" if _HUMAN in kinds else "Country" if codes else "",
        names=frozenset(names),
        countries=frozenset(countries | {minter.known("country", code) for code in codes}),
        dates=(first, last or first) if first else None,
        identifiers=frozenset(identifiers),
        found_in=name,
    )


def _values(entity: Mapping[str, Any], property_: str) -> Iterator[Any]:
    """The values of a property, without those that Wikidata itself holds wrong."""
    for claim in entity.get("claims", {}).get(property_, ()):
        if claim.get("rank") != "deprecated" and claim["mainsnak"].get("snaktype") == "value":
            yield claim["mainsnak"]["datavalue"]["value"]


def _day(entity: Mapping[str, Any], properties: Iterable[str]) -> date | None:
    """The first of some properties' values that is told to the day."""
    for property_ in properties:
        for value in _values(entity, property_):
            if value.get("precision", 0) >= 11:
                return read_date(value["time"].lstrip("+"))
    return None


# Solutions and tables


def of_bindings(results: Mapping[str, Any], minter: Minter, name: str) -> Iterator[Thing]:
    """Things of SPARQL's results in JSON.

    Source: SPARQL 1.1 Query Results JSON Format, section 3.2.
    """
    rows = (
        {variable: str(term["value"]) for variable, term in binding.items()}
        for binding in results["results"].get("bindings", ())
    )
    yield from _from_rows(rows, minter, name)


def _table_rows(text: io.TextIOWrapper, path: Path) -> Iterator[dict[str, str]]:
    reader = csv.reader(text, delimiter="\t", quoting=csv.QUOTE_NONE)
    columns = [column.strip().lstrip("?") for column in next(reader, [])]
    if "item" not in columns:
        raise SourceError(str(path), f"it has no column “item”, but {', '.join(columns) or 'none'}")
    for cells in reader:
        yield {column: _plain(cell) for column, cell in zip(columns, cells, strict=False) if cell}


def _plain(cell: str) -> str:
    """A cell's value: SPARQL's TSV writes terms as Turtle does.

    Source: SPARQL 1.1 Query Results CSV and TSV Formats, section 4.
    """
    if cell.startswith("<") and cell.endswith(">"):
        return cell[1:-1]
    if cell.startswith('"'):
        return cell[1 : cell.rindex('"')] if cell.count('"') > 1 else cell
    return cell


def _from_rows(rows: Iterable[Mapping[str, str]], minter: Minter, name: str) -> Iterator[Thing]:
    merged: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for row in rows:
        if row.get("item"):
            for column, value in row.items():
                merged[_item(row["item"])][column].add(value)
    for iri, said in merged.items():
        yield _of_row(iri, said, minter, name)


def _of_row(iri: str, said: Mapping[str, set[str]], minter: Minter, name: str) -> Thing:
    names = {
        text for column in ("itemLabel", "label", "itemAltLabel", "altLabel") for text in said.get(column, ())
    }
    identifiers = {("domain", host(site)) for site in said.get("website", ())}
    identifiers |= {("ISO 3166", code) for code in said.get("iso", ())}
    days = [day for text in said.get("date", ()) if (day := read_date(text))]
    last_days = [day for text in said.get("endDate", ()) if (day := read_date(text))] or days
    countries = {
        minter.known("country", text) if len(text) == 2 else _item(text) for text in said.get("country", ())
    }
    kinds = [kind for kind in said.get("kind", ()) if kind]
    return Thing(
        iri,
        kinds[0] if kinds else "Country" if said.get("iso") else "",
        names=frozenset(
            names - {iri.rpartition("/")[2]}
        ),  # the label service gives the number for want of a name
        countries=frozenset(countries),
        dates=(min(days), max(last_days)) if days else None,
        identifiers=frozenset(identifiers),
        found_in=name,
    )


def _item(text: str) -> str:
    """An item's address, which may be told by its number or prefixed name."""
    number = text.removeprefix("wd:")
    return WD[number] if number[:1] == "Q" and number[1:].isdigit() else text


# Brands


def _of_brands(items: Iterable[Mapping[str, Any]], minter: Minter, name: str) -> Iterator[Thing]:
    for item in items:
        tags = item.get("tags", {})
        number = tags.get("brand:wikidata") or tags.get("operator:wikidata")
        if not number:
            continue
        names = {item.get("displayName", ""), *item.get("matchNames", ())}
        names |= {
            value
            for key, value in tags.items()
            if key.split(":")[0] in {"name", "brand"} and key[-9:] != ":wikidata"
        }
        places = item.get("locationSet", {}).get("include", ())
        codes = {place.upper() for place in places if isinstance(place, str) and len(place) == 2}
        yield Thing(
            WD[number],
            "Actor",
            names=frozenset(name for name in names if name),
            countries=frozenset(minter.known("country", code) for code in codes),
            found_in=f"{name}, {item.get('id', number)}",
        )


def localised(others: Iterable[Thing], things: Mapping[str, Thing]) -> Iterator[Thing]:
    """Things of elsewhere with the store's addresses of the countries that they name."""
    ours = {
        value: thing.iri
        for thing in things.values()
        if thing.kind == "Country"
        for scheme, value in thing.identifiers
        if scheme == "iri"
    }
    for other in others:
        yield replace(other, countries=frozenset(ours.get(iri, iri) for iri in other.countries))
