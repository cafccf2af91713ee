"""SERVICE and, in updates, LOAD: calls that the engine must never be handed as they are.

The engine would call any address that these name, and has no switch against it, so a query or update that
holds one is refused before the engine sees it. One that names addresses that are allowed, and no other,
is handed over with other addresses in their place, behind which the call is watched.

The engine's parser knows no tokens, so one text can be read in several ways: the `<` of
`?a<?b#c>` may open an IRI or compare, and in the second case `#` opens a comment. Reading it
one way only would let a clause hide in what we take for a string. So every way is followed, and
the query is refused if a clause turns up in any of them that names what is not allowed. A changed text may be
read in other ways than before, so it is looked through once more.
"""

import re
from collections.abc import Iterable, Mapping
from functools import cache
from typing import NamedTuple, NoReturn

from kgraph.errors import QueryError, ServiceFailed
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


class _Call(NamedTuple):
    """A form that makes the engine call an address.

    :param pattern: all of it up to where the grammar leaves no doubt; its group `target` is the address.
    :param refusal: what is said where none may be called.
    """

    word: str
    pattern: str
    refusal: str


_IRI_HERE = f"{IRI}|{PREFIX}:{WIDEST_LOCAL}"
#: With or without SILENT, followed by what the grammar wants there: an IRI or a variable, and the opening
#: brace. Source: SPARQL 1.1 Query, section 19.8, rule 59.
_SERVICE = _Call(
    "service",
    rf"(?i:service){GAP}(?:(?i:silent){GAP})?(?P<target>{_IRI_HERE}|{VARIABLE}){GAP}\{{",
    "SERVICE is not allowed here; only what this graph holds can be asked",
)
#: With or without SILENT, followed by an IRI. Source: the same, rule 31.
_LOAD = _Call(
    "load",
    rf"(?i:load){GAP}(?:(?i:silent){GAP})?(?P<target>{_IRI_HERE})",
    "LOAD is not allowed here; send the data themselves, by INSERT DATA or to /store",
)

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


def route_services(text: str, routes: Mapping[str, str]) -> str:
    """The query with other addresses in its SERVICE clauses.

    :param routes: from the addresses that may stand in a clause, as they are written there, to those that are
        called instead.
    :raises QueryError: if a clause names anything else: another address, a variable, a prefixed name.
    """
    return _routed(text, routes, (_SERVICE,))


def route_calls(text: str, routes: Mapping[str, str]) -> str:
    """The update with other addresses in its SERVICE clauses and behind LOAD.

    :param routes: as in `route_services`.
    :raises QueryError: if either names anything else.
    """
    return _routed(text, routes, (_SERVICE, _LOAD))


def failed_call(exc: OSError, routes: Mapping[str, str]) -> ServiceFailed:
    """What to tell of a call that has failed, by the addresses that were to be called.

    :param routes: as in `route_services`.
    """
    told = str(exc)
    for address, called in routes.items():
        if f" by {called} with payload:" in told:
            return ServiceFailed(f"calling <{address}>: {told.rpartition('payload:')[2].strip()}")
    for address, called in sorted(routes.items(), key=lambda route: len(route[1]), reverse=True):
        told = told.replace(called, address)  # the longest first: one may begin like another
    return ServiceFailed(" ".join(told.split()))


def _routed(text: str, routes: Mapping[str, str], kinds: Iterable[_Call]) -> str:
    calls = _calls(text, kinds)
    if not calls:
        return text
    pieces, copied = [], 0
    for kind, call in calls:
        start, end = call.span("target")
        address = text[start + 1 : end - 1]
        if text[start] != "<" or address not in routes:
            listed = ", ".join(f"<{each}>" for each in sorted(routes))
            words = (
                f"{kind.word.upper()} is allowed here for these addresses alone, written in full: {listed}"
            )
            _refuse(text, call.start(), words if routes else kind.refusal)
        pieces += [text[copied:start], f"<{routes[address]}>"]
        copied = end
    routed = "".join(pieces) + text[copied:]
    called = {f"<{address}>" for address in routes.values()}
    if any(call["target"] not in called for _, call in _calls(routed, kinds)):
        raise QueryError("this can be read in several ways, one with another call; write it plainly")
    return routed


def _calls(text: str, kinds: Iterable[_Call]) -> "list[tuple[_Call, re.Match[str]]]":
    """The calls of all ways to read a text, in their order."""
    found = [(kind, call) for kind in kinds for call in _find(text, kind)]
    return sorted(found, key=lambda each: each[1].start())


def _refuse(text: str, at: int, words: str) -> NoReturn:
    line, column = place(text, at)
    raise QueryError(f"line {line}, column {column}: {words}")


def _find(text: str, kind: _Call) -> "list[re.Match[str]]":
    """The calls of a kind, in any way to read the text."""
    if kind.word not in text.lower():
        return []
    found: list[re.Match[str]] = []
    ahead, seen = [0], set[int]()
    while ahead:
        mark = _compiled(_MARK).search(text, ahead.pop())
        if mark is None or mark.start() in seen:
            continue
        at = mark.start()
        seen.add(at)
        call = _compiled(kind.pattern).match(text, at)
        if call is not None:
            found.append(call)
        ahead += _ways_on(text, at)
    return found


def _ways_on(text: str, at: int) -> list[int]:
    """Where reading may go on from `at`; nowhere if what stands there cannot be read at all."""
    patterns = _SKIPPED.get(text[at])
    if patterns is not None:
        return [match.end() for pattern in patterns if (match := _compiled(pattern).match(text, at))]
    graph = _compiled(_GRAPH).match(text, at)
    return [graph.end() - 1 if graph else at + 1]
