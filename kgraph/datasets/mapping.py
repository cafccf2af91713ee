"""MAP: rows → assertions, by what is declared; each rests on the record of its row."""

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from kgraph.datasets.context import Context
from kgraph.datasets.declaring import Dataset, Named, Odd, Row, Say, Table, Thing, Value, text_of
from kgraph.errors import SourceError
from kgraph.iris import key_of
from kgraph.namespaces import RDF, local_name
from kgraph.records import Assertion, Node, Record, Term


@dataclass(frozen=True, slots=True)
class Problem:
    """Something of a row that could not be taken.

    :param place: of the row in its file.
    :param reason: for people.
    :param is_lost: whether a thing was left out for it, not a statement alone.
    """

    place: str
    reason: str
    is_lost: bool = True


@dataclass(slots=True)
class Mapped:
    """What one row says.

    :param row: the row.
    :param nodes: the things that it speaks of or names, with what they are called.
    :param statements: subject, predicate and object of each.
    """

    row: Row
    nodes: dict[str, Node] = field(default_factory=dict)
    statements: list[tuple[str, str, Term]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def assertions(self) -> Iterator[Assertion]:
        """The statements, each with the record of the row."""
        record = Record(key_of(self.row.place), place=self.row.place, quote=quote(self.row))
        return (Assertion(*said, evidence=(), confidence=1.0, records=(record,)) for said in self.statements)


def map_rows(dataset: Dataset, rows: Iterable[Row], name: str, context: Context) -> Iterator[Mapped]:
    """What the rows of a file say, row by row.

    :param name: of the file, for errors.
    :raises SourceError: if it is laid out otherwise than any table of the dataset that is known, or empty.
    """
    context.file = name
    is_empty = True
    for table, inside in _by_table(dataset, rows, name):
        made = table.rows(inside, context) if table.rows else inside
        for row in made:
            is_empty = False
            yield _map_row(table, row, context)
    if is_empty:
        raise SourceError(name, f"there is no row of {dataset.title} in it. {dataset.get}")


def _by_table(dataset: Dataset, rows: Iterable[Row], name: str) -> Iterator[tuple[Table, Iterator[Row]]]:
    """The rows of each table of a file, which follow each other."""
    for _, group in itertools.groupby(rows, key=lambda row: row.table):
        following = iter(group)
        inside = list(itertools.islice(following, _TO_RECOGNISE))
        columns = {column for row in inside for column in row.columns or row.values}
        sheet = inside[0].table
        if sheet in dataset.passed_over:
            continue
        table = next((t for t in dataset.tables if t.columns <= columns and t.name in {"", sheet}), None)
        if table is None:
            raise SourceError(name, _unlike(dataset, columns, sheet))
        yield table, itertools.chain(inside, following)


#: Columns that no object of so many has are taken not to be there (JSON; other tables have headers).
_TO_RECOGNISE = 2000


def _unlike(dataset: Dataset, columns: set[str], sheet: str) -> str:
    """What is wrong with the columns of a file, by the table that is nearest."""
    nearest = min(dataset.tables, key=lambda table: len(table.columns - columns))
    missing = ", ".join(sorted(nearest.columns - columns))
    where = f"sheet {sheet!r} " if sheet else ""
    return (
        f"{where}does not look like {dataset.title}: there is no column {missing}; "
        f"it has {', '.join(sorted(columns)[:12])}{' …' if len(columns) > 12 else ''}. {dataset.get}"
    )


def _map_row(table: Table, row: Row, context: Context) -> Mapped:
    mapped = Mapped(row)
    reason = table.aside(row) if table.aside else ""
    if reason:
        mapped.problems.append(Problem(row.place, reason, is_lost=False))
        return mapped
    for thing in table.things:
        if thing.when is None or thing.when(row):
            try:
                _map_thing(thing, row, context, mapped)
            except Odd as exc:
                mapped.problems.append(Problem(row.place, str(exc)))
    if table.things and not mapped.statements and not mapped.problems:
        mapped.problems.append(Problem(row.place, "nothing that it could tell is known", is_lost=False))
    return mapped


def _map_thing(thing: Thing, row: Row, context: Context, mapped: Mapped) -> None:
    said: list[tuple[Say, Value]] = []
    for say in thing.says:
        try:
            values = list(say.cell(row, context))
        except Odd as exc:
            if say.needed:
                raise
            problem = Problem(row.place, str(exc), is_lost=False)
            if problem not in mapped.problems:  # two properties of one cell are one problem
                mapped.problems.append(problem)
            continue
        if say.needed and not values:
            return
        said += ((say, value) for value in values)
    class_ = thing.class_ if isinstance(thing.class_, str) else _first(thing.class_(row, context))
    found = _first(thing.key(row, context))
    if class_ is None or found is None:
        return
    label = _first(thing.label(row, context)) if thing.label else None
    words = text_of(label) if label is not None else ""
    if isinstance(found, Named):
        iri = _name(found, mapped)
    else:
        iri = context.own(text_of(found))
        if _is_told(iri, said, row, context, mapped):
            return
        mapped.statements.append((iri, RDF.type, str(class_)))
        mapped.nodes[iri] = Node(iri, words or None)
    for say, value in said:
        mapped.statements.append((iri, say.property, _term(value, mapped)))


def _is_told(iri: str, said: list[tuple[Say, Value]], row: Row, context: Context, mapped: Mapped) -> bool:
    """Whether a row before told the same of a thing.

    :raises Odd: if it told something else.
    """
    what = hash(tuple((say.property, value) for say, value in said))
    place, told = context.told.setdefault(iri, (row.place, what))
    if place == row.place:
        return False
    if told != what:
        raise Odd(f"what tells it from others, {local_name(iri)}, is that of {place}, too")
    mapped.problems.append(Problem(row.place, f"it says the same as {place}", is_lost=False))
    return True


def _first(values: Iterable[Value]) -> Value | None:
    return next(iter(values), None)


def _term(value: Value, mapped: Mapped) -> Term:
    return _name(value, mapped) if isinstance(value, Named) else value


def _name(named: Named, mapped: Mapped) -> str:
    """Tell what a node is that a row names, once a row."""
    if named.iri not in mapped.nodes:
        mapped.nodes[named.iri] = Node(named.iri, named.label or None)
        mapped.statements.append((named.iri, RDF.type, named.class_))
        for property_, value in named.says:
            mapped.statements.append((named.iri, property_, _term(value, mapped)))
    return named.iri


#: How much of a row is quoted.
_MOST_QUOTED = 1500


def quote(row: Row) -> str:
    """What was read of a row, in words: columns and what stands in them."""
    read = ((column, value) for column, value in row.values.items() if column in row.read)
    text = "; ".join(f"{column}: {' '.join(value.split())}" for column, value in read)
    return text if len(text) <= _MOST_QUOTED else f"{text[: _MOST_QUOTED - 1]}…"
