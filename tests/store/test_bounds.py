"""What clients send is parsed only if the parser survives it."""

import pytest

from kgraph.errors import WriteError
from kgraph.store import read_graphs

RDF = '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:b="urn:b#">'


def _count(text: str, format_: str) -> int:
    return sum(len(triples) for triples in read_graphs(text.encode(), format_, base="urn:base").values())


def _elements(depth: int) -> str:
    return RDF + "<rdf:Description><b:c>" * depth + "</b:c></rdf:Description>" * depth + "</rdf:RDF>"


def _entities(levels: int) -> str:
    entities = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, levels + 1))
    return (
        f'<!DOCTYPE r [<!ENTITY a0 "lol">{entities}]>{RDF}'
        f'<rdf:Description rdf:about="urn:s"><b:c>&a{levels};</b:c></rdf:Description></rdf:RDF>'
    )


def _objects(depth: int) -> str:
    return '{"urn:a":' * depth + "1" + "}" * depth


def _triples(depth: int, between: str = "") -> str:
    return "<urn:a> <urn:b> " + f"<<( {between}<urn:a> <urn:b> " * depth + "<urn:c>" + " )>>" * depth + " ."


@pytest.mark.parametrize(
    ("text", "format_"),
    [
        (_elements(300), "rdfxml"),
        (_elements(100_000), "rdfxml"),
        (_entities(8), "rdfxml"),
        (_entities(11), "rdfxml"),
        (_objects(5_000), "jsonld"),
        (_objects(30_000), "jsonld"),
        ('{"@id":"urn:s","urn:p":' + '{"@list":[' * 5_000 + "]}" * 5_000 + "}", "jsonld"),
        ("[" * 5_000 + "]" * 5_000, "jsonld"),
        (_triples(20_000), "turtle"),
        (_triples(20_000), "trig"),
        (_triples(20_000), "ntriples"),
        (_triples(20_000), "nquads"),
        # What looks like an end, where it is none.
        (_triples(20_000, "# )>> >>\n"), "turtle"),
        (_triples(20_000, '<urn:s> <urn:p> ")>>" . '), "turtle"),
        ("@prefix a: <urn:a> . " + _triples(20_000, "a:b\\#>> "), "turtle"),
        ("@prefix a: <urn:a> . " + _triples(20_000, "a:b\\'>> "), "turtle"),
        ('{"a":"]}",' * 5_000, "jsonld"),
        ('{"a":"\\"]}",' + '"b":' + _objects(5_000) + "}", "jsonld"),
    ],
)
def test_what_would_break_the_parser_is_refused(text: str, format_: str) -> None:
    with pytest.raises(WriteError, match=format_):
        _count(text, format_)


@pytest.mark.parametrize(
    ("text", "format_", "count"),
    [
        (_elements(100), "rdfxml", 100),
        (_entities(4), "rdfxml", 1),
        (_objects(100), "jsonld", 100),
        ('{"@id":"urn:s","urn:p":"' + "[{" * 1_000 + '"}', "jsonld", 1),
        (_triples(20), "turtle", 1),
        (" ".join(_triples(1) for _ in range(1_000)), "turtle", 1_000),
        (
            '<urn:a> <urn:b> "'
            + "<<(" * 1_000
            + '" , """'
            + "<<\n" * 1_000
            + '""" , \'<<\' . # '
            + "<<" * 999,
            "turtle",
            3,
        ),
        ("<urn:a> <urn:b> " + "[ <urn:b> " * 5_000 + "1" + "]" * 5_000 + " .", "turtle", 5_001),
    ],
)
def test_what_is_no_more_than_usual_is_read(text: str, format_: str, count: int) -> None:
    assert _count(text, format_) == count


@pytest.mark.parametrize(
    "text", ['\\"' * 500_000, '"' * 1_000_001, "'''" + '"' * 999_999, "<" * 1_000_000, "\\" * 999_999]
)
def test_looking_does_not_take_long_whatever_is_sent(text: str) -> None:
    for format_ in ("jsonld", "turtle"):
        with pytest.raises(WriteError):
            _count("<<" * 60 + text, format_)
