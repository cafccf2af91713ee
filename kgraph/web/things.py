"""Every IRI of ours has an address: things, named graphs, ontology and concepts, as pages and as RDF."""

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
from kgraph.web.endpoint import send, streamed
from kgraph.web.negotiation import Offer, choose, wish_of
from kgraph.web.served import served
from kgraph.web.tables import cell

blueprint = Blueprint("things", __name__)


@blueprint.get("/id/<path:path>")
def thing(path: str) -> Response:
    """A thing."""
    return _show(served().addresses.thing(path))


@blueprint.get("/concept/<path:name>")
def concept(name: str) -> Response:
    """A concept of one of the schemes."""
    return _show(served().addresses.concept(name))


@blueprint.get("/ontology")
def ontology() -> Response:
    """Classes and properties, each at its fragment."""
    iri = served().addresses.graph("ontology")
    with served().store.view() as view:
        offer = _offered(view, iri)
        if not offer.is_page:
            return _graph(view, iri, offer)
        terms = vocabulary(view)
        return _page("ontology.html", terms=[term for term in terms if term.iri.startswith(str(KG))])


@blueprint.get("/graph/<path:path>")
def graph(path: str) -> Response:
    """A named graph."""
    iri = served().addresses.graph(path)
    with served().store.view() as view:
        offer = _offered(view, iri)
        if not offer.is_page:
            return _graph(view, iri, offer)
        described = iri.replace(served().addresses.graph("d/"), served().addresses.thing("d/"), 1)
        name = name_of(view, described) if described != iri else path
        return _page(
            "graph.html", iri=iri, name=name, size=graph_size(view, iri), path=request.path,
            document=served().addresses.local(described) if described != iri else None,
        )  # fmt: skip


def _offered(view: View, iri: str) -> Offer:
    if not is_iri(iri) or not view.has_graph(iri):
        raise NotFound(f"there is no graph {iri}")
    return choose(wish_of(request), "graph", html_first=True)


def _graph(view: View, iri: str, offer: Offer) -> Response:
    return streamed(lambda: view.stream(offer.name, graph=iri), offer)


def _show(iri: str) -> Response:
    with served().store.view() as view:
        if not is_used(view, iri):
            raise NotFound(f"nothing is known of {iri}")
        offer = choose(wish_of(request), "graph", html_first=True)
        if not offer.is_page:
            return send(triples_about(view, iri), offer)
        description = describe_iri(view, iri)
        is_document = KG.Document in description.classes
        return _page(
            "thing.html", thing=description, sayings=sayings(view, iri) if is_document else (),
            path=request.path, links=served().addresses.href,
            cell=lambda term, label: cell(term, served().addresses, label),
        )  # fmt: skip


def _page(template: str, **values: object) -> Response:
    response = Response(render_template(template, **values))
    response.vary.add("Accept")
    return response
