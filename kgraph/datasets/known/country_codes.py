"""Country codes of Datopian: what ISO, the UN and others call each country and territory, in six languages.

Territories, which are no states of their own, are places; the state that they belong to is told, unless the
table says no more than that one is associated with another, or that it is in contention.
"""

import re
from collections.abc import Iterable, Iterator

from kgraph.datasets.cells import code, known
from kgraph.datasets.context import Context
from kgraph.datasets.declaring import Cell, Dataset, Named, Odd, Row, Say, Table, Thing, Value
from kgraph.namespaces import GN, KG, OWL, SKOS, WD
from kgraph.records import Literal

_ALPHA2 = "ISO3166-1-Alpha-2"
_NAME = "CLDR display name"
_STATUS = "is_independent"

#: The columns with names, and the languages that they are in.
_NAMES = {
    "official_name_en": "en", _NAME: "en", "official_name_fr": "fr",
    "official_name_es": "es", "official_name_ru": "ru", "official_name_ar": "ar", "official_name_cn": "zh",
}  # fmt: skip


def _node(row: Row, context: Context) -> Iterable[Value]:
    """The state; else the territory, which has no address by its code."""
    alpha2 = row.get(_ALPHA2)
    name = row.get(_NAME) or row.get("official_name_en")
    try:
        found = context.states.by_code("iso2", alpha2)
    except Odd:
        if row.get(_STATUS) == "Yes":
            raise
        place = context.known(name, "Place")
        return (place or Named(context.minter.named("place", name), KG.Place, name),)
    return (found,)


def _of(kind: str, cell: Cell) -> Cell:
    """What is said of states alone, which others know as the same country, or of territories alone.

    :param kind: local name of the class.
    """

    def only(row: Row, context: Context) -> Iterator[Value]:
        try:
            (node,) = _node(row, context)
        except Odd:
            return  # the key tells of it
        if isinstance(node, Named) and node.class_ == KG[kind]:
            yield from cell(row, context)

    return only


def _belongs_to(row: Row, context: Context) -> Iterator[Value]:
    """The state behind "Territory of GB", "Part of FR"."""
    match = re.fullmatch(
        r"(?:Territory|Territories|Part|Commonwealth|Crown dependency) of (..)", row.get(_STATUS)
    )
    if match is not None:
        yield context.states.by_code("iso2", match[1])


def _names(row: Row, context: Context) -> Iterator[Value]:
    """The names that are none of its label."""
    try:
        (node,) = _node(row, context)
    except Odd:
        return
    label = node.label if isinstance(node, Named) else ""
    told = {(" ".join(row.get(column).split()), language) for column, language in _NAMES.items()}
    for name, language in sorted(told - {(label, "en")}):
        if known(name):
            yield Literal(name, language=language)


def _wikidata(row: Row, context: Context) -> Iterator[Value]:
    match = re.search(r"Q[1-9]\d*$", row.get("wikidata_id"))
    if match is not None:
        yield WD[match[0]]
    elif row.get("wikidata_id"):
        raise Odd(f"wikidata_id is {row.get('wikidata_id')!r}, which names no item")


def _geonames(row: Row, context: Context) -> Iterator[Value]:
    number = row.get("Geoname ID")
    if number:
        if not number.isdecimal():
            raise Odd(f"Geoname ID is {number!r}, which is no number")
        yield GN[number]


DATASET = Dataset(
    name="country-codes",
    title="Country codes",
    publisher="Datopian",
    publisher_kind="Company",
    home="https://github.com/datasets/country-codes",
    licence="https://opendatacommons.org/licenses/pddl/1-0/",
    rights="Open Data Commons Public Domain Dedication and License 1.0.",
    yields="codes of countries and territories by ISO, the UN, the Olympic Committee and others, their names "
    "in six languages, and what they are in Wikidata and GeoNames",
    get="Take data/country-codes.csv of the repository.",
    tables=(
        Table(
            columns=frozenset({_ALPHA2, "ISO3166-1-Alpha-3", _STATUS, _NAME, "wikidata_id", "Geoname ID"}),
            things=(
                Thing(
                    KG.Country,
                    _node,
                    says=(
                        Say(KG.iso3166, _of("Country", code(_ALPHA2, r"[A-Z]{2}"))),
                        Say(SKOS.notation, _of("Place", code(_ALPHA2, r"[A-Z]{2}", KG.Iso3166Alpha2))),
                        Say(SKOS.notation, code("ISO3166-1-Alpha-3", r"[A-Z]{3}", KG.Iso3166Alpha3)),
                        Say(SKOS.notation, code("ISO3166-1-numeric", r"\d{1,3}", KG.Iso3166Numeric, width=3)),
                        Say(SKOS.notation, code("M49", r"\d{1,3}", KG.M49Code, width=3)),
                        Say(SKOS.notation, code("FIPS", r"[A-Z]{2}", KG.FipsCode)),
                        Say(SKOS.notation, code("GAUL", r"\d+", KG.GaulCode)),
                        Say(SKOS.notation, code("MARC", r"[a-z]{2,3}", KG.MarcCode)),
                        Say(SKOS.notation, code("ITU", r"[A-Z]{1,3}", KG.ItuCode)),
                        Say(SKOS.notation, code("IOC", r"[A-Z]{3}", KG.IocCode)),
                        Say(SKOS.notation, code("FIFA", r"[A-Z]{3}", KG.FifaCode)),
                        Say(SKOS.notation, code("TLD", r"\.[a-z]+", KG.TopLevelDomain)),
                        Say(SKOS.altLabel, _names),
                        Say(KG.country, _of("Place", _belongs_to)),
                        Say(OWL.sameAs, _of("Country", _wikidata)),
                        Say(OWL.sameAs, _of("Country", _geonames)),
                        Say(SKOS.exactMatch, _wikidata),
                        Say(SKOS.exactMatch, _geonames),
                    ),
                ),
            ),
        ),
    ),
)
