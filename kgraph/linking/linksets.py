"""VoID link sets: how many links the store has to which other collection, in the catalog.

Source: Describing Linked Datasets with the VoID Vocabulary, section 5 (link sets).
"""

from collections import Counter
from collections.abc import Iterable, Iterator

from kgraph.iris import Minter, slug
from kgraph.namespaces import DCTERMS, RDF, VOID, XSD, local_name
from kgraph.records import Literal, Term

#: What links lead to, by what the addresses start with; what starts otherwise goes by its host.
_TARGETS = (
    ("http://www.wikidata.org/entity/", "http://www.wikidata.org/", "Wikidata"),
    ("https://sws.geonames.org/", "https://www.geonames.org/", "GeoNames"),
    ("http://dbpedia.org/resource/", "http://dbpedia.org/", "DBpedia"),
)


def linkset_statements(
    links: Iterable[tuple[str, str, str]], minter: Minter
) -> Iterator[tuple[str, str, Term]]:
    """A description of each set of links.

    :param links: subject, relation, object; those within the store make up a set of their own.
    """
    counts = Counter((relation, *_target(other, minter)) for _, relation, other in links)
    for (relation, target, title), count in sorted(counts.items()):
        iri = minter.known("linkset", f"{slug(title)}-{local_name(relation)}")
        yield iri, RDF.type, VOID.Linkset
        yield iri, DCTERMS.title, Literal(f"{local_name(relation)}: {title}", language="en")
        yield iri, VOID.subjectsTarget, minter.graph("catalog")
        yield iri, VOID.objectsTarget, target
        yield iri, VOID.linkPredicate, relation
        yield iri, VOID.triples, Literal(str(count), XSD.integer)
        yield minter.graph("links"), VOID.subset, iri


def _target(iri: str, minter: Minter) -> tuple[str, str]:
    """The collection that an address belongs to, and its name."""
    if iri.startswith(minter.resources):
        return minter.graph("catalog"), "this store"
    for start, target, title in _TARGETS:
        if iri.startswith(start):
            return target, title
    start = "/".join(iri.split("/")[:3])
    return f"{start}/", start.partition("//")[2] or start
