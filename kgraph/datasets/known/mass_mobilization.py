"""Mass Mobilization: protests in 162 countries, counted by country and year, with what they demand.

The file is that of a replication, which counts the project's protests; the protests one by one are not in it.
"""

from kgraph.datasets.cells import constant, integer, key, state_by_name, year
from kgraph.datasets.declaring import Dataset, Row, Say, Table, Thing
from kgraph.namespaces import KG
from kgraph.records import Literal

#: The counts by the two names of each column, in words.
_DEMANDS = (
    ("demand_labor", "labor_demand", "protests over labour and wages"),
    ("demand_land", "land_demand", "protests over land and farms"),
    ("demand_policebrutality", "policebrutal_demand", "protests over brutality of the police"),
    ("demand_political", "politbehav_demand", "protests over political behaviour and process"),
    ("demand_price", "prices_demand", "protests over prices and taxes"),
    ("demand_removal", "removepolit_demand", "protests for the removal of a politician"),
    ("demand_social", "socialrestrict_demand", "protests over social restrictions"),
    ("protesterviolence", "protesterviolence", "protests with violence by protesters"),
)
_COUNTRY = state_by_name("country")


def _count(column: str, words: str, *, zero: bool = False) -> Thing:
    """How many protests of a kind; none of a kind is told by the kinds that there are.

    :param zero: whether that there was none is told, too.
    """

    def is_told(row: Row) -> bool:
        return zero or row.get(column) not in {"0", "0.0"}

    return Thing(
        KG.Count,
        key("{country}", "{year}", words),
        says=(
            Say(KG.counted, _COUNTRY, needed=True),
            Say(KG.value, integer(column, 0), needed=True),
            Say(KG.indicator, constant(Literal(words, language="en"))),
            Say(KG.date, year("year"), needed=True),
        ),
        when=is_told,
    )


def _table(which: int) -> Table:
    kinds = tuple(_count(each[which], each[2]) for each in _DEMANDS)
    columns = frozenset({"country", "year", "protestnumber", *(each[which] for each in _DEMANDS)})
    return Table(columns, (_count("protestnumber", "protests", zero=True), *kinds))


DATASET = Dataset(
    name="mass-mobilization",
    title="Mass Mobilization, protests by country and year",
    publisher="Mass Mobilization Project",
    home="https://massmobilization.github.io/",
    licence="",
    rights="No licence is stated; cite Clark and Regan.",
    yields="how many protests a country saw in a year, and how many of them for what",
    get="Take Protest_Time_and_Type.csv or protestnum.csv, one of the two, of "
    "https://github.com/KyleMackey/MassMobilization.",
    tables=(_table(0), _table(1)),
)
