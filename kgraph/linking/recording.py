"""Judgements into the links graph and out of force, with the view that follows; each by one commit.

The view follows from the judgements that count and from what is stored: what enters or leaves brings it up
to date in the same commit, as far as it speaks of what is judged.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
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
from kgraph.store import Store, Triples, View, Writer, engine_statements, engine_triples, subjects_of


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


def follow(writer: Writer, view: View, change: Change, minter: Minter, *, everything: bool = False) -> None:
    """Make again what follows from judgements, where something that is judged is spoken of otherwise now.

    It is written with the writer's next commit. Without judgements this asks one question and does nothing.

    :param view: what is committed, or what is loaded and not committed yet.
    :param change: what is written by the same commit.
    :param everything: whatever the change speaks of.
    """
    judged = _judged(view, minter)
    if judged and everything:
        _write(writer, view, read_judgements(view, minter), [], minter, change)
    elif judged:
        _follow_near(writer, view, change, minter, judged)


def _follow_near(writer: Writer, view: View, change: Change, minter: Minter, judged: set[str]) -> None:
    touched = judged & subjects_of([triple for graph in change.entering.values() for triple in graph])
    touched |= judged & subjects_of([*change.facts, *change.old_facts])
    for name in (*change.entering, *change.leaving):
        touched |= _judged(view, minter, spoken_of_in=name)
    if touched:
        judgements = read_judgements(view, minter)
        near = _hanging_together(touched, in_force(judgements))
        of_these = [each for each in judgements if each.one in near or each.other in near]
        _write(writer, view, of_these, [], minter, change, near)


def _judged(view: View, minter: Minter, spoken_of_in: str | None = None) -> set[str]:
    """What any judgement is on; only what a graph speaks of, if one is named."""
    bindings: dict[str, Term] = {"links": minter.graph("links")}
    spoken_of = ""
    if spoken_of_in is not None:
        bindings["graph"], spoken_of = spoken_of_in, "GRAPH ?graph { ?thing ?p ?o }"
    rows = view.evaluate(
        f"SELECT DISTINCT ?thing WHERE {{ GRAPH ?links {{ ?judgement kg:judged ?thing }} {spoken_of} }}",
        bindings=bindings,
    )
    return {str(row["thing"]) for row in rows}


def _hanging_together(touched: set[str], pairs: Iterable[tuple[str, str]]) -> set[str]:
    """All that is judged with what is touched, over any number of judgements."""
    beside: dict[str, set[str]] = defaultdict(set)
    for one, other in pairs:
        beside[one].add(other)
        beside[other].add(one)
    near, waiting = set(touched), list(touched)
    while waiting:
        new = beside[waiting.pop()] - near
        near |= new
        waiting += new
    return near


def sameness_of(view: View, minter: Minter) -> Sameness:
    """What is the same by the judgements that count."""
    return find_sameness(read_judgements(view, minter), minter, lambda group: _objection(view, group, minter))


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
    change: Change | None = None,
    near: Collection[str] | None = None,
) -> Sameness:
    """What is new, and the view in the place of the old one.

    :param change: what the same commit writes beside it.
    :param near: what the judgements are on; None: they are all that there are.
    """
    links, books = minter.graph("links"), minter.graph("catalog")
    sameness = find_sameness(judgements, minter, lambda group: _objection(view, group, minter, change))
    standing = _old_view(view, links)
    kept = [] if near is None else [triple for triple in standing if triple[0] not in near]
    wanted = list(dict.fromkeys([*kept, *triples_of(sameness, minter)]))
    old, new = _difference(engine_statements(standing), engine_statements(wanted))
    matches = [triple for triple in wanted if triple[1] in VIEW_TERMS[1:]]
    old_sets, new_sets = _difference(
        _old_linksets(view, books), engine_statements(linkset_statements(matches, minter))
    )
    coming = [*engine_statements(said), *new]
    if not (old or coming or old_sets or new_sets):
        return sameness
    report = judge_change(view, Change(links=[*coming, *new_sets]), minter)
    if not report.conforms:
        raise GateError(f"these judgements do not conform, and none was kept:\n{report}")
    writer.delete(links, old)
    writer.insert(links, coming)
    writer.delete(books, old_sets)
    writer.insert(books, new_sets)
    return sameness


def _objection(view: View, group: frozenset[str], minter: Minter, change: Change | None = None) -> str:
    report = judge_merged(view, group, minter, change)
    return "" if report.conforms else report.violations[0].message


def _difference(old: Triples, new: Triples) -> tuple[Triples, Triples]:
    """What goes and what comes, for the new triples to stand in the place of the old ones."""
    before, after = set(old), set(new)
    return [t for t in old if t not in after], [t for t in dict.fromkeys(new) if t not in before]


def _old_view(view: View, links: str) -> list[tuple[str, str, str]]:
    terms = " ".join(f"<{term}>" for term in VIEW_TERMS)
    rows = view.evaluate(
        f"SELECT ?s ?p ?o WHERE {{ GRAPH ?g {{ VALUES ?p {{ {terms} }} ?s ?p ?o }} }}", bindings={"g": links}
    )
    return [(str(row["s"]), str(row["p"]), str(row["o"])) for row in rows]


def _old_linksets(view: View, books: str) -> Triples:
    text = f"""CONSTRUCT {{ ?set ?p ?o . ?links <{VOID.subset}> ?set }}
               WHERE {{ GRAPH ?g {{ ?set a <{VOID.Linkset}> ; ?p ?o . ?links <{VOID.subset}> ?set }} }}"""
    return engine_triples(view.evaluate(text, bindings={"g": books}).graph())
