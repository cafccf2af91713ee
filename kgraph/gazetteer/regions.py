"""States, provinces and other first-level regions, from pycountry's ISO 3166-2.

ISO writes many of them in the country's own language with the word for "region" behind
("Mangghystaū oblysy"); that word is dropped.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from kgraph.gazetteer.entries import Entry, Fact, Known, is_ordinary, normalise, unique
from kgraph.iris import Minter
from kgraph.namespaces import KG, SKOS
from kgraph.records import Literal

#: Stands for the population, which ISO does not tell: large cities go before regions of their name.
PROMINENCE = 500_000

#: ISO's types whose English word is said behind the name ("Rakhine State").
_TYPES = {
    "State": "State",
    "Regional state": "Region",
    "Region": "Region",
    "Province": "Province",
    "Governorate": "Governorate",
    "Department": "Department",
    "Republic": "Republic",
    "Division": "Division",
    "Union territory": "",
    "Autonomous region": "",
    "Autonomous community": "",
    "Administrative region": "Region",
    "Administrative territory": "Territory",
    "Land": "",
    "Emirate": "",
    "Oblast": "Region",
}

_WORDS_FOR_REGION = {
    *("oblysy", "oblast'", "kray", "respublika", "voblasć", "sheng", "wilayah", "gobolka", "província"),
    *("viloyati", "oblasti", "aimag", "county", "muhafazat", "distrito", "województwo", "region"),
}

_SHORTEST = 4


def read_regions(minter: Minter, countries: Collection[str], places: Iterable[Entry]) -> Iterator[Known]:
    """Every first-level region of a state that English texts may name.

    :param countries: ISO 3166 codes of the states.
    :param places: curated places and cities. A region that shares its name with a city of its
        country goes by the name with the type behind ("Almaty Region"), and one that shares it with
        a curated region is that region, which gets the code.
    """
    import pycountry

    taken: dict[tuple[str, str | None], Entry] = {}
    for place in places:
        for name in place.names[:1] if place.population else place.names:
            taken.setdefault((normalise(name), place.country), place)
    for region in pycountry.subdivisions:
        if region.parent_code or region.type not in _TYPES or region.country_code not in countries:
            continue
        known = _known(minter, region, taken)
        if known:
            yield known


def _known(minter: Minter, region: Any, taken: Mapping[tuple[str, str | None], Entry]) -> Known | None:
    country = minter.known("country", region.country_code)
    bare = _bare(region.name)
    word = _TYPES[region.type]
    full = f"{bare} {word}" if word else ""
    code: tuple[Fact, ...] = ((SKOS.notation, Literal(region.code, KG.Iso3166Subdivision)),)
    namesakes = [taken.get((normalise(name), country)) for name in (bare, full)]
    curated = next((place for place in namesakes if place and not place.population), None)
    if curated:
        return Known(curated, code, PROMINENCE)
    names = [
        name
        for name, namesake in zip((bare, full), namesakes, strict=True)
        if len(name) >= _SHORTEST and not namesake and (normalise(name), None) not in taken
    ]
    if not names:
        return None
    entry = Entry(
        iri=minter.known("place", region.code),
        kind="Place",
        label=names[0],
        names=unique(names),
        country=country,
        ambiguous=is_ordinary(names[0]),
    )
    return Known(entry, code, PROMINENCE)


def _bare(name: str) -> str:
    """The name without the word for "region", and without what ISO adds behind a bracket or comma."""
    name = name.partition("[")[0].partition("(")[0].partition(",")[0].strip()
    words = [word for word in name.split() if word.casefold() not in _WORDS_FOR_REGION]
    return " ".join(words)
