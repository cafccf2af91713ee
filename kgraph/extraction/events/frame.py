"""A frame: one sentence's report of one event, before the reports of one event are merged."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Attribution:
    """Whose word a statement is.

    :param claimants: addresses of who says it; none for a bare "reportedly".
    :param stance: local name of a concept of `Stance`.
    """

    claimants: tuple[str, ...] = ()
    stance: str = "asserts"


@dataclass(frozen=True, slots=True)
class Frame:
    """One report of one event.

    :param kind: class of the event.
    :param sentence: number of the sentence, `trigger` the token in it that tells of the event.
    :param nominal: told by a noun, else by a verb.
    :param definite: told as known: "the blocking", "these protests".
    :param agents: addresses of who does it, as fact.
    :param claimed_agents: of who is said to have done it, by `attribution`.
    :param when: date, `until` the end.
    :param phrases: property (local name) and wording: purpose, grievance, demand.
    :param links: property (local name) and the address of its value: participant, location, usedPlatform …
    :param answers: triggers in the same sentence of events that it responds to.
    :param contained_in: trigger in the same sentence of an event at whose time it happened.
    :param part_of: trigger in the same sentence of the event that it is an example of.
    :param resumes: told by a word that takes up what was told before: "the outages".
    :param anaphoric: nothing but a reference to what was told before: dropped if nothing was.
    :param quoted: named in somebody's quoted sentence only.
    :param ended: told as over: its date is that of the end.
    :param distinct: told as another one than before: "an earlier protest".
    :param wave: of protests: told by a plural noun, as a wave of which single gatherings are part.
    """

    kind: str
    sentence: int
    trigger: int
    mechanism: str
    nominal: bool = False
    definite: bool = False
    name: str | None = None
    agents: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    country: str | None = None
    when: str = ""
    until: str = ""
    duration: str = ""
    phrases: tuple[tuple[str, str], ...] = ()
    links: tuple[tuple[str, str], ...] = ()
    answers: tuple[int, ...] = ()
    contained_in: int | None = None
    part_of: int | None = None
    distinct: bool = False
    wave: bool = False
    resumes: bool = False
    anaphoric: bool = False
    ended: bool = False
    attribution: Attribution | None = None
    claimed_agents: tuple[str, ...] = ()
    hedged: bool = False
    quoted: bool = False


@dataclass(slots=True)
class Event:
    """One event: the frames that report it, in reading order, and its address."""

    iri: str
    kind: str
    frames: list[Frame] = field(default_factory=list)
