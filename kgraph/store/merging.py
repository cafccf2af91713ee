"""The default graph of a query that names several graphs: their merge, in which each triple is once.

The engine asks one graph after another, so that a triple of two of them counts twice. Where there is such a
triple, the query is evaluated on a copy of its graphs.

Source: SPARQL 1.1 Query, section 13.1 (examples of RDF datasets: the RDF merge).
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import pyoxigraph as ox

from kgraph.store.tokens import tokens

#: Triples that are looked at for one that two graphs hold, and copied; graphs with more are left as they are.
MOST_TRIPLES = 100_000
_FORMS = {"select", "construct", "ask", "describe"}


class Named(NamedTuple):
    """The graphs that a query, or who asks it, names, each once."""

    default: Sequence[ox.NamedNode]
    named: Sequence[ox.NamedNode]


def named_in(text: str, options: Mapping[str, Any]) -> Named | None:
    """The graphs of a query's FROM and FROM NAMED; None where it has none, or is malformed.

    :param options: of the engine's `query`.
    """
    read = list(tokens(text))
    words = [token.text.lower() if token.kind == "word" else "" for token in read]
    form = next((token for token, word in zip(read, words, strict=True) if word in _FORMS), None)
    clauses = [place for place, word in enumerate(words) if word == "from"]
    if form is None or not clauses:
        return None
    kinds, targets = [], []
    for place in clauses:
        is_named = words[place + 1 : place + 2] == ["named"]
        target = read[place + 1 + is_named : place + 2 + is_named]
        kinds.append(is_named)
        targets += [token.text for token in target if token.kind in {"iri", "prefixed"}]
    # The engine knows best what a name stands for.
    names = f"{text[: form.start]}\nSELECT ?g {{ VALUES ?g {{ {' '.join(targets)} }} }}"
    try:
        rows = ox.Store().query(names, **options)
        found = [row["g"] for row in rows]  # type: ignore[union-attr]  # it is a SELECT
    except SyntaxError:
        return None
    if len(found) != len(kinds):
        return None
    graphs = dict.fromkeys(zip(found, kinds, strict=True))
    return Named([each for each, named in graphs if not named], [each for each, named in graphs if named])


def merged(engine: ox.Store, graphs: Named) -> ox.Store | None:
    """A copy of graphs, those of the default graph merged into it.

    :return: None where no two of these have a triple in common, or all have more than `MOST_TRIPLES`.
    """
    if len(graphs.default) < 2:
        return None
    seen: set[ox.Triple] = set()
    read = 0
    for name in graphs.default:
        for quad in engine.quads_for_pattern(None, None, None, name):
            read += 1
            if read > MOST_TRIPLES:
                return None
            seen.add(quad.triple)
    if len(seen) == read:
        return None
    copy = ox.Store()
    copy.extend(ox.Quad(each.subject, each.predicate, each.object) for each in seen)
    for name in graphs.named:
        if engine.contains_named_graph(name):
            copy.add_graph(name)
        for quad in engine.quads_for_pattern(None, None, None, name):
            read += 1
            if read > MOST_TRIPLES:
                return None
            copy.add(quad)
    return copy
