"""Results as tables for people: the IRI under its label, the source beside the statement."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from rdflib import Literal, URIRef

from kgraph.namespaces import XSD, shorten
from kgraph.query import names, short, words_of
from kgraph.web.addresses import Addresses

if TYPE_CHECKING:
    from rdflib.term import Node

    from kgraph.store import FirstRows, QueryResult, View

#: More rows than these are for machines, and so are more columns; of very wide tables fewer rows are shown.
MOST_ROWS = 500
_MOST_COLUMNS, _MOST_CELLS = 100, 20_000

#: Variables of a saved question that together are the source of a row.
_SOURCE = ("sentence", "document", "title", "publisher", "page")


#: Datatypes that are set in a way of their own.
_KINDS = {XSD[name]: "number" for name in ("integer", "decimal", "double", "float")}
_KINDS |= {XSD[name]: "date" for name in ("date", "dateTime", "gYearMonth", "gYear")}


@dataclass(frozen=True, slots=True)
class Cell:
    """One term as it is shown.

    :param href: where its name leads; None for what has no address.
    :param hint: the whole term, where the text is short for it.
    :param kind: `number`, `date` or nothing: how it is set.
    """

    text: str = ""
    href: str | None = None
    hint: str | None = None
    language: str | None = None
    kind: str = ""

    @property
    def is_external(self) -> bool:
        """Whether it leads away from this server."""
        return bool(self.href) and not str(self.href).startswith("/")


@dataclass(frozen=True, slots=True)
class Quote:
    """The source of a row: a sentence of a document."""

    sentence: str
    document: Cell
    publisher: str = ""
    page: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table of cells, with a source a row where the result has one.

    :param is_whole: whether nothing was left out.
    :param has_all_columns: whether no column was.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    quotes: tuple[Quote, ...] = ()
    is_whole: bool = True
    has_all_columns: bool = True


def cell(term: "Node | None", addresses: Addresses, label: str | None = None) -> Cell:
    """A term as it is shown."""
    if term is None:
        return Cell()
    text = label or short(term)
    if isinstance(term, URIRef):
        return Cell(text, addresses.href(str(term)), str(term) if text != str(term) else None)
    if isinstance(term, Literal):
        hint = str(term) if text != str(term) else None
        return Cell(text, None, hint, term.language, _KINDS.get(str(term.datatype), ""))
    return Cell(text)


def shown_rows(columns: int) -> int:
    """How many rows of a table are shown that has so many columns."""
    return max(1, min(MOST_ROWS, _MOST_CELLS // max(1, columns)))


def plain_table(result: "QueryResult | FirstRows", addresses: Addresses) -> Table:
    """The first solutions or triples of any query, a column a variable."""
    if result.kind == "graph":
        columns: Sequence[str] = ("subject", "predicate", "object")
        terms: Iterable[Sequence[Node | None]] = result
    else:
        columns = result.variables[:_MOST_COLUMNS]
        terms = ([row.get(variable) for variable in columns] for row in result)
    most = shown_rows(len(result.variables))
    first = list(islice(terms, most + 1))
    rows = tuple(tuple(_exact(term, addresses) for term in row) for row in first[:most])
    has_all = len(result.variables) <= _MOST_COLUMNS
    return Table(tuple(columns), rows, is_whole=has_all and len(first) <= most, has_all_columns=has_all)


def _exact(term: "Node | None", addresses: Addresses) -> Cell:
    """A term of a query's result: what the query gave, and not what we would call it."""
    if isinstance(term, URIRef):
        return cell(term, addresses, shorten(str(term)))
    if isinstance(term, Literal):
        return cell(term, addresses, str(term))
    return cell(term, addresses)


def question_table(view: "View", result: "QueryResult | FirstRows", addresses: Addresses) -> Table:
    """The answer to a saved question: labels as links, each row with its source, no empty columns."""
    first = list(islice(result, MOST_ROWS + 1))
    rows = first[:MOST_ROWS]
    columns = _columns(result.variables, rows)
    labels = names(view, _nameless(columns, rows))
    return Table(
        columns=tuple(words_of(column) for column in columns),
        rows=tuple(tuple(_labelled(row, column, labels, addresses) for column in columns) for row in rows),
        quotes=tuple(_quote(row, addresses) for row in rows) if "sentence" in result.variables else (),
        is_whole=len(first) <= MOST_ROWS,
    )


def _columns(variables: Sequence[str], rows: "Sequence[Mapping[str, Node]]") -> list[str]:
    def is_shown(variable: str) -> bool:
        if variable in _SOURCE or variable.removesuffix("Label") in set(variables) - {variable}:
            return False
        if variable in {"earliest", "latest"} and "date" in variables:
            return False
        return not rows or any(variable in row for row in rows)

    return [variable for variable in variables if is_shown(variable)]


def _nameless(columns: Sequence[str], rows: "Sequence[Mapping[str, Node]]") -> set[str]:
    return {
        str(row[column])
        for row in rows
        for column in columns
        if isinstance(row.get(column), URIRef) and f"{column}Label" not in row
    }


def _labelled(
    row: "Mapping[str, Node]", column: str, labels: Mapping[str, str], addresses: Addresses
) -> Cell:
    term = row.get(column)
    if column == "date" and term is None:
        term = row.get("earliest")
    label = row.get(f"{column}Label")
    return cell(term, addresses, str(label) if label is not None else labels.get(str(term)))


def _quote(row: "Mapping[str, Node]", addresses: Addresses) -> Quote:
    document = cell(row.get("document"), addresses, str(row.get("title") or "") or None)
    publisher, page = (str(row.get(name) or "") for name in ("publisher", "page"))
    return Quote(str(row.get("sentence") or ""), document, publisher, page)
