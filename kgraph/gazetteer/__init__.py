"""KNOW: names to known things (countries, places, platforms, operators, outlets, bodies) and their facts."""

from kgraph.gazetteer.entries import Entry, normalise
from kgraph.gazetteer.gazetteer import Gazetteer, load_gazetteer

__all__ = ["Entry", "Gazetteer", "load_gazetteer", "normalise"]
