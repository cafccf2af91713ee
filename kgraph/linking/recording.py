"""Judgements into the links graph and out of force, with the view that follows; each by one commit."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from kgraph.errors import GateError, WriteError
from kgraph.gate import Change, judge_change, judge_merged
from kgraph.graphs import catalog
from kgraph.iris import Minter
from kgraph.linking.judgements import (
    Judgement,
    dated,
    find_judgement,
    in_force,
    named,
    read_judgements,
    statements,
)
from kgraph.linking.linksets import linkset_statements
from kgraph.linking.sameness import VIEW_TERMS, Refused, Sameness, find_sameness, triples_of
from kgraph.namespaces import PROV, VOID
from kgraph.records import Term
from kgraph.store import Store, Triples, View, Writer, engine_statements, engine_triples


@dataclass(frozen=True, slots=True)
class Recorded:
    """What became of judgements.

    :param made: those that are new.
    :param unchanged: how many say what counts already.
    :param refused: those, old or new, that are not followed, with reasons.
    """

    made: tuple[Judgement, ...]
    unchanged: int
    refused: tuple[Refused, ...]


def record(store: Store, judgements: Iterable[Judgement]) -> Recorded:
    """Keep judgements, and bring the view of what is the same up to date.

    Reading the same file again changes nothing.

    :raises WriteError: if the store is plain, or a judgement is on one thing alone.
    :raises GateError: if they do not conform.
    :raises StoreError: if the store cannot be written.
    """
    minter = store.minter
    with _writer(store) as writer:
        view = writer.view()
        standing = read_judgements(view, minter)
        counting = in_force(standing)
        made: list[Judgement] = []
        unchanged = 0
        for each in judgements:
            if each.one == each.other:
                raise WriteError(f"{each.one} cannot be judged against itself")
            before = counting.get(each.pair)
            if before is not None and each.says_as(before):
                unchanged += 1
                continue
            new = named(replace(each, revises=before.iri if before else ""), minter)
            counting[new.pair] = new
            made.append(new)
        said = [statement for each in made for statement in statements(each)]
        sameness = _write(writer, view, [*standing, *made], said, minter)
        writer.commit()
    return Recorded(tuple(made), unchanged, sameness.refused)


def withdraw(store: Store, names: Sequence[str]) -> list[Judgement]:
    """Let judgements count no longer; they stay, with the time.

    :param names: as `find_judgement` takes them.
    :raises NotFound: if no judgement that counts goes by a name; then nothing changes.
    """
    minter = store.minter
    with _writer(store) as writer:
        view = writer.view()
        standing = read_judgements(view, minter)
        found = [find_judgement(standing, name) for name in names]
        now = catalog.clock()
        gone = {each.iri for each in found}
        left = [replace(each, withdrawn_at=now) if each.iri in gone else each for each in standing]
        said: list[tuple[str, str, Term]] = [
            (iri, PROV.invalidatedAtTime, dated(now)) for iri in sorted(gone)
        ]
        _write(writer, view, left, said, minter)
        writer.commit()
    return found


def rebuild(store: Store) -> Sameness:
    """Drop the view of what is the same and make it again, from the judgements and what is stored now."""
    with _writer(store) as writer:
        view = writer.view()
        sameness = _write(writer, view, read_judgements(view, store.minter), [], store.minter)
        writer.commit()
    return sameness


def sameness_of(view: View, minter: Minter) -> Sameness:
    """What is the same by the judgements that count."""
    return find_sameness(read_judgements(view, minter), minter, lambda group: _objection(view, group))


def _writer(store: Store) -> Writer:
    if store.is_plain:
        raise WriteError("a plain store has no judgements; it holds what is written to it, as it is")
    return store.writer()


def _write(
    writer: Writer,
    view: View,
    judgements: Iterable[Judgement],
    said: Sequence[tuple[str, str, Term]],
    minter: Minter,
) -> Sameness:
    """What is new, and the view in the place of the old one."""
    links, books = minter.graph("links"), minter.graph("catalog")
    sameness = find_sameness(judgements, minter, lambda group: _objection(view, group))
    wanted = list(triples_of(sameness, minter))
    old, new = _difference(_old_view(view, links), engine_statements(wanted))
    matches = [triple for triple in wanted if triple[1] in VIEW_TERMS[1:]]
    old_sets, new_sets = _difference(
        _old_linksets(view, books), engine_statements(linkset_statements(matches, minter))
    )
    coming = [*engine_statements(said), *new]
    report = judge_change(view, Change(links=[*coming, *new_sets]), minter)
    if not report.conforms:
        raise GateError(f"these judgements do not conform, and none was kept:\n{report}")
    writer.delete(links, old)
    writer.insert(links, coming)
    writer.delete(books, old_sets)
    writer.insert(books, new_sets)
    return sameness


def _objection(view: View, group: frozenset[str]) -> str:
    report = judge_merged(view, group)
    return "" if report.conforms else report.violations[0].message


def _difference(old: Triples, new: Triples) -> tuple[Triples, Triples]:
    """What goes and what comes, for the new triples to stand in the place of the old ones."""
    before, after = set(old), set(new)
    return [t for t in old if t not in after], [t for t in dict.fromkeys(new) if t not in before]


def _old_view(view: View, links: str) -> Triples:
    terms = " ".join(f"<{term}>" for term in VIEW_TERMS)
    text = f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH ?g {{ VALUES ?p {{ {terms} }} ?s ?p ?o }} }}"
    return engine_triples(view.evaluate(text, bindings={"g": links}).graph())


def _old_linksets(view: View, books: str) -> Triples:
    text = f"""CONSTRUCT {{ ?set ?p ?o . ?links <{VOID.subset}> ?set }}
               WHERE {{ GRAPH ?g {{ ?set a <{VOID.Linkset}> ; ?p ?o . ?links <{VOID.subset}> ?set }} }}"""
    return engine_triples(view.evaluate(text, bindings={"g": books}).graph())
