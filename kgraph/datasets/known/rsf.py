"""Reporters Without Borders' World Press Freedom Index: score and rank of each country in each edition.

One edition comes on two scales. Up to 2021 it was published with 0 for the best; the publisher ships these
editions today as 100 minus that. From 2022 on it has another method, with parts, and 100 for the best. Which
it is, the measure says; none of the three is to be compared with another.
"""

from collections.abc import Iterator

from kgraph.datasets.cells import concept, decimal, integer, key, publisher, state, state_by_name, year_of
from kgraph.datasets.context import Context
from kgraph.datasets.declaring import Cell, Dataset, Odd, Row, Say, Table, Thing, Value
from kgraph.namespaces import KG, XSD
from kgraph.records import Literal

#: The first edition of the new method.
_NEW = 2022
_YEAR = "Year (N)"


def _edition(column: str, *, new: bool = False) -> Cell:
    """The year of an edition whose method is that of the table.

    :raises Odd: if it is another: then nobody can tell what scale the score is on.
    """

    def cell(row: Row, context: Context) -> Iterator[Value]:
        if row.get(column):
            found = year_of(row.get(column), column)
            if (found >= _NEW) != new:
                raise Odd(
                    f"{column} is {found}, and editions from {_NEW} on have another scale than those before"
                )
            yield Literal(str(found), XSD.gYear)

    return cell


def _assessment(name: str, measure: str, country: Cell, when: Cell, score: Cell, rank: Cell | None) -> Thing:
    ranks = (Say(KG.rank, rank),) if rank else ()
    return Thing(
        KG.Assessment,
        key(name, country, when),
        says=(
            Say(KG.assessed, country, needed=True),
            Say(KG.score, score, needed=True),
            *ranks,
            Say(KG.measure, concept(measure)),
            Say(KG.date, when, needed=True),
            Say(KG.assessor, publisher),
        ),
    )


def _shipped(thing: str, measure: str, score: str, rank: str, *, new: bool) -> Thing:
    """What the publisher's own files say, which have decimal commas."""
    country, when = state("ISO", "iso3", _YEAR, or_place=True), _edition(_YEAR, new=new)
    return _assessment(thing, measure, country, when, decimal(score, comma=True), integer(rank, least=1))


#: The parts of the index from 2022 on: what their columns are called.
_PARTS = (
    ("political", "pressFreedomPoliticalContext", "Political Context", "Rank_Pol"),
    ("economic", "pressFreedomEconomicContext", "Economic Context", "Rank_Eco"),
    ("legal", "pressFreedomLegalContext", "Legal Context", "Rank_Leg"),
    ("social", "pressFreedomSocialContext", "Social Context", "Rank_Soc"),
    ("safety", "pressFreedomSafety", "Safety", "Rank_Saf"),
)

_FROM_2022 = Table(
    columns=frozenset(
        {"ISO", "Score", "Rank", _YEAR, *(column for *_, score, rank in _PARTS for column in (score, rank))}
    ),
    things=(
        _shipped("index", "worldPressFreedomIndexFrom2022", "Score", "Rank", new=True),
        *(_shipped(*part, new=True) for part in _PARTS),
    ),
)

_TO_2021_SHIPPED = Table(
    columns=frozenset({"ISO", "Rank N", "Score N", _YEAR}),
    things=(_shipped("reversed", "worldPressFreedomIndexTo2021Reversed", "Score N", "Rank N", new=False),),
)

_OLD = "worldPressFreedomIndexTo2021"

_TO_2021 = Table(
    columns=frozenset({"Year", "ISO", "Country", "Rank", "Score", "Situation"}),
    things=(
        _assessment(
            "index", _OLD, state("ISO", "iso3", "Year", or_place=True), _edition("Year"),
            decimal("Score", comma=True), integer("Rank", least=1),
        ),
    ),
)  # fmt: skip

_OWID = Table(
    columns=frozenset({"country_name", "year", "press_freedom_score_rsf"}),
    things=(
        _assessment(
            "index", _OLD, state_by_name("country_name", or_place=True), _edition("year"),
            decimal("press_freedom_score_rsf"), None,
        ),
    ),
)  # fmt: skip


DATASET = Dataset(
    name="rsf",
    title="World Press Freedom Index",
    publisher="Reporters Without Borders",
    home="https://rsf.org/en/index",
    licence="",
    rights="No licence is stated for the data; ask Reporters Without Borders before you publish them.",
    yields="score and rank of countries and a few territories in each edition, from 2022 on with its parts",
    get="Take the CSV of an edition from the page of the index, a workbook of them, or the table of Our "
    "World in Data; name all at once.",
    tables=(_FROM_2022, _TO_2021_SHIPPED, _TO_2021, _OWID),
)
