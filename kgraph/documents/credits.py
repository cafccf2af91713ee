"""Credits: who took a picture and under what licence, which says nothing of the world.

A caption mostly ends with one: "People in a square. Jane Doe/Agency, CC BY-ND."
"""

import re

#: Longest credit that is looked for, in code points.
_LONGEST = 160

_AGENCIES = (
    r"Reuters|AP|AFP|AFP-JIJI|Associated Press|Getty(?: Images)?|EPA(?:-EFE)?|EFE|TASS|Xinhua"
    r"|Wikimedia(?: Commons)?|Wikipedia|Flickr|RFE/RL|Anadolu(?: Agency| Images)?|Shutterstock"
    r"|iStock(?:photo)?|Bloomberg|Sputnik|NurPhoto|Zuma(?: Press| Wire)?|Alamy(?: Stock Photo)?|Unsplash"
    r"|Pixabay|Pexels|Kyodo(?: News)?|dpa|UPI|PA(?: Wire)?|ANSA|RIA Novosti|Interfax|VOA|BBC|CNN"
    r"|SIPA(?: USA)?|LightRocket|Magnum(?: Photos)?|Rex(?: Features)?"
)
_AGENCY = re.compile(rf"(?:{_AGENCIES})(?:\s*/\s*(?:{_AGENCIES}))*", re.IGNORECASE)
_AFTER_NAME = re.compile(rf"(?P<name>.+?)\s*(?:[,|/–—]|\s-|\bvia\b|\bfor\b)\s*(?:{_AGENCIES})", re.IGNORECASE)
_BEFORE_NAME = re.compile(rf"(?:{_AGENCIES})(?: Photo)?\s*/\s*(?P<name>.+?)(?:, file)?", re.IGNORECASE)
_LABEL = re.compile(
    r"(?:(?:file\s+)?(?:image|photo|photograph|picture|pic|credit|graphic|illustration|video|screenshot|screengrab|map"
    r"|infographic|chart|source|foto|ap photo|afp photo)s?(?:\s+(?:credit|courtesy|source)s?)?"
    r"\s*(?:/|:|\bby\b|\bof\b|\bfrom\b|©|\bvia\b)|courtesy\s+(?:of|:)|via\s|©|\(c\)|copyright\b)\s*(?P<rest>.*)",
    re.IGNORECASE | re.DOTALL,
)
_LICENCE = re.compile(
    r"(?:\bunder\s+(?:a\s+)?|\blicen[cs]ed?\s+(?:under\s+)?)?"
    r"(?:\bCC[\s-]?(?:BY|0|ZERO)\b(?:[\s-](?:NC|ND|SA)\b)*(?:[\s-]\d(?:\.\d)?)?"
    r"(?:\s+(?:DEED|Unported|International|licen[cs]e))*"
    r"|\bCreative Commons\b[\w\s./-]{0,60}|\bPublic Domain\b|\bAll rights reserved\b"
    r"|\b(?:used|reprinted|reproduced)\s+(?:with|by)\s+permission\b)",
    re.IGNORECASE,
)
#: Where a credit may start: behind the end of a sentence, or with a bracket.
_START = re.compile(r"(?<=[.!?…)\]\"”’»])\s+|\s+(?=[(\[])|\s+(?=[|–—]\s|©)|\n")
#: "Almaty." ends a sentence within the words, "J." and "St." do not.
_ENDS_SENTENCE = re.compile(r"[a-z]{3}[.!?:;]$")
_SMALL_WORDS = re.compile(
    r"of|the|d[aeiou]|del|la|le|van|von|der|den|bin|ibn|al|el|e|y|i|and|&|by|for|via|-", re.IGNORECASE
)


def credit_start(text: str) -> int | None:
    """Where the credit that ends the text starts, white space before it included; None without one.

    >>> words = "Marchers in the capital. J. Doe/Reuters"
    >>> words[: credit_start(words)]
    'Marchers in the capital.'
    """
    if is_credit(text, alone=True):
        return 0
    first = max(0, len(text) - _LONGEST)
    for found in _START.finditer(text, first):
        # "the site (BBC)" names an outlet; "They marched. (BBC)" credits one.
        after_sentence = text[found.start() - 1] in ".!?…" or text[found.end() : found.end() + 1] != "("
        if is_credit(text[found.end() :], alone=not after_sentence):
            return found.start()
    return None


def is_credit(words: str, *, alone: bool) -> bool:
    """Whether the words are a credit or a licence and nothing else.

    :param alone: nothing stands before them, so names and a slash are not enough.
    """
    words = words.strip().lstrip("|–— ").strip()
    if len(words) > _LONGEST or not words:
        return False
    bracketed = words[0] in "([" and words.rstrip(".")[-1:] in {")", "]"}
    words = words.strip(" .()[]*_") if bracketed else words.strip(" .*_")
    if not words or "\n" in words:
        return False
    unlicensed = _LICENCE.sub("", words).strip(" ,.;:/|–—-()")
    if unlicensed != words.strip(" ,.;:/|–—-()"):
        return not unlicensed or are_names(unlicensed) or is_credit(unlicensed, alone=alone)
    if _AGENCY.fullmatch(words):
        return not alone and not words.islower()
    named = _AFTER_NAME.fullmatch(words)
    if named and are_names(named["name"]) and len(named["name"].split()) <= (6 if "/" in words else 4):
        return True
    before = _BEFORE_NAME.fullmatch(words)
    if before and are_names(before["name"]) and len(before["name"].split()) <= 4:
        return True
    labelled = _LABEL.match(words)
    if labelled:
        return _labelled(labelled["rest"], alone=alone)
    return not alone and not bracketed and _slashed(words)


def _labelled(rest: str, *, alone: bool) -> bool:
    """Whether what stands behind "Photo:" names someone, and does not tell what is to be seen."""
    rest = rest.strip(" .")
    if not rest:
        return False
    if are_names(rest):
        return True
    return not alone and len(rest.split()) <= 3


def _slashed(words: str) -> bool:
    """Whether the words are of the form Name Surname/Agency."""
    left, slash, right = words.partition("/")
    if not slash or "//" in words or "." in right.rstrip("."):
        return False
    names = f"{left} {right}"
    return are_names(names) and len(names.split()) <= 8


def are_names(words: str) -> bool:
    """Whether the words can be names: each with a capital, but for "of", "van" and the like.

    >>> are_names("Matthew van der Berg"), are_names("Police in Almaty")
    (True, False)
    """
    parts = re.findall(r"[^\s,;/|()\[\]–—+&]+", words)
    if not parts or len(parts) > 10 or any(_ENDS_SENTENCE.search(p) for p in parts[:-1]):
        return False
    capital = [p for p in parts if not _SMALL_WORDS.fullmatch(p)]
    return (
        bool(capital)
        and all(p[0].isupper() or p[0] in "@#" or p[0].isdigit() for p in capital)
        and any(p[0].isupper() or p[0] == "@" for p in capital)
    )
