"""The commands as a user types them, on a store on disk."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from pdf_maker import lines, make_pdf
from rdflib import Dataset, Graph

from kgraph.cli import main

NOTE = (
    "On 3 March 2015, authorities blocked Twitter in Kazakhstan. "
    "Officials said that 5 people were killed during the protest in Almaty on 4 March 2015."
)

Kgraph = Callable[..., Result]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with the sample documents in it; tests that change it make their own."""
    path = tmp_path_factory.mktemp("cli") / "store"
    made = CliRunner().invoke(main, ["--store", str(path), "sample"])
    assert made.exit_code == 0, made.output
    return path


@pytest.fixture
def kgraph(store: Path) -> Kgraph:
    return _on(store)


@pytest.fixture
def fresh(tmp_path: Path) -> Kgraph:
    return _on(tmp_path / "store")


def _on(store: Path) -> Kgraph:
    def run(*arguments: str, input: str | None = None) -> Result:  # noqa: A002
        # As to a terminal: click would strip what a document must not send there.
        return CliRunner().invoke(main, ["--store", str(store), *arguments], input=input, color=True)

    return run


@pytest.fixture
def note(tmp_path: Path) -> str:
    path = tmp_path / "note.txt"
    path.write_text(NOTE, encoding="utf-8")
    return str(path)


def test_add_tells_what_entered_and_again_that_nothing_did(fresh: Kgraph, note: str) -> None:
    first = fresh("add", note)
    assert first.exit_code == 0
    assert "Blocking" in first.stdout
    assert fresh("add", note).stdout.startswith("unchanged")


def test_a_report_in_pdf_is_cited_by_its_page(fresh: Kgraph, tmp_path: Path) -> None:
    first, second = NOTE.split(". ", 1)
    other = "Reuters reported that 12 people were killed during the protest in Almaty on 4 March 2015."
    data = make_pdf([lines("A report on what was done."), lines(f"{first}."), lines(f"{second} {other}")])
    report = tmp_path / "report.pdf"
    report.write_bytes(data)
    assert fresh("add", str(report)).exit_code == 0
    assert "blocked Twitter in Kazakhstan.” — report, p. 2" in fresh("show", "Twitter").stdout
    assert fresh("disputes").stdout.count("— report, p. 3") >= 2
    assert fresh("check").exit_code == 0


def test_many_files_are_added_by_several_processes_in_their_order(fresh: Kgraph, tmp_path: Path) -> None:
    files = []
    for number, place in enumerate(("Kazakhstan", "Chad", "Cuba")):
        files.append(tmp_path / f"{number}.txt")
        files[-1].write_text(f"In 2019, authorities in {place} blocked WhatsApp.", encoding="utf-8")
    (tmp_path / "empty.txt").write_bytes(b"")
    paths = [str(files[0]), str(tmp_path / "empty.txt"), str(files[1]), str(files[0]), str(files[2])]
    added = fresh("add", "-j", "2", *paths)
    assert added.exit_code == 3
    assert [line.split()[0] for line in added.stdout.splitlines() if not line.startswith(" ")] == [
        "added", "added", "unchanged", "added",
    ]  # fmt: skip
    told = [line for line in added.stderr.splitlines() if line.startswith("[")]
    assert told == [f"[{number}/5] {path}" for number, path in enumerate(paths, start=1)]
    assert "empty.txt" in added.stderr
    assert fresh("check").exit_code == 0


@pytest.mark.slow
def test_ctrl_c_leaves_whole_documents_and_no_traceback(tmp_path: Path) -> None:
    paths = []
    for number in range(200):
        paths.append(tmp_path / f"{number}.txt")
        paths[-1].write_text(f"In {1900 + number}, authorities in Chad blocked WhatsApp.", encoding="utf-8")
    store = str(tmp_path / "store")
    process = subprocess.Popen(
        [sys.executable, "-m", "kgraph.cli", "--store", store, "add", "-j", "2", *map(str, paths)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip
    assert process.stdout is not None
    assert process.stdout.readline().startswith("added")
    os.killpg(process.pid, signal.SIGINT)  # to the workers too, as a terminal does
    _, err = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "Aborted!" in err
    assert "Traceback" not in err
    kgraph = _on(Path(store))
    assert 0 < len(kgraph("documents").stdout.splitlines()) < 2 * len(paths)
    assert kgraph("check").exit_code == 0


def test_extract_writes_what_add_would_store_and_stores_nothing(
    fresh: Kgraph, note: str, tmp_path: Path
) -> None:
    out = tmp_path / "out.ttl"
    assert fresh("extract", note, "-o", str(out)).exit_code == 0
    assert not (tmp_path / "store").exists()
    fresh("add", note)
    stored = Dataset().parse(data=fresh("export", "--format", "nquads").stdout, format="nquads")
    (name,) = (g.identifier for g in stored.graphs() if "/graph/d/" in str(g.identifier))
    written = {t for t in Graph().parse(out) if "xtractor" not in str(t[1])}
    assert written <= set(stored.graph(name))


def test_a_higher_threshold_lets_fewer_statements_in(fresh: Kgraph, note: str) -> None:
    low = Graph().parse(data=fresh("extract", note, "--min-confidence", "0").stdout)
    high = Graph().parse(data=fresh("extract", note, "--min-confidence", "0.99").stdout)
    assert len(high) < len(low)


def test_query_gives_a_table_or_the_format_asked_for(kgraph: Kgraph) -> None:
    query = "SELECT ?label WHERE { ?c a kg:Country ; rdfs:label ?label } ORDER BY ?label"
    assert "Kazakhstan" in kgraph("query", query).stdout
    rows = json.loads(kgraph("query", query, "--format", "json").stdout)["results"]["bindings"]
    assert "Kazakhstan" in {row["label"]["value"] for row in rows}
    assert kgraph("query", query, "--format", "csv").stdout.splitlines()[0].strip() == "label"


def test_a_query_comes_from_a_file_or_standard_input_too(kgraph: Kgraph, tmp_path: Path) -> None:
    file = tmp_path / "q.rq"
    file.write_text("ASK { ?c a kg:Country }", encoding="utf-8")
    assert kgraph("query", str(file)).stdout.strip() == "yes"
    assert kgraph("query", "-", input="ASK { ?c a kg:NoSuchClass }").stdout.strip() == "no"


def test_a_graph_comes_as_turtle(kgraph: Kgraph) -> None:
    made = kgraph("query", "CONSTRUCT { ?c a kg:Country } WHERE { ?c a kg:Country }")
    assert len(Graph().parse(data=made.stdout, format="turtle")) > 0


def test_show_gives_each_line_with_its_sentence(kgraph: Kgraph) -> None:
    shown = kgraph("show", "Zhanaozen")
    assert shown.exit_code == 0
    assert "went on strike" in shown.stdout


def test_show_of_nothing_suggests_a_near_name(kgraph: Kgraph) -> None:
    shown = kgraph("show", "Zhanaosen")
    assert shown.exit_code == 3
    assert "Zhanaozen" in shown.stderr


def test_disputes_name_both_sides(kgraph: Kgraph) -> None:
    shown = kgraph("disputes").stdout
    assert "225" in shown
    assert "Reuters" in shown


def test_every_saved_question_is_listed_and_can_be_asked(kgraph: Kgraph) -> None:
    from kgraph.query import questions

    listed = kgraph("questions").stdout
    for question in questions():
        assert question.name in listed
        required = [f"{p.name}={p.example}" for p in question.parameters if p.required]
        assert kgraph("ask", question.name, *required).exit_code == 0


def test_a_question_takes_parameters_and_refuses_others(kgraph: Kgraph) -> None:
    there = kgraph("ask", "blocked-platforms", "country=TZ")
    assert "WhatsApp" in there.stdout
    assert "LiveJournal" not in there.stdout
    assert kgraph("ask", "blocked-platforms", "contry=TZ").exit_code == 3
    assert kgraph("ask", "blocked-platforms", "TZ").exit_code == 2


def test_check_tells_that_the_store_conforms(kgraph: Kgraph) -> None:
    checked = kgraph("check")
    assert checked.exit_code == 0
    assert "conform" in checked.stdout


def test_check_fails_for_a_damaged_store(fresh: Kgraph, note: str, tmp_path: Path) -> None:
    from kgraph.store import open_store

    fresh("add", note)
    with open_store(tmp_path / "store") as store, store.view() as view, store.writer() as writer:
        graph = next(name for name in view.graph_names() if "/graph/d/" in name)
        writer.insert(graph, b"<urn:x> <https://w3id.org/kgraph/ontology#deathToll> 3 .")
        writer.commit()
    checked = fresh("check")
    assert checked.exit_code == 1
    assert "deathToll" in checked.stdout


def test_remove_withdraws_a_document(fresh: Kgraph, note: str) -> None:
    fresh("add", note, "--id", "a note")
    assert fresh("remove", "a note").exit_code == 0
    assert fresh("query", "ASK { ?d a kg:Document }").stdout.strip() == "no"
    again = fresh("remove", "a note")
    assert again.exit_code == 3
    assert "kgraph documents" in again.stderr


def test_export_can_be_read_back(kgraph: Kgraph) -> None:
    for name in ("nquads", "trig"):
        assert len(Dataset().parse(data=kgraph("export", "--format", name).stdout, format=name)) > 1000


def test_one_bad_file_does_not_keep_the_others_out(fresh: Kgraph, note: str, tmp_path: Path) -> None:
    binary = tmp_path / "picture.txt"
    binary.write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR")
    added = fresh("add", str(binary), str(tmp_path / "missing.txt"), note)
    assert added.exit_code == 3
    assert "picture.txt" in added.stderr
    assert "missing.txt" in added.stderr
    assert "added" in added.stdout


def test_a_language_that_the_extractor_cannot_do_is_refused_by_name(fresh: Kgraph, tmp_path: Path) -> None:
    file = tmp_path / "note.txt"
    file.write_text("Власти заблокировали доступ к социальным сетям в Казахстане. " * 3, encoding="utf-8")
    added = fresh("add", str(file))
    assert added.exit_code == 3
    assert "English" in added.stderr or "en" in added.stderr


def test_asking_where_no_store_is_says_how_to_make_one(fresh: Kgraph) -> None:
    asked = fresh("query", "ASK {}")
    assert asked.exit_code == 3
    assert "kgraph add" in asked.stderr
    assert "Traceback" not in asked.stderr


def test_a_malformed_query_is_one_line_with_its_place(kgraph: Kgraph) -> None:
    asked = kgraph("query", "SELECT ?x WHERE { ?x a }")
    assert asked.exit_code == 3
    assert len(asked.stderr.strip().splitlines()) <= 3
    assert "line" in asked.stderr.lower() or "1:" in asked.stderr


def test_escape_sequences_of_a_document_do_not_reach_the_terminal(fresh: Kgraph, tmp_path: Path) -> None:
    file = tmp_path / "note.md"
    head = '---\nid: esc\ntitle: "A \\e[31mred\\e[0m note"\nlanguage: en\n---\n'
    file.write_text(head + NOTE, encoding="utf-8")
    shown = [fresh("add", str(file)), fresh("documents"), fresh("show", "Twitter"), fresh("add", str(file))]
    assert "red" in shown[1].stdout
    assert "\x1b" not in "".join(each.stdout + each.stderr for each in shown)


@pytest.mark.parametrize("command", sorted(main.commands))
def test_every_command_says_what_it_does(kgraph: Kgraph, command: str) -> None:
    shown = kgraph(command, "--help")
    assert shown.exit_code == 0
    assert len(shown.stdout.splitlines()) > 3


def test_the_console_script_works_in_a_pipe_that_closes_early(store: Path) -> None:
    command = f"'{sys.executable}' -m kgraph.cli --store '{store}' export | head -c 100"
    ended = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False)
    assert len(ended.stdout) == 100
    assert "Traceback" not in ended.stderr
