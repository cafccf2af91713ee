"""Is an act told as something that happened? Negation, modality, plans and conditions say no."""

from itertools import pairwise

from kgraph.extraction.syntax import (
    CONTROL,
    ancestors,
    children,
    is_first_to,
    listed_gerund,
    main_verb,
    ordered_by,
)
from kgraph.extraction.tokens import Token

#: Auxiliaries under which an act has not happened.
_MODALS = {
    "could", "would", "may", "might", "should", "must", "can", "will", "shall", "ca", "wo", "’ll",
    "'ll", "’d",
}  # fmt: skip

#: Verbs under which an act has not happened.
_UNREAL = {
    "plan", "threaten", "propose", "vow", "intend", "want", "consider", "refuse", "fail", "prevent", "avoid",
    "demand", "call", "fear", "hope", "promise", "pledge", "oppose", "discuss", "ignore", "suggest",
    "recommend", "urge", "need", "expect", "warn", "likely", "able", "unable", "measure", "test", "examine",
    "investigate", "allow", "permit", "authorize", "authorise", "empower", "enable", "entitle", "design",
    "learn", "aim", "seek", "help", "serve", "reject", "prohibit", "forbid", "ban", "criminalize",
    "circumvent", "bypass", "check", "invoke", "provide", "desist", "refrain", "impend", "plot", "conspire",
}  # fmt: skip

#: Words that make a clause a condition or a question.
_CONDITIONS = {"if", "whether", "unless", "should", "until", "lest"}

#: Verbs whose passive says of an act that it has not happened: "demonstrations were expected".
_UNREAL_OF = {
    "plan", "expect", "propose", "fear", "threaten", "anticipate", "prevent", "avert", "forbid", "prohibit",
    "outlaw", "call", "schedule", "avoid",
}  # fmt: skip

#: Nouns under which an act has not happened.
_UNREAL_NOUNS = {
    "threat", "risk", "fear", "plan", "proposal", "power", "authority", "right", "ability", "possibility",
    "need", "tool", "way", "lack", "allegation", "law", "bill", "call", "likelihood", "absence", "end",
    "danger", "method", "test", "evidence", "freedom", "refusal", "failure", "idea", "criticism", "sign",
    "indication", "question", "issue", "practice", "policy", "trend", "effect", "impact", "debate", "story",
    "justification", "concern", "probability", "suspicion", "prospect", "form", "type",
}  # fmt: skip

#: Verbs whose object happens only if they do: "could impose a ban", "to detect censorship".
_DOING = {
    "impose", "order", "conduct", "carry", "launch", "implement", "enforce", "issue", "announce",
    "hold", "stage", "detect", "measure", "introduce", "make", "organize", "organise", "start", "begin",
    "call", "declare",
}  # fmt: skip

#: Nouns whose infinitive tells what was done: "an order to block X".
_CARRIED_OUT = {"attempt", "order", "effort", "decision", "move"}

#: Adjectives and determiners of an act that has not happened: "a possible shutdown", "no blocking".
_PLANNED = {
    "planned", "proposed", "possible", "potential", "future", "illegal", "hypothetical", "unlawful",
    "no", "any", "without", "upcoming", "impending", "imminent",
}  # fmt: skip


def is_real(token: Token) -> bool:
    """Whether the text tells what a trigger speaks of as a fact, someone's claim included."""
    if token.pos_ in ("VERB", "AUX"):
        return _is_real_verb(token)
    if any(c.lower_ in _PLANNED for c in token.children) or _is_only_possible(token):
        return False
    if _is_to_be_tested(token) or _stands_under_if(token):
        return False
    return not _hangs_on_unreal(token) and not _is_not_found(token)


#: Verbs whose infinitive says what a test or a tool is for, not what it found.
_TESTING = {
    "measure", "detect", "test", "examine", "monitor", "check", "assess", "identify", "circumvent", "bypass",
    "evaluate", "investigate", "track", "discover", "analyze", "analyse", "evade", "overcome",
}  # fmt: skip


def _is_to_be_tested(noun: Token) -> bool:
    """ "A test designed to measure the blocking of websites", "to test addresses for censorship"."""
    verb = next((a for a in ancestors(noun) if a.pos_ in ("VERB", "AUX")), None)
    if verb is None or verb.lemma_ not in _TESTING or verb.tag_ != "VB":
        return False
    return any(c.lower_ == "to" for c in children(verb, "aux"))


def _stands_under_if(token: Token) -> bool:
    """ "If our data is right, this suggests that X was blocked": a conclusion that holds on a condition."""
    for above in (token, *ancestors(token)):
        for clause in children(above, "advcl"):
            conditional = any(c.lower_ == "if" for c in children(clause, "mark"))
            even = any(c.lower_ in ("even", "as") for c in children(clause, "advmod", "mark"))
            if conditional and not even and clause.i < above.i and clause.i != token.i:
                return True
    return False


#: Determiners of what the text tells of as known: "the ban", "their arrest".
_KNOWN = {"the", "this", "these", "those", "that"}


def _is_only_possible(noun: Token) -> bool:
    """ "Could result in a shutdown", "unauthorised rallies may be banned": none that the text tells of."""
    if any(c.lower_ in _KNOWN or c.dep_ == "poss" or c.pos_ in ("NUM", "PROPN") for c in noun.children):
        return False
    above = noun
    while above.dep_ in ("pobj", "prep", "conj", "compound", "nmod") and above.head.pos_ not in (
        "VERB",
        "AUX",
    ):
        above = above.head
    verb = above.head
    subject = above.dep_ in ("nsubj", "nsubjpass") and noun.tag_ == "NNS"
    if (not subject and above.dep_ not in ("dobj", "attr", "prep")) or verb.pos_ not in ("VERB", "AUX"):
        return False
    return any(c.lower_ in _OPEN for c in children(verb, "aux")) and not _is_negated(verb)


#: Auxiliaries that leave open whether anything of the kind has been.
_OPEN = {"could", "would", "may", "might", "can", "will", "shall", "should", "must"}


#: Verbs that, negated, say that there was none: "found no evidence of blocking", "has not seen censorship".
_FINDING = {
    "experience", "find", "see", "have", "observe", "detect", "face", "suffer", "record", "witness",
    "be", "show",
}  # fmt: skip


def _is_not_found(noun: Token) -> bool:
    """Whether the verb over a noun says that there was no such thing."""
    token = noun
    while token.dep_ in ("pobj", "prep", "conj", "appos", "nmod", "compound"):
        token = token.head
    denied = any(c.lower_ in ("no", "any", "little") for c in token.children)
    verb = token.head
    if token.dep_ not in ("dobj", "attr") or verb.lemma_ not in _FINDING:
        return False
    return _is_negated(verb) or (denied and any(c.lower_ == "no" for c in token.children))


def _is_real_verb(verb: Token) -> bool:
    if _stands_under_if(verb):
        return False
    if (gerund := listed_gerund(verb)) is not None:
        return _is_real_verb(gerund)
    top = main_verb(verb)
    for word in {verb, top}:
        if _is_negated(word) or any(c.lower_ in _MODALS for c in children(word, "aux")):
            return False
        if any(c.lower_ in _CONDITIONS for c in children(word, "mark", "advmod")):
            return False
    if verb.dep_ in ("csubj", "csubjpass") and not _is_real_verb(verb.head):
        return False  # "holding a rally could result in a fine"
    if verb.tag_ == "VBN" and verb.dep_ in ("acl", "amod") and _is_only_possible(verb.head):
        return False  # "could block sites that are used for banned content"
    if _is_by_law(verb):
        return False
    ordered = verb.dep_ in ("xcomp", "ccomp") and verb.head.lemma_ in CONTROL and verb.head.pos_ == "VERB"
    if ordered and verb.head.i != verb.i and not _is_real_verb(verb.head):
        return False  # "would be required to block"
    if (
        verb.dep_ == "conj"
        and verb.head.pos_ in ("VERB", "AUX")
        and not children(verb, "nsubj", "nsubjpass", "aux")
    ):
        return _is_real_verb(verb.head)
    return not _hangs_on_unreal(top)


def _is_by_law(verb: Token) -> bool:
    """ "By law authorities were required to block X": a rule, not what was done."""
    if verb.lemma_ not in CONTROL:
        return False
    before = [t.lower_ for t in verb.doc[: verb.i]]
    return ("by", "law") in pairwise(before)


def _is_negated(verb: Token) -> bool:
    if children(verb, "neg"):
        return True
    return any(
        c.lower_ in ("never", "no", "not", "hardly", "nor")
        for c in children(verb, "advmod", "det", "preconj", "cc")
    )


def _hangs_on_unreal(token: Token) -> bool:
    """Whether the word that governs an act leaves it open: "plans to", "the power to", "in order to"."""
    head = token.head
    if token.i == head.i:
        return False
    infinitive = token.pos_ in ("VERB", "AUX") and any(c.lower_ == "to" for c in children(token, "aux"))
    if infinitive and token.dep_ in ("advcl", "xcomp") and head.lemma_ == "use":
        return head.pos_ != "VERB" or _is_negated(head)
    if infinitive and token.dep_ == "relcl" and is_first_to(token):
        return False
    if infinitive and (ordering := ordered_by(token)) is not None:
        return not _is_real_verb(ordering)
    if infinitive and token.dep_ in ("advcl", "acl", "relcl"):
        if token.dep_ == "advcl" and head.lemma_ in CONTROL:
            return head.pos_ == "VERB" and not _is_real_verb(head)  # "the plan to order them to block X"
        if head.dep_ == "dobj" and head.head.pos_ == "VERB" and not _is_real_verb(head.head):
            return True  # "must obtain an order to block"
        return head.dep_ == "attr" or head.lemma_.lower() not in _CARRIED_OUT
    if token.dep_ == "nsubjpass" and token.pos_ not in ("VERB", "AUX") and head.lemma_ in _UNREAL_OF:
        return not any(c.lower_ in _KNOWN for c in token.children)
    if token.dep_ == "dobj" and head.lemma_.lower() in ("allow", "permit", "enable"):
        return _is_negated(head)
    if token.dep_ in ("xcomp", "ccomp", "dobj", "advcl") and head.lemma_.lower() in _UNREAL:
        return not (head.lemma_ == "suggest" and token.dep_ == "ccomp" and _is_finite(token))
    if token.pos_ not in ("VERB", "AUX") and token.dep_ == "dobj" and head.lemma_ in _DOING:
        return not _is_real_verb(head)
    if (
        token.dep_ == "pobj"
        and head.lower_ == "for"
        and head.head.lemma_ in ("run", "stand", "vie", "campaign")
    ):
        return not _is_real_verb(head.head)
    if token.dep_ == "pobj" and (head.lower_ == "before" or head.head.lower_ in ("prior", "ahead")):
        return not any(c.lower_ in ("the", "this") or c.pos_ in ("NUM", "PROPN") for c in token.children)
    if token.dep_ == "pcomp":
        ruling = next((a for a in ancestors(token) if a.pos_ == "VERB"), None)
        if ruling is not None and ruling.tag_ == "VB" and not _is_real_verb(ruling):
            return True  # "called for police to comply with the law in using force"
        if head.lower_ in ("without", "against", "despite", "than"):
            return True
        if head.lower_ == "of" and head.head.lower_ in ("instead", "lieu"):
            return True
    if token.dep_ in ("pobj", "pcomp"):
        above = head.head
        if above.lemma_.lower() in _UNREAL_NOUNS and head.lower_ in ("of", "to", "for", "on"):
            return True
        return above.lemma_.lower() in _UNREAL and head.lower_ in ("for", "to", "from", "of", "at")
    return False


def _is_finite(verb: Token) -> bool:
    """Whether a clause tells of something with its tense: "that X was throttled", not "throttling X"."""
    return verb.tag_ in ("VBD", "VBZ", "VBP") or any(
        c.tag_ in ("VBD", "VBZ", "VBP") for c in children(verb, "aux", "auxpass")
    )


def is_hedged(token: Token, hedges: frozenset[str]) -> bool:
    """Whether "reportedly", "allegedly" stands at the act or at a verb above it in its clause."""
    words = [token, *(a for a in ancestors(token))][:4]
    for word in words:
        if any(c.lower_ in hedges for c in children(word, "advmod", "amod")):
            return True
        if word.dep_ in ("ccomp", "relcl", "advcl"):
            return False
    return False
