"""What is made of the engine's TSV is, byte by byte, the JSON that the engine writes."""

from typing import Any

import pyoxigraph as ox
import pytest
from any_terms import EX, terms
from hypothesis import given
from hypothesis import strategies as st

from kgraph.store import JsonRows

tables = st.integers(1, 4).flatmap(
    lambda width: st.lists(st.lists(st.none() | terms, min_size=width, max_size=width))
)


def by_engine(rows: list[list[Any]], width: int) -> tuple[bytes, bytes]:
    """The table in TSV and in JSON."""
    engine = ox.Store()
    names = [ox.NamedNode(f"{EX}row/{number}") for number in range(len(rows))]
    for name, row in zip(names, rows, strict=True):
        for column, term in enumerate(row):
            if term is not None:
                engine.add(ox.Quad(name, ox.NamedNode(f"{EX}column/{column}"), term))
    columns = " ".join(f"OPTIONAL {{ ?row <{EX}column/{n}> ?c{n} }}" for n in range(width))
    chosen = " ".join(f"?c{n}" for n in range(width))
    query = f"SELECT {chosen} {{ VALUES ?row {{ {' '.join(map(str, names))} }} {columns} }}"
    tsv, json = (
        engine.query(query).serialize(format=format_)  # type: ignore[call-overload]
        for format_ in (ox.QueryResultsFormat.TSV, ox.QueryResultsFormat.JSON)
    )
    return tsv, json


def rewritten(tsv: bytes, lines_at_once: int) -> bytes:
    head, *lines = tsv.split(b"\n")[:-1]
    rows = JsonRows([name[1:].decode() for name in head.split(b"\t")])
    pieces = [lines[n : n + lines_at_once] for n in range(0, len(lines), lines_at_once)]
    return b"".join((rows.head, *(rows.rows(b"\n".join(piece)) for piece in pieces), rows.tail))


@given(tables, st.integers(1, 5))
def test_all_that_a_table_can_hold_is_as_the_engine_writes_it(
    rows: list[list[Any]], lines_at_once: int
) -> None:
    tsv, json = by_engine(rows, len(rows[0]) if rows else 1)
    assert rewritten(tsv, lines_at_once) == json


def test_more_cells_than_are_remembered_change_nothing() -> None:
    rows: list[list[Any]] = [[ox.Literal(f"{n}"), ox.Literal("long " * (n % 200))] for n in range(45_000)]
    tsv, json = by_engine(rows, 2)
    assert rewritten(tsv, 1000) == json


@pytest.mark.parametrize("name", ["x", "é", "_1", "變數"])
def test_names_of_variables_stand_in_the_head(name: str) -> None:
    answer = ox.Store().query(f"SELECT ?{name} {{ VALUES ?{name} {{ 1 UNDEF }} }}")
    json = answer.serialize(format=ox.QueryResultsFormat.JSON)  # type: ignore[call-overload]
    assert rewritten(f"?{name}\n1\n\n".encode(), 9) == json
