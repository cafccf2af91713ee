"""`/store`: graphs got, put, added to and deleted by the Graph Store Protocol.

A graph is named by `?graph=IRI`, by `?default`, or by the address below `/store/` itself. In a store of
documents each write is a document for the gate; a plain store takes whatever is sent.

Source: SPARQL 1.1 Graph Store HTTP Protocol, sections 4 (naming) and 5 (operations).
"""

import re
import uuid
from collections.abc import Callable, Iterator
from typing import NamedTuple
from urllib.parse import quote

from flask import Blueprint, Response, request
from werkzeug.exceptions import BadRequest, Forbidden, NotFound, PreconditionFailed, UnsupportedMediaType
from werkzeug.http import parse_etags, parse_options_header
from werkzeug.sansio.multipart import Data, Epilogue, Field, File, MultipartDecoder

from kgraph.errors import StoreMoved
from kgraph.formats import Kind
from kgraph.query import is_iri
from kgraph.store import MOST_SENT, Graphs, read_graphs
from kgraph.submissions import Edit
from kgraph.web.layers.access import Caller
from kgraph.web.served import served
from kgraph.web.sparql.endpoint import streamed
from kgraph.web.sparql.negotiation import choose, offers_for, wish_of
from kgraph.web.sparql.protocol import check_charset, fields_of
from kgraph.web.sparql.remembering import graph_tag
from kgraph.web.sparql.writing import done, may_write, remove, submit

blueprint = Blueprint("graph_store", __name__)

#: N-Triples are given as such to who asks for it, but not taken: anything may be called so.
_PLAIN = "text/plain"
_READ_ONLY_DEFAULT = "the default graph is the union of all graphs here, and cannot be written; name a graph"
_MOST_PARTS = 100
_IN_PATH = "/:@!$&'()*+,;=~-._"
_ESCAPE, _UNRESERVED = re.compile("%([0-9A-Fa-f]{2})"), re.compile("[A-Za-z0-9._~-]", re.ASCII)
#: A conditional write is tried again so many times when others write meanwhile.
_TRIES = 5


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
        tag = graph_tag(view.state, target.graph, offer.media_type)
        return streamed(lambda: view.stream(offer.name, graph=target.graph), offer, tag)


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
        graph = target.graph
        return _in_state(target, lambda state: remove(graph, state))
    with store.plain_writer() as writer:
        _check_conditions(target)
        if not writer.has(target.name):
            raise NotFound(f"there is no graph {target.graph}")
        writer.drop(target.name)
    return done()


def _target(path: str) -> Target:
    """Which graph a request names.

    :raises BadRequest: (400) if it names several, or none by an IRI.
    """
    # Not as a form would be read: a plus is a plus in an IRI.
    fields = fields_of(request.query_string.replace(b"+", b"%2B"))
    names = [value for key, value in fields if key == "graph"]
    defaults = [value for key, value in fields if key == "default"]
    if path:
        names.append(f"{request.host_url}store/{_as_sent(path)}")
    if len(names) + len(defaults) > 1:
        raise BadRequest("a request names one graph: ?graph=IRI, ?default, or its own address")
    if defaults:
        return Target("")
    if not names:
        return Target(None)
    if not is_iri(names[0]):
        raise BadRequest(f"graph={names[0]!r} is no absolute IRI")
    return Target(names[0])


def _as_sent(path: str) -> str:
    """What stands below `/store/` in the address: %2F is no slash there, but %7E is a tilde.

    Source: RFC 3986, section 6.2.2 (what does not tell two addresses apart).
    """
    sent = str(request.environ.get("REQUEST_URI", "")).partition("?")[0].partition("/store/")[2]
    return _ESCAPE.sub(_normal, quote(sent or quote(path, safe=_IN_PATH), safe=f"{_IN_PATH}%"))


def _normal(escape: re.Match[str]) -> str:
    character = chr(int(escape[1], 16))
    return character if _UNRESERVED.fullmatch(character) else escape[0].upper()


def _check_conditions(target: Target) -> str | None:
    """See to it that a graph is what a request that writes expects it to be, if that says so.

    A client that got a graph can send its tag (`If-Match`), so that nothing is lost that another has written
    since; or see to it that there is none yet (`If-None-Match: *`).

    :return: the state of the store for which that holds; None where nothing is expected.
    :raises PreconditionFailed: (412) if it is not.

    Source: RFC 9110, sections 13.1.1 and 13.1.2; weak tags are compared here too, as ours tell states apart.
    """
    wanted, unwanted = request.headers.get("If-Match"), request.headers.get("If-None-Match")
    if wanted is None and unwanted is None:
        return None
    with served().store.view() as view:
        kind: Kind = "dataset" if target.graph is None else "graph"
        is_there = not target.graph or view.has_graph(target.graph)
        offers = offers_for(kind, has_page=False) if is_there else ()
        tags = [graph_tag(view.state, target.graph, offer.media_type) for offer in offers]
        state = view.state
    if wanted is not None and not any(map(parse_etags(wanted).contains_weak, tags)):
        raise PreconditionFailed("the graph is not, or no longer, the one that If-Match names; get it again")
    if unwanted is not None and any(map(parse_etags(unwanted).contains_weak, tags)):
        raise PreconditionFailed("the graph is one that If-None-Match rules out")
    return state


def _in_state(target: Target, write: Callable[[str | None], Response]) -> Response:
    """What `write` answers, which is told in which state of the store it may be done."""
    for _ in range(_TRIES - 1):
        try:
            return write(_check_conditions(target))
        except StoreMoved:
            continue  # whether it still holds is seen again
    return write(_check_conditions(target))


def _write(path: str, *, replace: bool) -> Response:
    caller = may_write()
    if "Content-Range" in request.headers:  # RFC 9110, section 14.5
        raise BadRequest("a part of a graph cannot be put (Content-Range); send all of it")
    target = _target(path)
    if target.graph is None:
        return _write_unnamed(caller, replace=replace)
    if not target.graph and not served().store.is_plain:
        raise Forbidden(_READ_ONLY_DEFAULT)
    return _write_to(target, caller, replace=replace)


def _write_unnamed(caller: Caller, *, replace: bool) -> Response:
    """Make a graph with a name of ours; or, of a plain store, take a whole dataset."""
    if _is_of_a_graph(replace=replace):
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
        _check_conditions(Target(None))
        writer.insert(graphs, replace_all=replace)
    return done()


def _is_of_a_graph(*, replace: bool) -> bool:
    """Whether what is sent without a name is one graph, and not a dataset; JSON-LD can be either."""
    able = {
        offer.name for offer in offers_for("graph", has_page=False) if offer.media_type == request.mimetype
    }
    if able == {"jsonld"} and served().store.is_plain:
        graphs = read_graphs(request.get_data(), "jsonld", base=request.base_url, most=MOST_SENT)
        return not replace and graphs.keys() <= {None}
    return bool(able)


def _write_to(target: Target, caller: Caller, *, replace: bool) -> Response:
    triples = [triple for sent in _sent("graph", target.base) for triple in sent[None]]
    if not served().store.is_plain:
        edits = [(str(target.name), Edit(clear=replace, added=triples))]
        return _in_state(target, lambda state: submit(edits, caller, state))
    with served().store.plain_writer() as writer:
        _check_conditions(target)
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
        graphs = read_graphs(data, format_, base=base, most=MOST_SENT)
        if kind == "graph":
            if graphs.keys() - {None}:
                raise BadRequest("what is sent names graphs itself; send it to /store, or as triples")
            graphs.setdefault(None, [])
        yield graphs


def _format(media_type: str, kind: Kind) -> str:
    offers = offers_for(kind, has_page=False)
    for offer in offers:
        if offer.media_type == media_type and offer.media_type != _PLAIN:
            return offer.name
    listed = ", ".join(sorted({offer.media_type for offer in offers} - {_PLAIN}))
    raise UnsupportedMediaType(f"{media_type or 'no media type'} cannot be read here; there are {listed}")


def _parts() -> Iterator[tuple[str, bytes]]:
    """Media types and contents.

    Source: RFC 7578 (multipart/form-data).
    """
    body = request.get_data()
    if request.mimetype != "multipart/form-data":
        check_charset(request.mimetype_params)
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
                media_type, parameters = parse_options_header(event.headers.get("Content-Type", ""))
                check_charset(parameters)
                pieces = []
            elif isinstance(event, Data):
                pieces.append(event.data)
                if not event.more_data:
                    yield media_type, b"".join(pieces)
    except ValueError as exc:
        raise BadRequest(f"the parts of the request cannot be read: {exc}") from exc
