"""V-Dem's PanDem: how states broke democratic standards in their answer to Covid-19, quarter by quarter.

An index and its seven parts are assessments. Limits on media freedom in the text of emergency measures are an
act of information control, from the day that they were adopted; the same limits stand in the rows of several
quarters and are one. When they "are set to expire" is an end only if that day had come when the row was
coded. The name of the legal instrument is a law of the country, in the words of its coder.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from kgraph.datasets.cells import (
    concept,
    constant,
    day,
    day_of,
    decimal,
    key,
    known,
    publisher,
    state_by_name,
    words,
)
from kgraph.datasets.context import Context
from kgraph.datasets.declaring import Cell, Dataset, Odd, Row, Say, Table, Thing, Value, text_of
from kgraph.iris import key_of
from kgraph.namespaces import KG
from kgraph.records import Literal

#: First and last day or month of each quarter (codebook, section D: the first begins with the pandemic).
_QUARTERS = {
    "2020-Q2": ("2020-03-11", "2020-06"),
    "2020-Q3": ("2020-07", "2020-09"),
    "2020-Q4": ("2020-10", "2020-12"),
    "2021-Q1": ("2021-01", "2021-03"),
    "2021-Q2": ("2021-04", "2021-06"),
}
_QUARTER = "quarter of a year (derived)"
_LAW, _LIMITS, _LIMITS_END = "law (derived)", "limits (derived)", "end of limits (derived)"

_RATED = state_by_name("country_name", or_place=True)
_COUNTRY = state_by_name("country_name")


def _gathered(rows: Iterable[Row], context: Context) -> Iterator[Row]:
    """The rows, each with its quarter; law and limits, which rows repeat, in the first that has them.

    The end of limits is that of the last row that has them.
    """
    told = sorted(rows, key=lambda row: (row.get("country_name"), _quarter(row)))
    last = {_limits(row): row for row in told}
    seen: set[tuple[str, ...]] = set()
    for row in told:
        more = {_QUARTER: _quarter(row)}
        law, limits = (row.get("country_name"), " ".join(row.get("emname").split())), _limits(row)
        if law not in seen and known(law[1]):
            more[_LAW] = law[1]
        if limits not in seen and row.get("melim") in {"1", "2", "3"}:
            end = last[limits].get("melimend")
            more[_LIMITS] = row.get("melim")
            if end and end <= row.get("time"):  # both ISO dates
                more[_LIMITS_END] = end
            seen.add(limits)
        seen.add(law)
        yield replace(row, values={**row.values, **more})


def _quarter(row: Row) -> str:
    return f"{row.get('year')}-{row.get('quarter')}"


def _limits(row: Row) -> tuple[str, ...]:
    return row.get("country_name"), "limits", row.get("melimstart")


def _bound(which: int) -> Cell:
    """The beginning (0) or the end (1) of the quarter."""

    def cell(row: Row, context: Context) -> Iterator[Value]:
        bounds = _QUARTERS.get(row.get(_QUARTER))
        if bounds is None:
            raise Odd(f"year and quarter are {row.get(_QUARTER)!r}; known are {', '.join(_QUARTERS)}")
        yield day_of(bounds[which], "quarter")

    return cell


def _instrument(row: Row, context: Context) -> Iterator[Value]:
    """What tells a legal instrument: its country and its name, which is too long for an address."""
    for country in _COUNTRY(row, context):
        yield Literal(f"law-{text_of(country)}-{key_of(row.get(_LAW))}")


def _score(name: str, measure: str) -> Thing:
    return Thing(
        KG.Assessment,
        key(name, _RATED, f"{{{_QUARTER}}}"),
        says=(
            Say(KG.assessed, _RATED, needed=True),
            Say(KG.score, decimal(name), needed=True),
            Say(KG.measure, concept(measure)),
            Say(KG.date, _bound(0), needed=True),
            Say(KG.endDate, _bound(1)),
            Say(KG.assessor, publisher),
        ),
    )


_TYPES = (
    "pandemicDiscrimination",
    "pandemicDerogations",
    "pandemicAbusiveEnforcement",
    "pandemicNoTimeLimit",
    "pandemicLegislature",
    "pandemicDisinformation",
    "pandemicMediaRestrictions",
)
_SCORES = {
    "pandem": "pandemicViolations",
    "panback": "pandemicBacksliding",
    **{f"type{number}": measure for number, measure in enumerate(_TYPES, start=1)},
}
_OTHERS = ("year", "quarter", "time", "country_name", "emname", "melim", "melimstart", "melimend")
_WHAT_LIMITS = Literal("limits on media freedom in Covid-19 emergency measures", language="en")

DATASET = Dataset(
    name="vdem-pandem",
    title="Pandemic Backsliding (PanDem)",
    publisher="V-Dem Institute",
    home="https://github.com/vdeminstitute/pandem",
    licence="",
    rights="No licence is stated in the repository; cite V-Dem's Pandemic Backsliding Project.",
    yields="how far states broke democratic standards in their answer to Covid-19, quarter by quarter, the "
    "laws that they used, and limits on media freedom in their emergency measures",
    get="Take datasets/pandem_TS_v6.1.xlsx of the repository: the time series.",
    tables=(
        Table(
            columns=frozenset({*_OTHERS, *_SCORES}),
            rows=_gathered,
            things=(
                *(_score(column, measure) for column, measure in _SCORES.items()),
                Thing(
                    KG.Law,
                    _instrument,
                    says=(Say(KG.country, _COUNTRY, needed=True),),
                    label=words(_LAW),
                    when=lambda row: bool(row.get(_LAW)),
                ),
                Thing(
                    KG.InformationControl,
                    key("limits", _COUNTRY, "{melimstart}"),
                    says=(
                        Say(KG.country, _COUNTRY, needed=True),
                        Say(KG.date, day("melimstart")),
                        Say(KG.endDate, day(_LIMITS_END)),
                    ),
                    label=constant(_WHAT_LIMITS),
                    when=lambda row: bool(row.get(_LIMITS)),
                ),
            ),
        ),
    ),
)
