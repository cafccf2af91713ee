"""`/.well-known/void`: what the whole of the graph is, for catalogs and crawlers."""

from flask import Blueprint, Response, request, url_for

from kgraph.query import dataset_description
from kgraph.web.served import served
from kgraph.web.sparql.endpoint import send_graph
from kgraph.web.sparql.negotiation import choose, offers_for, prefers_page, wish_of

blueprint = Blueprint("dataset", __name__)


@blueprint.get("/.well-known/void")
def void() -> Response:
    """The dataset in VoID and DCAT, as RDF; browsers get Turtle."""
    offer = (
        offers_for("graph")[0]
        if prefers_page(wish_of(request))
        else choose(wish_of(request), "graph", has_page=False)
    )
    with served().store.view() as view:
        graph = dataset_description(
            view,
            served().overview(view),
            address=request.base_url,
            endpoint=url_for("endpoint.sparql", _external=True),
            is_plain=served().store.is_plain,
        )
        return send_graph(graph, offer)
