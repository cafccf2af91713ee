"""What a name names: told by the words inside it, else by the model's entity label."""

import re

from kgraph.extraction.lexicon import name_words, triggers
from kgraph.extraction.mentions.proper_names.runs import BY_LABEL, NO_NAMES
from kgraph.extraction.sentences import Sentence
from kgraph.extraction.syntax import PLACE_PREPOSITIONS


def class_by_words(sentence: Sentence, start: int, end: int) -> str | None:
    """The class that the words of a name tell: its last one, or the one before "of" or "for"."""
    words = [t.text for t in sentence.doc[start:end]]
    table = name_words()
    if len(words) == 1:
        return table.get(words[0]) if words[0] in _ALONE else None
    if _INTERNATIONAL & set(words):
        return "InternationalOrganization"
    if words[-1] in ("Committee", "Board", "Center", "Centre") and _OF_THE_STATE & set(words[:-1]):
        return "StateBody"
    if words[-1] == "Group" and any(word.endswith(_PEOPLE) for word in words[:-1]):
        return "CivicOrganization"
    for joiner in ("of", "for", "on", "to"):
        if joiner in words[1:]:
            kind = table.get(words[words.index(joiner) - 1])
            if kind == "CivicOrganization" and _OF_THE_STATE & set(words[: words.index(joiner)]):
                return "StateBody"  # "State Committee for National Security"
            if kind:
                return kind
    if words[0] in DIRECTIONS and sentence.doc[end - 1].ent_type_ in ("GPE", "LOC"):
        return "Place"
    return table.get(words[-1]) or (table.get(words[0]) if words[0] in ("Radio", "Camp") else None)


#: Endings of the people whose group it is: "Journalists and Communicators Group".
_PEOPLE = ("ists", "ers", "ors", "ians", "Rights", "Women", "Victims")

#: Words in the names of bodies of many states.
_INTERNATIONAL = {
    "UN", "U.N.", "Nations", "EU", "AU", "OSCE", "NATO", "ECOWAS", "OHCHR", "UNESCO", "ASEAN", "SADC",
}  # fmt: skip

#: Words that make a part of a country or region a place of its own.
DIRECTIONS = {
    "East", "West", "North", "South", "Eastern", "Western", "Northern", "Southern", "Central", "Upper",
    "Lower",
}  # fmt: skip

#: Words that make a committee or a centre one of the state.
_OF_THE_STATE = {
    "Election", "Elections", "Electoral", "State", "Parliamentary", "Security", "Investigative",
    "Cybersecurity", "Government", "Censorship", "Broadcasting", "Communications", "Telecommunications",
    "Information",
}  # fmt: skip

#: Words that name something by themselves.
_ALONE = {"Parliament", "Congress", "Senate", "Constitution", "Duma", "Majlis", "Knesset", "Euromaidan"}


def names_a_law(words: list[str]) -> bool:
    """Whether what ends like a law's name is one: "Public Order Act", not "the Order"."""
    return words[-1] not in ("Order", "Section", "Charter") or len(words) > 2


#: Endings of names for the people of a place: "Londoners", "Muscovites", "Parisians".
_NAMED_AFTER_A_CITY = re.compile(r"(?:ers|ites|ians)$")


def class_by_model(sentence: Sentence, start: int, end: int) -> str | None:
    """The class that most of the model's labels tell, where the name stands as such names do."""
    labels = [t.ent_type_ for t in sentence.doc[start:end] if t.pos_ != "ADP"]
    label = max(sorted(set(labels)), key=labels.count, default="")
    kind = BY_LABEL.get(label)
    if kind == "Person" and (
        end - start < 2 or any(t.text.isupper() and len(t.text) > 2 for t in sentence.doc[start:end])
    ):
        return None
    if kind is None and end - start == 1 and _NAMED_AFTER_A_CITY.search(sentence.doc[start].text):
        kind = "Group" if sentence.doc[start].tag_ in ("NNS", "NNPS") else None
    if kind == "Group" and not _stands_for_people(sentence, end - 1):
        return None
    if kind == "Organization" and (
        (end - start == 1 and not sentence.doc[start].text.isupper())
        or sentence.doc[end - 1].lower_ in _NO_BODIES
    ):
        return None
    if kind == "Place" and end - start == 1 and not _stands_as_place(sentence, start):
        return None
    return kind


#: Last words of names of days, prizes and papers, which the model takes for organisations.
_NO_BODIES = {
    "day", "week", "month", "year", "award", "awards", "prize", "report", "index", "speech", "rights",
    "inspection", "protocol", "test", "metrics", "technology", "software", "browser", "explorer",
    "dashboard", "certificate", "probe", "server", "page", "account", "system", "security", "policy",
    "agreement", "plan",
}  # fmt: skip


def _stands_as_place(sentence: Sentence, position: int) -> bool:
    """Whether a name stands where places do: behind a preposition of place, or in a list that does."""
    token = sentence.doc[position]
    if token.lemma_.lower() in triggers().nouns or token.lower_ in NO_NAMES:
        return False
    while token.dep_ in ("conj", "appos"):
        token = token.head
    return token.dep_ == "pobj" and token.head.lower_ in PLACE_PREPOSITIONS


def _stands_for_people(sentence: Sentence, last: int) -> bool:
    """Whether a people's name is a noun here: "the Rohingya", not "Soviet states"."""
    token = sentence.doc[last]
    return token.tag_ in ("NNPS", "NNS") or (
        token.dep_ in ("nsubj", "nsubjpass", "dobj", "pobj") and any(c.lower_ == "the" for c in token.lefts)
    )
