"""Acts upon someone or something: blocking, arrest, assault …, told by verbs, nouns and adjectives."""

from collections.abc import Sequence

from kgraph.extraction.classes import HITTABLE, is_a, is_any
from kgraph.extraction.coreference import Reading
from kgraph.extraction.events.arguments import (
    SUFFERED,
    Argument,
    agents_of_noun,
    agents_of_verb,
    arguments_at,
    object_tokens,
    target_tokens_of_noun,
)
from kgraph.extraction.events.frame import Frame
from kgraph.extraction.events.triggers import Found
from kgraph.extraction.lexicon import Trigger, read_words
from kgraph.extraction.sentences import Sentence
from kgraph.extraction.syntax import (
    CONTROL,
    children,
    is_passive,
    objects_behind,
    patients,
    possessors,
    subjects,
)
from kgraph.extraction.tokens import Token

#: Kinds of acts that this module reads; the others have modules of their own.
ROOTS = ("Repression", "InformationControl")

#: Adjectives of a fact that no date or target needs: "was inaccessible due to blocking by X".
_CAUSES = ("due", "because", "owing")


def read_act(reading: Reading, sentence: Sentence, found: Found) -> Frame | None:
    """The act that a trigger tells of; None where its sense is another, or it needs a target and has none."""
    if found.part == "noun" and _is_punishment(found.token):
        return None
    if any(c.lower_ in ("themselves", "himself", "herself", "itself") for c in children(found.token, "dobj")):
        return None  # "journalists censor themselves"
    tokens = _target_tokens(found)
    arguments = arguments_at(reading, sentence, tokens)
    sense = _sense(found.groups, arguments) or _tried(found)
    if sense is None:
        return _taken_up(reading, sentence, found, arguments)
    if not is_any(sense[0], ROOTS):
        return None
    kind, matched = sense
    if found.part == "verb" and not is_passive(found.token) and _is_rule(found.token):
        return None
    agents = _agents(reading, sentence, found)
    if kind == "Surveillance" and _is_measurement(reading, found, agents, matched):
        return None
    targets = _targets(reading, sentence, matched)
    if kind == "InformationControl" and found.token.lemma_ in _ORDERING and not is_passive(found.token):
        targets = tuple(
            t for t in targets if reading.things[t].kind != "TelecomOperator"
        )  # they carry it out
    if not matched and not _stands_without_target(reading, found, agents):
        return None
    if not matched and found.part == "verb" and tokens and kind in _NEEDING and not _are_dates(tokens):
        return None  # "blocking all junctions"
    forced = _forced(found.token)
    if forced and kind == "InformationControl" and any(a.kind == "content" for a in matched):
        kind = "ContentRemoval"
    if forced and kind == "ContentRemoval":
        told = arguments_at(reading, sentence, forced)
        hit = [a.thing.iri for a in told if a.thing and is_any(a.thing.kind, HITTABLE)]
        targets = (*targets, *hit)
        agents = tuple(a for a in agents if a not in hit)
    return Frame(
        kind,
        sentence.number,
        found.token.i,
        mechanism=f"{found.part}{' passive' if found.part == 'verb' and is_passive(found.token) else ''}",
        nominal=found.part == "noun",
        resumes=found.part == "noun"
        and found.token.lemma_ in ("outage", "disruption", "blackout", "interruption"),
        definite=found.part == "noun"
        and any(c.lower_ in ("the", "these", "this", "those") for c in found.token.children),
        anaphoric=found.part == "noun" and found.token.lemma_ in _HELD and not targets and not agents,
        ended=_is_lifted(found.token),
        agents=tuple(a for a in agents if a not in targets),
        targets=targets,
        answers=tuple(
            a.token.i for a in matched if a.kind == "gathering" and kind in ("Crackdown", "Repression")
        ),
    )


#: Verbs of orders, which operators carry out; that they are hit is told by "force" and "pressure".
_ORDERING = {"order", "require", "instruct", "direct", "ask", "request", "mandate"}


def _is_punishment(noun: Token) -> bool:
    """ "Sentenced to five years' imprisonment", "a penalty of detention": what shall follow, no act."""
    above = noun.head.head if noun.dep_ == "pobj" else noun.head
    held = noun.lemma_ in ("imprisonment", "detention", "arrest", "incarceration")
    return held and above.lemma_ in _SENTENCING


#: Nouns for how it is with those who were arrested: "remained in detention".
_HELD = {"detention", "imprisonment", "custody", "incarceration"}

#: Words behind which being held is a punishment.
_SENTENCING = {"sentence", "condemn", "punishable", "face", "risk", "penalty", "punishment", "provide"}


def _is_rule(verb: Token) -> bool:
    """ "The law requires providers to …": what a law lays down is no act."""
    return any(t.lemma_.lower() in read_words("law")["nouns"] for t in subjects(verb))


def _is_measurement(
    reading: Reading, found: Found, agents: tuple[str, ...], matched: Sequence[Argument]
) -> bool:
    """ "A group that monitors internet access" measures; surveillance is done by those in power."""
    if any(
        is_any(reading.things[a].kind, ("CivicOrganization", "InternationalOrganization")) for a in agents
    ):
        return True
    watching = any(
        is_any(reading.things[a].kind, ("StateBody", "Country", "TelecomOperator", "Person")) for a in agents
    )
    return (
        found.part == "verb" and bool(matched) and all(a.kind == "Network" for a in matched) and not watching
    )


def _taken_up(
    reading: Reading, sentence: Sentence, found: Found, arguments: Sequence[Argument]
) -> Frame | None:
    """ "The shutdown", "this measure": what was told before, with those who are said to have done it."""
    determined = any(c.lower_ in ("the", "this", "that", "these", "those") for c in found.token.children)
    kinds = [s.kind for group in found.groups for s in group.senses if s.kind]
    if found.part != "noun" or not determined or arguments or not kinds or not is_any(kinds[0], ROOTS):
        return None
    return Frame(
        kinds[0], sentence.number, found.token.i, mechanism="noun taking up", nominal=True, definite=True,
        anaphoric=True, agents=agents_of_noun(reading, sentence, found.token), ended=_is_lifted(found.token),
    )  # fmt: skip


#: Verbs by which a measure ends.
_LIFTING = {
    "lift", "end", "remove", "reverse", "repeal", "scrap", "rescind", "revoke", "drop", "ease",
    "withdraw", "relax",
}  # fmt: skip


def _is_lifted(noun: Token) -> bool:
    """Whether a measure is told as ended: "lifted its ban", "the ban was lifted"."""
    return noun.dep_ in ("dobj", "nsubjpass") and noun.head.lemma_ in _LIFTING


#: Verbs by which what was cut comes back.
_RESTORING = {"restore", "unblock", "reinstate", "reconnect", "resume", "reopen", "unban"}


def read_restoration(reading: Reading, sentence: Sentence, token: Token) -> Frame | None:
    """ "Access to X was restored on July 9": the end of a blocking or shutdown told before (gold rule 13)."""
    if token.pos_ != "VERB" or token.lemma_ not in _RESTORING:
        return None
    tokens = object_tokens(token) or subjects(token)
    found = [a.thing for a in arguments_at(reading, sentence, tokens) if a.thing]
    cut = [t for t in found if t.kind in ("Network", "Platform", "Website", "MediaOutlet")]
    if not cut:
        return None
    kind = "Shutdown" if cut[0].kind == "Network" else "Blocking"
    hit = tuple(t.iri for t in cut)
    named = any(t.proper for t in cut)
    return Frame(
        kind, sentence.number, token.i, mechanism="restoring verb", anaphoric=not named, ended=True,
        targets=hit if named else (),
    )  # fmt: skip


def _stands_without_target(reading: Reading, found: Found, agents: tuple[str, ...]) -> bool:
    """Whether an act is told though we know nothing that it hits: by a noun, or of a body of the state."""
    if found.part == "noun":
        return bool(agents) or found.groups[0].bare not in ("Surveillance",)
    return _tried(found) is not None or any(
        is_any(reading.things[a].kind, ("StateBody", "Country", "TelecomOperator")) for a in agents
    )


def _tried(found: Found) -> tuple[str, list[Argument]] | None:
    """ "The two were charged": a trial of people whom the sentence does not name."""
    if not any(s.kind == "Prosecution" for group in found.groups for s in group.senses):
        return None
    whom = children(found.token, "nsubjpass") if found.part == "verb" else []
    people = [
        t for t in whom if t.pos_ in ("NUM", "PRON") and t.tag_ not in ("WDT", "WP") and t.lower_ != "it"
    ]
    return ("Prosecution", []) if people else None


#: Acts by verbs of many senses: done to something that we do not know, they may be others.
_NEEDING = ("Blocking", "Shutdown", "Throttling", "Ban")


def _are_dates(tokens: Sequence[Token]) -> bool:
    return all(t.ent_type_ in ("DATE", "TIME") for t in tokens)


def _forced(verb: Token) -> list[Token]:
    """Whom a verb above makes do it: "pressured *platforms* to remove content"."""
    head = verb.head
    if verb.dep_ not in ("xcomp", "ccomp", "advcl") or head.lemma_ not in CONTROL:
        return []
    return children(head, "nsubjpass") if is_passive(head) else children(head, "dobj")


def _target_tokens(found: Found) -> list[Token]:
    """What a trigger is said of: a verb's objects, what stands behind a noun, an adjective's subject."""
    token = found.token
    if found.part == "verb":
        tokens = object_tokens(token)
        if not tokens or tokens[0].lemma_.lower() not in _MEANS:
            return tokens
        return objects_behind(token, "on", "against", "at", "into") or [
            t
            for clause in children(token, "advcl", "xcomp")
            if clause.lemma_ in DISPERSING
            for t in patients(clause)
        ]
    if found.part == "noun":
        return [*target_tokens_of_noun(token), *_owner(token)]
    described = children(token.head, "nsubj", "nsubjpass")
    if token.head.dep_ == "relcl":
        described = [token.head.head]
    if not described and token.head.dep_ in ("xcomp", "conj", "ccomp"):
        described = children(token.head.head, "nsubj", "nsubjpass")
    return described


#: What force is used for: "fired tear gas to disperse the crowd".
DISPERSING = {
    "disperse", "break", "quell", "crush", "suppress", "scatter", "clear", "repel", "stop", "control",
}  # fmt: skip

#: Means of force: what is done with them is done to whom they are used against.
_MEANS = {
    "gas", "teargas", "cannon", "bullet", "force", "ammunition", "fire", "round", "violence", "grenade",
    "baton",
}  # fmt: skip


def _owner(noun: Token) -> list[Token]:
    """Whose arrest or trial it is; an act of control is its owner's."""
    return children(noun, "poss") if noun.lemma_ in SUFFERED else []


def _sense(groups: Sequence[Trigger], arguments: Sequence[Argument]) -> tuple[str, list[Argument]] | None:
    """The class that a word tells of these targets, and the targets that go with it."""
    for group in groups:
        for sense in group.senses:
            matched = [a for a in arguments if any(is_a(a.kind, t) for t in sense.targets)]
            if matched:
                return (sense.kind, [a for a in arguments if _fits(group, a)]) if sense.kind else None
    if any(a.kind for a in arguments):
        return None
    bare = next((group.bare for group in groups if group.bare), "")
    return (bare, []) if bare else None


def _fits(group: Trigger, argument: Argument) -> bool:
    """Whether a target goes with any act that a word tells of: one list can hold platforms and networks."""
    for sense in group.senses:
        if any(is_a(argument.kind, target) for target in sense.targets):
            return sense.kind != ""
    return False


def _agents(reading: Reading, sentence: Sentence, found: Found) -> tuple[str, ...]:
    if found.part == "verb":
        return agents_of_verb(reading, sentence, found.token)
    if found.part == "noun":
        return agents_of_noun(reading, sentence, found.token)
    causes = [c for c in found.token.head.children if c.lower_ in _CAUSES]
    by = [noun for cause in causes for noun in objects_behind(cause, "to", "of")]
    return tuple(iri for noun in by for iri in agents_of_noun(reading, sentence, noun))


def _targets(reading: Reading, sentence: Sentence, matched: Sequence[Argument]) -> tuple[str, ...]:
    """Addresses of what is hit: of data and gatherings, those whose they are."""
    found: dict[str, None] = {}
    for argument in matched:
        if argument.thing is not None and _is_nobody(argument):
            continue
        if argument.thing is not None:
            if is_any(argument.thing.kind, HITTABLE) and argument.thing.kind != "Country":
                found[argument.thing.iri] = None
            continue
        if argument.kind in ("data", "gathering", "account", "content", "freedom", "licence"):
            owners = [*possessors(argument.token), *objects_behind(argument.token, "of", "by")]
            for owner in arguments_at(reading, sentence, owners):
                if owner.thing is not None and is_a(owner.thing.kind, "Actor"):
                    found[owner.thing.iri] = None
    return tuple(found)


def _is_nobody(argument: Argument) -> bool:
    """ "12 people were killed": people of whom nothing else is said are nobody that is hit."""
    bare = argument.token.lemma_.lower() in ("people", "person")
    return bare and not children(argument.token, "relcl", "acl", "prep", "amod", "compound", "appos")
