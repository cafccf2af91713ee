"""Files into documents: passages that slice exactly, metadata as told, one clear error for the rest."""

import hashlib
import subprocess
import sys
import unicodedata
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kgraph.documents import read_bytes, read_document
from kgraph.errors import SourceError
from kgraph.iris import Minter
from kgraph.records import Document

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=300)
WORDS = st.lists(
    st.sampled_from(
        [
            "Police",
            "blocked",
            "Twitter.",
            "In",
            "2016,",
            "U.S.",
            "“No,”",
            "he",
            "said.",
            "\n",
            "\n\n",
            "é",
            "𝕏",
        ]
    ),
    max_size=60,
).map(" ".join)


def _text(document: Document) -> list[str]:
    return [passage.text for passage in document.passages]


def _check_passages(document: Document) -> None:
    end = 0
    for passage in document.passages:
        assert document.text[passage.start : passage.end] == passage.text
        assert end <= passage.start < passage.end
        end = passage.end
    folded = [" ".join(text.split()).casefold() for text in _text(document)]
    assert len(folded) == len(set(folded))
    assert unicodedata.is_normalized("NFC", document.text)


@settings(max_examples=150, deadline=None)
@given(TEXT | WORDS, st.sampled_from(["note.txt", "note.md", "note.html"]))
def test_passages_of_any_text_slice_it_exactly(text: str, name: str) -> None:
    try:
        document = read_bytes(text.encode(), name=name)
    except SourceError:
        return  # nothing to read in it, and it says so
    _check_passages(document)
    assert document == read_bytes(text.encode(), name=name)


def test_offsets_count_code_points_not_bytes() -> None:
    document = read_bytes("𝕏 was blocked. Ойыл қаласы. Then it was not.".encode(), name="n.txt")
    assert _text(document)[0] == "𝕏 was blocked."
    _check_passages(document)


def test_a_sentence_that_stands_twice_is_kept_once() -> None:
    document = read_bytes(b"Police came. Nobody was hurt. Police  came.", name="n.txt")
    assert _text(document) == ["Police came.", "Nobody was hurt."]


def test_abbreviations_do_not_end_a_sentence() -> None:
    document = read_bytes(b"U.S. officials met Mr. Smith. He left at 5 p.m. on Monday.", name="n.txt")
    assert len(document.passages) == 2


def test_a_header_gives_title_publisher_and_date_and_the_byline_is_no_passage() -> None:
    head = "Port workers walk out\nJane Doe, The Port Gazette, 2014-06-01\n\n"
    text = head + "Dock workers went on strike in Aktau.\n"
    document = read_bytes(text.encode(), name="n.txt")
    assert (document.title, document.publisher, document.issued) == (
        "Port workers walk out",
        "The Port Gazette",
        date(2014, 6, 1),
    )
    assert document.creators == ("Jane Doe",)
    assert _text(document) == ["Port workers walk out", "Dock workers went on strike in Aktau."]
    assert document.passages[0].kind == "heading"


def test_captions_are_told_from_body_and_credits_are_dropped() -> None:
    text = (
        "Thousands gathered on the square. They demanded new elections and stayed until midnight.\n"
        "Protesters holding signs in the rain, Minsk. Jane Doe/Reuters\n"
        "The police did not intervene.\n"
    )
    kinds = {p.text: p.kind for p in read_bytes(text.encode(), name="n.txt").passages}
    assert kinds["Protesters holding signs in the rain, Minsk."] == "caption"
    assert kinds["The police did not intervene."] == "body"
    assert not any("Jane Doe" in sentence for sentence in kinds)


MARKDOWN = """---
id: notes/strike
title: "A *plain* title"
author: [Jane Doe, John Roe]
publisher: The Port Gazette
date: 2014-06-01
language: en
license: https://creativecommons.org/publicdomain/zero/1.0/
---

# A heading

Dock **workers** went on [strike](https://example.org/x) in `Aktau`.

- They wanted bread.
- They got none.

| who | how many |
|---|---|
| dockers | 300 |

> Nobody was hurt.
"""


def test_markdown_is_read_as_a_reader_sees_it() -> None:
    document = read_bytes(MARKDOWN.encode(), name="n.md")
    kinds = {p.text: p.kind for p in document.passages}
    assert kinds["Dock workers went on strike in Aktau."] == "body"
    assert kinds["A heading"] == "heading"
    assert kinds["They wanted bread."] == "list"
    assert "table" in kinds.values()
    assert document.identity == "notes/strike"
    assert document.creators == ("Jane Doe", "John Roe")
    assert document.issued == date(2014, 6, 1)
    assert document.licence == "https://creativecommons.org/publicdomain/zero/1.0/"
    _check_passages(document)


HTML = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Strike in Aktau | Gazette</title>
<link rel="canonical" href="https://gazette.example/strike">
<meta property="og:site_name" content="The Port Gazette">
<meta name="author" content="Jane Doe"><meta property="article:published_time" content="2014-06-01T10:00:00Z">
<script>alert("never")</script></head><body><nav><a href="/">Home</a> <a href="/news">News</a></nav><article>
<h1>Strike in Aktau</h1>
<p>Dock workers went on strike in Aktau on Monday, and the port stood still for a week.</p>
<p>Police detained nine of them on the second day, as the prosecutor told the newspaper by telephone.</p>
<figure><img src="http://127.0.0.1:9/x.png"><figcaption>Workers standing at the gate.</figcaption></figure>
</article><footer>All rights reserved.</footer></body></html>"""


def test_html_gives_its_main_text_and_what_it_says_of_itself() -> None:
    document = read_bytes(HTML.encode(), name="page.html")
    text = " ".join(_text(document))
    assert "Police detained nine of them" in text
    assert "alert" not in text
    assert "Home" not in text
    assert document.identity == document.source == "https://gazette.example/strike"
    assert document.iri == Minter().document("https://gazette.example/strike")
    assert document.issued == date(2014, 6, 1)
    assert document.publisher == "The Port Gazette"
    assert document.language.startswith("en")
    _check_passages(document)


def test_identity_goes_by_id_then_address_then_hash(tmp_path: Path) -> None:
    first, second = tmp_path / "a.txt", tmp_path / "b" / "c.txt"
    second.parent.mkdir()
    for path in (first, second):
        path.write_text("Police came to the square.", encoding="utf-8")
    assert read_document(first).iri == read_document(second).iri
    assert read_document(first, identity="mine").identity == "mine"
    assert hashlib.sha256(first.read_bytes()).hexdigest() in read_document(first).identity
    assert str(tmp_path) not in repr(read_document(second))


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Власти Казахстана заблокировали доступ к социальным сетям после протестов в Алматы.", "ru"),
        ("El gobierno bloqueó el acceso a las redes sociales durante las protestas de ayer.", "es"),
        ("The government blocked access to social media during the protests yesterday.", "en"),
        ("x", "und"),
    ],
)
def test_the_language_is_recognised(text: str, language: str) -> None:
    assert read_bytes(text.encode(), name="n.txt").language == language


@pytest.mark.parametrize(
    ("data", "name", "words"),
    [
        (b"", "n.txt", "empty"),
        (b" \n\t ", "n.txt", "empty"),
        (b"%PDF-1.7\n%\xe2\xe3", "n.txt", "PDF"),
        (b"PK\x03\x04\x14\0", "n.md", "ZIP|zip|Word"),
        (b"\x89PNG\r\n\x1a\n\0\0", "n.html", "PNG|image|picture"),
        (b"abc\0def\0", "n.txt", "binary"),
        (b"first line\nsecond \xe9t\xe9 line", "n.txt", "line 2"),
        (b"---\ntitle: [unclosed\n---\ntext", "n.md", "front matter"),
    ],
)
def test_what_cannot_be_read_is_told_in_one_line(data: bytes, name: str, words: str) -> None:
    with pytest.raises(SourceError, match=words) as caught:
        read_bytes(data, name=name)
    assert "\n" not in str(caught.value)
    assert str(caught.value).startswith(name)


def test_another_encoding_is_read_where_it_is_named() -> None:
    data = "Über die Straße. Été.".encode("windows-1252")
    with pytest.raises(SourceError, match="--encoding"):
        read_bytes(data, name="n.txt")
    assert "Straße" in read_bytes(data, name="n.txt", encoding="windows-1252").text
    with pytest.raises(SourceError, match="no-such"):
        read_bytes(data, name="n.txt", encoding="no-such")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_byte_order_mark_tells_the_encoding(encoding: str) -> None:
    assert _text(read_bytes("Ночь.".encode(encoding), name="n.txt")) == ["Ночь."]


def test_a_folder_and_a_missing_file_are_named(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"directory|folder"):
        read_document(tmp_path)
    with pytest.raises(SourceError, match=r"none\.txt"):
        read_document(tmp_path / "none.txt")


_HOSTILE = """
import sys
from kgraph.documents import read_bytes
from kgraph.errors import SourceError
data = {data}
try:
    document = read_bytes(data, name={name!r})
    print("read", len(document.passages))
except SourceError as exc:
    print("refused", str(exc).splitlines()[0][:80])
"""


@pytest.mark.parametrize(
    ("data", "name"),
    [
        ("b'<html><body>' + b'<div>' * 100_000 + b'deep' + b'</div>' * 100_000", "n.html"),
        ("b'<p title=\"' + b'a' * 5_000_000 + b'\">A sentence stands here.</p>'", "n.html"),
        ('b\'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><p>&b; text</p>\'', "n.html"),
        ("b'> ' * 20_000 + b'deep'", "n.md"),
        ("b'[' * 50_000", "n.md"),
        ("b'---\\na: &a [x,x]\\nb: &b [*a,*a]\\nc: &c [*b,*b]\\ntitle: *c\\n---\\ntext here'", "n.md"),
        ("b'---\\ntitle: !!python/object/apply:os.system [id]\\n---\\ntext here'", "n.md"),
    ],
)
def test_hostile_files_end_in_a_document_or_one_error(data: str, name: str) -> None:
    code = _HOSTILE.format(data=data, name=name)
    ended = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False
    )
    assert ended.returncode == 0, ended.stderr[-500:]
    assert ended.stdout.split()[0] in {"read", "refused"}


@pytest.mark.parametrize("name", ["kazakh-social-media", "cuba-2019", "hong-kong-august-2019", "uganda-2023"])
def test_real_documents_are_cut_exactly(shared: Path, name: str) -> None:
    document = read_document(shared / "documents" / f"{name}.txt")
    _check_passages(document)
    assert len(document.passages) > 10
    assert document.language == "en"


def test_a_real_header_is_read(shared: Path) -> None:
    document = read_document(shared / "documents" / "cuba-2019.txt")
    assert (document.publisher, document.issued) == ("OONI", date(2019, 2, 26))
    assert len(document.creators) == 3
