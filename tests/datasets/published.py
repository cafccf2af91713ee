"""Files in the layout of publishers, and what became of them."""

import csv
import io
import random
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import kgraph
from kgraph import KnowledgeGraph
from kgraph.loading import Loaded

ID = "https://w3id.org/kgraph/id/"
CONCEPT = "https://w3id.org/kgraph/concept/"


def csv_bytes(rows: Sequence[Mapping[str, str]], *, delimiter: str = ",", encoding: str = "utf-8") -> bytes:
    """A table with the columns of its first row."""
    lines = io.StringIO(newline="")
    table = csv.DictWriter(lines, list(rows[0]), delimiter=delimiter)
    table.writeheader()
    table.writerows(rows)
    return lines.getvalue().encode(encoding)


def workbook(path: Path, sheets: Mapping[str, Sequence[Sequence[object]]]) -> Path:
    """A workbook with these rows, the header first."""
    import openpyxl

    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(list(row))
    book.save(path)
    return path


def some_lines(source: Path, target: Path, count: int, *, header: int = 1) -> Path:
    """A copy with the header and some lines from all over the file: the same ones each time."""
    lines = source.read_bytes().splitlines(keepends=True)
    chosen = random.Random(7).sample(range(header, len(lines)), min(count, len(lines) - header))
    target.write_bytes(b"".join([*lines[:header], *(lines[number] for number in sorted(chosen))]))
    return target


def loaded(name: str, *files: Path) -> tuple[KnowledgeGraph, Loaded]:
    """A graph in memory with a dataset."""
    graph = kgraph.memory()
    return graph, graph.load(name, files)


def answers(graph: KnowledgeGraph, pattern: str, *variables: str) -> set[tuple[str, ...]]:
    """What fits a pattern, as text; addresses of ours without what all start with."""
    names = " ".join(f"?{name}" for name in variables)
    rows = graph.query(f"SELECT DISTINCT {names} WHERE {{ {pattern} }}")
    return {tuple(_short(row.get(name)) for name in variables) for row in rows}


def _short(term: object) -> str:
    text = "" if term is None else str(term)
    return text.removeprefix(ID).removeprefix(CONCEPT)


def conforms(graph: KnowledgeGraph) -> bool:
    """Whether all that is stored does."""
    return all(report.conforms for report in graph.check().values())


def reasons(became: Loaded, *, lost: bool = True) -> list[str]:
    """Why rows, or (with `lost=False`) statements of rows, were left out."""
    return [problem.reason for problem in became.problems if problem.is_lost == lost]


def counted(rows: Iterable[Mapping[str, str]], *columns: str) -> int:
    """How many cells of these columns hold something."""
    return sum(bool(row[column].strip()) for row in rows for column in columns)
