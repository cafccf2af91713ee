"""SSSOM: judgements and candidates as tables that others read and people edit.

A file that `kgraph link -o` writes has a column `verdict` (same, different, unsure), declared as an
extension, for a person to fill in; rows without one are passed over. In files without that column each row is
a match.

Source: SSSOM, the Simple Standard for Sharing Ontological Mappings 1.0, section TSV.
"""

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import yaml

from kgraph.errors import SourceError
from kgraph.iris import Minter
from kgraph.linking.candidates import Candidate
from kgraph.linking.judgements import VERDICTS, Judgement
from kgraph.namespaces import KG, OWL, PREFIXES, SKOS

_CC0 = "https://creativecommons.org/publicdomain/zero/1.0/"
_COLUMNS = (
    "subject_id", "subject_label", "predicate_id", "predicate_modifier", "object_id", "object_label",
    "mapping_justification", "author_label", "mapping_date", "confidence", "see_also", "comment",
)  # fmt: skip
_JUSTIFICATIONS = frozenset(
    {
        "BackgroundKnowledgeBasedMatching",
        "CompositeMatching",
        "InstanceBasedMatching",
        "LexicalMatching",
        "LexicalSimilarityThresholdMatching",
        "LogicalReasoning",
        "ManualMappingCuration",
        "MappingChaining",
        "MappingInversion",
        "MappingReview",
        "SemanticSimilarityThresholdMatching",
        "StructuralMatching",
        "UnspecifiedMatching",
    }
)
_EXACT = {SKOS.exactMatch, OWL.sameAs}


@dataclass(frozen=True, slots=True)
class ReadBack:
    """What a table says.

    :param skipped: row by row, why it is no judgement: not filled in is none of these.
    :param empty: how many rows have no verdict yet.
    """

    judgements: tuple[Judgement, ...]
    skipped: tuple[str, ...] = ()
    empty: int = 0


def write_judgements(judgements: Iterable[Judgement], labels: Mapping[str, str], minter: Minter) -> bytes:
    """A mapping set of what is judged same or different; what nobody is sure of is no mapping.

    :param labels: names of things by their addresses.
    """
    told = [each for each in judgements if each.verdict != "unsure"]
    prefixes = _Prefixes(minter)
    rows = [_row_of(each, labels, prefixes) for each in told]
    return _table(
        rows, _COLUMNS, prefixes, minter, "judgements", "What is judged the same, and what different"
    )


def write_candidates(found: Iterable[Candidate], minter: Minter, when: datetime) -> bytes:
    """A mapping set of pairs that may be one, with an empty verdict for a person to fill in."""
    prefixes = _Prefixes(minter)
    rows = [
        {
            "verdict": "",
            "subject_id": prefixes.shorten(each.one.iri),
            "subject_label": each.one.label,
            "predicate_id": "skos:exactMatch",
            "object_id": prefixes.shorten(each.other.iri),
            "object_label": each.other.label,
            "mapping_justification": "semapv:CompositeMatching",
            "mapping_date": when.date().isoformat(),
            "confidence": f"{each.score.value:.3f}",
            "comment": "; ".join(
                [*each.score.reasons, *([f"from {each.other.found_in}"] if each.other.found_in else [])]
            ),
        }
        for each in found
    ]
    columns = ("verdict", *_COLUMNS)
    return _table(rows, columns, prefixes, minter, "candidates", "Pairs that may be one, to be judged")


def read_table(data: bytes, name: str, minter: Minter, *, by: str, now: datetime) -> ReadBack:
    """The judgements that a table holds.

    :param name: of the file, for errors.
    :param by: who judged, where a row does not say it.
    :param now: when, where a row does not say it.
    :raises SourceError: if it is no SSSOM table, or a prefix in it is not declared.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as exc:
        raise SourceError(name, f"it is not UTF-8: {exc}") from exc
    lines = text.splitlines(keepends=True)
    head = [line for line in lines if line.startswith("#")]
    try:
        metadata = yaml.safe_load("".join(line[1:] for line in head)) or {}
    except yaml.YAMLError as exc:
        raise SourceError(name, f"its metadata are no YAML: {' '.join(str(exc).split())}") from exc
    declared = metadata.get("curie_map") or {} if isinstance(metadata, dict) else {}
    prefixes = {**PREFIXES, "kgid": minter.resources, **{str(k): str(v) for k, v in declared.items()}}
    reader = csv.DictReader(io.StringIO("".join(lines[len(head) :])), delimiter="\t")
    missing = {"subject_id", "predicate_id", "object_id"} - set(reader.fieldnames or ())
    if missing:
        raise SourceError(name, f"it is no SSSOM table: there is no column {', '.join(sorted(missing))}")
    reading = _Reading(name, prefixes, minter, by, now, "verdict" in (reader.fieldnames or ()))
    for number, row in enumerate(reader, len(head) + 2):
        reading.take(number, {key: (value or "").strip() for key, value in row.items() if key is not None})
    return ReadBack(tuple(reading.judgements), tuple(reading.skipped), reading.empty)


class _Reading:
    """A table on its way: what each row says, or why it says nothing."""

    def __init__(
        self,
        name: str,
        prefixes: Mapping[str, str],
        minter: Minter,
        by: str,
        now: datetime,
        has_verdicts: bool,
    ):
        self._name, self._prefixes, self._minter = name, prefixes, minter
        self._by, self._now, self._has_verdicts = by, now, has_verdicts
        self.judgements: list[Judgement] = []
        self.skipped: list[str] = []
        self.empty = 0

    def take(self, number: int, row: Mapping[str, str]) -> None:
        verdict = self._verdict(row)
        relation = self._expand(row.get("predicate_id", ""), number)
        if not verdict:
            self.empty += 1
        elif verdict not in VERDICTS:
            self.skipped.append(f"line {number}: {verdict!r} is no verdict; write same, different or unsure")
        elif relation not in {*_EXACT, SKOS.closeMatch}:
            self.skipped.append(
                f"line {number}: {row['predicate_id']} says neither what is the same nor what is close"
            )
        else:
            self._keep(number, row, verdict, SKOS.exactMatch if relation in _EXACT else relation)

    def _verdict(self, row: Mapping[str, str]) -> str:
        if self._has_verdicts:
            return row.get("verdict", "").casefold()
        return "different" if row.get("predicate_modifier") == "Not" else "same"

    def _keep(self, number: int, row: Mapping[str, str], verdict: str, relation: str) -> None:
        one, other = (self._expand(row.get(column, ""), number) for column in ("subject_id", "object_id"))
        ours = [iri for iri in (one, other) if iri.startswith(self._minter.resources)]
        if not ours or one == other:
            self.skipped.append(f"line {number}: neither {one} nor {other} is this store's" if one != other
                                else f"line {number}: {one} stands on both sides")  # fmt: skip
            return
        if ours == [other] or (len(ours) == 2 and other < one):
            one, other = other, one
        # A filled-in verdict is its reader's, whoever proposed the row; its reasons are the rules'.
        justification = row.get("mapping_justification", "").rpartition(":")[2]
        if self._has_verdicts or justification not in _JUSTIFICATIONS:
            justification = "ManualMappingCuration"
        sources = [part for part in row.get("see_also", "").split("|") if "://" in part]
        reasons = [part for part in row.get("comment", "").split("; ") if part]
        self.judgements.append(
            Judgement(
                one,
                other,
                verdict,  # type: ignore[arg-type]  # one of VERDICTS, by now
                row.get("author_label") or row.get("reviewer_label") or row.get("creator_label") or self._by,
                self._now if self._has_verdicts else _day(row.get("mapping_date", "")) or self._now,
                relation,
                _share(row.get("confidence", "")),
                tuple(reasons),
                tuple(sources),
                justification,
            )
        )

    def _expand(self, curie: str, number: int) -> str:
        prefix, colon, local = curie.partition(":")
        if colon and not local.startswith("//"):
            if prefix not in self._prefixes:
                raise SourceError(
                    self._name, f"line {number}: the prefix of {curie!r} is not in the curie_map"
                )
            return self._prefixes[prefix] + local
        return curie


def _row_of(judgement: Judgement, labels: Mapping[str, str], prefixes: "_Prefixes") -> dict[str, str]:
    return {
        "subject_id": prefixes.shorten(judgement.one),
        "subject_label": labels.get(judgement.one, ""),
        "predicate_id": prefixes.shorten(judgement.relation),
        "predicate_modifier": "Not" if judgement.verdict == "different" else "",
        "object_id": prefixes.shorten(judgement.other),
        "object_label": labels.get(judgement.other, ""),
        "mapping_justification": f"semapv:{judgement.justification}",
        "author_label": judgement.by,
        "mapping_date": judgement.at.date().isoformat(),
        "confidence": "" if judgement.likeness is None else f"{judgement.likeness:.3f}",
        "see_also": "|".join(judgement.sources),
        "comment": "; ".join(judgement.reasons),
    }


class _Prefixes:
    """Shortens addresses, and remembers by which prefixes."""

    def __init__(self, minter: Minter):
        self._known = {"kgid": minter.resources, **PREFIXES}
        self.used: dict[str, str] = {"semapv": PREFIXES["semapv"], "skos": PREFIXES["skos"]}

    def shorten(self, iri: str) -> str:
        fits = [
            (prefix, start) for prefix, start in self._known.items() if iri.startswith(start) and iri != start
        ]
        if not fits:
            start = iri[: max(iri.rfind("/"), iri.rfind("#")) + 1]
            prefix = f"ns{len(self._known)}"
            self._known[prefix] = start
            fits = [(prefix, start)]
        prefix, start = max(fits, key=lambda fit: len(fit[1]))
        self.used[prefix] = start
        return f"{prefix}:{iri.removeprefix(start)}"


def _table(
    rows: Sequence[Mapping[str, str]],
    columns: Sequence[str],
    prefixes: _Prefixes,
    minter: Minter,
    key: str,
    title: str,
) -> bytes:
    """The rows with the metadata of their set; columns that nobody fills are left out, but `verdict`."""
    used = [column for column in columns if column == "verdict" or any(row.get(column) for row in rows)]
    used = [column for column in columns if column in {*used, *_REQUIRED}]
    metadata: dict[str, object] = {
        "mapping_set_id": minter.known("linkset", key),
        "mapping_set_title": title,
        "license": _CC0,
        "curie_map": dict(sorted(prefixes.used.items())),
    }
    if "verdict" in used:
        metadata["extension_definitions"] = [
            {"slot_name": "verdict", "property": KG.judgedAs, "type_hint": PREFIXES["xsd"] + "string"}
        ]
    head = yaml.safe_dump(metadata, sort_keys=False, allow_unicode=True, width=1000)
    out = io.StringIO()
    out.writelines(f"#{line}\n" for line in head.splitlines())
    table = csv.DictWriter(out, used, delimiter="\t", lineterminator="\n", extrasaction="ignore", restval="")
    table.writeheader()
    table.writerows({column: _one_line(value) for column, value in row.items()} for row in rows)
    return out.getvalue().encode()


_REQUIRED = ("subject_id", "predicate_id", "object_id", "mapping_justification")


def _one_line(value: str) -> str:
    return re.sub(r"\s+", " ", value)


def _day(text: str) -> datetime | None:
    try:
        day = datetime.fromisoformat(text)
    except ValueError:
        return None
    return day if day.tzinfo else day.replace(tzinfo=UTC)


def _share(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if 0 <= value <= 1 else None
