"""Pages that start a reader off: home, saved questions, disputes, lists of things."""

from flask import Blueprint, Response, redirect, render_template, request
from werkzeug.exceptions import BadRequest, NotFound
from werkzeug.wrappers import Response as AnyResponse

from kgraph.errors import QueryError, QuestionError
from kgraph.namespaces import KG
from kgraph.query import (
    Question,
    bind,
    is_iri,
    name_of,
    names,
    question,
    questions,
    resolve,
    things_of,
)
from kgraph.web.pages.faults import mark
from kgraph.web.pages.tables import MOST_ROWS, Table, question_table
from kgraph.web.served import served
from kgraph.web.sparql.endpoint import answer
from kgraph.web.sparql.evaluation import evaluated, first_rows
from kgraph.web.sparql.negotiation import Offer, by_extension, choose, wish_of
from kgraph.web.sparql.protocol import Operation

blueprint = Blueprint("pages", __name__)

_MOST_DISPUTES = 200


@blueprint.get("/")
def home() -> str:
    """What is in the graph, and how to ask it."""
    graph = served()
    with graph.store.view() as view:
        return render_template(
            "home.html", overview=graph.overview(view), questions=questions(), links=graph.addresses.href
        )


@blueprint.get("/robots.txt")
def robots() -> Response:
    """What crawlers should leave alone: where a machine would ask without end."""
    paths = ("/sparql", "/query", "/store", "/graph/", "/questions/", "/find")
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in paths)]
    return Response("\n".join([*lines, ""]), mimetype="text/plain")


@blueprint.get("/questions/<name>")
@blueprint.get("/questions/<name>.<extension>")
def ask_question(name: str, extension: str = "") -> Response:
    """A saved question: its form, and the answer once its parameters are there."""
    try:
        saved = question(name)
    except QuestionError as exc:
        raise NotFound(str(exc)) from exc
    declared = {parameter.name for parameter in saved.parameters}
    given = {key: value for key, value in request.args.items() if key != "format"}
    _refuse_unknown(saved, set(given) - declared)
    is_ready = all(given.get(p.name) for p in saved.parameters if p.required)
    offer = _offered(extension)
    if not offer.is_page:
        return answer(_operation(saved, given), offer)
    return _question_page(saved, given, is_ready)


def _operation(saved: Question, given: dict[str, str]) -> Operation:
    with served().store.view() as view:
        return Operation(saved.text, bindings=tuple(bind(view, saved, given).items()))


def _offered(extension: str) -> Offer:
    if not extension:
        return choose(wish_of(request), "solutions", html_first=True)
    offer = by_extension(extension, "solutions")
    if offer is None:
        raise NotFound(f"an answer is not to be had as .{extension}")
    return offer


def _question_page(saved: Question, given: dict[str, str], is_ready: bool) -> Response:
    table, error = None, None
    try:
        if is_ready:
            table = _table(_operation(saved, given))
    except QueryError as exc:
        error = exc
    page = render_template(
        "question.html", question=saved, given=given, table=table, error=error, most=MOST_ROWS,
        filled={name: value for name, value in given.items() if value},
    )  # fmt: skip
    response = Response(page)
    if error is not None:
        mark(response, error)
    response.vary.add("Accept")
    return response


def _table(operation: Operation) -> Table:
    with evaluated(served(), operation, request.environ, {}) as result:
        rows = first_rows(result, MOST_ROWS + 1)
    with served().store.view() as view:
        return question_table(view, rows, served().addresses)


def _refuse_unknown(saved: Question, unknown: set[str]) -> None:
    if unknown:
        takes = ", ".join(parameter.name for parameter in saved.parameters) or "none"
        raise BadRequest(f"question {saved.name} has no parameter {sorted(unknown)[0]!r}; it takes {takes}")


@blueprint.get("/disputes")
def show_disputes() -> str:
    """Where sources contradict each other."""
    with served().store.view() as view:
        found = served().disputes(view)
        return render_template(
            "disputes.html", disputes=found[:_MOST_DISPUTES], count=len(found), links=served().addresses.href
        )


@blueprint.get("/find")
def find() -> AnyResponse | str:
    """From a name to the page of the thing, or to a list where several go by it."""
    name = request.args.get("name", "").strip()
    if not name:
        raise BadRequest("what is to be found? /find?name=…")
    with served().store.view() as view:
        found = [(iri, served().addresses.local(iri)) for iri in resolve(view, name)]
        if len(found) == 1 and found[0][1]:
            return redirect(found[0][1], code=303)
        labels = names(view, (iri for iri, _ in found))
        return render_template(
            "list.html", title=f"“{name}”", things=[(iri, labels[iri]) for iri, _ in found],
            links=served().addresses.href, is_whole=True,
        )  # fmt: skip


@blueprint.get("/things/<name>")
def list_things(name: str) -> str:
    """The things of a class."""
    iri = KG[name]
    if not is_iri(iri):
        raise BadRequest(f"{name!r} is no class")
    with served().store.view() as view:
        found = things_of(view, iri, MOST_ROWS + 1)
        return render_template(
            "list.html", title=name_of(view, iri), things=found[:MOST_ROWS], links=served().addresses.href,
            is_whole=len(found) <= MOST_ROWS,
        )  # fmt: skip
