"""Documents that the gate kept out: what holds for every store, and what files on disk have to stand."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kgraph.errors import StoreError
from kgraph.records import DamagedReject, Document, Literal, Passage, Reject, Report, Result
from kgraph.store import Store, open_store
from kgraph.store.rejects import from_json, to_json

NOON = datetime(2026, 11, 9, 12, tzinfo=UTC)


def reject(identity: str = "a", *, at: datetime = NOON, text: str = "Жаңаөзен. \x1b[31mRed.") -> Reject:
    document = Document(
        iri=f"https://example.org/id/d/{identity}",
        identity=identity,
        sha256="ab" * 32,
        text=text,
        passages=(Passage(0, 9, text[0:9]), Passage(10, len(text), text[10:], "list", page=3)),
        title=f"Note {identity} \ud800",
        language="kk",
        creators=("A. Writer", "B. Writer"),
        issued=date(2026, 11, 8),
        source="https://example.org/a",
    )
    result = Result(
        "https://example.org/e", "a strike", ("kg:Strike",), "kg:date", "2014-13", "No month.", "Violation",
        "NodeConstraintComponent", "kgs:date-value", "Жаңаөзен.", "Note",
        Literal("2014-13", "http://www.w3.org/2001/XMLSchema#gYearMonth"),
    )  # fmt: skip
    results = (result, replace(result, term="https://example.org/x"), replace(result, term=None))
    report = Report(False, results, "[] a <http://www.w3.org/ns/shacl#ValidationReport> .")
    return Reject(document, report, at, "/home/someone/note.txt", "windows-1251")


def keep(store: Store, *rejects: Reject) -> int:
    with store.writer() as writer:
        for each in rejects:
            writer.keep_reject(each)
        return writer.commit()


def drop(store: Store, *keys: str) -> None:
    with store.writer() as writer:
        for key in keys:
            writer.drop_reject(key)
        writer.commit()


# What holds for every store


def test_a_new_store_has_kept_nothing_out(store: Store) -> None:
    assert store.rejects() == []


def test_what_was_kept_out_comes_back_as_it_was_and_the_graph_is_not_touched(store: Store) -> None:
    assert keep(store, reject()) == 0
    assert store.rejects() == [reject()]
    with store.view() as view:
        assert view.version == 0
        assert view.graph_names() == []


def test_they_come_the_oldest_first(store: Store) -> None:
    late, early = reject("a", at=NOON.replace(hour=13)), reject("b")
    keep(store, late, early)
    assert store.rejects() == [early, late]


def test_a_later_report_on_a_document_takes_the_place_of_the_one_before(store: Store) -> None:
    keep(store, reject("a"), reject("b"))
    again = reject("a", at=NOON.replace(hour=13))
    keep(store, again)
    assert store.rejects() == [reject("b"), again]


def test_one_that_is_dropped_is_gone_and_the_others_stay(store: Store) -> None:
    keep(store, reject("a"), reject("b"))
    drop(store, reject("a").key)
    drop(store, reject("a").key)
    assert store.rejects() == [reject("b")]


def test_what_is_not_committed_is_not_kept(store: Store) -> None:
    with store.writer() as writer:
        writer.keep_reject(reject())
    assert store.rejects() == []


def test_entries_change_with_the_commit_of_the_graph(store: Store) -> None:
    keep(store, reject())
    with store.writer() as writer:
        writer.insert("https://example.org/g", b"<urn:s> <urn:p> <urn:o> .")
        writer.drop_reject(reject().key)
        assert store.rejects() == [reject()]
        assert writer.commit() == 1
    assert store.rejects() == []


@pytest.mark.parametrize("key", ["", "../format", "A" * 16, "é" * 16, "ab" * 32])
def test_only_a_hash_names_an_entry(store: Store, key: str) -> None:
    with store.writer() as writer, pytest.raises(ValueError, match="no key"):
        writer.drop_reject(key)


def test_no_view_shows_what_was_kept_out(store: Store) -> None:
    keep(store, reject())
    with store.view() as view:
        assert b"someone" not in b"".join(view.stream("nquads"))
        assert view.text("ab" * 32) is None


# On disk


def _file(tmp_path: Path, entry: Reject) -> Path:
    return tmp_path / "store" / "rejects" / f"{entry.key}.json"


def test_they_outlive_the_process(disk: Store, tmp_path: Path) -> None:
    keep(disk, reject())
    disk.close()
    with open_store(tmp_path / "store") as again:
        assert again.rejects() == [reject()]


def test_no_title_or_identity_gets_into_the_name_of_a_file(disk: Store, tmp_path: Path) -> None:
    keep(disk, reject("../../../up"), reject("x/\x00y"), reject("z" * 1000))
    names = [path.name for path in (tmp_path / "store" / "rejects").iterdir()]
    assert sorted(names) == sorted(f"{reject(i).key}.json" for i in ("../../../up", "x/\x00y", "z" * 1000))
    assert len(disk.rejects()) == 3


def test_an_entry_holds_no_character_that_moves_a_cursor(disk: Store, tmp_path: Path) -> None:
    keep(disk, reject())
    assert all(byte == 0x0A or 0x20 <= byte < 0x7F for byte in _file(tmp_path, reject()).read_bytes())


_WHOLE = json.loads(to_json(reject("a")))


@pytest.mark.parametrize(
    "damaged",
    [
        b"",
        b"{",
        to_json(reject("a"))[:500],
        b"\xff\xfe",
        b"[]",
        b"[" * 100_000,
        json.dumps({**_WHOLE, "format": 99}).encode(),
        json.dumps({**_WHOLE, "refused_at": "noon"}).encode(),
        json.dumps({**_WHOLE, "refused_at": "2026-11-09T12:00:00"}).encode(),
        json.dumps({**_WHOLE, "passages": [[0]]}).encode(),
        json.dumps({**_WHOLE, "document": {**_WHOLE["document"], "title": 5}}).encode(),
        json.dumps({**_WHOLE, "document": {}}).encode(),
        json.dumps({**_WHOLE, "results": [{}]}).encode(),
        json.dumps({key: value for key, value in _WHOLE.items() if key != "report"}).encode(),
        to_json(reject("other")),
    ],
)
def test_an_entry_that_is_damaged_is_told_and_the_others_are_there(
    disk: Store, tmp_path: Path, damaged: bytes
) -> None:
    keep(disk, reject("a"), reject("b"))
    _file(tmp_path, reject("a")).write_bytes(damaged)
    whole, broken = disk.rejects()
    assert whole == reject("b")
    assert isinstance(broken, DamagedReject)
    assert broken.key == reject("a").key
    assert broken.reason
    drop(disk, broken.key)
    assert disk.rejects() == [reject("b")]


def test_what_else_lies_in_the_folder_is_left_alone(disk: Store, tmp_path: Path) -> None:
    keep(disk, reject())
    folder = tmp_path / "store" / "rejects"
    (folder / "note.json").write_text("mine", encoding="utf-8")
    (folder / f"{reject('b').key}.json").mkdir()
    whole, broken = disk.rejects()
    assert whole == reject()
    assert isinstance(broken, DamagedReject)
    drop(disk, reject().key)
    assert (folder / "note.json").read_text(encoding="utf-8") == "mine"


def test_what_a_killed_writer_left_half_written_is_no_entry_and_is_cleared(
    disk: Store, tmp_path: Path
) -> None:
    keep(disk, reject("a"))
    half = _file(tmp_path, reject("b")).with_suffix(".json.new")
    half.write_bytes(to_json(reject("b"))[:300])
    assert disk.rejects() == [reject("a")]
    keep(disk, reject("c"))
    assert not half.exists()


def test_a_successful_commit_makes_no_folder_for_nothing(disk: Store, tmp_path: Path) -> None:
    drop(disk, reject().key)
    assert not (tmp_path / "store" / "rejects").exists()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_an_entry_that_may_not_be_read_is_told(disk: Store, tmp_path: Path) -> None:
    keep(disk, reject())
    _file(tmp_path, reject()).chmod(0)
    (broken,) = disk.rejects()
    assert isinstance(broken, DamagedReject)


def test_a_store_that_is_gone_says_so(disk: Store, tmp_path: Path) -> None:
    (tmp_path / "store" / "format.json").unlink()
    with pytest.raises(StoreError, match="no store"):
        disk.rejects()


_KEEP_FOR_EVER = """
import sys
from pathlib import Path
sys.path.insert(0, {tests!r})
from test_store_rejects import NOON, keep, reject
from kgraph.store import open_store
with open_store(Path({store!r})) as store:
    for n in range(100_000):
        keep(store, reject("a", text=f"{{n}} " + "x" * 300_000))
        print(n, flush=True)
"""


def test_a_reader_never_sees_half_an_entry_and_neither_does_who_comes_after_a_crash(
    disk: Store, tmp_path: Path
) -> None:
    code = _KEEP_FOR_EVER.format(tests=str(Path(__file__).parent), store=str(tmp_path / "store"))
    process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    process.stdout.readline()
    seen = [disk.rejects() for _ in range(50)]
    process.stdout.readline()
    process.kill()
    process.wait()
    process.stdout.close()
    for entries in [*seen, disk.rejects()]:
        (entry,) = entries
        assert isinstance(entry, Reject)
        assert len(entry.document.text) > 300_000
    keep(disk, reject("a"))
    assert disk.rejects() == [reject("a")]


@given(text=st.text(), title=st.text(), file=st.text())
def test_an_entry_is_read_as_it_was_written(text: str, title: str, file: str) -> None:
    entry = reject(text=f"0123456789{text}")
    entry = replace(entry, document=replace(entry.document, title=title), file=file)
    assert from_json(to_json(entry)) == entry
