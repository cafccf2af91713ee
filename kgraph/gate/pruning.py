"""What is left of a document without the statements that keep it out.

Nothing goes without a reason that is told, and nothing stays that hangs in the air: a node of which nothing
says any more what it is goes with all that names it, and what is whole or nothing goes as a whole. What else
hung on a statement the next verdict shows, on what is left.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from kgraph.gate.blame import blamed
from kgraph.namespaces import RDF, shorten
from kgraph.ontology import is_a
from kgraph.records import Assertion, Extraction, Literal, Pruned, Report, Term

#: Classes whose nodes say one thing in several statements: without one of them they would say another.
#: A claim of "at most 73" is none of 73.
_WHOLE = ("Assessment", "Claim", "Count", "Measurement")


@dataclass(frozen=True, slots=True)
class Pruning:
    """What came of leaving out what does not conform.

    :param extraction: what is left; the whole of it if it is refused.
    :param report: the verdict on what is left; if it does not conform, on what cannot be left out.
    :param pruned: what was left out, in the order in which it went.
    """

    extraction: Extraction
    report: Report
    pruned: tuple[Pruned, ...] = ()


def prune(extraction: Extraction, report: Report, judged: Callable[[Extraction], Report]) -> Pruning:
    """Leave out the statements that a report speaks of and what hangs on them, until the rest conforms.

    Each round takes out one statement at least. Refused is what has a violation that no statement explains,
    and what nothing would be left of.

    :param extraction: its literals in canonical form.
    :param report: the verdict on it.
    :param judged: gives the verdict on what is left.
    """
    left, verdict, pruned = extraction, report, list[Pruned]()
    while not verdict.conforms:
        blame = {said: result.message for said, result in blamed(left, verdict).items()}
        if not blame:
            return Pruning(extraction, verdict)
        lost = _with_what_hangs_on(left, blame)
        pruned += (Pruned(said, _words(extraction, said), message) for said, message in lost.items())
        left = _without(left, lost)
        if not left.assertions:
            return Pruning(extraction, report)
        verdict = judged(left)
    return Pruning(left, verdict, tuple(pruned))


def _with_what_hangs_on(extraction: Extraction, blame: Mapping[Assertion, str]) -> dict[Assertion, str]:
    """All that goes with some statements, each with the reason."""
    lost = dict(blame)
    gone: dict[str, str] = {}
    while more := {node: why for node, why in _fallen(extraction, lost) if node not in gone}:
        gone |= more
        for said in extraction.assertions:
            for node in (said.subject, said.object):
                if isinstance(node, str) and node in gone:
                    lost.setdefault(said, gone[node])
    return lost


def _fallen(extraction: Extraction, lost: Mapping[Assertion, str]) -> Iterator[tuple[str, str]]:
    """The nodes that cannot stand once some statements are lost, each with the reason."""
    types: dict[str, list[Assertion]] = {}
    for said in extraction.assertions:
        if said.predicate == RDF.type:
            types.setdefault(said.subject, []).append(said)
    touched = {said.subject for said in lost}
    for node, told in types.items():
        name = _name(extraction, node)
        if all(said in lost for said in told):
            yield node, f"it speaks of {name}, of which nothing is left that says what it is"
        elif node in touched and (whole := _whole(told)):
            yield node, f"it speaks of {name}, a {shorten(whole)} of which a part was left out"


def _whole(types: Iterable[Assertion]) -> str | None:
    """The class of a node that is whole or nothing, if it is."""
    classes = sorted(str(said.object) for said in types)
    return next((class_ for class_ in classes if is_a(class_, *_WHOLE)), None)


def _without(extraction: Extraction, lost: Mapping[Assertion, str]) -> Extraction:
    """What is left: the other statements, and the nodes but for those that now nothing names."""
    left = tuple(said for said in extraction.assertions if said not in lost)
    unnamed = _named(extraction.assertions) - _named(left)
    nodes = tuple(node for node in extraction.nodes if node.iri not in unnamed)
    return replace(extraction, assertions=left, nodes=nodes)


def _named(assertions: Iterable[Assertion]) -> set[str]:
    return {term for a in assertions for term in (a.subject, a.object) if isinstance(term, str)}


def _words(extraction: Extraction, said: Assertion) -> str:
    subject, value = _name(extraction, said.subject), _name(extraction, said.object)
    return f"{subject} {'a' if said.predicate == RDF.type else shorten(said.predicate)} {value}"


def _name(extraction: Extraction, term: Term) -> str:
    """What people call a term: a node by its label, one without by the end of its address."""
    if isinstance(term, Literal):
        return f"“{term.lexical}”"
    for node in extraction.nodes:
        if node.iri == term:
            return node.label or f"‹{term.rpartition('/')[2]}›"
    return shorten(term)
