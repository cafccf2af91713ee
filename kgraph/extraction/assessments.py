"""Ranks and scores: "shared second place with X in a ranking of Y", "ranked 122nd in"."""

import re
from collections.abc import Iterator

from kgraph.extraction.coreference import Reading
from kgraph.extraction.dates import Calendar, date_literal, find_dates
from kgraph.extraction.events.arguments import arguments_at
from kgraph.extraction.facts import Fact, integer, term
from kgraph.extraction.numbers import ordinal
from kgraph.extraction.sentences import Sentence
from kgraph.extraction.syntax import children, objects_behind, phrase, subjects
from kgraph.extraction.tokens import Token
from kgraph.iris import unnamed
from kgraph.namespaces import RDF
from kgraph.records import Literal

#: Nouns for what ranks countries.
_RANKING = {"ranking", "index", "rank", "rating", "survey", "list", "scale"}


def assessment_facts(reading: Reading, calendar: Calendar) -> Iterator[Fact]:
    """The ranks that a document reports."""
    for sentence in reading.sentences:
        for token in sentence.doc:
            rank = _rank(token)
            verb = _verb(token)
            if rank is None or verb is None:
                continue
            yield from _facts(reading, sentence, token, rank, verb, calendar)


def _rank(token: Token) -> int | None:
    """The rank at a token: "second place", "ranked 122nd", "the third in the ranking"."""
    rank = ordinal(token.lower_)
    if rank is None:
        return None
    if token.head.lemma_ in ("place", "position", "rank", "spot") or token.head.lemma_ in (
        "rank",
        "place",
        "come",
    ):
        return rank
    return None


def _verb(token: Token) -> Token | None:
    return next((a for a in token.ancestors if a.pos_ == "VERB"), None)


def _facts(
    reading: Reading, sentence: Sentence, token: Token, rank: int, verb: Token, calendar: Calendar
) -> Iterator[Fact]:
    assessed = [
        a.thing
        for a in arguments_at(
            reading,
            sentence,
            [*subjects(verb), *objects_behind(verb, "with"), *objects_behind(token.head, "with")],
        )
        if a.thing is not None
    ]
    dates = find_dates(sentence, calendar)
    indicator = _indicator(verb)
    numbers = (sentence.number,)
    for shift, thing in enumerate(dict.fromkeys(assessed)):
        iri = unnamed(reading.document.iri, sentence.offset(token) + shift, "assessment")
        yield Fact(iri, RDF.type, term("Assessment"), numbers, "rank")
        yield Fact(iri, term("assessed"), thing.iri, numbers, "rank")
        yield Fact(iri, term("rank"), integer(rank), numbers, "rank")
        if indicator:
            yield Fact(
                iri,
                term("indicator"),
                Literal(indicator, language=reading.document.language or "en"),
                numbers,
                "rank",
            )
        if dates:
            yield Fact(iri, term("date"), date_literal(dates[0].value), numbers, "rank")


def _indicator(verb: Token) -> str:
    """What is ranked: behind "in a ranking of", or the name of the index."""
    quoted = re.search(r"\b(?:of|for|on)\b[^“\".]{0,40}[“\"]([^”\"]+)[”\"]", verb.doc.text)
    if quoted:
        return quoted[1]
    for noun in (t for t in verb.subtree if t.lemma_.lower() in _RANKING):
        for object_ in objects_behind(noun, "of", "on", "for"):
            words = phrase(object_, without=frozenset({"relcl", "poss"}))
            return re.sub(r"[“”\"‘’]", "", words)
        before = children(noun, "compound", "nmod")
        if before:
            return str(noun.doc[before[0].left_edge.i : noun.i + 1].text)
    return ""
