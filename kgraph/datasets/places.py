"""Places: the areas that a cell names, in words that were written for people.

What the gazetteer knows in the country is that place. Other names are places by name; whole sentences, and
words for the whole country, name none.
"""

import re
from collections.abc import Iterator

from kgraph.datasets.cells import known
from kgraph.datasets.context import Context
from kgraph.datasets.declaring import Named
from kgraph.gazetteer import Entry
from kgraph.namespaces import KG

_EVERYWHERE = re.compile(
    r"(nation|country) ?-? ?wide|national( level)?|(the )?(entire|whole) country|unknown|not sure|"
    r"(various|several).*",
    re.IGNORECASE,
)
#: What stands around a name and is none of it.
_AROUND = re.compile(
    r"^(in|the|district|parts of|some parts of|the cities of|the city of|cities of|city of|districts of)\s+|"
    r"\s+(districts?|townships?|state|city|province|region|governorate|county|areas?)$",
    re.IGNORECASE,
)
#: "and" joins places, but in names of one.
_BETWEEN = r"[,;/\n]|(?<=\w)\s+in\s|\sand\s(?!Kashmir|Bal)|\s&\s(?!Kashmir)"
_SHORT_FORM = re.compile(r"\s*\([A-Z]{2,6}\)$")
_NO_NAME = re.compile(
    r"\d|[()“”\"]|\bexcept|^(near|nearly|most|all|other|some|many|entire|seven|unspecified|different|multiple)\b|"
    r"^(villages?|towns?|cities|central|north|south|east|west|northern|southern|eastern|western|rural|urban)$",
    re.IGNORECASE,
)
_MOST_LETTERS, _MOST_WORDS = 40, 4


def places_in(text: str, country: Named, context: Context, *, is_one: bool = False) -> Iterator[Named]:
    """The places that a cell lists.

    :param country: that they are in.
    :param is_one: whether all lie in one place: what stands behind the first comma says where that is.
    """
    if is_one:
        text = re.split(r"(?<=\w)[,;]|(?<=\w)\s+in\s", text)[0]
    parts = [_SHORT_FORM.sub("", " ".join(part.split())) for part in re.split(_BETWEEN, text)]
    parts = [
        part.strip(" .") for part in parts if known(part) and not _EVERYWHERE.fullmatch(part.strip(" ."))
    ]
    found = [(part, _known(part, country, context)) for part in parts]
    if len(found) > 1 and _is_region(found[-1][1]) and not all(_is_region(entry) for _, entry in found):
        found.pop()  # districts, then the region that they are in
    for part, entry in found:
        if entry is not None:
            yield Named(entry.iri, KG.Place, entry.label)
        elif _is_name(part):
            yield Named(context.minter.named("place", _bare(part)), KG.Place, _bare(part))


def _known(part: str, country: Named, context: Context) -> Entry | None:
    for name in (part, _bare(part)):
        places = [entry for entry in context.gazetteer.find(name) if entry.kind == "Place"]
        for entry in places:
            if entry.country in {country.iri, None}:  # what two states dispute belongs to none
                return entry
    return None


def _is_region(entry: Entry | None) -> bool:
    return entry is not None and not entry.population


def _bare(part: str) -> str:
    return _AROUND.sub("", _AROUND.sub("", part)).strip() or part


def _is_name(part: str) -> bool:
    is_short = len(part) <= _MOST_LETTERS and len(part.split()) <= _MOST_WORDS
    return is_short and part[:1].isupper() and not _NO_NAME.search(part)
