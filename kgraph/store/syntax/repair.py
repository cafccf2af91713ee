"""What somebody may have meant: the smallest change by which text can be read further.

No rule here knows a particular slip. All changes of one place that make sense are tried, and that one wins by
which most of the text can be read. What cannot be read much further is not told.
"""

import difflib
import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from urllib.parse import quote

from kgraph.store.syntax.parsing import State
from kgraph.store.syntax.terminals import Terminal, terminals
from kgraph.store.syntax.words import functions, is_fixed, spelt

#: How many terminals are read behind a change at most; more do not make it likelier.
_MOST_AHEAD = 60
#: How many more have to be read than before.
_LEAST_AHEAD = 4
_MOST_CLOSING = 20
_WINDOW = 10_000

_CLOSING = {"(": ")", "{": "}", "[": "]", "<<": ">>", "<<(": ")>>", "{|": "|}"}
#: What other languages call what SPARQL has.
_ELSEWHERE = {
    "==": "=",
    "===": "=",
    "<>": "!=",
    "!==": "!=",
    "=<": "<=",
    "=>": ">=",
    "AND": "&&",
    "OR": "||",
    "&": "&&",
    "NULL": "UNDEF",
    "EXCEPT": "MINUS",
    "LENGTH": "STRLEN",
    "UPPER": "UCASE",
    "LOWER": "LCASE",
    "LET": "BIND",
    "SUBSTRING": "SUBSTR",
}
_RUN = re.compile(r"[=<>!&|]+")
_LONGEST_RUN = 3
#: What may stand behind a text in quotes, at the end of its line.
_TAIL = " \t.;,)]}"
_MOST_PLACES = 20
#: Marks in the order in which they are likelier to have been left out.
_MARKS = (".", ";", ",", "}", ")", "]", "{", "(", "[", ":")
#: Keywords that are values: which one is meant cannot be guessed.
_VALUES = frozenset({"TRUE", "FALSE", "UNDEF", "a"})


@dataclass(frozen=True, slots=True)
class Change:
    """A part of a text to be replaced.

    :param words: what it is, as an invitation: `write SELECT for SELCT`.
    """

    start: int
    end: int
    text: str
    words: str

    def applied(self, text: str) -> str:
        """The text with the change made."""
        return text[: self.start] + self.text + text[self.end :]


def alike(word: str, known: Iterable[str], most: int = 3) -> list[str]:
    """Those of the known words that a word may be a slip for, the likeliest first.

    >>> alike("rdsf", ["rdf", "rdfs"])
    ['rdfs', 'rdf']
    """
    near = difflib.get_close_matches(word, sorted(known))
    return sorted(near, key=lambda each: sorted(each) != sorted(word))[:most]  # letters in another order


def repairs(text: str, read: list[Terminal], states: list[State]) -> list[Change]:
    """Changes by which a text can be read further, the best first.

    :param read: the terminals of the text up to that which cannot be read, with it.
    :param states: the state before each of these.
    """
    trial = _Trial(text, read, states)
    found: list[tuple[int, int, Change]] = []
    for rank, candidate in enumerate(_candidates(trial)):
        change, reached = trial.completed(candidate)
        if reached >= trial.least:
            found.append((-reached, rank, change))
    return [change for _, _, change in sorted(found, key=lambda each: each[:2])]


class _Trial:
    """Tries changes near the terminal that cannot be read.

    :ivar wrong: that terminal; `previous` the one before it, if any.
    :ivar least: the offset that has to be reached.
    :ivar states: the state before each terminal up to the wrong one.
    """

    def __init__(self, text: str, read: list[Terminal], states: list[State]):
        self.text = text
        self.wrong = read[-1]
        self.previous = read[-2] if len(read) > 1 else None
        self.expected = states[-1].expected()
        self._starts = [each.start for each in read]
        self.states = states
        #: Behind the text, as far as can be reached: its end was read.
        self._end = len(text) + 1
        ahead = list(islice(terminals(text, self.wrong.start), _LEAST_AHEAD))
        self.least = self._end if ahead[-1].kind == "END" else ahead[-1].end

    def completed(self, change: Change) -> tuple[Change, int]:
        """A change, with the bracket closed that it opens, and how far it reaches."""
        reached, state = self._reach(change)
        opened = change.text.strip()
        is_put_in = change.start == change.end and opened in _CLOSING and reached < self._end
        if is_put_in and _CLOSING[opened] in state.expected():
            inner = self.text[change.end : reached].rstrip()
            space = " " if opened == "{" else ""
            closed = f"{opened}{space}{inner}{space}{_CLOSING[opened]}"
            words = f"put it in brackets: {_short(closed)}"
            return self.completed(Change(change.start, change.end + len(inner), closed, words))
        return change, reached

    def _reach(self, change: Change) -> tuple[int, State]:
        """The offset in the text as it was, up to which it can be read; and the state there."""
        at = min(bisect_left(self._starts, change.start), len(self.states) - 1)
        start, state = min(change.start, self._starts[at]), self.states[at]
        # A window: to copy a long text for each trial would take long.
        until = change.end + _WINDOW
        window = self.text[start : change.start] + change.text + self.text[change.end : until]
        is_cut = until < len(self.text)
        shift = len(change.text) - (change.end - change.start) - start
        for count, terminal in enumerate(terminals(window)):
            if count > _MOST_AHEAD or (is_cut and terminal.end == len(window)):
                return self._end - 1, state
            following = state.after(terminal.kind)
            if following is None:
                return terminal.start - shift, state
            state = following
        return self._end, state


def _candidates(trial: _Trial) -> Iterator[Change]:
    """Changes that make sense at some place, the likelier first among those that reach as far."""
    yield from _other_words(trial)
    yield from _foreign_words(trial)
    yield from _closed_strings(trial)
    yield from _other_quotes(trial)
    yield from _escaped_iris(trial)
    yield from _left_out(trial)
    yield from _signs(trial)
    yield from _other_marks(trial)
    yield from _needless(trial)


def _other_words(trial: _Trial) -> Iterator[Change]:
    """A keyword or function that is spelt like what stands there."""
    wrong = trial.wrong
    if not _is_word(wrong):
        return
    known = {kind for kind in trial.expected if is_fixed(kind) and kind[0].isalpha()}
    for kind in alike(wrong.text.upper(), known):
        yield _instead(wrong.start, wrong.end, spelt(kind), wrong.text)


def _foreign_words(trial: _Trial) -> Iterator[Change]:
    """What SPARQL says for what another language says."""
    wrong = trial.wrong
    start, end = wrong.start, wrong.end
    while start > max(wrong.start - _LONGEST_RUN, 0) and _RUN.fullmatch(trial.text, start - 1, end):
        start -= 1
    run = _RUN.match(trial.text, start)
    end = max(end, run.end()) if run and run.end() > wrong.start else end
    there = trial.text[start:end]
    meant = _ELSEWHERE.get(there.upper())
    if meant:
        yield _instead(start, end, meant, there)


def _closed_strings(trial: _Trial) -> Iterator[Change]:
    """The quotes that close a text, at the end of its line or before the marks that end the line."""
    wrong = trial.wrong
    if wrong.kind != "OPEN_STRING":
        return
    first = max(len(wrong.text.rstrip(_TAIL)), 1)
    for length in range(first, min(first + _MOST_PLACES, len(wrong.text) + 1)):
        at = wrong.start + length
        yield Change(
            at, at, wrong.text[0], f"close the quotes: {_short(wrong.text[:length] + wrong.text[0])}"
        )


def _other_quotes(trial: _Trial) -> Iterator[Change]:
    """A text that holds the very quotes that it stands in, in others."""
    before, wrong = trial.previous, trial.wrong
    if before is None or before.kind != "STRING" or before.end != wrong.start:
        return
    old = before.text[0]
    new = "'" if old == '"' else '"'
    line = trial.text[before.start :].partition("\n")[0]
    for match in islice(re.finditer(old, line[len(before.text) :]), _MOST_PLACES):
        inner = line[1 : len(before.text) + match.start()]
        if new not in inner:
            written = f"{new}{inner}{new}"
            end = before.start + len(inner) + 2
            yield _instead(before.start, end, written, trial.text[before.start : end])


def _escaped_iris(trial: _Trial) -> Iterator[Change]:
    wrong = trial.wrong
    if wrong.kind == "BAD_IRI":
        written = f"<{quote(wrong.text[1:-1], safe='%/:?#[]@!$&()*+,;=~' + chr(39))}>"
        yield _instead(wrong.start, wrong.end, written, wrong.text)


def _left_out(trial: _Trial) -> Iterator[Change]:
    """A mark or keyword that is missing."""
    behind = trial.previous.end if trial.previous else 0
    at = trial.wrong.start
    is_end = trial.wrong.kind == "END"
    for kind in sorted((k for k in trial.expected if k in _MARKS), key=_MARKS.index):
        if is_end and kind not in {"}", ")", "]"}:
            continue
        if kind in {".", ";", ",", "}", ")", "]"}:
            closing = _closers(trial, kind) if is_end else f" {kind}"
            yield Change(behind, behind, closing, f"put {closing.strip()!r} {_behind(trial)}")
        else:
            yield Change(at, at, f"{kind} ", f"put {kind!r} before {_there(trial.wrong)}")
    if is_end:
        return
    fixed = {kind for kind in trial.expected if is_fixed(kind)} - set(_MARKS) - functions() - _VALUES
    for kind in sorted(fixed):
        yield Change(at, at, f"{spelt(kind)} ", f"put {spelt(kind)} before {_there(trial.wrong)}")


def _closers(trial: _Trial, first: str) -> str:
    """All that has to be closed at the end of a text, beginning with a mark."""
    marks = [first]
    state = trial.states[-1].after(first)
    while state is not None and "END" not in state.expected() and len(marks) < _MOST_CLOSING:
        mark = next((each for each in _CLOSING.values() if each in state.expected()), None)
        if mark is None:
            break
        marks.append(mark)
        state = state.after(mark)
    return " " + " ".join(marks)


def _signs(trial: _Trial) -> Iterator[Change]:
    """A bare word as a variable or as a prefix."""
    wrong = trial.wrong
    if not _is_word(wrong):
        return
    if "PNAME_NS" in trial.expected and "IRIREF" not in trial.expected:
        yield _instead(wrong.start, wrong.end, f"{wrong.text}:", wrong.text)
    if "VAR" in trial.expected:
        words = f"write ?{wrong.text} if it is a variable"
        if "PNAME_LN" in trial.expected:
            words += f", or put its prefix before it, as in kg:{wrong.text}"
        yield Change(wrong.start, wrong.end, f"?{wrong.text}", words)


def _other_marks(trial: _Trial) -> Iterator[Change]:
    wrong = trial.wrong
    if wrong.kind == "END" or wrong.text[0].isalnum():
        return
    for kind in sorted(trial.expected - functions()):
        if is_fixed(kind) and not kind[0].isalpha():
            yield _instead(wrong.start, wrong.end, kind, wrong.text)


def _needless(trial: _Trial) -> Iterator[Change]:
    wrong = trial.wrong
    if wrong.kind != "END":
        yield Change(wrong.start, wrong.end, "", f"leave out {_there(wrong)}")


def _is_word(terminal: Terminal) -> bool:
    return terminal.text.replace("_", "").isalnum()


def _instead(start: int, end: int, text: str, there: str) -> Change:
    return Change(start, end, text, f"write {text} for {_short(there)}")


def _there(terminal: Terminal) -> str:
    return "the end" if terminal.kind == "END" else _short(terminal.text)


def _behind(trial: _Trial) -> str:
    if trial.wrong.kind == "END":
        return "at the end"
    return f"behind {_short(trial.previous.text)}" if trial.previous else "at the beginning"


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 40 else line[:39] + "…"
