"""The same table in every form that publishers ship gives the same graph."""

import bz2
import gzip
import json
import lzma
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from published import answers, csv_bytes, loaded, workbook

from kgraph import SourceError

_ROWS = [
    {"country-code": "KAZ", "country-name": "Kazakhstan", "e-gov-rank": "38", "e-gov-index": "0.68438",
     "e-pat-index": "0.9474", "osi": "0.78431", "hci": "0.91338", "tii": "0.35541"},
    {"country-code": "CIV", "country-name": "Côte d’Ivoire", "e-gov-rank": "166", "e-gov-index": "0.25802",
     "e-pat-index": "", "osi": "0.31373", "hci": "0.40519", "tii": "0.05515"},
]  # fmt: skip


def _csv(path: Path) -> None:
    path.write_bytes(csv_bytes(_ROWS))


def _tsv(path: Path) -> None:
    path.write_bytes(csv_bytes(_ROWS, delimiter="\t"))


def _semicolons(path: Path) -> None:
    path.write_bytes(b"\xef\xbb\xbf" + csv_bytes(_ROWS, delimiter=";"))


def _western(path: Path) -> None:
    path.write_bytes(csv_bytes(_ROWS, encoding="cp1252"))


def _with_blanks(path: Path) -> None:
    padded = [{f" {key} ": f"{value}  " for key, value in row.items()} | {"": ""} for row in _ROWS]
    path.write_bytes(b"\r\n" + csv_bytes(padded) + b",,,,,,,,\r\n\r\n")


def _xlsx(path: Path) -> None:
    def cell(text: str) -> object:
        return float(text) if text.replace(".", "").isdecimal() else text or None

    workbook(path, {"Data ": [list(_ROWS[0]), *([cell(text) for text in row.values()] for row in _ROWS)]})


def _parquet(path: Path) -> None:
    import pyarrow
    import pyarrow.parquet

    told = [{key: value or None for key, value in row.items()} for row in _ROWS]
    pyarrow.parquet.write_table(pyarrow.Table.from_pylist(told), path)


def _json(path: Path) -> None:
    path.write_text(json.dumps({"version": 1, "data": _ROWS}), "utf-8")


def _lines(path: Path) -> None:
    path.write_text("\n".join(map(json.dumps, _ROWS)), "utf-8")


def _zip(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("egdi.csv", csv_bytes(_ROWS))


def _packed(pack: Callable[[bytes], bytes]) -> Callable[[Path], None]:
    return lambda path: path.write_bytes(pack(csv_bytes(_ROWS))) and None


_FORMS: dict[str, Callable[[Path], None]] = {
    "egdi-2012.csv": _csv,
    "egdi-2012.tsv": _tsv,
    "semicolons-2012.csv": _semicolons,
    "western-2012.csv": _western,
    "blanks-2012.csv": _with_blanks,
    "egdi-2012.xlsx": _xlsx,
    "egdi-2012.parquet": _parquet,
    "egdi-2012.json": _json,
    "egdi-2012.jsonl": _lines,
    "egdi-2012.csv.gz": _packed(gzip.compress),
    "egdi-2012.csv.bz2": _packed(bz2.compress),
    "egdi-2012.csv.xz": _packed(lzma.compress),
    "egdi-2012.zip": _zip,
}


@pytest.mark.parametrize("name", _FORMS)
def test_every_form_gives_the_same(name: str, tmp_path: Path) -> None:
    _FORMS[name](tmp_path / name)
    graph, became = loaded("un-egov", tmp_path / name)
    assert became.problems == ()
    said = "?a kg:assessed/rdfs:label ?of ; kg:score ?score ; kg:date ?when OPTIONAL { ?a kg:rank ?rank }"
    assert answers(graph, said, "of", "when", "score", "rank") == {
        ("Kazakhstan", "2012", "0.68438", "38"), ("Kazakhstan", "2012", "0.9474", ""),
        ("Kazakhstan", "2012", "0.78431", ""), ("Kazakhstan", "2012", "0.91338", ""),
        ("Kazakhstan", "2012", "0.35541", ""), ("Ivory Coast", "2012", "0.25802", "166"),
        ("Ivory Coast", "2012", "0.31373", ""), ("Ivory Coast", "2012", "0.40519", ""),
        ("Ivory Coast", "2012", "0.05515", ""),
    }  # fmt: skip


def test_a_place_leads_back_to_the_row(tmp_path: Path) -> None:
    _csv(tmp_path / "egdi-2012.csv")
    graph, _ = loaded("un-egov", tmp_path / "egdi-2012.csv")
    evidence = (
        "?a rdf:subject/kg:assessed/rdfs:label 'Ivory Coast'@en ; rdf:predicate kg:rank ; kg:evidence ?row . "
        "?row oa:hasSelector/rdf:value ?where ; oa:hasSelector/oa:exact ?quote"
    )
    ((where, quote),) = answers(graph, evidence, "where", "quote")
    assert where == "row=3"  # the header is row 1: RFC 7111
    assert "country-code: CIV" in quote
    assert "e-gov-rank: 166" in quote


def _many(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.csv", "x")
        archive.writestr("b.csv", "x")


@pytest.mark.parametrize(
    ("name", "write", "message"),
    [
        ("egdi-2012.doc", _csv, "a table in .doc is not known"),
        ("egdi-2012.xlsx", _csv, "it cannot be read as .xlsx"),
        ("egdi-2012.parquet", _csv, "it cannot be read as .parquet"),
        ("egdi-2012.json", _csv, "it cannot be read as .json"),
        ("egdi-2012.csv.gz", _csv, "it cannot be unpacked"),
        ("egdi-2012.zip", _csv, "it cannot be unpacked"),
        ("egdi-2012.zip", _many, "it holds 2 files"),
    ],
)
def test_what_cannot_be_read_is_one_error(
    name: str, write: Callable[[Path], None], message: str, tmp_path: Path
) -> None:
    write(tmp_path / name)
    with pytest.raises(SourceError, match=message.replace(".", r"\.")):
        loaded("un-egov", tmp_path / name)


def test_a_file_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="it cannot be read"):
        loaded("un-egov", tmp_path / "egdi-2012.csv")
