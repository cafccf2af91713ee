"""Characters: what of a decoded text a reader sees.

Line ends become line feeds, invisible control characters go, and the rest is brought
to Unicode normal form C. Everything else stays, so that offsets into a clean UTF-8
file are offsets into its stored text.
"""

import re
import unicodedata

#: Line ends of other systems and eras: CR LF, CR, vertical tab, form feed, NEL, LS, PS.
_LINE_END = re.compile("\r\n|[\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")

#: Not to be seen, and mostly not allowed in RDF/XML: C0 and C1 controls, byte-order marks, soft
#: hyphens, zero-width spaces, bidirectional overrides, surrogates, noncharacters. The joiners
#: U+200C and U+200D stay: Persian and Indic spelling needs them.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\xad\u200b\u202a-\u202e\u2060\u2066-\u2069\ufeff"
    "\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)


def readable(text: str) -> str:
    """The text with line feeds as its only line ends, without invisible characters, in NFC.

    >>> readable("Cafe\\u0301\\r\\nopen\\ufeff")
    'Café\\nopen'

    Source: Unicode Standard Annex #15 (normalisation), Unicode Standard section 5.8 (newlines).
    """
    text = _INVISIBLE.sub("", _LINE_END.sub("\n", text))
    return unicodedata.normalize("NFC", text)


def one_line(text: str) -> str:
    """The readable text with each run of white space as one space."""
    return " ".join(readable(text).split())
