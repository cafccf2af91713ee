"""CLAIM: a `Document` to an `Extraction`: assertions with evidence and confidence.

The only room that knows spaCy, which is loaded when the first document is extracted. The way
through it stands in `extractor.py`.
"""

from kgraph.extraction.extractor import LANGUAGES, NAME, VERSION, extract, extract_all
from kgraph.extraction.keeping import keep

__all__ = ["LANGUAGES", "NAME", "VERSION", "extract", "extract_all", "keep"]
