"""A mention: some words of one sentence that speak of one thing."""

from dataclasses import dataclass

from kgraph.gazetteer import Entry


@dataclass(frozen=True, slots=True)
class Mention:
    """Some words of one sentence that speak of one thing.

    :param sentence: number of the sentence.
    :param start: first token.
    :param end: token behind the last.
    :param head: the token that stands for the whole in the parse.
    :param kind: class of the thing; one in small letters makes no node.
    :param name: the words by which it is called, without determiners and titles.
    :param aliases: further names that the same words give: an acronym in brackets.
    :param proper: a proper name, else a common noun.
    :param entry: what the gazetteer knows by this name.
    :param country: IRI of the state that the words themselves tell ("Kazakh", "in Cuba").
    :param office: the office that stands before or behind the name of a person.
    :param definite: "the", "these", "their": speaks of what was told before.
    :param plural: of a common noun.
    :param mechanism: what found it.
    """

    sentence: int
    start: int
    end: int
    head: int
    kind: str
    name: str
    aliases: tuple[str, ...] = ()
    proper: bool = False
    entry: Entry | None = None
    country: str | None = None
    office: str | None = None
    definite: bool = False
    plural: bool = False
    mechanism: str = ""

    @property
    def is_node(self) -> bool:
        """Whether it makes a node: pseudo-classes only tell senses of verbs apart."""
        return self.kind[:1].isupper()

    def covers(self, token: int) -> bool:
        """Whether a token is among its words."""
        return self.start <= token < self.end
