"""Every IRI of ours has an address: things, named graphs, ontology and concepts, as pages and as RDF."""

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

from flask import Blueprint, Response, render_template, request
from werkzeug.exceptions import NotFound

from kgraph.namespaces import KG
from kgraph.query import (
    describe_iri,
    graph_size,
    is_iri,
    is_used,
    name_of,
    sayings,
    triples_about,
    vocabulary,
)
from kgraph.store import View
from kgraph.web.pages.tables import cell
from kgraph.web.served import served
from kgraph.web.sparql.endpoint import send, streamed
from kgraph.web.sparql.negotiation import Offer, by_extension, choose, offers_for, wish_of

blueprint = Blueprint("things", __name__)


@blueprint.get("/id/<path:path>")
def thing(path: str) -> Response:
    """A thing."""
    return _show(path, served().addresses.thing)


@blueprint.get("/concept/<path:name>")
def concept(name: str) -> Response:
    """A concept of one of the schemes."""
    return _show(name, served().addresses.concept)


@blueprint.get("/ontology")
@blueprint.get("/ontology.<extension>")
def ontology(extension: str = "") -> Response:
    """Classes and properties, each at its fragment."""
    iri = served().addresses.graph("ontology")
    with served().store.view() as view:
        if not view.has_graph(iri):
            raise NotFound("there is no ontology here")
        offer = _graph_by_extension(extension) if extension else _graph_offer()
        if offer is None:
            raise NotFound(f"the ontology is not to be had as .{extension}")
        if not offer.is_page:
            return _graph(view, iri, offer)
        terms = vocabulary(view)
        return _page("ontology.html", terms=[term for term in terms if term.iri.startswith(str(KG))])


@blueprint.get("/graph/<path:path>")
def graph(path: str) -> Response:
    """A named graph."""
    addresses = served().addresses
    with served().store.view() as view:
        asked = _asked(
            path, addresses.graph, lambda iri: is_iri(iri) and view.has_graph(iri), _graph_by_extension
        )
        if asked is None:
            raise NotFound(f"there is no graph {addresses.graph(path)}")
        iri = asked.iri
        offer = asked.offer or _graph_offer()
        if not offer.is_page:
            return _graph(view, iri, offer)
        described = iri.replace(addresses.graph("d/"), addresses.thing("d/"), 1)
        name = name_of(view, described) if described != iri else asked.path
        return _page(
            "graph.html", iri=iri, name=name, size=graph_size(view, iri), path=addresses.local(iri),
            document=addresses.local(described) if described != iri else None,
        )  # fmt: skip


class _Asked(NamedTuple):
    """What an address is of.

    :param path: the address without the extension that tells the format.
    :param offer: the format that it tells; None if it tells none.
    """

    path: str
    iri: str
    offer: Offer | None = None


def _asked(
    path: str,
    iri_of: Callable[[str], str],
    is_there: Callable[[str], bool],
    offer_by: Callable[[str], Offer | None],
) -> _Asked | None:
    """What an address is of; None if there is nothing.

    An IRI may end as a file does (`id/site/example.nt`): what has that very IRI goes first.
    """
    iri = iri_of(path)
    if is_there(iri):
        return _Asked(path, iri)
    stem, _, extension = path.rpartition(".")
    offer = offer_by(extension)
    return _Asked(stem, iri_of(stem), offer) if offer and is_there(iri_of(stem)) else None


def _graph_by_extension(extension: str) -> Offer | None:
    return by_extension(extension, "graph") or by_extension(extension, "dataset")


def _graph_offer() -> Offer:
    """How a named graph is sent; as quads too, which tell its name."""
    return choose(wish_of(request), "graph", html_first=True, more=offers_for("dataset", has_page=False))


def _graph(view: View, iri: str, offer: Offer) -> Response:
    return streamed(lambda: view.stream(offer.name, graph=iri), offer)


def _show(path: str, iri_of: Callable[[str], str]) -> Response:
    with served().store.view() as view:
        asked = _asked(path, iri_of, partial(is_used, view), partial(by_extension, kind="graph"))
        if asked is None:
            raise NotFound(f"nothing is known of {iri_of(path)}")
        iri = asked.iri
        offer = asked.offer or choose(wish_of(request), "graph", html_first=True)
        if not offer.is_page:
            return send(triples_about(view, iri), offer)
        description = describe_iri(view, iri)
        is_document = KG.Document in description.classes
        return _page(
            "thing.html", thing=description, sayings=sayings(view, iri) if is_document else (),
            path=served().addresses.local(iri), links=served().addresses.href,
            called={description.iri: description.name, **{twin.iri: twin.name for twin in description.twins}},
            cell=lambda term, label: cell(term, served().addresses, label),
        )  # fmt: skip


def _page(template: str, **values: object) -> Response:
    response = Response(render_template(template, **values))
    response.vary.add("Accept")
    return response
