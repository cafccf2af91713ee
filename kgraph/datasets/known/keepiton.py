"""Access Now, #KeepItOn: internet shutdowns, blocked services and throttling, since 2016.

The publisher's columns changed twice; `_LAYOUTS` says what each generation calls them. A row is an event: a
shutdown, a blocking, a throttling, or two of these where it tells of two. Why it was done is a claim: that of
the tracker, and beside it that of the government.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from kgraph.datasets.cells import (
    concept,
    constant,
    day_of,
    key,
    known,
    named_thing,
    own,
    publisher,
    row_key,
)
from kgraph.datasets.context import Context
from kgraph.datasets.declaring import Cell, Dataset, Named, Odd, Row, Say, Table, Thing, Value
from kgraph.datasets.operators import operators_in
from kgraph.datasets.places import places_in
from kgraph.iris import slug
from kgraph.namespaces import KG, KGC, XSD
from kgraph.records import Literal


@dataclass(frozen=True, slots=True)
class _Layout:
    """What a generation of the file calls its columns; "" where it has none."""

    edition: str
    columns: frozenset[str]
    kind: str
    extent: str
    network: str
    justification: str
    justification_details: str
    cause_details: str
    services: str
    decision_maker: str = "decision_maker"
    number: str = ""
    calls: tuple[str, ...] = ()


_LAYOUTS = (
    _Layout(
        "", frozenset({"start_date", "country", "shutdown_type", "shutdown_extent", "gov_justification"}),
        kind="shutdown_type", extent="shutdown_extent", network="affected_network",
        justification="gov_justification", justification_details="gov_just_details",
        cause_details="actual_cause_details", services="other_affected",
        calls=("sms_affected", "phonecall_affected"),
    ),
    _Layout(
        "2019", frozenset({"ID", "start_date", "country", "shutdown_type_new", "full or service-based"}),
        kind="shutdown_type_new", extent="full or service-based", network="affected_network",
        justification="official_just", justification_details="other_just_details",
        cause_details="other_cause_details", services="other_service_details (specify)", number="ID",
        calls=("SMS_and_phone_call_affected",),
    ),
    _Layout(
        "2016-2018", frozenset({"id", "start_date", "country", "shutdown_type_group", "official_just"}),
        kind="shutdown_type", extent="shutdown_type_group", network="shutdown_type",
        justification="official_just", justification_details="", cause_details="", services="service_details",
        decision_maker="", number="id", calls=("shutdown_type",),
    ),
)  # fmt: skip


def _states(row: Row, context: Context) -> list[Named]:
    """The states, several where a cable served several; a territory is a place.

    :raises Odd: if one is not known.
    """
    names = filter(None, (name.strip() for name in row.get("country").split(";")))
    found = [_state_or_place(name, context) for name in names]
    if not found:
        raise Odd("country is empty")
    return found


def _state_or_place(name: str, context: Context) -> Named:
    try:
        return context.states.by_name(name)
    except Odd:
        for entry in context.gazetteer.find(name):
            if entry.kind == "Place" and not entry.population:  # no town
                return Named(entry.iri, KG.Place, entry.label)
        raise


def _of(country: Named) -> tuple[tuple[str, Named], ...]:
    """Of a state; of a territory nothing is told."""
    return ((KG.country, country),) if country.class_ == KG.Country else ()


def _country(row: Row, context: Context) -> Iterator[Value]:
    yield from (state for state in _states(row, context) if state.class_ == KG.Country)


_YES = frozenset({"yes", "true"})
_SAYS_NOTHING = frozenset({"unknown", "unkown", "uknown", "none", "no", "na", "not sure", "other"})


def _says_nothing(text: str) -> bool:
    return not known(text) or text.strip().lower() in _SAYS_NOTHING


# What it was


def _kinds(row: Row, layout: _Layout) -> list[str]:
    """Local names of the classes of what a row tells of."""
    kind, extent = row.get(layout.kind).lower(), row.get(layout.extent).lower()
    throttled = "throttl" in kind
    if layout.edition == "2016-2018":  # the networks are named in the kind, whatever was done to them
        of_services = "service" in kind
        cut = "internet" in kind and not throttled and not of_services
    else:
        of_services = "shutdown" in kind and "service" in extent
        cut = "shutdown" in kind and ("full" in extent or not of_services)
    told = {"Shutdown": cut, "Blocking": of_services, "Throttling": throttled}
    return [name for name, is_told in told.items() if is_told] or ["InformationControl"]


def _row_key(layout: _Layout) -> Cell:
    """What tells an event from others; there is none in a country that nobody knows."""
    told = key(layout.edition, f"{{{layout.number}}}") if layout.number else row_key("event")

    def cell(row: Row, context: Context) -> Iterable[Value]:
        _states(row, context)
        return told(row, context)

    return cell


# When


def _start(row: Row, context: Context) -> Iterator[Value]:
    """The beginning; of one that is estimated the year alone, for the day is a claim."""
    text = row.get("start_date")
    if known(text):
        told = day_of(text, "start_date", "mdy")
        yield Literal(told.lexical[:4], XSD.gYear) if _is_estimated(row) else told


def _is_estimated(row: Row) -> bool:
    return row.get("start_date_type").lower() == "estimated"


def _estimate(row: Row, context: Context) -> Iterator[Value]:
    yield day_of(row.get("start_date"), "start_date", "mdy")


def _end(row: Row, context: Context) -> Iterator[Value]:
    text = row.get("end_date")
    if not _says_nothing(text) and text.lower() != "ongoing":
        yield day_of(text, "end_date", "mdy")


def _ongoing(row: Row, context: Context) -> Iterator[Value]:
    end = row.get("end_date").lower()
    if end == "ongoing" or (not end and row.get("shutdown_status").lower() == "ongoing"):
        yield Literal("true", XSD.boolean)


# Where

_ONE_PLACE = ("it only affected one", "level 1", "local")


def _areas(row: Row, context: Context) -> Iterator[Value]:
    yield from (state for state in _states(row, context) if state.class_ != KG.Country)
    text = row.get("area_name")
    if known(text):
        country = _states(row, context)[0]
        is_one = row.get("geo_scope").lower().replace("  ", " ").startswith(_ONE_PLACE)
        yield from places_in(text, country, context, is_one=is_one)


# Who


_MAKERS = {
    "military": "SecurityForce",
    "law enforcement": "SecurityForce",
    "law enforcemnet": "SecurityForce",
    "non-government": "Organization",
    "unknown": "Organization",
}
_MOST_LETTERS = 90
_OFFICE = re.compile(
    r"\b(president|minister|justice|judge|superintendent|commissioners?|collector|secretary|inspector|director|"
    r"officers?|magistrate|general|officials?)\b",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"\b(was|were|issued|said|announced)\b|https?:", re.IGNORECASE)


def _maker(layout: _Layout, event: Cell) -> Cell:
    """Who decided: by name where one is told, else by the kind of body alone.

    Bodies are told by the words of the row, which are much the same in many countries: only what the
    gazetteer knows is a node that others share.
    """

    def cell(row: Row, context: Context) -> Iterator[Value]:
        category, maker = row.get("ordered_by"), row.get(layout.decision_maker)
        class_ = _MAKERS.get(category.lower(), "StateBody")
        country = _states(row, context)[0]
        code = country.iri.rpartition("/")[2]
        if _is_name(maker):
            found = context.known(maker, "StateBody", "SecurityForce", "Organization")
            if _OFFICE.search(maker):
                class_ = "Actor"  # a person or an office, who knows
            elif category.lower() == "military":
                class_ = "Organization"  # some fight the state
            yield found or _body(context, f"by-{code}-{maker}", class_, maker, country)
        elif not _says_nothing(category) and category.lower() != "non-government":
            [this] = own(event)(row, context)
            yield Named(f"{this}-by", KG[class_], category, _of(country))

    return cell


def _is_name(text: str) -> bool:
    generic = {
        "nationwide",
        "government order",
        "state government",
        "executive government",
        "local government",
    }
    usable = not _says_nothing(text) and text.lower() not in generic and not _SENTENCE.search(text)
    return usable and len(text) <= _MOST_LETTERS and bool(slug(text))


def _body(context: Context, words: str, class_: str, label: str, country: Named) -> Named:
    return Named(context.own(words), KG[class_], " ".join(label.split()), _of(country))


# What was hit

_NAMED_SERVICES = ("facebook", "twitter", "whatsapp", "instagram", "telegram")
#: Words of a list of services that name no single one.
_NO_SERVICE = re.compile(
    r"https?:|\b(vpns?|services?|internet|mobile|broadband|network|social media|phone|lines?|sms|telephony|"
    r"landline|wifi|possibly|other|some|all|apps|sites|websites|only|speed|communications?|voip|voice|"
    r"unspecified|messaging|engines|cellular|curfew|restrictions?|throttled|blocked)\b",
    re.IGNORECASE,
)
#: What stands behind the name of a service.
_DONE_TO_IT = re.compile(
    r"\s+((is|was|were)\s+)?(blocked|suspended|throttled|banned|slowed)\b.*", re.IGNORECASE
)


def _platforms(layout: _Layout, kind: str) -> Cell:
    """The services that were hit; where networks were cut, those alone that are known for one."""

    def cell(row: Row, context: Context) -> Iterator[Value]:
        for name in _NAMED_SERVICES:
            told = row.get(f"{name}_affected") or row.get(f"{_capital(name)}_affected")
            if told.lower() in _YES:
                yield named_thing(name, "Platform", "platform", context)
        text = re.sub(r"\band\b|&", ",", row.get(layout.services))
        parts = (_DONE_TO_IT.sub("", each).strip(" .\"'") for each in re.split(r"[,;/\n]", text))
        for part in filter(None, parts):
            found = context.known(part, "Platform")
            if found is not None:
                yield found
            elif (
                kind != "Shutdown"
                and part[0].isupper()
                and len(part.split()) <= 3
                and not _NO_SERVICE.search(part)
            ):
                yield named_thing(part, "Platform", "platform", context)

    return cell


def _capital(name: str) -> str:
    return "WhatsApp" if name == "whatsapp" else name.capitalize()


def _networks(layout: _Layout) -> Cell:
    """The country's mobile or fixed network; that for calls or messages, where it was cut too."""

    def cell(row: Row, context: Context) -> Iterator[Value]:
        text = row.get(layout.network).lower()
        mobile, fixed = "mobile" in text, "broadband" in text
        if mobile or fixed:
            kind = "both" if mobile and fixed else "mobile" if mobile else "broadband"
            label = {"both": "internet", "mobile": "mobile internet", "broadband": "fixed-line internet"}[
                kind
            ]
            yield _network(row, context, label, ((KG.networkKind, KGC[kind]),))
        for column in layout.calls:
            told, is_yes = row.get(column).lower(), row.get(column).lower() in _YES
            if "sms" in told or (is_yes and "sms" in column):
                yield _network(row, context, "SMS", ())
            if re.search("phone|telephony", told) or (is_yes and "phone" in column):
                yield _network(row, context, "telephone", ())

    return cell


def _operators_networks(row: Row, context: Context) -> Iterator[Value]:
    """The networks of the operators that are named: whether they cut or were cut, these were hit."""
    text = row.get("telcos_involved")
    if known(text):
        for operator, country in operators_in(text, _states(row, context)[0], context):
            code, whose = country.iri.rpartition("/")[2], operator.iri.rpartition("/")[2]
            iri = context.own(f"network-{code}-of-{whose}")
            label = f"network of {operator.label} in {country.label}"
            yield Named(iri, KG.Network, label, (*_of(country), (KG.operator, operator)))


def _network(row: Row, context: Context, label: str, says: tuple[tuple[str, str], ...]) -> Named:
    country = _states(row, context)[0]
    code = country.iri.rpartition("/")[2]
    iri = context.own(f"network-{code}-{label}")
    return Named(iri, KG.Network, f"{label} in {country.label}", (*_of(country), *says))


def _targets(layout: _Layout, kind: str) -> Cell:
    """Networks where networks were cut or slowed, services where services were."""
    networks, platforms = _networks(layout), _platforms(layout, kind)

    def cell(row: Row, context: Context) -> Iterator[Value]:
        of_services = "service" in row.get(layout.extent).lower() or kind == "Blocking"
        if kind == "Shutdown" or not of_services:
            yield from networks(row, context)
            yield from _operators_networks(row, context)
        if kind != "Shutdown" or not of_services:
            yield from platforms(row, context)

    return cell


# Why


_UNSURE = re.compile(r"\b(not clear|unclear|unconfirmed|unknown)\b", re.IGNORECASE)


def _reason(column: str, details: str) -> Cell:
    """A reason in the words of the file; behind "Other", what it is."""

    def cell(row: Row, context: Context) -> Iterator[Value]:
        text = row.get(column)
        if text.lower() == "other":
            text = row.get(details)
        if not _says_nothing(text) and not re.match("http", text) and not _UNSURE.search(text):
            yield Literal(" ".join(text.split()), language="en")

    return cell


_LAW = re.compile(
    r"\b(section|sec\.|article|act|law|regulations?|rules|code|constitution|decree)\b", re.IGNORECASE
)


def _law(row: Row, context: Context) -> Iterator[Value]:
    """The law, where a few words name one; sentences stay in the record."""
    text = " ".join(row.get("legal_method").split())
    if len(text) <= _MOST_LETTERS and _LAW.search(text) and "http" not in text:
        country = _states(row, context)[0]
        code = country.iri.rpartition("/")[2]
        yield Named(context.own(f"law-{code}-{text}"), KG.Law, text, _of(country))


def _about(event: Cell) -> Cell:
    """The event, unless the row was too odd to tell of it."""

    def cell(row: Row, context: Context) -> Iterator[Value]:
        try:
            is_told = bool(_states(row, context)) and any(_start(row, context))
        except Odd:
            return
        if is_told:
            yield from own(event)(row, context)

    return cell


def _things(layout: _Layout, kind: str) -> tuple[Thing, ...]:
    """What a row says of an event of a kind."""
    event = key(_row_key(layout), kind.lower())

    def is_told(row: Row) -> bool:
        return kind in _kinds(row, layout)

    def claim(words: str, *says: Say, when: str = "") -> Thing:
        return Thing(
            KG.Claim,
            key(event, words),
            (
                Say(KG.about, _about(event), needed=True),
                Say(KG.stance, concept("asserts")),
                *says,
            ),
            when=lambda row: is_told(row) and (not when or _is_estimated(row)),
        )

    return (
        Thing(
            KG[kind],
            event,
            (
                Say(KG.country, _country),
                Say(KG.date, _start, needed=True),
                Say(KG.endDate, _end),
                Say(KG.ongoing, _ongoing),
                Say(KG.location, _areas),
                Say(KG.target, _targets(layout, kind)),
                Say(KG.conductedBy, _maker(layout, event)),
                Say(KG.legalBasis, _law),
            ),
            when=is_told,
        ),
        claim(
            "cause",
            Say(KG.claimedProperty, constant(KG.cause)),
            Say(KG.claimedValue, _reason("actual_cause", layout.cause_details), needed=True),
            Say(KG.claimedBy, publisher),
        ),
        claim(
            "justification",
            Say(KG.claimedProperty, constant(KG.cause)),
            Say(KG.claimedValue, _reason(layout.justification, layout.justification_details), needed=True),
            Say(KG.claimedBy, _country, needed=True),
        ),
        claim(
            "start",
            Say(KG.claimedProperty, constant(KG.date)),
            Say(KG.claimedValue, _estimate, needed=True),
            Say(KG.bound, concept("approximately")),
            Say(KG.claimedBy, publisher),
            when="estimated",
        ),
    )


_KINDS = ("Shutdown", "Blocking", "Throttling", "InformationControl")

DATASET = Dataset(
    name="keepiton",
    title="#KeepItOn Shutdown Tracker Optimization Project (STOP)",
    publisher="Access Now",
    home="https://www.accessnow.org/campaign/keepiton/",
    licence="",
    rights="No licence is stated; ask Access Now before you publish it.",
    yields="shutdowns, blocked services and throttling, with place, network and service, who decided, and "
    "why: by the tracker and by the government, as claims",
    get="Take the workbook of the tracker (xlsx), or one of its sheets as CSV; not the sheet of all years "
    "and those of single years together.",
    tables=tuple(
        Table(layout.columns, tuple(thing for kind in _KINDS for thing in _things(layout, kind)))
        for layout in _LAYOUTS
    ),
    passed_over=frozenset({"Need more details"}),
)
