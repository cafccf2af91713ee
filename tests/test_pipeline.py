"""Documents in and out of a real store, through the gate, with an extractor of the test's own.

The extractor is a few lines (each sentence that names a country is a protest there), so that
what is tested is the way in and out, not what a better one finds.
"""

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from kgraph import iris, pipeline
from kgraph.checking import check
from kgraph.errors import ConfigError, ExtractionError, GateError, NotFound, SourceError, StoreLocked
from kgraph.gazetteer import Gazetteer
from kgraph.graphs import catalog
from kgraph.iris import Minter
from kgraph.namespaces import KG, RDF, XSD
from kgraph.pipeline import Intake, Outcome
from kgraph.records import Assertion, Document, Extraction, Literal, Node, Passage
from kgraph.settings import Settings
from kgraph.store import Store, open_store

MINTER = Minter()
REFERENCE, CATALOG = MINTER.graph("reference"), MINTER.graph("catalog")


def find_protests(document: Document, gazetteer: Gazetteer) -> Extraction:
    """A protest in each sentence that names a country; "in YYYY-MM" is its date, right or wrong."""
    nodes: dict[str, Node] = {}
    assertions = []
    for passage in document.passages:
        words = passage.text.strip(".").split()
        known = [entry for word in words for entry in gazetteer.find(word) if entry.kind == "Country"][:1]
        for country in known:
            event = iris.unnamed(document.iri, passage.start, "event")
            earlier = nodes.get(country.iri, Node(country.iri, country.label))
            nodes[country.iri] = replace(earlier, mentions=(*earlier.mentions, passage))
            nodes[event] = Node(event, mentions=(passage,))
            said = [(event, RDF.type, KG.Protest), (event, KG.country, country.iri)]
            said += [
                (event, KG.date, Literal(w, XSD.gYearMonth)) for w in words if w[:4].isdigit() and "-" in w
            ]
            assertions += [Assertion(s, p, o, (passage,), 0.9) for s, p, o in said]
    assertions += [
        Assertion(n.iri, RDF.type, KG.Country, n.mentions, 0.9) for n in nodes.values() if n.label is not None
    ]
    return Extraction(document, tuple(nodes.values()), tuple(assertions), "test", "1")


@dataclass(frozen=True)
class Extracting:
    """An extractor of one function."""

    extract: Callable[[Document, Gazetteer], Extraction]
    name: str = "protests"
    version: str = "1"
    languages: tuple[str, ...] = ("en",)


PROTESTS = Extracting(find_protests)
INTAKE = Intake(extractor=PROTESTS)


@pytest.fixture(params=["memory", "disk"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    where = tmp_path / "store" if request.param == "disk" else None
    with open_store(where, create=True, lock_wait_s=0.3) as opened:
        yield opened


@pytest.fixture
def note(tmp_path: Path) -> Path:
    return _write(tmp_path / "note.txt", "People marched in Kazakhstan in 2011-12.")


def _write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def _add(store: Store, path: Path, intake: Intake = INTAKE, identity: str | None = None) -> Outcome:
    return pipeline.add(store, intake.read(path, identity=identity), intake)


def _ask(store: Store, query: str) -> list[str]:
    with store.view() as view:
        return [str(value) for row in view.evaluate(query) for value in row.values()]


def _graphs(store: Store) -> set[str]:
    with store.view() as view:
        return set(view.graph_names())


PLACES = "SELECT ?label WHERE { ?e a kg:Protest ; kg:country/rdfs:label ?label } ORDER BY ?label"


def test_a_document_that_was_added_can_be_asked_for(store: Store, note: Path) -> None:
    outcome = _add(store, note)
    assert outcome.status == "added"
    assert set(_ask(store, PLACES)) == {"Kazakhstan"}
    with store.view() as view:
        assert view.text(_ask(store, "SELECT ?h { ?d kg:textSha256 ?h }")[0]) == outcome.document.text


def test_adding_the_same_again_changes_nothing(store: Store, note: Path) -> None:
    _add(store, note)
    with store.view() as before:
        assert _add(store, note).status == "unchanged"
        assert store.view().version == before.version


def test_the_same_bytes_under_another_name_add_nothing_and_say_so(store: Store, note: Path) -> None:
    first = _add(store, note, identity="one")
    second = _add(store, note, identity="two")
    assert (second.status, second.same_as) == ("duplicate", first.document.iri)
    assert MINTER.document_graph(second.document.iri) not in _graphs(store)


def test_a_new_version_replaces_the_old_one(store: Store, note: Path) -> None:
    _add(store, note, identity="note")
    _write(note, "People marched in Uzbekistan in 2012-01.")
    assert _add(store, note, identity="note").status == "replaced"
    assert set(_ask(store, PLACES)) == {"Uzbekistan"}
    invalidated = "SELECT ?v { ?v prov:wasInvalidatedBy ?a ; kg:sha256 ?h }"
    assert len(_ask(store, invalidated)) == 1
    kazakhstan = _ask(
        store, f"SELECT ?p {{ GRAPH <{REFERENCE}> {{ <{MINTER.known('country', 'KZ')}> ?p ?o }} }}"
    )
    assert not kazakhstan


def test_extracting_again_replaces_what_an_older_extractor_found(store: Store, note: Path) -> None:
    blind = Intake(extractor=Extracting(lambda document, _: Extraction(document, (), (), "blind", "0")))
    _add(store, note, blind)
    assert _add(store, note).status == "unchanged"
    assert _add(store, note, replace(INTAKE, refresh=True)).status == "replaced"
    assert _ask(store, PLACES)


def test_a_refused_document_leaves_no_trace(store: Store, note: Path) -> None:
    _add(store, note, identity="note")
    with store.view() as view:
        version = view.version
    outcome = _add(store, _write(note, "People marched in Kazakhstan in 2011-13."), identity="note")
    assert outcome.status == "refused"
    assert not outcome.entered
    assert "2011-13" in str(outcome.report)
    assert store.view().version == version
    assert _ask(store, "SELECT ?d { ?e a kg:Protest ; kg:date ?d }") == ["2011-12"]


def test_removing_a_document_takes_only_what_it_alone_said(store: Store, tmp_path: Path) -> None:
    kept = _add(store, _write(tmp_path / "a.txt", "People marched in Kazakhstan."), identity="kept")
    gone = _add(
        store, _write(tmp_path / "b.txt", "People sang in Kazakhstan. Others in Uzbekistan."), identity="gone"
    )
    with store.view() as view:
        before = set(view.graph(MINTER.document_graph(kept.document.iri)))
    assert pipeline.remove(store, "gone", INTAKE) == gone.document.title
    with store.view() as view:
        assert set(view.graph(MINTER.document_graph(kept.document.iri))) == before
        assert not view.has_graph(MINTER.document_graph(gone.document.iri))
    known = _ask(store, f"SELECT ?s {{ GRAPH <{REFERENCE}> {{ ?s a kg:Country }} }}")
    assert known == [MINTER.known("country", "KZ")]
    assert _ask(
        store, f"SELECT ?v {{ ?v prov:specializationOf <{gone.document.iri}> ; prov:wasInvalidatedBy ?a }}"
    )


def test_a_removed_document_can_come_back(store: Store, note: Path) -> None:
    _add(store, note)
    pipeline.remove(store, "note", INTAKE)
    assert _add(store, note).status == "added"
    assert _ask(store, PLACES)


@pytest.mark.parametrize("by", ["iri", "key", "title", "identity"])
def test_a_document_is_found_by_each_of_its_names(store: Store, note: Path, by: str) -> None:
    document = _add(store, note, identity="my note").document
    name = {
        "iri": document.iri,
        "key": document.iri.rpartition("/")[2],
        "title": document.title,
        "identity": "my note",
    }[by]
    with store.view() as view:
        assert pipeline.find_document(view, name, MINTER)[0] == document.iri


def test_removing_what_is_not_there_says_so(store: Store) -> None:
    with pytest.raises(NotFound, match="no-such-note"):
        pipeline.remove(store, "no-such-note", INTAKE)


def test_a_name_that_two_documents_share_is_refused_with_both_addresses(store: Store, tmp_path: Path) -> None:
    for folder, text in (("a", "People marched in Kazakhstan."), ("b", "People marched in Uzbekistan.")):
        (tmp_path / folder).mkdir()
        _add(store, _write(tmp_path / folder / "note.txt", text))
    with pytest.raises(NotFound, match="2 documents"):
        pipeline.remove(store, "note", INTAKE)


def test_the_path_of_a_file_is_never_published(store: Store, note: Path) -> None:
    _add(store, note)
    with store.view() as view:
        dumped = b"".join(view.stream("nquads"))
    assert str(note.parent).encode() not in dumped


def test_a_store_full_of_documents_conforms_as_a_whole(store: Store, tmp_path: Path) -> None:
    for number, country in enumerate(("Kazakhstan", "Uzbekistan", "China")):
        _add(store, _write(tmp_path / f"{number}.txt", f"People marched in {country} in 2011-1{number}."))
    with store.view() as view:
        reports = {title: report for _, title, report in check(view, MINTER)}
    assert len(reports) == 4
    assert all(report.conforms for report in reports.values()), str(reports)


def test_a_damaged_graph_is_found_by_checking(store: Store, note: Path) -> None:
    document = _add(store, note).document
    graph_iri = MINTER.document_graph(document.iri)
    with store.writer() as writer:
        writer.insert(graph_iri, f"<{document.iri}/0-event> <{KG.deathToll}> 5 .".encode())
        writer.commit()
    with store.view() as view:
        reports = {title: report for _, title, report in check(view, MINTER)}
    assert not reports[document.title].conforms


def test_a_broken_extractor_leaves_the_store_as_it_was(store: Store, note: Path) -> None:
    def fails(document: Document, gazetteer: Gazetteer) -> Extraction:
        raise ExtractionError(document.title, "fails", "it always does")

    with pytest.raises(ExtractionError):
        _add(store, note, Intake(extractor=Extracting(fails)))
    assert not _graphs(store)


def test_an_extractor_that_makes_up_a_quote_is_refused_by_name(store: Store, note: Path) -> None:
    def invents(document: Document, gazetteer: Gazetteer) -> Extraction:
        honest = find_protests(document, gazetteer)
        made_up = Passage(0, 11, "A new quote")
        said = tuple(replace(a, evidence=(made_up,)) for a in honest.assertions)
        return replace(honest, assertions=said)

    with pytest.raises(ExtractionError, match=r"not in the text.*A new quote"):
        _add(store, note, Intake(extractor=Extracting(invents)))
    assert not _graphs(store)


def test_a_term_that_no_graph_can_hold_keeps_its_document_out_alone(store: Store, tmp_path: Path) -> None:
    def broken(document: Document, gazetteer: Gazetteer) -> Extraction:
        found = find_protests(document, gazetteer)
        if "Chad" not in document.text:
            return found
        said = replace(found.assertions[0], object="https://example.org/no address")
        return replace(found, assertions=(said, *found.assertions[1:]))

    files = [_write(tmp_path / f"{place}.txt", f"People marched in {place}.") for place in ("Chad", "China")]
    intake = Intake(extractor=Extracting(broken))
    (_, first), (_, second) = pipeline.add_all(store, files, intake)
    assert isinstance(first, ExtractionError)
    assert isinstance(second, Outcome)
    assert second.status == "added"


def test_of_many_documents_the_bad_ones_are_singled_out(store: Store, tmp_path: Path) -> None:
    """Some are wrong in themselves, two only beside each other; the rest goes in by few commits."""

    def clashing(document: Document, gazetteer: Gazetteer) -> Extraction:
        found = find_protests(document, gazetteer)
        kind = KG.Law if "second" in document.text else KG.Person
        if "someone" not in document.text:
            return found
        passage, who = document.passages[0], MINTER.named("actor", "someone")
        said = Assertion(who, RDF.type, kind, (passage,), 0.9)
        node = Node(who, "someone", mentions=(passage,))
        return replace(found, nodes=(*found.nodes, node), assertions=(*found.assertions, said))

    texts = [f"Time {n} that people marched in Kazakhstan was 2011-{n % 20:02}." for n in range(40)]
    texts[7] = "The first someone marched in Kazakhstan."
    texts[29] = "The second someone marched in Kazakhstan."
    files = [_write(tmp_path / f"{n}.txt", text) for n, text in enumerate(texts)]
    with store.view() as view:
        before = view.version
    found = [outcome for _, outcome in pipeline.add_all(store, files, Intake(extractor=Extracting(clashing)))]
    refused = {n for n, outcome in enumerate(found) if not outcome.entered}
    assert refused == {n for n in range(40) if not 1 <= n % 20 <= 12 and n != 7} | {29}
    assert "something else as well" in str(found[29].report)
    with store.view() as view:
        assert view.version - before < 40 - len(refused)
        assert all(checked.report.conforms for checked in check(view, MINTER))


def test_an_extractor_that_is_not_installed_is_named_with_those_that_are() -> None:
    with pytest.raises(ConfigError, match=r"'oracle'.*rules"):
        Intake.of(Settings(extractor="oracle"))


def test_a_file_that_cannot_be_read_leaves_the_store_as_it_was(store: Store, tmp_path: Path) -> None:
    with pytest.raises(SourceError):
        _add(store, tmp_path / "missing.txt")
    assert not _graphs(store)


def test_two_threads_that_add_at_once_end_as_if_one_had_gone_first(tmp_path: Path) -> None:
    with open_store(tmp_path / "store", create=True, lock_wait_s=30) as store:
        files = [_write(tmp_path / f"{n}.txt", f"People marched in China in 2011-0{n}.") for n in range(1, 6)]
        threads = [threading.Thread(target=_add, args=(store, file)) for file in files]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(_ask(store, "SELECT ?d { ?e a kg:Protest ; kg:date ?d }")) == 5
        with store.view() as view:
            assert all(checked.report.conforms for checked in check(view, MINTER))


def test_a_second_writer_gets_a_clear_error(tmp_path: Path, note: Path) -> None:
    with open_store(tmp_path / "store", create=True, lock_wait_s=0.1) as store:
        with store.writer(), pytest.raises(StoreLocked, match="try again"):
            _add(store, note)
        assert _add(store, note).status == "added"


_ADD_FOR_EVER = """
import sys
from pathlib import Path
sys.path.insert(0, {tests!r})
from test_pipeline import INTAKE, _add, _write
from kgraph.store import open_store
folder = Path({folder!r})
with open_store(folder / "store", create=True) as store:
    for n in range(1000):
        print(n, flush=True)
        text = f"Rally {{n}} was held in China. Rally {{n}} was held in Kazakhstan."
        _add(store, _write(folder / f"{{n}}.txt", text))
"""


@pytest.mark.parametrize("after", [1, 2, 3])
def test_killed_while_adding_the_store_holds_whole_documents_alone(tmp_path: Path, after: int) -> None:
    code = _ADD_FOR_EVER.format(tests=str(Path(__file__).parent), folder=str(tmp_path))
    process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    for _ in range(after + 1):
        process.stdout.readline()
    process.kill()
    process.wait()
    process.stdout.close()
    with open_store(tmp_path / "store", create=True) as store:
        _add(store, _write(tmp_path / "last.txt", "The last rally was held in Uzbekistan."))
        with store.view() as view:
            assert all(checked.report.conforms for checked in check(view, MINTER))
            documents = [name for name in view.graph_names() if "/graph/d/" in name]
        assert len(documents) >= after + 1
        counts = "SELECT ?n { { SELECT ?g (COUNT(?e) AS ?n) { GRAPH ?g { ?e a kg:Protest } } GROUP BY ?g } }"
        assert sorted(_ask(store, counts)) == ["1"] + ["2"] * (len(documents) - 1)


def test_new_shapes_judge_all_that_is_stored_before_they_hold(
    store: Store, note: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    added = _add(store, note)
    name = MINTER.document_graph(added.document.iri)
    hashed = f"<{MINTER.graph('ontology')}> <{KG.ontologyHash}>"
    with store.view() as view:
        (row,) = view.evaluate(f"SELECT ?hash {{ {hashed} ?hash }}")
    with store.writer() as writer:  # as an older version would have left it
        writer.delete(CATALOG, f'{hashed} "{row["hash"]}" .'.encode())
        writer.insert(CATALOG, f'{hashed} "older" .'.encode())
        writer.insert(name, f'<{added.document.iri}/9-event> <{KG.deathToll}> "many" .'.encode())
        writer.commit()
    other = _write(tmp_path / "other.txt", "People marched in Chad in 2012-01.")
    assert not caplog.messages
    with pytest.raises(GateError, match="does not conform"):
        _add(store, other)
    assert "1 documents" in " ".join(caplog.messages), "what may take long is told"
    with store.view() as view:
        assert len(catalog.documents(view, MINTER)) == 1
    pipeline.remove(store, added.document.iri, INTAKE)
    assert _add(store, other).status == "added"
