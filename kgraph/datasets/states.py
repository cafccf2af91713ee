"""Which state a code or a name means, in which year.

Codes are of ISO 3166-1 unless the table of exceptions says otherwise: V-Dem's RUS is the Soviet Union from
1922 to 1991. States that are gone have addresses by their codes of ISO 3166-3. What publishers rate beside
states (Hong Kong, Northern Cyprus) is what the gazetteer knows.
"""

import csv
import re
from functools import cache
from typing import NamedTuple

from kgraph.datasets.declaring import Named, Odd
from kgraph.gazetteer import Gazetteer, alpha3_codes
from kgraph.iris import Minter
from kgraph.namespaces import KG, SKOS
from kgraph.records import Literal
from kgraph.resources import resource

_COUNTRY = KG.Country


class _Exception(NamedTuple):
    first: int
    last: int
    state: str


class States:
    """The states of the world, by codes and names."""

    def __init__(self, gazetteer: Gazetteer, minter: Minter):
        self._gazetteer = gazetteer
        self._minter = minter
        self._by_code: dict[str, str] = {}
        for entry in gazetteer.entries.values():
            if entry.kind == "Country":
                self._by_code[entry.iri.rpartition("/")[2]] = entry.iri
        self._by_alpha3 = alpha3_codes()

    def by_code(self, system: str, code: str, year: int | None = None) -> Named:
        """What a code means: a state, or what is rated like one.

        :param system: iso2, iso3, vdem or cow.
        :param year: in which; None: today.
        :raises Odd: if it means nothing.
        """
        code = code.strip().upper()
        found = _exception(system, code, year)
        if found is None:
            found = code if system == "iso2" else self._by_alpha3.get(code, "")
            if system == "cow" or found not in self._by_code:
                raise Odd(f"{code!r} is no code of a state that is known ({system})")
        return self._named(found)

    def by_name(self, name: str, system: str = "", year: int | None = None) -> Named:
        """What goes by a name: a state, or what is rated like one.

        :param system: whose names they are, where a name means another state in some years: owid.
        :raises Odd: if nothing does.
        """
        code = self._code_of(" ".join(name.split()))
        return self._named(_exception(system, code, year) or code)

    def _code_of(self, name: str) -> str:
        found = _exception("name", name.upper(), None)
        if found is not None:
            return found
        for entry in (*self._gazetteer.find(name), *self._gazetteer.find(_in_order(name))):
            if entry.kind == "Country":
                return entry.iri.rpartition("/")[2]
        for code, (label, _, _) in _former().items():
            if name.casefold() == label.casefold():
                return code
        raise Odd(f"{name!r} is no name of a state that is known")

    def _named(self, code: str) -> Named:
        former = _former().get(code)
        if former is not None:
            coded = (str(SKOS.notation), Literal(code, KG.Iso3166Alpha4))
            return Named(
                self._minter.known("country", code), _COUNTRY, former[0], (coded,) if code.isupper() else ()
            )
        kind, found, slug = code.rpartition("/")
        iri = self._minter.known(kind, slug) if found else self._by_code[code]
        entry = self._gazetteer.entries[iri]
        return Named(entry.iri, KG[entry.kind], entry.label)


def _exception(system: str, code: str, year: int | None) -> str | None:
    for each in _exceptions().get((system, code), ()):
        if each.first <= (year or 9999) <= each.last:
            return each.state
    return None


def _in_order(name: str) -> str:
    """A name that is sorted by its main word, as one says it.

    >>> _in_order("Iran (Islamic Republic of)"), _in_order("Korea, Republic of")
    ('Islamic Republic of Iran', 'Republic of Korea')
    """
    return re.sub(r"^(.+?)(?:, | \()(.* of(?: the)?)\)?$", r"\2 \1", name)


@cache
def _exceptions() -> dict[tuple[str, str], tuple[_Exception, ...]]:
    found: dict[tuple[str, str], tuple[_Exception, ...]] = {}
    for row in _table("state-codes.tsv"):
        key = row["system"], row["code"]
        each = _Exception(int(row["first"] or 0), int(row["last"] or 9999), row["state"])
        found[key] = (*found.get(key, ()), each)
    return found


@cache
def _former() -> dict[str, tuple[str, int, int]]:
    """Label, first and last year of the states that are gone, by their codes."""
    return {
        row["code"]: (row["label"], int(row["first"]), int(row["last"]))
        for row in _table("former-states.tsv")
    }


def _table(name: str) -> list[dict[str, str]]:
    with resource("data", "gazetteer", name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader((line for line in lines if not line.startswith("#")), delimiter="\t"))
