"""v2fly, domain lists: the domains of each service, a file a service.

A rule is a domain, with all below it, or one host. The file's name is the service: lists of services that the
gazetteer does not know, and those of companies and topics, stay out.
"""

import re
from collections.abc import Iterator

from kgraph.datasets.context import Context
from kgraph.datasets.declaring import Dataset, Odd, Row, Say, Table, Thing, Value
from kgraph.datasets.sites import host_of
from kgraph.datasets.tables import decoded
from kgraph.errors import SourceError
from kgraph.namespaces import KG
from kgraph.records import Literal

#: Lists of all that a company runs, whatever service of the same name there is.
_COMPANIES = frozenset({"google"})
_VALUE = re.compile(r"[\w!.-]+")
_KINDS = ("domain", "full", "keyword", "regexp", "include")


def _read(data: bytes, name: str) -> Iterator[Row]:
    """A row for each rule.

    :raises SourceError: if a line is none.

    Source: the README of v2fly/domain-list-community, "Structure of data".
    """
    for number, line in enumerate(decoded(data).splitlines(), start=1):
        rule = line.partition("#")[0].split()
        if not rule:
            continue
        kind, colon, value = rule[0].partition(":")
        if not colon:
            kind, value = "domain", rule[0]
        marks = [word[1:] for word in rule[1:] if word[0] in "@&"]
        is_value = bool(value) and (kind in {"keyword", "regexp"} or _VALUE.fullmatch(value) is not None)
        if kind not in _KINDS or not is_value or len(marks) != len(rule) - 1:
            raise SourceError(
                name, f"line {number} is no rule of a list of domains: {line.strip()!r}. {DATASET.get}"
            )
        values = {"kind": kind, "value": value, "marks": " ".join(marks)}
        yield Row(f"line={number}", {column: text for column, text in values.items() if text})


def _service(row: Row, context: Context) -> Iterator[Value]:
    name = re.split(r"[./]", context.file)[0]
    if name in _COMPANIES:
        raise Odd(f"{name} is the list of a company, for all its services")
    found = context.known(name.replace("-", " "), "Platform")
    if found is None:
        raise Odd(f"{name} is no platform that is known")
    yield found


def _domain(row: Row, context: Context) -> Iterator[Value]:
    yield Literal(host_of(row.get("value")))


def _aside(row: Row) -> str:
    kind = row.get("kind")
    if kind == "include":
        return "include: names another list; load that"
    return f"{kind}: is a pattern, which no domain name is" if kind in {"keyword", "regexp"} else ""


DATASET = Dataset(
    name="platform-domains",
    title="Domain list community",
    publisher="v2fly",
    home="https://github.com/v2fly/domain-list-community",
    licence="https://opensource.org/license/mit",
    rights="MIT licence.",
    yields="the domains of platforms, by which tests and lists of sites are joined to them",
    get="Take files of data/, each under its name (telegram), which tells the service.",
    tables=(
        Table(
            frozenset({"kind", "value"}),
            (Thing(KG.Platform, _service, says=(Say(KG.domainName, _domain, needed=True),)),),
            aside=_aside,
        ),
    ),
    read=_read,
)
