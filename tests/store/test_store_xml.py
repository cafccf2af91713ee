"""XML that is written can be read by others as it was; what XML cannot hold is refused."""

import io
from xml.etree import ElementTree as ET

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rdflib import Graph
from rdflib.compare import isomorphic

from kgraph.errors import UnfitFormat
from kgraph.namespaces import RDF
from kgraph.store import Store
from kgraph.store.serialization import write_answer, write_statements

S, P = ox.NamedNode("http://example.org/s"), ox.NamedNode("http://example.org/p")


def rdfxml(*triples: ox.Triple) -> bytes:
    file = io.BytesIO()
    write_statements(triples, file, "rdfxml")
    return file.getvalue()


@pytest.mark.parametrize(
    "predicate",
    [
        "http://example.org/123", "http://example.org/", "urn:x:1", "http://example.org/?x=1&y=2",
        "http://www.w3.org/2000/xmlns/foo", f"{RDF}li", f"{RDF}Description", f"{RDF}bagID",
    ],
)  # fmt: skip
def test_a_name_that_xml_does_not_have_is_refused(predicate: str) -> None:
    with pytest.raises(UnfitFormat, match="has no name"):
        rdfxml(ox.Triple(S, ox.NamedNode(predicate), ox.Literal(1)))


def test_so_is_a_class_without_one() -> None:
    with pytest.raises(UnfitFormat, match="has no name"):
        rdfxml(ox.Triple(S, ox.NamedNode(RDF.type), ox.NamedNode("http://example.org/1")))


@pytest.mark.parametrize("text", ["\x01", "a\x0bb", "\ufffe", "\uffff", "x" * 8191 + "\uffff"])
def test_a_character_that_xml_does_not_have_is_refused(text: str) -> None:
    with pytest.raises(UnfitFormat, match="no character"):
        rdfxml(ox.Triple(S, P, ox.Literal(text)))
    with pytest.raises(UnfitFormat, match="no character"):
        _results(text)


def _results(text: str) -> bytes:
    engine = ox.Store()
    engine.add(ox.Quad(S, P, ox.Literal(text)))
    file = io.BytesIO()
    write_answer(engine.query("SELECT ?o { ?s ?p ?o }"), file, "xml")  # type: ignore[arg-type]
    return file.getvalue()


texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00\ufffe\uffff"), max_size=9)
# The ends of names; expat knows only the letters of an older edition of XML.
ends = st.text("abcXYZ019_-./?é·", min_size=1, max_size=6)


@given(name=ends, text=texts, language=st.sampled_from([None, "en"]))
def test_what_is_written_is_read_by_others_as_it_was(name: str, text: str, language: str | None) -> None:
    predicate = ox.NamedNode(f"http://example.org/{name}")
    triple = ox.Triple(S, predicate, ox.Literal(text, language=language))
    try:
        written = rdfxml(triple)
    except UnfitFormat:
        return
    expected = Graph().parse(
        data=(ox.serialize([triple], format=ox.RdfFormat.N_TRIPLES) or b"").decode(), format="nt"
    )
    assert isomorphic(Graph().parse(data=written.decode(), format="xml"), expected)


@given(text=texts)
def test_results_are_read_by_others_as_they_were(text: str) -> None:
    try:
        written = _results(text)
    except UnfitFormat:
        return
    (literal,) = ET.fromstring(written).iter("{http://www.w3.org/2005/sparql-results#}literal")
    assert (literal.text or "") == text


def test_json_ld_without_triple_terms(store: Store) -> None:
    inner = ox.Triple(S, P, S)
    with store.writer() as writer:
        writer.replace_graph("http://example.org/g", [ox.Triple(S, P, inner)])
        writer.commit()
    with store.view() as view, pytest.raises(UnfitFormat, match="triple term"):
        view.dump(io.BytesIO(), "jsonld", graph="http://example.org/g")
