"""KEEP: the graph in an embedded Oxigraph, on disk or in memory.

Readers take a `View` of one version, which never changes; one writer at a time takes a `Writer` and
commits what it was told, all at once or not at all. Processes share a store on disk: a server's next
view sees what the command line has just added. This is the only room that knows pyoxigraph
and oxrdflib.
"""

from kgraph.store.construct import TripleRows
from kgraph.store.data_updates import DataUpdate, read_data_updates
from kgraph.store.first_rows import FirstRows
from kgraph.store.json_rows import JsonRows
from kgraph.store.layout import replace_file, tokens_file
from kgraph.store.locking import wait_for_lock
from kgraph.store.opening import open_store
from kgraph.store.reading import MOST_SENT, Graphs, ntriples_from, read_graphs, statements
from kgraph.store.replica import Published, published, published_bytes, read_copy, write_copy
from kgraph.store.result import QueryResult, Row
from kgraph.store.serialization import RDF_FORMATS, ntriples_of, write_statements
from kgraph.store.simple import SimpleQuery, read_simple
from kgraph.store.store import Store
from kgraph.store.streaming import Chunks
from kgraph.store.substitution import substitute
from kgraph.store.terms import (
    Triples,
    canonical,
    engine_statements,
    engine_triples,
    is_iri,
    subjects_of,
    to_record,
)
from kgraph.store.tokens import Token, tokens
from kgraph.store.union_copy import NotWanted, UnionCopy
from kgraph.store.view import View
from kgraph.store.writer import Writer

__all__ = [
    "MOST_SENT",
    "RDF_FORMATS",
    "Chunks",
    "DataUpdate",
    "FirstRows",
    "Graphs",
    "JsonRows",
    "NotWanted",
    "Published",
    "QueryResult",
    "Row",
    "SimpleQuery",
    "Store",
    "Token",
    "TripleRows",
    "Triples",
    "UnionCopy",
    "View",
    "Writer",
    "canonical",
    "engine_statements",
    "engine_triples",
    "is_iri",
    "ntriples_from",
    "ntriples_of",
    "open_store",
    "published",
    "published_bytes",
    "read_copy",
    "read_data_updates",
    "read_graphs",
    "read_simple",
    "replace_file",
    "statements",
    "subjects_of",
    "substitute",
    "to_record",
    "tokens",
    "tokens_file",
    "wait_for_lock",
    "write_copy",
    "write_statements",
]
