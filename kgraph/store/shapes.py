"""The shape of a query: its text without the IRIs and strings; read where the query is a simple one.

Programs ask in few shapes, so what is read is remembered, and a query costs no more than its constants.

Simple are SELECT and ASK over triple patterns, some of them optional, which compute and sort nothing. All
that is written in an unusual way counts as not simple: what is taken for simple must be what the engine takes
it for.

Source: SPARQL 1.1 Query, section 19.8 (grammar).
"""

import re
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

import pyoxigraph as ox

from kgraph.namespaces import RDF
from kgraph.store.serialization import ENGINE_PREFIXES
from kgraph.store.tokens import Token, tokens

_LONGEST_QUERY, _MOST_PATTERNS = 4000, 8
#: So many shapes, and none that is longer.
_REMEMBERED, _LONGEST_REMEMBERED = 1000, 1000

#: IRIs, and strings without escapes.
_CONSTANT = re.compile(r"""(<[^<>"{}|^`\\\x00-\x20]*>|"[^"\\\r\n]*")""")
_IRI, _STRING = "<>", '""'
#: Other strings, escapes, comments.
_UNUSUAL = re.compile(r"['\\#]")
#: Resolved against a base, an IRI with such a segment is another.
_DOT_SEGMENT = "/."
_NAME = re.compile(r"([A-Za-z][A-Za-z0-9]*):([A-Za-z0-9_]+(?:-[A-Za-z0-9_]+)*)", re.ASCII)
_NUMBER = re.compile(r"[0-9]{1,9}", re.ASCII)

#: What makes a term of a query's constants.
Made = Callable[[Sequence[str]], ox.NamedNode | ox.Literal]
#: A term of a pattern: the name of a variable, or what makes one.
_Slot = str | Made
#: Subject, predicate and object.
_Pattern = tuple[_Slot, _Slot, _Slot]


class Step(NamedTuple):
    """A pattern in its turn: a place is that of a variable that is bound, None is a new one.

    :param added: where in a triple that matches the values of the new variables are.
    """

    subject: int | Made | None
    predicate: int | Made | None
    object: int | Made | None
    added: slice


class Block(NamedTuple):
    """Patterns that are all matched, or, where they are optional, none of them.

    :param width: how many variables are new in them.
    """

    steps: Sequence[Step]
    width: int
    is_optional: bool


class Shape(NamedTuple):
    """What simple queries have in common that differ in IRIs and strings alone.

    A solution has a place for each variable, in the order in which they are bound.

    :param width: how many there are.
    :param names: of the variables that are asked for; None: it is an ASK.
    :param columns: those of them that are in a pattern, with their places.
    :param offset: solutions that are left out at the beginning.
    :param limit: of solutions.
    """

    blocks: Sequence[Block]
    width: int
    names: tuple[str, ...] | None
    columns: tuple[tuple[str, int], ...]
    is_distinct: bool
    offset: int
    limit: int | None


def read_shape(text: str) -> tuple[Shape, list[str]] | None:
    """The shape of a query and its constants, as they are written; None where it is not a simple one."""
    if len(text) > _LONGEST_QUERY or _DOT_SEGMENT in text:
        return None
    parts = _CONSTANT.split(text)
    constants = parts[1::2]
    parts[1::2] = [_IRI if each[0] == "<" else _STRING for each in constants]
    written = "".join(parts)
    shape = (_remembered if len(written) <= _LONGEST_REMEMBERED else _shape)(written)
    return None if shape is None else (shape, constants)


class _NotSimple(Exception):
    pass


def _shape(text: str) -> Shape | None:
    """A shape, None where it is none of a simple query."""
    if _UNUSUAL.search(text):
        return None
    try:
        return _Reader(text).query()
    except _NotSimple:
        return None


_remembered = lru_cache(_REMEMBERED)(_shape)


class _Reader:
    """Reads a shape from its beginning."""

    def __init__(self, text: str):
        self._tokens: Iterator[Token] = tokens(text)
        self._next: Token | None = None
        self._constants = self._patterns = 0
        self._declared: dict[str, int] = {}
        self._blocks: list[Block] = []
        self._places: dict[str, int] = {}
        self._unsure: set[str] = set()
        self._step()

    def query(self) -> Shape:
        """All of it."""
        while self._has("prefix"):
            self._prefix()
        names: list[str] = []
        is_ask, is_distinct = self._has("ask"), False
        if not is_ask:
            self._expect("select")
            is_distinct = self._has("distinct")
            names = self._projection()
        self._has("where")
        self._group()
        offset, limit = self._slice()
        if self._next is not None or not self._patterns:
            raise _NotSimple
        if is_ask:
            return Shape(self._blocks, len(self._places), None, (), is_distinct, offset, limit)
        names = names or sorted(self._places)
        columns = tuple((name, self._places[name]) for name in names if name in self._places)
        width = len(self._places)
        return Shape(self._blocks, width, tuple(names), columns, is_distinct, offset, limit)

    def _prefix(self) -> None:
        name = self._take("prefixed").text
        if not name.endswith(":"):
            raise _NotSimple
        self._declared[name[:-1]] = self._constants
        self._constant(_IRI)

    def _projection(self) -> list[str]:
        """Names of variables; nothing for `*`."""
        names: list[str] = []
        if self._has("*"):
            return names
        while self._kind == "variable":
            names.append(self._step()[1:])
        if not names or len(set(names)) < len(names):
            raise _NotSimple
        return names

    def _group(self) -> None:
        self._expect("{")
        while not self._has("}"):
            is_optional = self._has("optional")
            patterns: list[_Pattern] = []
            if is_optional:
                self._expect("{")
                while not self._has("}"):
                    self._triples(patterns)
                self._has(".")
            else:
                while self._text not in {"}", "optional"}:
                    self._triples(patterns)
            self._blocks.append(self._block(patterns, is_optional))

    def _block(self, patterns: list[_Pattern], is_optional: bool) -> Block:
        """Those first whose subject is known, or else their object, by what stands before them."""
        if any(slot in self._unsure for pattern in patterns for slot in pattern):
            raise _NotSimple  # to each solution another pattern
        before, steps = set(self._places), []

        def is_open(slot: _Slot) -> bool:
            return isinstance(slot, str) and slot not in self._places

        while patterns:
            best = min(patterns, key=lambda pattern: (is_open(pattern[0]), is_open(pattern[2])))
            patterns.remove(best)
            steps.append(self._turn(best))
        new = self._places.keys() - before
        if is_optional:
            self._unsure |= new
        return Block(steps, len(new), is_optional)

    def _turn(self, pattern: _Pattern) -> Step:
        subject, predicate, object_ = (
            self._places.get(slot) if isinstance(slot, str) else slot for slot in pattern
        )
        new = [place for place, term in enumerate((subject, predicate, object_)) if term is None]
        for place in new:
            self._places[str(pattern[place])] = len(self._places)
        added = slice(new[0], new[-1] + 1, 2 if new == [0, 2] else 1) if new else slice(0)
        return Step(subject, predicate, object_, added)

    def _triples(self, patterns: list[_Pattern]) -> None:
        subject = self._term()
        while True:
            predicate = self._verb()
            while True:
                object_ = self._term(takes_strings=True)
                variables = [slot for slot in (subject, predicate, object_) if isinstance(slot, str)]
                if len(set(variables)) < len(variables):
                    raise _NotSimple
                patterns.append((subject, predicate, object_))
                self._count()
                if not self._has(","):
                    break
            if not self._has(";"):
                break
            while self._has(";"):
                pass
            if self._text in {".", "}"}:
                break
        if not self._has(".") and self._text not in {"}", "optional"}:
            raise _NotSimple

    def _count(self) -> None:
        """One pattern more; to put them in order takes longer than to read them."""
        self._patterns += 1
        if self._patterns > _MOST_PATTERNS:
            raise _NotSimple

    def _verb(self) -> _Slot:
        if self._kind == "word" and self._next is not None and self._next.text == "a":
            self._step()
            return _known(RDF.type)
        return self._term()

    def _term(self, *, takes_strings: bool = False) -> _Slot:
        kind = self._kind
        if kind == "variable":
            return self._step()[1:]
        if kind == "iri":
            return _iri(self._constant(_IRI))
        if kind == "prefixed":
            return self._prefixed(self._step())
        if kind == "string" and takes_strings:
            return self._string()
        raise _NotSimple

    def _prefixed(self, text: str) -> _Slot:
        found = _NAME.fullmatch(text)
        if found is None:
            raise _NotSimple
        prefix, local = found.groups()
        if prefix in self._declared:
            return _prefixed(self._declared[prefix], local)
        if prefix not in ENGINE_PREFIXES:
            raise _NotSimple
        return _known(ENGINE_PREFIXES[prefix] + local)

    def _string(self) -> _Slot:
        place = self._constant(_STRING)
        if self._kind == "language":
            return _string(place, self._step()[1:].lower())
        if self._has("^"):
            raise _NotSimple
        return _string(place)

    def _slice(self) -> tuple[int, int | None]:
        """OFFSET and LIMIT."""
        offset, limit = 0, None
        for _ in range(2):
            if self._has("limit"):
                limit = self._number()
            elif self._has("offset"):
                offset = self._number()
        return offset, limit

    def _number(self) -> int:
        text = self._take("word").text
        if not _NUMBER.fullmatch(text):
            raise _NotSimple
        return int(text)

    def _constant(self, placeholder: str) -> int:
        """The place among the constants of one that stands here."""
        if self._step() != placeholder:
            raise _NotSimple
        self._constants += 1
        return self._constants - 1

    @property
    def _kind(self) -> str:
        return "" if self._next is None else self._next.kind

    @property
    def _text(self) -> str:
        return "" if self._next is None else self._next.text.lower()

    def _step(self) -> str:
        """Go on; the token that was next."""
        text = "" if self._next is None else self._next.text
        self._next = next(self._tokens, None)
        return text

    def _has(self, text: str) -> bool:
        if self._text != text:
            return False
        self._step()
        return True

    def _expect(self, text: str) -> None:
        if not self._has(text):
            raise _NotSimple

    def _take(self, kind: str) -> Token:
        token = self._next
        if token is None or token.kind != kind:
            raise _NotSimple
        self._step()
        return token


def _known(iri: str) -> Made:
    node = ox.NamedNode(iri)
    return lambda _: node


def _iri(place: int) -> Made:
    return lambda constants: ox.NamedNode(constants[place][1:-1])


def _prefixed(place: int, local: str) -> Made:
    return lambda constants: ox.NamedNode(constants[place][1:-1] + local)


def _string(place: int, language: str | None = None) -> Made:
    return lambda constants: ox.Literal(constants[place][1:-1], language=language)
