"""How names are read: every script in Latin letters, as names in Latin letters are written.

anyascii writes letter for letter. What a script leaves to whoever reads it comes before: Arabic articles and
long vowels, Hebrew and Burmese letters that sound otherwise where they stand, Thai letters that are mute.
Which language a name is of is not asked; a rule is here if it holds for all that write in that script.
"""

import re

from kgraph.errors import ConfigError


def latin(text: str, *, of_person: bool = False) -> str:
    """A name in lower-case Latin letters, digits and blanks, or whatever else parts words.

    >>> latin("عبد الفتاح السيسي"), latin("အောင်ဆန်းစုကြည်")
    ('abd ftah sysy', 'aeanchnchukyi')

    :raises ConfigError: if anyascii is not installed.
    """
    # Persian joins words by a mark without width that is no blank.
    text = text.replace("\u200c", "")
    for applies, rules in _BY_SCRIPT:
        if applies.search(text):
            for pattern, instead in rules:
                text = pattern.sub(instead, text)
    if of_person:
        text = _KOREAN_NAME.sub(lambda found: _KOREAN_SURNAMES[found[1]], text)
    is_korean = _HANGUL.search(text) is not None
    text = _ascii(text)
    if is_korean:
        text = re.sub(r"(?<=[a-km-z])L|^L", "R", text)
    text = re.sub("['`]", "", text).lower()
    for pattern, instead in _LATIN:
        text = pattern.sub(instead, text)
    return text


def _ascii(text: str) -> str:
    try:
        from anyascii import anyascii
    except ImportError as exc:
        raise ConfigError("linking needs rapidfuzz and anyascii: pip install 'kgraph[linking]'") from exc
    return anyascii(text)


_Rules = tuple[tuple[re.Pattern[str], str], ...]


def _rules(*rules: tuple[str, str]) -> _Rules:
    return tuple((re.compile(pattern), instead) for pattern, instead in rules)


_HANGUL = re.compile("[가-힣]")
_ARABIC = _rules(
    (r"(?:(\w)\s+)?الله\b", r"\1اله"),  # Nasr Allah is one name
    (r"\bعبد\s*ال(?=\w\w)", "عبد "),
    (r"ال(?=د[يی]ن\b)", ""),  # Burhan-uddin: the l is not heard
    (r"\bآل\s+", ""),  # the house of
    (r"\bو?ال(?=\w{3})", ""),
    (r"\bع|[اأآىة]", "a"),
    ("إ", "i"),
    ("[ضظ]", "ذ"),  # z in Persian, d in Arabic
    ("[ئی]", "ي"),
    ("ؤ", "و"),
    (r"([ء-ي])(?=\1)", r"\1a"),  # what is doubled is written once
)
#: How Russian writes Chinese: цз and чж are j and zh.
_CYRILLIC = _rules(("[Цц]з", "дж"), ("[Чч]ж", "ж"))
_HEBREW = _rules(
    ("ב", "b"), (r"\bכ", "k"), (r"\bפ", "p"), ("ו", "w"), ("ש", "sh"), (r"([א-ת])(?=\1)", r"\1a")
)
_BURMESE = _rules(
    ("[နင]့်", "နတ"),
    ("စ်", "တ်"),
    ("[ညယ]်", "ိ"),
    ("ှ", ""),
    ("[ရြ]", "y"),
    ("စ", "ဆ"),
    ("သ", "th"),
    ("[ဝွ]", "w"),
    ("အ", "a"),
)
_INDIC = _rules(("[ंঁ]", "n"), ("ং", "ng"), (r"([क-हক-হ])(?=\1)", r"\1a"))
_ETHIOPIC = _rules(
    (r"(.)(?=\1)", r"\1e"),
)
_THAI = _rules(
    (".[ิุ]?์", ""),
)
#: What comes after the name of a body: 新华社 is Xinhua Agency.
_HAN = _rules(("通讯社|社$", " agency"), ("电视台|電視台", " tv"), ("公司$", " company"), ("集团$", " group"))
_BY_SCRIPT: tuple[tuple[re.Pattern[str], _Rules], ...] = (
    (re.compile("[\u0600-\u06ff]"), _ARABIC),
    (re.compile("[\u0400-\u04ff]"), _CYRILLIC),
    (re.compile("[\u0590-\u05ff]"), _HEBREW),
    (re.compile("[\u1000-\u109f]"), _BURMESE),
    (re.compile("[\u0900-\u09ff]"), _INDIC),
    (re.compile("[\u1200-\u137f]"), _ETHIOPIC),
    (re.compile("[\u0e00-\u0e7f]"), _THAI),
    (re.compile("[\u4e00-\u9fff]"), _HAN),
)

#: Korean surnames that Latin letters write with consonants that Hangul has not.
_KOREAN_SURNAMES = {"박": "park", "이": "lee", "리": "ri", "노": "roh", "로": "roh", "임": "lim", "림": "lim"}
_KOREAN_NAME = re.compile(f"^({'|'.join(_KOREAN_SURNAMES)})(?=[가-힣]{{1,2}}$)")

#: The Arabic article, as it is heard before the letter that follows; in Abdel, Abdul and Abder-, too.
_LATIN = _rules(
    (r"\b[ae](?:l|(sh|ch|th|dh|[drstzn])(?=-\1))-(?=\w)", ""),
    (r"\babd(?:[aeou]{1,2}l?)?[ -]+(?:[ae]l[ -])?(?=\w{3})", "abd "),
    (r"\babd[aeou]{1,2}(?:l|([rsntdz])(?=\1))(?!ah|aye|lah|la\b)(?=\w{3})", "abd "),
)
