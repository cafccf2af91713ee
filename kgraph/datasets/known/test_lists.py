"""Citizen Lab: addresses that are tested for blocking, country by country.

To be on a list says that somebody found a site worth a test, and nothing of being blocked. What the list's
makers note of a site is a claim of theirs.
"""

import re
from collections.abc import Iterator

from kgraph.datasets.cells import among, concept, known, publisher
from kgraph.datasets.context import Context
from kgraph.datasets.declaring import Dataset, Named, Odd, Row, Say, Table, Thing, Value
from kgraph.datasets.sites import site_of
from kgraph.iris import key_of
from kgraph.namespaces import DCAT, DCTERMS, KG, KGC
from kgraph.records import Literal, Term


def _site(row: Row, context: Context) -> Iterator[Value]:
    yield site_of(row.get("url"), context)


def _list(row: Row, context: Context) -> Iterator[Value]:
    """The dataset, and the list in it, whose country the file's name tells."""
    yield context.iri
    code = _code(context)
    says: tuple[tuple[str, Term | Named], ...] = ((DCTERMS.isPartOf, context.iri),)
    label = f"test list {code}"
    try:
        country = context.states.by_code("iso2", code)
        says, label = (*says, (DCTERMS.spatial, country)), f"test list of {country.label}"
    except Odd:
        pass  # lists of several countries: cis, global
    yield Named(context.own(code), DCAT.Dataset, label, says)


def _code(context: Context) -> str:
    return re.split(r"[./]", context.file)[0].lower()


#: The categories, by the codes of the legend.
_CATEGORIES: dict[str, Value] = {
    "aldr": KGC.alcoholAndDrugs,
    "rel": KGC.religion,
    "porn": KGC.pornography,
    "prov": KGC.provocativeAttire,
    "polr": KGC.politicalCriticism,
    "humr": KGC.humanRights,
    "env": KGC.environment,
    "milx": KGC.militants,
    "hate": KGC.hateSpeech,
    "news": KGC.newsMedia,
    "xed": KGC.sexEducation,
    "pubh": KGC.publicHealth,
    "gmb": KGC.gambling,
    "anon": KGC.anonymization,
    "date": KGC.onlineDating,
    "grp": KGC.socialNetworking,
    "lgbt": KGC.lgbt,
    "file": KGC.fileSharing,
    "hack": KGC.hackingTools,
    "comt": KGC.communicationTools,
    "mmed": KGC.mediaSharing,
    "host": KGC.hosting,
    "srch": KGC.searchEngines,
    "game": KGC.gaming,
    "cultr": KGC.culture,
    "econ": KGC.economics,
    "govt": KGC.governmentSites,
    "comm": KGC.eCommerce,
    "ctrl": KGC.controlContent,
    "igo": KGC.intergovernmental,
    "misc": KGC.miscellaneous,
}


def _note(row: Row, context: Context) -> Iterator[Value]:
    text = " ".join(row.get("notes").split())
    if known(text):
        letters = [c for c in text if c.isalpha()]
        is_latin = sum(c.isascii() for c in letters) > len(letters) / 2
        yield Literal(text, language="en" if is_latin else "und")


def _claim_key(row: Row, context: Context) -> Iterator[Value]:
    yield Literal(f"note-{_code(context)}-{key_of(row.get('url'))}")


DATASET = Dataset(
    name="test-lists",
    title="Test lists",
    publisher="Citizen Lab",
    home="https://github.com/citizenlab/test-lists",
    licence="https://creativecommons.org/licenses/by-nc-sa/4.0/",
    rights="CC BY-NC-SA 4.0: not for business, and what is made of it under the same terms.",
    yields="sites that are tested for blocking, with their categories, by country",
    get="Take the files of lists/, each under its name (kz.csv), which tells the country.",
    tables=(
        Table(
            frozenset({"url", "category_code", "category_description", "date_added", "source"}),
            (
                Thing(
                    KG.Website,
                    _site,
                    says=(
                        Say(KG.listedIn, _list, needed=True),
                        Say(DCTERMS.subject, among("category_code", _CATEGORIES)),
                    ),
                ),
                Thing(
                    KG.Claim,
                    _claim_key,
                    says=(
                        Say(KG.about, _site, needed=True),
                        Say(KG.claimedValue, _note, needed=True),
                        Say(KG.claimedBy, publisher),
                        Say(KG.stance, concept("asserts")),
                    ),
                ),
            ),
        ),
        Table(frozenset({"CountryCode", "CountryName"}), ()),
        Table(frozenset({"Category Description", "New Code"}), ()),
    ),
)
