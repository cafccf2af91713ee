"""Who and what a sentence speaks of: the gazetteer first, then patterns of names, the model, common nouns."""

from kgraph.extraction.mentions.find import find_mentions, is_heading
from kgraph.extraction.mentions.mention import Mention

__all__ = ["Mention", "find_mentions", "is_heading"]
