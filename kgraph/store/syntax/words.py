"""Kinds of terminals in the words of people."""

from collections.abc import Iterable

from kgraph.store.syntax.grammar import KEYWORDS, sparql

_IRIS = frozenset({"IRIREF", "PNAME_LN", "PNAME_NS"})
_NUMBERS = frozenset({"NUMBER", "SIGNED"})
#: Kinds that are told together, the larger sets first.
_TOGETHER: tuple[tuple[frozenset[str], str], ...] = (
    (_NUMBERS | {"STRING", "TRUE", "FALSE"}, "a literal"),
    (_IRIS, "an IRI"),
    (_NUMBERS, "a number"),
    (frozenset({"BLANK", "ANON"}), "a blank node"),
)
_NAMES = {
    "VAR": "a variable",
    "STRING": "a text in quotes",
    "NUMBER": "a number",
    "SIGNED": "a number with a sign",
    "IRIREF": "an IRI in <…>",
    "PNAME_NS": "a prefix with its colon",
    "PNAME_LN": "a prefixed name",
    "BLANK": "a blank node",
    "LANGTAG": "a language tag",
    "NIL": "'()'",
    "ANON": "'[]'",
    "END": "the end of the query",
    "WORD": "a word",
}


def functions() -> frozenset[str]:
    """The names of the functions that the grammar knows."""
    grammar = sparql()
    return grammar.begins(grammar.rules["BuiltIn"]).terminals - {"NOT", "EXISTS"}


def spelt(kind: str) -> str:
    """A keyword or mark as it is written."""
    return kind.lower() if kind in {"TRUE", "FALSE"} else kind


def is_fixed(kind: str) -> bool:
    """Whether all terminals of a kind read alike: keywords and marks."""
    return kind in KEYWORDS or kind not in _NAMES


def in_words(kinds: Iterable[str]) -> tuple[str, ...]:
    """What may stand somewhere, said shortly: what has a sense first, then marks, then keywords.

    >>> in_words({"VAR", "IRIREF", "PNAME_LN", "PNAME_NS", ".", "FILTER"})
    ('a variable', 'an IRI', "'.'", 'FILTER')
    """
    left = set(kinds)
    found = []
    if "VAR" in left:
        found.append(_NAMES["VAR"])
        left.remove("VAR")
    for together, name in _TOGETHER:
        if together <= left:
            found.append(name)
            left -= together
    if functions() <= left:
        found.append("a function")
        left -= functions()
    found += sorted(_NAMES[kind] for kind in left if kind in _NAMES and kind != "END")
    fixed = sorted(spelt(kind) for kind in left if kind not in _NAMES)
    found += [f"'{each}'" for each in fixed if not each[0].isalpha()]
    found += [each for each in fixed if each[0].isalpha()]
    return (*found, _NAMES["END"]) if "END" in left else tuple(found)


def listed(words: Iterable[str], most: int) -> str:
    """Words as a list within a sentence."""
    shown = list(words)
    if len(shown) > most:
        return ", ".join(shown[:most]) + " …"
    return " or ".join(filter(None, (", ".join(shown[:-1]), *shown[-1:])))
