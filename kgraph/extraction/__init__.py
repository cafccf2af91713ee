"""CLAIM: a `Document` to an `Extraction`: assertions with evidence and confidence.

The only room that knows spaCy, which is loaded when the first document is extracted. What an
extractor is stands in `interface.py`; the way through ours, in `extractor.py`.
"""

from kgraph.extraction.extractor import RULES, RuleExtractor
from kgraph.extraction.interface import Extractor, extractor_names, load_extractor, run
from kgraph.extraction.keeping import keep
from kgraph.extraction.spreading import extract_all
from kgraph.extraction.switches import MECHANISMS

__all__ = [
    "MECHANISMS",
    "RULES",
    "Extractor",
    "RuleExtractor",
    "extract_all",
    "extractor_names",
    "keep",
    "load_extractor",
    "run",
]
