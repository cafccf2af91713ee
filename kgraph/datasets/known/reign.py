"""REIGN of One Earth Future: who led each state, how it was ruled, and its elections, since 1945.

Three files, told apart by their columns. Leaders go by surnames, so a person is told by state, name and year
of birth and has an address of the dataset's own: Bush is not Bush. Regimes that stand when the file is made
have its last December as their end in the file; they have no end here. Of the list of elections, votes alone
are taken: what was announced, put off, voided or is to come has not happened.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from kgraph.datasets.cells import among, constant, day, day_of, key, state, state_by_name, year_of
from kgraph.datasets.context import Context
from kgraph.datasets.declaring import Cell, Dataset, Named, Odd, Row, Say, Table, Thing, Value
from kgraph.namespaces import KG, KGC
from kgraph.records import Literal

#: What REIGN writes for a number that it does not know.
_UNKNOWN = "-99"


def _date(year: str, month: str, day: str = "") -> Cell:
    """A date in three columns, as precise as they tell."""

    def cell(row: Row, context: Context) -> Iterator[Value]:
        told = [row.get(year), row.get(month), row.get(day) if day else ""]
        if told[0]:
            text = "-".join(filter(None, told if told[1] else told[:1]))
            yield day_of(text, f"{year}, {month}{f', {day}' if day else ''}")

    return cell


# Leaders


def _state_of_tenure(row: Row, context: Context) -> Iterable[Value]:
    """The state of an office: where a state gave way to another in the year it began, the later one."""
    year, last = year_of(row.get("syear"), "syear") + 1, row.get("eyear")
    if last:
        year = min(year, year_of(last, "eyear"))
    return (context.states.by_code("cow", row.get("ccode"), year),)


#: What stands behind names: (2nd time), (f), cut off now and then.
_REMARK = re.compile(r"\s*\(.*$")
_SEVERAL = re.compile(r" (?:&|and) ")


def _leader(row: Row, context: Context) -> Iterable[Value]:
    name, born = " ".join(_REMARK.sub("", row.get("leader")).split()), row.get("birthyear")
    if not name or _SEVERAL.search(name):
        raise Odd(f"leader is {row.get('leader')!r}, which is no one person's name")
    # Nothing tells two people of one surname apart if no year of birth is known.
    told = row.get("leadid") if born in {"", _UNKNOWN} else born
    iri = context.own(f"leader-{row.get('ccode')}-{name}-{told}")
    return (Named(iri, KG.Person, name),)


_LEADERS = Table(
    columns=frozenset(
        {"ccode", "leadid", "leader", "sdate", "smonth", "syear", "emonth", "eyear", "birthyear"}
    ),
    things=(
        Thing(
            KG.Tenure,
            # A few share an id; no two of one state began on one day.
            key("tenure", "{ccode}", _date("syear", "smonth", "sdate"), "{leader}"),
            says=(
                Say(KG.holder, _leader, needed=True),
                Say(KG.officeOf, _state_of_tenure, needed=True),
                Say(KG.post, constant(Literal("de facto leader", language="en"))),
                Say(KG.date, _date("syear", "smonth", "sdate"), needed=True),
                Say(KG.endDate, _date("eyear", "emonth")),
            ),
        ),
    ),
)


# Regimes

_END = "end (derived)"

_REGIME_TYPES: dict[str, Value] = {
    "parliamentary": KGC.parliamentaryDemocracy,
    "presidential": KGC.presidentialDemocracy,
    "provisional": KGC.civilianProvisional,
    "civilian provisional": KGC.civilianProvisional,
    "provisional military": KGC.militaryProvisional,
    "foreign-occupied": KGC.foreignOccupied,
    "warlordism": KGC.warlordism,
}
#: Those of Geddes, Wright and Frantz.
_AUTOCRACIES: dict[str, Value] = {
    "party-based": KGC.partyBased,
    "personal": KGC.personal,
    "military": KGC.military,
    "indirect military": KGC.indirectMilitary,
    "monarchy": KGC.monarchy,
    "oligarchy": KGC.oligarchy,
    "party-personal": KGC.partyPersonal,
    "party-military": KGC.partyMilitary,
    "military personal": KGC.militaryPersonal,
    "party-personal-military": KGC.partyPersonalMilitary,
}
_TYPE = "gwf_regimetype"
_ALL_TYPES = {**_REGIME_TYPES, **dict.fromkeys(_AUTOCRACIES, KGC.authoritarian)}


def _is_autocracy(row: Row) -> bool:
    return row.get(_TYPE).strip().lower() in _AUTOCRACIES


def _autocracy(row: Row, context: Context) -> Iterator[Value]:
    if _is_autocracy(row):
        yield _AUTOCRACIES[row.get(_TYPE).strip().lower()]


def _with_ends(rows: Iterable[Row], context: Context) -> Iterator[Row]:
    """The rows, with the end of those regimes that have one."""
    told = list(rows)
    last = max((_december(row) for row in told), default=0)
    latest = {row.get("cowcode"): row.place for row in told}
    for row in told:
        # Some rows are a year ahead of the others: they stand, too.
        stands = latest[row.get("cowcode")] == row.place and _december(row) >= max(last - 1, 1)
        ends = {} if stands else {_END: row.get("gwf_enddate")}
        yield replace(row, values={**row.values, **ends})


def _december(row: Row) -> int:
    """The year, if the regime ends on its last day; else 0."""
    match = re.fullmatch(r"12/31/(\d{4})", row.get("gwf_enddate"))
    return int(match[1]) if match else 0


_REGIMES = Table(
    columns=frozenset({"cowcode", "gwf_country", "gwf_casename", "gwf_startdate", "gwf_enddate", _TYPE}),
    rows=_with_ends,
    things=(
        Thing(
            KG.Regime,
            key("regime", "{cowcode}", day("gwf_startdate", "mdy")),
            says=(
                Say(KG.regimeOf, state_by_name("gwf_country"), needed=True),
                Say(KG.regimeType, among(_TYPE, _ALL_TYPES), needed=True),
                Say(KG.autocracyType, _autocracy),
                Say(KG.date, day("gwf_startdate", "mdy"), needed=True),
                Say(KG.endDate, day(_END, "mdy")),
            ),
        ),
    ),
)


# Elections


def _no_vote(row: Row) -> str:
    event = row.get("event")
    return "" if event.lower().startswith("vote") else f"event is {event!r}, which is no vote"


_ELECTIONS = Table(
    columns=frozenset(
        {"ccode", "country", "elec_year", "elec_month", "elec_day", "event", "elecnum", "type"}
    ),
    aside=_no_vote,
    things=(
        Thing(
            KG.Election,
            key("election", "{elecnum}", "{sequence}"),
            says=(
                Say(KG.country, state("ccode", "cow", "elec_year"), needed=True),
                Say(
                    KG.electionKind,
                    among(
                        "type",
                        {"l": KGC.legislativeElection, "x": KGC.executiveElection, "r": KGC.referendum},
                    ),
                ),
                Say(KG.date, _date("elec_year", "elec_month", "elec_day"), needed=True),
            ),
        ),
    ),
)


DATASET = Dataset(
    name="reign",
    title="Rulers, Elections and Irregular Governance (REIGN)",
    publisher="One Earth Future",
    home="https://oefdatascience.github.io/REIGN.github.io/",
    licence="",
    rights="No licence is stated for the data; cite Bell, Besaw and Frank (2021).",
    yields="who led each state and when, regimes with their type after Geddes, Wright and Frantz, "
    "elections and referendums",
    get="Take the lists of leaders, regimes and elections of an edition: leaderlist_….csv, regime_list.csv, "
    "electionlist_….csv; name all three at once.",
    tables=(_LEADERS, _REGIMES, _ELECTIONS),
)
