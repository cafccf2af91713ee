"""Things of elsewhere: files in every form, services on this machine, and numbers that belong to others."""

import bz2
import gzip
import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
from drafts import Enter
from sample_graph import KZ, MINTER, UZ, Draft

from kgraph.errors import SourceError
from kgraph.linking import SURE, Thing, accepted, ask_endpoint, ask_reconciliation, propose, read_extract
from kgraph.namespaces import WD
from kgraph.store import Store

pytest.importorskip("rapidfuzz")
pytest.importorskip("anyascii")

ALMA = MINTER.named("actor", "Alma Omarova")


def claim(value: object, rank: str = "normal") -> dict[str, object]:
    return {"rank": rank, "mainsnak": {"snaktype": "value", "datavalue": {"value": value}}}


def entity(number: str, name: str, country: str, *aliases: str) -> dict[str, Any]:
    return {
        "type": "item",
        "id": number,
        "labels": {"en": {"language": "en", "value": name}},
        "aliases": {"kk": [{"language": "kk", "value": alias} for alias in aliases]},
        "claims": {
            "P31": [claim({"id": "Q5"})],
            "P27": [claim({"id": country})],
            "P856": [claim("https://alma.example/"), claim("https://old.example/", "deprecated")],
        },
    }


ENTITIES = [
    entity("Q100001", "Alma Omarova", "Q232", "Алма Омарова"),
    entity("Q100002", "Dana Ruslan", "Q265"),
]


def dump(path: Path, write: Callable[[Path, bytes], object]) -> Path:
    lines = ["[", *(json.dumps(each, ensure_ascii=False) + "," for each in ENTITIES), "]"]
    write(path, "\n".join(lines).encode())
    return path


@pytest.mark.parametrize(
    ("name", "pack"), [("d.json", bytes), ("d.json.gz", gzip.compress), ("d.json.bz2", bz2.compress)]
)
def test_lines_of_a_dump(tmp_path: Path, name: str, pack: Callable[[bytes], bytes]) -> None:
    path = dump(tmp_path / name, lambda path, data: path.write_bytes(pack(data)))
    first, second = read_extract(path, MINTER)
    assert first.iri == WD.Q100001
    assert first.kind == "Person"
    assert first.names == {"Alma Omarova", "Алма Омарова"}
    assert first.countries == {WD.Q232}
    assert first.identifiers == {("domain", "alma.example")}
    assert second.found_in == name


def test_sparql_results_and_tables_tell_the_same(tmp_path: Path) -> None:
    bindings = [
        {
            "item": {"type": "uri", "value": WD.Q100001},
            "itemLabel": {"type": "literal", "value": label},
            "country": {"type": "literal", "value": "KZ"},
            "date": {"type": "literal", "value": "1990-02-03T00:00:00Z"},
        }
        for label in ("Alma Omarova", "Алма Омарова")
    ]
    results = tmp_path / "r.srj"
    results.write_text(json.dumps({"head": {}, "results": {"bindings": bindings}}), encoding="utf-8")
    table = tmp_path / "r.tsv"
    rows = [f'<{WD.Q100001}>\t"{label}"@en\tKZ\t1990-02-03' for label in ("Alma Omarova", "Алма Омарова")]
    table.write_text("\n".join(["?item\t?itemLabel\t?country\t?date", *rows]), encoding="utf-8")
    (from_results,), (from_table,) = read_extract(results, MINTER), read_extract(table, MINTER)
    assert from_results.names == from_table.names == {"Alma Omarova", "Алма Омарова"}
    assert from_results.countries == from_table.countries == {KZ}
    assert from_results.dates == from_table.dates


def test_brands_with_their_numbers(shared: Path) -> None:
    path = shared / "datasets/name-suggestion-index/brands-office-telecommunication.json"
    brands = {thing.iri: thing for thing in read_extract(path, MINTER)}
    kcell = brands[WD.Q1737636]
    assert "Kcell" in kcell.names
    assert kcell.countries == {KZ}
    assert "kcell-4679e0" in kcell.found_in


@pytest.mark.parametrize(
    ("text", "why"),
    [("a\tb\n1\t2\n", "no column “item”"), ("{}", "neither lines"), ('{"type": "item", "id": ', "JSON")],
)
def test_what_is_no_extract_is_told(tmp_path: Path, text: str, why: str) -> None:
    path = tmp_path / "x"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SourceError, match=why):
        list(read_extract(path, MINTER))


@pytest.fixture
def with_alma(store: Store, enter: Enter) -> Store:
    draft = Draft("test/alma", "Alma")
    p = draft.sentence("Alma Omarova of Kazakhstan, and Uzbekistan.")
    draft.says(p, KZ, "Country", "Kazakhstan")
    draft.says(p, UZ, "Country", "Uzbekistan")
    draft.says(p, ALMA, "Person", "Alma Omarova", officeOf=KZ)
    enter(draft)
    return store


def test_an_item_is_found_by_name_and_country(with_alma: Store, tmp_path: Path) -> None:
    path = dump(tmp_path / "d.json", lambda path, data: path.write_bytes(data))
    with with_alma.view() as view:
        found = propose(view, MINTER, read_extract(path, MINTER))
    assert [(each.one.iri, each.other.iri) for each in found] == [(ALMA, WD.Q100001)]
    assert found[0].score.value >= SURE
    (judgement,) = accepted(found, SURE, found_at())
    assert (judgement.one, judgement.other) == (ALMA, WD.Q100001)
    assert "from d.json" in judgement.reasons


def test_a_number_that_is_someone_elses_is_not_taken(with_alma: Store) -> None:
    wrong = [
        Thing(WD.Q100002, "Person", names=frozenset({"Alma Omarova"}), countries=frozenset({UZ})),
        Thing(WD.Q100003, "Person", names=frozenset({"Omar Almazov"}), countries=frozenset({KZ})),
    ]
    with with_alma.view() as view:
        found = propose(view, MINTER, wrong, least=0.0)
    assert all(each.score.value < 0.5 for each in found)
    known = Thing(WD.Q30, "Country", names=frozenset({"Kazakhstan"}))
    with with_alma.view() as view:
        found = propose(view, MINTER, [known], least=0.0)
    assert [each.score.value for each in found] == [0.1]
    assert any("other items" in reason for reason in found[0].score.reasons)


def test_two_items_that_fit_are_left_to_people(with_alma: Store) -> None:
    twins = [
        Thing(
            WD[f"Q{n}"], "Person", names=frozenset({"Alma Omarova"}), countries=frozenset({KZ}), found_in="x"
        )
        for n in (7, 8)
    ]
    with with_alma.view() as view:
        found = propose(view, MINTER, twins)
    assert len(found) == 2
    assert accepted(found, SURE, found_at()) == []


def found_at() -> Any:
    from datetime import UTC, datetime

    return datetime(2026, 1, 1, tzinfo=UTC)


class _Service(BaseHTTPRequestHandler):
    """A reconciliation service at /reconcile, a SPARQL endpoint at /sparql; knows one item."""

    def do_GET(self) -> None:
        self._answer(
            {"versions": ["0.2"], "name": "test", "identifierSpace": str(WD), "schemaSpace": str(WD)}
        )

    def do_POST(self) -> None:
        form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        if "queries" in form:
            queries = json.loads(form["queries"][0])
            hit = [{"id": "Q100001", "name": "Alma Omarova", "score": 90, "match": False}]
            self._answer(
                {k: {"result": hit if q["query"] == "Alma Omarova" else []} for k, q in queries.items()}
            )
        else:
            known = '"Alma Omarova"@en' in form["query"][0]
            row = {
                "item": {"type": "uri", "value": WD.Q100001},
                "itemLabel": {"type": "literal", "value": "Alma Omarova"},
            }
            self._answer({"head": {"vars": []}, "results": {"bindings": [row] if known else []}})

    def _answer(self, told: object) -> None:
        body = json.dumps(told).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def service() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), _Service)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_services_that_are_named_are_asked(service: str) -> None:
    things = [Thing(ALMA, "Person", names=frozenset({"Alma Omarova", "Алма"}))]
    for found in (
        list(ask_reconciliation(f"{service}/reconcile", things)),
        list(ask_endpoint(f"{service}/sparql", things, MINTER)),
    ):
        assert [(each.iri, each.names) for each in found] == [(WD.Q100001, {"Alma Omarova"})]


def test_a_service_that_is_not_there_is_told() -> None:
    with pytest.raises(SourceError, match="no answer"):
        list(ask_reconciliation("http://127.0.0.1:9/", [Thing(ALMA, names=frozenset({"Alma"}))]))
    with pytest.raises(SourceError, match="begins with http"):
        list(ask_endpoint("file:///etc/passwd", [Thing(ALMA, names=frozenset({"Alma"}))], MINTER))
