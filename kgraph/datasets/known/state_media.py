"""State Media Monitor: outlets that states own, fund or steer, with their sites and accounts.

The data are the profiles of the Alliance for Securing Democracy, by the typology of State Media Monitor.
Many outlets of the world have one name (NTV, Channel 5): only long names that one country has are names
that others share; the other outlets are this dataset's own.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from urllib.parse import unquote, urlsplit

from kgraph.datasets.cells import among, known
from kgraph.datasets.context import Context
from kgraph.datasets.declaring import Cell, Dataset, Named, Odd, Row, Say, Table, Thing, Value
from kgraph.datasets.sites import address, host_of, site
from kgraph.iris import key_of, slug
from kgraph.namespaces import KG, KGC
from kgraph.records import Literal

_TYPES: dict[str, Value] = {
    "sc": KGC.stateControlled,
    "capu": KGC.capturedPublic,
    "capr": KGC.capturedPrivate,
    "isfm": KGC.stateFundedAndManaged,
    "isf": KGC.stateFunded,
    "ism": KGC.stateManaged,
    "ip": KGC.independentPublic,
}
#: What the types say (statemediamonitor.com/typology): who pays, and who decides what is said.
_FUNDED, _STEERED = frozenset({"sc", "isfm", "isf"}), frozenset({"sc", "capu", "capr"})

#: The columns with accounts, and the platforms that they are on.
_PLATFORMS = {
    "Instagram Link": "Instagram",
    "Twitter Link": "Twitter",
    "Facebook Link": "Facebook",
    "Youtube Link": "YouTube",
    "Telegram Link": "Telegram",
    "VK Link": "VK",
    "Linkedin link": "LinkedIn",
    "Ok.ru link": "Odnoklassniki",
    "Tiktok Link": "TikTok",
    "Rutube Link": "Rutube",
}
_NAMESAKES = "others of the name (derived)"
_SHORTEST = 9


def _with_namesakes(rows: Iterable[Row], context: Context) -> Iterator[Row]:
    """The rows, those marked whose outlet or company has a name that another country has, too."""
    found = list(rows)
    countries: dict[str, set[str]] = defaultdict(set)
    for row in found:
        for column in ("Main assets", "Media company"):
            countries[slug(_name(row, column))].add(row.get("Country"))
    for row in found:
        shared = [c for c in ("Main assets", "Media company") if len(countries[slug(_name(row, c))]) > 1]
        yield Row(row.place, {**row.values, _NAMESAKES: ", ".join(shared)}, row.table) if shared else row


def _name(row: Row, column: str) -> str:
    """A name without the medium before it: `Print: Jiefang Daily`."""
    return re.sub(
        r"^(print|news agency|radio|tv|television|online)s?: *", "", row.get(column), flags=re.I
    ).strip()


def _named(column: str, class_: str) -> Cell:
    def cell(row: Row, context: Context) -> Iterator[Value]:
        name = _name(row, column)
        if not known(name) or not slug(name):
            raise Odd(f"{column} is empty")
        state = _state(row, context)
        for entry in context.gazetteer.find(name):
            if entry.kind == "MediaOutlet" and entry.country == state.iri:
                yield Named(entry.iri, KG.MediaOutlet, entry.label)
                return
        is_own = len(name) < _SHORTEST or " " not in name or column in row.get(_NAMESAKES)
        code = state.iri.rpartition("/")[2]
        iri = context.own(f"{code}-{name}") if is_own else context.minter.named("actor", name)
        yield Named(iri, KG[class_], name)

    return cell


_outlet = _named("Main assets", "MediaOutlet")


def _owner(row: Row, context: Context) -> Iterator[Value]:
    """The company, unless it is the outlet under the same name."""
    if known(row.get("Media company")):
        [outlet] = _outlet(row, context)
        for company in _named("Media company", "Organization")(row, context):
            assert isinstance(outlet, Named)  # noqa: S101  # what the cell gives
            assert isinstance(company, Named)  # noqa: S101  # what the cell gives
            if not _names(outlet.label) & _names(company.label):
                yield company


def _names(text: str) -> set[str]:
    """A name, and the short form that stands in brackets behind it."""
    return {slug(part) for part in re.split(r"[()]", text)} - {""}


def _state(row: Row, context: Context) -> Named:
    return context.states.by_name(row.get("Country"))


def _country(row: Row, context: Context) -> Iterator[Value]:
    state = _state(row, context)
    if state.class_ == KG.Country:  # Hong Kong is a place
        yield state


def _state_of_types(types: frozenset[str]) -> Cell:
    """The state, where the type says so."""

    def cell(row: Row, context: Context) -> Iterator[Value]:
        if row.get("Typology").lower() in types:
            yield from _country(row, context)

    return cell


def _kind(row: Row, context: Context) -> Iterator[Value]:
    """The type; an outlet that has several rows has one."""
    for value in among("Typology", _TYPES)(row, context):
        [outlet] = _outlet(row, context)
        assert isinstance(outlet, Named)  # noqa: S101  # what the cell gives
        place, told = context.told.setdefault(f"{outlet.iri}#kind", (row.place, hash(value)))
        if told != hash(value):
            raise Odd(f"Typology is {row.get('Typology')!r}, and another in {place}")
        yield value


def _handle(text: str) -> str:
    """The name in the address of an account; "" where the address has a number, or more than a name."""
    parts = [part for part in unquote(urlsplit(text).path).split("/") if part]
    if len(parts) == 1 and not re.search(r"\s", parts[0]) and parts[0].lstrip("@"):
        return parts[0].lstrip("@")
    return ""


def _account(column: str, platform: str) -> Thing:
    def account(row: Row, context: Context) -> Iterator[Value]:
        text = row.get(column)
        host_of(text)
        [outlet] = _outlet(row, context)
        assert isinstance(outlet, Named)  # noqa: S101  # what the cell gives
        words = f"{outlet.iri.rpartition('/')[2]}-{platform}-{key_of(text)}"
        yield Named(context.own(words), KG.Account)

    def handle(row: Row, context: Context) -> Iterator[Value]:
        name = _handle(row.get(column))
        if name and (platform != "Twitter" or re.fullmatch(r"\w{1,15}", name)):
            yield Literal(name)

    def on(row: Row, context: Context) -> Iterator[Value]:
        found = context.known(platform, "Platform")
        yield found or Named(context.minter.named("platform", platform), KG.Platform, platform)

    return Thing(
        KG.Account,
        account,
        says=(
            Say(KG.accountHolder, _outlet, needed=True),
            Say(KG.onPlatform, on),
            Say(KG.handle, handle),
            Say(KG.url, address(column), needed=True),
        ),
        when=lambda row: known(row.get(column)),
    )


DATASET = Dataset(
    name="state-media",
    title="State media profiles",
    publisher="Alliance for Securing Democracy",
    home="https://github.com/ASD-at-GMF/state-media-profiles",
    licence="https://opensource.org/license/mit",
    rights="MIT licence; cite State Media Monitor, too, whose typology it is.",
    yields="outlets with their country, type, owner, site and accounts, and whether the state pays or steers "
    "them",
    get="Take State_Media_Matrix.csv of the repository.",
    tables=(
        Table(
            frozenset({"Country", "Media company", "Main assets", "URL", "Typology"}),
            (
                Thing(
                    KG.MediaOutlet,
                    _outlet,
                    says=(
                        Say(KG.country, _country),
                        Say(KG.outletKind, _kind),
                        Say(KG.ownedBy, _owner),
                        Say(KG.fundedBy, _state_of_types(_FUNDED)),
                        Say(KG.controlledBy, _state_of_types(_STEERED)),
                        Say(KG.website, site("URL")),
                    ),
                ),
                *(_account(column, platform) for column, platform in _PLATFORMS.items()),
            ),
            rows=_with_namesakes,
        ),
    ),
)
