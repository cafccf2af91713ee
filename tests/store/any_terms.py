"""Terms of all kinds, with the characters that formats escape."""

import pyoxigraph as ox
from hypothesis import strategies as st

EX = "http://example.org/"
XSD = "http://www.w3.org/2001/XMLSchema#"

texts = st.text(
    st.sampled_from('ab"\\\t\n\r\x00\x01\x08\x0c\x1f\x7f\u2028éÆ😀,{}[]<>@^_:-?')
    | st.characters(codec="utf-8")
)
numbers = st.decimals(allow_nan=False, allow_infinity=False, min_value=-10_000, max_value=10_000, places=2)
lexicals = texts | st.integers().map(str) | numbers.map(str) | st.floats().map(str) | st.just("true")
datatypes = ["integer", "decimal", "double", "boolean", "string", "date", "int", "float", "language"]
iris = st.sampled_from(
    [ox.NamedNode(EX + name) for name in ("a", "é", "b?c=d&e='f'", "%3C", "-_.~!$()*+,;=:@/")]
)
simple = (
    iris
    | st.sampled_from([ox.BlankNode("x"), ox.BlankNode("y")])
    | lexicals.map(ox.Literal)
    | st.builds(
        lambda text, tag: ox.Literal(text, language=tag),
        texts,
        st.sampled_from(["en", "zh-Hant-TW", "de-1996"]),
    )
    | st.builds(
        lambda text, way: ox.Literal(text, language="ar", direction=way),
        texts,
        st.sampled_from([ox.BaseDirection.LTR, ox.BaseDirection.RTL]),
    )
    | st.builds(
        lambda text, name: ox.Literal(text, datatype=ox.NamedNode(XSD + name)),
        lexicals,
        st.sampled_from(datatypes),
    )
    | st.builds(lambda text, datatype: ox.Literal(text, datatype=datatype), texts, iris)
)
terms = simple | st.builds(ox.Triple, iris, iris, simple | st.builds(ox.Triple, iris, iris, simple))
