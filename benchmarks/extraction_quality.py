"""How right the extractor is: scores, classes and properties, reliability, ablation, calibration.

    python benchmarks/extraction_quality.py                    # scores of ../shared, and the worst
    python benchmarks/extraction_quality.py --only cuba-2019   # some documents
    python benchmarks/extraction_quality.py --reliability      # of what is said at 0.8, how much is right
    python benchmarks/extraction_quality.py --ablation         # what each mechanism adds
    python benchmarks/extraction_quality.py --calibrate        # what words/priors.toml is to hold
    python benchmarks/extraction_quality.py --calibrate --update   # the same, after more texts were seen

Gold, documents and the scorer lie beside the project, in ../shared; a plain clone has none of them.
`--also DIR` adds a folder of NAME.txt with NAME.ttl.
"""

import argparse
import json
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from importlib import util
from pathlib import Path
from types import ModuleType
from typing import Any

from rdflib import RDF, Graph, URIRef

from kgraph.documents import read_document
from kgraph.extraction import MECHANISMS, RULES, keep
from kgraph.extraction.confidence import kind_told
from kgraph.extraction.lexicon import read_words
from kgraph.gazetteer import load_gazetteer
from kgraph.graphs import build_graph
from kgraph.namespaces import local_name
from kgraph.records import Assertion
from kgraph.settings import MIN_CONFIDENCE

SHARED = Path(__file__).resolve().parents[2] / "shared"

#: Mechanisms whose statements make one claim, power or account: kept or left out as a whole, they are
#: equally sure.
WHOLE = ("claimed", "denial", "accusation", "judgement", "power", "account")

#: Strength of the common prior in a calibrated one, in statements: few observations say little.
STRENGTH = 16

#: Statements of a class by which its share is told beside that of its property.
LEAST = 6

#: No rule is sure, however often it was right.
MOST = 0.99


@dataclass(frozen=True, slots=True)
class Task:
    """One document to extract and score."""

    text: Path
    gold: Path
    without: frozenset[str] = frozenset()
    threshold: float = MIN_CONFIDENCE


@dataclass(frozen=True, slots=True)
class Judged:
    """One scored assertion: how sure the extractor was, and how much of it is right.

    :param kind: class of what it is on or ends in, as `kgraph.extraction.confidence` takes it.
    """

    mechanism: str
    predicate: str
    kind: str
    confidence: float
    credit: float


@dataclass(frozen=True, slots=True)
class Scored:
    """A document's score, that of its classes ([matched, gold, predicted]) and of each assertion."""

    name: str
    result: dict[str, Any]
    classes: dict[str, list[float]]
    judged: list[Judged]


def scorer() -> ModuleType:
    """The scorer beside the project."""
    path = SHARED / "tools/score_extraction.py"
    if not path.is_file():
        sys.exit("this benchmark needs ../shared with documents, gold and scorer; a plain clone has none")
    spec = util.spec_from_file_location("score_extraction", path)
    assert spec is not None
    assert spec.loader is not None
    module = util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def score(task: Task) -> Scored:
    """Extract one document and compare it with its gold."""
    rules = scorer()
    everything = replace(RULES, without=task.without).extract(read_document(task.text), load_gazetteer())
    extraction = keep(everything, task.threshold)
    found_graph = Graph().parse(data=build_graph(extraction).serialize(format="nt"), format="nt")
    gold_graph = rules.read(task.gold)
    gold, found = rules.Content(gold_graph), rules.Content(found_graph)
    mapping = rules.align(gold, found)
    partner = {theirs: ours for ours, theirs in mapping.items()}
    kinds = {
        a.subject: local_name(a.object)
        for a in extraction.assertions
        if a.predicate == str(RDF.type) and isinstance(a.object, str)
    }
    judged = [
        j for a in extraction.assertions if (j := _judge(rules, gold, found, partner, a, kinds)) is not None
    ]
    result = rules.score(gold_graph, found_graph)
    return Scored(task.text.stem, result, _by_class(rules, gold, found, mapping), judged)


def _by_class(rules: ModuleType, gold: Any, found: Any, mapping: dict[Any, Any]) -> dict[str, list[float]]:
    table: dict[str, list[float]] = defaultdict(lambda: [0.0, 0, 0])
    for node, kinds in gold.types.items():
        for kind in kinds:
            table[kind][1] += 1
            if node in mapping:
                table[kind][0] += rules.type_credit({kind}, found.types[mapping[node]])
    for kinds in found.types.values():
        for kind in kinds:
            table[kind][2] += 1
    return dict(table)


def _judge(
    rules: ModuleType,
    gold: Any,
    found: Any,
    partner: dict[Any, Any],
    assertion: Assertion,
    kinds: Mapping[str, str],
) -> Judged | None:
    """How much of an assertion is right under the alignment; None for what is not scored."""
    subject = URIRef(assertion.subject)
    ours = partner.get(subject)
    name = re.split("[#/]", assertion.predicate)[-1]
    value = assertion.object
    if assertion.predicate == str(RDF.type):
        name = "a"
        credit = rules.type_credit(gold.types[ours], found.types[subject]) if ours in gold.types else 0.0
    elif name in rules.EVIDENCE | rules.GAZETTEER | rules.UNSCORED or subject not in found.types:
        return None
    elif isinstance(value, str) and URIRef(value) in found.types:
        credit = float((ours, name, partner.get(URIRef(value))) in gold.edges)
    else:
        literals, _ = rules.index_of(gold)
        said = re.split("[#/]", value)[-1] if isinstance(value, str) else value.lexical
        credit = max((rules.same_value(w, said) for w in literals[ours].get(name, ())), default=0.0)
    kind = kind_told(assertion.subject, value, kinds)
    return Judged(assertion.mechanism, name, kind, assertion.confidence, float(credit))


def run(tasks: Sequence[Task]) -> Iterator[Scored]:
    """The scores of all tasks, on as many processes as there are cores."""
    with ProcessPoolExecutor() as pool:
        yield from pool.map(score, tasks)


def micro(scored: Iterable[Scored]) -> tuple[float, float, float]:
    """Precision, recall and F1 over all triples."""
    total: Counter[str] = Counter()
    for document in scored:
        for key in ("matched", "gold", "predicted"):
            total[key] += document.result[key]
    return _prf(total["matched"], total["predicted"], total["gold"])


def _prf(matched: float, predicted: float, gold: float) -> tuple[float, float, float]:
    precision = matched / predicted if predicted else 0.0
    recall = matched / gold if gold else 0.0
    return precision, recall, 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def print_scores(scored: Sequence[Scored]) -> None:
    """A row a document, then those of classes and of properties, the most missed first."""
    print(f"{'document':26} {'P':>6} {'R':>6} {'F1':>6}  gold")
    for document in scored:
        r = document.result
        print(f"{document.name:26} {r['precision']:6.3f} {r['recall']:6.3f} {r['f1']:6.3f}  {r['gold']:4}")
    print("{:26} {:6.3f} {:6.3f} {:6.3f}".format("micro", *micro(scored)))
    classes: dict[str, list[float]] = defaultdict(lambda: [0.0, 0, 0])
    properties: dict[str, list[float]] = defaultdict(lambda: [0.0, 0, 0])
    for document in scored:
        rows = [(classes, kind, row) for kind, row in document.classes.items()]
        rows += [
            (properties, name, [cells["matched"], cells["gold"], cells["predicted"]])
            for name, cells in document.result["by_predicate"].items()
            if name != "a"
        ]
        for table, name, row in rows:
            table[name] = [a + b for a, b in zip(table[name], row, strict=True)]
    for title, table in (("class", classes), ("property", properties)):
        print(f"\n{title:22} {'P':>5} {'R':>5} {'F1':>5}  gold  found")
        for name, (matched, gold, predicted) in sorted(table.items(), key=lambda kv: kv[1][0] - kv[1][1]):
            p, r, f1 = _prf(matched, predicted, gold)
            print(f"{name:22} {p:5.2f} {r:5.2f} {f1:5.2f}  {gold:4.0f}  {predicted:5.0f}")


def print_reliability(scored: Iterable[Scored]) -> None:
    """Of what is said with a confidence, how much is right."""
    bins: dict[int, list[Judged]] = defaultdict(list)
    for document in scored:
        for judged in document.judged:
            bins[min(9, int(judged.confidence * 10 + 1e-9))].append(judged)
    print("confidence   statements  mean confidence  right")
    for lower, rows in sorted(bins.items()):
        mean = sum(j.confidence for j in rows) / len(rows)
        right = sum(j.credit for j in rows) / len(rows)
        print(f"{lower / 10:.1f} to {lower / 10 + 0.1:.1f}   {len(rows):10}  {mean:15.2f}  {right:5.2f}")


def print_ablation(pairs: Sequence[tuple[Path, Path]]) -> None:
    """What F1 loses when a mechanism is switched off, in points."""
    whole = micro(list(run([Task(text, gold) for text, gold in pairs])))
    print("{:28} P {:.3f}  R {:.3f}  F1 {:.3f}".format("everything", *whole))
    for mechanism in MECHANISMS:
        tasks = [Task(text, gold, frozenset({mechanism})) for text, gold in pairs]
        p, r, f1 = micro(list(run(tasks)))
        print(f"without {mechanism:20} P {p:.3f}  R {r:.3f}  F1 {f1:.3f}  {100 * (f1 - whole[2]):+.1f}")


def print_calibration(scored: Iterable[Scored], *, update: bool) -> None:
    """Priors in TOML: each mechanism's share of right statements for each property.

    Method: the mean of a Beta posterior whose prior has the mean of the mechanism (itself drawn to that
    of all) and a strength of `STRENGTH` statements (Gelman et al., Bayesian Data Analysis, section 2.4).

    :param update: the prior's mean is the share that stands in words/priors.toml: these are other texts than
        it was measured on; what none of them shows stays as it is.
    """
    known: dict[str, dict[str, float]] = dict(read_words("priors")) if update else {}
    rows = [judged for document in scored for judged in document.judged]
    common = sum(j.credit for j in rows) / len(rows)
    by_mechanism: dict[str, list[Judged]] = defaultdict(list)
    for judged in rows:
        by_mechanism[judged.mechanism].append(judged)
    print('# How often each mechanism is right, for each property ("a" for classes, "*" for others).')
    print("# Made by benchmarks/extraction_quality.py --calibrate; docs/extraction.md tells how.\n")
    print(f'"*" = {{ "*" = {common:.2f} }}')
    for mechanism in sorted({*by_mechanism, *known} - {"*"}):
        said, before = by_mechanism[mechanism], known.get(mechanism, {})
        mean = _posterior(said, before.get("*", common))
        cells = {"*": mean}
        names = sorted({*(n for n in before if " " not in n), *(j.predicate for j in said)} - {"*"})
        for name in () if mechanism.startswith(WHOLE) else names:
            cells[name] = _posterior([j for j in said if j.predicate == name], before.get(name, mean))
        counts = Counter((j.predicate, j.kind) for j in said)
        for name, kind in sorted(counts) if not mechanism.startswith(WHOLE) else ():
            share = _posterior(
                [j for j in said if (j.predicate, j.kind) == (name, kind)],
                before.get(f"{name} {kind}", cells[name]),
            )
            if counts[name, kind] >= LEAST or f"{name} {kind}" in before:
                cells[f"{name} {kind}"] = share
        body = ", ".join(f"{json.dumps(name)} = {min(value, MOST):.2f}" for name, value in cells.items())
        print(f"{json.dumps(mechanism)} = {{ {body} }}")


def _posterior(said: Sequence[Judged], prior: float) -> float:
    return (sum(j.credit for j in said) + STRENGTH * prior) / (len(said) + STRENGTH)


def main() -> None:
    """Read the command line and print what it asks for."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--only", nargs="*", metavar="NAME", help="these documents of ../shared")
    parser.add_argument(
        "--also", nargs="+", type=Path, default=[], metavar="DIR", help="more texts with gold"
    )
    parser.add_argument(
        "--threshold", type=float, default=MIN_CONFIDENCE, help="statements below it are left out"
    )
    parser.add_argument("--reliability", action="store_true")
    parser.add_argument("--ablation", action="store_true")
    parser.add_argument("--calibrate", action="store_true")
    parser.add_argument("--update", action="store_true", help="with --calibrate: texts that are new")
    args = parser.parse_args()
    scorer()
    names = sorted(p.stem for p in (SHARED / "gold").glob("*.ttl")) if args.only is None else args.only
    pairs = [(SHARED / "documents" / f"{name}.txt", SHARED / "gold" / f"{name}.ttl") for name in names]
    for folder in args.also:
        texts = (path for path in sorted(folder.glob("*.txt")) if path.with_suffix(".ttl").is_file())
        pairs += [(path, path.with_suffix(".ttl")) for path in texts]
    if args.ablation:
        print_ablation(pairs)
        return
    threshold = 0.0 if args.calibrate else args.threshold
    scored = list(run([Task(text, gold, threshold=threshold) for text, gold in pairs]))
    if args.calibrate:
        print_calibration(scored, update=args.update)
    elif args.reliability:
        print_reliability(scored)
    else:
        print_scores(scored)


if __name__ == "__main__":
    main()
