"""How well what is one thing is found: precision and recall on labelled pairs, with all other things around.

    python benchmarks/linking.py [--errors] [--names] [--shared FOLDER]

The pairs are in linking_pairs.tsv: a side is a row of a dataset by its identifier (reign, nsi, v2fly, smm:
by its site's host), a thing of the gazetteer, a site, or a name as documents write it, with the state's
code (and `!` and a year for who held an office of it then). All sides and all leaders of REIGN are
candidates for each other, so that blocking and namesakes count. The rules were made looking at the pairs of
set 1; those of set 2 were written afterwards, and looked at once. Each of sets 3 to 7 was committed before
anything was tried on it.
--names compares ways to compare names (rigour too, where it is installed).
"""

import argparse
import csv
import json
import math
import re
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from kgraph.datasets.declaring import Odd
from kgraph.datasets.states import States
from kgraph.gazetteer import load_gazetteer
from kgraph.iris import Minter, slug
from kgraph.linking import SURE, Score, Thing, candidates
from kgraph.linking.comparing import name_likeness
from kgraph.linking.names import read_name
from kgraph.linking.things import country_words, host
from kgraph.namespaces import KG

ONE_ADDRESS = Score(1.0, ("+ same address",))
HERE = Path(__file__).resolve().parent
MINTER = Minter()


@dataclass(frozen=True)
class Pair:
    """Two things with what they are to each other.

    :param number: of the set that it belongs to.
    """

    number: int
    kind: str
    one: Thing
    other: Thing
    is_same: bool


class Sides:
    """Things by how the file of pairs calls them."""

    def __init__(self, shared: Path):
        self._data = shared / "datasets"
        self._gazetteer = load_gazetteer(MINTER)
        self._texts = 0
        self.leaders = {thing.iri: thing for thing in self._read_leaders()}
        self._brands = dict(self._read_brands())
        self._outlets = dict(self._read_outlets())

    def read(self, name: str, kind: str) -> Thing:
        source, _, key = name.partition(":")
        makers: dict[str, Callable[[str, str], Thing]] = {
            "reign": lambda key, _: self.leaders[_row("reign", key)],
            "nsi": lambda key, _: self._brands[key],
            "smm": lambda key, _: self._outlets[key],
            "v2fly": self._service,
            "gaz": self._known,
            "text": self._written,
            "site": self._site,
        }
        return makers[source](key, kind)

    def _read_leaders(self) -> Iterator[Thing]:
        states_of = States(self._gazetteer, MINTER)
        with (self._data / "reign" / "leaderlist_3_21.csv").open(encoding="latin-1", newline="") as file:
            for row in csv.DictReader(file):
                try:
                    states = frozenset({states_of.by_code("cow", row["ccode"]).iri})
                except Odd:
                    states = frozenset[str]()
                first, last = (
                    date(int(row[year]), int(row[month]), 1) if row[year].strip().isdigit() else None
                    for year, month in (("syear", "smonth"), ("eyear", "emonth"))
                )
                yield Thing(
                    _row("reign", row["leadid"]), "Person", frozenset({KG.Person}),
                    frozenset({row["leader"]}), states, states,
                    (first, last or date(2021, 3, 1)) if first else None, origin=MINTER.dataset("reign"),
                )  # fmt: skip

    def _read_brands(self) -> Iterator[tuple[str, Thing]]:
        for path in sorted((self._data / "name-suggestion-index").glob("*.json")):
            for item in json.loads(path.read_text(encoding="utf-8"))["items"]:
                tags = item["tags"]
                names = {item["displayName"], *item.get("matchNames", ())}
                names |= {
                    v for k, v in tags.items() if k.split(":")[0] in {"name", "brand"} and "wikid" not in k
                }
                codes = [
                    c.upper() for c in item["locationSet"]["include"] if isinstance(c, str) and len(c) == 2
                ]
                states = frozenset(map(_state, codes))
                yield item["id"], Thing(
                    _row("nsi", item["id"]), "Actor", frozenset({KG.Company}), frozenset(names), states,
                    said_anyway=self._words(states), origin=MINTER.dataset("nsi"),
                )  # fmt: skip

    def _read_outlets(self) -> Iterator[tuple[str, Thing]]:
        path = self._data / "state-media-profiles" / "State_Media_Matrix.csv"
        seen = set()
        with path.open(encoding="utf-8-sig", newline="") as file:
            for row in csv.DictReader(file):
                site = host(row["URL"].strip())
                if not site:
                    continue
                tail = row["URL"].strip().rstrip("/").partition(site)[2]
                key = site + (tail if tail.count("/") == 1 and site == "sb.by" else "")
                key = {"newspaper.irandaily.ir": "irandaily.ir"}.get(key, key)
                if key in seen:
                    continue
                seen.add(key)
                name = row["Main assets"].split(": ")[-1]
                names = {part.strip() for part in re.split(r"[()]", name) if part.strip()}
                found = [entry for entry in self._gazetteer.find(row["Country"]) if entry.kind == "Country"]
                own_site = {("domain", site)} if not tail else set[tuple[str, str]]()
                yield key, Thing(
                    _row("smm", key), "Actor", frozenset({KG.MediaOutlet}), frozenset(names),
                    frozenset(entry.iri for entry in found[:1]),
                    said_anyway=self._words(entry.iri for entry in found[:1]),
                    identifiers=frozenset(own_site), origin=MINTER.dataset("smm"),
                )  # fmt: skip

    def _service(self, key: str, _: str) -> Thing:
        lines = (self._data / "v2fly-domains" / "data" / key).read_text(encoding="utf-8").splitlines()
        rules = [line.split("#")[0].split() for line in lines]
        domains = {
            rule[0].removeprefix("full:")
            for rule in rules
            if rule and ":" not in rule[0].removeprefix("full:")
        }
        return Thing(
            _row("v2fly", key), "Platform", frozenset({KG.Platform}), frozenset({key}),
            identifiers=frozenset(("domain", domain) for domain in domains), origin=MINTER.dataset("v2fly"),
        )  # fmt: skip

    def _known(self, key: str, kind: str) -> Thing:
        entry = self._gazetteer.entries[MINTER.resources + key]
        domains = [str(o) for s, p, o in self._gazetteer.facts([entry.iri]) if str(p) == KG.domainName]
        return Thing(
            entry.iri, kind, frozenset({KG[entry.kind]}), frozenset(entry.names),
            frozenset({entry.country} if entry.country else ()),
            identifiers=frozenset(("domain", host(each)) for each in domains), is_known=True,
            said_anyway=self._words([entry.country] if entry.country else []),
        )  # fmt: skip

    def _written(self, key: str, kind: str) -> Thing:
        name, _, where = key.rpartition("@")
        code, _, year = where.partition("!")
        states = frozenset({_state(code)}) if code else frozenset[str]()
        return Thing(
            MINTER.named("written", f"{kind} {name} {where}"), kind, names=frozenset({name}),
            countries=states, offices=states if year else frozenset(),
            in_office=(date(int(year), 1, 1), date(int(year), 12, 31)) if year else None,
            said_anyway=self._words(states),
        )  # fmt: skip

    def _words(self, states: Iterable[str]) -> frozenset[str]:
        known = [state for state in states if state in self._gazetteer.entries]
        return frozenset().union(
            *(country_words(state, self._gazetteer.entries[state].names) for state in known)
        )

    def _site(self, key: str, kind: str) -> Thing:
        site, _, code = key.rpartition("@")
        return Thing(
            MINTER.named("site", site), kind, names=frozenset({site}), countries=frozenset({_state(code)}),
            identifiers=frozenset({("domain", site)}),
        )  # fmt: skip


def _row(dataset: str, key: str) -> str:
    return f"{MINTER.dataset(dataset)}/{slug(key)}"


def _state(code: str) -> str:
    return MINTER.known("country", code)


def main() -> None:
    """Print what is asked for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--errors", action="store_true")
    parser.add_argument("--names", action="store_true")
    parser.add_argument("--shared", type=Path, default=HERE.parents[1] / "shared")
    options = parser.parse_args()
    sides = Sides(options.shared)
    with (HERE / "linking_pairs.tsv").open(encoding="utf-8", newline="") as file:
        pairs = [
            Pair(int(row["set"]), row["kind"], sides.read(row["one"], row["kind"]),
                 sides.read(row["other"], row["kind"]),
                 row["verdict"] == "same")
            for row in csv.DictReader(file, delimiter="\t")
        ]  # fmt: skip
    if options.names:
        compare_names(pairs)
        return
    everything = {each.iri: each for pair in pairs for each in (pair.one, pair.other)} | sides.leaders
    started = time.perf_counter()
    found = candidates(everything.values(), least=0.0)
    print(
        f"{len(everything):,} things, {len(found):,} pairs compared in {time.perf_counter() - started:.1f} s"
    )
    scores = {frozenset({each.one.iri, each.other.iri}): each.score for each in found}
    # The address does not tell all ways to write a name apart: then the two are one from the start.
    scored = [
        (
            pair,
            ONE_ADDRESS
            if pair.one.iri == pair.other.iri
            else scores.get(frozenset({pair.one.iri, pair.other.iri})),
        )
        for pair in pairs
    ]
    print(
        "set    kind       same  different  precision  recall  (score >= 0.9)   candidates' recall (>= 0.5)"
        "   precision at recall 0.9 (score)"
    )
    for number in (*sorted({pair.number for pair in pairs}), None):
        for kind in ("Person", "Actor", "Platform", ""):
            tell("all" if number is None else str(number), kind, [
                (pair.is_same, score.value if score else 0.0)
                for pair, score in scored
                if (not kind or pair.kind == kind) and number in {pair.number, None}
            ])  # fmt: skip
    if options.errors:
        for pair, score in scored:
            value = score.value if score else 0.0
            if pair.is_same != (value >= SURE):
                told = "same" if pair.is_same else "different"
                names = f"{sorted(pair.one.names)} {sorted(pair.other.names)}"
                print(f"{pair.number} {told:9} {value:.3f} {names} {score.reasons if score else ''}")


def tell(number: str, kind: str, scored: list[tuple[bool, float]]) -> None:
    """One line of the table."""
    same = sum(is_same for is_same, _ in scored)
    right = sum(is_same and value >= SURE for is_same, value in scored)
    taken = sum(value >= SURE for _, value in scored)
    seen = sum(is_same and value >= 0.5 for is_same, value in scored)
    of_same = sorted((value for is_same, value in scored if is_same), reverse=True)
    least = of_same[math.ceil(same * 0.9) - 1] if same else 1.0
    there = [is_same for is_same, value in scored if value >= least]
    at_recall = f"{sum(there) / len(there):.3f} ({least:.2f})" if there and least else "never"
    print(f"{number:<6} {kind or 'all':9} {same:5} {len(scored) - same:10} {right / max(1, taken):10.3f}"
          f" {right / max(1, same):7.3f} {seen / max(1, same):36.3f} {at_recall:>30}")  # fmt: skip


def compare_names(pairs: list[Pair]) -> None:
    """The best precision at a recall of 0.9 that each way to compare names gets by itself."""
    ways: dict[str, Callable[[str, str, bool], float]] = {
        "skeletons (ours)": lambda a, b, person: name_likeness(read_name(a), read_name(b), of_person=person)
    }
    from rapidfuzz import fuzz, utils

    ways["rapidfuzz token_set_ratio, in Latin letters"] = lambda a, b, _: fuzz.token_set_ratio(
        " ".join(read_name(a).tokens), " ".join(read_name(b).tokens)
    )
    ways["rapidfuzz WRatio, as written"] = lambda a, b, _: fuzz.WRatio(a, b, processor=utils.default_process)
    try:
        ways["rigour"] = _rigour()
    except ImportError:
        print("rigour is not installed")
    for name, way in ways.items():
        started = time.perf_counter()
        scored = [
            (
                max(way(a, b, pair.kind == "Person") for a in pair.one.names for b in pair.other.names),
                pair.is_same,
            )
            for pair in pairs
        ]
        took = time.perf_counter() - started
        scored.sort(key=lambda each: -each[0])
        same = sum(is_same for _, is_same in scored)
        limit = sorted((value for value, is_same in scored if is_same), reverse=True)[int(same * 0.9)]
        taken = [is_same for value, is_same in scored if value >= limit]
        print(f"{name:45} precision at recall 0.9: {sum(taken) / len(taken):.3f}   {took * 1000:.0f} ms")


def _rigour() -> Callable[[str, str, bool], float]:
    """Symbols first, what is left by the costs of its letters, weighed by the letters."""
    from rigour.names import NameTypeTag, analyze_names, compare_parts, pair_symbols

    def compare(a: str, b: str, person: bool) -> float:
        tag = NameTypeTag.PER if person else NameTypeTag.ORG
        best = 0.0
        for one in analyze_names(tag, [a]):
            for other in analyze_names(tag, [b]):
                for pairing in pair_symbols(one, other):
                    used = {id(p) for edge in pairing for p in (*edge.qps, *edge.rps)}
                    rest = compare_parts(
                        [p for p in one.parts if id(p) not in used],
                        [p for p in other.parts if id(p) not in used],
                    )
                    edges = [*((1.0, e) for e in pairing), *((e.score, e) for e in rest)]
                    sizes = [(s, sum(len(p.form) for p in (*e.qps, *e.rps))) for s, e in edges]
                    total = sum(size for _, size in sizes)
                    best = max(best, sum(s * size for s, size in sizes) / total if total else 0.0)
        return best

    return compare


if __name__ == "__main__":
    main()
