"""Cells: what a column of a row says, as a term of the graph.

Each function makes a cell. What is empty, or one of the words by which publishers say that they do not know,
says nothing; what cannot be read is `Odd`, and reported with its row.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime
from decimal import Context as DecimalContext

from kgraph.datasets.context import Context
from kgraph.datasets.declaring import Cell, Named, Odd, Row, Value, text_of
from kgraph.iris import key_of
from kgraph.namespaces import KG, KGC, XSD
from kgraph.records import XSD_STRING, Literal, Term

#: How publishers write that they do not know, in small letters.
UNKNOWN = frozenset({"", "na", "n/a", "nan", "null", "none", "unknown", "-", "--", ".", "..", "…"})


def known(text: str) -> bool:
    """Whether a cell says anything."""
    return text.strip().lower() not in UNKNOWN


def constant(value: Value) -> Cell:
    """The same in every row."""
    return lambda row, context: (value,)


def concept(name: str) -> Cell:
    """A concept of one of our schemes, the same in every row."""
    return constant(KGC[name])


def publisher(row: Row, context: Context) -> Iterable[Value]:
    """Who publishes the dataset."""
    return (context.publisher,)


def _each(column: str, read: Callable[[str, Row, Context], Iterable[Value]]) -> Cell:
    def cell(row: Row, context: Context) -> Iterator[Value]:
        text = row.get(column)
        if known(text):
            yield from read(text, row, context)

    return cell


def words(column: str, language: str | None = "en") -> Cell:
    """A text, as it is but for its white space."""
    return _each(column, lambda text, row, context: (Literal(" ".join(text.split()), language=language),))


def string(column: str) -> Cell:
    """A text in no language: a code, a handle."""
    return words(column, None)


def code(column: str, pattern: str, datatype: str = XSD_STRING, *, width: int = 0) -> Cell:
    """A code: a text that fits a regular expression as a whole.

    :param width: how many digits it has, where leading zeros are lost.
    """

    def cell(row: Row, context: Context) -> Iterator[Value]:
        text = row.get(column)
        if re.fullmatch(pattern, text):  # first: NA is a code, too
            yield Literal(text.zfill(width), datatype)
        elif known(text):
            raise Odd(f"{column} is {text!r}, which is no such code")

    return cell


def integer(column: str, least: int | None = None) -> Cell:
    """A whole number; `1,204` and `12.0` are some."""

    def read(text: str, row: Row, context: Context) -> Iterable[Value]:
        plain = re.sub(r"(?<=[0-9]),(?=[0-9]{3}\b)", "", text)
        match = re.fullmatch(r"([+-]?[0-9]{1,30})(?:\.0+)?", plain)
        if match is None or (least is not None and int(match[1]) < least):
            bound = "" if least is None else f" from {least} on"
            raise Odd(f"{column} is {text!r}, which is no whole number{bound}")
        return (Literal(str(int(match[1])), XSD.integer),)

    return _each(column, read)


def decimal(column: str, comma: bool = False) -> Cell:
    """A number with decimals.

    :param comma: whether the publisher writes a decimal comma.
    """

    def read(text: str, row: Row, context: Context) -> Iterable[Value]:
        return (decimal_of(text, column, comma=comma),)

    return _each(column, read)


def decimal_of(text: str, column: str, *, comma: bool = False) -> Literal:
    """A decimal in canonical form.

    :raises Odd: if it is none.
    """
    plain = text.replace(".", "").replace(",", ".") if comma and "," in text else text
    if _NUMBER.fullmatch(plain.strip()) is None:
        raise Odd(f"{column} is {text!r}, which is no number")
    written = f"{_EXACT.create_decimal(plain.strip()):f}"
    return Literal(written.rstrip("0").rstrip(".") if "." in written else written, XSD.decimal)


_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,2})?")

#: A binary number of 64 bits keeps fifteen digits of a decimal: what follows in 0.21428000000000003 is noise
#: of the program that wrote the file (IEEE 754).
_EXACT = DecimalContext(prec=15)


def year(column: str) -> Cell:
    """A year; the beginning of `2012 (N)` counts."""

    def read(text: str, row: Row, context: Context) -> Iterable[Value]:
        return (Literal(str(year_of(text, column)), XSD.gYear),)

    return _each(column, read)


def year_of(text: str, column: str) -> int:
    """The year that a text begins with.

    :raises Odd: if it begins with none.
    """
    match = re.match(r"\s*((?:1[5-9]|20)\d\d)(?!\d)", text)
    if match is None:
        raise Odd(f"{column} is {text!r}, which is no year")
    return int(match[1])


def day(column: str, *orders: str) -> Cell:
    """A day, as precise as it is told: `2019-11`, `2019`.

    :param orders: how days are written beside 2019-11-16, by the order of their numbers: `dmy`, `mdy`.
    """

    def read(text: str, row: Row, context: Context) -> Iterable[Value]:
        return (day_of(text, column, *orders),)

    return _each(column, read)


def day_of(text: str, column: str, *orders: str) -> Literal:
    """A date as precise as it is told.

    :raises Odd: if it is none, or there is no such day.
    """
    text = text.strip()
    match = re.match(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?:[T ].*)?$", text)
    if match is not None:
        return _day(int(match[1]), int(match[2]), int(match[3]), text, column)
    for order in orders:
        numbers = re.fullmatch(r"([0-9]{1,4})[./-]([0-9]{1,2})[./-]([0-9]{1,4})", text)
        if numbers is not None:
            told = dict(zip(order, map(int, numbers.groups()), strict=True))
            if told["y"] > 999 and told["m"] <= 12:
                return _day(told["y"], told["m"], told["d"], text, column)
    match = re.fullmatch(r"([0-9]{4})(?:-([0-9]{1,2}))?", text)
    if match is not None and match[1] != "0000" and 1 <= int(match[2] or 1) <= 12:
        if match[2]:
            return Literal(f"{match[1]}-{int(match[2]):02}", XSD.gYearMonth)
        return Literal(text, XSD.gYear)
    raise Odd(f"{column} is {text!r}, which is no date")


def moment(column: str) -> Cell:
    """An instant in UTC: `2019-11-16 08:30:00`, with or without a T and a Z; a day where it tells no hour."""

    def read(text: str, row: Row, context: Context) -> Iterable[Value]:
        if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
            return (day_of(text, column),)
        try:
            when = datetime.fromisoformat(text)
        except ValueError:
            raise Odd(f"{column} is {text!r}, which is no instant") from None
        when = when.astimezone(UTC) if when.tzinfo else when
        return (Literal(f"{when:%Y-%m-%dT%H:%M:%S}Z", XSD.dateTime),)

    return _each(column, read)


def _day(year: int, month: int, day: int, text: str, column: str) -> Literal:
    try:
        return Literal(date(year, month, day).isoformat(), XSD.date)
    except ValueError:
        raise Odd(f"{column} is {text!r}, and there is no such day") from None


def state(column: str, system: str, year: str | None = None, *, or_place: bool = False) -> Cell:
    """A state by its code.

    :param system: iso2, iso3, vdem or cow.
    :param year: the column that says in which year.
    :param or_place: whether what is no state but rated like one will do.
    """

    def cell(row: Row, context: Context) -> Iterator[Value]:
        text = row.get(column)
        if known(text) or (system == "iso2" and text):  # NA is Namibia
            found = context.states.by_code(system, text, _year_in(row, year))
            yield _checked(found, or_place)

    return cell


def state_by_name(column: str, system: str = "", year: str | None = None, *, or_place: bool = False) -> Cell:
    """A state by its name, in English; else as `state`.

    :param system: owid, where a name stands for states that are gone, too.
    """

    def read(text: str, row: Row, context: Context) -> Iterable[Value]:
        return (_checked(context.states.by_name(text, system, _year_in(row, year)), or_place),)

    return _each(column, read)


def _year_in(row: Row, column: str | None) -> int | None:
    return year_of(row.get(column), column) if column and row.get(column) else None


def _checked(found: Named, or_place: bool) -> Named:
    if not or_place and found.class_ != KG.Country:
        raise Odd(f"{found.label} is no state")
    return found


def among(column: str, values: "dict[str, Value]") -> Cell:
    """What each word of a column stands for; other words are odd."""

    def read(text: str, row: Row, context: Context) -> Iterable[Value]:
        value = values.get(text.strip().lower())
        if value is None:
            raise Odd(f"{column} is {text!r}; known are {', '.join(sorted(values))}")
        return (value,)

    return _each(column, read)


def key(*parts: "str | Cell") -> Cell:
    """What tells a thing from others: words, and what cells say, joined.

    A part that stands in braces is a column; a cell that says nothing leaves its part out.
    """

    def cell(row: Row, context: Context) -> Iterator[Value]:
        told: list[str] = []
        for part in parts:
            if callable(part):
                told += map(text_of, part(row, context))
            elif part.startswith("{"):
                told.append(row.get(part.strip("{}")))
            else:
                told.append(part)
        yield Literal("-".join(filter(None, told)))

    return cell


def row_key(*parts: str) -> Cell:
    """A hash of the whole row, behind some words, for rows without a key of their own.

    A row that is corrected in a later edition becomes another.
    """

    def cell(row: Row, context: Context) -> Iterator[Value]:
        values = json.dumps(sorted(row.values.items()), ensure_ascii=False)
        yield Literal("-".join([*parts, key_of(values)]))

    return cell


def own(key: Cell) -> Cell:
    """A thing of this dataset, by the key that tells it from the others."""

    def cell(row: Row, context: Context) -> Iterator[Value]:
        for value in key(row, context):
            yield context.own(text_of(value))

    return cell


def named(
    column: str,
    class_: str,
    root: str,
    *,
    kinds: tuple[str, ...] = (),
    says: tuple[tuple[str, Term], ...] = (),
) -> Cell:
    """A thing by its name: the one that the gazetteer knows, else one that is named so.

    :param class_: local name of its class, where nobody knows better.
    :param root: its root kind, which stands in its address: actor, platform, site, place …
    :param kinds: local names of the classes that it can be in the gazetteer.
    """

    def read(text: str, row: Row, context: Context) -> Iterable[Value]:
        return (named_thing(text, class_, root, context, kinds=kinds, says=says),)

    return _each(column, read)


def named_thing(
    text: str,
    class_: str,
    root: str,
    context: Context,
    *,
    kinds: tuple[str, ...] = (),
    says: tuple[tuple[str, Term], ...] = (),
) -> Named:
    """As `named`, of a name.

    :raises Odd: if nothing of the name can stand in an address.
    """
    name = " ".join(text.split())
    found = context.known(name, *(kinds or (class_,)))
    if found is not None:
        return found
    try:
        return Named(context.minter.named(root, name), KG[class_], name, says)
    except ValueError as exc:
        raise Odd(str(exc)) from exc


def several(
    column: str, read: Callable[[str, Row, Context], Iterable[Value]], separators: str = ",;|"
) -> Cell:
    """Each of several things in one column."""

    def cell(row: Row, context: Context) -> Iterator[Value]:
        for part in re.split(f"[{re.escape(separators)}]", row.get(column)):
            if known(part):
                yield from read(part.strip(), row, context)

    return cell
