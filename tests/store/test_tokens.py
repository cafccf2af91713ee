"""Tokens of texts that are queries, and of texts that are none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kgraph.store import tokens


def texts(query: str) -> list[str]:
    return [token.text for token in tokens(query)]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?a<?b&&?c>?d", ["?a", "<", "?b", "&", "&", "?c", ">", "?d"]),
        ("ex.a-b:c.d 1.5 .", ["ex.a-b:c", ".", "d", "1", ".", "5", "."]),
        ("<http://e/?a=1&b=2> # <c>\n'''it's\n''' \"\"", ["<http://e/?a=1&b=2>", "'''it's\n'''", '""']),
        ('"never closed <a>\n"b"@en-GB', ['"', "never", "closed", "<a>", '"b"', "@en-GB"]),
        ('"""never closed\n"a" \'b\'', ['""', '"', "never", "closed", '"a"', "'b'"]),
    ],
)
def test_they_are_told_apart(query: str, expected: list[str]) -> None:
    assert texts(query) == expected


PIECES = [*"aé.-:<>?$&\"'\\#@ \n{}1", '"""', "'''", "&&", "<?", "ex:a", "<http://e/a>"]


@given(st.lists(st.sampled_from(PIECES), max_size=20).map("".join))
def test_they_are_the_text_in_its_order(query: str) -> None:
    end = 0
    for token in tokens(query):
        assert token.start >= end
        assert token.text == query[token.start : token.end]
        assert token.text.strip()
        end = token.end


@pytest.mark.parametrize(
    "piece",
    ["-", "a.", ".1", "<", "<a", '\\"', "\\'", "'\"", '\\"""x\n', "@a-", "a:%41", '"a\n', "<a&b", "?"],
)
def test_whatever_is_long_is_read_to_its_end(piece: str) -> None:
    """At once: where each part of it was tried to be the beginning of all that follows, it took an hour."""
    for begin in ('know"', '"""'):
        text = begin + piece * (200_000 // len(piece))
        *_, last = tokens(text)
        assert last.end == len(text.rstrip())
