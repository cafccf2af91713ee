"""What is an offence: powers to prosecute or ban, told by what is punished."""

from kgraph.extraction.classes import ACTING, is_any
from kgraph.extraction.coreference import Reading
from kgraph.extraction.law.laws import Law, law_meant, named_basis
from kgraph.extraction.law.power import Power, power_told
from kgraph.extraction.lexicon import read_words
from kgraph.extraction.sentences import Sentence
from kgraph.extraction.syntax import children, is_passive, phrase, subjects
from kgraph.extraction.tokens import Token

#: Adjectives, nouns and passive verbs by which an act is an offence.
_OFFENCES = {"punishable", "illegal", "unlawful", "crime", "offense", "offence", "misdemeanor", "felony"}


def offence_told(reading: Reading, sentence: Sentence, verb: Token, laws: dict[str, Law]) -> Power | None:
    """ "Publishing fake news is punishable by …", "defamation is a criminal offense", "is criminalized"."""
    law = named_basis(reading, sentence, laws)
    if verb.lemma_ == "be":
        said = [t for t in children(verb, "acomp", "attr") if t.lemma_.lower() in _OFFENCES]
        subject = children(verb, "nsubj", "csubj")
    elif verb.lemma_ in ("face", "receive", "risk", "incur", "get"):
        said = [t for t in children(verb, "dobj") if t.lemma_.lower() in read_words("law")["punishments"]]
        subject = [c for t in children(verb, "nsubj") for c in children(t, "relcl", "acl")]
        return _faced(reading, sentence, verb, law, subject, laws) if said else None
    else:
        punished = verb.lemma_ in ("criminalize", "criminalise", "punish", "penalize")
        said = [verb] if punished and is_passive(verb) else []
        subject = children(verb, "nsubjpass", "csubjpass")
    if not said or not subject or children(verb, "neg"):
        return None
    acting = reading.thing_at(sentence.number, subject[0].i)
    if acting is not None and is_any(acting.kind, ACTING):
        return None
    grounds = [phrase(t) for t in subject]
    words = sentence.passage.text.lower()
    only_illegal = said[0].lemma_ in ("illegal", "unlawful") and not any(w in words for w in _PUNISHING)
    method = "ban" if only_illegal else "prosecution"
    law = law or next((known.iri for name, known in laws.items() if name == "law"), None)
    return power_told(reading, sentence, verb, law, (), (method,), grounds)


def _faced(
    reading: Reading,
    sentence: Sentence,
    verb: Token,
    law: str | None,
    clauses: list[Token],
    laws: dict[str, Law],
) -> Power | None:
    """ "Persons who insult the president can face a prison term": the clause is the offence."""
    modal = any(c.lower_ in read_words("law")["modals"] for c in children(verb, "aux"))
    above = next((iri for s in subjects(verb.head) if (iri := law_meant(reading, sentence, s, laws))), None)
    if not clauses or not (modal or (verb.dep_ == "ccomp" and above) or law):
        return None
    law = law or above
    grounds = [phrase(c, without=frozenset({"nsubj", "nsubjpass", "mark"})) for c in clauses]
    return power_told(reading, sentence, verb, law, (), ("prosecution",), grounds)


#: What tells that the breach of a law is punished.
_PUNISHING = ("prison", "jail", "fine", "imprison", "punish", "penalt", "years", "sentence")
