"""Google, Transparency Report: how many times governments asked for content to be removed, by half-year.

The file is packed: its rows hold places in lists that stand beside them. A row is two counts, of the
requests and of the items that they name. To ask is not to get: what Google then did is not taken over.
"""

import json
import re
from collections.abc import Iterator

from kgraph.datasets.cells import integer, key, known, named_thing
from kgraph.datasets.context import Context
from kgraph.datasets.declaring import Dataset, Odd, Row, Say, Table, Thing, Value
from kgraph.datasets.tables import decoded
from kgraph.errors import SourceError
from kgraph.namespaces import KG, XSD
from kgraph.records import Literal

_LISTS = {
    "period": "periods",
    "country": "countries",
    "requestor": "requestors",
    "product": "products",
    "reason": "reasons",
}
#: Products that others know under another name.
_PRODUCTS = {
    "Web Search": "Google Search",
    "Plus": "Google+",
    "Play Apps": "Google Play",
    "Android Market": "Google Play",
}
_HALVES = {"January - June": ("01", "06"), "July - December": ("07", "12")}


def _read(data: bytes, name: str) -> Iterator[Row]:
    """The rows, unpacked.

    :raises SourceError: if the file is not laid out so.
    """
    try:
        packed = json.loads(decoded(data))
        schema = [str(column) for column in packed["schema"]]
        lists = {column: packed[beside] for column, beside in _LISTS.items()}
        names = dict(zip(packed["countries"], packed["country_names"], strict=True))
        for index, values in enumerate(packed["rows"]):
            told = dict(zip(schema, values, strict=True))
            row = {
                column: str(lists[column][value] if column in lists else value).strip()
                for column, value in told.items()
            }
            row["country name"] = str(names[row["country"]])
            yield Row(f"/rows/{index}", {column: text for column, text in row.items() if text})
    except (ValueError, KeyError, IndexError, TypeError, AttributeError) as exc:
        missing = f"{type(exc).__name__}: {exc}"
        raise SourceError(
            name, f"does not look like the removals of Google ({missing}). {DATASET.get}"
        ) from exc


def _whose(row: Row, context: Context) -> Iterator[Value]:
    """Whose requests they are."""
    code = row.get("country")
    if code.isalpha() and len(code) > 2:  # INTERPOL, EUROPOL
        yield named_thing(code.capitalize(), "InternationalOrganization", "actor", context)
        return
    try:
        yield context.states.by_code("iso2", code)
    except Odd:
        place = context.known(row.get("country name"), "Place")
        if place is None:
            raise
        yield place


def _where(row: Row, context: Context) -> Iterator[Value]:
    """The product that the content is in."""
    if _is_product(row):
        name = _PRODUCTS.get(row.get("product"), row.get("product"))
        in_full = name if "google" in name.lower() else f"Google {name}"
        found = context.known(name, "Platform") or context.known(in_full, "Platform")
        yield found or named_thing(in_full, "Platform", "platform", context)


def _is_product(row: Row) -> bool:
    product = row.get("product")
    return known(product) and product not in {"Other", "The Internet"}


def _counted(row: Row, context: Context) -> Iterator[Value]:
    yield from _whose(row, context)
    yield from _where(row, context)


def _half(row: Row) -> tuple[str, str]:
    match = re.fullmatch(r"(\w+ - \w+) (\d{4})", row.get("period"))
    if match is None or match[1] not in _HALVES:
        raise Odd(f"period is {row.get('period')!r}, which is no half-year")
    first, last = _HALVES[match[1]]
    return f"{match[2]}-{first}", f"{match[2]}-{last}"


def _start(row: Row, context: Context) -> Iterator[Value]:
    yield Literal(_half(row)[0], XSD.gYearMonth)


def _end(row: Row, context: Context) -> Iterator[Value]:
    yield Literal(_half(row)[1], XSD.gYearMonth)


def _count(column: str, words: str) -> Thing:
    def indicator(row: Row, context: Context) -> Iterator[Value]:
        text = f"{words}; by: {row.get('requestor')}; reason: {row.get('reason')}"
        if not _is_product(row):  # or it would look like the count of all products
            text = f"{text}; product: {row.get('product') or 'not told'}"
        yield Literal(text, language="en")

    return Thing(
        KG.Count,
        key("{period}", "{country}", "{requestor}", "{product}", "{reason}", column),
        says=(
            Say(KG.counted, _counted, needed=True),
            Say(KG.value, integer(column, 0), needed=True),
            Say(KG.indicator, indicator),
            Say(KG.date, _start, needed=True),
            Say(KG.endDate, _end),
        ),
    )


DATASET = Dataset(
    name="google-removals",
    title="Government requests to remove content",
    publisher="Google",
    publisher_kind="Company",
    home="https://transparencyreport.google.com/government-removals/overview",
    licence="",
    rights="No licence is stated.",
    yields="counts of requests and of the items that they name, by country, product, requester, reason and "
    "half-year",
    get="Take data/google-government-removals.json of https://github.com/krMaynard/transparency-report-api.",
    tables=(
        Table(
            frozenset(
                {"period", "country", "requestor", "product", "reason", "num_requests", "items_requested"}
            ),
            (
                _count("num_requests", "requests to remove content"),
                _count("items_requested", "items in requests to remove content"),
            ),
        ),
    ),
    read=_read,
)
