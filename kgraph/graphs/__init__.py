"""BUILD: what stands in each kind of named graph.

`document`: content and evidence of one document. `reference`: what the gazetteer says of
the nodes that documents mention. `catalog`: which documents are here, and their history.
"""

from kgraph.graphs import catalog, reference
from kgraph.graphs.document import build_graph, build_triples, canonical_form, text_sha256

__all__ = ["build_graph", "build_triples", "canonical_form", "catalog", "reference", "text_sha256"]
