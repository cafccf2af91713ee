"""SERVICE in the text of a query, LOAD in that of an update: what the engine must never be handed.

The engine would call any address that these name, and has no switch against it, so a query or update
that holds one is refused before the engine sees it. A query whose SERVICE clauses name addresses that are
allowed is handed over with other addresses in their place, behind which the call is watched.

The engine's parser knows no tokens, so one text can be read in several ways: the `<` of
`?a<?b#c>` may open an IRI or compare, and in the second case `#` opens a comment. Reading it
one way only would let a clause hide in what we take for a string. So every way is followed, and
the query is refused if a clause turns up in any of them that names what is not allowed. A changed text may be
read in other ways than before, so it is looked through once more.
"""

import re
from collections.abc import Mapping
from functools import cache

from kgraph.errors import QueryError
from kgraph.store.tokens import (
    COMMENT,
    GAP,
    IRI,
    LANGUAGE,
    LOCAL,
    PREFIX,
    STRINGS,
    VARIABLE,
    WIDEST_LOCAL,
    place,
)

_TARGET = f"{IRI}|{VARIABLE}|{PREFIX}:{WIDEST_LOCAL}"
#: SERVICE, with or without SILENT, followed by what the grammar wants there: an IRI or a variable,
#: and the opening brace. Source: SPARQL 1.1 Query, section 19.8, rule 59.
_CLAUSE = rf"(?i:service){GAP}(?:(?i:silent){GAP})?(?P<target>{_TARGET}){GAP}\{{"

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


_NO_SERVICE = "SERVICE is not allowed here; only what this graph holds can be asked"


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    """Not before it is needed: they take a tenth of a second, and few queries have one of the words."""
    return re.compile(pattern, re.DOTALL)


def refuse_service(text: str) -> None:
    """Refuse a query that would make the engine call another endpoint.

    :raises QueryError: if there is a SERVICE clause; says where.
    """
    _refuse(text, find_service(text), _NO_SERVICE)


def route_services(text: str, routes: Mapping[str, str]) -> str:
    """The query with other addresses in its SERVICE clauses.

    :param routes: from the addresses that may stand in a clause, as they are written there, to those that are
        called instead.
    :raises QueryError: if a clause names anything else: another address, a variable, a prefixed name.
    """
    pieces, copied = [], 0
    for clause in _services(text):
        start, end = clause.span("target")
        address = text[start + 1 : end - 1]
        if text[start] != "<" or address not in routes:
            listed = ", ".join(f"<{each}>" for each in sorted(routes))
            words = f"SERVICE is allowed here for these addresses alone, written in full: {listed}"
            _refuse(text, clause.start(), words if routes else _NO_SERVICE)
        pieces += [text[copied:start], f"<{routes[address]}>"]
        copied = end
    routed = "".join(pieces) + text[copied:]
    called = {f"<{address}>" for address in routes.values()}
    if any(clause["target"] not in called for clause in _services(routed)):
        raise QueryError(
            "this can be read in several ways, one with another SERVICE clause; write it plainly"
        )
    return routed


def _services(text: str) -> "list[re.Match[str]]":
    """The SERVICE clauses of all ways to read a text, in their order."""
    found = (_compiled(_CLAUSE).match(text, at) for at in _find(text, "service", _CLAUSE))
    return [clause for clause in found if clause is not None]


def refuse_calls(text: str) -> None:
    """Refuse an update that would make the engine call another server, or read a file of this one.

    :raises QueryError: if there is a SERVICE clause or a LOAD; says where.
    """
    refuse_service(text)
    at = next(iter(_find(text, "load", _LOAD)), None)
    _refuse(text, at, "LOAD is not allowed here; send the data themselves, by INSERT DATA or to /store")


def _refuse(text: str, at: int | None, words: str) -> None:
    if at is not None:
        line, column = place(text, at)
        raise QueryError(f"line {line}, column {column}: {words}")


def find_service(text: str) -> int | None:
    """Offset of the first SERVICE clause that the engine might see, None if there is none."""
    return next(iter(_find(text, "service", _CLAUSE)), None)


def _find(text: str, word: str, clause: str) -> list[int]:
    """Where a clause begins, in any way to read the text; in order."""
    if word not in text.lower():
        return []
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
        ahead += _ways_on(text, at)
    return sorted(found)


def _ways_on(text: str, at: int) -> list[int]:
    """Where reading may go on from `at`; nowhere if what stands there cannot be read at all."""
    patterns = _SKIPPED.get(text[at])
    if patterns is not None:
        return [match.end() for pattern in patterns if (match := _compiled(pattern).match(text, at))]
    graph = _compiled(_GRAPH).match(text, at)
    return [graph.end() - 1 if graph else at + 1]
