"""What is wrong with a text that the engine refused: where, what could stand there, what to write instead.

The engine tells a place and what it tried there, but reads without tokens: its place lies behind the word
that it could not read, by as much as the keywords are long that it tried. So the text is read again, by the
grammar; the engine's own words are told only of what the grammar does not know, as rules about variables.
What is suggested was tried: the text can then be read further than before.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import count, islice, pairwise
from typing import Literal

import pyoxigraph as ox

from kgraph.errors import MalformedQuery, QueryError
from kgraph.namespaces import PREFIXES, WELL_KNOWN
from kgraph.store.federation import route_calls
from kgraph.store.syntax.grammar import sparql
from kgraph.store.syntax.parsing import State, read
from kgraph.store.syntax.repair import alike, repairs
from kgraph.store.syntax.terminals import Terminal, terminals
from kgraph.store.syntax.words import in_words, listed
from kgraph.store.tokens import place

Unit = Literal["query", "update"]
#: The changed text, None where only its author can write it; and the words that invite to the change.
Fix = tuple[str | None, str]

_UNITS = {"query": "QueryUnit", "update": "UpdateUnit"}
_WHOLE = {"query": "the query", "update": "the update"}
_OTHER = {"query": "an update, where a query belongs", "update": "a query, where an update belongs"}
_MOST_SHOWN = 6
_MOST_THERE = 40
_MOST_SOURCE = 200
_MOST_TRIED = 4
_MOST_SELECTS = 10
#: Longer texts are not looked through: it would take seconds.
_MOST_READ = 100_000
#: The engine calls itself for what is nested, and for each operator; no more is given to it to be tried.
_DEEPEST, _MOST_GIVEN = 200, 10_000
_POSITION = re.compile(r"error at (\d+):(\d+): (?:expected (?:one of )?)?(.*)", re.DOTALL)

#: What ends the clauses SELECT and GROUP BY.
_CLAUSE_ENDS = frozenset(
    {"{", "}", "WHERE", "FROM", "*", "HAVING", "ORDER", "LIMIT", "OFFSET", "VALUES", "END"}
)

_OPENING = frozenset({"(", "{", "[", "<<", "<<(", "{|"})
_CLOSING = frozenset({")", "}", "]", ">>", ")>>", "|}"})

#: Terminals that need words of their own.
_NOT_READ = {
    "OPEN_STRING": "these quotes do not close on their line, or hold a backslash that escapes nothing",
    "BAD_IRI": "an IRI cannot hold blanks, quotes, braces or the like",
}


@dataclass(frozen=True, slots=True)
class _Finding:
    """Something that is wrong with a text.

    :param start: offset; None where the place is not known.
    :param fixes: the best first.
    """

    start: int | None
    end: int
    reason: str
    expected: tuple[str, ...] = ()
    fixes: "tuple[Fix, ...]" = ()


def malformed(text: str, words: str, base: str | None = None, unit: Unit = "query") -> MalformedQuery:
    """The error for a text that the engine has refused.

    :param words: the engine's message.
    :param base: what relative IRIs are resolved against.

    >>> print(malformed("SELCT * { ?s ?p ?o }", "error at 1:10: expected CONSTRUCT"))
    line 1, column 1: 'SELCT' cannot stand here; write SELECT for SELCT
    """
    finding = _found(text, words, base, unit) if len(text) <= _MOST_READ else _unread(text, words)
    suggestion, corrected = _first_that_holds(finding, base, unit)
    reason = finding.reason
    if finding.expected and not suggestion:
        reason += f"; expected {listed(finding.expected, _MOST_SHOWN)}"
    line, column, source = _placed(text, finding.start)
    return MalformedQuery(
        reason,
        line=line,
        column=column,
        length=max(min(finding.end - (finding.start or 0), len(source) - (column or 1) + 1), 0),
        source=source if len(source) <= _MOST_SOURCE else "",
        expected=finding.expected,
        suggestion=suggestion,
        corrected=corrected,
    )


def _found(text: str, words: str, base: str | None, unit: Unit) -> _Finding:
    all_read = list(terminals(text))
    length, states = read(State.at_start(sparql(), _UNITS[unit]), (each.kind for each in all_read))
    undeclared = _undeclared(text, all_read[: length + 1])
    if undeclared is not None:
        return undeclared
    if length < len(all_read):
        return _unreadable(text, all_read[: length + 1], states, unit)
    for look in (_wrong_iri, _given_twice, _ungrouped):
        finding = look(text, all_read, base)
        if finding is not None and _has_changed(finding, base, unit, words):
            return finding
    return _as_the_engine_says(text, words)


def _unread(text: str, words: str) -> _Finding:
    """What is told of a text that is too long to be looked through."""
    told = _as_the_engine_says(text, words)
    return _Finding(told.start, told.end, "this, or something a few words before it, cannot be read")


def _unreadable(text: str, found: list[Terminal], states: list[State], unit: Unit) -> _Finding:
    wrong = found[-1]
    if wrong.kind == "END":
        behind = found[-2].end if len(found) > 1 else 0
        start, end, reason = behind, behind, f"{_WHOLE[unit]} ends too early"
        if len(found) == 1:
            reason = f"{_WHOLE[unit]} is empty"
    elif _is_other(found, unit):
        return _Finding(wrong.start, wrong.end, f"this is {_OTHER[unit]}")
    else:
        start, end = wrong.start, wrong.end
        reason = _NOT_READ.get(wrong.kind, f"{_short(wrong.text)!r} cannot stand here")
    changes = repairs(text, found, states)
    fixes = tuple((change.applied(text), change.words) for change in changes[:_MOST_TRIED])
    return _Finding(start, end, reason, in_words(states[-1].expected()), fixes)


def _is_other(found: list[Terminal], unit: Unit) -> bool:
    other: Unit = "update" if unit == "query" else "query"
    length, _ = read(State.at_start(sparql(), _UNITS[other]), (each.kind for each in found))
    return length == len(found) and found[0].kind != "END"


def _undeclared(text: str, found: list[Terminal]) -> _Finding | None:
    """The first prefix that is used and neither declared before nor one of ours."""
    known = dict(PREFIXES)
    for previous, each in pairwise([Terminal("", "", 0, 0), *found]):
        if each.kind not in {"PNAME_LN", "PNAME_NS"}:
            continue
        prefix = each.text.partition(":")[0]
        if previous.kind == "PREFIX":
            known[prefix] = ""
        elif prefix not in known:
            reason = f"the prefix {prefix}: is not declared"
            fixes = tuple(_prefix_fixes(text, prefix, known))
            return _Finding(each.start, each.start + len(prefix) + 1, reason, (), fixes)
    return None


def _prefix_fixes(text: str, prefix: str, known: Iterable[str]) -> Iterator[Fix]:
    near = alike(prefix.lower(), [*known, *WELL_KNOWN], most=1)
    if prefix in WELL_KNOWN:
        declaration = f"PREFIX {prefix}: <{WELL_KNOWN[prefix]}>"
        yield f"{declaration}\n{text}", f"declare it: {declaration}"
    elif near and near[0] in WELL_KNOWN:
        declaration = f"PREFIX {near[0]}: <{WELL_KNOWN[near[0]]}>"
        yield f"{declaration}\n{_with_prefix(text, prefix, near[0])}", f"write {near[0]}: and {declaration}"
    elif near:
        yield _with_prefix(text, prefix, near[0]), f"write {near[0]}: for {prefix}:"
    else:
        yield None, f"declare it: PREFIX {prefix}: <…>"


def _with_prefix(text: str, prefix: str, other: str) -> str:
    parts, copied = [], 0
    for each in terminals(text):
        if each.kind in {"PNAME_LN", "PNAME_NS"} and each.text.startswith(f"{prefix}:"):
            parts += [text[copied : each.start], other]
            copied = each.start + len(prefix)
    return "".join(parts) + text[copied:]


def _wrong_iri(text: str, found: list[Terminal], base: str | None) -> _Finding | None:
    for each in found:
        if each.kind == "IRIREF" and _refused(f"ASK {{ {each.text} ?p ?o }}", base, "query"):
            is_relative = base is None and ":" not in each.text
            reason = f"{_short(each.text)} is " + (
                "relative, and no BASE is given" if is_relative else "no IRI"
            )
            return _Finding(each.start, each.end, reason)
    return None


def _given_twice(text: str, found: list[Terminal], base: str | None) -> _Finding | None:
    """A variable after AS that had a value before."""
    seen: set[str] = set()
    for previous, each in pairwise(found):
        if each.kind != "VAR":
            continue
        name = each.text[1:]
        if previous.kind == "AS" and name in seen:
            other = next(f"?{name}{n}" for n in count(2) if f"{name}{n}" not in seen)
            fixed = text[: each.start] + other + text[each.end :]
            reason = f"AS gives ?{name} a value, which it has already"
            return _Finding(
                each.start, each.end, reason, (), ((fixed, f"use another name, such as {other}"),)
            )
        seen.add(name)
    return None


def _ungrouped(text: str, found: list[Terminal], base: str | None) -> _Finding | None:
    """A variable that is selected beside what is counted, and by which nothing is grouped."""
    selects = (at for at, each in enumerate(found) if each.kind == "SELECT")
    for at in islice(selects, _MOST_SELECTS):
        end = _end_of_group(found, at)
        if end is None:
            continue
        is_grouped = found[end + 1].kind == "GROUP" and end + 2 < len(found)
        known = {variable.text for variable in _variables(found, end + 3)} if is_grouped else set()
        bare = [variable for variable in _variables(found, at + 1) if variable.text not in known]
        if not bare:
            continue
        by = " ".join(dict.fromkeys(variable.text for variable in bare))
        behind = found[end + 2 if is_grouped else end].end
        fixed = f"{text[:behind]}{' ' if is_grouped else ' GROUP BY '}{by}{text[behind:]}"
        words = f"put {by} behind GROUP BY" if is_grouped else f"put GROUP BY {by} behind its }}"
        if not _refused(fixed, base, "query"):
            reason = f"{bare[0].text} is selected, but nothing is grouped by it"
            return _Finding(bare[0].start, bare[0].end, reason, (), ((fixed, words),))
    return None


def _variables(found: list[Terminal], at: int) -> Iterator[Terminal]:
    """The variables that stand bare in a clause, SELECT or GROUP BY."""
    depth = 0
    for each in found[at:]:
        depth += {"(": 1, ")": -1}.get(each.kind, 0)
        if depth < 0 or (depth == 0 and each.kind in _CLAUSE_ENDS):
            return
        if depth == 0 and each.kind == "VAR":
            yield each


def _end_of_group(found: list[Terminal], at: int) -> int | None:
    """Where the group ends that follows."""
    depth = 0
    for index in range(at, len(found)):
        depth += {"{": 1, "}": -1}.get(found[index].kind, 0)
        if found[index].kind == "}" and depth == 0:
            return index
        if depth < 0:
            return None
    return None


def _as_the_engine_says(text: str, words: str) -> _Finding:
    """What no rule of ours knows."""
    match = _POSITION.match(words)
    if match is None:
        return _Finding(None, 0, " ".join(words.split()))
    phrases = [" ".join(each.split()) for each in match[3].split(", ")]
    said = next((each for each in phrases if each.count(" ") >= 2 and "'" not in each), "")
    reason = said or "a rule about variables or blank nodes is broken before this place"
    if reason[1:2].islower() or reason[1:2] == " ":
        reason = reason[0].lower() + reason[1:]
    lines = text.split("\n")
    line, column = int(match[1]), int(match[2])
    if line > len(lines):
        return _Finding(len(text), len(text), reason)
    start = sum(len(each) + 1 for each in lines[: line - 1]) + min(column - 1, len(lines[line - 1]))
    return _Finding(start, start, reason)


def _first_that_holds(finding: _Finding, base: str | None, unit: Unit) -> tuple[str, str | None]:
    """The best suggestion and what comes of it: one that the engine takes, if there is such a one."""
    for fixed, words in finding.fixes:
        if fixed is not None and not _refused(fixed, base, unit):
            return words, fixed
    return (finding.fixes[0][1], finding.fixes[0][0]) if finding.fixes else ("", None)


def _has_changed(finding: _Finding, base: str | None, unit: Unit, words: str) -> bool:
    """Whether what was found may be what the engine means: what is suggested makes a difference to it."""
    fixed = [text for text, _ in finding.fixes if text is not None]
    return not fixed or any(_refused(each, base, unit) != words for each in fixed)


def _refused(text: str, base: str | None, unit: Unit) -> str:
    """The engine's message on a text; empty if it takes it.

    What could make the engine call other servers it is not handed; it is told as refused.
    """
    try:
        route_calls(text, {})
    except QueryError as exc:
        return str(exc)
    if len(text) > _MOST_GIVEN or _depth(text) > _DEEPEST:
        return "it is not tried"
    store = ox.Store()
    ask: Callable[..., object] = store.query if unit == "query" else store.update
    try:
        ask(text, base_iri=base, prefixes=dict(PREFIXES))
    except (SyntaxError, RuntimeError, ValueError) as exc:
        return str(exc)
    return ""


def _depth(text: str) -> int:
    """How deep a text may be nested: by brackets, and by signs that stand before something."""
    depth = deepest = 0
    for each in terminals(text):
        depth += 1 if each.kind in _OPENING else -1 if each.kind in _CLOSING else 0
        deepest = max(deepest, depth)
    return deepest + text.count("!") + text.count("^") + text.count("-")


def _placed(text: str, start: int | None) -> tuple[int | None, int | None, str]:
    """Line and column of an offset, and the text of that line."""
    if start is None:
        return None, None, ""
    line, column = place(text, start)
    source = text[start - column + 1 :].partition("\n")[0].rstrip("\r")
    return line, column, source


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _MOST_THERE else line[: _MOST_THERE - 1] + "…"
