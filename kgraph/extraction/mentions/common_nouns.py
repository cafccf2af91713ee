"""Common nouns that speak of actors and targets: "the authorities", "news sites", "oil workers"."""

from collections.abc import Iterator

from kgraph.extraction.lexicon import LONGEST_PHRASE, noun_classes, stem, triggers
from kgraph.extraction.mentions.mention import Mention
from kgraph.extraction.sentences import Sentence
from kgraph.extraction.syntax import is_possessive, objects_behind
from kgraph.extraction.tokens import Token

#: Words before a noun that say how many or which, not what.
_QUANTIFIERS = {
    "some", "many", "several", "few", "various", "certain", "all", "other", "most", "more", "multiple",
    "numerous", "any", "own", "such", "major", "popular", "leading", "the", "a", "an", "this", "these",
    "those", "that", "each", "every", "both", "main", "another", "dozens", "hundreds", "thousands", "least",
    "different", "same", "alleged", "no", "only", "scores", "particular", "last", "widely", "used", "at",
    "of", "nearly", "about", "over", "entire", "including", "dead",
}  # fmt: skip

#: Determiners of what was told before.
_DEFINITE = {"the", "these", "those", "this", "that", "their", "his", "her", "its"}

#: Endings of nouns for people that no list needs to hold.
_PEOPLE_ENDINGS = ("ist", "ian", "eer")


def common_nouns(sentence: Sentence, taken: list[Mention]) -> Iterator[Mention]:
    """Mentions by common nouns, outside of the names that were found before."""
    busy = {i for m in taken for i in range(m.start, m.end)}
    for token in sentence.doc:
        if token.i in busy or token.i < sentence.label_end or token.pos_ not in ("NOUN", "PROPN", "ADJ"):
            continue
        if token.pos_ == "ADJ" and not _is_nominal_adjective(token):
            continue
        if token.lemma_.lower() == "state" and objects_behind(token, "of"):
            continue  # "the state of press freedom"; what is a state goes by its name
        if token.lemma_.lower() in _FREEDOMS and _is_a_freedom(token):
            continue
        found = _class_of(token, busy)
        if (
            found is None
            or (_is_modifier(token) and not _is_reached(token, found[1]))
            or _describes_name(token, found[1], taken)
        ):
            continue
        start, kind = found
        yield _mention(sentence, token, start, kind, taken)


#: Nouns for what people are free to do, that also name bodies.
_FREEDOMS = {"association", "assembly", "press", "medium", "media"}


def _is_a_freedom(token: Token) -> bool:
    """ "The freedoms of peaceful assembly and association": what may be done, nobody who does it."""
    while token.dep_ == "conj":
        token = token.head
    return (
        token.dep_ == "pobj"
        and token.head.lower_ == "of"
        and token.head.head.lemma_.lower() in ("freedom", "right")
    )


def _is_nominal_adjective(token: Token) -> bool:
    return token.dep_ in ("nsubj", "dobj", "pobj", "nsubjpass") and token.lower_ in (
        "military",
        "local",
        "locals",
    )


def _is_modifier(token: Token) -> bool:
    """Whether a noun only describes the next one ("news outlet X", "Facebook users")."""
    before = token.dep_ in ("compound", "amod", "nmod", "npadvmod") and token.head.i > token.i
    return before and not is_possessive(token)


#: Nouns for protests: who stands before one takes part in it ("opposition rally").
_GATHERINGS = {
    "protest", "rally", "march", "demonstration", "strike", "sit-in", "walkout", "vigil", "riot",
    "uprising",
}  # fmt: skip


def _is_reached(token: Token, kind: str) -> bool:
    """ "Mobile network access": what is reached stands before the noun, or in a list before it."""
    head = token.head.lemma_.lower()
    if kind == "Group":
        return head in _GATHERINGS
    if kind not in ("Network", "Platform", "Website", "MediaOutlet"):
        return False
    if head in ("access", "connectivity", "connection") or head in triggers().nouns:
        return True
    return any(c.dep_ in ("conj", "cc") for c in token.children)


def _describes_name(token: Token, kind: str, taken: list[Mention]) -> bool:
    """ "The X (Y) party": the noun only says what the name before it names."""
    for mention in taken:
        if mention.proper and mention.end == token.i and mention.kind == kind:
            return token.doc[mention.head].head.i == token.i
    return False


def _class_of(token: Token, busy: set[int]) -> tuple[int, str] | None:
    """First token of the longest listed phrase that ends in a token, and its class."""
    table = noun_classes()
    tail = [stem(t.lemma_) for t in token.doc[max(0, token.i - LONGEST_PHRASE + 1) : token.i + 1]]
    for size in range(LONGEST_PHRASE, 0, -1):
        first = token.i - size + 1
        if first < 0 or (size > 1 and any(i in busy for i in range(first, token.i))):
            continue
        kind = table.get(" ".join(tail[-size:]))
        if kind:
            return first, kind
    plural_person = token.tag_ == "NNS" and token.lemma_.lower().endswith(_PEOPLE_ENDINGS)
    return (token.i, "Group") if plural_person else None


def _mention(sentence: Sentence, head: Token, phrase: int, kind: str, taken: list[Mention]) -> Mention:
    start = min(phrase, _behind_verbs(sentence, _left_edge(head), phrase))
    if start < phrase and [t.lower_ for t in sentence.doc[max(0, start - 1) : start + 1]] == ["by", "law"]:
        start += 1  # "By law authorities must …"
    country, adjective = None, ""
    modifiers: list[int] = []
    for position in range(start, head.i):
        by_name = next((m for m in taken if m.covers(position)), None)
        if by_name is not None and by_name.kind == "Country" and by_name.entry is not None:
            country = by_name.entry.iri
            adjective = head.doc[position].text if by_name.mechanism == "adjective" else ""
            modifiers = []
            continue
        modifiers.append(position)
    country = country or _country_behind(head, taken)
    words = _words(sentence, _official(sentence, modifiers) if kind in _OFFICIAL else modifiers, head.i)
    plural = head.tag_ in ("NNS", "NNPS") or head.lower_ in ("police", "media", "people")
    person = kind == "Group" and not plural and head.dep_ != "poss" and stem(head.lemma_) not in _COLLECTIVE
    national = (
        (f"{adjective} {words}",) if adjective and kind in ("Group", "StateBody", "SecurityForce") else ()
    )
    person = person or (kind == "SecurityForce" and not plural and head.lemma_ in _ONE_OF_A_FORCE)
    return Mention(
        sentence.number, start, head.i + 1, head.i, "Person" if person else kind, words,
        aliases=(*_longer_names(sentence, words, head), *national),
        country=country,
        definite=any(t.lower_ in _DEFINITE for t in head.lefts) or head.doc[start].lower_ in _DEFINITE,
        plural=plural,
        mechanism="noun",
    )  # fmt: skip


#: Longest name that a common noun gives with what stands behind it, in words.
_LONGEST_NAME = 14


def _longer_names(sentence: Sentence, words: str, head: Token) -> tuple[str, ...]:
    """The noun with what is said behind it: "websites of news outlets", "sites that support HTTPS"."""
    ends = []
    whose = [
        c for c in head.lefts if c.dep_ == "poss" and c.pos_ != "PRON" and head.lemma_ in ("website", "site")
    ]
    of_whom = tuple(f"{words} of {sentence.words(c.left_edge.i, c.i + 1)}" for c in whose)
    for child in head.rights:
        if child.dep_ == "prep" and child.lower_ in ("of", "from", "on", "for"):
            ends += [inner.i for inner in child.children if inner.dep_ == "pobj"]
        if child.dep_ in ("relcl", "acl"):
            ends.append(child.right_edge.i)
    longer = (f"{words} {sentence.words(head.i + 1, end + 1)}".rstrip(" .,;") for end in ends)
    return (*of_whom, *(name for name in longer if len(name.split()) <= _LONGEST_NAME))


#: Nouns for one person of a force.
_ONE_OF_A_FORCE = {"official", "officer", "soldier", "policeman"}

#: Singular nouns for many people.
_COLLECTIVE = {
    "opposition", "public", "youth", "crowd", "family", "community", "minority", "mob", "gang", "medium",
    "society", "civil society", "population", "movement", "press", "group",
}  # fmt: skip


def _left_edge(head: Token) -> int:
    """First token of the noun's run of modifiers."""
    start = head.i
    lefts = {
        t.i
        for t in head.lefts
        if t.dep_ in ("compound", "amod", "nmod", "poss", "det", "nummod", "quantmod", "npadvmod")
    }
    for left in sorted(lefts, reverse=True):
        if is_possessive(head.doc[left]):
            continue
        if head.doc[left].dep_ == "poss" and head.doc[left].pos_ == "PRON":
            continue
        start = min(start, _edge(head.doc[left], head))
    return start


def _behind_verbs(sentence: Sentence, start: int, head: int) -> int:
    """Where a noun's modifiers start at the earliest: a finite verb or a preposition is none of them."""
    stops = [
        t.i
        for t in sentence.doc[start:head]
        if t.tag_ in ("VBD", "VBZ", "VBP", "MD", "WDT", "WP", "TO")
        or t.text in (",", ";", ":", "(", ")", "[", "]")
        or (t.tag_ == "VBN" and start < t.i < head and sentence.doc[t.i - 1].pos_ == "NOUN")
    ]
    return max(stops) + 1 if stops else start


def _edge(left: Token, head: Token) -> int:
    """First token of a modifier; of a coordinated one the part behind "and"."""
    joined = [t.i for t in left.subtree if t.dep_ == "cc" and t.i < head.i]
    return max(joined) + 1 if joined else left.left_edge.i


def _words(sentence: Sentence, positions: list[int], head: int) -> str:
    """The noun with what tells which kind, without what tells how many."""
    doc = sentence.doc
    kept = list(positions)
    while kept and (
        (
            doc[kept[0]].pos_ in ("VERB", "AUX", "ADP", "CCONJ")
            and doc[kept[0]].i == head - len(kept)
            and doc[kept[0]].dep_ != "amod"
        )
        or doc[kept[0]].ent_type_ in ("DATE", "TIME")
        or doc[kept[0]].lower_ in _QUANTIFIERS
        or (doc[kept[0]].tag_ == "VBN" and doc[kept[0]].lemma_ in triggers().verbs)
        or doc[kept[0]].pos_ in ("DET", "NUM", "PUNCT", "PRON", "PART", "SPACE", "ADV", "SYM")
        or doc[kept[0]].tag_ in ("CD", "JJS", "JJR", "POS")
    ):
        kept.pop(0)
    start = kept[0] if kept else head
    return sentence.words(start, head + 1)


#: Classes of what a text may call names: "the TPLF-led government" is the government.
_OFFICIAL = ("StateBody", "SecurityForce")


def _official(sentence: Sentence, modifiers: list[int]) -> list[int]:
    """Modifiers without what a hyphen ties to a participle: "rifle-toting police"."""
    doc = sentence.doc
    tied = [i for i in modifiers if i > 1 and doc[i - 1].text == "-" and doc[i].tag_ in ("VBG", "VBN", "VBD")]
    return [i for i in modifiers if not any(t - 2 <= i <= t for t in tied)]


def _country_behind(head: Token, taken: list[Mention]) -> str | None:
    """ "authorities in Kazakhstan", "the government of Cuba"."""
    for child in head.rights:
        if child.dep_ == "prep" and child.lower_ in ("in", "of", "from"):
            for inner in child.children:
                for mention in taken:
                    if mention.kind == "Country" and mention.entry and mention.head == inner.i:
                        return mention.entry.iri
    return None
