"""Elections, coups, wars, talks, games, announcements and openings."""

from kgraph.extraction.classes import ACTING, is_a, is_any
from kgraph.extraction.coreference import Reading
from kgraph.extraction.events.arguments import actors, agents_of_noun, agents_of_verb, arguments_at
from kgraph.extraction.events.frame import Frame
from kgraph.extraction.events.gatherings import asked_by
from kgraph.extraction.events.triggers import Found
from kgraph.extraction.mentions import Mention
from kgraph.extraction.sentences import Sentence
from kgraph.extraction.syntax import (
    ancestors,
    children,
    objects_behind,
    patients,
    phrase,
    possessors,
    subjects,
)
from kgraph.extraction.tokens import Token

#: Classes that nouns tell of without a target.
_KINDS = ("Election", "Coup", "ArmedConflict", "Negotiation")

#: Verbs of winning an election.
_WINNING = {"win", "secure", "sweep"}

#: Verbs of announcing.
_ANNOUNCING = {"announce", "pledge", "promise", "vow", "unveil", "declare"}

#: Verbs of demanding.
_DEMANDING = {"demand", "urge", "call", "push", "press"}

#: Verbs of opening something.
_OPENING = {"launch", "open", "create", "start", "establish", "register", "inaugurate", "introduce"}

#: Longest phrase of an announcement or demand, in words.
_LONGEST = 16


def read_occasion(reading: Reading, sentence: Sentence, found: Found) -> Frame | None:
    """The election, coup, war or talks that a noun or verb tells of."""
    kind = next((g.bare for g in found.groups if g.bare in _KINDS), "")
    token = found.token
    if not kind or token.dep_ in ("compound", "nmod"):
        return None
    if (
        kind == "Election"
        and token.tag_ == "NNS"
        and not any(t.dep_ in ("det", "nummod", "amod", "poss") for t in token.lefts)
    ):
        return None
    if kind == "Election" and token.lemma_.lower() in ("vote", "poll") and not _is_ballot(token):
        return None
    links: list[tuple[str, str]] = []
    agents: tuple[str, ...] = ()
    if kind == "Election":
        links = _election_links(reading, sentence, token)
    elif kind == "Negotiation":
        people = [*children(token, "poss"), *objects_behind(token, "with", "between")]
        links = [("participant", iri) for iri in actors(reading, sentence, people)]
        links += [
            ("participant", iri)
            for iri in agents_of_noun(reading, sentence, token)
            if ("participant", iri) not in links
        ]
    elif kind == "Coup":
        agents = (
            agents_of_noun(reading, sentence, token)
            if found.part == "noun"
            else agents_of_verb(reading, sentence, token)
        )
    if kind == "ArmedConflict" and found.part == "verb":
        agents = ()
    return Frame(
        kind,
        sentence.number,
        token.i,
        mechanism=f"{kind.lower()} {found.part}",
        nominal=found.part == "noun",
        definite=any(c.lower_ in ("the", "this", "these", "that", "their", "its") for c in token.children),
        agents=agents,
        links=tuple(links),
        phrases=_matter(token) if kind == "Negotiation" else (),
    )


#: Words by which a "vote" or "poll" is one of a whole people.
_OF_A_PEOPLE = {
    "presidential", "general", "parliamentary", "national", "disputed", "contested", "democratic",
    "nationwide",
}  # fmt: skip


def _is_ballot(noun: Token) -> bool:
    """Whether a "vote" is an election: "the presidential vote", "ahead of the vote", not "a yes vote"."""
    if any(c.lower_ in _OF_A_PEOPLE or c.ent_type_ == "DATE" for c in noun.lefts):
        return True
    if objects_behind(noun, "on", "for", "against", "of", "to") or any(c.dep_ == "acl" for c in noun.rights):
        return False
    definite = any(c.lower_ in ("the", "this") for c in noun.lefts)
    if noun.dep_ != "pobj" or not definite:
        return False
    above = noun.head
    return (
        above.lower_ in ("before", "after", "during", "following", "around", "amid")
        or above.head.lower_ == "ahead"
    )


def _matter(noun: Token) -> tuple[tuple[str, str], ...]:
    """What talks are about, told by the nouns before: "land lease negotiations"."""
    words = [t for t in noun.lefts if t.dep_ in ("compound", "nmod")]
    if words:
        return (("purpose", noun.doc[words[0].left_edge.i : noun.i].text),)
    return tuple(("purpose", phrase(t)) for t in objects_behind(noun, "on", "over", "about"))[:1]


def _election_links(reading: Reading, sentence: Sentence, token: Token) -> list[tuple[str, str]]:
    """Who took part and who won: subjects of "win", "vote", "contest" that rule the noun."""
    for verb in ancestors(token):
        if verb.pos_ != "VERB":
            continue
        lemma = verb.lemma_
        if lemma in _WINNING:
            return [
                (name, iri)
                for iri in actors(reading, sentence, subjects(verb))
                for name in ("participant", "winner")
            ]
        if lemma in ("vote", "contest", "boycott"):
            return [("participant", iri) for iri in actors(reading, sentence, subjects(verb))]
        return []
    return []


def read_vote(reading: Reading, sentence: Sentence, token: Token) -> Frame | None:
    """ "Cubans voted on a new constitution": a vote told by its verb, with those who voted."""
    if token.lemma_ != "vote" or token.pos_ != "VERB" or not objects_behind(token, "on", "in"):
        return None
    people = actors(reading, sentence, subjects(token))
    if not people:
        return None
    return Frame(
        "Election", sentence.number, token.i, mechanism="vote verb", definite=True,
        links=tuple(("participant", iri) for iri in people),
    )  # fmt: skip


def read_named(sentence: Sentence, mention: Mention) -> Frame:
    """An event with a name of its own: "Asian Games", "Orange Revolution"."""
    return Frame(
        mention.kind, sentence.number, mention.head, mechanism="event name", nominal=True, definite=True,
        name=mention.name, country=mention.country,
    )  # fmt: skip


def read_announcement(reading: Reading, sentence: Sentence, token: Token) -> Frame | None:
    """A statement told by its verb: what is announced, promised or asked for."""
    if token.pos_ != "VERB":
        return None
    lemma = token.lemma_
    if lemma in _ANNOUNCING:
        wording = [*children(token, "dobj"), *children(token, "ccomp")]
        words = [phrase(t, without=_DETAILS - ({"acl"} if t.lemma_ in _EMPTY else set())) for t in wording]
        words = [_to_come(t) if t.dep_ == "ccomp" else w for t, w in zip(wording, words, strict=True)]
        phrases = [("purpose", w) for w in words if len(w.split()) <= _LONGEST]
    elif lemma in _DEMANDING:
        words = asked_by(token)
        phrases = [("demand", w) for w in words]
    else:
        return None
    speakers = agents_of_verb(reading, sentence, token)
    if not speakers or not words:
        return None
    phrases = [(name, w) for name, w in phrases if w]
    return Frame(
        "Statement", sentence.number, token.i, mechanism="announcing verb", agents=speakers,
        phrases=tuple(phrases),
    )  # fmt: skip


def _to_come(clause: Token) -> str:
    """What is announced for the time to come; "" where the clause tells of what is or was."""
    if not any(c.lower_ in ("will", "would", "’ll", "'ll") for c in children(clause, "aux")) or children(
        clause, "neg"
    ):
        return ""
    return phrase(clause, without=_DETAILS | {"nsubj", "nsubjpass", "aux", "auxpass"})


def read_promise(reading: Reading, sentence: Sentence, token: Token) -> Frame | None:
    """ "X said it will appeal": what a speaker says that they themselves will do."""
    if token.pos_ != "VERB" or token.lemma_ not in ("say", "state", "tell", "write", "tweet", "confirm"):
        return None
    speakers = agents_of_verb(reading, sentence, token)
    for clause in children(token, "ccomp") if speakers else []:
        own = {t.iri for s in children(clause, "nsubj") if (t := reading.thing_at(sentence.number, s.i))}
        will = any(c.lower_ in ("will", "would", "’ll", "'ll") for c in children(clause, "aux"))
        if will and own & set(speakers):
            words = _to_come(clause)
            fits = 0 < len(words.split()) <= _LONGEST
            return Frame(
                "Statement", sentence.number, token.i, mechanism="promising verb", agents=speakers,
                phrases=(("purpose", words),) if fits else (),
            )  # fmt: skip
    return None


def read_opening(reading: Reading, sentence: Sentence, token: Token) -> Frame | None:
    """The launch of an account, a blog or a portal."""
    if token.pos_ != "VERB" or token.lemma_ not in _OPENING:
        return None
    opened = arguments_at(reading, sentence, patients(token))
    accounts = any(t.lemma_ in ("account", "page", "channel", "blog") for t in token.subtree if t.i > token.i)
    if not any(a.kind in ("account", "Website") or (a.kind == "Platform" and accounts) for a in opened):
        return None
    agents = agents_of_verb(reading, sentence, token)
    if not agents:
        owners = [o for a in opened for o in possessors(a.token)]
        agents = tuple(
            t.iri for o in owners if (t := reading.thing_at(sentence.number, o.i)) and acting(reading, t.iri)
        )
    sites = tuple(("launched", a.thing.iri) for a in opened if a.thing and a.kind == "Website")
    if not agents and not sites:
        return None
    return Frame("Launch", sentence.number, token.i, mechanism="opening verb", agents=agents, links=sites)


#: What an announcement's phrase leaves out.
_DETAILS = frozenset({"relcl", "acl", "appos", "advcl", "cc", "conj", "mark"})

#: Nouns that say nothing without what stands behind them: "a plan to tax calls".
_EMPTY = {
    "plan", "decision", "intention", "measure", "proposal", "move", "step", "law", "bill", "effort",
    "need", "end",
}  # fmt: skip


def acting(reading: Reading, iri: str) -> bool:
    """Whether a thing can act."""
    return is_any(reading.things[iri].kind, ACTING) or is_a(reading.things[iri].kind, "Country")
