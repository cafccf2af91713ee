"""V-Dem, Episodes of Regime Transformation: each country's regime and its score of democracy, year by year.

A run of years in which a country keeps one regime is a `kg:Regime`; the score of a year is a `kg:Assessment`.
The years of a run follow each other in the file, and a run is told by its first row.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from kgraph.datasets.cells import among, concept, decimal, key, publisher, state, year, year_of
from kgraph.datasets.context import Context
from kgraph.datasets.declaring import Dataset, Odd, Row, Say, Table, Thing, Value
from kgraph.namespaces import KG, KGC

_FIRST, _LAST = "first year of the run (derived)", "last year of the run (derived)"
_COUNTRY = state("country_text_id", "vdem", "year")
_RATED = state("country_text_id", "vdem", "year", or_place=True)  # Hong Kong, too
_SCORE = key("polyarchy", "{country_text_id}", "{year}")


def _runs(rows: Iterable[Row], context: Context) -> Iterator[Row]:
    """The rows, the first of each run with the years of the run; where a state changes, a run ends.

    A run that reaches the last year of the file has no end that anybody knows.
    """
    told = list(rows)
    last = max((year for row in told if (year := row.get("year")).isdecimal()), default="")
    run: list[Row] = []
    for row in told:
        if run and _is_other(run[-1], row, context):
            yield from _told(run, last)
            run = []
        run.append(row)
    yield from _told(run, last)


def _is_other(before: Row, row: Row, context: Context) -> bool:
    same = ("country_text_id", "v2x_regime")
    if any(before.get(column) != row.get(column) for column in same):
        return True
    return not _follow(before, row) or _state(before, context) != _state(row, context)


def _follow(before: Row, row: Row) -> bool:
    try:
        return year_of(row.get("year"), "year") == year_of(before.get("year"), "year") + 1
    except Odd:
        return False


def _state(row: Row, context: Context) -> list[Value]:
    try:
        return [*_COUNTRY(row, context)]
    except Odd:
        return []  # is told of where it is mapped


def _told(run: list[Row], last: str) -> Iterator[Row]:
    for index, row in enumerate(run):
        if index == 0:
            end = run[-1].get("year")
            years = {_FIRST: row.get("year")} | ({} if end == last else {_LAST: end})
            yield replace(row, values={**row.values, **years})
        else:
            yield row


DATASET = Dataset(
    name="vdem-ert",
    title="V-Dem Episodes of Regime Transformation",
    publisher="V-Dem Institute",
    home="https://github.com/vdeminstitute/ERT",
    licence="https://creativecommons.org/licenses/by/4.0/",
    rights="The data of V-Dem: CC BY 4.0; cite Maerz et al. and V-Dem.",
    yields="regimes with their type and years, and the electoral democracy index of each country and year",
    get="Take inst/ert.csv of the package.",
    tables=(
        Table(
            columns=frozenset({"country_text_id", "country_name", "year", "v2x_regime", "v2x_polyarchy"}),
            rows=_runs,
            things=(
                Thing(
                    KG.Regime,
                    key("regime", "{country_text_id}", f"{{{_FIRST}}}"),
                    says=(
                        Say(KG.regimeOf, _COUNTRY, needed=True),
                        Say(
                            KG.regimeType,
                            among(
                                "v2x_regime",
                                {
                                    "0": KGC.closedAutocracy,
                                    "1": KGC.electoralAutocracy,
                                    "2": KGC.electoralDemocracy,
                                    "3": KGC.liberalDemocracy,
                                },
                            ),
                            needed=True,
                        ),
                        Say(KG.date, year(_FIRST)),
                        Say(KG.endDate, year(_LAST)),
                    ),
                    when=lambda row: bool(row.get(_FIRST)),
                ),
                Thing(
                    KG.Assessment,
                    _SCORE,
                    says=(
                        Say(KG.assessed, _RATED, needed=True),
                        Say(KG.score, decimal("v2x_polyarchy"), needed=True),
                        Say(KG.measure, concept("electoralDemocracyIndex")),
                        Say(KG.date, year("year")),
                        Say(KG.assessor, publisher),
                    ),
                ),
            ),
        ),
    ),
)
