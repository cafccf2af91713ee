"""Simple queries on an engine in memory, evaluated triple by triple, and given up after so many.

No way is known to stop the engine while it evaluates a query, so what a stranger asks is evaluated by a
process that can be killed, and the way there and back takes several times as long as to look up a thing. Here
nothing has to be stopped: the patterns of a query are matched one after another, each with what those before
have found (nested loops), and what takes longer than a moment, or gives a long answer, is left to such a
process.

Of the engine's lists a single one is asked for at a time: all triples with a subject, or else with an object.
For triples with both it would go through one of the lists, however long that is. Which of many subjects have
an object, such as a class, is seen in the list of the object, where that is short enough. Terms are held as
they are written in an answer, which tells them apart, so that most that is done is done to strings that are
there.

Sources: SPARQL 1.1 Query, sections 18.3 to 18.5 (solutions, LeftJoin, Distinct, Slice); SPARQL 1.1 Query
Results JSON Format.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from functools import lru_cache
from itertools import chain, islice
from json.encoder import encode_basestring
from operator import itemgetter
from sys import getsizeof
from time import monotonic
from typing import Any, NamedTuple

import pyoxigraph as ox

from kgraph.namespaces import XSD
from kgraph.store.json_rows import head_of
from kgraph.store.shapes import Shape, Step, read_shape

#: What a query may take, some two milliseconds: to read a triple is three steps, to look at eight that are
#: kept is one, and so are eight solutions.
MOST_STEPS = 2_000
_READING, _AT_A_STEP = 3, 8
#: Triples of a list that is gone through, at most. One that is longer than a query may read is read ahead, in
#: some ten milliseconds; then no other is for so many times as long.
LONGEST_LIST = 3_000
_PAUSES = 4
#: Lists up to here are read whatever is left of a query's steps, and are not parted by their predicates.
_SHORT = 100
#: Of triples that are kept as Python has them, with their terms as they are written; and what one takes
#: beside its terms.
_MOST_KEPT_BYTES = 60_000_000
_TRIPLE_BYTES, _LIST_BYTES, _PLACE_BYTES = 80, 300, 8
#: Terms of an answer, none of which is very long.
_FEW = 50
#: Characters of an answer.
LONGEST_ANSWER = 200_000

_DEFAULT = ox.DefaultGraph()
_STRING = XSD.string
#: A term as it is written in an answer.
_Term = str
#: Its subject, predicate and object.
_Triple = tuple[_Term, ...]
#: A list of triples: whether it is that of a subject, or of an object, and which.
_Key = tuple[bool, _Term]
#: A term for each variable that has had its turn, None where it is not bound.
_Solution = tuple[_Term | None, ...]
#: A term of a pattern, the place of one, or None for a variable whose turn it is.
_Slot = Any
#: As `Step`.
_Step = tuple[_Slot, _Slot, _Slot, slice]


class TooMuch(Exception):
    """A query takes longer than a moment, or its answer is long."""


class SimpleQuery(NamedTuple):
    """A query that is simple, as `read_simple` reads it.

    :param steps: of each block, with the terms of this query.
    """

    shape: Shape
    steps: Sequence[Sequence[_Step]]


def read_simple(text: str) -> SimpleQuery | None:
    """A query; None where it is not simple, and where it may be malformed, which others tell."""
    read = read_shape(text)
    if read is None:
        return None
    shape, constants = read
    try:
        steps = [[_made(step, constants) for step in block.steps] for block in shape.blocks]
    except ValueError:  # no IRI
        return None
    return SimpleQuery(shape, steps)


def _made(step: Step, constants: Sequence[str]) -> _Step:
    subject, predicate, object_, added = step
    return (
        _text_of(subject(constants)) if callable(subject) else subject,
        _text_of(predicate(constants)) if callable(predicate) else predicate,
        _text_of(object_(constants)) if callable(object_) else object_,
        added,
    )


class SimpleQueries:
    """The answers to simple queries on the default graph of an engine. Threads may share one.

    :param engine: in memory; nobody writes to it any more once a query is asked.
    """

    def __init__(self, engine: ox.Store):
        self._lists = _Lists(engine)

    def avoid(self, triple: ox.Triple | ox.Quad) -> None:
        """Leave to others whatever might meet a triple, which is very long itself."""
        for is_subject, term in ((True, triple.subject), (False, triple.object)):
            with suppress(TooMuch):  # what cannot be written is not met
                self._lists.avoid((is_subject, _text_of(term)))

    def answer(self, query: SimpleQuery) -> bytes | None:
        """The answer to a query, as `application/sparql-results+json`; None where it takes too long."""
        try:
            return _answer(query.shape, _Evaluation(self._lists).solutions(query))
        except TooMuch:
            return None


class _Lists(dict[_Key, list[_Triple]]):
    """The triples with a subject, or with an object, that are kept."""

    def __init__(self, engine: ox.Store):
        super().__init__()
        self._engine = engine
        self._texts = _Texts()
        self._parts: dict[tuple[_Key, _Term], list[_Triple]] = {}
        self._subjects: dict[tuple[_Term, _Term], set[_Term]] = {}
        self._kept_bytes = 0
        self._longer_than: dict[_Key, int] = {}
        self._rests_until_s = 0.0

    def avoid(self, key: _Key) -> None:
        """Never read a list."""
        self._longer_than[key] = LONGEST_LIST

    def read(self, key: _Key, steps: int) -> tuple[list[_Triple], int]:
        """A list that is not kept, and what it takes of a query that has some steps left.

        :raises TooMuch: if the list is longer than may be read now.
        """
        most = max(steps // _READING, _SHORT)
        known = self._longer_than.get(key, 0)
        if known < most:
            found = self._whole(key, most)
            return found, _READING * (1 + len(found))
        began_s = monotonic()
        if known >= LONGEST_LIST or began_s < self._rests_until_s:
            raise TooMuch
        try:
            found = self._whole(key, LONGEST_LIST)
        finally:
            ended_s = monotonic()
            self._rests_until_s = ended_s + _PAUSES * (ended_s - began_s)
        return found, 1 + len(found) // _AT_A_STEP

    def _whole(self, key: _Key, most: int) -> list[_Triple]:
        found = self._found(key, most + 1)
        if len(found) > most:
            self._longer_than[key] = most
            raise TooMuch
        self._keep(key, found)
        return found

    def part(self, key: _Key, whole: list[_Triple], predicate: _Term) -> tuple[list[_Triple], int]:
        """Those of a long list that have a predicate, and how many steps that takes."""
        part, steps = self._parts.get((key, predicate)), 1
        if part is None:
            part = [triple for triple in whole if triple[1] == predicate]
            if part:  # else strangers could have any number of them kept
                self._parts[key, predicate] = part
                self._kept_bytes += _LIST_BYTES + _PLACE_BYTES * len(part)
            steps += len(whole) // _AT_A_STEP
        return part, steps + len(part) // _AT_A_STEP

    def subjects(self, predicate: _Term, object_: _Term, steps: int) -> tuple[set[_Term] | None, int]:
        """Those with an object, None if its list is too long; and what that takes of a query's steps."""
        found = self._subjects.get((predicate, object_))
        if found is not None:
            return found, 1
        key = False, object_
        whole, taken = self.get(key), 1
        if whole is None:
            try:
                whole, taken = self.read(key, steps)
            except TooMuch:
                return None, 1
        found = {triple[0] for triple in whole if triple[1] == predicate}
        if found:
            self._subjects[predicate, object_] = found
            self._kept_bytes += getsizeof(found)
        return found, taken + len(whole) // _AT_A_STEP

    def _found(self, key: _Key, most: int) -> list[_Triple]:
        is_subject, text = key
        term = _read(text)
        if is_subject and type(term) is ox.Literal:
            return []
        quads = self._engine.quads_for_pattern(
            term if is_subject else None, None, None if is_subject else term, _DEFAULT
        )
        texts = self._texts
        return [
            (texts[quad.subject], texts[quad.predicate], texts[quad.object]) for quad in islice(quads, most)
        ]

    def _keep(self, key: _Key, found: list[_Triple]) -> None:
        self._kept_bytes += _LIST_BYTES + getsizeof(key[1]) + _TRIPLE_BYTES * len(found)
        if self._kept_bytes + self._texts.bytes > _MOST_KEPT_BYTES:
            self.clear()
            self._parts.clear()
            self._subjects.clear()
            self._texts, self._kept_bytes = _Texts(), 0
        self[key] = found


class _Texts(dict[Any, _Term]):
    """Terms of the engine's, as they are written.

    :ivar bytes: what they take.
    """

    def __init__(self) -> None:
        super().__init__()
        self.bytes = 0

    def __missing__(self, term: Any) -> _Term:
        text = self[term] = _text_of(term)
        self.bytes += _LIST_BYTES + getsizeof(text)
        return text


class _Evaluation:
    """Of one query."""

    def __init__(self, lists: _Lists):
        self._lists = lists
        self._steps = 0

    def solutions(self, query: SimpleQuery) -> list[_Solution]:
        """All of them.

        :raises TooMuch: if it takes too long.
        """
        found: list[_Solution] = [()]
        for block, steps in zip(query.shape.blocks, query.steps, strict=True):
            if block.is_optional:
                nothing = (None,) * block.width
                found = [
                    each
                    for solution in found
                    for each in self._joined([solution], steps) or [solution + nothing]
                ]
            else:
                found = self._joined(found, steps)
        return found

    def _joined(self, found: list[_Solution], steps: Sequence[_Step]) -> list[_Solution]:
        for step in steps:
            if self._steps + len(found) > MOST_STEPS:
                raise TooMuch  # each takes one at least
            subject, predicate, object_, _ = step
            if type(subject) is int and type(predicate) is type(object_) is str:
                found = self._those_with(found, subject, predicate, object_)
            else:
                found = [longer for solution in found for longer in self._matches(solution, *step)]
        return found

    def _those_with(
        self, found: list[_Solution], subject: int, predicate: _Term, object_: _Term
    ) -> list[_Solution]:
        """As `_matches` of each, in a third of the time: it is by such patterns that most are left out."""
        if len(found) > _SHORT:
            subjects, steps = self._lists.subjects(predicate, object_, MOST_STEPS - self._steps)
            self._steps += steps + len(found) // _AT_A_STEP
            if subjects is not None:
                return [solution for solution in found if solution[subject] in subjects]
        return [
            solution
            for solution in found
            if (solution[subject], predicate, object_) in self._with(True, solution[subject], predicate)
        ]

    def _matches(
        self, solution: _Solution, subject: _Slot, predicate: _Slot, object_: _Slot, added: slice
    ) -> list[_Solution]:
        """A solution with what matches a pattern."""
        known_subject = solution[subject] if type(subject) is int else subject
        known = solution[predicate] if type(predicate) is int else predicate
        known_object = solution[object_] if type(object_) is int else object_
        if known_subject is not None:
            triples = self._with(True, known_subject, known)
        elif known_object is not None:
            triples = self._with(False, known_object, known)
        else:
            raise TooMuch
        if known is not None:
            triples = [triple for triple in triples if triple[1] == known]
        if known_subject is not None and known_object is not None:
            triples = [triple for triple in triples if triple[2] == known_object]
        self._steps += len(triples) // _AT_A_STEP
        if not solution:
            return [triple[added] for triple in triples]
        return [solution + triple[added] for triple in triples]

    def _with(self, is_subject: bool, term: Any, predicate: _Term | None) -> list[_Triple]:
        """The triples with a subject, or with an object; of many, those with a predicate."""
        key = is_subject, term
        found = self._lists.get(key)
        if found is None:
            found, steps = self._lists.read(key, MOST_STEPS - self._steps)
        elif len(found) <= _SHORT or predicate is None:
            steps = 1 + len(found) // _AT_A_STEP
        else:
            found, steps = self._lists.part(key, found, predicate)
        self._steps += steps
        if self._steps > MOST_STEPS:
            raise TooMuch
        return found


# How it is written


def _answer(shape: Shape, found: list[_Solution]) -> bytes:
    if shape.names is None:
        return b'{"head":{},"boolean":true}' if found else b'{"head":{},"boolean":false}'
    form = _form(shape.names, shape.columns, shape.width)
    rows: Iterable[_Solution] = found if form.row is None else map(form.row, found)
    if shape.is_distinct:
        rows = dict.fromkeys(rows)
    if shape.offset or shape.limit is not None:
        rows = islice(rows, shape.offset, None if shape.limit is None else shape.offset + shape.limit)
    rows = list(rows)
    cells = tuple(chain.from_iterable(rows))
    if len(cells) > _FEW and sum([len(cell) for cell in cells if cell is not None]) > LONGEST_ANSWER:
        raise TooMuch
    if None in cells:
        bindings = ",".join([form.cut(row) for row in rows])
    else:
        bindings = ",".join([form.binding] * len(rows)) % cells
    if len(bindings) > LONGEST_ANSWER:
        raise TooMuch
    return f"{form.head}{bindings}]}}}}".encode()


class _Form:
    """How the answers to queries are written that ask for the same variables.

    :ivar row: of a solution, the terms that are asked for; None where that is all of it.
    :ivar head: of an answer.
    :ivar binding: of a row, with a place for each term.
    """

    def __init__(self, names: Sequence[str], columns: Sequence[tuple[str, int]], width: int):
        self._keys = [f"{encode_basestring(name)}:" for name, _ in columns]
        places = [place for _, place in columns]
        self.row: Callable[[_Solution], _Solution] | None
        if places == list(range(width)):
            self.row = None
        elif len(places) > 1:
            self.row = itemgetter(*places)
        else:  # of one item alone it would make no tuple
            self.row = itemgetter(slice(places[0], places[0] + 1) if places else slice(0))
        self.head = head_of(names)
        self.binding = f"{{{','.join([f'{key}%s' for key in self._keys])}}}"

    def cut(self, row: _Solution) -> str:
        """A row, without the variables that are not bound."""
        pairs = zip(self._keys, row, strict=True)
        return f"{{{','.join([key + term for key, term in pairs if term is not None])}}}"


_form = lru_cache(200)(_Form)


def _text_of(term: Any) -> _Term:
    """A term of the engine's."""
    kind = type(term)
    if kind is ox.NamedNode:
        return f'{{"type":"uri","value":{encode_basestring(term.value)}}}'
    if kind is ox.Literal:
        return f'{{"type":"literal","value":{encode_basestring(term.value)}{_kind_of(term)}}}'
    if kind is ox.BlankNode:
        return f'{{"type":"bnode","value":"{term.value}"}}'
    raise TooMuch  # a triple in the place of a term


def _kind_of(literal: ox.Literal) -> str:
    language = literal.language
    if language is None:
        datatype = literal.datatype.value
        return "" if datatype == _STRING else f',"datatype":{encode_basestring(datatype)}'
    if literal.direction is not None:
        raise TooMuch
    return f',"xml:lang":"{language}"'


def _read(text: _Term) -> Any:
    """The engine's term."""
    term = json.loads(text)
    kind, value = term["type"], term["value"]
    if kind == "uri":
        return ox.NamedNode(value)
    if kind == "bnode":
        return ox.BlankNode(value)
    if "xml:lang" in term:
        return ox.Literal(value, language=term["xml:lang"])
    return ox.Literal(value, datatype=ox.NamedNode(term.get("datatype", _STRING)))
