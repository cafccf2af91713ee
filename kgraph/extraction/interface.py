"""What an extractor is, how one is found, and what its answer must hold to.

A package offers one under the entry point group `kgraph.extractors`; `kgraph extract
--extractor NAME` then uses it. Whatever made an extraction, a model that invents quotes
among them, nothing goes on whose evidence is not in the text.
"""

from importlib.metadata import EntryPoint, entry_points
from typing import Protocol, runtime_checkable

from kgraph.errors import ConfigError, ExtractionError
from kgraph.gazetteer import Gazetteer
from kgraph.iris import minter_of
from kgraph.namespaces import RDF
from kgraph.records import Document, Extraction

#: The group of entry points that extractors are found in.
GROUP = "kgraph.extractors"


@runtime_checkable
class Extractor(Protocol):
    """Turns a document into assertions with evidence and confidence.

    :param name: what the extraction's provenance calls it.
    :param version: raised with each change of what it finds.
    :param languages: BCP 47 primary tags that it can read.
    """

    @property
    def name(self) -> str: ...  # noqa: D102

    @property
    def version(self) -> str: ...  # noqa: D102

    @property
    def languages(self) -> tuple[str, ...]: ...  # noqa: D102

    def extract(self, document: Document, gazetteer: Gazetteer) -> Extraction:
        """All that the document says, as far as it finds it; the same whatever was read before.

        :raises ExtractionError: if it cannot read this document.
        """
        ...


def extractor_names() -> list[str]:
    """Names of the extractors that are installed, sorted."""
    return sorted({point.name for point in entry_points(group=GROUP)})


def load_extractor(name: str) -> Extractor:
    """The extractor of a name.

    :raises ConfigError: if none goes by it, or it cannot be loaded, or is none.
    """
    points: list[EntryPoint] = list(entry_points(group=GROUP, name=name))
    if not points:
        known = ", ".join(extractor_names()) or "none"
        raise ConfigError(f"no extractor {name!r} is installed; there is: {known}")
    try:
        extractor = points[0].load()
    except (ImportError, AttributeError) as exc:
        raise ConfigError(f"extractor {name!r} cannot be loaded: {exc}") from exc
    if not isinstance(extractor, Extractor):
        raise ConfigError(f"extractor {name!r} has no name, version, languages and extract(): {extractor!r}")
    return extractor


def run(extractor: Extractor, document: Document, gazetteer: Gazetteer) -> Extraction:
    """What an extractor finds in a document, checked.

    :raises ExtractionError: if it cannot read the document's language, or its answer is not grounded.
    """
    primary = document.language.lower().split("-")[0]
    if primary not in (*extractor.languages, "und", ""):
        reads = ", ".join(extractor.languages)
        raise ExtractionError(
            document.title or document.iri,
            extractor.name,
            f"the document is in {document.language!r}; this extractor reads {reads} only",
        )
    extraction = extractor.extract(document, gazetteer)
    if fault := _fault(document, extraction):
        raise ExtractionError(document.title or document.iri, extractor.name, fault)
    return extraction


def _fault(document: Document, extraction: Extraction) -> str:
    """What is wrong with an extraction, "" if nothing is."""
    if extraction.document is not document and extraction.document != document:
        return "it answered for another document"
    nodes = {node.iri for node in extraction.nodes}
    typed = {a.subject for a in extraction.assertions if a.predicate == RDF.type}
    resources = minter_of(document.iri).resources
    for assertion in extraction.assertions:
        said = f"{assertion.subject} {assertion.predicate} {assertion.object}"
        if not assertion.evidence:
            return f"nothing is given as evidence of {said}"
        for passage in assertion.evidence:
            if document.text[passage.start : passage.end] != passage.text or not passage.text:
                return f"the evidence of {said} is not in the text at {passage.start}: {passage.text!r}"
        if not 0 <= assertion.confidence <= 1:
            return f"the confidence of {said} is {assertion.confidence}, not in [0, 1]"
        for node in (assertion.subject, assertion.object):
            ours = isinstance(node, str) and node.startswith(resources)
            if ours and (node not in nodes or node not in typed):
                return f"{node} has no class or no mention"
    return ""
