"""What XML may grow to: the engine's parser expands entities without bound, and takes long for deep nests.

So a document is read once before by a parser that makes nothing of it, and stopped where it grows or nests
beyond what RDF/XML needs. Entities as such are no offence: editors of ontologies have them for namespaces.
"""

from xml.parsers import expat

from kgraph.errors import WriteError

_DEEPEST = 500
#: How many times as long as it is written a document may be with its entities expanded, beyond a free share.
_GROWTH = 10
_FREE_CHARACTERS = 1_000_000


def check_xml(data: bytes) -> None:
    """Refuse what is too much.

    :raises WriteError: if the document is malformed, nested too deeply, or grows too much.
    """
    most, depth, characters = _FREE_CHARACTERS + _GROWTH * len(data), 0, 0

    def count(size: int) -> None:
        nonlocal characters
        characters += size
        if characters > most:
            raise WriteError("the rdfxml cannot be read: its entities make it grow too much")

    def begin(name: str, attributes: list[str]) -> None:
        nonlocal depth
        depth += 1
        if depth > _DEEPEST:
            raise WriteError(f"the rdfxml cannot be read: it is nested more than {_DEEPEST} deep")
        count(sum(map(len, attributes)))

    def end(name: str) -> None:
        nonlocal depth
        depth -= 1

    parser = expat.ParserCreate()
    parser.ordered_attributes = True
    parser.buffer_text = True
    parser.StartElementHandler = begin
    parser.EndElementHandler = end
    parser.CharacterDataHandler = lambda text: count(len(text))
    try:
        parser.Parse(data, True)
    except expat.ExpatError as exc:
        raise WriteError(f"the rdfxml cannot be read: {exc}") from exc
