"""Things that can be the same as others: what is known of each, as far as comparing them needs it."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from urllib.parse import urlsplit

from kgraph.gazetteer import country_names
from kgraph.iris import Minter
from kgraph.linking.names import read_name
from kgraph.linking.words import words
from kgraph.namespaces import OWL, RDF, SKOS, local_name
from kgraph.ontology import superclasses
from kgraph.store import View

#: Kinds of which two can be the same thing; a count or a claim is what it is in its own document.
KINDS = (
    "Person", "Country", "Place", "Platform", "Website", "Law", "Network", "Account", "Event", "Actor",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Thing:
    """What is known of one thing, here or elsewhere.

    :param kind: one of `KINDS`, "" where it is not known.
    :param classes: IRIs of its classes.
    :param names: in all languages and scripts.
    :param countries: IRIs of the states that it belongs to or lies in.
    :param offices: of a person: IRIs of the states that they held an office of.
    :param in_office: first and last day on which it is told that they held one: their tenures, else the days
        of the documents that say so.
    :param dates: its first and its last day, where known.
    :param identifiers: scheme and value: ("domain", "twitter.com"), ("iri", "http://www.wikidata.org/…").
    :param targets: what an event hits; `places`: where it is; `actors`: who did it or took part; those that
        have an address which others share.
    :param said_anyway: words of the names of its countries: “Kazakhstan” in “Beeline Kazakhstan”.
    :param origin: the document or dataset that alone speaks of it, by its address; "" where it is shared.
    :param named_by: the graphs of datasets that name it, whatever its address.
    :param is_known: whether the gazetteer knows it: two of these are two things.
    :param found_in: of a thing of elsewhere: the file or service that tells of it.
    """

    iri: str
    kind: str = ""
    classes: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    countries: frozenset[str] = frozenset()
    offices: frozenset[str] = frozenset()
    in_office: tuple[date, date] | None = None
    dates: tuple[date, date] | None = None
    identifiers: frozenset[tuple[str, str]] = frozenset()
    targets: frozenset[str] = frozenset()
    places: frozenset[str] = frozenset()
    actors: frozenset[str] = frozenset()
    said_anyway: frozenset[str] = frozenset()
    origin: str = ""
    named_by: frozenset[str] = frozenset()
    is_known: bool = False
    found_in: str = ""

    @property
    def label(self) -> str:
        """A name for people: the shortest in Latin letters, else any, else the tail of the address."""
        latin = [name for name in self.names if name.isascii()]
        best = min(latin or self.names, key=lambda name: (len(name) < 4, len(name), name), default="")
        return best or local_name(self.iri)

    def with_names_of(self, other: "Thing") -> "Thing":
        """The same thing with what another account of it adds."""
        return replace(
            self,
            kind=self.kind or other.kind,
            names=self.names | other.names,
            countries=self.countries | other.countries,
            offices=self.offices | other.offices,
            dates=self.dates or other.dates,
            identifiers=self.identifiers | other.identifiers,
        )


def kind_of(classes: Iterable[str]) -> str:
    """The first of `KINDS` that a thing of some classes is; "" if none."""
    above = {local_name(parent) for each in classes for parent in superclasses(each)}
    return next((kind for kind in KINDS if kind in above), "")


def read_things(view: View, minter: Minter) -> dict[str, Thing]:
    """Everything in the store of which something else could be the same, by its address."""
    classes = _pairs(view, f"?s <{RDF.type}> ?o")
    kinds = {iri: kind_of(each) for iri, each in classes.items() if _is_ours(iri, minter)}
    names = _pairs(view, "?s rdfs:label|skos:altLabel ?o")
    known = {str(row["s"]) for row in view.evaluate(
        "SELECT DISTINCT ?s WHERE { GRAPH ?reference { ?s a ?class } }",
        bindings={"reference": minter.graph("reference")},
    )}  # fmt: skip
    countries, dates, identifiers = _pairs(view, _COUNTRIES), _periods(view, _DATES), _identifiers(view)
    targets, places, actors = (
        _shared(_pairs(view, f"?s {path} ?o"), minter)
        for path in ("kg:target", "kg:location", "kg:conductedBy|kg:participant")
    )
    offices, in_office = _pairs(view, _OFFICES), _periods(view, _IN_OFFICE)
    named_by = _pairs(view, _NAMED_BY.format(minter.graph("dataset/")))
    called = {iri: country_words(iri, names.get(iri, ())) for iri, kind in kinds.items() if kind == "Country"}

    @cache
    def said_of(states: frozenset[str]) -> frozenset[str]:
        """One set for all things of the same states: there are thousands of them."""
        return frozenset().union(*(called.get(each, ()) for each in states))

    return {
        iri: Thing(
            iri,
            kind,
            classes=frozenset(classes[iri]),
            names=frozenset(each for each in names.get(iri, ()) if kind != "Website" or not _is_domain(each)),
            countries=frozenset({*countries.get(iri, ()), *offices.get(iri, ()), *_itself(iri, kind)}),
            offices=frozenset(offices.get(iri, ())),
            in_office=in_office.get(iri),
            dates=dates.get(iri),
            identifiers=frozenset(identifiers.get(iri, ())),
            targets=frozenset(targets.get(iri, ())),
            places=frozenset(places.get(iri, ())),
            actors=frozenset(actors.get(iri, ())),
            said_anyway=said_of(frozenset(countries.get(iri, ()))),
            origin=origin_of(iri, minter),
            named_by=frozenset(named_by.get(iri, ())),
            is_known=iri in known,
        )
        for iri, kind in kinds.items()
        if kind
    }


def country_words(iri: str, names: Iterable[str] = ()) -> frozenset[str]:
    """What a state is called in any language, word by word, as names are compared.

    :param names: further ones.
    """
    found = {word for name in names for word in read_name(name).tokens if len(word) >= 2}
    for name in country_names(local_name(iri)):
        if len(tokens := read_name(name).tokens) <= 3:  # longer ones are official: republic in all languages
            found |= {word for word in tokens if len(word) >= 3}
    return frozenset(found - words().of_states)


def _shared(found: dict[str, set[str]], minter: Minter) -> dict[str, set[str]]:
    """Without the things that a document or dataset has to itself: they compare with nobody else's."""
    return {iri: {each for each in others if not origin_of(each, minter)} for iri, others in found.items()}


def _is_domain(name: str) -> bool:
    """Whether a site is called by its domain, which is an identifier: gazeta.uz is not gazeta.ua."""
    return "." in name and host(name) == name.lower().removeprefix("www.")


def _itself(iri: str, kind: str) -> tuple[str, ...]:
    return (iri,) if kind == "Country" else ()


_COUNTRIES = """{ ?s kg:country ?o } UNION { ?s kg:ownedBy ?o . ?o a kg:Country }
    UNION { ?s kg:locatedIn+ ?o . ?o a kg:Country }"""
_NAMED_BY = """GRAPH ?o {{ ?s a ?class }}
    FILTER(STRSTARTS(STR(?o), "{}") && ?class NOT IN (kg:Assertion, kg:Record))"""
_DATES = "?s kg:earliest ?first OPTIONAL { ?s kg:latest ?last }"
_IN_OFFICE = """{ ?tenure kg:holder ?s ; kg:earliest ?first OPTIONAL { ?tenure kg:latest ?last } }
    UNION { ?said rdf:subject ?s ; rdf:predicate kg:holdsOffice ;
                  kg:evidence/dcterms:isPartOf/dcterms:issued ?first }"""
_OFFICES = """{ ?s kg:officeOf ?o . ?o a kg:Country } UNION { ?s kg:officeOf/kg:country ?o }
    UNION { ?tenure kg:holder ?s ; kg:officeOf ?o . ?o a kg:Country }
    UNION { ?regime kg:leader ?s ; kg:regimeOf ?o }"""


def origin_of(iri: str, minter: Minter) -> str:
    """The document or dataset whose own thing an address names; "" if it is any other.

    >>> origin_of("https://w3id.org/kgraph/id/d/3fa9/2954-event", Minter())
    'https://w3id.org/kgraph/id/d/3fa9'
    """
    for folder in ("d/", "dataset/"):
        start = minter.resources + folder
        if iri.startswith(start):
            return start + iri.removeprefix(start).split("/")[0]
    return ""


def _is_ours(iri: str, minter: Minter) -> bool:
    return iri.startswith(minter.resources)


def _pairs(view: View, pattern: str) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for row in view.evaluate(f"SELECT ?s ?o WHERE {{ {pattern} }}"):
        found[str(row["s"])].add(str(row["o"]))
    return found


def _periods(view: View, pattern: str) -> dict[str, tuple[date, date]]:
    """First and last days; of what has no last one, the first is both."""
    rows = view.evaluate(f"SELECT ?s ?first ?last WHERE {{ {pattern} }}")
    found: dict[str, tuple[date, date]] = {}
    for row in rows:
        first = read_date(str(row["first"]))
        last = read_date(str(row["last"])) if "last" in row else first
        if first and last:
            known = found.get(str(row["s"]), (first, last))
            found[str(row["s"])] = min(first, known[0]), max(last, known[1])
    return found


def read_date(text: str) -> date | None:
    """The day that a date or dateTime is of; None for what is none (or before the year 1)."""
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None


def _identifiers(view: View) -> dict[str, set[tuple[str, str]]]:
    found: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for scheme, pattern in _SCHEMES:
        for iri, values in _pairs(view, pattern).items():
            read = _READ.get(scheme, str)
            found[iri] |= {(_SAME_AS.get(scheme, scheme), value) for value in map(read, values) if value}
    return found


def host(address: str) -> str:
    """The host of an address or domain name, without www.

    >>> host("https://www.akorda.kz/en")
    'akorda.kz'
    """
    text = address if "//" in address else f"//{address}"
    try:
        return (urlsplit(text).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def _front_page(address: str) -> str:
    """The host of an address that is a whole site's; a page on someone else's site tells nothing."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    return host(address) if parts.path in {"", "/"} and not parts.query else ""


_READ = {"domain": host, "front page": _front_page}
_SAME_AS = {"front page": "domain"}
_SCHEMES = (
    ("domain", "?s kg:domainName ?o"),
    ("domain", "?s kg:website/kg:domainName ?o"),
    ("front page", "?s kg:url|kg:website/kg:url ?o"),
    ("ISO 3166", "?s kg:iso3166 ?o"),
    ("AS number", "?s kg:asn ?o"),
    ("account", "?s kg:handle ?handle ; kg:onPlatform ?p BIND(CONCAT(STR(?p), ' ', LCASE(?handle)) AS ?o)"),
    ("law number", "?s kg:lawNumber ?number ; kg:country ?c BIND(CONCAT(STR(?c), ' ', ?number) AS ?o)"),
    # What follows from judgements is no reason for further ones.
    (
        "iri",
        f"GRAPH ?g {{ ?s <{SKOS.exactMatch}>|<{OWL.sameAs}> ?o }}"
        " FILTER(isIRI(?o) && !STRENDS(STR(?g), '/links'))",
    ),
)
