"""What was left out and what was kept out, as a user of the command line sees it."""

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from rdflib import RDF, SH, BNode, Graph, Literal

from kgraph.cli import main
from kgraph.records import Reject
from kgraph.store import open_store

GOOD = "People marched in Uzbekistan in 2012-01."
BAD = "People marched in Kazakhstan in 2011-13."

_METADATA = "Metadata-Version: 2.1\nName: protests\nVersion: 1\n"
_ENTRY_POINT = "[kgraph.extractors]\nprotests = test_pipeline:PROTESTS\n"


class Kgraph:
    """The command, on a store of its own, with the extractor of `test_pipeline` as one that is installed."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.store = folder / "store"

    def __call__(self, *arguments: str) -> Result:
        return CliRunner().invoke(main, ["--store", str(self.store), *arguments], color=True)

    def add(self, text: str, *options: str, name: str = "note.txt") -> Result:
        (self.folder / name).write_text(text, encoding="utf-8")
        return self("add", "--extractor", "protests", *options, str(self.folder / name))


@pytest.fixture
def kgraph(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Kgraph:
    installed = tmp_path / "site" / "protests-1.dist-info"
    installed.mkdir(parents=True)
    (installed / "METADATA").write_text(_METADATA, encoding="utf-8")
    (installed / "entry_points.txt").write_text(_ENTRY_POINT, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path / "site")
    monkeypatch.setenv("KGRAPH_EXTRACTOR", "protests")
    return Kgraph(tmp_path)


def test_prune_tells_each_statement_that_it_leaves_out_with_its_sentence(kgraph: Kgraph) -> None:
    added = kgraph.add(f"{BAD} {GOOD}", "--on-violation", "prune")
    assert added.exit_code == 0
    assert "left out 1 statement that" in added.stdout
    (line,) = [line for line in added.stderr.splitlines() if line.startswith("left out")]
    assert "kg:date “2011-13”" in line
    assert BAD in line
    assert "xsd:gYearMonth" in line
    assert kgraph("check").exit_code == 0
    assert kgraph("rejects").stdout == ""


def test_prune_is_a_setting_too(kgraph: Kgraph, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KGRAPH_ON_VIOLATION", "prune")
    assert kgraph.add(BAD, "--on-violation", "reject").exit_code == 1
    assert kgraph.add(BAD).exit_code == 0
    assert kgraph.add(BAD, "--on-violation", "shrug").exit_code == 2


def test_a_refused_document_is_listed_with_its_file_until_it_enters(kgraph: Kgraph) -> None:
    refused = kgraph.add(BAD, "--id", "note")
    assert refused.exit_code == 1
    assert "kgraph rejects" in refused.stdout
    listed = kgraph("rejects")
    assert listed.exit_code == 0
    title, told, address = listed.stdout.splitlines()
    assert title == "note"
    assert told.startswith("  1 violation, refused 20")
    assert told.endswith(f"from {kgraph.folder / 'note.txt'}")
    assert "/id/d/" in address
    assert kgraph.add(GOOD, "--id", "note").exit_code == 0
    listed = kgraph("rejects")
    assert (listed.exit_code, listed.stdout) == (0, "")
    assert "Nothing" in listed.stderr


def test_show_prints_the_report_in_full(kgraph: Kgraph) -> None:
    report = kgraph.add(BAD).stderr.strip()
    shown = kgraph("rejects", "show", "note")
    assert shown.exit_code == 0
    assert report in shown.stdout
    assert BAD in shown.stdout


def test_show_gives_the_report_in_rdf(kgraph: Kgraph) -> None:
    kgraph.add(BAD)
    shown = kgraph("rejects", "show", "note", "--format", "turtle")
    graph = Graph().parse(data=shown.stdout, format="turtle")
    assert len(list(graph.subjects(RDF.type, SH.ValidationReport))) == 1


def test_show_gives_the_report_as_a_page_and_as_json(kgraph: Kgraph) -> None:
    kgraph.add(BAD)
    page = kgraph("rejects", "show", "note", "--format", "html").stdout
    assert page.startswith("<!doctype html>")
    assert "a range of years?" in page
    (report,) = json.loads(kgraph("rejects", "show", "note", "--format", "json").stdout)["reports"]
    assert (report["title"], report["conforms"]) == ("note", False)
    assert report["results"][0]["sentence"] == BAD
    out = kgraph.folder / "why.html"
    assert kgraph("rejects", "show", "note", "--format", "html", "-o", str(out)).exit_code == 0
    assert out.read_text(encoding="utf-8") == page


def test_a_refused_document_is_told_of_by_sentence_with_what_to_do(kgraph: Kgraph) -> None:
    told = kgraph.add(BAD).stderr
    assert "kg:date)" in told
    assert "“2011-13” (xsd:gYearMonth)" in told
    assert "2011-13 is no month; did the text say 2011–13, a range of years?" in told
    assert f"“{BAD}”" in told
    assert told.endswith("Does not conform: 1 violation.\n")


def test_names_that_nobody_has_are_told(kgraph: Kgraph) -> None:
    kgraph.add(GOOD)
    for command in ("show", "drop", "retry"):
        told = kgraph("rejects", command, "no-such-note")
        assert told.exit_code == 3
        assert "no-such-note" in told.stderr
        assert "Traceback" not in told.stderr


def test_drop_takes_those_named_or_all(kgraph: Kgraph) -> None:
    for name in ("a", "b", "c"):
        kgraph.add(BAD.replace("People", name.upper()), name=f"{name}.txt")
    assert kgraph("rejects", "drop").exit_code == 2
    assert kgraph("rejects", "drop", "a", "--all").exit_code == 2
    assert kgraph("rejects", "drop", "a").stdout == "dropped    a\n"
    assert kgraph("rejects").stdout.splitlines()[::3] == ["b", "c"]
    assert kgraph("rejects", "drop", "--all").exit_code == 0
    assert kgraph("rejects").stdout == ""


def test_retry_tells_what_became_of_each_as_add_does(kgraph: Kgraph) -> None:
    kgraph.add(f"{BAD} {GOOD}", name="a.txt")
    kgraph.add(f"{BAD} Others stayed.", name="b.txt")
    again = kgraph("rejects", "retry")
    assert again.exit_code == 1
    assert again.stdout.count("refused") == 2
    pruned = kgraph("rejects", "retry", "a", "--on-violation", "prune")
    assert pruned.exit_code == 0
    assert "added" in pruned.stdout
    assert "left out" in pruned.stderr
    assert kgraph("rejects").stdout.splitlines()[::3] == ["b"]


def test_a_damaged_entry_is_told_and_can_be_dropped(kgraph: Kgraph) -> None:
    kgraph.add(BAD)
    broken = kgraph.store / "rejects" / f"{'0' * 16}.json"
    broken.write_text("{ \x1b[31m", encoding="utf-8")
    listed = kgraph("rejects")
    assert listed.exit_code == 0
    assert listed.stdout.startswith("note")
    assert f"kgraph rejects drop {'0' * 16}" in listed.stderr
    assert kgraph("rejects", "show", "0" * 16).exit_code == 3
    assert kgraph("rejects", "retry", "--on-violation", "prune").exit_code == 0
    assert kgraph("rejects", "drop", "0" * 16).exit_code == 0
    assert not broken.exists()


def test_what_a_document_says_moves_no_cursor(kgraph: Kgraph) -> None:
    head = '---\nid: esc\ntitle: "A \\e[31mred\\e[0m\\x9b note"\nlanguage: en\n---\n'
    odd = os.fsdecode(b"no\xfftext\x1b[31m.md")
    added = kgraph.add(head + BAD.replace("People", "\x1b[31mPeople\x9b"), name=odd)
    assert added.exit_code == 1
    shown = [
        added,
        kgraph("rejects"),
        kgraph("rejects", "show", "esc"),
        kgraph("rejects", "show", "esc", "--format", "turtle"),
        kgraph("rejects", "retry", "esc", "--on-violation", "prune"),
    ]
    assert "red" in shown[1].stdout
    for each in shown:
        assert not {"\x1b", "\x9b", "\r"} & set(each.stdout + each.stderr)


def test_control_characters_in_the_rdf_report_are_escaped_and_read_back(kgraph: Kgraph) -> None:
    kgraph.add(BAD)
    odd = Literal("2011\x1b[31m-13\r\x9b\n\t!")
    rdf = Graph().add((BNode(), SH.value, odd)).serialize(format="turtle")
    with open_store(kgraph.store) as store, store.writer() as writer:
        (entry,) = store.rejects()
        assert isinstance(entry, Reject)
        writer.keep_reject(replace(entry, report=replace(entry.report, rdf=rdf)))
        writer.commit()
    shown = kgraph("rejects", "show", "note", "--format", "turtle").stdout
    assert not {"\x1b", "\x9b", "\r"} & set(shown)
    assert list(Graph().parse(data=shown, format="turtle").objects()) == [odd]


def test_without_a_store_there_is_nothing_to_list(kgraph: Kgraph) -> None:
    listed = kgraph("rejects")
    assert listed.exit_code == 3
    assert "kgraph add" in listed.stderr


@pytest.mark.parametrize("command", ["show", "drop", "retry"])
def test_each_command_says_what_it_does(kgraph: Kgraph, command: str) -> None:
    shown = kgraph("rejects", command, "--help")
    assert shown.exit_code == 0
    assert len(shown.stdout.splitlines()) > 3
