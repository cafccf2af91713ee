"""What a name names, told by the nouns around it: "news outlet X", "X, a newspaper"."""

from kgraph.extraction.lexicon import noun_classes, stem
from kgraph.extraction.sentences import Sentence


def described(sentence: Sentence, start: int, end: int) -> str | None:
    """The class of the noun that stands before a name, or behind it: "news outlet X", "the X party"."""
    doc = sentence.doc
    named = start > 1 and doc[start - 1].lower_ in ("named", "called", "dubbed")
    noun = start - named
    before = [stem(t.lemma_) for t in doc[max(0, noun - 4) : noun]]
    for size in range(len(before), 0, -1):
        kind = noun_classes().get(" ".join(before[-size:]))
        if kind == "Group" and named and doc[noun - 1].tag_ == "NN":
            return "Person"
        if kind == "SecurityForce" and doc[noun - 1].tag_ == "NN" and doc[noun - 1].lemma_ in _ONE_OF_A_FORCE:
            return "Person"
        if kind == "StateBody" and not named and doc[noun - 1].lower_ in ("prosecutor", "judge", "official"):
            return "Person"
        if kind == "Group" and not named and doc[noun - 1].lower_ == "group":
            return _kind_of_group(before)
        if kind and kind[0].isupper() and kind not in ("Group", "Network"):
            return kind
    if end < len(doc) and doc[end].lower_ in _DESCRIBING:
        return _DESCRIBING[doc[end].lower_]
    if (
        end + 2 < len(doc)
        and doc[end].lower_ == "and"
        and doc[end + 2].lower_ in ("regions", "provinces", "districts")
    ):
        return "Place"
    return None


#: Words that make a group one of civil society: "rights group X".
_OF_SOCIETY = {
    "right", "rights", "advocacy", "activist", "watchdog", "monitoring", "campaign", "aid", "society",
    "environmental", "humanitarian", "lobby", "support", "legal", "observatory", "journalist", "writer",
    "freedom", "citizen", "student",
}  # fmt: skip


def _kind_of_group(words: list[str]) -> str:
    return "CivicOrganization" if set(words[-4:]) & _OF_SOCIETY else "Organization"


#: Nouns for one person of a force.
_ONE_OF_A_FORCE = {"soldier", "policeman", "policewoman", "officer", "trooper", "sergeant", "conscript"}


def explained(sentence: Sentence, start: int, end: int) -> str | None:
    """The class of the noun that explains a name: "X, a newspaper", "X was among the outlets"."""
    head = sentence.doc[start:end].root
    nouns = [c for c in head.children if c.dep_ == "appos" and c.i >= end]
    if head.dep_ == "appos":
        nouns.append(head.head)
    if head.dep_ == "nsubj" and head.head.lemma_ == "be":
        nouns += [c for c in head.head.children if c.dep_ == "attr"]
        nouns += [
            o for p in head.head.children if p.lower_ == "among" for o in p.children if o.dep_ == "pobj"
        ]
    for noun in nouns:
        if noun.pos_ != "NOUN":
            continue
        words = [stem(t.lemma_) for t in noun.doc[max(0, noun.i - 4) : noun.i + 1]]
        for size in range(len(words), 0, -1):
            kind = noun_classes().get(" ".join(words[-size:]))
            if kind == "Group" and noun.lower_ == "group":
                return _kind_of_group(words)
            if kind in ("Group", "SecurityForce") and noun.tag_ == "NN":
                return "Person" if end - start > 1 or sentence.doc[start].ent_type_ == "PERSON" else None
            if kind and kind[0].isupper() and kind not in ("Group", "Network"):
                return kind
    return None


#: Nouns behind a name that tell what it names.
_DESCRIBING = {
    "party": "PoliticalParty", "newspaper": "MediaOutlet", "website": "MediaOutlet",
    "police": "SecurityForce", "regions": "Place", "provinces": "Place", "districts": "Place",
    "governorate": "Place", "state": "Place", "municipality": "Place", "suburb": "Place", "village": "Place",
    "city": "Place", "neighborhood": "Place", "district": "Place", "province": "Place", "region": "Place",
    "town": "Place", "township": "Place", "county": "Place", "group": "CivicOrganization",
    "movement": "CivicOrganization", "messenger": "Platform", "app": "Platform",
}  # fmt: skip


def is_political(sentence: Sentence, start: int) -> bool:
    """ "The opposition United National Movement": what stands before the name makes a movement a party."""
    before = {t.lower_ for t in sentence.doc[max(0, start - 2) : start]}
    return bool(before & {"opposition", "ruling", "governing", "party"})
