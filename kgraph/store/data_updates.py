"""INSERT DATA and DELETE DATA in the text of an update, the only forms that name each triple they change.

What is between the braces is TriG but for the dots between graphs, and is parsed as that: the engine never
sees the update, which might hold a LOAD where we see a string.

Source: SPARQL 1.1 Update, sections 3.1.1 and 3.1.2; SPARQL 1.1 Query, section 19.8, rules 29 to 52.
"""

from collections.abc import Iterator
from typing import NamedTuple

from kgraph.errors import WriteError, WriteForbidden
from kgraph.namespaces import PREFIXES
from kgraph.store.reading import MOST_SENT, Graphs, read_graphs
from kgraph.store.tokens import Token, closing_brace, place, tokens

_VERBS = {"insert", "delete"}


class DataUpdate(NamedTuple):
    """One operation.

    :param inserts: whether its triples come; else they go.
    """

    inserts: bool
    graphs: Graphs


def read_data_updates(text: str, *, base: str | None = None) -> list[DataUpdate]:
    """The operations of an update, in their order.

    :raises WriteForbidden: if there is another form of update, or a triple of no named graph.
    :raises WriteError: if it is malformed.
    """
    return list(_operations(text, list(tokens(text)), base))


def _operations(text: str, read: list[Token], base: str | None) -> Iterator[DataUpdate]:
    prologue = " ".join(f"PREFIX {prefix}: <{iri}>" for prefix, iri in PREFIXES.items())
    at = 0
    while at < len(read):
        word = read[at].text.lower()
        if word in {"prefix", "base"}:
            end = _declared(read, at)
            prologue += " " + " ".join(token.text for token in read[at : end + 1])
            at = end + 1
        elif word in _VERBS and [each.text.lower() for each in read[at + 1 : at + 3]] == ["data", "{"]:
            end = _closing(text, read, at + 2)
            # On the lines where it stands, for errors that tell the line.
            above = "\n" * (text.count("\n", 0, read[at + 3].start) or 1)
            trig = prologue + above + _as_trig(text, read[at + 3 : end])
            yield DataUpdate(word == "insert", read_graphs(trig.encode(), "trig", base=base, most=MOST_SENT))
            at = end + 2
            if at <= len(read) and read[at - 1].text != ";":
                raise WriteError(f"{_place(text, read[at - 1])}: operations are parted by a semicolon")
        else:
            raise WriteForbidden(
                f"{_place(text, read[at])}: only INSERT DATA and DELETE DATA are taken here, so that each"
                " statement can be checked and has its evidence"
            )


def _declared(read: list[Token], at: int) -> int:
    """The index of the last token of a declaration: its IRI."""
    length = 2 if read[at].text.lower() == "prefix" else 1
    return min(at + length, len(read) - 1)


def _closing(text: str, read: list[Token], opening: int) -> int:
    index = closing_brace(read, opening)
    if index is None:
        raise WriteError(f"{_place(text, read[opening])}: this brace is never closed")
    return index


def _as_trig(text: str, inside: list[Token]) -> str:
    """The text within the braces without the dots that follow a graph.

    :raises WriteForbidden: if there is a triple of no named graph.
    """
    kept, begin, depth, before = [""], inside[0].start if inside else 0, 0, ""
    for token in inside:
        if depth == 0 and token.text == "." and before == "}":
            kept.append(text[begin : token.start])
            begin = token.end
        elif depth == 0 and token.text != "{" and "graph" not in {before, token.text.lower()}:
            raise WriteForbidden(
                f"{_place(text, token)}: name the graph: GRAPH <…> {{ … }}; the default graph is the union"
                " of all"
            )
        depth += token.deeper
        before = token.text.lower()
    kept.append(text[begin : inside[-1].end] if inside else "")
    return " ".join(kept)


def _place(text: str, token: Token) -> str:
    line, column = place(text, token.start)
    return f"line {line}, column {column}"
