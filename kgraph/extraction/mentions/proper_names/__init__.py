"""Proper names that no gazetteer knows: runs of capitalised words, classed by the words inside them.

"Ministry of Culture and Islamic Guidance" is a state body by its first word, "Victoria Park" a
place by its last. What the words do not tell, the model's entity label does.
"""

from kgraph.extraction.mentions.proper_names.find import NUMBERED, lone_articles, proper_names

__all__ = ["NUMBERED", "lone_articles", "proper_names"]
