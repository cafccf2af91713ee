"""SERVICE in the text of a query, LOAD in that of an update: what the engine must never be handed.

The engine would call any address that these name, and has no switch against it, so a query or update
that holds one is refused before the engine sees it.

The engine's parser knows no tokens, so one text can be read in several ways: the `<` of
`?a<?b#c>` may open an IRI or compare, and in the second case `#` opens a comment. Reading it
one way only would let a clause hide in what we take for a string. So every way is followed, and
the query is refused if a clause turns up in any of them.
"""

import re
from functools import cache

from kgraph.errors import QueryError
from kgraph.store.tokens import COMMENT, GAP, IRI, LANGUAGE, LOCAL, PREFIX, STRINGS, VARIABLE, WIDEST_LOCAL

#: SERVICE, with or without SILENT, followed by what the grammar wants there: an IRI or a variable,
#: and the opening brace. Source: SPARQL 1.1 Query, section 19.8, rule 59.
_CLAUSE = rf"(?i:service){GAP}(?:(?i:silent){GAP})?(?:{IRI}|{VARIABLE}|{PREFIX}:{WIDEST_LOCAL}){GAP}\{{"

#: LOAD, with or without SILENT, followed by an IRI. Source: the same, rule 31.
_LOAD = rf"(?i:load){GAP}(?:(?i:silent){GAP})?(?:{IRI}|{PREFIX}:{WIDEST_LOCAL})"

#: What cannot hold a clause, by its first character; each pattern that matches is one way on.
_SKIPPED: dict[str, tuple[str, ...]] = {
    "#": (COMMENT,),
    "<": (IRI, "<"),
    '"': tuple(string for string in STRINGS if string.startswith('"')),
    "'": tuple(string for string in STRINGS if string.startswith("'")),
    "?": (VARIABLE + r"|\?",),
    "$": (VARIABLE + r"|\$",),
    "@": (LANGUAGE,),
    ":": (f":(?:{LOCAL})?",),
}
#: Where something begins that matters; all else is passed over.
_MARK = "[#<\"'?$@:sSgGlL]"
# A graph may be called by a prefixed name whose prefix is `service`. Only where the keyword cannot be
# the end of some name: `kg:a.graph SERVICE:x {}` is a name and a clause.
_GRAPH = rf"(?<![^\s{{}}();])(?i:graph){GAP}{PREFIX}:"


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    """Not before it is needed: they take a tenth of a second, and few queries have one of the words."""
    return re.compile(pattern, re.DOTALL)


def refuse_service(text: str) -> None:
    """Refuse a query that would make the engine call another endpoint.

    :raises QueryError: if there is a SERVICE clause; says where.
    """
    _refuse(text, find_service(text), "SERVICE is not allowed here; only what this graph holds can be asked")


def refuse_calls(text: str) -> None:
    """Refuse an update that would make the engine call another server, or read a file of this one.

    :raises QueryError: if there is a SERVICE clause or a LOAD; says where.
    """
    refuse_service(text)
    at = _find(text, "load", _LOAD)
    _refuse(text, at, "LOAD is not allowed here; send the data themselves, by INSERT DATA or to /store")


def _refuse(text: str, at: int | None, words: str) -> None:
    if at is not None:
        line = text.count("\n", 0, at) + 1
        column = at - text.rfind("\n", 0, at)
        raise QueryError(f"line {line}, column {column}: {words}")


def find_service(text: str) -> int | None:
    """Offset of the first SERVICE clause that the engine might see, None if there is none."""
    return _find(text, "service", _CLAUSE)


def _find(text: str, word: str, clause: str) -> int | None:
    if word not in text.lower():
        return None
    found: list[int] = []
    ahead, seen = [0], set[int]()
    while ahead:
        mark = _compiled(_MARK).search(text, ahead.pop())
        if mark is None or mark.start() in seen:
            continue
        at = mark.start()
        seen.add(at)
        if _compiled(clause).match(text, at):
            found.append(at)
        else:
            ahead += _ways_on(text, at)
    return min(found, default=None)


def _ways_on(text: str, at: int) -> list[int]:
    """Where reading may go on from `at`; nowhere if what stands there cannot be read at all."""
    patterns = _SKIPPED.get(text[at])
    if patterns is not None:
        return [match.end() for pattern in patterns if (match := _compiled(pattern).match(text, at))]
    graph = _compiled(_GRAPH).match(text, at)
    return [graph.end() - 1 if graph else at + 1]
