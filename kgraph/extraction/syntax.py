"""Questions to a parse: who does it, to what, is it said to have happened."""

from collections.abc import Iterator

from kgraph.extraction.tokens import Doc, Token

_SUBJECTS = ("nsubj", "csubj")
_PASSIVE_SUBJECTS = ("nsubjpass", "csubjpass")

#: Verbs whose infinitive or gerund tells of the same act: "started blocking".
_ASPECT = {
    "start", "begin", "continue", "keep", "resume", "proceed", "appear", "seem", "go", "help", "try",
    "attempt", "manage", "remain", "get", "decide",
}  # fmt: skip

#: Verbs that make their object do it: "forced providers to block".
CONTROL = {
    "force", "order", "instruct", "require", "compel", "direct", "tell", "make", "have", "oblige", "ask",
    "pressure", "command", "mandate", "urge",
}  # fmt: skip

#: Prepositions that stand before places.
PLACE_PREPOSITIONS = {
    "in", "at", "from", "near", "to", "across", "around", "outside", "through", "toward", "towards",
    "throughout", "inside", "into",
}  # fmt: skip

#: Verbs whose object is said to have done what stands behind "for" or "of".
_BLAMING = {
    "suspend", "block", "ban", "arrest", "detain", "fine", "sentence", "jail", "imprison", "charge",
    "convict", "prosecute", "sue", "accuse", "criticize", "criticise", "condemn", "punish", "penalize",
    "blame", "sanction", "expel", "deport", "dismiss", "investigate", "question", "denounce", "praise",
    "thank",
}  # fmt: skip

#: Words that introduce examples.
_EXAMPLES = {"including", "include", "like", "namely"}


def children(token: Token, *dependencies: str) -> list[Token]:
    """The dependents of a token by the named relations, in reading order."""
    return [child for child in token.children if child.dep_ in dependencies]


def child(token: Token, *dependencies: str) -> Token | None:
    """The first of them."""
    return next(iter(children(token, *dependencies)), None)


def is_passive(verb: Token) -> bool:
    """Whether a verb's subject suffers what it tells."""
    if children(verb, "nsubjpass", "auxpass"):
        return True
    return verb.tag_ == "VBN" and verb.dep_ in ("acl", "amod") and not children(verb, "aux")


def is_state(verb: Token) -> bool:
    """Whether a verb tells how things are, not that they came about: "is blocked", "appears blocked"."""
    if verb.pos_ not in ("VERB", "ADJ") or any(c.lemma_ == "have" for c in children(verb, "aux")):
        return False
    top = main_verb(verb)
    if top.i != verb.i:
        return top.tag_ in ("VBZ", "VBP") and top.lemma_ in ("appear", "seem", "remain", "continue", "be")
    present = [c for c in children(verb, "auxpass") if c.tag_ in ("VBZ", "VBP")]
    copula = verb.dep_ in ("acomp", "oprd") and verb.head.tag_ in ("VBZ", "VBP")
    return bool(present) or copula


def conjuncts(token: Token) -> list[Token]:
    """A token and what is coordinated with it behind it, commas and missing conjunctions included."""
    found = [token]
    for current in found:
        found += [c for c in children(current, "conj") if c not in found]
    return found


def subjects(verb: Token) -> list[Token]:
    """The grammatical subjects of an active verb, also where another verb carries them."""
    own = children(verb, *_SUBJECTS)
    if own:
        return [_antecedent(verb, token) for token in own]
    head = verb.head
    if head.i == verb.i:
        return []
    if (gerund := listed_gerund(verb)) is not None:
        return subjects(gerund)
    if verb.dep_ == "conj" and head.pos_ in ("VERB", "AUX"):
        return (
            []
            if is_passive(head) and not is_passive(verb) and not children(head, "agent")
            else subjects(head)
        )
    if verb.dep_ in ("xcomp", "ccomp", "advcl") and head.lemma_ in CONTROL and not is_passive(head):
        return [*subjects(head), *children(head, "dobj")]
    if verb.dep_ in ("xcomp", "ccomp") and head.lemma_ in CONTROL:
        return [*children(head, "nsubjpass"), *agents_by(head)]
    if verb.dep_ in ("xcomp", "advcl", "ccomp") and head.pos_ in ("VERB", "AUX"):
        return subjects(head) or children(head, "nsubjpass")
    if (
        verb.dep_ in ("pcomp", "pobj")
        and head.dep_ in ("prep", "agent")
        and head.head.pos_ in ("VERB", "AUX")
    ):
        blamed = head.head.lemma_ in _BLAMING and head.lower_ in ("for", "of")
        return patients(head.head) if blamed else subjects(head.head)
    if verb.dep_ == "acl" and verb.tag_ == "VBG":
        if head.lemma_ in _WRITINGS and head.dep_ in ("dobj", "pobj"):  # "issued a statement urging X to"
            above = next((a for a in ancestors(head) if a.pos_ == "VERB"), None)
            return subjects(above) if above is not None else [head]
        return [head]
    if verb.dep_ == "relcl" and is_first_to(verb):
        return subjects(head.head)
    if (ordering := ordered_by(verb)) is not None:
        return [*([] if is_passive(ordering) else subjects(ordering)), *agents_by(ordering), head]
    if verb.dep_ == "acl" and verb.tag_ == "VB" and head.dep_ == "dobj":
        return subjects(head.head)
    return []


def ordered_by(verb: Token) -> Token | None:
    """The verb that makes someone do it, where the parse hangs the order on whom it goes to."""
    head = verb.head
    is_order = verb.tag_ == "VB" and verb.dep_ in ("acl", "relcl") and head.dep_ in ("dobj", "nsubjpass")
    ordering = head.head
    return ordering if is_order and ordering.pos_ == "VERB" and ordering.lemma_ in _OBLIGING else None


#: Verbs of control whose object is always made to do something; one can "have the authority to block".
_OBLIGING = CONTROL - {"have", "make", "tell", "ask"}


#: What someone issues to say something.
_WRITINGS = {
    "statement", "letter", "call", "appeal", "release", "petition", "communique", "resolution",
    "report", "tweet",
}  # fmt: skip


def listed_gerund(verb: Token) -> Token | None:
    """The first of a list of gerunds, where the parse hangs a later one elsewhere.

    "By ordering X to avoid Y, closing Z and blocking W": all three tell how.
    """
    if verb.tag_ != "VBG" or verb.dep_ != "advcl" or verb.i < 1 or verb.doc[verb.i - 1].text != ",":
        return None
    gerund = next((a for a in ancestors(verb) if a.dep_ == "pcomp" and a.tag_ == "VBG"), None)
    infinitive = verb.head.tag_ == "VB"
    return gerund if gerund is not None and infinitive and gerund.i != verb.head.i else None


def is_first_to(verb: Token) -> bool:
    """ "The first to block X" did it."""
    head = verb.head
    return head.dep_ == "attr" and any(c.lower_ in ("first", "only", "last", "latest") for c in head.children)


def _antecedent(verb: Token, subject: Token) -> Token:
    """What a relative pronoun stands for."""
    if subject.tag_ in ("WDT", "WP") and verb.dep_ == "relcl":
        return verb.head
    return subject


def possessors(noun: Token) -> list[Token]:
    """Whose something is; "citizens’ rights" is often parsed as if there were no possessive."""
    return [*children(noun, "poss"), *(c for c in children(noun, "nmod", "compound") if is_possessive(c))]


def is_possessive(token: Token) -> bool:
    """Whether a possessive mark stands behind a token."""
    return token.i + 1 < len(token.doc) and token.nbor().text in ("’", "'", "’s", "'s")


def agents_by(verb: Token) -> list[Token]:
    """Who does what a passive verb or a noun tells: "blocked by X", "blocking by X"."""
    found = []
    for by in (c for c in verb.children if c.dep_ == "agent" or (c.dep_ == "prep" and c.lower_ == "by")):
        found += children(by, "pobj")
    return found


def patients(verb: Token) -> list[Token]:
    """What a verb is done to: its object, or the subject of a passive one."""
    if is_passive(verb):
        own = children(verb, *_PASSIVE_SUBJECTS)
        if own:
            return [_antecedent(verb, token) for token in own]
        if verb.dep_ in ("acl", "amod"):
            return [verb.head, *_those_named(verb.head)] if verb.dep_ == "acl" else [verb.head]
        if verb.dep_ == "conj" and is_passive(verb.head):
            return patients(verb.head)
        if verb.dep_ in ("xcomp", "ccomp") and verb.head.pos_ in ("VERB", "AUX"):
            return children(verb.head, *_SUBJECTS, *_PASSIVE_SUBJECTS)
    own = children(verb, "dobj")
    if not own and verb.dep_ == "amod" and verb.tag_ == "VBN":
        return [verb.head]
    if not own:
        own = [*shared_objects(verb), *children(verb, "dative", "attr")]
    if not own and verb.tag_ == "VBN" and verb.dep_ == "conj" and is_passive(verb.head):
        return patients(verb.head)
    if not own and verb.dep_ == "relcl" and verb.tag_ != "VBN" and not children(verb, *_SUBJECTS):
        return []
    return own


def _those_named(noun: Token) -> list[Token]:
    """ "Those detained included X", "X was among the people detained": who is named among them."""
    above = noun.head
    if noun.dep_ in ("nsubj", "nsubjpass") and above.lemma_ == "include":
        return children(above, "dobj")
    if noun.dep_ == "pobj" and above.lower_ == "among" and above.head.lemma_ == "be":
        return children(above.head, "nsubj")
    return []


def shared_objects(verb: Token) -> list[Token]:
    """The object that stands with a later verb: "monitored, identified and countered threats"."""
    for later in children(verb, "conj"):
        if later.pos_ != "VERB" or children(later, "nsubj", "nsubjpass", "aux"):
            continue
        between = verb.doc[verb.i + 1 : later.i]
        if all(t.pos_ in ("PUNCT", "CCONJ", "VERB", "ADV") for t in between):
            return children(later, "dobj") or shared_objects(later)
    return []


def objects_behind(token: Token, *prepositions: str) -> list[Token]:
    """The objects of a token's prepositions: "access *to X*", "a ban *on X*"."""
    found = []
    for prep in children(token, "prep", "dative"):
        if prep.lower_ in prepositions:
            found += children(prep, "pobj")
    return found


def examples(token: Token) -> list[Token]:
    """What is named behind a generic noun: "tools such as X", "sites, including Y and Z"."""
    found = []
    apart = children(token.head, "prep") if token.dep_ == "nsubjpass" else []  # "sites were cut, including X"
    for prep in (*token.children, *apart):
        is_such_as = prep.lower_ == "as" and any(c.lower_ == "such" for c in prep.children)
        if prep.dep_ in ("prep", "acl") and (
            is_such_as or prep.lemma_.lower() in _EXAMPLES or prep.lower_ in _EXAMPLES
        ):
            for named in children(prep, "pobj", "dobj"):
                found += members(named)
    return found


def members(token: Token) -> list[Token]:
    """All members of a list that a token starts; appositions in it, which missing commas make, too."""
    found = [token]
    for current in found:
        found += [
            c
            for c in children(current, "conj", "appos")
            if c not in found and c.i > token.i and not _is_behind_a_clause(current, c)
        ]
    return found


def _is_behind_a_clause(token: Token, behind: Token) -> bool:
    """Whether a verb and a colon stand between two words: no list goes on over them."""
    between = token.doc[token.i + 1 : behind.i]
    colon = next((t.i for t in between if t.text == ":"), None)
    return colon is not None and any(t.pos_ in ("VERB", "AUX") and t.i < colon for t in between)


def ancestors(token: Token) -> Iterator[Token]:
    """The heads above a token, the nearest first."""
    while token.head.i != token.i:
        token = token.head
        yield token


def main_verb(token: Token) -> Token:
    """The verb that rules a clause: aspect verbs are stepped over upwards ("started blocking")."""
    while token.dep_ in ("xcomp", "ccomp") and token.head.lemma_ in _ASPECT:
        token = token.head
    return token


def phrase(token: Token, *, without: frozenset[str] = frozenset()) -> str:
    """The words of a token's subtree, some relations left out, as they stand in the text."""
    skipped: set[int] = set()
    for dependent in token.subtree:
        if dependent.i != token.i and dependent.dep_ in without:
            skipped |= {t.i for t in dependent.subtree}
    kept = _without_speaker(token.doc, [t.i for t in token.subtree if t.i not in skipped])
    words = token.doc[min(kept) : max(kept) + 1].text
    return " ".join(words.strip(' ,.;:"“”').split())


#: Verbs that stand behind what they report: "…, the group said".
REPORTING = {"say", "report", "add", "tell", "write", "announce", "state"}


def _without_speaker(doc: Doc, kept: list[int]) -> list[int]:
    """The tokens of a phrase without the speaker at a sentence's end, whom the parse takes for part of it."""
    behind = max(kept) + 1
    if behind >= len(doc) or doc[behind].lemma_ not in {*REPORTING, "note", "claim"}:
        return kept
    commas = [i for i in kept if doc[i].text == ","]
    return [i for i in kept if i < commas[-1]] or kept if commas else kept
