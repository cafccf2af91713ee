"""The triples of a CONSTRUCT, made of solutions in TSV: half the work that they are for the engine.

A CONSTRUCT is asked as a SELECT of the variables of its template, and the template is filled here. What the
template is, the engine tells: it fills it with names of ours. Cells in TSV are terms in N-Triples, but for
numbers and some characters. As the engine does it, each triple is written once.

Sources: SPARQL 1.1 Query, section 16.2 (CONSTRUCT); SPARQL 1.1 Query Results CSV and TSV Formats, section 4.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain, pairwise, repeat
from typing import Any, NamedTuple
from uuid import uuid4

import pyoxigraph as ox

from kgraph.store.json_rows import datatype_of
from kgraph.store.serialization import ntriples_of
from kgraph.store.tokens import Token, closing_brace, tokens

#: In the place of variables; no query has them.
_PLACES = f"urn:uuid:{uuid4()}#"
#: With what cells begin that are in N-Triples as they are in TSV, and may stand at each place of a triple.
_PLAIN: Sequence[set[bytes]] = ({b"<", b"_"}, {b"<"}, {b"<", b"_", b'"'})
_TRIPLE = b"<<("
_NODE = ox.NamedNode(_PLACES)
#: What N-Triples escapes and TSV does not: controls, U+FFFE and U+FFFF.
_ESCAPED = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]|\xef\xbf[\xbe\xbf]")
_SHORT_ESCAPES = {b"\b": b"\\b", b"\f": b"\\f"}


class Template(NamedTuple):
    """What a CONSTRUCT makes of each solution.

    :param select: the query for the solutions.
    :param variables: their names.
    :param triples: a term is the number of its variable, or one that is the same in all, in N-Triples.
    """

    select: str
    variables: tuple[str, ...]
    triples: tuple[tuple[int | bytes, ...], ...]


def read_template(query: str, options: Mapping[str, Any]) -> Template | None:
    """That of a CONSTRUCT; None where it makes new nodes, holds triple terms or no variables, or is none.

    :param query: well-formed.
    :param options: of the engine, as it is asked: its prefixes and base.
    """
    read = list(tokens(query))
    begin = next((n for n, (form, mark) in enumerate(pairwise(read), 1) if _begins(form, mark)), None)
    end = None if begin is None else closing_brace(read, begin)
    if begin is None or end is None:
        return None
    prologue, rest = query[: read[begin - 1].start], query[read[end].end :]
    template = query[read[begin].start : read[end].end]
    engine = ox.Store()
    try:
        pattern: Any = engine.query(f"{prologue}SELECT * {template}", **options)
        variables = tuple(variable.value for variable in pattern.variables)
        values = " ".join(f"<{_PLACES}{number}>" for number in range(len(variables)))
        names = " ".join(f"?{name}" for name in variables)
        filled: Any = engine.query(
            f"{prologue}CONSTRUCT {template} WHERE {{ VALUES ({names}) {{ ({values}) }} }}", **options
        )
        triples = tuple(tuple(map(_slot, triple)) for triple in filled)
    except (SyntaxError, ValueError):
        return None
    if not variables or not triples:
        return None
    return Template(f"{prologue}SELECT {names} {rest}", variables, triples)


def _begins(form: Token, mark: Token) -> bool:
    return form.kind == "word" and form.text.lower() == "construct" and mark.text == "{"


def _slot(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> int | bytes:
    if isinstance(term, ox.BlankNode | ox.Triple):
        raise ValueError
    if isinstance(term, ox.NamedNode) and term.value.startswith(_PLACES):
        return int(term.value.removeprefix(_PLACES))
    return _ntriples(term)


class TripleRows:
    """Turns the solutions of one answer from TSV into N-Triples, some lines at a time.

    :ivar head: what comes before them.
    :ivar tail: what comes after them.
    """

    head = tail = b""

    def __init__(self, template: Template):
        self._width = len(template.variables)
        self._triples = template.triples
        self._written: set[bytes] = set()

    def rows(self, lines: bytes) -> bytes:
        """The triples that more solutions make.

        :param lines: whole lines, the last without its line break.
        """
        cells = lines.replace(b"\n", b"\t").split(b"\t")
        columns = [cells[place :: self._width] for place in range(self._width)]
        plain = [begins - {b"<"} for begins in _PLAIN] if _TRIPLE in lines else _PLAIN
        made = [_filled(triple, columns, plain) for triple in self._triples]
        found = dict.fromkeys(made[0] if len(made) == 1 else chain.from_iterable(zip(*made, strict=True)))
        found.pop(b"", None)
        new = [triple for triple in found if triple not in self._written]
        self._written.update(new)
        return b" .\n".join((*new, b""))


def _filled(
    triple: tuple[int | bytes, ...], columns: list[list[bytes]], plain: Sequence[set[bytes]]
) -> Iterable[bytes]:
    """A triple for each solution; nothing in its place where it is none."""
    slots: list[Iterable[bytes]] = []
    may_lack = False
    for place, slot in enumerate(triple):
        if isinstance(slot, bytes):
            slots.append(repeat(slot, len(columns[0])))
        else:
            texts = _texts(columns[slot], place, plain[place])
            may_lack = may_lack or b"" in texts
            slots.append(texts)
    rows = zip(*slots, strict=True)
    return [b" ".join(row) if all(row) else b"" for row in rows] if may_lack else map(b" ".join, rows)


def _texts(cells: list[bytes], place: int, plain: set[bytes]) -> list[bytes]:
    """What stands for cells at a place of a triple; nothing for what cannot stand there."""
    begins = {cell[:1] for cell in cells}
    if b'"' in begins & plain and _ESCAPED.search(b"".join([cell for cell in cells if cell[:1] == b'"'])):
        plain = plain - {b'"'}
    if begins <= plain:
        return cells
    others = {cell: _text_of(cell, place) for cell in {cell for cell in cells if cell[:1] not in plain}}
    return [cell if cell[:1] in plain else others[cell] for cell in cells]


def _text_of(cell: bytes, place: int) -> bytes:
    begin = cell[:1]
    if begin in _PLAIN[0] and not cell.startswith(_TRIPLE):
        return cell if begin in _PLAIN[place] else b""
    if not cell or place < len(_PLAIN) - 1:
        return b""
    if begin == b'"':
        return _ESCAPED.sub(_escape, cell)
    datatype = datatype_of(cell)
    if datatype is not None:
        return b'"%b"^^<%b>' % (cell, datatype)
    solutions: Any = ox.parse_query_results(b"?x\n%b\n" % cell, ox.QueryResultsFormat.TSV)
    return _ntriples(next(solutions)[0])


def _escape(character: re.Match[bytes]) -> bytes:
    return _SHORT_ESCAPES.get(character[0]) or b"\\u%04X" % ord(character[0].decode())


def _ntriples(term: ox.NamedNode | ox.Literal | ox.Triple) -> bytes:
    line = ntriples_of([ox.Triple(_NODE, _NODE, term)])
    return line[len(f"{_NODE} {_NODE} ") : -len(" .\n")]
