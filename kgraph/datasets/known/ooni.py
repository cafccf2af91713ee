"""OONI: tests of sites and apps from networks all over the world.

A test is a `kg:Measurement`, whatever it found: an anomaly may have causes other than a block. OONI's own
word "confirmed" (a known block page, a known false answer) is as far as a verdict goes. Tests that failed,
and those that measure no site and no app (speed, headers), find nothing that the graph could say, and are
told of.
"""

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

from kgraph.datasets.cells import integer, key, moment, row_key
from kgraph.datasets.context import Context
from kgraph.datasets.declaring import Cell, Dataset, Named, Odd, Row, Say, Table, Thing, Value
from kgraph.datasets.sites import site, site_of
from kgraph.iris import key_of
from kgraph.namespaces import KG, KGC, XSD
from kgraph.records import Literal

#: What apps are tested by tests of their own (OONI test specifications, ts-006, ts-018 …).
_APPS = {
    "facebook_messenger": "Facebook Messenger",
    "psiphon": "Psiphon",
    "signal": "Signal",
    "telegram": "Telegram",
    "tor": "Tor",
    "torsf": "Tor",
    "vanilla_tor": "Tor",
    "whatsapp": "WhatsApp",
}
#: Layers at which interference was met, by the words of `blocking`.
_METHODS = {
    "dns": KGC.dns,
    "tcp_ip": KGC.tcpIp,
    "http-failure": KGC.http,
    "http-diff": KGC.http,
    "tls": KGC.tls,
}
_YES, _NO = frozenset({"true", "1", "1.0", "t"}), frozenset({"false", "0", "0.0", "f"})
#: Above it OONI's pipeline calls a test an anomaly.
_ANOMALY = 0.5


# What was tested


def _tested(row: Row, context: Context) -> Iterator[Value]:
    """The site, else the app that the test is for; else the one that the file's name tells."""
    address, test = row.get("input"), row.get("test_name").lower()
    if test in _APPS:
        app = context.known(_APPS[test], "Platform")
        if app is not None:
            yield app
    elif address:
        yield site_of(address, context)
    elif not test and (app := _named_by_file(context)) is not None:
        yield app
    else:
        raise Odd("it does not say what was tested")


def _named_by_file(context: Context) -> Named | None:
    words = re.split(r"[^A-Za-z]+", context.file)
    return next((app for word in words if word and (app := context.known(word, "Platform"))), None)


def _country(row: Row, context: Context) -> str:
    """The code of the country that the test was run in; "" if nobody says."""
    code = row.get("probe_cc")
    if not code and not row.get("input"):
        named = re.search(r"(?:^|[^A-Za-z])([A-Z]{2})(?:[^A-Za-z]|$)", context.file)
        code = named[1] if named else ""
    return "" if code.upper() == "ZZ" else code  # ZZ: OONI does not know


def _network(row: Row, context: Context) -> Iterator[Value]:
    """The network by its number, with the country that it was in; AS0 is nobody's."""
    text = row.get("probe_asn") or row.get("a_probe_asn")
    number = re.fullmatch(r"(?:AS)?(\d+)(?:\.0)?", text, re.IGNORECASE)
    if number is None:
        if text:
            raise Odd(f"probe_asn is {text!r}, which is no number of a network")
        return
    if int(number[1]) == 0:
        return
    says: list[tuple[str, Any]] = [(KG.asn, Literal(str(int(number[1])), XSD.integer))]
    code = _country(row, context)
    if code:
        says.append((KG.country, context.states.by_code("iso2", code)))
    name = f"AS{int(number[1])}"
    yield Named(context.minter.named("network", name), KG.Network, name, tuple(says))


# What was found


def _verdict(row: Row, context: Context) -> Iterator[Value]:
    """What the test found, from whichever columns a file has."""
    finding = _finding(row)
    if finding is not None:
        yield KGC[finding]


def _aside(row: Row) -> str:
    test = row.get("test_name").lower()
    if test not in {"", "web_connectivity", *_APPS}:
        return f"the test {test} is of no site and no app"
    return "" if _finding(row) else "the test failed, or came to no result"


def _finding(row: Row) -> str | None:
    """`confirmed`, `anomaly` or `reachable`; None where it came to no result."""
    scores, blocking = _object(row.get("scores")), _blocking(row)
    if row.get("confirmed").lower() in _YES or scores.get("confirmed") or blocking.startswith("confirmed"):
        return "confirmed"
    if row.get("failure").lower() in _YES:
        return None
    if row.get("anomaly").lower() in _YES:
        return "anomaly"
    if blocking and blocking not in _NO:
        return "anomaly"
    if row.get("anomaly").lower() in _NO or blocking in _NO:
        return "reachable"
    if "blocking_general" in scores:
        return "anomaly" if float(scores["blocking_general"]) > _ANOMALY else "reachable"
    return None


def _blocking(row: Row) -> str:
    """The word of `blocking`, where it is a column, one column a word, or in a raw measurement."""
    if "blocking" in row.values:
        return row.get("blocking").lower()
    for word in _METHODS:
        if row.get(word) in _YES:
            return word
    if row.get("false") in _YES:
        return "false"
    told = _object(row.get("test_keys")).get("blocking")
    return "" if told is None else str(told).lower()


def _method(row: Row, context: Context) -> Iterator[Value]:
    found = _METHODS.get(_blocking(row).removeprefix("confirmed-"))
    if found is not None:
        yield found


def _object(text: str) -> dict[str, Any]:
    """A cell that holds a JSON object; empty if it holds none."""
    try:
        read = json.loads(text) if text else {}
    except ValueError:
        return {}
    return read if isinstance(read, dict) else {}


def _key(row: Row, context: Context) -> Iterator[Value]:
    """OONI's own number of the measurement, else its report, what was tested and when."""
    told = row.get("measurement_uid") or row.get("tid")
    report = row.get("report_id") or row.get("explorer_url").partition("?")[0].rpartition("/")[2]
    if told:
        yield Literal(told)
    elif report:
        yield Literal(key_of(" ".join((report, row.get("input"), row.get("measurement_start_time")))))
    else:
        yield from row_key()(row, context)


_MEASUREMENT = Thing(
    KG.Measurement,
    _key,
    says=(
        Say(KG.verdict, _verdict, needed=True),
        Say(KG.measured, _tested, needed=True),
        Say(KG.throughNetwork, _network),
        Say(KG.blockingMethod, _method),
        Say(KG.date, moment("measurement_start_time")),
    ),
)


# Tests of one site from one network, summed up


def _outcome(row: Row, context: Context) -> Iterator[Value]:
    page = row.get("calc_blockpage")
    text = (
        "tests that met no block page" if page == "not-blocked" else f"tests that met the block page {page}"
    )
    yield Literal(text, language="en")


def _both(*cells: Cell) -> Cell:
    def cell(row: Row, context: Context) -> Iterable[Value]:
        return (value for each in cells for value in each(row, context))

    return cell


_SUM = Thing(
    KG.Count,
    key(
        "count",
        "{a_probe_asn}",
        "{calc_blockpage}",
        lambda row, context: (Literal(key_of(row.get("input"))),),
    ),
    says=(
        Say(KG.counted, _both(site("input"), _network), needed=True),
        Say(KG.value, integer("a_test_start_time", 0), needed=True),
        Say(KG.indicator, _outcome, needed=True),
    ),
)

_TIME = "measurement_start_time"
DATASET = Dataset(
    name="ooni",
    title="OONI measurements",
    publisher="OONI",
    home="https://ooni.org/data/",
    licence="https://creativecommons.org/licenses/by-nc-sa/4.0/",
    rights="CC BY-NC-SA 4.0: not for business, and what is made of it under the same terms.",
    yields="measurements of sites and apps, with verdict, network and time: evidence of blocks, none "
    "by themselves",
    get="Take measurements as CSV, or the answer of https://api.ooni.org/api/v1/measurements as JSON.",
    tables=(
        Table(frozenset({"a_probe_asn", "input", "calc_blockpage", "a_test_start_time"}), (_SUM,)),
        Table(frozenset({_TIME, "probe_asn", "probe_cc", "test_name"}), (_MEASUREMENT,), aside=_aside),
        Table(frozenset({_TIME, "probe_asn", "explorer_url"}), (_MEASUREMENT,), aside=_aside),
    ),
)
