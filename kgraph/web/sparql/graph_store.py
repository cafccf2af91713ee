"""`/store`: graphs got, put, added to and deleted by the Graph Store Protocol.

A graph is named by `?graph=IRI`, by `?default`, or by the address below `/store/` itself. In a store of
documents each write is a document for the gate; a plain store takes whatever is sent.

Source: SPARQL 1.1 Graph Store HTTP Protocol, sections 4 (naming) and 5 (operations).
"""

import uuid
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import quote

from flask import Blueprint, Response, request
from werkzeug.exceptions import BadRequest, Forbidden, NotFound, UnsupportedMediaType
from werkzeug.http import parse_options_header
from werkzeug.sansio.multipart import Data, Epilogue, Field, File, MultipartDecoder

from kgraph.formats import Kind
from kgraph.query import is_iri
from kgraph.store import Graphs, read_graphs
from kgraph.submissions import Edit
from kgraph.web.layers.access import Caller
from kgraph.web.served import served
from kgraph.web.sparql.endpoint import streamed
from kgraph.web.sparql.negotiation import choose, offers_for, wish_of
from kgraph.web.sparql.protocol import fields_of
from kgraph.web.sparql.writing import done, may_write, remove, submit

blueprint = Blueprint("graph_store", __name__)

_METHODS = "GET, HEAD, PUT, POST, DELETE, OPTIONS"
_READ_ONLY_DEFAULT = "the default graph is the union of all graphs here, and cannot be written; name a graph"
_MOST_PARTS = 100


class Target(NamedTuple):
    """What a request is about.

    :param graph: IRI of the graph, "" for the default graph; None where it names none.
    """

    graph: str | None

    @property
    def base(self) -> str:
        """What relative IRIs of its content are resolved against."""
        return self.graph or request.base_url

    @property
    def name(self) -> str | None:
        """What the store calls it: None is the default graph."""
        return self.graph or None


@blueprint.get("/store", defaults={"path": ""})
@blueprint.get("/store/<path:path>")
def get(path: str) -> Response:
    """A graph, or all of them as a dataset."""
    target = _target(path)
    with served().store.view() as view:
        if target.graph and not view.has_graph(target.graph):
            raise NotFound(f"there is no graph {target.graph}")
        kind: Kind = "dataset" if target.graph is None else "graph"
        offer = choose(wish_of(request), kind, has_page=False)
        return streamed(lambda: view.stream(offer.name, graph=target.graph), offer)


@blueprint.put("/store", defaults={"path": ""})
@blueprint.put("/store/<path:path>")
def put(path: str) -> Response:
    """Put what is sent in the place of a graph."""
    return _write(path, replace=True)


@blueprint.post("/store", defaults={"path": ""})
@blueprint.post("/store/<path:path>")
def post(path: str) -> Response:
    """Add what is sent to a graph; one that the request does not name is made."""
    return _write(path, replace=False)


@blueprint.delete("/store", defaults={"path": ""})
@blueprint.delete("/store/<path:path>")
def delete(path: str) -> Response:
    """Remove a graph."""
    may_write()
    target, store = _target(path), served().store
    if target.graph is None:
        raise BadRequest("say which graph is to be deleted: ?graph=IRI")
    if not store.is_plain:
        if not target.graph:
            raise Forbidden(_READ_ONLY_DEFAULT)
        return remove(target.graph)
    with store.plain_writer() as writer:
        if not writer.has(target.name):
            raise NotFound(f"there is no graph {target.graph}")
        writer.drop(target.name)
    return done()


@blueprint.route("/store", methods=["OPTIONS"], defaults={"path": ""})
@blueprint.route("/store/<path:path>", methods=["OPTIONS"])
def options(path: str) -> Response:
    """What pages elsewhere may send (CORS)."""
    names = {"Allow": _METHODS, "Access-Control-Allow-Methods": _METHODS, "Access-Control-Max-Age": "86400"}
    names["Access-Control-Allow-Headers"] = "Accept, Authorization, Content-Type"
    return done(headers=names)


def _target(path: str) -> Target:
    """Which graph a request names.

    :raises BadRequest: (400) if it names several, or none by an IRI.
    """
    fields = fields_of(request.query_string)
    names = [value for key, value in fields if key == "graph"]
    defaults = [value for key, value in fields if key == "default"]
    if path:
        names.append(request.host_url + quote(f"store/{path}", safe="/:@!$&'()*+,;=~-._"))
    if len(names) + len(defaults) > 1:
        raise BadRequest("a request names one graph: ?graph=IRI, ?default, or its own address")
    if defaults:
        return Target("")
    if not names:
        return Target(None)
    if not is_iri(names[0]):
        raise BadRequest(f"graph={names[0]!r} is no absolute IRI")
    return Target(names[0])


def _write(path: str, *, replace: bool) -> Response:
    caller = may_write()
    target = _target(path)
    if target.graph is None:
        return _write_unnamed(caller, replace=replace)
    if not target.graph and not served().store.is_plain:
        raise Forbidden(_READ_ONLY_DEFAULT)
    return _write_to(target, caller, replace=replace)


def _write_unnamed(caller: Caller, *, replace: bool) -> Response:
    """Make a graph with a name of ours; or, of a plain store, take a whole dataset."""
    media_type = request.mimetype
    if any(offer.media_type == media_type for offer in offers_for("graph", has_page=False)):
        if replace:
            raise BadRequest("say which graph is to be put: ?graph=IRI")
        made = f"{request.host_url}store/{uuid.uuid4()}"
        response = _write_to(Target(made), caller, replace=False)
        response.headers["Location"] = made
        return response
    if not served().store.is_plain:
        raise BadRequest("say which graph is meant: ?graph=IRI; each is checked as a document of its own")
    graphs: Graphs = {}
    for sent in _sent("dataset", request.base_url):
        for name, triples in sent.items():
            graphs.setdefault(name, []).extend(triples)
    with served().store.plain_writer() as writer:
        writer.insert(graphs, replace_all=replace)
    return done()


def _write_to(target: Target, caller: Caller, *, replace: bool) -> Response:
    triples = [triple for sent in _sent("graph", target.base) for triple in sent[None]]
    if not served().store.is_plain:
        return submit([(str(target.name), Edit(clear=replace, added=triples))], caller)
    with served().store.plain_writer() as writer:
        is_new = not writer.has(target.name)
        writer.insert({target.name: triples}, replace=replace)
    return done(201 if is_new else 204)


def _sent(kind: Kind, base: str) -> Iterator[Graphs]:
    """What a request holds, part by part.

    :raises UnsupportedMediaType: (415) if a part is in no format that can be read.
    :raises WriteError: if one is malformed.
    """
    for media_type, data in _parts():
        format_ = _format(media_type, kind)
        graphs = read_graphs(data, format_, base=base)
        if kind == "graph":
            if graphs.keys() - {None}:
                raise BadRequest("what is sent names graphs itself; send it to /store, or as triples")
            graphs.setdefault(None, [])
        yield graphs


def _format(media_type: str, kind: Kind) -> str:
    offers = offers_for(kind, has_page=False)
    for offer in offers:
        if offer.media_type == media_type and offer.media_type != "text/plain":
            return offer.name
    listed = ", ".join(sorted({offer.media_type for offer in offers}))
    raise UnsupportedMediaType(f"{media_type or 'no media type'} cannot be read here; there are {listed}")


def _parts() -> Iterator[tuple[str, bytes]]:
    """Media types and contents.

    Source: RFC 7578 (multipart/form-data).
    """
    body = request.get_data()
    if request.mimetype != "multipart/form-data":
        yield request.mimetype, body
        return
    boundary = request.mimetype_params.get("boundary", "")
    if not boundary:
        raise BadRequest("multipart/form-data without a boundary")
    decoder = MultipartDecoder(boundary.encode("ascii", "replace"), max_parts=_MOST_PARTS)
    decoder.receive_data(body)
    decoder.receive_data(None)
    media_type, pieces = "", list[bytes]()
    try:
        while not isinstance(event := decoder.next_event(), Epilogue):
            if isinstance(event, Field | File):
                media_type, pieces = parse_options_header(event.headers.get("Content-Type", ""))[0], []
            elif isinstance(event, Data):
                pieces.append(event.data)
                if not event.more_data:
                    yield media_type, b"".join(pieces)
    except ValueError as exc:
        raise BadRequest(f"the parts of the request cannot be read: {exc}") from exc
