"""UN DESA's E-Government Survey: e-government and e-participation of each member state, every two years.

The year stands in the name of the file alone. A state for which a part is missing has the index 0 and shares
the last rank: that is no score, and is left out. The e-participation index is derived from the survey of
what states offer online.
"""

import re
from collections.abc import Iterator

from kgraph.datasets.cells import concept, decimal, decimal_of, integer, key, known, publisher, state
from kgraph.datasets.context import Context
from kgraph.datasets.declaring import Cell, Dataset, Odd, Row, Say, Table, Thing, Value
from kgraph.errors import SourceError
from kgraph.namespaces import KG, XSD
from kgraph.records import Literal

_INDEX, _PARTS = "e-gov-index", ("osi", "hci", "tii")
_COUNTRY = state("country-code", "iso3")


def _year(row: Row, context: Context) -> Iterator[Value]:
    """The survey's year."""
    found = re.findall(r"(?<!\d)20\d\d(?!\d)", context.file)
    if len(found) != 1:
        raise SourceError(
            context.file, f"its name has to tell the year of the survey, as in egdi-2018.csv. {_GET}"
        )
    yield Literal(found[0], XSD.gYear)


def _index(row: Row, context: Context) -> Iterator[Value]:
    """The index, which is the mean of its parts: 0 where one is not, it was not computed.

    :raises Odd: then.
    """
    for value in decimal(_INDEX)(row, context):
        if value == _NOTHING and any(_part(row, part) != _NOTHING for part in _PARTS):
            raise Odd(f"{_INDEX} is 0 while its parts are not all 0: it was not computed")
        yield value


def _part(row: Row, column: str) -> Literal | None:
    text = row.get(column)
    return decimal_of(text, column) if known(text) else None


_NOTHING = decimal_of("0", _INDEX)


def _assessment(name: str, measure: str, score: Cell, *more: Say) -> Thing:
    return Thing(
        KG.Assessment,
        key(name, "{country-code}", _year),
        says=(
            Say(KG.assessed, _COUNTRY, needed=True),
            Say(KG.score, score, needed=True),
            *more,
            Say(KG.measure, concept(measure)),
            Say(KG.date, _year),
            Say(KG.assessor, publisher),
        ),
    )


_GET = "Take the files egdi-YEAR.csv of the repository's folder egdi; name all at once."

DATASET = Dataset(
    name="un-egov",
    title="United Nations E-Government Survey",
    publisher="UN DESA",
    publisher_kind="InternationalOrganization",
    home="https://github.com/UNU-EGOV/datasets",
    licence="",
    rights="No licence is stated in the repository; the data are of the United Nations.",
    yields="e-government index and rank, its three parts, and the e-participation index of each member state",
    get=_GET,
    tables=(
        Table(
            columns=frozenset({"country-code", "e-gov-rank", _INDEX, "e-pat-index", *_PARTS}),
            things=(
                _assessment(
                    "egdi",
                    "eGovernmentDevelopmentIndex",
                    _index,
                    Say(KG.rank, integer("e-gov-rank", least=1)),
                ),
                _assessment("epi", "eParticipationIndex", decimal("e-pat-index")),
                _assessment("osi", "onlineServiceIndex", decimal("osi")),
                _assessment("hci", "humanCapitalIndex", decimal("hci")),
                _assessment("tii", "telecommunicationInfrastructureIndex", decimal("tii")),
            ),
        ),
    ),
)
