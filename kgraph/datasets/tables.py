"""READ: files as publishers ship them → rows, one at a time: CSV, TSV, XLSX, Parquet, JSON, JSON lines.

Compressed files (gzip, bzip2, xz, zip with one file) are read as what is inside. Every value is text; an
empty cell is not there. A row knows its place in the file: the number of its record after the header, from 1.

Source: RFC 4180 (CSV); RFC 7111 (fragments of CSV: `row=`, counted from 1, the header included).
"""

import bz2
import csv
import gzip
import io
import json
import lzma
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from kgraph.datasets.declaring import Row
from kgraph.errors import ConfigError, SourceError

#: What may be inside a compressed file, so that a small one does not fill the memory.
_MOST_BYTES = 2_000_000_000
_BOM, _UTF_16 = b"\xef\xbb\xbf", (b"\xff\xfe", b"\xfe\xff")
_ENCODINGS = ("utf-8", "cp1252", "latin-1")
_DELIMITERS = ",;\t|"
_SAMPLE = 20_000
#: What readers raise for damaged files; SyntaxError is that of XML, RuntimeError of files with a password.
_DAMAGE = (
    csv.Error, ValueError, KeyError, OSError, EOFError, SyntaxError, RuntimeError,
    lzma.LZMAError, zipfile.BadZipFile, zlib.error,
)  # fmt: skip


def read_rows(data: bytes, name: str) -> Iterator[Row]:
    """The rows of a file.

    :param name: of the file; its extension tells the format.
    :raises SourceError: if the format is not known, or the file is damaged.
    :raises ConfigError: if what reads the format is not installed.
    """
    data, name = uncompressed(data, name)
    suffix = Path(name).suffix.lower().removeprefix(".")
    reader = _READERS.get(suffix)
    if reader is None:
        known = ", ".join(f".{each}" for each in _READERS)
        raise SourceError(
            name, f"a table in .{suffix or '?'} is not known; there are {known}, compressed or not"
        )
    try:
        yield from reader(data, name)
    except (SourceError, ConfigError):
        raise
    except _DAMAGE as exc:
        raise SourceError(name, f"it cannot be read as .{suffix}: {' '.join(str(exc).split())}") from exc


def uncompressed(data: bytes, name: str) -> tuple[bytes, str]:
    """What is inside, with the name that it has there.

    :raises SourceError: if it is damaged, holds several files, or too much.
    """
    path = Path(name)
    openers: dict[str, Callable[[io.BytesIO], Any]] = {".gz": gzip.open, ".bz2": bz2.open, ".xz": lzma.open}
    try:
        if path.suffix == ".zip":
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                inside = [each for each in archive.infolist() if not each.is_dir()]
                if len(inside) != 1:
                    raise SourceError(
                        name, f"it holds {len(inside)} files; unpack it and name the one that is meant"
                    )
                with archive.open(inside[0]) as file:
                    return _bounded(file, name), inside[0].filename
        if path.suffix in openers:
            with openers[path.suffix](io.BytesIO(data)) as file:
                return _bounded(file, name), path.stem
    except _DAMAGE as exc:
        raise SourceError(name, f"it cannot be unpacked: {exc}") from exc
    return data, name


def _bounded(file: Any, name: str) -> bytes:
    data: bytes = file.read(_MOST_BYTES + 1)
    if len(data) > _MOST_BYTES:
        raise SourceError(name, f"unpacked it has more than {_MOST_BYTES:,} bytes")
    return data


def decoded(data: bytes) -> str:
    """Text in whatever encoding: UTF-8 if it can be that, UTF-16 if it says so, else Western Europe's.

    A file that several hands kept can be in both: then each line is in its own.
    """
    data = data.removeprefix(_BOM)
    try:
        return data.decode("utf-16" if data.startswith(_UTF_16) else "utf-8")
    except UnicodeDecodeError:
        return "".join(map(_decoded_line, data.splitlines(keepends=True)))


def _decoded_line(line: bytes) -> str:
    for encoding in _ENCODINGS[:-1]:
        try:
            return line.decode(encoding)
        except UnicodeDecodeError:
            pass
    return line.decode(_ENCODINGS[-1])


def _csv(data: bytes, name: str) -> Iterator[Row]:
    text = decoded(data)
    first = text[:_SAMPLE].split("\n", 1)[0]
    delimiter = max(_DELIMITERS, key=first.count)
    csv.field_size_limit(10_000_000)
    return _records(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))


def _tsv(data: bytes, name: str) -> Iterator[Row]:
    return _records(csv.reader(io.StringIO(decoded(data), newline=""), delimiter="\t"))


def _records(lines: Iterable[list[str]], table: str = "") -> Iterator[Row]:
    """Rows below a header; columns without a name are left out."""
    header: list[str] | None = None
    columns: frozenset[str] = frozenset()
    for number, cells in enumerate(lines, start=1):
        if header is None:
            if any(cell.strip() for cell in cells):
                header = [" ".join(cell.split()) for cell in cells]
                columns = frozenset(header) - {""}
            continue
        values = {
            column: cell.strip()
            for column, cell in zip(header, cells, strict=False)
            if column and cell.strip()
        }
        if values:
            yield Row(f"row={number}", values, table, columns)


def _xlsx(data: bytes, name: str) -> Iterator[Row]:
    try:
        import openpyxl  # type: ignore[import-untyped]  # ships no types
    except ImportError as exc:
        raise ConfigError("openpyxl is not installed: pip install 'kgraph[datasets]'") from exc
    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    for sheet in book.worksheets:
        sheet.reset_dimensions()  # some programs write that a sheet has one cell
        lines = ([_text(cell) for cell in line] for line in sheet.iter_rows(values_only=True))
        for row in _records(lines, sheet.title.strip()):
            yield replace(row, place=f"{row.table}!{row.place}") if len(book.worksheets) > 1 else row


def _parquet(data: bytes, name: str) -> Iterator[Row]:
    try:
        import pyarrow.parquet as parquet  # type: ignore[import-untyped]  # ships no types
    except ImportError as exc:
        raise ConfigError("pyarrow is not installed: pip install 'kgraph[datasets]'") from exc
    number = 1
    for batch in parquet.ParquetFile(io.BytesIO(data)).iter_batches(1000):
        for values in batch.to_pylist():
            number += 1  # as if there were a header, as in the CSV of the same
            yield _row(f"row={number}", values)


def _json(data: bytes, name: str) -> Iterator[Row]:
    """Objects in a list, or in the one list of an object."""
    read = json.loads(decoded(data))
    if not isinstance(read, dict | list):
        raise ValueError("it holds no list and no object")
    pointer = ""
    if isinstance(read, dict):
        lists = [
            key
            for key, value in read.items()
            if isinstance(value, list) and value and isinstance(value[0], dict)
        ]
        if len(lists) == 1:
            pointer, read = f"/{lists[0]}", read[lists[0]]
        else:
            read = [read]
    for index, values in enumerate(read):
        yield _row(f"{pointer}/{index}", values)


def _json_lines(data: bytes, name: str) -> Iterator[Row]:
    for number, line in enumerate(decoded(data).splitlines(), start=1):
        if line.strip():
            yield _row(f"line={number}", json.loads(line))


def _row(place: str, values: Any) -> Row:
    if not isinstance(values, dict):
        raise ValueError(f"{place} holds no object, of which a row could be made")
    told = {key.strip(): _text(value) for key, value in values.items()}
    return Row(place, {key: text for key, text in told.items() if text}, columns=frozenset(told))


def _text(value: Any) -> str:
    """A value as a file of text would have it."""
    if value is None or value != value:  # no number is unequal to itself
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    return str(value).strip()


_READERS: dict[str, Callable[[bytes, str], Iterator[Row]]] = {
    "csv": _csv,
    "tsv": _tsv,
    "xlsx": _xlsx,
    "parquet": _parquet,
    "json": _json,
    "jsonl": _json_lines,
    "ndjson": _json_lines,
}
