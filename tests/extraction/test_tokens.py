"""Our words answer as spaCy's do."""

import pytest

from kgraph.documents import read_bytes
from kgraph.extraction import language_model
from kgraph.extraction.language_model import load_model

TEXTS = [
    "On 3 March 2015, the government blocked Telegram and Viber in Belarus, officials said.",
    "“We don’t know,” said Aleksandr Lukashenko – the president – who had, it seems, ordered it.",
    "What the court, whose judges were ill, was asked to decide it never did…",
    "Names: A, B & C (the “three”); D.",
    "ok",
]
SAME = (
    "text", "lower_", "lemma_", "tag_", "pos_", "dep_", "ent_type_", "ent_iob_", "i", "idx", "is_alpha",
    "like_num", "whitespace_",
)  # fmt: skip


@pytest.mark.parametrize("text", TEXTS)
def test_a_parse_is_taken_over_whole(text: str) -> None:
    parsed = load_model()(text)
    doc = language_model._plain(parsed, {})
    assert doc.text == parsed.text
    for theirs, ours in zip(parsed, doc, strict=True):
        assert [getattr(ours, name) for name in SAME] == [getattr(theirs, name) for name in SAME]
        for name in ("head", "left_edge", "right_edge"):
            assert getattr(ours, name).i == getattr(theirs, name).i
        for name in ("children", "lefts", "rights", "subtree", "ancestors"):
            assert [t.i for t in getattr(ours, name)] == [t.i for t in getattr(theirs, name)]
    for start in range(len(doc)):
        for end in range(start + 1, len(doc) + 1):
            assert doc[start:end].text == parsed[start:end].text
            assert doc[start:end].root.i == parsed[start:end].root.i
    assert doc[-1].text == parsed[-1].text
    assert not doc[3:2].text


def test_a_megabyte_without_a_full_stop_is_read_as_far_as_prose_goes() -> None:
    document = read_bytes(b"and then " * 150_000, name="n.txt", identity="n")
    (sentence,) = language_model.parse(document.passages)
    assert len(sentence.doc) == language_model.LONGEST
