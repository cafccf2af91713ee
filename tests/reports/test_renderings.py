"""Reports as text, HTML, JSON and Turtle: all that they say, and nothing that the data would have them do."""

import json
import re
import unicodedata
from dataclasses import fields, replace
from html.parser import HTMLParser
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rdflib import RDF, SH, Graph

from kgraph.records import Literal, Report, Result
from kgraph.reports import render_html, render_json, render_text, render_turtle

RESULT = Result(
    focus="https://example.org/strike",
    label="the strike",
    classes=("kg:Strike",),
    path="kg:endDate",
    value="2011-13",
    message="This has to be a date.",
    severity="Violation",
    component="OrConstraintComponent",
    shape="kgs:date",
    sentence="It went on in 2011-13.",
    document="A note",
    term=Literal("2011-13", "http://www.w3.org/2001/XMLSchema#gYearMonth"),
    path_words="ends on (kg:endDate)",
    expected="The value has to be a day.",
    suggestion="did the text say 2011–13?",
)
OTHER = replace(
    RESULT, focus="_:n1", label="_:n1", classes=(), severity="Warning", document="", sentence="", term=None
)
RDF_REPORT = "[] a <http://www.w3.org/ns/shacl#ValidationReport> ."
REPORT = Report(conforms=False, results=(RESULT, OTHER), rdf=RDF_REPORT)
GOOD = Report(conforms=True, rdf=RDF_REPORT)

SAID = (
    "the strike", "kg:Strike", "ends on (kg:endDate)", "“2011-13” (xsd:gYearMonth)", "This has to be a date.",
    "The value has to be a day.", "did the text say 2011–13?", "It went on in 2011-13.", "A note",
    "Violation", "Warning", "kgs:date", "OrConstraintComponent", "https://example.org/strike",
    "1 violation, 1 warning",
)  # fmt: skip


class _Page(HTMLParser):
    """The text and the structure of a page."""

    def __init__(self, text: str):
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""
        self.open: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        if tag not in {"meta", "br"}:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def test_text_and_page_say_all_there_is() -> None:
    text, page = render_text([("", REPORT)]), _Page(render_html([("", REPORT)]))
    for said in SAID:
        assert said in text
        assert said in page.text


def test_text_is_grouped_by_document_and_node_with_a_count_at_the_end() -> None:
    again = replace(RESULT, path_words="begins on (kg:date)")
    report = replace(REPORT, results=(OTHER, RESULT, again))
    lines = render_text([("", report)]).splitlines()
    assert lines[0] == "A note"
    assert sum("the strike (kg:Strike)" in line for line in lines) == 1
    assert lines[-1] == "Does not conform: 2 violations, 1 warning."
    assert render_text([("", GOOD)]) == "Conforms.\n"


def test_several_graphs_are_counted() -> None:
    several = [("A note", REPORT), ("Another", GOOD)]
    assert render_text(several).endswith("1 of 2 graphs conform: 1 violation, 1 warning.\n")
    page = _Page(render_html(several))
    assert "Another: conforms" in page.text
    targets = [value for name, value in page.attributes if name == "href"]
    assert targets == ["#graph-1"]
    assert ("id", "graph-1") in page.attributes


def test_long_lines_are_broken_for_a_screen_only() -> None:
    long = replace(REPORT, results=(replace(RESULT, message="word " * 60),))
    assert max(map(len, render_text([("", long)], width=60).splitlines())) <= 62
    assert max(map(len, render_text([("", long)]).splitlines())) > 200


def test_colour_changes_nothing_else() -> None:
    plain, coloured = render_text([("", REPORT)]), render_text([("", REPORT)], colour=True)
    assert "\x1b[31m" in coloured
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == plain


def test_white_space_that_makes_a_value_wrong_is_seen() -> None:
    spaced = replace(RESULT, term=Literal(" 5\n"))
    assert "“ 5\\n”" in render_text([("", replace(REPORT, results=(spaced,)))])


def test_json_gives_every_field_back() -> None:
    told = json.loads(render_json([("A note", REPORT), ("Another", GOOD)]))
    assert told["conforms"] is False
    assert [report["title"] for report in told["reports"]] == ["A note", "Another"]
    first, second = told["reports"][0]["results"]
    assert first["value"] == {
        "type": "literal",
        "value": "2011-13",
        "datatype": "http://www.w3.org/2001/XMLSchema#gYearMonth",
    }
    named = {"focusNode": "focus", "pathInWords": "path_words", "valueInWords": "value", "value": "term"}
    back = {named.get(name, name): value for name, value in first.items()}
    for field in fields(Result):
        if field.name != "term":
            value = getattr(RESULT, field.name)
            assert back.pop(field.name) == (list(value) if isinstance(value, tuple) else value)
    assert set(back) == {"term"}
    assert second["value"] == {"type": "bnode", "value": "2011-13"}


@pytest.mark.parametrize(
    ("term", "told"),
    [
        (Literal("a", language="en"), {"type": "literal", "value": "a", "xml:lang": "en"}),
        ("urn:x", {"type": "uri", "value": "urn:x"}),
    ],
)
def test_json_writes_terms_as_sparql_does(term: object, told: object) -> None:
    report = replace(REPORT, results=(replace(RESULT, term=term),))
    assert json.loads(render_json([("", report)]))["reports"][0]["results"][0]["value"] == told


def test_turtle_holds_each_report() -> None:
    graph = Graph().parse(data=render_turtle([("", REPORT), ("", GOOD)]), format="turtle")
    assert len(set(graph.subjects(RDF.type, SH.ValidationReport))) == 2


_TEXT = st.text(
    st.one_of(
        st.characters(),
        st.sampled_from("<>&\"'`={}%\x00\x1b\x9b\u202e\u2066\r\n\ud800"),
    ),
    max_size=30,
) | st.sampled_from(["</style><script>alert(1)</script>", "{{ 7 * 7 }}", '" onclick="x', "-->", "\x1b[2J"])


@given(_TEXT, _TEXT, _TEXT, _TEXT)
def test_no_string_breaks_out(label: str, value: str, message: str, title: str) -> None:
    odd = replace(
        RESULT, label=label, focus=f"urn:{label}", classes=(label,), path_words=label, sentence=value,
        value=value, term=Literal(value), message=message, severity=message, shape=label, component=label,
        document=title, suggestion=message, expected=value,
    )  # fmt: skip
    reports = [(title, replace(REPORT, results=(odd,))), (title, GOOD)]
    page, harmless = _Page(render_html(reports)), _Page(render_html([("x", REPORT), ("y", GOOD)]))
    assert page.open == []
    assert set(page.tags) <= set(harmless.tags)
    assert not {name for name, _ in page.attributes if name.startswith("on") or name in {"src", "style"}}
    assert {value for name, value in page.attributes if name == "href"} == {"#graph-1"}
    for text in (render_text(reports), page.text.replace("\n", ""), render_json(reports)):
        assert all(c == "\n" or unicodedata.category(c) not in {"Cc", "Cs"} for c in text)
        assert not re.search("[\u202a-\u202e\u2066-\u2069]", text)
    assert json.loads(render_json(reports))["reports"][0]["results"][0]["message"] == message
    for text in (render_text(reports), render_json(reports)):
        text.encode()


def test_the_page_stands_alone_and_can_be_read_by_everyone() -> None:
    text = render_html([("", REPORT)])
    page = _Page(text)
    assert page.tags.count("h1") == 1
    assert not {"script", "link", "img", "iframe", "form"} & set(page.tags)
    assert "http-equiv" in dict(page.attributes)
    assert "url(" not in text
    assert ("lang", "en") in page.attributes
    assert page.tags.count("table") == page.tags.count("caption") == 2
    assert ("scope", "col") in page.attributes
    assert ("name", "viewport") in page.attributes
    assert "prefers-color-scheme: dark" in text
    headings = [int(tag[1]) for tag in page.tags if re.fullmatch("h[1-6]", tag)]
    assert all(deeper - above <= 1 for above, deeper in pairwise(headings))
