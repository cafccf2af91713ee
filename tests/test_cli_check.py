"""`kgraph check --shapes`: any data with any shapes, and an exit code that one can rely on."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from rdflib import RDF, SH, Graph, Literal, URIRef

from kgraph.cli import main

PREFIXES = """
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix ex: <http://example.org/> .
"""
SHAPES = (
    PREFIXES
    + """
ex:Events a sh:NodeShape ; sh:targetClass ex:Event ;
    sh:property [ sh:path ex:day ; sh:datatype xsd:date ; sh:minCount 1 ] .
"""
)
GOOD = PREFIXES + 'ex:a a ex:Event ; ex:day "2011-12-16"^^xsd:date .'
BAD = PREFIXES + "ex:a a ex:Event ; ex:day 3 ."

Check = Callable[..., Result]


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., str]:
    def written(name: str, text: str | bytes) -> str:
        path = tmp_path / name
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return str(path)

    return written


@pytest.fixture
def check(tmp_path: Path, write: Callable[..., str]) -> Check:
    """The command with the shapes above, and without any store."""
    shapes = write("shapes.ttl", SHAPES)

    def run(*arguments: str, shapes: str = shapes, input: bytes | None = None) -> Result:  # noqa: A002
        command = ["--store", str(tmp_path / "no-store"), "check", "--shapes", shapes, *arguments]
        return CliRunner().invoke(main, command, input=input, color=True)

    return run


def test_the_exit_code_tells_whether_data_conform(check: Check, write: Callable[..., str]) -> None:
    good = check(write("good.ttl", GOOD))
    assert (good.exit_code, good.stdout, good.stderr) == (0, "Conforms.\n", "")
    bad = check(write("bad.ttl", BAD))
    assert bad.exit_code == 1
    assert "“3” (xsd:integer)" in bad.stdout
    assert bad.stdout.endswith("Does not conform: 1 violation.\n")
    assert check(write("good.ttl", GOOD), write("bad.ttl", BAD)).exit_code == 1


@pytest.mark.parametrize("severity", ["sh:Warning", "sh:Info"])
def test_a_warning_does_not_conform_either(check: Check, write: Callable[..., str], severity: str) -> None:
    shapes = write("mild.ttl", SHAPES.replace("sh:minCount", f"sh:severity {severity} ; sh:minCount"))
    checked = check(write("bad.ttl", BAD), "--format", "json", shapes=shapes)
    assert checked.exit_code == 1
    assert json.loads(checked.stdout)["conforms"] is False


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("broken.ttl", PREFIXES + "\nex:a ex:b", "line "),
        ("broken.nt", "<urn:a> <urn:b> 1 .", "line 1"),
        ("broken.jsonld", '{"@id": ', "line 1"),
        ("broken.rdf", "<?xml version='1.0'?><a:b xmlns:a='urn:a:'></a:c>", "RDF/XML"),
        ("latin.ttl", b'<urn:a> <urn:b> "\xe9" .', "UTF-8"),
        ("remote.jsonld", '{"@context": "https://schema.org/", "@id": "urn:a"}', "context"),
        ("quoted.ttl", PREFIXES + "ex:a ex:b <<( ex:a ex:b ex:c )>> .", "triple term"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_read_is_named_with_the_line(
    check: Check, write: Callable[..., str], name: str, text: str | bytes, told: str
) -> None:
    file = write(name, text)
    as_data, as_shapes = check(file), check(write("good.ttl", GOOD), shapes=file)
    for checked in (as_data, as_shapes):
        assert checked.exit_code == 3
        assert file in checked.stderr
        assert told in checked.stderr
        assert checked.stdout == ""


@pytest.mark.parametrize(
    ("shapes", "told"),
    [
        (PREFIXES + "ex:a a ex:Event .", "no shapes"),
        (PREFIXES + "ex:S a sh:NodeShape ; sh:nodeKind sh:IRI .", "target"),
        (PREFIXES + 'ex:S sh:targetNode ex:a ; sh:minCount "one" .', "minCount"),
        (PREFIXES + "ex:S sh:targetNode ex:a ; sh:rule [] .", "sh:rule"),
        (PREFIXES + "ex:S sh:targetNode ex:a ; sh:node ex:S .", "itself"),
        (PREFIXES + "ex:S sh:targetNode ex:a ; sh:pattern \"(\" .", "expression"),
    ],
)  # fmt: skip
def test_shapes_that_cannot_judge_are_told(
    check: Check, write: Callable[..., str], shapes: str, told: str
) -> None:
    checked = check(write("good.ttl", GOOD), shapes=write("other.ttl", shapes))
    assert checked.exit_code == 3
    assert told in checked.stderr
    assert checked.stdout == ""
    assert "Traceback" not in checked.stderr


def test_files_that_are_not_there_and_wrong_usage_are_no_verdict(
    check: Check, write: Callable[..., str], tmp_path: Path
) -> None:
    good = write("good.ttl", GOOD)
    assert check("no-such.ttl").exit_code == 3
    assert check(good, shapes="no-such.ttl").exit_code == 3
    assert check(str(tmp_path)).exit_code == 3
    assert check(good, "-o", str(tmp_path / "nowhere" / "report")).exit_code == 3
    assert check().exit_code == 2
    assert check(good, "--format", "pdf").exit_code == 2
    assert CliRunner().invoke(main, ["check", good]).exit_code == 2
    assert CliRunner().invoke(main, ["check", "--ignore-imports"]).exit_code == 2


def test_shapes_that_look_at_nothing_are_told_of(check: Check, write: Callable[..., str]) -> None:
    nothing = check(write("other.ttl", PREFIXES + "ex:a a ex:Evnt ."))
    assert nothing.exit_code == 0
    assert "nothing was checked" in nothing.stderr
    more = write("more.ttl", PREFIXES + "ex:Idle sh:targetClass ex:Nobody ; sh:nodeKind sh:IRI .")
    some = check("--shapes", more, write("good.ttl", GOOD))
    assert some.exit_code == 0
    assert "1 of 2 shapes" in some.stderr
    assert "http://example.org/Idle" in some.stderr


def test_shapes_that_are_switched_off_are_asked_for(check: Check, write: Callable[..., str]) -> None:
    off = write("off.ttl", PREFIXES + "ex:S sh:targetClass ex:Event ; sh:deactivated true ; sh:in () .")
    checked = check(write("good.ttl", GOOD), shapes=off)
    assert checked.exit_code == 0
    assert "nothing was checked" in checked.stderr


def test_every_serialisation_is_read_by_its_extension_or_its_content(
    check: Check, write: Callable[..., str]
) -> None:
    graph = Graph().parse(data=BAD, format="turtle")
    quads = "# a comment\n" + "".join(
        f"{line[:-1]} <urn:g{n}> .\n"
        for n, line in enumerate(graph.serialize(format="nt").strip().splitlines())
    )
    texts = {
        "ttl": BAD, "nt": graph.serialize(format="nt"), "rdf": graph.serialize(format="xml"), "nq": quads,
        "jsonld": graph.serialize(format="json-ld"),
        "trig": f"{PREFIXES} ex:g {{ ex:a a ex:Event ; ex:day 3 }}",
    }  # fmt: skip
    for extension, text in texts.items():
        for name in ("data.{}", "DATA.{}", "{}-without", "{}.txt"):
            checked = check(write(name.format(extension), text))
            assert checked.exit_code == 1, (name, checked.stderr)
            assert "“3”" in checked.stdout
        assert check("-", input=text.encode()).exit_code == 1
    assert check("data", "--data-format", "turtle").exit_code == 3
    named = check(write("odd.nt", BAD), "--data-format", "turtle")
    assert named.exit_code == 1
    assert check(write("bom.ttl", "\ufeff" + BAD)).exit_code == 1


def test_data_and_shapes_may_come_from_standard_input(check: Check, write: Callable[..., str]) -> None:
    assert check("-", input=BAD.encode()).exit_code == 1
    assert check("-", "--data-format", "trig", input=GOOD.encode()).exit_code == 0
    assert check(write("bad.ttl", BAD), shapes="-", input=SHAPES.encode()).exit_code == 1
    assert check("-", shapes="-", input=(SHAPES + "ex:a a ex:Event .").encode()).exit_code == 1
    broken = check("-", input=b"no Turtle")
    assert broken.exit_code == 3
    assert "kgraph: -:" in broken.stderr


def test_relative_iris_are_resolved_against_the_files_address(
    check: Check, write: Callable[..., str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "sub folder").mkdir()
    shapes = PREFIXES + "<#S> sh:targetNode <../data.ttl#x> ; sh:property [ sh:path <p> ; sh:minCount 1 ] ."
    told = check(write("data.ttl", GOOD), "--format", "json", shapes=write("sub folder/s.ttl", shapes))
    (result,) = json.loads(told.stdout)["reports"][0]["results"]
    assert result["focusNode"] == (tmp_path / "data.ttl").as_uri() + "#x"
    assert result["path"] == (tmp_path / "sub folder" / "p").as_uri()
    assert "%20" in result["path"]
    monkeypatch.chdir(tmp_path / "sub folder")
    assert (
        check("../data.ttl", shapes="../sub folder/s.ttl").stdout
        == check(str(tmp_path / "data.ttl"), shapes="s.ttl").stdout
    )


def test_blank_nodes_of_two_files_are_never_one(check: Check, write: Callable[..., str]) -> None:
    one = write("one.ttl", PREFIXES + "_:a a ex:Event .")
    two = write("two.ttl", PREFIXES + '_:a ex:day "2011-12-16"^^xsd:date .')
    assert check(one, two).exit_code == 1
    assert check(write("both.ttl", Path(one).read_text() + Path(two).read_text())).exit_code == 0


def test_a_file_that_is_shapes_and_data_shares_its_blank_nodes(
    check: Check, write: Callable[..., str], tmp_path: Path
) -> None:
    shapes = PREFIXES + "ex:S sh:targetSubjectsOf ex:q ; sh:property [ sh:path ex:q ; sh:hasValue _:v ] ."
    shared = write("shared.ttl", shapes + "ex:a ex:q _:v .")
    assert check(shared, shapes=shared).exit_code == 0
    assert check(write("copy.ttl", Path(shared).read_text()), shapes=shared).exit_code == 1
    (tmp_path / "link.ttl").symlink_to(shared)
    assert check(str(tmp_path / "link.ttl"), shapes=shared).exit_code == 0


def test_imports_that_are_not_given_are_refused(
    check: Check, write: Callable[..., str], tmp_path: Path
) -> None:
    shapes = write("importing.ttl", SHAPES + "<> owl:imports <other.ttl>, <http://example.org/far> .")
    good = write("good.ttl", GOOD)
    missing = check(good, shapes=shapes)
    assert missing.exit_code == 3
    assert "http://example.org/far" in missing.stderr
    assert "--shapes" in missing.stderr
    assert check(good, "--ignore-imports", shapes=shapes).exit_code == 0
    far = write("far.ttl", PREFIXES + "ex:far a owl:Ontology .")
    still = check("--shapes", far, good, shapes=shapes)
    assert still.exit_code == 3
    assert (tmp_path / "other.ttl").as_uri() in still.stderr
    other = write("other.ttl", PREFIXES + "ex:T sh:targetClass ex:Event ; sh:nodeKind sh:IRI .")
    assert check("--shapes", far, "--shapes", other, good, shapes=shapes).exit_code == 0


def test_the_report_can_be_had_in_rdf(check: Check, write: Callable[..., str], tmp_path: Path) -> None:
    out = tmp_path / "report.ttl"
    assert check(write("bad.ttl", BAD), "--format", "turtle", "-o", str(out)).exit_code == 1
    graph = Graph().parse(out)
    (report,) = graph.subjects(RDF.type, SH.ValidationReport)
    assert graph.value(report, SH.conforms) == Literal(False)
    result = graph.value(report, SH.result)
    assert graph.value(result, SH.resultPath) == URIRef("http://example.org/day")
    conforming = check(write("good.ttl", GOOD), "--format", "turtle")
    assert (None, SH.conforms, Literal(True)) in Graph().parse(data=conforming.stdout, format="turtle")


def test_the_same_files_give_the_same_report(check: Check, write: Callable[..., str]) -> None:
    data = PREFIXES + "[] a ex:Event . [] a ex:Event ; ex:day 1, 2 . _:named a ex:Event ."
    bad = write("blank.ttl", data)
    for format_ in ("text", "json", "html"):
        first, second = check(bad, "--format", format_), check(bad, "--format", format_)
        assert first.stdout == second.stdout
    assert "_:named" in check(bad).stdout


def test_a_page_can_be_had(check: Check, write: Callable[..., str]) -> None:
    page = check(write("bad.ttl", BAD), "--format", "html").stdout
    assert page.startswith("<!doctype html>")
    assert "Does not conform: 1 violation." in page


def test_foreign_data_are_called_by_their_own_names(check: Check, write: Callable[..., str]) -> None:
    names = '<http://xmlns.com/foaf/0.1/name> "the march" . ex:day <http://www.w3.org/2004/02/skos/core#prefLabel>'
    shown = check(write("bad.ttl", f'{BAD} ex:a {names} "takes place on"@en .')).stdout
    assert "the march (http://example.org/Event)" in shown
    assert "takes place on (http://example.org/day): “3”" in shown


def test_what_data_say_moves_no_cursor(check: Check, write: Callable[..., str]) -> None:
    odd = BAD.replace(" 3 ", ' "\\u001b[31m3\\u009b\\u202e" ')
    for format_ in ("text", "turtle", "json", "html"):
        shown = check(write("odd.ttl", odd), "--format", format_)
        assert shown.exit_code == 1
        assert not set("\x1b\x9b") & set(shown.stdout + shown.stderr)


def test_the_store_is_reported_on_in_every_format(tmp_path: Path) -> None:
    def kgraph(*arguments: str) -> Result:
        return CliRunner().invoke(main, ["--store", str(tmp_path / "store"), *arguments], color=True)

    note = tmp_path / "note.txt"
    note.write_text("On 3 March 2015, authorities blocked Twitter in Kazakhstan.", encoding="utf-8")
    assert kgraph("add", str(note)).exit_code == 0
    told = json.loads(kgraph("check", "--format", "json").stdout)
    assert told["conforms"] is True
    assert [report["title"] for report in told["reports"]] == ["note", "all documents together"]
    assert "2 of 2 graphs conform." in kgraph("check").stdout
    assert "2 of 2 graphs conform." in kgraph("check", "--format", "html").stdout
    graph = Graph().parse(data=kgraph("check", "--format", "turtle").stdout, format="turtle")
    assert len(list(graph.subjects(RDF.type, SH.ValidationReport))) == 2


def test_files_are_checked_from_python_too(write: Callable[..., str]) -> None:
    from kgraph.shacl import check_files

    shapes = write("shapes.ttl", SHAPES)
    report = check_files([shapes], [Path(write("bad.ttl", BAD))])
    assert [str(result.path) for result in report.results] == ["http://example.org/day"]
    assert check_files([shapes], [write("good.ttl", GOOD)]).conforms
