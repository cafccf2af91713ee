"""Whose word is it: reporting verbs, "according to", "reportedly", denials.

What someone reports of others (who did it, how many, why) becomes a claim; what they tell of
themselves stands (gold rules 6, 17, 21).
"""

from functools import lru_cache

from kgraph.extraction.coreference import Reading
from kgraph.extraction.events.arguments import actors
from kgraph.extraction.events.frame import Attribution
from kgraph.extraction.events.reality import is_hedged
from kgraph.extraction.lexicon import read_words
from kgraph.extraction.sentences import Sentence
from kgraph.extraction.syntax import agents_by, ancestors, children, is_passive, objects_behind, subjects
from kgraph.extraction.tokens import Token


@lru_cache(maxsize=1)
def reporting_verbs() -> dict[str, str]:
    """Lemmas of reporting verbs to the stance that they give."""
    table = read_words("reporting")
    return {verb: stance for stance in ("asserts", "denies", "concedes") for verb in table[stance]}


@lru_cache(maxsize=1)
def hedges() -> frozenset[str]:
    """Words that make a statement someone's without saying whose."""
    return frozenset(read_words("reporting")["hedges"])


def attribution_of(reading: Reading, sentence: Sentence, token: Token) -> Attribution | None:
    """Whose word a clause is; None if the text tells it as a fact."""
    current = token
    for above in ancestors(token):
        stance = reporting_verbs().get(above.lemma_.lower()) if above.pos_ == "VERB" else None
        reports = current.dep_ in ("ccomp", "xcomp") and stance is not None
        if reports and above.dep_ != "amod":
            found = _said_by(reading, sentence, above, stance or "asserts")
            if found is not None:
                return found
        if above.lemma_ in ("accuse", "suspect", "blame") and above.pos_ == "VERB" and current.dep_ == "prep":
            accusers = agents_by(above) if is_passive(above) else subjects(above)
            return Attribution(actors(reading, sentence, accusers))
        if current.dep_ in ("acl", "relcl") and above.lemma_.lower() in read_words("reporting")["nouns"]:
            return Attribution()
        current = above
    return (
        _according_to(reading, sentence, token)
        or _quoted(reading, sentence, current)
        or (Attribution() if is_hedged(token, hedges()) else None)
    )


def _said_by(reading: Reading, sentence: Sentence, verb: Token, stance: str) -> Attribution | None:
    """Who says what a reporting verb rules; a finding of measurement is no claim."""
    speakers = agents_by(verb) if is_passive(verb) else subjects(verb)
    claimants = actors(reading, sentence, speakers)
    if not claimants:
        behind = [t for s in speakers if s.lemma_ in _PAPERS for t in objects_behind(s, "by", "of", "from")]
        claimants = actors(reading, sentence, behind)
    finding = verb.lemma_ in read_words("reporting")["findings"]
    if finding and not claimants:
        return None
    if not claimants and not is_passive(verb):
        return None
    if claimants and all(reading.things[c].names[0].lower() in _PRESS_REPORTS for c in claimants):
        return None
    return Attribution(claimants, stance)


#: Sources that only hand on: what they report is told as by the text itself.
_PRESS_REPORTS = {
    "news reports", "media reports", "press reports", "news report", "media report", "press report",
}  # fmt: skip

#: What people say it in: those who wrote it say it.
_PAPERS = {"estimate", "report", "study", "statement", "data", "figure", "count", "survey", "analysis"}


def _according_to(reading: Reading, sentence: Sentence, token: Token) -> Attribution | None:
    """ "According to X", "as described by X", anywhere in the clause or above it."""
    for above in (token, *ancestors(token)):
        for accord in above.children:
            if accord.lemma_ == "accord" or accord.lower_ == "according":
                speakers = list(objects_behind(accord, "to")) or [
                    t for to in accord.children for t in children(to, "pobj")
                ]
                through = [t for s in speakers for t in objects_behind(s, "by", "of", "from")]
                claimants = actors(reading, sentence, [*speakers, *through])
                if claimants and reading.things[claimants[0]].names[0].lower() not in _PRESS_REPORTS:
                    return Attribution(claimants)
            if (
                accord.dep_ == "advcl"
                and accord.tag_ == "VBN"
                and any(c.lower_ == "as" for c in accord.children)
            ):
                claimants = actors(reading, sentence, agents_by(accord))
                if claimants:
                    return Attribution(claimants)
    return None


def _quoted(reading: Reading, sentence: Sentence, root: Token) -> Attribution | None:
    """ "S, X said": the reporting verb hangs on what it reports."""
    for verb in children(root, "parataxis"):
        if verb.lemma_ in reporting_verbs():
            claimants = actors(reading, sentence, subjects(verb))
            if claimants:
                return Attribution(claimants, reporting_verbs()[verb.lemma_])
    return None
