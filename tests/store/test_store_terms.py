"""Terms: what the store makes of a literal is told beforehand, and nothing is lost on the way."""

from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib import Graph, URIRef
from rdflib import Literal as RdflibLiteral

from kgraph.namespaces import XSD
from kgraph.records import Literal
from kgraph.store import canonical, open_store

TYPED = st.one_of(
    st.builds(Literal, st.from_regex(r"[+-]?0*[0-9]{1,20}", fullmatch=True), st.just(XSD.integer)),
    st.builds(Literal, st.from_regex(r"[+-]?[0-9]{1,9}\.[0-9]{1,9}", fullmatch=True), st.just(XSD.decimal)),
    st.builds(Literal, st.floats().map(repr), st.just(XSD.double)),
    st.builds(Literal, st.sampled_from(["true", "false", "1", "0", "yes"]), st.just(XSD.boolean)),
    st.builds(Literal, st.dates().map(str), st.just(XSD.date)),
    st.builds(Literal, st.datetimes().map(lambda each: each.isoformat() + "+00:00"), st.just(XSD.dateTime)),
    st.builds(Literal, st.from_regex(r"P[0-9]{1,4}[DMYW]", fullmatch=True), st.just(XSD.duration)),
    st.builds(
        Literal,
        st.from_regex(r"[0-9]{4}(-[0-9]{2})?", fullmatch=True),
        st.sampled_from([XSD.gYear, XSD.gYearMonth]),
    ),
    st.builds(Literal, st.text(st.characters(codec="utf-8"))),
    st.builds(
        Literal,
        st.text(st.characters(codec="utf-8")),
        language=st.sampled_from(["en", "en-GB", "kk-Cyrl-KZ"]),
    ),
    st.builds(
        Literal,
        st.text(st.characters(codec="utf-8")),
        st.sampled_from(["https://example.org/type", XSD.anyURI]),
    ),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(TYPED, min_size=1, max_size=8))
def test_the_store_keeps_the_canonical_literal(literals: list[Literal]) -> None:
    graph = Graph()
    for number, each in enumerate(literals):
        datatype = None if each.language else URIRef(each.datatype)
        term = RdflibLiteral(each.lexical, lang=each.language, datatype=datatype, normalize=False)
        graph.add((URIRef("urn:s"), URIRef(f"urn:p{number}"), term))
    store = open_store(None)
    with store.writer() as writer:
        writer.replace_graph("urn:g", graph)
        writer.commit()
    with store.view() as view:
        for number, each in enumerate(literals):
            kept = view.graph("urn:g").value(URIRef("urn:s"), URIRef(f"urn:p{number}"))
            assert isinstance(kept, RdflibLiteral)
            wanted = canonical(each)
            assert (str(kept), kept.language) == (wanted.lexical, wanted.language)
            if not wanted.language:
                assert str(kept.datatype or XSD.string) == wanted.datatype


@given(TYPED)
def test_what_is_canonical_stays_so(literal: Literal) -> None:
    assert canonical(canonical(literal)) == canonical(literal)


def test_canonical_spellings() -> None:
    spelled = {
        ("01", XSD.integer): "1",
        ("1.50", XSD.decimal): "1.5",
        ("P9M", XSD.duration): "P9M",
        ("P16W", XSD.duration): "P16W",
        ("2011", XSD.gYear): "2011",
        ("1", XSD.boolean): "true",
        ("not a number", XSD.integer): "not a number",
    }
    for (lexical, datatype), expected in spelled.items():
        assert canonical(Literal(lexical, datatype)).lexical == expected
