"""What is made of a CONSTRUCT's solutions are the lines that the engine writes, each once."""

from typing import Any

import pyoxigraph as ox
import pytest
from any_terms import EX, iris, terms
from hypothesis import assume, given
from hypothesis import strategies as st

from kgraph.store import TripleRows
from kgraph.store.construct import read_template

PREFIXES = {"ex": EX}
OPTIONS: dict[str, Any] = {"prefixes": PREFIXES, "base_iri": "http://example.org/base"}

subjects = iris | st.sampled_from([ox.BlankNode("x"), ox.BlankNode("y")])
data = st.lists(st.builds(ox.Quad, subjects, iris, terms), max_size=12)
slots = st.sampled_from(
    ["?s", "?p", "?o", "$o2", "?nowhere", "ex:a.b", "ex:c", "<relative>", "<http://x.org/?s>"]
)
templates = st.lists(
    st.tuples(
        slots, slots | st.just("a"), slots | st.sampled_from(["'a } b'", '"x"@EN', "5", "'05'^^ex:n", "true"])
    ),
    min_size=1,
    max_size=4,
).map(lambda triples: " . ".join(" ".join(each) for each in triples))
wheres = st.sampled_from(
    [
        "WHERE { ?s ?p ?o }",
        "{ ?s ?p ?o OPTIONAL { ?o ?p2 ?o2 } } ORDER BY ?p DESC(?o) LIMIT 7 OFFSET 1",
        "WHERE { ?s ?p ?o BIND(STR(?o) AS ?o2) } # CONSTRUCT { ?s ?s ?s }",
        "WHERE { { SELECT ?s (COUNT(?o) AS ?o2) { ?s ?p ?o } GROUP BY ?s } ?s ?p ?o }",
        "WHERE { VALUES (?s ?p ?o) { (ex:a ex:b 1.50) (ex:a ex:b 1e3) (UNDEF ex:b 2) (ex:c UNDEF true) } }",
    ]
)


def made(engine: ox.Store, query: str, lines_at_once: int = 1000) -> list[bytes] | None:
    """The lines that are made of the solutions, sorted; None where they are left to the engine."""
    template = read_template(query, OPTIONS)
    if template is None:
        return None
    tsv: Any = engine.query(template.select, **OPTIONS)
    _, *lines = tsv.serialize(format=ox.QueryResultsFormat.TSV).split(b"\n")[:-1]
    rows = TripleRows(template)
    pieces = [lines[n : n + lines_at_once] for n in range(0, len(lines), lines_at_once)]
    written = b"".join((rows.head, *(rows.rows(b"\n".join(piece)) for piece in pieces), rows.tail))
    return sorted(written.splitlines(keepends=True))


def by_engine(engine: ox.Store, query: str) -> list[bytes]:
    """The lines that it writes, those once that it writes several times, as it does with blank nodes."""
    graph: Any = engine.query(query, **OPTIONS)
    return sorted(set(graph.serialize(format=ox.RdfFormat.N_TRIPLES).splitlines(keepends=True)))


@given(data, templates, wheres, st.integers(1, 5))
def test_all_that_a_template_makes_is_as_the_engine_writes_it(
    quads: list[ox.Quad], template: str, where: str, lines_at_once: int
) -> None:
    engine = ox.Store()
    engine.extend(quads)
    query = f"PREFIX construct: <{EX}> CONSTRUCT {{ {template} . ?s ex:c ?o }} {where}"
    try:
        graph = by_engine(engine, query)
    except SyntaxError:
        assume(False)
    assert made(engine, query, lines_at_once) == graph


@pytest.mark.parametrize(
    "query",
    [
        "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }",
        "BASE <http://example.org/> PREFIX c: <c#>\nconstruct{?s c:p ?o;a<d>,?t.}{?s ?p ?o, ?t}LIMIT 5000",
        "CONSTRUCT { ?s ex:p '}' ; ex:q '''{''' # }\n } WHERE { ?s ?p ?o }",
    ],
)
def test_what_people_write_is_read(query: str) -> None:
    engine = ox.Store()
    engine.extend(
        ox.Quad(ox.NamedNode(f"{EX}{n}"), ox.NamedNode(EX), ox.Literal(f"{n % 7}")) for n in range(50)
    )
    assert made(engine, query, 9) == by_engine(engine, query) != []


@pytest.mark.parametrize(
    "query",
    [
        "CONSTRUCT WHERE { ?s ?p ?o }",
        "CONSTRUCT { } WHERE { ?s ?p ?o }",
        "CONSTRUCT { ex:a ex:b ex:c } WHERE { ?s ?p ?o }",
        "CONSTRUCT { ?s ex:b [] } WHERE { ?s ?p ?o }",
        "CONSTRUCT { _:new ex:b ?s } WHERE { ?s ?p ?o }",
        "CONSTRUCT { ?s ex:b (?o) } WHERE { ?s ?p ?o }",
        "CONSTRUCT { ?s ex:b <<( ?s ?p ?o )>> } WHERE { ?s ?p ?o }",
        "CONSTRUCT { << ?s ?p ?o >> ex:b ex:c } WHERE { ?s ?p ?o }",
        "DESCRIBE ?construct { ?construct ex:construct 'CONSTRUCT {' }",
    ],
)
def test_what_makes_new_nodes_or_has_no_columns_is_left_to_the_engine(query: str) -> None:
    assert read_template(query, OPTIONS) is None
