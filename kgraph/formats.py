"""The formats we write: one table for the command line, the endpoint and files."""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["solutions", "graph", "dataset"]


@dataclass(frozen=True, slots=True)
class Format:
    """One serialisation.

    :param name: plain name, as `--format` and `format=` take it.
    :param media_type: IANA media type, as content negotiation takes it.
    :param extension: of a file, without the dot.
    :param kinds: what it can hold: solutions (and booleans), a graph, a dataset.
    """

    name: str
    media_type: str
    extension: str
    kinds: tuple[Kind, ...]


#: In the order of preference of a client that takes anything.
FORMATS: tuple[Format, ...] = (
    Format("json", "application/sparql-results+json", "srj", ("solutions",)),
    Format("xml", "application/sparql-results+xml", "srx", ("solutions",)),
    Format("csv", "text/csv", "csv", ("solutions",)),
    Format("tsv", "text/tab-separated-values", "tsv", ("solutions",)),
    Format("turtle", "text/turtle", "ttl", ("graph",)),
    Format("ntriples", "application/n-triples", "nt", ("graph",)),
    Format("rdfxml", "application/rdf+xml", "rdf", ("graph",)),
    Format("nquads", "application/n-quads", "nq", ("dataset",)),
    Format("trig", "application/trig", "trig", ("dataset",)),
    Format("jsonld", "application/ld+json", "jsonld", ("graph", "dataset")),
)

BY_NAME: dict[str, Format] = {format_.name: format_ for format_ in FORMATS}


def formats_for(kind: Kind) -> tuple[Format, ...]:
    """The formats that can hold solutions, a graph or a dataset, the preferred one first."""
    return tuple(format_ for format_ in FORMATS if kind in format_.kinds)
