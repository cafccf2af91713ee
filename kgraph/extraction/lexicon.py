"""The word lists in `words/`: read once, asked by lemma.

Words are data, grouped by what they mean; what is done with them is code elsewhere.
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

_WORDS = Path(__file__).parent / "words"

#: Longest phrase of the lists, in words.
LONGEST_PHRASE = 5


@lru_cache(maxsize=16)
def read_words(name: str) -> Mapping[str, Any]:
    """One file of word lists; what it holds is up to the module that asks."""
    return tomllib.loads((_WORDS / f"{name}.toml").read_text(encoding="utf-8"))


@lru_cache(maxsize=1)
def noun_classes() -> Mapping[str, str]:
    """Nouns and noun phrases, as lemmas, to the class of what they speak of.

    Classes with a capital are the ontology's; others only tell senses of verbs apart.
    """
    table: dict[str, str] = {}
    for file in ("targets", "actors"):
        for kind, lists in read_words(file).items():
            for words in (*lists["heads"], *lists["phrases"]):
                table.setdefault(" ".join(map(stem, words.split())), kind)
    return table


@lru_cache(maxsize=1 << 16)
def stem(lemma: str) -> str:
    """A lemma as phrases are compared: "rights" and "media" are lemmas too, depending on the tagger.

    >>> [stem(word) for word in ("rights", "media", "Press")]
    ['right', 'medium', 'press']
    """
    word = lemma.lower()
    if word == "media":
        return "medium"
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


@lru_cache(maxsize=1)
def name_words() -> Mapping[str, str]:
    """Words inside proper names to the class of what bears such a name."""
    return {word: kind for kind, words in read_words("names").items() for word in words}


@dataclass(frozen=True, slots=True)
class Sense:
    """What a word tells when it is said of something of a class.

    :param targets: classes of the target.
    :param kind: class of the event; "" for none.
    """

    targets: frozenset[str]
    kind: str


@dataclass(frozen=True, slots=True)
class Trigger:
    """A group of words that tell of one kind of event.

    :param bare: class of the event when no target is known; "" for none.
    """

    senses: tuple[Sense, ...]
    bare: str


@dataclass(frozen=True, slots=True)
class Triggers:
    """Words that tell of events, by part of speech, to what they can tell, in the order of the file."""

    verbs: Mapping[str, Sequence[Trigger]]
    nouns: Mapping[str, Sequence[Trigger]]
    adjectives: Mapping[str, Sequence[Trigger]]


@lru_cache(maxsize=1)
def telling_words() -> frozenset[str]:
    """Lemmas of single words that tell of an event, of a law, or of what somebody says, asks or opens."""
    said = read_words("reporting")
    law = read_words("law")
    lists = [said["asserts"], said["denies"], said["concedes"], said["nouns"], law["nouns"], law["makes"]]
    lists += [read_words("events")["also_telling"], law["powers"]]
    words = {word for words in lists for word in words}
    tables = triggers()
    words |= {phrase.split()[0] for phrase in tables.verbs}
    words |= {phrase.split()[-1] for table in (tables.nouns, tables.adjectives) for phrase in table}
    return frozenset(words)


@lru_cache(maxsize=1)
def triggers() -> Triggers:
    """The table of `words/events.toml`."""
    tables: dict[str, dict[str, list[Trigger]]] = {"verbs": {}, "nouns": {}, "adjectives": {}}
    for row in read_words("events")["trigger"]:
        senses = tuple(Sense(frozenset(sense["targets"]), sense["class"]) for sense in row["senses"])
        trigger = Trigger(senses, row["bare"])
        for part, table in tables.items():
            for word in dict.fromkeys(row.get(part, ())):
                table.setdefault(word, []).append(trigger)
    return Triggers(tables["verbs"], tables["nouns"], tables["adjectives"])
