"""States, provinces and other first-level regions, from pycountry's ISO 3166-2.

ISO writes many of them in the country's own language with the word for "region" behind
("Mangghystaū oblysy"); that word is dropped.
"""

from collections.abc import Collection, Iterable, Iterator
from typing import Any

from kgraph.gazetteer.entries import Entry, Known, is_ordinary, normalise, unique
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
    :param places: curated places and cities: a region that shares its name with one of them in its
        country, or with a curated place anywhere, has it only with the type behind ("Almaty Region").
    """
    import pycountry

    taken = {(normalise(name), place.country) for place in places for name in place.names}
    for region in pycountry.subdivisions:
        if region.parent_code or region.type not in _TYPES or region.country_code not in countries:
            continue
        known = _known(minter, region, taken)
        if known:
            yield known


def _known(minter: Minter, region: Any, taken: Collection[tuple[str, str | None]]) -> Known | None:
    country = minter.known("country", region.country_code)
    bare = _bare(region.name)
    word = _TYPES[region.type]
    full = f"{bare} {word}" if word else ""
    names = [
        name for name in (bare, full) if len(name) >= _SHORTEST and (normalise(name), country) not in taken
    ]
    names = [name for name in names if (normalise(name), None) not in taken]
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
    return Known(entry, ((SKOS.notation, Literal(region.code, KG.Iso3166Subdivision)),), PROMINENCE)


def _bare(name: str) -> str:
    """The name without the word for "region", and without what ISO adds behind a bracket or comma."""
    name = name.partition("[")[0].partition("(")[0].partition(",")[0].strip()
    words = [word for word in name.split() if word.casefold() not in _WORDS_FOR_REGION]
    return " ".join(words)
