"""Judgements: who held two things the same, different or unsure, when and why; data of the links graph.

A judgement is never changed or deleted. What counts of a pair is the newest judgement that is not withdrawn:
withdrawing it brings back what counted before.
"""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Literal, get_args

from kgraph.dates import moment
from kgraph.errors import NotFound
from kgraph.iris import Minter
from kgraph.namespaces import DCTERMS, KG, KGC, PROV, RDF, SEMAPV, SKOS, XSD, local_name
from kgraph.records import Literal as RdfLiteral
from kgraph.records import Term
from kgraph.store import View

if TYPE_CHECKING:
    pass

Verdict = Literal["same", "different", "unsure"]
VERDICTS: tuple[str, ...] = get_args(Verdict)


@dataclass(frozen=True, slots=True)
class Judgement:
    """What someone holds of two things.

    :param one, other: their addresses, the lesser first unless only one is the store's own: then that.
    :param by: who judged: a person's name, or a program's with its version.
    :param relation: how they match if they are the same: `skos:exactMatch` or `skos:closeMatch`.
    :param likeness: the score that the rules gave, if any.
    :param sources: addresses of what proves it.
    :param justification: local name of a term of the Semantic Mapping Vocabulary.
    :param revises: address of the judgement that counted when this one was made.
    :param withdrawn_at: when it stopped to count.
    """

    one: str
    other: str
    verdict: Verdict
    by: str
    at: datetime
    relation: str = SKOS.exactMatch
    likeness: float | None = None
    reasons: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    justification: str = "ManualMappingCuration"
    revises: str = ""
    iri: str = ""
    withdrawn_at: datetime | None = None

    @property
    def pair(self) -> tuple[str, str]:
        """The two addresses, the lesser first."""
        return (self.one, self.other) if self.one < self.other else (self.other, self.one)

    def says_as(self, other: "Judgement") -> bool:
        """Whether it would change nothing to put this in the place of another."""
        return (self.pair, self.verdict, self.relation) == (other.pair, other.verdict, other.relation)


def named(judgement: Judgement, minter: Minter) -> Judgement:
    """The judgement with its address, made from what it says."""
    said = (*judgement.pair, judgement.verdict, judgement.by, moment(judgement.at), judgement.relation)
    key = hashlib.sha256("\n".join((*said, judgement.revises)).encode()).hexdigest()[:16]
    return replace(judgement, iri=minter.known("judgement", key))


def statements(judgement: Judgement) -> Iterator[tuple[str, str, Term]]:
    """A judgement as triples."""
    iri = judgement.iri
    yield iri, RDF.type, KG.Judgement
    yield iri, KG.judged, judgement.one
    yield iri, KG.judged, judgement.other
    yield iri, KG.judgedAs, KGC[judgement.verdict]
    yield iri, KG.linkRelation, judgement.relation
    yield iri, KG.mappingJustification, SEMAPV[judgement.justification]
    yield iri, PROV.wasAttributedTo, RdfLiteral(judgement.by)
    yield iri, PROV.generatedAtTime, dated(judgement.at)
    if judgement.likeness is not None:
        yield iri, KG.likeness, RdfLiteral(str(float(judgement.likeness)), XSD.decimal)
    for reason in judgement.reasons:
        yield iri, KG.reason, RdfLiteral(reason)
    for source in judgement.sources:
        yield iri, DCTERMS.source, source
    if judgement.revises:
        yield iri, PROV.wasRevisionOf, judgement.revises


def dated(when: datetime) -> RdfLiteral:
    """A time as the store keeps it."""
    return RdfLiteral(moment(when), XSD.dateTime)


def read_judgements(view: View, minter: Minter) -> list[Judgement]:
    """All judgements that were ever made, the oldest first, the withdrawn ones too."""
    told: dict[str, dict[str, list[str]]] = {}
    rows = view.evaluate(
        "SELECT ?judgement ?p ?o WHERE { GRAPH ?links { ?judgement a kg:Judgement ; ?p ?o } }",
        bindings={"links": minter.graph("links")},
    )
    for row in rows:
        told.setdefault(str(row["judgement"]), {}).setdefault(str(row["p"]), []).append(str(row["o"]))
    found = [_read(iri, said, minter) for iri, said in told.items()]
    return sorted(found, key=lambda each: (each.at, each.iri))


def _read(iri: str, said: dict[str, list[str]], minter: Minter) -> Judgement:
    def first(predicate: str, otherwise: str = "") -> str:
        return next(iter(said.get(predicate, ())), otherwise)

    one, other = sorted(said[KG.judged], key=lambda thing: (not thing.startswith(minter.resources), thing))
    withdrawn = first(PROV.invalidatedAtTime)
    return Judgement(
        one,
        other,
        local_name(first(KG.judgedAs)),  # type: ignore[arg-type]  # the shapes allow these three
        first(PROV.wasAttributedTo),
        datetime.fromisoformat(first(PROV.generatedAtTime)),
        first(KG.linkRelation),
        float(first(KG.likeness)) if KG.likeness in said else None,
        tuple(sorted(said.get(KG.reason, ()), key=lambda reason: (reason[:1] != "+", reason))),
        tuple(sorted(said.get(DCTERMS.source, ()))),
        local_name(first(KG.mappingJustification)),
        first(PROV.wasRevisionOf),
        iri,
        datetime.fromisoformat(withdrawn) if withdrawn else None,
    )


def in_force(judgements: Iterable[Judgement]) -> dict[tuple[str, str], Judgement]:
    """What counts of each pair: the newest that is not withdrawn, by its pair."""
    standing = [each for each in judgements if each.withdrawn_at is None]
    revised = {each.revises for each in standing}
    found: dict[tuple[str, str], Judgement] = {}
    for each in sorted(standing, key=lambda each: (each.iri not in revised, each.at, each.iri)):
        found[each.pair] = each
    return found


def find_judgement(judgements: Iterable[Judgement], name: str) -> Judgement:
    """The judgement that counts and goes by an address, its last part, or the two things' addresses.

    :param name: two addresses are parted by a blank.
    :raises NotFound: if there is none, or several.
    """
    counting = in_force(judgements).values()
    wanted = tuple(sorted(name.split()))
    found = [each for each in counting if name in {each.iri, local_name(each.iri)} or wanted == each.pair]
    if len(found) != 1:
        raise NotFound(f"no judgement that counts goes by {name!r}; `kgraph link judgements` lists them all")
    return found[0]
