"""From a validation report in RDF to one that a person can act on."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from kgraph.namespaces import DCTERMS, KG, OA, PREFIXES, RDF, RDFS, SH, XSD, local_name, shorten
from kgraph.records import Literal, Report, Result, Term

if TYPE_CHECKING:
    from rdflib import Graph
    from rdflib.term import Node


def make_report(found: "Graph", data: "Graph", own: "Graph") -> Report:
    """The results on the nodes of one graph, each with its name and its source sentence.

    :param found: what the engine returned.
    :param data: the graph that was validated.
    :param own: the graph whose subjects count as focus nodes.
    """
    subjects = set(own.subjects())
    nodes = [
        node
        for node in found.objects(None, _term(SH.result))
        if (focus := found.value(node, _term(SH.focusNode))) is None or focus in subjects
    ]
    results = tuple(sorted((_read(found, data, node) for node in nodes), key=_order))
    conforms = all(result.severity != "Violation" for result in results)
    return Report(conforms, results, _turtle(found, nodes, conforms))


def _order(result: Result) -> tuple[str, str, str, str]:
    return result.focus, result.path, result.value, result.message


def _read(found: "Graph", data: "Graph", node: "Node") -> Result:
    focus, path, value = (found.value(node, _term(SH[p])) for p in ("focusNode", "resultPath", "value"))
    subject = _content_of(data, focus)
    passage = _passage_for(data, focus, path, value)
    return Result(
        focus=str(focus or ""),
        label=_label(data, subject),
        classes=tuple(sorted(shorten(str(c)) for c in data.objects(subject, _term(RDF.type)))),
        path=_words(found, path),
        value=_show(data, value),
        message=" ".join(str(m) for m in sorted(found.objects(node, _term(SH.resultMessage)), key=str)),
        severity=local_name(str(found.value(node, _term(SH.resultSeverity)) or SH.Violation)),
        component=local_name(str(found.value(node, _term(SH.sourceConstraintComponent)) or "")),
        shape=shorten(str(found.value(node, _term(SH.sourceShape)) or "")),
        sentence=_wording(data, passage),
        document=_title(data, passage),
        term=_as_record(value),
    )


def _as_record(value: "Node | None") -> Term | None:
    from rdflib import Literal as RdflibLiteral
    from rdflib import URIRef

    if isinstance(value, RdflibLiteral):
        return Literal(str(value), str(value.datatype or XSD.string), value.language)
    return str(value) if isinstance(value, URIRef) else None


def _content_of(data: "Graph", focus: "Node | None") -> "Node | None":
    """The thing that an assertion speaks of: people know that, not the assertion."""
    return data.value(focus, _term(RDF.subject)) or focus


def _label(data: "Graph", node: "Node | None") -> str:
    name = data.value(node, _term(RDFS.label)) or data.value(node, _term(DCTERMS.title))
    return str(name or node or "")


def _show(data: "Graph", value: "Node | None") -> str:
    from rdflib import URIRef

    if value is None:
        return ""
    if isinstance(value, URIRef):
        name = data.value(value, _term(RDFS.label))
        return str(name) if name else shorten(str(value))
    return str(value)


def _words(found: "Graph", path: "Node | None") -> str:
    """A property path in SPARQL's notation.

    Source: SHACL, section 2.3.1.
    """
    from rdflib import URIRef
    from rdflib.collection import Collection

    if path is None:
        return ""
    if isinstance(path, URIRef):
        return shorten(str(path))
    for name, pattern in _PATHS.items():
        inner = found.value(path, _term(SH[name]))
        if inner is None:
            continue
        if name == "alternativePath":
            return "|".join(_words(found, step) for step in Collection(found, inner))
        return pattern.format(_words(found, inner))
    return "/".join(_words(found, step) for step in Collection(found, path))


_PATHS = {
    "inversePath": "^{}",
    "zeroOrMorePath": "{}*",
    "oneOrMorePath": "{}+",
    "zeroOrOnePath": "{}?",
    "alternativePath": "",
}


def _passage_for(
    data: "Graph", focus: "Node | None", path: "Node | None", value: "Node | None"
) -> "Node | None":
    """The passage that says the offending statement, else one that says anything of the node."""
    for passage in _candidate_passages(data, focus, path, value):
        if data.value(passage, _term(OA.hasSelector)) is not None:
            return passage
    return None


def _candidate_passages(
    data: "Graph", focus: "Node | None", path: "Node | None", value: "Node | None"
) -> Iterator["Node"]:
    evidence, mentions = _term(KG.evidence), _term(KG.mentions)
    if focus is None:
        return
    yield focus
    yield from sorted(data.objects(focus, evidence), key=str)
    said = sorted(data.subjects(_term(RDF.subject), focus), key=str)
    exact = [a for a in said if (a, _term(RDF.predicate), path) in data]
    for assertion in (*(a for a in exact if (a, _term(RDF.object), value) in data), *exact):
        yield from sorted(data.objects(assertion, evidence), key=str)
    yield from sorted(data.subjects(mentions, focus), key=str)
    for assertion in said:
        yield from sorted(data.objects(assertion, evidence), key=str)


def _wording(data: "Graph", passage: "Node | None") -> str:
    for selector in data.objects(passage, _term(OA.hasSelector)) if passage else ():
        exact = data.value(selector, _term(OA.exact))
        if exact is not None:
            return str(exact)
    return ""


def _title(data: "Graph", passage: "Node | None") -> str:
    document = data.value(passage, _term(DCTERMS.isPartOf)) if passage else None
    return _label(data, document) if document else ""


def _turtle(found: "Graph", nodes: list["Node"], conforms: bool) -> str:
    """The sh:ValidationReport of the results kept, with the blank nodes that they hang on."""
    from rdflib import BNode, Graph, Literal

    report = BNode()
    kept = Graph()
    for prefix, namespace in PREFIXES.items():
        kept.bind(prefix, str(namespace))
    kept.add((report, _term(RDF.type), _term(SH.ValidationReport)))
    kept.add((report, _term(SH.conforms), Literal(conforms)))
    for node in nodes:
        kept.add((report, _term(SH.result), node))
        for triple in found.cbd(node):
            kept.add(triple)
    return kept.serialize(format="turtle")


def _term(iri: str) -> "Node":
    from rdflib import URIRef

    return URIRef(iri)
