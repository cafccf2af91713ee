"""The dataset that a request gives for the WHERE clauses of an update, put into the update as USING clauses.

Source: SPARQL 1.1 Protocol, section 2.2.3; SPARQL 1.1 Update, section 3.1.3.
"""

from collections.abc import Sequence

from kgraph.errors import QueryError
from kgraph.store.terms import is_iri
from kgraph.store.tokens import Token, closing_brace, tokens

_OWN_DATASET = {"with", "using"}


def with_dataset(text: str, default_graphs: Sequence[str], named_graphs: Sequence[str]) -> str:
    """The update with the dataset in each of its operations that has a WHERE clause.

    :raises QueryError: if it names graphs itself (USING, WITH), or a graph is no IRI.
    """
    if not default_graphs and not named_graphs:
        return text
    for iri in (*default_graphs, *named_graphs):
        if not is_iri(iri):
            raise QueryError(f"{iri!r} is no IRI of a graph")
    clauses = [f"USING <{iri}>" for iri in default_graphs] + [f"USING NAMED <{iri}>" for iri in named_graphs]
    using = " ".join(clauses)
    pieces, begin, depth, before = [""], 0, 0, ""
    read = list(tokens(text))
    for index, token in enumerate(read):
        word = token.text.lower() if token.kind == "word" and depth == 0 else ""
        if word in _OWN_DATASET:
            raise QueryError("an update that names its dataset by USING or WITH can be given no other")
        if word == "where":
            # DELETE WHERE has no USING: its pattern is written out as the template that it is.
            template = f"{_pattern(text, read, index + 1)} " if before == "delete" else ""
            pieces += [text[begin : token.start], template, using, " "]
            begin = token.start
        depth += token.deeper
        before = word
    return "".join(pieces) + text[begin:]


def _pattern(text: str, read: Sequence[Token], opening: int) -> str:
    """What stands in braces, with them; "" where they do not close."""
    closing = closing_brace(read, opening)
    return "" if closing is None else text[read[opening].start : read[closing].end]
