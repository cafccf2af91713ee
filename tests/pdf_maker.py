"""Small PDFs for tests, byte by byte, so that no test needs a library to make them.

All is set in Courier, whose letters are 0.6 of their size wide: what fits on a line can be counted.
"""

import textwrap
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 612, 792

#: Bytes that the font ODD shows as other letters than WinAnsi.
ODD_LETTERS = {"ﬁ": 1, "ﬂ": 2, "\xad": 3}

_FONTS = {
    "PLAIN": "/Type /Font /Subtype /Type1 /BaseFont /Courier /Encoding /WinAnsiEncoding",
    "BOLD": "/Type /Font /Subtype /Type1 /BaseFont /Courier-Bold /Encoding /WinAnsiEncoding",
    "ODD": "/Type /Font /Subtype /Type1 /BaseFont /Courier "
    "/Encoding << /Type /Encoding /BaseEncoding /WinAnsiEncoding /Differences [1 /fi /fl /softhyphen] >>",
    # Two bytes a letter, and no word on which letter they are.
    "MUTE": "/Type /Font /Subtype /Type0 /BaseFont /ABCDEF+Mute /Encoding /Identity-H /DescendantFonts "
    "[<< /Type /Font /Subtype /CIDFontType2 /BaseFont /ABCDEF+Mute "
    "/CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> "
    "/FontDescriptor << /Type /FontDescriptor /FontName /ABCDEF+Mute /Flags 4 /FontBBox [0 0 600 800] "
    "/ItalicAngle 0 /Ascent 800 /Descent 0 /CapHeight 700 /StemV 80 >> >>]",
}


@dataclass(frozen=True)
class Words:
    """Words at a place of a page.

    :param x: where they start, in points from the left.
    :param y: their baseline, in points from the bottom.
    """

    text: str
    x: float
    y: float
    size: float = 10.0
    font: str = "PLAIN"

    @property
    def end(self) -> float:
        return self.x + 0.6 * self.size * len(self.text)


def lines(
    text: str | Sequence[str],
    x: float = 72,
    y: float = 700,
    *,
    letters: int = 74,
    size: float = 10.0,
    font: str = "PLAIN",
    leading: float = 1.2,
) -> list[Words]:
    """A paragraph: wrapped to that many letters a line, or with the lines given."""
    cut = textwrap.wrap(text, letters, break_on_hyphens=False) if isinstance(text, str) else text
    return [Words(line, x, y - number * leading * size, size, font) for number, line in enumerate(cut)]


def make_pdf(
    pages: Iterable[Sequence[Words]],
    info: Mapping[str, str] | None = None,
    *,
    sideways: bool = False,
    picture: bool = False,
    encrypt: bool = False,
    language: str = "",
) -> bytes:
    """A PDF of these pages.

    :param info: its metadata, by PDF's names: Title, Author, CreationDate.
    :param sideways: the words run up the page, as on a page that lies when it is read.
    :param picture: each page shows a picture of one pixel.
    :param encrypt: as if with a password that nobody knows.
    """
    objects: list[bytes] = [b"", b"", b""]  # catalog, pages, resources: filled in below
    kids = []
    for words in pages:
        content = "".join(_shown(each, sideways) for each in words)
        if picture:
            content += "q 612 0 0 792 0 0 cm BI /W 1 /H 1 /CS /G /BPC 8 /F /AHx ID 80> EI Q\n"
        objects.append(stream(content.encode("ascii")))
        kids.append(len(objects) + 1)
        page = f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {WIDTH} {HEIGHT}] /Resources 3 0 R"
        objects.append(f"{page} /Contents {len(objects)} 0 R >>".encode())
    catalog = f"<< /Type /Catalog /Pages 2 0 R {f'/Lang ({language})' if language else ''} >>"
    listed = " ".join(f"{kid} 0 R" for kid in kids)
    fonts = " ".join(f"/{name} << {font} >>" for name, font in _FONTS.items())
    objects[0] = catalog.encode()
    objects[1] = f"<< /Type /Pages /Count {len(kids)} /Kids [{listed}] >>".encode()
    objects[2] = f"<< /Font << {fonts} >> >>".encode()
    trailer = ""
    if info:
        told = " ".join(f"/{key} <FEFF{value.encode('utf-16-be').hex()}>" for key, value in info.items())
        objects.append(f"<< {told} >>".encode())
        trailer += f"/Info {len(objects)} 0 R "
    if encrypt:
        secret = "5A" * 32
        objects.append(f"<< /Filter /Standard /V 1 /R 2 /P -4 /O <{secret}> /U <{secret}> >>".encode())
        trailer += f"/Encrypt {len(objects)} 0 R /ID [<{secret[:32]}> <{secret[:32]}>] "
    return assemble(objects, trailer)


def assemble(objects: Sequence[bytes], trailer: str = "") -> bytes:
    """A file of these objects, the first of which is the catalog."""
    body = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
    places = []
    for number, each in enumerate(objects, start=1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, each)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R {trailer}>>\nstartxref\n{len(body)}\n%%EOF\n"
    return body + b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1) + table + end.encode()


def stream(data: bytes, entries: str = "") -> bytes:
    """A stream object."""
    return f"<< /Length {len(data)} {entries} >>\nstream\n".encode() + data + b"\nendstream"


def _shown(words: Words, sideways: bool) -> str:
    if words.font == "MUTE":
        code = words.text.encode("utf-16-be")
    elif words.font == "ODD":
        code = b"".join(
            bytes([ODD_LETTERS[c]]) if c in ODD_LETTERS else c.encode("cp1252") for c in words.text
        )
    else:
        code = words.text.encode("cp1252")
    place = f"0 1 -1 0 {HEIGHT - words.y:g} {words.x:g}" if sideways else f"1 0 0 1 {words.x:g} {words.y:g}"
    return f"BT /{words.font} {words.size:g} Tf {place} Tm <{code.hex()}> Tj ET\n"
