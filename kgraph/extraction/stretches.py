"""Long documents are read stretch by stretch: memory is that of one, time that of one for each.

A document of ordinary length is one stretch. What a later stretch needs of the earlier ones stands
in a `Carry`: names and addresses, nothing of a parse. Events, pronouns and "the president" are
understood within a stretch.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from kgraph.extraction.classes import narrower
from kgraph.records import Document, Passage

#: Passages of a stretch, and their code points: some 40,000 words.
STRETCH = 1_500
STRETCH_LENGTH = 300_000

_PARAGRAPH = re.compile(r"\n\s*\n")


def stretches(document: Document, longest: int = STRETCH) -> Iterator[tuple[Passage, ...]]:
    """The document's passages, cut where a heading or a paragraph starts if one does in the second half.

    :param longest: passages of a stretch at most.
    """
    passages = document.passages
    start = 0
    while len(passages) - start > 0:
        end = _reach(passages, start, longest)
        if end < len(passages):
            end = _cut(document, start + (end - start + 1) // 2, end)
        yield passages[start:end]
        start = end


def _reach(passages: tuple[Passage, ...], start: int, longest: int) -> int:
    """The passage behind the last that a stretch can hold; it holds one at least."""
    length = 0
    for end in range(start, min(len(passages), start + longest)):
        length += len(passages[end].text)
        if length > STRETCH_LENGTH and end > start:
            return end
    return min(len(passages), start + longest)


def _cut(document: Document, first: int, last: int) -> int:
    """The passage to cut before: the last heading from `first` to `last`, else paragraph, else `last`."""
    passages = document.passages
    for position in range(last, first - 1, -1):
        if passages[position].kind == "heading":
            return position
    for position in range(last, first - 1, -1):
        if _PARAGRAPH.search(document.text, passages[position - 1].end, passages[position].start):
            return position
    return last


@dataclass(frozen=True, slots=True)
class Told:
    """A thing that an earlier stretch told of.

    :param label: what it was called first.
    """

    iri: str
    kind: str
    label: str


@dataclass(slots=True)
class Carry:
    """What is known at the start of a stretch from the earlier ones; each stage adds what it learns.

    :param home: IRI of the country that the stretch before spoke of most.
    :param home_told: the passage that names it.
    :param countries: IRIs of all countries spoken of.
    :param last_names: of people named in full.
    :param numbered: names of operators that were told with the numbers of their networks.
    :param long_forms: short forms of proper names to the names that they stand for, as slugs.
    :param things: by what makes their mentions one (`coreference`), those that no gazetteer knows.
    :param kinds: classes of the things by address.
    :param laws: address, name and year of the laws told by nouns, by the noun (`law`).
    :param regimes: IRIs of the countries whose regime was told.
    :param accounts: holder, platform and handle of the accounts told.
    """

    home: str | None = None
    home_told: Passage | None = None
    countries: set[str] = field(default_factory=set)
    last_names: set[str] = field(default_factory=set)
    numbered: set[str] = field(default_factory=set)
    long_forms: dict[str, str] = field(default_factory=dict)
    things: dict[str, Told] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)
    laws: dict[str, tuple[str, str, str]] = field(default_factory=dict)
    regimes: set[str] = field(default_factory=set)
    accounts: set[tuple[str | None, str | None, str]] = field(default_factory=set)

    def same_things(self) -> dict[str, str]:
        """Addresses of things called by a short name before the long one was told, to the long one's."""
        same: dict[str, str] = {}
        for short in self.long_forms:
            told, meant = self.things.get(f"name {short}"), self.things.get(f"name {self._long_form(short)}")
            if told and meant and told.iri != meant.iri and narrower(told.kind, meant.kind):
                same[told.iri] = meant.iri
        return {iri: meant for iri, meant in same.items() if meant not in same}

    def _long_form(self, name: str) -> str:
        seen: set[str] = set()
        while name in self.long_forms and name not in seen:
            seen.add(name)
            name = self.long_forms[name]
        return name
