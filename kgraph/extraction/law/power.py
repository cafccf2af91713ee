"""One power that a law gives: who may do what, on which grounds, with or without a court."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from kgraph.extraction.coreference import Reading
from kgraph.extraction.law.grounds import LONGEST
from kgraph.extraction.sentences import Sentence
from kgraph.extraction.syntax import children
from kgraph.extraction.tokens import Token
from kgraph.iris import unnamed


@dataclass(frozen=True, slots=True)
class Power:
    """One power that a sentence tells of.

    :param law: address of the law that gives it.
    :param methods: concepts of what it lets its holders do.
    :param court_order: whether it needs a court's; None where the text does not say.
    :param triggers: tokens of the sentence that tell of it.
    """

    iri: str
    sentence: int
    law: str | None
    holders: tuple[str, ...]
    methods: tuple[str, ...]
    grounds: tuple[str, ...]
    court_order: bool | None
    triggers: frozenset[int] = field(default_factory=frozenset)


#: What tells that a power needs no court.
_WITHOUT_COURT = re.compile(
    r"\bwithout (?:(?:a|any|the|prior|requiring|obtaining|need for|need of|having) )*"
    r"(?:court|judicial|warrant|judge)",
    re.I,
)

#: What tells that a power needs a court.
_WITH_COURT = re.compile(
    r"\b(?:with|by|upon|requires?|under) (?:a |an |prior )?(?:court|judicial)(?:['’]s)? "
    r"(?:order|approval|warrant|decision|authori[sz]ation)",
    re.I,
)


def power_told(
    reading: Reading,
    sentence: Sentence,
    verb: Token,
    law: str | None,
    holders: tuple[str, ...],
    methods: tuple[str, ...],
    grounds: list[str],
    acts: Iterable[Token] = (),
) -> Power:
    """The power that a verb tells of; grounds that are too long are left out.

    :param acts: what it lets someone do: no events.
    """
    text = sentence.passage.text
    court = False if _WITHOUT_COURT.search(text) else True if _WITH_COURT.search(text) else None
    kept = tuple(dict.fromkeys(g for g in grounds if 0 < len(g.split()) <= LONGEST))
    iri = unnamed(reading.document.iri, sentence.offset(verb), "power")
    apart = {
        t.i
        for c in children(verb, "conj", "parataxis")
        if children(c, "nsubj", "nsubjpass")
        for t in c.subtree
    }
    inner = frozenset(t.i for t in verb.subtree) - apart
    return Power(
        iri,
        sentence.number,
        law,
        holders,
        methods,
        kept,
        court,
        frozenset(a.i for a in acts) | {verb.i} | (inner if not holders else frozenset()),
    )
