"""What does not conform: left out with a word on it, or kept out and kept beside the store until dealt with.

With the extractor of `test_pipeline`: "in 2011-13" is its way to say what no gate lets in.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from test_pipeline import CATALOG, INTAKE, MINTER, Extracting, find_protests

from kgraph import pipeline
from kgraph.admission import Origin, Outcome
from kgraph.checking import check
from kgraph.errors import ConfigError, ExtractionError, NotFound
from kgraph.gazetteer import Gazetteer
from kgraph.knowledge_graph import KnowledgeGraph
from kgraph.namespaces import KG, RDF, XSD, shorten
from kgraph.pipeline import Intake
from kgraph.records import Assertion, DamagedReject, Document, Extraction, Literal, Node, Reject
from kgraph.rejects import drop_rejects, find_reject, retry_rejects
from kgraph.settings import Settings
from kgraph.store import Store, open_store
from kgraph.web import create_app

PRUNE = replace(INTAKE, on_violation="prune")
GOOD = "People marched in Kazakhstan in 2011-12."
BAD = "People marched in Kazakhstan in 2011-13."
MIXED = f"{BAD} Others marched in Uzbekistan in 2012-01."


@pytest.fixture(params=["memory", "disk"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    where = tmp_path / "store" if request.param == "disk" else None
    with open_store(where, create=True, lock_wait_s=0.3) as opened:
        yield opened


@pytest.fixture
def note(tmp_path: Path) -> Path:
    return tmp_path / "note.txt"


def _add(
    store: Store, path: Path, text: str, intake: Intake = INTAKE, identity: str | None = None
) -> Outcome:
    path.write_text(text, encoding="utf-8")
    return pipeline.add(store, intake.read(path, identity=identity), intake, Origin.of(path))


def _rejects(store: Store) -> list[Reject]:
    return [entry for entry in store.rejects() if isinstance(entry, Reject)]


def _ask(store: Store, query: str) -> set[str]:
    with store.view() as view:
        return {str(value) for row in view.evaluate(query) for value in row.values()}


PROTESTS = "SELECT ?where { ?e a kg:Protest ; kg:country/rdfs:label ?where }"
DATES = "SELECT ?d { ?e a kg:Protest ; kg:date ?d }"
LEFT_OUT = f"SELECT ?n {{ GRAPH <{CATALOG}> {{ ?d kg:statementsLeftOut ?n }} }}"


# Leaving out what does not conform


def test_what_is_wrong_is_left_out_and_the_rest_is_in_the_store(store: Store, note: Path) -> None:
    outcome = _add(store, note, MIXED, PRUNE)
    assert (outcome.status, outcome.entered, outcome.report.conforms) == ("added", True, True)
    (pruned,) = outcome.pruned
    assert pruned.assertion.object == Literal("2011-13", XSD.gYearMonth)
    assert "“2011-13”" in str(pruned)
    assert BAD in str(pruned)
    assert _ask(store, PROTESTS) == {"Kazakhstan", "Uzbekistan"}
    assert _ask(store, DATES) == {"2012-01"}
    with store.view() as view:
        assert all(checked.report.conforms for checked in check(view, MINTER))


def test_the_extraction_told_is_the_one_that_entered(store: Store, note: Path) -> None:
    outcome = _add(store, note, MIXED, PRUNE)
    assert outcome.extraction is not None
    assert outcome.pruned[0].assertion not in outcome.extraction.assertions
    with store.view() as view:
        assert outcome.triples == len(view.graph(MINTER.document_graph(outcome.document.iri)))


def test_the_catalog_tells_how_many_statements_were_left_out(store: Store, note: Path) -> None:
    _add(store, note, GOOD, PRUNE, "note")
    assert _ask(store, LEFT_OUT) == set()
    _add(store, note, MIXED, PRUNE, "note")
    assert _ask(store, LEFT_OUT) == {"1"}
    _add(store, note, GOOD, PRUNE, "note")
    assert _ask(store, LEFT_OUT) == set()


def test_a_document_of_which_nothing_would_be_left_is_refused_and_kept(store: Store, note: Path) -> None:
    def classless(document: Document, gazetteer: Gazetteer) -> Extraction:
        found = find_protests(document, gazetteer)
        event = next(a for a in found.assertions if a.object == KG.Protest)
        nodes = tuple(node for node in found.nodes if node.iri == event.subject)
        return replace(found, nodes=nodes, assertions=(replace(event, object=KG.NoClass),))

    outcome = _add(store, note, GOOD, replace(PRUNE, extractor=Extracting(classless)))
    assert (outcome.status, outcome.pruned) == ("refused", ())
    assert [entry.report for entry in _rejects(store)] == [outcome.report]


def test_what_no_statement_explains_refuses_the_document(store: Store, note: Path) -> None:
    note.write_text(MIXED, encoding="utf-8")
    document = replace(INTAKE.read(note), sha256="no hash")
    outcome = pipeline.add(store, document, PRUNE)
    assert (outcome.status, outcome.pruned) == ("refused", ())
    assert {result.path for result in outcome.report.violations} == {"kg:sha256"}
    assert [entry.file for entry in _rejects(store)] == [""]


def _place_or_law(document: Document, gazetteer: Gazetteer) -> Extraction:
    """Protests as ever; and Aktau, which is a law to whoever writes of one."""
    found = find_protests(document, gazetteer)
    said, (passage, *_) = list(found.assertions), document.passages
    aktau = MINTER.named("place", "Aktau")
    kind = KG.Law if "law" in document.text else KG.Place
    nodes = (*found.nodes, Node(aktau, "Aktau", mentions=(passage,)))
    said.append(Assertion(aktau, RDF.type, kind, (passage,), 0.9))
    return replace(found, nodes=nodes, assertions=tuple(said))


@pytest.mark.parametrize("intake", [INTAKE, PRUNE])
def test_of_many_files_each_is_pruned_by_itself_and_with_what_went_before(
    store: Store, tmp_path: Path, intake: Intake
) -> None:
    texts = [GOOD, BAD, f"By law, {MIXED}", f"{GOOD} They stayed."]
    files = [tmp_path / f"{number}.txt" for number in range(len(texts))]
    for file, text in zip(files, texts, strict=True):
        file.write_text(text, encoding="utf-8")
    intake = replace(intake, extractor=Extracting(_place_or_law))
    outcomes = [o for _, o in pipeline.add_all(store, files, intake) if isinstance(o, Outcome)]
    pruned = [{shorten(p.assertion.predicate) for p in outcome.pruned} for outcome in outcomes]
    if intake.on_violation == "prune":
        assert [outcome.status for outcome in outcomes] == ["added"] * 4
        assert pruned == [set(), {"kg:date"}, {"kg:date", "rdf:type"}, set()]
        assert store.rejects() == []
    else:
        assert [outcome.status for outcome in outcomes] == ["added", "refused", "refused", "added"]
        assert len(store.rejects()) == 2
    with store.view() as view:
        assert all(checked.report.conforms for checked in check(view, MINTER))


def test_literals_are_found_whatever_form_they_came_in(store: Store, note: Path) -> None:
    def padded(document: Document, gazetteer: Gazetteer) -> Extraction:
        found = find_protests(document, gazetteer)
        event = next(a for a in found.assertions if a.object == KG.Protest)
        toll = replace(event, predicate=KG.deathToll, object=Literal("-007", XSD.integer))
        return replace(found, assertions=(*found.assertions, toll))

    outcome = _add(store, note, GOOD, replace(PRUNE, extractor=Extracting(padded)))
    assert [p.assertion.predicate for p in outcome.pruned] == [KG.deathToll]


def test_a_wrong_setting_of_what_to_do_is_named() -> None:
    with pytest.raises(ConfigError, match="reject or prune"):
        Settings.from_environment({"KGRAPH_ON_VIOLATION": "shrug"})
    assert Settings.from_environment({"KGRAPH_ON_VIOLATION": "prune"}).on_violation == "prune"


# Keeping what was kept out


def test_a_refused_document_is_kept_with_its_report_and_its_file(store: Store, note: Path) -> None:
    outcome = _add(store, note, BAD)
    assert outcome.status == "refused"
    (entry,) = _rejects(store)
    assert (entry.document, entry.report, entry.file) == (outcome.document, outcome.report, str(note))
    assert entry.report.violations


def test_what_enters_or_cannot_be_read_is_not_kept(store: Store, note: Path, tmp_path: Path) -> None:
    _add(store, note, GOOD)
    missing = tmp_path / "missing.txt"
    assert [type(outcome).__name__ for _, outcome in pipeline.add_all(store, [missing], INTAKE)] == [
        "SourceError"
    ]
    assert store.rejects() == []


def test_of_many_files_those_that_are_refused_are_kept(store: Store, tmp_path: Path) -> None:
    files = []
    for number, text in enumerate((GOOD, BAD, "People marched in Chad in 2011-14.", "People sang in Cuba.")):
        files.append(tmp_path / f"{number}.txt")
        files[-1].write_text(text, encoding="utf-8")
    outcomes = [outcome for _, outcome in pipeline.add_all(store, files, INTAKE, encoding="utf-8")]
    assert [o.status for o in outcomes if isinstance(o, Outcome)] == ["added", "refused", "refused", "added"]
    assert [(entry.document.title, entry.encoding) for entry in _rejects(store)] == [
        ("1", "utf-8"),
        ("2", "utf-8"),
    ]


def test_refused_again_the_entry_is_the_newer_one(store: Store, note: Path) -> None:
    _add(store, note, BAD, identity="note")
    _add(store, note, BAD.replace("13", "14"), identity="note")
    (entry,) = _rejects(store)
    assert "2011-14" in str(entry.report)


@pytest.mark.parametrize(("text", "intake"), [(GOOD, INTAKE), (MIXED, PRUNE), (BAD, PRUNE)])
def test_once_the_document_enters_its_entry_is_gone_and_the_others_stay(
    store: Store, note: Path, tmp_path: Path, text: str, intake: Intake
) -> None:
    _add(store, note, BAD, identity="note")
    _add(store, tmp_path / "other.txt", BAD.replace("People", "They"), identity="other")
    assert _add(store, note, text, intake, "note").status == "added"
    assert [entry.document.identity for entry in _rejects(store)] == ["other"]


def test_a_new_version_that_is_refused_is_kept_while_the_old_one_stands(store: Store, note: Path) -> None:
    _add(store, note, GOOD, identity="note")
    assert _add(store, note, BAD, identity="note").status == "refused"
    assert _add(store, note, GOOD, identity="note").status == "unchanged"
    assert [entry.document.text for entry in _rejects(store)] == [BAD]
    assert _ask(store, DATES) == {"2011-12"}


def test_a_reject_changes_nothing_that_a_view_or_a_page_shows(store: Store, note: Path) -> None:
    with store.view() as view:
        version = view.version
    _add(store, note, f"# A secret\n{BAD}", identity="secret")
    with store.view() as view:
        assert view.version == version
        assert view.graph_names() == []
    client = create_app(store, Settings()).test_client()
    (entry,) = _rejects(store)
    key = entry.document.iri.rpartition("/")[2]
    for address in (
        "/",
        "/rejects",
        f"/rejects/{entry.key}.json",
        f"/id/d/{key}",
        f"/graph/d/{key}",
        "/sparql",
    ):
        shown = client.get(address).get_data(as_text=True)
        assert "2011-13" not in shown
        assert str(note.parent) not in shown
        assert "secret" not in shown


@pytest.mark.parametrize("by", ["iri", "key", "d/key", "entry", "identity", "title", "file", "sha256"])
def test_an_entry_is_found_by_each_of_its_names(store: Store, note: Path, by: str) -> None:
    document = _add(store, note, BAD, identity="my note").document
    key = document.iri.rpartition("/")[2]
    name = {
        "iri": document.iri,
        "key": key,
        "d/key": f"d/{key}",
        "entry": _rejects(store)[0].key,
        "identity": "my note",
        "title": "note",
        "file": str(note),
        "sha256": document.sha256,
    }[by]
    found = find_reject(store, name)
    assert isinstance(found, Reject)
    assert found.document == document


def test_a_name_that_none_or_several_have_says_so(store: Store, note: Path) -> None:
    with pytest.raises(NotFound, match="kgraph rejects"):
        find_reject(store, "note")
    _add(store, note, BAD, identity="one")
    _add(store, note, BAD.replace("People", "They"), identity="two")
    with pytest.raises(NotFound, match="2 documents"):
        find_reject(store, "note")


# Trying again


def _blind(document: Document, gazetteer: Gazetteer) -> Extraction:
    """An extractor that has learnt not to take everything for a date."""
    found = find_protests(document, gazetteer)
    return replace(found, assertions=tuple(a for a in found.assertions if a.predicate != KG.date))


def _retry(store: Store, intake: Intake) -> list[str]:
    outcomes = [outcome for _, outcome in retry_rejects(store, _rejects(store), intake)]
    return [outcome.status if isinstance(outcome, Outcome) else "failed" for outcome in outcomes]


def test_a_better_extractor_lets_in_what_was_kept_out(store: Store, note: Path) -> None:
    _add(store, note, BAD)
    assert _retry(store, INTAKE) == ["refused"]
    (entry,) = _rejects(store)
    assert entry.file == str(note)
    assert _retry(store, replace(INTAKE, extractor=Extracting(_blind))) == ["added"]
    assert store.rejects() == []
    assert _ask(store, PROTESTS) == {"Kazakhstan"}


def test_what_was_kept_out_can_be_pruned_later_without_its_file(store: Store, note: Path) -> None:
    document = _add(store, note, MIXED).document
    note.unlink()
    assert _retry(store, PRUNE) == ["added"]
    assert store.rejects() == []
    assert _ask(store, DATES) == {"2012-01"}
    with store.view() as view:
        assert document.text in (view.text(h) for h in _ask(store, "SELECT ?h { ?d kg:textSha256 ?h }"))


def test_a_file_that_has_changed_since_is_not_what_is_tried_again(store: Store, note: Path) -> None:
    _add(store, note, BAD)
    note.write_text("People sang in Cuba.", encoding="utf-8")
    assert _retry(store, PRUNE) == ["added"]
    assert _ask(store, PROTESTS) == {"Kazakhstan"}


def test_a_file_that_is_still_there_is_read_anew_as_it_was_read_before(store: Store, note: Path) -> None:
    note.write_bytes(f"Café. {BAD}".encode("latin-1"))
    ((_, outcome),) = pipeline.add_all(store, [note], INTAKE, identity="café", encoding="latin-1")
    assert isinstance(outcome, Outcome)
    (entry,) = _rejects(store)
    # As if a reader of long ago had read it.
    with store.writer() as writer:
        writer.keep_reject(replace(entry, document=replace(entry.document, title="an old title")))
        writer.commit()
    assert _retry(store, PRUNE) == ["added"]
    assert _ask(store, "SELECT ?t { ?d a kg:Document ; dcterms:title ?t ; dcterms:identifier 'café' }") == {
        "note"
    }
    with store.view() as view:
        assert any("Café" in (view.text(h) or "") for h in _ask(store, "SELECT ?h { ?d kg:textSha256 ?h }"))


def test_an_extraction_of_a_standing_version_that_was_refused_is_tried_again(
    store: Store, note: Path
) -> None:
    _add(store, note, BAD, replace(INTAKE, extractor=Extracting(_blind)))
    assert _add(store, note, BAD, replace(INTAKE, refresh=True)).status == "refused"
    assert len(store.rejects()) == 1
    assert _retry(store, PRUNE) == ["replaced"]
    assert store.rejects() == []


def test_what_is_in_the_store_under_another_name_by_now_is_dealt_with(store: Store, note: Path) -> None:
    _add(store, note, BAD, identity="one")
    _add(store, note, BAD, PRUNE, identity="two")
    assert _retry(store, INTAKE) == ["duplicate"]
    assert store.rejects() == []


def test_an_extractor_that_fails_leaves_the_entry(store: Store, note: Path) -> None:
    def fails(document: Document, gazetteer: Gazetteer) -> Extraction:
        raise ExtractionError(document.title, "fails", "it always does")

    _add(store, note, BAD)
    assert _retry(store, replace(INTAKE, extractor=Extracting(fails))) == ["failed"]
    assert len(store.rejects()) == 1


def test_a_dropped_document_stays_out(store: Store, note: Path) -> None:
    _add(store, note, BAD)
    drop_rejects(store, store.rejects())
    assert store.rejects() == []
    with store.view() as view:
        assert view.graph_names() == []


def test_the_public_face_lists_tries_again_and_drops(tmp_path: Path, note: Path) -> None:
    with open_store(tmp_path / "store", create=True) as store:
        _add(store, note, BAD, identity="one")
        _add(store, note, f"{BAD} So they say.", identity="two")
        folder = tmp_path / "store" / "rejects"
        (folder / f"{'0' * 16}.json").write_text("{", encoding="utf-8")
        graph = KnowledgeGraph(store, Settings(store=tmp_path / "store"))
        assert [type(entry) for entry in graph.rejects()] == [Reject, Reject, DamagedReject]
        graph.drop_reject("0" * 16)
        graph.drop_reject("two")
        (again,) = graph.retry_rejects()
        assert isinstance(again, Outcome)
        assert again.entered
        assert graph.rejects() == []


_REFUSE_FOR_EVER = """
import sys
from pathlib import Path
sys.path.insert(0, {tests!r})
from test_rejects import BAD, INTAKE, PRUNE, _add
from kgraph.store import open_store
folder = Path({folder!r})
with open_store(folder / "store", create=True) as store:
    for n in range(1000):
        print(n, flush=True)
        text = BAD.replace("People", f"People of {{n}}")
        _add(store, folder / f"{{n}}.txt", text, identity=str(n))
        _add(store, folder / f"{{n}}.txt", text, PRUNE, identity=str(n))
"""


def test_killed_at_any_point_a_document_is_in_the_store_or_among_those_kept_out(tmp_path: Path) -> None:
    code = _REFUSE_FOR_EVER.format(tests=str(Path(__file__).parent), folder=str(tmp_path))
    process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    for _ in range(3):
        process.stdout.readline()
    process.kill()
    process.wait()
    process.stdout.close()
    with open_store(tmp_path / "store", create=True) as store:
        assert all(isinstance(entry, Reject) for entry in store.rejects())
        with store.view() as view:
            assert all(checked.report.conforms for checked in check(view, MINTER))
            entered = sum("/graph/d/" in name for name in view.graph_names())
        assert entered + len(store.rejects()) >= 2
        _retry(store, PRUNE)
        assert store.rejects() == []


@pytest.mark.skipif(os.name != "posix", reason="names of files are bytes there")
def test_a_file_whose_name_is_no_text_can_be_kept(store: Store, tmp_path: Path) -> None:
    odd = tmp_path / os.fsdecode(b"no\xfftext.txt")
    _add(store, odd, BAD)
    assert [entry.file for entry in _rejects(store)] == [str(odd)]
