"""Accounts: whose presence on which platform, told by nouns ("X's Twitter account") and by handles."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from kgraph.extraction.classes import is_a
from kgraph.extraction.coreference import Reading, Thing
from kgraph.extraction.events.arguments import actors
from kgraph.extraction.events.merging import Events
from kgraph.extraction.facts import Fact, term
from kgraph.extraction.sentences import Sentence
from kgraph.extraction.stretches import Carry
from kgraph.extraction.syntax import children, conjuncts, objects_behind, subjects
from kgraph.extraction.tokens import Token
from kgraph.iris import unnamed
from kgraph.namespaces import RDF
from kgraph.records import Literal

#: Nouns for an account.
_NOUNS = {"account", "page", "profile", "channel", "feed", "handle"}

#: "@name"; a dot or hyphen at its end is the sentence's.
_HANDLE = re.compile(r"@(\w+(?:[.-]\w+)*)")


@dataclass(frozen=True, slots=True)
class Account:
    """One account as one sentence tells of it.

    :param opened_by: token of the verb by which it was opened, -1 for none.
    """

    iri: str
    sentence: int
    holder: str | None
    platform: str | None
    handle: str = ""
    opened_by: int = -1


def find_accounts(reading: Reading, carry: Carry | None = None) -> list[Account]:
    """The accounts of a document: one for each holder and platform.

    :param carry: what is known from the document's earlier stretches; added to.
    """
    carry = carry or Carry()
    found: dict[tuple[str | None, str | None, str], Account] = {}
    for sentence in reading.sentences:
        by_noun = list(_by_noun(reading, sentence))
        told = {account.handle for account in by_noun}
        by_handle = (account for account in _by_handle(reading, sentence) if account.handle not in told)
        for account in (*by_noun, *by_handle):
            key = (account.holder, account.platform, account.handle)
            if key not in carry.accounts:
                found.setdefault(key, account)
    carry.accounts |= found.keys()
    return list(found.values())


def _by_noun(reading: Reading, sentence: Sentence) -> Iterator[Account]:
    for noun in sentence.doc:
        if noun.lemma_.lower() not in _NOUNS:
            continue
        platforms = _platforms_before(reading, sentence, noun) or _platforms_behind(reading, sentence, noun)
        if not platforms:
            continue
        holders = _holders(reading, sentence, noun)
        ruling = _ruling_verb(noun)
        verb = ruling.i if ruling is not None else -1
        handle = _handle_before(reading, sentence, noun) or _handle_behind(sentence, noun)
        for number, platform in enumerate(platforms):
            for shift, holder in enumerate(holders):
                offset = sentence.offset(noun) + number + shift
                yield Account(
                    unnamed(reading.document.iri, offset, "account"),
                    sentence.number,
                    holder,
                    platform.iri,
                    handle,
                    verb,
                )


def _platforms_before(reading: Reading, sentence: Sentence, noun: Token) -> list[Thing]:
    """The platforms named in the noun's modifiers: "Instagram and Twitter accounts"."""
    found = []
    for position in range(noun.i - 1, -1, -1):
        thing = reading.thing_at(sentence.number, position)
        if thing is not None and thing.kind == "Platform" and thing.proper:
            found.append(thing)
        elif sentence.doc[position].lower_ not in ("and", ",", "or", "official"):
            break
    return list(dict.fromkeys(reversed(found)))


def _platforms_behind(reading: Reading, sentence: Sentence, noun: Token) -> list[Thing]:
    """The platforms behind the noun, or behind the verb that it is the object of: "accounts on X and Y"."""
    verb = _ruling_verb(noun)
    behind = objects_behind(noun, "on") or (objects_behind(verb, "on") if verb is not None else [])
    things = [reading.thing_at(sentence.number, t.i) for first in behind for t in conjuncts(first)]
    return [thing for thing in things if thing is not None and thing.kind == "Platform" and thing.proper]


def _ruling_verb(noun: Token) -> Token | None:
    """The verb whose object an account is, seen through the list before it."""
    while noun.dep_ == "conj":
        noun = noun.head
    return noun.head if noun.dep_ == "dobj" else None


def _holders(reading: Reading, sentence: Sentence, noun: Token) -> list[str | None]:
    """Whose it is: the possessor, "of X", "under the names of X and Y", the one who opened it."""
    verb = _ruling_verb(noun)
    under = objects_behind(verb, "under") if verb is not None else []
    behind = [holder for name in under for holder in objects_behind(name, "of")]
    for tokens in (
        behind,
        objects_behind(noun, "of"),
        children(noun, "poss"),
        _named_before(reading, sentence, noun),
    ):
        named = [iri for t in tokens for c in conjuncts(t) for iri in _actor(reading, sentence, c)]
        if named:
            return list(dict.fromkeys(named))
    if verb is not None:
        openers = actors(reading, sentence, subjects(verb))
        return [*(iri for iri in openers if reading.things[iri].kind != "Group")] or [None]
    return [None]


def _named_before(reading: Reading, sentence: Sentence, noun: Token) -> list[Token]:
    return [
        t
        for t in noun.lefts
        if (thing := reading.thing_at(sentence.number, t.i)) and is_a(thing.kind, "Actor")
    ]


def _actor(reading: Reading, sentence: Sentence, token: Token) -> tuple[str, ...]:
    thing = reading.thing_at(sentence.number, token.i)
    fits = (
        thing is not None and (is_a(thing.kind, "Actor") or thing.kind == "Country") and thing.kind != "Group"
    )
    return (thing.iri,) if thing is not None and fits else ()


def _handle_before(reading: Reading, sentence: Sentence, noun: Token) -> str:
    """A name in mixed case before the platform is a handle: "his AkOrdaPress Facebook account"."""
    for token in noun.doc[noun.left_edge.i : noun.i]:
        inner = sum(c.isupper() for c in token.text[1:])
        if (
            inner
            and token.text.isalnum()
            and not token.text.isupper()
            and reading.thing_at(sentence.number, token.i) is None
        ):
            return str(token.text)
    return ""


def _handle_behind(sentence: Sentence, noun: Token) -> str:
    """ "His Facebook page @name"."""
    if noun.i + 1 >= len(noun.doc):
        return ""
    handle = _HANDLE.match(sentence.passage.text, noun.nbor().idx)
    return handle[1] if handle else ""


def _by_handle(reading: Reading, sentence: Sentence) -> Iterator[Account]:
    """ "@name": an account on the platform that the sentence tells of ("tweeted" tells Twitter)."""
    for token in sentence.doc:
        handle = _HANDLE.match(sentence.passage.text, token.idx)
        if handle and (token.idx == 0 or not sentence.passage.text[token.idx - 1].isalnum()):
            named = [m for m in reading.mentions[sentence.number] if m.kind == "Platform" and m.proper]
            platform = reading.thing_at(sentence.number, named[0].head) if named else None
            yield Account(
                unnamed(reading.document.iri, sentence.offset(token), "account"), sentence.number, None,
                platform.iri if platform else None, handle[1],
            )  # fmt: skip


def account_facts(accounts: list[Account], events: Events) -> Iterator[Fact]:
    """The triples of the accounts, and which launch opened them."""
    for account in accounts:
        numbers = (account.sentence,)
        launch = events.at(account.sentence, account.opened_by)
        if launch is not None and launch.kind == "Launch":
            yield Fact(launch.iri, term("launched"), account.iri, numbers, "account")
        yield Fact(account.iri, RDF.type, term("Account"), numbers, "account")
        if account.holder:
            yield Fact(account.iri, term("accountHolder"), account.holder, numbers, "account")
        if account.platform:
            yield Fact(account.iri, term("onPlatform"), account.platform, numbers, "account")
        if account.handle:
            yield Fact(account.iri, term("handle"), Literal(account.handle), numbers, "account")
