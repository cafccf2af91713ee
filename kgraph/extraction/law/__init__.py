"""Laws and what they let whom do: by name, year and article, or "the law" of the country.

Who makes them is read in `making.py`, which needs `events`, and these need the laws.
"""

from kgraph.extraction.law.facts import law_facts
from kgraph.extraction.law.laws import Law
from kgraph.extraction.law.legal import Legal, read_law
from kgraph.extraction.law.power import Power

__all__ = ["Law", "Legal", "Power", "law_facts", "read_law"]
