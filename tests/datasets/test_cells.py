"""Cells of tables: what they say as terms, and that what cannot be read is odd and never a crash."""

import csv
from collections.abc import Mapping
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kgraph.datasets import Context, Named, Row
from kgraph.datasets.cells import code, day_of, decimal_of, integer, known, state, state_by_name
from kgraph.datasets.declaring import Cell, Odd
from kgraph.gazetteer import load_gazetteer
from kgraph.iris import Minter
from kgraph.namespaces import KG, XSD
from kgraph.records import Literal
from kgraph.resources import resource

_DAYS = st.dates(min_value=date(1000, 1, 1))


@pytest.fixture(scope="module")
def context() -> Context:
    return Context("test", Minter(), load_gazetteer(), Named("https://example.org/p", KG.Organization, "P"))


def _said(cell: Cell, values: Mapping[str, str], context: Context) -> list[object]:
    return list(cell(Row("row=2", values), context))


@given(_DAYS, st.sampled_from("-/."))
def test_a_day_is_read_in_every_order_that_is_declared(day: date, mark: str) -> None:
    expected = Literal(day.isoformat(), XSD.date)
    assert day_of(day.isoformat(), "c") == expected
    assert day_of(f"{day.day}{mark}{day.month}{mark}{day.year}", "c", "dmy") == expected
    assert day_of(f"{day.month}{mark}{day.day}{mark}{day.year}", "c", "mdy") == expected


@given(_DAYS)
def test_a_date_stays_as_precise_as_it_is_told(day: date) -> None:
    assert day_of(f"{day:%Y-%m}", "c") == Literal(f"{day:%Y-%m}", XSD.gYearMonth)
    assert day_of(f"{day:%Y}", "c") == Literal(f"{day:%Y}", XSD.gYear)


@given(st.text() | st.from_regex(r"\d{1,5}([-/.]\d{1,5}){0,3}", fullmatch=True))
def test_a_date_is_a_date_or_odd(text: str) -> None:
    try:
        found = day_of(text, "c", "dmy", "mdy")
    except Odd:
        return
    if found.datatype == XSD.date:
        date.fromisoformat(found.lexical)
    else:
        assert date.fromisoformat(f"{found.lexical}-01-01"[:10])


@pytest.mark.parametrize(
    "text", ["2019-02-30", "2019-13", "31/02/2019", "0000", "19-11-16", "ongoing", "٢٠١٩"]
)
def test_no_such_day_is_odd(text: str) -> None:
    with pytest.raises(Odd, match=r"c is .*, (which is no date|and there is no such day)"):
        day_of(text, "c", "dmy")


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=5))
def test_a_decimal_keeps_its_value_with_a_point_or_a_comma(number: Decimal) -> None:
    text = f"{number:f}"
    assert Decimal(decimal_of(text, "c").lexical) == number
    assert Decimal(decimal_of(text.replace(".", ","), "c", comma=True).lexical) == number


@given(st.floats(min_value=1e-6, max_value=1e9), st.integers(min_value=0, max_value=5))
def test_noise_of_binary_numbers_is_cut_off(number: float, places: int) -> None:
    told = round(number, places)
    noisy = str(Decimal(told))  # all the digits that the binary number has
    assert Decimal(decimal_of(noisy, "c").lexical) == Decimal(decimal_of(repr(told), "c").lexical)


@given(st.text())
def test_a_decimal_is_a_decimal_or_odd(text: str) -> None:
    try:
        found = decimal_of(text, "c")
    except Odd:
        return
    assert Decimal(found.lexical).is_finite()
    assert "e" not in found.lexical.lower()


@pytest.mark.parametrize("text", ["1_000", "1e999999", "12,5", "NaN", "Infinity", "12 %", "１２"])
def test_what_is_no_number_is_odd(text: str) -> None:
    with pytest.raises(Odd, match=r"c is .*, which is no number"):
        decimal_of(text, "c")


def test_a_whole_number_may_have_thousands_and_a_point(context: Context) -> None:
    cell = integer("n", least=1)
    assert [_said(cell, {"n": text}, context) for text in ("1,204", "12.0", "7")] == [
        [Literal("1204", XSD.integer)], [Literal("12", XSD.integer)], [Literal("7", XSD.integer)],
    ]  # fmt: skip
    for odd in ("0", "1.5", "12,04"):
        with pytest.raises(Odd):
            _said(cell, {"n": odd}, context)


@pytest.mark.parametrize("text", ["", "NA", "n/a", "Unknown", "-", "..", "NaN", "  "])
def test_what_says_nothing_says_nothing(text: str, context: Context) -> None:
    assert not known(text)
    assert _said(state("c", "iso3"), {"c": text}, context) == []


def test_na_is_a_code_where_it_can_be_one(context: Context) -> None:
    assert _said(code("c", "[A-Z]{2}"), {"c": "NA"}, context) == [Literal("NA")]
    (namibia,) = _said(state("c", "iso2"), {"c": "NA"}, context)
    assert isinstance(namibia, Named)
    assert namibia.label == "Namibia"


@pytest.mark.parametrize(
    ("system", "code", "year", "expected"),
    [
        ("iso3", "KAZ", None, "country/KZ"),
        ("vdem", "RUS", 1985, "country/SUHH"),
        ("vdem", "RUS", 1991, "country/SUHH"),
        ("vdem", "RUS", 1992, "country/RU"),
        ("cow", "365", 1991, "country/SUHH"),
        ("cow", "365", 2020, "country/RU"),
        ("cow", "345", 1999, "country/YUCS"),
        ("cow", "345", 2004, "country/CSXX"),
        ("cow", "345", 2010, "country/RS"),
        ("cow", "265", 1980, "country/DDDE"),
        ("cow", "260", 1980, "country/DE"),
        ("cow", "817", 1970, "country/south-vietnam"),
        ("cow", "705", 2010, "country/KZ"),
        ("iso3", "XKO", None, "country/XK"),
    ],
)
def test_a_code_means_the_state_of_its_year(
    system: str, code: str, year: int | None, expected: str, context: Context
) -> None:
    cell = state("code", system, "year")
    (found,) = _said(cell, {"code": code, "year": str(year) if year else ""}, context)
    assert isinstance(found, Named)
    assert found.iri == Minter().resources + expected
    assert found.class_ == KG.Country


@pytest.mark.parametrize(
    ("name", "year", "expected"),
    [
        ("Czechia", "1989", "country/CSHH"),
        ("Czechia", "1993", "country/CZ"),
        ("Russia", "1991", "country/SUHH"),
        ("Serbia and Montenegro", "1999", "country/YUCS"),
        ("Serbia and Montenegro", "2004", "country/CSXX"),
        ("Timor", "2010", "country/TL"),
        ("Hong Kong", "2010", "place/hong-kong"),
    ],
)
def test_a_name_of_a_successor_means_the_state_of_its_year(
    name: str, year: str, expected: str, context: Context
) -> None:
    cell = state_by_name("name", "owid", "year", or_place=True)
    (found,) = _said(cell, {"name": name, "year": year}, context)
    assert isinstance(found, Named)
    assert found.iri == Minter().resources + expected


def test_a_territory_is_no_state_and_an_unknown_code_is_odd(context: Context) -> None:
    with pytest.raises(Odd, match="Hong Kong is no state"):
        _said(state("c", "iso3"), {"c": "HKG"}, context)
    for system, wrong in (("iso3", "ZZZ"), ("cow", "533"), ("cow", "USA")):
        with pytest.raises(Odd, match=rf"{wrong}.* is no code of a state that is known"):
            _said(state("c", system), {"c": wrong}, context)
    with pytest.raises(Odd, match="'Ruritania' is no name of a state"):
        _said(state_by_name("c"), {"c": "Ruritania"}, context)


def test_each_code_of_the_table_of_exceptions_means_something(context: Context) -> None:
    with resource("data", "gazetteer", "state-codes.tsv").open(encoding="utf-8", newline="") as lines:
        table = list(csv.DictReader((line for line in lines if not line.startswith("#")), delimiter="\t"))
    for row in table:
        year = int(row["first"]) if row["first"] else None
        if row["system"] == "name":
            assert context.states.by_name(row["code"]).label
        elif row["system"] != "owid":
            found = context.states.by_code(row["system"], row["code"], year)
            assert found.iri.endswith(row["state"]), row
