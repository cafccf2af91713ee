"""Which format a client gets: what it asks for, by `format=` or the Accept header, of what there is.

Source: RFC 9110, section 12.5.1 (Accept); SPARQL 1.1 Protocol, section 2.1.6.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from flask import Request
from werkzeug.exceptions import BadRequest, NotAcceptable
from werkzeug.http import parse_accept_header

from kgraph.formats import FORMATS, Kind, formats_for


@dataclass(frozen=True, slots=True)
class Offer:
    """A format that an answer can have.

    :param name: of `kgraph.formats`, or `html`.
    :param media_type: what it is sent as.
    """

    name: str
    media_type: str

    @property
    def is_page(self) -> bool:
        """Whether it is for people."""
        return self.name == "html"


@dataclass(frozen=True, slots=True)
class Wish:
    """What a request says of the format of its answer.

    :param named: what `format=` says, which goes first; empty where it is not said.
    :param accept: the Accept header.
    """

    named: str
    accept: str


def wish_of(request: Request) -> Wish:
    """What a request wishes, by its address, its form or its header."""
    return wish(request.values.get("format", ""), request.headers.get("Accept", ""))


def wish(named: str, accept: str) -> Wish:
    """A wish of a length that can be remembered; what stands behind that is not read."""
    return Wish(named[:_LONGEST_NAME], accept[:_LONGEST_ACCEPT])


HTML = Offer("html", "text/html")
#: Wishes that are remembered with what came of them: few programs ask in many ways.
_WISHES = 512
_LONGEST_NAME, _LONGEST_ACCEPT = 200, 1000
_NO_NOUGHT = re.compile(r"q=(?=\.[0-9])")

#: Media types that clients ask for beside the registered ones.
_ALIASES: dict[Kind, tuple[Offer, ...]] = {
    "solutions": (
        Offer("json", "application/json"),
        Offer("xml", "application/xml"),
        Offer("xml", "text/xml"),
    ),
    "graph": (
        Offer("jsonld", "application/json"),
        Offer("turtle", "application/x-turtle"),
        Offer("ntriples", "text/plain"),
        Offer("rdfxml", "application/xml"),
        Offer("rdfxml", "text/xml"),
    ),
    "dataset": (),
}

#: Names that clients give to `format=` beside ours (SPARQLWrapper's among them).
_SHORT: dict[Kind, dict[str, str]] = {
    "solutions": {"srj": "json", "srx": "xml", "sparql-results+json": "json", "sparql-results+xml": "xml"},
    "graph": {
        "ttl": "turtle",
        "n3": "turtle",
        "nt": "ntriples",
        "n-triples": "ntriples",
        "rdf": "rdfxml",
        "rdf+xml": "rdfxml",
        "xml": "rdfxml",
        "json-ld": "jsonld",
        "json": "jsonld",
    },
    "dataset": {},
}


def offers_for(kind: Kind, *, html_first: bool = False, has_page: bool = True) -> tuple[Offer, ...]:
    """What solutions or a graph can be sent as, the preferred one first.

    :param html_first: for addresses that people visit, where a client without preferences gets the page.
    :param has_page: whether there is one.
    """
    formats = tuple(Offer(each.name, each.media_type) for each in formats_for(kind)) + _ALIASES[kind]
    if not has_page:
        return formats
    return (HTML, *formats) if html_first else (*formats, HTML)


@lru_cache(_WISHES)
def choose(
    wish: Wish,
    kind: Kind,
    *,
    html_first: bool = False,
    has_page: bool = True,
    more: tuple[Offer, ...] = (),
) -> Offer:
    """The format of an answer that is wished.

    :param more: what this answer can be sent as beside what all of its kind can.
    :raises NotAcceptable: (406) if the client takes none of those there are; lists them.
    :raises BadRequest: (400) if `format=` names none.
    """
    offers = (*offers_for(kind, html_first=html_first, has_page=has_page), *more)
    asked = wish.named.strip().lower()
    if asked:
        return _named(asked, kind, offers)
    accept = accepted(wish.accept)
    if not accept:
        return offers[0]
    best = max(offers, key=lambda offer: accept.quality(offer.media_type))
    if accept.quality(best.media_type) <= 0:
        raise NotAcceptable(f"none of the media types asked for can be given; there are {_listed(offers)}")
    return best


def by_extension(extension: str, kind: Kind) -> Offer | None:
    """What an address that ends so asks for, if this can be sent so: `ttl`, `jsonld`, `html` …"""
    end = extension.lower()
    names = {each.extension: each.name for each in formats_for(kind)} | _SHORT[kind]
    return next((offer for offer in offers_for(kind) if offer.name == names.get(end, end)), None)


def _named(asked: str, kind: Kind, offers: tuple[Offer, ...]) -> Offer:
    name = _SHORT[kind].get(asked, asked)
    for offer in offers:
        if asked == offer.media_type or name == offer.name:
            return offer
    known = {each.name for each in FORMATS} | {name for short in _SHORT.values() for name in short}
    if asked in known:
        raise NotAcceptable(f"{asked} cannot hold this result; there are {_listed(offers)}")
    raise BadRequest(f"format={asked!r} is not known; there are {_listed(offers)}")


def _listed(offers: tuple[Offer, ...]) -> str:
    media_types: dict[str, str] = {}
    for offer in offers:
        media_types.setdefault(offer.name, offer.media_type)
    return ", ".join(f"{name} ({media_type})" for name, media_type in media_types.items())


class Accepted(dict[str, float]):
    """The media ranges of an Accept header with their weights; nothing, where there is no such header."""

    def quality(self, media_type: str) -> float:
        """How much a client likes a media type: 0 is not at all."""
        for range_ in (media_type, f"{media_type.partition('/')[0]}/*", "*/*"):
            if range_ in self:
                return self[range_]
        return 0


def accepted(header: str) -> Accepted:
    """What an Accept header takes, without parameters: the charsets that clients write are ours anyway.

    What comes after a thousand characters is not read. Old clients of Java write `*` for `*/*`, and weights
    without the nought.
    """
    return _accepted(header[:_LONGEST_ACCEPT])


@lru_cache(_WISHES)
def _accepted(header: str) -> Accepted:
    found = Accepted()
    for name, quality in parse_accept_header(_NO_NOUGHT.sub(r"\g<0>0", header)):
        range_ = name.partition(";")[0].strip().lower()
        range_ = "*/*" if range_ == "*" else range_
        found[range_] = max(quality, found.get(range_, 0))
    return found


@lru_cache(_WISHES)
def prefers_page(wish: Wish) -> bool:
    """Whether a client would rather have a page than RDF or results: a browser."""
    accept = accepted(wish.accept)
    asked = wish.named.strip().lower()
    if asked:
        return asked in {"html", "text/html"}
    page = accept.quality("text/html") if accept else 0
    return all(page > accept.quality(each.media_type) for each in FORMATS)
