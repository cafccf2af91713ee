"""INSERT DATA and DELETE DATA read as the engine itself reads them."""

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kgraph.errors import WriteError, WriteForbidden
from kgraph.namespaces import PREFIXES
from kgraph.store import Graphs, read_data_updates

IRIS = st.sampled_from(["<http://x.example/a>", "<b#c>", "kg:Protest", "p:x.y", "p:%41", "_:n", "p:"])
NAMES = st.sampled_from(["<http://x.example/g>", "p:g", "<rel>"])
VERBS = st.sampled_from(["<http://x.example/p>", "a", "p:load", "p:graph"])
LITERALS = st.one_of(
    st.sampled_from(
        ["1", "-1.5", "1e3", "true", '"a"@en-GB', "'1'^^p:t", '"""x"}. {"""', "'''\n#'''", "()", "[]"]
    ),
    st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=8).map(
        lambda text: '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
    ),
)
GAPS = st.sampled_from([" ", "\n", "\t", ' # }{ "\n', "\r\n"])


@st.composite
def triples(draw: st.DrawFn) -> str:
    said = f"{draw(IRIS)}{draw(GAPS)}{draw(VERBS)}{draw(GAPS)}{draw(IRIS | LITERALS)}"
    for _ in range(draw(st.integers(0, 2))):
        said += f"{draw(st.sampled_from([' , ', f' ; {draw(VERBS)} ']))}{draw(IRIS | LITERALS)}"
    return said


@st.composite
def updates(draw: st.DrawFn) -> str:
    graphs = []
    for _ in range(draw(st.integers(0, 3))):
        inside = " .\n".join(draw(st.lists(triples(), max_size=3)))
        word, dot = draw(st.sampled_from(["GRAPH", "graph"])), draw(st.sampled_from(["", " . "]))
        graphs.append(f"{word} {draw(NAMES)}{draw(GAPS)}{{{draw(GAPS)}{inside}{draw(GAPS)}}}{dot}")
    verb = draw(st.sampled_from(["INSERT", "insert"]))
    return (
        f"PREFIX p: <http://p.example/>{draw(GAPS)}{verb}{draw(GAPS)}DATA"
        f"{draw(GAPS)}{{{draw(GAPS)}{''.join(graphs)}}}{draw(st.sampled_from(['', ';', ' ; # end']))}"
    )


def _canonical(quads: list[ox.Quad]) -> ox.Dataset:
    kept = ox.Store()
    kept.extend(quads)
    dataset = ox.Dataset(kept)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.UNSTABLE)
    return dataset


def _quads(graphs: Graphs) -> list[ox.Quad]:
    return [
        ox.Quad(triple.subject, triple.predicate, triple.object, ox.NamedNode(str(name)))
        for name, triples in graphs.items()
        for triple in triples
    ]


@given(updates())
def test_what_is_inserted_is_what_the_engine_would_insert(text: str) -> None:
    base = "http://base.example/"
    engine = ox.Store()
    try:
        engine.update(text, base_iri=base, prefixes=PREFIXES)
    except SyntaxError:
        return
    read = read_data_updates(text, base=base)
    assert all(update.inserts for update in read)
    got = [quad for update in read for quad in _quads(update.graphs)]
    assert _canonical(got) == _canonical(list(engine))


@given(
    updates(),
    st.integers(0, 300),
    st.sampled_from(
        ["}", "{", ".", ";", "#", '"', "<", "GRAPH", "CLEAR ALL ;", "DELETE WHERE { ?s ?p ?o } ;"]
    ),
)
def test_what_the_engine_would_not_take_is_not_taken(text: str, at: int, slip: str) -> None:
    """Nor is anything taken for data where the engine would do something else."""
    broken = text[:at] + slip + text[at:]
    engine = ox.Store()
    try:
        read = read_data_updates(broken, base="http://base.example/")
    except WriteError:
        return
    engine.update(broken, base_iri="http://base.example/", prefixes=PREFIXES)
    got = [quad for update in read for quad in _quads(update.graphs)]
    assert _canonical(got) == _canonical(list(engine))


def test_an_error_tells_the_line() -> None:
    text = "PREFIX p: <http://p.example/>\nINSERT DATA {\n GRAPH p:g {\n  p:a p:b 1 .\n  p:a nonsense .\n } }"
    with pytest.raises(WriteError, match="line 5"):
        read_data_updates(text)
    with pytest.raises(WriteForbidden, match="line 3, column 2"):
        read_data_updates("INSERT DATA {\n\n <http://a> <http://b> 1 }")
