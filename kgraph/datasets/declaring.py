"""What a dataset is, declared: who publishes it, and how columns become statements.

A `Dataset` has `Table`s, told apart by their columns; a table says which `Thing`s a row speaks of, and a
thing what is said of it: a property, and the cell that holds the value. `Cell`s stand in `cells`; what is odd
about one dataset is a function in its module, which is a cell like the others.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kgraph.records import Literal, Term

if TYPE_CHECKING:
    from kgraph.datasets.context import Context


class Odd(Exception):
    """What a cell cannot make sense of; its text is the reason, for people."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a file.

    :param place: where it is, as a fragment: `row=17` (RFC 7111), or a JSON pointer; the file's name before
        it where there are several.
    :param values: what it holds, by the names of its columns; text without blanks around it. What is empty
        is not in it.
    :param table: which table of the file it stands in: the name of a sheet, else "".
    :param columns: that there are, whether anything stands in them or not.
    :ivar read: the columns that were asked for, which are quoted as evidence.
    """

    place: str
    values: Mapping[str, str]
    table: str = ""
    columns: frozenset[str] = frozenset()
    read: set[str] = field(default_factory=set, compare=False, repr=False)

    def get(self, column: str) -> str:
        """What stands in a column; "" if nothing does."""
        self.read.add(column)
        return self.values.get(column, "")


@dataclass(frozen=True, slots=True)
class Named:
    """A node that a row names, which others may name too: a country, a platform, a person.

    :param class_: IRI of its most specific class.
    :param label: what it is called.
    :param says: what else is said of it wherever it is named.
    """

    iri: str
    class_: str
    label: str = ""
    says: tuple[tuple[str, "Term | Named"], ...] = ()


Value = Term | Named
#: What a cell of a row says; nothing, where it is empty.
Cell = Callable[[Row, "Context"], Iterable[Value]]


@dataclass(frozen=True, slots=True)
class Say:
    """One statement about a thing.

    :param property: its IRI.
    :param needed: whether the thing is not worth telling of without it.
    """

    property: str
    cell: Cell
    needed: bool = False


@dataclass(frozen=True, slots=True)
class Thing:
    """What a row speaks of.

    :param class_: IRI of its class, or a cell that gives it.
    :param key: what tells it from the dataset's other things: a cell whose first value is text, or the
        node itself where others know it, too.
    :param says: what is said of it.
    :param label: what it is called, if it is called anything.
    :param when: whether a row speaks of such a thing at all.
    """

    class_: str | Cell
    key: Cell
    says: tuple[Say, ...]
    label: Cell | None = None
    when: Callable[[Row], bool] | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """Rows with the same columns.

    :param columns: those by which it is recognised, and on which the mapping builds.
    :param things: what a row speaks of; a function for rows that need one.
    :param name: of its sheet or list, if that tells it.
    :param rows: makes other rows of those of a file, such as one of several, before they are mapped.
    :param aside: why a row tells of nothing that is kept, such as a vote that was only announced; "" if it
        does. Such rows are counted.
    """

    columns: frozenset[str]
    things: tuple[Thing, ...]
    name: str = ""
    rows: "Callable[[Iterable[Row], Context], Iterator[Row]] | None" = None
    aside: Callable[[Row], str] | None = None


@dataclass(frozen=True, slots=True)
class Dataset:
    """A dataset that can be loaded.

    :param name: as `kgraph load` takes it.
    :param publisher: who publishes it; `publisher_kind` is the local name of a class of actors.
    :param home: address of its page.
    :param licence: IRI of the licence of the data, "" where none is stated.
    :param rights: what is known of the rights, in a sentence.
    :param yields: what it gives, in a sentence.
    :param get: how to get its file, in a sentence.
    :param tables: tried in their order.
    :param language: of its texts.
    :param read: reads a file that is no table of rows, with its name, as `tables.read_rows` does.
    :param passed_over: names of tables in its files that hold no data.
    """

    name: str
    title: str
    publisher: str
    home: str
    licence: str
    rights: str
    yields: str
    get: str
    tables: tuple[Table, ...]
    language: str = "en"
    publisher_kind: str = "CivicOrganization"
    read: "Callable[[bytes, str], Iterator[Row]] | None" = None
    passed_over: frozenset[str] = frozenset()


def text_of(value: Value) -> str:
    """The words of a value, for a key."""
    if isinstance(value, Named):
        return value.iri.rpartition("/")[2]
    return value.lexical if isinstance(value, Literal) else value.rpartition("/")[2]
