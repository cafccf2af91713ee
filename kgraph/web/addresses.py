"""IRIs of the graph and addresses on this server: the same path below two bases."""

from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from kgraph.iris import Minter
from kgraph.namespaces import KG, KGC

#: What may stand in a path as it is.
_SAFE = "/:@!$&'()*+,;=~-._"


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where this server shows what.

    :param minter: of the store: things are below its base.
    """

    minter: Minter

    def thing(self, path: str) -> str:
        """The IRI of what is shown at `/id/PATH`."""
        return self.minter.resources + path

    def graph(self, path: str) -> str:
        """The IRI of the named graph that is shown at `/graph/PATH`."""
        return self.minter.graph(path)

    def concept(self, name: str) -> str:
        """The IRI of the concept that is shown at `/concept/NAME`."""
        return KGC[name]

    def local(self, iri: str) -> str | None:
        """The path on this server that shows a thing; None for what is published elsewhere."""
        if iri.startswith(str(KG)):
            return "/ontology#" + quote(iri.removeprefix(str(KG)), safe=_SAFE)
        if iri.startswith(str(KGC)):
            return "/concept/" + quote(iri.removeprefix(str(KGC)), safe=_SAFE)
        for start in (self.minter.resources, self.minter.graph("")):
            if iri.startswith(start):
                path, _, fragment = iri.removeprefix(self.minter.base).partition("#")
                return "/" + quote(path, safe=_SAFE) + (f"#{quote(fragment, safe=_SAFE)}" if fragment else "")
        return None

    def href(self, iri: str) -> str | None:
        """Where a link on a thing's name goes: our page of it, or the web; nowhere for other schemes."""
        return self.local(iri) or (iri if _is_web_address(iri) else None)


def _is_web_address(iri: str) -> bool:
    try:
        parts = urlsplit(iri)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname)
