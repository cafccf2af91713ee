"""SSSOM out and in: what is written is valid, read by others, and read back as it was."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from drafts import Enter
from sample_graph import KZ, MINTER, UZ, Draft

from kgraph.errors import SourceError
from kgraph.linking import (
    Candidate,
    Judgement,
    Score,
    Thing,
    read_judgements,
    read_table,
    record,
    write_candidates,
    write_judgements,
)
from kgraph.namespaces import SKOS
from kgraph.store import Store

NOW = datetime(2026, 5, 6, 7, 8, 9, tzinfo=UTC)
ALMA, BOLAT = MINTER.named("actor", "Alma"), MINTER.named("actor", "Bolat")
THERE = "http://www.wikidata.org/entity/Q1"
ELSEWHERE = "https://example.org/people?id=7"

MADE = (
    Judgement(
        ALMA, THERE, "same", "A. Reader", NOW, likeness=0.93,
        reasons=("+ same name: “Alma”", "+ same country: KZ"), sources=("https://example.org/proof",),
    ),
    Judgement(ALMA, BOLAT, "different", "A. Reader", NOW),
    Judgement(BOLAT, ELSEWHERE, "same", "B. Judge", NOW, relation=SKOS.closeMatch),
)  # fmt: skip


def written() -> bytes:
    return write_judgements([*MADE, Judgement(KZ, ALMA, "unsure", "A. Reader", NOW)], {ALMA: "Alma"}, MINTER)


def proposed() -> bytes:
    pair = Candidate(
        Thing(ALMA, names=frozenset({"Alma"})),
        Thing(BOLAT, names=frozenset({"Bolat"})),
        Score(0.75, ("+ like names",)),
    )
    return write_candidates([pair], MINTER, NOW)


def test_judgements_come_back_from_a_table_as_they_were() -> None:
    read = read_table(written(), "links.tsv", MINTER, by="nobody", now=NOW)
    assert (read.skipped, read.empty) == ((), 0)
    assert [(each.pair, each.verdict, each.relation, each.by) for each in read.judgements] == [
        (each.pair, each.verdict, each.relation, each.by) for each in MADE
    ]
    first = read.judgements[0]
    assert (first.likeness, first.sources, first.reasons) == (0.93, MADE[0].sources, MADE[0].reasons)


@pytest.mark.filterwarnings("ignore")  # of pandas, at what sssom-py calls
@pytest.mark.parametrize("table", [written, proposed])
def test_sssom_py_reads_every_row_and_finds_the_table_valid(
    table: Callable[[], bytes], shared: Path, tmp_path: Path
) -> None:
    parsers, writers = pytest.importorskip("sssom.parsers"), pytest.importorskip("sssom.writers")
    jsonschema = pytest.importorskip("jsonschema")
    file = tmp_path / "table.sssom.tsv"
    file.write_bytes(table())
    read = parsers.parse_sssom_table(str(file))
    lines = [line for line in table().decode().splitlines() if not line.startswith("#")]
    assert len(read.df) == len(lines) - 1
    schema = json.loads((shared / "schemas/sssom/sssom_schema.schema.json").read_text(encoding="utf-8"))
    told = {key: value for key, value in writers.to_json(read).items() if not key.startswith("@")}
    jsonschema.validate(told, {**schema, "$ref": "#/$defs/MappingSet"})
    assert len(told["mappings"]) == len(lines) - 1


def test_a_filled_in_verdict_counts_and_an_empty_one_does_not() -> None:
    table = proposed().decode()
    read = read_table(table.encode(), "c.tsv", MINTER, by="C. Checker", now=NOW)
    assert (read.judgements, read.empty) == ((), 1)
    head, _, row = table.rstrip("\n").rpartition("\n")
    filled = f"{head}\nDifferent{row}\n"
    (judgement,) = read_table(filled.encode(), "c.tsv", MINTER, by="C. Checker", now=NOW).judgements
    assert (judgement.verdict, judgement.by, judgement.likeness) == ("different", "C. Checker", 0.75)
    assert judgement.justification == "ManualMappingCuration"
    read = read_table(f"{head}\nyes{row}\n".encode(), "c.tsv", MINTER, by="C. Checker", now=NOW)
    assert "'yes' is no verdict" in read.skipped[0]


def test_what_is_no_table_of_mappings_is_told() -> None:
    with pytest.raises(SourceError, match="subject_id"):
        read_table(b"a\tb\n1\t2\n", "x.tsv", MINTER, by="me", now=NOW)
    table = b"subject_id\tpredicate_id\tobject_id\nnowhere:1\tskos:exactMatch\tkgid:actor/alma\n"
    with pytest.raises(SourceError, match="line 2: the prefix of 'nowhere:1'"):
        read_table(table, "x.tsv", MINTER, by="me", now=NOW)


def test_rows_that_are_none_of_ours_are_passed_over_and_told() -> None:
    rows = [
        f"wd:Q1\tskos:exactMatch\t{ELSEWHERE}",
        "kgid:actor/alma\tskos:broadMatch\twd:Q1",
        "wd:Q1\towl:sameAs\tkgid:actor/alma",
    ]
    table = "subject_id\tpredicate_id\tobject_id\n" + "\n".join(rows) + "\n"
    read = read_table(table.encode(), "x.tsv", MINTER, by="me", now=NOW)
    assert [reason.split(":")[0] for reason in read.skipped] == ["line 2", "line 3"]
    (judgement,) = read.judgements
    assert (judgement.one, judgement.other, judgement.relation) == (ALMA, THERE, SKOS.exactMatch)


def test_a_proved_list_of_links_goes_in_and_again(shared: Path, store: Store, enter: Enter) -> None:
    draft = Draft("test/one", "One")
    p = draft.sentence("Kazakhstan and Uzbekistan.")
    draft.says(p, KZ, "Country", "Kazakhstan")
    draft.says(p, UZ, "Country", "Uzbekistan")
    enter(draft)
    path = shared / "links/seed-links.sssom.tsv"
    rows = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("#")][1:]
    read = read_table(path.read_bytes(), path.name, MINTER, by="the list", now=NOW)
    assert (len(read.judgements), read.skipped) == (len(rows), ())
    assert len(record(store, read.judgements).made) == len(rows)
    assert record(store, read.judgements).unchanged == len(rows)
    with store.view() as view:
        kept = read_judgements(view, MINTER)
        links = view.evaluate(
            "SELECT ?o WHERE { GRAPH ?g { ?s skos:exactMatch ?o } }",
            bindings={"g": MINTER.graph("links"), "s": KZ},
        )
        assert "http://www.wikidata.org/entity/Q232" in {str(row["o"]) for row in links}
    assert any("https://github.com/datasets/country-codes" in each.sources for each in kept)
