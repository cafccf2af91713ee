"""OONI: tests of sites and apps from networks all over the world.

A test is a `kg:Measurement`, whatever it found: an anomaly may have causes other than a block. OONI's own
word "confirmed" (a known block page, a known false answer) is as far as a verdict goes. Tests that failed,
and those that measure no site and no app (speed, headers), find nothing that the graph could say, and are
told of.
"""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from kgraph.datasets.cells import integer, key, known, moment, row_key
from kgraph.datasets.context import Context
from kgraph.datasets.declaring import Cell, Dataset, Named, Odd, Row, Say, Table, Thing, Value
from kgraph.datasets.sites import address, site, site_of
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
#: What raw measurements of apps say of obstacles, with the layer where they tell it (ts-018, 019, 020, 029).
_SIGNS = {
    "facebook_dns_blocking": KGC.dns,
    "facebook_tcp_blocking": KGC.tcpIp,
    "telegram_tcp_blocking": KGC.tcpIp,
    "telegram_http_blocking": KGC.http,
    "telegram_web_status": None,
    "whatsapp_endpoints_status": None,
    "whatsapp_web_status": None,
    "registration_server_status": None,
    "signal_backend_status": None,
}
#: What of the keys of a raw measurement is read.
_RAW = ("blocking", "accessible", "http_experiment_failure", *_SIGNS)
_YES, _NO = frozenset({"true", "1", "1.0", "t"}), frozenset({"false", "0", "0.0", "f"})
#: Above it OONI's pipeline calls a test an anomaly.
_ANOMALY = 0.5


def _unpacked(rows: Iterable[Row], context: Context) -> Iterator[Row]:
    """Raw measurements with what their test found in columns of its own, as tables have it."""
    for row in rows:
        found = _object(row.values.get("test_keys"))
        told = {key: str(found[key]).lower() for key in _RAW if found.get(key) is not None}
        yield replace(row, values={**row.values, **told}) if told else row


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


def _country(row: Row, context: Context) -> Iterator[Named]:
    """The country that the test was run in; where no column tells, the one that the file's name has."""
    code = row.get("probe_cc")
    if code and code.upper() != "ZZ":  # ZZ: OONI does not know
        yield context.states.by_code("iso2", code)
    elif "probe_cc" not in row.columns:
        yield from _country_of_file(context)


def _country_of_file(context: Context) -> Iterator[Named]:
    """The country whose code, in capitals, or name stands in the file's name."""
    for word in re.split(r"[^A-Za-z]+", context.file):
        try:
            if len(word) == 2 and word.isupper():
                yield context.states.by_code("iso2", word)
                return
            if len(word) > 3:  # shorter words are codes of something or other
                yield context.states.by_name(word)
                return
        except Odd:
            continue


def _network(row: Row, context: Context) -> Iterator[Value]:
    """The network by its number, with the country that it was in; AS0 is nobody's."""
    text = row.get("probe_asn") or row.get("a_probe_asn")
    number = re.fullmatch(r"(?:AS)?([0-9]{1,10})(?:\.0)?", text, re.IGNORECASE)
    if number is None:
        if text:
            raise Odd(f"probe_asn is {text!r}, which is no number of a network")
        return
    if int(number[1]) == 0:
        return
    says: list[tuple[str, Any]] = [(KG.asn, Literal(str(int(number[1])), XSD.integer))]
    says += ((KG.country, country) for country in _country(row, context))
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
    """`confirmed`, `anomaly`, `inaccessible` or `reachable`; None where it came to no result."""
    scores, blocking = _object(row.get("scores")), _blocking(row)
    if row.get("confirmed").lower() in _YES or scores.get("confirmed") or blocking.startswith("confirmed"):
        return "confirmed"
    if row.get("failure").lower() in _YES:
        return None
    if row.get("anomaly").lower() in _YES:
        return "anomaly"
    if (blocking and blocking not in _NO) or any(_is_sign(row, name) for name in _SIGNS):
        return "anomaly"
    if row.get("anomaly").lower() in _NO or blocking in _NO or any(row.get(name) for name in _SIGNS):
        return "inaccessible" if _is_down(row) else "reachable"
    score = scores.get("blocking_general")
    if isinstance(score, int | float):
        return "anomaly" if score > _ANOMALY else "reachable"
    return None


def _is_sign(row: Row, name: str) -> bool:
    return row.get(name) in {"true", "blocked"}


def _is_down(row: Row) -> bool:
    """Whether the site did not answer, though nothing points to interference."""
    accessible = row.get("accessible").lower()
    return accessible in _NO if accessible else known(row.get("http_experiment_failure"))


def _blocking(row: Row) -> str:
    """The word of `blocking`, where it is a column, or one column a word."""
    if "blocking" in row.values:
        return row.get("blocking").lower()
    for word in _METHODS:
        if row.get(word) in _YES:
            return word
    return "false" if row.get("false") in _YES else ""


def _method(row: Row, context: Context) -> Iterator[Value]:
    found = _METHODS.get(_blocking(row).removeprefix("confirmed-"))
    signs = (method for name, method in _SIGNS.items() if method and _is_sign(row, name))
    yield from dict.fromkeys([found] if found else signs)


def _asked(row: Row, context: Context) -> Iterator[Value]:
    """The very address: that one page cannot be reached does not tell of the whole site."""
    if row.get("test_name").lower() not in _APPS and "://" in row.get("input"):
        yield from address("input")(row, context)


def _object(text: str | None) -> dict[str, Any]:
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
        Say(KG.url, _asked),
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
        Say(KG.url, _asked),
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
        Table(
            frozenset({_TIME, "probe_asn", "probe_cc", "test_name"}),
            (_MEASUREMENT,),
            rows=_unpacked,
            aside=_aside,
        ),
        Table(frozenset({_TIME, "probe_asn", "explorer_url"}), (_MEASUREMENT,), aside=_aside),
    ),
)
