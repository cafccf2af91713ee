"""One node for one thing in a document: which mentions speak of the same.

By address of the reference data, by name (long and short forms, acronyms, last names), by noun
("the government", "Kazakh government" and "government of Kazakhstan" are one; "city government"
is another), and pronouns by the last actor that they can mean.
"""

from kgraph.extraction.coreference.reading import Reading, Thing
from kgraph.extraction.coreference.resolution import resolve

__all__ = ["Reading", "Thing", "resolve"]
