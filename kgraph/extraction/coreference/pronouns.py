"""Pronouns: they take the last thing of their kind."""

from kgraph.extraction.classes import is_a, is_any
from kgraph.extraction.coreference.reading import Draft
from kgraph.extraction.sentences import Sentence
from kgraph.extraction.syntax import ancestors, children, examples, members
from kgraph.extraction.tokens import Token

#: Pronouns for several.
_PLURAL = {"they", "them", "themselves", "their"}

#: Pronouns for one that is no person.
_SINGULAR = {"it", "itself", "its"}

#: Pronouns for one person.
_MALE_OR_FEMALE = {"he", "him", "she", "her", "himself", "herself", "his"}

#: Nouns that with "these" stand for what was told before.
_ANAPHORIC = {
    "organization", "organisation", "agency", "body", "group", "company", "institution", "outlet",
    "operator", "provider",
}  # fmt: skip


class _Antecedents:
    """What the last words of each kind spoke of, for pronouns to come."""

    def __init__(self) -> None:
        self.person: tuple[str, ...] = ()
        self.plural: tuple[str, ...] = ()
        self.earlier_plural: tuple[str, ...] = ()
        self.plural_verb = (-1, -1)
        self.singular: tuple[str, ...] = ()
        self.object: tuple[int, tuple[str, ...]] = (-1, ())

    def of(self, token: Token, sentence: int) -> tuple[str, ...]:
        """What a pronoun stands for; nothing for other words."""
        word = token.lower_
        if word == "them" and self.object[0] == sentence:
            return self.object[1]
        if word == "them" and self.plural_verb == (sentence, _clause(token)):
            return self.earlier_plural  # who acts upon themselves is "themselves"
        if word in _PLURAL:
            return self.plural
        if word in _SINGULAR:
            return self.singular
        if word in _MALE_OR_FEMALE:
            return self.person
        if token.lemma_ in _ANAPHORIC and any(c.lower_ in ("these", "those") for c in token.lefts):
            return self.plural
        return ()


def _clause(token: Token) -> int:
    """The verb that a token hangs on; of verbs that share their subject, the first."""
    verb = next((a for a in ancestors(token) if a.pos_ in ("VERB", "AUX")), None)
    while verb is not None and verb.dep_ == "conj" and not children(verb, "nsubj", "nsubjpass"):
        verb = verb.head
    return -1 if verb is None else verb.i


def resolve_pronouns(draft: Draft) -> None:
    """Pronouns take the last thing of their kind, subjects before others; a plural one, also a list."""
    last = _Antecedents()
    for sentence in draft.sentences:
        for token in sentence.doc:
            key = (sentence.number, token.i)
            antecedent = _speaker(draft, sentence, token) or last.of(token, sentence.number)
            if antecedent and (key not in draft.by_token or token.lemma_ in _ANAPHORIC):
                draft.by_token[key] = antecedent[0]
                if len(antecedent) > 1:
                    draft.groups[key] = antecedent
            elif key in draft.by_token:
                _remember(last, draft, sentence, token)


def _speaker(draft: Draft, sentence: Sentence, token: Token) -> tuple[str, ...]:
    """ "X reported that its site was blocked": in what a body says, "its" and "their" are its own."""
    if token.lower_ not in ("its", "their", "it", "they", "we", "our", "us", "ourselves"):
        return ()
    for above in ancestors(token):
        if above.dep_ != "ccomp":
            continue
        for subject in children(above.head, "nsubj"):
            iri = draft.by_token.get((sentence.number, subject.i))
            if iri and is_any(draft.things[iri].kind, ("Organization", "Platform")):
                return (iri,)
        return ()
    return ()


def _remember(last: _Antecedents, draft: Draft, sentence: Sentence, token: Token) -> None:
    """Note what a word stands for, where a pronoun to come can mean it."""
    thing = draft.things[draft.by_token[sentence.number, token.i]]
    if thing.kind == "Person" and thing.proper:
        last.person = (thing.iri,)
    if thing.kind == "Person" or not (is_a(thing.kind, "Actor") or thing.kind == "Country"):
        return
    if token.dep_ in ("dobj", "pobj") and thing.plural and thing.kind == "Group":
        last.object = (sentence.number, (thing.iri,))
    if token.dep_ not in ("nsubj", "nsubjpass") or token.head.dep_ == "relcl":
        return
    listed = _listed(draft, sentence, token)
    if len(listed) > 1 or thing.plural or thing.kind == "Group" or _is_many(thing.names[0]):
        last.earlier_plural, last.plural = last.plural, listed
        last.plural_verb = (sentence.number, token.head.i)
    else:
        last.singular = listed


def _listed(draft: Draft, sentence: Sentence, token: Token) -> tuple[str, ...]:
    """The things of the list that a subject starts; of "providers such as X", X."""
    things, by_token = draft.things, draft.by_token
    found: list[str] = []
    for member in members(token):
        named = [by_token.get((sentence.number, t.i)) for e in examples(member) for t in (*_joined(e), e)]
        named = [iri for iri in named if iri and things[iri].proper]
        own = by_token.get((sentence.number, member.i))
        found += [iri for iri in (named or [own]) if iri and is_a(things[iri].kind, "Actor")]
    return tuple(dict.fromkeys(found)) or (by_token[sentence.number, token.i],)


def _joined(token: Token) -> list[Token]:
    """A name that the parse takes for a modifier of the next one, as a comma is missing."""
    return [c for c in token.children if c.dep_ == "compound" and c.pos_ == "PROPN"]


def _is_many(name: str) -> bool:
    return name.lower().split()[-1] in ("authorities", "police", "military")
