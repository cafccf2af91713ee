"""Bindings: a query with terms in the place of some of its variables.

The engine can do it too, but only for variables that the query projects, and `!BOUND(?x)` is true to
it even where ?x was given a value. So it is done here, token by token: what goes in is a
term as the engine writes it, never a piece of text.

Source: SPARQL-dev SEP-0007 (substitution of variables in the algebra).
"""

from collections.abc import Mapping

import pyoxigraph as ox

from kgraph.errors import QueryError
from kgraph.store.tokens import Token, tokens

#: Where a term cannot stand bare in the place of a variable, what can.
_WRITTEN = {"select": "({term} AS {variable})", "group": "({term})", "order": "({term})"}
_CLAUSE_ENDS = {"where", "from", "having", "limit", "offset", "values"}


def substitute(text: str, terms: Mapping[str, ox.NamedNode | ox.Literal]) -> str:
    """The query with each variable of `terms` replaced by its term wherever it stands.

    :param terms: by the name of the variable, without question mark.
    :raises QueryError: if the query has no such variable, or gives it a value itself.
    """
    if not terms:
        return text
    read = [_START, _START, *tokens(text), _START]
    clauses = _Clauses()
    parts: list[str] = []
    found: set[str] = set()
    copied = 0
    for before, previous, token, following in zip(read, read[1:], read[2:], read[3:], strict=False):
        clauses.enter(previous, token)
        name = token.text[1:] if token.kind == "variable" else ""
        if name not in terms:
            continue
        found.add(name)
        if clauses.assigns(previous):
            raise QueryError(f"?{name} cannot be bound: the query gives it a value itself (AS, VALUES)")
        start, end, written = token.start, token.end, str(terms[name])
        if _is_word(before, "bound") and previous.text == "(" and following.text == ")":
            start, end, written = before.start, following.end, "(true)"
        elif clauses.current in _WRITTEN:
            # Inside, a name of its own: outside it would be a second value of the same variable.
            variable = f"?{name}_{len(parts)}" if clauses.is_inside else token.text
            written = _WRITTEN[clauses.current].format(term=written, variable=variable)
        parts += [text[copied:start], " ", written, " "]
        copied = end
    missing = sorted(terms.keys() - found)
    if missing:
        raise QueryError(f"the query has no variable ?{missing[0]} to bind")
    return "".join(parts) + text[copied:]


_START = Token("mark", "", 0, 0)


def _is_word(token: Token, word: str) -> bool:
    return token.kind == "word" and token.text.lower() == word


class _Clauses:
    """Which clause we are in: one a level of brackets."""

    def __init__(self) -> None:
        self._levels = [""]

    @property
    def current(self) -> str:
        return self._levels[-1]

    @property
    def is_inside(self) -> bool:
        """Whether we are within braces, so that a SELECT is one of several."""
        return len(self._levels) > 1

    def enter(self, previous: Token, token: Token) -> None:
        if token.text == "{":
            self._levels[-1] = ""  # the group graph pattern ends SELECT; what follows it, nothing else does
            self._levels.append("")
        elif token.text == "(":
            self._levels.append("values" if _is_word(previous, "values") else "")
        elif token.text in {"}", ")"}:
            if len(self._levels) > 1:
                self._levels.pop()
        elif token.kind == "word":
            self._enter_word(token.text.lower())

    def _enter_word(self, word: str) -> None:
        if word in _WRITTEN:
            self._levels[-1] = word
        elif word in _CLAUSE_ENDS:
            self._levels[-1] = ""

    def assigns(self, previous: Token) -> bool:
        """Whether a variable after `previous` is given a value there."""
        return self.current == "values" or _is_word(previous, "as") or _is_word(previous, "values")
