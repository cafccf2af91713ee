"""PDFs into documents: reading order, whole sentences with their page, and one clear error for the rest."""

import io
import random
import sys
import unicodedata
import zlib
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pdf_maker import HEIGHT, Words, assemble, lines, make_pdf, stream

from kgraph.documents import pdf, read_bytes, read_document
from kgraph.documents.pdf import process, worker
from kgraph.errors import SourceError
from kgraph.records import Document, Passage

FILLER = "Observers wrote down what they saw and when they saw it, day after day and town after town."


def _read(*pages: list[Words], **given: object) -> Document:
    document = read_bytes(make_pdf(pages, **given), name="report.pdf")  # type: ignore[arg-type]
    _check(document)
    return document


def _check(document: Document) -> None:
    end = 0
    for passage in document.passages:
        assert document.text[passage.start : passage.end] == passage.text
        assert end <= passage.start < passage.end
        assert passage.page
        end = passage.end
    assert unicodedata.is_normalized("NFC", document.text)


def _passages(document: Document, kind: str = "body") -> list[str]:
    return [passage.text for passage in document.passages if passage.kind == kind]


def _named(document: Document, words: str) -> Passage:
    return next(passage for passage in document.passages if words in passage.text)


# Reading order


def test_lines_become_sentences_with_their_page() -> None:
    text = "In May 2016 people marched over land in Atyrau. The prosecutor blocked two platforms on that day."
    document = _read(lines(f"{text} {FILLER}"))
    assert _passages(document) == [*text.split(" The ")[:1], f"The {text.split(' The ')[1]}", FILLER]
    assert {passage.page for passage in document.passages} == {1}
    assert document.media_type == "application/pdf"


LEFT = "The first column tells of the strike in the oil town and of those who were shot there. " * 3
RIGHT = "It tells in the second column of the court that tried the strikers and of their lawyers. " * 3


def _columns(left: str, right: str, y: float = 600) -> list[Words]:
    return [
        *lines(left, 72, y, letters=36, size=9),
        *lines(right, 320, y, letters=36, size=9),
    ]


def test_two_columns_are_read_one_after_the_other() -> None:
    across = Words("What the courts did, and what they were told to do in that year", 72, 660)
    left = f"{LEFT}This sentence starts at the foot of the left column and goes"
    right = f"on at the top of the right one. {RIGHT}"
    foot = lines(f"Both columns end above this line. {FILLER}", 72, 380)
    # In the file the columns lie line by line.
    woven = sorted(_columns(left, right), key=lambda words: -words.y)
    document = _read([across, *woven, *foot])
    text = " ".join(document.text.split())
    assert text.index("What the courts") < text.index("first column") < text.index("second column")
    assert text.index("second column") < text.index("Both columns end")
    whole = "This sentence starts at the foot of the left column and goes on at the top of the right one."
    assert whole in _passages(document)


def test_loosely_set_lines_do_not_make_a_table_of_columns() -> None:
    left = lines(LEFT, 72, 600, letters=36, size=9)
    right = lines(RIGHT, 320, 600, letters=36, size=9)
    for number in (1, 4):  # set to the width of the column, with wide gaps
        first, *words = left[number].text.split()[:4]
        place = [72.0, 130.0, 190.0, 240.0]
        left[number : number + 1] = [
            Words(w, x, left[number].y, 9) for w, x in zip([first, *words], place, strict=False)
        ]
    document = _read([*left, *right])
    assert not _passages(document, "table")
    assert document.text.index("The first column") < document.text.index("It tells in the second")


def test_a_page_that_lies_on_its_side_is_read_upright() -> None:
    document = _read(lines(f"Police cut the internet. {FILLER}", y=760), sideways=True)
    assert _passages(document) == ["Police cut the internet.", FILLER]


def test_what_stands_aslant_or_outside_the_page_is_not_read() -> None:
    data = make_pdf([[*lines(FILLER), Words("PRINTER MARK 12.indd", 72, HEIGHT + 20)]])
    stamp = b"BT /PLAIN 40 Tf 0.7 0.7 -0.7 0.7 200 300 Tm (DRAFT) Tj ET "
    data = data.replace(
        b">> \nstream\n", b">> \nstream\n" + stamp
    )  # its length is wrong now, as in many a file
    document = read_bytes(data, name="report.pdf")
    assert _passages(document) == [FILLER]
    assert "PRINTER" not in document.text


# What repeats on each page


def _report(count: int) -> list[list[Words]]:
    """Pages with a head, a foot and a page number, over which one long text runs."""
    sentences = [
        f"In town number {n} the observers counted the detained until the evening came."
        for n in range(9 * count)
    ]
    text = iter([line for sentence in [" ".join(sentences)] for line in lines(sentence, letters=74)])
    pages = []
    for number in range(1, count + 1):
        body = [Words(next(text).text, 72, 690 - 12 * row) for row in range(9)]
        head = Words(f"Report 2023 | {number}", 72, 760, 8)
        foot = Words("Observatory of the Steppe", 72, 40, 8)
        pages.append([head, *body, foot, Words(f"– {number} –", 500, 28, 8)])
    return pages


def test_running_heads_feet_and_page_numbers_are_left_out() -> None:
    document = _read(*_report(5))
    assert "Report 2023" not in document.text
    assert "Observatory" not in document.text
    assert "–" not in document.text


def test_a_sentence_over_a_page_break_is_one_passage_on_the_page_where_it_starts() -> None:
    document = _read(*_report(3))
    sentences = _passages(document)
    assert all(s.startswith("In town number") and s.endswith("evening came.") for s in sentences[:-1])
    pages = [passage.page for passage in document.passages]
    assert sorted(set(pages)) == [1, 2, 3]
    assert pages == sorted(pages)  # type: ignore[type-var]  # none is None


def test_a_title_that_is_a_running_head_later_stays() -> None:
    cover = [Words("Shutdowns of the year", 72, 600, 24, "BOLD"), *lines(FILLER, y=500)]
    pages = [
        [Words("Shutdowns of the year", 72, 760, 8), *lines(f"Page {n} says this. {FILLER}")]
        for n in range(3)
    ]
    document = _read(cover, *pages)
    assert document.title == "Shutdowns of the year"
    assert document.text.count("Shutdowns of the year") == 1


# Words


def test_words_broken_at_line_ends_are_whole_again() -> None:
    broken = [
        "The prosecutor ordered the block-",
        "ing of two sites by the state-",
        "owned operator and by the govern-",
        "ment-run provider after the pre-",
        "and post-election rallies of the Franco-",
        "German group. The state-owned firm obeyed.",
    ]
    document = _read(lines(broken, letters=40))
    assert _passages(document)[0] == (
        "The prosecutor ordered the blocking of two sites by the state-owned operator and by the "
        "government-run provider after the pre- and post-election rallies of the Franco-German group."
    )


def test_ligatures_soft_hyphens_and_odd_spaces_are_read_as_letters() -> None:
    first = Words("The ﬁrst ofﬁcer left the of\xadﬁce of the gov\xad", 72, 700, font="ODD")
    document = _read([first, Words("ernor at 5\xa0p.m. and did not come back.", 72, 688)])
    assert _passages(document) == [
        "The first officer left the office of the governor at 5 p.m. and did not come back."
    ]


def test_footnote_marks_do_not_become_numbers() -> None:
    count = Words("Reuters counted 225", 72, 700)
    mark = Words("14", count.end, 704, 6)
    rest = Words(" dead, and 3 km", mark.end, 700)
    square = Words("2", rest.end, 704, 6)
    million = [Words("About 10", 72, 640), Words("6", 120, 644, 6), Words("letters were lost.", 132, 640)]
    document = _read(
        [
            count,
            mark,
            rest,
            square,
            Words(" burnt down in the fire.", square.end, 700),
            *lines(FILLER, y=660),
            *million,
        ]
    )
    assert _passages(document)[0] == "Reuters counted 225 dead, and 3 km² burnt down in the fire."
    assert "About 10⁶ letters were lost." in _passages(document)


def _noted(page: int, sentence: str, note: str) -> list[Words]:
    body = lines([f"{FILLER[:70]}", f"and on page {page} more was said. {sentence}"], y=120)
    return [*body, Words("7", 72, 73, 5), *lines(note, 78, 70, letters=90, size=8)]


def test_footnotes_stay_out_of_the_sentence_over_the_page_break() -> None:
    first = _noted(
        1, "The order that the ministry gave", "The ministry denied this and said that no order was given."
    )
    second = lines(f"was published a week later. {FILLER}", y=700)
    document = _read(first, second)
    whole = _named(document, "The order that")
    assert whole.text == "The order that the ministry gave was published a week later."
    assert whole.page == 1
    note = _named(document, "denied this")
    assert note.text == "The ministry denied this and said that no order was given."
    assert (note.page, note.kind) == (1, "body")


def test_a_footnote_that_only_points_to_a_source_is_text_but_no_passage() -> None:
    document = _read(_noted(1, "It was published.", "Interview with a lawyer, Almaty, 4 May 2019."))
    assert "Interview with a lawyer" in document.text
    assert not any("Interview" in passage.text for passage in document.passages)


# Headings, lists, tables


def test_headings_lists_captions_and_tables_are_known_as_such() -> None:
    page = [
        Words("2. Blocked platforms", 72, 720, 14, "BOLD"),
        *lines(FILLER, y=690),
        Words("Legal basis", 72, 640, 10, "BOLD"),
        *lines(FILLER.replace("Observers", "Lawyers"), y=625),
        *lines(
            ["• The law on communications lets the prosecutor cut off networks", "  without a court."], y=590
        ),
        *lines(["• The law on emergencies lets the army do so."], y=564),
        Words("Table 3. Platforms blocked by country.", 72, 520),
        *[
            Words(cell, x, 500 - 14 * row)
            for row, cells in enumerate(
                [
                    ("Country", "Platform", "Days"),
                    ("Kazakhstan", "Twitter", "4"),
                    ("Uganda", "WhatsApp", "16"),
                ]
            )
            for x, cell in zip((72, 220, 360), cells, strict=True)
        ],
        *lines(FILLER.replace("Observers", "Users"), y=430),
    ]
    document = _read(page)
    assert _passages(document, "heading") == ["2. Blocked platforms", "Legal basis"]
    assert _passages(document, "list") == [
        "The law on communications lets the prosecutor cut off networks without a court.",
        "The law on emergencies lets the army do so.",
    ]
    assert _passages(document, "caption") == ["Table 3. Platforms blocked by country."]
    assert _passages(document, "table") == [
        "Country | Platform | Days",
        "Kazakhstan | Twitter | 4",
        "Uganda | WhatsApp | 16",
    ]
    assert len(_passages(document)) == 3


def test_a_table_of_contents_is_no_passage() -> None:
    contents = lines([f"{n}. Part {n} {'.' * 40} {n * 7}" for n in range(1, 5)], y=600)
    document = _read([Words("Contents", 72, 640, 16, "BOLD"), *contents], lines(FILLER))
    assert "Part 2" in document.text
    assert not any("Part" in passage.text for passage in document.passages)


# Metadata


COVER = [Words("Silence by decree", 72, 600, 26, "BOLD"), Words("How networks are cut", 72, 560, 16)]


@pytest.mark.parametrize(
    ("told", "title"),
    [
        ("Silence by Decree: How Networks Are Cut", "Silence by Decree: How Networks Are Cut"),
        ("Microsoft Word - final_v3.docx", "Silence by decree"),
        ("report-2023.indd", "Silence by decree"),
        ("untitled", "Silence by decree"),
        ("", "Silence by decree"),
    ],
)
def test_the_title_is_what_is_told_where_it_is_sensible_else_the_largest_words(told: str, title: str) -> None:
    assert _read([*COVER, *lines(FILLER, y=500)], info={"Title": told}).title == title


@pytest.mark.parametrize(
    ("printed", "issued"),
    [
        ("14 March 2023", date(2023, 3, 14)),
        ("Almaty | 14 March 2023", date(2023, 3, 14)),
        ("April 2023", date(2023, 4, 2)),
        ("March 2023", None),
        ("Network group", date(2023, 4, 2)),
    ],
)
def test_a_printed_date_goes_before_the_day_when_the_file_was_made(printed: str, issued: date | None) -> None:
    page = [*COVER, Words(printed, 72, 530), *lines(FILLER, y=480)]
    assert _read(page, info={"CreationDate": "D:20230402101500+02'00'"}).issued == issued


def test_a_date_within_a_sentence_is_no_date_of_publication() -> None:
    assert _read([*COVER, *lines(f"The network was cut on 5 May 2019.\n{FILLER}", y=480)]).issued is None


def test_authors_are_people_and_not_accounts() -> None:
    def authors(told: str) -> tuple[str, ...]:
        return _read([*COVER, *lines(FILLER, y=480)], info={"Author": told}).creators

    assert authors("Aigul Doe; John Roe") == ("Aigul Doe", "John Roe")
    assert authors("Microsoft Office User") == ()
    assert authors("jdoe") == ()


def test_the_declared_language_is_believed_where_the_text_is_in_it() -> None:
    assert _read(lines(FILLER), language="en-GB").language == "en-GB"
    assert (
        _read(
            lines("El gobierno cortó el acceso a las redes sociales en la capital."), language="en-US"
        ).language
        == "es"
    )


# What cannot be read


def _refused(data: bytes, name: str = "report.pdf") -> str:
    with pytest.raises(SourceError) as caught:
        read_bytes(data, name=name)
    assert str(caught.value).startswith(name)
    assert "\n" not in str(caught.value)
    return caught.value.reason


PLAIN = make_pdf([lines(FILLER)])


def test_a_scan_is_told_to_be_one() -> None:
    assert "ocrmypdf" in _refused(make_pdf([[], []], picture=True))
    stamped = make_pdf([[Words("Downloaded from the archive", 72, 20, 8)]] * 4, picture=True)
    assert "no text layer (a scan?)" in _refused(stamped)


def test_an_encrypted_pdf_asks_for_a_copy_without_password() -> None:
    assert "password" in _refused(make_pdf([lines(FILLER)], encrypt=True))


def test_a_broken_pdf_is_told_to_be_damaged() -> None:
    assert "damaged" in _refused(b"%PDF-1.7\nand nothing more")
    assert "damaged" in _refused(PLAIN[:60])
    assert "no PDF" in _refused(b"<!doctype html><p>404", "report.pdf")
    assert "empty" in _refused(b"", "report.pdf")


def test_a_pdf_is_known_by_how_it_starts_whatever_its_name() -> None:
    assert _passages(read_bytes(PLAIN, name="download")) == [FILLER]
    assert _passages(read_bytes(PLAIN, name="report.txt")) == [FILLER]
    assert _passages(read_bytes(PLAIN, name="x", media_type="application/pdf")) == [FILLER]


def test_fonts_that_do_not_tell_their_letters_make_no_text() -> None:
    assert "--force-ocr" in _refused(make_pdf([[Words(FILLER[:60], 72, 700, font="MUTE")]]))


def test_without_the_extra_the_error_tells_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pypdfium2", None)
    assert "pip install 'kgraph[pdf]'" in _refused(PLAIN)


def test_a_reader_that_dies_ends_in_one_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process.sys, "executable", "false")
    assert "breaks the PDF reader" in _refused(PLAIN)


def test_there_are_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "MAX_PAGES", 1)
    assert list(worker.emit(make_pdf([[], []]))) == [["error", "pages"]]
    monkeypatch.setattr(worker, "MAX_CHARACTERS", 20)
    assert list(worker.emit(PLAIN))[-1] == ["error", "characters"]


# Many pages, real pages, any pages


def test_three_hundred_pages_are_read() -> None:
    document = _read(*_report(300))
    assert _named(document, "number 2000 ").page in {239, 240, 241, 242, 243}
    assert document.passages[-1].page == 300


def test_the_reign_codebook_is_read(shared: Path) -> None:
    document = read_document(shared / "datasets" / "reign" / "REIGN_CODEBOOK.pdf")
    _check(document)
    assert document.title == "Rulers, Elections and Irregular Governance Dataset (REIGN) Codebook"
    assert document.creators == ("Clayton Besaw",)
    assert document.issued == date(2021, 1, 22)
    assert "Political Leader Characteristics" in _passages(document, "heading")
    assert "All | 137219 | 100.00" in _passages(document, "table")
    assert "Leader Sex | N | Percent" in _passages(document, "table")
    assert "This measure equals 1 if a leader is male and 0 if the leader is female." in _passages(
        document, "list"
    )
    assert _named(document, "victory_recent is").page == 5
    assert {passage.page for passage in document.passages} == set(range(1, 9))


@pytest.fixture
def in_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """PDFium within this process, for speed; the limits and the pipe have tests of their own."""

    def read_words(data: bytes, name: str) -> Iterator[process.Header | process.Page]:
        message = "".join(f"{worker.json.dumps(each)}\n" for each in worker.emit(data))
        return process._messages(io.BytesIO(message.encode()), name)

    monkeypatch.setattr(pdf, "read_words", read_words)


WORDS = st.sampled_from(
    [
        "Police",
        "blocked",
        "sites.",
        "In",
        "2016,",
        "U.S.",
        "state-",
        "owned",
        "é",
        "•",
        "1.",
        "—",
        "A",
        "(b)",
        "x" * 30,
    ]
)
PLACED = st.builds(
    Words,
    st.lists(WORDS, min_size=1, max_size=6).map(" ".join),
    st.integers(0, 600),
    st.integers(0, 790),
    st.sampled_from([6, 8, 10, 10, 10, 14, 30]),
    st.sampled_from(["PLAIN", "PLAIN", "BOLD"]),
)


@pytest.mark.usefixtures("in_process")
def test_passages_of_words_anywhere_slice_the_text_exactly() -> None:
    @settings(max_examples=120, deadline=None)
    @given(st.lists(st.lists(PLACED, max_size=25), min_size=1, max_size=4))
    def check(pages: list[list[Words]]) -> None:
        data = make_pdf(pages)
        try:
            document = read_bytes(data, name="report.pdf")
        except SourceError:
            return
        _check(document)
        assert document == read_bytes(data, name="report.pdf")

    check()


@pytest.mark.usefixtures("in_process")
def test_garbage_ends_in_a_document_or_one_error() -> None:
    @settings(max_examples=150, deadline=None)
    @given(st.binary(max_size=400), st.integers(0, 2**32))
    def check(garbage: bytes, seed: int) -> None:
        spoilt = bytearray(PLAIN)
        chance = random.Random(seed)
        for _ in range(8):
            spoilt[chance.randrange(9, len(spoilt))] = chance.randrange(256)
        for data in (b"%PDF-1.4\n" + garbage, bytes(spoilt), PLAIN[: seed % len(PLAIN)] + garbage):
            try:
                _check(read_bytes(data, name="report.pdf"))
            except SourceError:
                continue

    check()


@pytest.mark.slow
def test_a_decompression_bomb_is_refused() -> None:
    bomb = zlib.compress(b"BT /PLAIN 10 Tf (x) Tj ET " * 40_000_000, 9)
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Resources << >> /Contents 4 0 R >>"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>",
        page,
        stream(bomb, "/Filter /FlateDecode"),
    ]
    assert "more than 2 GB of memory" in _refused(assemble(objects), "bomb.pdf")
