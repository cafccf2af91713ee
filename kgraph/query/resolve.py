"""From what people call a thing to its IRI."""

from collections import defaultdict
from typing import TYPE_CHECKING

from kgraph.errors import NotFound
from kgraph.iris import Minter
from kgraph.namespaces import DCTERMS, FOAF, KG, KGC, PREFIXES, RDFS, SKOS
from kgraph.query.suggestions import fold, near
from kgraph.query.terms import is_iri
from kgraph.records import Literal

if TYPE_CHECKING:
    from kgraph.store import View

_NAMING = " ".join(
    f"<{p}>"
    for p in (RDFS.label, SKOS.altLabel, SKOS.prefLabel, DCTERMS.title, FOAF.name, KG.handle, KG.iso3166)
)


def minter_of(view: "View") -> Minter:
    """The minter of the store that a view is of: the store's own entry in its catalog tells the base."""
    rows = view.evaluate(
        "SELECT ?catalog WHERE { GRAPH ?catalog { ?store kg:storeVersion ?version } } LIMIT 1"
    )
    catalog = next((str(row["catalog"]) for row in rows), "")
    base = catalog.removesuffix("graph/catalog")
    return Minter(base) if base and base != catalog else Minter()


def resolve(view: "View", name: str, class_: str | None = None) -> tuple[str, ...]:
    """The IRIs of the things that go by a name, sorted; an IRI that is used stands for itself.

    Also understood: prefixed names (`kg:Protest`) and addresses without their base (`id/country/KZ`).
    Case, accents and runs of spaces do not matter.

    :param class_: only things of this class or one below it.
    :raises NotFound: if nothing does; tells names that are near.
    """
    wanted = name.strip()
    for iri in _addresses(view, wanted):
        if is_used(view, iri):
            return (iri,)
    exact = _by_exact_name(view, wanted, class_)
    if exact:
        return exact
    spelt = _all_names(view, class_)
    found = spelt.get(fold(wanted), {})
    if found:
        return tuple(sorted(found))
    guesses = near(wanted, (next(iter(sorted(iris.values()))) for iris in spelt.values()))
    hint = f"did you mean {' or '.join(guesses)}?" if guesses else "try another spelling, or its IRI"
    raise NotFound(f"nothing in the graph is called {name!r}; {hint}")


def is_used(view: "View", iri: str) -> bool:
    """Whether any triple has this IRI as subject, object or graph; evidence speaks of predicates."""
    if not is_iri(iri):
        return False
    for pattern in ("?node ?p ?o", "?s ?p ?node"):
        if view.evaluate(f"ASK {{ {pattern} }}", bindings={"node": iri}):
            return True
    return False


def _addresses(view: "View", name: str) -> list[str]:
    """The IRIs that a text may stand for."""
    if name.startswith("<") and name.endswith(">"):
        name = name[1:-1]
    minter = minter_of(view)
    prefix, colon, local = name.partition(":")
    found = []
    if colon and prefix in PREFIXES and not local.startswith("//"):
        found.append(PREFIXES[prefix] + local)
    elif colon and is_iri(name):
        found.append(name)
    elif name.startswith(("id/", "graph/")):
        found.append(minter.base + name)
    return [iri for iri in found if is_iri(iri)]


def _by_exact_name(view: "View", name: str, class_: str | None) -> tuple[str, ...]:
    """Things that have this very name, in English or without a language: found by index."""
    found: set[str] = set()
    for literal in (Literal(name), Literal(name, language="en")):
        rows = view.evaluate(
            f"""SELECT DISTINCT ?node WHERE {{
                  VALUES ?naming {{ {_NAMING} }} ?node ?naming ?name {_restriction(class_)}
                }}""",
            bindings={"name": literal},
        )
        found |= {str(row["node"]) for row in rows}
    return tuple(sorted(iri for iri in found if _is_thing(iri)))


def _all_names(view: "View", class_: str | None) -> dict[str, dict[str, str]]:
    """Folded name → IRI → the name as it is written."""
    rows = view.evaluate(
        f"SELECT DISTINCT ?node ?name WHERE {{ VALUES ?naming {{ {_NAMING} }} ?node ?naming ?name "
        f"{_restriction(class_)} }}"
    )
    spelt: dict[str, dict[str, str]] = defaultdict(dict)
    for row in rows:
        iri, name = str(row["node"]), str(row["name"])
        if _is_thing(iri):
            spelt[fold(name)][iri] = min(name, spelt[fold(name)].get(iri, name))
    return spelt


def _restriction(class_: str | None) -> str:
    return f". ?node a ?class . ?class rdfs:subClassOf* <{class_}> ." if class_ else ""


def _is_thing(iri: str) -> bool:
    """People mean no class, property or concept, and no version of a document, though all have names."""
    return is_iri(iri) and not iri.startswith((str(KG), str(KGC))) and "/v/" not in iri
