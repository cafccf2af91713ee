"""Files that went wrong on their way: every row is told or told of, or there is one clear error."""

import contextlib
import csv
import gzip
import io
import json
import zipfile
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from published import conforms

import kgraph
from kgraph import KGraphError
from kgraph.datasets import Context, find_dataset, map_rows, read_rows
from kgraph.gazetteer import load_gazetteer
from kgraph.iris import Minter

#: Small files that are right, by dataset: a name, and rows of a table; columns that no row has are empty.
_TABLES: dict[str, tuple[str, list[dict[str, str]]]] = {
    "country-codes": ("country-codes.csv", [
        {"ISO3166-1-Alpha-2": code, "ISO3166-1-Alpha-3": "NOR", "CLDR display name": "Norway",
         "is_independent": "Yes", "wikidata_id": "Q20", "Geoname ID": "3144096", "TLD": ".no", "FIFA": "NOR"}
        for code in ("NO", "SE")
    ]),
    "reign": ("leaders.csv", [
        {"ccode": "385", "leadid": f"n{day}", "leader": "Nordmann", "sdate": day, "smonth": "3",
         "syear": "1999", "emonth": "4", "eyear": "2001", "birthyear": "1950"} for day in ("4", "5")
    ]),
    "rsf": ("owid.csv", [
        {"country_name": "Norway", "year": year, "press_freedom_score_rsf": "7.82"}
        for year in ("2018", "2019")
    ]),
    "freedom-of-the-press": ("freedom.csv", [
        {"Entity": "Norway", "Year": year, "Freedom of the Press": "2"} for year in ("1990", "1991")
    ]),
    "un-egov": ("egdi-2012.csv", [
        {"country-code": code, "country-name": "", "e-gov-rank": "8", "e-gov-index": "0.8593",
         "e-pat-index": "0.6842", "osi": "0.8562", "hci": "0.9", "tii": "0.8"} for code in ("NOR", "KAZ")
    ]),
    "vdem-ert": ("ert.csv", [
        {"country_text_id": "NOR", "country_name": "Norway", "year": year, "v2x_regime": "3",
         "v2x_polyarchy": "0.9"} for year in ("2019", "2020", "2022")
    ]),
    "vdem-pandem": ("pandem.csv", [
        {"country_name": "Norway", "year": "2020", "quarter": quarter, "emname": "Emergency Act",
         "melim": "1", "melimstart": "2020-04-01", "melimend": "2020-05-01", "pandem": "0.1"}
        for quarter in ("2", "3")
    ]),
    "keepiton": ("stop.csv", [
        {"start_date_type": "Estimated", "start_date": day, "end_date": "2021-02-10", "country": "Myanmar",
         "area_name": "Yangon, Mandalay", "shutdown_type": "Shutdown", "shutdown_extent": "Full network",
         "affected_network": "Mobile", "ordered_by": "Military", "gov_justification": "Order",
         "actual_cause": "Protests", "telcos_involved": "Mytel (a), MPT and Steppecell"}
        for day in ("2021-02-04", "2021-02-05")
    ]),
    "ooni": ("mm.csv", [
        {"measurement_start_time": "2020-01-04 16:38:56", "probe_asn": "136255", "probe_cc": "MM",
         "test_name": "web_connectivity", "input": f"https://{site}.example/", "report_id": "r1",
         "blocking": "dns", "scores": '{"blocking_general": 1.0}', "test_keys": '{"accessible": false}'}
        for site in ("one", "two")
    ]),
    "state-media": ("State_Media_Matrix.csv", [
        {"Country": "Kazakhstan", "Media company": "Steppe Media", "Main assets": name, "Typology": "SC",
         "URL": f"https://{name}.example", "Twitter Link": f"https://twitter.com/{name}"}
        for name in ("steppetv", "steppefm")
    ]),
    "test-lists": ("kz.csv", [
        {"url": f"https://{site}.example/", "category_code": "NEWS", "category_description": "News Media",
         "date_added": "2017-04-12", "source": "somebody", "notes": "closed by a court"}
        for site in ("one", "two")
    ]),
    "mass-mobilization": ("protests.csv", [
        {"country": "Norway", "year": year, "protestnumber": "2", "demand_labor": "1"}
        for year in ("1990", "1991")
    ]),
}  # fmt: skip
_OBJECTS: dict[str, tuple[str, dict[str, Any]]] = {
    "google-removals": ("removals.json", {
        "periods": ["January - June 2011"], "countries": ["NO", "HK"],
        "country_names": ["Norway", "Hong Kong"],
        "requestors": ["Judicial"], "products": ["YouTube"], "reasons": ["Defamation"],
        "schema": ["period", "country", "requestor", "product", "reason", "num_requests", "items_requested"],
        "rows": [[0, 0, 0, 0, 0, 1, 2], [0, 1, 0, 0, 0, 3, 4]],
    }),
    "name-suggestion-index": ("brands.json", {"items": [
        {"displayName": "Steppecell", "id": "steppecell-1", "locationSet": {"include": ["kz", "001"]},
         "tags": {"brand": "Steppecell", "brand:wikidata": "Q42", "name": "Steppecell",
                  "name:ru": "Степсел"}},
    ]}),
    "ooni": ("answer.json", {"results": [
        {"measurement_uid": "1", "measurement_start_time": "2024-02-12T20:33:47Z", "probe_asn": "AS137",
         "probe_cc": "IT", "test_name": "web_connectivity", "input": "https://one.example/",
         "anomaly": True, "confirmed": False, "scores": {"blocking_general": 1.0}},
        {"measurement_uid": "2", "measurement_start_time": "2024-02-12T20:33:47Z", "probe_asn": "AS137",
         "probe_cc": "IT", "test_name": "signal", "test_keys": {"signal_backend_status": "ok"}},
    ]}),
}  # fmt: skip
_RULES = b"domain:steppe.example @cn\nfull:www.steppe.example # note\nregexp:^a+$\n\ninclude:other\n"

_ODD_CELLS = st.sampled_from([
    "", " ", "NA", "-99", "0", "-1", "9" * 5000, "1e400", "1e99", "inf", "nan", "0x1F", "٣", "²", "1,5",
    "1.234,5", "2019-02-31", "31/02/2019", "0000-00-00", "-0044-03-15", "99999-01-01", "44000.5",
    "0001-01-01T00:00:00+14:00", "=1+1", "=HYPERLINK(\"https://a.example\")", "\0", "a\0b", "\ud800",
    "\ufeff", "\u202e", "<script>", "a b|c", "https://", "http://[::1", "https://a..example/<>\"{}", "{",
    "[]", "{\"a\": 1}", "null", "Atlantis", "x" * 3000, "\"", "\\", "\r\n", "“quoted”", "Ελλάδα",
    "Norway;Sweden", "AS0", "AS99999999999", "ongoing", "Q0",
])  # fmt: skip
_MANGLINGS = st.sampled_from(["cell", "cell", "cell", "swap", "drop", "short", "long", "twice", "header"])
_ODD_VALUES = st.sampled_from([None, True, -1, 10**400, 1e300, [], {}, ["kz"], {"a": 1}])
_ENCODINGS = st.sampled_from(["utf-8", "utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-32-le"])


@st.composite
def _mangled_table(draw: st.DrawFn, name: str) -> tuple[str, bytes]:
    file, rows = _TABLES[name]
    tables = find_dataset(name).tables
    nearest = min(tables, key=lambda table: len(table.columns - rows[0].keys()))
    header = sorted(nearest.columns | rows[0].keys())
    lines = [header, *([row.get(column, "") for column in header] for row in rows)]
    for _ in range(draw(st.integers(1, 3))):
        line, column = draw(st.integers(0, len(lines) - 1)), draw(st.integers(0, len(header) - 1))
        match draw(
            st.sampled_from(["cell", "cell", "cell", "swap", "drop", "short", "long", "twice", "header"])
        ):
            case "cell":
                lines[max(line, 1)][column % len(lines[max(line, 1)])] = draw(_ODD_CELLS)
            case "swap":
                names, other = lines[0], draw(st.integers(0, len(header) - 1)) % len(lines[0])
                here = column % len(names)
                names[here], names[other] = names[other], names[here]
            case "drop":
                for each in lines:
                    if len(each) > 1:
                        del each[column % len(each)]
            case "short":
                lines[line] = lines[line][: column + 1]
            case "long":
                lines[line] = [*lines[line], draw(_ODD_CELLS)]
            case "twice":
                lines.append(list(lines[line]))
            case "header":
                lines[0][column % len(lines[0])] = draw(_ODD_CELLS)
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator=draw(st.sampled_from(["\n", "\r\n", "\r"]))).writerows(lines)
    data = text.getvalue().encode(draw(_ENCODINGS), "replace")
    return file, draw(_broken(data))


@st.composite
def _mangled_object(draw: st.DrawFn, name: str) -> tuple[str, bytes]:
    file, told = _OBJECTS[name]
    told = json.loads(json.dumps(told))
    for _ in range(draw(st.integers(1, 3))):
        within: Any = told
        for _ in range(draw(st.integers(0, 4))):
            values = within.values() if isinstance(within, dict) else within
            inside = [value for value in values if isinstance(value, dict | list) and value]
            if not inside:
                break
            within = draw(st.sampled_from(inside))
        keys = list(within) if isinstance(within, dict) else range(len(within))
        key = draw(st.sampled_from(list(keys)))
        odd = deepcopy(draw(st.one_of(_ODD_CELLS, _ODD_VALUES)))
        if draw(st.booleans()):
            within[key] = odd
        elif len(within) > 1:
            del within[key]
    return file, draw(_broken(json.dumps(told).encode()))


@st.composite
def _broken(draw: st.DrawFn, data: bytes) -> bytes:
    """Now and then cut off, or with a byte that does not belong there."""
    if draw(st.integers(0, 3)) or not data:
        return data
    place = draw(st.integers(0, len(data)))
    start, rest = data[:place], data[place:]
    return draw(st.sampled_from([start, start + b'"' + rest, start + b"\0\xff" + rest]))


def _mangled(name: str) -> st.SearchStrategy[tuple[str, bytes]]:
    kinds = []
    if name in _TABLES:
        kinds.append(_mangled_table(name))
    if name in _OBJECTS:
        kinds.append(_mangled_object(name))
    if not kinds:
        kinds.append(_broken(_RULES).map(lambda data: ("telegram", data)))
    return st.one_of(kinds)


_NAMES = sorted({*_TABLES, *_OBJECTS, "platform-domains"})


def _settings(examples: int) -> settings:
    slow = list(HealthCheck)
    return settings(max_examples=examples, deadline=None, suppress_health_check=slow, derandomize=True)


@pytest.mark.parametrize("name", _NAMES)
def test_each_row_of_a_mangled_file_is_told_or_told_of(name: str) -> None:
    dataset, minter = find_dataset(name), Minter()

    @_settings(50)
    @given(_mangled(name))
    def check(mangled: tuple[str, bytes]) -> None:
        file, data = mangled
        context = Context.of(dataset, minter, load_gazetteer(minter))
        try:
            rows = (dataset.read or read_rows)(data, file)
            mapped = list(map_rows(dataset, rows, file, context))
        except KGraphError:
            return
        assert mapped
        assert all(each.statements or each.problems for each in mapped)

    check()


@pytest.mark.parametrize("name", _NAMES)
def test_a_mangled_file_is_loaded_whole_or_changes_nothing(name: str, tmp_path: Path) -> None:
    @_settings(2)
    @given(_mangled(name))
    def check(mangled: tuple[str, bytes]) -> None:
        file, data = mangled
        (tmp_path / file).write_bytes(data)
        graph = kgraph.memory()
        try:
            became = graph.load(name, [tmp_path / file])
        except KGraphError:
            assert not graph.query("ASK { ?s a kg:Record }")
            return
        assert became.rows
        assert conforms(graph)

    check()


_SUFFIXES = ("xlsx", "parquet", "zip", "gz", "json")


@pytest.mark.parametrize("suffix", _SUFFIXES)
@_settings(60)
@given(st.data())
def test_a_damaged_container_is_one_error(suffix: str, data: st.DataObject) -> None:
    whole = _container(suffix)
    damaged = bytearray(whole)
    for _ in range(data.draw(st.integers(1, 4))):
        damaged[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    end = data.draw(st.integers(0, len(whole)) | st.just(len(whole)))
    name = f"table.csv.{suffix}" if suffix in {"zip", "gz"} else f"table.{suffix}"
    with contextlib.suppress(KGraphError):
        list(read_rows(bytes(damaged[:end]), name))


@cache
def _container(suffix: str) -> bytes:
    rows, made = [{"a": "1", "b": "x"}, {"a": "2", "b": "ü"}], io.BytesIO()
    if suffix == "xlsx":
        book = pytest.importorskip("openpyxl").Workbook()
        for line in (["a", "b"], *(list(row.values()) for row in rows)):
            book.active.append(line)
        book.save(made)
    elif suffix == "parquet":
        arrow = pytest.importorskip("pyarrow")
        pytest.importorskip("pyarrow.parquet").write_table(arrow.Table.from_pylist(rows), made)
    elif suffix == "zip":
        with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("table.csv", "a,b\n1,x\n")
    elif suffix == "gz":
        made.write(gzip.compress(b"a,b\n1,x\n" * 20))
    else:
        made.write(json.dumps(rows).encode())
    return made.getvalue()
