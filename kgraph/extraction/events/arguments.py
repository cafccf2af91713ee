"""Who does it and what it hits: the things that stand at the arguments of a trigger."""

from collections.abc import Iterable
from dataclasses import dataclass

from kgraph.extraction.classes import ACTING, is_any
from kgraph.extraction.coreference import Reading, Thing
from kgraph.extraction.lexicon import noun_classes, stem
from kgraph.extraction.mentions import Mention
from kgraph.extraction.sentences import Sentence
from kgraph.extraction.syntax import (
    agents_by,
    child,
    children,
    examples,
    is_passive,
    main_verb,
    members,
    objects_behind,
    patients,
    possessors,
    subjects,
)
from kgraph.extraction.tokens import Token

#: Nouns through which an act hits something else: "access to X", "the use of X".
_THROUGH = {
    "access", "connection", "connectivity", "connectio", "use", "availability", "accessibility",
    "attempt", "ability",
}  # fmt: skip

#: Verbs that say that an act was done and leave it to their object to say which: "carried out a raid".
LIGHT_VERBS = {
    "add", "publish", "post", "spread", "disseminate", "plant", "install", "operate", "deploy", "set",
    "build", "carry", "conduct", "stage", "hold", "impose", "launch", "make", "mount", "issue", "introduce",
    "implement", "maintain", "order", "perform", "practise", "practice", "exercise", "organize", "organise",
    "convene", "experience", "continue", "begin", "start", "lead", "enforce", "announce", "declare", "use",
    "employ", "join", "attend", "call", "commit", "execute", "allow", "do", "take", "host", "undertake",
}  # fmt: skip

#: Verbs whose subject suffers the act that their object tells: "faced harassment".
SUFFERING = {"face", "suffer", "experience", "undergo", "endure", "encounter", "sustain"}


#: Nouns whose owner suffers what they tell: "his arrest".
SUFFERED = {"arrest", "detention", "trial", "imprisonment", "conviction", "prosecution", "murder", "jailing"}


@dataclass(frozen=True, slots=True)
class Argument:
    """What stands at an argument of a trigger.

    :param kind: class of the thing, or a pseudo-class that tells senses apart.
    :param thing: the thing, where it is a node.
    """

    token: Token
    kind: str
    thing: Thing | None


def arguments_at(reading: Reading, sentence: Sentence, tokens: Iterable[Token]) -> list[Argument]:
    """The things that the lists starting at some tokens name; examples go before the generic noun."""
    found: list[Argument] = []
    for token in _counted(tokens):
        for member in _list_at(reading, sentence, token):
            group = reading.group_at(sentence.number, member.i)
            if group:
                found += [each for t in group if (each := Argument(member, t.kind, t)) not in found]
                continue
            named = [
                a
                for t in examples(member)
                if (a := _argument(reading, sentence, t)) and a.thing and a.thing.proper
            ]
            own = _face_of(reading, sentence, member) or _argument(reading, sentence, member)
            if own and own.thing:
                named = [a for a in named if family(a.kind) == family(own.kind)]
            if named and own and own.thing and _is_including(member):
                named = [own, *named]
            named = named or (_behind_colon(reading, sentence, member, own) if own else [])
            for argument in named or ([own] if own else _behind(reading, sentence, member)):
                if argument not in found:
                    found.append(argument)
    return found


#: Nouns that only say how many of what stands behind "of".
_QUANTITIES = {
    "thousand", "hundred", "dozen", "score", "million", "number", "majority", "group", "crowd", "handful",
    "couple", "ten", "series", "lot", "many", "some", "most", "several", "any", "all", "both", "two",
    "three", "four", "five",
}  # fmt: skip


def _counted(tokens: Iterable[Token]) -> Iterable[Token]:
    """The tokens, with "thousands of X" seen through to X."""
    for token in tokens:
        many = token.lower_.rstrip("s") in _QUANTITIES or token.like_num or token.lemma_ == "member"
        behind = objects_behind(token, "of") if many else []
        yield from behind or [token]


#: Parts of a service through which the whole is hit.
_FACES = {
    "server", "service", "app", "application", "website", "site", "content", "traffic", "domain",
    "functionality", "messenger", "platform", "endpoint", "connection", "api", "page", "medium",
}  # fmt: skip


def _face_of(reading: Reading, sentence: Sentence, token: Token) -> Argument | None:
    """ "Facebook's image servers", "the WhatsApp service": the platform that a part of it stands for."""
    if token.lemma_.lower() not in _FACES:
        return None
    for before in (*possessors(token), *children(token, "compound", "nmod")):
        thing = reading.thing_at(sentence.number, before.i)
        whose = thing is not None and before.dep_ == "poss"  # an outlet's website is a site of its own
        if (
            thing is not None
            and thing.proper
            and (thing.kind == "Platform" or (thing.kind == "MediaOutlet" and not whose))
        ):
            return Argument(before, thing.kind, thing)
    return None


def _behind_colon(reading: Reading, sentence: Sentence, token: Token, own: Argument) -> list[Argument]:
    """ "Five outlets: A, B and C", "the websites A and B": the names behind it are what the noun counts."""
    if token.i + 2 >= len(sentence.doc) or token.tag_ not in ("NNS", "NNPS"):
        return []
    found: list[Argument] = []
    colon = sentence.doc[token.i + 1].text == ":"
    end = token.i + 2 if colon else token.i + 1
    if not colon and not any(m.start == end and m.proper for m in reading.mentions[sentence.number]):
        return []
    for mention in (m for m in reading.mentions[sentence.number] if m.start >= end):
        between = {t.lower_ for t in sentence.doc[end : mention.start]}
        thing = reading.thing_at(sentence.number, mention.head)
        if (
            not between <= _BETWEEN
            or thing is None
            or not thing.proper
            or family(thing.kind) != family(own.kind)
        ):
            break
        found.append(Argument(sentence.doc[mention.head], thing.kind, thing))
        end = mention.end
    return found


def _is_including(token: Token) -> bool:
    """ "Tools, including X": the tools and X; "tools such as X": X only (gold rule 18)."""
    return any(c.lower_ == "including" for c in token.children)


#: Words that may stand between two members of a list.
_BETWEEN = {
    ",", "and", "or", "&", "as", "well", "the", "some", "many", "other", "various", "several", "a",
    "an", "also", ";", "both", "their",
}  # fmt: skip


def _list_at(reading: Reading, sentence: Sentence, token: Token) -> list[Token]:
    """All members of the list that a token starts: by the parse, and by what stands behind the last member.

    The parser often hangs the later members of a list on a wrong word, or takes them for modifiers.
    """
    found = [t for t in members(token) if not _says_again(reading, sentence, t)]
    mentions = [m for m in reading.mentions[sentence.number] if m.mechanism != "adjective"]
    found = [*_without_comma(sentence, mentions, found), *_before_last(sentence, mentions, found), *found]
    last = next((m for m in mentions if m.head == found[-1].i), None) if found else None
    while last is not None:
        behind = next((m for m in mentions if m.start >= last.end), None)
        if behind is None or not _goes_on(sentence, last, behind):
            break
        following = sentence.doc[behind.head]
        if following not in found:
            found.append(following)
        last = behind
    return found


def _without_comma(sentence: Sentence, mentions: list[Mention], found: list[Token]) -> list[Token]:
    """A name right before another of its kind, with the comma between them missing."""
    first = next((m for m in mentions if found and m.head == found[0].i), None)
    if first is None or first.entry is None:
        return []
    before = next((m for m in mentions if m.end == first.start and m.entry and m.kind == first.kind), None)
    return [sentence.doc[before.head]] if before else []


def _before_last(sentence: Sentence, mentions: list[Mention], found: list[Token]) -> list[Token]:
    """The first members of a list of which the parse gives the last alone: "access to A, B, and C"."""
    last = next((m for m in mentions if found and m.head == found[0].i), None)
    if last is None or last.start < 1 or sentence.doc[last.start - 1].lower_ != "and" or not last.proper:
        return []
    earlier: list[Token] = []
    for before in reversed([m for m in mentions if m.end <= last.start and m.proper]):
        token = sentence.doc[before.head]
        if token.dep_ in ("nsubj", "nsubjpass", "poss") or not _goes_on(sentence, before, last):
            break
        earlier.append(token)
        last = before
    return earlier[::-1]


def _says_again(reading: Reading, sentence: Sentence, token: Token) -> bool:
    """Whether an apposition stands for the same thing as what it explains."""
    if token.dep_ != "appos":
        return False
    thing = reading.thing_at(sentence.number, token.i)
    if thing is None:
        return reading.mention_at(sentence.number, token.i) is None
    return thing == reading.thing_at(sentence.number, token.head.i)


def _goes_on(sentence: Sentence, last: Mention, behind: Mention) -> bool:
    """Whether a mention is the next member of a list: of a like kind, with only list words between."""
    between = [t.lower_ for t in sentence.doc[last.end : behind.start]]
    if not between or not set(between) <= _BETWEEN or not set(between) & {",", "and", "or", "&"}:
        return False
    token = sentence.doc[behind.head]
    if token.dep_ in ("nsubj", "nsubjpass", "poss"):
        return False
    return family(last.kind) == family(behind.kind) != ""


def family(kind: str) -> str:
    """What kinds go together in a list: actors, places, or what can be reached."""
    if is_any(kind, ("Actor",)) and kind != "MediaOutlet":
        return "actors"
    if is_any(kind, ("Place",)):
        return "places"
    return "reached" if kind in ("Platform", "Website", "Network", "MediaOutlet") else ""


def _argument(reading: Reading, sentence: Sentence, token: Token) -> Argument | None:
    mention = reading.mention_at(sentence.number, token.i)
    thing = reading.thing_at(sentence.number, token.i)
    if mention is not None and mention.mechanism == "adjective" and not mention.aliases:
        return None
    if mention is not None:
        return Argument(token, thing.kind if thing else mention.kind, thing)
    own = token.dep_ == "poss" and not (token.pos_ == "PRON" and token.head.lemma_ in SUFFERED)
    return Argument(token, thing.kind, thing) if thing and not own else None


def _behind(reading: Reading, sentence: Sentence, token: Token) -> list[Argument]:
    """What a noun that is no mention leads to: "access to X", "editions of X", "X services"."""
    behind = (
        objects_behind(token, "to", "of") if token.lemma_.lower() in _THROUGH else objects_behind(token, "of")
    )
    if behind:
        return arguments_at(reading, sentence, behind)
    if token.pos_ == "VERB" and token.lemma_ in ("access", "use", "reach"):
        return arguments_at(reading, sentence, patients(token))
    modifiers = children(token, "compound", "nmod", "amod")
    found = [a for t in modifiers if (a := _argument(reading, sentence, t))]
    return [a for a in found if a.kind in ("Platform", "Website", "Network", "MediaOutlet")]


def actors(reading: Reading, sentence: Sentence, tokens: Iterable[Token]) -> tuple[str, ...]:
    """Addresses of those at some tokens who can act."""
    found = arguments_at(reading, sentence, tokens)
    return tuple(
        dict.fromkeys(a.thing.iri for a in found if a.thing is not None and is_any(a.thing.kind, ACTING))
    )


def agents_of_verb(reading: Reading, sentence: Sentence, verb: Token) -> tuple[str, ...]:
    """Who does what a verb tells: those who order it, and those who carry it out where both are told."""
    if is_passive(verb):
        named = agents_by(verb)
        if not named and verb.dep_ == "conj" and verb.head.pos_ == "VERB" and is_passive(verb.head):
            named = agents_by(verb.head)
    else:
        named = subjects(verb)
    return actors(reading, sentence, [*named, *_orderers(verb)])


#: Words for what makes someone act: whose it is acts too.
_ORDERS = {"order", "instruction", "request", "behest", "direction", "command", "directive", "direct"}


def _orderers(act: Token) -> list[Token]:
    """Who ordered it: "on the orders of X", "at the request of X", "on government orders"."""
    verb = act if act.pos_ == "VERB" else act.head
    orders = [
        n for n in objects_behind(verb, "on", "at", "under", "upon", "following") if n.lemma_ in _ORDERS
    ]
    return [
        t for n in orders for t in (*objects_behind(n, "of", "from", "by"), *children(n, "poss", "compound"))
    ]


def agents_of_noun(reading: Reading, sentence: Sentence, noun: Token) -> tuple[str, ...]:
    """Who does what a noun tells: "X's ban", "a ban by X", "X imposed a ban", "government censorship"."""
    named = [*agents_by(noun), *([] if noun.lemma_ in SUFFERED else children(noun, "poss"))]
    named += [t for t in children(noun, "compound", "amod") if _acts(t)]
    top = noun
    while top.dep_ == "conj":
        top = top.head
        named += [t for t in children(top, "compound", "amod") if _acts(t)]
    if top.dep_ in ("dobj", "attr") and top.head.lemma_ in LIGHT_VERBS and top.head.lemma_ not in SUFFERING:
        verb = main_verb(top.head)
        named += subjects(verb)
    if top.dep_ == "nsubjpass" and top.head.lemma_ in LIGHT_VERBS:
        named += agents_by(top.head)
    named += _orderers(top)
    found = dict.fromkeys(iri for token in named for iri in _actors_or_owner(reading, sentence, token))
    return tuple(found)


def _actors_or_owner(reading: Reading, sentence: Sentence, token: Token) -> tuple[str, ...]:
    if token.dep_ == "poss" and token.pos_ == "PRON":
        thing = reading.thing_at(sentence.number, token.i)
        return (thing.iri,) if thing and is_any(thing.kind, ACTING) else ()
    return actors(reading, sentence, [token])


def _acts(token: Token) -> bool:
    """Whether a noun before another is who does it: "government censorship", "police violence"."""
    return noun_classes().get(stem(token.lemma_)) in ("StateBody", "SecurityForce") and token.pos_ in (
        "NOUN",
        "PROPN",
        "ADJ",
    )


def object_tokens(verb: Token) -> list[Token]:
    """What a verb is done to, seen through "access to", and through particles and prepositions it needs."""
    found = patients(verb)
    if not found:
        tied = ("with",) if verb.lemma_ in ("interfere", "tamper") else ()
        found = objects_behind(verb, "on", "against", "to", "at", "into", *tied)
    through: list[Token] = []
    for token in found:
        behind = objects_behind(token, "to", "of") if token.lemma_.lower() in _THROUGH else []
        if token.lemma_.lower() in _THROUGH and not behind:
            behind = objects_behind(verb, "to") or children(token, "compound", "nmod", "amod")
        through += behind or [token]
    return through


def target_tokens_of_noun(noun: Token) -> list[Token]:
    """What an act told by a noun hits: "the blocking of X", "a crackdown on X", "X's arrest"."""
    over = ("over",) if noun.lemma_ in ("control", "monopoly", "censorship") else ()
    found = objects_behind(noun, "of", "on", "against", "to", "upon", "targeting", *over)
    through = []
    for token in found:
        behind = objects_behind(token, "to", "of") if token.lemma_.lower() in _THROUGH else []
        through += behind or [token]
    if not through and noun.dep_ == "dobj" and noun.head.lemma_ in LIGHT_VERBS:
        # "Imposed a block on X": the parse often hangs the preposition on the verb.
        through = [
            t
            for t in objects_behind(noun.head, "on", "against")
            if t.lemma_ not in _ORDERS and t.ent_type_ not in ("DATE", "TIME")
        ]
    if not through:
        through = _shared_with(noun) or children(noun, "compound", "nmod", "amod")
    through += _sufferers(noun)
    if not through and (whole := whole_of(noun)) is not None:
        through = target_tokens_of_noun(whole)
    clause = child(noun, "acl")
    if clause is not None and clause.lemma_ in ("affect", "target", "access"):
        through += patients(clause)
    return through


def _shared_with(noun: Token) -> list[Token]:
    """What stands behind a list of acts is hit by each of them: "the removal and arrest of X"."""
    beside = [c for c in children(noun, "conj") if c.pos_ == "NOUN"]
    beside += [noun.head] if noun.dep_ == "conj" and noun.head.pos_ == "NOUN" else []
    return [t for other in beside for t in objects_behind(other, "of") if t.i > max(noun.i, other.i)]


def whole_of(noun: Token) -> Token | None:
    """The noun of which a noun is an example: "crackdowns on citizens, including beatings"."""
    while noun.dep_ == "conj":
        noun = noun.head
    above = noun.head
    if noun.dep_ == "pobj" and above.lower_ in ("including", "as") and above.head.pos_ == "NOUN":
        return above.head
    return None


def _sufferers(noun: Token) -> list[Token]:
    """Who suffers an act: "X was subject to harassment", "X faced pressure"."""
    while noun.dep_ == "conj" and noun.head.pos_ == "NOUN":
        noun = noun.head
    if noun.dep_ == "pobj" and noun.head.lower_ == "of" and noun.head.head.lemma_ in _QUANTITIES:
        noun = noun.head.head
    head = noun.head
    if noun.dep_ == "dobj" and head.lemma_ in SUFFERING:
        return [head.head] if head.dep_ == "acl" else subjects(head)
    if noun.dep_ == "pobj" and head.lower_ == "to":
        above = head.head
        if above.lemma_ == "subject" and above.pos_ in ("ADJ", "VERB"):
            verb = above.head if above.pos_ == "ADJ" else above
            return [*children(verb, "nsubj", "nsubjpass")]
    return []
