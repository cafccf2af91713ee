"""What a power lets someone do: the concept of an act, told by a verb or a noun."""

from collections.abc import Iterable

from kgraph.extraction.lexicon import read_words
from kgraph.extraction.syntax import CONTROL, children, conjuncts, objects_behind, shared_objects
from kgraph.extraction.tokens import Token

#: Verbs that leave it to their object to say what is done: "order the removal of content".
_BRINGING = {
    "order", "request", "demand", "impose", "conduct", "carry", "make", "direct", "have", "gain", "get",
    "obtain", "allow", "permit", "require", "authorize", "seek", "undertake", "enforce",
}  # fmt: skip

#: Verbs of handing over.
HANDING = {"hand", "provide", "disclose", "give", "turn", "share", "surrender", "supply", "submit", "grant"}

#: What is handed over to those who watch.
_DATA = {
    "datum", "data", "information", "record", "metadata", "log", "key", "content", "communication",
    "identity",
}  # fmt: skip

#: What one loses who may no longer publish.
_PUBLISHING = {"license", "licence", "registration", "outlet", "newspaper"}

#: Verbs of too many senses to tell anything by themselves.
_NEEDING_AN_OBJECT = {"search", "access", "store", "collect", "try", "take", "cut", "close", "shut"}


def methods_of(acts: Iterable[Token]) -> tuple[str, ...]:
    """The concepts of what some acts are, each once."""
    return tuple(dict.fromkeys(method for act in acts if (method := method_of(act))))


def method_of(act: Token) -> str:
    """The concept of what an act of a power is: "block" is blocking, "take down" removes content."""
    lemma = act.lemma_.lower()
    words = read_words("law")
    methods: dict[str, str] = words["methods"]
    nouns = children(act, "dobj") or shared_objects(act)
    objects = {t.lemma_.lower() for o in nouns for t in (o, *conjuncts(o))}
    if lemma in ("impose", "issue", "hand", "give") and objects & set(words["punishments"]):
        return "prosecution"
    if lemma in ("preserve", "keep", "log", "retain", "store", "save"):
        return "surveillance" if objects & _DATA else ""
    if lemma in _BRINGING:
        return next((m for noun in sorted(objects) if (m := words["method_nouns"].get(noun))), "")
    if lemma in HANDING:
        behind = {t.lemma_.lower() for t in objects_behind(act, "with")}
        return "surveillance" if (objects | behind) & {*_DATA, "access"} else ""
    if lemma in ("suspend", "revoke", "cancel") and objects & _PUBLISHING:
        return "ban"
    if lemma in ("restrict", "limit") and not objects & {"access", "website", "content", "site"}:
        return ""
    if lemma in _NEEDING_AN_OBJECT and not objects:
        return ""
    return methods.get(lemma, "")


def acts_under(clause: Token) -> list[Token]:
    """The acts that a clause lists; of "to order providers to hand over data", what they shall do."""
    acts = [a for a in conjuncts(clause) if a.pos_ in ("VERB", "AUX")]
    ordered = [c for a in acts if a.lemma_ in CONTROL for c in children(a, "xcomp", "ccomp", "advcl")]
    return [*acts, *(a for c in ordered for a in conjuncts(c) if a.pos_ == "VERB")]


def methods_of_nouns(verb: Token, power: Token | None) -> tuple[str, ...]:
    """ "Allows the interception of calls", "requires the licensing of outlets", "the power of censorship"."""
    nouns = [c for t in children(verb, "dobj") for c in conjuncts(t)]
    if power is not None:
        nouns = objects_behind(power, "of", "for")
    methods: dict[str, str] = read_words("law")["method_nouns"]
    return tuple(dict.fromkeys(m for t in nouns if (m := methods.get(t.lemma_.lower()))))
