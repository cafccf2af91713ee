"""Name suggestion index of OpenStreetMap: brands of telephone companies and shops, with their Wikidata
items.

A brand of an office of telecommunication is an operator; one of a shop for telephones need not be: it is a
company. What Wikidata describes is the brand, which of an operator that we know is close, not the same.
"""

import json
from collections.abc import Iterator
from typing import Any

from kgraph.datasets.context import Context
from kgraph.datasets.declaring import Dataset, Named, Odd, Row, Say, Table, Thing, Value
from kgraph.namespaces import KG, SKOS, WD
from kgraph.records import Literal


def _parts(row: Row) -> tuple[dict[str, str], list[Any]]:
    """The tags, and the codes of the areas where a brand is.

    :raises Odd: if they are something else.
    """
    tags, area = _object(row, "tags"), _object(row, "locationSet")
    include = area.get("include", [])
    if not isinstance(include, list) or not all(isinstance(value, str) for value in tags.values()):
        raise Odd("tags or locationSet hold something else than words")
    return tags, include


def _object(row: Row, column: str) -> dict[str, Any]:
    try:
        read = json.loads(row.get(column) or "{}")
    except ValueError:
        read = None
    if not isinstance(read, dict):
        raise Odd(f"{column} is {row.get(column)!r}, which is no object")
    return read


def _names(row: Row) -> dict[str, str]:
    """The names by their languages; "" for those that no language is told of."""
    tags, _ = _parts(row)
    names = {"": tags.get("name") or tags.get("brand", "")}
    for root in ("name", "brand"):  # a shop's brand may be the name of the operator that it sells for
        for tag, value in tags.items():
            of, colon, language = tag.partition(":")
            if colon and of == root and language != "wikidata":
                names.setdefault(language, value)
    return names


def _english(row: Row) -> str:
    """The name in English, else the one that is in Latin letters."""
    names = _names(row)
    return names.get("en") or (names[""] if names[""].isascii() else "")


def _node(row: Row, context: Context) -> Iterator[Value]:
    tags, _ = _parts(row)
    known = _known(row, context)
    if known is not None:
        yield known
        return
    class_ = "TelecomOperator" if tags.get("office") == "telecommunication" else "Company"
    if not row.get("id"):
        raise Odd("the brand has no id")
    yield Named(context.own(row.get("id")), KG[class_], _english(row))


def _known(row: Row, context: Context) -> Named | None:
    """The operator of the gazetteer that has the name in one of the states."""
    states = {state.iri for state in _states(row, context) if isinstance(state, Named)}
    for name in (_english(row), row.get("displayName")):
        for entry in context.gazetteer.find(name):
            if entry.kind == "TelecomOperator" and entry.country in states:
                return Named(entry.iri, KG.TelecomOperator, entry.label)
    return None


def _states(row: Row, context: Context) -> Iterator[Value]:
    """The states; areas by numbers of the UN, and parts of states, are left out."""
    for code in _parts(row)[1]:
        if isinstance(code, str) and len(code) == 2 and code.isalpha():
            try:
                found = context.states.by_code("iso2", code)
            except Odd:
                continue  # a territory
            if found.class_ == KG.Country:
                yield found


def _other_names(row: Row, context: Context) -> Iterator[Value]:
    english = _english(row)
    for language, name in sorted(_names(row).items()):
        if name and name != english:
            yield Literal(name, language=language or "und")


def _same(row: Row, context: Context) -> Iterator[Value]:
    if _is_the_brand(row, context):
        yield from _item(row)


def _close(row: Row, context: Context) -> Iterator[Value]:
    if not _is_the_brand(row, context):
        yield from _item(row)


def _is_the_brand(row: Row, context: Context) -> bool:
    """Whether the node is what the brand's item describes: no known operator, no shop of another name."""
    tags, _ = _parts(row)
    name = tags.get("name", "")
    brands = {value for tag, value in tags.items() if tag.partition(":")[0] == "brand"}
    return _known(row, context) is None and (not name or name in brands)


def _item(row: Row) -> Iterator[Value]:
    tags, _ = _parts(row)
    item = tags.get("brand:wikidata", "")
    if item:
        if not (item[0] == "Q" and item[1:].isdecimal()):
            raise Odd(f"brand:wikidata is {item!r}, which names no item")
        yield WD[item]


DATASET = Dataset(
    name="name-suggestion-index",
    title="Name suggestion index: telephone brands",
    publisher="OpenStreetMap",
    home="https://github.com/osmlab/name-suggestion-index",
    licence="https://opensource.org/license/bsd-3-clause",
    rights="BSD 3-clause licence.",
    yields="operators and telephone brands, the states where they are, and what they are in Wikidata",
    get="Take data/brands/office/telecommunication.json and data/brands/shop/mobile_phone.json.",
    tables=(
        Table(
            frozenset({"displayName", "id", "locationSet", "tags"}),
            (
                Thing(
                    KG.Company,
                    _node,
                    says=(
                        Say(KG.country, _states),
                        Say(SKOS.altLabel, _other_names),
                        Say(SKOS.exactMatch, _same),
                        Say(SKOS.closeMatch, _close),
                    ),
                ),
            ),
        ),
    ),
)
