"""Reading terminals by the grammar, as far as they can be read."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Self

from kgraph.store.syntax.grammar import Grammar, Part

#: What is still to be read, the next part first. Shared between states, never changed.
Stack = tuple[Part, "Stack"] | None


@dataclass(frozen=True, slots=True)
class State:
    """How far the reading has come: what has to follow.

    It never changes: `after` gives another, so that one can go on from any place in several ways.
    """

    grammar: Grammar
    _stack: Stack = field(repr=False)

    @classmethod
    def at_start(cls, grammar: Grammar, unit: str) -> Self:
        """The state before the first terminal.

        :param unit: the rule that the text has to follow.
        """
        return cls(grammar, (Part("rule", unit), None))

    def after(self, kind: str) -> "State | None":
        """The state behind a terminal of this kind; None if none of this kind may come next."""
        stack = self._stack
        while stack is not None:
            part, rest = stack
            if part.kind == "terminal":
                return State(self.grammar, rest) if part.name == kind else None
            begins = self.grammar.begins(part)
            if kind not in begins.terminals:
                if not begins.is_nullable:
                    return None
                stack = rest
            else:
                stack = self._opened(part, kind, stack)
        return None

    def expected(self) -> frozenset[str]:
        """The kinds of terminals that may come next."""
        found: set[str] = set()
        stack = self._stack
        while stack is not None:
            part, stack = stack
            begins = self.grammar.begins(part)
            found |= begins.terminals
            if not begins.is_nullable:
                break
        return frozenset(found)

    def _opened(self, part: Part, kind: str, stack: tuple[Part, Stack]) -> Stack:
        """The stack with a part that can begin with a terminal replaced by what it is made of."""
        rest = stack[1]
        if part.kind == "rule":
            return self.grammar.rules[part.name], rest
        if part.kind == "sequence":
            for each in reversed(part.parts):
                rest = each, rest
            return rest
        if part.kind == "repetition":
            return part.parts[0], stack
        return next(each for each in part.parts if kind in self.grammar.begins(each).terminals), rest


def read(state: State, kinds: Iterable[str]) -> tuple[int, list[State]]:
    """Read terminals one after another.

    :returns: how many could be read, and the state before each of them and behind the last: one more.
    """
    states = [state]
    for kind in kinds:
        following = states[-1].after(kind)
        if following is None:
            break
        states.append(following)
    return len(states) - 1, states
