"""Sentences: where they start and end.

sentencex does the work; the few repairs below are for news and reports, where it cuts
after an abbreviation or does not cut behind a sentence in brackets.
"""

import re
from itertools import pairwise

#: Titles and forms that always have a name or number after them, so no sentence ends there.
_BEFORE_NAME = re.compile(
    r"\b(?:Mr|Mrs|Ms|Messrs|Dr|Prof|Gen|Col|Lt|Sgt|Capt|Maj|Brig|Adm|Cmdr|Sen|Rep|Gov|Hon|Rev|Amb|Pres|St|Mt|Ft)\.$"
)
_BEFORE_NUMBER = re.compile(
    r"\b(?:paras?|arts?|secs?|nos?|pp?|figs?|vols?|ch|cls?|regs?|approx|ca|est)\.$", re.IGNORECASE
)
#: "1." or "(b)." alone is the number of an item, "Table 3." that of a caption.
_ENUMERATOR = re.compile(
    r"\(?(?:\d{1,3}|[A-Za-z])[.)]+$|(?:Table|Figure|Fig\.|Map|Chart|Graph|Box)\s+\d{1,3}(?:\.\d{1,2})?\.$"
)
#: A lower-case word goes on with the sentence; "iPhone", "eBay" and "al-Shabaab" may start one.
_GOES_ON = re.compile(r"(?=[^\W\d_A-Z])[\w’'-]+")
#: A word short enough to be an abbreviation ("Wash.", "Kaz.").
_SHORT_WORD = re.compile(r"(?:^|[\s(“\"])[^\W\d_]{1,5}\.$")
#: Sentence ends that sentencex passes over: "(He was ill.) She", "He left… The".
#: and behind the month of May, which it takes for an abbreviation.
_ALSO_ENDS = re.compile(
    r"(?<=[.!?][)\]])\s+(?=[“\"‘(]?[A-Z])|(?<=…)\s+(?=[“\"‘]?[A-Z])"
    r"|(?<=\b(?:in|of) May\.)\s+(?=[“\"‘(]?[A-Z])"
)


def sentence_spans(text: str, start: int, end: int, language: str = "en") -> list[tuple[int, int]]:
    """Where the sentences of `text[start:end]` stand, white space around them left out.

    :param language: BCP 47 tag; its abbreviations are known to sentencex.
    :returns: half-open code-point spans into `text`, in order, none empty.

    >>> words = "U.S. officials met Mr. Doe. He left."
    >>> [words[a:b] for a, b in sentence_spans(words, 0, len(words))]
    ['U.S. officials met Mr. Doe.', 'He left.']
    """
    from sentencex import segment  # type: ignore[import-untyped]  # has no stubs

    code = "en" if language == "und" else language.split("-")[0]
    cuts: list[int] = []
    at = start
    for piece in segment(code, text[start:end]):
        cuts.append(at)
        cuts += [at + found.end() for found in _ALSO_ENDS.finditer(piece) if _closed(piece[: found.start()])]
        at += len(piece)
    bounds = [*cuts, end]
    spans: list[tuple[int, int]] = []
    for a, b in pairwise(bounds):
        span = _trim(text, a, b)
        if span is None:
            continue
        if spans and _belongs(text[slice(*spans[-1])], text[slice(*span)]):
            spans[-1] = (spans[-1][0], span[1])
        else:
            spans.append(span)
    return spans


def _closed(before: str) -> bool:
    """Whether a bracket that ends here holds a sentence of its own, and no quotation is open."""
    if before.endswith("May."):
        return True
    if before.endswith("…"):
        return before.count("“") <= before.count("”") and before.count('"') % 2 == 0
    opened = max(before.rfind("("), before.rfind("["))
    lead = before[:opened].rstrip()
    return opened >= 0 and (not lead or lead[-1] in '.!?…”"')


def _belongs(before: str, after: str) -> bool:
    """Whether two pieces are one sentence."""
    if not any(c.isalnum() for c in after):
        return True
    if _ENUMERATOR.fullmatch(before):
        return True
    if not before.endswith("."):
        return False
    if _BEFORE_NAME.search(before) and after[0].isupper():
        return True
    if _BEFORE_NUMBER.search(before) and after[0].isdigit():
        return True
    goes_on = _GOES_ON.match(after)
    return goes_on is not None and goes_on[0].islower() and _SHORT_WORD.search(before) is not None


def _trim(text: str, start: int, end: int) -> tuple[int, int] | None:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return (start, end) if start < end else None
