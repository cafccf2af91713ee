"""What is the same, as a user of the command line settles it."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from drafts import Enter
from sample_graph import KZ, MINTER, Draft

from kgraph.cli import main
from kgraph.store import Store

pytest.importorskip("rapidfuzz")
pytest.importorskip("anyascii")


@pytest.fixture
def link(store: Store, enter: Enter) -> "Link":
    drafts = [Draft("test/one", "One"), Draft("test/two", "Two")]
    for draft, name in zip(drafts, ("Nursultan Nazarbayev", "Нурсултан Назарбаев"), strict=True):
        p = draft.sentence(f"{name} is president of Kazakhstan.")
        draft.says(p, KZ, "Country", "Kazakhstan")
        draft.says(p, MINTER.named("actor", name), "Person", name, officeOf=KZ)
    enter(*drafts)
    assert store.path is not None
    return Link(store.path)


class Link:
    def __init__(self, path: Path):
        self.path = path

    def __call__(self, *arguments: str) -> Result:
        return CliRunner().invoke(main, ["--store", str(self.path), "link", *arguments])

    def query(self, text: str) -> str:
        return CliRunner().invoke(main, ["--store", str(self.path), "query", text]).stdout


def test_from_candidates_to_a_judgement_and_back(link: Link, tmp_path: Path) -> None:
    shown = link()
    assert shown.exit_code == 0
    assert "Nursultan Nazarbayev  =  Нурсултан Назарбаев" in shown.stdout
    assert "+ same country: KZ" in shown.stdout

    table = tmp_path / "candidates.sssom.tsv"
    assert link("-o", str(table)).exit_code == 0
    empty = link("review", str(table), "--by", "A. Reader")
    assert (empty.exit_code, "1 rows have no verdict yet" in empty.stderr) == (0, True)

    head, _, row = table.read_text(encoding="utf-8").rstrip("\n").rpartition("\n")
    table.write_text(f"{head}\nsame{row}\n", encoding="utf-8")
    assert "1 same" in link("review", str(table), "--by", "A. Reader").stderr
    assert "nothing new; 1 stood already" in link("review", str(table), "--by", "A. Reader").stderr
    assert "actor/nursultan-nazarbayev" in link.query("SELECT DISTINCT ?b { ?a kg:canonical ?b }")
    assert "Nothing that nobody has judged" in link().stderr

    listed = link("judgements").stdout
    assert "same, by A. Reader" in listed
    exported = tmp_path / "links.sssom.tsv"
    assert link("export", "-o", str(exported)).exit_code == 0
    assert "skos:exactMatch" in exported.read_text(encoding="utf-8")

    assert link("withdraw", listed.split()[0]).exit_code == 0
    assert link("judgements").stdout == ""
    assert "(withdrawn)" in link("judgements", "--all").stdout
    assert "0 solutions" in link.query("SELECT DISTINCT ?b { ?a kg:canonical ?b }")

    assert "1 same" in link("review", str(exported), "--by", "whoever").stderr
    assert "2 things are 1" in link("rebuild").stdout


def test_what_is_sure_is_judged_where_that_is_asked_for(link: Link) -> None:
    accepted = link("--accept", "0.9")
    assert "1 same" in accepted.stderr
    assert "by kgraph" in link("judgements").stdout


def test_verdicts_that_are_none_are_told_with_exit_code_1(link: Link, tmp_path: Path) -> None:
    table = tmp_path / "t.tsv"
    table.write_text(
        "verdict\tsubject_id\tpredicate_id\tobject_id\nperhaps\tkgid:actor/a\tskos:exactMatch\tkgid:actor/b\n",
        encoding="utf-8",
    )
    told = link("review", str(table), "--by", "me")
    assert told.exit_code == 1
    assert "'perhaps' is no verdict" in told.stderr


def test_a_judgement_that_no_one_made_cannot_be_withdrawn(link: Link) -> None:
    gone = link("withdraw", "0123456789abcdef")
    assert gone.exit_code == 3
    assert "no judgement that counts" in gone.stderr
