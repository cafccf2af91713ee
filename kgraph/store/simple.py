"""Simple queries on an engine in memory, evaluated triple by triple, and given up after so many.

No way is known to stop the engine while it evaluates a query, so what a stranger asks is evaluated by a
process that can be killed, and the way there and back takes several times as long as to look up a thing. Here
nothing has to be stopped: the patterns of a query are matched one after another, each with what those before
have found (nested loops), and what takes longer than a moment, or gives a long answer, is left to such a
process.

Of the engine's lists a single one is asked for at a time: all triples with a subject, or else with an object.
For triples with both it would go through one of the lists, however long that is.

Sources: SPARQL 1.1 Query, sections 18.3 to 18.5 (solutions, LeftJoin, Distinct, Slice); SPARQL 1.1 Query
Results JSON Format.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import islice
from json.encoder import encode_basestring
from typing import Any

import pyoxigraph as ox

from kgraph.namespaces import XSD
from kgraph.store.shapes import Pattern, Shape, read_shape

#: Triples of a list that is gone through; those that are looked at for a query: a millisecond's worth.
LONGEST_LIST, MOST_STEPS = 200, 300
#: Triples that are kept as Python has them, and terms as they are written: some megabytes of each.
_MOST_KEPT = 20_000
#: Characters of an answer.
LONGEST_ANSWER = 200_000

_DEFAULT = ox.DefaultGraph()
_STRING = XSD.string
_Term = Any  # of the engine
_Triple = tuple[_Term, _Term, _Term]
#: A list of triples: whether it is that of a subject, or of an object, and which.
_Key = tuple[bool, _Term]
#: A term for each variable, None where it is not bound.
_Solution = list[_Term | None]


class TooMuch(Exception):
    """A query takes longer than a moment, or its answer is long."""


class SimpleQueries:
    """The answers to simple queries on the default graph of an engine. Threads may share one.

    :param engine: in memory; nobody writes to it any more once a query is asked.
    """

    def __init__(self, engine: ox.Store):
        self._lists = _Lists(engine)

    def avoid(self, triple: ox.Triple | ox.Quad) -> None:
        """Leave to others whatever might meet a triple, which is very long itself."""
        self._lists.long |= {(True, triple.subject), (False, triple.object)}

    def answer(self, text: str) -> bytes | None:
        """The answer to a query, as `application/sparql-results+json`.

        :return: None for a query that is not simple or takes too long, and where it may be malformed.
        """
        read = read_shape(text)
        if read is None:
            return None
        shape, constants = read
        try:
            return _written(shape, _Evaluation(self._lists).solutions(shape, constants))
        except (TooMuch, ValueError):
            return None  # what is wrong with it is told by who evaluates it in full


class _Lists(dict[_Key, list[_Triple]]):
    """The triples with a subject, or with an object; some are kept.

    :ivar long: of which it is known that there are too many triples.
    """

    def __init__(self, engine: ox.Store):
        super().__init__()
        self._engine = engine
        self._kept = 0
        self.long: set[_Key] = set()

    def __missing__(self, key: _Key) -> list[_Triple]:
        is_subject, term = key
        if key in self.long:
            raise TooMuch
        if is_subject and type(term) is ox.Literal:
            return []
        quads = self._engine.quads_for_pattern(
            term if is_subject else None, None, None if is_subject else term, _DEFAULT
        )
        found = [(quad.subject, quad.predicate, quad.object) for quad in islice(quads, LONGEST_LIST + 1)]
        if len(found) > LONGEST_LIST:
            self.long.add(key)
            raise TooMuch
        self._kept += len(found) + 1
        if self._kept > _MOST_KEPT:
            self.clear()
            self._kept = 0
        self[key] = found
        return found


class _Evaluation:
    """Of one query."""

    def __init__(self, lists: _Lists):
        self._lists = lists
        self._steps = 0

    def solutions(self, shape: Shape, constants: Sequence[str]) -> list[_Solution]:
        """All of them, but those that LIMIT and OFFSET leave out.

        :raises TooMuch: if it takes too long.
        :raises ValueError: if a constant is no term.
        """
        found: list[_Solution] = [[None] * shape.width]
        for patterns, is_optional in shape.blocks:
            read = [_read(pattern, constants) for pattern in patterns]
            if is_optional:
                found = [each for solution in found for each in self._joined([solution], read) or [solution]]
            else:
                found = self._joined(found, read)
        if shape.is_distinct and shape.projection is not None:
            places = [place for _, place in shape.projection if place is not None]
            found = list(
                {tuple([each[place] for place in places]): each for each in reversed(found)}.values()
            )
        end = None if shape.limit is None else shape.offset + shape.limit
        return found[shape.offset : end]

    def _joined(self, found: list[_Solution], patterns: Iterable[Sequence[Any]]) -> list[_Solution]:
        for pattern in patterns:
            found = [longer for solution in found for longer in self._matches(solution, pattern)]
        return found

    def _matches(self, solution: _Solution, pattern: Sequence[Any]) -> list[_Solution]:
        """A solution with what matches a pattern: places, and terms."""
        terms = [solution[slot] if type(slot) is int else slot for slot in pattern]
        subject, predicate, object_ = terms
        free = [(place, slot) for place, slot in enumerate(pattern) if terms[place] is None]
        found = []
        for triple in self._list(subject, object_):
            if (predicate is None or triple[1] == predicate) and (object_ is None or triple[2] == object_):
                longer = solution.copy()
                for place, slot in free:
                    longer[slot] = triple[place]
                found.append(longer)
        return found

    def _list(self, subject: _Term | None, object_: _Term | None) -> list[_Triple]:
        if subject is object_ is None:
            raise TooMuch
        found = self._lists[(True, subject) if subject is not None else (False, object_)]
        self._steps += len(found) + 1
        if self._steps > MOST_STEPS:
            raise TooMuch
        return found


def _read(pattern: Pattern, constants: Sequence[str]) -> list[Any]:
    return [slot if type(slot) is int else slot(constants) for slot in pattern]  # type: ignore[operator]


# How it is written


def _written(shape: Shape, found: list[_Solution]) -> bytes:
    if shape.projection is None:
        return b'{"head":{},"boolean":true}' if found else b'{"head":{},"boolean":false}'
    names = ",".join([encode_basestring(name) for name, _ in shape.projection])
    columns = [
        (f"{encode_basestring(name)}:", place) for name, place in shape.projection if place is not None
    ]
    rows, left = [], LONGEST_ANSWER
    for solution in found:
        row = ",".join([key + _json(term) for key, place in columns if (term := solution[place]) is not None])
        left -= len(row)
        if left < 0:
            raise TooMuch
        rows.append(f"{{{row}}}")
    return f'{{"head":{{"vars":[{names}]}},"results":{{"bindings":[{",".join(rows)}]}}}}'.encode()


@lru_cache(_MOST_KEPT)
def _json(term: _Term) -> str:
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
