"""KNOW: names to known things (countries, places, platforms, operators, outlets, bodies) and their facts."""

from kgraph.gazetteer.countries import alpha3_codes, country_names
from kgraph.gazetteer.entries import Entry, is_ordinary, normalise
from kgraph.gazetteer.gazetteer import Gazetteer, load_gazetteer

__all__ = [
    "Entry",
    "Gazetteer",
    "alpha3_codes",
    "country_names",
    "is_ordinary",
    "load_gazetteer",
    "normalise",
]
