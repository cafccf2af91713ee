"""The language of a text."""

import re
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier  # type: ignore[import-untyped]  # has no stubs

#: Less than this many letters tell no language.
_MIN_LETTERS = 20

#: More than this is not looked at: the answer would be the same.
_ENOUGH = 5_000

#: How sure the identifier must be, in [0, 1].
_MIN_PROBABILITY = 0.5

#: Languages that news and reports are published in. The identifier knows 140, and takes short
#: English texts for Scots, Frisian or pidgins when all may stand.
# fmt: off
_CANDIDATES = (
    "af", "am", "ar", "az", "be", "bg", "bn", "ca", "cs", "da", "de", "el", "en", "es", "et", "eu", "fa",
    "fi", "fr", "ga", "gl", "gu", "ha", "he", "hi", "hr", "hu", "hy", "id", "is", "it", "ja", "ka", "kk",
    "km", "kn", "ko", "ku", "ky", "lo", "lt", "lv", "mg", "mk", "ml", "mn", "mr", "ms", "mt", "my", "ne",
    "nl", "no", "or", "pa", "pl", "ps", "pt", "ro", "ru", "rw", "si", "sk", "sl", "so", "sq", "sr", "sv",
    "sw", "ta", "te", "tg", "th", "tk", "tl", "tr", "ug", "uk", "ur", "uz", "vi", "xh", "yo", "zh", "zu",
)
# fmt: on

_TAG = re.compile(r"[a-z]{2,3}(?:[-_][a-z0-9]{2,8})*", re.IGNORECASE)


def language_tag(text: str | None) -> str | None:
    """The text as a BCP 47 tag, as the registry spells it; None if it is none.

    >>> language_tag("en_US"), language_tag("zh-hant-TW"), language_tag("English, I think")
    ('en-US', 'zh-Hant-TW', None)

    Source: RFC 5646, section 2.1.1.
    """
    words = (text or "").strip().split(".", 1)[0]
    if not _TAG.fullmatch(words):
        return None
    first, *rest = words.replace("_", "-").split("-")
    spelt = (
        part.upper() if len(part) == 2 else part.title() if len(part) == 4 else part.lower() for part in rest
    )
    return "-".join((first.lower(), *spelt))


def detect_language(text: str) -> str:
    """The language that a text is most likely in; "und" where there is too little to tell."""
    head = text[:_ENOUGH]
    if sum(c.isalpha() for c in head) < _MIN_LETTERS:
        return "und"
    language, probability = _identifier().classify(head)
    return str(language) if probability >= _MIN_PROBABILITY else "und"


@cache
def _identifier() -> "LanguageIdentifier":
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(_CANDIDATES)
    return identifier
