"""kgraph: a knowledge graph of how states rule information, with its evidence."""

__version__ = "0.1.0"
