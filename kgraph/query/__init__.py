"""ASK: saved questions, what is known of a thing, where sources disagree, what is in the graph;
and the queries of strangers, under limits.

Everything here reads a `View` and changes nothing.
"""

from kgraph.query.asking import ask, bind, standalone
from kgraph.query.dataset import dataset_description
from kgraph.query.describe import Description, Statement, Twin, describe, describe_iri, triples_about
from kgraph.query.disputes import Dispute, Side, disputes
from kgraph.query.evidence import Source
from kgraph.query.naming import name_of, names
from kgraph.query.overview import (
    ClassCount,
    Listed,
    Overview,
    Saying,
    VocabularyTerm,
    documents,
    graph_of,
    graph_size,
    overview,
    sayings,
    things_of,
    vocabulary,
)
from kgraph.query.questions import Parameter, Question, question, questions
from kgraph.query.resolve import is_used, minter_of, resolve
from kgraph.query.service import service_description
from kgraph.query.terms import is_iri, short, words_of
from kgraph.query.unknown_terms import UnknownTerm, unknown_terms
from kgraph.query.workers import Answer, Limits, Pieces, Workers

__all__ = [
    "Answer",
    "ClassCount",
    "Description",
    "Dispute",
    "Limits",
    "Listed",
    "Overview",
    "Parameter",
    "Pieces",
    "Question",
    "Saying",
    "Side",
    "Source",
    "Statement",
    "Twin",
    "UnknownTerm",
    "VocabularyTerm",
    "Workers",
    "ask",
    "bind",
    "dataset_description",
    "describe",
    "describe_iri",
    "disputes",
    "documents",
    "graph_of",
    "graph_size",
    "is_iri",
    "is_used",
    "minter_of",
    "name_of",
    "names",
    "overview",
    "question",
    "questions",
    "resolve",
    "sayings",
    "service_description",
    "short",
    "standalone",
    "things_of",
    "triples_about",
    "unknown_terms",
    "vocabulary",
    "words_of",
]
