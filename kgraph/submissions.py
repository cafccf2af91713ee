"""Graphs that clients write: each is a document, whose statements rest on records of the requests.

A request does not change triples in place. What its graph would hold afterwards is made a document again,
with the records of those who wrote what stays, and goes through the gate like any other. Names of
graphs are the clients' own; graphs that were made otherwise are not for them to write.

Source: RFC 3987 for names; RDF 1.1 Concepts, section 3.5, for IRIs in the place of blank nodes.
"""

import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from kgraph import __version__, iris
from kgraph.admission import Desk, Outcome
from kgraph.errors import NotFound, StoreMoved, WriteError, WriteForbidden
from kgraph.graphs import catalog
from kgraph.iris import OWN_GRAPHS, Minter
from kgraph.namespaces import DCTERMS, KG, RDF, shorten
from kgraph.records import Assertion, Document, Extraction, Literal, Record, Term
from kgraph.store import Triples, View, is_iri, statements

Statement = tuple[str, str, Term]

EXTRACTOR = "requests"
#: ISO 639-2 for what has no linguistic content.
_NO_LANGUAGE = "zxx"
#: What evidence is made of, which clients cannot write: it is made from their requests.
_EVIDENCE = frozenset({KG.Document, KG.Passage, KG.Record, KG.Assertion})


@dataclass(frozen=True, slots=True)
class Edit:
    """What a request does to one graph, in this order.

    :param clear: whether what stood there goes.
    """

    clear: bool = False
    removed: Triples = field(default_factory=list)
    added: Triples = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Author:
    """Who writes, and when.

    :param name: of their token; "" if nobody knows.
    """

    name: str
    when: datetime


def edit(
    desk: Desk, edits: Sequence[tuple[str, Edit]], author: Author, state: str | None = None
) -> list[Outcome]:
    """Change graphs, all of them or none; one that is not there is made, unless triples only go.

    :param edits: names of graphs and what happens to each, in this order.
    :param state: of the store, as `Store.state` tells it, in which alone they may change.
    :returns: what became of each graph; if one is refused, none has changed.
    :raises WriteForbidden: if a graph is not for clients to write.
    :raises WriteError: if what is sent holds evidence of its own, or no document can be made of it.
    :raises StoreMoved: if the store has another state.
    :raises StoreError: if the store cannot be written.
    """
    written = {name for name, each in edits if each.clear or each.added}

    def changed(view: View) -> list[Extraction]:
        _check_state(view, state)
        graphs: dict[str, _Submitted] = {}
        for name, each in edits:
            if name not in written and is_iri(name) and not view.has_graph(name):
                continue
            if name not in graphs:
                graphs[name] = _Submitted.standing(view, name, desk.minter)
            graphs[name].apply(each, author)
        return [graph.extraction() for graph in graphs.values()]

    return desk.amend(changed)


def drop(desk: Desk, graph: str, state: str | None = None) -> None:
    """Remove a graph.

    :param state: of the store, as `Store.state` tells it, in which alone it may go.
    :raises NotFound: if there is none.
    :raises StoreMoved: if the store has another state.
    :raises WriteForbidden: if it is not for clients to write.
    :raises GateError: if what is left would not conform.
    """
    with desk.store.view() as view:
        _check_name(view, graph, desk.minter)
        if not view.has_graph(graph):
            raise NotFound(f"there is no graph {graph}")
    desk.withdraw(_document_iri(graph, desk.minter), condition=lambda view: _check_state(view, state))


def _check_state(view: View, state: str | None) -> None:
    if state is not None and view.state != state:
        raise StoreMoved("the store has changed meanwhile")


def _document_iri(graph: str, minter: Minter) -> str:
    return minter.document(_identity(graph))


def _identity(graph: str) -> str:
    """What the document is known by: not the name alone, under which a page may have been read."""
    return f"graph={graph}"


def _check_name(view: View, graph: str, minter: Minter) -> None:
    if not is_iri(graph):
        raise WriteError(f"{graph!r} is no IRI of a graph")
    if graph in {minter.graph(name) for name in OWN_GRAPHS}:
        raise WriteForbidden(f"{graph} is made from what is in the store; it cannot be written")
    if view.has_graph(graph):
        if catalog.graph_of(view, _document_iri(graph, minter), minter) != graph:
            raise WriteForbidden(f"{graph} was read from a file; `kgraph add` and `kgraph remove` change it")
    elif graph.startswith(minter.graph("")):
        raise WriteForbidden(f"names that start with {minter.graph('')} are made by kgraph; choose another")


class _Submitted:
    """A graph that clients write: its statements, each with the records that it rests on."""

    def __init__(self, name: str, minter: Minter):
        self._name = name
        self._minter = minter
        self._iri = _document_iri(name, minter)
        self._said: dict[Statement, set[Record]] = {}
        self._made: set[Statement] = set()

    @classmethod
    def standing(cls, view: View, name: str, minter: Minter) -> "_Submitted":
        """As the store has it; empty if it is new."""
        _check_name(view, name, minter)
        found = cls(name, minter)
        found._said |= _recorded(view, name)
        found._made = _all(view, name) - found._said.keys()
        return found

    def apply(self, each: Edit, author: Author) -> None:
        if each.clear:
            self._said.clear()
        for statement in self._plain(each.removed, can_be_nameless=False):
            self._said.pop(statement, None)
        new = [said for said in self._plain(each.added) if said not in self._said]
        self._refuse_evidence(new)
        if new:
            record = Record(iris.key_of(_lines(new)), author.name, author.when)
            self._said |= {statement: {record} for statement in new}

    def _plain(self, triples: Triples, *, can_be_nameless: bool = True) -> list[Statement]:
        """Without what was made of the rest when it entered: who gets a graph can send it again."""
        new, made = f"{self._iri}/new-", f"{self._iri}/"

        def name(number: int) -> str:
            if not can_be_nameless:
                raise WriteError("DELETE DATA cannot name a blank node; it has an IRI in the graph")
            return f"{new}{number}"

        read = statements(triples, name)
        key = iris.key_of(_lines(read))

        def named(term: Term) -> Term:
            if isinstance(term, str) and term.startswith(new):
                return iris.nameless(self._iri, key, int(term.removeprefix(new)))
            return term

        plain = [(str(named(s)), p, named(o)) for s, p, o in read]
        things = iris.nameless(self._iri, "", 0).removesuffix("-0")

        def is_ours(subject: str) -> bool:
            return subject == self._iri or (subject.startswith(made) and not subject.startswith(things))

        return [said for said in plain if not is_ours(said[0]) and said not in self._made]

    def _refuse_evidence(self, said: Sequence[Statement]) -> None:
        for subject, predicate, object_ in said:
            if predicate == RDF.type and object_ in _EVIDENCE:
                raise WriteError(
                    f"{subject} is a {shorten(str(object_))}: the evidence of what is sent is made from the"
                    " request; send the statements alone"
                )

    def extraction(self) -> Extraction:
        ordered = sorted(self._said, key=lambda said: iris.line(*said))
        text = _lines(ordered)
        document = Document(
            iri=self._iri,
            identity=_identity(self._name),
            sha256=hashlib.sha256(f"{self._name}\n{text}".encode()).hexdigest(),
            text=text,
            passages=(),
            title=self._title(ordered),
            language=_NO_LANGUAGE,
            media_type="application/n-triples",
            graph=self._name,
        )
        assertions = tuple(
            Assertion(*said, evidence=(), confidence=1.0, records=tuple(sorted(self._said[said])))
            for said in ordered
        )
        return Extraction(document, (), assertions, EXTRACTOR, __version__)

    def _title(self, ordered: Sequence[Statement]) -> str:
        """The graph's own, if it tells one."""
        titles = (o.lexical for s, p, o in ordered
                  if s == self._name and p == DCTERMS.title and isinstance(o, Literal))  # fmt: skip
        return next(titles, self._name)


def _all(view: View, graph: str) -> set[Statement]:
    rows = view.evaluate("SELECT ?s ?p ?o WHERE { GRAPH ?graph { ?s ?p ?o } }", bindings={"graph": graph})
    return {(str(s), str(p), o or "") for s, p, o in rows.records()}


def _recorded(view: View, graph: str) -> Mapping[Statement, set[Record]]:
    """The statements that have their evidence; what else the graph holds was made of them."""
    rows = view.evaluate(
        """SELECT ?s ?p ?o ?record ?when ?agent WHERE { GRAPH ?graph {
             ?assertion rdf:subject ?s ; rdf:predicate ?p ; rdf:object ?o ; kg:evidence ?record .
             ?record prov:generatedAtTime ?when .
             OPTIONAL { ?record prov:wasAttributedTo/foaf:name ?agent }
           } }""",
        bindings={"graph": graph},
    )
    found: dict[Statement, set[Record]] = defaultdict(set)
    for s, p, o, record, when, agent in rows.records():
        key = str(record).rpartition("/r/")[2]
        found[str(s), str(p), o or ""].add(Record(key, _text(agent), datetime.fromisoformat(_text(when))))
    return found


def _text(term: Term | None) -> str:
    return term.lexical if isinstance(term, Literal) else term or ""


def _lines(said: Sequence[Statement]) -> str:
    return "".join(f"{iris.line(*each)}\n" for each in said)
