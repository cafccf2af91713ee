"""A document as far as who and what it speaks of is understood: its things, and which words mean them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from kgraph.extraction.mentions import Mention
from kgraph.extraction.sentences import Sentence
from kgraph.gazetteer import Gazetteer
from kgraph.records import Document


@dataclass(frozen=True, slots=True)
class Thing:
    """One thing that a document speaks of.

    :param iri: its address.
    :param kind: its class.
    :param names: what the document calls it, the label first.
    :param country: IRI of the state that its mentions tell.
    :param sentences: numbers of the sentences that mention it, in order.
    :param proper: whether it has a proper name.
    :param known: whether the gazetteer knows it.
    :param plural: whether a mention speaks of several.
    :param mechanism: the most trusted one that found it.
    :param definite: whether a mention speaks of it as of one that is known.
    :param offices: those that stand with its name, of a person.
    """

    iri: str
    kind: str
    names: tuple[str, ...]
    country: str | None
    sentences: tuple[int, ...]
    proper: bool
    known: bool
    plural: bool
    mechanism: str
    definite: bool = False
    offices: tuple[str, ...] = ()


@dataclass(slots=True)
class Draft:
    """A document while it is found out which of its words mean the same: what is known so far.

    :param things: those found, by their addresses.
    :param by_token: the address of what a word stands for, by its sentence and token.
    :param groups: of plural words that stand for several things, all of these.
    """

    sentences: Sequence[Sentence]
    mentions: Sequence[Sequence[Mention]]
    things: dict[str, Thing] = field(default_factory=dict)
    by_token: dict[tuple[int, int], str] = field(default_factory=dict)
    groups: dict[tuple[int, int], tuple[str, ...]] = field(default_factory=dict)

    def meant(self, mention: Mention) -> str | None:
        """The address of what a mention speaks of; None for one that makes no node."""
        return self.by_token.get((mention.sentence, mention.head))

    def by_sentence(self) -> Iterator[tuple[Sentence, Sequence[Mention]]]:
        """Each sentence with its mentions."""
        return zip(self.sentences, self.mentions, strict=True)


@dataclass(frozen=True, slots=True)
class Reading:
    """A document as far as who and what it speaks of is understood.

    :param home: IRI of the country that the document speaks of most, if any.
    """

    document: Document
    gazetteer: Gazetteer
    sentences: Sequence[Sentence]
    mentions: Sequence[Sequence[Mention]]
    things: Mapping[str, Thing]
    home: str | None
    _by_token: Mapping[tuple[int, int], str]
    _mention_at: Mapping[tuple[int, int], Mention]
    _groups: Mapping[tuple[int, int], tuple[str, ...]]

    def thing_at(self, sentence: int, token: int) -> Thing | None:
        """The thing that a token stands for, as the head of a mention or as a pronoun."""
        iri = self._by_token.get((sentence, token))
        return self.things[iri] if iri else None

    def group_at(self, sentence: int, token: int) -> tuple[Thing, ...]:
        """The things that a plural pronoun stands for, where its antecedent is a list."""
        return tuple(self.things[iri] for iri in self._groups.get((sentence, token), ()))

    def mention_at(self, sentence: int, token: int) -> Mention | None:
        """The mention of which a token is the head, pseudo-classes included."""
        return self._mention_at.get((sentence, token))

    def without_pronouns(self) -> "Reading":
        """The same, pronouns standing for nothing."""
        heads = {(m.sentence, m.head) for found in self.mentions for m in found}
        kept = {key: iri for key, iri in self._by_token.items() if key in heads}
        return replace(self, _by_token=kept, _groups={})

    def country(self, iri: str | None) -> Thing | None:
        """A country that the document mentions."""
        return self.things.get(iri) if iri else None
