"""Freedom House's Freedom of the Press: free, partly free or not free, for each country and year to 2016.

As Our World in Data prepares it: it names no edition's score, and has states that are gone under the name of
a successor (the Soviet Union as Russia), which the year tells.
"""

from kgraph.datasets.cells import among, concept, key, publisher, state_by_name, year
from kgraph.datasets.declaring import Dataset, Say, Table, Thing
from kgraph.namespaces import KG, XSD
from kgraph.records import Literal

_COUNTRY = state_by_name("Entity", "owid", "Year", or_place=True)

DATASET = Dataset(
    name="freedom-of-the-press",
    title="Freedom of the Press",
    publisher="Freedom House",
    home="https://freedomhouse.org/reports/publication-archives",
    licence="",
    rights="No licence is stated for the data; ask Freedom House before you publish them.",
    yields="the status of each country's press, yearly from 1979 to 2016",
    get="Take “Press freedom - Freedom House (2017).csv” of github.com/owid/owid-datasets.",
    tables=(
        Table(
            columns=frozenset({"Entity", "Year", "Freedom of the Press"}),
            things=(
                Thing(
                    KG.Assessment,
                    key("status", _COUNTRY, "{Year}"),
                    says=(
                        Say(KG.assessed, _COUNTRY, needed=True),
                        Say(
                            KG.score,
                            among("Freedom of the Press", {n: Literal(n, XSD.decimal) for n in "012"}),
                            needed=True,
                        ),
                        Say(KG.measure, concept("freedomOfThePressStatus")),
                        Say(KG.date, year("Year"), needed=True),
                        Say(KG.assessor, publisher),
                    ),
                ),
            ),
        ),
    ),
)
