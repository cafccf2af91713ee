"""The default graph of a query where it is several graphs: their merge, in which each triple is once.

The engine asks one graph after another, so that a triple of two of them counts twice. Where there is such a
triple, the query is evaluated on a copy of its graphs.

Source: SPARQL 1.1 Query, section 13.1 (examples of RDF datasets: the RDF merge).
"""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple

import pyoxigraph as ox

from kgraph.store.lines import Lines, load_lines
from kgraph.store.tokens import tokens

#: Triples that are looked at for one that two graphs hold, and copied; graphs with more are left as they are.
MOST_TRIPLES = 100_000
_FORMS = {"select", "construct", "ask", "describe"}


_Graph = ox.NamedNode | ox.BlankNode | ox.DefaultGraph


class Named(NamedTuple):
    """The graphs that a query, or who asks it, names, each once."""

    default: Sequence[_Graph]
    named: Sequence[_Graph]


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

    :return: None where no two graphs of the default graph have a triple in common, or all have more than
        `MOST_TRIPLES`.
    """
    if len(graphs.default) < 2:
        return None
    asked = {"default_graph": graphs.default, "named_graphs": graphs.named}
    held = _count(engine, "?s ?p ?o", MOST_TRIPLES, asked)
    if held + _count(engine, "GRAPH ?g { ?s ?p ?o }", MOST_TRIPLES, asked) > MOST_TRIPLES:
        return None
    return _copy(engine, graphs) if _have_common(engine, held, asked) else None


def with_union(engine: ox.Store, most: int = MOST_TRIPLES) -> ox.Store | None:
    """A copy whose default graph is the union of all graphs, which the engine's default graph is one of.

    :param most: triples of all graphs.
    :return: None where no triple is in two graphs, or there are more.
    """
    asked = {"use_default_graph_as_union": True}
    held = _count(engine, "?s ?p ?o", most, asked)
    if held > most or not _have_common(engine, held, asked):
        return None
    names = list(engine.named_graphs())
    return _copy(engine, Named([ox.DefaultGraph(), *names], names))


def _count(engine: ox.Store, pattern: str, most: int, asked: Mapping[str, Any]) -> int:
    """How often a pattern matches; of more than `most` times it is only told that there are more."""
    return _number(engine, f"SELECT ?s {{ {pattern} }} LIMIT {most + 1}", asked)


def _have_common(engine: ox.Store, held: int, asked: Mapping[str, Any]) -> bool:
    """Whether a triple comes twice among those that are held."""
    return _number(engine, "SELECT DISTINCT ?s ?p ?o { ?s ?p ?o }", asked) < held


def _number(engine: ox.Store, query: str, asked: Mapping[str, Any]) -> int:
    rows: Any = engine.query(f"SELECT (COUNT(*) AS ?n) {{ {query} }}", **asked)
    return int(next(rows)["n"].value)


def _copy(engine: ox.Store, graphs: Named) -> ox.Store:
    copy = ox.Store()
    lines = Lines(partial(load_lines, copy))
    for name in graphs.default:
        engine.dump(lines.file, ox.RdfFormat.N_TRIPLES, from_graph=name)
    lines.finish()
    for name in graphs.named:
        if engine.contains_named_graph(name):
            copy.add_graph(name)
        copy.extend(engine.quads_for_pattern(None, None, None, name))
    return copy
